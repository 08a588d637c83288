//! Connections by a role: a draft is kept while the person makes the role at
//! AWS, with the ExternalId that the role's trust policy must demand.

use async_trait::async_trait;
use domain::{
    Error, Result,
    account::{Connection, ConnectionId, ConnectionKind, key_hint},
    draft::{DraftId, RoleDraft},
    expiry::KeyEnd,
    ports::{NewSource, Roles},
    role::{ExternalId, Principal, RoleSource},
    user::User,
    ways::{RoleKey, ServerEnvironment, Ways},
};
use uuid::Uuid;

use super::{
    ConnectionService,
    input::checked_name,
    proof::{Candidate, Means},
    refusals::{checked_arn, no_draft, too_many_drafts},
};
use crate::{
    services::{access::taking_on, internal, keys::KeyPlace, own},
    store::{StoreError, connections::StoredRole, drafts::StoredDraft},
};

/// Longer than any role's ARN: what doesn't fit isn't one, and isn't kept.
const TYPED_ARN_MAX: usize = 2_100;

#[async_trait]
impl Roles for ConnectionService {
    async fn ways(&self, user: &User) -> Result<Ways> {
        let stored = self.store.connections().list(user.id).await;
        let stored = stored.map_err(|error| internal("listing connections", &error))?;
        let sources = stored
            .into_iter()
            .filter(|one| one.kind == ConnectionKind::AccessKey);
        let drafts = self.store.drafts().list(user.id).await;
        let mut views = Vec::new();
        for draft in drafts.map_err(|error| internal("listing unfinished roles", &error))? {
            views.push(self.draft_view(user, draft).await?);
        }
        let environment = self.may_use_environment(user).then(|| ServerEnvironment {
            identity: self.known_environment().clone(),
        });
        Ok(Ways {
            sample_account: self.offers.sample.is_some(),
            environment,
            sources: sources
                .map(|one| RoleKey {
                    connection: one.id,
                    name: one.name,
                    arn: one.arn,
                })
                .collect(),
            drafts: views,
        })
    }

    async fn begin(&self, user: &User, name: &str, source: NewSource) -> Result<RoleDraft> {
        let name = checked_name(name)?;
        let source = self.new_source(user, source).await?;
        // Whom no role can trust is refused before anything is kept.
        Principal::of(&source.identity.arn)?;
        let id = DraftId(Uuid::new_v4());
        let now = self.clock.now();
        let (key, ends_at) = match &source.key {
            None => (None, None),
            Some(typed) => (Some(&*typed.key), typed.ends_at),
        };
        let sealed = key
            .map(|key| self.keys.seal(KeyPlace::Draft(user.id, id), key))
            .transpose()?;
        let new = StoredDraft {
            id,
            user: user.id,
            name,
            // 122 random bits.
            external_id: ExternalId::from_random(Uuid::new_v4().as_u128()),
            source: source.source,
            source_arn: source.identity.arn,
            source_account: source.identity.account,
            key_hint: key.map_or_else(String::new, |key| key_hint(&key.access_key_id)),
            key: sealed,
            key_ends_at: ends_at,
            role_arn: String::new(),
            created_at: now,
            updated_at: now,
        };
        match self.store.drafts().insert(&new).await {
            Ok(true) => self.draft_view(user, new).await,
            Ok(false) => Err(too_many_drafts()),
            Err(StoreError::OwnerGone) => Err(Error::not_found("connection")),
            Err(error) => Err(internal("storing an unfinished role", &error)),
        }
    }

    async fn draft(&self, user: &User, id: DraftId) -> Result<RoleDraft> {
        let stored = self.stored_draft(user, id).await?;
        self.draft_view(user, stored).await
    }

    async fn finish(&self, user: &User, id: DraftId, role_arn: &str) -> Result<Connection> {
        let draft = self.stored_draft(user, id).await?;
        let typed: String = role_arn.trim().chars().take(TYPED_ARN_MAX).collect();
        let kept = self.store.drafts();
        kept.set_role_arn(user.id, id, &typed, self.clock.now())
            .await
            .map_err(|error| internal("keeping a role's ARN", &error))?;
        let arn = checked_arn(role_arn, &draft.source_arn)?;
        // Costs nothing, not even a free question.
        if let Some(account) = arn.account() {
            self.refuse_second(user, &account).await?;
        }
        let key = match draft.source {
            RoleSource::OwnKey => Some(self.draft_key(&draft)?),
            RoleSource::Connection(_) | RoleSource::Environment => None,
        };
        let source = self
            .source_credentials(user, draft.source, key.clone())
            .await?;
        let candidate = Candidate {
            name: draft.name,
            kind: ConnectionKind::Role,
            credentials: taking_on(source.clone(), &arn, &draft.external_id),
            means: Means {
                key,
                key_ends_at: draft.key_ends_at,
                role: Some(StoredRole {
                    arn: arn.clone(),
                    external_id: draft.external_id,
                    source: draft.source,
                    source_arn: draft.source_arn,
                }),
            },
            draft: Some(id),
        };
        let connection = self.connect(user, candidate).await?;
        Ok(Connection {
            warnings: self.role_warnings(user, source, &arn).await?,
            ..connection
        })
    }

    async fn discard(&self, user: &User, id: DraftId) -> Result<()> {
        let deleted = self.store.drafts().delete(user.id, id).await;
        if deleted.map_err(|error| internal("deleting an unfinished role", &error))? {
            Ok(())
        } else {
            Err(no_draft())
        }
    }

    async fn replace_role(
        &self,
        user: &User,
        id: ConnectionId,
        role_arn: &str,
    ) -> Result<Connection> {
        let stored = own(&self.store, user.id, id).await?;
        let Some(role) = stored.role.clone() else {
            return Err(Error::not_found("connection"));
        };
        let arn = checked_arn(role_arn, &role.source_arn)?;
        let key = match role.source {
            RoleSource::OwnKey => Some(self.access.own_key(&stored)?),
            RoleSource::Connection(_) | RoleSource::Environment => None,
        };
        let source = self
            .source_credentials(user, role.source, key.clone())
            .await?;
        let credentials = taking_on(source.clone(), &arn, &role.external_id);
        let means = Means {
            key,
            key_ends_at: stored.key_ends_at,
            role: Some(StoredRole {
                arn: arn.clone(),
                ..role
            }),
        };
        let replaced = self
            .replace(user, &stored, credentials, means, "role_arn")
            .await?;
        Ok(Connection {
            warnings: self.role_warnings(user, source, &arn).await?,
            ..replaced
        })
    }
}

impl ConnectionService {
    async fn stored_draft(&self, user: &User, id: DraftId) -> Result<StoredDraft> {
        let found = self.store.drafts().get(user.id, id).await;
        found
            .map_err(|error| internal("finding an unfinished role", &error))?
            .ok_or_else(no_draft)
    }

    async fn draft_view(&self, user: &User, draft: StoredDraft) -> Result<RoleDraft> {
        let source = match draft.source {
            RoleSource::Connection(id) => Some(own(&self.store, user.id, id).await?),
            RoleSource::OwnKey | RoleSource::Environment => None,
        };
        let ends_at = source
            .as_ref()
            .map_or(draft.key_ends_at, |source| source.key_ends_at);
        Ok(RoleDraft {
            id: draft.id,
            name: draft.name,
            external_id: draft.external_id,
            source: draft.source,
            source_name: source.map(|source| source.name),
            source_arn: draft.source_arn,
            source_account: draft.source_account,
            key_end: ends_at.map(|at| KeyEnd::new(at, self.clock.now())),
            role_arn: draft.role_arn,
            created_at: draft.created_at,
        })
    }
}
