//! Services that know one session and nothing else, for testing what is in front of them.

use std::sync::{Arc, Mutex};

use app::context::{PublicSettings, Services};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::{
    Error, Result,
    account::{Connection, ConnectionId},
    bill::Bill,
    breakdown::Breakdown,
    committed::{Committed, Targets},
    cube::Question,
    detector::Sensitivity,
    doctor::Examination,
    draft::{DraftId, RoleDraft},
    expected::Forecast,
    findings::{Finding, FindingId, FindingState, FindingWish, Findings, Thresholds},
    focus::Charge,
    inventory::{InventoryPage, InventoryWish, Scan},
    job::{Cadence, SyncState},
    ledger::Operation,
    look::Look,
    marked::Marked,
    metric::Metric,
    period::Period,
    ports::{
        Anomalies, Bills, Breakdowns, Caller, Commitments, Connections, Costs, Doctor, Environment,
        Inventories, Jobs, NewKey, NewSource, People, Roles, SavedViews, Savings, SessionToken,
        Spending,
    },
    report::{Overview, Together},
    saved::{SavedId, SavedView},
    spending::{Cap, SpendingReport},
    unusual::{EventId, Mark, Unusual},
    user::User,
    ways::{AwsIdentity, Ways},
    wish::Wish,
};
use secrecy::SecretString;

/// Remembers who tried to sign in from where.
#[derive(Default)]
pub struct Fake {
    /// Each attempt's address.
    pub callers: Mutex<Vec<Caller>>,
}

/// The fake behind all ports.
pub fn services(fake: &Arc<Fake>) -> Services {
    Services {
        people: fake.clone(),
        connections: fake.clone(),
        roles: fake.clone(),
        environment: fake.clone(),
        costs: fake.clone(),
        jobs: fake.clone(),
        spending: fake.clone(),
        doctor: fake.clone(),
        bills: fake.clone(),
        breakdowns: fake.clone(),
        saved: fake.clone(),
        anomalies: fake.clone(),
        commitments: fake.clone(),
        inventory: fake.clone(),
        savings: fake.clone(),
        settings: Arc::new(PublicSettings {
            sample_account: true,
            secure_cookies: false,
            assets: super::pages::assets(),
            version: "0.0.0".to_owned(),
        }),
    }
}

#[async_trait]
impl People for Fake {
    async fn needs_setup(&self) -> Result<bool> {
        Ok(false)
    }

    async fn set_up(&self, _: &str, _: SecretString, _: Caller) -> Result<SessionToken> {
        Err(Error::not_found("account"))
    }

    async fn sign_in(&self, _: &str, _: SecretString, caller: Caller) -> Result<SessionToken> {
        self.callers.lock().unwrap().push(caller);
        Ok(SecretString::from("fresh-session"))
    }

    async fn who(&self, _: &SessionToken) -> Result<Option<User>> {
        Ok(None)
    }

    async fn sign_out(&self, _: &SessionToken) -> Result<()> {
        Ok(())
    }

    async fn change_password(
        &self,
        _: &User,
        _: SecretString,
        _: SecretString,
        _: Caller,
    ) -> Result<SessionToken> {
        Err(Error::not_signed_in())
    }
}

#[async_trait]
impl Connections for Fake {
    async fn list(&self, _: &User) -> Result<Vec<Connection>> {
        Ok(Vec::new())
    }

    async fn get(&self, _: &User, _: ConnectionId) -> Result<Connection> {
        Err(Error::not_found("connection"))
    }

    async fn create(&self, _: &User, _: &str, _: NewKey) -> Result<Connection> {
        Err(Error::not_found("connection"))
    }

    async fn create_sample(&self, _: &User) -> Result<Connection> {
        Err(Error::not_found("connection"))
    }

    async fn rename(&self, _: &User, _: ConnectionId, _: &str) -> Result<Connection> {
        Err(Error::not_found("connection"))
    }

    async fn replace_key(&self, _: &User, _: ConnectionId, _: NewKey) -> Result<Connection> {
        Err(Error::not_found("connection"))
    }

