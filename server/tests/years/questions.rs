//! Random questions. Each has a number, and the same number always gives the same question.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use domain::{
    account::ConnectionId,
    cube::Cube,
    dimension::{Dimension, Filter, GroupKey},
    metric::Metric,
    period::Period,
    query::{CubeChoice, ReportQuery},
};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use simulator::books::{self, Books};

use crate::model::STEPS;

/// What may be asked about.
pub struct Topics {
    pub connections: Vec<ConnectionId>,
    /// The days that are stored.
    pub reach: Period,
    /// Of each dimension of a cube.
    values: Vec<(Dimension, Vec<String>)>,
}

impl Topics {
    pub fn new<'a>(
        connections: Vec<ConnectionId>,
        reach: Period,
        books: impl Iterator<Item = &'a Books> + Clone,
    ) -> Self {
        let dimensions: BTreeSet<Dimension> =
            Cube::ALL.iter().flat_map(|c| c.dimensions()).collect();
        let values = dimensions.into_iter().map(|dimension| {
            let theirs = books::Dimension::parse(dimension.aws_name()).unwrap();
            let lines = books.clone().flat_map(|books| books.lines());
            let values: BTreeSet<&str> = lines.map(|line| theirs.value(line)).collect();
            let values = values.into_iter().chain(["never seen"]);
            (dimension, values.map(str::to_owned).collect())
        });
        Self {
            connections,
            reach,
            values: values.collect(),
        }
    }

    /// The question of this number.
    pub fn question(&self, number: u64) -> ReportQuery {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let tree = self.questions().new_tree(&mut runner);
        tree.expect("a question").current()
    }

    fn questions(&self) -> impl Strategy<Value = ReportQuery> + '_ {
        prop::sample::select(&Cube::ALL).prop_flat_map(|cube| self.of(cube))
    }

    fn of(&self, cube: Cube) -> impl Strategy<Value = ReportQuery> + use<> {
        let keys = cube.dimensions().map(GroupKey::from).to_vec();
        let most = self.connections.len();
        (
            prop::sample::subsequence(self.connections.clone(), 1..=most),
            any::<bool>(),
            self.period(),
            prop::sample::select(&STEPS),
            prop::sample::subsequence(keys, 0..=2).prop_shuffle(),
            prop::sample::select(&Metric::ALL),
            prop::option::of(self.filter(cube)),
            prop::option::of(0_u32..8),
        )
            .prop_map(
                move |(connections, best, period, step, group_by, metric, filter, top)| {
                    ReportQuery {
                        connections,
                        cube: if best {
                            CubeChoice::Best
                        } else {
                            CubeChoice::This(cube.question())
                        },
                        period,
                        step,
                        group_by,
                        metric,
                        filter,
                        top,
                    }
                },
            )
    }

    /// From some days before the first one to some after the last.
    fn period(&self) -> impl Strategy<Value = Period> + use<> {
        let from: NaiveDate = self.reach.start() - Days::new(20);
        let days = self.reach.len() as u64 + 40;
        let length = prop_oneof![4 => 1..100_u64, 1 => 1..days];
        (0..days, length).prop_map(move |(start, length)| {
            let start = from + Days::new(start);
            Period::new(start, start + Days::new(length)).unwrap()
        })
    }

    fn filter(&self, cube: Cube) -> impl Strategy<Value = Filter> + use<> {
        let leaves = cube.dimensions().map(|dimension| {
            let known = self.values.iter().find(|(one, _)| *one == dimension);
            let (_, values) = known.unwrap();
            let most = values.len().min(6);
            prop::sample::subsequence(values.clone(), 1..=most).prop_map(move |values| Filter::In {
                key: dimension.into(),
                values,
            })
        });
        let [first, second] = leaves;
        prop_oneof![first, second].prop_recursive(2, 6, 3, |inner| {
            let members = prop::collection::vec(inner.clone(), 2..4);
            prop_oneof![
                members.clone().prop_map(Filter::And),
                members.prop_map(Filter::Or),
                inner.prop_map(|one| Filter::Not(Box::new(one))),
            ]
        })
    }
}
