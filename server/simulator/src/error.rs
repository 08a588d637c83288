//! AWS's errors: one cause, told in each service's own code, status and body.

use serde_json::json;

/// The services that are simulated, as credential scopes name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    CostExplorer,
    Sts,
    Ec2,
}

impl Service {
    pub(crate) const ALL: [Self; 3] = [Self::CostExplorer, Self::Sts, Self::Ec2];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CostExplorer => "ce",
            Self::Sts => "sts",
            Self::Ec2 => "ec2",
        }
    }

    pub(crate) fn from_scope(scope: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|service| service.name() == scope)
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::CostExplorer => "application/x-amz-json-1.1",
            Self::Sts => "text/xml",
            Self::Ec2 => "text/xml;charset=UTF-8",
        }
    }
}

/// Why AWS refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    MissingAuthentication,
    IncompleteSignature,
    UnknownKey,
    BadSignature,
    /// Signed too long ago, or by a clock that runs ahead.
    Stale,
    ExpiredToken,
    AccessDenied,
    Throttled,
    Validation,
    UnknownOperation,
    /// Any other code with its status.
    Other(&'static str, u16),
}

/// A refusal: its cause and AWS's text.
#[derive(Debug)]
pub(crate) struct AwsError {
    pub cause: Cause,
    pub message: String,
}

impl AwsError {
    pub(crate) fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self {
            cause,
            message: message.into(),
        }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(Cause::Validation, message)
    }

    pub(crate) fn throttled(service: Service) -> Self {
        let message = match service {
            Service::CostExplorer => "Rate limit exceeded",
            Service::Sts => "Rate exceeded",
            Service::Ec2 => "Request limit exceeded.",
        };
        Self::new(Cause::Throttled, message)
    }

    /// Something failed inside, which no request is to blame for.
    pub(crate) fn internal() -> Self {
        Self::new(Cause::Other("InternalFailure", 500), "")
    }

    /// The service's code and status for the cause.
    fn code(&self, service: Service) -> (&'static str, u16) {
        let [explorer, sts, ec2] = match self.cause {
            Cause::MissingAuthentication => [
                ("MissingAuthenticationTokenException", 400),
                ("MissingAuthenticationToken", 403),
                ("MissingAuthenticationToken", 403),
            ],
            Cause::IncompleteSignature => [
                ("IncompleteSignatureException", 400),
                ("IncompleteSignature", 400),
                ("IncompleteSignature", 400),
            ],
            Cause::UnknownKey => [
                ("UnrecognizedClientException", 400),
                ("InvalidClientTokenId", 403),
                ("AuthFailure", 401),
            ],
            Cause::BadSignature => [
                ("InvalidSignatureException", 400),
                ("SignatureDoesNotMatch", 403),
                ("AuthFailure", 401),
            ],
            Cause::Stale => [
                ("InvalidSignatureException", 400),
                ("SignatureDoesNotMatch", 403),
                ("RequestExpired", 400),
            ],
            Cause::ExpiredToken => [
                ("ExpiredTokenException", 400),
                ("ExpiredToken", 403),
                ("RequestExpired", 400),
            ],
            Cause::AccessDenied => [
                ("AccessDeniedException", 400),
                ("AccessDenied", 403),
                ("UnauthorizedOperation", 403),
            ],
            Cause::Throttled => [
                ("LimitExceededException", 400),
                ("Throttling", 400),
                ("RequestLimitExceeded", 503),
            ],
            Cause::Validation => [
                ("ValidationException", 400),
                ("ValidationError", 400),
                ("InvalidParameterValue", 400),
            ],
            Cause::UnknownOperation => [
                ("UnknownOperationException", 400),
                ("InvalidAction", 400),
                ("InvalidAction", 400),
            ],
            Cause::Other(code, status) => return (code, status),
        };
        match service {
            Service::CostExplorer => explorer,
            Service::Sts => sts,
            Service::Ec2 => ec2,
        }
    }

    /// The text. EC2 says less about credentials than the other services do.
    fn text(&self, service: Service) -> &str {
        match (service, self.cause) {
            (Service::Ec2, Cause::UnknownKey | Cause::BadSignature) => {
                "AWS was not able to validate the provided access credentials"
            }
            (Service::Ec2, Cause::ExpiredToken | Cause::Stale) => "Request has expired.",
            _ => &self.message,
        }
    }

    pub(crate) fn reply(&self, service: Service, request_id: &str) -> Reply {
        let (code, status) = self.code(service);
        error_reply(service, status, code, self.text(service), request_id)
    }
}

/// An error of any code in the service's shape.
pub(crate) fn error_reply(
    service: Service,
    status: u16,
    code: &str,
    message: &str,
    request_id: &str,
) -> Reply {
    let body = match service {
        // Validation comes from the service itself, with a small m; the rest with a capital.
        Service::CostExplorer if code == "ValidationException" => {
            json!({"__type": code, "message": message}).to_string()
        }
        Service::CostExplorer => json!({"__type": code, "Message": message}).to_string(),
        Service::Sts => format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    \
             <Type>{}</Type>\n    <Code>{}</Code>\n    <Message>{}</Message>\n  </Error>\n  \
             <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n",
            if status < 500 { "Sender" } else { "Receiver" },
            escaped(code),
            escaped(message),
        ),
        Service::Ec2 => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{}</Code>\
             <Message>{}</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>",
            escaped(code),
            escaped(message),
        ),
    };
    Reply {
        status,
        code: Some(code.to_owned()),
        content_type: service.content_type(),
        body,
    }
}

/// An answer before it meets the network.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    /// AWS's error code; `None` for success.
    pub code: Option<String>,
    pub content_type: &'static str,
    pub body: String,
}

impl Reply {
    pub(crate) fn ok(service: Service, body: String) -> Self {
        Self {
            status: 200,
            code: None,
            content_type: service.content_type(),
            body,
        }
    }
}

/// Text between XML tags.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
