//! The four figures at the top of the Overview.

use chrono::NaiveDate;
use domain::{
    money::Nanos,
    report::{Change, Figure, Glance, NotCompared, SameDays},
};
use leptos::prelude::*;

use super::{
    ahead::AheadFigure,
    amount::Amount,
    words::{figure_note, left_out, percent},
};

/// This month, how it compares, where it will end, and last month.
#[component]
pub fn Figures(
    /// What to show.
    costs: Signal<Glance>,
    /// The day it is about.
    today: Signal<NaiveDate>,
    /// The Forecast page for the same costs, where it has them.
    forecast: Signal<Option<String>>,
) -> impl IntoView {
    let figure = move |pick: fn(&Glance) -> &Figure, label: &'static str| {
        move || {
            let figure = costs.with(|costs| pick(costs).clone());
            view! { <FigureCard label=label figure=figure/> }
        }
    };
    let change = move || {
        costs.with(|costs| match &costs.same_days {
            Ok(same_days) => {
                let left_out = left_out(&costs.month_to_date, same_days);
                view! { <ChangeCard same_days=same_days.clone() left_out=left_out/> }.into_any()
            }
            Err(why) => view! { <NoChange why=*why/> }.into_any(),
        })
    };
    let ahead = move || {
        let ahead = costs.with(|costs| costs.ahead.clone());
        view! { <AheadFigure ahead=ahead today=today.get() link=forecast.get()/> }
    };
    view! {
        <section aria-label="This month and last month">
            <h2 class="hidden">"This month and last month"</h2>
            <dl class="figures">
                {figure(|costs| &costs.month_to_date, "This month so far")}
                {change}
                {ahead}
                {figure(|costs| &costs.last_month, "Last month")}
            </dl>
        </section>
    }
    .into_any()
}

#[component]
fn FigureCard(label: &'static str, figure: Figure) -> impl IntoView {
    let note = figure_note(&figure);
    view! {
        <div class="figure">
            <dt class="figure__label">{label}</dt>
            <dd class="figure__value">
                {match figure.total {
                    Some(money) => view! { <Amount money=money/> }.into_any(),
                    None => view! { <span class="figure__none">"No data yet"</span> }.into_any(),
                }}
            </dd>
            <dd class="figure__period">{figure.period.to_string()}</dd>
            {(!note.is_empty()).then(|| view! { <dd class="figure__note">{note}</dd> })}
        </div>
    }
    .into_any()
}

/// Which way a cost went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    Up,
    Down,
    Level,
}

const fn way(change: Change) -> Way {
    match change.amount.amount.0 {
        1.. => Way::Up,
        0 => Way::Level,
        _ => Way::Down,
    }
}

#[component]
fn ChangeCard(same_days: SameDays, left_out: Option<String>) -> impl IntoView {
    let change = same_days.change;
    let (class, arrow, word) = match way(change) {
        Way::Up => ("change change--up", "↑", "Up"),
        Way::Down => ("change change--down", "↓", "Down"),
        Way::Level => ("change", "→", "Level"),
    };
    let value = match change.per_mille.map(percent) {
        Some(share) => view! { <span>{share}</span> }.into_any(),
        None => view! { <Amount money=change.amount signed=true/> }.into_any(),
    };
    view! {
        <div class="figure">
            <dt class="figure__label">"Change"</dt>
            <dd class="figure__value">
                <span class=class>
                    <span aria-hidden="true">{arrow}</span>
                    <span class="hidden">{word} " "</span>
                    {value}
                </span>
            </dd>
            <dd class="figure__period">
                <Amount money=change.amount signed=change.amount.amount != Nanos::ZERO/>
                {format!(", {} against {}", same_days.now.period, same_days.before.period)}
            </dd>
            {left_out.map(|words| view! { <dd class="figure__note">{words}</dd> })}
        </div>
    }
    .into_any()
}

#[component]
fn NoChange(why: NotCompared) -> impl IntoView {
    let words = match why {
        NotCompared::NoneFinished => {
            "No day of this month is finished yet: AWS adds to a day until the day after it."
        }
        NotCompared::DaysMissing => "Days of last month aren’t loaded yet.",
    };
    view! {
        <div class="figure">
            <dt class="figure__label">"Change"</dt>
            <dd class="figure__value"><span class="figure__none">"Can’t be compared"</span></dd>
            <dd class="figure__period">{words}</dd>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::money::{Currency, Money};

    use super::*;

    #[test]
    fn arrows_follow_the_amount() {
        let change = |nanos| Change {
            amount: Money::new(Nanos(nanos), Currency::USD),
            per_mille: None,
        };
        assert_eq!(way(change(1)), Way::Up);
        assert_eq!(way(change(0)), Way::Level);
        assert_eq!(way(change(-1)), Way::Down);
    }
}
