//! Views that people have saved.

use async_trait::async_trait;

use crate::{
    Result,
    saved::{SavedId, SavedView},
    user::User,
};

/// Saved views, each person's own.
#[async_trait]
pub trait SavedViews: Send + Sync {
    /// The person's, by name.
    async fn list(&self, user: &User) -> Result<Vec<SavedView>>;

    /// Keeps the part of an Explorer's address after its `?` under a name; one of the same
    /// name is replaced.
    async fn save(&self, user: &User, name: &str, query: &str) -> Result<SavedView>;

    /// Deletes one.
    async fn delete(&self, user: &User, id: SavedId) -> Result<()>;

    /// Makes one the page that the person sees first, or none of them.
    async fn start_with(&self, user: &User, id: Option<SavedId>) -> Result<()>;

    /// The page that the person sees first, if it is one of these.
    async fn start(&self, user: &User) -> Result<Option<SavedView>>;
}
