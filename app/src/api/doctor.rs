//! The key doctor. Only `examine` makes the server call AWS, and its page says
//! what that costs.

use domain::doctor::Examination;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// What is known about the connection's key, from the store.
#[server(endpoint = "doctor/known")]
pub async fn known(connection: String) -> Result<Examination, ApiError> {
    let known = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.doctor.examination(&user, id).await
    };
    answer(known().await)
}

/// Begins to ask AWS: `what` is `free`, `minimal`, `all`, or one action.
#[server(endpoint = "doctor/examine")]
pub async fn examine(
    connection: String,
    what: String,
    #[server(default)] beyond_cap: bool,
) -> Result<(), ApiError> {
    let examine = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let operations = domain::doctor::chosen(&what)?;
        let doctor = services()?.doctor;
        doctor.examine(&user, id, operations, beyond_cap).await?;
        leptos_axum::redirect(&format!("/connections/{id}/doctor"));
        Ok(())
    };
    answer(examine().await)
}
