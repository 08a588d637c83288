//! Getting costs from AWS: how far it is, and what to do about it. The figures wait for none
//! of it.

use domain::job::SyncState;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// How far getting the costs has come.
#[server(endpoint = "costs/progress")]
pub async fn progress(connection: String) -> Result<SyncState, ApiError> {
    let progress = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.jobs.progress(&user, id).await
    };
    answer(progress().await)
}

/// Asks AWS again for the days that may still change. Costs money; `beyond_cap`
/// says that it may be more than the monthly cap covers.
#[server(endpoint = "costs/refresh")]
pub async fn refresh(
    connection: String,
    #[server(default)] beyond_cap: bool,
) -> Result<SyncState, ApiError> {
    let refresh = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.jobs.refresh(&user, id, beyond_cap).await
    };
    answer(refresh().await)
}

/// Halts it after the question that is on its way.
#[server(endpoint = "jobs/pause")]
pub async fn pause(connection: String) -> Result<SyncState, ApiError> {
    let pause = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.jobs.pause(&user, id).await
    };
    answer(pause().await)
}

/// Goes on with what was paused.
#[server(endpoint = "jobs/resume")]
pub async fn resume(connection: String) -> Result<SyncState, ApiError> {
    let resume = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.jobs.resume(&user, id).await
    };
    answer(resume().await)
}

/// Ends it; what has come stays.
#[server(endpoint = "jobs/cancel")]
pub async fn cancel(connection: String) -> Result<SyncState, ApiError> {
    let cancel = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.jobs.cancel(&user, id).await
    };
    answer(cancel().await)
}

/// Goes on, where it stopped, with what failed or was cancelled.
#[server(endpoint = "jobs/retry")]
pub async fn retry(connection: String) -> Result<SyncState, ApiError> {
    let retry = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.jobs.retry(&user, id).await
    };
    answer(retry().await)
}

/// Sets how often a refresh begins by itself.
#[server(endpoint = "jobs/set_cadence")]
pub async fn set_cadence(connection: String, cadence: String) -> Result<(), ApiError> {
    let set = async || {
        let user = require_user().await?;
        let (id, cadence) = (connection.parse()?, cadence.parse()?);
        services()?.jobs.set_cadence(&user, id, cadence).await?;
        leptos_axum::redirect(&format!("/connections/{id}?saved=cadence"));
        Ok(())
    };
    answer(set().await)
}
