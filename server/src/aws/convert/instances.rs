//! DescribeInstances.

use aws_sdk_ec2::{
    operation::describe_instances::DescribeInstancesOutput,
    types::{Instance as Told, InstanceBlockDeviceMapping},
};
use domain::inventory::{Instance, InstanceState, InstanceVolume, Region, transition_time};

use super::{
    ConvertError,
    gather::{Gather, Known},
    member::{managed_by, required, tags, text, time},
};

/// Instances of a region while their pages come in.
pub(in crate::aws) struct Instances<'a> {
    region: &'a Region,
    known: Known<String, Instance>,
}

impl<'a> Instances<'a> {
    pub(in crate::aws) const fn new(region: &'a Region) -> Self {
        Self {
            region,
            known: Known::new("instanceId"),
        }
    }
}

impl Gather for Instances<'_> {
    type Page = DescribeInstancesOutput;
    type Whole = Vec<Instance>;

    fn add(&mut self, page: DescribeInstancesOutput) -> Result<Option<String>, ConvertError> {
        for reservation in page.reservations.ok_or(ConvertError::NoData)? {
            let owner = text(reservation.owner_id);
            for told in reservation.instances.unwrap_or_default() {
                let instance = read(told, self.region, owner.clone())?;
                self.known.insert(instance.id.clone(), instance)?;
            }
        }
        Ok(page.next_token)
    }

    fn finish(self) -> Result<Self::Whole, ConvertError> {
        Ok(self.known.into_values())
    }
}

fn read(told: Told, region: &Region, owner: Option<String>) -> Result<Instance, ConvertError> {
    let state = told.state.and_then(|state| state.name);
    let state: InstanceState = required(state, "instanceState")?.as_str().into();
    let reason = text(told.state_transition_reason);
    let is_stopped = state == InstanceState::Stopped;
    let placement = told.placement;
    let (zone, tenancy) = placement.map_or((None, None), |place| {
        (text(place.availability_zone), place.tenancy)
    });
    let instance_type = required(told.instance_type, "instanceType")?;
    let volumes = told.block_device_mappings.unwrap_or_default();
    Ok(Instance {
        id: required(text(told.instance_id), "instanceId")?,
        region: region.clone(),
        zone,
        instance_type: required(
            text(Some(instance_type.as_str().to_owned())),
            "instanceType",
        )?,
        stopped_at: reason
            .as_deref()
            .filter(|_| is_stopped)
            .and_then(transition_time),
        state,
        state_transition_reason: reason,
        state_reason_code: told.state_reason.and_then(|reason| text(reason.code)),
        launched_at: time(told.launch_time, "launchTime")?,
        owner,
        lifecycle: told
            .instance_lifecycle
            .and_then(|lifecycle| text(Some(lifecycle.as_str().to_owned()))),
        tenancy: tenancy.and_then(|tenancy| text(Some(tenancy.as_str().to_owned()))),
        architecture: told
            .architecture
            .and_then(|architecture| text(Some(architecture.as_str().to_owned()))),
        platform: text(told.platform_details),
        image: text(told.image_id),
        private_ip: text(told.private_ip_address),
        public_ip: text(told.public_ip_address),
        vpc: text(told.vpc_id),
        managed_by: managed_by(told.operator),
        volumes: volumes
            .into_iter()
            .filter_map(|mapping| volume(mapping).transpose())
            .collect::<Result<_, _>>()?,
        tags: tags(told.tags)?,
    })
}

/// A mapping without a volume is a disk of the host's own, which costs nothing extra.
fn volume(told: InstanceBlockDeviceMapping) -> Result<Option<InstanceVolume>, ConvertError> {
    let Some(ebs) = told.ebs else {
        return Ok(None);
    };
    let Some(volume) = text(ebs.volume_id) else {
        return Ok(None);
    };
    Ok(Some(InstanceVolume {
        volume,
        device: text(told.device_name),
        attached_at: time(ebs.attach_time, "attachTime")?,
        delete_on_termination: ebs.delete_on_termination,
    }))
}
