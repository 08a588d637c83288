//! The composition: makes every part once and hands each what it needs.

use std::sync::Arc;

use app::context::{PublicSettings, Services};
use chrono::Utc;
use secrecy::SecretString;
use simulator::{Simulator, keys};
use tokio::task::JoinHandle;

use super::StartError;
use crate::{
    aws::{Endpoint, Gateway, Settings as GatewaySettings},
    config::{LoopbackUrl, Settings},
    http,
    jobs::{ownership::Ownership, scanning::Scanner, sync::Syncer, upkeep},
    security::vault::Vault,
    services::{
        access::Access,
        anomalies::AnomalyService,
        assessor::Assessor,
        bills::BillService,
        breakdowns::BreakdownService,
        clock::Clock,
        commitments::CommitmentService,
        connections::{ConnectionService, Offers},
        costs::CostService,
        doctor::DoctorService,
        examiner::AwsExaminer,
        inventory::InventoryService,
        jobs::JobService,
        keys::Keys,
        ledger::StoredLedger,
        outlook::Outlooks,
        people::PeopleService,
        sample::SampleAccount,
        saved::SavedViewService,
        savings::SavingsService,
        spending::SpendingService,
    },
    store::Store,
};

/// What runs behind the pages.
pub struct Parts {
    /// For the pages.
    pub services: Services,
    syncer: Arc<Syncer>,
    doctor: Arc<DoctorService>,
    scanner: Arc<Scanner>,
    upkeep: JoinHandle<()>,
    simulator: Option<Simulator>,
}

impl Parts {
    /// Puts everything together, goes on with what an earlier process began, and
    /// begins the work in the background.
    ///
    /// # Errors
    /// The master key is wrong or missing, the simulator doesn't start, or the
    /// store fails.
    pub async fn start(settings: &Settings, store: &Store) -> Result<Self, StartError> {
        let unlocked = Vault::unlock(&settings.master_key, store).await?;
        for notice in &unlocked.notices {
            tracing::warn!("{notice}");
        }
        let keys = Keys::new(Arc::new(unlocked.vault));
        let clock = Clock::playing(settings.today);

        let (simulator, sample) = match settings.sample_account {
            true => {
                let (simulator, endpoint, account) = sample_account(settings).await?;
                (Some(simulator), Some((endpoint, account)))
            }
            false => (None, None),
        };
        let endpoint = match (&settings.aws_endpoint, settings.today, &sample) {
            (Some(loopback), _, _) => Endpoint::At(loopback.clone()),
            // The real AWS must not be asked about a day that is only played.
            (None, Some(_), Some((endpoint, _))) => endpoint.clone(),
            (None, _, _) => Endpoint::Aws,
        };
        let sample = sample.map(|(_, account)| account);

        let gateway = Arc::new(Gateway::new(
            &GatewaySettings {
                endpoint,
                environment_credentials: settings.environment_credentials,
                cost_explorer_per_second: settings.aws_rates.cost_explorer,
                ec2_per_second: settings.aws_rates.ec2,
                sts_per_second: settings.aws_rates.sts,
                ..GatewaySettings::default()
            },
            Arc::new(StoredLedger::new(store.clone())),
            Utc::now,
        ));
        let access = Access::new(
            store.clone(),
            clock,
            keys.clone(),
            gateway.clone(),
            sample.clone(),
        );
        let outlooks = Arc::new(Outlooks::new(store.clone(), clock));
        let syncer = Arc::new(Syncer::new(
            store.clone(),
            clock,
            gateway.clone(),
            access.clone(),
            outlooks.clone(),
            Ownership::take(&settings.data_dir),
        ));
        let assessor = Assessor::new(store.clone(), clock);
        let scanner = Arc::new(Scanner::new(
            store.clone(),
            clock,
            gateway.clone(),
            access.clone(),
            assessor.clone(),
        ));
        let examiner = AwsExaminer::new(gateway.clone(), access.clone());
        let doctor = Arc::new(DoctorService::new(store.clone(), clock, Arc::new(examiner)));
        let anomalies = AnomalyService::new(store.clone(), clock, access.clone(), gateway.clone());
        let commitments =
            CommitmentService::new(store.clone(), clock, access.clone(), gateway.clone());
        let connections = Arc::new(ConnectionService::new(
            store.clone(),
            clock,
            keys,
            access,
            gateway,
            syncer.clone(),
            doctor.clone(),
            Offers {
                sample,
                environment: settings.environment_credentials,
            },
        ));
        let services = Services {
            people: Arc::new(PeopleService::new(store.clone(), clock)),
            connections: connections.clone(),
            roles: connections.clone(),
            environment: connections,
            costs: Arc::new(CostService::new(store.clone(), clock, outlooks.clone())),
            jobs: Arc::new(JobService::new(store.clone(), clock, syncer.clone())),
            doctor: doctor.clone(),
            spending: Arc::new(SpendingService::new(store.clone(), clock, syncer.clone())),
            bills: Arc::new(BillService::new(store.clone(), clock, outlooks)),
            savings: Arc::new(SavingsService::new(store.clone(), clock, assessor)),
            inventory: Arc::new(InventoryService::new(store.clone(), clock, scanner.clone())),
            breakdowns: Arc::new(BreakdownService::new(store.clone(), clock, syncer.clone())),
            saved: Arc::new(SavedViewService::new(store.clone(), clock)),
            anomalies: Arc::new(anomalies),
            commitments: Arc::new(commitments),
            settings: Arc::new(PublicSettings {
                sample_account: settings.sample_account,
                secure_cookies: settings.is_https(),
                assets: http::assets(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            }),
        };
        syncer.resume_all().await?;
        let upkeep = upkeep::run(store.clone(), clock, syncer.clone(), scanner.clone());
        let upkeep = tokio::spawn(upkeep);
        Ok(Self {
            services,
            syncer,
            doctor,
            scanner,
            upkeep,
            simulator,
        })
    }

    /// Stops the work in the background. What was begun goes on at the next start.
    pub async fn stop(self) {
        self.upkeep.abort();
        // Waited for, so that nothing begins afterwards.
        drop(self.upkeep.await);
        self.syncer.stop_all().await;
        self.doctor.stop_all().await;
        self.scanner.stop_all().await;
        if let Some(simulator) = self.simulator {
            simulator.shutdown().await;
        }
    }
}

/// Starts the built-in simulator on a free port of this machine.
async fn sample_account(
    settings: &Settings,
) -> Result<(Simulator, Endpoint, SampleAccount), StartError> {
    let simulator = simulator::start(simulator::Settings {
        today: settings.today,
        ..simulator::Settings::default()
    })
    .await?;
    let loopback = LoopbackUrl::parse(&simulator.endpoint_url())
        .map_err(|why| StartError::Part("the sample account has no address", why.into()))?;
    let endpoint = Endpoint::At(loopback);
    let account = SampleAccount::new(
        endpoint.clone(),
        keys::GOOD.access_key_id.to_owned(),
        SecretString::from(keys::GOOD.secret),
    );
    Ok((simulator, endpoint, account))
}
