//! A month's bill: how it comes together, what the views make of it, what it was said to
//! be, and what AWS changed afterwards. Reads the store alone.

#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
mod said;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::{
    api::bills,
    components::{
        answered::Answered,
        chooser::Field,
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
    /// Whose bill.
    pub whose: Whose,
    /// Of which month, `2026-10`.
    pub month: String,
    /// The months that there are bills of, and their names.
    pub months: Vec<(String, String)>,
    /// All below the page's head.
    pub still: Vec<Still>,
}

impl HasStill for Drawn {
    fn take_still(&mut self) -> Vec<Still> {
        std::mem::take(&mut self.still)
    }
}

/// The Bill page.
#[component]
pub fn BillPage() -> impl IntoView {
    let chosen = Chosen::of_address();
    let query = use_query_map();
    let month = Memo::new(move |_| query.with(|query| query.get("month")));
    let bill = loaded(
        move || (chosen.wanted.get(), month.get(), chosen.metric.get()),
        |(wanted, month, metric)| async move {
            let page = bills::page(metric, month, wanted).await?;
            Ok::<_, ApiError>(page.map(InPage::from))
        },
    );
    view! {
        <Title text="Bill"/>
        <Transition fallback=Loading>
            <Answered answer=bill let:bill><Content chosen=chosen bill=bill/></Answered>
        </Transition>
    }
    .erased()
}

#[component]
fn Content(chosen: Chosen, bill: Signal<InPage<Drawn>>) -> impl IntoView {
    let whose = Memo::new(move |_| bill.with(|bill| bill.answer.whose.clone()));
    let months = Memo::new(move |_| bill.with(|bill| bill.answer.months.clone()));
    let month = Field {
        name: "month",
        label: "Month",
        options: months.into(),
        chosen: Signal::derive(move || bill.with(|bill| bill.answer.month.clone())),
    };
    let fields = vec![chosen.connection_of(whose), month, chosen.metric_field()];
    let words = Signal::derive(move || chosen.metric.get().explanation().to_owned());
    view! {
        <div class="page">
            <PageHead title="Bill" whose=whose path="/bill" fields=fields words=words/>
            <Placed still=InPage::part(bill, 0)/>
        </div>
    }
    .erased()
}
