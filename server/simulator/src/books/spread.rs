//! Spreads the catalogue over a company's accounts, regions and teams: the company's lines.

use super::amount::{SCALE, scaled};
use super::catalogue::{PLAN_RATE, PLAN_UPFRONT, RESERVATION_MONTH, stems};
use super::commitments::instances;
use super::company::{Account, Company, Role};
use super::inventory::{self, Inventory};
use super::line::{Line, Plan};
use super::noise::{between, mix, text};
use super::stem::{Kind, Place, Rhythm, Stem};

const MILLION: i64 = 1_000_000;
const CENT: i64 = 100_000_000;
const NO_REGION: &str = "NoRegion";

/// Region, prefix of its usage types, parts in a million of an account's usage.
const REGIONS: [(&str, &str, i64); 6] = [
    ("us-east-1", "", 380_000),
    ("eu-west-1", "EU-", 240_000),
    ("eu-central-1", "EUC1-", 140_000),
    ("us-west-2", "USW2-", 120_000),
    ("ap-southeast-1", "APS1-", 70_000),
    ("ap-northeast-1", "APN1-", 50_000),
];
const TEAMS: [&str; 5] = ["platform", "storefront", "payments", "search", "data"];

/// All lines of a company, in an order that never changes for a seed.
pub(crate) fn lines(company: &Company, seed: u64, inventory: &Inventory) -> Vec<Line> {
    if company.size == 0 {
        return Vec::new();
    }
    let seed = mix(&[seed, company.salt]);
    let mut lines = Vec::new();
    let bought = |(_, stem): &(usize, &Stem)| company.buys(stem.code);
    for (index, stem) in stems().enumerate().filter(bought) {
        for (account, region, weight) in places(stem, company, seed) {
            // What the payer has there is in the inventory.
            if account.role == Role::Payer && inventory::owns(stem.usage) {
                continue;
            }
            let salt = mix(&[seed, index as u64, text(account.id), text(region)]);
            for (part, tags) in teams(stem, account, salt) {
                let weight = scaled(weight, part, MILLION);
                lines.push(line(
                    stem,
                    company,
                    account,
                    region,
                    weight,
                    tags,
                    mix(&[salt, part.unsigned_abs()]),
                ));
            }
        }
    }
    lines.extend(inventory::lines(inventory, company));
    take_back_covered(&mut lines);
    price_reservation(&mut lines);
    price_plan(&mut lines, company);
    price_tax(&mut lines);
    lines
}

/// What the usage types of a region begin with.
pub(crate) fn prefix(region: &str) -> &'static str {
    REGIONS
        .iter()
        .find(|(name, _, _)| *name == region)
        .map_or("", |(_, prefix, _)| prefix)
}

/// Where a stem is used and the share of its amount there, in parts in a million.
fn places(stem: &Stem, company: &Company, seed: u64) -> Vec<(&'static Account, &'static str, i64)> {
    let accounts = company.accounts;
    let of = |role: Role| accounts.iter().find(|a| a.role == role).or(accounts.last());
    let home = REGIONS[0].0;
    let one = |account: Option<&'static Account>, region| {
        account
            .map(|account| (account, region, MILLION))
            .into_iter()
            .collect()
    };
    match stem.place {
        Place::Everywhere => accounts
            .iter()
            .flat_map(|account| spread(stem, account, seed))
            .collect(),
        Place::Home => accounts
            .iter()
            .map(|account| (account, home, account.weight))
            .collect(),
        Place::Global => {
            let region = if stem.kind == Kind::Tax {
                NO_REGION
            } else {
                "global"
            };
            accounts
                .iter()
                .map(|account| (account, region, account.weight))
                .collect()
        }
        Place::Payer => {
            let region = if stem.kind == Kind::Usage {
                home
            } else {
                NO_REGION
            };
            one(of(Role::Payer), region)
        }
        Place::Production => one(of(Role::Production), home),
        Place::Data => one(of(Role::Data), home),
        Place::Spike => [
            (Role::Staging, REGIONS[3].0),
            (Role::Data, REGIONS[2].0),
            (Role::Production, REGIONS[4].0),
        ]
        .into_iter()
        .filter_map(|(role, region)| of(role).map(|account| (account, region, MILLION)))
        .collect(),
    }
}

