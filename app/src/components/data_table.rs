//! The shape that most tables have: a frame to scroll in, a name, heads, lines, a sum.

use leptos::prelude::*;

use crate::erased::Erase;

/// A column's head.
#[derive(Clone, Debug)]
pub struct Head {
    text: String,
    number: bool,
}

/// A column of words or dates.
pub fn words(text: impl Into<String>) -> Head {
    Head {
        text: text.into(),
        number: false,
    }
}

/// A column of numbers.
pub fn number(text: impl Into<String>) -> Head {
    Head {
        text: text.into(),
        number: true,
    }
}

/// A table. Its lines come as the children, each a `<tr>`.
#[component]
pub fn DataTable(
    /// What it is called: on its frame, and as its caption.
    #[prop(into)]
    name: String,
    /// More than the name, where the caption shall say more.
    #[prop(optional, into)]
    caption: Option<String>,
    /// The columns.
    heads: Vec<Head>,
    /// Whether it is long: it then scrolls by itself, and its lines are narrow.
    #[prop(optional)]
    long: bool,
    /// The line of sums.
    #[prop(default = None)]
    foot: Option<AnyView>,
    /// The lines.
    children: Children,
) -> impl IntoView {
    let (frame, table) = if long {
        ("table-frame table-frame--tall", "table table--dense")
    } else {
        ("table-frame", "table")
    };
    let heads = heads.into_iter().map(|head| {
        let class = head.number.then_some("number");
        view! { <th scope="col" class=class>{head.text}</th> }
    });
    let caption = caption.unwrap_or_else(|| name.clone());
    view! {
        <div class=frame tabindex="0" role="region" aria-label=name>
            <table class=table>
                <caption>{caption}</caption>
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>{children()}</tbody>
                {foot.map(|foot| view! { <tfoot>{foot}</tfoot> })}
            </table>
        </div>
    }
    .erased()
}
