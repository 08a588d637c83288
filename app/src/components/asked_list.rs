//! What people have asked AWS for: how fresh it is, how much of it there is, and a way to
//! get rid of it.

use domain::breakdown::{Asked, USED_DAYS};
use leptos::prelude::*;

use super::{
    explore::address::{address, wish_of},
    form::{FormError, Submit, form_state},
    words::{count, time},
};
use crate::{api::breakdowns::Forget, erased::Erase};

/// The list; nothing where nobody has asked for anything.
#[component]
pub fn AskedList(
    /// Whose.
    connection: String,
    /// The last used first.
    asked: Vec<Asked>,
    /// Called when something is gone.
    #[prop(into)]
    on_forgotten: Callback<()>,
) -> impl IntoView {
    if asked.is_empty() {
        return ().erased();
    }
    let items = asked.into_iter().map(|one| {
        view! { <Item connection=connection.clone() one=one on_forgotten=on_forgotten/> }
    });
    view! {
        <section class="asked" aria-labelledby="asked-title">
            <h2 id="asked-title">"What you have asked AWS for"</h2>
            <ul class="list">{items.collect_view()}</ul>
            <p class="muted">
                {format!(
                    "Refresh asks anew for what was looked at within {USED_DAYS} days. The rest stays as it is."
                )}
            </p>
        </section>
    }
    .erased()
}

#[component]
fn Item(connection: String, one: Asked, on_forgotten: Callback<()>) -> impl IntoView {
    let forget = ServerAction::<Forget>::new();
    let state = form_state(forget);
    Effect::new(move |_| {
        if let Some(Ok(())) = forget.value().get() {
            on_forgotten.run(());
        }
    });
    let label = one.question.label();
    let name = match wish_of(&one.question) {
        Some(wish) => {
            let link = address(&connection, &wish);
            view! { <a class="list__name" href=link>{label}</a> }.erased()
        }
        None => view! { <span class="list__name">{label}</span> }.erased(),
    };
    let question = serde_json::to_string(&one.question).unwrap_or_default();
    let class = if one.refreshed {
        "state state--good"
    } else {
        "state"
    };
    view! {
        <li class="list__item">
            <div class="list__main">
                {name}
                <p class="muted">{size(&one)}</p>
            </div>
            <p class=class>{fresh(&one)}</p>
            <details class="details asked__forget">
                <summary>"Forget"</summary>
                <div class="details__body">
                    <p>"Its days are deleted. AWS keeps the last 14 months of them, at the price of asking again."</p>
                    <FormError state=state/>
                    <ActionForm action=forget>
                        <input type="hidden" name="connection" value=connection/>
                        <input type="hidden" name="question" value=question/>
                        <Submit state=state label="Forget it" pending="Forgetting…" class="button button--danger"/>
                    </ActionForm>
                </div>
            </details>
        </li>
    }
    .erased()
}

fn size(one: &Asked) -> String {
    let Some(period) = one.period else {
        return "Nothing has come yet.".to_owned();
    };
    let groups = count(one.groups, "group", "groups");
    format!("{period} · {groups}")
}

fn fresh(one: &Asked) -> String {
    let Some(as_of) = one.as_of else {
        return "Not asked yet".to_owned();
    };
    let as_of = time(as_of);
    if one.refreshed {
        let requests = count(one.requests, "request", "requests");
        format!("As of {as_of}. Refreshed with the rest, for {requests}.")
    } else {
        let used = time(one.last_used_at);
        format!("As of {as_of}. Last looked at {used}: not refreshed any more.")
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        cube::{Granularity, Question},
        period::Period,
    };

    use super::*;

    #[test]
    fn each_says_as_of_when_it_is() {
        let mut one = Asked {
            question: Question {
                granularity: Granularity::Daily,
                keys: Vec::new(),
                filter: None,
            },
            period: Some(Period::kept("2026-11-24".parse().unwrap())),
            days: 420,
            groups: 42,
            as_of: Some("2026-11-24T03:05:00Z".parse().unwrap()),
            last_used_at: "2026-11-24T04:00:00Z".parse().unwrap(),
            refreshed: true,
            requests: 1,
        };
        assert_eq!(size(&one), "1 Oct 2025 – 24 Nov 2026 · 42 groups");
        assert_eq!(
            fresh(&one),
            "As of 24 Nov 2026, 03:05 UTC. Refreshed with the rest, for 1 request."
        );
        one.refreshed = false;
        assert!(
            fresh(&one).ends_with("Last looked at 24 Nov 2026, 04:00 UTC: not refreshed any more.")
        );
        one.as_of = None;
        assert_eq!(fresh(&one), "Not asked yet");
    }
}
