//! DescribeRegions: one page.

use aws_sdk_ec2::operation::describe_regions::DescribeRegionsOutput;
use domain::inventory::{OptIn, Region, RegionState};

use super::{
    ConvertError,
    gather::{Gather, Known},
    member::{required, text},
};

/// Regions while their page comes in.
pub(in crate::aws) struct Regions(Known<Region, RegionState>);

impl Regions {
    pub(in crate::aws) const fn new() -> Self {
        Self(Known::new("regionInfo"))
    }
}

impl Gather for Regions {
    type Page = DescribeRegionsOutput;
    type Whole = Vec<RegionState>;

    fn add(&mut self, page: DescribeRegionsOutput) -> Result<Option<String>, ConvertError> {
        for told in page.regions.ok_or(ConvertError::NoData)? {
            let name = required(text(told.region_name), "regionName")?;
            let region: Region = name
                .parse()
                .map_err(|_| ConvertError::Senseless("regionName"))?;
            // Left out, it is one of the regions that were always open.
            let opt_in = text(told.opt_in_status).map_or(OptIn::NotRequired, OptIn::from);
            let state = RegionState {
                region: region.clone(),
                opt_in,
            };
            self.0.insert(region, state)?;
        }
        Ok(None)
    }

    /// Every account has regions.
    fn finish(self) -> Result<Self::Whole, ConvertError> {
        if self.0.is_empty() {
            return Err(ConvertError::NoData);
        }
        Ok(self.0.into_values())
    }
}
