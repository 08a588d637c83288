//! A question that has no answer. All text is ours: nothing that AWS sent gets
//! in here, except its code and request id.

use std::{error::Error as StdError, sync::Arc};

use domain::{ledger::Operation, policy};

use super::{classify::Failure, kind::Kind};

/// A question that has no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{} failed after {attempts} attempts: {}", .operation.iam_action(), .kind.code().as_str())]
pub struct AwsError {
    /// What happened in the end.
    pub kind: Kind,
    /// What was asked.
    pub operation: Operation,
    /// Attempts that left the machine, over all pages. Each may have cost its price.
    pub attempts: u32,
    /// AWS's own name for it.
    pub aws_code: Option<String>,
    /// AWS's id of the last attempt, for support.
    pub request_id: Option<String>,
    #[source]
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl AwsError {
    pub(super) fn new(operation: Operation, attempts: u32, failure: Failure) -> Self {
        Self {
            kind: failure.kind,
            operation,
            attempts,
            aws_code: failure.aws_code,
            request_id: failure.request_id,
            source: failure.source,
        }
    }

    /// The same, for a question that had cost so many attempts before it came to this.
    pub(super) fn after(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// What a person may read.
    #[must_use]
    pub fn to_domain(&self) -> domain::Error {
        let (message, advice) = self.kind.words(self.operation.iam_action());
        let error = domain::Error::new(self.kind.code(), message, advice);
        match self.kind {
            Kind::Denied => error.with_policy(policy::for_one(self.operation)),
            _ => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_names_the_action_and_brings_the_policy() {
        let error =
            AwsError::new(Operation::GetCostAndUsage, 1, Failure::of(Kind::Denied)).to_domain();
        assert!(error.message.contains("ce:GetCostAndUsage"));
        let policy: serde_json::Value = serde_json::from_str(&error.policy.unwrap()).unwrap();
        assert_eq!(policy["Statement"][0]["Action"][0], "ce:GetCostAndUsage");
    }
}
