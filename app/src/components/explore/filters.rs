//! What costs are told apart by and filtered by, as fields of the form.

use domain::{
    dimension::{Dimension, GroupKey},
    sheet::{Names, name as value_name},
    wish::{FilterWish, NONE},
};
use leptos::prelude::*;

use super::address::{A_CATEGORY, A_TAG, filter_fields};
use crate::erased::Erase;

/// So many known values fit on a screen without searching.
const WITHOUT_SEARCH: usize = 12;
/// The server offers no more values of a key than this.
const MOST_OFFERED: usize = 300;

/// A dimension, a tag or cost category that is known, or another one by its name.
#[component]
pub fn KeyChoice(
    /// In the address.
    name: &'static str,
    /// For people.
    label: &'static str,
    /// Known tags and cost categories.
    keys: Vec<GroupKey>,
    /// What is chosen.
    chosen: String,
    /// What stands for nothing.
    none: Option<&'static str>,
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
                {none.map(|none| option(none.to_owned(), "Nothing".to_owned()))}
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
    .erased()
}

/// One filter: a key, and values that are kept or left out.
#[component]
pub fn FilterChoice(
    /// Which.
    place: usize,
    /// What is chosen.
    filter: FilterWish,
    /// Known tags and cost categories.
    keys: Vec<GroupKey>,
    /// Known values of its key.
    values: Vec<String>,
    /// The names of linked accounts.
    names: Names,
) -> impl IntoView {
    let [only, how, values_name] = filter_fields(place);
    let wanted = filter.list();
    let is_set = !filter.only.is_empty();
    let label = match place {
        0 => "Only costs whose",
        _ => "And whose",
    };
    let hows = [("only", "is one of"), ("not", "is none of")].map(|(value, text)| {
        let selected = value == filter.how;
        view! { <option value=value selected=selected>{text}</option> }
    });
    let others: Vec<String> = (wanted.iter())
        .filter(|value| !values.contains(value))
        .cloned()
        .collect();
    let others = FilterWish::of("", "", &others).values;
    let any = !values.is_empty();
    let key = filter.only.parse::<GroupKey>().ok();
    let legend = key.as_ref().map(GroupKey::label).unwrap_or_default();
    let ticks = any.then(|| {
        view! { <Values name=values_name legend=legend key=key values=values wanted=wanted names=names/> }
    });
    let hint = match any {
        true => "One on each line, exactly as AWS writes them.",
        false => {
            "One on each line, exactly as AWS writes them; (none) stands for costs without one. \
             Known values can be ticked once the key is chosen and shown."
        }
    };
    let hint_id = format!("{values_name}-hint");
    view! {
        <div class="wish__filter">
            <div class="wish__row">
                <KeyChoice name=only label=label keys=keys chosen=filter.only.clone() none=Some("")/>
                <div class="pick">
                    <label class="pick__label" for=how>"Its value"</label>
                    <select class="input" id=how name=how autocomplete="off">{hows}</select>
                </div>
            </div>
            {ticks}
            {is_set.then(|| view! {
                <div class="field">
                    <label class="pick__label" for=values_name>{if any { "Other values" } else { "Values" }}</label>
                    <textarea
                        class="input"
                        id=values_name
                        name=values_name
                        rows="2"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-describedby=hint_id.clone()
                    >
                        {others}
                    </textarea>
                    <p class="field__hint" id=hint_id>{hint}</p>
                </div>
            })}
        </div>
    }
    .erased()
}

#[component]
fn Values(
    name: &'static str,
    legend: String,
    key: Option<GroupKey>,
    values: Vec<String>,
    wanted: Vec<String>,
    names: Names,
) -> impl IntoView {
    let all = values.len();
    let sought = RwSignal::new(String::new());
    let search = (values.len() > WITHOUT_SEARCH).then(|| {
        let id = format!("{name}-search");
        view! {
            <div class="pick needs-script">
                <label class="pick__label" for=id.clone()>"Search in values"</label>
                <input
                    class="input"
                    type="search"
                    id=id
                    data-search=""
                    autocomplete="off"
                    on:input=move |event| sought.set(event_target_value(&event).to_lowercase())
                />
            </div>
        }
    });
    let ticks = values.into_iter().enumerate().map(|(place, value)| {
        let checked = wanted.contains(&value);
        let sent = if value.is_empty() { NONE } else { &value }.to_owned();
        let text = words(key.as_ref(), &value, &names);
        let lower = text.to_lowercase();
        let id = format!("{name}-{place}");
        let of = id.clone();
        view! {
            <label class="tick" for=of hidden=move || sought.with(|sought| !lower.contains(sought.as_str()))>
                <input
                    class="tick__input"
                    type="checkbox"
                    id=id
                    name=name
                    value=sent
                    checked=checked
                    autocomplete="off"
                />
                {text}
            </label>
        }
    });
    view! {
        {search}
        <fieldset class="wish__values">
            <legend class="hidden">{legend}</legend>
            {ticks.collect_view()}
        </fieldset>
        {(all >= MOST_OFFERED).then(|| view! {
            <p class="field__hint">
                {format!("These are the first {MOST_OFFERED} in the alphabet, and only these are searched. Others can be written below.")}
            </p>
        })}
    }
    .erased()
}

/// How a value reads: an account by its name and its number.
fn words(key: Option<&GroupKey>, value: &str, names: &Names) -> String {
    let Some(key) = key else {
        return value.to_owned();
    };
    match value_name(key, value, names) {
        same if same == value || value.is_empty() => same,
        name => format!("{name} ({value})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_by_name_and_by_number() {
        let names = Names::from([("111111111111".to_owned(), "Shop".to_owned())]);
        let account = GroupKey::from(Dimension::LinkedAccount);
        let told = |key: &GroupKey, value: &str| words(Some(key), value, &names);
        assert_eq!(told(&account, "111111111111"), "Shop (111111111111)");
        assert_eq!(told(&account, "222222222222"), "222222222222");
        assert_eq!(told(&account, ""), account.none_words());
        let region = GroupKey::from(Dimension::Region);
        assert_eq!(told(&region, "111111111111"), "111111111111");
    }
}
