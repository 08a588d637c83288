//! Where a month will end, in a few words: the figure, its range and whose it is.

use domain::{
    expected::{Ahead, WhyOwn},
    forecast::Expected,
    money::{Currency, Money, Nanos},
};
use leptos::prelude::*;

use super::{amount::Amount, words::time};
use crate::erased::Erase;

/// From the lower to the upper end, where both are known.
#[component]
pub fn Range(
    /// Of what is expected.
    expected: Expected<Nanos>,
    /// Of the amounts.
    currency: Currency,
) -> impl IntoView {
    let range = expected.lower.zip(expected.upper);
    range.map(|(lower, upper)| {
        view! {
            <Amount money=Money::new(lower, currency)/> " – " <Amount money=Money::new(upper, currency)/>
        }
        .erased()
    })
}

/// Whose it is, in a sentence or two.
pub fn source_words(ahead: &Ahead) -> String {
    const OWN: &str = "Our own forecast, by weekday and trend:";
    match (ahead.asked_at, ahead.why_own) {
        (Some(at), _) => format!("AWS’s forecast of {}.", time(at)),
        (None, Some(WhyOwn::OtherMetric)) => format!(
            "{OWN} AWS is asked for unblended costs alone, because each metric would cost a \
             request a day."
        ),
        (None, Some(WhyOwn::OtherCharges)) => format!(
            "{OWN} AWS is asked for all charges together, because each other question would cost \
             a request a day."
        ),
        (None, Some(WhyOwn::Together)) => {
            format!("{OWN} AWS forecasts connections one by one.")
        }
        (None, _) => format!(
            "{OWN} AWS has given none for these days. In a young account it has too little history."
        ),
    }
}
