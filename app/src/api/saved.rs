//! Views that people have saved.

use domain::saved::SavedView;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, answer_keeping, require_user, services};
use crate::error::ApiError;

/// The person's, by name.
#[server(name = Saved, endpoint = "saved/list")]
pub async fn list() -> Result<Vec<SavedView>, ApiError> {
    let list = async || {
        let user = require_user().await?;
        services()?.saved.list(&user).await
    };
    answer(list().await)
}

/// Keeps what the Explorer shows under a name, and leads to it.
#[server(endpoint = "saved/save")]
pub async fn save(name: String, query: String) -> Result<(), ApiError> {
    let save = async || {
        let user = require_user().await?;
        let view = services()?.saved.save(&user, &name, &query).await?;
        leptos_axum::redirect(&view.path());
        Ok(())
    };
    let result = save().await;
    answer_keeping(result, [("name", name)])
}

/// Deletes one.
#[server(name = Unsave, endpoint = "saved/delete")]
pub async fn delete(view: String) -> Result<(), ApiError> {
    let delete = async || {
        let user = require_user().await?;
        services()?.saved.delete(&user, view.parse()?).await
    };
    answer(delete().await)
}

/// Makes one the page that is seen first; with an empty id, none of them.
#[server(endpoint = "saved/start_with")]
pub async fn start_with(#[server(default)] view: String) -> Result<(), ApiError> {
    let start = async || {
        let user = require_user().await?;
        let id = match view.as_str() {
            "" => None,
            id => Some(id.parse()?),
        };
        services()?.saved.start_with(&user, id).await
    };
    answer(start().await)
}
