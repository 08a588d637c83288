//! DescribeAddresses: has no pages.

use super::filter::{Filtered, Filters};
use super::parameters::Parameters;
use super::xml::Xml;
use super::{Context, in_region};
use crate::books::inventory::{Address, Attribution};
use crate::error::{AwsError, Cause};

impl Filtered for Address {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let used = |prefix: &str| self.used.as_ref().map(|_| sibling(self, prefix));
        let found = match filter {
            "allocation-id" => Some(self.allocation.clone()),
            "public-ip" => Some(self.ip.clone()),
            "domain" => Some("vpc".to_owned()),
            "network-border-group" => Some(self.region.to_owned()),
            "association-id" => used("eipassoc"),
            "network-interface-id" => used("eni"),
            "private-ip-address" => self.used.as_ref().map(|_| private_ip(self)),
            "instance-id" => match &self.used {
                Some(Attribution::Instance(id)) => Some(id.clone()),
                _ => None,
            },
            _ => return None,
        };
        Some(found.into_iter().collect())
    }

    fn tags(&self) -> &[(String, String)] {
        &self.tags
    }
}

/// See the module.
pub(super) fn describe(
    context: &Context<'_>,
    parameters: &Parameters<'_>,
    xml: &mut Xml,
) -> Result<(), AwsError> {
    let seen = context.books.inventory().seen(context.today);
    let here = in_region(&seen.addresses, context.region, |address| address.region);
    let (ids, ips) = (parameters.list("AllocationId"), parameters.list("PublicIp"));
    if let Some(id) = ids
        .iter()
        .find(|id| here.iter().all(|address| address.allocation != **id))
    {
        let text = format!("The allocation ID '{id}' does not exist");
        return Err(AwsError::new(
            Cause::Other("InvalidAllocationID.NotFound", 400),
            text,
        ));
    }
    if let Some(ip) = ips
        .iter()
        .find(|ip| here.iter().all(|address| address.ip != **ip))
    {
        let text = format!("Address '{ip}' not found.");
        return Err(AwsError::new(
            Cause::Other("InvalidAddress.NotFound", 400),
            text,
        ));
    }
    let asked = here
        .iter()
        .filter(|address| ids.is_empty() || ids.contains(&address.allocation.as_str()))
        .filter(|address| ips.is_empty() || ips.contains(&address.ip.as_str()))
        .collect();
    let addresses = Filters::read(parameters).of(asked)?;
    xml.list("addressesSet", addresses, |xml, address| {
        write(xml, context, address);
    });
    Ok(())
}

fn write(xml: &mut Xml, context: &Context<'_>, address: &Address) {
    xml.text("publicIp", &address.ip);
    xml.text("allocationId", &address.allocation);
    xml.text("domain", "vpc");
    match &address.used {
        Some(Attribution::Instance(id)) => xml.text("instanceId", id),
        // Some of AWS's answers leave it out, some have it empty: here both occur.
        _ if number(address).is_multiple_of(2) => xml.text("instanceId", ""),
        _ => {}
    }
    if let Some(user) = &address.used {
        xml.text("associationId", &sibling(address, "eipassoc"));
        xml.text("networkInterfaceId", &sibling(address, "eni"));
        let owner = match user {
            Attribution::Managed | Attribution::Balancer => "amazon-elb",
            Attribution::Instance(_) | Attribution::Nat => context.caller.account(),
        };
        xml.text("networkInterfaceOwnerId", owner);
        xml.text("privateIpAddress", &private_ip(address));
        if *user == Attribution::Managed {
            xml.text("serviceManaged", "alb");
        }
    }
    xml.tags(&address.tags);
    xml.text("publicIpv4Pool", "amazon");
    xml.text("networkBorderGroup", address.region);
}

/// The id of something that comes with the address.
fn sibling(address: &Address, prefix: &str) -> String {
    address.allocation.replacen("eipalloc", prefix, 1)
}

fn number(address: &Address) -> u64 {
    let digits = address.allocation.len().saturating_sub(4);
    u64::from_str_radix(&address.allocation[digits..], 16).unwrap_or_default()
}

fn private_ip(address: &Address) -> String {
    let number = number(address);
    format!("10.0.{}.{}", number / 256 % 200, 4 + number % 250)
}
