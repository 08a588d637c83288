//! Views that people have saved, each person's own.

use async_trait::async_trait;
use domain::{
    Error, Result,
    ports::SavedViews,
    saved::{self, SAVED_MAX, SavedId, SavedView},
    user::User,
};
use uuid::Uuid;

use super::{clock::Clock, internal};
use crate::store::Store;

/// Implements [`SavedViews`].
pub struct SavedViewService {
    store: Store,
    clock: Clock,
}

impl SavedViewService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }
}

#[async_trait]
impl SavedViews for SavedViewService {
    async fn list(&self, user: &User) -> Result<Vec<SavedView>> {
        let list = self.store.saved().list(user.id).await;
        list.map_err(|error| internal("reading saved views", &error))
    }

    async fn save(&self, user: &User, name: &str, query: &str) -> Result<SavedView> {
        let (name, query) = (saved::name(name)?, saved::query(query)?);
        let list = self.list(user).await?;
        let known = list.iter().find(|one| one.name == name);
        if known.is_none() && list.len() >= SAVED_MAX {
            return Err(Error::invalid(
                "name",
                format!("There are {SAVED_MAX} saved views, and no room for more."),
                "Delete one that you don't need.",
            ));
        }
        let view = SavedView {
            id: known.map_or_else(|| SavedId(Uuid::new_v4()), |known| known.id),
            name,
            query,
            is_start: known.is_some_and(|known| known.is_start),
        };
        let kept = self
            .store
            .saved()
            .put(user.id, &view, self.clock.now())
            .await;
        kept.map_err(|error| internal("keeping a view", &error))?;
        Ok(view)
    }

    async fn delete(&self, user: &User, id: SavedId) -> Result<()> {
        let deleted = self.store.saved().delete(user.id, id).await;
        match deleted.map_err(|error| internal("deleting a view", &error))? {
            true => Ok(()),
            false => Err(Error::not_found("saved view")),
        }
    }

    async fn start_with(&self, user: &User, id: Option<SavedId>) -> Result<()> {
        if let Some(id) = id
            && !self.list(user).await?.iter().any(|one| one.id == id)
        {
            return Err(Error::not_found("saved view"));
        }
        let set = self.store.saved().start_with(user.id, id).await;
        set.map_err(|error| internal("choosing a start page", &error))
    }

    async fn start(&self, user: &User) -> Result<Option<SavedView>> {
        let list = self.list(user).await?;
        Ok(list.into_iter().find(|one| one.is_start))
    }
}
