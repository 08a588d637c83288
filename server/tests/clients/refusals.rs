//! What stock clients read from refusals: AWS's own codes, for each service.

use serde_json::{Value, json};
use simulator::keys::{self, KeyPair};

use crate::{client, python, said, simulator};

/// Name, service, method, key, region, expected status and code.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static KeyPair,
    &'static str,
    u16,
    &'static str,
);

const HOME: &str = "us-east-1";
const WRONG_SECRET: KeyPair = KeyPair {
    secret: "SimulatorOnly/NotARealSecret+Wrong000001",
    ..keys::GOOD
};
const UNKNOWN: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORUNKNOWN",
    ..keys::GOOD
};

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("a wrong secret", "ce", "get_cost_and_usage", &WRONG_SECRET, HOME, 400, "InvalidSignatureException"),
    ("a wrong secret", "sts", "get_caller_identity", &WRONG_SECRET, HOME, 403, "SignatureDoesNotMatch"),
    ("a wrong secret", "ec2", "describe_volumes", &WRONG_SECRET, HOME, 401, "AuthFailure"),
    ("an unknown key", "ce", "get_cost_and_usage", &UNKNOWN, HOME, 400, "UnrecognizedClientException"),
    ("an unknown key", "sts", "get_caller_identity", &UNKNOWN, HOME, 403, "InvalidClientTokenId"),
    ("an unknown key", "ec2", "describe_volumes", &UNKNOWN, HOME, 401, "AuthFailure"),
    ("an expired key", "ce", "get_cost_and_usage", &keys::EXPIRED, HOME, 400, "ExpiredTokenException"),
    ("an expired key", "sts", "get_caller_identity", &keys::EXPIRED, HOME, 403, "ExpiredToken"),
    ("an expired key", "ec2", "describe_volumes", &keys::EXPIRED, HOME, 400, "RequestExpired"),
    ("no policy", "ce", "get_cost_and_usage", &keys::NO_PERMISSION, HOME, 400, "AccessDeniedException"),
    ("no policy", "ec2", "describe_addresses", &keys::NO_PERMISSION, HOME, 403, "UnauthorizedOperation"),
    ("one action missing", "ec2", "describe_snapshots", &keys::WITHOUT_SNAPSHOTS, HOME, 403, "UnauthorizedOperation"),
    ("a closed region", "ec2", "describe_instances", &keys::TWO_REGIONS, "eu-central-1", 403, "UnauthorizedOperation"),
    ("a region not opted in", "ec2", "describe_instances", &keys::GOOD, "eu-central-2", 401, "AuthFailure"),
    ("an account not activated", "ec2", "describe_regions", &keys::NOT_ACTIVATED, HOME, 401, "OptInRequired"),
];

fn parameters(method: &str) -> Value {
    match method {
        "get_cost_and_usage" => json!({
            "TimePeriod": {"Start": "2026-10-01", "End": "2026-10-02"},
            "Granularity": "DAILY",
            "Metrics": ["UnblendedCost"],
        }),
        _ => json!({}),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_reads_awss_codes() {
    let aws = simulator().await;
    let cases: Vec<Value> = CASES
        .iter()
        .map(|(name, service, method, key, region, _, _)| {
            json!([name, service, method, parameters(method), {
                "aws_access_key_id": key.access_key_id,
                "aws_secret_access_key": key.secret,
                "aws_session_token": key.session_token,
                "region_name": region,
            }])
        })
        .collect();
    let mut command = client(&aws, &keys::GOOD, "refusals.py");
    command.arg(Value::from(cases).to_string());
    let answers = said(command).await;
    assert_eq!(answers.len(), CASES.len());
    for (answer, (name, service, method, key, _, status, code)) in answers.iter().zip(CASES) {
        let got = (&answer["status"], &answer["code"]);
        assert_eq!(
            got,
            (&json!(status), &json!(code)),
            "{name}: {service} {method}"
        );
        if *status == 403 && *service == "ec2" {
            let text = answer["message"].as_str().unwrap_or_default();
            assert!(
                text.contains(key.arn) && text.contains("ec2:Describe"),
                "{text}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_aws_command_refuses_a_wrong_secret() {
    let aws = simulator().await;
    let url = aws.endpoint_url();
    let run = move |arguments: &[&str]| {
        let mut command = python::python();
        command
            .args(["-m", "awscli"])
            .args(arguments)
            .env("AWS_ENDPOINT_URL", &url)
            .env("AWS_ACCESS_KEY_ID", WRONG_SECRET.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", WRONG_SECRET.secret)
            .env("AWS_MAX_ATTEMPTS", "1");
        let output = command.output().expect("Python starts");
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let refusals = tokio::task::spawn_blocking(move || {
        [
            run(&["sts", "get-caller-identity"]),
            run(&["ec2", "describe-volumes"]),
        ]
    })
    .await
    .expect("both end");
    assert!(
        refusals[0].contains("SignatureDoesNotMatch"),
        "{}",
        refusals[0]
    );
    assert!(refusals[1].contains("AuthFailure"), "{}", refusals[1]);
}
