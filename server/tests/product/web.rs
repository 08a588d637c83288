//! What a browser relies on: headers, statuses, forms without scripts, and no
//! say for other sites.

use app::{ApiError, FUNCTIONS};
use base64::{Engine, engine::general_purpose::URL_SAFE};
use domain::{Code, account::Connection};
use reqwest::{Method, StatusCode, header::COOKIE};
use url::Url;

use crate::support::{
    browser::{Browser, Reply},
    stage::{ADMINISTRATOR, PASSWORD, Stage, Visitor},
};

/// The error that a form without scripts brings back in its page's address.
fn brought_back(reply: &Reply) -> ApiError {
    assert_eq!(reply.status, StatusCode::FOUND);
    let url = Url::parse("http://here")
        .unwrap()
        .join(reply.location())
        .unwrap();
    let error = url
        .query_pairs()
        .find(|(name, _)| name == "__err")
        .unwrap()
        .1;
    serde_json::from_slice(&URL_SAFE.decode(error.as_bytes()).unwrap()).unwrap()
}

async fn connections(browser: &Browser) -> Vec<Connection> {
    browser.ask("/api/connections/list", &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_tells_browsers_what_not_to_do() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let style = stylesheet(&browser.get("/sign-in").await.body);
    let mut replies = vec![
        ("page", browser.get("/account").await),
        ("sign-in page", stage.browser().get("/sign-in").await),
        ("redirect", stage.browser().get("/account").await),
        ("no page", browser.get("/nowhere").await),
        ("value", browser.call("/api/connections/list", &[]).await),
        (
            "error",
            stage.browser().call("/api/connections/list", &[]).await,
        ),
        ("no function", browser.call("/api/nothing", &[]).await),
        ("no file", browser.get("/pkg/nothing.js").await),
        ("health", browser.get("/healthz").await),
        ("readiness", browser.get("/readyz").await),
        (
            "other site",
            cross_site(&browser, "/api/session/sign_out", &[]).await,
        ),
        (
            "too long",
            browser
                .call("/api/session/sign_in", &[("email", &"x".repeat(70_000))])
                .await,
        ),
    ];
    if let Some(style) = style {
        replies.push(("file", browser.get(&style).await));
    }
    for (what, reply) in &replies {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), value, "{what}");
        }
        assert!(
            reply.header("permissions-policy").contains("camera=()"),
            "{what}"
        );
        let policy = reply.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{what}: {policy}");
        }
        for hole in ["'unsafe-inline'", "'unsafe-eval'", "*", "http:"] {
            assert!(!policy.contains(hole), "{what}: {policy}");
        }
        assert_eq!(reply.header("x-request-id").len(), 36, "{what}");
        if *what != "file" {
            assert_eq!(reply.header("cache-control"), "no-store", "{what}");
        }
    }
    // A page's scripts run by a number that is used once.
    let nonces: Vec<_> = replies[..2].iter().map(|(_, reply)| nonce(reply)).collect();
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_figures_may_be_kept_for_one_session_and_no_other_page() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    // No page of figures before there are any.
    assert_eq!(browser.get("/").await.header("x-kept-for"), "");
    browser.call("/api/connections/create_sample", &[]).await;
    let owner = browser.get("/").await.header("x-kept-for").to_owned();
    assert_eq!(owner.len(), 16);
    assert_eq!(browser.get("/costs").await.header("x-kept-for"), owner);
    for path in [
        "/connect",
        "/connections",
        "/account",
        "/nowhere",
        "/api/session/me",
    ] {
        assert_eq!(browser.get(path).await.header("x-kept-for"), "", "{path}");
    }
    assert_eq!(stage.browser().get("/").await.header("x-kept-for"), "");

    let again = stage.administrator_again().await;
    assert_ne!(again.get("/").await.header("x-kept-for"), owner);

    let refused = cross_site(&browser, "/api/session/sign_out", &[]).await;
    assert_eq!(refused.header("clear-site-data"), "");
    let left = browser.call("/api/session/sign_out", &[]).await;
    assert_eq!(left.header("clear-site-data"), "\"storage\"");
}

fn nonce(reply: &Reply) -> String {
    let policy = reply.header("content-security-policy");
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap();
    assert!(
        reply.body.contains(&format!("nonce=\"{nonce}\"")),
        "{policy}"
    );
    for script in reply.body.split("<script").skip(1) {
        assert!(
            script.split('>').next().unwrap().contains(nonce),
            "{script:.80}"
        );
    }
    nonce.to_owned()
}

