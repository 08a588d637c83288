//! HTTP: routes in front of the pages, and what applies to every one of them.
//! Knows no rule of the product.
//!
//! There is no list of host names that are answered to: a page that rebinds its
//! own name to this address is its own origin, so it gets past the CSRF layer,
//! but gets no cookie of ours and so nobody's session.

use axum::{Router, middleware};
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer,
    limit::RequestBodyLimitLayer,
};

use crate::config::{ConfigError, PublicUrl, Settings};

mod access;
mod caller;
mod exports;
mod files;
mod headers;
mod health;
mod listener;
mod offline;
mod pages;
mod refusal;
mod site;
mod start;

#[cfg(test)]
mod fakes;
#[cfg(test)]
mod tests;

pub use access::{REQUEST_ID, RequestId};
pub use files::routes as files;
pub use health::Readiness;
pub use listener::{GRACE, answer};
pub use pages::{assets, routes as pages};

/// The longest form has a few fields; a session token has some hundred letters.
const BODY_MAX: usize = 64 * 1024;

/// How hard pages are packed in gzip and brotli: beyond this it takes twice as long for a
/// tenth less.
const PACKED: i32 = 4;
/// The same in zstd, which most browsers understand and takes a fifth of the time.
const PACKED_FAST: i32 = 1;

/// What lies between people and the server.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// How people reach the server, where that differs from where it listens.
    pub public_url: Option<PublicUrl>,
    /// Whether a proxy says where clients are.
    pub trust_proxy: bool,
}

impl From<&Settings> for Edge {
    fn from(settings: &Settings) -> Self {
        Self {
            public_url: settings.public_url.clone(),
            trust_proxy: settings.trust_proxy,
        }
    }
}

/// Puts `pages` (with a fallback of their own) together with the site's files
/// and health, behind what protects all of them.
///
/// # Errors
/// The public URL can't be an origin.
pub fn protect(pages: Router, ready: Readiness, edge: &Edge) -> Result<Router, ConfigError> {
    let https = edge.public_url.as_ref().is_some_and(PublicUrl::is_https);
    let csrf = CsrfLayer::new().with_rejection_response(refusal::cross_site);
    let csrf = match &edge.public_url {
        // A proxy may rewrite Host; then only this tells that a form is our own.
        Some(url) => csrf
            .add_trusted_origin(url.origin())
            .map_err(|why| ConfigError::new(format!("--public-url can't be used: {why}.")))?,
        None => csrf,
    };
    let router = pages
        .layer(middleware::from_fn(offline::mark))
        .merge(site::routes())
        .merge(health::routes(ready))
        .route(
            "/api/{*function}",
            axum::routing::any(refusal::nothing_here),
        );
    // The last is the first to see a request.
    Ok(router
        // Nothing secret stands beside what a stranger may choose, so that sizes tell nothing.
        .layer(packed(PACKED_FAST).no_br().no_gzip())
        .layer(packed(PACKED).no_zstd())
        .layer(csrf)
        .layer(RequestBodyLimitLayer::new(BODY_MAX))
        .layer(middleware::from_fn(refusal::in_time))
        .layer(CatchPanicLayer::custom(refusal::panicked))
        .layer(middleware::from_fn_with_state(
            headers::Https(https),
            headers::add,
        ))
        .layer(middleware::from_fn_with_state(
            caller::TrustProxy(edge.trust_proxy),
            caller::find,
        ))
        .layer(middleware::from_fn(access::record)))
}

/// What is packed already stays as it is.
fn packed(level: i32) -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Precise(level))
}
