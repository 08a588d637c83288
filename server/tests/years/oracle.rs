//! Thirteen months of two companies, which AWS goes on changing, against the books: every
//! day, cube and metric, every view of every month, and whatever else may be asked. What
//! AWS has said is known from its own log of requests and its books, never from the store.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{Days, NaiveDate};
use domain::{
    account::ConnectionId,
    bill::Bill,
    charge::View,
    cube::Cube,
    dimension::{Dimension, GroupKey},
    grouped::Figures,
    job::JobState,
    metric::Metric,
    period::Period,
    ports::Bills as _,
    query::{CubeChoice, ReportQuery, Step},
};
use serde_json::Value;
use server::{
    services::bills::BillService,
    store::{costs::Reported, jobs::JobKind},
};
use simulator::{
    LoggedRequest,
    books::{Books, Restatement},
    keys::{self, KeyPair},
};

use crate::{
    answered,
    house::{House, pair},
    model::{Model, assert_same},
    questions::Topics,
    support::{Fresh, day},
};

/// So many random questions at the end; after the first sync, a third of them.
const QUESTIONS: u64 = 150;
/// The number of the first question, to ask others: `ORACLE_SEED=1000 cargo test --test years`.
const SEED: &str = "ORACLE_SEED";

const PAIRS: [&KeyPair; 2] = [&keys::OTHER_ACCOUNT, &keys::SMALL_ACCOUNT];

