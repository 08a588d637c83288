//! An access key of one's own.

use leptos::prelude::*;

use crate::{
    api::connections::Create,
    components::{
        form::{Field, FormError, Submit, form_state},
        key_fields::{KeyFields, KeyPolicy, KeyPrice},
    },
    erased::Erase,
};

/// The form for a key.
#[component]
pub fn KeyWay() -> impl IntoView {
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
    .erased()
}
