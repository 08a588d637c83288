//! GetReservationUtilization: how much of what is reserved was used. Its fees and hours are the
//! books' `Recurring` and `DiscountedUsage` of the same days.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::figures::{Figures, Order, json as figures_json, percentage};
use super::period::{Granularity, days, slices};
use super::scope::Scope;
use super::{Context, json_reply, reading, wire};
use crate::books::{Books, Kind, Line, Metric, SCALE, mix, scaled};
use crate::error::{AwsError, Reply};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    time_period: Option<wire::Period>,
    group_by: Option<Vec<wire::Group>>,
    granularity: Option<String>,
    filter: Option<wire::Expression>,
    sort_by: Option<wire::Sort>,
    next_page_token: Option<String>,
    max_results: Option<i64>,
}

/// What AWS tells an account without reservations, all of it 0.
const OF_NOTHING: [&str; 10] = [
    "UtilizationPercentage",
    "PurchasedHours",
    "TotalActualHours",
    "UnusedHours",
    "OnDemandCostOfRIHoursUsed",
    "NetRISavings",
    "TotalPotentialRISavings",
    "AmortizedUpfrontFee",
    "AmortizedRecurringFee",
    "TotalAmortizedFee",
];

pub(super) fn answer(context: &Context<'_>, body: &[u8]) -> Result<Reply, AwsError> {
    let mut wire: Wire = reading::read(body)?;
    let token = wire.next_page_token.take();
    let place = context.place("GetReservationUtilization", &wire, token.as_deref())?;
    reading::required(&[("timePeriod", wire.time_period.is_some())])?;
    let granularity = reading::granularity(wire.granularity.as_deref())?;
    let groups = reading::group_keys(wire.group_by)?;
    let most = reading::max_results(wire.max_results, usize::MAX)?;
    let period = days(
        &wire.time_period.ok_or_else(AwsError::internal)?,
        place.today,
    )?;
    let scope = Scope::reservations(wire.filter)?;
    let keys = Used::default().figures();
    let order = Order::read(
        wire.sort_by,
        &keys.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
    )?;
    // The texts are our own; AWS's are not publicly known.
    if groups.iter().any(|key| key != "SUBSCRIPTION_ID") || groups.len() > 1 {
        return Err(AwsError::validation(
            "Only grouping by SUBSCRIPTION_ID is supported",
        ));
    }
    if !groups.is_empty() && granularity.is_some() {
        return Err(AwsError::validation(
            "Granularity can not be set together with GroupBy",
        ));
    }
    let (books, today) = (context.books, place.today);
    let Some(line) = reserved(books, &scope) else {
        let mut zeros = Used::default().figures();
        zeros.retain(|(name, _)| OF_NOTHING.contains(name));
        return json_reply(&json!({"UtilizationsByTime": [], "Total": figures_json(&zeros)}));
    };
    let used = |days: &Range<NaiveDate>| Used::of(books, &scope, days, today);
    let row = |days: &Range<NaiveDate>, used: &Used, groups: Value| {
        json!({
            "TimePeriod": {"Start": days.start.to_string(), "End": days.end.to_string()},
            "Groups": groups,
            "Total": figures_json(&used.figures()),
        })
    };
    let total = used(&period);
    let rows = if groups.is_empty() {
        let mut rows: Vec<(Range<NaiveDate>, Used)> =
            slices(&period, granularity.unwrap_or(Granularity::Daily))
                .into_iter()
                .map(|days| (days.clone(), used(&days)))
                .collect();
        if let Some(order) = order {
            order.sort(&mut rows, |(_, used)| used.figures());
        }
        rows.iter()
            .map(|(days, used)| row(days, used, json!([])))
            .collect()
    } else {
        let id = subscription(context.seed, context.caller.account());
        let group = json!({
            "Key": "SUBSCRIPTION_ID",
            "Value": id,
            "Attributes": attributes(books, line, &id, today),
            "Utilization": figures_json(&total.figures()),
        });
        vec![row(&period, &total, json!([group]))]
    };
    let (rows, next) = context.cut(&place, rows, most);
    let mut answer = json!({
        "UtilizationsByTime": rows,
        "Total": figures_json(&total.figures()),
    });
    if let Some(next) = next {
        answer["NextPageToken"] = next.into();
    }
    json_reply(&answer)
}

/// What the reservation is for, if the answer is about it.
fn reserved<'a>(books: &'a Books, scope: &Scope) -> Option<&'a Line> {
    let mut lines = books.lines().iter();
    lines.find(|line| line.plan.kind == Kind::ReservedUsage && scope.takes(line))
}

