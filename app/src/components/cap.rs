//! A connection's monthly cap: how much is used up, what that means, and the
//! form for another one.

use domain::spending::{CapState, CapStatus};
use leptos::prelude::*;

use super::{
    form::{Field, FormError, Submit, form_state},
    words::day,
};
use crate::{api::spending::SetCap, erased::Erase};

/// A bar: what is spent of the cap.
#[component]
pub fn CapBar(
    /// Of the connection.
    cap: CapStatus,
) -> impl IntoView {
    let class = match cap.state() {
        CapState::Below => "progress",
        CapState::Near => "progress progress--near",
        CapState::Reached => "progress progress--reached",
    };
    let label = format!("{}% of the cap", cap.percent());
    view! {
        <progress class=class max="100" value=cap.percent().to_string() aria-label=label></progress>
    }
    .erased()
}

/// `$0.12 of $5.00`.
pub fn used(cap: &CapStatus) -> String {
    format!("{} of {}", cap.spent.display(), cap.cap.money().display())
}

/// What one should know about the cap; nothing while there is plenty left.
pub fn notice_words(cap: &CapStatus) -> Option<(&'static str, String)> {
    let used = used(cap);
    let resets = day(cap.resets_on());
    match cap.state() {
        CapState::Below => None,
        CapState::Near => Some((
            "The monthly cap for requests is nearly reached",
            format!(
                "This month’s own requests to AWS have cost {used}. At the cap, background updates \
                 stop until {resets}."
            ),
        )),
        CapState::Reached => Some((
            "The monthly cap for requests is reached",
            format!(
                "This month’s own requests to AWS have cost {used}. Background updates have stopped: \
                 raise the cap, or wait until {resets}. You may still refresh by hand, after seeing \
                 the price."
            ),
        )),
    }
}

/// The notice on pages that depend on background updates.
#[component]
pub fn CapNotice(
    /// Of the connection.
    cap: CapStatus,
) -> impl IntoView {
    notice_words(&cap).map(|(title, words)| {
        let link = format!("/connections/{}#cap", cap.connection);
        view! {
            <div class="notice notice--warning">
                <p class="notice__title">{title}</p>
                <p>{words}</p>
                <p><a href=link>"Change the cap"</a></p>
            </div>
        }
        .erased()
    })
}

/// The card with the bar and the form.
#[component]
pub fn CapCard(
    /// Of the connection.
    cap: CapStatus,
) -> impl IntoView {
    let set = ServerAction::<SetCap>::new();
    let state = form_state(set);
    if cap.sample {
        return view! {
            <section class="card" id="cap" aria-labelledby="cap-title">
                <h2 id="cap-title">"Monthly cap"</h2>
                <p>"The sample account’s requests cost nothing, so there is no cap to them."</p>
            </section>
        }
        .erased();
    }
    let (used, resets) = (used(&cap), day(cap.resets_on()));
    let id = cap.connection.to_string();
    let input = cap.cap.input();
    view! {
        <section class="card" id="cap" aria-labelledby="cap-title">
            <h2 id="cap-title">"Monthly cap"</h2>
            <p>
                "What this connection’s own requests to AWS may cost in a calendar month (UTC) without you. "
                "At the cap, background updates stop; you may still refresh by hand."
            </p>
            <div class="cap">
                <p class="cap__words"><strong>{used}</strong> " spent this month, until " {resets}</p>
                <CapBar cap=cap/>
            </div>
            <FormError state=state/>
            <ActionForm action=set>
                <input type="hidden" name="connection" value=id/>
                <Field
                    state=state
                    id="cap-amount"
                    name="cap"
                    label="Cap in dollars a month"
                    hint="With 0, nothing that costs money is asked in the background."
                    value=input
                    maxlength=12
                />
                <Submit state=state label="Save the cap" pending="Saving…" class="button"/>
            </ActionForm>
            <p><a href="/spending">"What this tool costs"</a></p>
        </section>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use domain::{
        account::ConnectionId,
        money::{Currency, Money, Nanos},
        period::Period,
    };

    use super::*;

    fn cap(cents: i64) -> CapStatus {
        CapStatus {
            connection: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
                .parse::<ConnectionId>()
                .unwrap(),
            cap: "5".parse().unwrap(),
            month: Period::month_of("2026-11-24".parse().unwrap()),
            spent: Money::new(Nanos(cents * 10_000_000), Currency::USD),
            sample: false,
        }
    }

    #[test]
    fn notices_come_at_four_fifths_and_at_the_cap() {
        assert_eq!(notice_words(&cap(399)), None);
        let (title, words) = notice_words(&cap(400)).unwrap();
        assert!(title.contains("nearly"));
        assert!(words.contains("$4.00 of $5.00") && words.contains("1 Dec 2026"));
        let (title, words) = notice_words(&cap(500)).unwrap();
        assert!(!title.contains("nearly") && words.contains("have stopped"));
    }
}
