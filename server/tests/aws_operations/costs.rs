//! GetCostAndUsage by anything that it can be asked by.

use domain::{
    cube::{Granularity, Question},
    dimension::{Dimension, Filter, GroupKey},
    metric::Metric,
    period::Period,
};
use server::aws::Priority::Sync;
use simulator::books::{self, Books, Line};

use super::*;

fn one_of(key: GroupKey, values: &[&str]) -> Filter {
    Filter::In {
        key,
        values: values.iter().map(|&value| value.to_owned()).collect(),
    }
}

fn team() -> GroupKey {
    GroupKey::Tag("Team".to_owned())
}

fn department() -> GroupKey {
    GroupKey::CostCategory("Department".to_owned())
}

/// A filter of every kind, and which of the books' lines it is meant to take.
fn everything() -> (Filter, fn(&Line) -> bool) {
    let filter = Filter::And(vec![
        Filter::Not(Box::new(one_of(
            Dimension::RecordType.into(),
            &["Tax", "Support"],
        ))),
        Filter::Or(vec![
            one_of(team(), &[""]),
            one_of(department(), &["Analytics", ""]),
        ]),
        Filter::And(vec![one_of(
            Dimension::Region.into(),
            &["us-east-1", "eu-west-1", "eu-central-1"],
        )]),
    ]);
    let takes = |line: &Line| {
        let department = line.cost_category("Department");
        !["Tax", "Support"].contains(&line.record_type)
            && (line.tag("Team").is_none()
                || department.is_none()
                || department == Some("Analytics"))
            && ["us-east-1", "eu-west-1", "eu-central-1"].contains(&line.region)
    };
    (filter, takes)
}

fn of_books(metric: Metric) -> books::Metric {
    books::Metric::parse(metric.aws_name()).expect("the same metrics")
}

#[tokio::test]
async fn tags_and_categories_with_a_filter_are_the_books() {
    let stage = Stage::with(simulator::Settings {
        page_size: 5,
        ..simulator::Settings::default()
    })
    .await;
    let (filter, takes) = everything();
    let question = Question {
        granularity: Granularity::Daily,
        keys: vec![team(), department()],
        filter: Some(filter),
    };
    let period = days("2026-11-18", "2026-11-22");
    let target = stage.target(&keys::GOOD);
    let answer = stage
        .gateway
        .cost_and_usage(&target, &question, period, Sync)
        .await
        .unwrap();
    assert!(answer.requests > 1, "several pages");
    assert_counted(&stage, answer.requests);
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    assert_eq!(answer.slices.len(), period.len());
    for slice in &answer.slices {
        let range = slice.day..slice.day.succ_opt().unwrap();
        assert!(slice.rows.len() > 3, "{:?}", slice.rows);
        for metric in Metric::COSTS {
            let mut sum = 0;
            for row in &slice.rows {
                let total = books.total(range.clone(), today, of_books(metric), |line| {
                    takes(line)
                        && line.tag("Team").unwrap_or_default() == row.keys[0]
                        && line.cost_category("Department").unwrap_or_default() == row.keys[1]
                });
                assert_eq!(row.cost(metric), Some(exact(total)), "{:?}", row.keys);
                sum += total;
            }
            let whole = books.total(range.clone(), today, of_books(metric), takes);
            assert_eq!(
                sum, whole,
                "nothing is left out of {metric} on {}",
                slice.day
            );
        }
    }
}

#[tokio::test]
async fn months_without_groups_are_the_books() {
    let stage = Stage::new().await;
    let question = Question {
        granularity: Granularity::Monthly,
        keys: vec![],
        filter: None,
    };
    let period = days("2026-08-15", "2026-11-25");
    let target = stage.target(&keys::GOOD);
    let answer = stage
        .gateway
        .cost_and_usage(&target, &question, period, Sync)
        .await
        .unwrap();
    assert_counted(&stage, answer.requests);
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let months: Vec<Period> = period.by_month();
    assert_eq!(answer.slices.len(), months.len());
    for (slice, month) in answer.slices.iter().zip(months) {
        assert_eq!(slice.day, Period::month_of(month.start()).start());
        assert_eq!(slice.rows.len(), 1);
        for metric in Metric::COSTS {
            let range = month.start()..month.end();
            let total = books.total(range, today, of_books(metric), |_| true);
            assert_eq!(
                slice.rows[0].cost(metric),
                Some(exact(total)),
                "{metric} of {month}"
            );
        }
        let is_estimated = Books::estimated(month.last_day(), today);
        assert_eq!(slice.estimated, is_estimated, "{month}");
    }
}
