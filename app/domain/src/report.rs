//! What the pages show: figures made only from what is stored. A day that
//! never came is missing, not zero.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    account::{ConnectionId, SyncState},
    beside::Beside,
    expected::Ahead,
    forecast::Expected,
    history::MonthTotal,
    look::Look,
    money::{Currency, Money, Nanos},
    period::{Period, Piece},
    spending::CapStatus,
    trouble::Trouble,
};

/// How final a stored day is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    /// AWS hasn't been asked, or hasn't answered: unknown, not zero.
    Missing,
    /// AWS still adds to it: today and yesterday.
    Unfinished,
    /// Complete, but AWS calls its month an estimate.
    Estimated,
    /// AWS calls it final.
    Final,
}

/// The total of a period.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The days it is about.
    pub period: Period,
    /// Their sum; `None` when no day of it is stored.
    pub total: Option<Money>,
    /// Days of the period that aren't stored.
    pub days_missing: u32,
    /// Days of the period that AWS still adds to.
    pub days_unfinished: u32,
}

/// How much one figure differs from an earlier one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Later minus earlier.
    pub amount: Money,
    /// In thousandths of the earlier figure; `None` when that was zero or negative.
    pub per_mille: Option<i64>,
}

impl Change {
    /// From `earlier` to `later`; `None` when their currencies differ.
    #[must_use]
    pub fn between(earlier: Money, later: Money) -> Option<Self> {
        let amount = later.checked_sub(earlier).ok()?;
        let per_mille = (earlier.amount.0 > 0)
            .then(|| {
                let (difference, base) =
                    (i128::from(amount.amount.0), i128::from(earlier.amount.0));
                // Rounded half away from zero: it is only ever shown.
                let doubled = difference * 2_000 + base * difference.signum();
                i64::try_from(doubled / (base * 2)).ok()
            })
            .flatten();
        Some(Self { amount, per_mille })
    }
}

/// One line of the daily chart.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// A service's name as AWS writes it, or the name of the rest.
    pub name: String,
    /// Whether it is the sum of all that have no series of their own.
    pub is_other: bool,
    /// A value for each day of the chart; zero where the service cost nothing,
    /// and zero on missing days too: ask the day's state.
    pub values: Vec<Nanos>,
    /// The sum of the values.
    pub total: Nanos,
}

/// A day of the chart.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// How final.
    pub state: DayState,
    /// The sum over all series.
    pub total: Nanos,
}

/// Daily cost, stacked.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct DailyChart {
    /// The days it covers.
    pub period: Period,
    /// Of every amount in it.
    pub currency: Currency,
    /// Each day of the period, in order.
    pub days: Vec<Day>,
    /// The largest first, the rest last.
    pub series: Vec<Series>,
}

/// What one service came to in two stretches of days.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// As AWS writes it, or what the rest is called.
    pub name: String,
    /// In the earlier days.
    pub before: Nanos,
    /// In the later ones.
    pub now: Nanos,
}

/// This month beside the month before, over the same days: those that AWS has finished
/// in this one, and that the other has too.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct SameDays {
    /// Days of this month, from its first on.
    pub now: Figure,
    /// As many of the month before.
    pub before: Figure,
    /// From those to these.
    pub change: Change,
    /// The services that changed most, the largest difference first.
    pub moved: Vec<Moved>,
    /// All others together, as far as there are any.
    pub others: Option<Moved>,
}

/// Why two months aren't compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotCompared {
    /// AWS still adds to the first day of this month, or it isn't stored.
    NoneFinished,
    /// Days of the month before aren't stored.
    DaysMissing,
}

/// A stretch of costs at a glance, in one currency.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Glance {
    /// This month so far.
    pub month_to_date: Figure,
    /// The whole of last month.
    pub last_month: Figure,
    /// Both over the same days.
    pub same_days: Result<SameDays, NotCompared>,
    /// Where this month will end; `None` while too little is known.
    pub ahead: Option<Ahead>,
    /// The total of each of the last thirteen months of which anything is known, this one
    /// included.
    pub months: Vec<MonthTotal>,
    /// The last six months by service.
    pub chart: DailyChart,
}

/// What the daily chart shows.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Daily {
    /// The last six months by service.
    pub chart: DailyChart,
    /// What is expected of today and the days after it.
    pub ahead: Vec<Piece<Expected<Nanos>>>,
}

impl Glance {
    /// What the daily chart shows of it.
    #[must_use]
    pub fn daily(&self) -> Daily {
        Daily {
            chart: self.chart.clone(),
            ahead: self.days_ahead(),
        }
    }

    /// What is expected of the days that the chart has, or that come after it, in its currency.
    #[must_use]
    pub fn days_ahead(&self) -> Vec<Piece<Expected<Nanos>>> {
        let ahead = self.ahead.iter();
        let ahead = ahead.filter(|ahead| ahead.currency == self.chart.currency);
        // A day before the chart has no place in it.
        let first = self.chart.period.start();
        let days = ahead.flat_map(|ahead| ahead.days.iter().copied());
        days.filter(|day| day.period.start() >= first).collect()
    }
}

