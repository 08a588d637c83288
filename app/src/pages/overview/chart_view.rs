//! The daily chart on the page: its place, its legend, its zoom, its notes and its numbers.
//! The bars come when somebody is about to see them; see [`super::daily`].

use domain::{forecast::Expected, money::Nanos, period::Piece, report::DailyChart};
use leptos::{html::Div, prelude::*};

use super::{
    chart_words::{day_notes, description},
    daily::NotShown,
    daily_table::DailyTable,
};
use crate::{
    components::{
        canvas::{Canvas, Zoom},
        chart_colours::slots,
    },
    erased::Erase,
};
#[cfg(feature = "hydrate")]
use {
    super::daily::Which,
    crate::{api::costs, components::late::Late, error::ApiError},
    domain::{look::Look, report::Daily},
};

/// Everything that decides what the canvas shows.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// The numbers.
    pub chart: Signal<DailyChart>,
    /// What is expected of today and the days after it.
    pub ahead: Signal<Vec<Piece<Expected<Nanos>>>>,
    /// Names of series that are switched off.
    pub hidden: RwSignal<Vec<String>>,
    /// How much is in view.
    pub zoom: RwSignal<Zoom>,
    /// What has become of it.
    pub canvas: RwSignal<Canvas>,
}

const ZOOMS: [(&str, Zoom); 3] = [
    ("Last 30 days", Zoom::Days(30)),
    ("Last 90 days", Zoom::Days(90)),
    ("All", Zoom::All),
];

/// Asks for the chart's numbers, makes it, and puts it in its place.
#[cfg(feature = "hydrate")]
pub fn begin(owner: Owner, which: Memo<Which>, late: Late) {
    leptos::task::spawn_local(async move {
        let Some(asked) = which.try_get_untracked() else {
            return;
        };
        let answer = ask(&asked).await;
        if !late.is_gone() {
            late.bring_to_life(owner.with(|| {
                view! { <DailyCost which=which asked=asked first=answer.ok()/> }.erased()
            }));
        }
    });
}

#[cfg(feature = "hydrate")]
async fn ask(which: &Which) -> Result<Daily, ApiError> {
    let Look { metric, view } = which.look;
    costs::chart(which.current.clone(), metric, view, which.currency.clone()).await
}

/// Daily cost, stacked by service. The last one stays, marked, until another has come.
#[cfg(feature = "hydrate")]
#[component]
fn DailyCost(which: Memo<Which>, asked: Which, first: Option<Daily>) -> impl IntoView {
    let failed = RwSignal::new(first.is_none());
    let daily = RwSignal::new(first);
    let shown = StoredValue::new(Some(asked));
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        let wanted = which.get();
        if shown.with_value(|shown| shown.as_ref() == Some(&wanted)) {
            busy.set(false);
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = ask(&wanted).await;
            // Another may be wanted by now, or the page be gone.
            if which.try_get_untracked().as_ref() != Some(&wanted) {
                return;
            }
            let now = answer.ok();
            failed.set(now.is_none());
            shown.set_value(now.is_some().then_some(wanted));
            if now.is_some() {
                daily.set(now);
            }
            busy.set(false);
        });
    });
    let is_there = Memo::new(move |_| !failed.get() && daily.with(Option::is_some));
    let inside = move || {
        let first = is_there.get().then(|| daily.get_untracked()).flatten();
        match first {
            Some(first) => {
                let now = Signal::derive(move || daily.get().unwrap_or_else(|| first.clone()));
                let chart = Signal::derive(move || now.with(|now| now.chart.clone()));
                let ahead = Signal::derive(move || now.with(|now| now.ahead.clone()));
                view! { <Shown chart=chart ahead=ahead/> }.erased()
            }
            None => view! { <NotShown/> }.erased(),
        }
    };
    view! { <div class="chart-place" aria-busy=move || busy.get().to_string()>{inside}</div> }
}

