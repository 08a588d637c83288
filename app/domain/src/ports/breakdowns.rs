//! Costs by anything, and asking AWS for what isn't kept by itself.

use async_trait::async_trait;

use crate::{
    Result, account::ConnectionId, breakdown::Breakdown, cube::Question, focus::Charge,
    job::SyncState, period::Period, user::User, wish::Wish,
};

/// Costs by anything.
#[async_trait]
pub trait Breakdowns: Send + Sync {
    /// What the store knows of it, or what AWS would have to be asked, with the price.
    /// Never calls AWS. Of one connection, or of all that the person has.
    async fn breakdown(
        &self,
        user: &User,
        of: Option<ConnectionId>,
        wish: Wish,
    ) -> Result<Breakdown>;

    /// Every charge of the wished period, by day, service and kind. Never calls AWS.
    async fn charges(
        &self,
        user: &User,
        id: ConnectionId,
        wish: &Wish,
    ) -> Result<(Period, Vec<Charge>)>;

    /// Has AWS asked: at once, or next, where something else is being asked. Where the cap
    /// doesn't cover it, only with `beyond_cap`: the word of a person who has seen the price.
    async fn ask(
        &self,
        user: &User,
        id: ConnectionId,
        question: &Question,
        beyond_cap: bool,
    ) -> Result<SyncState>;

    /// Deletes all that is stored of a question that somebody asked.
    async fn forget(&self, user: &User, id: ConnectionId, question: &Question) -> Result<()>;
}
