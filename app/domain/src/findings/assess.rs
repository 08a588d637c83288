//! Goes over the inventory with every check. Each volume, address and snapshot is counted once:
//! the first check that it fits has its money.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Assessed, Check, Held, Meter, Rates, Thresholds, Worth, cap,
    snapshots::{has_volume, is_images, is_managed, most},
    volumes::{Newer, Reckoned, cost, newer},
};
use crate::{
    inventory::{
        Address, Instance, InstanceState, Region, Resource, Snapshot, Volume, VolumeState,
        VolumeType,
    },
    money::Nanos,
};

/// Hours of a month of thirty days.
const HOURS: u64 = 720;
/// Types whose successors have been there for long.
const PREVIOUS: [&str; 20] = [
    "t1", "m1", "m2", "m3", "m4", "c1", "c3", "c4", "cc2", "r3", "r4", "cr1", "i2", "d2", "hs1",
    "a1", "g2", "g3", "p2", "p3",
];

/// A resource, and since when it is known to be in its state.
#[derive(Clone, Debug)]
pub struct Known<T> {
    /// What AWS said.
    pub resource: T,
    /// The first scan that saw it.
    pub first_seen: DateTime<Utc>,
    /// The first scan that saw it in its state, without interruption.
    pub state_since: DateTime<Utc>,
    /// Whether no scan saw it in another state: it may have been in it before.
    pub always: bool,
}

/// All that there is.
#[derive(Clone, Debug, Default)]
pub struct Stock {
    /// Instances.
    pub instances: Vec<Known<Instance>>,
    /// Volumes.
    pub volumes: Vec<Known<Volume>>,
    /// Elastic IP addresses.
    pub addresses: Vec<Known<Address>>,
    /// Snapshots.
    pub snapshots: Vec<Known<Snapshot>>,
    /// Where volumes may be unseen: a snapshot's may be there all the same.
    pub volumes_unseen: HashSet<Region>,
}

/// What all checks find.
#[must_use]
pub fn assess(
    stock: &Stock,
    rates: &Rates,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Vec<Assessed> {
    let mut found = Vec::new();
    let round = Round {
        stock,
        rates,
        thresholds,
        today,
    };
    let stopped = round.stopped();
    let mut counted = HashSet::new();
    round.unattached(&mut found);
    let idle = round.volumes_of(&stopped);
    round.stopped_instances(&stopped, &idle, &mut counted, &mut found);
    round.newer_volumes(&idle, &mut found);
    round.addresses(&counted, &mut found);
    round.snapshots(&mut found);
    round.hints(&mut found);
    cap::cut(&mut found, rates);
    found.retain(|one| one.per_month().0 > 0 || one.worth != Worth::Money);
    found
}

struct Round<'a> {
    stock: &'a Stock,
    rates: &'a Rates,
    thresholds: &'a Thresholds,
    today: NaiveDate,
}

