//! Views that people have saved. Nothing is found here without saying whose it is.

use chrono::{DateTime, Utc};
use domain::{
    saved::{SavedId, SavedView},
    user::UserId,
};

use super::{
    Result, StoreError,
    database::{Database, Row, moment, rows, run},
};

/// Saved views.
pub struct Saved<'a>(pub(super) &'a Database);

impl Saved<'_> {
    /// A person's, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, user: UserId) -> Result<Vec<SavedView>> {
        let mut views = rows(
            self.0.reads(),
            "SELECT id, name, query, is_start FROM saved_views WHERE user_id = $1",
            [user.to_string().into()],
        )
        .await?
        .iter()
        .map(view)
        .collect::<Result<Vec<_>>>()?;
        // Databases don't agree on the order of letters.
        views.sort_by(|one, other| {
            (one.name.to_lowercase().cmp(&other.name.to_lowercase()))
                .then_with(|| one.name.cmp(&other.name))
        });
        Ok(views)
    }

    /// Keeps a view; one of the same name gets its address.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the person is gone.
    pub async fn put(&self, user: UserId, view: &SavedView, at: DateTime<Utc>) -> Result<()> {
        run(
            self.0.writes(),
            "INSERT INTO saved_views (id, user_id, name, query, is_start, saved_at) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (user_id, name) DO UPDATE SET query = excluded.query, \
             saved_at = excluded.saved_at",
            [
                view.id.to_string().into(),
                user.to_string().into(),
                view.name.clone().into(),
                view.query.clone().into(),
                view.is_start.into(),
                moment(at),
            ],
        )
        .await?;
        Ok(())
    }

    /// Deletes a person's view; answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete(&self, user: UserId, id: SavedId) -> Result<bool> {
        let deleted = run(
            self.0.writes(),
            "DELETE FROM saved_views WHERE user_id = $1 AND id = $2",
            [user.to_string().into(), id.to_string().into()],
        )
        .await?;
        Ok(deleted > 0)
    }

    /// Makes one of a person's views the one that is seen first, or none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_with(&self, user: UserId, id: Option<SavedId>) -> Result<()> {
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        run(
            self.0.writes(),
            "UPDATE saved_views SET is_start = (id = $2) WHERE user_id = $1",
            [user.to_string().into(), id.into()],
        )
        .await?;
        Ok(())
    }
}

fn view(row: &Row) -> Result<SavedView> {
    let id: String = row.get("id")?;
    Ok(SavedView {
        id: id.parse().map_err(|_| StoreError::Unreadable("id"))?,
        name: row.get("name")?,
        query: row.get("query")?,
        is_start: row.get("is_start")?,
    })
}
