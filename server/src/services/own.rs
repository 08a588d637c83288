//! The one place that decides whose connection it is.

use domain::{Error, Result, account::ConnectionId, user::UserId};

use super::internal;
use crate::store::{Store, connections::StoredConnection};

/// A person's own connection. Somebody else's is as absent as none.
///
/// # Errors
/// When the person has no such connection, or the store fails.
pub(crate) async fn own(store: &Store, user: UserId, id: ConnectionId) -> Result<StoredConnection> {
    let found = store.connections().get(user, id).await;
    found
        .map_err(|error| internal("finding a connection", &error))?
        .ok_or_else(|| Error::not_found("connection"))
}
