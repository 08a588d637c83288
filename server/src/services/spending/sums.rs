//! Makes the page out of the ledger's sums: pure arithmetic, no store, no clock.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use domain::{
    account::{AwsAccountId, ConnectionId},
    ledger::Operation,
    money::{Currency, Money, MoneyError, Nanos},
    period::Period,
    spending::{
        CapStatus, Comparison, ConnectionSpending, MonthCompared, MonthSpending, OperationSpending,
        Purpose, SpendingReport, Spent,
    },
};

use crate::store::ledger::LedgerSum;

/// A connection that there is.
pub(super) struct Known {
    pub id: ConnectionId,
    pub name: String,
    pub cap: CapStatus,
}

/// Adds up what satisfies a condition.
fn sum<'a>(
    ledger: impl IntoIterator<Item = &'a LedgerSum>,
    wanted: impl Fn(&LedgerSum) -> bool,
) -> Result<Spent, MoneyError> {
    ledger
        .into_iter()
        .filter(|one| wanted(one))
        .try_fold(Spent::NOTHING, |sum, one| {
            sum.and(one.spent).ok_or(MoneyError::TooLarge)
        })
}

/// Everything on the page. The sample account's requests are in `sample` alone.
pub(super) fn report(
    today: NaiveDate,
    months: u32,
    ledger: &[LedgerSum],
    known: Vec<Known>,
    comparisons: Vec<Comparison>,
) -> Result<SpendingReport, MoneyError> {
    let month = Period::month_to_date(today);
    let (real, sample): (Vec<&LedgerSum>, Vec<&LedgerSum>) =
        ledger.iter().partition(|one| !one.sample);
    let both = |wanted: &dyn Fn(&LedgerSum) -> bool| -> Result<(Spent, Spent), MoneyError> {
        Ok((
            sum(real.iter().copied(), |one| one.day == today && wanted(one))?,
            sum(real.iter().copied(), |one| {
                month.contains(one.day) && wanted(one)
            })?,
        ))
    };
    let (spent_today, spent_this_month) = both(&|_| true)?;

    let mut operations = Vec::new();
    for operation in Operation::ALL {
        let (today, month) = both(&|one| one.operation == *operation)?;
        if month.requests > 0 {
            operations.push(OperationSpending {
                operation: *operation,
                today,
                month,
            });
        }
    }
    operations.sort_by_key(|one| std::cmp::Reverse((one.month.price.amount, one.month.requests)));

    let ids: HashSet<ConnectionId> = known.iter().map(|one| one.id).collect();
    let mut connections = Vec::new();
    for one in known.into_iter().filter(|one| !one.cap.sample) {
        let (today, month) = both(&|line| line.connection == Some(one.id))?;
        connections.push(ConnectionSpending {
            purpose: Purpose::Connection {
                id: one.id,
                name: one.name,
            },
            today,
            month,
            cap: Some(one.cap),
        });
    }
    // Deleted ones by account, in an order that stays.
    let mut gone: BTreeMap<ConnectionId, Option<AwsAccountId>> = BTreeMap::new();
    for line in real.iter().filter(|line| month.contains(line.day)) {
        if let Some(id) = line.connection.filter(|id| !ids.contains(id)) {
            let account = gone.entry(id).or_default();
            if account.is_none() {
                account.clone_from(&line.aws_account);
            }
        }
    }
    for (id, account) in gone {
        let (today, month) = both(&|line| line.connection == Some(id))?;
        connections.push(ConnectionSpending {
            purpose: Purpose::Deleted(account),
            today,
            month,
            cap: None,
        });
    }
    let (proving_today, proving) = both(&|line| line.connection.is_none())?;
    if proving.requests > 0 {
        connections.push(ConnectionSpending {
            purpose: Purpose::Proving,
            today: proving_today,
            month: proving,
            cap: None,
        });
    }
    // Stable: by name where they cost the same.
    connections.sort_by_key(|one| std::cmp::Reverse(one.month.price.amount));

    let mut by_month = Vec::new();
    for period in Period::months_to_date(today, months).by_month() {
        let spent = sum(real.iter().copied(), |one| period.contains(one.day))?;
        by_month.push(MonthSpending { period, spent });
    }
    by_month.reverse();

    Ok(SpendingReport {
        today,
        spent_today,
        spent_this_month,
        connections,
        operations,
        months: by_month,
        comparisons,
        sample: sum(sample, |one| month.contains(one.day))?,
    })
}

/// An account's own line beside the ledger, month by month, newest first, from
/// the day on which the ledger first knows the account. `theirs` has the days
/// that AWS had finished; both sums are about these alone.
pub(super) fn compare(
    period: Period,
    account: &AwsAccountId,
    ledger: &[LedgerSum],
    theirs: &HashMap<NaiveDate, Option<Money>>,
) -> Result<Vec<MonthCompared>, MoneyError> {
    let ours: Vec<&LedgerSum> = ledger
        .iter()
        .filter(|one| !one.sample && one.aws_account.as_ref() == Some(account))
        .collect();
    let Some(first) = ours.iter().map(|one| one.day).min() else {
        return Ok(Vec::new());
    };
    let Ok(period) = Period::new(first.max(period.start()), period.end()) else {
        return Ok(Vec::new());
    };
    let mut months = Vec::new();
    for period in period.by_month() {
        let compared = |day: NaiveDate| period.contains(day) && theirs.contains_key(&day);
        let days = theirs.keys().filter(|day| compared(**day)).count();
        let lines: Vec<Money> = theirs
            .iter()
            .filter(|(day, _)| compared(**day))
            .filter_map(|(_, line)| *line)
            .collect();
        let currency = lines.first().map_or(Currency::USD, |line| line.currency);
        if lines.iter().any(|line| line.currency != currency) {
            return Err(MoneyError::MixedCurrencies);
        }
        let total = Nanos::sum(lines.iter().map(|line| line.amount))?;
        months.push(MonthCompared {
            period,
            days: u32::try_from(days).unwrap_or(u32::MAX),
            ours: sum(ours.iter().copied(), |one| compared(one.day))?.price,
            theirs: (days > 0).then_some(Money::new(total, currency)),
        });
    }
    months.reverse();
    Ok(months)
}

#[cfg(test)]
#[path = "sums_tests.rs"]
mod tests;
