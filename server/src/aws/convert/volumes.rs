//! DescribeVolumes.

use aws_sdk_ec2::{
    operation::describe_volumes::DescribeVolumesOutput,
    types::{Volume as Told, VolumeAttachment},
};
use domain::inventory::{Attachment, Region, Volume};

use super::{
    ConvertError,
    gather::{Gather, Known},
    member::{count, managed_by, required, tags, text, time},
};

/// Volumes of a region while their pages come in.
pub(in crate::aws) struct Volumes<'a> {
    region: &'a Region,
    known: Known<String, Volume>,
}

impl<'a> Volumes<'a> {
    pub(in crate::aws) const fn new(region: &'a Region) -> Self {
        Self {
            region,
            known: Known::new("volumeId"),
        }
    }
}

impl Gather for Volumes<'_> {
    type Page = DescribeVolumesOutput;
    type Whole = Vec<Volume>;

    fn add(&mut self, page: DescribeVolumesOutput) -> Result<Option<String>, ConvertError> {
        for told in page.volumes.ok_or(ConvertError::NoData)? {
            let volume = read(told, self.region)?;
            self.known.insert(volume.id.clone(), volume)?;
        }
        Ok(page.next_token)
    }

    fn finish(self) -> Result<Self::Whole, ConvertError> {
        Ok(self.known.into_values())
    }
}

fn read(told: Told, region: &Region) -> Result<Volume, ConvertError> {
    let optional = |number: Option<i32>, place| number.map(|number| count(number, place));
    let attachments = told.attachments.unwrap_or_default();
    Ok(Volume {
        id: required(text(told.volume_id), "volumeId")?,
        region: region.clone(),
        zone: text(told.availability_zone),
        volume_type: required(told.volume_type, "volumeType")?.as_str().into(),
        state: required(told.state, "status")?.as_str().into(),
        size_gib: count(required(told.size, "size")?, "size")?,
        iops: optional(told.iops, "iops").transpose()?,
        throughput_mib: optional(told.throughput, "throughput").transpose()?,
        created_at: time(told.create_time, "createTime")?,
        multi_attach: told.multi_attach_enabled.unwrap_or(false),
        encrypted: told.encrypted,
        snapshot: text(told.snapshot_id),
        managed_by: managed_by(told.operator),
        attachments: attachments
            .into_iter()
            .map(attachment)
            .collect::<Result<_, _>>()?,
        tags: tags(told.tags)?,
    })
}

fn attachment(told: VolumeAttachment) -> Result<Attachment, ConvertError> {
    Ok(Attachment {
        instance: text(told.instance_id),
        device: text(told.device),
        state: told.state.map(|state| state.as_str().into()),
        attached_at: time(told.attach_time, "attachTime")?,
        delete_on_termination: told.delete_on_termination,
    })
}
