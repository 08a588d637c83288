//! Costs by other keys than the main cube's, by month, and without any.

use domain::{cube::Granularity, dimension::Dimension};

use super::*;

/// Costs without any grouping, of which all five are `amount`.
fn ungrouped(start: &str, end: &str, amount: &str) -> Value {
    let total = priced("", [amount; 5], "USD")["Metrics"].clone();
    json!({ "TimePeriod": { "Start": start, "End": end }, "Total": total, "Groups": [] })
}

fn question(granularity: Granularity, keys: &[GroupKey]) -> Question {
    Question {
        granularity,
        keys: keys.to_vec(),
        filter: None,
    }
}

#[tokio::test]
async fn totals_are_rows_without_keys() {
    let asked = question(Granularity::Daily, &[]);
    let day = || ungrouped("2026-11-21", "2026-11-22", "12.000000000000005");
    let (slices, _) = convert_as(&asked, three_days(), [page(json!([day()]))])
        .await
        .unwrap();
    let row = &slices[0].rows[0];
    assert_eq!(row.keys, [String::new(), String::new()]);
    assert_eq!(row.costs, [Nanos(12_000_000_000); 5]);
    assert_eq!(row.usage_quantity, 173_842.544_007_444_4);

    let mut nothing = day();
    nothing["Total"] = json!({});
    let error = convert_as(&asked, three_days(), [page(json!([nothing]))]).await;
    assert!(matches!(error, Err(ConvertError::Missing(..))), "{error:?}");
    let mut grouped = day();
    grouped["Groups"] = json!([group("Tax", "1")]);
    let error = convert_as(&asked, three_days(), [page(json!([grouped]))]).await;
    assert_eq!(error, Err(ConvertError::OtherGrouping));
}

#[tokio::test]
async fn months_are_known_by_their_first_day() {
    let asked = question(Granularity::Monthly, &[]);
    let period = Period::new(day("2026-10-10"), day("2026-11-24")).unwrap();
    let months = [page(json!([
        ungrouped("2026-10-10", "2026-11-01", "1"),
        ungrouped("2026-11-01", "2026-11-24", "2"),
    ]))];
    let (slices, _) = convert_as(&asked, period, months).await.unwrap();
    let days: Vec<_> = slices.iter().map(|slice| slice.day).collect();
    assert_eq!(days, [day("2026-10-01"), day("2026-11-01")]);
    for (start, end) in [("2026-10-10", "2026-11-24"), ("2026-11-01", "2026-12-02")] {
        let odd = [page(json!([ungrouped(start, end, "1")]))];
        let error = convert_as(&asked, period, odd).await;
        assert_eq!(error, Err(ConvertError::NotADay), "{start} {end}");
    }
}

#[tokio::test]
async fn values_of_tags_and_categories_lose_their_names() {
    let [tag, category] = [
        GroupKey::Tag("cost$center".to_owned()),
        GroupKey::CostCategory("Team".to_owned()),
    ];
    let asked = question(Granularity::Daily, &[tag, category]);
    let with_keys = |keys: Value| {
        let mut group = group("", "1");
        group["Keys"] = keys;
        [page(json!([on("2026-11-21", json!([group]))]))]
    };
    for (keys, expected) in [
        (json!(["cost$center$a$b", "Team$web"]), ["a$b", "web"]),
        (json!(["cost$center$", "Team$"]), ["", ""]),
    ] {
        let (slices, _) = convert_as(&asked, three_days(), with_keys(keys))
            .await
            .unwrap();
        assert_eq!(slices[0].rows[0].keys, expected.map(str::to_owned));
    }
    for keys in [
        json!(["cost$web", "Team$web"]),
        json!(["cost$center$web", "web"]),
        json!(["cost$center", "Team$web"]),
        json!(["cost$center$web"]),
    ] {
        let error = convert_as(&asked, three_days(), with_keys(keys.clone())).await;
        assert_eq!(error, Err(ConvertError::Keys(day("2026-11-21"))), "{keys}");
    }
}

#[tokio::test]
async fn one_key_leaves_the_second_place_empty() {
    let asked = question(Granularity::Daily, &[Dimension::Region.into()]);
    let mut alone = group("", "1");
    alone["Keys"] = json!(["eu-central-1"]);
    let mut body = page(json!([on("2026-11-21", json!([alone]))]));
    body["GroupDefinitions"] = json!([{ "Type": "DIMENSION", "Key": "REGION" }]);
    let (slices, _) = convert_as(&asked, three_days(), [body.clone()])
        .await
        .unwrap();
    let expected = ["eu-central-1".to_owned(), String::new()];
    assert_eq!(slices[0].rows[0].keys, expected);

    body["GroupDefinitions"] = json!([{ "Type": "TAG", "Key": "REGION" }]);
    let error = convert_as(&asked, three_days(), [body]).await;
    assert_eq!(
        error,
        Err(ConvertError::OtherGrouping),
        "a tag of that name"
    );
}
