//! Random answers, late and repeated ones among them, and random questions, against a
//! model that goes through all rows each time.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{
    account::ConnectionId,
    cube::{Cube, CubeRow, DaySlice, Question},
    dimension::{Dimension, Filter, GroupKey},
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRng, TestRunner},
};
use server::store::{Store, costs::Reported};

use crate::{
    model::{Model, STEPS, assert_same},
    support::{Fresh, connected, day, noon, on_both, person},
};

on_both!(random_answers_and_questions_are_as_in_the_model);

const CASES: u32 = 12;
const QUESTIONS: usize = 14;
const SERVICES: [&str; 5] = ["Amazon S3", "Amazon EC2", "Tax", "AWS Lambda", "amazon s3"];
const ACCOUNTS: [&str; 4] = ["111111111111", "222222222222", "333333333333", ""];

fn first() -> NaiveDate {
    day("2026-01-20")
}

/// An answer: whose, when, from which day on, its rows by day.
#[derive(Clone, Debug)]
struct Answer {
    second_connection: bool,
    /// Minutes after noon; a smaller one than before comes late.
    minutes: i64,
    asked_on: u64,
    from: u64,
    days: Vec<Vec<CubeRow>>,
}

fn rows() -> impl Strategy<Value = Vec<CubeRow>> {
    let cell = prop::option::weighted(
        0.5,
        (
            prop::array::uniform5(-5_000_000_000_000_i64..5_000_000_000_000),
            0_u32..4_000,
            0_u32..3,
            0_u32..8,
        ),
    );
    let pairs = SERVICES.len() * ACCOUNTS.len();
    prop::collection::vec(cell, pairs).prop_map(|cells| {
        let with_place = cells.into_iter().enumerate();
        with_place
            .filter_map(|(place, cell)| {
                let (costs, usage, unit, currency) = cell?;
                Some(CubeRow {
                    keys: [
                        SERVICES[place / ACCOUNTS.len()].to_owned(),
                        ACCOUNTS[place % ACCOUNTS.len()].to_owned(),
                    ],
                    currency: if currency == 0 {
                        "CNY".parse().expect("a currency")
                    } else {
                        Currency::USD
                    },
                    costs: costs.map(Nanos),
                    usage_quantity: f64::from(usage) / 8.0,
                    usage_unit: ["GB", "Hrs", "N/A"][unit as usize].to_owned(),
                    normalized_usage: f64::from(usage % 7),
                })
            })
            .collect()
    })
}

fn answer() -> impl Strategy<Value = Answer> {
    (
        any::<bool>(),
        0_i64..40,
        0_u64..70,
        0_u64..45,
        prop::collection::vec(rows(), 1..25),
    )
        .prop_map(
            |(second_connection, minutes, asked_on, from, days)| Answer {
                second_connection,
                minutes,
                asked_on,
                from,
                days,
            },
        )
}

fn key(place: usize) -> GroupKey {
    [Dimension::Service, Dimension::LinkedAccount][place].into()
}

fn filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        prop::sample::subsequence(SERVICES.to_vec(), 1..4).prop_map(|values| (0, values)),
        prop::sample::subsequence(ACCOUNTS.to_vec(), 1..3).prop_map(|values| (1, values)),
        Just((0, vec!["never seen"])),
    ];
    let leaf = leaf.prop_map(|(place, values)| Filter::In {
        key: key(place),
        values: values.into_iter().map(str::to_owned).collect(),
    });
    leaf.prop_recursive(3, 8, 3, |inner| {
        let members = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            members.clone().prop_map(Filter::And),
            members.prop_map(Filter::Or),
            inner.prop_map(|one| Filter::Not(Box::new(one))),
        ]
    })
}

fn query(ids: [ConnectionId; 2]) -> impl Strategy<Value = ReportQuery> {
    let connections = prop::sample::subsequence(ids.to_vec(), 1..=2);
    let group_by = prop::sample::subsequence(vec![key(0), key(1)], 0..=2).prop_shuffle();
    (
        connections,
        0_u64..70,
        1_u64..75,
        prop::sample::select(STEPS.to_vec()),
        group_by,
        prop::sample::select(Metric::ALL.to_vec()),
        prop::option::of(filter()),
        prop::option::of(0_u32..5),
    )
        .prop_map(
            |(connections, start, days, step, group_by, metric, filter, top)| {
                let start = first() - Days::new(5) + Days::new(start);
                ReportQuery {
                    connections,
                    cube: CubeChoice::Best,
                    period: Period::new(start, start + Days::new(days)).expect("days"),
                    step,
                    group_by,
                    metric,
                    filter,
                    top,
                }
            },
        )
}

