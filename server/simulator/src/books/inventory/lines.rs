//! The books' lines of what the inventory meters.

use super::super::company::{Account, Company, Role};
use super::super::line::{Line, Plan};
use super::super::noise::{mix, text};
use super::super::spread::prefix;
use super::super::stem::{Kind, Rhythm};
use super::Inventory;
use super::meter::Meter;

use chrono::NaiveDate;

/// Whether the payer's lines of this usage type (without region) come from the inventory.
pub(crate) fn owns(usage: &str) -> bool {
    ["BoxUsage:", "SpotUsage:", "EBS:", "PublicIPv4:"]
        .iter()
        .any(|start| usage.starts_with(start))
        || usage == "NatGateway-Hours"
}

/// One line for each account of the inventory, in their order.
pub(crate) fn lines(inventory: &Inventory, company: &Company) -> Vec<Line> {
    let payer = company
        .accounts
        .iter()
        .find(|account| account.role == Role::Payer);
    let Some(payer) = payer else {
        return Vec::new();
    };
    // A plain day, for what is worked out from plain days (tax).
    let plain = NaiveDate::from_ymd_opt(2026, 1, 15).map(|day| inventory.usage(day));
    let plain = plain.unwrap_or_default();
    let accounts = inventory.accounts().iter().zip(0..);
    accounts
        .map(|(account, index)| {
            let salt = mix(&[inventory.seed, u64::from(index), 3]);
            line(
                company,
                payer,
                *account,
                Plan {
                    kind: Kind::Usage,
                    rhythm: Rhythm::Metered(index),
                    price: account.meter.price(account.region),
                    quantity: plain.get(index as usize).copied().unwrap_or_default(),
                    growth: 0,
                    normalized: 0,
                    whole: false,
                    salt,
                    service_salt: salt,
                },
            )
        })
        .collect()
}

fn line(
    company: &Company,
    payer: &'static Account,
    account: super::usage::Account,
    plan: Plan,
) -> Line {
    let face = account.meter.face();
    let machine = match account.meter {
        Meter::Machine { machine, .. } => Some(machine),
        _ => None,
    };
    let zone = ["a", "b", "c"][usize::try_from(mix(&[text(account.region), 3]) % 3).unwrap_or(0)];
    Line {
        service: face.service,
        service_code: face.code,
        linked_account: payer.id,
        linked_account_name: payer.name,
        payer_account: company.payer,
        region: account.region,
        az: match machine {
            Some(_) => format!("{}{zone}", account.region),
            None => "NoAZ".to_owned(),
        },
        usage_type: format!("{}{}", prefix(account.region), face.usage),
        operation: face.operation,
        record_type: Kind::Usage.record_type(),
        purchase_type: match account.meter {
            Meter::Machine { spot: true, .. } => "Spot Instances",
            Meter::Machine { spot: false, .. } => "On Demand Instances",
            _ => "NoPurchaseType",
        },
        instance_type: machine.map_or("NoInstanceType", |machine| machine.name),
        instance_family: machine.map_or("NoInstanceTypeFamily", |machine| machine.family),
        database_engine: "NoDatabaseEngine",
        cache_engine: "NoCacheEngine",
        deployment_option: "NoDeploymentOption",
        platform: match machine {
            Some(_) => "Linux/UNIX",
            None => "NoPlatform",
        },
        unit: face.unit,
        tags: account.tags.to_vec(),
        role: payer.role,
        plan: Plan {
            normalized: machine.map_or(0, |machine| machine.units),
            ..plan
        },
    }
}
