//! What AWS costs: the figures, the chart and the tables of one connection, or of all.
//! Switching connection, view or metric reads the store; only Refresh calls AWS.

pub mod answer;
mod chart_view;
mod chart_words;
mod daily;
mod daily_table;
mod fresh;
#[cfg(feature = "ssr")]
pub mod parts;
mod upkeep;

use leptos::prelude::*;
use leptos_meta::Title;

use self::{
    answer::{AtAGlance, One},
    daily::{DailyPlace, Which},
    upkeep::UpkeepPlace,
};
use crate::{
    api::costs,
    components::{answered::Answered, frame::Loading, of_connection::Chosen, page_head::PageHead},
    erased::Erase,
    error::ApiError,
    loaded::loaded,
    still::{InPage, Placed},
};

/// The Overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let chosen = Chosen::of_address();
    let shown = loaded(
        move || (chosen.wanted.get(), chosen.metric.get(), chosen.view.get()),
        |(wanted, metric, view)| async move {
            let page = costs::page(metric, view, wanted).await?;
            Ok::<_, ApiError>(page.map(InPage::from))
        },
    );
    let again = Callback::new(move |()| shown.refetch());
    view! {
        <Title text="Overview"/>
        <Transition fallback=Loading>
            <Answered answer=shown let:shown>
                <Content chosen=chosen shown=shown again=again/>
            </Answered>
        </Transition>
    }
    .erased()
}

/// Before the progress of a job, in its place, after it, and where the refresh is.
const BEFORE: usize = 0;
const PROGRESS: usize = 1;
const AFTER: usize = 2;
const REFRESH: usize = 3;

/// Above a chapter's chart; what stands in its place and what stands below follow.
const fn above(chapter: usize) -> usize {
    4 + 3 * chapter
}

#[component]
fn Content(chosen: Chosen, shown: Signal<InPage<AtAGlance>>, again: Callback<()>) -> impl IntoView {
    let whose = Memo::new(move |_| shown.with(|shown| shown.answer.whose.clone()));
    let chapters = Memo::new(move |_| shown.with(|shown| shown.answer.charts.len()));
    let one = Memo::new(move |_| shown.with(|shown| shown.answer.one.clone()));
    let is_one = Memo::new(move |_| one.with(Option::is_some));
    let has_refresh =
        Memo::new(move |_| one.with(|one| one.as_ref().is_some_and(|one| one.fresh.is_some())));
    // What there is of one connection stays on the page while all of them come.
    let last = Memo::new(move |before: Option<&Option<One>>| {
        one.get().or_else(|| before.cloned().flatten())
    });
    let of_one = move |wanted: Memo<bool>| {
        // First of all, so that it runs again when that changes.
        if !wanted.get() {
            return None;
        }
        let first = last.get_untracked()?;
        Some(Signal::derive(move || {
            last.get().unwrap_or_else(|| first.clone())
        }))
    };
    let progress = move || {
        let still = InPage::part(shown, PROGRESS);
        let part = upkeep::Part::Progress;
        of_one(is_one).map(|one| view! { <UpkeepPlace part=part one=one still=still again=again/> })
    };
    let refresh = move || {
        let still = InPage::part(shown, REFRESH);
        let part = upkeep::Part::Refresh;
        of_one(has_refresh)
            .map(|one| view! { <UpkeepPlace part=part one=one still=still again=again/> })
    };
    let fields = vec![
        chosen.connection_of(whose),
        chosen.view_field(),
        chosen.metric_field(),
    ];
    let chapter = move |place| view! { <Chapter shown=shown chapter=place/> };
    view! {
        <div class="page">
            <PageHead title="Overview" whose=whose path="/" fields=fields words=chosen.words()/>
            <Placed still=InPage::part(shown, BEFORE)/>
            {progress}
            <Placed still=InPage::part(shown, AFTER)/>
            {move || (0..chapters.get()).map(chapter).collect_view()}
            {refresh}
        </div>
    }
    .erased()
}

/// Figures, the chart, and what its days add up to. The chart stays as a person has set it
/// while another metric or connection comes.
#[component]
fn Chapter(shown: Signal<InPage<AtAGlance>>, chapter: usize) -> impl IntoView {
    let of = move || {
        shown.with(|shown| {
            shown
                .answer
                .charts
                .get(chapter)
                .cloned()
                .unwrap_or_default()
        })
    };
    let which = Memo::new(move |_| Which {
        current: shown.with(|shown| shown.answer.whose.current.clone()),
        look: shown.with(|shown| shown.answer.look),
        currency: of().currency,
        number: of().number,
    });
    view! {
        <Placed still=InPage::part(shown, above(chapter))/>
        <section class="card needs-script" aria-label="Daily cost by service">
            <h2>"Daily cost by service"</h2>
            <p class="muted">{move || of().period} ", days in UTC"</p>
            <DailyPlace which=which still=InPage::part(shown, above(chapter) + 1)/>
        </section>
        <Placed still=InPage::part(shown, above(chapter) + 2)/>
    }
    .erased()
}
