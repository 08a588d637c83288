//! How reservations and Savings Plans did, by month and by day, against a target. Reads AWS's
//! last answers from the store; AWS is asked by a button with the price.

use domain::{
    account::ConnectionId,
    committed::{Committed, CommittedFromAws, Targets, price},
    money::{Currency, Money},
    spending::CapStatus,
};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::commitments::{self, AskCommitments, SetTargets},
    components::{
        amount::Amount,
        answered::Answered,
        consent::{Consent, ask_label},
        form::{Field, FormError, Submit, form_state},
        frame::Loading,
        of_connection::OfConnection,
        savings_tabs::{SavingsTab, SavingsTop},
        words::{self, time},
    },
    erased::Erase,
    loaded::loaded,
};

mod holding;

use holding::HoldingCard;

/// The Commitments page.
#[component]
pub fn CommitmentsPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let page = loaded(
        move || of.wanted.get(),
        move |wanted| of.load(wanted, commitments::of_connection),
    );
    let again = Callback::new(move |()| page.refetch());
    view! {
        <Title text="Commitments"/>
        <Transition fallback=Loading>
            <Answered answer=page let:page><Content of=of page=page again=again/></Answered>
        </Transition>
    }
    .erased()
}

#[component]
fn Content(of: OfConnection, page: Signal<Committed>, again: Callback<()>) -> impl IntoView {
    let current = Signal::derive(move || page.with(|page| page.connection.to_string()));
    view! {
        <div class="page">
            <SavingsTop title="Commitments" shown=SavingsTab::Commitments of=of current=current chooses=true/>
            {move || view! { <All page=page.get() again=again/> }}
        </div>
    }
    .erased()
}

#[component]
fn All(page: Committed, again: Callback<()>) -> impl IntoView {
    let Committed {
        connection,
        today,
        currency,
        aws,
        targets,
        kinds,
        may_ask,
        cap,
    } = page;
    let asked = aws.is_some();
    let answers = aws.map(|aws| {
        let wasted = aws.unused_in_month(today);
        let month = words::month(today);
        view! { <Answers aws=aws wasted=wasted.map(|one| Money::new(one, currency)) month=month targets=targets currency=currency/> }
    });
    view! {
        {answers}
        {may_ask.then(|| view! {
            <AskCard connection=connection kinds=kinds cap=cap asked=asked again=again/>
        })}
        <TargetForm connection=connection targets=targets again=again/>
    }
    .erased()
}

#[component]
fn Answers(
    aws: CommittedFromAws,
    wasted: Option<Money>,
    month: String,
    targets: Targets,
    currency: Currency,
) -> impl IntoView {
    let owned = aws.holdings.iter().any(|one| one.owned().is_some());
    let none = aws
        .holdings
        .iter()
        .all(|one| one.held.told().is_some_and(Option::is_none));
    let asked_at = time(aws.asked_at);
    let figure = owned.then(|| {
        let value = match wasted {
            Some(wasted) => view! { <Amount money=wasted/> }.erased(),
            None => view! { <span class="figure__none">"Not known"</span> }.erased(),
        };
        view! {
            <dl class="figures figures--one">
                <div class="figure">
                    <dt class="figure__label">"What unused commitments cost this month so far"</dt>
                    <dd class="figure__value">{value}</dd>
                    <dd class="figure__period">{month}</dd>
                </div>
            </dl>
        }
    });
    let nothing = none.then(|| {
        view! {
            <div class="card">
                <h2>"None owned"</h2>
                <p>
                    "This account had no Savings Plan and no reservation in the last year, so none of them is \
                     unused. That isn’t the same as using 0% of them."
                </p>
            </div>
        }
    });
    let cards = (!none).then(|| {
        let cards = aws.holdings.into_iter();
        let cards =
            cards.map(|one| view! { <HoldingCard holding=one targets=targets currency=currency/> });
        cards.collect_view()
    });
    view! {
        {figure}
        {nothing}
        {cards}
        <p class="muted">
            "AWS was asked at " {asked_at}
            ". When a commitment ends, AWS tells in answers that this version doesn’t ask for: look at its console before you buy anew."
        </p>
    }
    .erased()
}

#[component]
fn AskCard(
    connection: ConnectionId,
    kinds: u32,
    cap: CapStatus,
    asked: bool,
    again: Callback<()>,
) -> impl IntoView {
    let ask = ServerAction::<AskCommitments>::new();
    let state = form_state(ask);
    Effect::new(move |_| {
        if let Some(Ok(())) = ask.value().get() {
            again.run(());
        }
    });
    let (least, most) = price(kinds);
    let label = match cap.sample {
        true => ask_label(most, true, asked),
        false => {
            let what = if asked { "Ask AWS again" } else { "Ask AWS" };
            format!("{what} — {} to {}", least.display(), most.display())
        }
    };
    view! {
        <section class="card" aria-labelledby="ask-title">
            <h2 id="ask-title">"AWS has to be asked for this"</h2>
            <p>
                {format!(
                    "How Savings Plans and the reservations of each service you use did, in the last twelve months \
                     and by day since last month: {} where you own none, up to {} where you own all {kinds} kinds. \
                     The answer is good for a day; opening this page asks nothing.",
                    least.display(),
                    most.display(),
                )}
            </p>
            <FormError state=state/>
            <ActionForm action=ask>
                <input type="hidden" name="connection" value=connection.to_string()/>
                <Consent cap=cap price=most/>
                <Submit state=state label=label pending="Asking…"/>
            </ActionForm>
        </section>
    }
    .erased()
}

#[component]
fn TargetForm(connection: ConnectionId, targets: Targets, again: Callback<()>) -> impl IntoView {
    let set = ServerAction::<SetTargets>::new();
    let state = form_state(set);
    Effect::new(move |_| {
        if let Some(Ok(())) = set.value().get() {
            again.run(());
        }
    });
    view! {
        <section class="card" aria-labelledby="targets-title">
            <h2 id="targets-title">"What is to be reached"</h2>
            <FormError state=state/>
            <ActionForm action=set>
                <input type="hidden" name="connection" value=connection.to_string()/>
                <Field state=state name="used" label="Used, in percent of what is paid for" kind="text" autocomplete="off" value=targets.used.to_string()/>
                <Field state=state name="covered" label="Covered, in percent of what could be" kind="text" autocomplete="off" value=targets.covered.to_string()/>
                <Submit state=state label="Save" pending="Saving…" class="button"/>
            </ActionForm>
        </section>
    }
    .erased()
}
