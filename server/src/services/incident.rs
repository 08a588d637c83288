//! Faults of ours: logged once with their whole chain, shown as a number.

use std::error::Error as StdError;

use crate::store::StoreError;

use uuid::Uuid;

/// Logs what happened, and gives the person a number to find it by.
pub fn internal(doing: &str, error: &(dyn StdError + 'static)) -> domain::Error {
    let incident = Uuid::new_v4().simple().to_string()[..12].to_owned();
    let mut chain = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        chain.push(error.to_string());
        cause = error.source();
    }
    tracing::error!(%incident, doing, error = chain.join(": "), "internal error");
    domain::Error::internal(incident)
}

/// What a person is told when the store couldn't do something to their connection: one that
/// was deleted meanwhile is as absent as none.
pub fn gone(doing: &'static str) -> impl Fn(StoreError) -> domain::Error {
    move |error| match error {
        StoreError::OwnerGone => domain::Error::not_found("connection"),
        error => internal(doing, &error),
    }
}
