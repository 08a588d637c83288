//! Goes over the inventory with every check. Each volume, address and snapshot is counted once:
//! the first check that it fits has its money.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Assessed, Check, Meter, Rates, Thresholds, cap,
    snapshots::{has_volume, is_images, is_managed, most},
    volumes::{Reckoned, cost, newer},
};
use crate::inventory::{
    Address, Instance, InstanceState, Region, Resource, Snapshot, Volume, VolumeState, VolumeType,
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
    round.stopped_instances(&stopped, &mut counted, &mut found);
    round.newer_volumes(&stopped, &mut found);
    round.addresses(&counted, &mut found);
    round.snapshots(&mut found);
    round.hints(&mut found);
    cap::cut(&mut found, rates);
    found.retain(|one| one.per_month().0 > 0 || is_hint(one.check));
    found
}

const fn is_hint(check: Check) -> bool {
    matches!(
        check,
        Check::StoppedInstance | Check::PreviousGeneration | Check::LongRunning
    )
}

struct Round<'a> {
    stock: &'a Stock,
    rates: &'a Rates,
    thresholds: &'a Thresholds,
    today: NaiveDate,
}

/// Stopped instances by id, with since when.
type Stopped<'a> = HashMap<&'a str, (&'a Instance, NaiveDate)>;

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
            let Some(money) = unused.then(|| cost(volume, self.rates)).flatten() else {
                continue;
            };
            let mut one = about(
                Check::UnattachedVolume,
                &Resource::Volume(volume.clone()),
                money,
            );
            one.since = Some(since);
            one.facts
                .push(fact("Unattached, as far as we know, since", since));
            one.command = delete_volume(volume);
            found.push(one);
        }
    }

    /// A stopped instance with what it holds; after long, its volumes count on their own.
    fn stopped_instances(
        &self,
        stopped: &Stopped<'_>,
        counted: &mut HashSet<String>,
        found: &mut Vec<Assessed>,
    ) {
        let mut ids: Vec<_> = stopped.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            let Some((instance, since)) = stopped.get(id) else {
                continue;
            };
            let long = self.has_been(*since, self.thresholds.long_stopped);
            let mut money = Reckoned::default();
            for volume in self.volumes_of(id) {
                let Some(cost) = cost(volume, self.rates) else {
                    continue;
                };
                if !long {
                    money.append(cost);
                    continue;
                }
                let resource = Resource::Volume(volume.clone());
                let mut one = about(Check::VolumeOfStopped, &resource, cost);
                one.since = Some(*since);
                one.facts.push((
                    "Attached to".to_owned(),
                    format!("{id}, stopped since {since}"),
                ));
                one.command = format!(
                    "aws ec2 detach-volume --region {} --volume-id {}\n{}",
                    volume.region,
                    volume.id,
                    delete_volume(volume)
                );
                one.subject = format!("{} of {id} stopped", one.subject);
                found.push(one);
            }
            for known in &self.stock.addresses {
                let address = &known.resource;
                if address.instance.as_deref() == Some(id) && is_charged(address) {
                    money.append(idle_hours(address, self.rates).unwrap_or_default());
                    counted.insert(address.id.clone());
                }
            }
            let resource = Resource::Instance((*instance).clone());
            let mut one = about(Check::StoppedInstance, &resource, money);
            one.since = Some(*since);
            one.facts.push(fact("Stopped since", *since));
            let reason = instance.state_transition_reason.clone();
            one.facts
                .extend(reason.map(|reason| ("In AWS’s words".to_owned(), reason)));
            if long {
                let held = "counted on their own: it has been stopped for long".to_owned();
                one.facts.push(("Its volumes".to_owned(), held));
            }
            one.command = format!(
                "aws ec2 terminate-instances --region {} --instance-ids {id}",
                instance.region
            );
            found.push(one);
        }
    }

    fn volumes_of<'b>(&'b self, instance: &'b str) -> impl Iterator<Item = &'b Volume> {
        let volumes = self.stock.volumes.iter().map(|known| &known.resource);
        volumes.filter(move |volume| {
            volume.managed_by.is_none() && attached_to(volume).any(|id| id == instance)
        })
    }

    fn newer_volumes(&self, stopped: &Stopped<'_>, found: &mut Vec<Assessed>) {
        for known in &self.stock.volumes {
            let volume = &known.resource;
            let is_counted = attached_to(volume).any(|id| stopped.contains_key(id));
            let check = match volume.volume_type {
                VolumeType::Gp2 => Check::Gp2ToGp3,
                VolumeType::Io1 => Check::Io1ToNewer,
                _ => continue,
            };
            let in_use = volume.state == VolumeState::InUse && volume.managed_by.is_none();
            if !in_use || is_counted || volume.multi_attach {
                continue;
            }
            let Some((money, options)) = newer(volume, self.rates) else {
                continue;
            };
            let mut one = about(check, &Resource::Volume(volume.clone()), money);
            one.command = format!(
                "aws ec2 modify-volume --region {} --volume-id {} {options}",
                volume.region, volume.id
            );
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
            let Some(money) = idle.then(|| idle_hours(address, self.rates)).flatten() else {
                continue;
            };
            let resource = Resource::Address(address.clone());
            let mut one = about(Check::IdleAddress, &resource, money);
            one.since = Some(since);
            one.facts
                .push(fact("Idle, as far as we know, since", since));
            one.command = format!(
                "aws ec2 release-address --region {} --allocation-id {}",
                address.region, address.id
            );
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
            let Some(money) = most(snapshot, self.rates) else {
                continue;
            };
            let mut one = about(check, &Resource::Snapshot(snapshot.clone()), money);
            one.since = made;
            one.upper_bound = true;
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
            if PREVIOUS.contains(&family) {
                let mut one = about(Check::PreviousGeneration, &resource, Reckoned::default());
                one.command = format!(
                    "aws ec2 describe-instance-types --region {} --filters \
                     Name=current-generation,Values=true --query \
                     \"InstanceTypes[].InstanceType\"",
                    instance.region
                );
                found.push(one);
            }
            let started = instance.launched_at.map(|at| at.date_naive());
            let since = started.unwrap_or_else(|| known.state_since.date_naive());
            if is_large(size) && self.has_been(since, self.thresholds.running) {
                let mut one = about(Check::LongRunning, &resource, Reckoned::default());
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

fn attached_to(volume: &Volume) -> impl Iterator<Item = &str> {
    let attachments = volume.attachments.iter();
    attachments.filter_map(|attachment| attachment.instance.as_deref())
}

/// An account's own addresses cost nothing.
fn is_charged(address: &Address) -> bool {
    address.pool.as_deref().is_none_or(|pool| pool == "amazon") && address.service_managed.is_none()
}

fn idle_hours(address: &Address, rates: &Rates) -> Option<Reckoned> {
    let mut money = Reckoned::default();
    let ip = address.public_ip.as_deref().unwrap_or(&address.id);
    let words = format!("{ip}: {HOURS} hours of a month of 30 days");
    let region = address.region.as_str();
    money.add(rates, region, Meter::IdleAddress, (HOURS, 1), &words)?;
    Some(money)
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

fn about(check: Check, resource: &Resource, money: Reckoned) -> Assessed {
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
        upper_bound: false,
        cut: false,
        command: String::new(),
        console: resource.console_link(),
        subject: format!("{} {}", resource.state(), resource.detail()),
    }
}

#[cfg(test)]
#[path = "assess_tests.rs"]
mod tests;