/// Stopped instances by id, with since when.
type Stopped<'a> = BTreeMap<&'a str, (&'a Instance, NaiveDate)>;
/// Volumes that only stopped instances hold, by the id of the one that was stopped last.
type Idle<'a> = HashMap<&'a str, Vec<&'a Volume>>;

impl Round<'_> {
    fn has_been(&self, since: NaiveDate, days: u32) -> bool {
        // Seen only on a day that is yet to come, where another day is played: today, then.
        (self.today - since).num_days().max(0) >= i64::from(days)
    }

    fn stopped(&self) -> Stopped<'_> {
        let instances = self.stock.instances.iter();
        instances
            .filter(|known| known.resource.state == InstanceState::Stopped)
            .map(|known| {
                let one = &known.resource;
                let since = one.stopped_at.unwrap_or(known.state_since);
                (one.id.as_str(), (one, since.date_naive()))
            })
            .filter(|(_, (one, since))| {
                one.managed_by.is_none() && self.has_been(*since, self.thresholds.stopped)
            })
            .collect()
    }

    fn unattached(&self, found: &mut Vec<Assessed>) {
        for known in &self.stock.volumes {
            let volume = &known.resource;
            let since = known.state_since.date_naive();
            // One that we never saw in use: since when it may be unused, only its age tells.
            let made = volume.created_at.filter(|_| known.always);
            let aged = made.map_or(since, |made| made.date_naive().min(since));
            let unused = volume.state == VolumeState::Available
                && volume.attachments.is_empty()
                && volume.managed_by.is_none()
                && self.has_been(aged, self.thresholds.unattached);
            if !unused {
                continue;
            }
            let resource = Resource::Volume(volume.clone());
            let mut one = about(Check::UnattachedVolume, &resource, cost(volume, self.rates));
            one.since = Some(since);
            one.facts
                .push(fact("Unattached, as far as we know, since", since));
            one.command = delete_volume(volume);
            found.push(one);
        }
    }

    /// A volume that a running instance shares isn't idle. One that several stopped ones share
    /// has been idle since the last of them was stopped, and counts there.
    fn volumes_of<'b>(&'b self, stopped: &Stopped<'b>) -> Idle<'b> {
        let mut idle = Idle::new();
        let volumes = self.stock.volumes.iter().map(|known| &known.resource);
        for volume in volumes.filter(|volume| volume.managed_by.is_none()) {
            let holders = volume.attachments.iter().map(|one| {
                let id = one.instance.as_deref()?;
                let (id, (_, since)) = stopped.get_key_value(id)?;
                Some((*since, *id))
            });
            let holders: Option<Vec<_>> = holders.collect();
            if let Some((_, last)) = holders.and_then(|holders| holders.into_iter().max()) {
                idle.entry(last).or_default().push(volume);
            }
        }
        idle
    }

    /// A stopped instance with what it holds; after long, its volumes count on their own.
    fn stopped_instances(
        &self,
        stopped: &Stopped<'_>,
        idle: &Idle<'_>,
        counted: &mut HashSet<String>,
        found: &mut Vec<Assessed>,
    ) {
        for (id, (instance, since)) in stopped {
            let long = self.has_been(*since, self.thresholds.long_stopped);
            let (mut money, mut is_priced) = (Reckoned::default(), true);
            let mut mend = vec![format!(
                "aws ec2 terminate-instances --region {} --instance-ids {id}",
                instance.region
            )];
            for volume in idle.get(id).into_iter().flatten() {
                if long {
                    found.push(self.volume_of_stopped(volume, id, *since));
                    continue;
                }
                match cost(volume, self.rates) {
                    Some(cost) => money.append(cost),
                    None => is_priced = false,
                }
                // What doesn't go with the instance goes on costing.
                if !goes_with(volume, id) {
                    mend.push(delete_volume(volume));
                }
            }
            for known in &self.stock.addresses {
                let address = &known.resource;
                if address.instance.as_deref() == Some(id) && is_charged(address) {
                    match idle_hours(address, self.rates) {
                        Some(cost) => money.append(cost),
                        None => is_priced = false,
                    }
                    mend.push(release(address));
                    counted.insert(address.id.clone());
                }
            }
            let resource = Resource::Instance((*instance).clone());
            let is_hint = money.claims.is_empty();
            let mut one = about(Check::StoppedInstance, &resource, Some(money));
            if !is_priced {
                one.worth = Worth::NoPrice;
            } else if is_hint {
                one.worth = Worth::Hint;
            }
            one.since = Some(*since);
            let since = match instance.stopped_at {
                Some(_) => fact("Stopped since", *since),
                None => fact("Stopped, as far as we know, since", *since),
            };
            one.facts.push(since);
            let reason = instance.state_transition_reason.clone();
            one.facts
                .extend(reason.map(|reason| ("In AWS’s words".to_owned(), reason)));
            if long {
                let held = "counted on their own: it has been stopped for long".to_owned();
                one.facts.push(("Its volumes".to_owned(), held));
            }
            one.command = mend.join("\n");
            found.push(one);
        }
    }

    fn volume_of_stopped(&self, volume: &Volume, instance: &str, since: NaiveDate) -> Assessed {
        let resource = Resource::Volume(volume.clone());
        let mut one = about(Check::VolumeOfStopped, &resource, cost(volume, self.rates));
        one.since = Some(since);
        one.facts.push((
            "Attached to".to_owned(),
            format!("{instance}, stopped since {since}"),
        ));
        one.command = format!(
            "aws ec2 detach-volume --region {} --volume-id {}\n{}",
            volume.region,
            volume.id,
            delete_volume(volume)
        );
        one.subject = format!("{} of {instance} stopped", one.subject);
        one
    }

    fn newer_volumes(&self, idle: &Idle<'_>, found: &mut Vec<Assessed>) {
        let counted: HashSet<&str> = (idle.values().flatten())
            .map(|volume| volume.id.as_str())
            .collect();
        for known in &self.stock.volumes {
            let volume = &known.resource;
            let check = match volume.volume_type {
                VolumeType::Gp2 => Check::Gp2ToGp3,
                VolumeType::Io1 => Check::Io1ToNewer,
                _ => continue,
            };
            let in_use = volume.state == VolumeState::InUse && volume.managed_by.is_none();
            if !in_use || counted.contains(&*volume.id) || volume.multi_attach {
                continue;
            }
            let (money, options) = match newer(volume, self.rates) {
                Newer::Saves(money, options) => (Some(money), options),
                Newer::NoPrice(options) => (None, options),
                Newer::Nothing => continue,
            };
            let resource = Resource::Volume(volume.clone());
            let mut one = about(check, &resource, money);
            let since = known.first_seen.date_naive();
            one.since = Some(since);
            one.facts.push(fact("First seen", since));
            one.command = format!(
                "aws ec2 modify-volume --region {} --volume-id {} {options}",
                volume.region, volume.id
            );
            // Being detached doesn't make it a newer kind.
            one.subject = resource.detail();
            found.push(one);
        }
    }

    fn addresses(&self, counted: &HashSet<String>, found: &mut Vec<Assessed>) {
        for known in &self.stock.addresses {
            let (address, since) = (&known.resource, known.state_since.date_naive());
            let idle = address.is_idle()
                && is_charged(address)
                && !counted.contains(&address.id)
                && self.has_been(since, self.thresholds.idle_address);
            if !idle {
                continue;
            }
            let resource = Resource::Address(address.clone());
            let money = idle_hours(address, self.rates);
            let mut one = about(Check::IdleAddress, &resource, money);
            one.since = Some(since);
            one.facts
                .push(fact("Idle, as far as we know, since", since));
            one.command = release(address);
            found.push(one);
        }
    }

    fn snapshots(&self, found: &mut Vec<Assessed>) {
        let volumes = self.stock.volumes.iter();
        let volumes: HashSet<&str> = volumes.map(|known| known.resource.id.as_str()).collect();
        for known in &self.stock.snapshots {
            let snapshot = &known.resource;
            if is_images(snapshot) || is_managed(snapshot) {
                continue;
            }
            let made = snapshot.started_at.map(|at| at.date_naive());
            let volume = snapshot.volume.as_deref().unwrap_or_default();
            let orphan = has_volume(snapshot)
                && !volumes.contains(volume)
                && !self.stock.volumes_unseen.contains(&snapshot.region);
            let old = made.is_some_and(|made| self.has_been(made, self.thresholds.old_snapshot));
            let check = match (orphan, old) {
                (true, _) => Check::OrphanSnapshot,
                (false, true) => Check::OldSnapshot,
                (false, false) => continue,
            };
            let resource = Resource::Snapshot(snapshot.clone());
            let mut one = about(check, &resource, most(snapshot, self.rates));
            one.since = made;
            one.facts.extend(made.map(|made| fact("Made on", made)));
            one.facts.extend(
                (snapshot.description.clone()).map(|text| ("Description".to_owned(), text)),
            );
            one.command = format!(
                "aws ec2 delete-snapshot --region {} --snapshot-id {}",
                snapshot.region, snapshot.id
            );
            found.push(one);
        }
    }

    fn hints(&self, found: &mut Vec<Assessed>) {
        for known in &self.stock.instances {
            let instance = &known.resource;
            if instance.managed_by.is_some() || instance.state != InstanceState::Running {
                continue;
            }
            let (family, size) = instance.instance_type.split_once('.').unwrap_or_default();
            let resource = Resource::Instance(instance.clone());
            let started = instance.launched_at.map(|at| at.date_naive());
            let since = started.unwrap_or_else(|| known.state_since.date_naive());
            if PREVIOUS.contains(&family) {
                let mut one = hint(Check::PreviousGeneration, &resource);
                one.since = Some(since);
                one.command = format!(
                    "aws ec2 describe-instance-types --region {} --filters \
                     Name=current-generation,Values=true --query \
                     \"InstanceTypes[].InstanceType\"",
                    instance.region
                );
                found.push(one);
            }
            if is_large(size) && self.has_been(since, self.thresholds.running) {
                let mut one = hint(Check::LongRunning, &resource);
                one.since = Some(since);
                one.facts.push(fact("Running since", since));
                one.command = format!(
                    "aws ec2 stop-instances --region {} --instance-ids {}",
                    instance.region, instance.id
                );
                found.push(one);
            }
        }
    }
}

