//! What could be saved, and what becomes of it. None of this calls AWS.

#[cfg(feature = "ssr")]
use domain::findings::Thresholds;
use domain::findings::{Finding, FindingWish, Findings};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// A page of findings.
#[server(name = Found, endpoint = "savings/findings")]
pub async fn findings(
    connection: String,
    #[server(default)] wish: FindingWish,
) -> Result<Findings, ApiError> {
    let findings = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.savings.findings(&user, id, wish).await
    };
    answer(findings().await)
}

/// One finding.
#[server(name = FoundOne, endpoint = "savings/finding")]
pub async fn finding(finding: String) -> Result<Finding, ApiError> {
    let found = async || {
        let user = require_user().await?;
        let id = finding.parse()?;
        services()?.savings.finding(&user, id).await
    };
    answer(found().await)
}

/// Opens it again (`open`), puts it off (`snoozed`) for some days, or dismisses it (`dismissed`).
#[server(endpoint = "savings/decide")]
pub async fn decide(
    finding: String,
    state: String,
    #[server(default)] days: u32,
    #[server(default)] reason: String,
) -> Result<Finding, ApiError> {
    let decide = async || {
        let user = require_user().await?;
        let id = finding.parse()?;
        let state = state.parse().map_err(|()| {
            domain::Error::invalid(
                "state",
                "That can’t become of a finding.",
                "Reload the page and try again.",
            )
        })?;
        let savings = services()?.savings;
        savings.decide(&user, id, state, days, &reason).await
    };
    answer(decide().await)
}

/// Sets from when on something counts, in days.
#[server(endpoint = "savings/set_thresholds")]
pub async fn set_thresholds(
    connection: String,
    stopped: u32,
    long_stopped: u32,
    unattached: u32,
    idle_address: u32,
    old_snapshot: u32,
    running: u32,
) -> Result<(), ApiError> {
    let thresholds = Thresholds {
        stopped,
        long_stopped,
        unattached,
        idle_address,
        old_snapshot,
        running,
    };
    let set = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let savings = services()?.savings;
        savings.set_thresholds(&user, id, thresholds).await
    };
    answer(set().await)
}
