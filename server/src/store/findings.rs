//! What could be saved: findings and what became of them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::ConnectionId,
    findings::{Assessed, Finding, FindingId, FindingState, Sums, Thresholds},
    money::{Currency, Money, Nanos},
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{
    Result, StoreError,
    costs::sql::Sql,
    database::{Database, Row, moment, row, rows, run},
};

/// Findings.
pub struct Findings<'a>(pub(super) &'a Database);

/// Which findings.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// A check's name.
    pub check: Option<String>,
    /// A region's name.
    pub region: Option<String>,
    /// What became of them.
    pub state: FindingState,
}

/// What is to become of a finding that isn't found any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Missing {
    /// It couldn't be looked for.
    Unseen,
    /// Something was done: its saving is booked.
    Mended,
    /// Nothing was done, but it doesn't count any more.
    Dropped,
}

const COLUMNS: &str = "id, connection_id, per_month, currency, assessed_json, reason, until_day, \
                       found_at, resolved_at, state";
/// One that was put off until today is open.
const NOW: &str = "CASE WHEN state = 'snoozed' AND until_day <= ";

impl Findings<'_> {
    /// Puts what is found now in the place of what was found before.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn reconcile(
        &self,
        connection: ConnectionId,
        found: &[Assessed],
        currency: Currency,
        missing: impl Fn(&Assessed) -> Missing + Send + Sync,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let transaction = self.0.begin().await?;
        let stored = stored(&transaction, connection).await?;
        let mut by_key: HashMap<_, _> =
            stored.iter().map(|one| (key(&one.assessed), one)).collect();
        for assessed in found {
            match by_key.remove(&key(assessed)) {
                Some(known) => change(&transaction, known, assessed, currency, now).await?,
                None => insert(&transaction, connection, assessed, currency, now).await?,
            }
        }
        let left: HashSet<FindingId> = by_key.into_values().map(|one| one.id).collect();
        for one in stored.iter().filter(|one| left.contains(&one.id)) {
            if one.state == FindingState::Resolved {
                continue;
            }
            match missing(&one.assessed) {
                Missing::Unseen => {}
                Missing::Mended if one.state != FindingState::Dismissed => {
                    let sql = "UPDATE findings SET state = 'resolved', resolved_at = $2, \
                               until_day = NULL WHERE id = $1";
                    run(&transaction, sql, [one.id.to_string().into(), moment(now)]).await?;
                }
                Missing::Mended | Missing::Dropped => {
                    let sql = "DELETE FROM findings WHERE id = $1";
                    run(&transaction, sql, [one.id.to_string().into()]).await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The dearest first: `count` of them, after `skip`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(
        &self,
        connection: ConnectionId,
        wanted: &Wanted,
        today: NaiveDate,
        (skip, count): (u32, u32),
    ) -> Result<Vec<Finding>> {
        let on = self.0.reads();
        let mut sql = Sql::new(on, &format!("SELECT {COLUMNS} FROM findings"));
        condition(&mut sql, connection, wanted, today);
        sql.push(" ORDER BY per_month DESC, check_name, region, resource_id LIMIT ")
            .bind(i64::from(count))
            .push(" OFFSET ")
            .bind(i64::from(skip));
        let rows = sql.fetch(on).await?;
        rows.iter().map(|row| finding(row, today)).collect()
    }

    /// How many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(
        &self,
        connection: ConnectionId,
        wanted: &Wanted,
        today: NaiveDate,
    ) -> Result<u32> {
        let on = self.0.reads();
        let mut sql = Sql::new(on, "SELECT COUNT(*) AS total FROM findings");
        condition(&mut sql, connection, wanted, today);
        let rows = sql.fetch(on).await?;
        rows.first().map_or(Ok(0), |row| row.count("total"))
    }

    /// Where there are any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn regions(&self, connection: ConnectionId) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT region FROM findings WHERE connection_id = $1 ORDER BY region";
        let rows = rows(self.0.reads(), sql, [connection.to_string().into()]).await?;
        rows.iter().map(|row| row.get("region")).collect()
    }

    /// The money of all, by what became of them.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when a sum doesn't fit.
    pub async fn sums(&self, connection: ConnectionId, today: NaiveDate) -> Result<Sums> {
        let on = self.0.reads();
        let mut sql = Sql::new(on, "SELECT ");
        sql.push(NOW).bind(today).push(
            " THEN 'open' ELSE state END AS now, CAST(SUM(per_month) AS BIGINT) AS amount, \
             COUNT(*) AS number, MIN(currency) AS currency FROM findings WHERE connection_id = ",
        );
        sql.bind(connection.to_string()).push(" GROUP BY 1");
        let nothing = Money::new(Nanos::ZERO, Currency::USD);
        let mut sums = Sums {
            found: nothing,
            open: 0,
            snoozed: nothing,
            snoozes: 0,
            realized: nothing,
            resolved: 0,
        };
        for row in sql.fetch(on).await? {
            let money = Money::new(Nanos(row.get("amount")?), row.currency()?);
            let number = row.count("number")?;
            match state(&row, "now")? {
                FindingState::Open => (sums.found, sums.open) = (money, number),
                FindingState::Snoozed => (sums.snoozed, sums.snoozes) = (money, number),
                FindingState::Resolved => (sums.realized, sums.resolved) = (money, number),
                FindingState::Dismissed => {}
            }
        }
        Ok(sums)
    }

    /// One of them, whoever's it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, id: FindingId, today: NaiveDate) -> Result<Option<Finding>> {
        let sql = format!("SELECT {COLUMNS} FROM findings WHERE id = $1");
        let row = row(self.0.reads(), &sql, [id.to_string().into()]).await?;
        row.map(|row| finding(&row, today)).transpose()
    }

    /// What a person wants to become of it. A resolved one stays resolved.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decide(
        &self,
        id: FindingId,
        state: FindingState,
        until: Option<NaiveDate>,
        reason: &str,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "UPDATE findings SET state = $2, until_day = $3, reason = $4 \
             WHERE id = $1 AND state <> 'resolved'",
            [
                id.to_string().into(),
                state.as_str().into(),
                until.into(),
                reason.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// From when on something counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn thresholds(&self, connection: ConnectionId) -> Result<Thresholds> {
        let sql = "SELECT thresholds_json FROM finding_thresholds WHERE connection_id = $1";
        let row = row(self.0.reads(), sql, [connection.to_string().into()]).await?;
        let Some(row) = row else {
            return Ok(Thresholds::default());
        };
        row.json("thresholds_json")
    }

    /// Sets it.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn set_thresholds(
        &self,
        connection: ConnectionId,
        thresholds: &Thresholds,
    ) -> Result<()> {
        let json = serde_json::to_string(thresholds)
            .map_err(|_| StoreError::Unreadable("thresholds_json"))?;
        run(
            self.0.writes(),
            "INSERT INTO finding_thresholds (connection_id, thresholds_json) VALUES ($1, $2) \
             ON CONFLICT (connection_id) DO UPDATE SET thresholds_json = excluded.thresholds_json",
            [connection.to_string().into(), json.into()],
        )
        .await?;
        Ok(())
    }
}

