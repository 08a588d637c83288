//! GetSavingsPlansUtilization: how much of the commitment was used. Its commitment is the books'
//! `SavingsPlanRecurringFee` and the days' part of the advance, what it would have cost the
//! `SavingsPlanCoveredUsage` of the same days.

use std::ops::Range;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::figures::{Figures, Order, json as figures_json, percentage};
use super::period::{past_days, slices};
use super::scope::Scope;
use super::{Context, json_reply, reading, wire};
use crate::books::{Books, Kind, Line, Metric};
use crate::error::{AwsError, Cause, Reply};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    time_period: Option<wire::Period>,
    granularity: Option<String>,
    filter: Option<wire::Expression>,
    sort_by: Option<wire::Sort>,
}

const SORTED_BY: [&str; 4] = [
    "UtilizationPercentage",
    "TotalCommitment",
    "UsedCommitment",
    "UnusedCommitment",
];

pub(super) fn answer(context: &Context<'_>, body: &[u8]) -> Result<Reply, AwsError> {
    let wire: Wire = reading::read(body)?;
    reading::required(&[("timePeriod", wire.time_period.is_some())])?;
    let granularity = reading::granularity(wire.granularity.as_deref())?;
    let today = context.today;
    let period = past_days(&wire.time_period.ok_or_else(AwsError::internal)?, today)?;
    let scope = Scope::plans(wire.filter)?;
    let keys: Vec<&str> = SORTED_BY.into_iter().chain(["NetSavings"]).collect();
    let order = Order::read(wire.sort_by, &keys)?;
    let used = |days: &Range<NaiveDate>| Used::of(context.books, days, today);
    let total = used(&period);
    if total.commitment() == 0 || !holder(context.books).is_some_and(|line| scope.takes(line)) {
        return Err(no_plans());
    }
    let mut answer = json!({"Total": total.json()});
    if let Some(granularity) = granularity {
        let mut rows: Vec<(Range<NaiveDate>, Used)> = slices(&period, granularity)
            .into_iter()
            .map(|days| (days.clone(), used(&days)))
            .collect();
        if let Some(order) = order {
            order.sort(&mut rows, |(_, used)| used.utilization());
        }
        let row = |(days, used): &(Range<NaiveDate>, Used)| {
            let mut row = used.json();
            row["TimePeriod"] =
                json!({"Start": days.start.to_string(), "End": days.end.to_string()});
            row
        };
        answer["SavingsPlansUtilizationsByTime"] = rows.iter().map(row).collect();
    }
    json_reply(&answer)
}

/// The account has no Savings Plans. Seen at AWS for coverage; for utilization it is inferred.
pub(super) fn no_plans() -> AwsError {
    AwsError::new(
        Cause::Other("DataUnavailableException", 400),
        "Insufficient amount of historical data",
    )
}

/// The line of the plan's fee: whose plan it is.
pub(super) fn holder(books: &Books) -> Option<&Line> {
    let mut lines = books.lines().iter();
    lines.find(|line| line.plan.kind == Kind::PlanFee)
}

/// What was used of the plan on some days, in 10⁻¹⁰ dollars.
#[derive(Default)]
struct Used {
    recurring: i128,
    upfront: i128,
    /// Covered usage at the plan's price.
    used: i128,
    /// Covered usage at the price without a plan.
    on_demand: i128,
}

impl Used {
    fn of(books: &Books, days: &Range<NaiveDate>, today: NaiveDate) -> Self {
        let mut used = Self::default();
        let Some(plan) = &books.commitments().plan else {
            return used;
        };
        for day in days.start.iter_days().take_while(|day| *day < days.end) {
            for item in books.day(day, today).iter() {
                let amount = |metric: Metric| i128::from(item.amounts[metric as usize]);
                match books.lines()[item.line as usize].plan.kind {
                    Kind::PlanFee => {
                        used.recurring += amount(Metric::UnblendedCost);
                        used.upfront += i128::from(plan.upfront);
                    }
                    Kind::PlanCovered => {
                        used.used += amount(Metric::AmortizedCost);
                        used.on_demand += amount(Metric::UnblendedCost);
                    }
                    _ => {}
                }
            }
        }
        used
    }

    fn commitment(&self) -> i128 {
        self.recurring + self.upfront
    }

    fn utilization(&self) -> Figures {
        let total = self.commitment();
        vec![
            ("TotalCommitment", total),
            ("UsedCommitment", self.used),
            ("UnusedCommitment", total - self.used),
            ("UtilizationPercentage", percentage(self.used, total)),
            ("NetSavings", self.on_demand - total),
        ]
    }

    fn json(&self) -> Value {
        let total = self.commitment();
        let mut utilization = self.utilization();
        utilization.retain(|(name, _)| SORTED_BY.contains(name));
        json!({
            "Utilization": figures_json(&utilization),
            "Savings": figures_json(&[
                ("NetSavings", self.on_demand - total),
                ("OnDemandCostEquivalent", self.on_demand),
            ]),
            "AmortizedCommitment": figures_json(&[
                ("AmortizedRecurringCommitment", self.recurring),
                ("AmortizedUpfrontCommitment", self.upfront),
                ("TotalAmortizedCommitment", total),
            ]),
        })
    }
}
