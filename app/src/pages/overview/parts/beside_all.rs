//! What stands beside the figures of several connections: what could be got back, what credits
//! took off, and what this tool itself costs, added up.

use domain::{beside::Beside, money::Money};
use leptos::prelude::*;

use crate::{
    components::{
        amount::Amount,
        words::{count, month},
    },
    erased::Erase,
};

/// The second line of figures.
#[component]
pub fn BesideAll(
    /// Of all connections of one sum.
    beside: Beside,
) -> impl IntoView {
    let label = "Waste, credits, and what this tool costs, together";
    let credits = (!beside.credits.is_empty()).then(|| {
        view! {
            <div class="figure">
                <dt class="figure__label">"Credits this month so far"</dt>
                <Amounts amounts=beside.credits.clone()/>
                <dd class="figure__note">"AWS doesn’t tell programs how much of them is left: its Billing console does."</dd>
            </div>
        }
    });
    view! {
        <section aria-label=label>
            <h2 class="hidden">{label}</h2>
            <dl class="figures figures--beside">
                <Findings beside=beside.clone()/>
                <UnusedParts beside=beside.clone()/>
                {credits}
                <OwnCost beside=beside/>
            </dl>
        </section>
    }
    .erased()
}

#[component]
fn Findings(beside: Beside) -> impl IntoView {
    let known = match beside.findings.is_empty() {
        true => view! { <Unknown words="Not looked yet"/> }.erased(),
        false => view! {
            <Amounts amounts=beside.findings after=" a month"/>
            <dd class="figure__note">{count(beside.open, "finding", "findings")}</dd>
        }
        .erased(),
    };
    let without = without(beside.not_looked, "not looked through yet");
    view! {
        <div class="figure">
            <dt class="figure__label">"Resources in EC2 that do nothing, or cost too much"</dt>
            {known}
            {without.map(|words| view! { <dd class="figure__note">{words}</dd> })}
        </div>
    }
    .erased()
}

#[component]
fn UnusedParts(beside: Beside) -> impl IntoView {
    let known = match (beside.unused.is_empty(), beside.none_owned) {
        (true, 0) => view! { <Unknown words="Not known"/> }.erased(),
        (true, _) => view! { <Unknown words="None owned"/> }.erased(),
        (false, _) => {
            let months = beside.unused.iter().map(|one| {
                view! {
                    <dd class="figure__value figure__value--small"><Amount money=one.cost/></dd>
                    <dd class="figure__note">{month(one.month)}</dd>
                }
            });
            months.collect_view().erased()
        }
    };
    let without = without(beside.not_asked, "not known yet");
    view! {
        <div class="figure">
            <dt class="figure__label">"Unused part of commitments"</dt>
            {known}
            {without.map(|words| view! { <dd class="figure__note">{words}</dd> })}
        </div>
    }
    .erased()
}

#[component]
fn OwnCost(beside: Beside) -> impl IntoView {
    let known = match beside.spent.is_empty() {
        true => view! {
            <dd class="figure__value figure__value--small">"Free"</dd>
            <dd class="figure__note">"The sample account is inside this server."</dd>
        }
        .erased(),
        false => {
            let caps: Vec<String> = beside.caps.iter().map(Money::display).collect();
            let caps = format!("Of {} at most, all caps together.", caps.join(" and "));
            view! {
                <Amounts amounts=beside.spent/>
                <dd class="figure__note">{caps}</dd>
                <dd class="figure__note"><a href="/spending">"Every request and its price"</a></dd>
            }
            .erased()
        }
    };
    view! {
        <div class="figure">
            <dt class="figure__label">"This tool’s own requests to AWS this month"</dt>
            {known}
        </div>
    }
    .erased()
}

/// One amount for each currency.
#[component]
fn Amounts(amounts: Vec<Money>, #[prop(optional)] after: &'static str) -> impl IntoView {
    let amounts = amounts.into_iter().map(|money| {
        view! {
            <dd class="figure__value figure__value--small"><Amount money=money/> {after}</dd>
        }
    });
    amounts.collect_view()
}

#[component]
fn Unknown(words: &'static str) -> impl IntoView {
    view! { <dd class="figure__value figure__value--small figure__none">{words}</dd> }
}

/// How many connections are in no sum, and why; nothing where all are in it.
fn without(number: u32, why: &str) -> Option<String> {
    let connections = count(number, "connection", "connections");
    (number > 0).then(|| format!("Without {connections}, {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_in_no_sum_is_counted() {
        let words = |number| without(number, "not known yet");
        assert_eq!(words(0), None);
        assert_eq!(words(1).unwrap(), "Without 1 connection, not known yet.");
        assert!(words(2).unwrap().starts_with("Without 2 connections,"));
    }
}