/// The same numbers in every run.
fn runner() -> TestRunner {
    let config = Config::default();
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    TestRunner::new_with_rng(config, rng)
}

fn draw<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).expect("a value").current()
}

async fn random_answers_and_questions_are_as_in_the_model(fresh: Fresh) {
    let store = fresh.store().await;
    let mut runner = runner();
    for case in 0..CASES {
        let ann = person(&store, &format!("ann{case}@example.com")).await;
        let ids = [
            connected(&store, ann, "111122223333").await,
            connected(&store, ann, "444455556666").await,
        ];
        one_case(&store, &mut runner, ids).await;
    }
}

async fn one_case(store: &Store, runner: &mut TestRunner, ids: [ConnectionId; 2]) {
    let question = Cube::ServiceAccount.question();
    let mut model = Model::new(question.keys.clone());
    let answers = draw(runner, &prop::collection::vec(answer(), 1..7));
    for (answer, number) in answers.into_iter().zip(0..) {
        // No two at the same moment.
        let asked_at = noon() + TimeDelta::minutes(answer.minutes) + TimeDelta::seconds(number);
        put(store, &mut model, ids, answer, asked_at).await;
    }
    for _ in 0..QUESTIONS {
        let query = draw(runner, &query(ids));
        let Reported::Known(report) = store.costs().report(&query).await.unwrap() else {
            panic!("the store can answer {query:?}");
        };
        assert_eq!(report.pieces, query.step.pieces(query.period));
        assert_same(
            &report.figures,
            &model.figures(&query),
            &format!("{query:?}"),
        );
    }
    for id in ids {
        check_history(store, &model, &question, id).await;
        check_totals(store, id).await;
    }
}

async fn put(
    store: &Store,
    model: &mut Model,
    ids: [ConnectionId; 2],
    answer: Answer,
    asked_at: DateTime<Utc>,
) {
    let question = Cube::ServiceAccount.question();
    let id = ids[usize::from(answer.second_connection)];
    let from = first() + Days::new(answer.from);
    let slices: Vec<DaySlice> = (0..)
        .zip(answer.days)
        .map(|(number, rows)| DaySlice {
            day: from + Days::new(number),
            estimated: number % 2 == 0,
            rows,
        })
        .collect();
    let asked_on = first() + Days::new(answer.asked_on);
    let costs = store.costs();
    costs
        .replace_slices(id, &question, asked_on, asked_at, &slices, &[])
        .await
        .unwrap();
    model.replace(id, asked_on, asked_at, &slices);
}

async fn check_history(store: &Store, model: &Model, question: &Question, id: ConnectionId) {
    for month in ["2026-01-31", "2026-02-01", "2026-03-15"] {
        for metric in Metric::COSTS {
            let said = store
                .costs()
                .month_history(id, question, day(month), metric)
                .await;
            let month = Period::month_of(day(month));
            let expected = model.month_history(id, month, metric);
            assert_eq!(said.unwrap(), expected, "{month} {metric}");
        }
    }
    let always = Period::new(day("2026-01-01"), day("2027-01-01")).unwrap();
    let restated = store.costs().restatements(id, question, always).await;
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
    assert_eq!(restated, model.restated(id));
}

/// However it is grouped and cut, a period comes to the same.
async fn check_totals(store: &Store, id: ConnectionId) {
    let mut totals = Vec::new();
    for step in STEPS {
        for group_by in [vec![], vec![key(0)], vec![key(1)], vec![key(0), key(1)]] {
            let query = ReportQuery {
                connections: vec![id],
                cube: CubeChoice::Best,
                period: Period::new(day("2026-01-22"), day("2026-03-05")).unwrap(),
                step,
                group_by,
                metric: Metric::Amortized,
                filter: None,
                top: if step == Step::Weekly { Some(1) } else { None },
            };
            let Reported::Known(report) = store.costs().report(&query).await.unwrap() else {
                panic!("the store can answer");
            };
            let domain::grouped::Figures::Money(tables) = report.figures else {
                panic!("it is money");
            };
            let tables = tables.into_iter();
            totals.push(
                tables
                    .map(|table| (table.unit, table.total))
                    .collect::<Vec<_>>(),
            );
        }
    }
    assert!(totals.iter().all(|one| *one == totals[0]), "{totals:?}");
}
