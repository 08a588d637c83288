//! What AWS would have to be asked, why, and for how much; and the button that does it.

use domain::{breakdown::Offer, job::SyncState, spending::CapStatus};
use leptos::prelude::*;

use super::{
    cap::used,
    form::{FormError, FormState, Submit, form_state},
    words::count,
};
use crate::{api::breakdowns::Ask, erased::Erase};

/// The button with the price, and the word that it takes where the cap doesn't cover it.
#[component]
pub fn AskForm(
    /// What is asked.
    offer: Offer,
    /// What requests may cost.
    cap: CapStatus,
    /// Called when it has begun.
    #[prop(into)]
    on_asked: Callback<SyncState>,
) -> impl IntoView {
    let ask = ServerAction::<Ask>::new();
    let sent = form_state(ask);
    Effect::new(move |_| {
        if let Some(Ok(now)) = ask.value().get() {
            on_asked.run(now);
        }
    });
    // An answered form has done its work until the page is made anew.
    let state = FormState {
        pending: Signal::derive(move || {
            sent.pending.get() || ask.value().with(|answer| matches!(answer, Some(Ok(_))))
        }),
        ..sent
    };
    let consent = (!cap.covers(offer.price())).then(|| {
        let words = format!(
            "The monthly cap doesn’t cover it ({} spent). Ask AWS all the same, for {}.",
            used(&cap),
            price_words(&offer)
        );
        view! {
            <label class="tick">
                <input class="tick__input" type="checkbox" name="beyond_cap" value="true" required/>
                {words}
            </label>
        }
    });
    let label = label(&offer, cap.sample);
    let question = serde_json::to_string(&offer.question).unwrap_or_default();
    let class = match offer.first {
        true => "button button--primary",
        false => "button",
    };
    view! {
        <FormError state=state/>
        <ActionForm action=ask>
            <input type="hidden" name="connection" value=cap.connection.to_string()/>
            <input type="hidden" name="question" value=question/>
            {consent}
            <Submit state=state label=label pending="Asking…" class=class/>
        </ActionForm>
    }
    .erased()
}

/// The whole panel.
#[component]
pub fn OfferPanel(
    /// What is asked.
    offer: Offer,
    /// What requests may cost.
    cap: CapStatus,
    /// Called when it has begun.
    #[prop(into)]
    on_asked: Callback<SyncState>,
) -> impl IntoView {
    let sample = cap.sample;
    view! {
        <section class="card" aria-labelledby="offer-title">
            <h2 id="offer-title">"AWS has to be asked for this"</h2>
            <p>
                "What is kept without asking is services by account, region, usage type and charge type. "
                <strong>{offer.question.label()}</strong> " isn’t among it."
            </p>
            <ul class="notes">
                <li>{price_sentence(&offer, sample)}</li>
                <li>
                    {format!(
                        "The answer covers {}. Any part of it, in every metric, is free to look at then.",
                        offer.period
                    )}
                </li>
                <li>
                    "While somebody looks at it, Refresh keeps it up to date, for one request more. "
                    "Updates that nobody asked for don’t."
                </li>
            </ul>
            <AskForm offer=offer cap=cap on_asked=on_asked/>
        </section>
    }
    .erased()
}

/// `$0.01`, `about $0.03`, `$0.01 or more`.
fn price_words(offer: &Offer) -> String {
    let price = offer.price().display();
    match (offer.first, offer.requests) {
        (true, _) => format!("{price} or more"),
        (false, 1) => price,
        (false, _) => format!("about {price}"),
    }
}

fn label(offer: &Offer, sample: bool) -> String {
    let price = offer.price().display();
    match (sample, offer.first, offer.requests) {
        (true, true, _) => "Ask AWS — free here".to_owned(),
        (true, false, _) => "Ask AWS again — free here".to_owned(),
        (false, true, _) => format!("Ask AWS — {price} a page"),
        (false, false, 1) => format!("Ask AWS again — {price}"),
        (false, false, _) => format!("Ask AWS again — about {price}"),
    }
}

/// How many requests the question takes, and what they cost.
pub fn price_sentence(offer: &Offer, sample: bool) -> String {
    let price = offer.price().display();
    let words = if offer.first {
        format!(
            "One question: {price} for each page of the answer. Most answers have one; how many \
             it is, AWS tells only with the answer."
        )
    } else {
        let requests = count(offer.requests, "request", "requests");
        format!("One question, which took {requests} the last time: {price}.")
    };
    match sample {
        true => format!("{words} With the sample account it is free."),
        false => words,
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        cube::{Granularity, Question},
        period::Period,
    };

    use super::*;

    fn offer(requests: u32, first: bool) -> Offer {
        Offer {
            question: Question {
                granularity: Granularity::Daily,
                keys: Vec::new(),
                filter: None,
            },
            period: Period::kept("2026-11-24".parse().unwrap()),
            requests,
            first,
        }
    }

    #[test]
    fn the_price_is_on_the_button() {
        assert_eq!(label(&offer(1, true), false), "Ask AWS — $0.01 a page");
        assert_eq!(label(&offer(1, false), false), "Ask AWS again — $0.01");
        assert_eq!(
            label(&offer(3, false), false),
            "Ask AWS again — about $0.03"
        );
        assert_eq!(label(&offer(1, true), true), "Ask AWS — free here");
    }

    #[test]
    fn what_is_not_known_is_not_promised() {
        assert_eq!(price_words(&offer(1, true)), "$0.01 or more");
        assert!(price_sentence(&offer(1, true), false).contains("for each page"));
        assert_eq!(
            price_sentence(&offer(2, false), false),
            "One question, which took 2 requests the last time: $0.02."
        );
        assert!(price_sentence(&offer(2, false), true).ends_with("it is free."));
    }
}
