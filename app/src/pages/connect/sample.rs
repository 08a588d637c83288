//! The sample account.

use leptos::prelude::*;

use crate::{
    api::connections::CreateSample,
    components::form::{FormError, Submit, form_state},
    erased::Erase,
};

/// One button: there is nothing to fill in.
#[component]
pub fn SampleChoice() -> impl IntoView {
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
    .erased()
}
