//! Money on a page: two decimals to read, every digit for those who ask.

use domain::money::Money;
use leptos::prelude::*;

use crate::erased::Erase;

/// An amount, with its exact value for programs and on hovering.
#[component]
pub fn Amount(
    /// How much.
    money: Money,
    /// Whether a positive amount gets a plus sign: for differences.
    #[prop(optional)]
    signed: bool,
) -> impl IntoView {
    let text = if signed {
        money.display_signed()
    } else {
        money.display()
    };
    view! {
        <data class="amount" value=money.amount.to_string() title=money.display_exact()>
            {text}
        </data>
    }
    .erased()
}
