//! A role on its way: what to make at AWS, step by step, and the way to finish.

use domain::draft::{DRAFT_DAYS, RoleDraft};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    api::roles::{self, Discard, Finish},
    components::{
        copy::CopyBlock,
        form::{Field, FormError, Submit, form_state},
        frame::Loading,
        key_end::key_end_words,
        key_fields::KeyPrice,
        policies::{AssumePolicy, ReadingPolicies, TrustPolicy},
        problem::Problem,
    },
    erased::Erase,
    loaded::loaded,
};

/// The draft that the path names.
#[component]
pub fn RoleDraftPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let loaded = loaded(id, roles::draft);
    view! {
        <Title text="A role"/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(draft) => Either::Left(view! { <Steps draft=draft/> }),
                    Err(error) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Suspense>
    }
    .erased()
}

#[component]
fn Steps(draft: RoleDraft) -> impl IntoView {
    let account = draft.source_account.to_string();
    let ends = draft.key_end.map(|end| key_end_words(Some(&end)));
    view! {
        <div class="page page--narrow">
            <p class="crumb"><a href="/connect?way=role">"Connect an AWS account"</a></p>
            <h1>{draft.name.clone()}</h1>
            <p class="lead">
                "The role isn’t connected yet. You can leave this page and come back: nothing here changes."
            </p>
            <section class="card" aria-labelledby="who-title">
                <h2 id="who-title">"Who takes the role on"</h2>
                <dl class="facts">
                    <div><dt>"ARN"</dt><dd class="code">{draft.source_arn.clone()}</dd></div>
                    <div><dt>"In account"</dt><dd class="code">{account}</dd></div>
                    {draft.source_name.clone().map(|name| view! {
                        <div><dt>"With the key of"</dt><dd>{name}</dd></div>
                    })}
                    {ends.map(|ends| view! { <div><dt>"The key expires"</dt><dd>{ends}</dd></div> })}
                </dl>
            </section>
            <section class="card" aria-labelledby="trust-title">
                <h2 id="trust-title">"1. Make the role"</h2>
                <p>
                    "In the account that you want to see: IAM, Roles, Create role, Custom trust policy. "
                    "Put this in, and call the role CostTracker."
                </p>
                <TrustPolicy source_arn=draft.source_arn.clone() external_id=draft.external_id.clone()/>
                <details class="details">
                    <summary>"The ExternalId by itself"</summary>
                    <div class="details__body">
                        <p>
                            "It was made for this role alone and is no secret. It keeps others who know the role’s ARN "
                            "from having this server take it on for them."
                        </p>
                        <CopyBlock what="ExternalId" text=draft.external_id.to_string()/>
                    </div>
                </details>
            </section>
            <section class="card" aria-labelledby="may-title">
                <h2 id="may-title">"2. Let it read costs"</h2>
                <ReadingPolicies/>
            </section>
            <section class="card" aria-labelledby="assume-title">
                <h2 id="assume-title">"3. Let the key take it on"</h2>
                <p>
                    "Needed where the role is in another account than the key. Attach it to "
                    <span class="code">{draft.source_arn.clone()}</span> "."
                </p>
                <AssumePolicy role_arn=draft.role_arn.clone()/>
            </section>
            <FinishForm id=draft.id.to_string() role_arn=draft.role_arn/>
            <DiscardForm id=draft.id.to_string() name=draft.name/>
        </div>
    }
    .erased()
}

#[component]
fn FinishForm(id: String, role_arn: String) -> impl IntoView {
    let finish = ServerAction::<Finish>::new();
    let state = form_state(finish);
    view! {
        <section class="card" aria-labelledby="finish-title">
            <h2 id="finish-title">"4. Connect"</h2>
            <FormError state=state/>
            <ActionForm action=finish>
                <input type="hidden" name="draft" value=id/>
                <Field
                    state=state
                    name="role_arn"
                    label="The role’s ARN"
                    hint="From the role’s page: arn:aws:iam::123456789012:role/CostTracker."
                    value=role_arn
                    maxlength=2048
                />
                <div class="actions">
                    <Submit state=state label="Take the role on and connect" pending="Asking AWS…"/>
                    <KeyPrice/>
                </div>
            </ActionForm>
        </section>
    }
    .erased()
}

#[component]
fn DiscardForm(id: String, name: String) -> impl IntoView {
    let discard = ServerAction::<Discard>::new();
    let state = form_state(discard);
    view! {
        <section class="card" aria-labelledby="discard-title">
            <h2 id="discard-title">"Discard"</h2>
            <p>
                "Forgets this ExternalId, and the key if you entered one here. Nothing changes at AWS. "
                "What isn’t touched for " {DRAFT_DAYS} " days is forgotten too."
            </p>
            <FormError state=state/>
            <details class="details">
                <summary>"Discard this role"</summary>
                <div class="details__body">
                    <p>"Really discard “" {name} "”? Another try gets another ExternalId."</p>
                    <ActionForm action=discard>
                        <input type="hidden" name="draft" value=id/>
                        <Submit state=state label="Yes, discard it" pending="Discarding…" class="button button--danger"/>
                    </ActionForm>
                </div>
            </details>
        </section>
    }
    .erased()
}
