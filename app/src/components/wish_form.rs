//! The form of a breakdown: period, keys, filter. A plain form that leads to an address, with
//! or without scripts.

use domain::{
    breakdown::Breakdown,
    charge::View,
    dimension::{Dimension, GroupKey},
    metric::Metric,
    wish::{NONE, Span, Wish},
};
use leptos::prelude::*;

use super::wish_address::{A_CATEGORY, A_TAG};

/// What the form is made from; it is made anew only when something of this changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// What is chosen.
    pub wish: Wish,
    /// Known tags and cost categories.
    pub keys: Vec<GroupKey>,
    /// Known values of the key that is filtered by.
    pub values: Vec<String>,
    /// The day it is.
    pub today: String,
}

impl Choices {
    /// Of a page.
    #[must_use]
    pub fn of(page: &Breakdown) -> Self {
        Self {
            wish: page.wish.clone(),
            keys: page.keys.clone(),
            values: page.values.clone(),
            today: page.today.to_string(),
        }
    }
}

type Options = Vec<(String, String)>;

fn spans() -> Options {
    let option = |span: Span| (span.slug().to_owned(), span.label().to_owned());
    Span::ALL.map(option).to_vec()
}

fn metrics() -> Options {
    let option = |metric: Metric| (metric.slug().to_owned(), metric.label().to_owned());
    Metric::COSTS.map(option).to_vec()
}

fn views() -> Options {
    let option = |view: View| (view.slug().to_owned(), view.label().to_owned());
    View::ALL.map(option).to_vec()
}

fn fixed(options: &[(&str, &str)]) -> Options {
    let owned = |(value, text): &(&str, &str)| ((*value).to_owned(), (*text).to_owned());
    options.iter().map(owned).collect()
}

/// Connection, period, keys and filter.
#[component]
pub fn WishForm(
    /// The person's connections: ids and names.
    connections: Options,
    /// The one that is shown.
    current: String,
    /// The rest.
    choices: Choices,
) -> impl IntoView {
    let Choices {
        wish,
        keys,
        values,
        today,
    } = choices;
    let chosen = move |value: &str, usual: &str| match value {
        "" => usual.to_owned(),
        value => value.to_owned(),
    };
    let connection = if connections.len() > 1 {
        view! { <Choose name="connection" label="Connection" options=connections chosen=current/> }
            .into_any()
    } else {
        view! { <input type="hidden" name="connection" value=current/> }.into_any()
    };
    let day = |name: &'static str, label: &'static str, value: &str, today: &str| {
        let (value, today) = (value.to_owned(), today.to_owned());
        view! {
            <div class="pick wish__days">
                <label class="pick__label" for=name>{label}</label>
                <input class="input" type="date" id=name name=name value=value max=today/>
            </div>
        }
    };
    view! {
        <form class="card wish" method="get" action="/costs">
            <div class="wish__row">
                {connection}
                <Choose name="period" label="Period" options=spans() chosen=chosen(&wish.period, "this-month")/>
                {day("from", "First day", &wish.from, &today)}
                {day("to", "Last day", &wish.to, &today)}
                <KeyChoice name="by" label="Group by" keys=keys.clone() chosen=wish.by.clone()/>
                <KeyChoice name="then" label="Then by" keys=keys.clone() chosen=wish.then.clone()/>
            </div>
            <details class="details" open=!wish.only.is_empty()>
                <summary>"Filter"</summary>
                <FilterChoice wish=wish.clone() keys=keys values=values/>
            </details>
            <details class="details" open=is_unusual(&wish)>
                <summary>"How it counts and is shown"</summary>
                <div class="wish__row details__body">
                    <Choose name="metric" label="Metric" options=metrics() chosen=chosen(&wish.metric, Metric::default().slug())/>
                    <Choose name="view" label="View" options=views() chosen=chosen(&wish.view, View::default().slug())/>
                    <Choose
                        name="columns"
                        label="Columns"
                        options=fixed(&[("", "As it fits"), ("days", "Days"), ("months", "Months"), ("total", "Only the total")])
                        chosen=wish.columns.clone()
                    />
                    <Choose
                        name="lines"
                        label="Lines"
                        options=fixed(&[("20", "The 20 largest"), ("50", "The 50 largest"), ("200", "The 200 largest")])
                        chosen=chosen(&wish.lines, "20")
                    />
                </div>
            </details>
            <div class="actions">
                <button type="submit" class="button button--primary">"Show"</button>
                <p class="muted">"Showing asks AWS nothing. Where AWS has to be asked, you see the price first."</p>
            </div>
        </form>
    }
    .into_any()
}

