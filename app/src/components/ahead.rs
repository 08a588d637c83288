//! Where a month will end, in a few words: the figure, its range and whose it is.

use chrono::NaiveDate;
use domain::{
    expected::{Ahead, WhyOwn},
    forecast::Expected,
    money::{Currency, Money, Nanos},
};
use leptos::prelude::*;

use super::{amount::Amount, words::time};

/// The figure at the top of the Overview.
#[component]
pub fn AheadFigure(
    /// What is expected, if anything.
    ahead: Option<Ahead>,
    /// The day it is about.
    today: NaiveDate,
    /// The Forecast page for the same costs, where it has them.
    link: Option<String>,
) -> impl IntoView {
    let label = format!("Expected by the end of {}", today.format("%B"));
    let known = match ahead {
        Some(ahead) => {
            let (end, currency) = (ahead.month_end, ahead.currency);
            let sure = format!(" in {} of 100 months", end.level);
            view! {
                <dd class="figure__value"><Amount money=Money::new(end.expected.mean, currency)/></dd>
                <dd class="figure__period">
                    {end.expected.lower.map(|_| view! { <Range expected=end.expected currency=currency/> {sure} })}
                </dd>
                <dd class="figure__note">
                    {short_source(&ahead)}
                    {link.map(|link| view! { " " <a href=link>"Day by day"</a> })}
                </dd>
            }
            .into_any()
        }
        None => view! {
            <dd class="figure__value"><span class="figure__none">"Too little is known"</span></dd>
            <dd class="figure__period">"It takes two weeks of complete days, and each day of this month."</dd>
            {link.map(|link| view! { <dd class="figure__note"><a href=link>"Past forecasts"</a></dd> })}
        }
        .into_any(),
    };
    view! {
        <div class="figure">
            <dt class="figure__label">{label}</dt>
            {known}
        </div>
    }
    .into_any()
}

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
        .into_any()
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

fn short_source(ahead: &Ahead) -> String {
    match ahead.asked_at {
        Some(at) => format!("AWS’s forecast of {}.", at.format("%-d %b")),
        None => "Our own forecast.".to_owned(),
    }
}
