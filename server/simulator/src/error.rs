//! AWS's errors: one cause, told in each service's own code, status and body.

use serde_json::json;

/// The services that are simulated, as credential scopes name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    CostExplorer,
    Sts,
}

impl Service {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CostExplorer => "ce",
            Self::Sts => "sts",
        }
    }

    pub(crate) fn from_scope(scope: &str) -> Option<Self> {
        [Self::CostExplorer, Self::Sts]
            .into_iter()
            .find(|service| service.name() == scope)
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::CostExplorer => "application/x-amz-json-1.1",
            Self::Sts => "text/xml",
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
        };
        Self::new(Cause::Throttled, message)
    }

    /// The service's code and status for the cause.
    fn code(&self, service: Service) -> (&'static str, u16) {
        use Service::{CostExplorer, Sts};
        match (self.cause, service) {
            (Cause::MissingAuthentication, CostExplorer) => {
                ("MissingAuthenticationTokenException", 400)
            }
            (Cause::MissingAuthentication, Sts) => ("MissingAuthenticationToken", 403),
            (Cause::IncompleteSignature, CostExplorer) => ("IncompleteSignatureException", 400),
            (Cause::IncompleteSignature, Sts) => ("IncompleteSignature", 400),
            (Cause::UnknownKey, CostExplorer) => ("UnrecognizedClientException", 400),
            (Cause::UnknownKey, Sts) => ("InvalidClientTokenId", 403),
            (Cause::BadSignature, CostExplorer) => ("InvalidSignatureException", 400),
            (Cause::BadSignature, Sts) => ("SignatureDoesNotMatch", 403),
            (Cause::ExpiredToken, CostExplorer) => ("ExpiredTokenException", 400),
            (Cause::ExpiredToken, Sts) => ("ExpiredToken", 403),
            (Cause::AccessDenied, CostExplorer) => ("AccessDeniedException", 400),
            (Cause::AccessDenied, Sts) => ("AccessDenied", 403),
            (Cause::Throttled, CostExplorer) => ("LimitExceededException", 400),
            (Cause::Throttled, Sts) => ("Throttling", 400),
            (Cause::Validation, CostExplorer) => ("ValidationException", 400),
            (Cause::Validation, Sts) => ("ValidationError", 400),
            (Cause::UnknownOperation, CostExplorer) => ("UnknownOperationException", 400),
            (Cause::UnknownOperation, Sts) => ("InvalidAction", 400),
            (Cause::Other(code, status), _) => (code, status),
        }
    }

    pub(crate) fn reply(&self, service: Service, request_id: &str) -> Reply {
        let (code, status) = self.code(service);
        error_reply(service, status, code, &self.message, request_id)
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
