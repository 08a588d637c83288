//! What is shown as a file: exactly these lines, or the whole period for other tools.

use leptos::prelude::*;

use super::address::Explored;
use crate::erased::Erase;

/// Links to the files.
#[component]
pub fn TakeAway(
    /// What the address says.
    explored: Explored,
    /// Whether it is about money of one connection: only that has the whole period's file.
    whole: bool,
    /// Whether somebody wants the chart's picture.
    wanted: RwSignal<bool>,
) -> impl IntoView {
    let link = |name: &'static str, label: &'static str, note: &'static str| {
        view! {
            <li>
                <a href=explored.file(name) rel="external" download="">{label}</a>
                <span class="muted">{note}</span>
            </li>
        }
    };
    let csv = link("export.csv", "CSV", "The lines of the table, every digit");
    let json = link("export.json", "JSON", "The same for programs");
    let focus = whole.then(|| {
        link(
            "focus.csv",
            "FOCUS 1.2",
            "Every day, service and kind of charge of the period",
        )
    });
    view! {
        <details class="details take-away">
            <summary>"Export"</summary>
            <ul class="take-away__list">
                {csv}
                {json}
                <li class="needs-script">
                    <button type="button" class="take-away__button" on:click=move |_| wanted.set(true)>
                        "PNG"
                    </button>
                    <span class="muted">"The picture of the chart"</span>
                </li>
                {focus}
            </ul>
        </details>
    }
    .erased()
}
