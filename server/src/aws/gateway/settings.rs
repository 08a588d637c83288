//! How the gateway works.

use domain::ledger::AwsService;

use crate::aws::{client::Endpoint, retry::RetrySettings};

/// How the gateway works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where real connections lead.
    pub endpoint: Endpoint,
    /// Cost Explorer requests in a second for each AWS account.
    pub cost_explorer_per_second: u32,
    /// EC2 requests in a second for each AWS account and region.
    pub ec2_per_second: u32,
    /// STS requests in a second for each AWS account.
    pub sts_per_second: u32,
    /// Requests that may wait for one account; more are refused.
    pub queue_limit: usize,
    /// Whether the server's own credentials may be used at all.
    pub environment_credentials: bool,
    /// How stubborn it is.
    pub retries: RetrySettings,
}

impl Settings {
    pub(super) const fn per_second(&self, service: AwsService) -> u32 {
        match service {
            AwsService::CostExplorer => self.cost_explorer_per_second,
            AwsService::Ec2 => self.ec2_per_second,
            AwsService::Sts => self.sts_per_second,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            endpoint: Endpoint::Aws,
            cost_explorer_per_second: 5,
            ec2_per_second: 10,
            sts_per_second: 5,
            queue_limit: 600,
            environment_credentials: false,
            retries: RetrySettings::default(),
        }
    }
}
