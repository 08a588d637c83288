//! What could be saved: findings and what became of them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::ConnectionId,
    findings::{Assessed, Check, Finding, FindingId, FindingState, Sums, Tally, Thresholds},
    inventory::ResourceKind,
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
    /// A check.
    pub check: Option<Check>,
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
    /// Something was done: so much a month is booked as saved.
    Mended(Nanos),
    /// Nothing was done, but it doesn't count at present. What a person decided about it is
    /// remembered.
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
        let mut left: HashMap<_, _> = (stored.iter())
            .map(|one| (key(&one.finding.assessed), one))
            .collect();
        let mut new = Vec::new();
        for assessed in found {
            match left.remove(&key(assessed)) {
                Some(known) => change(&transaction, known, assessed, currency, now).await?,
                None => new.push(assessed),
            }
        }
        let mut unseen = HashSet::new();
        for one in left.into_values() {
            if one.finding.state == FindingState::Resolved {
                continue;
            }
            let missing = missing(&one.finding.assessed);
            if missing == Missing::Unseen {
                unseen.insert(resource(&one.finding.assessed));
            }
            end(&transaction, one, missing, now).await?;
        }
        // What is still found by a check that couldn't look this time isn't found by another
        // one beside it.
        let is_new = |assessed: &&&Assessed| !unseen.contains(&resource(assessed));
        for assessed in new.iter().filter(is_new) {
            insert(&transaction, connection, assessed, currency, now).await?;
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
        const ORDER: &str = " ORDER BY per_month DESC, check_name, region, resource_id";
        let on = self.0.reads();
        let mut sql = Sql::new(on, &format!("SELECT {COLUMNS} FROM findings WHERE id IN ("));
        // Which these are is told by an index, without reading what is said about all others.
        sql.push("SELECT id FROM findings");
        condition(&mut sql, connection, wanted, today);
        sql.push(ORDER)
            .push(" LIMIT ")
            .bind(i64::from(count))
            .push(" OFFSET ")
            .bind(i64::from(skip))
            .push(")")
            .push(ORDER);
        let rows = sql.fetch(on).await?;
        rows.iter().map(|row| finding(row, today)).collect()
    }

    /// How many there are, and what they come to.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when a sum doesn't fit.
    pub async fn tally(&self, connection: ConnectionId, today: NaiveDate) -> Result<Vec<Tally>> {
        let on = self.0.reads();
        let mut sql = Sql::new(on, "SELECT ");
        sql.push(NOW).bind(today).push(
            " THEN 'open' ELSE state END AS now, check_name, region, currency, \
             CAST(SUM(per_month) AS BIGINT) AS amount, COUNT(*) AS number \
             FROM findings WHERE NOT away AND connection_id = ",
        );
        sql.bind(connection.to_string())
            .push(" GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4");
        let rows = sql.fetch(on).await?;
        let tally = |row: &Row| {
            Ok(Tally {
                state: state(row, "now")?,
                check: row.read("check_name", |text| text.parse().ok())?,
                region: row.get("region")?,
                per_month: Money::new(Nanos(row.get("amount")?), row.currency()?),
                number: row.count("number")?,
            })
        };
        rows.iter().map(tally).collect()
    }

    /// The money of all, by what became of them.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when a sum doesn't fit.
    pub async fn sums(&self, connection: ConnectionId, today: NaiveDate) -> Result<Sums> {
        let tally = self.tally(connection, today).await?;
        Sums::of(&tally).map_err(|_| StoreError::TooLarge)
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
    sql.push(" WHERE NOT away AND connection_id = ")
        .bind(connection.to_string());
    sql.push(" AND ").push(NOW).bind(today);
    sql.push(" THEN 'open' ELSE state END = ")
        .bind(wanted.state.as_str());
    if let Some(check) = wanted.check {
        sql.push(" AND check_name = ").bind(check.as_str());
    }
    if let Some(region) = &wanted.region {
        sql.push(" AND region = ").bind(region.as_str());
    }
}

fn resource(assessed: &Assessed) -> (ResourceKind, String, String) {
    let (region, id) = (assessed.region.clone(), assessed.resource.clone());
    (assessed.kind, region, id)
}

/// A check and a resource: a finding is about one of each.
fn key(assessed: &Assessed) -> (&'static str, &str, &str) {
    let check = assessed.check.as_str();
    (check, &assessed.region, &assessed.resource)
}

/// As it is stored.
struct Stored {
    finding: Finding,
    away: bool,
}

async fn stored(on: &DatabaseTransaction, connection: ConnectionId) -> Result<Vec<Stored>> {
    let sql = format!("SELECT {COLUMNS}, away FROM findings WHERE connection_id = $1");
    let rows = rows(on, &sql, [connection.to_string().into()]).await?;
    let stored = |row: &Row| {
        Ok(Stored {
            // On no day is anything put off until then.
            finding: finding(row, NaiveDate::MIN)?,
            away: row.get("away")?,
        })
    };
    rows.iter().map(stored).collect()
}

/// Does what is to become of one that isn't found any more.
async fn end(
    on: &DatabaseTransaction,
    one: &Stored,
    missing: Missing,
    now: DateTime<Utc>,
) -> Result<()> {
    let id = one.finding.id.to_string();
    let decided = matches!(
        one.finding.state,
        FindingState::Snoozed | FindingState::Dismissed
    );
    match missing {
        Missing::Unseen => {}
        // That nothing was to be done about a dismissed one was no saving.
        Missing::Mended(saved) if !one.away && one.finding.state != FindingState::Dismissed => {
            let sql = "UPDATE findings SET state = 'resolved', resolved_at = $2, per_month = $3, \
                       until_day = NULL WHERE id = $1";
            run(on, sql, [id.into(), moment(now), saved.0.into()]).await?;
        }
        Missing::Dropped if decided => {
            let sql = "UPDATE findings SET away = TRUE WHERE id = $1 AND NOT away";
            run(on, sql, [id.into()]).await?;
        }
        Missing::Mended(_) | Missing::Dropped => {
            let sql = "DELETE FROM findings WHERE id = $1";
            run(on, sql, [id.into()]).await?;
        }
    }
    Ok(())
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
    Stored {
        finding: known,
        away,
    }: &Stored,
    assessed: &Assessed,
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<()> {
    let again = known.state == FindingState::Resolved;
    if !again && !away && known.assessed == *assessed && known.currency == currency {
        return Ok(());
    }
    let (state, found_at) = match again {
        true => (FindingState::Open, now),
        false => (known.state, known.found_at),
    };
    run(
        on,
        "UPDATE findings SET per_month = $2, currency = $3, assessed_json = $4, state = $5, \
         found_at = $6, resolved_at = NULL, away = FALSE WHERE id = $1",
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
    let booked = match state {
        FindingState::Resolved => Some(Nanos(row.get("per_month")?)),
        _ => None,
    };
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
        booked,
        today,
    })
}
