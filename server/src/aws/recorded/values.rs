//! GetDimensionValues, GetTags and GetCostCategories.

use domain::{
    dimension::Dimension,
    values::{ValuesOf, ValuesQuestion},
};

use super::*;
use crate::aws::priority::Priority::Person;

fn november() -> Period {
    days("2026-11-01", "2026-11-25")
}

#[tokio::test]
async fn accounts_with_their_names() {
    let replay = Replay::of([fixture!("dimension_values.json")]);
    let (dimension, period) = (Dimension::LinkedAccount, november());
    let values = replay
        .gateway
        .dimension_values(&replay.target, dimension, period, Person);
    let values = values.await.unwrap();
    assert_eq!(values.value[0].description(), Some("web"));
    insta::assert_snapshot!(replay.told(&values));
}

#[tokio::test]
async fn tags_of_the_account() {
    let replay = Replay::of([fixture!("tag_keys_1.json"), fixture!("tag_keys_2.json")]);
    let keys = replay
        .gateway
        .tags(&replay.target, None, november(), Person)
        .await;
    insta::assert_snapshot!(replay.told(&keys.unwrap()));
}

#[tokio::test]
async fn values_of_a_tag() {
    let replay = Replay::of([fixture!("tag_values.json")]);
    let values = replay
        .gateway
        .tags(&replay.target, Some("team"), november(), Person);
    insta::assert_snapshot!(replay.told(&values.await.unwrap()));
}

#[tokio::test]
async fn cost_categories_of_the_account() {
    let replay = Replay::of([fixture!("cost_category_names.json")]);
    let names = replay
        .gateway
        .cost_categories(&replay.target, None, november(), Person);
    insta::assert_snapshot!(replay.told(&names.await.unwrap()));
}

#[tokio::test]
async fn values_of_a_cost_category_with_a_search() {
    let replay = Replay::of([fixture!("cost_category_values.json")]);
    let asked = ValuesQuestion {
        of: ValuesOf::CostCategory("Product line".to_owned()),
        period: november(),
        search: Some("sho".to_owned()),
    };
    let values = replay.gateway.values(&replay.target, &asked, Person).await;
    insta::assert_snapshot!(replay.told(&values.unwrap()));
}

#[tokio::test]
async fn having_none_is_an_answer_and_nothing_is_not() {
    let kinds = [
        ValuesOf::Dimension(Dimension::Service),
        ValuesOf::TagKeys,
        ValuesOf::Tag("team".to_owned()),
        ValuesOf::CostCategoryNames,
        ValuesOf::CostCategory("Product line".to_owned()),
    ];
    for of in kinds {
        let asked = ValuesQuestion {
            of,
            period: november(),
            search: None,
        };
        let replay = Replay::of([r#"{ "ReturnSize": 0, "TotalSize": 0 }"#, "{}"]);
        let none = replay.gateway.values(&replay.target, &asked, Person).await;
        assert!(none.unwrap().value.is_empty(), "{asked:?}");
        let nothing = replay.gateway.values(&replay.target, &asked, Person).await;
        assert_eq!(nothing.unwrap_err().kind, Kind::NoData, "{asked:?}");
    }
}
