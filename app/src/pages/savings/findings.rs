//! What could be saved: the sums, and the findings, the dearest first.

use domain::{
    findings::{Check, Finding, FindingState, FindingWish, Findings, Sums, Worth},
    inventory::LINES,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use super::thresholds::ThresholdsForm;
use crate::{
    api::savings,
    components::{
        amount::Amount,
        answered::Answered,
        choose::{Choose, ChooseConnection, Options},
        data_table::{DataTable, number, words as head},
        frame::Loading,
        of_connection::OfConnection,
        problem::query,
        savings_tabs::{SavingsTab, SavingsTop},
        scan_state::{Looked, ScanState},
        words::{count, day},
    },
    erased::Erase,
    loaded::loaded,
};

/// The Findings page.
#[component]
pub fn SavingsPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let query = use_query_map();
    let wished = Memo::new(move |_| query.with(wish));
    let page = loaded(
        move || (of.wanted.get(), wished.get()),
        move |(wanted, wish)| of.load(wanted, move |id| savings::findings(id, wish)),
    );
    let again = Callback::new(move |()| page.refetch());
    view! {
        <Title text="Savings"/>
        <Transition fallback=Loading>
            <Answered answer=page let:page><Content of=of page=page again=again/></Answered>
        </Transition>
    }
    .erased()
}

fn wish(query: &ParamsMap) -> FindingWish {
    let text = |name: &str| query.get(name).unwrap_or_default();
    FindingWish {
        check: text("check"),
        state: text("state"),
        region: text("region"),
        page: text("page").parse().unwrap_or_default(),
    }
}

fn address(connection: &str, wish: &FindingWish) -> String {
    let page = wish.page.to_string();
    let pairs = [
        ("connection", connection),
        ("check", &*wish.check),
        ("state", &wish.state),
        ("region", &wish.region),
        ("page", if wish.page > 1 { &page } else { "" }),
    ];
    format!("/savings?{}", query(&pairs))
}

#[component]
fn Content(of: OfConnection, page: Signal<Findings>, again: Callback<()>) -> impl IntoView {
    let current = Memo::new(move |_| page.with(|page| page.connection.to_string()));
    let looked = Memo::new(move |_| {
        page.with(|page| Looked {
            connection: page.connection,
            scan: page.scan.clone(),
            as_of: page.as_of,
            gaps: page.gaps.clone(),
            closed_regions: page.closed_regions,
        })
    });
    let connections = Memo::new(move |_| of.connection_field(current.into()).options.get());
    let form = Memo::new(move |_| page.with(|page| (page.wish.clone(), page.regions.clone())));
    let sums = Memo::new(move |_| page.with(|page| page.sums));
    let thresholds = Memo::new(move |_| page.with(|page| page.thresholds));
    let rows = Memo::new(move |_| {
        page.with(|page| (page.wish.clone(), page.total, page.rows.clone(), page.as_of))
    });
    view! {
        <div class="page">
            <SavingsTop title="Savings" shown=SavingsTab::Findings of=of current=current/>
            {move || view! { <SumsOfAll sums=sums.get()/> }}
            {move || view! { <ScanState looked=looked.get() again=again/> }}
            {move || {
                let (wish, regions) = form.get();
                view! { <Filters wish=wish regions=regions connections=connections.get() current=current.get()/> }
            }}
            {move || {
                let (wish, total, rows, as_of) = rows.get();
                view! { <Rows wish=wish total=total rows=rows is_new=as_of.is_none() connection=current.get()/> }
            }}
            {move || view! {
                <ThresholdsForm connection=current.get() thresholds=thresholds.get() on_set=again/>
            }}
        </div>
    }
    .erased()
}

#[component]
fn SumsOfAll(sums: Sums) -> impl IntoView {
    let figure = |label: &'static str, (money, at_most), number: u32, note: &'static str| {
        let at_most = if at_most { "at most, " } else { "" };
        view! {
            <div class="figure">
                <p class="figure__label">{label}</p>
                <p class="figure__value"><Amount money=money/></p>
                <p class="figure__note">"a month, " {at_most} {count(number, "finding", "findings")} {note}</p>
            </div>
        }
    };
    view! {
        <section class="figures figures--three" aria-label="What could be saved">
            {figure("Found", (sums.found, sums.found_at_most), sums.open, "")}
            {figure("Snoozed", (sums.snoozed, sums.snoozed_at_most), sums.snoozes, "")}
            {figure("Realized", (sums.realized, sums.realized_at_most), sums.resolved, " mended")}
        </section>
    }
    .erased()
}

