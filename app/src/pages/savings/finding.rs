//! One finding: what it is, what AWS said, the arithmetic, how to mend it, and what becomes of it.

use domain::{
    findings::{Finding, FindingState, Worth},
    money::{Money, Nanos},
};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    api::savings::{self, Decide},
    components::{
        amount::Amount,
        copy::CopyBlock,
        data_table::{DataTable, number, words as head},
        form::{Field, FormError, FormState, Submit, form_state},
        frame::Loading,
        problem::Problem,
        words::{day, time},
    },
    erased::Erase,
    loaded::loaded,
};

/// The finding that the path names.
#[component]
pub fn FindingPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let loaded = loaded(id, savings::finding);
    let again = Callback::new(move |()| loaded.refetch());
    view! {
        <Title text="Finding"/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(found) => Either::Left(view! { <Found finding=found again=again/> }),
                    Err(error) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Transition>
    }
    .erased()
}

#[component]
fn Found(finding: Finding, again: Callback<()>) -> impl IntoView {
    let back = format!("/savings?connection={}", finding.connection);
    let one = finding.assessed.clone();
    let title = one.check.label();
    let name = one.name.clone().unwrap_or_else(|| one.resource.clone());
    let facts = [
        ("Resource", one.resource.clone()),
        ("Region", one.region.clone()),
        ("Found on", time(finding.found_at)),
    ];
    let facts = facts
        .into_iter()
        .map(|(what, value)| (what.to_owned(), value));
    let facts = facts.chain(one.facts.clone()).map(|(what, value)| {
        view! { <div><dt>{what}</dt><dd>{value}</dd></div> }
    });
    view! {
        <div class="page page--narrow">
            <p class="crumb"><a href=back>"Savings"</a> " / " {name.clone()}</p>
            <h1>{title}</h1>
            <p class="lead">{one.check.why()}</p>
            <Standing finding=finding.clone()/>
            <section class="card" aria-labelledby="facts-title">
                <h2 id="facts-title">"What AWS said"</h2>
                <dl class="facts">{facts.collect_view()}</dl>
            </section>
            <Arithmetic finding=finding.clone()/>
            {(finding.state != FindingState::Resolved).then(|| view! {
                <section class="card" aria-labelledby="mend-title">
                    <h2 id="mend-title">"How to mend it"</h2>
                    <p>
                        "Run this yourself, or do the same in AWS’s console. Cost Tracker may only read, and never "
                        "changes anything in AWS. Make sure first that nobody needs it."
                    </p>
                    <CopyBlock what="Command" text=one.command.clone()/>
                    <p><a href=one.console.clone() rel="external noopener" target="_blank">"Open in AWS’s console"</a></p>
                </section>
                <Decisions finding=finding.clone() again=again/>
            })}
        </div>
    }
    .erased()
}

/// What became of it so far.
#[component]
fn Standing(finding: Finding) -> impl IntoView {
    let (class, words) = match finding.state {
        FindingState::Open => return ().erased(),
        FindingState::Snoozed => {
            let until = finding.until.map(day).unwrap_or_default();
            (
                "notice",
                format!("Snoozed until {until}: {}", finding.reason),
            )
        }
        FindingState::Dismissed => ("notice", format!("Dismissed: {}", finding.reason)),
        FindingState::Resolved => {
            let at = finding.resolved_at.map(time).unwrap_or_default();
            let saved = finding.per_month();
            let at_most = if finding.assessed.upper_bound {
                "at most "
            } else {
                ""
            };
            let words = match saved.amount.0 {
                0 => "What it was about costs as much as before: nothing is booked as saved."
                    .to_owned(),
                _ => format!("{}{} a month is booked as saved.", at_most, saved.display()),
            };
            (
                "notice notice--good",
                format!("It has changed or is gone, as seen on {at}. {words}"),
            )
        }
    };
    view! { <div class=class><p>{words}</p></div> }.erased()
}

