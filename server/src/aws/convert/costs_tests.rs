//! Answers as AWS words them, through the SDK's own parsing.

use domain::cube::Cube;
use serde_json::{Value, json};

use super::*;
use crate::aws::canned::{Can, Canned};

#[path = "costs_keys_tests.rs"]
mod keys;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// 21 to 23 November 2026.
fn three_days() -> Period {
    Period::new(day("2026-11-21"), day("2026-11-24")).unwrap()
}

async fn read(body: Value) -> GetCostAndUsageOutput {
    let client = Can::of([Canned::ok(body.to_string())])
        .call()
        .cost_explorer();
    client.get_cost_and_usage().send().await.unwrap()
}

type Converted = Result<(Vec<DaySlice>, Vec<LinkedAccountName>), ConvertError>;

async fn convert(pages: impl IntoIterator<Item = Value>) -> Converted {
    convert_as(&Cube::ServiceAccount.question(), three_days(), pages).await
}

async fn convert_as(
    question: &Question,
    period: Period,
    pages: impl IntoIterator<Item = Value>,
) -> Converted {
    let mut all = Costs::new(question, period);
    for page in pages {
        all.add(read(page).await)?;
    }
    all.finish()
}

/// A group whose five costs are all `amount`.
fn group(service: &str, amount: &str) -> Value {
    priced(service, [amount; 5], "USD")
}

fn priced(service: &str, amounts: [&str; 5], unit: &str) -> Value {
    let mut metrics: Value = Metric::COSTS
        .iter()
        .zip(amounts)
        .map(|(metric, amount)| {
            (
                metric.aws_name().to_owned(),
                json!({ "Amount": amount, "Unit": unit }),
            )
        })
        .collect();
    metrics["UsageQuantity"] = json!({ "Amount": "173842.5440074444", "Unit": "N/A" });
    metrics["NormalizedUsageAmount"] = json!({ "Amount": "24", "Unit": "N/A" });
    json!({ "Keys": [service, "111122223333"], "Metrics": metrics })
}

fn on(start: &str, groups: Value) -> Value {
    let end = day(start).succ_opt().unwrap().to_string();
    json!({
        "TimePeriod": { "Start": start, "End": end },
        "Total": {},
        "Groups": groups,
        "Estimated": false,
    })
}

fn page(days: Value) -> Value {
    json!({ "ResultsByTime": days })
}

/// The unblended costs of one day, in nanos.
fn unblended(slice: &DaySlice) -> Vec<(&str, i64)> {
    slice
        .rows
        .iter()
        .map(|row| (row.keys[0].as_str(), row.costs[0].0))
        .collect()
}

async fn fails_with(pages: impl IntoIterator<Item = Value>) -> ConvertError {
    convert(pages).await.unwrap_err()
}

#[tokio::test]
async fn a_day_becomes_a_slice() {
    let mut body = page(json!([on(
        "2026-11-21",
        json!([priced(
            "Amazon Simple Storage Service",
            [
                "39.1603300457",
                "-0.0000002",
                "-2E-7",
                "1.000000000000001",
                "0"
            ],
            "USD",
        )])
    )]));
    body["GroupDefinitions"] = json!([
        { "Type": "DIMENSION", "Key": "SERVICE" },
        { "Type": "DIMENSION", "Key": "LINKED_ACCOUNT" },
    ]);
    body["DimensionValueAttributes"] = json!([
        { "Value": "111122223333", "Attributes": { "description": "prod" } },
        { "Value": "Amazon Simple Storage Service", "Attributes": { "description": "no account" } },
        { "Value": "444455556666", "Attributes": {} },
    ]);
    let (slices, names) = convert([body]).await.unwrap();
    assert_eq!(
        slices,
        [DaySlice {
            day: day("2026-11-21"),
            estimated: false,
            rows: vec![CubeRow {
                keys: [
                    "Amazon Simple Storage Service".into(),
                    "111122223333".into()
                ],
                currency: Currency::USD,
                costs: [
                    Nanos(39_160_330_046),
                    Nanos(-200),
                    Nanos(-200),
                    Nanos(1_000_000_000),
                    Nanos(0),
                ],
                usage_quantity: 173_842.544_007_444_4,
                usage_unit: "N/A".into(),
                normalized_usage: 24.0,
            }],
        }]
    );
    assert_eq!(
        names,
        [LinkedAccountName {
            account: "111122223333".parse().unwrap(),
            name: "prod".into()
        }]
    );
}

