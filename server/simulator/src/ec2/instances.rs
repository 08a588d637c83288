//! DescribeInstances: pages count reservations, and one reservation may hold several instances.

use super::filter::{Filtered, Filters};
use super::page::{Page, Rules};
use super::parameters::Parameters;
use super::xml::Xml;
use super::{Context, in_region};
use crate::books::inventory::{Instance, Running, StopStyle};
use crate::error::{AwsError, Cause};

const RULES: Rules = Rules {
    ids: "instancesSet",
    strict: true,
};

impl Filtered for Instance {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let (code, state) = state(self.running);
        let found = match filter {
            "instance-id" => Some(self.id.clone()),
            "instance-state-name" => Some(state.to_owned()),
            "instance-state-code" => Some(code.to_string()),
            "instance-type" => Some(self.kind.to_owned()),
            "instance-lifecycle" => self.spot.then(|| "spot".to_owned()),
            "availability-zone" => Some(self.zone.clone()),
            "architecture" => Some(architecture(self).to_owned()),
            "image-id" => Some(self.image.clone()),
            "ip-address" => self.public_ip.clone(),
            "private-ip-address" => Some(self.private_ip.clone()),
            "reservation-id" => Some(self.reservation.clone()),
            "root-device-type" => Some("ebs".to_owned()),
            "block-device-mapping.volume-id" => {
                let ids = self.volumes.iter().map(|(id, ..)| id.clone());
                return Some(ids.collect());
            }
            _ => return None,
        };
        Some(found.into_iter().collect())
    }

    fn tags(&self) -> &[(String, String)] {
        &self.tags
    }
}

fn state(running: Running) -> (u8, &'static str) {
    match running {
        Running::Yes => (16, "running"),
        Running::Terminated(_) => (48, "terminated"),
        Running::Stopped(..) => (80, "stopped"),
    }
}

fn architecture(instance: &Instance) -> &'static str {
    match instance.arm {
        true => "arm64",
        false => "x86_64",
    }
}

/// See the module.
pub(super) fn describe(
    context: &Context<'_>,
    parameters: &Parameters<'_>,
    xml: &mut Xml,
) -> Result<(), AwsError> {
    let ids = parameters.list("InstanceId");
    let page = Page::read(context, parameters, &RULES, !ids.is_empty())?;
    let seen = context.books.inventory().seen(page.today);
    let here = in_region(&seen.instances, context.region, |one| one.region);
    for id in &ids {
        check(id, here)?;
    }
    let asked = here
        .iter()
        .filter(|instance| ids.is_empty() || ids.contains(&instance.id.as_str()))
        .collect();
    let instances = Filters::read(parameters).of(asked)?;
    let reservations: Vec<&[&Instance]> = instances
        .chunk_by(|one, other| one.reservation == other.reservation)
        .collect();
    let reservations = page.cut(context, &reservations, xml);
    xml.list("reservationSet", reservations, |xml, instances| {
        let reservation = instances.first().map(|one| one.reservation.as_str());
        xml.text("reservationId", reservation.unwrap_or_default());
        xml.text("ownerId", context.caller.account());
        xml.text("groupSet", "");
        xml.list("instancesSet", *instances, |xml, instance| {
            write(xml, instance);
        });
    });
    Ok(())
}

fn check(id: &str, here: &[Instance]) -> Result<(), AwsError> {
    let refused = |code, text| Err(AwsError::new(Cause::Other(code, 400), text));
    if !id.starts_with("i-") {
        return refused(
            "InvalidInstanceID.Malformed",
            format!("Invalid id: \"{id}\""),
        );
    }
    if here.iter().all(|instance| instance.id != id) {
        return refused(
            "InvalidInstanceID.NotFound",
            format!("The instance ID '{id}' does not exist"),
        );
    }
    Ok(())
}

fn write(xml: &mut Xml, instance: &Instance) {
    let there = !matches!(instance.running, Running::Terminated(_));
    let (code, name) = state(instance.running);
    xml.text("instanceId", &instance.id);
    xml.text("imageId", &instance.image);
    xml.group("instanceState", |xml| {
        xml.number("code", code);
        xml.text("name", name);
    });
    let dashed = |ip: &str| ip.replace('.', "-");
    let internal = format!("ip-{}.ec2.internal", dashed(&instance.private_ip));
    xml.text("privateDnsName", if there { &internal } else { "" });
    let public = instance.public_ip.as_deref().map(|ip| {
        format!(
            "ec2-{}.{}.compute.amazonaws.com",
            dashed(ip),
            instance.region
        )
    });
    xml.text("dnsName", public.as_deref().unwrap_or_default());
    xml.text("reason", &reason(instance.running));
    xml.number("amiLaunchIndex", instance.index);
    xml.text("productCodes", "");
    xml.text("instanceType", instance.kind);
    xml.time("launchTime", instance.launched);
    xml.group("placement", |xml| {
        xml.text("availabilityZone", &instance.zone);
        xml.text("groupName", "");
        xml.text("tenancy", "default");
    });
    xml.group("monitoring", |xml| xml.text("state", "disabled"));
    if there {
        xml.text("privateIpAddress", &instance.private_ip);
        if let Some(ip) = &instance.public_ip {
            xml.text("ipAddress", ip);
        }
    }
    xml.text("architecture", architecture(instance));
    xml.text("rootDeviceType", "ebs");
    xml.text("rootDeviceName", "/dev/xvda");
    xml.list(
        "blockDeviceMapping",
        &instance.volumes,
        |xml, (id, device, since, goes)| {
            xml.text("deviceName", device);
            xml.group("ebs", |xml| {
                xml.text("volumeId", id);
                xml.text("status", "attached");
                xml.time("attachTime", *since);
                xml.number("deleteOnTermination", goes);
            });
        },
    );
    xml.text("virtualizationType", "hvm");
    if instance.spot {
        xml.text("instanceLifecycle", "spot");
    }
    xml.tags(&instance.tags);
    xml.text("hypervisor", "xen");
    if let Some((code, message)) = state_reason(instance.running) {
        xml.group("stateReason", |xml| {
            xml.text("code", code);
            xml.text("message", &format!("{code}: {message}"));
        });
    }
    xml.number("ebsOptimized", false);
    xml.text("platformDetails", "Linux/UNIX");
    xml.text("usageOperation", "RunInstances");
}

/// StateTransitionReason: the only place where AWS says when an instance was stopped, and it
/// doesn't always.
fn reason(running: Running) -> String {
    match running {
        Running::Yes | Running::Stopped(_, StopStyle::FromInside) => String::new(),
        Running::Stopped(at, StopStyle::ByUser) | Running::Terminated(at) => {
            format!("User initiated ({} GMT)", at.format("%Y-%m-%d %H:%M:%S"))
        }
        Running::Stopped(_, StopStyle::SpotTakenBack) => "Server.SpotInstanceShutdown".to_owned(),
    }
}

fn state_reason(running: Running) -> Option<(&'static str, &'static str)> {
    Some(match running {
        Running::Yes => return None,
        Running::Stopped(_, StopStyle::ByUser) | Running::Terminated(_) => {
            ("Client.UserInitiatedShutdown", "User initiated shutdown")
        }
        Running::Stopped(_, StopStyle::FromInside) => (
            "Client.InstanceInitiatedShutdown",
            "Instance initiated shutdown",
        ),
        Running::Stopped(_, StopStyle::SpotTakenBack) => (
            "Server.SpotInstanceShutdown",
            "Instance was stopped because Spot capacity was taken back",
        ),
    })
}