fn stylesheet(page: &str) -> Option<String> {
    let from = page.find("/pkg/")?;
    let path: String = page[from..]
        .chars()
        .take_while(|letter| *letter != '"')
        .collect();
    Some(path)
}

/// Where a browser ends up that follows where it is led.
async fn end_of_way(browser: &Browser, path: &str) -> String {
    let mut path = path.to_owned();
    for _step in 0..5 {
        let reply = browser.get(&path).await;
        if reply.status == StatusCode::OK {
            return path;
        }
        assert_eq!(reply.status, StatusCode::FOUND, "{path}");
        path = reply.location().to_owned();
    }
    panic!("led round in circles: {path}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lead_to_where_people_can_go_on() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    for path in ["/", "/sign-in", "/connect"] {
        assert_eq!(end_of_way(&browser, path).await, "/setup", "{path}");
    }
    let inside = stage.administrator().await;
    for (path, to) in [
        ("/", "/sign-in"),
        ("/setup", "/sign-in"),
        ("/connections?x=1", "/sign-in?next=/connections%3Fx%3D1"),
    ] {
        assert_eq!(end_of_way(&browser, path).await, to, "{path}");
    }
    for path in ["/account", "/connections", "/connect"] {
        assert_eq!(inside.get(path).await.status, StatusCode::OK, "{path}");
    }
    for path in ["/", "/setup", "/sign-in"] {
        assert_eq!(end_of_way(&inside, path).await, "/connect", "{path}");
    }
    assert_eq!(
        end_of_way(&inside, "/sign-in?next=/account").await,
        "/account"
    );
    let unknown = format!("/connections/{}", "0".repeat(8));
    for path in [
        "/nowhere",
        "/pkg/none.js",
        "/api/none",
        "/../etc/passwd",
        &unknown,
    ] {
        assert_eq!(
            inside.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let health = browser.get("/healthz").await;
    assert_eq!((health.status, &*health.body), (StatusCode::OK, "ok\n"));
    assert_eq!(browser.get("/readyz").await.body, "ready\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_comes_whole_each_time() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    browser
        .call("/api/connections/create_sample", &[])
        .await
        .good();
    let view = [("name", "Mine"), ("query", "by=REGION")];
    browser.call("/api/saved/save", &view).await.good();
    // Pages are made on several threads at once: what must not move between them shows here,
    // and what travels in them for the browser half that only half of a page asked for.
    let crowd: Vec<_> = (0..8)
        .map(|_| {
            let browser = browser.clone();
            tokio::spawn(async move {
                for _time in 0..10 {
                    for path in ["/", "/connections", "/costs?by=SERVICE"] {
                        let page = browser.get(path).await;
                        assert_eq!(page.status, StatusCode::OK, "{path}");
                        assert!(page.body.contains("</html>"), "{path}: {}", page.body);
                        assert!(!page.body.contains("no-services"), "{path}");
                        let is_there = page.body.contains(">Mine</a>");
                        assert_eq!(is_there, path.starts_with("/costs"), "{path}");
                    }
                }
            })
        })
        .collect();
    for one in crowd {
        one.await.unwrap();
    }
}

async fn cross_site(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Reply {
    let headers = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    browser.call_with(path, fields, &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_can_not_change_anything() {
    let stage = Stage::new().await;
    let set_up = [("email", ADMINISTRATOR), ("password", PASSWORD)];
    let stranger = stage.browser();
    let path = "/api/session/set_up";
    assert_eq!(
        cross_site(&stranger, path, &set_up).await.status,
        StatusCode::FORBIDDEN
    );
    let visitor: Visitor = stranger.ask("/api/session/me", &[]).await;
    assert!(visitor.needs_setup);

    let browser = stage.administrator().await;
    let sample = browser
        .call("/api/connections/create_sample", &[])
        .await
        .connection();
    let fields = [
        ("connection", &*sample),
        ("name", "Taken over"),
        ("access_key_id", "AKIASIMULATORGOOD001"),
        ("secret", "x"),
        ("current_password", PASSWORD),
        ("new_password", "velvet turbine orchard quorum"),
        ("metric", "unblended"),
        ("email", "eve@example.com"),
        ("password", PASSWORD),
    ];
    for function in FUNCTIONS {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "https://evil.example"), ("accept", "text/html")],
        ] {
            let reply = browser.call_with(function.path, &fields, headers).await;
            assert_eq!(
                reply.status,
                StatusCode::FORBIDDEN,
                "{} {headers:?}",
                function.path
            );
            assert!(reply.cookies().is_empty());
        }
    }
    let [connection] = &connections(&browser).await[..] else {
        panic!("not one connection")
    };
    assert_eq!(connection.name, "Sample account");
    // One's own pages are let through.
    let own = browser
        .form("/connections", "/api/session/sign_out", &[])
        .await;
    assert_eq!(own.location(), "/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn following_a_link_never_changes_anything() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let sample = browser
        .call("/api/connections/create_sample", &[])
        .await
        .connection();
    let query = format!("?connection={sample}&name=Changed&metric=unblended");
    for function in FUNCTIONS {
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            let path = format!("{}{query}", function.path);
            let reply = browser.send(browser.request(method, &path)).await;
            assert!(reply.status.is_client_error(), "{path}: {}", reply.status);
            assert!(reply.cookies().is_empty(), "{path}");
        }
    }
    for path in [
        "/",
        "/account",
        "/connections",
        "/connect",
        "/sign-in",
        "/setup",
    ] {
        browser.get(&format!("{path}{query}")).await;
    }
    let [connection] = &connections(&browser).await[..] else {
        panic!("not one connection")
    };
    assert_eq!(connection.name, "Sample account");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_work_without_scripts_and_never_carry_a_secret_back() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let path = "/api/session/set_up";
    let weak = browser.form(
        "/setup",
        path,
        &[("email", ADMINISTRATOR), ("password", "hunter2")],
    );
    let weak = weak.await;
    let error = brought_back(&weak);
    assert_eq!(error.error.field.as_deref(), Some("password"));
    assert_eq!(error.kept("email").as_deref(), Some(ADMINISTRATOR));
    assert!(
        weak.location()
            .starts_with(&format!("{}/setup?", stage.server.url))
    );
    let page = browser
        .get(&weak.location().replace(&stage.server.url, ""))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("at least 12 characters") && page.body.contains(ADMINISTRATOR));

    let good = browser.form(
        "/setup",
        path,
        &[("email", ADMINISTRATOR), ("password", PASSWORD)],
    );
    assert_eq!(good.await.location(), "/connect");
    let out = browser.form("/", "/api/session/sign_out", &[]).await;
    assert_eq!(
        (out.status, out.location()),
        (StatusCode::FOUND, "/sign-in")
    );

    for (next, to) in [
        ("/connections", "/connections"),
        ("//evil.example", "/"),
        ("", "/"),
    ] {
        let fields = [
            ("email", ADMINISTRATOR),
            ("password", PASSWORD),
            ("next", next),
        ];
        let reply = browser
            .form("/sign-in", "/api/session/sign_in", &fields)
            .await;
        assert_eq!((reply.status, reply.location()), (StatusCode::FOUND, to));
    }
    let secret = "planted/secret+0123456789";
    let fields = [
        ("name", "Mine"),
        ("access_key_id", "AKIASIMULATORUNKNOWN"),
        ("secret", secret),
    ];
    let reply = browser
        .form("/connect", "/api/connections/create", &fields)
        .await;
    let error = brought_back(&reply);
    assert_eq!(error.error.code, Code::AwsUnknownKey);
    assert_eq!(error.kept("name").as_deref(), Some("Mine"));
    let text = serde_json::to_string(&error).unwrap();
    assert!(!text.contains("planted") && !reply.location().contains("planted"));
    let page = browser
        .get(&reply.location().replace(&stage.server.url, ""))
        .await;
    assert!(
        page.body.contains("know this access key id"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("planted"));

    // Signed out: back to where one signs in, or the error says so.
    let stranger = stage.browser();
    let reply = stranger
        .form("/connect", "/api/connections/create_sample", &[])
        .await;
    assert_eq!(brought_back(&reply).error.code, Code::NotSignedIn);
    // An address that somebody else made up shows no policy and no link of theirs.
    let error = ApiError::from(
        domain::Error::not_signed_in()
            .with_link("https://evil.example/")
            .with_policy("evil policy"),
    );
    let error = URL_SAFE.encode(serde_json::to_string(&error).unwrap());
    let page = stranger
        .get(&format!(
            "/sign-in?__path=/api/session/sign_in&__err={error}"
        ))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("evil"));
    // The cookie may stand among others.
    let with_others = [(COOKIE.as_str(), "a=b; notice=zz; c=d")];
    let reply = stranger
        .call_with("/api/session/me", &[], &with_others)
        .await;
    reply.good();
}
