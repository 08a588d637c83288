//! The site's files, which are inside the binary. Reads no folder, so that no
//! path leads out of one.

use std::sync::LazyLock;

use axum::{Router, extract::Request, middleware, middleware::Next, response::Response};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
};
use memory_serve::CacheControl;

/// Names under `/pkg` change with their content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Icons and the like keep their names.
const AN_HOUR: CacheControl = CacheControl::Custom("public, max-age=3600");

/// The service worker. Its policy is its script's: it may ask this server.
const WORKER: &str = "/offline.js";
const WORKER_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; connect-src 'self'; frame-ancestors 'none'");

/// Unpacked once: memory-serve never gives the memory back.
#[expect(
    unused_qualifications,
    reason = "memory-serve's generated code spells its own names out"
)]
static SITE: LazyLock<Router> = LazyLock::new(|| {
    memory_serve::load!()
        .index_file(None)
        .cache_control(AN_HOUR)
        .html_cache_control(AN_HOUR)
        .enable_brotli(true)
        // Every browser that runs WebAssembly takes brotli.
        .enable_gzip(false)
        .into_router()
        .layer(middleware::from_fn(keep))
});

/// The files' routes, with answers for files that aren't there.
pub fn routes() -> Router {
    SITE.clone().route(
        "/pkg/{*file}",
        axum::routing::any(super::refusal::nothing_here),
    )
}

async fn keep(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with("/pkg/");
    let worker = request.uri().path() == WORKER;
    let mut response = next.run(request).await;
    if worker {
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, WORKER_POLICY);
    }
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if hashed && found {
        response.headers_mut().insert(CACHE_CONTROL, FOREVER);
    }
    response
}
