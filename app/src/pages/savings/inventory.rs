//! What there is in EC2, as it was last seen: found by kind, region, text and tag, page by page.

use std::collections::BTreeSet;

use domain::inventory::{
    InventoryCount, InventoryPage as Found, InventoryRow, InventoryWish, LINES, ResourceKind,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::inventory,
    components::{
        answered::Answered,
        choose::{Choose, ChooseConnection, Options},
        data_table::{DataTable, words as head},
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

/// The Inventory page.
#[component]
pub fn InventoryPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let query = use_query_map();
    let wished = Memo::new(move |_| query.with(wish));
    let page = loaded(
        move || (of.wanted.get(), wished.get()),
        move |(wanted, wish)| of.load(wanted, move |id| inventory::page(id, wish)),
    );
    let again = Callback::new(move |()| page.refetch());
    view! {
        <Title text="Inventory"/>
        <Transition fallback=Loading>
            <Answered answer=page let:page><Content of=of page=page again=again/></Answered>
        </Transition>
    }
    .erased()
}

/// What an address wishes for.
fn wish(query: &ParamsMap) -> InventoryWish {
    let text = |name: &str| query.get(name).unwrap_or_default();
    InventoryWish {
        kind: text("kind"),
        region: text("region"),
        search: text("search"),
        tag: text("tag"),
        state: text("state"),
        page: text("page").parse().unwrap_or_default(),
    }
}

/// Where a wish is shown: the page, or the file.
fn address(path: &str, connection: &str, wish: &InventoryWish) -> String {
    let page = match wish.page {
        0 | 1 => String::new(),
        page => page.to_string(),
    };
    let pairs = [
        ("connection", connection),
        ("kind", &*wish.kind),
        ("region", &wish.region),
        ("search", &wish.search),
        ("tag", &wish.tag),
        ("state", &wish.state),
        ("page", &page),
    ];
    format!("{path}?{}", query(&pairs))
}

#[component]
fn Content(of: OfConnection, page: Signal<Found>, again: Callback<()>) -> impl IntoView {
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
    let form = Memo::new(move |_| page.with(|page| (page.wish.clone(), regions(&page.counts))));
    let connections = Memo::new(move |_| of.connection_field(current.into()).options.get());
    let counts = Memo::new(move |_| page.with(|page| page.counts.clone()));
    let rows = Memo::new(move |_| {
        page.with(|page| {
            (
                page.wish.clone(),
                page.total,
                page.pages(),
                page.rows.clone(),
            )
        })
    });
    view! {
        <div class="page">
            <SavingsTop title="Inventory" shown=SavingsTab::Inventory of=of current=current/>
            {move || view! { <ScanState looked=looked.get() again=again/> }}
            {move || view! { <Counts counts=counts.get()/> }}
            {move || {
                let (wish, regions) = form.get();
                view! { <Filters wish=wish regions=regions connections=connections.get() current=current.get()/> }
            }}
            {move || {
                let (wish, total, pages, rows) = rows.get();
                let is_new = page.with_untracked(|page| page.as_of.is_none());
                view! { <Rows wish=wish total=total pages=pages rows=rows is_new=is_new connection=current.get()/> }
            }}
        </div>
    }
    .erased()
}

/// Where anything is.
fn regions(counts: &[InventoryCount]) -> Vec<String> {
    let regions: BTreeSet<&String> = counts.iter().map(|one| &one.region).collect();
    regions.into_iter().cloned().collect()
}

/// How many there are of each kind.
#[component]
fn Counts(counts: Vec<InventoryCount>) -> impl IntoView {
    let figures = ResourceKind::ALL.map(|kind| {
        let of_kind = counts.iter().filter(|one| one.kind == kind);
        let (total, places) = of_kind.fold((0_u32, 0_u32), |(total, places), one| {
            (total.saturating_add(one.count), places + 1)
        });
        let places = match places {
            0 => "none seen".to_owned(),
            places => format!("in {}", count(places, "region", "regions")),
        };
        view! {
            <div class="figure">
                <p class="figure__label">{kind.label()}</p>
                <p class="figure__value">{total}</p>
                <p class="figure__note">{places}</p>
            </div>
        }
    });
    view! { <section class="figures" aria-label="How many there are">{figures.into_iter().collect_view()}</section> }
        .erased()
}

#[component]
fn Filters(
    wish: InventoryWish,
    regions: Vec<String>,
    connections: Options,
    current: String,
) -> impl IntoView {
    let all = |label: &str| vec![(String::new(), label.to_owned())];
    let mut kinds = all("All kinds");
    kinds.extend(ResourceKind::ALL.map(|one| (one.as_str().to_owned(), one.label().to_owned())));
    let mut places = all("All regions");
    places.extend(regions.into_iter().map(|one| (one.clone(), one)));
    let mut states = all("There now");
    states.push(("gone".to_owned(), "Gone".to_owned()));
    view! {
        <form class="card filters" method="get" action="/savings/inventory" aria-label="What to show">
            <div class="filters__row">
                <ChooseConnection connections=connections chosen=current/>
                <Choose name="kind" label="Kind" options=kinds chosen=wish.kind.clone()/>
                <Choose name="region" label="Region" options=places chosen=wish.region.clone()/>
                {text("search", "Id, name or type", "i-0abc… or m5.large", &wish.search)}
                {text("tag", "Tag", "Team or Team=data", &wish.tag)}
                <Choose name="state" label="State" options=states chosen=wish.state.clone()/>
            </div>
            <div class="actions">
                <button type="submit" class="button button--primary">"Show"</button>
            </div>
        </form>
    }
    .erased()
}

fn text(name: &'static str, label: &'static str, example: &'static str, value: &str) -> AnyView {
    let value = value.to_owned();
    view! {
        <div class="pick">
            <label class="pick__label" for=name>{label}</label>
            <input class="input" type="search" id=name name=name value=value placeholder=example
                autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="200"/>
        </div>
    }
    .erased()
}

#[component]
fn Rows(
    wish: InventoryWish,
    total: u32,
    pages: u32,
    rows: Vec<InventoryRow>,
    is_new: bool,
    connection: String,
) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Nothing is_new=is_new connection=connection total=total/> }.erased();
    }
    let shown = wish.page.max(1);
    let first = (shown - 1).saturating_mul(LINES).saturating_add(1);
    let last = first
        .saturating_sub(1)
        .saturating_add(u32::try_from(rows.len()).unwrap_or(LINES));
    let file = address(
        "/savings/inventory.csv",
        &connection,
        &InventoryWish {
            page: 0,
            ..wish.clone()
        },
    );
    let turn = |page: u32, label: &'static str| {
        let wish = InventoryWish {
            page,
            ..wish.clone()
        };
        let link = address("/savings/inventory", &connection, &wish);
        view! { <a class="button" href=link>{label}</a> }.erased()
    };
    let before = (shown > 1).then(|| turn(shown - 1, "Before"));
    let next = (shown < pages).then(|| turn(shown + 1, "Next"));
    let heads = [
        "Resource",
        "What",
        "Where",
        "State",
        "Since",
        "First and last seen",
        "Tags",
    ];
    view! {
        <section class="card" aria-labelledby="resources-title">
            <h2 id="resources-title">{count(total, "resource", "resources")}</h2>
            <DataTable name="Resources" heads=heads.map(head).to_vec()>
                {rows.into_iter().map(line).collect_view()}
            </DataTable>
            <div class="actions">
                {before}
                {next}
                <p class="muted">{format!("{first} to {last} of {total}")}</p>
                <a href=file rel="external" download="inventory.csv">"All of them as CSV"</a>
            </div>
        </section>
    }
    .erased()
}

