//! Which cubes a connection has: the kept ones, and what people asked for.

use chrono::{DateTime, Utc};
use domain::{
    account::ConnectionId,
    cube::{Cube, Granularity, Question},
};
use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

use super::Costs;
use crate::store::{
    Result, StoreError,
    database::{Row, moment, row, rows, run},
};

/// A cube of a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredCube {
    /// What Cost Explorer is asked for it.
    pub question: Question,
    /// Which of the kept ones it is, if any.
    pub kept: Option<Cube>,
    /// When it was first asked or used.
    pub made_at: DateTime<Utc>,
    /// When somebody last looked at it; of no meaning for the kept ones.
    pub last_used_at: DateTime<Utc>,
}

impl StoredCube {
    /// Whether a person asked for it. Months are asked for by themselves.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.kept.is_none() && self.question.granularity == Granularity::Daily
    }
}

impl Costs<'_> {
    /// The connection's cubes: the kept ones in the order of [`Cube::ALL`], then the
    /// others by age.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cubes(&self, connection: ConnectionId) -> Result<Vec<StoredCube>> {
        of_connection(self.0.reads(), connection).await
    }

    /// The questions that people asked for and have looked at since then: those that are
    /// worth asking again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn used_cubes(
        &self,
        connection: ConnectionId,
        since: DateTime<Utc>,
    ) -> Result<Vec<Question>> {
        let cubes = self.cubes(connection).await?;
        Ok(cubes
            .into_iter()
            .filter(|cube| cube.is_asked() && cube.last_used_at >= since)
            .map(|cube| cube.question)
            .collect())
    }

    /// Says that somebody looks at a cube; one that isn't there comes to be, empty.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn used(
        &self,
        connection: ConnectionId,
        question: &Question,
        now: DateTime<Utc>,
    ) -> Result<()> {
        make(self.0.writes(), connection, question, now).await?;
        run(
            self.0.writes(),
            "UPDATE cubes SET last_used_at = $3 \
             WHERE connection_id = $1 AND name = $2 AND last_used_at < $3",
            [
                connection.to_string().into(),
                name(question)?.into(),
                moment(now),
            ],
        )
        .await?;
        Ok(())
    }

    /// Deletes a cube with all that is stored of it; answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, connection: ConnectionId, question: &Question) -> Result<bool> {
        let deleted = run(
            self.0.writes(),
            "DELETE FROM cubes WHERE connection_id = $1 AND name = $2",
            [connection.to_string().into(), name(question)?.into()],
        )
        .await?;
        Ok(deleted == 1)
    }
}

/// The cube's name among its connection's: short, and one for each question.
pub(super) fn name(question: &Question) -> Result<String> {
    let question = question.canonical();
    match question.kept() {
        Some(cube) => Ok(cube.as_str().to_owned()),
        None => Ok(format!(
            "asked:{}",
            hex::encode(Sha256::digest(json(&question)?))
        )),
    }
}

fn json(question: &Question) -> Result<String> {
    serde_json::to_string(question).map_err(|_| StoreError::Unreadable("question"))
}

async fn make(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
    question: &Question,
    now: DateTime<Utc>,
) -> Result<()> {
    let canonical = question.canonical();
    let text = match canonical.kept() {
        Some(_) => None,
        None => Some(json(&canonical)?),
    };
    run(
        on,
        "INSERT INTO cubes (connection_id, name, question, made_at, last_used_at) \
         VALUES ($1, $2, $3, $4, $4) ON CONFLICT (connection_id, name) DO NOTHING",
        [
            connection.to_string().into(),
            name(question)?.into(),
            text.into(),
            moment(now),
        ],
    )
    .await?;
    Ok(())
}

/// The cube's number, made where there is none. Until the transaction ends, nobody else
/// changes this cube.
pub(super) async fn obtain(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
    question: &Question,
    now: DateTime<Utc>,
) -> Result<i64> {
    make(on, connection, question, now).await?;
    // Changes nothing, but takes the row's lock on PostgreSQL; SQLite has one writer.
    row(
        on,
        "UPDATE cubes SET made_at = made_at WHERE connection_id = $1 AND name = $2 RETURNING id",
        [connection.to_string().into(), name(question)?.into()],
    )
    .await?
    .ok_or(StoreError::OwnerGone)?
    .get("id")
}

/// The number of a cube, where there is one.
pub(super) async fn find(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
    question: &Question,
) -> Result<Option<i64>> {
    row(
        on,
        "SELECT id FROM cubes WHERE connection_id = $1 AND name = $2",
        [connection.to_string().into(), name(question)?.into()],
    )
    .await?
    .map(|row| row.get("id"))
    .transpose()
}

pub(super) async fn of_connection(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
) -> Result<Vec<StoredCube>> {
    let mut cubes = rows(
        on,
        "SELECT name, question, made_at, last_used_at FROM cubes WHERE connection_id = $1",
        [connection.to_string().into()],
    )
    .await?
    .iter()
    .map(stored)
    .collect::<Result<Vec<_>>>()?;
    cubes.sort_by_cached_key(|cube| {
        let place = cube
            .kept
            .and_then(|kept| Cube::ALL.iter().position(|one| *one == kept));
        // Two of one age still come in one order.
        (
            place.unwrap_or(Cube::ALL.len()),
            cube.made_at,
            json(&cube.question).unwrap_or_default(),
        )
    });
    Ok(cubes)
}

fn stored(row: &Row) -> Result<StoredCube> {
    let name: String = row.get("name")?;
    let kept = Cube::ALL.into_iter().find(|cube| cube.as_str() == name);
    let question = match kept {
        Some(cube) => cube.question(),
        None => row.read("question", |text| serde_json::from_str(text).ok())?,
    };
    Ok(StoredCube {
        question,
        kept,
        made_at: row.get("made_at")?,
        last_used_at: row.get("last_used_at")?,
    })
}
