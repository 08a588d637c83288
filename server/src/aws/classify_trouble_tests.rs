//! What goes wrong without a code of AWS's, or means another thing than its code says: clocks,
//! proxies, broken connections, other people's text, credentials that come from elsewhere.

use aws_sdk_costexplorer::error::ErrorMetadata;
use domain::Code;

use super::{
    tests::{SIGNATURE_MESSAGE, asked, cost_explorer, ec2, sts},
    *,
};
use crate::aws::canned::{Can, Canned};

#[tokio::test]
async fn a_wrong_clock_is_not_a_wrong_secret() {
    for (minutes, kind) in [
        (0, Kind::WrongSecret),
        (3, Kind::WrongSecret),
        (-7, Kind::Clock),
        (90, Kind::Clock),
    ] {
        let theirs = Utc::now() + TimeDelta::minutes(minutes);
        let body = serde_json::json!({ "__type": "InvalidSignatureException", "message": SIGNATURE_MESSAGE });
        let canned = Canned::Answer {
            status: 400,
            body: body.to_string(),
            date: Some(theirs.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        };
        assert_eq!(cost_explorer(canned).await.kind, kind, "{minutes} minutes");
    }
}

#[tokio::test]
async fn what_stands_in_between_is_not_aws() {
    for status in [302, 403, 407, 404] {
        let failure =
            cost_explorer(Canned::error(status, "<html>Sign in to the hotel</html>")).await;
        assert_eq!(failure.kind, Kind::NotAws, "{status}");
        assert_eq!(failure.kind.code(), Code::AwsUnreadable);
    }
    for status in [500, 502, 503, 504] {
        let failure = cost_explorer(Canned::error(status, "<html>Bad gateway</html>")).await;
        assert_eq!(failure.kind, Kind::Server, "{status}");
    }
    assert_eq!(sts(Canned::error(302, "")).await.kind, Kind::NotAws);
    assert_eq!(sts(Canned::error(502, "")).await.kind, Kind::Server);
}

#[tokio::test]
async fn what_does_not_parse_is_unreadable() {
    for body in [
        "<html>",
        "{\"ResultsByTime\": 3}",
        "[",
        "{\"ResultsByTime\":[{\"Total\":{\"UnblendedCost\":{\"Amount\":1.5}}}]}",
    ] {
        let failure = cost_explorer(Canned::ok(body)).await;
        assert_eq!(failure.kind, Kind::Unreadable, "{body}");
        assert!(!failure.kind.is_retried());
        assert!(failure.source.is_none(), "a parser may quote the answer");
    }
    assert_eq!(sts(Canned::ok("{}")).await.kind, Kind::Unreadable);
}

#[tokio::test]
async fn broken_connections_are_the_networks() {
    let failure = cost_explorer(Canned::Broken("connection reset by peer")).await;
    assert_eq!(failure.kind, Kind::Network);
    assert!(failure.kind.is_retried());
    let failure = cost_explorer(Canned::Broken("invalid peer certificate: UnknownIssuer")).await;
    assert_eq!(failure.kind, Kind::Certificate);
    assert!(!failure.kind.is_retried());
}

#[test]
fn only_harmless_text_is_logged() {
    assert_eq!(harmless("0a1b-2c_3.D").as_deref(), Some("0a1b-2c_3.D"));
    for text in [
        "",
        "two words",
        "line\nbreak",
        "arn:aws:iam::1:user/x",
        &"x".repeat(81),
    ] {
        assert_eq!(harmless(text), None);
    }
}

fn provider_error(error: impl StdError + Send + Sync + 'static) -> CredentialsError {
    CredentialsError::provider_error(error)
}

fn provided(error: &CredentialsError) -> Failure {
    provider_failure(error, asked(Operation::GetCostAndUsage))
}

#[test]
fn what_aws_said_to_a_provider_is_found_in_the_chain() {
    let said = |code: &str, message: &str| {
        let meta = ErrorMetadata::builder().code(code).message(message).build();
        AssumeRoleError::generic(meta)
    };
    for (code, kind) in [
        ("AccessDenied", Kind::RoleDenied),
        ("ExpiredToken", Kind::ExpiredToken),
        ("InvalidClientTokenId", Kind::UnknownKey),
        ("Throttling", Kind::Throttled),
    ] {
        // Buried as AWS's own providers bury it.
        let inner = provider_error(said(code, "User: arn:aws:iam::111122223333:user/x"));
        let failure = provided(&provider_error(inner));
        assert_eq!(
            (failure.kind, failure.aws_code.as_deref()),
            (kind, Some(code))
        );
        assert!(failure.source.is_none());
    }
    let web = AssumeRoleWithWebIdentityError::generic(
        ErrorMetadata::builder().code("AccessDenied").build(),
    );
    assert_eq!(provided(&provider_error(web)).kind, Kind::RoleDenied);
    let none = CredentialsError::not_loaded_no_source();
    assert_eq!(provided(&none).kind, Kind::EnvironmentEmpty);
    let late = CredentialsError::provider_timed_out(std::time::Duration::from_secs(1));
    assert_eq!(provided(&late).kind, Kind::Timeout);
    let odd = CredentialsError::invalid_configuration("a loop");
    assert_eq!(provided(&odd).kind, Kind::EnvironmentBroken);
}

#[tokio::test]
async fn a_token_that_is_over_is_not_a_wrong_clock() {
    let expired = |date: Option<DateTime<Utc>>| match Canned::ec2(400, "RequestExpired", "") {
        Canned::Answer { status, body, .. } => Canned::Answer {
            status,
            body,
            date: date.map(|date| date.to_rfc2822()),
        },
        Canned::Broken(_) => unreachable!(),
    };
    let off = Utc::now() - TimeDelta::minutes(20);
    for (temporary, date, kind) in [
        (false, None, Kind::Clock),
        (true, None, Kind::ExpiredToken),
        (true, Some(Utc::now()), Kind::ExpiredToken),
        (true, Some(off), Kind::Clock),
    ] {
        assert_eq!(ec2(expired(date), temporary).await.kind, kind);
    }
}

#[tokio::test]
async fn one_code_means_different_things_to_different_operations() {
    let said = |code: &str| Canned::cost_explorer(400, code, "");
    for (operation, code, kind) in [
        (
            Operation::GetCostForecast,
            "DataUnavailableException",
            Kind::TooLittleHistory,
        ),
        (
            Operation::GetSavingsPlansCoverage,
            "DataUnavailableException",
            Kind::NoCommitments,
        ),
        (
            Operation::GetAnomalies,
            "DataUnavailableException",
            Kind::NoData,
        ),
        (
            Operation::GetUsageForecast,
            "UnresolvableUsageUnitException",
            Kind::MixedUnits,
        ),
        (
            Operation::GetAnomalyMonitors,
            "UnknownMonitorException",
            Kind::UnknownMonitor,
        ),
        (
            Operation::GetCallerIdentity,
            "AccessDeniedException",
            Kind::Denied,
        ),
        (
            Operation::AssumeRole,
            "AccessDeniedException",
            Kind::RoleDenied,
        ),
    ] {
        let client = Can::of([said(code)]).call().cost_explorer();
        let error = client.get_cost_and_usage().send().await.unwrap_err();
        assert_eq!(
            classify(error, asked(operation)).kind,
            kind,
            "{operation:?}"
        );
    }
}
