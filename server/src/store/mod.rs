//! The database: one repository for each noun, and the only place that knows
//! SeaORM. Takes and gives the domain's words; decides nothing about them.
//!
//! Every statement is one text that runs on SQLite and PostgreSQL alike, which
//! is also how it is tested.

use crate::store::{
    anomalies::Anomalies, caps::Caps, commitments::Commitments, connections::Connections,
    costs::Costs, database::Database, doctor::Doctor, drafts::Drafts, findings::Findings,
    forecasts::Forecasts, guards::Guards, inventory::Inventory, jobs::Jobs, ledger::Ledger,
    meta::Meta, saved::Saved, sessions::Sessions, users::Users,
};

pub mod anomalies;
pub mod caps;
pub mod commitments;
pub mod connections;
pub mod costs;
mod database;
pub mod doctor;
pub mod drafts;
pub mod error;
pub mod findings;
pub mod forecasts;
pub mod guards;
pub mod inventory;
pub mod jobs;
pub mod ledger;
pub mod meta;
pub mod saved;
pub mod sessions;
pub mod url;
pub mod users;

pub use error::StoreError;
pub use url::DatabaseUrl;

/// What the store's operations answer with.
type Result<T> = std::result::Result<T, StoreError>;

/// The open database. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Connects and brings the schema up to date. Makes the file and its folder
    /// where SQLite has none yet, readable by their owner alone.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer version has written the database,
    /// else when it can't be reached or brought up to date.
    pub async fn open(url: &DatabaseUrl) -> Result<Self> {
        let database = Database::open(url).await?;
        database.migrate().await?;
        Ok(Self { database })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it doesn't.
    pub async fn ping(&self) -> Result<()> {
        self.database.ping().await
    }

    /// Differs after anything was written, by whatever process; `None` where the database
    /// can't tell. Costs next to nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn version(&self) -> Result<Option<String>> {
        self.database.version().await
    }

    /// Waits for what is under way and lets the database go.
    ///
    /// # Errors
    /// When the database can't be closed in order.
    pub async fn close(&self) -> Result<()> {
        self.database.close().await
    }

    /// Accounts.
    #[must_use]
    pub fn users(&self) -> Users<'_> {
        Users(&self.database)
    }

    /// Who is signed in.
    #[must_use]
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(&self.database)
    }

    /// Failed sign-ins.
    #[must_use]
    pub fn guards(&self) -> Guards<'_> {
        Guards(&self.database)
    }

    /// Connections to AWS accounts.
    #[must_use]
    pub fn connections(&self) -> Connections<'_> {
        Connections(&self.database)
    }

    /// Roles that are not finished.
    #[must_use]
    pub fn drafts(&self) -> Drafts<'_> {
        Drafts(&self.database)
    }

    /// Costs by day.
    #[must_use]
    pub fn costs(&self) -> Costs<'_> {
        Costs(&self.database)
    }

    /// Forecasts, today's and those that can be compared with what came.
    #[must_use]
    pub fn forecasts(&self) -> Forecasts<'_> {
        Forecasts(&self.database)
    }

    /// Unusual costs: what was said of them.
    #[must_use]
    pub fn anomalies(&self) -> Anomalies<'_> {
        Anomalies(&self.database)
    }

    /// Reservations and Savings Plans.
    #[must_use]
    pub fn commitments(&self) -> Commitments<'_> {
        Commitments(&self.database)
    }

    /// What could be saved.
    #[must_use]
    pub fn findings(&self) -> Findings<'_> {
        Findings(&self.database)
    }

    /// What there is in EC2.
    #[must_use]
    pub fn inventory(&self) -> Inventory<'_> {
        Inventory(&self.database)
    }

    /// Work that gets costs.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(&self.database)
    }

    /// Every AWS request made.
    #[must_use]
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger(&self.database)
    }

    /// What may be spent on requests.
    #[must_use]
    pub fn caps(&self) -> Caps<'_> {
        Caps(&self.database)
    }

    /// What is known about what keys may do.
    #[must_use]
    pub fn doctor(&self) -> Doctor<'_> {
        Doctor(&self.database)
    }

    /// Views that people have saved.
    #[must_use]
    pub fn saved(&self) -> Saved<'_> {
        Saved(&self.database)
    }

    /// Facts about this database itself.
    #[must_use]
    pub fn meta(&self) -> Meta<'_> {
        Meta(&self.database)
    }
}
