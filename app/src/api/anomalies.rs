//! What cost more than it should. Looking is free; asking AWS costs what the button says.

use domain::unusual::Unusual;
#[cfg(feature = "ssr")]
use domain::{
    detector::Sensitivity,
    marked::Marked,
    unusual::{EventId, Mark},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// All of the last days, and one in detail.
#[server(endpoint = "anomalies/of_connection")]
pub async fn of_connection(
    connection: String,
    #[server(default)] event: String,
) -> Result<Unusual, ApiError> {
    let of_connection = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let event = EventId::of_text(&event);
        services()?.anomalies.unusual(&user, id, event).await
    };
    answer(of_connection().await)
}

/// Says how little is enough to be told about.
#[server(endpoint = "anomalies/set_sensitivity")]
pub async fn set_sensitivity(connection: String, sensitivity: String) -> Result<(), ApiError> {
    let set = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let chosen = Sensitivity::named(&sensitivity).ok_or_else(|| no_choice("sensitivity"))?;
        services()?
            .anomalies
            .set_sensitivity(&user, id, chosen)
            .await
    };
    answer(set().await)
}

/// Remembers what a person says of an event, or of what only AWS found: `expected`, `mistake`,
/// or nothing any more.
#[server(name = MarkEvent, endpoint = "anomalies/mark")]
pub async fn mark(
    connection: String,
    event: String,
    #[server(default)] mark: String,
) -> Result<(), ApiError> {
    let mark = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let marked = Marked::of_text(&event).ok_or_else(|| no_choice("event"))?;
        let said = match mark.as_str() {
            "" => None,
            name => Some(Mark::named(name).ok_or_else(|| no_choice("mark"))?),
        };
        services()?.anomalies.mark(&user, id, &marked, said).await
    };
    answer(mark().await)
}

/// Asks AWS what it finds unusual.
#[server(name = AskAnomalies, endpoint = "anomalies/ask_aws")]
pub async fn ask_aws(
    connection: String,
    #[server(default)] beyond_cap: bool,
) -> Result<(), ApiError> {
    let ask = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.anomalies.ask_aws(&user, id, beyond_cap).await
    };
    answer(ask().await)
}

#[cfg(feature = "ssr")]
fn no_choice(field: &str) -> domain::Error {
    domain::Error::invalid(
        field,
        "There is no such choice.",
        "Choose one of those that the page offers.",
    )
}