/// What open findings in EC2 cost.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct OpenFindings {
    /// All of them, a month.
    pub per_month: Money,
    /// How many.
    pub count: u32,
}

/// What the unused part of commitments cost.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unused {
    /// None is owned.
    NoneOwned,
    /// In the newest month of which AWS told, as far as it had come then.
    Cost {
        /// Which.
        month: NaiveDate,
        /// How much.
        cost: Money,
    },
}

/// Money that could be got back, as far as anybody has looked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Waste {
    /// `None` before EC2 has been looked through.
    pub findings: Option<OpenFindings>,
    /// `None` before AWS has been asked about commitments, or where it said no.
    pub unused: Option<Unused>,
}

/// Everything on the Overview page.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Whose costs.
    pub connection: ConnectionId,
    /// What the person calls it.
    pub connection_name: String,
    /// Whether it is the sample account.
    pub sample: bool,
    /// The day it was made for.
    pub today: NaiveDate,
    /// What it counts.
    pub look: Look,
    /// The costs; where there are several currencies, in the one of the newest.
    pub costs: Glance,
    /// The costs in each of the others: currencies are never added up.
    pub others: Vec<Glance>,
    /// What credits have taken off this month so far; `None` where there was none.
    pub credits: Option<Money>,
    /// What could be got back.
    pub waste: Waste,
    /// Days of the chart of which AWS gave different totals to questions asked minutes apart.
    pub disagreements: Vec<NaiveDate>,
    /// How fresh all of it is and what that cost.
    pub sync: SyncState,
    /// What its requests may cost and have cost this month.
    pub cap: CapStatus,
    /// When the newest stored day was asked for.
    pub as_of: Option<DateTime<Utc>>,
}

/// One of several connections that are added up.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Which.
    pub connection: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// What it came to this month so far.
    pub month_to_date: Figure,
    /// What could be got back.
    pub waste: Waste,
    /// What credits have taken off this month so far; `None` where there was none.
    pub credits: Option<Money>,
    /// Whether it is in another currency's sum as well, beside which all that follows, and what
    /// could be got back, is told.
    pub repeated: bool,
    /// What its requests may cost and have cost this month.
    pub cap: CapStatus,
    /// What keeps its figures from being right or new.
    pub troubles: Vec<Trouble>,
    /// When its newest stored day was asked for.
    pub as_of: Option<DateTime<Utc>>,
}

/// Several connections added up: those with costs in one currency.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Sum {
    /// All of them together. A day counts as known where all of them have it.
    pub costs: Glance,
    /// What stands beside their figures.
    pub beside: Beside,
    /// Each by itself, the dearest first.
    pub parts: Vec<Part>,
}

/// Why a connection isn't in any sum.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAdded {
    /// The sample account's costs are made up.
    Sample,
    /// No day is stored.
    NothingStored,
}

/// A connection that isn't in any sum.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Which.
    pub connection: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// Why.
    pub why: NotAdded,
    /// What has to be mended before it can be in one.
    pub troubles: Vec<Trouble>,
}

/// Everything on the Overview page of all connections: each is to another account, so nothing
/// counts twice. Currencies are never added up: each has a sum.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Together {
    /// The day it was made for.
    pub today: NaiveDate,
    /// What it counts.
    pub look: Look,
    /// By currency.
    pub sums: Vec<Sum>,
    /// Those that are in none.
    pub left_out: Vec<LeftOut>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd(nanos: i64) -> Money {
        Money::new(Nanos(nanos), Currency::USD)
    }

    #[test]
    fn changes_are_shares_of_the_earlier_figure() {
        assert_eq!(
            Change::between(usd(200), usd(250)).unwrap().per_mille,
            Some(250)
        );
        assert_eq!(
            Change::between(usd(200), usd(100)).unwrap().per_mille,
            Some(-500)
        );
        assert_eq!(Change::between(usd(0), usd(100)).unwrap().per_mille, None);
        assert_eq!(Change::between(usd(-5), usd(100)).unwrap().per_mille, None);
        assert_eq!(
            Change::between(usd(3), usd(4)).unwrap().per_mille,
            Some(333)
        );
        assert_eq!(
            Change::between(usd(3000), usd(2999)).unwrap().per_mille,
            Some(0)
        );
    }

    proptest! {
        #[test]
        fn a_change_leads_from_one_figure_to_the_other(a in -1_i64 << 60..1 << 60, b in -1_i64 << 60..1 << 60) {
            let change = Change::between(usd(a), usd(b)).unwrap();
            prop_assert_eq!(usd(a).checked_add(change.amount).unwrap(), usd(b));
        }
    }
}
