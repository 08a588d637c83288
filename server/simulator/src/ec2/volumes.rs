//! DescribeVolumes.

use super::filter::{Filtered, Filters};
use super::page::{Page, Rules};
use super::parameters::Parameters;
use super::xml::Xml;
use super::{Context, in_region};
use crate::books::inventory::Volume;
use crate::error::{AwsError, Cause};

const RULES: Rules = Rules {
    ids: "volumesSet",
    strict: false,
};

impl Filtered for Volume {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let attachment = self.attachment.as_ref();
        let attached = |text: Option<String>| Some(text.into_iter().collect());
        Some(vec![match filter {
            "volume-id" => self.id.clone(),
            "status" => status(self).to_owned(),
            "volume-type" => self.kind.name().to_owned(),
            "size" => self.gib.to_string(),
            "availability-zone" => self.zone.clone(),
            "encrypted" => self.encrypted.to_string(),
            "snapshot-id" => self.snapshot.clone(),
            "attachment.instance-id" => return attached(attachment.map(|a| a.instance.clone())),
            "attachment.device" => return attached(attachment.map(|a| a.device.to_owned())),
            "attachment.status" => return attached(attachment.map(|_| "attached".to_owned())),
            "attachment.delete-on-termination" => {
                return attached(attachment.map(|a| a.delete_on_termination.to_string()));
            }
            _ => return None,
        }])
    }

    fn tags(&self) -> &[(String, String)] {
        &self.tags
    }
}

fn status(volume: &Volume) -> &'static str {
    match volume.attachment {
        Some(_) => "in-use",
        None => "available",
    }
}

/// See the module.
pub(super) fn describe(
    context: &Context<'_>,
    parameters: &Parameters<'_>,
    xml: &mut Xml,
) -> Result<(), AwsError> {
    let ids = parameters.list("VolumeId");
    let page = Page::read(context, parameters, &RULES, !ids.is_empty())?;
    let seen = context.books.inventory().seen(page.today);
    let here = in_region(&seen.volumes, context.region, |volume| volume.region);
    if let Some(id) = ids
        .iter()
        .find(|id| here.iter().all(|volume| volume.id != **id))
    {
        let text = format!("The volume '{id}' does not exist.");
        return Err(AwsError::new(
            Cause::Other("InvalidVolume.NotFound", 400),
            text,
        ));
    }
    let asked = here
        .iter()
        .filter(|volume| ids.is_empty() || ids.contains(&volume.id.as_str()))
        .collect();
    let volumes = Filters::read(parameters).of(asked)?;
    let volumes = page.cut(context, &volumes, xml);
    xml.list("volumeSet", volumes, |xml, volume| write(xml, volume));
    Ok(())
}

fn write(xml: &mut Xml, volume: &Volume) {
    xml.text("volumeId", &volume.id);
    xml.number("size", volume.gib);
    xml.text("snapshotId", &volume.snapshot);
    xml.text("availabilityZone", &volume.zone);
    xml.text("status", status(volume));
    xml.time("createTime", volume.created);
    xml.list("attachmentSet", &volume.attachment, |xml, attachment| {
        xml.text("volumeId", &volume.id);
        xml.text("instanceId", &attachment.instance);
        xml.text("device", attachment.device);
        xml.text("status", "attached");
        xml.time("attachTime", attachment.since);
        xml.number("deleteOnTermination", attachment.delete_on_termination);
    });
    xml.tags(&volume.tags);
    xml.text("volumeType", volume.kind.name());
    if let Some(iops) = volume.iops {
        xml.number("iops", iops);
    }
    if let Some(throughput) = volume.throughput {
        xml.number("throughput", throughput);
    }
    xml.number("encrypted", volume.encrypted);
    xml.number("multiAttachEnabled", false);
}
