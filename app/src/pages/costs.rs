//! Costs broken down by anything, over any period. What is stored is shown; for the rest the
//! page says what AWS would have to be asked and what that costs. All of it stands in the address.

use domain::{
    breakdown::{Breakdown, Found, Outcome},
    cube::Question,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::breakdowns,
    components::{
        answered::Answered,
        asked_list::AskedList,
        breakdown_table::{BreakdownTable, Names, title},
        cap::CapNotice,
        frame::Loading,
        of_connection::{OfConnection, choose},
        offer::{AskForm, OfferPanel},
        problem::ProblemBox,
        sync_progress::SyncProgress,
        wish_address::wish,
        wish_form::{Choices, WishForm},
        words::{known_note, time},
    },
};

/// The Breakdown page.
#[component]
pub fn CostsPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let query = use_query_map();
    let wished = Memo::new(move |_| query.with(wish));
    let page = Resource::new_blocking(
        move || (of.wanted.get(), wished.get()),
        move |(wanted, wish)| async move {
            match choose(&of.list.await?, wanted.as_deref()) {
                Some(id) => breakdowns::breakdown(id, wish).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let again = Callback::new(move |()| page.refetch());
    view! {
        <Title text="Breakdown"/>
        <Transition fallback=Loading>
            <Answered answer=page let:page><Content of=of page=page again=again/></Answered>
        </Transition>
    }
    .into_any()
}

#[component]
fn Content(of: OfConnection, page: Signal<Breakdown>, again: Callback<()>) -> impl IntoView {
    let current = Memo::new(move |_| page.with(|page| page.connection.to_string()));
    let connections = Memo::new(move |_| of.connection_field(current.into()).options.get());
    let choices = Memo::new(move |_| page.with(Choices::of));
    let outcome = Memo::new(move |_| page.with(|page| page.outcome.clone()));
    let sync = Signal::derive(move || page.with(|page| page.sync.clone()));
    let connection = Memo::new(move |_| page.with(|page| page.connection));
    let cap = Memo::new(move |_| page.with(|page| page.cap.clone()));
    let asked = Memo::new(move |_| page.with(|page| page.asked.clone()));
    view! {
        <div class="page">
            <div class="page__head">
                <div>
                    <h1>"Breakdown"</h1>
                    <p class="page__of">{move || of.caption(&current.get())}</p>
                </div>
            </div>
            {move || view! {
                <WishForm connections=connections.get() current=current.get() choices=choices.get()/>
            }}
            {move || view! { <CapNotice cap=cap.get()/> }}
            {move || view! {
                <SyncProgress connection=connection.get() sync=sync on_news=move |_| again.run(())/>
            }}
            {move || {
                let told = page.get_untracked();
                view! { <Shown outcome=outcome.get() page=told again=again/> }
            }}
            {move || view! {
                <AskedList connection=current.get() asked=asked.get() on_forgotten=again/>
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Shown(outcome: Outcome, page: Breakdown, again: Callback<()>) -> impl IntoView {
    let on_asked = move |_| again.run(());
    match outcome {
        Outcome::Found(found) => view! { <Numbers found=*found page=page again=again/> }.into_any(),
        Outcome::Ask(offer) => {
            view! { <OfferPanel offer=offer cap=page.cap on_asked=on_asked/> }.into_any()
        }
        Outcome::OnItsWay(question) => view! { <OnItsWay question=question/> }.into_any(),
        Outcome::Refused(error) => view! { <ProblemBox error=error/> }.into_any(),
    }
}

#[component]
fn OnItsWay(question: Question) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="coming-title">
            <h2 id="coming-title">"The answer is on its way"</h2>
            <p>{question.label()} " is asked next. It is shown here as soon as it has come."</p>
        </section>
    }
    .into_any()
}

#[component]
fn Numbers(found: Found, page: Breakdown, again: Callback<()>) -> impl IntoView {
    let note = known_note(found.known);
    let nothing = found.known.days == found.known.missing;
    let names: Names = page
        .names
        .iter()
        .map(|one| (one.account.to_string(), one.name.clone()))
        .collect();
    let about = about(&found);
    let heading = title(&found.report.group_by);
    let as_of = match found.as_of {
        Some(at) => format!("As of {}.", time(at)),
        None => "Nothing has been asked for yet.".to_owned(),
    };
    let on_asked = move |_| again.run(());
    let anew = match found.again.clone() {
        Some(offer) => {
            view! { <AskForm offer=offer cap=page.cap.clone() on_asked=on_asked/> }.into_any()
        }
        None => {
            let overview = format!("/?connection={}", page.connection);
            view! { <p><a href=overview>"Refresh on the Overview"</a></p> }.into_any()
        }
    };
    view! {
        <section class="card" aria-labelledby="numbers-title">
            <h2 id="numbers-title">{heading}</h2>
            <p class="muted">{about}</p>
            {(!note.is_empty()).then(|| view! { <p class="notice">{note}</p> })}
            {(!nothing).then(|| view! { <BreakdownTable found=found names=names/> })}
            <div class="fresh">
                <p class="fresh__text">{as_of}</p>
                {anew}
            </div>
        </section>
    }
    .into_any()
}

/// What is counted, in a sentence.
fn about(found: &Found) -> String {
    let wanted = &found.wanted;
    let only = match &wanted.filter {
        Some(filter) => format!(" Only where {}.", filter.words()),
        None => String::new(),
    };
    format!(
        "{}, days in UTC. {} cost; {}.{only}",
        wanted.period,
        wanted.counted().label(),
        wanted.view.label().to_lowercase(),
    )
}