/// Whether something out of sight isn't as usual.
fn is_unusual(wish: &Wish) -> bool {
    let usual = |value: &str, usual: &str| value.is_empty() || value == usual;
    !usual(&wish.metric, Metric::default().slug())
        || !usual(&wish.view, View::default().slug())
        || !wish.columns.is_empty()
        || !usual(&wish.lines, "20")
}

#[component]
fn Choose(
    name: &'static str,
    label: &'static str,
    options: Options,
    chosen: String,
) -> impl IntoView {
    let options = options.into_iter().map(|(value, text)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{text}</option> }
    });
    view! {
        <div class="pick">
            <label class="pick__label" for=name>{label}</label>
            <select class="input" id=name name=name autocomplete="off">{options.collect_view()}</select>
        </div>
    }
    .into_any()
}

/// A dimension, a tag or cost category that is known, or another one by its name.
#[component]
fn KeyChoice(
    name: &'static str,
    label: &'static str,
    keys: Vec<GroupKey>,
    chosen: String,
) -> impl IntoView {
    let mut own = keys;
    if let Ok(key @ (GroupKey::Tag(_) | GroupKey::CostCategory(_))) = chosen.parse::<GroupKey>()
        && !own.contains(&key)
    {
        own.push(key);
    }
    let option = |value: String, text: String| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{text}</option> }
    };
    let dimensions = Dimension::ALL
        .iter()
        .map(|one| option(one.aws_name().to_owned(), one.label().to_owned()))
        .collect_view();
    let known = own
        .iter()
        .map(|key| option(key.to_string(), key.label()))
        .collect_view();
    let any_known = !own.is_empty();
    let name_id = format!("{name}_name");
    view! {
        <div class="pick wish__key">
            <label class="pick__label" for=name>{label}</label>
            <select class="input" id=name name=name autocomplete="off">
                {option(String::new(), "Nothing".to_owned())}
                <optgroup label="Dimensions">{dimensions}</optgroup>
                {any_known.then(|| view! { <optgroup label="Asked for before">{known}</optgroup> })}
                <optgroup label="By its name">
                    <option value=A_TAG>"A tag…"</option>
                    <option value=A_CATEGORY>"A cost category…"</option>
                </optgroup>
            </select>
            <div class="wish__name">
                <label class="pick__label" for=name_id.clone()>"Its key or name"</label>
                <input
                    class="input"
                    type="text"
                    id=name_id.clone()
                    name=name_id
                    maxlength="300"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                />
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn FilterChoice(wish: Wish, keys: Vec<GroupKey>, values: Vec<String>) -> impl IntoView {
    let wanted = wish.filter_values();
    let key = wish.only.parse::<GroupKey>().ok();
    let ticks = values
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let checked = wanted.contains(value);
            let sent = if value.is_empty() { NONE } else { value }.to_owned();
            let text = match (&key, value.as_str()) {
                (Some(key), "") => key.none_words(),
                (_, text) => text.to_owned(),
            };
            view! {
                <label class="tick" for=format!("value-{place}")>
                    <input
                        class="tick__input"
                        type="checkbox"
                        id=format!("value-{place}")
                        name="values"
                        value=sent
                        checked=checked
                        autocomplete="off"
                    />
                    {text}
                </label>
            }
        })
        .collect_view();
    let others: Vec<&str> = wanted
        .iter()
        .filter(|value| !values.contains(value))
        .map(|value| if value.is_empty() { NONE } else { value })
        .collect();
    let others = others.join("\n");
    let any = !values.is_empty();
    let hint = if any {
        "One on each line, exactly as AWS writes them."
    } else {
        "One on each line, exactly as AWS writes them; (none) stands for costs without one. \
         Values that are known can be ticked after showing once."
    };
    view! {
        <div class="details__body">
            <div class="wish__row">
                <KeyChoice name="only" label="Only costs whose" keys=keys chosen=wish.only.clone()/>
                <Choose
                    name="how"
                    label="Is"
                    options=fixed(&[("only", "one of these"), ("not", "none of these")])
                    chosen=if wish.how.is_empty() { "only".to_owned() } else { wish.how.clone() }
                />
            </div>
            {any.then(|| view! {
                <fieldset class="wish__values">
                    <legend class="pick__label">"Values"</legend>
                    {ticks}
                </fieldset>
            })}
            <div class="field">
                <label class="pick__label" for="values">{if any { "Other values" } else { "Values" }}</label>
                <textarea
                    class="input"
                    id="values"
                    name="values"
                    rows="3"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-describedby="values-hint"
                >
                    {others}
                </textarea>
                <p class="field__hint" id="values-hint">{hint}</p>
            </div>
        </div>
    }
    .into_any()
}
