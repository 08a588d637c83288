//! The regions, and which of them the simulated accounts have enabled.

use super::Context;
use super::filter::{Filtered, Filters};
use super::parameters::Parameters;
use super::xml::Xml;
use crate::error::AwsError;

/// Enabled for every account.
const DEFAULT: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
/// Switched on by the simulated accounts.
const OPTED_IN: [&str; 1] = ["eu-south-1"];
/// Not switched on.
const NOT_OPTED_IN: [&str; 10] = [
    "af-south-1",
    "ap-east-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ca-west-1",
    "eu-central-2",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
];

/// Whether the accounts can be asked about in this region.
pub(super) fn enabled(region: &str) -> bool {
    DEFAULT.contains(&region) || OPTED_IN.contains(&region)
}

struct Region {
    name: &'static str,
    status: &'static str,
    tags: Vec<(String, String)>,
}

impl Region {
    fn endpoint(&self) -> String {
        format!("ec2.{}.amazonaws.com", self.name)
    }
}

impl Filtered for Region {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        Some(vec![match filter {
            "region-name" => self.name.to_owned(),
            "opt-in-status" => self.status.to_owned(),
            "endpoint" => self.endpoint(),
            _ => return None,
        }])
    }

    fn tags(&self) -> &[(String, String)] {
        &self.tags
    }
}

/// DescribeRegions: has no pages.
pub(super) fn describe(
    _context: &Context<'_>,
    parameters: &Parameters<'_>,
    xml: &mut Xml,
) -> Result<(), AwsError> {
    let names = parameters.list("RegionName");
    let everything = parameters.flag("AllRegions");
    let lists: [(&[&str], &str); 3] = [
        (&DEFAULT, "opt-in-not-required"),
        (&OPTED_IN, "opted-in"),
        (&NOT_OPTED_IN, "not-opted-in"),
    ];
    let all: Vec<Region> = lists
        .into_iter()
        .flat_map(|(names, status)| {
            names.iter().map(move |name| Region {
                name,
                status,
                tags: Vec::new(),
            })
        })
        .collect();
    if let Some(name) = names
        .iter()
        .find(|name| all.iter().all(|region| region.name != **name))
    {
        return Err(AwsError::validation(format!(
            "Invalid region name '{name}'"
        )));
    }
    let asked = all
        .iter()
        .filter(|region| everything || enabled(region.name))
        .filter(|region| names.is_empty() || names.contains(&region.name))
        .collect();
    let regions = Filters::read(parameters).of(asked)?;
    xml.list("regionInfo", regions, |xml, region| {
        xml.text("regionName", region.name);
        xml.text("regionEndpoint", &region.endpoint());
        xml.text("optInStatus", region.status);
    });
    Ok(())
}
