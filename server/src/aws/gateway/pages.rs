//! Answers of several pages: read to the end, whole or not at all.

use std::future::Future;

use domain::ledger::{AwsService, Operation};

use super::Asking;
use crate::aws::{
    classify::Failure,
    convert::{ConvertError, Gather},
    error::AwsError,
    kind::Kind,
    retry::Answered,
};

/// More pages than any answer has: AWS would be sending us in circles.
const MANY_PAGES: u32 = 2_000;
/// How often a question is begun again when its answer changed under our hands.
const RESTARTS: u32 = 1;

/// A whole answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked<T> {
    /// What AWS says.
    pub value: T,
    /// Attempts that left the machine, over all pages.
    pub requests: u32,
}

impl<T> Asked<T> {
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Asked<U> {
        Asked {
            value: change(self.value),
            requests: self.requests,
        }
    }
}

/// Asks for page after page, `ask` being handed the token of each, until there is none.
/// Nothing is returned until every page has come.
pub(super) async fn gather<G, A, Fut>(
    asking: Asking<'_>,
    begin: impl Fn() -> G,
    ask: A,
) -> Result<Asked<G::Whole>, AwsError>
where
    G: Gather,
    A: Fn(Option<String>) -> Fut,
    Fut: Future<Output = Result<Answered<G::Page>, AwsError>>,
{
    let operation = asking.operation;
    let mut requests = 0;
    let mut restarts = 0;
    loop {
        let whole = read(operation, begin(), &ask, &mut requests).await;
        match whole {
            Ok(value) => return Ok(Asked { value, requests }),
            Err(error) if error.kind == Kind::AnswerChanged && restarts < RESTARTS => {
                restarts += 1;
            }
            Err(mut error) => {
                error.attempts = requests;
                return Err(error);
            }
        }
    }
}

async fn read<G, A, Fut>(
    operation: Operation,
    mut pages: G,
    ask: &A,
    requests: &mut u32,
) -> Result<G::Whole, AwsError>
where
    G: Gather,
    A: Fn(Option<String>) -> Fut,
    Fut: Future<Output = Result<Answered<G::Page>, AwsError>>,
{
    let unusable = |error| unusable(operation, error);
    let mut token: Option<String> = None;
    for _ in 0..MANY_PAGES {
        let answered = ask(token.clone()).await;
        *requests += match &answered {
            Ok(answered) => answered.attempts,
            Err(error) => error.attempts,
        };
        // A page may be empty and not the last: only the token tells.
        let next = pages.add(answered?.value).map_err(unusable)?;
        match next.filter(|token| !token.is_empty()) {
            None => return pages.finish().map_err(unusable),
            same if same == token => break,
            next => token = next,
        }
    }
    Err(AwsError::new(operation, 0, Failure::of(Kind::Unreadable)))
}

/// What a question has come to whose answer can't be used, or that can't be put.
pub(super) fn unusable(operation: Operation, error: ConvertError) -> AwsError {
    let kind = match (&error, operation.service()) {
        (ConvertError::NoData, _) => Kind::NoData,
        (ConvertError::EmptyFilter, _) => Kind::Refused,
        // Something changed while its region was read; asking again is free.
        (ConvertError::Repeated(_), AwsService::Ec2) => Kind::AnswerChanged,
        _ => Kind::Unreadable,
    };
    AwsError::new(operation, 0, Failure::caused(kind, error))
}
