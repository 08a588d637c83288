//! The server's own credentials: says whose they are before anything is done
//! with them.

use domain::ways::{AwsIdentity, ServerEnvironment};
use leptos::prelude::*;

use crate::{
    api::environment::{Connect, Look},
    components::{
        form::{Field, FormError, Submit, form_state},
        key_fields::KeyPrice,
        policies::ReadingPolicies,
    },
    erased::Erase,
};

/// Whose they are, and the form to connect with them.
#[component]
pub fn ServerWay(
    /// What is known about them.
    server: ServerEnvironment,
) -> impl IntoView {
    let look = ServerAction::<Look>::new();
    let state = form_state(look);
    let known = server.identity;
    let identity = move || match look.value().get() {
        Some(Ok(identity)) => Some(identity),
        _ => known.clone(),
    };
    view! {
        <section class="card" aria-labelledby="server-title">
            <h2 id="server-title">"This server’s own credentials"</h2>
            <p>
                "These aren’t yours: they belong to whoever runs this server. They come from its environment, a profile, "
                "or the role of the machine or container it runs in. The operator has switched them on; "
                "only administrators see this."
            </p>
            {move || match identity() {
                None => view! { <p>"AWS says whose they are. Asking is free."</p> }.erased(),
                Some(identity) => view! { <Owner identity=identity/> }.erased(),
            }}
            <FormError state=state/>
            <ActionForm action=look>
                <Submit state=state label="See whose they are" pending="Asking AWS…" class="button"/>
            </ActionForm>
        </section>
    }
    .erased()
}

#[component]
fn Owner(identity: AwsIdentity) -> impl IntoView {
    let connect = ServerAction::<Connect>::new();
    let state = form_state(connect);
    view! {
        <dl class="facts">
            <div><dt>"They belong to"</dt><dd class="code">{identity.arn}</dd></div>
            <div><dt>"In account"</dt><dd class="code">{identity.account.to_string()}</dd></div>
        </dl>
        <FormError state=state/>
        <ActionForm action=connect>
            <Field
                state=state
                name="name"
                label="Name"
                hint="What you call this account, such as “Production”."
                maxlength=80
            />
            <details class="details">
                <summary>"What they must be allowed to do"</summary>
                <div class="details__body"><ReadingPolicies/></div>
            </details>
            <div class="actions">
                <Submit state=state label="Connect with them" pending="Asking AWS…"/>
                <KeyPrice/>
            </div>
        </ActionForm>
    }
    .erased()
}
