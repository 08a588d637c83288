//! Signing in.

use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::session::{self, SignIn},
    components::{
        form::{Field, FormError, Submit, form_state},
        frame::{Doorway, Loading},
        problem::LeadTo,
    },
    erased::Erase,
    error::is_local,
    loaded::loaded,
};

/// Leads people who have nothing to do here to where they have.
#[component]
pub fn SignInPage() -> impl IntoView {
    let visitor = loaded(|| (), |()| session::me());
    let next = use_query_map()
        .get_untracked()
        .get("next")
        .filter(|next| is_local(next))
        .unwrap_or_default();
    view! {
        <Title text="Sign in"/>
        <Suspense fallback=Loading>
            {move || {
                let next = next.clone();
                Suspend::new(async move {
                    match visitor.await {
                        Ok(visitor) if visitor.needs_setup => {
                            EitherOf3::A(view! { <LeadTo path="/setup"/> })
                        }
                        Ok(visitor) if visitor.user.is_some() => {
                            let path = if next.is_empty() { "/".to_owned() } else { next };
                            EitherOf3::B(view! { <LeadTo path=path/> })
                        }
                        // Not knowing who is there is no reason to keep people out.
                        _ => EitherOf3::C(view! { <SignInForm next=next/> }),
                    }
                })
            }}
        </Suspense>
    }
    .erased()
}

#[component]
fn SignInForm(next: String) -> impl IntoView {
    let sign_in = ServerAction::<SignIn>::new();
    let state = form_state(sign_in);
    view! {
        <Doorway>
            <h1>"Sign in"</h1>
            <FormError state=state/>
            <ActionForm action=sign_in>
                <Field state=state name="email" label="E-mail" kind="email" autocomplete="username" maxlength=254/>
                <Field
                    state=state
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    maxlength=128
                />
                <input type="hidden" name="next" value=next/>
                <Submit state=state label="Sign in" pending="Signing in…" class="button button--primary button--wide"/>
            </ActionForm>
            <p class="muted">
                "Forgot your password? Whoever runs this server can set a new one with "
                <code>"cost-tracker user reset-password"</code> "."
            </p>
        </Doorway>
    }
    .erased()
}
