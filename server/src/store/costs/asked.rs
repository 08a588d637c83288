//! What people asked for beside what is kept: how much of it there is, and what its keys
//! have been seen to be.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{account::ConnectionId, cube::Question, dimension::GroupKey, period::Period};

use super::{
    Costs, cubes, days,
    series::{self, KEY1, KEY2},
};
use crate::store::{
    Result,
    database::{row, rows},
};

/// A cube that a person asked for, and what is stored of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AskedCube {
    /// What was asked.
    pub question: Question,
    /// When somebody last looked at it.
    pub last_used_at: DateTime<Utc>,
    /// From the first to the last stored day; `None` when none is.
    pub period: Option<Period>,
    /// Stored days.
    pub days: u32,
    /// Pairs of keys that are told apart, each in its unit.
    pub groups: u32,
    /// When AWS was asked last.
    pub as_of: Option<DateTime<Utc>>,
}

impl Costs<'_> {
    /// What people asked for, the last used first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asked_cubes(&self, connection: ConnectionId) -> Result<Vec<AskedCube>> {
        let mut asked = Vec::new();
        for cube in self.cubes(connection).await? {
            if !cube.is_asked() {
                continue;
            }
            let reach = self.reach(connection, &cube.question).await?;
            let base = series::base(cube.question.keys.len());
            let found = row(
                self.0.reads(),
                "SELECT (SELECT COUNT(*) FROM cube_days d WHERE d.cube_id = c.id) AS days, \
                 (SELECT COUNT(*) FROM cube_series s WHERE s.cube_id = c.id AND s.level = $3) \
                 AS series FROM cubes c WHERE c.connection_id = $1 AND c.name = $2",
                [
                    connection.to_string().into(),
                    cubes::name(&cube.question)?.into(),
                    base.into(),
                ],
            )
            .await?;
            // Forgotten meanwhile.
            let Some(found) = found else { continue };
            asked.push(AskedCube {
                as_of: self.as_of(connection, &cube.question, reach).await?,
                question: cube.question,
                last_used_at: cube.last_used_at,
                period: reach,
                days: found.count("days")?,
                groups: found.count("series")?,
            });
        }
        asked.sort_by_key(|cube| std::cmp::Reverse(cube.last_used_at));
        Ok(asked)
    }

    /// When AWS was last asked for a day of a period.
    async fn as_of(
        &self,
        connection: ConnectionId,
        question: &Question,
        period: Option<Period>,
    ) -> Result<Option<DateTime<Utc>>> {
        let Some(period) = period else {
            return Ok(None);
        };
        let newest = row(
            self.0.reads(),
            "SELECT d.asked_at FROM cubes c JOIN cube_days d ON d.cube_id = c.id \
             WHERE c.connection_id = $1 AND c.name = $2 AND d.day >= $3 \
             ORDER BY d.asked_at DESC LIMIT 1",
            [
                connection.to_string().into(),
                cubes::name(question)?.into(),
                days::number(period.start()).into(),
            ],
        )
        .await?;
        newest.map(|row| row.at(0)).transpose()
    }

    /// Every value that a key has in what is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known_values(
        &self,
        connection: ConnectionId,
        key: &GroupKey,
    ) -> Result<Vec<String>> {
        let mut values = BTreeSet::new();
        for cube in self.cubes(connection).await? {
            let Some(place) = cube.question.keys.iter().position(|one| one == key) else {
                continue;
            };
            let (level, column) = match place {
                0 => (KEY1, "key1"),
                _ => (KEY2, "key2"),
            };
            let sql = format!(
                "SELECT DISTINCT k.value FROM cubes c \
                 JOIN cube_series s ON s.cube_id = c.id AND s.level = $3 \
                 JOIN cube_keys k ON k.id = s.{column} \
                 WHERE c.connection_id = $1 AND c.name = $2"
            );
            let found = rows(
                self.0.reads(),
                &sql,
                [
                    connection.to_string().into(),
                    cubes::name(&cube.question)?.into(),
                    level.into(),
                ],
            )
            .await?;
            for row in found {
                values.insert(row.at(0)?);
            }
        }
        Ok(values.into_iter().collect())
    }
}
