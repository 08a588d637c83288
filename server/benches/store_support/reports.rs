//! The reports that are measured, and the SQL that none of them can do without.

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

    /// The one grouped statement that the report's numbers come from.
    fn sql(self) -> String {
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
        let series = |cube, level| format!("SELECT s.id FROM {}", of(cube, level));
        let sum = "CAST(SUM(a.unblended) AS BIGINT)";
        let months = format!("a.month >= {start} AND a.month < {end}");
        let days = format!("a.day >= {start} AND a.day < {end}");
        match self {
            Self::Overview => format!(
                "SELECT a.series_id, a.day, a.unblended FROM daily_costs a WHERE a.series_id IN \
                 ({}) AND a.day >= {six} AND a.day < {today}",
                series(Cube::ServiceAccount, 1)
            ),
            Self::DailyByService => format!(
                "SELECT a.series_id, a.day, a.unblended FROM daily_costs a WHERE a.series_id IN \
                 (SELECT a.series_id FROM monthly_costs a WHERE a.series_id IN ({}) AND {months} \
                 GROUP BY a.series_id ORDER BY SUM(a.unblended) DESC LIMIT 10) AND {days}",
                series(Cube::ServiceAccount, 1)
            ),
            Self::MonthlyByServiceAndUsageType => format!(
                "SELECT a.series_id, a.month, a.unblended FROM monthly_costs a WHERE a.series_id IN \
                 (SELECT a.series_id FROM monthly_costs a WHERE a.series_id IN ({}) AND {months} \
                 GROUP BY a.series_id ORDER BY SUM(a.unblended) DESC LIMIT 20) AND {months}",
                series(Cube::ServiceUsageType, 3)
            ),
            Self::TotalByServiceAndUsageType => format!(
                "SELECT a.series_id, {sum} FROM monthly_costs a WHERE a.series_id IN ({}) \
                 AND {months} GROUP BY a.series_id",
                series(Cube::ServiceUsageType, 3)
            ),
            Self::DailyUsageTypesOfOne => format!(
                "SELECT a.series_id, a.day, a.unblended FROM daily_costs a WHERE a.series_id IN \
                 (SELECT a.series_id FROM monthly_costs a WHERE a.series_id IN \
                 ({} AND k.value = 'Amazon Service 07') AND {months} \
                 GROUP BY a.series_id ORDER BY SUM(a.unblended) DESC LIMIT 10) AND {days}",
                series(Cube::ServiceUsageType, 3)
            ),
            Self::WeeklyByAccountWithoutOne => format!(
                "SELECT s.key2, a.day - (a.day + 3) % 7 AS week, {sum} FROM daily_costs a \
                 JOIN cube_series s ON s.id = a.series_id WHERE a.series_id IN \
                 ({} AND k.value <> 'Amazon Service 07') AND {days} GROUP BY s.key2, week",
                series(Cube::ServiceAccount, 3)
            ),
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
        let statement = Statement::from_string(backend, report.sql());
        let rows = self.0.query_all_raw(statement).await.expect("rows");
        assert!(!rows.is_empty());
    }

    pub async fn close(self) {
        self.0.close().await.expect("it closes");
    }
}
