//! What a report comes to on a page, in a file and in a chart: lines with their names,
//! totals, changes and pieces, in the order in which a person wants them. Pure.

use std::{cmp::Ordering, collections::HashMap, fmt, str::FromStr};

use crate::{
    breakdown::{Found, PieceState},
    dimension::{Dimension, GroupKey},
    grouped::{Figures, Group, Table},
    money::{Currency, Money, Nanos},
    period::Period,
    query::Step,
    report::Change,
};

/// Names of linked accounts, by number.
pub type Names = HashMap<String, String>;

/// A number and how it reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Exact.
    Money(Money),
    /// A measure; its unit is the sheet's.
    Usage(f64),
}

impl Amount {
    /// For pixels and for sorting only.
    #[must_use]
    pub fn near(self) -> f64 {
        match self {
            Self::Money(money) => money.amount.approximate(),
            Self::Usage(used) => used,
        }
    }

    /// For people.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Money(money) => money.display(),
            Self::Usage(used) => usage_text(used),
        }
    }

    /// For people, with a sign: for differences.
    #[must_use]
    pub fn signed(self) -> String {
        match self {
            Self::Money(money) => money.display_signed(),
            Self::Usage(used) if used > 0.0 => format!("+{}", usage_text(used)),
            Self::Usage(used) => usage_text(used),
        }
    }

    /// Every digit, without a unit.
    #[must_use]
    pub fn exact(self) -> String {
        match self {
            Self::Money(money) => money.amount.to_string(),
            Self::Usage(used) => used.to_string(),
        }
    }

    /// Later minus earlier; `None` where both are of different kinds or it doesn't fit.
    #[must_use]
    pub fn less(self, earlier: Self) -> Option<Self> {
        match (self, earlier) {
            (Self::Money(later), Self::Money(earlier)) => {
                later.checked_sub(earlier).ok().map(Self::Money)
            }
            (Self::Usage(later), Self::Usage(earlier)) => Some(Self::Usage(later - earlier)),
            _ => None,
        }
    }

    /// Whether there is nothing of it.
    #[must_use]
    pub fn is_zero(self) -> bool {
        match self {
            Self::Money(money) => money.amount == Nanos::ZERO,
            Self::Usage(used) => used == 0.0,
        }
    }
}

/// Thousands apart, and no more decimals than say something.
fn usage_text(used: f64) -> String {
    let decimals = match used.abs() {
        size if size >= 1_000.0 || size == 0.0 => 0,
        size if size >= 1.0 => 2,
        _ => 4,
    };
    let text = format!("{:.decimals$}", used.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.char_indices() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if used < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{grouped}{point}{rest}")
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its values of the keys that are grouped by, as AWS writes them; none of the rest.
    pub keys: Vec<String>,
    /// The same as people read them; of the rest one: how many it stands for.
    pub names: Vec<String>,
    /// How many groups it stands for: more than one only where it is the rest.
    pub groups: u32,
    /// Over the whole period.
    pub total: Amount,
    /// Over the earlier period, where there is one.
    pub before: Option<Amount>,
    /// For each piece.
    pub values: Vec<Amount>,
}

impl Line {
    /// Whether it is the sum of all that have no line of their own.
    #[must_use]
    pub const fn is_rest(&self) -> bool {
        self.groups > 1
    }

    /// The name in charts and files.
    #[must_use]
    pub fn name(&self) -> String {
        self.names.join(" · ")
    }

    /// The difference to the earlier period.
    #[must_use]
    pub fn change(&self) -> Option<Amount> {
        self.total.less(self.before?)
    }

    /// The same in thousandths of the earlier period; `None` where that was nothing or less.
    #[must_use]
    pub fn per_mille(&self) -> Option<i64> {
        match (self.before?, self.total) {
            (Amount::Money(before), Amount::Money(now)) => Change::between(before, now)?.per_mille,
            (Amount::Usage(before), Amount::Usage(now)) if before > 0.0 => {
                let per_mille = ((now - before) / before * 1_000.0).round();
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "saturates: it is only ever shown"
                )]
                Some(per_mille as i64)
            }
            _ => None,
        }
    }
}

