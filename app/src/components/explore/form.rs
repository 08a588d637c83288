//! The Explorer's form: period, comparison, keys, filters, how it counts. A plain form that
//! leads to an address; with scripts, what is chosen takes effect at once.

use domain::{
    breakdown::Breakdown,
    charge::View,
    dimension::{Dimension, GroupKey},
    metric::Metric,
    sheet::Names,
    wish::{Compare, MOST_FILTERS, NOTHING, Span},
};
#[cfg(not(feature = "hydrate"))]
use leptos::ev;
use leptos::{html::Form, prelude::*};
#[cfg(not(feature = "hydrate"))]
use leptos_router::params::ParamsMap;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    address::{ALL, Explored, PATH, tidy},
    filters::{FilterChoice, KeyChoice},
};
use crate::{
    components::{
        choose::{Choose, ChooseConnection, Options},
        chosen::taken_early,
    },
    erased::Erase,
};

/// What the form is made from; it is made anew only when something of this changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// What is chosen.
    pub explored: Explored,
    /// The person's connections: ids and names.
    pub connections: Options,
    /// Known tags and cost categories.
    pub keys: Vec<GroupKey>,
    /// For each filter, known values of its key.
    pub values: Vec<Vec<String>>,
    /// The names of linked accounts.
    pub names: Names,
    /// The day it is.
    pub today: String,
}

impl Choices {
    /// Of a page.
    #[must_use]
    pub fn of(page: &Breakdown, explored: Explored, connections: Options) -> Self {
        Self {
            explored,
            connections,
            keys: page.keys.clone(),
            values: page.values.clone(),
            names: page.account_names(),
            today: page.today.to_string(),
        }
    }
}

fn spans() -> Options {
    let option = |span: Span| (span.slug().to_owned(), span.label().to_owned());
    Span::ALL.map(option).to_vec()
}

fn comparisons() -> Options {
    let option = |one: Compare| (one.slug().to_owned(), one.label().to_owned());
    Compare::ALL.map(option).to_vec()
}

fn metrics() -> Options {
    let option = |metric: Metric| (metric.slug().to_owned(), metric.label().to_owned());
    Metric::ALL.map(option).to_vec()
}

fn views() -> Options {
    let option = |view: View| (view.slug().to_owned(), view.label().to_owned());
    View::ALL.map(option).to_vec()
}

/// The id of the field that had the focus when it led to another address.
pub type Focused = StoredValue<Option<String>>;

/// Everything that can be chosen but what the chart and the table have beside them.
#[component]
pub fn ExploreForm(
    /// What it is made from.
    choices: Choices,
    /// The field that had the focus when it led to another address.
    focused: Focused,
) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |form: Explored| {
        let form = form.with(|form| form.wish = tidy(std::mem::take(&mut form.wish)));
        let stay = NavigateOptions {
            scroll: false,
            ..Default::default()
        };
        navigate(&form.path(), stay);
    });
    give_back(focused);
    let form = NodeRef::<Form>::new();
    taken_early(form, move |said| changed_early(&said, focused, go));
    let Choices {
        explored,
        connections,
        keys,
        values,
        names,
        today,
    } = choices;
    let wish = explored.wish.clone();
    let days = |names: [&'static str; 2], texts: [&String; 2]| {
        let day = |name: &'static str, label: &'static str, value: &String| {
            let (value, today) = (value.clone(), today.clone());
            view! {
                <div class="pick wish__days">
                    <label class="pick__label" for=name>{label}</label>
                    <input class="input" type="date" id=name name=name value=value max=today/>
                </div>
            }
        };
        [
            day(names[0], "First day", texts[0]),
            day(names[1], "Last day", texts[1]),
        ]
    };
    let by = usual(&wish.by, Dimension::Service.aws_name());
    let filters = wish.filters.len();
    let slots = (0..(filters + 1).min(MOST_FILTERS)).map(|place| {
        let filter = wish.filters.get(place).cloned().unwrap_or_default();
        let values = values.get(place).cloned().unwrap_or_default();
        view! { <FilterChoice place=place filter=filter keys=keys.clone() values=values names=names.clone()/> }
    });
    let kept = [
        ("step", wish.step.clone()),
        ("chart", wish.chart.clone()),
        ("lines", wish.lines.clone()),
        ("sort", explored.sort.to_string()),
        ("unit", explored.unit.clone()),
    ];
    let kept = kept.into_iter().filter(|(_, value)| !value.is_empty());
    let kept = kept.chain(explored.pinned.iter().map(|one| ("pin", one.clone())));
    let summary = match filters {
        0 => "Filters".to_owned(),
        some => format!("Filters ({some})"),
    };
    view! {
        <form
            class="card wish"
            id="explore"
            method="get"
            action=PATH
            autocomplete="off"
            node_ref=form
            on:submit=move |event| submitted(&event, go)
            on:change=move |event| changed(&event, focused, go)
        >
            <div class="wish__row">
                <Choose name="period" label="Period" options=spans() chosen=usual(&wish.period, "this-month")/>
                {days(["from", "to"], [&wish.from, &wish.to])}
                <div class="wish__compare">
                    <Choose name="compare" label="Compare with" options=comparisons() chosen=usual(&wish.compare, "nothing")/>
                    {days(["compare_from", "compare_to"], [&wish.compare_from, &wish.compare_to])}
                </div>
                <KeyChoice name="by" label="Group by" keys=keys.clone() chosen=by none=Some(NOTHING)/>
                <KeyChoice name="then" label="Then by" keys=keys.clone() chosen=wish.then.clone() none=Some("")/>
                <ChooseConnection connections=with_all(connections) chosen=explored.connection.clone()/>
                <Choose name="metric" label="Metric" options=metrics() chosen=usual(&wish.metric, Metric::default().slug())/>
                <Choose name="view" label="View" options=views() chosen=usual(&wish.view, View::default().slug())/>
            </div>
            <details class="details" open={filters > 0}>
                <summary id="filters">{summary}</summary>
                <div class="details__body wish__filters">{slots.collect_view()}</div>
            </details>
            {kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
            <div class="actions">
                <button type="submit" class="button button--primary">"Show"</button>
                <p class="muted">"Showing asks AWS nothing. Where AWS has to be asked, you see the price first."</p>
            </div>
        </form>
    }
    .erased()
}

