//! Who is it? Free, and allowed to every key.

use std::sync::Arc;

use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityInput;
use domain::{account::AwsAccountId, ledger::Operation};

use super::{Asking, Engine, Gateway};
use crate::aws::{
    classify::Failure, error::AwsError, kind::Kind, priority::Priority, target::Target,
};

/// Who a key is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// The account it belongs to.
    pub account: AwsAccountId,
    /// The user or role.
    pub arn: String,
}

impl Gateway {
    /// Asks who a key is.
    ///
    /// # Errors
    /// When AWS doesn't say.
    pub async fn identity(
        &self,
        target: &Target,
        priority: Priority,
    ) -> Result<Identity, AwsError> {
        let asking = Asking::of(target, Operation::GetCallerIdentity, priority);
        ask(&self.engine, asking).await
    }
}

pub(super) async fn ask(engine: &Arc<Engine>, asking: Asking<'_>) -> Result<Identity, AwsError> {
    let input = GetCallerIdentityInput::builder();
    let answered = engine
        .ask(asking, input, |input, call| async move {
            input.send_with(&call.sts()).await
        })
        .await?;
    let (account, arn) = (answered.value.account(), answered.value.arn());
    match (account.and_then(|account| account.parse().ok()), arn) {
        (Some(account), Some(arn)) => Ok(Identity {
            account,
            arn: arn.to_owned(),
        }),
        _ => Err(AwsError::new(
            asking.operation,
            answered.attempts,
            Failure::of(Kind::Unreadable),
        )),
    }
}
