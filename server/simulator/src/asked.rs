//! What a request asks for, as far as it can be told before it is verified: for the faults that
//! are planned for it and for the log.

use serde_json::{Map, Value, json};

use crate::error::Service;
use crate::sts;

/// Instead of what nobody needs to read.
const HIDDEN: &str = "(not logged)";
/// Parameters that open something.
const SECRETS: [&str; 3] = ["ExternalId", "NextPageToken", "NextToken"];

/// Operation and parameters.
pub(crate) struct Asked {
    pub operation: String,
    /// Without secrets and page tokens.
    pub parameters: Option<Value>,
}

impl Asked {
    pub(crate) fn new(service: Option<Service>, target: &str, body: &[u8]) -> Self {
        if service == Some(Service::CostExplorer) {
            let mut parameters = serde_json::from_slice::<Value>(body).ok();
            if let Some(Value::Object(members)) = &mut parameters {
                hide(members);
            }
            return Self {
                operation: target.rsplit('.').next().unwrap_or_default().to_owned(),
                parameters,
            };
        }
        let parameters = sts::parameters(body);
        let operation = sts::parameter(&parameters, "Action").to_owned();
        let mut members: Map<String, Value> = parameters
            .into_iter()
            .map(|(name, value)| (name, json!(value)))
            .collect();
        hide(&mut members);
        Self {
            operation,
            parameters: Some(members.into()),
        }
    }
}

fn hide(members: &mut Map<String, Value>) {
    for name in SECRETS {
        if let Some(secret) = members.get_mut(name) {
            *secret = HIDDEN.into();
        }
    }
}
