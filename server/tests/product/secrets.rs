//! No secret is ever found where it doesn't belong: a whole session with planted
//! secrets, then a search through everything it left behind.

use std::{fs, path::Path};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use domain::Code;
use simulator::keys;

use crate::support::{
    browser::Browser,
    stage::{ADMINISTRATOR, Setup, Stage, connect, key_fields, sign_in, synced, try_connect},
};

const PASSWORD: &str = "planted-Wombat/kettle+2871 oyster";
const NEXT_PASSWORD: &str = "planted-Lagoon/thimble+9402 spruce";
const WRONG_PASSWORD: &str = "planted-Wrong/bramble+1157 falcon";
const WRONG_SECRET: &str = "planted/Wrong+Secret/0123456789abcdefghi";
const MASTER_KEY: &str = "5e1f7a90c3d24b68a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718";
/// No secret: proves that the search finds what is there.
const MARKER: &str = "planted-marker Zeppelin";

/// The ways in which a secret could be written down.
fn forms(secret: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let hex = hex::encode(bytes);
    let url: String = url::form_urlencoded::byte_serialize(bytes).collect();
    let percent = url.replace('+', "%20");
    let reversed: String = secret.chars().rev().collect();
    let list = bytes.iter().map(u8::to_string).collect::<Vec<_>>();
    let mut forms = vec![
        ("as it is", secret.to_owned()),
        ("as a list", list.join(", ")),
        ("as a short list", list.join(",")),
        ("in hex", hex.clone()),
        ("in capital hex", hex.to_uppercase()),
        ("in a form", url),
        ("in a URL", percent),
        ("backwards", reversed),
        (
            "in JSON",
            serde_json::to_string(secret)
                .unwrap()
                .trim_matches('"')
                .to_owned(),
        ),
        (
            "in HTML",
            secret
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('/', "&#x2F;"),
        ),
    ];
    // Base64 depends on what stands before: three beginnings, without the letters at both
    // ends that the neighbours have a part in.
    for before in 0..3 {
        let mut shifted = vec![0; before];
        shifted.extend(bytes);
        for (how, text) in [
            ("in base64", STANDARD_NO_PAD.encode(&shifted)),
            ("in base64 for URLs", URL_SAFE_NO_PAD.encode(&shifted)),
        ] {
            let from = [0, 2, 3][before];
            let until = shifted.len() / 3 * 4;
            forms.push((how, text[from..until].to_owned()));
        }
    }
    let mut forms: Vec<_> = forms
        .into_iter()
        .map(|(how, text)| (how.to_owned(), text.into_bytes()))
        .collect();
    // As a program holds what is written in hex.
    forms.extend(hex::decode(secret).map(|bytes| ("as bytes".to_owned(), bytes)));
    forms.push((
        "in UTF-16".to_owned(),
        secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ));
    forms
}

/// Looks for many secrets in one go, because databases are long.
struct Search {
    /// Whose, how, and the bytes.
    forms: Vec<(String, String, Vec<u8>)>,
    /// Which of them begin with these two bytes.
    by_beginning: Vec<Vec<usize>>,
}

impl Search {
    fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let forms: Vec<_> = secrets
            .into_iter()
            .flat_map(|secret| {
                forms(secret)
                    .into_iter()
                    .map(|(how, form)| (secret.to_owned(), how, form))
            })
            .collect();
        let mut by_beginning = vec![Vec::new(); 1 << 16];
        for (place, (_, _, form)) in forms.iter().enumerate() {
            by_beginning[beginning(form[0], form[1])].push(place);
        }
        Self {
            forms,
            by_beginning,
        }
    }

    /// What is found first, and how it is written there.
    fn find(&self, bytes: &[u8]) -> Option<(&str, &str)> {
        bytes.windows(2).enumerate().find_map(|(at, pair)| {
            let candidates = &self.by_beginning[beginning(pair[0], pair[1])];
            let found = candidates.iter().map(|place| &self.forms[*place]);
            let mut found = found.filter(|(_, _, form)| bytes[at..].starts_with(form));
            found
                .next()
                .map(|(secret, how, _)| (secret.as_str(), how.as_str()))
        })
    }
}

