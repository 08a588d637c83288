//! AWS's own findings: what only it sees, where it looks, and the button that asks it.

use domain::{
    account::ConnectionId,
    anomaly::{AwsAnomaly, Feedback},
    cube::LinkedAccountName,
    money::{Currency, Money, Nanos},
    period::Period,
    spending::CapStatus,
    unusual::{FromAws, Said, aws_price},
};
use leptos::prelude::*;

use super::account_name;
use crate::{
    api::anomalies::AskAnomalies,
    components::{
        consent::{Consent, ask_label},
        form::{FormError, Submit, form_state},
        problem::ProblemBox,
        to_explorer::explorer_link,
        words::{count, day, percent, time},
    },
    erased::Erase,
};

/// The card.
#[component]
pub fn AwsSide(
    /// Whose.
    connection: ConnectionId,
    /// What it said, if it was asked.
    aws: Option<FromAws>,
    /// What it alone found.
    alone: Vec<AwsAnomaly>,
    /// Whether it may be asked now.
    may_ask: bool,
    /// What requests may cost.
    cap: CapStatus,
    /// Accounts' names.
    names: Vec<LinkedAccountName>,
    /// Called when it has answered.
    again: Callback<()>,
) -> impl IntoView {
    let asked = aws.is_some();
    let said = match aws {
        Some(aws) => view! { <Answer connection=connection aws=aws alone=alone names=names/> }.erased(),
        None => view! {
            <p>
                "AWS Cost Anomaly Detection looks too, where somebody has set up a monitor. What it found \
                 in the last 90 days is put beside what is listed above."
            </p>
        }
        .erased(),
    };
    view! {
        <section class="card" aria-labelledby="aws-title">
            <h2 id="aws-title">"What AWS finds unusual"</h2>
            {said}
            {may_ask.then(|| view! { <AskForm connection=connection cap=cap again=again asked=asked/> })}
        </section>
    }
    .erased()
}

#[component]
fn AskForm(
    connection: ConnectionId,
    cap: CapStatus,
    again: Callback<()>,
    asked: bool,
) -> impl IntoView {
    let ask = ServerAction::<AskAnomalies>::new();
    let state = form_state(ask);
    Effect::new(move |_| {
        if let Some(Ok(())) = ask.value().get() {
            again.run(());
        }
    });
    let price = aws_price();
    let label = ask_label(price, cap.sample, asked);
    view! {
        <FormError state=state/>
        <ActionForm action=ask>
            <input type="hidden" name="connection" value=connection.to_string()/>
            <Consent cap=cap price=price/>
            <p class="muted">
                "Two questions: where AWS looks, and what it found. The answer is good for a day."
            </p>
            <Submit state=state label=label pending="Asking…" class="button"/>
        </ActionForm>
    }
    .erased()
}

#[component]
fn Answer(
    connection: ConnectionId,
    aws: FromAws,
    alone: Vec<AwsAnomaly>,
    names: Vec<LinkedAccountName>,
) -> impl IntoView {
    let asked_at = time(aws.asked_at);
    let without = aws.has_no_monitor();
    let items = alone
        .iter()
        .map(|one| item(connection, one, &names))
        .collect_view();
    let found = match (&aws.anomalies, without) {
        (_, true) => view! {
            <p>
                <strong>"No monitor is set up"</strong>
                ", so AWS never looks and can find nothing. One that watches all services is free: AWS sets \
                 it up under Cost Anomaly Detection. What is listed above doesn’t need it."
            </p>
        }
        .erased(),
        (Said::Refused(error), _) => view! { <ProblemBox error=error.clone()/> }.erased(),
        (Said::Told(all), _) if all.is_empty() => view! {
            <p>"AWS looked and found nothing unusual in the last 90 days."</p>
        }
        .erased(),
        (Said::Told(all), _) => {
            let number = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let all = count(number, "anomaly", "anomalies");
            let rest = match alone.is_empty() {
                true => "Each is among those above.",
                false => "These are not among those above:",
            };
            view! {
                <p>{format!("AWS found {all} in the last 90 days. {rest}")}</p>
                {(!alone.is_empty()).then(|| view! { <ul class="list">{items}</ul> })}
            }
            .erased()
        }
    };
    let monitors = match &aws.monitors {
        Said::Told(monitors) if monitors.is_empty() => ().erased(),
        Said::Told(monitors) => {
            let names: Vec<String> = monitors
                .iter()
                .map(|one| {
                    let last = one
                        .evaluated_on
                        .map(|on| format!(", last looked on {}", day(on)));
                    format!("{}{}", one.name, last.unwrap_or_default())
                })
                .collect();
            view! { <p class="muted">"Monitors: " {names.join("; ")} "."</p> }.erased()
        }
        Said::Refused(error) => view! { <ProblemBox error=error.clone()/> }.erased(),
    };
    view! {
        {found}
        {monitors}
        <p class="muted">"AWS was asked at " {asked_at} "."</p>
    }
    .erased()
}

fn item(connection: ConnectionId, one: &AwsAnomaly, names: &[LinkedAccountName]) -> AnyView {
    let cause = one.root_causes.first();
    let service = cause
        .and_then(|cause| cause.service.clone())
        .or_else(|| one.subject.clone());
    let account = cause.and_then(|cause| cause.account.clone());
    let account = account.map(|account| account_name(&account, names));
    let link = service.as_ref().zip(period(one)).map(|(service, period)| {
        let link = explorer_link(&connection.to_string(), service, period);
        view! { <a href=link>"See these days by usage type"</a> }
    });
    let title = [service, account]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" in ");
    view! {
        <li class="list__item">
            <div class="list__main">
                <span class="list__name">{title}</span>
                <p>{aws_words(one)}</p>
            </div>
            {link}
        </li>
    }
    .erased()
}

fn period(one: &AwsAnomaly) -> Option<Period> {
    let start = one.start?;
    Period::new(start, Period::day(one.end.unwrap_or(start)).end()).ok()
}

/// What AWS says of an anomaly, in sentences.
pub fn aws_words(one: &AwsAnomaly) -> String {
    let usd = |amount: Nanos| Money::new(amount, Currency::USD).display();
    let mut words = match (period(one), one.end) {
        (Some(period), Some(_)) => format!("AWS: {period}"),
        (Some(period), None) => format!("AWS: since {}", day(period.start())),
        (None, _) => "AWS".to_owned(),
    };
    if let Some(total) = one.impact.total {
        words.push_str(&format!(", {} more than expected", usd(total)));
        if let Some(percent_more) = one.impact.percent {
            words.push_str(&format!(" (+{})", percent((percent_more * 10.0) as i64)));
        }
    }
    words.push('.');
    let causes: Vec<String> = (one.root_causes.iter().take(3))
        .map(|cause| {
            let parts = [&cause.usage_type, &cause.region, &cause.account];
            parts
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join(", ")
        })
        .filter(|cause| !cause.is_empty())
        .collect();
    if !causes.is_empty() {
        words.push_str(&format!(" Root cause: {}.", causes.join("; ")));
    }
    let feedback = one.feedback.as_ref().map(|feedback| match feedback {
        Feedback::Yes => "an anomaly",
        Feedback::No => "no anomaly",
        Feedback::PlannedActivity => "planned",
        Feedback::Other(other) => other,
    });
    if let Some(feedback) = feedback {
        words.push_str(&format!(" At AWS it is marked: {feedback}."));
    }
    words
}
