//! The reports that are measured, and the SQL that their numbers and names come from.

use domain::{
    account::ConnectionId,
    cube::Cube,
    dimension::{Dimension, Filter, GroupKey},
    metric::Metric,
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use server::store::{Store, costs::Reported};

use crate::rows;

#[derive(Clone, Copy)]
pub enum Report {
    Overview,
    DailyByService,
    MonthlyByServiceAndUsageType,
    TotalByServiceAndUsageType,
    DailyUsageTypesOfOne,
    WeeklyByAccountWithoutOne,
}

impl Report {
    pub const ALL: [Self; 6] = [
        Self::Overview,
        Self::DailyByService,
        Self::MonthlyByServiceAndUsageType,
        Self::TotalByServiceAndUsageType,
        Self::DailyUsageTypesOfOne,
        Self::WeeklyByAccountWithoutOne,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview: 6 months, days by service",
            Self::DailyByService => "13 months, days by service, top 10",
            Self::MonthlyByServiceAndUsageType => "13 months by service and usage type",
            Self::TotalByServiceAndUsageType => "the same as totals, all of them",
            Self::DailyUsageTypesOfOne => "days, usage types of one service",
            Self::WeeklyByAccountWithoutOne => "weeks by account, without a service",
        }
    }

    pub async fn make(self, store: &Store, id: ConnectionId) {
        if matches!(self, Self::Overview) {
            let period = Period::months_to_date(rows::today(), 6);
            let daily = store.costs();
            let daily = daily
                .daily_by_key1(id, Cube::ServiceAccount, period, Metric::Unblended)
                .await;
            assert!(!daily.expect("days").is_empty());
            return;
        }
        let reported = store
            .costs()
            .report(&self.query(id))
            .await
            .expect("a report");
        assert!(matches!(reported, Reported::Known(_)));
    }

    fn query(self, id: ConnectionId) -> ReportQuery {
        let service = GroupKey::from(Dimension::Service);
        let usage_type = GroupKey::from(Dimension::UsageType);
        let one = Filter::In {
            key: service.clone(),
            values: vec!["Amazon Service 07".to_owned()],
        };
        let (step, group_by, filter, top) = match self {
            Self::Overview | Self::DailyByService => (Step::Daily, vec![service], None, Some(10)),
            Self::MonthlyByServiceAndUsageType => {
                (Step::Monthly, vec![service, usage_type], None, Some(20))
            }
            Self::TotalByServiceAndUsageType => {
                (Step::Total, vec![service, usage_type], None, None)
            }
            Self::DailyUsageTypesOfOne => (Step::Daily, vec![usage_type], Some(one), Some(10)),
            Self::WeeklyByAccountWithoutOne => (
                Step::Weekly,
                vec![Dimension::LinkedAccount.into()],
                Some(Filter::Not(Box::new(one))),
                Some(10),
            ),
        };
        ReportQuery {
            connections: vec![id],
            cube: CubeChoice::Best,
            period: rows::year(),
            step,
            group_by,
            metric: Metric::Unblended,
            filter,
            top,
        }
    }

    /// The statements that the report's numbers and names come from, written down by hand: the
    /// names of its keys, its series, and amounts. Where only the largest have lines of their
    /// own: all totals, to find these, their amounts, and those of the whole, for the rest.
    fn sql(self) -> Vec<String> {
        let number = |day: chrono::NaiveDate| (day - chrono::NaiveDate::default()).num_days();
        let year = rows::year();
        let (start, end) = (number(year.start()), number(year.end()));
        let six = Period::months_to_date(rows::today(), 6);
        let (six, today) = (number(six.start()), number(six.end()));
        let of = |cube: Cube, level: u8| {
            format!(
                "cube_series s CROSS JOIN cubes c JOIN cube_keys k ON k.id = s.key1 \
                 WHERE s.cube_id = c.id AND c.name = '{}' AND s.level = {level}",
                cube.as_str()
            )
        };
        let whole = |cube: Cube| {
            format!(
                "SELECT s.id FROM cube_series s CROSS JOIN cubes c WHERE s.cube_id = c.id \
                 AND c.name = '{}' AND s.level = 0",
                cube.as_str()
            )
        };
        let named = |place: u8, of: &str| {
            format!("SELECT id, value FROM cube_keys WHERE id IN (SELECT s.key{place} FROM {of})")
        };
        let listed =
            |of: &str| format!("SELECT s.id, s.key1, s.key2, s.unit, s.currency FROM {of}");
        let one = "k.value = 'Amazon Service 07'";
        let sum = "CAST(SUM(a.unblended) AS BIGINT)";
        let months = format!("a.month >= {start} AND a.month < {end}");
        let days = format!("a.day >= {start} AND a.day < {end}");
        let amounts = |table: &str, piece: &str, series: &str, when: &str| {
            format!(
                "SELECT a.series_id, a.{piece}, a.unblended FROM {table} a \
                 WHERE a.series_id IN ({series}) AND {when}"
            )
        };
        let totals = |of: &str| {
            format!(
                "SELECT a.series_id, {sum} FROM monthly_costs a WHERE a.series_id IN \
                 (SELECT s.id FROM {of}) AND {months} GROUP BY a.series_id"
            )
        };
        // The series of the groups, told apart by keys, whose series cost most together.
        let largest = |of: &str, keys: &str, top: u8| {
            format!(
                "SELECT s.id FROM {of} AND ({keys}) IN (SELECT {keys} FROM (SELECT {keys}, \
                 SUM(a.unblended) AS total FROM monthly_costs a JOIN cube_series s \
                 ON s.id = a.series_id WHERE a.series_id IN (SELECT s.id FROM {of}) AND {months} \
                 GROUP BY {keys} ORDER BY total DESC LIMIT {top}) s)"
            )
        };
        let level_1 = of(Cube::ServiceUsageType, 1);
        match self {
            Self::Overview => {
                let of = of(Cube::ServiceAccount, 1);
                let series = format!("SELECT s.id FROM {of}");
                let when = format!("a.day >= {six} AND a.day < {today}");
                vec![
                    named(1, &of),
                    listed(&of),
                    amounts("daily_costs", "day", &series, &when),
                ]
            }
            Self::DailyByService => {
                let of = of(Cube::ServiceAccount, 1);
                let top = largest(&of, "s.key1", 10);
                let all = whole(Cube::ServiceAccount);
                vec![
                    named(1, &of),
                    listed(&of),
                    totals(&of),
                    amounts("daily_costs", "day", &top, &days),
                    amounts("daily_costs", "day", &all, &days),
                ]
            }
            Self::MonthlyByServiceAndUsageType => {
                let of = of(Cube::ServiceUsageType, 3);
                let top = largest(&of, "s.key1, s.key2", 20);
                let all = whole(Cube::ServiceUsageType);
                vec![
                    named(1, &of),
                    named(2, &of),
                    listed(&of),
                    totals(&of),
                    amounts("monthly_costs", "month", &top, &months),
                    amounts("monthly_costs", "month", &all, &months),
                ]
            }
            Self::TotalByServiceAndUsageType => {
                let of = of(Cube::ServiceUsageType, 3);
                vec![named(1, &of), named(2, &of), listed(&of), totals(&of)]
            }
            Self::DailyUsageTypesOfOne => {
                let of = format!("{} AND {one}", of(Cube::ServiceUsageType, 3));
                let top = largest(&of, "s.key2", 10);
                let all = format!("SELECT s.id FROM {level_1} AND {one}");
                vec![
                    named(2, &of),
                    listed(&of),
                    totals(&of),
                    amounts("daily_costs", "day", &top, &days),
                    amounts("daily_costs", "day", &all, &days),
                ]
            }
            Self::WeeklyByAccountWithoutOne => {
                let of = of(Cube::ServiceAccount, 3);
                vec![
                    named(2, &of),
                    format!(
                        "SELECT s.key2, a.day - (a.day + 3) % 7 AS week, {sum} FROM daily_costs a \
                         JOIN cube_series s ON s.id = a.series_id WHERE a.series_id IN \
                         (SELECT s.id FROM {of} AND NOT {one}) AND {days} GROUP BY s.key2, week"
                    ),
                ]
            }
        }
    }
}

/// The database past the store.
pub struct Bare(DatabaseConnection);

impl Bare {
    pub async fn open(url: &str) -> Self {
        Self(Database::connect(url).await.expect("a database"))
    }

    pub async fn run(&self, report: Report) {
        let backend = self.0.get_database_backend();
        for sql in report.sql() {
            let statement = Statement::from_string(backend, sql);
            let rows = self.0.query_all_raw(statement).await.expect("rows");
            assert!(!rows.is_empty());
        }
    }

    pub async fn close(self) {
        self.0.close().await.expect("it closes");
    }
}
