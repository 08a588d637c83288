//! The first step to a role: who takes it on. The next ones are on the draft's
//! own page, which can be left and come back to.

use domain::{draft::RoleDraft, ways::Ways};
use leptos::prelude::*;

use crate::{
    api::roles::{Begin, NEW_KEY, SERVER},
    components::{
        form::{Field, FormError, Submit, form_state},
        key_fields::KeyFields,
        options::OptionCard,
        words::time,
    },
    erased::Erase,
};

/// Roles that were begun, and the form to begin another.
#[component]
pub fn RoleWay(
    /// What there is to choose from.
    ways: Ways,
) -> impl IntoView {
    let drafts = ways.drafts.clone();
    view! {
        {(!drafts.is_empty()).then(|| view! { <Drafts drafts=drafts/> })}
        <RoleStart ways=ways/>
    }
    .erased()
}

/// Unfinished roles, with the way on.
#[component]
pub fn Drafts(
    /// At least one.
    drafts: Vec<RoleDraft>,
) -> impl IntoView {
    let items = drafts.into_iter().map(|draft| {
        let link = format!("/connect/role/{}", draft.id);
        view! {
            <li class="list__item">
                <div class="list__main">
                    <a class="list__name" href=link>{draft.name}</a>
                    <p class="muted">"Begun on " {time(draft.created_at)}</p>
                </div>
                <p class="state">"Waits for its role’s ARN"</p>
            </li>
        }
    });
    view! {
        <section aria-labelledby="drafts-title" class="stack">
            <h2 id="drafts-title">"Roles that aren’t finished"</h2>
            <ul class="list">{items.collect_view()}</ul>
        </section>
    }
    .erased()
}

#[component]
fn RoleStart(ways: Ways) -> impl IntoView {
    let begin = ServerAction::<Begin>::new();
    let state = form_state(begin);
    let kept = state
        .error
        .get_untracked()
        .and_then(|error| error.kept("source"))
        .filter(|kept| !kept.is_empty());
    let first = ways
        .sources
        .first()
        .map(|source| source.connection.to_string());
    let chosen = kept.or(first).unwrap_or_else(|| NEW_KEY.to_owned());
    let is = |value: &str| value == chosen.as_str();
    let new_key = is(NEW_KEY);
    let sources = ways.sources.iter().map(|source| {
        let id = source.connection.to_string();
        view! {
            <OptionCard
                name="source"
                checked=is(&id)
                value=id
                title=format!("The key of “{}”", source.name)
                detail=source.arn.clone()
            />
        }
    });
    let sources = sources.collect_view();
    let server = ways.environment.is_some().then(|| {
        view! {
            <OptionCard
                name="source"
                checked=is(SERVER)
                value=SERVER
                title="This server’s own credentials"
                detail="What the machine it runs on may do. Only administrators see this."
            />
        }
    });
    view! {
        <section class="card" aria-labelledby="role-title">
            <h2 id="role-title">"A role in your account"</h2>
            <p>
                "You say who takes the role on. You get the trust policy for it, with an ExternalId made for this role "
                "alone, and make the role at AWS. Then you come back with its ARN."
            </p>
            <FormError state=state/>
            <ActionForm action=begin attr:class="role-start">
                <Field
                    state=state
                    name="name"
                    label="Name"
                    hint="What you call the account that the role is in, such as “Production”."
                    maxlength=80
                />
                <fieldset class="options">
                    <legend class="field__label">"Who takes the role on?"</legend>
                    {sources}
                    <OptionCard
                        name="source"
                        checked=new_key
                        value=NEW_KEY
                        title="A key that I enter here"
                        detail="Of an IAM user in any of your accounts. It is used for this role alone."
                    />
                    {server}
                </fieldset>
                <div class="role-start__key">
                    <KeyFields state=state unforced=true/>
                </div>
                <div class="actions">
                    <Submit state=state label="Continue" pending="Asking AWS…"/>
                    <p class="muted">"Free: AWS is only asked who that is."</p>
                </div>
            </ActionForm>
        </section>
    }
    .erased()
}
