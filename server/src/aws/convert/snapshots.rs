//! DescribeSnapshots, the account's own.

use aws_sdk_ec2::{
    operation::describe_snapshots::DescribeSnapshotsOutput, types::Snapshot as Told,
};
use domain::inventory::{Region, Snapshot};

use super::{
    ConvertError,
    gather::{Gather, Known},
    member::{count, required, tags, text, time},
};

/// Snapshots of a region while their pages come in.
pub(in crate::aws) struct Snapshots<'a> {
    region: &'a Region,
    known: Known<String, Snapshot>,
}

impl<'a> Snapshots<'a> {
    pub(in crate::aws) const fn new(region: &'a Region) -> Self {
        Self {
            region,
            known: Known::new("snapshotId"),
        }
    }
}

impl Gather for Snapshots<'_> {
    type Page = DescribeSnapshotsOutput;
    type Whole = Vec<Snapshot>;

    fn add(&mut self, page: DescribeSnapshotsOutput) -> Result<Option<String>, ConvertError> {
        for told in page.snapshots.ok_or(ConvertError::NoData)? {
            let snapshot = read(told, self.region)?;
            self.known.insert(snapshot.id.clone(), snapshot)?;
        }
        Ok(page.next_token)
    }

    fn finish(self) -> Result<Self::Whole, ConvertError> {
        Ok(self.known.into_values())
    }
}

fn read(told: Told, region: &Region) -> Result<Snapshot, ConvertError> {
    let full_size = told.full_snapshot_size_in_bytes.map(u64::try_from);
    Ok(Snapshot {
        id: required(text(told.snapshot_id), "snapshotId")?,
        region: region.clone(),
        state: required(told.state, "status")?.as_str().into(),
        volume: text(told.volume_id),
        volume_size_gib: count(required(told.volume_size, "volumeSize")?, "volumeSize")?,
        full_size_bytes: full_size
            .transpose()
            .map_err(|_| ConvertError::Senseless("fullSnapshotSizeInBytes"))?,
        tier: told.storage_tier.map(|tier| tier.as_str().into()),
        started_at: time(told.start_time, "startTime")?,
        owner: text(told.owner_id),
        description: text(told.description),
        encrypted: told.encrypted,
        restore_expires_at: time(told.restore_expiry_time, "restoreExpiryTime")?,
        tags: tags(told.tags)?,
    })
}