#[component]
fn Filters(
    wish: FindingWish,
    regions: Vec<String>,
    connections: Options,
    current: String,
) -> impl IntoView {
    let all = |label: &str| vec![(String::new(), label.to_owned())];
    let mut checks = all("All checks");
    checks.extend(Check::ALL.map(|one| (one.as_str().to_owned(), one.label().to_owned())));
    let mut places = all("All regions");
    places.extend(regions.into_iter().map(|one| (one.clone(), one)));
    let states = FindingState::ALL.map(|one| (one.as_str().to_owned(), one.label().to_owned()));
    view! {
        <form class="card filters" method="get" action="/savings" aria-label="What to show">
            <div class="filters__row">
                <ChooseConnection connections=connections chosen=current/>
                <Choose name="state" label="State" options=states.to_vec() chosen=wish.state.clone()/>
                <Choose name="check" label="Check" options=checks chosen=wish.check.clone()/>
                <Choose name="region" label="Region" options=places chosen=wish.region.clone()/>
            </div>
            <div class="actions">
                <button type="submit" class="button button--primary">"Show"</button>
            </div>
        </form>
    }
    .erased()
}

#[component]
fn Rows(
    wish: FindingWish,
    total: u32,
    rows: Vec<Finding>,
    is_new: bool,
    connection: String,
) -> impl IntoView {
    if rows.is_empty() {
        let (title, advice) = match is_new {
            true => (
                "Nothing has been looked at yet",
                "Press “Scan now”: it asks AWS what there is, which is free, and compares it with what you pay.",
            ),
            false => (
                "Nothing like that was found",
                "Choose another state or check; the figures above count everything.",
            ),
        };
        return view! { <section class="card"><h2>{title}</h2><p>{advice}</p></section> }.erased();
    }
    let shown = wish.page.max(1);
    let turn = |page: u32, label: &'static str| {
        let wish = FindingWish {
            page,
            ..wish.clone()
        };
        view! { <a class="button" href=address(&connection, &wish)>{label}</a> }.erased()
    };
    let before = (shown > 1).then(|| turn(shown - 1, "Before"));
    let next = (shown < total.div_ceil(LINES)).then(|| turn(shown + 1, "Next"));
    let heads = vec![
        head("Finding"),
        number("A month"),
        head("Resource"),
        head("Where"),
        head("Since"),
    ];
    view! {
        <section class="card" aria-labelledby="findings-title">
            <h2 id="findings-title">{count(total, "finding", "findings")}</h2>
            <DataTable name="Findings" heads=heads>{rows.into_iter().map(line).collect_view()}</DataTable>
            <div class="actions">{before} {next}</div>
        </section>
    }
    .erased()
}

fn line(finding: Finding) -> AnyView {
    let link = format!("/savings/findings/{}", finding.id);
    let money = finding.per_month();
    let is_booked = finding.booked.is_some();
    let one = finding.assessed;
    let notes = [
        (
            one.worth == Worth::NoPrice && money.amount.0 > 0,
            "and more",
        ),
        (one.upper_bound, "at most"),
        (one.is_list_price(), "list price"),
        (one.cut, "cut to the bill"),
    ];
    let notes: Vec<&str> = notes
        .into_iter()
        .filter_map(|(is, note)| is.then_some(note))
        .collect();
    let amount = match money.amount.0 {
        0 => {
            let words = match one.worth {
                _ if is_booked => "nothing saved",
                Worth::NoPrice => "price unknown",
                Worth::Free => "free at present",
                Worth::Hint | Worth::Money => "hint",
            };
            view! { <span class="muted">{words}</span> }.erased()
        }
        _ => view! { <Amount money=money/> }.erased(),
    };
    let since = one.since.map_or_else(|| "–".to_owned(), day);
    let note = one.name.is_some().then(|| one.resource.clone());
    let name = one.name.unwrap_or(one.resource);
    view! {
        <tr>
            <th scope="row"><a class="table__link" href=link>{one.check.label()}</a></th>
            // Next to what it is: on a phone the rest is further to the right.
            <td class="number">{amount} <span class="table__note">{notes.join(", ")}</span></td>
            <td>{name} {note.map(|id| view! { <span class="table__note">{id}</span> })}</td>
            <td>{one.region}</td>
            <td>{since}</td>
        </tr>
    }
    .erased()
}
