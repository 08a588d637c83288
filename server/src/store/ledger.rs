//! Every AWS request made, with its price. Written before the request leaves,
//! so that a kill hides none; kept when the connection is deleted.

use chrono::{DateTime, Utc};
use domain::{
    account::{AwsAccountId, ConnectionId},
    ledger::{Arrival, Departure, Operation, Payer},
    money::{Currency, Money, Nanos},
    user::UserId,
};
use sea_orm::Value;

use super::{
    Result, StoreError,
    database::{Database, Row, moment, row, rows, run},
};

/// The ledger.
pub struct Ledger<'a>(pub(super) &'a Database);

/// Names one line.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LedgerId(pub i64);

/// Whose spending.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Spender {
    /// A person's, over all their connections, deleted ones too.
    User(UserId),
    /// A connection's.
    Connection(ConnectionId),
    /// An AWS account's, whoever connected it.
    AwsAccount(AwsAccountId),
}

/// A line of the ledger.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LedgerLine {
    /// Names it.
    pub id: LedgerId,
    /// What left.
    pub departure: Departure,
    /// How it ended; `None` while it is under way, and for ever when the server
    /// was killed meanwhile.
    pub arrival: Option<Arrival>,
}

impl Ledger<'_> {
    /// Writes down an attempt that is about to leave.
    ///
    /// # Errors
    /// When the database fails: then the attempt mustn't leave.
    pub async fn depart(&self, departure: &Departure) -> Result<LedgerId> {
        let Departure {
            payer,
            operation,
            attempt,
            at,
            price,
        } = departure;
        row(
            self.0.writes(),
            "INSERT INTO ledger (user_id, connection_id, aws_account, operation, attempt, \
             departed_at, price_nanos, currency) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             RETURNING id",
            [
                payer.user.to_string().into(),
                payer.connection.map(|id| id.to_string()).into(),
                payer.aws_account.as_ref().map(AwsAccountId::as_str).into(),
                operation.iam_action().into(),
                i64::from(*attempt).into(),
                moment(*at),
                price.amount.0.into(),
                price.currency.code().into(),
            ],
        )
        .await?
        .ok_or(StoreError::Unreadable("id"))?
        .get("id")
        .map(LedgerId)
    }

    /// Writes down how an attempt ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn arrive(&self, id: LedgerId, arrival: &Arrival) -> Result<()> {
        run(
            self.0.writes(),
            "UPDATE ledger SET outcome = $2, milliseconds = $3, request_id = $4 WHERE id = $1",
            [
                id.0.into(),
                arrival.outcome.as_str().into(),
                i64::try_from(arrival.milliseconds)
                    .unwrap_or(i64::MAX)
                    .into(),
                arrival.request_id.as_deref().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// What the attempts that left from `from` until before `to` cost.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], or [`StoreError::MixedCurrencies`] should AWS
    /// ever sell requests in two.
    pub async fn spent(
        &self,
        spender: &Spender,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Money> {
        let (column, whose) = column(spender);
        let sums = rows(
            self.0.reads(),
            &format!(
                "SELECT currency, CAST(SUM(price_nanos) AS BIGINT) AS amount FROM ledger \
                 WHERE {column} = $1 AND departed_at >= $2 AND departed_at < $3 GROUP BY currency"
            ),
            [whose, moment(from), moment(to)],
        )
        .await?;
        match sums.as_slice() {
            [] => Ok(Money::new(Nanos::ZERO, Currency::USD)),
            [sum] => Ok(Money::new(Nanos(sum.get("amount")?), sum.currency()?)),
            _ => Err(StoreError::MixedCurrencies),
        }
    }

    /// The lines of the attempts that left from `from` until before `to`, in
    /// the order in which they left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(
        &self,
        spender: &Spender,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<LedgerLine>> {
        let (column, whose) = column(spender);
        rows(
            self.0.reads(),
            &format!(
                "SELECT id, user_id, connection_id, aws_account, operation, attempt, departed_at, \
                 price_nanos, currency, outcome, milliseconds, request_id FROM ledger \
                 WHERE {column} = $1 AND departed_at >= $2 AND departed_at < $3 \
                 ORDER BY departed_at, id"
            ),
            [whose, moment(from), moment(to)],
        )
        .await?
        .iter()
        .map(line)
        .collect()
    }
}

fn column(spender: &Spender) -> (&'static str, Value) {
    match spender {
        Spender::User(id) => ("user_id", id.to_string().into()),
        Spender::Connection(id) => ("connection_id", id.to_string().into()),
        Spender::AwsAccount(id) => ("aws_account", id.as_str().into()),
    }
}

fn line(row: &Row) -> Result<LedgerLine> {
    let connection = match row.get::<Option<String>>("connection_id")? {
        Some(_) => Some(ConnectionId(row.parse("connection_id")?)),
        None => None,
    };
    let aws_account = match row.get::<Option<String>>("aws_account")? {
        Some(_) => Some(row.parse("aws_account")?),
        None => None,
    };
    let arrival = match row.get::<Option<String>>("outcome")? {
        Some(outcome) => Some(Arrival {
            outcome,
            milliseconds: row.count("milliseconds")?,
            request_id: row.get("request_id")?,
        }),
        None => None,
    };
    Ok(LedgerLine {
        id: LedgerId(row.get("id")?),
        departure: Departure {
            payer: Payer {
                user: UserId(row.parse("user_id")?),
                connection,
                aws_account,
            },
            operation: row.read("operation", |text| {
                Operation::ALL
                    .iter()
                    .copied()
                    .find(|operation| operation.iam_action() == text)
            })?,
            attempt: row.count("attempt")?,
            at: row.get("departed_at")?,
            price: Money::new(Nanos(row.get("price_nanos")?), row.currency()?),
        },
        arrival,
    })
}
