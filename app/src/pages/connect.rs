//! A new connection: an access key of one's own, or the sample account.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

use crate::{
    api::{
        connections::{Create, CreateSample},
        session,
    },
    components::{
        form::{Field, FormError, Submit, form_state},
        frame::Loading,
        key_fields::{KeyFields, KeyPolicy, KeyPrice},
        problem::Problem,
    },
};

/// Two ways to see costs.
#[component]
pub fn ConnectPage() -> impl IntoView {
    let visitor = Resource::new_blocking(|| (), |()| session::me());
    view! {
        <Title text="Connect AWS"/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match visitor.await {
                    Ok(visitor) if visitor.user.is_some() => {
                        Either::Left(view! { <Choices sample_account=visitor.sample_account/> })
                    }
                    Ok(_) => Either::Right(view! { <Problem error=domain::Error::not_signed_in()/> }),
                    Err(error) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Choices(sample_account: bool) -> impl IntoView {
    view! {
        <div class="page page--narrow">
            <h1>"Connect an AWS account"</h1>
            <p class="lead">
                "Cost Tracker asks AWS what each day cost, keeps the answer here, and counts what asking costs you."
            </p>
            {sample_account.then(|| view! { <SampleChoice/> })}
            <KeyChoice/>
        </div>
    }
    .into_any()
}

#[component]
fn SampleChoice() -> impl IntoView {
    let create = ServerAction::<CreateSample>::new();
    let state = form_state(create);
    view! {
        <section class="card card--split" aria-labelledby="sample-title">
            <div>
                <h2 id="sample-title">"No keys at hand?"</h2>
                <p>"Look around with a made-up company’s account. It runs inside this server and costs nothing."</p>
                <FormError state=state/>
            </div>
            <ActionForm action=create>
                <Submit state=state label="Use the sample account" pending="Connecting…" class="button"/>
            </ActionForm>
        </section>
    }
    .into_any()
}

#[component]
fn KeyChoice() -> impl IntoView {
    let create = ServerAction::<Create>::new();
    let state = form_state(create);
    view! {
        <section class="card" aria-labelledby="key-title">
            <h2 id="key-title">"Your own access key"</h2>
            <FormError state=state/>
            <ActionForm action=create>
                <Field
                    state=state
                    name="name"
                    label="Name"
                    hint="What you call this account, such as “Production”."
                    maxlength=80
                />
                <KeyFields state=state/>
                <KeyPolicy/>
                <div class="actions">
                    <Submit state=state label="Connect" pending="Asking AWS…"/>
                    <KeyPrice/>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