fn beginning(first: u8, second: u8) -> usize {
    usize::from(u16::from_be_bytes([first, second]))
}

fn find(place: &[u8], secret: &str) -> Option<String> {
    Search::new([secret])
        .find(place)
        .map(|(_, how)| how.to_owned())
}

#[test]
fn the_search_finds_each_form_in_the_middle_of_something() {
    let secret = WRONG_SECRET;
    for pad in 0..4 {
        let around = |text: &str| format!("{}{text}{}", "x".repeat(pad), "y".repeat(pad + 1));
        let plain = around(secret);
        for hidden in [
            plain.clone(),
            around(&hex::encode(secret)),
            STANDARD_NO_PAD.encode(&plain),
            URL_SAFE_NO_PAD.encode(&plain),
            base64::engine::general_purpose::STANDARD.encode(&plain),
            around(&url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>()),
            format!("{:?}", secret.as_bytes()),
        ] {
            assert!(find(hidden.as_bytes(), secret).is_some(), "{hidden}");
        }
    }
    assert_eq!(
        find(b"planted/Wrong+Secret/0123456789abcdefgh", secret),
        None
    );
}

/// Every file below a folder, by its name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                return files(&path);
            }
            vec![(path.display().to_string(), fs::read(&path).unwrap())]
        })
        .collect()
}

/// All that a person may do with a server, and some that goes wrong. Answers the
/// tokens of the sessions there were.
async fn whole_session(stage: &Stage) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut keep = |cookie: &str| tokens.push(cookie.split_once('=').unwrap().1.to_owned());
    let browser = stage.browser();
    let set_up = [("email", ADMINISTRATOR), ("password", PASSWORD)];
    keep(
        browser
            .call("/api/session/set_up", &set_up)
            .await
            .good()
            .cookie(),
    );
    let wrong = sign_in(&stage.browser(), ADMINISTRATOR, WRONG_PASSWORD).await;
    assert_eq!(wrong.code(), Code::WrongCredentials);
    let fields = [("email", ADMINISTRATOR), ("password", WRONG_PASSWORD)];
    stage
        .browser()
        .form("/sign-in", "/api/session/sign_in", &fields)
        .await;
    keep(
        sign_in(&browser, ADMINISTRATOR, PASSWORD)
            .await
            .good()
            .cookie(),
    );
    let weak = [("current_password", PASSWORD), ("new_password", "short")];
    browser
        .form("/account", "/api/session/change_password", &weak)
        .await;
    let change = [
        ("current_password", PASSWORD),
        ("new_password", NEXT_PASSWORD),
    ];
    keep(
        browser
            .call("/api/session/change_password", &change)
            .await
            .good()
            .cookie(),
    );

    failing_keys(&browser).await;
    let id = connect(&browser, MARKER, &keys::TEMPORARY).await;
    synced(&browser, &id).await;
    let mut fields = vec![("connection", &*id)];
    fields.extend(key_fields(&keys::GOOD));
    browser
        .call("/api/connections/replace_key", &fields)
        .await
        .good();
    synced(&browser, &id).await;
    assert_eq!(
        try_connect(&browser, "Twice", &keys::GOOD_SECOND)
            .await
            .code(),
        Code::Conflict
    );
    let other = connect(&browser, "Deleted", &keys::OTHER_ACCOUNT).await;
    browser
        .call("/api/connections/delete", &[("connection", &*other)])
        .await
        .good();
    browser
        .call("/api/costs/refresh", &[("connection", &*id)])
        .await
        .good();
    synced(&browser, &id).await;
    for path in [
        "/",
        "/account",
        "/connections",
        "/connect",
        "/nowhere",
        &format!("/connections/{id}"),
    ] {
        browser.get(path).await;
    }
    // A form that isn't ours, with a secret in the wrong place.
    let odd = [("password", NEXT_PASSWORD), ("secret", WRONG_SECRET)];
    browser.call("/api/session/sign_in", &odd).await;
    browser.call("/api/connections/create", &odd).await;
    browser.call("/api/session/sign_out", &[]).await.good();
    tokens
}

