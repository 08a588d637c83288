//! EC2 in the query protocol: what the caller's account has in the region that the signature
//! names, as of the first moment of the day that is played. Reads only.
//!
//! Where AWS's own behaviour isn't publicly known it is the stricter choice: a listing without
//! `MaxResults` ends after a thousand, with a token, so that a client that ignores tokens is caught.

mod addresses;
mod filter;
mod instances;
mod page;
mod parameters;
mod regions;
mod snapshots;
mod volumes;
mod xml;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use crate::books::Books;
use crate::callers::Caller;
use crate::error::{AwsError, Cause, Reply, Service};
use crate::keys::{Grant, POLICY};
use parameters::Parameters;
use xml::Xml;

/// What an answer depends on besides the parameters.
pub(crate) struct Context<'a> {
    pub caller: &'a Caller,
    pub books: &'a Books,
    pub today: NaiveDate,
    /// From the credential scope.
    pub region: &'a str,
    pub request_id: &'a str,
    pub seed: u64,
    /// AWS's clock, for the age of page tokens.
    pub now: DateTime<Utc>,
    /// How long page tokens last, where that was ordered.
    pub token_lasts: Option<Duration>,
    /// Whether every page is followed by one without items.
    pub empty_pages: bool,
}

/// An operation's parameters and what answers it.
struct Operation {
    action: &'static str,
    parameters: &'static [&'static str],
    answer: fn(&Context<'_>, &Parameters, &mut Xml) -> Result<(), AwsError>,
}

const OPERATIONS: [Operation; 5] = [
    Operation {
        action: "DescribeAddresses",
        parameters: &["AllocationId", "PublicIp", "Filter"],
        answer: addresses::describe,
    },
    Operation {
        action: "DescribeInstances",
        parameters: &["InstanceId", "MaxResults", "NextToken", "Filter"],
        answer: instances::describe,
    },
    Operation {
        action: "DescribeRegions",
        parameters: &["RegionName", "AllRegions", "Filter"],
        answer: regions::describe,
    },
    Operation {
        action: "DescribeSnapshots",
        parameters: &[
            "SnapshotId",
            "Owner",
            "RestorableBy",
            "MaxResults",
            "NextToken",
            "Filter",
        ],
        answer: snapshots::describe,
    },
    Operation {
        action: "DescribeVolumes",
        parameters: &["VolumeId", "MaxResults", "NextToken", "Filter"],
        answer: volumes::describe,
    },
];

impl Context<'_> {
    /// Answers a verified request.
    pub(crate) fn answer(&self, parameters: &[(String, String)]) -> Result<Reply, AwsError> {
        let parameters = Parameters(parameters);
        let action = parameters.text("Action").unwrap_or_default();
        self.admit()?;
        let operation = OPERATIONS
            .iter()
            .find(|operation| operation.action == action);
        let Some(operation) = operation else {
            let text = format!("The action {action} is not valid for this web service.");
            return Err(AwsError::new(Cause::UnknownOperation, text));
        };
        parameters.check(operation.parameters)?;
        self.authorize(action)?;
        if parameters.flag("DryRun") {
            let text = "Request would have succeeded, but DryRun flag is set.";
            return Err(AwsError::new(Cause::Other("DryRunOperation", 412), text));
        }
        let mut xml = Xml::response(action, self.request_id);
        (operation.answer)(self, &parameters, &mut xml)?;
        Ok(Reply::ok(Service::Ec2, xml.end(action)))
    }

    /// Whether the account is open here at all: before any policy is looked at.
    fn admit(&self) -> Result<(), AwsError> {
        if !regions::enabled(self.region) {
            // As for a wrong key: a region that isn't opted in knows nobody.
            return Err(AwsError::new(Cause::UnknownKey, ""));
        }
        if self.caller.grant == Grant::NotActivated {
            let text = "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.";
            return Err(AwsError::new(Cause::Other("OptInRequired", 401), text));
        }
        Ok(())
    }

    fn authorize(&self, action: &str) -> Result<(), AwsError> {
        let action = format!("ec2:{action}");
        let closed = match self.caller.grant {
            Grant::OnlyInRegions(regions) if !regions.contains(&self.region) => Some(format!(
                "with an explicit deny in a service control policy: {POLICY}"
            )),
            grant => grant.refusal(&action),
        };
        closed.map_or(Ok(()), |reason| {
            let text = format!(
                "You are not authorized to perform this operation. User: {} is not authorized to perform: {action} {reason}",
                self.caller.arn
            );
            Err(AwsError::new(Cause::AccessDenied, text))
        })
    }
}

/// The things of one region: everything is sorted by region first.
fn in_region<'a, T>(all: &'a [T], region: &str, of: impl Fn(&T) -> &'static str) -> &'a [T] {
    let from = all.partition_point(|one| of(one) < region);
    let to = all.partition_point(|one| of(one) <= region);
    &all[from..to]
}

#[cfg(test)]
mod tests;
