//! Gives every request a number and one line in the log: method, path, status
//! and how long the answer's head took. Never the query, a header or a body.

use std::time::Instant;

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use tracing::Instrument;
use uuid::Uuid;

/// The header that tells a person the number.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's number, in its extensions: what its log lines are found by.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Runs a request under its number. A number that a client sends is not
/// believed: it could pose as another's, or carry anything into the log.
pub async fn record(mut request: Request, next: Next) -> Response {
    let id = Uuid::new_v4().to_string();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", %id, %method, path);
    let routine = is_routine(&path);
    request.headers_mut().remove(REQUEST_ID);
    request.extensions_mut().insert(RequestId(id.clone()));

    let start = Instant::now();
    async move {
        let mut response = next.run(request).await;
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let status = response.status().as_u16();
        let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        match status {
            500.. => tracing::error!(status, milliseconds, "answered"),
            _ if routine => tracing::debug!(status, milliseconds, "answered"),
            _ => tracing::info!(status, milliseconds, "answered"),
        }
        response
    }
    .instrument(span)
    .await
}

/// What machines ask for all the time.
fn is_routine(path: &str) -> bool {
    path == "/healthz" || path == "/readyz" || path.starts_with("/pkg/")
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::get};
    use tower::ServiceExt;

    use super::*;
    use crate::config::logging::{LogFormat, caught::Page};

    #[tokio::test]
    async fn a_request_has_one_line_without_its_secrets() {
        let page = Page::default();
        let guard = tracing::subscriber::set_default(page.subscriber(LogFormat::Json, "trace"));
        let router = Router::new()
            .route("/a", get(|| async { "planted-body" }))
            .layer(middleware::from_fn(record));
        let request = Request::get("/a?q=planted-query")
            .header("cookie", "session=planted-cookie")
            .header("x-request-id", "planted-number")
            .body(Body::empty())
            .unwrap();
        let response = router.oneshot(request).await.unwrap();
        drop(guard);

        let text = page.text();
        assert!(!text.contains("planted"), "{text}");
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 1, "{text}");
        assert_eq!(lines[0]["status"], 200);
        assert_eq!(lines[0]["span"]["path"], "/a");
        assert_eq!(lines[0]["span"]["method"], "GET");
        let id = response.headers()[REQUEST_ID].to_str().unwrap();
        assert_eq!(lines[0]["span"]["id"], id);
    }
}
