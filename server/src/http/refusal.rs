//! Answers that no page is made for: short, calm and without details.

use std::{any::Any, time::Duration};

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tower_http::csrf::ProtectionError;

/// Longer than one call to AWS may take while somebody saves a key.
const LONGEST: Duration = Duration::from_secs(120);

/// After a panic. The panic itself is in the log, under the request's number.
#[must_use]
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong on this server. Try again. If it stays, the server's log has the \
         reason under the number in this answer's x-request-id header.\n",
    )
        .into_response()
}

/// A form that another site sent.
#[must_use]
pub fn cross_site(why: ProtectionError) -> Response {
    tracing::warn!(%why, "refused a request from another site");
    (
        StatusCode::FORBIDDEN,
        "This request came from another site, so it was not carried out. Open Cost Tracker \
         itself and try again there. If you did: the proxy in front of it must pass on the Host \
         and Origin headers, or the server must be started with --public-url.\n",
    )
        .into_response()
}

/// There is no such file or function.
pub async fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response()
}

/// Gives up on an answer that doesn't begin.
pub async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This took too long, so the server gave up. Try again in a minute.\n",
        )
            .into_response(),
    }
}
