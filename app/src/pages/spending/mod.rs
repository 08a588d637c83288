//! What this tool costs: the ledger's sums, today and over months, against the
//! caps and beside the accounts' own lines.

use domain::{
    account::COST_EXPLORER_REQUEST,
    period::Period,
    spending::{SpendingReport, Spent},
};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

use crate::{
    api::spending,
    components::{amount::Amount, frame::Loading, problem::Problem, words::count},
    erased::Erase,
    loaded::loaded,
};

mod comparison;
mod tables;

use comparison::Comparisons;
use tables::{ByConnection, ByMonth, ByOperation};

/// The page.
#[component]
pub fn SpendingPage() -> impl IntoView {
    let report = loaded(|| (), |()| spending::report());
    view! {
        <Title text="What this tool costs"/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match report.await {
                    Ok(report) => Either::Left(view! { <Sums report=report/> }),
                    Err(error) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Suspense>
    }
    .erased()
}

#[component]
fn Sums(report: SpendingReport) -> impl IntoView {
    let each = COST_EXPLORER_REQUEST.display();
    let nothing = is_empty(&report);
    let sample = sample_words(&report.sample);
    view! {
        <div class="page">
            <h1>"What this tool costs"</h1>
            <p class="lead">
                "AWS charges " {each} " for each Cost Explorer request; EC2 and STS answer for free. "
                "Every attempt is written down, with its price, before it leaves this server. Days are in UTC."
            </p>
            {if nothing {
                Either::Left(view! { <Nothing/> })
            } else {
                Either::Right(view! { <Report report=report/> })
            }}
            {sample.map(|words| view! {
                <div class="notice">
                    <p class="notice__title">"Sample account"</p>
                    <p>{words}</p>
                </div>
            })}
        </div>
    }
    .erased()
}

/// Whether there is nothing to show but the sample.
fn is_empty(report: &SpendingReport) -> bool {
    report.connections.is_empty() && report.months.iter().all(|month| month.spent.requests == 0)
}

/// What is said about the sample's requests, which are in no other sum.
fn sample_words(sample: &Spent) -> Option<String> {
    (sample.requests > 0).then(|| {
        format!(
            "{} this month went to the simulator inside this server. They cost nothing and are in \
             no sum on this page; with AWS they would have cost {}.",
            requests(sample),
            sample.price.display()
        )
    })
}

/// `1 request`, `12 requests`.
fn requests(spent: &Spent) -> String {
    let number = u32::try_from(spent.requests).unwrap_or(u32::MAX);
    count(number, "request", "requests")
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="card">
            <h2>"Nothing yet"</h2>
            <p>
                "This server hasn’t asked AWS anything for you in the last twelve months. "
                "What it asks will be listed here, to the cent."
            </p>
            <p><a class="button" href="/connect">"Connect an AWS account"</a></p>
        </div>
    }
    .erased()
}

#[component]
fn Report(report: SpendingReport) -> impl IntoView {
    let today = Period::day(report.today);
    let month = Period::month_to_date(report.today);
    view! {
        <section aria-labelledby="sums-title">
            <h2 id="sums-title" class="hidden">"Today and this month"</h2>
            <dl class="figures figures--two">
                <Sum label="Today" spent=report.spent_today period=today/>
                <Sum label="This month so far" spent=report.spent_this_month period=month/>
            </dl>
        </section>
        <ByConnection connections=report.connections/>
        <ByOperation operations=report.operations/>
        <ByMonth months=report.months/>
        <Comparisons comparisons=report.comparisons/>
    }
    .erased()
}

#[component]
fn Sum(label: &'static str, spent: Spent, period: Period) -> impl IntoView {
    view! {
        <div class="figure">
            <dt class="figure__label">{label}</dt>
            <dd class="figure__value"><Amount money=spent.price/></dd>
            <dd class="figure__period">{period.to_string()} " · " {requests(&spent)}</dd>
        </div>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use domain::money::{Money, Nanos};

    use super::*;

    #[test]
    fn the_sample_is_called_free() {
        assert_eq!(sample_words(&Spent::NOTHING), None);
        let sample = Spent {
            requests: 3,
            price: Money::new(Nanos(20_000_000), Spent::NOTHING.price.currency),
            ..Spent::NOTHING
        };
        let words = sample_words(&sample).unwrap();
        assert!(
            words.starts_with("3 requests this month") && words.contains("would have cost $0.02")
        );
    }
}
