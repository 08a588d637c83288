//! The chart's numbers for each day. Some two thousand cells: they are made as
//! text in one go, from digits and dates alone, never from anybody's words.

use std::fmt::Write as _;

use domain::{
    money::{Money, Nanos},
    report::{DailyChart, DayState},
};
use leptos::prelude::*;

use crate::erased::Erase;

/// Days by service, newest first, folded up. Made when somebody unfolds it.
#[component]
pub fn DailyTable(
    /// The chart whose numbers these are.
    chart: Signal<DailyChart>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let heads = move || {
        chart.with(|chart| {
            let names = chart.series.iter().map(|series| series.name.clone());
            names
                .map(|name| view! { <th scope="col" class="number">{name}</th> })
                .collect_view()
        })
    };
    let table = move || {
        open.get().then(|| {
            view! {
                <div class="table-frame table-frame--tall" tabindex="0" role="region" aria-label="Cost by day and service">
                    <table class="table table--dense">
                        <caption>{move || chart.with(|chart| format!("Cost by day and service, {}", chart.period))}</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Day"</th>
                                <th scope="col" class="number">"Total"</th>
                                {heads}
                            </tr>
                        </thead>
                        <tbody inner_html=move || chart.with(rows)></tbody>
                    </table>
                </div>
            }
            .erased()
        })
    };
    view! {
        <details class="details" on:toggle=move |_| open.set(true)>
            <summary>"Every day in numbers"</summary>
            {table}
        </details>
    }
    .erased()
}

/// The table's lines as HTML.
fn rows(chart: &DailyChart) -> String {
    let mut html = String::new();
    for (place, day) in chart.days.iter().enumerate().rev() {
        let note = match day.state {
            DayState::Missing => "not loaded yet",
            DayState::Unfinished => "unfinished",
            DayState::Estimated | DayState::Final => "",
        };
        let date = day.date.format("%-d %b %Y");
        let _ = write!(html, "<tr><th scope=\"row\">{date}");
        if !note.is_empty() {
            let _ = write!(html, "<span class=\"table__note\">{note}</span>");
        }
        html.push_str("</th>");
        let values = chart
            .series
            .iter()
            .map(|series| series.values.get(place).copied());
        for value in std::iter::once(Some(day.total)).chain(values) {
            let known = value.filter(|_| day.state != DayState::Missing);
            cell(
                &mut html,
                known.map(|amount| Money::new(amount, chart.currency)),
            );
        }
        html.push_str("</tr>");
    }
    html
}

fn cell(html: &mut String, money: Option<Money>) {
    let _ = match money {
        None => write!(html, "<td class=\"number muted\">–</td>"),
        Some(money) if money.amount == Nanos::ZERO => {
            write!(html, "<td class=\"number muted\">{}</td>", money.display())
        }
        Some(money) => write!(
            html,
            "<td class=\"number\" title=\"{}\">{}</td>",
            money.display_exact(),
            money.display()
        ),
    };
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;
    use domain::{
        period::Period,
        report::{Day, Series},
    };

    use super::*;

    fn chart(state: DayState) -> DailyChart {
        let date = "2026-11-24".parse().unwrap();
        DailyChart {
            period: Period::day(date),
            currency: Currency::USD,
            days: vec![Day {
                date,
                state,
                total: Nanos(1_234_567_891),
            }],
            series: vec![Series {
                name: "<script>alert(1)</script>".to_owned(),
                is_other: false,
                values: vec![Nanos(1_234_567_891)],
                total: Nanos(1_234_567_891),
            }],
        }
    }

    #[test]
    fn cells_show_cents_and_tell_every_digit() {
        let html = rows(&chart(DayState::Final));
        let cell = "<td class=\"number\" title=\"1.234567891 USD\">$1.23</td>";
        assert_eq!(
            html,
            format!("<tr><th scope=\"row\">24 Nov 2026</th>{cell}{cell}</tr>")
        );
    }

    #[test]
    fn missing_days_have_no_number() {
        let html = rows(&chart(DayState::Missing));
        assert!(html.contains("not loaded yet"));
        assert!(!html.contains('$'));
    }

    #[test]
    fn no_name_gets_into_the_html() {
        assert!(!rows(&chart(DayState::Final)).contains("script"));
    }
}
