//! A gateway in front of a simulator, over real HTTP.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use domain::{ledger::Payer, user::UserId};
use secrecy::SecretString;
use server::{
    aws::{
        AwsKey, Credentials, Endpoint, Gateway, Ledger, MemoryLedger, RetrySettings, Settings,
        Target,
    },
    config::LoopbackUrl,
};
use simulator::{Simulator, keys::KeyPair};
use uuid::Uuid;

/// A simulator, a gateway that leads to it, and what it wrote down.
pub struct Stage {
    pub simulator: Simulator,
    pub gateway: Arc<Gateway>,
    pub ledger: Arc<MemoryLedger>,
}

impl Stage {
    /// On a day in the middle of a month. Retries wait next to nothing.
    pub async fn new() -> Self {
        Self::with(simulator::Settings::default()).await
    }

    pub async fn with(settings: simulator::Settings) -> Self {
        let settings = simulator::Settings {
            today: "2026-11-24".parse().ok(),
            ..settings
        };
        let simulator = simulator::start(settings)
            .await
            .expect("a free loopback port");
        let (gateway, ledger) = gateway(&simulator.endpoint_url());
        Self {
            simulator,
            gateway,
            ledger,
        }
    }

    pub fn target(&self, pair: &KeyPair) -> Target {
        target(pair, self.gateway.default_endpoint())
    }
}

/// A gateway for the address, and its ledger.
pub fn gateway(url: &str) -> (Arc<Gateway>, Arc<MemoryLedger>) {
    let ledger = Arc::new(MemoryLedger::default());
    let settings = Settings {
        endpoint: at(url),
        retries: RetrySettings {
            base: Duration::from_millis(1),
            ..RetrySettings::default()
        },
        ..Settings::default()
    };
    let gateway = Gateway::new(&settings, Arc::clone(&ledger) as Arc<dyn Ledger>, Utc::now);
    (Arc::new(gateway), ledger)
}

pub fn at(url: &str) -> Endpoint {
    Endpoint::At(LoopbackUrl::parse(url).expect("a loopback address"))
}

/// A key pair as a key.
pub fn key(pair: &KeyPair) -> AwsKey {
    AwsKey {
        access_key_id: pair.access_key_id.to_owned(),
        secret: SecretString::from(pair.secret),
        session_token: pair.session_token.map(SecretString::from),
    }
}

/// Someone who has this key pair.
pub fn target(pair: &KeyPair, endpoint: Endpoint) -> Target {
    let payer = Payer {
        user: UserId(Uuid::nil()),
        connection: None,
        aws_account: pair.account().parse().ok(),
    };
    Target {
        credentials: Credentials::Key(Arc::new(key(pair))),
        payer,
        endpoint,
    }
}
