//! Rules and shapes of the operations beside GetCostAndUsage.

use super::*;

fn refused(operation: &str, request: Value) -> (String, String) {
    let (code, status, text) = operate(&sample(), operation, &request).unwrap_err();
    assert_eq!(status, 400);
    (code, text)
}

fn invalid(operation: &str, text: &str, request: Value) {
    let (code, found) = refused(operation, request);
    assert_eq!(
        (code.as_str(), found.as_str()),
        ("ValidationException", text)
    );
}

fn forecast(change: impl Fn(&mut Value)) -> Value {
    let mut request = json!({
        "TimePeriod": {"Start": "2026-11-24", "End": "2026-12-01"},
        "Granularity": "MONTHLY",
        "Metric": "UNBLENDED_COST",
    });
    change(&mut request);
    request
}

#[test]
fn rules_for_forecasts() {
    let of = "GetCostForecast";
    let period = |start: &str, end: &str| {
        let period = json!({"Start": start, "End": end});
        forecast(|request| request["TimePeriod"] = period.clone())
    };
    operate(&sample(), of, &period("2026-11-23", "2026-11-24")).unwrap();
    invalid(
        of,
        "Earliest supported Start is 2026-11-23",
        period("2026-11-22", "2026-12-01"),
    );
    invalid(
        of,
        "Latest supported End is 2028-05-24",
        period("2026-11-24", "2028-05-25"),
    );
    let mut daily = period("2026-11-24", "2027-02-25");
    daily["Granularity"] = "DAILY".into();
    invalid(of, "Latest supported End is 2027-02-24", daily);
    invalid(
        of,
        "Start date (and hour) should be before end date (and hour)",
        period("2026-12-01", "2026-12-01"),
    );
    for (level, rule) in [
        (50, "greater than or equal to 51"),
        (100, "less than or equal to 99"),
    ] {
        let text = format!(
            "1 validation error detected: Value '{level}' at 'predictionIntervalLevel' failed to satisfy constraint: \
             Member must have value {rule}"
        );
        invalid(
            of,
            &text,
            forecast(|request| request["PredictionIntervalLevel"] = level.into()),
        );
    }
    let (_, text) = refused(
        of,
        forecast(|request| request["Metric"] = "UnblendedCost".into()),
    );
    assert!(
        text.contains("Value 'UnblendedCost' at 'metric' failed to satisfy constraint"),
        "{text}"
    );
    let (_, text) = refused(
        of,
        forecast(|request| request["Metric"] = "USAGE_QUANTITY".into()),
    );
    assert!(text.contains("USAGE_QUANTITY"), "{text}");
    invalid(
        of,
        "2 validation errors detected: Value null at 'metric' failed to satisfy constraint: Member must not be null; \
         Value null at 'granularity' failed to satisfy constraint: Member must not be null",
        json!({"TimePeriod": {"Start": "2026-11-24", "End": "2026-12-01"}}),
    );
}

#[test]
fn a_forecast_needs_a_past() {
    let nothing = (
        "DataUnavailableException".to_owned(),
        "Insufficient amount of historical data".to_owned(),
    );
    let unknown = json!({"Dimensions": {"Key": "SERVICE", "Values": ["No Such Service"]}});
    let request = forecast(|request| request["Filter"] = unknown.clone());
    assert_eq!(refused("GetCostForecast", request), nothing);
    let books = Books::new(&NEWCOMER, SEED);
    for (operation, metric) in [
        ("GetCostForecast", "AMORTIZED_COST"),
        ("GetUsageForecast", "USAGE_QUANTITY"),
    ] {
        let request = forecast(|request| request["Metric"] = metric.into());
        let (code, status, _) = operate(&books, operation, &request).unwrap_err();
        assert_eq!((code.as_str(), status), ("DataUnavailableException", 400));
    }
}