    async fn delete(&self, _: &User, _: ConnectionId) -> Result<()> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Roles for Fake {
    async fn ways(&self, _: &User) -> Result<Ways> {
        Ok(Ways::default())
    }

    async fn begin(&self, _: &User, _: &str, _: NewSource) -> Result<RoleDraft> {
        Err(Error::not_found("connection"))
    }

    async fn draft(&self, _: &User, _: DraftId) -> Result<RoleDraft> {
        Err(Error::not_found("unfinished role"))
    }

    async fn finish(&self, _: &User, _: DraftId, _: &str) -> Result<Connection> {
        Err(Error::not_found("unfinished role"))
    }

    async fn discard(&self, _: &User, _: DraftId) -> Result<()> {
        Err(Error::not_found("unfinished role"))
    }

    async fn replace_role(&self, _: &User, _: ConnectionId, _: &str) -> Result<Connection> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Environment for Fake {
    async fn look(&self, _: &User) -> Result<AwsIdentity> {
        Err(Error::not_found("connection"))
    }

    async fn connect(&self, _: &User, _: &str) -> Result<Connection> {
        Err(Error::not_found("connection"))
    }

    async fn renew(&self, _: &User, _: ConnectionId) -> Result<Connection> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Costs for Fake {
    async fn overview(&self, _: &User, _: ConnectionId, _: Look) -> Result<Arc<Overview>> {
        Err(Error::not_found("connection"))
    }

    async fn together(&self, _: &User, _: Look) -> Result<Arc<Together>> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Jobs for Fake {
    async fn progress(&self, _: &User, _: ConnectionId) -> Result<SyncState> {
        Err(Error::not_found("connection"))
    }

    async fn refresh(&self, _: &User, _: ConnectionId, _: bool) -> Result<SyncState> {
        Err(Error::not_found("connection"))
    }

    async fn pause(&self, _: &User, _: ConnectionId) -> Result<SyncState> {
        Err(Error::not_found("connection"))
    }

    async fn resume(&self, _: &User, _: ConnectionId) -> Result<SyncState> {
        Err(Error::not_found("connection"))
    }

    async fn cancel(&self, _: &User, _: ConnectionId) -> Result<SyncState> {
        Err(Error::not_found("connection"))
    }

    async fn retry(&self, _: &User, _: ConnectionId) -> Result<SyncState> {
        Err(Error::not_found("connection"))
    }

    async fn set_cadence(&self, _: &User, _: ConnectionId, _: Cadence) -> Result<SyncState> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Spending for Fake {
    async fn report(&self, _: &User) -> Result<SpendingReport> {
        Err(Error::not_signed_in())
    }

    async fn set_cap(&self, _: &User, _: ConnectionId, _: Cap) -> Result<()> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Doctor for Fake {
    async fn examination(&self, _: &User, _: ConnectionId) -> Result<Examination> {
        Err(Error::not_found("connection"))
    }

    async fn examine(&self, _: &User, _: ConnectionId, _: Vec<Operation>, _: bool) -> Result<()> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Bills for Fake {
    async fn bill(
        &self,
        _: &User,
        _: ConnectionId,
        _: Option<NaiveDate>,
        _: Metric,
    ) -> Result<Bill> {
        Err(Error::not_found("connection"))
    }

    async fn forecast(&self, _: &User, _: ConnectionId, _: Look) -> Result<Forecast> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Anomalies for Fake {
    async fn unusual(&self, _: &User, _: ConnectionId, _: Option<EventId>) -> Result<Unusual> {
        Err(Error::not_found("connection"))
    }

    async fn set_sensitivity(&self, _: &User, _: ConnectionId, _: Sensitivity) -> Result<()> {
        Err(Error::not_found("connection"))
    }

    async fn mark(&self, _: &User, _: ConnectionId, _: &Marked, _: Option<Mark>) -> Result<()> {
        Err(Error::not_found("event"))
    }

    async fn ask_aws(&self, _: &User, _: ConnectionId, _: bool) -> Result<()> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Commitments for Fake {
    async fn committed(&self, _: &User, _: ConnectionId) -> Result<Committed> {
        Err(Error::not_found("connection"))
    }

    async fn set_targets(&self, _: &User, _: ConnectionId, _: Targets) -> Result<()> {
        Err(Error::not_found("connection"))
    }

    async fn ask(&self, _: &User, _: ConnectionId, _: bool) -> Result<()> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Breakdowns for Fake {
    async fn breakdown(&self, _: &User, _: Option<ConnectionId>, _: Wish) -> Result<Breakdown> {
        Err(Error::not_found("connection"))
    }

    async fn charges(&self, _: &User, _: ConnectionId, _: &Wish) -> Result<(Period, Vec<Charge>)> {
        Err(Error::not_found("connection"))
    }

    async fn ask(&self, _: &User, _: ConnectionId, _: &Question, _: bool) -> Result<SyncState> {
        Err(Error::not_found("connection"))
    }

    async fn forget(&self, _: &User, _: ConnectionId, _: &Question) -> Result<()> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl SavedViews for Fake {
    async fn list(&self, _: &User) -> Result<Vec<SavedView>> {
        Ok(Vec::new())
    }

    async fn save(&self, _: &User, _: &str, _: &str) -> Result<SavedView> {
        Err(Error::not_found("saved view"))
    }

    async fn delete(&self, _: &User, _: SavedId) -> Result<()> {
        Err(Error::not_found("saved view"))
    }

    async fn start_with(&self, _: &User, _: Option<SavedId>) -> Result<()> {
        Err(Error::not_found("saved view"))
    }

    async fn start(&self, _: &User) -> Result<Option<SavedView>> {
        Ok(None)
    }
}

#[async_trait]
impl Inventories for Fake {
    async fn page(&self, _: &User, _: ConnectionId, _: InventoryWish) -> Result<InventoryPage> {
        Err(Error::not_found("connection"))
    }

    async fn csv(&self, _: &User, _: ConnectionId, _: InventoryWish) -> Result<String> {
        Err(Error::not_found("connection"))
    }

    async fn scan(&self, _: &User, _: ConnectionId) -> Result<Scan> {
        Err(Error::not_found("connection"))
    }
}

#[async_trait]
impl Savings for Fake {
    async fn findings(&self, _: &User, _: ConnectionId, _: FindingWish) -> Result<Findings> {
        Err(Error::not_found("connection"))
    }

    async fn finding(&self, _: &User, _: FindingId) -> Result<Finding> {
        Err(Error::not_found("finding"))
    }

    async fn decide(
        &self,
        _: &User,
        _: FindingId,
        _: FindingState,
        _: u32,
        _: &str,
    ) -> Result<Finding> {
        Err(Error::not_found("finding"))
    }

    async fn set_thresholds(&self, _: &User, _: ConnectionId, _: Thresholds) -> Result<()> {
        Err(Error::not_found("connection"))
    }
}