#[tokio::test]
async fn a_page_may_end_within_a_day() {
    let mut late = on(
        "2026-11-21",
        json!([group("EC2 - Other", "4"), group("Tax", "0")]),
    );
    late["Estimated"] = json!(true);
    let (slices, _) = convert([
        page(json!([on(
            "2026-11-21",
            json!([group("Amazon EC2", "31.2004")])
        )])),
        page(json!([late, on("2026-11-22", json!([group("Tax", "-1")]))])),
    ])
    .await
    .unwrap();
    assert_eq!(slices.len(), 2);
    assert_eq!(
        unblended(&slices[0]),
        [
            ("Amazon EC2", 31_200_400_000),
            ("EC2 - Other", 4_000_000_000),
            ("Tax", 0)
        ]
    );
    assert!(slices[0].estimated, "one page that says so is enough");
    assert_eq!(unblended(&slices[1]), [("Tax", -1_000_000_000)]);
}

#[tokio::test]
async fn a_day_without_costs_is_there_and_a_day_left_out_is_not() {
    let zero = json!({ "UnblendedCost": { "Amount": "0", "Unit": "USD" } });
    let mut quiet = on("2026-11-23", json!([]));
    quiet["Total"] = zero;
    let (slices, _) = convert([page(json!([on("2026-11-21", json!([])), quiet]))])
        .await
        .unwrap();
    let days: Vec<_> = slices
        .iter()
        .map(|slice| (slice.day, slice.rows.len()))
        .collect();
    assert_eq!(days, [(day("2026-11-21"), 0), (day("2026-11-23"), 0)]);
}

#[tokio::test]
async fn no_days_are_no_data_and_never_zero() {
    assert_eq!(fails_with([json!({})]).await, ConvertError::NoData);
    assert_eq!(
        fails_with([json!({ "ResultsByTime": [] })]).await,
        ConvertError::NoData
    );
    let whole = page(json!([on("2026-11-21", json!([group("Tax", "1")]))]));
    assert_eq!(fails_with([whole, json!({})]).await, ConvertError::NoData);
}

#[tokio::test]
async fn missing_members_are_no_zeros() {
    let asked = day("2026-11-21");
    let broken = |spoil: &dyn Fn(&mut Value)| {
        let mut group = group("Tax", "1");
        spoil(&mut group);
        [page(json!([on("2026-11-21", json!([group]))]))]
    };
    for metric in Metric::COSTS {
        let name = metric.aws_name();
        let without = broken(&|group| {
            group["Metrics"].as_object_mut().unwrap().remove(name);
        });
        assert_eq!(
            fails_with(without).await,
            ConvertError::Missing(asked, name)
        );
        let no_amount = broken(&|group| group["Metrics"][name] = json!({ "Unit": "USD" }));
        assert_eq!(
            fails_with(no_amount).await,
            ConvertError::Missing(asked, name)
        );
        for unit in ["", "N/A", "usd", "Hrs", "DOLLARS"] {
            let other = broken(&|group| group["Metrics"][name]["Unit"] = json!(unit));
            assert_eq!(
                fails_with(other).await,
                ConvertError::Unit(asked, name),
                "{unit}"
            );
        }
        for amount in ["", "n/a", "1,5", "9999999999999999999"] {
            let other = broken(&|group| group["Metrics"][name]["Amount"] = json!(amount));
            assert_eq!(
                fails_with(other).await,
                ConvertError::Amount(asked, name),
                "{amount}"
            );
        }
    }
    let no_metrics = broken(&|group| {
        group.as_object_mut().unwrap().remove("Metrics");
    });
    assert!(matches!(
        fails_with(no_metrics).await,
        ConvertError::Missing(..)
    ));
    for keys in [json!([]), json!(["one"]), json!(["one", "two", "three"])] {
        let other = broken(&|group| group["Keys"] = keys.clone());
        assert_eq!(fails_with(other).await, ConvertError::Keys(asked));
    }
}

#[tokio::test]
async fn measures_may_be_absent_but_not_nonsense() {
    let mut bare = group("Tax", "1");
    bare["Metrics"]
        .as_object_mut()
        .unwrap()
        .remove("UsageQuantity");
    bare["Metrics"]
        .as_object_mut()
        .unwrap()
        .remove("NormalizedUsageAmount");
    bare["Colour"] = json!("members that we don't know are fine");
    let (slices, _) = convert([page(json!([on("2026-11-21", json!([bare]))]))])
        .await
        .unwrap();
    let row = &slices[0].rows[0];
    assert_eq!((row.usage_quantity, row.usage_unit.as_str()), (0.0, "N/A"));
    for amount in ["NaN", "inf", "many"] {
        let mut odd = group("Tax", "1");
        odd["Metrics"]["UsageQuantity"]["Amount"] = json!(amount);
        let error = fails_with([page(json!([on("2026-11-21", json!([odd]))]))]).await;
        assert_eq!(
            error,
            ConvertError::Amount(day("2026-11-21"), "UsageQuantity")
        );
    }
}

