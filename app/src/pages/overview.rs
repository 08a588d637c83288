//! What AWS costs: the figures, the chart and the tables of one connection, or of all.
//! Switching connection, view or metric reads the store; only Refresh calls AWS.

use domain::{
    look::Look,
    report::{DayState, Glance, Overview, Together},
};
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

use crate::{
    api::costs,
    components::{
        answered::Answered,
        cap::CapNotice,
        chooser::Chooser,
        disagreeing::Disagreeing,
        frame::Loading,
        fresh::Freshness,
        glance::AtAGlance,
        key_end::KeyEndNotice,
        of_connection::{OfConnection, choose},
        own_cost::Beside,
        stale::StaleNotice,
        sync_progress::SyncProgress,
        together::AddedUp,
    },
    error::ApiError,
};

/// The Overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let shown = Resource::new_blocking(
        move || (of.wanted.get(), of.look()),
        move |(wanted, look)| async move {
            let Look { metric, view } = look;
            Ok::<_, ApiError>(match choose(&of.list.await?, wanted.as_deref()) {
                Some(id) if id == ALL => Some(Shown::All(costs::together(metric, view).await?)),
                Some(id) => {
                    let overview = costs::overview(id, metric, view).await?;
                    Some(Shown::One(Box::new(overview)))
                }
                None => None,
            })
        },
    );
    let again = Callback::new(move |()| shown.refetch());
    view! {
        <Title text="Overview"/>
        <Transition fallback=Loading>
            <Answered answer=shown let:shown><Content of=of shown=shown again=again/></Answered>
        </Transition>
    }
    .into_any()
}

/// In the address, where all connections are meant.
const ALL: &str = "all";

/// What the page is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shown {
    One(Box<Overview>),
    All(Together),
}

/// Keeps the page of one connection while another comes.
#[component]
fn Content(of: OfConnection, shown: Signal<Shown>, again: Callback<()>) -> impl IntoView {
    let is_one = Memo::new(move |_| shown.with(|shown| matches!(shown, Shown::One(_))));
    let one = Memo::new(move |before: Option<&Option<Overview>>| {
        shown.with(|shown| match shown {
            Shown::One(overview) => Some((**overview).clone()),
            Shown::All(_) => before.cloned().flatten(),
        })
    });
    move || {
        if is_one.get() {
            let first = one.get_untracked()?;
            let now = Signal::derive(move || one.get().unwrap_or_else(|| first.clone()));
            Some(view! { <Report of=of overview=now again=again/> }.into_any())
        } else {
            Some(view! { <AllOfThem of=of shown=shown/> }.into_any())
        }
    }
}

#[component]
fn AllOfThem(of: OfConnection, shown: Signal<Shown>) -> impl IntoView {
    let added_up = move || {
        shown.with(|shown| match shown {
            Shown::All(together) => Some(view! { <AddedUp together=together.clone()/> }),
            Shown::One(_) => None,
        })
    };
    view! {
        <div class="page">
            <div class="page__head">
                <div>
                    <h1>"Overview"</h1>
                    <p class="page__of">"All connections"</p>
                </div>
                <Picks of=of current=Signal::stored(ALL.to_owned())/>
            </div>
            {added_up}
        </div>
    }
    .into_any()
}

#[component]
fn Picks(of: OfConnection, current: Signal<String>) -> impl IntoView {
    let mut connection = of.connection_field(current);
    let each = connection.options;
    // One alone is all there is.
    connection.options = Signal::derive(move || {
        let mut options = each.get();
        if options.len() > 1 {
            options.push((ALL.to_owned(), "All connections".to_owned()));
        }
        options
    });
    let fields = vec![connection, of.view_field(), of.metric_field()];
    view! { <Chooser path="/" fields=fields words=of.words()/> }.into_any()
}

#[component]
fn Report(of: OfConnection, overview: Signal<Overview>, again: Callback<()>) -> impl IntoView {
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
    view! {
        <div class="page">
            <div class="page__head">
                <div>
                    <h1>"Overview"</h1>
                    <p class="page__of">{move || of.caption(&current.get())}</p>
                </div>
                <Picks of=of current=current/>
            </div>
            {move || {
                let list = of.list.get().and_then(Result::ok).unwrap_or_default();
                let shown = list.into_iter().find(|one| one.id == connection.get());
                shown.map(|shown| view! { <KeyEndNotice connection=shown/> })
            }}
            {move || view! { <SyncProgress connection=connection.get() sync=sync on_news=move |_| again.run(())/> }}
            {move || view! { <CapNotice cap=cap.get()/> }}
            <StaleNotice overview=overview/>
            {numbers}
            {freshness}
        </div>
    }
    .into_any()
}

#[component]
fn Numbers(overview: Signal<Overview>) -> impl IntoView {
    let costs: Signal<Glance> =
        Memo::new(move |_| overview.with(|overview| overview.costs.clone())).into();
    let today = Signal::derive(move || overview.with(|overview| overview.today));
    let forecast = Signal::derive(move || overview.with(|overview| Some(forecast_link(overview))));
    let disagreeing = move || {
        overview.with(|overview| {
            let days = overview.disagreements.clone();
            view! { <Disagreeing days=days shown=overview.look.cube()/> }
        })
    };
    let beside = move || view! { <Beside overview=overview.get()/> };
    view! {
        <AtAGlance costs=costs today=today forecast=forecast>{disagreeing}</AtAGlance>
        {beside}
    }
    .into_any()
}

fn forecast_link(overview: &Overview) -> String {
    format!(
        "/forecast?connection={}&view={}&metric={}",
        overview.connection,
        overview.look.view.slug(),
        overview.look.metric.slug()
    )
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
