//! Guessing passwords: every answer looks the same, and then they get slow.

use chrono::{TimeDelta, Utc};
use domain::Code;

use crate::support::{
    browser::Browser,
    database,
    stage::{ADMINISTRATOR, PASSWORD, Stage, sign_in},
};

const WRONG: &str = "wrong horse battery staple";
const NOBODY: &str = "nobody@example.com";

/// Longer than any wait, shorter than failures are remembered.
const EARLIER: TimeDelta = TimeDelta::minutes(10);

/// As if these failures had happened some time ago, so that no test has to wait.
async fn failed(stage: &Stage, key: &str, failures: u32, ago: TimeDelta) {
    let at = (Utc::now() - ago).format("%FT%T+00:00");
    let sql = format!(
        "INSERT INTO sign_in_guards (key, failures, last_failure_at) \
         VALUES ('{key}', {failures}, '{at}') ON CONFLICT (key) DO UPDATE SET \
         failures = {failures}, last_failure_at = '{at}', locked_until = NULL"
    );
    database::run(&stage.database(), &sql).await;
}

async fn refused(browser: &Browser, email: &str, password: &str) -> domain::Error {
    let reply = sign_in(browser, email, password).await;
    assert!(reply.cookies().is_empty());
    assert!(!reply.body.contains(password));
    reply.error()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_and_a_wrong_password_look_the_same() {
    let stage = Stage::new().await;
    stage.administrator().await;
    let browser = stage.browser();
    let wrong = refused(&browser, ADMINISTRATOR, WRONG).await;
    assert_eq!(wrong.code, Code::WrongCredentials);
    assert_eq!(refused(&browser, NOBODY, WRONG).await, wrong);
    assert_eq!(refused(&browser, NOBODY, PASSWORD).await, wrong);
    let long = "x".repeat(1_000);
    assert_eq!(refused(&browser, ADMINISTRATOR, &long).await, wrong);
    assert_eq!(refused(&browser, NOBODY, &long).await, wrong);
    sign_in(&browser, ADMINISTRATOR, PASSWORD).await.good();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_three_failures_an_account_makes_everybody_wait() {
    let stage = Stage::new().await;
    stage.administrator().await;
    let browser = stage.browser();
    for email in [ADMINISTRATOR, NOBODY] {
        // On a slow machine the first, short wait may be over before the next guess.
        let mut looked_at = 0;
        let wait = loop {
            let error = refused(&browser, email, WRONG).await;
            if error.code == Code::TooManyAttempts {
                break error;
            }
            assert_eq!(error.code, Code::WrongCredentials);
            looked_at += 1;
        };
        assert!((3..10).contains(&looked_at), "{looked_at}");
        assert!(wait.advice.contains("second"), "{}", wait.advice);
        // The right password doesn't help either: it could be the next guess.
        failed(&stage, &format!("account:{email}"), 9, TimeDelta::zero()).await;
        assert_eq!(
            refused(&browser, email, PASSWORD).await.code,
            Code::TooManyAttempts
        );
    }
    // Another account of the same house isn't concerned.
    let bob = stage.member("bob@example.com").await;
    assert_eq!(bob.get("/account").await.status, 200);
    // And once the wait is over, one's own password works and clears the count.
    failed(&stage, &format!("account:{ADMINISTRATOR}"), 9, EARLIER).await;
    sign_in(&browser, ADMINISTRATOR, PASSWORD).await.good();
    assert_eq!(
        refused(&browser, ADMINISTRATOR, WRONG).await.code,
        Code::WrongCredentials
    );
    sign_in(&browser, ADMINISTRATOR, PASSWORD).await.good();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_failures_lock_an_account_and_nobody_learns_whether_it_exists() {
    let stage = Stage::new().await;
    let inside = stage.administrator().await;
    let browser = stage.browser();
    for email in [ADMINISTRATOR, NOBODY] {
        failed(&stage, &format!("account:{email}"), 9, EARLIER).await;
        assert_eq!(
            refused(&browser, email, WRONG).await.code,
            Code::WrongCredentials
        );
        for password in [WRONG, PASSWORD] {
            let locked = refused(&browser, email, password).await;
            assert_eq!(locked.code, Code::TooManyAttempts, "{email}");
            assert_eq!(locked.advice, "Wait 14 minutes, then try again.");
        }
    }
    // Who is in stays in: a lock must not be a way to throw people out.
    assert_eq!(inside.get("/account").await.status, 200);

    let reset = ["reset-password", ADMINISTRATOR, "--password-stdin"];
    stage.user(&reset, "velvet turbine orchard quorum").await;
    sign_in(&browser, ADMINISTRATOR, "velvet turbine orchard quorum")
        .await
        .good();
    assert_eq!(
        inside.get("/account").await.location(),
        "/sign-in?next=/account"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_at_once_only_as_many_count_as_the_lock_allows() {
    let stage = Stage::new().await;
    stage.administrator().await;
    let guesses: Vec<_> = (0..30)
        .map(|number| {
            let browser = stage.browser();
            tokio::spawn(async move {
                let guess = format!("{WRONG} {number}");
                sign_in(&browser, ADMINISTRATOR, &guess).await.code()
            })
        })
        .collect();
    let mut looked_at = 0;
    for guess in guesses {
        match guess.await.unwrap() {
            Code::WrongCredentials => looked_at += 1,
            code => assert_eq!(code, Code::TooManyAttempts),
        }
    }
    assert!((3..=10).contains(&looked_at), "{looked_at}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_guesses_at_many_accounts_is_locked_alone() {
    let stage = Stage::with_arguments(&["--trust-proxy"]).await;
    stage.administrator().await;
    failed(&stage, "address:203.0.113.7", 59, EARLIER).await;
    let from = async |address: &str, email: &str, password: &str| {
        let fields = [("email", email), ("password", password)];
        let headers = [("x-forwarded-for", address)];
        stage
            .browser()
            .call_with("/api/session/sign_in", &fields, &headers)
            .await
    };
    assert_eq!(
        from("203.0.113.7", NOBODY, WRONG).await.code(),
        Code::WrongCredentials
    );
    let locked = from("203.0.113.7", ADMINISTRATOR, PASSWORD).await.error();
    assert_eq!(locked.code, Code::TooManyAttempts);
    assert_eq!(locked.advice, "Wait 14 minutes, then try again.");
    // Only the proxy's own entry counts, the last one: the rest is the guesser's invention.
    let invented = from("198.51.100.1, 203.0.113.7", ADMINISTRATOR, PASSWORD).await;
    assert_eq!(invented.code(), Code::TooManyAttempts);
    from("203.0.113.7, 198.51.100.1", ADMINISTRATOR, PASSWORD)
        .await
        .good();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_trusted_proxy_its_header_counts_for_nothing() {
    let stage = Stage::new().await;
    stage.administrator().await;
    failed(&stage, "address:127.0.0.1", 60, EARLIER).await;
    let fields = [("email", NOBODY), ("password", WRONG)];
    let headers = [("x-forwarded-for", "198.51.100.1")];
    let browser = stage.browser();
    let path = "/api/session/sign_in";
    browser.call_with(path, &fields, &headers).await;
    let again = browser.call_with(path, &fields, &headers).await;
    assert_eq!(again.code(), Code::TooManyAttempts);
}
