//! The own account: who one is here, and the password.

use domain::user::{PASSWORD_MAX, PASSWORD_MIN, Role, User};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::set_up::password_length;
use crate::{
    api::session::{self, ChangePassword, SignOut},
    components::{
        form::{Field, FormError, Submit, cleared_when_done, form_state},
        frame::Loading,
        problem::Problem,
    },
    erased::Erase,
    loaded::loaded,
};

/// For whoever is signed in.
#[component]
pub fn AccountPage() -> impl IntoView {
    let query = use_query_map();
    let changed = move || query.with(|query| query.get("changed").is_some());
    // Made anew after a change, so that the fields are empty again.
    let visitor = loaded(
        changed,
        |changed| async move { (session::me().await, changed) },
    );
    view! {
        <Title text="Account"/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                let (visitor, changed) = visitor.await;
                match visitor.map(|visitor| (visitor.user, visitor.version)) {
                    Ok((Some(user), version)) => Either::Left(view! {
                        <Account user=user version=version changed=changed/>
                    }),
                    Ok((None, _)) => Either::Right(view! { <Problem error=domain::Error::not_signed_in()/> }),
                    Err(error) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Suspense>
    }
    .erased()
}

#[component]
fn Account(user: User, version: Option<String>, changed: bool) -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    let state = form_state(sign_out);
    let role = match user.role {
        Role::Administrator => "Administrator",
        Role::Member => "Member",
    };
    view! {
        <div class="page page--narrow">
            <h1>"Account"</h1>
            {changed.then(|| view! {
                <div class="notice notice--good" role="status">
                    <p>"The password is changed. All other devices are signed out."</p>
                </div>
            })}
            <section class="card card--split" aria-labelledby="you-title">
                <div>
                    <h2 id="you-title">"You"</h2>
                    <p>{user.email.to_string()} <span class="muted">" · " {role}</span></p>
                </div>
                <ActionForm action=sign_out>
                    <Submit state=state label="Sign out" pending="Signing out…" class="button"/>
                </ActionForm>
            </section>
            <PasswordForm email=user.email.to_string()/>
            {version.map(|version| view! { <p class="muted">"Cost Tracker " {version}</p> })}
        </div>
    }
    .erased()
}

#[component]
fn PasswordForm(email: String) -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let state = form_state(change);
    let form = cleared_when_done(change);
    view! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">"Change the password"</h2>
            <FormError state=state/>
            <ActionForm action=change node_ref=form>
                // Tells password managers whose password this is.
                <input
                    class="hidden"
                    type="text"
                    autocomplete="username"
                    value=email
                    readonly=true
                    tabindex="-1"
                    aria-hidden="true"
                />
                <Field
                    state=state
                    name="current_password"
                    label="Current password"
                    kind="password"
                    autocomplete="current-password"
                    maxlength=128
                />
                <Field
                    state=state
                    name="new_password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters. All other devices will be signed out."
                    minlength=password_length(PASSWORD_MIN)
                    maxlength=password_length(PASSWORD_MAX)
                />
                <Submit state=state label="Change the password" pending="Changing it…" class="button"/>
            </ActionForm>
        </section>
    }
    .erased()
}
