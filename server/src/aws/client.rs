//! Makes SDK clients, from explicit credentials only: neither the host's own
//! keys, profiles and metadata service nor the SDK's endpoint variables are
//! ever asked, so that nobody's calls go elsewhere or on somebody else's bill.

use std::time::Duration;

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

use super::key::AwsKey;
use crate::config::LoopbackUrl;

/// Cost Explorer answers for all regions from here, and so does STS.
const REGION: &str = "us-east-1";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);
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
}

impl Clients {
    /// Reads the machine's trusted certificates: do it once.
    pub(super) fn new() -> Self {
        Self {
            outside: http_client(ProxyConfig::from_env()),
            loopback: http_client(ProxyConfig::disabled()),
        }
    }

    #[cfg(test)]
    pub(super) fn over(http: SharedHttpClient) -> Self {
        Self {
            outside: http.clone(),
            loopback: http,
        }
    }

    /// For Cost Explorer.
    pub(super) fn cost_explorer(
        &self,
        key: &AwsKey,
        endpoint: &Endpoint,
    ) -> aws_sdk_costexplorer::Client {
        let mut config = aws_sdk_costexplorer::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .credentials_provider(credentials(key))
            .identity_cache(IdentityCache::no_cache())
            .http_client(self.http(endpoint))
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .disable_clock_skew_correction(true);
        config
            .set_endpoint_url(url(endpoint))
            .set_app_name(app_name());
        aws_sdk_costexplorer::Client::from_conf(config.build())
    }

    /// For STS.
    pub(super) fn sts(&self, key: &AwsKey, endpoint: &Endpoint) -> aws_sdk_sts::Client {
        let mut config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .credentials_provider(credentials(key))
            .identity_cache(IdentityCache::no_cache())
            .http_client(self.http(endpoint))
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .disable_clock_skew_correction(true);
        config
            .set_endpoint_url(url(endpoint))
            .set_app_name(app_name());
        aws_sdk_sts::Client::from_conf(config.build())
    }

    fn http(&self, endpoint: &Endpoint) -> SharedHttpClient {
        match endpoint {
            Endpoint::Aws => self.outside.clone(),
            Endpoint::At(_) => self.loopback.clone(),
        }
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
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
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
