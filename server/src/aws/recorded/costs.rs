//! GetCostAndUsage.

use domain::{
    cube::{Granularity, Question},
    dimension::{Dimension, Filter, GroupKey},
};

use super::*;
use crate::aws::{convert::ConvertError, priority::Priority::Person};

fn by_tag() -> Question {
    let service = |name: &str| Filter::In {
        key: Dimension::Service.into(),
        values: vec![name.to_owned()],
    };
    let untagged_or_web = Filter::In {
        key: GroupKey::CostCategory("Product".to_owned()),
        values: vec![String::new(), "Shop".to_owned()],
    };
    Question {
        granularity: Granularity::Daily,
        keys: vec![Dimension::Service.into(), GroupKey::Tag("team".to_owned())],
        filter: Some(Filter::And(vec![
            Filter::Not(Box::new(service("AWS Support (Business)"))),
            untagged_or_web,
        ])),
    }
}

#[tokio::test]
async fn costs_by_tag_with_a_filter() {
    let pages = [
        fixture!("costs_by_tag_1.json"),
        fixture!("costs_by_tag_2.json"),
    ];
    let replay = Replay::of(pages);
    let period = days("2026-11-21", "2026-11-23");
    let answer = replay
        .gateway
        .cost_and_usage(&replay.target, &by_tag(), period, Person)
        .await
        .unwrap();
    let asked = Asked {
        requests: answer.requests,
        value: answer.slices,
    };
    insta::assert_snapshot!(replay.told(&asked));
}

#[tokio::test]
async fn totals_by_month() {
    let replay = Replay::of([fixture!("costs_monthly.json")]);
    let question = Question {
        granularity: Granularity::Monthly,
        keys: vec![],
        filter: None,
    };
    let period = days("2026-10-15", "2026-11-25");
    let answer = replay
        .gateway
        .cost_and_usage(&replay.target, &question, period, Person)
        .await
        .unwrap();
    let asked = Asked {
        requests: answer.requests,
        value: answer.slices,
    };
    insta::assert_snapshot!(replay.told(&asked));
}

#[tokio::test]
async fn an_empty_filter_is_refused_before_it_costs() {
    let replay = Replay::of([""; 0]);
    let question = Question {
        filter: Some(Filter::Or(vec![])),
        ..by_tag()
    };
    let period = days("2026-11-21", "2026-11-23");
    let error = replay
        .gateway
        .cost_and_usage(&replay.target, &question, period, Person)
        .await
        .unwrap_err();
    let empty = ConvertError::EmptyFilter.to_string();
    assert_eq!((why(&error), error.attempts), ((Kind::Refused, empty), 0));
    assert!(replay.ledger.lines().is_empty());
}
