//! What is found in what EC2 has, against what the books billed for it: for any company, on any
//! day, never more.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveTime, Utc};
use domain::{
    findings::{
        Assessed, Billed, Check, Known, OwnShare, Rates, Stock, Thresholds, assess, period,
    },
    inventory::OptIn,
    money::Currency,
};
use server::aws::{Gateway, Priority::Sync, Target};
use simulator::{Simulator, books::Metric};

use super::{
    aws_support::{gateway, target},
    *,
};

/// Companies and days: ends of months, a leap year's February, the turn of a year.
const RUNS: [(u64, &str); 6] = [
    (20_260_101, "2026-11-24"),
    (1, "2026-12-31"),
    (7, "2027-01-01"),
    (42, "2026-03-01"),
    (20_251_224, "2028-02-29"),
    (99, "2027-06-30"),
];

fn seen<T>(all: Vec<T>, now: DateTime<Utc>) -> impl Iterator<Item = Known<T>> {
    all.into_iter().map(move |resource| Known {
        resource,
        first_seen: now,
        state_since: now,
        always: true,
    })
}

/// All that there is, as a first scan sees it.
async fn stock(gateway: &Gateway, target: &Target, now: DateTime<Utc>) -> Stock {
    let mut stock = Stock::default();
    let regions = gateway.regions(target, &region("us-east-1"), Sync).await;
    for state in regions.expect("an answer").value {
        if state.opt_in == OptIn::NotOptedIn {
            continue;
        }
        let place = &state.region;
        let told = gateway
            .instances(target, place, Sync)
            .await
            .expect("an answer");
        stock.instances.extend(seen(told.value, now));
        let told = gateway
            .volumes(target, place, Sync)
            .await
            .expect("an answer");
        stock.volumes.extend(seen(told.value, now));
        let told = gateway
            .addresses(target, place, Sync)
            .await
            .expect("an answer");
        stock.addresses.extend(seen(told.value, now));
        let told = gateway
            .snapshots(target, place, Sync)
            .await
            .expect("an answer");
        stock.snapshots.extend(seen(told.value, now));
    }
    stock
}

/// What the books billed in the thirty finished days: by usage type for all accounts, and by
/// service for the one that is looked at.
fn rates(simulator: &Simulator, today: NaiveDate) -> Rates {
    let books = simulator.books();
    let period = period(today).expect("thirty days");
    let mut rates = Rates {
        currency: Currency::USD,
        period,
        billed: BTreeMap::new(),
        services: Vec::new(),
    };
    let [cost, usage] =
        ["UnblendedCost", "UsageQuantity"].map(|name| Metric::parse(name).expect("a metric"));
    let mut exact: BTreeMap<String, i128> = BTreeMap::new();
    let mut own: BTreeMap<&str, (BTreeSet<String>, i128)> = BTreeMap::new();
    for date in period.days() {
        for (line, amount) in books.charges(date, today, cost) {
            *exact.entry(line.usage_type.clone()).or_default() += i128::from(amount);
            let (usage_types, sum) = own.entry(line.service).or_default();
            usage_types.insert(line.usage_type.clone());
            if line.linked_account == keys::GOOD.account() {
                *sum += i128::from(amount);
            }
        }
        for (line, amount) in books.charges(date, today, usage) {
            let billed: &mut Billed = rates.billed.entry(line.usage_type.clone()).or_default();
            #[expect(clippy::cast_precision_loss, reason = "usage is a float")]
            let amount = amount as f64 / 1e10;
            billed.usage += amount;
        }
    }
    for (usage_type, sum) in exact {
        rates.billed.entry(usage_type).or_default().cost = super::exact(sum);
    }
    let own = own
        .into_iter()
        .map(|(service, (usage_types, sum))| OwnShare {
            service: service.to_owned(),
            usage_types,
            cost: super::exact(sum),
        });
    rates.services = own.collect();
    rates
}

fn claimed<'a>(found: &'a [Assessed], of: impl Fn(&str) -> bool + 'a) -> i64 {
    let claims = found.iter().flat_map(|one| &one.claims);
    let claims = claims.filter(|claim| of(&claim.usage_type));
    claims.map(|claim| claim.amount.0).sum()
}

fn never_above_the_bill(found: &[Assessed], rates: &Rates) {
    for (usage_type, billed) in &rates.billed {
        let claimed = claimed(found, |one| one == usage_type);
        let most = billed.cost.0.max(0);
        assert!(claimed <= most, "{usage_type}: {claimed} of {most}");
    }
    for share in &rates.services {
        let claimed = claimed(found, |one| share.usage_types.contains(one));
        let most = share.cost.0.max(0);
        assert!(claimed <= most, "{}: {claimed} of {most}", share.service);
    }
    for one in found {
        let lines: i64 = one.lines.iter().map(|line| line.amount.0).sum();
        assert_eq!(lines, one.per_month().0, "{}", one.resource);
    }
    let held: Vec<&str> = (found.iter())
        .flat_map(|one| &one.held)
        .map(|held| held.id.as_str())
        .collect();
    let once: BTreeSet<&str> = held.iter().copied().collect();
    assert_eq!(once.len(), held.len(), "each counts once");
}

#[tokio::test]
async fn whatever_a_company_has_the_findings_are_within_its_bill() {
    let mut checks = BTreeSet::new();
    for (seed, today) in RUNS {
        let today = day(today);
        let settings = simulator::Settings {
            today: Some(today),
            seed,
            ..simulator::Settings::default()
        };
        let simulator = simulator::start(settings).await.expect("a free port");
        let (gateway, _) = gateway(&simulator.endpoint_url());
        let target = target(&keys::GOOD, gateway.default_endpoint());
        let now = today.and_time(NaiveTime::MIN).and_utc();
        let stock = stock(&gateway, &target, now).await;
        let of_all = Rates {
            services: Vec::new(),
            ..rates(&simulator, today)
        };
        for rates in [of_all, rates(&simulator, today)] {
            let found = assess(&stock, &rates, &Thresholds::default(), today);
            never_above_the_bill(&found, &rates);
            checks.extend(found.iter().map(|one| one.check));
            // Whatever counts sooner claims no more either.
            let at_once = Thresholds {
                stopped: 0,
                long_stopped: 0,
                unattached: 0,
                idle_address: 0,
                old_snapshot: 0,
                running: 0,
            };
            let found = assess(&stock, &rates, &at_once, today);
            never_above_the_bill(&found, &rates);
        }
    }
    let all: BTreeSet<Check> = Check::ALL.into_iter().collect();
    assert_eq!(checks, all, "the companies have something for each check");
}
