//! What is wrong with a connection, in words, and the way to what mends it.

use domain::{
    Code, Error,
    account::{Connection, ConnectionId},
    job::JobState,
    trouble::Trouble,
};

use crate::{
    components::{
        key_end::replace_link,
        words::{count, day},
    },
    error::is_local,
};

/// One trouble as people read it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// In two words, for a table.
    pub short: String,
    /// In a sentence.
    pub words: String,
    /// Where it is mended.
    pub link: String,
    /// What that is called.
    pub mend: &'static str,
}

/// Of a connection: `of` is what the person's list has of it.
pub fn told(id: ConnectionId, of: Option<&Connection>, trouble: &Trouble) -> Told {
    let overview = format!("/?connection={id}");
    match trouble {
        Trouble::Failing(error) => failing(id, of, error.as_ref()),
        Trouble::Halted(state) => {
            let short = match state {
                JobState::Paused => "Paused",
                _ => "Cancelled",
            };
            Told {
                short: short.to_owned(),
                words: format!("{short} before everything was here."),
                link: overview,
                mend: "Go on with it",
            }
        }
        Trouble::CapReached { until } => Told {
            short: "Cap reached".to_owned(),
            words: format!(
                "The monthly cap for requests is reached: background updates have stopped until {}.",
                day(*until)
            ),
            link: format!("/connections/{id}#cap"),
            mend: "Change the cap",
        },
        Trouble::Stale {
            since,
            days,
            manual,
        } => {
            let age = count(*days, "day", "days");
            let why = match manual {
                true => ", and it is refreshed only when you ask",
                false => "; daily refreshes should have come since",
            };
            Told {
                short: format!("{age} old"),
                words: format!("AWS was asked last on {}{why}.", day(*since)),
                link: overview,
                mend: "Refresh it",
            }
        }
    }
}

fn failing(id: ConnectionId, of: Option<&Connection>, error: Option<&Error>) -> Told {
    let (link, mend) = match error.map(|error| error.code) {
        Some(Code::AwsExpiredToken | Code::AwsUnknownKey | Code::AwsWrongSecret) => (
            of.map_or_else(|| format!("/connections/{id}#replace"), replace_link),
            "Enter a new key",
        ),
        Some(Code::CapReached) => (format!("/connections/{id}#cap"), "Change the cap"),
        // What passes by itself is tried again where the costs are.
        Some(
            Code::AwsThrottled
            | Code::AwsNoData
            | Code::AwsNetwork
            | Code::AwsTimeout
            | Code::AwsServer
            | Code::Busy
            | Code::Internal,
        )
        | None => (format!("/?connection={id}"), "Try again"),
        Some(_) => (format!("/connections/{id}/doctor"), "Check the connection"),
    };
    let own = error.and_then(|error| error.link.clone());
    let (link, mend) = match own.filter(|own| is_local(own)) {
        Some(own) if mend != "Enter a new key" => (own, "Mend it"),
        _ => (link, mend),
    };
    let why = error.map_or("", |error| error.message.as_str());
    Told {
        short: "Failing".to_owned(),
        words: format!("The last refresh failed. {why}")
            .trim_end()
            .to_owned(),
        link,
        mend,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

    fn of(trouble: &Trouble) -> Told {
        told(ID.parse().unwrap(), None, trouble)
    }

    fn failed(code: Code) -> Told {
        of(&Trouble::Failing(Some(Error::new(
            code,
            "AWS says no.",
            "",
        ))))
    }

    #[test]
    fn each_trouble_leads_to_what_mends_it() {
        for (code, link) in [
            (Code::AwsExpiredToken, format!("/connections/{ID}#replace")),
            (Code::AwsDenied, format!("/connections/{ID}/doctor")),
            (Code::AwsThrottled, format!("/?connection={ID}")),
            (Code::CapReached, format!("/connections/{ID}#cap")),
        ] {
            let told = failed(code);
            assert_eq!(told.link, link, "{code:?}");
            assert_eq!(told.words, "The last refresh failed. AWS says no.");
        }
        let own = Error::new(Code::AwsRefused, "No.", "").with_link("/connections/1");
        assert_eq!(
            of(&Trouble::Failing(Some(own))).link,
            "/connections/1",
            "the error knows better"
        );
        assert_eq!(
            of(&Trouble::Failing(None)).words,
            "The last refresh failed."
        );
    }

    #[test]
    fn old_figures_say_how_old() {
        let stale = |manual| Trouble::Stale {
            since: "2026-11-15".parse().unwrap(),
            days: 9,
            manual,
        };
        let told = of(&stale(false));
        assert_eq!(told.short, "9 days old");
        assert!(told.words.contains("on 15 Nov 2026; daily refreshes"));
        assert!(of(&stale(true)).words.contains("only when you ask"));
        assert_eq!(of(&Trouble::Halted(JobState::Paused)).short, "Paused");
        let until = "2026-12-01".parse().unwrap();
        let reached = of(&Trouble::CapReached { until });
        assert!(reached.words.contains("until 1 Dec 2026"));
        assert!(reached.link.ends_with("#cap"));
    }
}
