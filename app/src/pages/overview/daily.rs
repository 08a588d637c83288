//! Where the daily chart stands: as the server has drawn it, without its bars, until somebody
//! is about to see it. What draws them is in a piece of its own, with its own question to the
//! server.

use domain::look::Look;
use leptos::prelude::*;

use crate::{components::late::Late, erased::Erase, still::Still};

/// Which chart it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Which {
    /// The page's connection, or all together.
    pub current: String,
    /// What counts.
    pub look: Look,
    /// Of its amounts: there is one chart for each currency.
    pub currency: String,
    /// The page's number for what it shows: another number, another chart.
    pub number: u64,
}

/// The place, and in time the chart.
#[component]
pub fn DailyPlace(
    /// Which chart belongs there.
    which: Memo<Which>,
    /// What stands there before that, of the same size.
    still: Signal<Still>,
) -> impl IntoView {
    let late = Late::new();
    fetch(&late, which);
    late.place("chart-place", still, |_| view! { <NotShown/> }.erased())
}

/// Stands where it can't be.
#[component]
pub fn NotShown() -> impl IntoView {
    view! {
        <p class="chart__cover--failed">
            "The chart couldn’t be loaded. The tables on this page have its sums."
        </p>
    }
    .erased()
}

#[cfg(feature = "hydrate")]
fn fetch(late: &Late, which: Memo<Which>) {
    let Some(owner) = Owner::current() else {
        return;
    };
    late.when_near(|late| begin(owner, which, late));
}

#[cfg(not(feature = "hydrate"))]
const fn fetch(_late: &Late, _which: Memo<Which>) {}

/// Begins what brings the chart to life.
#[cfg(feature = "hydrate")]
#[leptos::wasm_split::wasm_split(charts, wasm_split_path = leptos::wasm_split, fallible)]
fn begin(
    owner: Owner,
    which: Memo<Which>,
    late: Late,
) -> Result<(), leptos::wasm_split::SplitLoaderError> {
    super::chart_view::begin(owner, which, late);
    Ok(())
}
