//! Where the month will end, among the figures.

use chrono::NaiveDate;
use domain::{expected::Ahead, money::Money};
use leptos::prelude::*;

use crate::{
    components::{ahead::Range, amount::Amount},
    erased::Erase,
};

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
            .erased()
        }
        None => view! {
            <dd class="figure__value"><span class="figure__none">"Too little is known"</span></dd>
            <dd class="figure__period">"It takes two weeks of complete days, and each day of this month."</dd>
            {link.map(|link| view! { <dd class="figure__note"><a href=link>"Past forecasts"</a></dd> })}
        }
        .erased(),
    };
    view! {
        <div class="figure">
            <dt class="figure__label">{label}</dt>
            {known}
        </div>
    }
    .erased()
}

fn short_source(ahead: &Ahead) -> String {
    match ahead.asked_at {
        Some(at) => format!("AWS’s forecast of {}.", at.format("%-d %b")),
        None => "Our own forecast.".to_owned(),
    }
}
