//! Parts of a page that only the server makes: figures and tables with nothing in them that
//! answers. The browser gets them as HTML and puts them in their place, so none of what makes
//! them is in the browser half, and bringing the page to life doesn't go over them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::erased::Erase;

/// HTML that the server has made from a view, so all of its text is escaped.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Still(String);

#[cfg(feature = "ssr")]
impl Still {
    /// Makes it. Also of nothing it's not empty: the empty one stands for what came with the
    /// page and isn't known any more, and wouldn't take its place.
    pub fn of(view: impl IntoView) -> Self {
        Self(view.to_html())
    }
}

/// Where such a part stands. Hydration leaves it as it came, so a page needn't send it twice;
/// what comes later takes its place.
#[component]
pub fn Placed(
    /// What stands there.
    #[prop(into)]
    still: Signal<Still>,
) -> impl IntoView {
    view! { <div class="still" inner_html=move || still.get().0></div> }.erased()
}
