//! One kind of commitment: its days against the target, its months and its days as tables.

use domain::{
    committed::{Held, Holding, Measure, Row, Targets},
    money::{Currency, Money},
    unusual::Said,
};
use leptos::prelude::*;

use crate::{
    components::{
        amount::Amount,
        data_table::{DataTable, number, words},
        percents::Percents,
        problem::ProblemBox,
        words::day,
    },
    erased::Erase,
};

/// The card.
#[component]
pub fn HoldingCard(
    /// Which, and how it did.
    holding: Holding,
    /// What is to be reached.
    targets: Targets,
    /// Of the amounts.
    currency: Currency,
) -> impl IntoView {
    let title = holding.what.label();
    let body = match holding.held {
        Said::Refused(error) => view! { <ProblemBox error=error/> }.erased(),
        Said::Told(None) => view! {
            <p class="muted">"None owned in the last year."</p>
        }
        .erased(),
        Said::Told(Some(held)) => {
            view! { <Owned held=held targets=targets currency=currency title=title.clone()/> }
                .erased()
        }
    };
    view! { <section class="card"><h2>{title}</h2>{body}</section> }.erased()
}

#[component]
fn Owned(held: Held, targets: Targets, currency: Currency, title: String) -> impl IntoView {
    let verdict = held.months.last().map(|row| verdict(row, targets));
    let lines = held
        .days
        .iter()
        .map(|row| [row.used_percent, row.covered_percent]);
    let lines: Vec<[Option<f64>; 2]> = lines.collect();
    let ends = [held.days.first(), held.days.last()];
    let [first, last] = ends.map(|row| row.map_or_else(String::new, |row| day(row.period.start())));
    let description = format!("{title}: used and covered by day, in percent");
    let chart = (!held.days.is_empty()).then(|| {
        view! {
            <Percents days=lines target=targets.used first=first last=last description=description/>
        }
    });
    let gaps = held
        .gaps
        .into_iter()
        .map(|error| view! { <ProblemBox error=error/> });
    let gaps = gaps.collect_view();
    view! {
        {verdict.map(|words| view! { <p>{words}</p> })}
        {chart}
        {gaps}
        <RowsTable name=format!("{title} by month") rows=held.months targets=targets currency=currency long=false/>
        <details class="details">
            <summary>"By day"</summary>
            <div class="details__body">
                <RowsTable name=format!("{title} by day") rows=held.days targets=targets currency=currency long=true/>
            </div>
        </details>
    }
    .erased()
}

#[component]
fn RowsTable(
    name: String,
    rows: Vec<Row>,
    targets: Targets,
    currency: Currency,
    long: bool,
) -> impl IntoView {
    let heads = vec![
        words("When"),
        number("Paid for"),
        number("Used"),
        number("Unused"),
        number("Used share"),
        number("Covered"),
        number("Net savings"),
        number("Cost of the unused"),
    ];
    let measure = move |one: Measure| match one {
        Measure::Hours(hours) => view! { <span>{format!("{hours:.0} h")}</span> }.erased(),
        Measure::Spent(amount) => view! { <Amount money=Money::new(amount, currency)/> }.erased(),
    };
    let money = move |amount| view! { <Amount money=Money::new(amount, currency)/> };
    let lines = rows.into_iter().map(|row| {
        let used = share(row.used_percent, targets.used);
        let covered = share(row.covered_percent, targets.covered);
        view! {
            <tr>
                <th scope="row">{row.period.to_string()}</th>
                <td class="number">{measure(row.bought)}</td>
                <td class="number">{row.used.map(measure)}</td>
                <td class="number">{row.unused.map(measure)}</td>
                <td class="number">{used}</td>
                <td class="number">{covered}</td>
                <td class="number">{row.net_savings.map(money)}</td>
                <td class="number">{row.unused_cost.map(money)}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! { <DataTable name=name heads=heads long=long>{lines}</DataTable> }.erased()
}

/// `93.2%`, and whether that is below the target.
fn share(percent: Option<f64>, target: u8) -> String {
    match percent {
        None => "–".to_owned(),
        Some(percent) if percent < f64::from(target) => format!("{percent:.1}% ▼"),
        Some(percent) => format!("{percent:.1}%"),
    }
}

/// The newest month in a sentence.
fn verdict(row: &Row, targets: Targets) -> String {
    let Some(used) = row.used_percent else {
        return format!("Nothing was paid for in {}.", row.period);
    };
    let how = match used < f64::from(targets.used) {
        true => format!("below the target of {}% (▼)", targets.used),
        false => format!("the target of {}% is reached", targets.used),
    };
    format!("{}: {used:.1}% used, {how}.", row.period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_say_what_is_below_the_target() {
        assert_eq!(share(None, 95), "–");
        assert_eq!(share(Some(94.96), 95), "95.0% ▼");
        assert_eq!(share(Some(0.0), 0), "0.0%");
    }
}