/// What was used of the reservation on some days, in 10⁻¹⁰ units.
#[derive(Default)]
struct Used {
    purchased_hours: i128,
    purchased_units: i128,
    hours: i128,
    units: i128,
    /// What the used hours would have cost without a reservation.
    on_demand: i128,
    /// The same for all hours that are paid for.
    potential: i128,
    fee: i128,
    /// The part of the fee that falls on used hours.
    effective: i128,
}

impl Used {
    fn of(books: &Books, scope: &Scope, days: &Range<NaiveDate>, today: NaiveDate) -> Self {
        let mut used = Self::default();
        let (Some(held), Some(line)) = (&books.commitments().reservation, reserved(books, scope))
        else {
            return used;
        };
        for day in days.start.iter_days().take_while(|day| *day < days.end) {
            if day > today {
                break;
            }
            let hours = held.hours();
            used.purchased_hours += i128::from(hours);
            used.purchased_units += i128::from(hours) * i128::from(line.plan.normalized);
            used.potential += i128::from(worth(hours, line));
            used.fee += i128::from(held.fee(day));
            for item in books.day(day, today).iter() {
                let line = &books.lines()[item.line as usize];
                if line.plan.kind != Kind::ReservedUsage || !scope.takes(line) {
                    continue;
                }
                let amount = |metric: Metric| item.amounts[metric as usize];
                used.hours += i128::from(amount(Metric::UsageQuantity));
                used.units += i128::from(amount(Metric::NormalizedUsageAmount));
                used.on_demand += i128::from(worth(amount(Metric::UsageQuantity), line));
                used.effective += i128::from(amount(Metric::AmortizedCost));
            }
        }
        used
    }

    fn figures(&self) -> Figures {
        let realized = self.on_demand - self.effective;
        let possible = self.potential - self.fee;
        vec![
            (
                "UtilizationPercentage",
                percentage(self.hours, self.purchased_hours),
            ),
            (
                "UtilizationPercentageInUnits",
                percentage(self.units, self.purchased_units),
            ),
            ("PurchasedHours", self.purchased_hours),
            ("PurchasedUnits", self.purchased_units),
            ("TotalActualHours", self.hours),
            ("TotalActualUnits", self.units),
            ("UnusedHours", self.purchased_hours - self.hours),
            ("UnusedUnits", self.purchased_units - self.units),
            ("OnDemandCostOfRIHoursUsed", self.on_demand),
            ("NetRISavings", self.on_demand - self.fee),
            ("TotalPotentialRISavings", possible),
            ("AmortizedUpfrontFee", 0),
            ("AmortizedRecurringFee", self.fee),
            ("TotalAmortizedFee", self.fee),
            ("RICostForUnusedHours", self.fee - self.effective),
            ("RealizedSavings", realized),
            ("UnrealizedSavings", possible - realized),
        ]
    }
}

/// Hours at the price without a reservation.
fn worth(hours: i64, line: &Line) -> i64 {
    let one = i64::try_from(SCALE).unwrap_or(i64::MAX);
    scaled(hours, line.plan.price, one)
}

/// The reservation's number.
fn subscription(seed: u64, account: &str) -> String {
    let account = account.bytes().map(u64::from).sum();
    (100_000_000 + mix(&[seed, account, 31]) % 900_000_000).to_string()
}

/// What AWS says about a reservation beside the figures.
fn attributes(books: &Books, line: &Line, id: &str, today: NaiveDate) -> Value {
    let held = books.commitments().reservation.as_ref();
    let year = today.year() - 1;
    json!({
        "AccountId": line.linked_account,
        "AccountName": line.linked_account_name,
        "AvailabilityZone": "",
        "CancellationDateTime": format!("{}-01-01T00:00:00.000Z", year + 3),
        "EndDateTime": format!("{}-01-01T00:00:00.000Z", year + 3),
        "InstanceType": line.instance_type,
        "NumberOfInstances": held.map_or(0, |held| held.instances).to_string(),
        "OfferingType": "Standard",
        "Platform": line.database_engine,
        "Region": line.region,
        "Scope": "Region",
        "StartDateTime": format!("{year}-01-01T00:00:00.000Z"),
        "SubscriptionId": id,
        "SubscriptionStatus": "Active",
        "SubscriptionType": "No Upfront",
        "Tenancy": "Shared",
    })
}