#[tokio::test(flavor = "multi_thread")]
async fn the_books_on_sqlite() {
    the_books::<3>(Fresh::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_on_postgres() {
    the_books::<4>(Fresh::postgres()).await;
}

/// What AWS changes, and from when on: in the running month, in one that is being closed,
/// and in those that it had closed, which nobody asks for again.
fn restatements() -> Vec<Restatement> {
    let order = |start, end, percent, from| Restatement {
        start: day(start),
        end: day(end),
        percent,
        service: None,
        from: Some(day(from)),
        account: None,
    };
    vec![
        order("2026-08-03", "2026-08-20", 7, "2026-08-26"),
        Restatement {
            service: Some("Amazon Simple Storage Service".to_owned()),
            ..order("2026-08-10", "2026-08-13", -100, "2026-08-30")
        },
        order("2026-03-10", "2026-04-02", 12, "2026-08-27"),
        Restatement {
            account: Some(keys::OTHER_ACCOUNT.account().to_owned()),
            ..order("2026-08-25", "2026-09-01", -30, "2026-09-07")
        },
        order("2026-08-31", "2026-09-01", 50, "2026-09-15"),
        order("2026-09-01", "2026-09-03", 2, "2026-09-09"),
    ]
}

/// Days on which the server runs; between them it is off.
const DAYS: [&str; 11] = [
    "2026-08-25",
    "2026-08-27",
    "2026-08-31",
    "2026-09-01",
    "2026-09-04",
    "2026-09-08",
    "2026-09-10",
    "2026-09-16",
    "2026-09-30",
    "2026-10-01",
    "2026-10-05",
];

async fn the_books<const HOUSE: usize>(fresh: Fresh) {
    let house = House::<HOUSE>::begin(fresh, day("2026-08-24")).await;
    for order in restatements() {
        house.simulator.restate(&order);
    }
    let mut oracle = Oracle::new(house);
    for pair in PAIRS {
        let id = oracle.house.connect(pair).await;
        oracle.ids.push((pair, id));
        oracle.listen();
    }
    oracle.check_questions(QUESTIONS / 3).await;
    for today in DAYS {
        oracle.one_day(day(today)).await;
    }
    oracle.by_hand(day("2026-10-05")).await;
    oracle.check_all_rows().await;
    oracle.check_changes().await;
    oracle.check_bills().await;
    oracle.check_questions(QUESTIONS).await;
}

struct Oracle<const HOUSE: usize> {
    house: House<HOUSE>,
    ids: Vec<(&'static KeyPair, ConnectionId)>,
    models: BTreeMap<&'static str, Model>,
}

impl<const HOUSE: usize> Oracle<HOUSE> {
    fn new(house: House<HOUSE>) -> Self {
        let models = Cube::ALL.map(|cube| (cube.as_str(), Model::new(cube.question().keys)));
        Self {
            house,
            ids: Vec::new(),
            models: models.into(),
        }
    }

    fn books(&self) -> Vec<Arc<Books>> {
        PAIRS.map(|pair| self.house.books(pair)).to_vec()
    }

    fn model(&self, cube: Cube) -> &Model {
        &self.models[cube.as_str()]
    }

    /// Learns from AWS's log what it has answered since the last time.
    fn listen(&mut self) {
        let today = self.house.clock.today();
        for request in self.house.simulator.requests() {
            let Some((cube, days)) = costs(&request) else {
                continue;
            };
            let pair = pair(request.access_key_id.as_deref().unwrap());
            let known = self.ids.iter().find(|(one, _)| one.arn == pair.arn);
            let (_, id) = known.unwrap();
            let books = self.house.books(pair);
            let slices: Vec<_> = days
                .days()
                .map(|day| answered::slice(&books, cube, day, today))
                .collect();
            let model = self.models.get_mut(cube.as_str()).unwrap();
            model.replace(*id, today, self.house.now(), &slices);
        }
        self.house.simulator.clear_requests();
    }

    async fn one_day(&mut self, today: NaiveDate) {
        for hour in [2, 9, 16, 23] {
            self.house.at(today, hour);
            self.house.look().await;
            self.listen();
        }
        for (_, id) in &self.ids {
            let (_, kind, state) = self.house.latest(*id).await;
            assert_eq!((kind, state), (JobKind::Scheduled, JobState::Done));
        }
    }

    /// A person asks for everything that may have changed.
    async fn by_hand(&mut self, today: NaiveDate) {
        self.house.at(today, 23);
        for (_, id) in &self.ids {
            let syncer = &self.house.syncer;
            let begun = syncer.start(self.house.user.id, *id, JobKind::Refresh);
            begun.await.unwrap();
            self.house.idle().await;
        }
        self.listen();
    }

    fn reach(&self) -> Period {
        let today = self.house.clock.today();
        // The first sync asked for the fourteen months before it.
        let first = Period::kept(day("2026-08-24")).start();
        Period::new(first, today + Days::new(1)).unwrap()
    }

    async fn figures(&self, query: &ReportQuery, context: &str) -> (Cube, Figures) {
        let reported = self.house.store.costs().report(query).await.unwrap();
        let Reported::Known(report) = reported else {
            panic!("the kept cubes answer: {context}")
        };
        assert_eq!(report.pieces, query.step.pieces(query.period), "{context}");
        (report.cube.kept().expect("a kept cube"), report.figures)
    }

    async fn check_questions(&self, count: u64) {
        let ids = self.ids.iter().map(|(_, id)| *id).collect();
        let books = self.books();
        let topics = Topics::new(ids, self.reach(), books.iter().map(Arc::as_ref));
        let first = std::env::var(SEED).map_or(1, |text| text.parse().unwrap());
        for number in first..first + count {
            let query = topics.question(number);
            let context = format!("{SEED}={number}: {query:?}");
            let (cube, figures) = self.figures(&query, &context).await;
            assert_same(&figures, &self.model(cube).figures(&query), &context);
        }
    }

    /// Every row of every day, in every cube and metric, and each day's total.
    async fn check_all_rows(&self) {
        for (pair, id) in &self.ids {
            for (cube, metric) in Cube::ALL
                .into_iter()
                .flat_map(|cube| Metric::ALL.map(|metric| (cube, metric)))
            {
                let context = format!("{} {} {metric}", pair.company.payer, cube.as_str());
                let mut query = ReportQuery {
                    connections: vec![*id],
                    cube: CubeChoice::This(cube.question()),
                    period: self.reach(),
                    step: Step::Daily,
                    group_by: cube.question().keys,
                    metric,
                    filter: None,
                    top: None,
                };
                let (_, figures) = self.figures(&query, &context).await;
                let rows = self.rows(cube, *id, metric);
                assert!(
                    metric == Metric::NormalizedUsage || rows.len() > 400,
                    "{context}"
                );
                assert_eq!(by_row(&figures, query.period), rows, "{context}");
                query.group_by.clear();
                let (_, figures) = self.figures(&query, &context).await;
                assert_same(&figures, &self.model(cube).figures(&query), &context);
            }
        }
    }

    fn rows(&self, cube: Cube, id: ConnectionId, metric: Metric) -> Rows {
        let rows = self.model(cube).latest(id);
        let rows = rows.filter_map(|(day, row)| {
            let (unit, text) = match (row.cost(metric), metric) {
                (Some(cost), _) => (row.currency.code().to_owned(), cost.0.to_string()),
                (None, Metric::NormalizedUsage) => {
                    (String::new(), row.normalized_usage.to_string())
                }
                (None, _) => (row.usage_unit.clone(), row.usage_quantity.to_string()),
            };
            (text != "0").then(|| ((day, row.keys.to_vec()), (unit, text)))
        });
        rows.collect()
    }

    /// What each month was said to be, and what was changed in complete days.
    async fn check_changes(&self) {
        let costs = self.house.store.costs();
        for (_, id) in &self.ids {
            for cube in Cube::ALL {
                let question = cube.question();
                for month in self.reach().by_month() {
                    for metric in Metric::COSTS {
                        let said = costs.month_history(*id, &question, month.start(), metric);
                        let whole = Period::month_of(month.start());
                        let expected = self.model(cube).month_history(*id, whole, metric);
                        assert_eq!(said.await.unwrap(), expected, "{month} {metric}");
                    }
                }
                let restated = costs.restatements(*id, &question, self.reach()).await;
                let restated: Vec<_> = (restated.unwrap().into_iter())
                    .map(|one| {
                        let (before, after) = (one.before.costs, one.after.costs);
                        (
                            one.after.asked_at,
                            one.day,
                            one.keys,
                            one.currency,
                            before,
                            after,
                        )
                    })
                    .collect();
                let expected = self.model(cube).restated(*id);
                assert!(expected.iter().any(|one| one.1 < day("2026-09-01")));
                assert_eq!(restated, expected, "{}", cube.as_str());
            }
        }
    }

    /// Every month's bill, in every metric and view.
    async fn check_bills(&self) {
        let House {
            store,
            clock,
            outlooks,
            user,
            ..
        } = &self.house;
        let bills = BillService::new(store.clone(), *clock, outlooks.clone());
        for (pair, id) in &self.ids {
            for month in self.reach().by_month() {
                for metric in Metric::COSTS {
                    let bill = bills.bill(user, *id, Some(month.start()), metric).await;
                    self.check_bill(&bill.unwrap(), *id, pair);
                }
            }
        }
    }

    fn check_bill(&self, bill: &Bill, id: ConnectionId, pair: &KeyPair) {
        let context = format!("{} {} {}", pair.company.payer, bill.month, bill.metric);
        let kinds = |metric| self.kinds(id, bill.month, metric);
        let shown = bill.ways[0].steps.iter().flat_map(|step| &step.kinds);
        let shown: BTreeMap<String, i64> = shown
            .map(|kind| (kind.record_type.clone(), kind.amount.0))
            .filter(|(_, amount)| *amount != 0)
            .collect();
        assert_eq!(shown, kinds(bill.metric), "{context}");
        assert_eq!(
            bill.ways[0].total.0,
            kinds(bill.metric).values().sum::<i64>()
        );
        let paid = match bill.metric {
            Metric::Unblended => Metric::NetUnblended,
            Metric::Amortized => Metric::NetAmortized,
            metric => metric,
        };
        let left_out = ["Credit", "Refund", "Tax"];
        let used = kinds(bill.metric).into_iter();
        let used = used.filter(|(kind, _)| !left_out.contains(&kind.as_str()));
        let expected = [
            (View::Console, kinds(bill.metric).values().sum()),
            (View::Used, used.map(|(_, amount)| amount).sum()),
            (View::Paid, kinds(paid).values().sum::<i64>()),
        ];
        let totals = bill.views[0].totals.iter();
        let totals: Vec<_> = totals.map(|(view, total)| (*view, total.0)).collect();
        assert_eq!(totals, expected, "{context}");
    }

    /// What each kind of charge came to.
    fn kinds(&self, id: ConnectionId, month: Period, metric: Metric) -> BTreeMap<String, i64> {
        let mut kinds = BTreeMap::new();
        for (day, row) in self.model(Cube::ServiceRecordType).latest(id) {
            if month.contains(day) {
                let [_, kind] = row.keys.clone();
                *kinds.entry(kind).or_default() += row.cost(metric).unwrap().0;
            }
        }
        kinds.retain(|_, amount| *amount != 0);
        kinds
    }
}

/// By day and keys: unit and amount, where it isn't zero.
type Rows = BTreeMap<(NaiveDate, Vec<String>), (String, String)>;

fn by_row(figures: &Figures, period: Period) -> Rows {
    let mut rows = Rows::new();
    let mut add = |keys: &[String], unit: &str, values: Vec<String>| {
        for (day, value) in period.days().zip(values).filter(|(_, value)| value != "0") {
            let before = rows.insert((day, keys.to_vec()), (unit.to_owned(), value));
            assert_eq!(before, None, "{keys:?} twice on {day}");
        }
    };
    match figures {
        Figures::Money(tables) => {
            for table in tables {
                for group in &table.groups {
                    let values = group.values.iter().map(|value| value.0.to_string());
                    add(&group.keys, table.unit.code(), values.collect());
                }
            }
        }
        Figures::Usage(tables) => {
            for table in tables {
                for group in &table.groups {
                    let values = group.values.iter().map(f64::to_string);
                    add(&group.keys, &table.unit, values.collect());
                }
            }
        }
    }
    rows
}

/// The cube and the days that a request was about, if it asked for daily costs and got them.
fn costs(request: &LoggedRequest) -> Option<(Cube, Period)> {
    let body = request.body.as_ref()?;
    let good = request.operation == "GetCostAndUsage" && request.status == Some(200);
    if !good || body["Granularity"] != "DAILY" {
        return None;
    }
    assert_eq!(body.get("NextPageToken").and_then(Value::as_str), None);
    let groups = body["GroupBy"].as_array()?.iter();
    let keys: Vec<GroupKey> = groups
        .map(|group| {
            let dimension: Dimension = group["Key"].as_str().unwrap().parse().unwrap();
            dimension.into()
        })
        .collect();
    let cube = Cube::ALL
        .into_iter()
        .find(|cube| cube.question().keys == keys);
    let date = |name: &str| day(body["TimePeriod"][name].as_str().unwrap());
    Some((
        cube.unwrap(),
        Period::new(date("Start"), date("End")).unwrap(),
    ))
}
