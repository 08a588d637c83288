//! Answers in AWS's own shapes, with values of our invention, through the whole gateway:
//! what is asked, and what the answer becomes, is compared with what was looked at before.

mod anomalies;
mod check;
mod commitments;
mod costs;
mod forecasts;
mod inventory;
mod values;

use std::{error::Error as _, fmt::Debug, sync::Arc};

use chrono::{NaiveDate, Utc};
use domain::{ledger::Payer, period::Period, user::UserId};
use uuid::Uuid;

use super::{
    canned::{Can, Canned, key},
    error::AwsError,
    gateway::{Asked, Gateway, Settings},
    kind::Kind,
    ledger::{Ledger, MemoryLedger},
    target::{Credentials, Target},
};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../fixtures/", $name))
    };
}
use fixture;

/// An AWS that answers with these texts, one after the other, and nothing else.
struct Replay {
    can: Can,
    ledger: Arc<MemoryLedger>,
    gateway: Gateway,
    target: Target,
}

impl Replay {
    fn of<T: Into<String>>(answers: impl IntoIterator<Item = T>) -> Self {
        Self::canned(answers.into_iter().map(Canned::ok))
    }

    fn canned(answers: impl IntoIterator<Item = Canned>) -> Self {
        let can = Can::of(answers);
        let ledger = Arc::new(MemoryLedger::default());
        let settings = Settings {
            cost_explorer_per_second: 1_000,
            ec2_per_second: 1_000,
            ..Settings::default()
        };
        let gateway = Gateway::with_clients(
            can.clients(),
            &settings,
            Arc::clone(&ledger) as Arc<dyn Ledger>,
            Utc::now,
        );
        let payer = Payer {
            user: UserId(Uuid::nil()),
            connection: None,
            aws_account: "222233334444".parse().ok(),
        };
        let target = Target {
            credentials: Credentials::Key(Arc::new(key())),
            payer,
            endpoint: gateway.default_endpoint(),
        };
        Self {
            can,
            ledger,
            gateway,
            target,
        }
    }

    /// What was asked, what came of it and what it cost, to be looked at.
    fn told<T: Debug>(&self, asked: &Asked<T>) -> String {
        let lines = self.ledger.lines().len();
        assert_eq!(usize::try_from(asked.requests), Ok(lines));
        let questions = self.can.bodies().join("\n");
        format!("{questions}\n\n{:#?}\n\n{lines} requests", asked.value)
    }
}

/// What went wrong, and where in the answer.
fn why(error: &AwsError) -> (Kind, String) {
    let place = error.source().map(ToString::to_string);
    (error.kind, place.unwrap_or_default())
}

/// The text with one part of it changed.
fn with(text: &str, part: &str, other: &str) -> String {
    assert_eq!(text.matches(part).count(), 1, "{part}");
    text.replace(part, other)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(start: &str, end: &str) -> Period {
    Period::new(day(start), day(end)).unwrap()
}
