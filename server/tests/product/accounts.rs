//! Accounts and sessions: who gets in, how it begins and how it ends.

use chrono::{TimeDelta, Utc};
use domain::{
    Code,
    user::{Email, Role},
};

use crate::support::{
    browser::Browser,
    database,
    stage::{ADMINISTRATOR, PASSWORD, Stage, Visitor, sign_in},
};

const SET_UP: &str = "/api/session/set_up";
const ME: &str = "/api/session/me";
const CHANGE: &str = "/api/session/change_password";
const OTHER_PASSWORD: &str = "velvet turbine orchard quorum";

async fn me(browser: &Browser) -> Visitor {
    browser.ask(ME, &[]).await
}

async fn is_in(browser: &Browser) -> bool {
    me(browser).await.user.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_race_for_the_set_up_one_gets_it_and_then_it_is_closed() {
    let stage = Stage::new().await;
    assert!(me(&stage.browser()).await.needs_setup);
    let race: Vec<_> = (0..6)
        .map(|number| {
            let browser = stage.browser();
            tokio::spawn(async move {
                let email = format!("person{number}@example.com");
                let fields = [("email", &*email), ("password", PASSWORD)];
                let reply = browser.call(SET_UP, &fields).await;
                (email, browser, reply)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for one in race {
        let (email, browser, reply) = one.await.unwrap();
        if reply.status.is_success() {
            winners.push((email, browser));
        } else {
            let error = reply.error();
            assert_eq!(error.code, Code::SetupDone);
            assert_eq!(error.link.as_deref(), Some("/sign-in"));
            assert!(reply.cookies().is_empty());
            assert!(!is_in(&browser).await);
        }
    }
    let [(email, browser)] = &winners[..] else {
        panic!("not one winner")
    };
    assert_eq!(
        stage.user(&["list"], "").await,
        format!("{email}\tadministrator\n")
    );
    let visitor = me(browser).await;
    let user = visitor.user.unwrap();
    assert_eq!(
        (user.email.as_str(), user.role),
        (&**email, Role::Administrator)
    );
    assert!(!visitor.needs_setup);

    // Later, and by a form: closed all the same.
    let late = stage.browser();
    let fields = [("email", "late@example.com"), ("password", PASSWORD)];
    assert_eq!(late.call(SET_UP, &fields).await.code(), Code::SetupDone);
    let led = late.form("/setup", SET_UP, &fields).await;
    assert_eq!(led.status, 302);
    assert!(!led.location().contains(PASSWORD) && !is_in(&late).await);
    assert_eq!(stage.user(&["list"], "").await.lines().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn weak_passwords_and_odd_addresses_are_refused_with_advice() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let long = "correct lantern mosaic ".repeat(6);
    for password in [
        "",
        "short-1x%Q!",
        &long,
        "password1234",
        "qwertyuiopas",
        "111111111111",
        "administrator",
        "ann@example.com",
        "costtracker-aws",
    ] {
        let fields = [("email", ADMINISTRATOR), ("password", password)];
        let reply = browser.call(SET_UP, &fields).await;
        let error = reply.error();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (Code::Invalid, Some("password"))
        );
        assert!(error.advice.len() > 10, "{error:?}");
        let said = format!("{} {}", error.message, error.advice);
        assert!(password.is_empty() || !said.contains(password), "{said}");
    }
    for email in ["", "ann", "ann@", "@example.com", "a b@example.com"] {
        let error = browser
            .call(SET_UP, &[("email", email), ("password", PASSWORD)])
            .await
            .error();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (Code::Invalid, Some("email"))
        );
    }
    assert!(me(&browser).await.needs_setup);
    // Twelve and 128 letters are enough and not too many.
    let longest = format!("{PASSWORD} {}", "w".repeat(127 - PASSWORD.len()));
    assert_eq!(longest.len(), 128);
    browser
        .call(SET_UP, &[("email", ADMINISTRATOR), ("password", &longest)])
        .await
        .good();
    sign_in(&stage.browser(), ADMINISTRATOR, &longest)
        .await
        .good();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_begins_anew_at_each_sign_in_and_ends_at_sign_out() {
    let stage = Stage::new().await;
    stage.administrator().await;
    let browser = stage.browser();
    assert!(!is_in(&browser).await);
    let first = sign_in(&browser, " Ann@Example.COM ", PASSWORD).await;
    assert_eq!(first.good().location(), "/");
    let second = sign_in(&browser, ADMINISTRATOR, PASSWORD).await;
    let (first, second) = (first.cookie().to_owned(), second.good().cookie().to_owned());
    assert_ne!(first, second);
    // 256 bits of it.
    assert!(first.len() - "session=".len() >= 43, "{}", first.len());
    assert!(is_in(&browser).await);

    for _twice in 0..2 {
        let out = browser.call("/api/session/sign_out", &[]).await;
        assert_eq!(out.good().location(), "/sign-in");
        assert_eq!(out.cookie(), "session=");
    }
    assert!(!is_in(&browser).await);
    // Not only forgotten by the browser.
    let visitor: Visitor = stage.browser().call_as(&second, ME).await.value();
    assert!(visitor.user.is_none());
    // The other browser's session went on.
    let visitor: Visitor = stage.browser().call_as(&first, ME).await.value();
    assert_eq!(visitor.user.unwrap().email.as_str(), ADMINISTRATOR);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_token_never_becomes_a_session() {
    let stage = Stage::new().await;
    stage.administrator().await;
    let planted = format!("session={}", "A".repeat(43));
    let browser = stage.browser();
    let fields = [("email", ADMINISTRATOR), ("password", PASSWORD)];
    let path = "/api/session/sign_in";
    let reply = browser
        .call_with(path, &fields, &[("cookie", &planted)])
        .await;
    let given = reply.good().cookie().to_owned();
    assert_ne!(given, planted);
    for (cookies, inside) in [
        (planted, false),
        ("session=".to_owned(), false),
        (format!("session={}", "x".repeat(4_000)), false),
        (given.to_uppercase().replace("SESSION=", "session="), false),
        (given, true),
    ] {
        let visitor: Visitor = stage.browser().call_as(&cookies, ME).await.value();
        assert_eq!(visitor.user.is_some(), inside);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_age_and_by_being_unused() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    for (column, days, inside) in [
        ("last_seen_at", -6, true),
        ("last_seen_at", -8, false),
        ("expires_at", 1, true),
        ("expires_at", -1, false),
    ] {
        sign_in(&browser, ADMINISTRATOR, PASSWORD).await.good();
        let at = (Utc::now() + TimeDelta::days(days)).format("%FT%T+00:00");
        let sql = format!("UPDATE sessions SET {column} = '{at}'");
        database::run(&stage.database(), &sql).await;
        assert_eq!(is_in(&browser).await, inside, "{column} {days}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_password_ends_all_other_sessions() {
    let stage = Stage::new().await;
    let here = stage.administrator().await;
    let elsewhere = stage.browser();
    sign_in(&elsewhere, ADMINISTRATOR, PASSWORD).await.good();

    let wrong = [
        ("current_password", OTHER_PASSWORD),
        ("new_password", OTHER_PASSWORD),
    ];
    let error = here.call(CHANGE, &wrong).await.error();
    assert_eq!(error.code, Code::WrongCredentials);
    assert_eq!(error.field.as_deref(), Some("current_password"));
    let weak = [
        ("current_password", PASSWORD),
        ("new_password", "password1234"),
    ];
    let error = here.call(CHANGE, &weak).await.error();
    assert_eq!(
        (error.code, error.field.as_deref()),
        (Code::Invalid, Some("new_password"))
    );
    assert!(is_in(&elsewhere).await && is_in(&here).await);

    let right = [
        ("current_password", PASSWORD),
        ("new_password", OTHER_PASSWORD),
    ];
    let changed = here.call(CHANGE, &right).await;
    assert_eq!(changed.good().location(), "/account?changed=password");
    assert!(is_in(&here).await && !is_in(&elsewhere).await);
    assert_eq!(
        sign_in(&elsewhere, ADMINISTRATOR, PASSWORD).await.code(),
        Code::WrongCredentials
    );
    sign_in(&elsewhere, ADMINISTRATOR, OTHER_PASSWORD)
        .await
        .good();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_makes_and_mends_accounts_while_the_server_runs() {
    let stage = Stage::new().await;
    stage.administrator().await;
    let bob = stage.member("bob@example.com").await;
    assert!(is_in(&bob).await);
    let list = stage.user(&["list"], "").await;
    assert_eq!(
        list,
        "ann@example.com\tadministrator\nbob@example.com\tmember\n"
    );

    let reset = ["reset-password", "bob@example.com", "--password-stdin"];
    let said = stage.user(&reset, OTHER_PASSWORD).await;
    assert!(said.contains("signed out everywhere"), "{said}");
    assert!(!is_in(&bob).await);
    assert_eq!(
        sign_in(&bob, "bob@example.com", PASSWORD).await.code(),
        Code::WrongCredentials
    );
    sign_in(&bob, "bob@example.com", OTHER_PASSWORD)
        .await
        .good();
    assert_eq!(
        me(&bob).await.user.unwrap().email,
        "bob@example.com".parse::<Email>().unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_kept_from_scripts_other_sites_and_plain_http() {
    for (arguments, name, secure) in [
        (&[][..], "session=", false),
        (
            &["--public-url", "http://costs.example.com"][..],
            "session=",
            false,
        ),
        (
            &["--public-url", "https://costs.example.com"][..],
            "__Host-session=",
            true,
        ),
    ] {
        let stage = Stage::with_arguments(arguments).await;
        let browser = stage.browser();
        let fields = [("email", ADMINISTRATOR), ("password", PASSWORD)];
        let reply = browser.call(SET_UP, &fields).await;
        let set = reply.good().cookies();
        assert_eq!(set.len(), 1);
        let attributes: Vec<&str> = set[0].split("; ").collect();
        assert!(attributes[0].starts_with(name), "{name}");
        for wanted in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(attributes.contains(&wanted), "{wanted}");
        }
        assert_eq!(attributes.contains(&"Secure"), secure);
        assert!(
            !attributes
                .iter()
                .any(|attribute| attribute.starts_with("Domain"))
        );
        assert_eq!(
            reply.headers.contains_key("strict-transport-security"),
            secure
        );
        let visitor: Visitor = stage.browser().call_as(reply.cookie(), ME).await.value();
        assert!(visitor.user.is_some());
        // With HTTPS, the name that other hosts could plant counts for nothing.
        let other = reply.cookie().replace("__Host-session=", "session=");
        let visitor: Visitor = stage.browser().call_as(&other, ME).await.value();
        assert_eq!(visitor.user.is_some(), !secure);
    }
}
