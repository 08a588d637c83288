//! One event: its days over the band of what was expected, its likely cause, where to look on,
//! and what a person says of it.

use domain::{
    account::ConnectionId,
    anomaly::AwsMonitor,
    cube::LinkedAccountName,
    detector::Judged,
    marked::Marked,
    money::{Currency, Money},
    unusual::{Cause, Closeup, Why},
};
use leptos::prelude::*;

use super::{account_name, aws::aws_words, kind_words, mark::MarkForms};
use crate::{
    components::{
        amount::Amount,
        band::Band,
        data_table::{DataTable, number, words},
        to_explorer::explorer_link,
        words::{day, percent},
    },
    erased::Erase,
};

/// Why to say something.
const HINT: &str =
    "Was it meant to happen? What you say is remembered, and the list keeps what is open on top.";

/// The card.
#[component]
pub fn CloseupCard(
    /// Whose.
    connection: ConnectionId,
    /// The event.
    closeup: Closeup,
    /// Where AWS looks, as far as it told.
    monitors: Vec<AwsMonitor>,
    /// Accounts' names.
    names: Vec<LinkedAccountName>,
    /// Called when something was said of it.
    again: Callback<()>,
) -> impl IntoView {
    let Closeup {
        finding,
        days,
        cause,
    } = closeup;
    let (event, currency) = (finding.event, finding.currency);
    let account = account_name(&finding.id.account, &names);
    let title = format!("{} in {account}", finding.id.service);
    let money = move |amount| Money::new(amount, currency);
    let lasts = event.lasts.then_some(" It still lasts.");
    let description = format!(
        "{title} by day, {}: {} where {} was expected",
        event.period,
        money(event.actual).display(),
        money(event.expected).display()
    );
    let marked = Marked::Event(finding.id.clone());
    let link = explorer_link(&connection.to_string(), &finding.id.service, event.period);
    let told = finding.aws.iter();
    let told = told.map(|one| view! { <li>{aws_words(one, &monitors)}</li> });
    let told = told.collect_view();
    view! {
        <section class="card" id="closeup" aria-labelledby="closeup-title">
            <h2 id="closeup-title">{title}</h2>
            <p>
                {event.period.to_string()} ": " {kind_words(event.kind)} {lasts} " It cost "
                <Amount money=money(event.actual)/> " where " <Amount money=money(event.expected)/>
                " was to be expected: " <strong><Amount money=finding.impact()/> " more"</strong>
                {format!(". The day that was farthest off is {}.", day(event.worst))}
            </p>
            <Band days=days.clone() period=event.period currency=currency description=description/>
            <ul class="notes">
                <li>{cause.map_or_else(no_cause, |cause| cause_words(&cause))}</li>
                {told}
            </ul>
            <p><a href=link>"See these days by usage type"</a></p>
            <MarkForms connection=connection marked=marked mark=finding.mark hint=HINT again=again/>
            <details class="details">
                <summary>"The days as a table"</summary>
                <div class="details__body"><DaysTable days=days currency=currency/></div>
            </details>
        </section>
    }
    .erased()
}

#[component]
fn DaysTable(days: Vec<Judged>, currency: Currency) -> impl IntoView {
    let heads = vec![
        words("Day"),
        number("Cost"),
        number("Expected"),
        number("Usual range"),
    ];
    let money = move |amount| Money::new(amount, currency);
    let lines = days.into_iter().map(|one| {
        let actual = match one.actual {
            Some(actual) => view! { <Amount money=money(actual)/> }.erased(),
            None => view! { <span class="muted">"not stored"</span> }.erased(),
        };
        let range = format!(
            "{} – {}",
            money(one.lower).display(),
            money(one.upper).display()
        );
        view! {
            <tr>
                <th scope="row">{day(one.day)}</th>
                <td class="number">{actual}</td>
                <td class="number"><Amount money=money(one.expected)/></td>
                <td class="number muted">{range}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! { <DataTable name="Days around it" heads=heads long=true>{lines}</DataTable> }.erased()
}

fn no_cause() -> String {
    "No usage type of the service cost more in these days than in the four weeks before: look at \
     charges such as fees and taxes."
        .to_owned()
}

fn cause_words(cause: &Cause) -> String {
    let Cause { usage_type, .. } = cause;
    let more = cause.more_a_day.display();
    let times = |per_mille: i64| format!("{}.{}", per_mille / 1_000, per_mille % 1_000 / 100);
    let quantity = cause.quantity_per_mille.map(times).unwrap_or_default();
    let rate = cause
        .rate_per_mille
        .map(|rate| percent(rate - 1_000))
        .unwrap_or_default();
    let why = match cause.why {
        Why::New => "It was not used in the four weeks before.".to_owned(),
        Why::Quantity if quantity.is_empty() => "More of it was used.".to_owned(),
        Why::Quantity => format!("More of it was used: {quantity} times as much."),
        Why::Rate => format!("A unit of it cost more, by {rate}."),
        Why::Both => {
            format!(
                "More of it was used, {quantity} times as much, and a unit cost more, by {rate}."
            )
        }
    };
    let share = match cause.share_percent {
        Some(share) if share < 100 => format!(", {share}% of what the service cost more"),
        _ => String::new(),
    };
    format!(
        "Likely cause: {usage_type}, {more} a day more than in the four weeks before, in all \
         accounts together{share}. {why}"
    )
}

#[cfg(test)]
mod tests {
    use domain::money::Nanos;

    use super::*;

    #[test]
    fn a_cause_is_a_sentence() {
        let mut cause = Cause {
            usage_type: "EUW1-BoxUsage:m5.large".to_owned(),
            why: Why::Quantity,
            more_a_day: Money::new(Nanos(12_500_000_000), Currency::USD),
            share_percent: Some(93),
            quantity_per_mille: Some(3_140),
            rate_per_mille: Some(1_000),
        };
        let words = cause_words(&cause);
        assert!(
            words.contains("$12.50 a day more") && words.contains("93% of what"),
            "{words}"
        );
        assert!(words.ends_with("More of it was used: 3.1 times as much."));
        cause.why = Why::Rate;
        cause.rate_per_mille = Some(1_250);
        assert!(cause_words(&cause).ends_with("A unit of it cost more, by 25.0%."));
    }
}