#[test]
fn a_usage_forecast_has_one_unit() {
    let of = "GetUsageForecast";
    let request = |filter: Value| {
        forecast(|request| {
            request["Metric"] = "USAGE_QUANTITY".into();
            request["Filter"] = filter.clone();
        })
    };
    let hours = json!({"Dimensions": {"Key": "USAGE_TYPE", "Values": ["BoxUsage:m5.large"]}});
    let answer = operate(&sample(), of, &request(hours)).unwrap();
    assert_eq!(answer["Total"]["Unit"], "Hrs");
    assert!(units(answer["Total"]["Amount"].as_str().unwrap()) > 0);
    let service =
        json!({"Dimensions": {"Key": "SERVICE", "Values": ["Amazon Simple Storage Service"]}});
    assert_eq!(
        refused(of, request(service)).0,
        "UnresolvableUsageUnitException"
    );
}

const OCTOBER: [&str; 2] = ["2026-10-01", "2026-11-01"];

fn of_october(members: Value) -> Value {
    let mut request = members;
    request["TimePeriod"] = json!({"Start": OCTOBER[0], "End": OCTOBER[1]});
    request
}

#[test]
fn rules_for_reservations() {
    let service = |values: Value| json!({"Dimensions": {"Key": "SERVICE", "Values": values}});
    let rds = service(json!(["Amazon Relational Database Service"]));
    for of in ["GetReservationUtilization", "GetReservationCoverage"] {
        let by = if of.ends_with("Coverage") {
            "REGION"
        } else {
            "SUBSCRIPTION_ID"
        };
        let groups = json!([{"Type": "DIMENSION", "Key": by}]);
        let (code, _) = refused(
            of,
            of_october(json!({"GroupBy": groups, "Granularity": "DAILY"})),
        );
        assert_eq!(code, "ValidationException");
        let (_, text) = refused(of, of_october(json!({"Granularity": "HOURLY"})));
        assert!(
            text.starts_with("Granularity HOURLY is not supported"),
            "{text}"
        );
        let two = service(json!(["Amazon Redshift", "Amazon ElastiCache"]));
        assert_eq!(
            refused(of, of_october(json!({"Filter": two}))).0,
            "ValidationException"
        );
        let or = json!({"Or": [rds, rds]});
        assert_eq!(
            refused(of, of_october(json!({"Filter": or}))).0,
            "ValidationException"
        );
        assert_eq!(refused(of, json!({})).0, "ValidationException");
        assert_eq!(
            refused(of, of_october(json!({"MaxResults": 0}))).0,
            "ValidationException"
        );
        // Without either, days.
        let days = operate(&sample(), of, &of_october(json!({"Filter": rds}))).unwrap();
        let list = days
            .as_object()
            .unwrap()
            .values()
            .find_map(Value::as_array)
            .unwrap();
        assert_eq!(list.len(), 31);
    }
}

#[test]
fn without_reservations_all_is_zero() {
    // Machines of EC2, when nothing else is named: none of them is reserved.
    let none = operate(
        &sample(),
        "GetReservationUtilization",
        &of_october(json!({})),
    )
    .unwrap();
    assert_eq!(none["UtilizationsByTime"], json!([]));
    let total = none["Total"].as_object().unwrap();
    assert_eq!(total.len(), 10);
    assert!(total.values().all(|value| value == "0"), "{none}");
    let coverage = operate(
        &sample(),
        "GetReservationCoverage",
        &of_october(json!({"Metrics": ["Hour"], "Granularity": "MONTHLY"})),
    )
    .unwrap();
    let hours = &coverage["Total"]["CoverageHours"];
    assert_eq!(
        (&hours["ReservedHours"], &hours["CoverageHoursPercentage"]),
        (&json!("0"), &json!("0"))
    );
    assert!(units(hours["OnDemandHours"].as_str().unwrap()) > 0);
    assert!(coverage["Total"].get("CoverageCost").is_none());
}

