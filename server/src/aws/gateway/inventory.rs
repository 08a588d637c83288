//! What runs in EC2, one region at a time. Free of charge.

use aws_sdk_ec2::operation::{
    describe_addresses::{DescribeAddressesOutput, builders::DescribeAddressesInputBuilder},
    describe_instances::{DescribeInstancesOutput, builders::DescribeInstancesInputBuilder},
    describe_regions::{DescribeRegionsOutput, builders::DescribeRegionsInputBuilder},
    describe_snapshots::{DescribeSnapshotsOutput, builders::DescribeSnapshotsInputBuilder},
    describe_volumes::{DescribeVolumesOutput, builders::DescribeVolumesInputBuilder},
};
use domain::{
    inventory::{Address, Instance, Region, RegionState, Snapshot, Volume},
    ledger::Operation,
};

use super::{Asked, Asking, Gateway, pages::gather};
use crate::aws::{
    convert::{Addresses, Instances, Regions, Snapshots, Volumes},
    error::AwsError,
    priority::Priority,
    retry::Answered,
    target::Target,
};

/// As many as EC2 puts on a page.
const PAGE: i32 = 1_000;
/// Public snapshots of everyone else would come too.
const OWN: &str = "self";

impl Gateway {
    /// Asks for the instances of a region.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read.
    pub async fn instances(
        &self,
        target: &Target,
        region: &Region,
        priority: Priority,
    ) -> Result<Asked<Vec<Instance>>, AwsError> {
        let asking =
            Asking::of(target, Operation::DescribeInstances, priority).in_region(region.as_str());
        let begin = || Instances::new(region);
        gather(asking, begin, |token| {
            self.instances_page(asking, PAGE, token)
        })
        .await
    }

    /// Asks for the volumes of a region.
    ///
    /// # Errors
    /// As [`Gateway::instances`].
    pub async fn volumes(
        &self,
        target: &Target,
        region: &Region,
        priority: Priority,
    ) -> Result<Asked<Vec<Volume>>, AwsError> {
        let asking =
            Asking::of(target, Operation::DescribeVolumes, priority).in_region(region.as_str());
        let begin = || Volumes::new(region);
        gather(asking, begin, |token| {
            self.volumes_page(asking, PAGE, token)
        })
        .await
    }

    /// Asks for the Elastic IP addresses of a region.
    ///
    /// # Errors
    /// As [`Gateway::instances`].
    pub async fn addresses(
        &self,
        target: &Target,
        region: &Region,
        priority: Priority,
    ) -> Result<Asked<Vec<Address>>, AwsError> {
        let asking =
            Asking::of(target, Operation::DescribeAddresses, priority).in_region(region.as_str());
        let begin = || Addresses::new(region);
        gather(asking, begin, |_| self.addresses_page(asking)).await
    }

    /// Asks for the account's own snapshots of a region.
    ///
    /// # Errors
    /// As [`Gateway::instances`].
    pub async fn snapshots(
        &self,
        target: &Target,
        region: &Region,
        priority: Priority,
    ) -> Result<Asked<Vec<Snapshot>>, AwsError> {
        let asking =
            Asking::of(target, Operation::DescribeSnapshots, priority).in_region(region.as_str());
        let begin = || Snapshots::new(region);
        gather(asking, begin, |token| {
            self.snapshots_page(asking, PAGE, token)
        })
        .await
    }

    /// Asks for all regions of AWS, also those that the account hasn't opened. It makes no
    /// difference in which open one it is asked.
    ///
    /// # Errors
    /// As [`Gateway::instances`].
    pub async fn regions(
        &self,
        target: &Target,
        region: &Region,
        priority: Priority,
    ) -> Result<Asked<Vec<RegionState>>, AwsError> {
        let asking =
            Asking::of(target, Operation::DescribeRegions, priority).in_region(region.as_str());
        gather(asking, Regions::new, |_| self.regions_page(asking)).await
    }

    pub(super) async fn instances_page(
        &self,
        asking: Asking<'_>,
        size: i32,
        token: Option<String>,
    ) -> Result<Answered<DescribeInstancesOutput>, AwsError> {
        let input = DescribeInstancesInputBuilder::default()
            .max_results(size)
            .set_next_token(token);
        self.ask(asking, input, |input, call| async move {
            input.send_with(&call.ec2()).await
        })
        .await
    }

    pub(super) async fn volumes_page(
        &self,
        asking: Asking<'_>,
        size: i32,
        token: Option<String>,
    ) -> Result<Answered<DescribeVolumesOutput>, AwsError> {
        let input = DescribeVolumesInputBuilder::default()
            .max_results(size)
            .set_next_token(token);
        self.ask(asking, input, |input, call| async move {
            input.send_with(&call.ec2()).await
        })
        .await
    }

    pub(super) async fn addresses_page(
        &self,
        asking: Asking<'_>,
    ) -> Result<Answered<DescribeAddressesOutput>, AwsError> {
        let input = DescribeAddressesInputBuilder::default();
        self.ask(asking, input, |input, call| async move {
            input.send_with(&call.ec2()).await
        })
        .await
    }

    pub(super) async fn snapshots_page(
        &self,
        asking: Asking<'_>,
        size: i32,
        token: Option<String>,
    ) -> Result<Answered<DescribeSnapshotsOutput>, AwsError> {
        let input = DescribeSnapshotsInputBuilder::default()
            .owner_ids(OWN)
            .max_results(size)
            .set_next_token(token);
        self.ask(asking, input, |input, call| async move {
            input.send_with(&call.ec2()).await
        })
        .await
    }

    pub(super) async fn regions_page(
        &self,
        asking: Asking<'_>,
    ) -> Result<Answered<DescribeRegionsOutput>, AwsError> {
        let input = DescribeRegionsInputBuilder::default().all_regions(true);
        self.ask(asking, input, |input, call| async move {
            input.send_with(&call.ec2()).await
        })
        .await
    }
}