/// The numbers of one currency or unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The currency's code, or the unit of usage; empty where usage has none.
    pub unit: String,
    /// The currency, where it is money.
    pub currency: Option<Currency>,
    /// What lines are told apart by.
    pub keys: Vec<GroupKey>,
    /// What the values of each line are about, in order.
    pub pieces: Vec<Period>,
    /// How final each of them is.
    pub states: Vec<PieceState>,
    /// How long the pieces are.
    pub step: Step,
    /// The earlier period, where there is one.
    pub compared: Option<Period>,
    /// The largest first, the rest last.
    pub lines: Vec<Line>,
    /// The sum of all lines.
    pub sum: Line,
    /// What stands beside each piece in the earlier period, and what all of it came to; empty
    /// where nothing is compared.
    pub beside: Vec<Option<(Period, Amount)>>,
}

impl Sheet {
    /// A sheet for each currency or unit.
    #[must_use]
    pub fn all(found: &Found, names: &Names) -> Vec<Self> {
        let earlier = found.compared.as_ref().map(|compared| &compared.figures);
        match &found.report.figures {
            Figures::Money(tables) => {
                let earlier = match earlier {
                    Some(Figures::Money(earlier)) => Some(earlier),
                    _ => None,
                };
                each(tables, earlier, |table, before| {
                    let currency = table.unit;
                    let amount = |nanos: Nanos| Amount::Money(Money::new(nanos, currency));
                    let unit = currency.code().to_owned();
                    one(found, names, (unit, Some(currency)), table, before, amount)
                })
            }
            Figures::Usage(tables) => {
                let earlier = match earlier {
                    Some(Figures::Usage(earlier)) => Some(earlier),
                    _ => None,
                };
                each(tables, earlier, |table, before| {
                    let unit = (table.unit.clone(), None);
                    one(found, names, unit, table, before, Amount::Usage)
                })
            }
        }
    }

    /// Puts the lines into an order; the rest stays last, and what is `pinned` comes first.
    pub fn arrange(&mut self, by: Sort, pinned: &[String]) {
        let is_pinned = |line: &Line| pinned.contains(&line.keys.join("\u{1f}"));
        self.lines.sort_by(|one, other| {
            (one.is_rest().cmp(&other.is_rest()))
                .then_with(|| is_pinned(other).cmp(&is_pinned(one)))
                .then_with(|| by.compare(one, other))
        });
    }
}

fn each<U, A>(
    tables: &[Table<U, A>],
    earlier: Option<&Vec<Table<U, A>>>,
    make: impl Fn(&Table<U, A>, Option<&Table<U, A>>) -> Sheet,
) -> Vec<Sheet> {
    let before = |place: usize| earlier.and_then(|earlier| earlier.get(place));
    (tables.iter().enumerate())
        .map(|(place, table)| make(table, before(place)))
        .collect()
}

fn one<U, A: Copy>(
    found: &Found,
    names: &Names,
    (unit, currency): (String, Option<Currency>),
    table: &Table<U, A>,
    before: Option<&Table<U, A>>,
    amount: impl Fn(A) -> Amount,
) -> Sheet {
    let keys = &found.report.group_by;
    let values = |values: &[A]| values.iter().map(|value| amount(*value)).collect();
    let line = |place: usize, group: &Group<A>| Line {
        keys: group.keys.clone(),
        names: match group.is_rest() {
            true => vec![format!("{} others", group.groups)],
            false => {
                let pairs = keys.iter().zip(&group.keys);
                pairs.map(|(key, value)| name(key, value, names)).collect()
            }
        },
        groups: group.groups,
        total: amount(group.total),
        before: before
            .and_then(|before| before.groups.get(place))
            .map(|group| amount(group.total)),
        values: values(&group.values),
    };
    Sheet {
        unit,
        currency,
        keys: keys.clone(),
        pieces: found.report.pieces.clone(),
        states: found.pieces.clone(),
        step: found.wanted.step,
        compared: found.compared.as_ref().map(|compared| compared.period),
        lines: match keys.is_empty() {
            true => Vec::new(),
            false => (table.groups.iter().enumerate())
                .map(|(place, group)| line(place, group))
                .collect(),
        },
        sum: Line {
            keys: Vec::new(),
            names: vec!["Total".to_owned()],
            groups: 1,
            total: amount(table.total),
            before: before.map(|before| amount(before.total)),
            values: values(&table.values),
        },
        beside: match (&found.compared, before) {
            (Some(compared), Some(before)) => (compared.pieces.iter().zip(&before.values))
                .map(|(piece, value)| piece.map(|piece| (piece, amount(*value))))
                .collect(),
            _ => Vec::new(),
        },
    }
}