async fn failing_keys(browser: &Browser) {
    let id = keys::GOOD.access_key_id;
    for (id, secret) in [
        (id, WRONG_SECRET),
        ("AKIASIMULATORUNKNOWN", WRONG_SECRET),
        ("", WRONG_SECRET),
    ] {
        let fields = [
            ("name", "Failing"),
            ("access_key_id", id),
            ("secret", secret),
        ];
        assert!(
            !browser
                .call("/api/connections/create", &fields)
                .await
                .status
                .is_success()
        );
        browser
            .form("/connect", "/api/connections/create", &fields)
            .await;
    }
    for key in [&keys::EXPIRED, &keys::NO_PERMISSION, &keys::NOT_ENABLED] {
        assert!(
            !try_connect(browser, "Failing", key)
                .await
                .status
                .is_success()
        );
        let mut fields = key_fields(key);
        fields.push(("name", "Failing"));
        browser
            .form("/connect", "/api/connections/create", &fields)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_found_in_database_logs_or_answers_after_a_whole_session() {
    let setup = Setup {
        variables: vec![("COST_TRACKER_MASTER_KEY".to_owned(), MASTER_KEY.to_owned())],
        arguments: ["--log", "trace"].map(str::to_owned).to_vec(),
        ..Setup::default()
    };
    let mut stage = Stage::with(setup).await;
    let tokens = whole_session(&stage).await;
    // While it runs: with the write-ahead log that a closed database no longer has.
    let mut places = files(&stage.data_dir());
    assert!(
        places.iter().any(|(name, _)| name.ends_with("-wal")),
        "no write-ahead log"
    );
    stage.server.kill();
    places.extend(files(&stage.data_dir()));
    let answers = stage.record.lock().unwrap().clone().into_bytes();
    let logs = stage.server.logs().into_bytes();

    // The search sees what is there: in the database, in answers, in logs.
    assert!(
        places
            .iter()
            .any(|(_, bytes)| find(bytes, MARKER).is_some())
    );
    assert_eq!(find(&answers, MARKER).as_deref(), Some("as it is"));
    assert!(find(&logs, "/api/connections/create").is_some());
    assert!(String::from_utf8_lossy(&logs).contains("TRACE"));

    let keys = [
        &keys::GOOD,
        &keys::GOOD_SECOND,
        &keys::OTHER_ACCOUNT,
        &keys::TEMPORARY,
        &keys::EXPIRED,
        &keys::NO_PERMISSION,
        &keys::NOT_ENABLED,
    ];
    let mut secrets = vec![
        PASSWORD,
        NEXT_PASSWORD,
        WRONG_PASSWORD,
        WRONG_SECRET,
        MASTER_KEY,
    ];
    secrets.extend(keys.iter().map(|key| key.secret));
    secrets.extend(keys.iter().filter_map(|key| key.session_token));
    places.push(("the logs".to_owned(), logs));
    // Whole access key ids are sealed and shown in part: nobody types this one wrong.
    let id = keys::TEMPORARY.access_key_id;
    let secrets = || secrets.iter().copied().chain([id]);
    let everything = Search::new(secrets().chain(tokens.iter().map(String::as_str)));
    for (name, bytes) in &places {
        assert_eq!(everything.find(bytes), None, "in {name}");
    }
    assert_eq!(Search::new(secrets()).find(&answers), None, "in an answer");
    // A session's token is in the cookie that brings it, once, and nowhere else.
    let answers = String::from_utf8(answers).unwrap();
    for token in &tokens {
        assert_eq!(answers.matches(token.as_str()).count(), 1);
    }
}