#[test]
fn a_subscription_says_what_it_is() {
    let request = of_october(json!({
        "GroupBy": [{"Type": "DIMENSION", "Key": "SUBSCRIPTION_ID"}],
        "Filter": {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon Relational Database Service"]}},
    }));
    let answer = operate(&sample(), "GetReservationUtilization", &request).unwrap();
    let group = &answer["UtilizationsByTime"][0]["Groups"][0];
    assert_eq!(group["Key"], "SUBSCRIPTION_ID");
    assert_eq!(group["Utilization"], answer["Total"]);
    let attributes = group["Attributes"].as_object().unwrap();
    assert!(attributes.values().all(Value::is_string));
    assert_eq!(attributes["NumberOfInstances"], "4");
    assert_eq!(attributes["SubscriptionId"], group["Value"]);
}

#[test]
fn rules_for_savings_plans() {
    for of in ["GetSavingsPlansUtilization", "GetSavingsPlansCoverage"] {
        let period = |start: &str, end: &str| json!({"TimePeriod": {"Start": start, "End": end}});
        invalid(
            of,
            "end date should NOT be after [2026-11-24]",
            period("2026-11-01", "2026-11-25"),
        );
        assert_eq!(
            refused(of, period("2025-10-01", "2026-01-01")).0,
            "ValidationException"
        );
        operate(&sample(), of, &period("2026-11-01", "2026-11-24")).unwrap();
        let books = Books::new(&NEWCOMER, SEED);
        let (code, status, _) =
            operate(&books, of, &period("2026-11-01", "2026-11-24")).unwrap_err();
        assert_eq!((code.as_str(), status), ("DataUnavailableException", 400));
    }
    let groups = json!([{"Type": "DIMENSION", "Key": "USAGE_TYPE"}]);
    let (_, text) = refused(
        "GetSavingsPlansCoverage",
        of_october(json!({"GroupBy": groups})),
    );
    assert_eq!(text, "Grouping by USAGE_TYPE is not supported");
    // By time only where a granularity is named.
    let total = operate(
        &sample(),
        "GetSavingsPlansUtilization",
        &of_october(json!({})),
    )
    .unwrap();
    assert!(total.get("SavingsPlansUtilizationsByTime").is_none());
}

#[test]
fn rows_are_sorted_as_asked() {
    let percentages = |order: &str| {
        let request = of_october(json!({
            "GroupBy": [{"Type": "DIMENSION", "Key": "REGION"}],
            "SortBy": {"Key": "CoveragePercentage", "SortOrder": order},
        }));
        let answer = operate(&sample(), "GetSavingsPlansCoverage", &request).unwrap();
        let rows = answer["SavingsPlansCoverages"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| units(row["Coverage"]["CoveragePercentage"].as_str().unwrap()))
            .collect::<Vec<i128>>()
    };
    let rising = percentages("ASCENDING");
    assert!(rising.len() > 3 && rising.is_sorted(), "{rising:?}");
    let falling: Vec<i128> = percentages("DESCENDING").into_iter().rev().collect();
    assert_eq!(rising, falling);
    let request = of_october(json!({"SortBy": {"Key": "Beauty"}}));
    assert_eq!(
        refused("GetSavingsPlansCoverage", request).0,
        "ValidationException"
    );
}

#[test]
fn rules_for_anomalies() {
    let of = "GetAnomalies";
    let since = |end: Value| json!({"DateInterval": {"StartDate": "2026-10-01", "EndDate": end}});
    invalid(
        of,
        "Latest supported detectionDate for GetRecentAnomalies is 2026-11-23",
        since(json!("2026-11-24")),
    );
    assert_eq!(refused(of, json!({})).0, "ValidationException");
    let count = |operator: &str, from: Value, to: Value| {
        let mut request = since(json!("2026-11-23"));
        request["TotalImpact"] =
            json!({"NumericOperator": operator, "StartValue": from, "EndValue": to});
        operate(&sample(), of, &request).unwrap()["Anomalies"]
            .as_array()
            .unwrap()
            .len()
    };
    let all = operate(&sample(), of, &since(json!("2026-11-23"))).unwrap();
    let impact = all["Anomalies"][0]["Impact"]["TotalImpact"].clone();
    let none = Value::Null;
    assert_eq!(count("EQUAL", impact.clone(), none.clone()), 1);
    assert_eq!(count("GREATER_THAN", impact.clone(), none.clone()), 0);
    assert_eq!(
        count("GREATER_THAN_OR_EQUAL", impact.clone(), none.clone()),
        1
    );
    assert_eq!(count("LESS_THAN", impact, none.clone()), 0);
    assert_eq!(count("GREATER_THAN", json!(200), none.clone()), 1);
    assert_eq!(count("BETWEEN", json!(-1.5), json!(10)), 0);
    let mut request = since(json!("2026-11-23"));
    request["Feedback"] = "YES".into();
    assert_eq!(
        operate(&sample(), of, &request).unwrap()["Anomalies"],
        json!([])
    );
    request["Feedback"] = "MAYBE".into();
    assert_eq!(refused(of, request).0, "ValidationException");
}

#[test]
fn rules_for_values() {
    let of = "GetDimensionValues";
    let ask = |members: Value| operate(&sample(), of, &of_october(members)).unwrap();
    let values = |answer: &Value| -> Vec<String> {
        let values = answer["DimensionValues"].as_array().unwrap();
        values
            .iter()
            .map(|value| value["Value"].as_str().unwrap().to_owned())
            .collect()
    };
    let found = values(&ask(
        json!({"Dimension": "SERVICE", "SearchString": "elastic"}),
    ));
    assert!(
        found.len() > 3
            && found
                .iter()
                .all(|name| name.to_lowercase().contains("elastic")),
        "{found:?}"
    );
    let account = ask(json!({"Dimension": "LINKED_ACCOUNT", "SearchString": "staging"}));
    assert_eq!(
        account["DimensionValues"],
        json!([{"Value": "444455556666", "Attributes": {"description": "lantern-staging"}}])
    );
    let sort = json!([{"Key": "UnblendedCost", "SortOrder": "DESCENDING"}]);
    let largest = ask(json!({"Dimension": "SERVICE", "SortBy": sort, "MaxResults": 3}));
    assert_eq!(
        values(&largest)[0],
        "Amazon Elastic Compute Cloud - Compute"
    );
    assert_eq!(largest["ReturnSize"], 3);
    assert!(largest["TotalSize"].as_u64().unwrap() > 30 && largest.get("NextPageToken").is_none());
    let searched = json!({"Dimension": "SERVICE", "SortBy": sort, "SearchString": "x"});
    assert_eq!(refused(of, of_october(searched)).0, "ValidationException");
    let many = json!({"Dimension": "SERVICE", "SortBy": sort, "MaxResults": 1_001});
    assert_eq!(refused(of, of_october(many)).0, "ValidationException");
    assert_eq!(
        values(&ask(
            json!({"Dimension": "SERVICE", "Context": "RESERVATIONS"})
        )),
        ["Amazon Relational Database Service"]
    );
    assert!(
        refused(of, of_october(json!({"Dimension": "COLOUR"})))
            .1
            .contains("enum value set")
    );
    let filter = json!({"Tags": {"Key": "Team", "Values": ["data"]}});
    let tagged = ask(json!({"Dimension": "SERVICE", "Filter": filter}));
    assert!(tagged["TotalSize"].as_u64() < largest["TotalSize"].as_u64());
    let names = operate(&sample(), "GetCostCategories", &of_october(json!({}))).unwrap();
    assert_eq!(
        names["CostCategoryNames"],
        json!(["Department", "Workload"])
    );
    assert!(names.get("CostCategoryValues").is_none());
    let keys = operate(
        &sample(),
        "GetTags",
        &of_october(json!({"SearchString": "env"})),
    )
    .unwrap();
    assert_eq!(
        keys,
        json!({"Tags": ["Environment"], "ReturnSize": 1, "TotalSize": 1})
    );
}
