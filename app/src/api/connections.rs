//! A person's connections to AWS accounts. Keys come in and never go out.

use domain::account::Connection;
#[cfg(feature = "ssr")]
use domain::{expiry::StatedEnd, ports::NewKey};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, answer_keeping, leave_notice, require_user, services, take_notice};
use crate::{error::ApiError, secret::Secret};

/// All of the person's.
#[server(endpoint = "connections/list")]
pub async fn list() -> Result<Vec<Connection>, ApiError> {
    let list = async || {
        let user = require_user().await?;
        services()?.connections.list(&user).await
    };
    answer(list().await)
}

/// One of the person's.
#[server(endpoint = "connections/get")]
pub async fn get(connection: String) -> Result<Connection, ApiError> {
    let get = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let mut found = services()?.connections.get(&user, id).await?;
        found.warnings.extend(take_notice());
        Ok(found)
    };
    answer(get().await)
}

/// Proves a key with AWS, which costs one Cost Explorer request, and keeps it.
#[server(endpoint = "connections/create")]
pub async fn create(
    name: String,
    access_key_id: String,
    secret: Secret,
    #[server(default)] session_token: Secret,
    #[server(default)] ends: String,
    #[server(default)] ends_at: String,
) -> Result<(), ApiError> {
    let create = async || {
        let user = require_user().await?;
        let end = StatedEnd::parse(&ends, &ends_at)?;
        let key = new_key(&access_key_id, secret, session_token, end);
        let made = services()?.connections.create(&user, &name, key).await?;
        leave_notice(&made.warnings)?;
        leptos_axum::redirect(&format!("/connections/{}?saved=connection", made.id));
        Ok(())
    };
    let result = create().await;
    let kept = [
        ("name", name),
        ("access_key_id", access_key_id),
        ("ends", ends),
        ("ends_at", ends_at),
    ];
    answer_keeping(result, kept)
}

/// Connects the built-in sample account.
#[server(endpoint = "connections/create_sample")]
pub async fn create_sample() -> Result<(), ApiError> {
    let create = async || {
        let user = require_user().await?;
        let made = services()?.connections.create_sample(&user).await?;
        leptos_axum::redirect(&format!("/?connection={}", made.id));
        Ok(())
    };
    answer(create().await)
}

/// Gives a connection another name.
#[server(endpoint = "connections/rename")]
pub async fn rename(connection: String, name: String) -> Result<(), ApiError> {
    let rename = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.connections.rename(&user, id, &name).await?;
        leptos_axum::redirect(&format!("/connections/{id}?saved=name"));
        Ok(())
    };
    let result = rename().await;
    answer_keeping(result, [("name", name)])
}

/// Puts another key in the place of the old one: of the same AWS account, or one
/// that takes on the same role.
#[server(endpoint = "connections/replace_key")]
pub async fn replace_key(
    connection: String,
    access_key_id: String,
    secret: Secret,
    #[server(default)] session_token: Secret,
    #[server(default)] ends: String,
    #[server(default)] ends_at: String,
) -> Result<(), ApiError> {
    let replace = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let end = StatedEnd::parse(&ends, &ends_at)?;
        let key = new_key(&access_key_id, secret, session_token, end);
        let changed = services()?.connections.replace_key(&user, id, key).await?;
        leave_notice(&changed.warnings)?;
        leptos_axum::redirect(&format!("/connections/{id}?saved=key"));
        Ok(())
    };
    let result = replace().await;
    let kept = [
        ("access_key_id", access_key_id),
        ("ends", ends),
        ("ends_at", ends_at),
    ];
    answer_keeping(result, kept)
}

/// Deletes a connection, its key and all its costs.
#[server(endpoint = "connections/delete")]
pub async fn delete(connection: String) -> Result<(), ApiError> {
    let delete = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.connections.delete(&user, id).await?;
        leptos_axum::redirect("/connections?deleted=connection");
        Ok(())
    };
    answer(delete().await)
}

#[cfg(feature = "ssr")]
pub(super) fn new_key(
    access_key_id: &str,
    secret: Secret,
    session_token: Secret,
    end: StatedEnd,
) -> NewKey {
    NewKey {
        access_key_id: access_key_id.to_owned(),
        secret: secret.open(),
        session_token: session_token.open_filled(),
        end,
    }
}