#[component]
fn Arithmetic(finding: Finding) -> impl IntoView {
    let one = finding.assessed.clone();
    let unpriced = "AWS billed no such usage in the last 30 finished days, and no list price is known for this \
                    region: what it costs can’t be told before it is on the bill.";
    if one.lines.is_empty() {
        let words = match one.worth {
            Worth::NoPrice => unpriced,
            Worth::Free => "AWS bills nothing for such usage at present.",
            Worth::Hint | Worth::Money => "No money is counted here.",
        };
        return view! { <section class="card"><h2>"What it costs"</h2><p>{words}</p></section> }
            .erased();
    }
    let currency = finding.currency;
    let month = Money::new(one.per_month(), currency);
    let a_day = Money::new(Nanos(month.amount.0 / 30), currency);
    let so_far = finding.so_far().filter(|money| money.amount.0 > 0);
    let lines = one.lines.into_iter().map(move |line| {
        let money = Money::new(line.amount, currency);
        view! {
            <tr><th scope="row" class="table__sum">{line.text}</th><td class="number"><Amount money=money/></td></tr>
        }
    });
    let foot = view! {
        <tr>
            <th scope="row">"For a month of 30 days"</th>
            <td class="number number--total"><Amount money=month/></td>
        </tr>
    }
    .erased();
    view! {
        <section class="card" aria-labelledby="sum-title">
            <h2 id="sum-title">"What it comes to"</h2>
            <DataTable name="The arithmetic, line by line" heads=vec![head("Line"), number("A month")] foot=Some(foot)>
                {lines.collect_view()}
            </DataTable>
            <p class="muted">
                <Amount money=a_day/> " a day."
                {so_far.map(|money| view! { " Since it began, as far as we know: " <Amount money=money/> "." })}
                {(one.worth == Worth::NoPrice).then_some(" Not all of it: of the rest no price is known.")}
                {(one.worth == Worth::Free).then_some(" AWS bills nothing for such usage at present: a free tier, or credits, pay for it.")}
                {one.upper_bound.then_some(" An upper bound: snapshots share what hasn’t changed.")}
                {one.cut.then_some(" Cut: all findings together claim no more of a usage type or a service than AWS billed in the last 30 finished days.")}
            </p>
        </section>
    }
    .erased()
}

#[component]
fn Decisions(finding: Finding, again: Callback<()>) -> impl IntoView {
    let decide = ServerAction::<Decide>::new();
    let state = form_state(decide);
    Effect::new(move |_| {
        if decide.value().get().is_some_and(|answer| answer.is_ok()) {
            again.try_run(());
        }
    });
    let (id, again_id) = (finding.id.to_string(), finding.id.to_string());
    let is_open = finding.state == FindingState::Open;
    view! {
        <section class="card" aria-labelledby="decide-title">
            <h2 id="decide-title">"Or not now"</h2>
            <FormError state=state/>
            {(!is_open).then(move || view! {
                <ActionForm action=decide>
                    <input type="hidden" name="finding" value=again_id/>
                    <input type="hidden" name="state" value="open"/>
                    <Submit state=state label="Open it again" pending="Opening…" class="button"/>
                </ActionForm>
            })}
            {is_open.then(move || view! { <Snooze decide=decide state=state id=id/> })}
        </section>
    }
    .erased()
}

#[component]
fn Snooze(decide: ServerAction<Decide>, state: FormState, id: String) -> impl IntoView {
    let days = [
        (7, "a week"),
        (30, "a month"),
        (90, "three months"),
        (365, "a year"),
    ];
    let days = days.map(|(days, label)| {
        view! { <option value=days.to_string() selected=days == 30>{label}</option> }
    });
    let dismissed = id.clone();
    view! {
        <ActionForm action=decide>
            <input type="hidden" name="finding" value=id/>
            <input type="hidden" name="state" value="snoozed"/>
            <div class="filters__row">
                <div class="field">
                    <label class="field__label" for="days">"Snooze for"</label>
                    <select class="input" id="days" name="days" autocomplete="off">{days.into_iter().collect_view()}</select>
                </div>
                <Field state=state id="snooze-reason" name="reason" label="Reason" maxlength=500/>
            </div>
            <Submit state=state label="Snooze" pending="Snoozing…" class="button"/>
        </ActionForm>
        <ActionForm action=decide>
            <input type="hidden" name="finding" value=dismissed/>
            <input type="hidden" name="state" value="dismissed"/>
            <Field state=state id="dismiss-reason" name="reason" label="Reason" maxlength=500/>
            <Submit state=state label="Dismiss" pending="Dismissing…" class="button button--quiet"/>
        </ActionForm>
    }
    .erased()
}
