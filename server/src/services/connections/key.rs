//! Connections by an access key: the person's own, or the sample account's.

use std::sync::Arc;

use domain::{
    Result,
    account::{Connection, ConnectionKind},
    ports::NewKey,
    user::User,
};

use super::{
    ConnectionService,
    input::{TypedKey, checked_name, warnings},
    proof::{Candidate, Means},
};
use crate::{
    aws::Credentials,
    services::{access::taking_on, sample},
    store::connections::{StoredConnection, StoredRole},
};

impl ConnectionService {
    pub(super) async fn connect_key(
        &self,
        user: &User,
        name: &str,
        key: NewKey,
    ) -> Result<Connection> {
        let name = checked_name(name)?;
        let TypedKey { key, ends_at } = TypedKey::read(key, self.clock.now())?;
        let warnings = warnings(&key);
        let candidate = Candidate {
            name,
            kind: ConnectionKind::AccessKey,
            credentials: Credentials::Key(Arc::clone(&key)),
            means: Means {
                key: Some(key),
                key_ends_at: ends_at,
                role: None,
            },
            draft: None,
        };
        Ok(Connection {
            warnings,
            ..self.connect(user, candidate).await?
        })
    }

    pub(super) async fn connect_sample(&self, user: &User) -> Result<Connection> {
        let sample = self
            .offers
            .sample
            .as_ref()
            .ok_or_else(sample::switched_off)?;
        let key = Arc::new(sample.key());
        let candidate = Candidate {
            name: "Sample account".to_owned(),
            kind: ConnectionKind::Sample,
            credentials: Credentials::Key(Arc::clone(&key)),
            means: Means {
                key: Some(key),
                ..Means::default()
            },
            draft: None,
        };
        self.connect(user, candidate).await
    }

    /// Another key for a connection that has one of its own: of the same account,
    /// or one that takes the same role on.
    pub(super) async fn replace_own_key(
        &self,
        user: &User,
        stored: StoredConnection,
        key: NewKey,
    ) -> Result<Connection> {
        let TypedKey { key, ends_at } = TypedKey::read(key, self.clock.now())?;
        let warnings = warnings(&key);
        let own = Credentials::Key(Arc::clone(&key));
        let (credentials, role) = match &stored.role {
            None => (own, None),
            Some(role) => {
                let source = self.source_identity(user, own.clone()).await?;
                let credentials = taking_on(own, &role.arn, &role.external_id);
                let role = StoredRole {
                    source_arn: source.arn,
                    ..role.clone()
                };
                (credentials, Some(role))
            }
        };
        let means = Means {
            key: Some(key),
            key_ends_at: ends_at,
            role,
        };
        let replaced = self
            .replace(user, &stored, credentials, means, "access_key_id")
            .await;
        Ok(Connection {
            warnings,
            ..replaced?
        })
    }
}
