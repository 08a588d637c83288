//! DescribeSnapshots: the account's own and, for those who don't name an owner, some public ones.

use chrono::{DateTime, TimeDelta, Utc};

use super::filter::{Filtered, Filters};
use super::page::{Page, Rules};
use super::parameters::Parameters;
use super::xml::Xml;
use super::{Context, in_region};
use crate::books::inventory::Snapshot;
use crate::books::mix;
use crate::error::{AwsError, Cause};

const RULES: Rules = Rules {
    ids: "snapshotSet",
    strict: true,
};
const PUBLIC_PER_REGION: u64 = 40;
/// Owners of public snapshots; the first has an alias.
const STRANGERS: [&str; 3] = ["999900001111", "999900002222", "999900003333"];
const ALIAS: &str = "amazon";

/// A snapshot and who owns it.
struct Owned<'a> {
    owner: &'a str,
    snapshot: &'a Snapshot,
}

impl Filtered for Owned<'_> {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let Snapshot {
            id,
            volume,
            gib,
            archived,
            encrypted,
            description,
            ..
        } = self.snapshot;
        Some(vec![match filter {
            "snapshot-id" => id.clone(),
            "volume-id" => volume.clone(),
            "volume-size" => gib.to_string(),
            "owner-id" => self.owner.to_owned(),
            "owner-alias" if self.owner == STRANGERS[0] => ALIAS.to_owned(),
            "owner-alias" => return Some(Vec::new()),
            "status" => "completed".to_owned(),
            "progress" => "100%".to_owned(),
            "encrypted" => encrypted.to_string(),
            "description" => description.clone(),
            "storage-tier" => tier(*archived).to_owned(),
            _ => return None,
        }])
    }

    fn tags(&self) -> &[(String, String)] {
        &self.snapshot.tags
    }
}

fn tier(archived: bool) -> &'static str {
    match archived {
        true => "archive",
        false => "standard",
    }
}

/// See the module.
pub(super) fn describe(
    context: &Context<'_>,
    parameters: &Parameters<'_>,
    xml: &mut Xml,
) -> Result<(), AwsError> {
    let ids = parameters.list("SnapshotId");
    let page = Page::read(context, parameters, &RULES, !ids.is_empty())?;
    let seen = context.books.inventory().seen(page.today);
    let own = in_region(&seen.snapshots, context.region, |one| one.region);
    let public = public(context.region);
    let account = context.caller.account();
    let mut all: Vec<Owned<'_>> = own
        .iter()
        .map(|snapshot| Owned {
            owner: account,
            snapshot,
        })
        .chain(
            public
                .iter()
                .map(|(owner, snapshot)| Owned { owner, snapshot }),
        )
        .collect();
    let owners = parameters.list("Owner");
    all.retain(|one| {
        owners.is_empty()
            || owners.iter().any(|owner| match *owner {
                "self" => one.owner == account,
                ALIAS => one.owner == STRANGERS[0],
                id => one.owner == id,
            })
    });
    if let Some(id) = ids
        .iter()
        .find(|id| all.iter().all(|one| one.snapshot.id != **id))
    {
        let text = format!("The snapshot '{id}' does not exist.");
        return Err(AwsError::new(
            Cause::Other("InvalidSnapshot.NotFound", 400),
            text,
        ));
    }
    let asked = all
        .iter()
        .filter(|one| ids.is_empty() || ids.contains(&one.snapshot.id.as_str()))
        .collect();
    let snapshots = Filters::read(parameters).of(asked)?;
    let snapshots = page.cut(context, &snapshots, xml);
    xml.list("snapshotSet", snapshots, |xml, one| {
        write(xml, one.owner, one.snapshot);
    });
    Ok(())
}

fn write(xml: &mut Xml, owner: &str, snapshot: &Snapshot) {
    xml.text("snapshotId", &snapshot.id);
    xml.text("volumeId", &snapshot.volume);
    xml.text("status", "completed");
    xml.time("startTime", snapshot.started);
    xml.text("progress", "100%");
    xml.text("ownerId", owner);
    if owner == STRANGERS[0] {
        xml.text("ownerAlias", ALIAS);
    }
    xml.number("volumeSize", snapshot.gib);
    xml.text("description", &snapshot.description);
    xml.tags(&snapshot.tags);
    xml.number("encrypted", snapshot.encrypted);
    xml.text("storageTier", tier(snapshot.archived));
    if !snapshot.archived {
        xml.number("fullSnapshotSizeInBytes", snapshot.full << 30);
    }
}

/// Snapshots that strangers share with everyone. The same on every day.
fn public(region: &str) -> Vec<(&'static str, Snapshot)> {
    let place = region
        .bytes()
        .fold(7, |sum, byte| mix(&[sum, u64::from(byte)]));
    (0..PUBLIC_PER_REGION)
        .map(|number| {
            let chance = |kind| mix(&[place, number, kind]);
            let gib = 8 + i64::from((chance(1) % 92) as u8);
            let age = TimeDelta::hours(i64::from((chance(2) % 20_000) as u16));
            let owner = STRANGERS[usize::try_from(chance(3) % 3).unwrap_or(0)];
            let snapshot = Snapshot {
                region: "",
                id: format!("snap-0{:016x}", chance(4)),
                volume: "vol-ffffffff".to_owned(),
                started: DateTime::<Utc>::from_timestamp(1_600_000_000, 0).unwrap_or_default()
                    + age,
                gib,
                stored: gib,
                full: gib,
                archived: false,
                encrypted: false,
                description: "Shared with everyone".to_owned(),
                tags: Vec::new(),
            };
            (owner, snapshot)
        })
        .collect()
}
