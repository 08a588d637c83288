//! What browsers may keep of pages, to be read where there is no network, and
//! when they have to let go of it. Beside `frontend/offline.js`, which does it.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

/// Pages of figures. A page with fields for keys must never be among them.
const KEPT: [&str; 3] = ["/", "/overview", "/costs"];

/// Where a session ends.
const SIGN_OUT: &str = "/api/session/sign_out";

/// Allows to keep the page, for one session.
pub const KEPT_FOR: HeaderName = HeaderName::from_static("x-kept-for");

/// Tells the browser itself to forget, should nothing of ours be running in it.
const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");

/// Sixteen digits tell sessions apart.
const DIGITS: usize = 16;

/// Adds the headers to pages and to the answer that ends a session.
pub async fn mark(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let reading = request.method() == Method::GET && KEPT.contains(&path);
    let owner = reading.then(|| owner(request.headers())).flatten();
    let leaving = request.method() == Method::POST && path == SIGN_OUT;
    let mut response = next.run(request).await;
    if let Some(owner) = owner
        && response.status() == StatusCode::OK
    {
        response.headers_mut().insert(KEPT_FOR, owner);
    }
    if leaving {
        let storage = HeaderValue::from_static("\"storage\"");
        response.headers_mut().insert(CLEAR, storage);
    }
    response
}

/// Says whether two pages are of one session, and nothing more about it: the
/// words in front keep it from being like what the store has.
fn owner(headers: &HeaderMap) -> Option<HeaderValue> {
    let token = app::context::any_session(headers)?;
    let hash = Sha256::new()
        .chain_update("pages kept for a session\n")
        .chain_update(token.expose_secret())
        .finalize();
    let mut digits = hex::encode(hash);
    digits.truncate(DIGITS);
    HeaderValue::try_from(digits).ok()
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;

    use super::*;

    fn of(cookie: &'static str) -> Option<HeaderValue> {
        owner(&HeaderMap::from_iter([(
            COOKIE,
            HeaderValue::from_static(cookie),
        )]))
    }

    #[test]
    fn sessions_are_told_apart_and_other_cookies_dont_count() {
        assert_eq!(of("session=one"), of("notice=61; session=one"));
        assert_eq!(of("session=one"), of("__Host-session=one"));
        assert_ne!(of("session=one"), of("session=two"));
        assert_eq!(of("notice=61"), None);
    }

    #[test]
    fn no_token_is_sent_back() {
        let said = of("session=0123456789abcdef").unwrap();
        assert_eq!(said.len(), DIGITS);
        assert_ne!(said, "0123456789abcdef");
    }
}
