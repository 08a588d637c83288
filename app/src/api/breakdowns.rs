//! Costs by anything. Looking reads the store; only asking calls AWS, after its price was shown.

use domain::{breakdown::Breakdown, job::SyncState, wish::Wish};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// What the store knows, or what AWS would have to be asked. `all` stands for all of the
/// person's connections.
#[server(name = Break, endpoint = "costs/breakdown")]
pub async fn breakdown(
    connection: String,
    #[server(default)] wish: Wish,
) -> Result<Breakdown, ApiError> {
    let breakdown = async || {
        let user = require_user().await?;
        let of = match connection.as_str() {
            "all" => None,
            id => Some(id.parse()?),
        };
        services()?.breakdowns.breakdown(&user, of, wish).await
    };
    answer(breakdown().await)
}

/// Asks AWS a question, as an offer has it. Costs money; `beyond_cap` says that it may be more
/// than the monthly cap covers.
#[server(endpoint = "costs/ask")]
pub async fn ask(
    connection: String,
    question: String,
    #[server(default)] beyond_cap: bool,
) -> Result<SyncState, ApiError> {
    let ask = async || {
        let user = require_user().await?;
        let (id, question) = (connection.parse()?, read(&question)?);
        let breakdowns = services()?.breakdowns;
        breakdowns.ask(&user, id, &question, beyond_cap).await
    };
    answer(ask().await)
}

/// Deletes all that is stored of a question.
#[server(endpoint = "costs/forget")]
pub async fn forget(connection: String, question: String) -> Result<(), ApiError> {
    let forget = async || {
        let user = require_user().await?;
        let (id, question) = (connection.parse()?, read(&question)?);
        services()?.breakdowns.forget(&user, id, &question).await
    };
    answer(forget().await)
}

#[cfg(feature = "ssr")]
fn read(question: &str) -> domain::Result<domain::cube::Question> {
    serde_json::from_str(question).map_err(|_| {
        domain::Error::invalid(
            "question",
            "The question could not be read.",
            "Reload the page and try again.",
        )
    })
}