fn line(row: InventoryRow) -> AnyView {
    let name = row.name.clone().unwrap_or_else(|| row.id.clone());
    let note = row.name.is_some().then(|| row.id.clone());
    let seen = match row.gone_at {
        Some(at) => format!("gone by {}", day(at.date_naive())),
        None => day(row.last_seen_at.date_naive()),
    };
    let tags: Vec<String> = row
        .tags
        .into_iter()
        .filter(|(key, _)| key != "Name")
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let made = row
        .created_at
        .map(|at| format!("made {}", day(at.date_naive())));
    view! {
        <tr>
            <th scope="row">
                <a href=row.console rel="external noopener" target="_blank">{name}</a>
                {note.map(|id| view! { <span class="table__note">{id}</span> })}
            </th>
            <td>{row.kind.label()}<span class="table__note">{row.detail}</span></td>
            <td>{row.region}</td>
            <td>{row.state}</td>
            <td>
                {day(row.state_since.date_naive())}
                {made.map(|made| view! { <span class="table__note">{made}</span> })}
            </td>
            <td>{day(row.first_seen_at.date_naive())} <span class="table__note">{seen}</span></td>
            <td class="table__tags">{tags.join(", ")}</td>
        </tr>
    }
    .erased()
}

#[component]
fn Nothing(is_new: bool, connection: String, total: u32) -> impl IntoView {
    let (title, advice) = if is_new {
        (
            "Nothing has been looked at yet",
            "Press “Scan now”: it asks AWS in every region which instances, volumes, addresses and snapshots there are. That is free.",
        )
    } else if total > 0 {
        ("This page is empty", "There are fewer pages than that.")
    } else {
        (
            "Nothing like that was seen",
            "Ask for less: another kind or region, or a shorter text.",
        )
    };
    let all = format!("/savings/inventory?connection={connection}");
    view! {
        <section class="card">
            <h2>{title}</h2>
            <p>{advice}</p>
            {(!is_new).then(|| view! { <p><a href=all>"Show everything"</a></p> })}
        </section>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_what_is_wished_for() {
        let wish = InventoryWish {
            kind: "volume".to_owned(),
            tag: "Team=R&D".to_owned(),
            page: 2,
            ..InventoryWish::default()
        };
        assert_eq!(
            address("/savings/inventory", "1", &wish),
            "/savings/inventory?connection=1&kind=volume&tag=Team%3DR%26D&page=2"
        );
    }
}
