//! Why an answer can't be used.

use chrono::NaiveDate;

/// Why an answer can't be used. Names places, never amounts.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConvertError {
    /// Nothing came at all: that is no answer, and not a cost of zero.
    #[error("there is nothing in the answer")]
    NoData,
    /// The answer is grouped by something that wasn't asked for.
    #[error("the answer isn't grouped as it was asked for")]
    OtherGrouping,
    /// An entry without dates, or about another length of time than was asked for.
    #[error("an entry isn't about one day or month, as it was asked for")]
    NotADay,
    /// A day that wasn't asked for.
    #[error("{0} wasn't asked for")]
    OtherDay(NaiveDate),
    /// A group without a key for each thing that it is grouped by.
    #[error("a group of {0} doesn't have the keys that were asked for")]
    Keys(NaiveDate),
    /// A metric that isn't there, or has no amount.
    #[error("a group of {0} has no {1}")]
    Missing(NaiveDate, &'static str),
    /// An amount that isn't a number, or too large.
    #[error("the {1} of a group of {0} isn't an amount")]
    Amount(NaiveDate, &'static str),
    /// A cost whose unit isn't a currency.
    #[error("the {1} of a group of {0} isn't in a currency")]
    Unit(NaiveDate, &'static str),
    /// Amounts in more than one currency, which can't be added.
    #[error("the costs of {0} are in more than one currency")]
    Currencies(NaiveDate),
    /// The same group twice, with different amounts.
    #[error("a group of {0} came twice, with different amounts")]
    Twice(NaiveDate),
    /// A member that has to be there isn't.
    #[error("{0} is missing")]
    Absent(&'static str),
    /// A member that is there but makes no sense.
    #[error("{0} can't be read")]
    Senseless(&'static str),
    /// The same thing twice, with different content.
    #[error("{0} came twice, with different content")]
    Repeated(&'static str),
    /// A filter without anything in it: AWS refuses such, so it isn't asked.
    #[error("a filter has nothing in it")]
    EmptyFilter,
}
