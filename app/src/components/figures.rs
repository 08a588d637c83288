//! The four figures at the top of the Overview.

use domain::{
    money::Nanos,
    report::{Change, Figure, Overview},
};
use leptos::prelude::*;

use super::{
    amount::Amount,
    words::{figure_note, percent},
};

/// This month, last month, and the difference.
#[component]
pub fn Figures(
    /// What to show.
    overview: Signal<Overview>,
) -> impl IntoView {
    let figure = move |pick: fn(&Overview) -> &Figure, label: &'static str| {
        move || {
            overview
                .with(|overview| view! { <FigureCard label=label figure=pick(overview).clone()/> })
        }
    };
    view! {
        <section aria-labelledby="figures-title">
            <h2 id="figures-title" class="hidden">"This month and last month"</h2>
            <dl class="figures">
                {figure(|overview| &overview.month_to_date, "This month so far")}
                {figure(|overview| &overview.last_month_to_same_day, "Last month to the same day")}
                {move || view! { <ChangeCard change=overview.with(|overview| overview.change)/> }}
                {figure(|overview| &overview.last_month, "Last month")}
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
fn ChangeCard(change: Option<Change>) -> impl IntoView {
    let value = match change {
        None => view! {
            <dd class="figure__value"><span class="figure__none">"Can’t be compared"</span></dd>
            <dd class="figure__period">"Days are missing in one of the two months."</dd>
        }
        .into_any(),
        Some(change) => {
            let (class, arrow, word) = match way(change) {
                Way::Up => ("change change--up", "↑", "Up"),
                Way::Down => ("change change--down", "↓", "Down"),
                Way::Level => ("change", "→", "Level"),
            };
            let share = change.per_mille.map(percent);
            view! {
                <dd class="figure__value">
                    <span class=class>
                        <span aria-hidden="true">{arrow}</span>
                        <span class="hidden">{word} " "</span>
                        {match share {
                            Some(share) => view! { <span>{share}</span> }.into_any(),
                            None => view! { <Amount money=change.amount signed=true/> }.into_any(),
                        }}
                    </span>
                </dd>
                <dd class="figure__period">
                    <Amount money=change.amount signed=change.amount.amount != Nanos::ZERO/>
                    " against last month’s same days"
                </dd>
            }
            .into_any()
        }
    };
    view! {
        <div class="figure">
            <dt class="figure__label">"Change"</dt>
            {value}
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