fn condition(sql: &mut Sql, connection: ConnectionId, wanted: &Wanted, today: NaiveDate) {
    sql.push(" WHERE connection_id = ")
        .bind(connection.to_string());
    sql.push(" AND ").push(NOW).bind(today);
    sql.push(" THEN 'open' ELSE state END = ")
        .bind(wanted.state.as_str());
    if let Some(check) = &wanted.check {
        sql.push(" AND check_name = ").bind(check.as_str());
    }
    if let Some(region) = &wanted.region {
        sql.push(" AND region = ").bind(region.as_str());
    }
}

/// A check and a resource: a finding is about one of each.
fn key(assessed: &Assessed) -> (&'static str, &str, &str) {
    let check = assessed.check.as_str();
    (check, &assessed.region, &assessed.resource)
}

async fn stored(on: &DatabaseTransaction, connection: ConnectionId) -> Result<Vec<Finding>> {
    let sql = format!("SELECT {COLUMNS} FROM findings WHERE connection_id = $1");
    let rows = rows(on, &sql, [connection.to_string().into()]).await?;
    // As it is stored: on no day is anything put off until then.
    rows.iter()
        .map(|row| finding(row, NaiveDate::MIN))
        .collect()
}

async fn insert(
    on: &DatabaseTransaction,
    connection: ConnectionId,
    assessed: &Assessed,
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<()> {
    let (check, region, resource) = key(assessed);
    run(
        on,
        "INSERT INTO findings (id, connection_id, check_name, region, resource_id, per_month, \
         currency, assessed_json, state, reason, found_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '', $9)",
        [
            Uuid::new_v4().to_string().into(),
            connection.to_string().into(),
            check.into(),
            region.into(),
            resource.into(),
            assessed.per_month().0.into(),
            currency.code().into(),
            json(assessed)?.into(),
            moment(now),
        ],
    )
    .await?;
    Ok(())
}

/// One that was mended and is found again is a new one, under its old name.
async fn change(
    on: &DatabaseTransaction,
    known: &Finding,
    assessed: &Assessed,
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<()> {
    let again = known.state == FindingState::Resolved;
    if !again && known.assessed == *assessed && known.currency == currency {
        return Ok(());
    }
    let (state, found_at) = match again {
        true => (FindingState::Open, now),
        false => (known.state, known.found_at),
    };
    run(
        on,
        "UPDATE findings SET per_month = $2, currency = $3, assessed_json = $4, state = $5, \
         found_at = $6, resolved_at = NULL WHERE id = $1",
        [
            known.id.to_string().into(),
            assessed.per_month().0.into(),
            currency.code().into(),
            json(assessed)?.into(),
            state.as_str().into(),
            moment(found_at),
        ],
    )
    .await?;
    Ok(())
}

fn json(assessed: &Assessed) -> Result<String> {
    serde_json::to_string(assessed).map_err(|_| StoreError::Unreadable("assessed_json"))
}

fn state(row: &Row, column: &'static str) -> Result<FindingState> {
    row.read(column, |text| text.parse().ok())
}

fn finding(row: &Row, today: NaiveDate) -> Result<Finding> {
    let until: Option<NaiveDate> = row.get("until_day")?;
    let mut state = state(row, "state")?;
    if state == FindingState::Snoozed && until.is_some_and(|until| until <= today) {
        state = FindingState::Open;
    }
    Ok(Finding {
        id: FindingId(row.parse("id")?),
        connection: ConnectionId(row.parse("connection_id")?),
        assessed: row.json("assessed_json")?,
        currency: row.currency()?,
        state,
        reason: row.get("reason")?,
        until,
        found_at: row.get("found_at")?,
        resolved_at: row.get("resolved_at")?,
        today,
    })
}
