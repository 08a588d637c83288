//! Which connection the Overview shows, and how it counts. A plain form: with
//! scripts a choice takes effect at once, without them a button sends it.

use domain::{account::Connection, metric::Metric, report::Overview};
use leptos::{html::Select, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// A connection to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Of the connection.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// The AWS account's number.
    pub account: String,
}

impl From<Connection> for Choice {
    fn from(connection: Connection) -> Self {
        Self {
            id: connection.id.to_string(),
            name: connection.name,
            account: connection.aws_account.to_string(),
        }
    }
}

/// Connection and metric.
#[component]
pub fn Picker(
    /// What is shown now.
    overview: Signal<Overview>,
    /// All connections.
    choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let connection = NodeRef::<Select>::new();
    let metric = NodeRef::<Select>::new();
    let current = move || overview.with(|overview| overview.connection.to_string());
    let counted = move || overview.with(|overview| overview.metric);
    let go = move |_| {
        let chosen = |select: NodeRef<Select>| Some(select.get_untracked()?.value());
        let connection = chosen(connection).unwrap_or_else(|| untrack(current));
        let metric = chosen(metric).unwrap_or_default();
        let path = format!("/?connection={connection}&metric={metric}");
        let stay = NavigateOptions {
            scroll: false,
            ..Default::default()
        };
        navigate.with_value(|navigate| navigate(&path, stay));
    };
    let several = Memo::new(move |_| choices.with(|choices| choices.len() > 1));
    let options = move || {
        let option = |choice: Choice| {
            let selected = choice.id == untrack(current);
            view! { <option value=choice.id selected=selected>{choice.name}</option> }
        };
        choices.get().into_iter().map(option).collect_view()
    };
    let connections = move || {
        if several.get() {
            view! {
                <div class="pick">
                    <label class="pick__label" for="connection">"Connection"</label>
                    <select
                        class="input"
                        id="connection"
                        name="connection"
                        node_ref=connection
                        on:change=go
                        prop:value=current
                    >
                        {options}
                    </select>
                </div>
            }
            .into_any()
        } else {
            view! { <input type="hidden" name="connection" value=current/> }.into_any()
        }
    };
    let metrics = Metric::COSTS.map(|choice| {
        let selected = untrack(counted) == choice;
        view! { <option value=choice.slug() selected=selected>{choice.label()}</option> }
    });
    view! {
        <form class="picks" method="get" action="/">
            {connections}
            <div class="pick">
                <label class="pick__label" for="metric">"Metric"</label>
                <select
                    class="input"
                    id="metric"
                    name="metric"
                    node_ref=metric
                    on:change=go
                    aria-describedby="metric-words"
                    prop:value=move || counted().slug()
                >
                    {metrics}
                </select>
            </div>
            <button type="submit" class="button needs-no-script">"Show"</button>
            <p class="picks__words" id="metric-words">{move || counted().explanation()}</p>
        </form>
    }
    .into_any()
}