/// All of the person's connections, and all of them together where there are several.
fn with_all(mut connections: Options) -> Options {
    if connections.len() > 1 {
        connections.push((ALL.to_owned(), "All connections".to_owned()));
    }
    connections
}

fn usual(value: &str, usual: &str) -> String {
    match value {
        "" => usual.to_owned(),
        value => value.to_owned(),
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::{ev, prelude::*, web_sys};
    use leptos_router::params::ParamsMap;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    use super::{
        super::address::{A_CATEGORY, A_TAG, Explored},
        Focused,
    };
    use crate::components::chosen::said;

    pub fn submitted(event: &ev::SubmitEvent, go: Callback<Explored>) {
        if let Some(params) = said(event) {
            event.prevent_default();
            go.run(Explored::read(&params));
        }
    }

    pub fn changed(event: &ev::Event, focused: Focused, go: Callback<Explored>) {
        let Some(params) = said(event) else {
            return;
        };
        let field: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let Some(field) = field else { return };
        if !field.has_attribute("data-search") {
            take(&params, &field, focused, go);
        }
    }

    /// What was chosen before the page came to life; most often in the field that one is in.
    pub fn changed_early(params: &ParamsMap, focused: Focused, go: Callback<Explored>) {
        if let Some(field) = document().active_element() {
            take(params, &field, focused, go);
        }
    }

    fn take(params: &ParamsMap, field: &Element, focused: Focused, go: Callback<Explored>) {
        if !is_unfinished(params) {
            focused.set_value(Some(field.id()));
            go.run(Explored::read(params));
        }
    }

    /// Whether what was chosen waits for something to be typed.
    fn is_unfinished(params: &ParamsMap) -> bool {
        let text = |name: &str| params.get(name).unwrap_or_default();
        // While a year is typed, its first digits are one: 0002, 0020, 0202.
        let typing = |end: &str| text(end).is_empty() || text(end).starts_with('0');
        let days = |choice: &str, ends: [&str; 2]| {
            text(choice) == "days" && ends.iter().any(|end| typing(end))
        };
        let unnamed = |name: &str| {
            matches!(text(name).as_str(), A_TAG | A_CATEGORY)
                && text(&format!("{name}_name")).trim().is_empty()
        };
        days("period", ["from", "to"])
            || days("compare", ["compare_from", "compare_to"])
            || ["by", "then", "only", "only2", "only3", "only4", "only5"]
                .into_iter()
                .any(unnamed)
    }

    /// The form was made anew: the focus is where it was.
    pub fn give_back(focused: Focused) {
        Effect::new(move |_| {
            let Some(id) = focused.try_update_value(Option::take).flatten() else {
                return;
            };
            let field = document().get_element_by_id(&id);
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                let _ = field.focus();
            }
        });
    }
}

#[cfg(feature = "hydrate")]
use browser::{changed, changed_early, give_back, submitted};

#[cfg(not(feature = "hydrate"))]
fn submitted(_event: &ev::SubmitEvent, _go: Callback<Explored>) {}

#[cfg(not(feature = "hydrate"))]
fn changed(_event: &ev::Event, _focused: Focused, _go: Callback<Explored>) {}

#[cfg(not(feature = "hydrate"))]
fn changed_early(_params: &ParamsMap, _focused: Focused, _go: Callback<Explored>) {}

#[cfg(not(feature = "hydrate"))]
fn give_back(_focused: Focused) {}
