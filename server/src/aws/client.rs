//! Makes SDK clients, from the credentials it is handed only: neither the host's own
//! keys, profiles and metadata service nor the SDK's endpoint variables are
//! ever asked, so that nobody's calls go elsewhere or on somebody else's bill.

use std::{sync::Arc, time::Duration};

use aws_sdk_costexplorer::config::{
    AppName, BehaviorVersion, Credentials, IdentityCache, Region, SharedHttpClient,
    StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_smithy_http_client::{
    Connector,
    proxy::ProxyConfig,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use secrecy::ExposeSecret;

use super::{
    bounded::{Bounded, LONGEST_ANSWER},
    departing::Departing,
    key::AwsKey,
    throttle::Permit,
};
use crate::config::LoopbackUrl;

/// Cost Explorer answers for all regions from here, and so does STS.
const REGION: &str = "us-east-1";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const IDLE_CONNECTION: Duration = Duration::from_secs(60);

/// Where AWS is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Endpoint {
    /// Amazon's own, over HTTPS; through the proxy of `HTTPS_PROXY` if there is one.
    #[default]
    Aws,
    /// Something on this machine that speaks AWS's protocols: the simulator.
    At(LoopbackUrl),
}

/// Makes clients that share their connections.
pub(super) struct Clients {
    outside: SharedHttpClient,
    loopback: SharedHttpClient,
    /// In bytes.
    longest_answer: usize,
}

impl Clients {
    /// Reads the machine's trusted certificates: do it once.
    pub(super) fn new() -> Self {
        Self {
            outside: http_client(ProxyConfig::from_env()),
            loopback: http_client(ProxyConfig::disabled()),
            longest_answer: LONGEST_ANSWER,
        }
    }

    #[cfg(test)]
    pub(super) fn over(http: SharedHttpClient) -> Self {
        Self {
            outside: http.clone(),
            loopback: http,
            longest_answer: 1_000_000,
        }
    }

    fn http(&self, endpoint: &Endpoint) -> SharedHttpClient {
        match endpoint {
            Endpoint::Aws => self.outside.clone(),
            Endpoint::At(_) => self.loopback.clone(),
        }
    }
}

/// What one attempt is made with.
pub(super) struct Call {
    pub clients: Arc<Clients>,
    pub key: Arc<AwsKey>,
    pub endpoint: Endpoint,
    /// Of EC2.
    pub region: Option<String>,
    pub permit: Arc<Permit>,
}

/// A client for this one attempt: each tells the throttle when the request leaves.
macro_rules! client {
    ($call:expr, $sdk:ident, $region:expr) => {{
        let call: &Call = $call;
        let mut config = $sdk::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region($region)
            .credentials_provider(credentials(&call.key))
            .identity_cache(IdentityCache::no_cache())
            .http_client(call.clients.http(&call.endpoint))
            .interceptor(Departing::new(Arc::clone(&call.permit)))
            .interceptor(Bounded(call.clients.longest_answer))
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .disable_clock_skew_correction(true);
        config
            .set_endpoint_url(url(&call.endpoint))
            .set_app_name(app_name());
        $sdk::Client::from_conf(config.build())
    }};
}

impl Call {
    /// For Cost Explorer.
    pub(super) fn cost_explorer(&self) -> aws_sdk_costexplorer::Client {
        client!(self, aws_sdk_costexplorer, Region::from_static(REGION))
    }

    /// For EC2 in the region that was asked for.
    pub(super) fn ec2(&self) -> aws_sdk_ec2::Client {
        let region = self
            .region
            .clone()
            .map_or(Region::from_static(REGION), Region::new);
        client!(self, aws_sdk_ec2, region)
    }

    /// For STS.
    pub(super) fn sts(&self) -> aws_sdk_sts::Client {
        client!(self, aws_sdk_sts, Region::from_static(REGION))
    }
}

fn http_client(proxy: ProxyConfig) -> SharedHttpClient {
    let connector = Connector::builder()
        .connector_settings(
            HttpConnectorSettings::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .build(),
        )
        .proxy_config(proxy)
        .pool_idle_timeout(IDLE_CONNECTION)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    let connector = SharedHttpConnector::new(connector.build());
    http_client_fn(move |_, _| connector.clone())
}

fn credentials(key: &AwsKey) -> Credentials {
    Credentials::new(
        key.access_key_id.as_str(),
        key.secret.expose_secret(),
        key.session_token
            .as_ref()
            .map(|token| token.expose_secret().to_owned()),
        None,
        "cost-tracker",
    )
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .build()
}

fn url(endpoint: &Endpoint) -> Option<String> {
    match endpoint {
        Endpoint::Aws => None,
        Endpoint::At(url) => Some(url.as_str().trim_end_matches('/').to_owned()),
    }
}

/// What AWS sees in the user agent.
fn app_name() -> Option<AppName> {
    AppName::new("cost-tracker").ok()
}
