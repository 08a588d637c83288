//! Connections by the server's own credentials, for administrators.

use domain::ways::AwsIdentity;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, answer_keeping, require_user, services};
use crate::error::ApiError;

/// Asks AWS whose credentials these are, which is free.
#[server(endpoint = "environment/look")]
pub async fn look() -> Result<AwsIdentity, ApiError> {
    let look = async || {
        let user = require_user().await?;
        services()?.environment.look(&user).await
    };
    answer(look().await)
}

/// Proves them with AWS, which costs one Cost Explorer request, and connects.
#[server(endpoint = "environment/connect")]
pub async fn connect(name: String) -> Result<(), ApiError> {
    let connect = async || {
        let user = require_user().await?;
        let made = services()?.environment.connect(&user, &name).await?;
        leptos_axum::redirect(&format!("/connections/{}?saved=connection", made.id));
        Ok(())
    };
    let result = connect().await;
    answer_keeping(result, [("name", name)])
}

/// Proves them anew for a connection, which costs one Cost Explorer request.
#[server(endpoint = "environment/renew")]
pub async fn renew(connection: String) -> Result<(), ApiError> {
    let renew = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.environment.renew(&user, id).await?;
        leptos_axum::redirect(&format!("/connections/{id}?saved=server"));
        Ok(())
    };
    answer(renew().await)
}
