//! What to check and what that costs, before it is done; and how far it is.

use domain::{
    account::COST_EXPLORER_REQUEST,
    doctor::{self, Examination, Progress, Scope},
    money::Money,
};
use leptos::prelude::*;

use crate::{
    api::doctor::Examine,
    components::{
        form::{FormError, FormState, Submit, form_state},
        options::OptionCard,
        words::count,
    },
    erased::Erase,
};

/// Reloads the page where no script does it.
const RELOAD: &str = r#"<meta http-equiv="refresh" content="3"><p>This page reloads every three seconds until everything is there.</p>"#;

/// What is under way.
#[component]
pub fn Running(progress: Progress, #[prop(into)] again: Callback<()>) -> impl IntoView {
    follow(again);
    let percent = u64::from(progress.done) * 100 / u64::from(progress.total.max(1));
    view! {
        <div class="notice notice--progress" role="status">
            <p class="notice__title" id="doctor-title">"Asking AWS, one action after the other"</p>
            <progress class="progress" aria-labelledby="doctor-title" max="100" value=percent.to_string()></progress>
            <p class="muted">{progress.done} " of " {count(progress.total, "action", "actions")}</p>
            <noscript inner_html=RELOAD></noscript>
        </div>
    }
    .erased()
}

#[cfg(feature = "hydrate")]
fn follow(again: Callback<()>) {
    // Made anew with each answer: the next question comes a second after the last answer.
    Effect::new(move |_| {
        let every = std::time::Duration::from_secs(1);
        let ask = move || {
            again.try_run(());
        };
        if let Ok(timer) = set_timeout_with_handle(ask, every) {
            on_cleanup(move || timer.clear());
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn follow(_again: Callback<()>) {}

/// `$0.05`, or why it costs nothing.
pub fn price_words(price: Money, sample: bool) -> String {
    match (price.amount.0, sample) {
        (0, _) => "free".to_owned(),
        (_, true) => format!("free here; {} with AWS", price.display()),
        (_, false) => price.display(),
    }
}

const fn scope_words(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Free => ("EC2 only", "Its five actions."),
        Scope::Minimal => (
            "What the product needs",
            "The five actions of Cost Explorer and four of EC2 in the minimal policy.",
        ),
        Scope::All => ("Everything", "Those, and what makes single things better."),
    }
}

/// Which actions to check.
#[component]
pub fn CheckForm(found: Examination, on_begun: Callback<()>) -> impl IntoView {
    let (state, action) = begun_form(on_begun, &found);
    let sample = found.cap.sample;
    let choices = Scope::ALL.map(|scope| {
        let price = price_words(doctor::price(&scope.operations()), sample);
        let (label, words) = scope_words(scope);
        view! {
            <OptionCard
                name="what"
                value=scope.as_str()
                title=format!("{label}: {price}")
                detail=words
                checked=scope == Scope::Free
            />
        }
    });
    let each = COST_EXPLORER_REQUEST.display();
    let costs = if sample {
        "The sample account is inside this server: checking it costs nothing.".to_owned()
    } else {
        format!(
            "Each action of Cost Explorer takes one request, at {each}; one that AWS asks us to repeat \
             may cost {each} more each time. EC2 answers for free."
        )
    };
    view! {
        <section class="card" aria-labelledby="check-title">
            <h2 id="check-title">"Check the key"</h2>
            <p>{costs}</p>
            <FormError state=state/>
            <ActionForm action=action>
                <input type="hidden" name="connection" value=found.connection.to_string()/>
                <fieldset class="options">
                    <legend class="hidden">"What to check"</legend>
                    {choices.into_iter().collect_view()}
                </fieldset>
                <BeyondCap found=found.clone()/>
                <Submit state=state label="Check" pending="Asking AWS…"/>
            </ActionForm>
        </section>
    }
    .erased()
}

/// The action and the state of a form that begins a check.
pub fn begun_form(
    on_begun: Callback<()>,
    found: &Examination,
) -> (FormState, ServerAction<Examine>) {
    let action = ServerAction::<Examine>::new();
    let sent = form_state(action);
    let running = found.progress.is_some_and(|progress| progress.running);
    let pending = Signal::derive(move || sent.pending.get() || running);
    Effect::new(move |_| {
        if action.value().get().is_some_and(|answer| answer.is_ok()) {
            on_begun.try_run(());
        }
    });
    (FormState { pending, ..sent }, action)
}

/// The person's word, where the cap doesn't cover everything.
#[component]
fn BeyondCap(found: Examination) -> impl IntoView {
    let all = doctor::price(&Scope::All.operations());
    (!found.cap.covers(all)).then(|| {
        let left = found.cap.resets_on().format("%-d %b %Y").to_string();
        view! {
            <label class="tick">
                <input class="tick__input" type="checkbox" name="beyond_cap" value="true"/>
                "Check even if it costs more than this month’s cap covers. The count begins anew on " {left} "."
            </label>
        }
        .erased()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_told_before_anything_is_asked() {
        let all = doctor::price(&Scope::All.operations());
        assert_eq!(price_words(all, false), "$0.12");
        assert_eq!(price_words(all, true), "free here; $0.12 with AWS");
        assert_eq!(
            price_words(doctor::price(&Scope::Free.operations()), false),
            "free"
        );
    }
}
