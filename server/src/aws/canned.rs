//! For tests: AWS's answers from text, through the whole SDK but without a socket.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use aws_sdk_costexplorer::config::{
    SharedHttpClient,
    http::{HttpRequest, HttpResponse},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, Utc};
use futures::executor::block_on;
use http_body::Body;
use secrecy::SecretString;

use super::{
    client::{Call, Clients, Endpoint},
    key::AwsKey,
    lane::Pace,
    priority::Priority,
    throttle::Throttle,
    timer::{Timer, TokioTimer},
};

/// What comes back for one request.
#[derive(Clone, Debug)]
pub enum Canned {
    /// A status, a body, and the `Date` header if any.
    Answer {
        status: u16,
        body: String,
        date: Option<String>,
    },
    /// The connection fails with an error that reads like this.
    Broken(&'static str),
}

impl Canned {
    pub fn ok(body: impl Into<String>) -> Self {
        Self::Answer {
            status: 200,
            body: body.into(),
            date: None,
        }
    }

    pub fn error(status: u16, body: impl Into<String>) -> Self {
        Self::Answer {
            status,
            body: body.into(),
            date: None,
        }
    }

    /// An error in Cost Explorer's manner.
    pub fn cost_explorer(status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({ "__type": code, "message": message });
        Self::error(status, body.to_string())
    }

    /// An error in STS's manner.
    pub fn sts(status: u16, code: &str, message: &str) -> Self {
        Self::error(
            status,
            format!(
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
                 <Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
                 <RequestId>canned-2</RequestId></ErrorResponse>"
            ),
        )
    }
}

impl Canned {
    /// An error in EC2's manner.
    pub fn ec2(status: u16, code: &str, message: &str) -> Self {
        Self::error(
            status,
            format!(
                "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>\
                 </Errors><RequestID>canned-3</RequestID></Response>"
            ),
        )
    }

    /// STS's answer to who a key is.
    pub fn identity() -> Self {
        Self::ok(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
             <GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ann</Arn>\
             <Account>111122223333</Account></GetCallerIdentityResult>\
             </GetCallerIdentityResponse>",
        )
    }

    /// STS's answer with a session for a role.
    pub fn session(access_key_id: &str, until: DateTime<Utc>) -> Self {
        let until = until.format("%Y-%m-%dT%H:%M:%SZ");
        Self::ok(format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
             <AssumeRoleResult><Credentials><AccessKeyId>{access_key_id}</AccessKeyId>\
             <SecretAccessKey>session secret</SecretAccessKey>\
             <SessionToken>session token</SessionToken><Expiration>{until}</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ))
    }
}

/// Gives the answers in order, and keeps the requests' bodies.
#[derive(Clone, Debug, Default)]
pub struct Can {
    answers: Arc<Mutex<VecDeque<Canned>>>,
    bodies: Arc<Mutex<Vec<(Instant, String)>>>,
    signers: Arc<Mutex<Vec<String>>>,
    /// How long the first connection takes to come about.
    first_connection: Duration,
}

impl Can {
    pub fn of(answers: impl IntoIterator<Item = Canned>) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            ..Self::default()
        }
    }

    pub fn clients(&self) -> Clients {
        let connector = SharedHttpConnector::new(self.clone());
        let http: SharedHttpClient = http_client_fn(move |_, _| connector.clone());
        Clients::over(http)
    }

    /// One attempt that these answers meet.
    pub fn call(&self) -> Call {
        let pace = Pace {
            per_second: 5,
            queue_limit: 1,
        };
        let timer = Arc::new(TokioTimer);
        let soon = timer.now() + Duration::from_secs(60);
        let throttle = Throttle::new(pace, timer);
        // The first in line never waits.
        let permit = block_on(throttle.permit("canned", Priority::Person, soon)).unwrap();
        Call {
            clients: Arc::new(self.clients()),
            key: Arc::new(key()),
            endpoint: Endpoint::Aws,
            region: None,
            permit: Arc::new(permit),
        }
    }

    pub fn with_slow_first_connection(self, first_connection: Duration) -> Self {
        Self {
            first_connection,
            ..self
        }
    }

    /// The bodies of the requests so far.
    pub fn bodies(&self) -> Vec<String> {
        self.bodies
            .lock()
            .unwrap()
            .iter()
            .map(|(_, body)| body.clone())
            .collect()
    }

    /// The access key ids that signed them.
    pub fn signers(&self) -> Vec<String> {
        self.signers.lock().unwrap().clone()
    }

    /// When they went onto the wire.
    pub fn departures(&self) -> Vec<Instant> {
        self.bodies
            .lock()
            .unwrap()
            .iter()
            .map(|(at, _)| *at)
            .collect()
    }

    fn answer(&self, mut request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let authorization = request.headers().get("authorization").unwrap_or_default();
        let signer = authorization.split(['=', '/']).nth(1).unwrap_or_default();
        self.signers.lock().unwrap().push(signer.to_owned());
        let body = String::from_utf8(read(request.body_mut())).unwrap();
        self.bodies.lock().unwrap().push((Instant::now(), body));
        match self.answers.lock().unwrap().pop_front() {
            Some(Canned::Answer { status, body, date }) => {
                let mut response = HttpResponse::new(status.try_into().unwrap(), body.into());
                response
                    .headers_mut()
                    .insert("x-amzn-requestid", "canned-1");
                if let Some(date) = date {
                    response.headers_mut().insert("date", date);
                }
                Ok(response)
            }
            Some(Canned::Broken(text)) => Err(ConnectorError::io(text.into())),
            None => panic!("one request too many"),
        }
    }
}

impl HttpConnector for Can {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let can = self.clone();
        HttpConnectorFuture::new(async move {
            if !can.first_connection.is_zero() && can.bodies.lock().unwrap().is_empty() {
                tokio::time::sleep(can.first_connection).await;
            }
            can.answer(request)
        })
    }
}

/// A key that no AWS knows.
pub fn key() -> AwsKey {
    AwsKey {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret: SecretString::from("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        session_token: None,
    }
}

/// The whole body, as the connection would ask for it.
fn read(body: &mut SdkBody) -> Vec<u8> {
    let mut all = Vec::new();
    let mut context = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(frame)) = Pin::new(&mut *body).poll_frame(&mut context) {
        all.extend_from_slice(frame.unwrap().data_ref().unwrap());
    }
    all
}
