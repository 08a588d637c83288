//! AWS's own findings: what only it sees, where it looks, and the button that asks it.

use domain::{
    account::ConnectionId,
    anomaly::{AwsAnomaly, AwsMonitor, Feedback, RootCause},
    cube::LinkedAccountName,
    marked::{AwsAlone, Marked},
    money::{Currency, Money, Nanos},
    period::Period,
    spending::CapStatus,
    unusual::{FromAws, Said, aws_price},
};
use leptos::prelude::*;

use super::{account_name, mark::MarkForms};
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
    alone: Vec<AwsAlone>,
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
        Some(aws) => view! {
            <Answer connection=connection aws=aws alone=alone names=names again=again/>
        }
        .erased(),
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
    alone: Vec<AwsAlone>,
    names: Vec<LinkedAccountName>,
    again: Callback<()>,
) -> impl IntoView {
    let asked_at = time(aws.asked_at);
    let without = aws.has_no_monitor();
    let monitors = aws.monitors.told().map_or(&[][..], Vec::as_slice);
    let items = alone
        .iter()
        .map(|one| item(connection, one, monitors, &names, again))
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

fn item(
    connection: ConnectionId,
    alone: &AwsAlone,
    monitors: &[AwsMonitor],
    names: &[LinkedAccountName],
    again: Callback<()>,
) -> AnyView {
    let one = &alone.anomaly;
    let marked = Marked::Aws(one.id.clone());
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
                <p>{aws_words(one, monitors)}</p>
                <MarkForms connection=connection marked=marked mark=alone.mark again=again/>
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

/// So many root causes are written out.
const CAUSES_SHOWN: usize = 3;

/// What AWS says of an anomaly, in sentences: when, how much, which monitor found it, and why.
pub fn aws_words(one: &AwsAnomaly, monitors: &[AwsMonitor]) -> String {
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
    let monitor = AwsMonitor::name_of(&one.monitor, monitors);
    words.push_str(&format!(". Found by the monitor {monitor}."));
    words.push_str(&causes_words(&one.root_causes));
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

/// Each with its service and its part of the impact; nothing where AWS names none.
fn causes_words(causes: &[RootCause]) -> String {
    let causes: Vec<String> = causes.iter().filter_map(cause_words).collect();
    let name = match causes.len() {
        0 => return String::new(),
        1 => "Root cause",
        _ => "Root causes",
    };
    let shown: Vec<&str> = (causes.iter().take(CAUSES_SHOWN))
        .map(String::as_str)
        .collect();
    let rest = match causes.len().saturating_sub(CAUSES_SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!(" {name}: {}{rest}.", shown.join("; "))
}

fn cause_words(cause: &RootCause) -> Option<String> {
    let parts = [
        &cause.service,
        &cause.usage_type,
        &cause.region,
        &cause.account,
    ];
    let mut parts: Vec<String> = parts.into_iter().flatten().cloned().collect();
    if parts.is_empty() {
        return None;
    }
    let part = cause
        .contribution
        .map(|part| format!("{} of it", usd(part)));
    parts.extend(part);
    Some(parts.join(", "))
}

/// AWS tells all of it in US dollars.
fn usd(amount: Nanos) -> String {
    Money::new(amount, Currency::USD).display()
}

#[cfg(test)]
mod tests {
    use domain::anomaly::{Impact, MonitorKind};

    use super::*;

    fn cause(service: Option<&str>, usage_type: &str, dollars: Option<i64>) -> RootCause {
        RootCause {
            service: service.map(str::to_owned),
            region: Some("eu-west-1".to_owned()),
            account: None,
            account_name: None,
            usage_type: Some(usage_type.to_owned()),
            contribution: dollars.map(|dollars| Nanos(dollars * 1_000_000_000)),
        }
    }

    #[test]
    fn aws_s_words_name_the_monitor_and_every_part() {
        let arn = "arn:aws:ce::1:anomalymonitor/aaa";
        let mut anomaly = AwsAnomaly {
            id: "x".to_owned(),
            monitor: arn.to_owned(),
            start: "2026-10-07".parse().ok(),
            end: "2026-10-09".parse().ok(),
            subject: Some("Amazon EC2".to_owned()),
            impact: Impact {
                total: Some(Nanos(30_000_000_000)),
                worst_day: None,
                actual: None,
                expected: None,
                percent: Some(40.0),
            },
            max_score: 1.0,
            current_score: 0.0,
            feedback: None,
            root_causes: vec![
                cause(Some("Amazon EC2"), "BoxUsage", Some(20)),
                cause(None, "Bytes", None),
            ],
        };
        let monitors = [AwsMonitor {
            arn: arn.to_owned(),
            name: "All services".to_owned(),
            kind: MonitorKind::Dimensional,
            dimension: None,
            created_on: None,
            evaluated_on: None,
            watched_values: 0,
        }];
        assert_eq!(
            aws_words(&anomaly, &monitors),
            "AWS: 7–9 Oct 2026, $30.00 more than expected (+40.0%). Found by the monitor All services. \
             Root causes: Amazon EC2, BoxUsage, eu-west-1, $20.00 of it; Bytes, eu-west-1."
        );
        let more = (0..4).map(|number| cause(Some("S3"), &number.to_string(), None));
        anomaly.root_causes = more.collect();
        let words = aws_words(&anomaly, &[]);
        assert!(words.contains("the monitor aaa."), "{words}");
        assert!(
            words.ends_with("; S3, 2, eu-west-1; and 1 more."),
            "{words}"
        );
        anomaly.root_causes = Vec::new();
        assert!(aws_words(&anomaly, &[]).ends_with("the monitor aaa."));
    }
}
