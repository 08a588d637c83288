//! What AWS costs: the figures, the chart and the tables of one connection.
//! Switching connection or metric reads the store; only Refresh calls AWS.

use domain::{
    Error,
    account::Connection,
    metric::Metric,
    report::{DailyChart, DayState, Overview},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::{connections, costs},
    components::{
        cap::CapNotice,
        chart_view::DailyCost,
        daily_table::DailyTable,
        figures::Figures,
        frame::Loading,
        fresh::Freshness,
        key_end::KeyEndNotice,
        monthly_table::MonthlyTable,
        picker::{Choice, Picker},
        problem::{LeadTo, Problem},
        sync_progress::SyncProgress,
    },
    error::ApiError,
};

/// What the page shows, as far as its parts have to be made anew.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Report,
    Nothing,
    Problem(Error),
}

/// The connection in the URL, else the first.
fn choose(list: &[Connection], wanted: Option<&str>) -> Option<String> {
    match wanted {
        Some(wanted) => Some(wanted.to_owned()),
        None => list.first().map(|connection| connection.id.to_string()),
    }
}

/// The metric in the URL; the usual one where it names none or no cost.
fn counted(name: Option<&str>) -> Metric {
    name.and_then(|name| name.parse().ok())
        .filter(|metric: &Metric| metric.is_cost())
        .unwrap_or_default()
}

/// The Overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|query| query.get("connection")));
    let metric = Memo::new(move |_| query.with(|query| counted(query.get_str("metric"))));
    let list = Resource::new_blocking(|| (), |()| connections::list());
    let overview = Resource::new_blocking(
        move || (wanted.get(), metric.get()),
        move |(wanted, metric)| async move {
            match choose(&list.await?, wanted.as_deref()) {
                Some(id) => costs::overview(id, metric).await.map(Some),
                None => Ok(None),
            }
        },
    );
    view! {
        <Title text="Overview"/>
        <Transition fallback=Loading>
            <Loaded list=list overview=overview/>
        </Transition>
    }
    .into_any()
}

type Answer<T> = Result<T, ApiError>;

/// Keeps what stands there while another metric or newer days arrive.
#[component]
fn Loaded(
    list: Resource<Answer<Vec<Connection>>>,
    overview: Resource<Answer<Option<Overview>>>,
) -> impl IntoView {
    let shown = Memo::new(move |_| match overview.get()? {
        Ok(Some(_)) => Some(Shown::Report),
        Ok(None) => Some(Shown::Nothing),
        Err(error) => Some(Shown::Problem(error.error)),
    });
    let last = Memo::new(
        move |before: Option<&Option<Overview>>| match overview.get() {
            Some(Ok(Some(now))) => Some(now),
            _ => before.cloned().flatten(),
        },
    );
    let list = Signal::derive(move || list.get().and_then(Result::ok).unwrap_or_default());
    move || {
        Some(match shown.get()? {
            Shown::Report => {
                let first = last.get_untracked()?;
                let now = Signal::derive(move || last.get().unwrap_or_else(|| first.clone()));
                let again = move || overview.refetch();
                view! { <Report overview=now list=list again=again/> }.into_any()
            }
            Shown::Nothing => view! { <LeadTo path="/connect"/> }.into_any(),
            Shown::Problem(error) => view! { <Problem error=error/> }.into_any(),
        })
    }
}

#[component]
fn Report(
    overview: Signal<Overview>,
    list: Signal<Vec<Connection>>,
    #[prop(into)] again: Callback<()>,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        let list = list.get().into_iter();
        list.map(Choice::from).collect::<Vec<_>>()
    });
    let sync = Signal::derive(move || overview.with(|overview| overview.sync.clone()));
    let connection = Memo::new(move |_| overview.with(|overview| overview.connection));
    let cap = Memo::new(move |_| overview.with(|overview| overview.cap.clone()));
    let stage = Memo::new(move |_| overview.with(stage));
    let running = Memo::new(move |_| overview.with(|overview| overview.sync.running));
    let numbers = move || match stage.get() {
        Stage::Waiting => ().into_any(),
        Stage::Empty => view! { <NoCosts/> }.into_any(),
        Stage::Numbers => view! { <Numbers overview=overview/> }.into_any(),
    };
    let freshness = move || {
        let anything = stage.get() != Stage::Waiting || !running.get();
        anything.then(|| view! { <Freshness overview=overview on_refresh=again/> })
    };
    view! {
        <div class="page">
            <div class="page__head">
                <div>
                    <h1>"Overview"</h1>
                    <p class="page__of">{move || of(&overview.read(), &choices.read())}</p>
                </div>
                <Picker overview=overview choices=choices/>
            </div>
            {move || {
                let shown = list.get().into_iter().find(|one| one.id == connection.get());
                shown.map(|shown| view! { <KeyEndNotice connection=shown/> })
            }}
            {move || view! { <SyncProgress connection=connection.get() sync=sync on_news=move |_| again.run(())/> }}
            {move || view! { <CapNotice cap=cap.get()/> }}
            {numbers}
            {freshness}
        </div>
    }
    .into_any()
}

#[component]
fn Numbers(overview: Signal<Overview>) -> impl IntoView {
    let chart: Signal<DailyChart> =
        Memo::new(move |_| overview.with(|overview| overview.chart.clone())).into();
    view! {
        <Figures overview=overview/>
        <section class="card needs-script" aria-labelledby="chart-title">
            <h2 id="chart-title">"Daily cost by service"</h2>
            <p class="muted">{move || chart.with(|chart| chart.period.to_string())} ", days in UTC"</p>
            <DailyCost chart=chart/>
        </section>
        <section class="card" aria-labelledby="table-title">
            <h2 id="table-title">"By service and month"</h2>
            <MonthlyTable chart=chart/>
            <DailyTable chart=chart/>
        </section>
    }
    .into_any()
}

#[component]
fn NoCosts() -> impl IntoView {
    view! {
        <div class="card">
            <h2>"AWS has no costs for this account"</h2>
            <p>
                "None of the last six months has any. In a new account it takes AWS up to 24 hours "
                "until the first costs appear; refresh tomorrow."
            </p>
        </div>
    }
    .into_any()
}

/// What there is to show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    /// No day is stored.
    Waiting,
    /// Days are stored, and none costs anything.
    Empty,
    /// Numbers.
    Numbers,
}

fn stage(overview: &Overview) -> Stage {
    let chart = &overview.chart;
    let unknown = chart.days.iter().all(|day| day.state == DayState::Missing);
    if unknown {
        Stage::Waiting
    } else if chart.series.is_empty() && !overview.sync.running {
        Stage::Empty
    } else {
        Stage::Numbers
    }
}

fn of(overview: &Overview, choices: &[Choice]) -> String {
    let id = overview.connection.to_string();
    match choices.iter().find(|choice| choice.id == id) {
        Some(choice) => format!("{} · account {}", choice.name, choice.account),
        None => overview.connection_name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_urls_connection_wins_even_when_it_is_nobodys() {
        assert_eq!(choose(&[], None), None);
        assert_eq!(choose(&[], Some("x")).as_deref(), Some("x"));
    }

    #[test]
    fn only_costs_are_counted() {
        assert_eq!(counted(None), Metric::Unblended);
        assert_eq!(counted(Some("net-amortized")), Metric::NetAmortized);
        assert_eq!(counted(Some("usage-quantity")), Metric::Unblended);
        assert_eq!(counted(Some("<b>")), Metric::Unblended);
    }
}
