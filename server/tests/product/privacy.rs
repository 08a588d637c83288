//! Two people on one server never see each other's anything, by every server
//! function there is. A new function fails these tests until it has a case here.

use std::collections::BTreeSet;

use app::FUNCTIONS;
use domain::{Code, account::Connection, metric::Metric, ways::Ways};
use reqwest::StatusCode;
use simulator::{keys, roles};

use crate::support::{
    browser::{Browser, Reply},
    stage::{
        ADMINISTRATOR, PASSWORD, Stage, Visitor, connect, key_fields, overview, settled, synced,
    },
};

/// What a stranger gets who names somebody else's connection.
enum Gets {
    NotFound,
    /// A list without it.
    Nothing,
    /// A good answer with nothing of hers in it.
    NothingOfHers,
    /// The function names nothing of anybody's: it is about the caller alone.
    /// Only these may be so; the list should only get shorter.
    OnlyTheirOwn,
}

/// Every function, with the fields that name Ann's connection or her unfinished role.
fn case<'a>(path: &str, anns: &'a str, draft: &'a str) -> (Gets, Vec<(&'a str, &'a str)>) {
    let connection = ("connection", anns);
    let mut key = key_fields(&keys::GOOD_SECOND);
    match path {
        "/api/connections/list" => (Gets::Nothing, vec![]),
        "/api/connections/get" | "/api/connections/delete" => (Gets::NotFound, vec![connection]),
        "/api/connections/rename" => (Gets::NotFound, vec![connection, ("name", "Bob was here")]),
        "/api/connections/replace_key" => {
            key.push(connection);
            (Gets::NotFound, key)
        }
        "/api/bills/of_month"
        | "/api/bills/forecast"
        | "/api/bills/page"
        | "/api/bills/forecast_page" => (Gets::NotFound, vec![connection, ("metric", "unblended")]),
        "/api/costs/overview" | "/api/costs/page" | "/api/costs/chart" => {
            (Gets::NotFound, vec![connection, ("metric", "unblended")])
        }
        "/api/costs/breakdown" => (Gets::NotFound, vec![connection, ("wish[by]", "REGION")]),
        "/api/costs/ask" | "/api/costs/forget" => (
            Gets::NotFound,
            vec![connection, ("question", crate::breakdown::BY_TEAM)],
        ),
        "/api/inventory/page" => (Gets::NotFound, vec![connection, ("wish[kind]", "volume")]),
        "/api/savings/findings" => (Gets::NotFound, vec![connection]),
        "/api/savings/finding" => (Gets::NotFound, vec![("finding", anns)]),
        "/api/savings/decide" => (
            Gets::NotFound,
            vec![("finding", anns), ("state", "dismissed"), ("reason", "Bob")],
        ),
        "/api/savings/set_thresholds" => (Gets::NotFound, thresholds(connection)),
        "/api/inventory/scan" => (Gets::NotFound, vec![connection]),
        "/api/costs/together" => (Gets::NothingOfHers, vec![("metric", "unblended")]),
        "/api/costs/progress"
        | "/api/costs/refresh"
        | "/api/jobs/pause"
        | "/api/jobs/resume"
        | "/api/jobs/cancel"
        | "/api/jobs/retry" => (Gets::NotFound, vec![connection]),
        "/api/jobs/set_cadence" => (Gets::NotFound, vec![connection, ("cadence", "manual")]),
        "/api/roles/ways" => (Gets::NothingOfHers, vec![]),
        "/api/roles/begin" => (
            Gets::NotFound,
            vec![("source", anns), ("name", "Bob's role")],
        ),
        "/api/roles/draft" | "/api/roles/discard" => (Gets::NotFound, vec![("draft", draft)]),
        "/api/roles/finish" => (
            Gets::NotFound,
            vec![("draft", draft), ("role_arn", roles::READER.arn)],
        ),
        "/api/roles/replace" => (
            Gets::NotFound,
            vec![connection, ("role_arn", roles::READER.arn)],
        ),
        "/api/environment/renew" => (Gets::NotFound, vec![connection]),
        "/api/environment/look" => (Gets::OnlyTheirOwn, vec![]),
        "/api/environment/connect" => (Gets::OnlyTheirOwn, vec![("name", "The server's")]),
        "/api/connections/create" => {
            key.push(("name", "Bob's own"));
            (Gets::OnlyTheirOwn, key)
        }
        "/api/anomalies/of_connection" | "/api/anomalies/ask_aws" => {
            (Gets::NotFound, vec![connection])
        }
        "/api/commitments/of_connection" | "/api/commitments/ask_aws" => {
            (Gets::NotFound, vec![connection])
        }
        "/api/commitments/set_targets" => (
            Gets::NotFound,
            vec![connection, ("used", "90"), ("covered", "50")],
        ),
        "/api/anomalies/set_sensitivity" => {
            (Gets::NotFound, vec![connection, ("sensitivity", "low")])
        }
        "/api/anomalies/mark" => (
            Gets::NotFound,
            vec![
                connection,
                ("event", "2026-10-07.1.x"),
                ("mark", "expected"),
            ],
        ),
        "/api/doctor/known" => (Gets::NotFound, vec![connection]),
        "/api/doctor/examine" => (Gets::NotFound, vec![connection, ("what", "all")]),
        "/api/spending/set_cap" => (Gets::NotFound, vec![connection, ("cap", "0")]),
        "/api/connections/create_sample" | "/api/spending/report" => (Gets::OnlyTheirOwn, vec![]),
        "/api/session/change_password" => (
            Gets::OnlyTheirOwn,
            vec![
                ("current_password", "not this one either"),
                ("new_password", PASSWORD),
            ],
        ),
        "/api/saved/list" => (Gets::OnlyTheirOwn, vec![]),
        "/api/saved/save" => (
            Gets::OnlyTheirOwn,
            vec![("name", "Bob's"), ("query", "by=REGION")],
        ),
        "/api/saved/delete" | "/api/saved/start_with" => (Gets::NotFound, vec![("view", draft)]),
        "/api/session/me" | "/api/session/sign_out" => (Gets::OnlyTheirOwn, vec![]),
        "/api/session/set_up" | "/api/session/sign_in" => (
            Gets::OnlyTheirOwn,
            vec![("email", "bob@example.com"), ("password", PASSWORD)],
        ),
        path => panic!("{path} has no case: what does it give to a stranger?"),
    }
}

