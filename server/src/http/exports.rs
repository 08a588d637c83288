//! Answers that are files: what a page shows, for other programs. As private as the page.

use app::context::{Services, session_of, status};
use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::{Error, account::ConnectionId, inventory::InventoryWish, user::User};
use http::{
    HeaderMap,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use serde::Deserialize;

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
        let user = who(&services, &headers).await?;
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
        Ok(text) => csv("inventory.csv", text),
        Err(error) => refused(&error),
    }
}

async fn who(services: &Services, headers: &HeaderMap) -> Result<User, Error> {
    let token = session_of(headers, services.settings.secure_cookies);
    let user = match token {
        Some(token) => services.people.who(&token).await?,
        None => None,
    };
    user.ok_or_else(Error::not_signed_in)
}

fn csv(name: &str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, text).into_response()
}

fn refused(error: &Error) -> Response {
    match error.code {
        domain::Code::NotSignedIn => Redirect::to("/sign-in").into_response(),
        code => (status(code), error.message.clone()).into_response(),
    }
}
