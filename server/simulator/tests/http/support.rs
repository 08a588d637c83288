//! A small AWS client for tests: signs by its own code, written from AWS's description of
//! Signature Version 4 and sharing nothing with the verifier.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use simulator::keys::KeyPair;
use simulator::{Settings, Simulator};

/// A day in the middle of a month, for tests whose numbers don't depend on it.
pub const TODAY: &str = "2026-11-24";

pub async fn simulator(page_size: usize) -> Simulator {
    let today = Some(TODAY.parse().expect("a date"));
    simulator::start(Settings {
        today,
        page_size,
        ..Settings::default()
    })
    .await
    .expect("a free port")
}

/// One request before it is signed.
pub struct Call {
    pub service: &'static str,
    pub target: Option<String>,
    pub content_type: &'static str,
    pub body: String,
    pub id: String,
    pub secret: String,
    pub token: Option<String>,
    pub at: DateTime<Utc>,
    /// Sign the agent header too, as the AWS SDK for Rust does and Python's doesn't.
    pub like_rust: bool,
}

impl Call {
    pub fn costs(key: &KeyPair, body: &Value) -> Self {
        Self::explorer(key, "GetCostAndUsage", body)
    }

    pub fn explorer(key: &KeyPair, operation: &str, body: &Value) -> Self {
        Self {
            service: "ce",
            target: Some(format!("AWSInsightsIndexService.{operation}")),
            content_type: "application/x-amz-json-1.1",
            body: body.to_string(),
            ..Self::identity(key)
        }
    }

    pub fn identity(key: &KeyPair) -> Self {
        Self {
            service: "sts",
            target: None,
            content_type: "application/x-www-form-urlencoded",
            body: "Action=GetCallerIdentity&Version=2011-06-15".to_owned(),
            id: key.access_key_id.to_owned(),
            secret: key.secret.to_owned(),
            token: key.session_token.map(str::to_owned),
            at: Utc::now(),
            like_rust: true,
        }
    }

    /// Headers in alphabetical order, all of which are signed.
    fn headers(&self, host: &str) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("content-type", self.content_type.to_owned()),
            ("host", host.to_owned()),
        ];
        headers.push(("x-amz-date", self.at.format("%Y%m%dT%H%M%SZ").to_string()));
        headers.extend(
            self.token
                .clone()
                .map(|token| ("x-amz-security-token", token)),
        );
        headers.extend(self.target.clone().map(|target| ("x-amz-target", target)));
        if self.like_rust {
            headers.push(("x-amz-user-agent", "test/1.0   two  spaces".to_owned()));
        }
        headers
    }

    fn authorization(&self, headers: &[(&'static str, String)]) -> String {
        let names = headers
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(";");
        let mut canonical = String::from("POST\n/\n\n");
        for (name, value) in headers {
            let mut value = value.clone();
            while value.contains("  ") {
                value = value.replace("  ", " ");
            }
            canonical += &format!("{name}:{value}\n");
        }
        canonical += &format!("\n{names}\n{}", hex::encode(Sha256::digest(&self.body)));
        let (day, second) = (
            self.at.format("%Y%m%d").to_string(),
            self.at.format("%Y%m%dT%H%M%SZ"),
        );
        let scope = format!("{day}/us-east-1/{}/aws4_request", self.service);
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{second}\n{scope}\n{}",
            hex::encode(Sha256::digest(canonical))
        );
        let sign = |key: &[u8], text: &str| {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
            mac.update(text.as_bytes());
            mac.finalize().into_bytes()
        };
        let day_key = sign(format!("AWS4{}", self.secret).as_bytes(), &day);
        let service_key = sign(&sign(&day_key, "us-east-1"), self.service);
        let signature = hex::encode(sign(&sign(&service_key, "aws4_request"), &to_sign));
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.id
        )
    }

    /// Sends it with this `Authorization`, or with the right one.
    pub async fn try_send(
        &self,
        to: &Simulator,
        authorization: Option<&str>,
    ) -> reqwest::Result<Response> {
        let headers = self.headers(&to.addr().to_string());
        let right = self.authorization(&headers);
        let mut request = Client::new()
            .post(to.endpoint_url())
            .body(self.body.clone());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        match authorization.unwrap_or(&right) {
            "" => request.send().await,
            other => request.header("authorization", other).send().await,
        }
    }

    pub async fn send(&self, to: &Simulator) -> Answer {
        Answer::read(self.try_send(to, None).await.expect("an answer")).await
    }
}

/// An answer, read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub request_id: String,
    pub date: String,
    pub body: String,
}

impl Answer {
    pub async fn read(response: Response) -> Self {
        let header = |name: &str| {
            let value = response
                .headers()
                .get(name)
                .map(|value| value.to_str().expect("ASCII"));
            value.unwrap_or_default().to_owned()
        };
        Self {
            status: response.status().as_u16(),
            content_type: header("content-type"),
            request_id: header("x-amzn-requestid"),
            date: header("date"),
            body: response.text().await.expect("a whole body"),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Status, code and text of an error, of either protocol.
    pub fn error(&self) -> (u16, String, String) {
        let between = |tag: &str| {
            let (_, rest) = self
                .body
                .split_once(&format!("<{tag}>"))
                .unwrap_or_default();
            rest.split("</").next().unwrap_or_default().to_owned()
        };
        if self.content_type.starts_with("text/xml") {
            return (self.status, between("Code"), between("Message"));
        }
        let body = self.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        (
            self.status,
            text("__type"),
            text("message") + &text("Message"),
        )
    }
}

/// Three settled days by service.
pub fn by_service() -> Value {
    json!({
        "TimePeriod": {"Start": "2026-10-05", "End": "2026-10-08"},
        "Granularity": "DAILY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
    })
}

/// Asks one of the simulator's own pages.
pub async fn control(aws: &Simulator, method: &str, page: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/_simulator/{page}", aws.endpoint_url());
    let method = method.parse().expect("a method");
    let request = Client::new().request(method, url).body(body.to_string());
    let response = request.send().await.expect("an answer");
    (
        response.status().as_u16(),
        response.json().await.expect("JSON"),
    )
}

/// Drives what isn't going to end until something else has come about.
pub async fn until<T>(endless: impl Future<Output = T>, came: impl Fn() -> bool) {
    let came = async {
        while !came() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        _ = endless => panic!("it ended"),
        () = came => {}
    }
}
