//! The word that it takes to ask AWS for more than the monthly cap covers.

use domain::{money::Money, spending::CapStatus};
use leptos::prelude::*;

use super::cap::used;

/// A tick to give one's word; nothing where the cap covers the price.
#[component]
pub fn Consent(
    /// What requests may cost.
    cap: CapStatus,
    /// What asking costs.
    price: Money,
) -> impl IntoView {
    (!cap.covers(price)).then(|| {
        let words = format!(
            "The monthly cap doesn’t cover it ({} spent). Ask AWS all the same, for {}.",
            used(&cap),
            price.display()
        );
        view! {
            <label class="tick">
                <input class="tick__input" type="checkbox" name="beyond_cap" value="true" required/>
                {words}
            </label>
        }
    })
}

/// `Ask AWS — $0.02`, or that it is free for the sample account.
#[must_use]
pub fn ask_label(price: Money, sample: bool, again: bool) -> String {
    let what = if again { "Ask AWS again" } else { "Ask AWS" };
    match sample {
        true => format!("{what} — free here"),
        false => format!("{what} — {}", price.display()),
    }
}
