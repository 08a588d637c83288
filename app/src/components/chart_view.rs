//! The daily chart on the page: its place, its legend, its zoom and its notes.
//! The canvas is drawn after hydration; until then a calm placeholder of the
//! same height stands there, so that nothing moves.

use domain::{forecast::Expected, money::Nanos, period::Piece, report::DailyChart};
use leptos::{html::Div, prelude::*};

use super::{
    chart_colours::slots,
    words::{day_notes, description},
};

/// How much of the chart is in view.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser draws")
)]
pub enum Zoom {
    /// As the person left it.
    Free,
    /// The last so many days.
    Days(u32),
    /// Everything.
    All,
}

/// What has become of the canvas.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser draws")
)]
pub enum Canvas {
    /// The script isn't there yet.
    Waiting,
    /// It shows the chart.
    Drawn,
    /// The script couldn't be loaded.
    Failed,
}

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

/// Daily cost, stacked by service.
#[component]
pub fn DailyCost(
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
    draw(host, wanted);
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
                    }.into_any()),
                    Canvas::Failed => Some(view! {
                        <p class="chart__cover chart__cover--failed">
                            "The chart couldn’t be loaded. The tables below have the same numbers."
                        </p>
                    }.into_any()),
                    Canvas::Drawn => None,
                }}
            </div>
            <SeriesSwitches wanted=wanted/>
        </div>
        {move || (!wanted.ahead.with(Vec::is_empty)).then(|| view! {
            <p class="muted">"Dashed: what is expected from today on, in the band of its range."</p>
        })}
        <DayNotes chart=chart/>
    }
    .into_any()
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
    view! { <ul class="legend" aria-label="Services in the chart">{entries}</ul> }.into_any()
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
fn draw(host: NodeRef<Div>, wanted: Wanted) {
    let Some(owner) = Owner::current() else {
        return;
    };
    leptos::task::spawn_local(async move {
        if draw_for(owner, host, wanted).await.is_err() {
            wanted.canvas.try_set(Canvas::Failed);
        }
    });
}

/// What is in a piece of its own, because no page needs it to be read.
#[cfg(feature = "hydrate")]
#[leptos::wasm_split::wasm_split(charts, wasm_split_path = leptos::wasm_split, fallible)]
fn draw_for(
    owner: Owner,
    host: NodeRef<Div>,
    wanted: Wanted,
) -> Result<(), leptos::wasm_split::SplitLoaderError> {
    // The page may be gone by now.
    if wanted.canvas.try_get_untracked().is_some() {
        owner.with(|| super::drawing::keep_drawn(host, picture(wanted)));
    }
    Ok(())
}

#[cfg(feature = "hydrate")]
fn picture(wanted: Wanted) -> super::drawing::Picture {
    use std::rc::Rc;

    use super::{
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
        taken: None,
        file: "",
        canvas,
    }
}

#[cfg(not(feature = "hydrate"))]
const fn draw(_host: NodeRef<Div>, _wanted: Wanted) {}
