//! Costs and usage by groups: what a [`crate::query::ReportQuery`] is answered with.

use serde::{Deserialize, Serialize};

use crate::{
    account::ConnectionId,
    cube::Question,
    dimension::GroupKey,
    money::{Currency, Nanos},
    period::Period,
};

/// A report made from stored costs. Days that aren't stored count nothing in it:
/// ask the stored days which those are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The cube that answered.
    pub cube: Question,
    /// Of which connections AWS's totals of whole months were taken, and until when: from the
    /// period's start, because their days there aren't stored.
    pub months: Vec<(ConnectionId, Period)>,
    /// What its groups are told apart by.
    pub group_by: Vec<GroupKey>,
    /// The pieces of its period, in order: each list of values has one for each.
    pub pieces: Vec<Period>,
    /// The numbers.
    pub figures: Figures,
}

/// A report's numbers. What can't be added up has tables of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figures {
    /// A table for each currency, by its code.
    Money(Vec<Table<Currency, Nanos>>),
    /// A table for each unit of usage, by its name; normalized usage has one, without a name.
    Usage(Vec<Table<String, f64>>),
}

/// The numbers of one currency or unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table<U, A> {
    /// Of every number in it.
    pub unit: U,
    /// The largest first, whether cost or credit, equal ones by name; the rest last.
    pub groups: Vec<Group<A>>,
    /// The sum over all groups, for each piece.
    pub values: Vec<A>,
    /// The sum of everything.
    pub total: A,
}

/// One group's numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group<A> {
    /// Its values of the keys that are grouped by, in their order; of the rest: none.
    pub keys: Vec<String>,
    /// How many groups it stands for: more than one only where it is the rest.
    pub groups: u32,
    /// For each piece; zero where there was nothing.
    pub values: Vec<A>,
    /// Their sum.
    pub total: A,
}

impl<A> Group<A> {
    /// Whether it is the sum of all that have no line of their own.
    #[must_use]
    pub const fn is_rest(&self) -> bool {
        self.groups > 1
    }
}
