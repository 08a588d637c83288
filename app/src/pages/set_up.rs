//! The first visitor makes the first account.

use domain::user::{PASSWORD_MAX, PASSWORD_MIN};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

use crate::{
    api::session::{self, SetUp},
    components::{
        form::{Field, FormError, Submit, form_state},
        frame::{Doorway, Loading},
        problem::LeadTo,
    },
    erased::Erase,
    loaded::loaded,
};

/// Only while nobody has an account.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let visitor = loaded(|| (), |()| session::me());
    view! {
        <Title text="Set up"/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match visitor.await {
                    Ok(visitor) if !visitor.needs_setup => {
                        Either::Left(view! { <LeadTo path="/"/> })
                    }
                    _ => Either::Right(view! { <SetUpForm/> }),
                }
            })}
        </Suspense>
    }
    .erased()
}

#[component]
fn SetUpForm() -> impl IntoView {
    let set_up = ServerAction::<SetUp>::new();
    let state = form_state(set_up);
    view! {
        <Doorway>
            <h1>"Welcome"</h1>
            <p>
                "Nobody has an account on this server yet. Make the first one: it will be the administrator’s. "
                "After that, accounts are made on the machine itself."
            </p>
            <FormError state=state/>
            <ActionForm action=set_up>
                <Field state=state name="email" label="E-mail" kind="email" autocomplete="username" maxlength=254/>
                <Field
                    state=state
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters. A few unrelated words are easy to remember and hard to guess."
                    minlength=password_length(PASSWORD_MIN)
                    maxlength=password_length(PASSWORD_MAX)
                />
                <Submit state=state label="Make the account" pending="Making it…" class="button button--primary button--wide"/>
            </ActionForm>
        </Doorway>
    }
    .erased()
}

/// A length as HTML takes it.
pub fn password_length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
