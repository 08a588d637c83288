//! What the server makes of a forecast. Nothing here answers to anybody.

use domain::{
    account::Connection,
    expected::{Ahead, Forecast, MonthScores, Summary},
    money::{Currency, Money, Nanos},
    outlook::{Scored, Source},
};
use leptos::prelude::*;

use super::Drawn;
use crate::{
    components::{
        ahead::{Range, source_words},
        amount::Amount,
        data_table::{DataTable, number, words},
        of_connection::Whose,
        words::{count, day, month, percent, signed_percent},
    },
    erased::Erase,
    still::Still,
};

/// The page of a forecast, of one of the person's connections.
#[must_use]
pub fn of(forecast: Forecast, connections: &[Connection]) -> Drawn {
    let ending = match forecast.ahead.clone() {
        Some(ahead) => view! { <Ending ahead=ahead/> }.erased(),
        None => view! { <TooLittle/> }.erased(),
    };
    Drawn {
        whose: Whose::of(forecast.connection, connections),
        still: vec![Still::of(view! { {ending} <Scores forecast=forecast/> })],
    }
}

#[component]
fn TooLittle() -> impl IntoView {
    view! {
        <div class="card">
            <h2>"Too little is known for a forecast"</h2>
            <p>
                "It takes two weeks of complete days, and every day of this month so far. "
                "A refresh on the Overview asks AWS for what is missing."
            </p>
        </div>
    }
    .erased()
}

#[component]
fn Ending(ahead: Ahead) -> impl IntoView {
    let (end, currency) = (ahead.month_end, ahead.currency);
    let money = move |amount: Nanos| Money::new(amount, currency);
    let whose = source_words(&ahead);
    let lines = ahead.days.iter().map(|one| {
        view! {
            <tr>
                <th scope="row">{day(one.period.start())}</th>
                <td class="number"><Amount money=money(one.value.mean)/></td>
                <td class="number muted"><Range expected=one.value currency=currency/></td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let heads = vec![words("Day"), number("Expected"), number("Range")];
    view! {
        <dl class="figures figures--three">
            <div class="figure">
                <dt class="figure__label">"Known before today"</dt>
                <dd class="figure__value"><Amount money=money(end.known)/></dd>
                <dd class="figure__period">{month(end.month.start())}</dd>
            </div>
            <div class="figure">
                <dt class="figure__label">"Expected by the end of the month"</dt>
                <dd class="figure__value"><Amount money=money(end.expected.mean)/></dd>
                <dd class="figure__period">"What is known, and every day from today on"</dd>
            </div>
            <div class="figure">
                <dt class="figure__label">"Range"</dt>
                <dd class="figure__value figure__value--range">
                    {match end.expected.lower {
                        Some(_) => view! { <Range expected=end.expected currency=currency/> }.erased(),
                        None => view! { <span class="figure__none">"Not known"</span> }.erased(),
                    }}
                </dd>
                <dd class="figure__period">{format!("{} of 100 months should end in it", end.level)}</dd>
            </div>
        </dl>
        <p class="notice">{whose}</p>
        <section class="card" aria-labelledby="days-title">
            <h2 id="days-title">"The days from today on"</h2>
            <DataTable name="Forecast by day" caption="Expected cost by day" heads=heads>
                {lines}
            </DataTable>
        </section>
    }
    .erased()
}

#[component]
fn Scores(forecast: Forecast) -> impl IntoView {
    let currency = forecast.currency;
    let summary = forecast.summary.iter().map(|one| {
        view! { <li>{summary_words(one)}</li> }
    });
    let months = forecast.scores.iter().map(|month| {
        view! { <MonthRows month=month.clone() currency=currency/> }
    });
    let months = months.collect_view();
    if forecast.scores.is_empty() {
        return view! {
            <section class="card" aria-labelledby="scores-title">
                <h2 id="scores-title">"How forecasts did"</h2>
                <p class="muted">
                    "When this month is over, its forecasts are compared here with what came: those of "
                    "every charge, unblended, which AWS is asked for."
                </p>
            </section>
        }
        .erased();
    }
    let heads = vec![
        words("Made on"),
        words("By"),
        number("Forecast"),
        number("Came"),
        number("Off by"),
        words("In the range"),
    ];
    view! {
        <section class="card" aria-labelledby="scores-title">
            <h2 id="scores-title">"How forecasts did"</h2>
            <ul class="notes">{summary.collect_view()}</ul>
            <DataTable name="Forecasts and what came" caption="Forecasts of months that are over" heads=heads>
                {months}
            </DataTable>
        </section>
    }
    .erased()
}

#[component]
fn MonthRows(month: MonthScores, currency: Currency) -> impl IntoView {
    let money = move |amount: Nanos| Money::new(amount, currency);
    let row = |one: &Scored| {
        let inside = match one.inside {
            Some(true) => "yes",
            Some(false) => "no",
            None => "no range",
        };
        view! {
            <tr>
                <th scope="row">{day(one.made_on)}</th>
                <td>{source_name(one.forecast.source)}</td>
                <td class="number"><Amount money=money(one.forecast.expected.mean)/></td>
                <td class="number"><Amount money=money(one.actual)/></td>
                <td class="number">{one.error_per_mille.map(signed_percent)}</td>
                <td>{inside}</td>
            </tr>
        }
    };
    month.scored.iter().map(row).collect_view()
}

const fn source_name(source: Source) -> &'static str {
    match source {
        Source::Aws => "AWS",
        Source::Own => "Cost Tracker",
    }
}

fn summary_words(summary: &Summary) -> String {
    let forecasts = count(summary.forecasts, "forecast", "forecasts");
    let mut words = format!("{}: {forecasts}", source_name(summary.source));
    if let Some(error) = summary.median_error_per_mille {
        words.push_str(&format!(", half of them within {}", percent(error)));
    }
    if summary.ranged > 0 {
        words.push_str(&format!(
            "; {} of {} ranges held what came",
            summary.inside, summary.ranged
        ));
    }
    words.push('.');
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_a_sentence() {
        let mut summary = Summary {
            source: Source::Aws,
            forecasts: 4,
            inside: 3,
            ranged: 4,
            median_error_per_mille: Some(12),
        };
        assert_eq!(
            summary_words(&summary),
            "AWS: 4 forecasts, half of them within 1.2%; 3 of 4 ranges held what came."
        );
        summary.median_error_per_mille = None;
        summary.ranged = 0;
        assert_eq!(summary_words(&summary), "AWS: 4 forecasts.");
    }

    #[test]
    fn errors_have_signs() {
        assert_eq!(signed_percent(15), "+1.5%");
        assert_eq!(signed_percent(-15), "−1.5%");
        assert_eq!(signed_percent(0), "0.0%");
    }
}