#[tokio::test]
async fn other_currencies_are_kept_and_two_are_refused() {
    let yuan = |service| priced(service, ["12.5"; 5], "CNY");
    let (slices, _) = convert([page(json!([on("2026-11-21", json!([yuan("Tax")]))]))])
        .await
        .unwrap();
    assert_eq!(slices[0].rows[0].currency.code(), "CNY");

    let mut mixed = group("Tax", "1");
    mixed["Metrics"]["AmortizedCost"]["Unit"] = json!("EUR");
    let within = [page(json!([on("2026-11-21", json!([mixed]))]))];
    assert_eq!(
        fails_with(within).await,
        ConvertError::Currencies(day("2026-11-21"))
    );

    let across = [page(json!([
        on("2026-11-21", json!([group("Tax", "1")])),
        on("2026-11-22", json!([yuan("Tax")])),
    ]))];
    assert_eq!(
        fails_with(across).await,
        ConvertError::Currencies(day("2026-11-22"))
    );
}

#[tokio::test]
async fn a_group_that_comes_twice_must_say_the_same() {
    let once = || page(json!([on("2026-11-21", json!([group("Tax", "1.5")]))]));
    let (slices, _) = convert([once(), once()]).await.unwrap();
    assert_eq!(unblended(&slices[0]), [("Tax", 1_500_000_000)]);
    let other = page(json!([on("2026-11-21", json!([group("Tax", "1.6")]))]));
    assert_eq!(
        fails_with([once(), other]).await,
        ConvertError::Twice(day("2026-11-21"))
    );
}

#[tokio::test]
async fn days_that_were_not_asked_for_are_refused() {
    for other in ["2026-11-20", "2026-11-24", "2025-11-21"] {
        let error = fails_with([page(json!([on(other, json!([]))]))]).await;
        assert_eq!(error, ConvertError::OtherDay(day(other)));
    }
    for (start, end) in [
        ("2026-11-21", "2026-11-23"),
        ("2026-11-21", "2026-11-21"),
        ("2026-11-21", ""),
        ("", "2026-11-22"),
        ("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"),
        ("2026-02-30", "2026-03-01"),
    ] {
        let odd = json!({ "TimePeriod": { "Start": start, "End": end }, "Groups": [] });
        assert_eq!(
            fails_with([page(json!([odd]))]).await,
            ConvertError::NotADay,
            "{start} {end}"
        );
    }
    let undated = page(json!([{ "Groups": [] }]));
    assert_eq!(fails_with([undated]).await, ConvertError::NotADay);
}

#[tokio::test]
async fn another_grouping_is_refused() {
    let grouped_by = |keys: &[&str]| {
        let mut body = page(json!([on("2026-11-21", json!([]))]));
        body["GroupDefinitions"] = keys
            .iter()
            .map(|key| json!({ "Type": "DIMENSION", "Key": key }))
            .collect();
        [body]
    };
    assert!(
        convert(grouped_by(&["SERVICE", "LINKED_ACCOUNT"]))
            .await
            .is_ok()
    );
    for keys in [
        &["LINKED_ACCOUNT", "SERVICE"][..],
        &["SERVICE"],
        &["SERVICE", "REGION"],
        &[],
    ] {
        assert_eq!(
            fails_with(grouped_by(keys)).await,
            ConvertError::OtherGrouping,
            "{keys:?}"
        );
    }
    let mut ungrouped = on("2026-11-21", json!([]));
    ungrouped["Total"] = json!({ "UnblendedCost": { "Amount": "5", "Unit": "USD" } });
    assert_eq!(
        fails_with([page(json!([ungrouped]))]).await,
        ConvertError::OtherGrouping
    );
}

#[tokio::test]
async fn the_order_of_pages_makes_no_difference() {
    let pages = || {
        [
            page(json!([on(
                "2026-11-21",
                json!([group("B", "2"), group("A", "1")])
            )])),
            page(json!([
                on("2026-11-21", json!([group("C", "3")])),
                on("2026-11-22", json!([group("A", "4")])),
            ])),
            page(json!([])),
        ]
    };
    let mut backwards = pages();
    backwards.reverse();
    assert_eq!(convert(pages()).await, convert(backwards).await);
}
