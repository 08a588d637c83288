use std::cell::Cell;

use super::*;
use crate::keys::{GOOD, KeyPair, TEMPORARY};

/// A request that the AWS SDK for Rust really sent to a loopback listener, with the keys of AWS's
/// own documentation; its signature was recomputed independently.
const DOCUMENTED: KeyPair = KeyPair {
    access_key_id: "AKIAIOSFODNN7EXAMPLE",
    secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    session_token: Some("TOKENTOKEN"),
    ..GOOD
};
const AGENT: &str = "aws-sdk-rust/1.7.0 ua/2.1 api/costexplorer/1.138.0 os/linux lang/rust/1.99.1 m/E,N md/http#hyper-1.x";
const BODY: &str = r#"{"TimePeriod":{"Start":"2026-10-01","End":"2026-11-01"},"Granularity":"MONTHLY","Metrics":["UnblendedCost"]}"#;
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/ce/aws4_request, \
     SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target;x-amz-user-agent, \
     Signature=c73a8800f076da571ab1430ecda472e587170cd609b93ae0df2ab6fd11307154";

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "AWSInsightsIndexService.GetCostAndUsage"),
        ("content-length", "108"),
        ("user-agent", AGENT),
        ("x-amz-user-agent", AGENT),
        ("x-amz-date", "20261123T234358Z"),
        ("x-amz-security-token", "TOKENTOKEN"),
        ("amz-sdk-request", "attempt=1; max=3"),
        ("host", "127.0.0.1:39261"),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    headers
}

fn at(time: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(time, STAMP)
        .unwrap()
        .and_utc()
}

fn verify(
    headers: &HeaderMap,
    authorization: &str,
    body: &str,
    now: &str,
) -> Result<(), (Cause, String)> {
    let authorization = Authorization::parse(authorization).unwrap();
    let uri = Uri::from_static("/");
    let signed = Signed {
        method: &Method::POST,
        uri: &uri,
        headers,
        body: body.as_bytes(),
    };
    let find = |id: &str| match id {
        "AKIAIOSFODNN7EXAMPLE" => Some(Caller::from(&DOCUMENTED)),
        _ => crate::keys::find(id).map(Caller::from),
    };
    signed
        .verify(&authorization, at(now), find)
        .map(|_| ())
        .map_err(|error| (error.cause, error.message))
}

#[test]
fn believes_a_genuine_request() {
    assert_eq!(
        verify(&headers(), AUTHORIZATION, BODY, "20261123T234400Z"),
        Ok(())
    );
}

#[test]
fn looks_only_at_the_headers_that_were_signed() {
    let mut headers = headers();
    headers.insert("user-agent", "changed on the way".parse().unwrap());
    assert_eq!(
        verify(&headers, AUTHORIZATION, BODY, "20261123T234400Z"),
        Ok(())
    );
}

#[test]
fn any_change_breaks_the_signature() {
    let refused = |headers: &HeaderMap, authorization: &str, body: &str| {
        let (cause, text) = verify(headers, authorization, body, "20261123T234400Z").unwrap_err();
        assert_eq!(cause, Cause::BadSignature);
        assert!(
            text.starts_with("The request signature we calculated does not match"),
            "{text}"
        );
    };
    refused(&headers(), AUTHORIZATION, &BODY.replace("MONTHLY", "DAILY"));
    refused(
        &headers(),
        &AUTHORIZATION.replace("us-east-1", "eu-west-1"),
        BODY,
    );
    refused(&headers(), &AUTHORIZATION.replace("7154", "7155"), BODY);
    refused(
        &headers(),
        &AUTHORIZATION.replace(
            "c73a8800f076da571ab1430ecda472e587170cd609b93ae0df2ab6fd11307154",
            "c7",
        ),
        BODY,
    );
    let mut other = headers();
    other.insert("host", "127.0.0.1:1".parse().unwrap());
    refused(&other, AUTHORIZATION, BODY);
}

#[test]
fn the_signature_ages_after_five_minutes() {
    assert_eq!(
        verify(&headers(), AUTHORIZATION, BODY, "20261123T234858Z"),
        Ok(())
    );
    assert_eq!(
        verify(&headers(), AUTHORIZATION, BODY, "20261123T234859Z").unwrap_err(),
        (
            Cause::Stale,
            "Signature expired: 20261123T234358Z is now earlier than 20261123T234359Z (20261123T234859Z - 5 min.)".into()
        )
    );
    assert_eq!(
        verify(&headers(), AUTHORIZATION, BODY, "20261123T233857Z").unwrap_err(),
        (
            Cause::Stale,
            "Signature not yet current: 20261123T234358Z is still later than 20261123T234357Z (20261123T233857Z + 5 min.)".into()
        )
    );
}

#[test]
fn the_token_must_be_the_keys_own() {
    let now = "20261123T234400Z";
    let refused = |headers: &HeaderMap| {
        let error = verify(headers, AUTHORIZATION, BODY, now).unwrap_err();
        assert_eq!(error, (Cause::UnknownKey, INVALID_TOKEN.to_owned()));
    };
    let mut wrong = headers();
    wrong.insert("x-amz-security-token", "TOKENTOKEM".parse().unwrap());
    refused(&wrong);
    let mut missing = headers();
    missing.remove("x-amz-security-token");
    refused(&missing);
    // A long-lived key comes without.
    let error = verify(
        &headers(),
        &AUTHORIZATION.replace(DOCUMENTED.access_key_id, GOOD.access_key_id),
        BODY,
        now,
    );
    assert_eq!(error.unwrap_err().0, Cause::UnknownKey);
    assert!(TEMPORARY.session_token.is_some());
}

#[test]
fn the_scope_must_fit_the_request() {
    let now = "20261123T234400Z";
    let text = |authorization: &str| verify(&headers(), authorization, BODY, now).unwrap_err().1;
    assert!(
        text(&AUTHORIZATION.replace("/20261123/", "/20261122/"))
            .starts_with("Date in Credential scope does not match")
    );
    assert!(
        text(&AUTHORIZATION.replace("aws4_request", "aws3_request"))
            .contains("valid terminator: 'aws4_request'")
    );
    assert!(
        text(&AUTHORIZATION.replace("content-type;host;", "content-type;"))
            .starts_with("'Host' must be")
    );
    assert!(
        text(&AUTHORIZATION.replace("x-amz-target;", "")).starts_with("'X-Amz-Target' must be")
    );
}

#[test]
fn without_a_date_there_is_nothing_to_judge() {
    let mut without = headers();
    without.remove("x-amz-date");
    let asked = Cell::new(false);
    let authorization = Authorization::parse(AUTHORIZATION).unwrap();
    let uri = Uri::from_static("/");
    let signed = Signed {
        method: &Method::POST,
        uri: &uri,
        headers: &without,
        body: BODY.as_bytes(),
    };
    let find = |_: &str| {
        asked.set(true);
        None
    };
    let error = signed
        .verify(&authorization, at("20261123T234400Z"), find)
        .err()
        .unwrap();
    assert_eq!(error.cause, Cause::IncompleteSignature);
    assert!(!asked.get());
}

#[test]
fn queries_are_sorted() {
    assert_eq!(canonical_query("b=2&a=1&a=0&flag"), "a=0&a=1&b=2&flag=");
}
