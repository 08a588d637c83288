//! Reservations and Savings Plans. Looking is free; asking AWS costs what the button says.

use domain::committed::Committed;
#[cfg(feature = "ssr")]
use domain::committed::Targets;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, answer_keeping, require_user, services};
use crate::error::ApiError;

/// What AWS said when it was last asked.
#[server(name = CommitmentsOf, endpoint = "commitments/of_connection")]
pub async fn of_connection(connection: String) -> Result<Committed, ApiError> {
    let of_connection = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.commitments.committed(&user, id).await
    };
    answer(of_connection().await)
}

/// Says what is to be reached, in percent.
#[server(endpoint = "commitments/set_targets")]
pub async fn set_targets(
    connection: String,
    used: String,
    covered: String,
) -> Result<(), ApiError> {
    let set = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let targets = Targets::read(&used, &covered)?;
        services()?
            .commitments
            .set_targets(&user, id, targets)
            .await
    };
    let result = set().await;
    answer_keeping(result, [("used", used), ("covered", covered)])
}

/// Asks AWS how commitments did.
#[server(name = AskCommitments, endpoint = "commitments/ask_aws")]
pub async fn ask_aws(
    connection: String,
    #[server(default)] beyond_cap: bool,
) -> Result<(), ApiError> {
    let ask = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.commitments.ask(&user, id, beyond_cap).await
    };
    answer(ask().await)
}