/// `4xlarge` and more, and whole machines.
fn is_large(size: &str) -> bool {
    let times = size.strip_suffix("xlarge");
    size.starts_with("metal")
        || times.is_some_and(|times| times.parse::<u32>().is_ok_and(|times| times >= 4))
}

/// Whether AWS deletes the volume with the instance.
fn goes_with(volume: &Volume, instance: &str) -> bool {
    let mut attachments = volume.attachments.iter();
    attachments.all(|one| {
        one.instance.as_deref() == Some(instance) && one.delete_on_termination == Some(true)
    })
}

/// An account's own addresses cost nothing.
fn is_charged(address: &Address) -> bool {
    address.pool.as_deref().is_none_or(|pool| pool == "amazon") && address.service_managed.is_none()
}

/// What an address costs in a month; `None` where its price is unknown.
pub(super) fn idle_hours(address: &Address, rates: &Rates) -> Option<Reckoned> {
    let mut money = Reckoned::default();
    let ip = address.public_ip.as_deref().unwrap_or(&address.id);
    let words = format!("{ip}: {HOURS} hours of a month of 30 days");
    let region = address.region.as_str();
    money.add(rates, region, Meter::IdleAddress, (HOURS, 1), &words)?;
    Some(money.paid_for(|cost| Held::address(address, cost)))
}

