//! DescribeAddresses: one page.

use aws_sdk_ec2::{operation::describe_addresses::DescribeAddressesOutput, types::Address as Told};
use domain::inventory::{Address, Region};

use super::{
    ConvertError,
    gather::{Gather, Known},
    member::{required, tags, text},
};

/// Addresses of a region while their page comes in.
pub(in crate::aws) struct Addresses<'a> {
    region: &'a Region,
    known: Known<String, Address>,
}

impl<'a> Addresses<'a> {
    pub(in crate::aws) const fn new(region: &'a Region) -> Self {
        Self {
            region,
            known: Known::new("allocationId"),
        }
    }
}

impl Gather for Addresses<'_> {
    type Page = DescribeAddressesOutput;
    type Whole = Vec<Address>;

    fn add(&mut self, page: DescribeAddressesOutput) -> Result<Option<String>, ConvertError> {
        for told in page.addresses.ok_or(ConvertError::NoData)? {
            let address = read(told, self.region)?;
            self.known.insert(address.id.clone(), address)?;
        }
        Ok(None)
    }

    fn finish(self) -> Result<Self::Whole, ConvertError> {
        Ok(self.known.into_values())
    }
}

fn read(told: Told, region: &Region) -> Result<Address, ConvertError> {
    let public_ip = text(told.public_ip).or(text(told.carrier_ip));
    let id = text(told.allocation_id).or_else(|| public_ip.clone());
    Ok(Address {
        id: required(id, "allocationId")?,
        region: region.clone(),
        public_ip,
        association: text(told.association_id),
        instance: text(told.instance_id),
        network_interface: text(told.network_interface_id),
        network_interface_owner: text(told.network_interface_owner_id),
        private_ip: text(told.private_ip_address),
        pool: text(told.public_ipv4_pool),
        border_group: text(told.network_border_group),
        service_managed: told
            .service_managed
            .and_then(|service| text(Some(service.as_str().to_owned()))),
        tags: tags(told.tags)?,
    })
}
