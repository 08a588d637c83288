//! Looking is free: no page asks AWS for anything, however often it is opened.

use simulator::keys;

use crate::{
    inventory::scanned,
    savings::findings,
    support::{
        browser::Browser,
        stage::{Stage, connect, key_fields, settled, synced},
    },
};

/// Where the app says which pages there are: a new one is opened here by itself.
const ROUTES: &str = include_str!("../../../app/src/routes.rs");

/// The paths of all pages, with `:id` where something has to be named.
fn routes() -> Vec<&'static str> {
    let named = ROUTES.split("path!(\"").skip(1);
    let named = named.filter_map(|rest| rest.split_once('"'));
    let paths = named.map(|(path, _)| path);
    // What pages have in common has an empty one.
    paths.filter(|path| !path.is_empty()).collect()
}

/// What pages can be about.
struct Things {
    connection: String,
    draft: String,
    finding: String,
}

/// A page's address, of these things.
fn address(route: &str, things: &Things) -> String {
    let named = if route.starts_with("/connect/role/") {
        &things.draft
    } else if route.starts_with("/savings/findings/") {
        &things.finding
    } else {
        &things.connection
    };
    let path = route.replace(":id", named);
    assert!(!path.contains(':'), "say here how {route} is opened");
    path
}

async fn begun_role(browser: &Browser) -> String {
    let mut fields = vec![("name", "Role"), ("source", "key")];
    fields.extend(key_fields(&keys::ASSUME_ONLY));
    let begun = browser.call("/api/roles/begin", &fields).await;
    begun.connection()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_a_hundred_times_asks_aws_nothing() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Shop", &keys::SMALL_ACCOUNT).await;
    let draft = begun_role(&browser).await;
    settled(&browser, &id).await;
    // Looked at once: later the server would begin that by itself.
    scanned(&browser, &id).await;
    // The shop wastes nothing.
    let company = connect(&browser, "Company", &keys::GOOD).await;
    settled(&browser, &company).await;
    scanned(&browser, &company).await;
    let found = findings(&browser, &company, "open").await;
    let finding = found.rows.first().expect("something to save").id;
    let things = Things {
        connection: id,
        draft,
        finding: finding.to_string(),
    };
    let id = &*things.connection;
    let routes = routes();
    assert!(routes.len() > 10 && routes.contains(&"/"), "{routes:?}");
    stage.simulator.clear_requests();
    for round in 0..100 {
        for route in &routes {
            let path = address(route, &things);
            let query = if round % 2 == 0 { "?" } else { "?connection=" };
            let named = if round % 2 == 0 { "" } else { id };
            let page = browser.get(&format!("{path}{query}{named}")).await;
            // Whoever is signed in is led away from signing in and setting up.
            let fine = page.status.is_success() || page.status.is_redirection();
            assert!(fine, "{path}: {page:?}");
        }
    }
    assert_eq!(stage.simulator.requests(), []);
    // Asking AWS would have been noticed.
    let fields = [("connection", id)];
    browser.call("/api/costs/refresh", &fields).await.good();
    synced(&browser, id).await;
    assert!(!stage.cost_requests().is_empty());
}
