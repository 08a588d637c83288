//! The four figures at the top of the Overview.

use chrono::NaiveDate;
use domain::{
    money::Nanos,
    report::{Change, Figure, Glance, NotCompared, SameDays},
};
use leptos::prelude::*;

use super::{
    ahead::AheadFigure,
    words::{figure_note, left_out},
};
use crate::{
    components::{amount::Amount, words::percent},
    erased::Erase,
};

/// This month, how it compares, where it will end, and last month.
#[component]
pub fn Figures(
    /// What to show.
    costs: Glance,
    /// The day it is about.
    today: NaiveDate,
    /// The Forecast page for the same costs, where it has them.
    forecast: Option<String>,
) -> impl IntoView {
    let change = match costs.same_days {
        Ok(same_days) => {
            let left_out = left_out(&costs.month_to_date, &same_days);
            view! { <ChangeCard same_days=same_days left_out=left_out/> }.erased()
        }
        Err(why) => view! { <NoChange why=why/> }.erased(),
    };
    view! {
        <section aria-label="This month and last month">
            <h2 class="hidden">"This month and last month"</h2>
            <dl class="figures">
                <FigureCard label="This month so far" figure=costs.month_to_date/>
                {change}
                <AheadFigure ahead=costs.ahead today=today link=forecast/>
                <FigureCard label="Last month" figure=costs.last_month/>
            </dl>
        </section>
    }
    .erased()
}

#[component]
fn FigureCard(label: &'static str, figure: Figure) -> impl IntoView {
    let note = figure_note(&figure);
    view! {
        <div class="figure">
            <dt class="figure__label">{label}</dt>
            <dd class="figure__value">
                {match figure.total {
                    Some(money) => view! { <Amount money=money/> }.erased(),
                    None => view! { <span class="figure__none">"No data yet"</span> }.erased(),
                }}
            </dd>
            <dd class="figure__period">{figure.period.to_string()}</dd>
            {(!note.is_empty()).then(|| view! { <dd class="figure__note">{note}</dd> })}
        </div>
    }
    .erased()
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
        Some(share) => view! { <span>{share}</span> }.erased(),
        None => view! { <Amount money=change.amount signed=true/> }.erased(),
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
    .erased()
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
    .erased()
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
