//! What AWS costs: the figures, the chart and the tables of one connection.
//! Switching connection or metric reads the store; only Refresh calls AWS.

use domain::{
    Error,
    account::Connection,
    metric::Metric,
    report::{DayState, Overview},
};
use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    components::Redirect,
    hooks::{use_navigate, use_query_map},
};

use crate::{
    api::{connections, costs},
    components::{
        chart_view::DailyCost, daily_table::DailyTable, figures::Figures, frame::Loading,
        fresh::Freshness, monthly_table::MonthlyTable, problem::Problem,
        sync_progress::SyncProgress,
    },
    error::ApiError,
};

/// A connection to choose from.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    id: String,
    name: String,
    account: String,
}

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

/// The Overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|query| query.get("connection")));
    let metric = Memo::new(move |_| {
        let name = query.with(|query| query.get("metric"));
        name.and_then(|name| name.parse().ok())
            .filter(|metric: &Metric| metric.is_cost())
            .unwrap_or_default()
    });
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
    let choices = Signal::derive(move || {
        let list = list.get().and_then(Result::ok).unwrap_or_default();
        list.into_iter()
            .map(|connection| Choice {
                id: connection.id.to_string(),
                name: connection.name,
                account: connection.aws_account.to_string(),
            })
            .collect::<Vec<_>>()
    });
    move || {
        Some(match shown.get()? {
            Shown::Report => {
                let first = last.get_untracked()?;
                let now = Signal::derive(move || last.get().unwrap_or_else(|| first.clone()));
                let again = Callback::new(move |()| overview.refetch());
                EitherOf3::A(view! { <Report overview=now choices=choices again=again/> })
            }
            Shown::Nothing => EitherOf3::B(view! { <Redirect path="/connect"/> }),
            Shown::Problem(error) => EitherOf3::C(view! { <Problem error=error/> }),
        })
    }
}

#[component]
fn Report(
    overview: Signal<Overview>,
    choices: Signal<Vec<Choice>>,
    again: Callback<()>,
) -> impl IntoView {
    let chart = Signal::derive(move || overview.with(|overview| overview.chart.clone()));
    let sync = Signal::derive(move || overview.with(|overview| overview.sync.clone()));
    let connection = Memo::new(move |_| overview.with(|overview| overview.connection));
    let stage = Memo::new(move |_| overview.with(stage));
    let numbers = move || match stage.get() {
        Stage::Waiting => EitherOf3::A(()),
        Stage::Empty => EitherOf3::B(view! {
            <div class="card">
                <h2>"AWS has no costs for this account"</h2>
                <p>
                    "None of the last six months has any. In a new account it takes AWS up to 24 hours "
                    "until the first costs appear; refresh tomorrow."
                </p>
            </div>
        }),
        Stage::Numbers => EitherOf3::C(view! {
            <Figures overview=overview/>
            <section class="card" aria-labelledby="chart-title">
                <h2 id="chart-title">"Daily cost by service"</h2>
                <p class="muted">{move || chart.with(|chart| chart.period.to_string())} ", days in UTC"</p>
                <DailyCost chart=chart/>
            </section>
            <section class="card" aria-labelledby="table-title">
                <h2 id="table-title">"By service and month"</h2>
                <MonthlyTable chart=chart/>
                <DailyTable chart=chart/>
            </section>
        }),
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
            {move || view! { <SyncProgress connection=connection.get() sync=sync on_news=again/> }}
            {numbers}
            <Freshness overview=overview on_refresh=again/>
        </div>
    }
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
    if chart.days.iter().all(|day| day.state == DayState::Missing) {
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

/// Which connection, counted how. Without scripts, a button sends it.
#[component]
fn Picker(overview: Signal<Overview>, choices: Signal<Vec<Choice>>) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let (connection, metric) = (
        NodeRef::<leptos::html::Select>::new(),
        NodeRef::<leptos::html::Select>::new(),
    );
    let go = move |_| {
        let metric = metric
            .get_untracked()
            .map(|select| select.value())
            .unwrap_or_default();
        let connection = connection.get_untracked().map(|select| select.value());
        let connection = connection
            .unwrap_or_else(|| overview.with_untracked(|overview| overview.connection.to_string()));
        let path = format!("/?connection={connection}&metric={metric}");
        navigate.with_value(|navigate| {
            navigate(
                &path,
                leptos_router::NavigateOptions {
                    scroll: false,
                    ..Default::default()
                },
            );
        });
    };
    let current = move || overview.with(|overview| overview.connection.to_string());
    let counted = move || overview.with(|overview| overview.metric);
    let several = Memo::new(move |_| choices.with(|choices| choices.len() > 1));
    let picker = move || {
        if several.get() {
            let options =
                move || {
                    choices.get().into_iter().map(|choice| {
                    let selected = choice.id == current();
                    view! { <option value=choice.id selected=selected>{choice.name}</option> }
                }).collect_view()
                };
            leptos::either::Either::Left(view! {
                <div class="pick">
                    <label class="pick__label" for="connection">"Connection"</label>
                    <select
                        class="input"
                        id="connection"
                        name="connection"
                        node_ref=connection
                        on:change=go
                        prop:value=current
                    >
                        {options}
                    </select>
                </div>
            })
        } else {
            leptos::either::Either::Right(
                view! { <input type="hidden" name="connection" value=current/> },
            )
        }
    };
    view! {
        <form class="picks" method="get" action="/">
            {picker}
            <div class="pick">
                <label class="pick__label" for="metric">"Metric"</label>
                <select
                    class="input"
                    id="metric"
                    name="metric"
                    node_ref=metric
                    on:change=go
                    aria-describedby="metric-words"
                    prop:value=move || counted().slug()
                >
                    {Metric::COSTS.map(|choice| view! {
                        <option value=choice.slug() selected=move || counted() == choice>{choice.label()}</option>
                    })}
                </select>
            </div>
            <button type="submit" class="button needs-no-script">"Show"</button>
            <p class="picks__words" id="metric-words">{move || counted().explanation()}</p>
        </form>
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
}
