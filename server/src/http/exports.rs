//! Answers that are files: what a page shows, for other programs. As private as the page.

use app::context::{Services, status};
use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::{Error, account::ConnectionId, inventory::InventoryWish};
use http::HeaderMap;
use serde::Deserialize;

use super::files::{CSV, attachment, person};

/// The inventory's file, and what of it.
#[derive(Deserialize)]
struct InventoryFile {
    connection: String,
    #[serde(flatten)]
    wish: Wish,
}

/// The fields of the page's form, all of them text.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wish {
    kind: String,
    region: String,
    search: String,
    tag: String,
    state: String,
}

/// Every file.
pub fn routes(services: Services) -> Router {
    Router::new()
        .route("/savings/inventory.csv", get(inventory))
        .with_state(services)
}

async fn inventory(
    State(services): State<Services>,
    headers: HeaderMap,
    Query(file): Query<InventoryFile>,
) -> Response {
    let found = async {
        let user = person(&services, &headers).await?;
        let id: ConnectionId = file.connection.parse()?;
        let wish = InventoryWish {
            kind: file.wish.kind,
            region: file.wish.region,
            search: file.wish.search,
            tag: file.wish.tag,
            state: file.wish.state,
            page: 0,
        };
        services.inventory.csv(&user, id, wish).await
    };
    match found.await {
        Ok(text) => attachment("inventory.csv", CSV, text),
        Err(error) => refused(&error),
    }
}

fn refused(error: &Error) -> Response {
    match error.code {
        domain::Code::NotSignedIn => Redirect::to("/sign-in").into_response(),
        code => (status(code), error.message.clone()).into_response(),
    }
}
