//! Where this month will end, day by day, and how past forecasts did. Reads the store alone.

#[cfg(feature = "ssr")]
pub mod parts;

use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

use crate::{
    api::bills,
    components::{
        answered::Answered,
        frame::Loading,
        of_connection::{Chosen, Whose},
        page_head::PageHead,
    },
    erased::Erase,
    error::ApiError,
    loaded::loaded,
    still::{HasStill, InPage, Placed, Still},
};

/// What the page gets from the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Whose forecast.
    pub whose: Whose,
    /// All below the page's head.
    pub still: Vec<Still>,
}

impl HasStill for Drawn {
    fn take_still(&mut self) -> Vec<Still> {
        std::mem::take(&mut self.still)
    }
}

/// The Forecast page.
#[component]
pub fn ForecastPage() -> impl IntoView {
    let chosen = Chosen::of_address();
    let forecast = loaded(
        move || (chosen.wanted.get(), chosen.metric.get(), chosen.view.get()),
        |(wanted, metric, view)| async move {
            let page = bills::forecast_page(metric, view, wanted).await?;
            Ok::<_, ApiError>(page.map(InPage::from))
        },
    );
    view! {
        <Title text="Forecast"/>
        <Transition fallback=Loading>
            <Answered answer=forecast let:forecast><Content chosen=chosen forecast=forecast/></Answered>
        </Transition>
    }
    .erased()
}

#[component]
fn Content(chosen: Chosen, forecast: Signal<InPage<Drawn>>) -> impl IntoView {
    let whose = Memo::new(move |_| forecast.with(|one| one.answer.whose.clone()));
    let fields = vec![
        chosen.connection_of(whose),
        chosen.view_field(),
        chosen.metric_field(),
    ];
    view! {
        <div class="page">
            <PageHead title="Forecast" whose=whose path="/forecast" fields=fields words=chosen.words()/>
            <Placed still=InPage::part(forecast, 0)/>
        </div>
    }
    .erased()
}
