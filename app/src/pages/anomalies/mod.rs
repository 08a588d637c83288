//! What cost more than it should: all of the last days, and one event in detail. Reads the
//! store alone; AWS is asked for its own findings by a button with the price.

use domain::{
    account::ConnectionId,
    cube::LinkedAccountName,
    detector::{Kind, Sensitivity},
    unusual::{Finding, Mark, Unusual},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::anomalies::{self, SetSensitivity},
    components::{
        amount::Amount,
        answered::Answered,
        data_table::{DataTable, number, words},
        form::{FormError, Submit, form_state},
        frame::Loading,
        of_connection::OfConnection,
        problem::escape,
        savings_tabs::{SavingsTab, SavingsTop},
    },
    erased::Erase,
    loaded::loaded,
};

mod aws;
mod closeup;
mod mark;

use aws::AwsSide;
use closeup::CloseupCard;

/// The Anomalies page.
#[component]
pub fn AnomaliesPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let query = use_query_map();
    let event = Memo::new(move |_| query.with(|query| query.get("event").unwrap_or_default()));
    let page = loaded(
        move || (of.wanted.get(), event.get()),
        move |(wanted, event)| of.load(wanted, move |id| anomalies::of_connection(id, event)),
    );
    let again = Callback::new(move |()| page.refetch());
    view! {
        <Title text="Anomalies"/>
        <Transition fallback=Loading>
            <Answered answer=page let:page><Content of=of page=page again=again/></Answered>
        </Transition>
    }
    .erased()
}

#[component]
fn Content(of: OfConnection, page: Signal<Unusual>, again: Callback<()>) -> impl IntoView {
    let current = Signal::derive(move || page.with(|page| page.connection.to_string()));
    view! {
        <div class="page">
            <SavingsTop title="Anomalies" shown=SavingsTab::Anomalies of=of current=current chooses=true/>
            {move || view! { <All page=page.get() again=again/> }}
        </div>
    }
    .erased()
}

#[component]
fn All(page: Unusual, again: Callback<()>) -> impl IntoView {
    let count = page.findings.len();
    let open = page
        .findings
        .iter()
        .filter(|one| one.mark.is_none())
        .count();
    let chosen = page.closeup.as_ref().map(|one| one.finding.id.clone());
    let lines = page.findings.iter().map(|one| {
        let here = chosen.as_ref() == Some(&one.id);
        line(page.connection, one, &page.names, here)
    });
    let lines = lines.collect_view();
    let heads = vec![
        words("Days"),
        words("Service"),
        words("Account"),
        words("What happened"),
        number("Cost"),
        number("More than usual"),
        words("Marked"),
    ];
    let summary = match (page.has_days, count, open) {
        (false, ..) => {
            "Nothing is stored yet: when the first costs have come, they are looked at here."
                .to_owned()
        }
        (true, 0, _) => format!(
            "Nothing unusual in {}: every service cost about what its own past lets one expect.",
            page.period
        ),
        (true, _, open) => format!(
            "{count} from {}, {open} of them not marked. Each service of each account is compared with its own \
             weekdays, month’s starts and growth; only what costs too much is listed.",
            page.period
        ),
    };
    let names = page.names.clone();
    let connection = page.connection;
    let monitors = page.aws.as_ref().and_then(|aws| aws.monitors.told());
    let monitors = monitors.cloned().unwrap_or_default();
    view! {
        <section class="card" aria-labelledby="found-title">
            <h2 id="found-title">"What cost more than it should"</h2>
            <p class="muted">{summary}</p>
            {(count > 0).then(|| view! {
                <DataTable name="Anomalies" caption="Unusual costs, the largest first" heads=heads>
                    {lines}
                </DataTable>
            })}
        </section>
        {page.closeup.map(|closeup| view! {
            <CloseupCard connection=connection closeup=closeup monitors=monitors names=names again=again/>
        })}
        <AwsSide
            connection=connection
            aws=page.aws
            alone=page.aws_alone
            may_ask=page.may_ask
            cap=page.cap
            names=page.names
            again=again
        />
        <SensitivityForm connection=connection sensitivity=page.sensitivity again=again/>
    }
    .erased()
}

fn line(
    connection: ConnectionId,
    one: &Finding,
    names: &[LinkedAccountName],
    here: bool,
) -> AnyView {
    let link = format!(
        "/savings/anomalies?connection={connection}&event={}#closeup",
        escape(&one.id.to_text())
    );
    let cost = domain::money::Money::new(one.event.actual, one.currency);
    let both = (!one.aws.is_empty()).then_some(" AWS says so too.");
    view! {
        <tr class:is-chosen=here>
            <th scope="row"><a href=link aria-current=here.then_some("true")>{one.event.period.to_string()}</a></th>
            <td>{one.id.service.clone()}</td>
            <td>{account_name(&one.id.account, names)}</td>
            <td>{kind_words(one.event.kind)}{both}</td>
            <td class="number"><Amount money=cost/></td>
            <td class="number"><Amount money=one.impact() signed=true/></td>
            <td>{one.mark.map_or("", mark_words)}</td>
        </tr>
    }
    .erased()
}

/// The account's name where it has one, else its number.
fn account_name(account: &str, names: &[LinkedAccountName]) -> String {
    let name = names.iter().find(|one| one.account.as_str() == account);
    name.map_or_else(|| account.to_owned(), |one| one.name.clone())
}

const fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Spike => "Some days that stand out.",
        Kind::Step => "Higher from one day on.",
        Kind::Drift => "A little more every week.",
        Kind::New => "New: it cost nothing before.",
    }
}

const fn mark_words(mark: Mark) -> &'static str {
    match mark {
        Mark::Expected => "Expected",
        Mark::Mistake => "A mistake",
    }
}

#[component]
fn SensitivityForm(
    connection: ConnectionId,
    sensitivity: Sensitivity,
    again: Callback<()>,
) -> impl IntoView {
    let set = ServerAction::<SetSensitivity>::new();
    let state = form_state(set);
    Effect::new(move |_| {
        if let Some(Ok(())) = set.value().get() {
            again.run(());
        }
    });
    let choices = Sensitivity::ALL.map(|one| {
        let (name, what) = sensitivity_words(one);
        view! {
            <label class="choice">
                <input type="radio" name="sensitivity" value=one.as_str() checked=one == sensitivity/>
                <span>{name}</span>
                <span class="choice__price muted">{what}</span>
            </label>
        }
    });
    view! {
        <section class="card" aria-labelledby="sensitivity-title">
            <h2 id="sensitivity-title">"How little is enough to be listed"</h2>
            <FormError state=state/>
            <ActionForm action=set>
                <input type="hidden" name="connection" value=connection.to_string()/>
                <fieldset class="choices">
                    <legend class="hidden">"Sensitivity"</legend>
                    {choices}
                </fieldset>
                <Submit state=state label="Save" pending="Saving…" class="button"/>
            </ActionForm>
        </section>
    }
    .erased()
}

const fn sensitivity_words(sensitivity: Sensitivity) -> (&'static str, &'static str) {
    match sensitivity {
        Sensitivity::Low => ("Low", "from 50% and 20 more"),
        Sensitivity::Normal => ("Normal", "from 20% and 2 more"),
        Sensitivity::High => ("High", "from 10% and 0.20 more"),
    }
}
