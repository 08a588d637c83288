//! Every AWS request made, with its price. Written before the request leaves,
//! so that a kill hides none; kept when the connection is deleted.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::{AwsAccountId, ConnectionId, ConnectionKind},
    ledger::{Arrival, Asker, Departure, Operation, Payer},
    money::{Currency, Money, Nanos},
    period::Period,
    spending::{Cap, CapStatus, Spent},
    user::UserId,
};
use sea_orm::{ConnectionTrait, Value};

use super::{
    Result, StoreError, caps,
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

/// Why an attempt has no line, and mustn't leave.
#[derive(Debug, thiserror::Error)]
pub enum DepartError {
    /// The connection's cap is reached, and nobody waits for the answer.
    #[error("the monthly cap for requests is reached")]
    CapReached,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a day's requests of one kind cost.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LedgerSum {
    /// The UTC day on which they left.
    pub day: NaiveDate,
    /// Whose; `None` while keys were proved.
    pub connection: Option<ConnectionId>,
    /// The account, where AWS had said which.
    pub aws_account: Option<AwsAccountId>,
    /// What was asked.
    pub operation: Operation,
    /// Whether the sample account was asked, which costs nothing.
    pub sample: bool,
    /// How many, and what they cost.
    pub spent: Spent,
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
    /// Writes down an attempt that is about to leave. One of the background that
    /// doesn't fit into its connection's cap isn't written down, and mustn't
    /// leave: looking and writing are one step, whoever else does the same.
    ///
    /// # Errors
    /// [`DepartError::CapReached`]; else when the database fails: then the
    /// attempt mustn't leave either.
    pub async fn depart(
        &self,
        departure: &Departure,
    ) -> std::result::Result<LedgerId, DepartError> {
        let Some(connection) = departure.payer.connection else {
            return Ok(insert(self.0.writes(), departure).await?);
        };
        if departure.price.amount == Nanos::ZERO {
            return Ok(insert(self.0.writes(), departure).await?);
        }
        let transaction = self.0.begin().await?;
        match caps::lock(&transaction, connection).await {
            Ok(cap) if departure.asker == Asker::Background => {
                if !fits(&transaction, connection, cap, departure).await? {
                    return Err(DepartError::CapReached);
                }
            }
            // A person's are counted in the same order, but never stopped.
            Ok(_) => {}
            // What the last requests of a deleted connection cost stays known.
            Err(StoreError::OwnerGone) if departure.asker == Asker::Person => {
                drop(transaction);
                return Ok(insert(self.0.writes(), departure).await?);
            }
            Err(error) => return Err(error.into()),
        }
        let id = insert(&transaction, departure).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(id)
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

    /// What the person's requests cost on each day of a period, by connection,
    /// account and operation; those to the sample account apart.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`].
    pub async fn sums(&self, user: UserId, period: Period) -> Result<Vec<LedgerSum>> {
        rows(
            self.0.reads(),
            "SELECT day, connection_id, aws_account, operation, sample, currency, \
             COUNT(*) AS requests, \
             CAST(SUM(CASE WHEN outcome IS NULL OR outcome = 'ok' THEN 0 ELSE 1 END) AS BIGINT) AS failed, \
             CAST(SUM(price_nanos) AS BIGINT) AS amount FROM ledger \
             WHERE user_id = $1 AND day >= $2 AND day < $3 \
             GROUP BY day, connection_id, aws_account, operation, sample, currency",
            [
                user.to_string().into(),
                period.start().into(),
                period.end().into(),
            ],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(LedgerSum {
                day: row.get("day")?,
                connection: optional_connection(row)?,
                aws_account: optional_account(row)?,
                operation: row.parse("operation")?,
                sample: row.get("sample")?,
                spent: Spent {
                    requests: row.count("requests")?,
                    failed: row.count("failed")?,
                    price: Money::new(Nanos(row.get("amount")?), row.currency()?),
                },
            })
        })
        .collect()
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
                 price_nanos, currency, asker, outcome, milliseconds, request_id FROM ledger \
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

async fn insert(on: &impl ConnectionTrait, departure: &Departure) -> Result<LedgerId> {
    let Departure {
        payer,
        operation,
        attempt,
        at,
        price,
        asker,
    } = departure;
    row(
        on,
        "INSERT INTO ledger (user_id, connection_id, aws_account, operation, attempt, \
         departed_at, price_nanos, currency, day, asker, sample) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         EXISTS (SELECT 1 FROM connections WHERE id = $2 AND kind = 'sample')) RETURNING id",
        [
            payer.user.to_string().into(),
            payer.connection.map(|id| id.to_string()).into(),
            payer.aws_account.as_ref().map(AwsAccountId::as_str).into(),
            operation.iam_action().into(),
            i64::from(*attempt).into(),
            moment(*at),
            price.amount.0.into(),
            price.currency.code().into(),
            at.date_naive().into(),
            asker.as_str().into(),
        ],
    )
    .await?
    .ok_or(StoreError::Unreadable("id"))?
    .get("id")
    .map(LedgerId)
}

/// Whether the cap covers one more attempt: everything counts that has left this
/// month, answered or not. The sample account's requests cost nothing.
async fn fits(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
    cap: Cap,
    departure: &Departure,
) -> Result<bool> {
    let month = Period::month_of(departure.at.date_naive());
    let sum = row(
        on,
        "SELECT CAST(COALESCE(SUM(price_nanos), 0) AS BIGINT) AS amount FROM ledger \
         WHERE connection_id = $1 AND day >= $2 AND day < $3",
        [
            connection.to_string().into(),
            month.start().into(),
            month.end().into(),
        ],
    )
    .await?
    .ok_or(StoreError::Unreadable("amount"))?;
    let sample = row(
        on,
        "SELECT kind FROM connections WHERE id = $1",
        [connection.to_string().into()],
    )
    .await?
    .is_some_and(|row| {
        row.get::<String>("kind")
            .is_ok_and(|kind| kind == ConnectionKind::Sample.as_str())
    });
    let status = CapStatus {
        connection,
        cap,
        month,
        spent: Money::new(Nanos(sum.get("amount")?), departure.price.currency),
        sample,
    };
    Ok(status.covers(departure.price))
}

fn column(spender: &Spender) -> (&'static str, Value) {
    match spender {
        Spender::User(id) => ("user_id", id.to_string().into()),
        Spender::Connection(id) => ("connection_id", id.to_string().into()),
        Spender::AwsAccount(id) => ("aws_account", id.as_str().into()),
    }
}

fn line(row: &Row) -> Result<LedgerLine> {
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
                connection: optional_connection(row)?,
                aws_account: optional_account(row)?,
            },
            operation: row.parse("operation")?,
            attempt: row.count("attempt")?,
            at: row.get("departed_at")?,
            price: Money::new(Nanos(row.get("price_nanos")?), row.currency()?),
            asker: row.read("asker", |text| {
                Asker::ALL.into_iter().find(|asker| asker.as_str() == text)
            })?,
        },
        arrival,
    })
}

fn optional_connection(row: &Row) -> Result<Option<ConnectionId>> {
    match row.get::<Option<String>>("connection_id")? {
        Some(_) => Ok(Some(ConnectionId(row.parse("connection_id")?))),
        None => Ok(None),
    }
}

fn optional_account(row: &Row) -> Result<Option<AwsAccountId>> {
    match row.get::<Option<String>>("aws_account")? {
        Some(_) => row.parse("aws_account").map(Some),
        None => Ok(None),
    }
}
