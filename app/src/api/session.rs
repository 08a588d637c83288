//! Coming in, going out, and the own account.

use domain::user::User;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::{
    context::{
        answer, answer_keeping, begin_session, caller, end_session, require_user, services,
        session_token, user,
    },
    error::is_local,
};
use crate::{error::ApiError, secret::Secret};

/// What a page may know before anyone has signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visitor {
    /// Who is signed in.
    pub user: Option<User>,
    /// Whether nobody has an account yet.
    pub needs_setup: bool,
    /// Whether the sample account is offered.
    pub sample_account: bool,
    /// The server's version; only for people who are signed in.
    pub version: Option<String>,
}

/// Who is looking.
#[server(endpoint = "session/me")]
pub async fn me() -> Result<Visitor, ApiError> {
    let find = async || {
        let services = services()?;
        let user = user().await?;
        let needs_setup = user.is_none() && services.people.needs_setup().await?;
        let settings = &services.settings;
        let version = user.is_some().then(|| settings.version.clone());
        Ok(Visitor {
            user,
            needs_setup,
            sample_account: settings.sample_account,
            version,
        })
    };
    answer(find().await)
}

/// Makes the first account.
#[server(endpoint = "session/set_up")]
pub async fn set_up(email: String, password: Secret) -> Result<(), ApiError> {
    let set_up = async || {
        let token = services()?
            .people
            .set_up(&email, password.open(), caller()?)
            .await?;
        begin_session(&token)?;
        leptos_axum::redirect("/connect");
        Ok(())
    };
    let result = set_up().await;
    answer_keeping(result, [("email", email)])
}

/// Begins a session and leads to where the person wanted to go.
#[server(endpoint = "session/sign_in")]
pub async fn sign_in(
    email: String,
    password: Secret,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    let sign_in = async || {
        let token = services()?
            .people
            .sign_in(&email, password.open(), caller()?)
            .await?;
        begin_session(&token)?;
        let there = match is_local(&next) {
            true => next,
            false => start(&token).await?,
        };
        leptos_axum::redirect(&there);
        Ok(())
    };
    let result = sign_in().await;
    answer_keeping(result, [("email", email)])
}

/// What the person sees first: a view of their own, or the Overview.
#[cfg(feature = "ssr")]
async fn start(token: &domain::ports::SessionToken) -> domain::Result<String> {
    let services = services()?;
    let start = match services.people.who(token).await? {
        Some(user) => services.saved.start(&user).await?,
        None => None,
    };
    Ok(start.map_or_else(|| "/".to_owned(), |view| view.path()))
}

/// Ends the session. Doing it twice does no harm.
#[server(endpoint = "session/sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    let sign_out = async || {
        if let Some(token) = session_token() {
            services()?.people.sign_out(&token).await?;
        }
        end_session()?;
        leptos_axum::redirect("/sign-in");
        Ok(())
    };
    answer(sign_out().await)
}

/// Changes the own password; all other sessions end.
#[server(endpoint = "session/change_password")]
pub async fn change_password(
    current_password: Secret,
    new_password: Secret,
) -> Result<(), ApiError> {
    let change = async || {
        let user = require_user().await?;
        let (current, new) = (current_password.open(), new_password.open());
        let people = services()?.people;
        let token = people
            .change_password(&user, current, new, caller()?)
            .await?;
        begin_session(&token)?;
        leptos_axum::redirect("/account?changed=password");
        Ok(())
    };
    answer(change().await)
}
