//! Connections by a role: begun here, made at AWS, finished here.

#[cfg(feature = "ssr")]
use domain::{Code, expiry::StatedEnd, ports::NewSource};
use domain::{draft::RoleDraft, ways};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::connections::new_key;
#[cfg(feature = "ssr")]
use crate::context::{answer, answer_keeping, leave_notice, require_user, services};
use crate::{error::ApiError, secret::Secret};

/// [`begin`]'s source: a key that is entered for this role alone.
pub const NEW_KEY: &str = "key";
/// [`begin`]'s source: the server's own credentials.
pub const SERVER: &str = "server";

/// What the person may choose from.
#[server(endpoint = "roles/ways")]
pub async fn ways() -> Result<ways::Ways, ApiError> {
    let ways = async || {
        let user = require_user().await?;
        services()?.roles.ways(&user).await
    };
    answer(ways().await)
}

/// Asks AWS who will take the role on, which is free, and makes its ExternalId.
/// `source` is [`NEW_KEY`], [`SERVER`] or the id of a connection.
#[server(endpoint = "roles/begin")]
pub async fn begin(
    name: String,
    #[server(default)] source: String,
    #[server(default)] access_key_id: String,
    #[server(default)] secret: Secret,
    #[server(default)] session_token: Secret,
    #[server(default)] ends: String,
    #[server(default)] ends_at: String,
) -> Result<(), ApiError> {
    let begin = async || {
        let user = require_user().await?;
        let chosen = match source.as_str() {
            NEW_KEY | "" => {
                let end = StatedEnd::parse(&ends, &ends_at)?;
                NewSource::Key(new_key(&access_key_id, secret, session_token, end))
            }
            SERVER => NewSource::Environment,
            connection => NewSource::Connection(connection.parse()?),
        };
        let draft = services()?.roles.begin(&user, &name, chosen).await?;
        leptos_axum::redirect(&format!("/connect/role/{}", draft.id));
        Ok(())
    };
    let result: domain::Result<()> = begin().await;
    // An id that isn't theirs says nothing, not even back to them.
    let unknown = result
        .as_ref()
        .is_err_and(|error| matches!(error.code, Code::NotFound | Code::NotSignedIn));
    let kept = [
        ("name", name),
        ("source", if unknown { String::new() } else { source }),
        ("access_key_id", access_key_id),
        ("ends", ends),
        ("ends_at", ends_at),
    ];
    answer_keeping(result, kept)
}

/// One of the person's unfinished roles.
#[server(endpoint = "roles/draft")]
pub async fn draft(draft: String) -> Result<RoleDraft, ApiError> {
    let find = async || {
        let user = require_user().await?;
        services()?.roles.draft(&user, draft.parse()?).await
    };
    answer(find().await)
}

/// Takes the role on, which is free, and proves that it may read costs, which
/// costs one Cost Explorer request.
#[server(endpoint = "roles/finish")]
pub async fn finish(draft: String, role_arn: String) -> Result<(), ApiError> {
    let finish = async || {
        let user = require_user().await?;
        let id = draft.parse()?;
        let made = services()?.roles.finish(&user, id, &role_arn).await?;
        leave_notice(&made.warnings)?;
        leptos_axum::redirect(&format!("/connections/{}?saved=connection", made.id));
        Ok(())
    };
    let result = finish().await;
    answer_keeping(result, [("role_arn", role_arn)])
}

/// Forgets an unfinished role and the key in it.
#[server(endpoint = "roles/discard")]
pub async fn discard(draft: String) -> Result<(), ApiError> {
    let discard = async || {
        let user = require_user().await?;
        services()?.roles.discard(&user, draft.parse()?).await?;
        leptos_axum::redirect("/connect?way=role&discarded=role");
        Ok(())
    };
    answer(discard().await)
}

/// Puts another role of the same AWS account in the place of the old one.
#[server(endpoint = "roles/replace")]
pub async fn replace(connection: String, role_arn: String) -> Result<(), ApiError> {
    let replace = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let roles = services()?.roles;
        let changed = roles.replace_role(&user, id, &role_arn).await?;
        leave_notice(&changed.warnings)?;
        leptos_axum::redirect(&format!("/connections/{id}?saved=role"));
        Ok(())
    };
    let result = replace().await;
    answer_keeping(result, [("role_arn", role_arn)])
}