/// The chart, its legend, its zoom, its notes and its numbers. Made by the server, it is the
/// same without the bars.
#[component]
pub fn Shown(
    /// The numbers.
    chart: Signal<DailyChart>,
    /// What is expected of today and the days after it.
    ahead: Signal<Vec<Piece<Expected<Nanos>>>>,
) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let wanted = Wanted {
        chart,
        ahead,
        hidden: RwSignal::new(Vec::new()),
        zoom: RwSignal::new(Zoom::All),
        canvas: RwSignal::new(Canvas::Waiting),
    };
    #[cfg(feature = "hydrate")]
    crate::components::drawing::keep_drawn(host, picture(wanted));
    view! {
        <div class="chart">
            <div class="chart__zoom" role="group" aria-label="Days in view">
                {ZOOMS.map(|(label, zoom)| view! {
                    <button
                        type="button"
                        class="segment"
                        aria-pressed=move || (wanted.zoom.get() == zoom).to_string()
                        on:click=move |_| wanted.zoom.set(zoom)
                    >
                        {label}
                    </button>
                })}
            </div>
            <div class="chart__place">
                <div
                    class="chart__canvas"
                    node_ref=host
                    role="img"
                    aria-label=move || description(&chart.get())
                ></div>
                {move || match wanted.canvas.get() {
                    Canvas::Waiting => Some(view! {
                        <div class="chart__cover skeleton"><span class="hidden">"Drawing the chart"</span></div>
                    }.erased()),
                    Canvas::Failed => Some(view! {
                        <div class="chart__cover chart__cover--failed"><NotShown/></div>
                    }.erased()),
                    Canvas::Drawn => None,
                }}
            </div>
            <SeriesSwitches wanted=wanted/>
        </div>
        {move || (!wanted.ahead.with(Vec::is_empty)).then(|| view! {
            <p class="muted">"Dashed: what is expected from today on, in the band of its range."</p>
        })}
        <DayNotes chart=chart/>
        <DailyTable chart=chart/>
    }
    .erased()
}

/// The legend: switches series on and off.
#[component]
fn SeriesSwitches(
    /// What it switches.
    wanted: Wanted,
) -> impl IntoView {
    let switch = move |name: &str| {
        let name = name.to_owned();
        wanted.hidden.update(
            |hidden| match hidden.iter().position(|other| *other == name) {
                Some(place) => {
                    hidden.remove(place);
                }
                None => hidden.push(name),
            },
        );
    };
    let entries = move || {
        wanted.chart.with(|chart| {
            let slots = slots(&chart.series);
            chart
                .series
                .iter()
                .zip(slots)
                .map(|(series, slot)| {
                    let name = StoredValue::new(series.name.clone());
                    let on = move || {
                        wanted
                            .hidden
                            .with(|hidden| !name.with_value(|name| hidden.contains(name)))
                    };
                    view! {
                        <li>
                            <button
                                type="button"
                                class="legend__entry"
                                aria-pressed=move || on().to_string()
                                on:click=move |_| name.with_value(|name| switch(name))
                            >
                                <span class=format!("swatch swatch--{slot}")></span>
                                {series.name.clone()}
                            </button>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! { <ul class="legend" aria-label="Services in the chart">{entries}</ul> }.erased()
}

/// Which days aren't what they seem.
#[component]
fn DayNotes(
    /// The numbers.
    chart: Signal<DailyChart>,
) -> impl IntoView {
    move || {
        let notes = chart.with(day_notes);
        (!notes.is_empty()).then(|| {
            view! {
                <ul class="notes">
                    {notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
                </ul>
            }
        })
    }
}

#[cfg(feature = "hydrate")]
fn picture(wanted: Wanted) -> crate::components::drawing::Picture {
    use std::rc::Rc;

    use crate::components::{
        chart::{axis_label, options, tooltip},
        chart_ahead::beyond,
        drawing::{Picture, Places, Pointed},
    };

    let Wanted {
        chart,
        ahead,
        hidden,
        zoom,
        canvas,
    } = wanted;
    Picture {
        options: Rc::new(move |theme, still| {
            let (hidden, ahead) = (hidden.get(), ahead.get());
            chart.with(|chart| options(chart, &ahead, theme, &hidden, still).to_string())
        }),
        tooltip: Rc::new(move |items: &[Pointed]| {
            let shown: Vec<(String, String)> = (items.iter())
                .map(|item| (item.series.clone(), item.mark.clone()))
                .collect();
            let place = items.first().map(|item| item.place);
            let ahead = ahead.try_get_untracked().unwrap_or_default();
            place
                .and_then(|place| {
                    chart.try_with_untracked(|chart| tooltip(chart, &ahead, place, &shown))
                })
                .unwrap_or_default()
        }),
        axis: Rc::new(move |value| {
            let currency = chart.try_with_untracked(|chart| chart.currency);
            currency
                .map(|currency| axis_label(value, currency))
                .unwrap_or_default()
        }),
        places: Rc::new(move || {
            let ahead = ahead.get();
            chart.with(|chart| Places {
                known: chart.days.len(),
                ahead: beyond(&ahead, chart).count(),
            })
        }),
        clicked: None,
        zoom,
        in_view: None,
        wanted: None,
        file: "",
        canvas,
    }
}
