//! The whole router with pages, but with fake services behind it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    routing::{get, post},
};
use http::{Request, Response, StatusCode};
use tower::ServiceExt;

use super::{Edge, Readiness, fakes, fakes::Fake, pages, protect};
use crate::config::PublicUrl;

fn edge() -> Edge {
    Edge::default()
}

fn https() -> Edge {
    Edge {
        public_url: Some(PublicUrl::parse("https://costs.example.com").unwrap()),
        trust_proxy: true,
    }
}

/// The real pages over fakes.
fn product(fake: &Arc<Fake>, edge: &Edge) -> Router {
    let ready = Readiness::new(|| async { true });
    protect(pages::routes(fakes::services(fake)), ready, edge).unwrap()
}

/// No pages, but routes that misbehave.
fn bench() -> Router {
    let routes = Router::new()
        .route("/panic", get(panics))
        .route("/echo", post(|body: String| async move { body }))
        .route("/much", get(|| async { "all the same ".repeat(1000) }));
    protect(routes, Readiness::new(|| async { true }), &edge()).unwrap()
}

async fn panics() -> &'static str {
    panic!("planted-detail")
}

fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let peer: SocketAddr = "192.0.2.7:5555".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

async fn ask(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_says_what_not_to_do_with_it() {
    let router = product(&Arc::default(), &edge());
    for path in [
        "/sign-in",
        "/no-such-page",
        "/healthz",
        "/pkg/no-such-file.js",
        "/api/no/such",
    ] {
        let response = ask(&router, request("GET", path, &[])).await;
        assert_eq!(
            header(&response, "x-content-type-options"),
            "nosniff",
            "{path}"
        );
        assert_eq!(header(&response, "x-frame-options"), "DENY", "{path}");
        assert_eq!(
            header(&response, "referrer-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            header(&response, "cross-origin-opener-policy"),
            "same-origin"
        );
        assert_eq!(
            header(&response, "cross-origin-resource-policy"),
            "same-origin"
        );
        assert!(header(&response, "permissions-policy").contains("camera=()"));
        assert!(header(&response, "content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        assert_eq!(header(&response, "strict-transport-security"), "");
        assert_eq!(header(&response, "x-request-id").len(), 36);
    }
}

#[tokio::test]
async fn https_is_kept_to() {
    let router = product(&Arc::default(), &https());
    let response = ask(&router, request("GET", "/healthz", &[])).await;
    assert_eq!(
        header(&response, "strict-transport-security"),
        "max-age=31536000"
    );
}

#[tokio::test]
async fn pages_bring_their_own_policy_with_a_nonce() {
    let router = product(&Arc::default(), &edge());
    let mut policies = Vec::new();
    for _ in 0..2 {
        let response = ask(&router, request("GET", "/sign-in", &[])).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(header(&response, "content-type").starts_with("text/html"));
        policies.push(header(&response, "content-security-policy").to_owned());
    }
    assert!(policies[0].contains("'nonce-"), "{}", policies[0]);
    assert!(!policies[0].contains("'unsafe-eval'"), "{}", policies[0]);
    assert_ne!(policies[0], policies[1]);
}

#[tokio::test]
async fn other_sites_can_not_post() {
    let router = bench();
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")][..],
        &[
            ("origin", "https://evil.example"),
            ("host", "localhost:3000"),
        ][..],
        &[("origin", "null"), ("host", "localhost:3000")][..],
    ] {
        let response = ask(&router, request("POST", "/echo", headers)).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{headers:?}");
        assert!(text(response).await.contains("another site"));
    }
}

#[tokio::test]
async fn server_functions_are_behind_that_too() {
    let fake = Arc::default();
    let router = product(&fake, &edge());
    let sign_in = |headers: &[(&str, &str)]| {
        let mut request = request("POST", "/api/session/sign_in", headers);
        let form = "application/x-www-form-urlencoded".parse().unwrap();
        request.headers_mut().insert("content-type", form);
        *request.body_mut() = Body::from("email=ann%40example.com&password=correct+horse");
        request
    };
    let response = ask(&router, sign_in(&[("sec-fetch-site", "cross-site")])).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(fake.callers.lock().unwrap().is_empty());

    let response = ask(&router, sign_in(&[("sec-fetch-site", "same-origin")])).await;
    assert!(
        response.headers().contains_key("set-cookie"),
        "{:?}",
        response.status()
    );
    let seen: Vec<String> = fake
        .callers
        .lock()
        .unwrap()
        .iter()
        .map(|caller| caller.address.to_string())
        .collect();
    assert_eq!(seen, ["192.0.2.7"]);
}

#[tokio::test]
async fn own_pages_and_programs_can_post() {
    let router = bench();
    for headers in [
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://localhost:3000"),
        ][..],
        &[
            ("origin", "http://localhost:3000"),
            ("host", "localhost:3000"),
        ][..],
        &[][..],
    ] {
        let response = ask(&router, request("POST", "/echo", headers)).await;
        assert_eq!(response.status(), StatusCode::OK, "{headers:?}");
    }
}

#[tokio::test]
async fn the_public_url_is_our_own_even_when_a_proxy_rewrites_the_host() {
    let echo = Router::new().route("/echo", post(|| async {}));
    let router = protect(echo, Readiness::new(|| async { true }), &https()).unwrap();
    for (origin, status) in [
        ("https://costs.example.com", StatusCode::OK),
        (
            "https://costs.example.com.evil.example",
            StatusCode::FORBIDDEN,
        ),
    ] {
        let headers = [("origin", origin), ("host", "10.0.0.5:3000")];
        let response = ask(&router, request("POST", "/echo", &headers)).await;
        assert_eq!(response.status(), status, "{origin}");
    }
}

#[tokio::test]
async fn clients_are_where_the_proxy_says_only_if_it_is_trusted() {
    use axum::Extension;
    use domain::ports::Caller;

    let where_from =
        |Extension(caller): Extension<Caller>| async move { caller.address.to_string() };
    let routes = Router::new().route("/", get(where_from));
    let headers = [("x-forwarded-for", "203.0.113.9, 198.51.100.1")];
    for (edge, address) in [(edge(), "192.0.2.7"), (https(), "198.51.100.1")] {
        let router = protect(routes.clone(), Readiness::new(|| async { true }), &edge).unwrap();
        let response = ask(&router, request("GET", "/", &headers)).await;
        assert_eq!(text(response).await, address);
    }
}

#[tokio::test]
async fn health_is_told() {
    let up = Arc::new(AtomicBool::new(true));
    let ready = Readiness::new({
        let up = up.clone();
        move || std::future::ready(up.load(Ordering::Relaxed))
    });
    let router = protect(Router::new(), ready, &edge()).unwrap();
    let status = async |path| ask(&router, request("GET", path, &[])).await.status();
    assert_eq!(status("/healthz").await, StatusCode::OK);
    assert_eq!(status("/readyz").await, StatusCode::OK);
    up.store(false, Ordering::Relaxed);
    assert_eq!(status("/healthz").await, StatusCode::OK);
    assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let router = product(&Arc::default(), &edge());
    for path in [
        "/no-such-page",
        "/pkg/no-such-file.js",
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/%2e%2e/etc/passwd",
        "/../../etc/passwd",
        "/%2e%2e/etc/passwd",
        "/pkg//etc/passwd",
        "/api/no/such",
    ] {
        let response = ask(&router, request("GET", path, &[])).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        let body = text(response).await;
        assert!(
            !body.contains("root:") && !body.contains("[workspace]"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn hashed_files_keep_for_ever() {
    let router = product(&Arc::default(), &edge());
    let assets = pages::assets();
    // Without a built site there are no files, and nothing to ask for.
    for path in [assets.js, assets.wasm, assets.css]
        .into_iter()
        .filter(|path| !path.is_empty())
    {
        let response = ask(&router, request("GET", &path, &[("accept-encoding", "br")])).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(
            header(&response, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        // What is tiny isn't worth packing.
        let tiny = header(&response, "content-length")
            .parse()
            .is_ok_and(|length: u32| length < 1024);
        assert!(
            tiny || header(&response, "content-encoding") == "br",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_panic_is_answered_calmly() {
    let response = ask(&bench(), request("GET", "/panic", &[])).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    assert_eq!(header(&response, "x-request-id").len(), 36);
    let body = text(response).await;
    assert!(body.contains("Something went wrong"), "{body}");
    assert!(!body.contains("planted-detail"), "{body}");
}

#[tokio::test]
async fn long_bodies_are_refused() {
    for (length, status) in [
        (64 * 1024, StatusCode::OK),
        (64 * 1024 + 1, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let mut request = request("POST", "/echo", &[]);
        *request.body_mut() = Body::from("a".repeat(length));
        assert_eq!(ask(&bench(), request).await.status(), status);
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_can() {
    for (understood, sent) in [
        ("", ""),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
    ] {
        let request = request("GET", "/much", &[("accept-encoding", understood)]);
        let answer = ask(&bench(), request).await;
        let packed: Vec<_> = answer
            .headers()
            .get_all("content-encoding")
            .iter()
            .collect();
        assert_eq!(header(&answer, "content-encoding"), sent);
        assert!(packed.len() <= 1, "{packed:?}");
    }
}

#[tokio::test]
async fn a_clients_request_number_is_not_believed() {
    let response = ask(
        &bench(),
        request("GET", "/healthz", &[("x-request-id", "planted")]),
    )
    .await;
    assert_ne!(header(&response, "x-request-id"), "planted");
}
