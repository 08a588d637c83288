//! EC2 in the query protocol.

use chrono::NaiveDate;

use crate::books::Books;
use crate::callers::Caller;
use crate::error::{AwsError, Cause, Reply};
use crate::sts::parameter;

/// What an answer depends on besides the parameters.
#[expect(dead_code, reason = "the operations that read them are not here yet")]
pub(crate) struct Context<'a> {
    pub caller: &'a Caller,
    pub books: &'a Books,
    pub today: NaiveDate,
    /// From the credential scope.
    pub region: &'a str,
    pub request_id: &'a str,
}

impl Context<'_> {
    /// Answers a verified request.
    pub(crate) fn answer(&self, parameters: &[(String, String)]) -> Result<Reply, AwsError> {
        let action = parameter(parameters, "Action");
        self.authorize(action)?;
        let text = format!("The action {action} is not valid for this web service.");
        Err(AwsError::new(Cause::UnknownOperation, text))
    }

    fn authorize(&self, action: &str) -> Result<(), AwsError> {
        let action = format!("ec2:{action}");
        self.caller.grant.refusal(&action).map_or(Ok(()), |reason| {
            let text = format!(
                "You are not authorized to perform this operation. User: {} is not authorized to perform: {action} {reason}",
                self.caller.arn
            );
            Err(AwsError::new(Cause::AccessDenied, text))
        })
    }
}
