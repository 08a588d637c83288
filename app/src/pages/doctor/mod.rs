//! The key doctor's page: what a key may do, and how to mend what it may not.

use domain::doctor::{CheckState, Examination};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    api::doctor,
    components::{copy::CopyBlock, frame::Loading, problem::Problem, words::count},
    erased::Erase,
    loaded::loaded,
};

mod check;
mod rows;

use check::{CheckForm, Running};
pub use rows::DoctorCard;
use rows::Rows;

/// The key of the connection that the path names.
#[component]
pub fn DoctorPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let loaded = loaded(id, doctor::known);
    view! {
        <Title text="Key doctor"/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(found) => Either::Left(view! {
                        <Found found=found again=move || loaded.refetch()/>
                    }),
                    Err(error) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Transition>
    }
    .erased()
}

#[component]
fn Found(found: Examination, #[prop(into)] again: Callback<()>) -> impl IntoView {
    let connection = format!("/connections/{}", found.connection);
    let name = found.name.clone();
    let policy = found.mending_policy();
    let running = found.progress.filter(|progress| progress.running);
    let cut_off = found
        .progress
        .filter(|progress| !progress.running && progress.done < progress.total);
    view! {
        <div class="page page--narrow">
            <p class="crumb">
                <a href="/connections">"Connections"</a> " / " <a href=connection>{name.clone()}</a>
            </p>
            <h1>"Key doctor"</h1>
            <p class="lead">"What “" {name} "” may ask of AWS, action by action, and how to mend what it may not."</p>
            {running.map(|progress| view! { <Running progress=progress again=again/> })}
            {cut_off.map(|progress| view! {
                <div class="notice notice--warning">
                    <p>
                        "The last check was cut off after " {progress.done} " of "
                        {count(progress.total, "action", "actions")} ". What it found is kept."
                    </p>
                </div>
            })}
            <CheckForm found=found.clone() on_begun=again/>
            {policy.map(|policy| view! {
                <section class="card" aria-labelledby="policy-title">
                    <h2 id="policy-title">"One policy that mends it"</h2>
                    <p>"Everything that no policy allows yet. Attach it to the key’s user or role in IAM, then check again."</p>
                    <CopyBlock what="IAM policy for everything denied" text=policy/>
                </section>
            })}
            <p class="doctor__sum">{summary(&found)}</p>
            <Rows found=found on_begun=again/>
        </div>
    }
    .erased()
}

/// How many of each: `9 granted · 2 denied · 6 not checked`.
fn summary(found: &Examination) -> String {
    let mut parts: Vec<String> = CheckState::ALL
        .into_iter()
        .filter_map(|state| {
            let number = found.count(state);
            let words = rows::state_words(Some(state)).1.to_lowercase();
            (number > 0).then(|| format!("{number} {words}"))
        })
        .collect();
    let unchecked = found
        .rows
        .iter()
        .filter(|row| row.finding.is_none())
        .count();
    if unchecked > 0 {
        parts.push(format!("{unchecked} not checked"));
    }
    parts.join(" · ")
}
