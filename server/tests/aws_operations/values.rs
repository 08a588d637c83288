//! GetDimensionValues, GetTags and GetCostCategories tell what costs are then grouped by.

use std::collections::BTreeSet;

use domain::{
    cube::{Granularity, Question},
    dimension::{Dimension, GroupKey},
    values::{ValuesOf, ValuesQuestion},
};
use server::aws::{Answer, Priority::Person};

use super::*;

fn november() -> Period {
    days("2026-11-01", "2026-11-24")
}

async fn grouped(stage: &Stage, key: GroupKey) -> Answer {
    let question = Question {
        granularity: Granularity::Monthly,
        keys: vec![key],
        filter: None,
    };
    let target = stage.target(&keys::GOOD);
    let answer = stage
        .gateway
        .cost_and_usage(&target, &question, november(), Person);
    answer.await.expect("costs")
}

/// The values that have costs.
fn keys_of(answer: &Answer) -> BTreeSet<String> {
    let rows = answer.slices.iter().flat_map(|slice| &slice.rows);
    rows.map(|row| row.keys[0].clone()).collect()
}

#[tokio::test]
async fn what_can_be_chosen_is_what_costs_come_by() {
    let stage = Stage::with(simulator::Settings {
        page_size: 4,
        ..simulator::Settings::default()
    })
    .await;
    let target = stage.target(&keys::GOOD);
    for dimension in [
        Dimension::Service,
        Dimension::Region,
        Dimension::LinkedAccount,
    ] {
        let costs = grouped(&stage, dimension.into()).await;
        let values = stage
            .gateway
            .dimension_values(&target, dimension, november(), Person);
        let values = values.await.unwrap();
        let told: BTreeSet<String> = values
            .value
            .iter()
            .map(|value| value.value.clone())
            .collect();
        assert_eq!(told, keys_of(&costs), "{dimension:?}");
        if dimension == Dimension::Service {
            assert!(values.requests > 1, "several pages");
        }
        if dimension == Dimension::LinkedAccount {
            for value in &values.value {
                let mut names = costs.names.iter();
                let name = names
                    .find(|name| name.account.as_str() == value.value)
                    .unwrap();
                assert_eq!(value.description(), Some(name.name.as_str()));
            }
        }
    }

    let tags = stage
        .gateway
        .tags(&target, None, november(), Person)
        .await
        .unwrap();
    assert_eq!(tags.value, ["Environment", "Team"]);
    let values = stage
        .gateway
        .tags(&target, Some("Team"), november(), Person)
        .await
        .unwrap();
    let mut costs = keys_of(&grouped(&stage, GroupKey::Tag("Team".to_owned())).await);
    assert!(costs.remove(""), "some costs have no tag");
    assert_eq!(values.value.into_iter().collect::<BTreeSet<_>>(), costs);

    let names = stage
        .gateway
        .cost_categories(&target, None, november(), Person)
        .await
        .unwrap();
    assert_eq!(names.value, simulator::books::COST_CATEGORIES);
    let name = names.value[0].as_str();
    let values = stage
        .gateway
        .cost_categories(&target, Some(name), november(), Person);
    let values = values.await.unwrap();
    let mut costs = keys_of(&grouped(&stage, GroupKey::CostCategory(name.to_owned())).await);
    costs.remove("");
    assert_eq!(values.value.into_iter().collect::<BTreeSet<_>>(), costs);
    assert_eq!(stage.ledger.lines().len(), stage.simulator.requests().len());
}

#[tokio::test]
async fn values_can_be_searched() {
    let stage = Stage::new().await;
    let target = stage.target(&keys::GOOD);
    let asked = ValuesQuestion {
        of: ValuesOf::Dimension(Dimension::Service),
        period: november(),
        search: Some("elastic".to_owned()),
    };
    let found = stage
        .gateway
        .values(&target, &asked, Person)
        .await
        .unwrap()
        .value;
    let all = stage
        .gateway
        .dimension_values(&target, Dimension::Service, november(), Person)
        .await
        .unwrap()
        .value;
    assert!(!found.is_empty() && found.len() < all.len());
    let has = |value: &str| value.to_lowercase().contains("elastic");
    assert!(found.iter().all(|value| has(&value.value)));
}
