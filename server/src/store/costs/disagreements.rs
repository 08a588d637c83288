//! Where the kept cubes have different totals for a day: AWS was asked minutes apart.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    account::ConnectionId,
    cube::Cube,
    history::Disagreement,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
};

use super::{Costs, amounts, days};
use crate::store::{Result, StoreError, database::rows};

impl Costs<'_> {
    /// The days of a period on which the kept cubes that have them don't add up to the
    /// same, by day and currency.
    ///
    /// # Errors
    /// [`StoreError::NotMoney`] for a metric of usage, [`StoreError::TooLarge`] when a
    /// sum doesn't fit.
    pub async fn disagreements(
        &self,
        connection: ConnectionId,
        period: Period,
        metric: Metric,
    ) -> Result<Vec<Disagreement>> {
        if !metric.is_cost() {
            return Err(StoreError::NotMoney);
        }
        let values = || {
            [
                connection.to_string().into(),
                days::number(period.start()).into(),
                days::number(period.end()).into(),
            ]
        };
        let snapshot = self.0.snapshot().await?;
        let slices = rows(
            &snapshot,
            "SELECT c.name, d.day FROM cubes c JOIN cube_days d ON d.cube_id = c.id \
             WHERE c.connection_id = $1 AND d.day >= $2 AND d.day < $3",
            values(),
        )
        .await?;
        let totals = rows(
            &snapshot,
            &format!(
                "SELECT c.name, a.day, {sum} AS total, s.currency \
                 FROM cubes c CROSS JOIN cube_series s CROSS JOIN daily_costs a \
                 WHERE c.connection_id = $1 AND s.cube_id = c.id AND s.level = 0 \
                 AND a.series_id = s.id AND a.day >= $2 AND a.day < $3 \
                 GROUP BY c.name, a.day, s.currency",
                sum = amounts::sum(metric),
            ),
            values(),
        )
        .await?;
        snapshot.commit().await?;

        let mut having: BTreeMap<i64, BTreeSet<Cube>> = BTreeMap::new();
        for row in slices {
            if let Some(cube) = kept(&row.at::<String>(0)?) {
                having.entry(row.at(1)?).or_default().insert(cube);
            }
        }
        let mut sums: BTreeMap<(i64, Currency), BTreeMap<Cube, Nanos>> = BTreeMap::new();
        for row in totals {
            if let Some(cube) = kept(&row.at::<String>(0)?) {
                let sums = sums.entry((row.at(1)?, row.currency()?)).or_default();
                sums.insert(cube, Nanos(row.at(2)?));
            }
        }
        let mut disagreements = Vec::new();
        for ((day, currency), sums) in sums {
            // A cube that has the day and names nothing in the currency says zero.
            let totals: Vec<(Cube, Nanos)> = (having.get(&day).into_iter().flatten())
                .map(|cube| (*cube, sums.get(cube).copied().unwrap_or_default()))
                .collect();
            if totals.windows(2).any(|pair| pair[0].1 != pair[1].1) {
                disagreements.push(Disagreement {
                    day: days::date(day)?,
                    currency,
                    totals,
                });
            }
        }
        Ok(disagreements)
    }
}

fn kept(name: &str) -> Option<Cube> {
    Cube::ALL.into_iter().find(|cube| cube.as_str() == name)
}