/// All fields of the thresholds' form.
fn thresholds<'a>(connection: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let names = [
        "stopped",
        "long_stopped",
        "unattached",
        "idle_address",
        "old_snapshot",
        "running",
    ];
    let days = names.map(|name| (name, "1"));
    std::iter::once(connection).chain(days).collect()
}

const MARKER: &str = "Ann's production of 2026";
const DRAFT: &str = "Ann's role to come";

struct Two {
    stage: Stage,
    ann: Browser,
    bob: Browser,
    anns: String,
    /// Ann's unfinished role.
    draft: String,
}

impl Two {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let ann = stage.administrator().await;
        let bob = stage.member("bob@example.com").await;
        let anns = connect(&ann, MARKER, &keys::GOOD).await;
        settled(&ann, &anns).await;
        let begun = [("name", DRAFT), ("source", &*anns)];
        let draft = ann.call("/api/roles/begin", &begun).await.connection();
        Self {
            stage,
            ann,
            bob,
            anns,
            draft,
        }
    }

    /// Everything Ann has, as she sees it.
    async fn all_of_ann(&self) -> String {
        let list: Vec<Connection> = self.ann.ask("/api/connections/list", &[]).await;
        let costs = overview(&self.ann, &self.anns, Metric::Unblended).await;
        assert_eq!(list[0].name, MARKER);
        let ways: Ways = self.ann.ask("/api/roles/ways", &[]).await;
        assert_eq!(ways.drafts[0].name, DRAFT);
        assert!(ways.environment.is_none(), "it is switched off");
        serde_json::to_string(&(list, costs, ways)).unwrap()
    }

    fn nothing_of_ann(&self, reply: &Reply, what: &str) {
        for part in [
            MARKER,
            "Ann&#x27;s production",
            DRAFT,
            "Ann&#x27;s role",
            ADMINISTRATOR,
            &*self.anns,
            &*self.draft,
        ] {
            // What was asked for may be repeated, in a URL's own place only.
            assert!(
                !reply.body.contains(part),
                "{what} tells {part}: {}",
                reply.body
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_keeps_peoples_things_apart() {
    let two = Two::new().await;
    let before = two.all_of_ann().await;
    two.stage.simulator.clear_requests();
    for function in FUNCTIONS {
        let (gets, fields) = case(function.path, &two.anns, &two.draft);
        match gets {
            Gets::NotFound => {
                let reply = two.bob.call(function.path, &fields).await;
                assert_eq!(reply.code(), Code::NotFound, "{}", function.path);
                two.nothing_of_ann(&reply, function.path);
                // As for an id that never was: not even its existence is told.
                let nobodys = uuid::Uuid::new_v4().to_string();
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| {
                        let hers = *value == two.anns || *value == two.draft;
                        (*name, if hers { &*nobodys } else { value })
                    })
                    .collect();
                let never = two.bob.call(function.path, &fields).await;
                assert_eq!((never.status, &never.body), (reply.status, &reply.body));
            }
            Gets::Nothing => {
                let reply = two.bob.call(function.path, &fields).await;
                assert_eq!(reply.good().body, "[]", "{}", function.path);
            }
            Gets::NothingOfHers => {
                let reply = two.bob.call(function.path, &fields).await;
                two.nothing_of_ann(reply.good(), function.path);
            }
            Gets::OnlyTheirOwn => {}
        }
    }
    assert!(
        two.stage.simulator.requests().is_empty(),
        "nobody's keys were used"
    );
    assert_eq!(two.all_of_ann().await, before);

    // Those about the caller alone: Bob's session stays Bob's, his connection his.
    let bob: Visitor = two.bob.ask("/api/session/me", &[]).await;
    assert_eq!(bob.user.unwrap().email.as_str(), "bob@example.com");
    let own = connect(&two.bob, "Bob's own", &keys::GOOD_SECOND).await;
    synced(&two.bob, &own).await;
    assert_ne!(own, two.anns);
    let names = async |browser: &Browser| {
        let list: Vec<Connection> = browser.ask("/api/connections/list", &[]).await;
        list.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    assert_eq!(
        (names(&two.ann).await, names(&two.bob).await),
        (vec![MARKER.to_owned()], vec!["Bob's own".to_owned()])
    );
    assert_eq!(
        two.ann
            .call("/api/connections/get", &[("connection", &*own)])
            .await
            .code(),
        Code::NotFound
    );
    assert_eq!(two.all_of_ann().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_nothing_of_others() {
    let two = Two::new().await;
    connect(&two.bob, "Bob's own", &keys::OTHER_ACCOUNT).await;
    for path in [
        "/",
        "/bill",
        "/costs",
        "/forecast",
        "/savings",
        "/savings/inventory",
        "/connections",
        "/account",
        "/connect",
        "/connect?way=role",
        "/connect?way=server",
        "/spending",
    ] {
        let reply = two.bob.get(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        two.nothing_of_ann(&reply, path);
    }
    for path in [
        format!("/connections/{}", two.anns),
        format!("/connect/role/{}", two.draft),
        format!("/connections/{}/doctor", two.anns),
        format!("/?connection={}", two.anns),
        format!("/bill?connection={}", two.anns),
        format!("/costs?connection={}", two.anns),
        format!("/forecast?connection={}", two.anns),
        format!("/costs/export.csv?connection={}", two.anns),
        format!("/costs/export.json?connection={}", two.anns),
        format!("/costs/focus.csv?connection={}", two.anns),
        format!("/savings?connection={}", two.anns),
        format!("/savings/findings/{}", two.anns),
        format!("/savings/inventory?connection={}", two.anns),
        format!("/savings/inventory.csv?connection={}", two.anns),
    ] {
        let reply = two.bob.get(&path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        for part in [
            MARKER,
            "Ann&#x27;s production",
            ADMINISTRATOR,
            keys::GOOD.account(),
        ] {
            assert!(!reply.body.contains(part), "{path} tells {part}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_signed_in_gets_nothing() {
    let two = Two::new().await;
    let before = two.all_of_ann().await;
    let stranger = two.stage.browser();
    two.stage.simulator.clear_requests();
    let mut public = BTreeSet::new();
    for function in FUNCTIONS {
        let (_, fields) = case(function.path, &two.anns, &two.draft);
        if function.public {
            public.insert(function.path);
            continue;
        }
        for cookie in ["", "session=", "session=made-up", "__Host-session=made-up"] {
            let reply = stranger
                .call_with(function.path, &fields, &[("cookie", cookie)])
                .await;
            assert_eq!(reply.code(), Code::NotSignedIn, "{}", function.path);
            two.nothing_of_ann(&reply, function.path);
        }
    }
    // Only those that bring people in and out. The list should only get shorter.
    let in_and_out = ["me", "set_up", "sign_in", "sign_out"];
    assert!(
        public
            .iter()
            .map(|path| path.rsplit('/').next().unwrap())
            .eq(in_and_out)
    );
    let me: Visitor = stranger.ask("/api/session/me", &[]).await;
    assert!(me.user.is_none() && me.version.is_none());
    stranger.call("/api/session/sign_out", &[]).await.good();
    let fields = [("email", "eve@example.com"), ("password", PASSWORD)];
    assert_eq!(
        stranger.call("/api/session/set_up", &fields).await.code(),
        Code::SetupDone
    );

    for path in [
        "/",
        "/costs",
        "/costs/export.csv",
        "/costs/export.json",
        "/costs/focus.csv",
        "/connections",
        &*format!("/connections/{}", two.anns),
        &*format!("/connect/role/{}", two.draft),
        "/connect",
        "/connect?way=role",
        "/account",
        "/spending",
    ] {
        let reply = stranger.get(path).await;
        assert!(reply.location().starts_with("/sign-in"), "{path}");
        for part in [MARKER, ADMINISTRATOR, keys::GOOD.account()] {
            assert!(!reply.body.contains(part), "{path}");
        }
    }
    assert!(two.stage.simulator.requests().is_empty());
    assert_eq!(two.all_of_ann().await, before);
}