fn spread(
    stem: &Stem,
    account: &'static Account,
    seed: u64,
) -> Vec<(&'static Account, &'static str, i64)> {
    let likely = if account.role == Role::Production {
        75
    } else {
        25
    };
    REGIONS
        .iter()
        .enumerate()
        .filter(|(index, (region, _, _))| {
            let chance = mix(&[seed, text(stem.service), text(account.id), text(region)]) % 100;
            *index == 0 || chance < likely
        })
        .map(|(_, (region, _, weight))| {
            (account, *region, scaled(account.weight, *weight, MILLION))
        })
        .collect()
}

type Tags = Vec<(&'static str, &'static str)>;

/// The teams that share a line, with their parts in a million, and their tags. Some usage has
/// no tags at all, some no team.
fn teams(stem: &Stem, account: &Account, salt: u64) -> Vec<(i64, Tags)> {
    if !stem.tagged {
        return vec![(MILLION, Vec::new())];
    }
    let environment = match account.role {
        Role::Production | Role::Data => "production",
        Role::Staging if salt.is_multiple_of(3) => "development",
        Role::Staging => "staging",
        Role::Payer => "shared",
    };
    let team = TEAMS[usize::try_from(mix(&[salt, 1]) % 5).unwrap_or(0)];
    let owned = vec![("Environment", environment), ("Team", team)];
    match mix(&[salt, 2]) % 10 {
        0 | 1 => vec![(MILLION, Vec::new())],
        2 => vec![(MILLION, vec![("Environment", environment)])],
        3 | 4 => vec![(650_000, owned), (350_000, Vec::new())],
        _ => vec![(MILLION, owned)],
    }
}

fn line(
    stem: &Stem,
    company: &Company,
    account: &'static Account,
    region: &'static str,
    weight: i64,
    tags: Tags,
    salt: u64,
) -> Line {
    let (instance, family, normalized) =
        stem.instance
            .unwrap_or(("NoInstanceType", "NoInstanceTypeFamily", 0));
    let zone = ["a", "b", "c"][usize::try_from(mix(&[salt, 3]) % 3).unwrap_or(0)];
    let machine = stem.instance.is_some() && stem.code == "AmazonEC2";
    let (price, quantity) = amounts(stem, company, weight);
    Line {
        service: stem.service,
        service_code: stem.code,
        linked_account: account.id,
        linked_account_name: account.name,
        payer_account: company.payer,
        region,
        az: if machine {
            format!("{region}{zone}")
        } else {
            "NoAZ".to_owned()
        },
        usage_type: format!("{}{}", prefix(region), stem.usage),
        operation: stem.operation,
        record_type: stem.kind.record_type(),
        purchase_type: purchase_type(stem),
        instance_type: instance,
        instance_family: family,
        database_engine: stem.engine.unwrap_or("NoDatabaseEngine"),
        cache_engine: stem.cache.unwrap_or("NoCacheEngine"),
        deployment_option: stem.deployment.unwrap_or("NoDeploymentOption"),
        platform: if machine { "Linux/UNIX" } else { "NoPlatform" },
        unit: stem.unit,
        tags,
        role: account.role,
        plan: Plan {
            kind: stem.kind,
            rhythm: stem.rhythm,
            price,
            quantity,
            growth: stem.growth + between(mix(&[text(stem.service), 4]), -3_000, 16_000),
            normalized,
            // Things are many and cheap, or can't be had in part.
            whole: price < 1_000_000 || stem.unit == "Requests",
            salt,
            service_salt: mix(&[text(stem.service), 5]),
        },
    }
}