/// What people read for a key's value: an account's name where it has one.
#[must_use]
pub fn name(key: &GroupKey, value: &str, names: &Names) -> String {
    if value.is_empty() {
        return key.none_words();
    }
    let account = *key == GroupKey::Dimension(Dimension::LinkedAccount);
    match names.get(value).filter(|_| account) {
        Some(name) => name.clone(),
        None => value.to_owned(),
    }
}

/// What lines are put in order by.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum By {
    /// By size, whether cost or credit, as they come.
    #[default]
    Size,
    /// By name.
    Name,
    /// By the total.
    Total,
    /// By the earlier total.
    Before,
    /// By the difference.
    Change,
    /// By the difference in percent.
    Percent,
}

/// An order: what by, and which way.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sort {
    /// What by.
    pub by: By,
    /// Whether the smallest comes first.
    pub ascending: bool,
}

const ORDERS: [(By, &str); 5] = [
    (By::Name, "name"),
    (By::Total, "total"),
    (By::Before, "before"),
    (By::Change, "change"),
    (By::Percent, "percent"),
];

impl Sort {
    /// What a click on a column's head leads to.
    #[must_use]
    pub fn turned_to(self, by: By) -> Self {
        // Names are read from A, numbers from the largest.
        let ascending = match self.by == by {
            true => !self.ascending,
            false => by == By::Name,
        };
        Self { by, ascending }
    }

    fn compare(self, one: &Line, other: &Line) -> Ordering {
        let near = |amount: Option<Amount>| amount.map_or(f64::NEG_INFINITY, Amount::near);
        let order = match self.by {
            By::Size => return Ordering::Equal,
            By::Name => one.names.cmp(&other.names),
            By::Total => exactly(Some(one.total), Some(other.total)),
            By::Before => exactly(one.before, other.before),
            By::Change => exactly(one.change(), other.change()),
            By::Percent => one
                .per_mille()
                .cmp(&other.per_mille())
                .then_with(|| near(one.change()).total_cmp(&near(other.change()))),
        };
        match self.ascending {
            true => order,
            false => order.reverse(),
        }
    }
}

fn exactly(one: Option<Amount>, other: Option<Amount>) -> Ordering {
    match (one, other) {
        (Some(Amount::Money(one)), Some(Amount::Money(other))) => one.amount.cmp(&other.amount),
        (Some(one), Some(other)) => one.near().total_cmp(&other.near()),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

/// As it stands in addresses: the name, after a `-` where the largest comes first.
impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((_, name)) = ORDERS.iter().find(|(by, _)| *by == self.by) else {
            return Ok(());
        };
        let sign = if self.ascending { "" } else { "-" };
        write!(f, "{sign}{name}")
    }
}

/// There is no such order.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("lines can't be put in order by this")]
pub struct UnknownOrder;

impl FromStr for Sort {
    type Err = UnknownOrder;

    fn from_str(text: &str) -> Result<Self, UnknownOrder> {
        let (name, ascending) = match text.strip_prefix('-') {
            Some(name) => (name, false),
            None => (text, true),
        };
        let found = ORDERS.iter().find(|(_, known)| *known == name);
        let (by, _) = found.ok_or(UnknownOrder)?;
        Ok(Self { by: *by, ascending })
    }
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