fn release(address: &Address) -> String {
    format!(
        "aws ec2 release-address --region {} --allocation-id {}",
        address.region, address.id
    )
}

fn delete_volume(volume: &Volume) -> String {
    format!(
        "aws ec2 create-snapshot --region {region} --volume-id {id}\n\
         aws ec2 delete-volume --region {region} --volume-id {id}",
        region = volume.region,
        id = volume.id
    )
}

fn fact(what: &str, day: NaiveDate) -> (String, String) {
    (what.to_owned(), day.format("%-d %b %Y").to_string())
}

/// Something that costs, or `None` where its price is unknown.
fn about(check: Check, resource: &Resource, money: Option<Reckoned>) -> Assessed {
    let is_priced = money.is_some();
    let money = money.unwrap_or_default();
    let claimed = Nanos(money.total());
    let facts = [
        ("State", resource.state().to_owned()),
        ("What", resource.detail()),
    ];
    Assessed {
        check,
        kind: resource.kind(),
        region: resource.region().to_string(),
        resource: resource.id().to_owned(),
        name: resource.name().map(str::to_owned),
        since: None,
        facts: facts.map(|(what, value)| (what.to_owned(), value)).to_vec(),
        lines: money.lines,
        claims: money.claims,
        upper_bound: check.is_upper_bound(),
        cut: false,
        claimed,
        held: money.held,
        worth: match (is_priced, claimed.0) {
            (false, _) => Worth::NoPrice,
            (true, ..=0) => Worth::Free,
            (true, _) => Worth::Money,
        },
        command: String::new(),
        console: resource.console_link(),
        subject: format!("{} {}", resource.state(), resource.detail()),
    }
}

/// Something that has no money.
fn hint(check: Check, resource: &Resource) -> Assessed {
    let mut one = about(check, resource, Some(Reckoned::default()));
    one.worth = Worth::Hint;
    one
}

#[cfg(test)]
#[path = "assess_tests.rs"]
mod tests;