fn purchase_type(stem: &Stem) -> &'static str {
    match stem.kind {
        Kind::PlanCovered | Kind::PlanNegation | Kind::PlanFee | Kind::PlanUpfront => {
            "Savings Plans"
        }
        Kind::ReservedUsage | Kind::ReservedFee => "Standard Reserved Instances",
        _ if stem.spot => "Spot Instances",
        _ if stem.instance.is_some() => "On Demand Instances",
        _ => "NoPurchaseType",
    }
}

/// Price of a unit and quantity of a plain day. Fees and the like are one piece each.
fn amounts(stem: &Stem, company: &Company, weight: i64) -> (i64, i64) {
    let one = i64::try_from(SCALE).unwrap_or(i64::MAX);
    match stem.kind {
        Kind::Usage | Kind::PlanCovered | Kind::ReservedUsage | Kind::PlanNegation => {
            let money = scaled(
                scaled(stem.cents * CENT, weight, MILLION),
                company.size,
                MILLION,
            );
            (stem.price, scaled(money, one, stem.price.max(1)))
        }
        _ => (scaled(stem.price, company.size, MILLION), one),
    }
}

/// For every covered line, the line that takes its on-demand price back. Same chance, so both
/// always cancel to the last digit.
fn take_back_covered(lines: &mut Vec<Line>) {
    let negations: Vec<Line> = lines
        .iter()
        .filter(|line| line.plan.kind == Kind::PlanCovered)
        .map(|line| Line {
            az: line.az.clone(),
            usage_type: line.usage_type.clone(),
            tags: line.tags.clone(),
            record_type: Kind::PlanNegation.record_type(),
            plan: Plan {
                kind: Kind::PlanNegation,
                ..line.plan
            },
            ..*line
        })
        .collect();
    lines.extend(negations);
}

fn plain_day(line: &Line) -> i64 {
    scaled(
        line.plan.quantity,
        line.plan.price,
        i64::try_from(SCALE).unwrap_or(i64::MAX),
    )
}

/// Whole instances are reserved, at the same price each.
fn price_reservation(lines: &mut [Line]) {
    let instances = instances(lines);
    for line in lines
        .iter_mut()
        .filter(|line| line.plan.kind == Kind::ReservedFee)
    {
        line.plan.price = instances * RESERVATION_MONTH;
    }
}

/// The plan's commitment: what the covered usage needs and two hundredths more.
fn price_plan(lines: &mut [Line], company: &Company) {
    let covered: i64 = lines
        .iter()
        .filter(|line| line.plan.kind == Kind::PlanCovered)
        .map(plain_day)
        .sum();
    let upfront = scaled(PLAN_UPFRONT, company.size, MILLION) / 365;
    let fee = scaled(scaled(covered, PLAN_RATE, MILLION), 102, 100) - upfront;
    for line in lines
        .iter_mut()
        .filter(|line| line.plan.kind == Kind::PlanFee)
    {
        // A commitment is an amount an hour with at most three decimals.
        line.plan.price = fee / 24 / 10_000_000 * 10_000_000;
        line.plan.quantity *= 24;
    }
}

/// Tax of an account: about seven hundredths of a plain month, in whole cents.
fn price_tax(lines: &mut [Line]) {
    let taxed = |account: &str, lines: &[Line]| -> i64 {
        lines
            .iter()
            .filter(|l| {
                l.linked_account == account
                    && matches!(
                        l.plan.rhythm,
                        Rhythm::Business | Rhythm::Steady | Rhythm::Metered(_)
                    )
            })
            .map(plain_day)
            .sum()
    };
    let taxes: Vec<i64> = lines
        .iter()
        .map(|line| {
            if line.plan.kind == Kind::Tax {
                scaled(taxed(line.linked_account, lines) * 30, 7, 100)
            } else {
                0
            }
        })
        .collect();
    for (line, tax) in lines.iter_mut().zip(taxes).filter(|(_, tax)| *tax != 0) {
        line.plan.price = tax / CENT * CENT;
    }
}
