//! What AWS costs: the figures, the chart and the tables of one connection.
//! Switching connection, view or metric reads the store; only Refresh calls AWS.

use domain::report::{DailyChart, DayState, Overview};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::costs,
    components::{
        answered::Answered,
        cap::CapNotice,
        chart_view::DailyCost,
        chooser::Chooser,
        daily_table::DailyTable,
        disagreeing::Disagreeing,
        figures::Figures,
        frame::Loading,
        fresh::Freshness,
        key_end::KeyEndNotice,
        monthly_table::MonthlyTable,
        moved::MovedTable,
        of_connection::{OfConnection, choose},
        sync_progress::SyncProgress,
    },
};

/// The Overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let overview = Resource::new_blocking(
        move || (of.wanted.get(), of.look()),
        move |(wanted, look)| async move {
            match choose(&of.list.await?, wanted.as_deref()) {
                Some(id) => costs::overview(id, look.metric, look.view).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let again = move || overview.refetch();
    view! {
        <Title text="Overview"/>
        <Transition fallback=Loading>
            <Answered answer=overview let:overview><Report of=of overview=overview again=again/></Answered>
        </Transition>
    }
    .into_any()
}

#[component]
fn Report(
    of: OfConnection,
    overview: Signal<Overview>,
    #[prop(into)] again: Callback<()>,
) -> impl IntoView {
    let sync = Signal::derive(move || overview.with(|overview| overview.sync.clone()));
    let connection = Memo::new(move |_| overview.with(|overview| overview.connection));
    let current = Signal::derive(move || connection.get().to_string());
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
    let fields = vec![
        of.connection_field(current),
        of.view_field(),
        of.metric_field(),
    ];
    view! {
        <div class="page">
            <div class="page__head">
                <div>
                    <h1>"Overview"</h1>
                    <p class="page__of">{move || of.caption(&current.get())}</p>
                </div>
                <Chooser path="/" fields=fields words=of.words()/>
            </div>
            {move || {
                let list = of.list.get().and_then(Result::ok).unwrap_or_default();
                let shown = list.into_iter().find(|one| one.id == connection.get());
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
        Memo::new(move |_| overview.with(|overview| overview.costs.chart.clone())).into();
    let disagreeing = move || {
        overview.with(|overview| {
            let days = overview.disagreements.clone();
            view! { <Disagreeing days=days shown=overview.look.cube()/> }
        })
    };
    let moved = move || {
        let same_days = overview
            .with(|overview| overview.costs.same_days.clone())
            .ok();
        same_days.map(|same_days| {
            view! {
                <section class="card" aria-labelledby="moved-title">
                    <h2 id="moved-title">"What changed most"</h2>
                    <p class="muted">"Over the days of this month that are finished, and the same days of last month."</p>
                    <MovedTable same_days=same_days/>
                </section>
            }
            .into_any()
        })
    };
    view! {
        <Figures overview=overview/>
        {disagreeing}
        {moved}
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
    let chart = &overview.costs.chart;
    let unknown = chart.days.iter().all(|day| day.state == DayState::Missing);
    if unknown {
        Stage::Waiting
    } else if chart.series.is_empty() && !overview.sync.running {
        Stage::Empty
    } else {
        Stage::Numbers
    }
}
