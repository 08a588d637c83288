//! Rules and shapes of GetCostAndUsage, with AWS's texts where they are publicly known.

use super::*;

/// `(code, status, text)` of the error that a changed request gets.
fn refused(change: impl Fn(&mut Value)) -> (String, u16, String) {
    let mut request = request("DAILY", &["UnblendedCost"]);
    change(&mut request);
    ask_paged(&sample(), "2026-11-24", 2_000, &request).unwrap_err()
}

fn invalid(text: &str, change: impl Fn(&mut Value)) {
    assert_eq!(
        refused(change),
        ("ValidationException".into(), 400, text.into())
    );
}

fn accepted(change: impl Fn(&mut Value)) -> Value {
    let mut request = request("DAILY", &["UnblendedCost"]);
    change(&mut request);
    ask(&sample(), &request)
}

#[test]
fn rules_for_periods() {
    let period = |start: &'static str, end: &'static str| {
        move |request: &mut Value| request["TimePeriod"] = json!({"Start": start, "End": end})
    };
    let order = "Start date (and hour) should be before end date (and hour)";
    invalid(order, period("2026-10-05", "2026-10-05"));
    invalid(order, period("2026-10-06", "2026-10-05"));
    invalid(
        "end date past the beginning of next month",
        period("2026-11-01", "2026-12-02"),
    );
    invalid(
        "You haven't enabled historical data beyond 14 months.",
        period("2025-09-23", "2026-11-01"),
    );
    invalid(
        "Start time  is invalid. Valid format is: yyyy-MM-dd.",
        period("", "2026-10-05"),
    );
    invalid(
        "Start time 2026-1-5 is invalid. Valid format is: yyyy-MM-dd.",
        period("2026-1-5", "2026-10-05"),
    );
    invalid(
        "End time 2026-02-30 is invalid. Valid format is: yyyy-MM-dd.",
        period("2026-02-01", "2026-02-30"),
    );
    accepted(period("2025-09-24", "2025-09-26"));
    let future = accepted(period("2026-11-23", "2026-12-01"));
    let last = &future["ResultsByTime"][7];
    assert_eq!(
        last["Total"]["UnblendedCost"],
        json!({"Amount": "0", "Unit": "USD"})
    );
    assert_eq!(last["Estimated"], true);
}

#[test]
fn multi_year_history_has_months_and_no_more_days() {
    let caller = Caller::from(&MULTI_YEAR);
    let books = Books::new(&ARCHIVE, SEED);
    let context = context(&caller, &books, "2026-11-24");
    let ask = |granularity: &str, start: &str, end: &str| {
        let mut request = request(granularity, &["UnblendedCost"]);
        request["TimePeriod"] = json!({"Start": start, "End": end});
        answer(&context, "GetCostAndUsage", &request)
    };
    let months = ask("MONTHLY", "2023-10-01", "2026-11-01").unwrap();
    let months = months["ResultsByTime"].as_array().unwrap();
    assert_eq!(months.len(), 37);
    assert!(amount(&months[0]["Total"], "UnblendedCost") > 0);
    let text = |refused: Result<Value, (String, u16, String)>| refused.unwrap_err().2;
    assert_eq!(
        text(ask("MONTHLY", "2023-10-02", "2026-11-01")),
        "To retrieve data beyond the past 14 months, your start date needs to be the first day of \
         the month."
    );
    let too_old = text(ask("MONTHLY", "2023-09-01", "2026-11-01"));
    assert!(too_old.starts_with("start date is too old"), "{too_old}");
    assert_eq!(
        text(ask("DAILY", "2025-09-01", "2026-11-01")),
        "You haven't enabled historical data beyond 14 months."
    );
}

#[test]
fn hourly_is_always_refused() {
    let hourly = |start: &'static str, end: &'static str| {
        move |request: &mut Value| {
            request["Granularity"] = "HOURLY".into();
            request["TimePeriod"] = json!({"Start": start, "End": end});
        }
    };
    invalid(
        "Time period is invalid. Valid format is yyyy-MM-ddThh:mm:ssZ.",
        hourly("2026-11-20", "2026-11-21"),
    );
    invalid(
        "start date is too old for hourly, the max supported days for hourly granularity is 14 days",
        hourly("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
    );
    invalid(
        "Hourly granularity is not enabled for this account.",
        hourly("2026-11-20T00:00:00Z", "2026-11-20T05:00:00Z"),
    );
}

#[test]
fn rules_for_groups() {
    let group = |groups: Value| move |request: &mut Value| request["GroupBy"] = groups.clone();
    let service = json!({"Type": "DIMENSION", "Key": "SERVICE"});
    invalid(
        "Only two values for GroupBy are allowed",
        group(json!([service, service, service])),
    );
    invalid(
        "Group Definition type is invalid.",
        group(json!([{"Type": "THING", "Key": "SERVICE"}])),
    );
    invalid(
        "Group Definition type is invalid.",
        group(json!([{"Key": "SERVICE"}])),
    );
    invalid(
        "Grouping by TAG 'Owner' is not supported",
        group(json!([{"Type": "TAG", "Key": "Owner"}])),
    );
    let (code, _, text) = refused(group(json!([{"Type": "DIMENSION", "Key": "SCOPE"}])));
    assert_eq!(code, "ValidationException");
    assert!(text.starts_with(
        "Group Definition dimension is invalid. Valid values are AZ, INSTANCE_TYPE, LINKED_ACCOUNT,"
    ));
}

#[test]
fn rules_for_filters() {
    let filter = |filter: Value| move |request: &mut Value| request["Filter"] = filter.clone();
    let service = json!({"Key": "SERVICE", "Values": ["AWS Lambda"]});
    let roots = "Expression has more than one roots. Only one root operator is allowed for each expression: \
                 And, Or, Not, Dimensions, Tags, CostCategories";
    invalid(
        roots,
        filter(json!({"Dimensions": service, "Tags": {"Key": "Team", "Values": ["data"]}})),
    );
    invalid(
        roots,
        filter(json!({"Not": {"Dimensions": service, "Not": {"Dimensions": service}}})),
    );
    invalid(
        "Expression should have one root operator.",
        filter(json!({})),
    );
    invalid(
        "And should have at least 2 expressions.",
        filter(json!({"And": [{"Dimensions": service}]})),
    );
    invalid(
        "Dimension RESOURCE_ID is not allowed.",
        filter(json!({"Dimensions": {"Key": "RESOURCE_ID", "Values": ["i-1"]}})),
    );
    invalid(
        "Values should not be empty.",
        filter(json!({"Dimensions": {"Key": "SERVICE", "Values": []}})),
    );
    let (_, _, text) = refused(filter(
        json!({"Dimensions": {"Key": "CHARGE_TYPE", "Values": ["Usage"]}}),
    ));
    assert!(
        text.starts_with("Dimension not valid. Valid values are AZ, "),
        "{text}"
    );
    invalid(
        "MatchOptions contain not allowed match option. Allowed MatchOptions:CASE_SENSITIVE, EQUALS, ABSENT",
        filter(json!({"Tags": {"Key": "Team", "Values": ["da"], "MatchOptions": ["STARTS_WITH"]}})),
    );
    invalid(
        "MatchOptions contain not allowed match option. Allowed MatchOptions:CASE_SENSITIVE, EQUALS",
        filter(
            json!({"Dimensions": {"Key": "SERVICE", "Values": ["a"], "MatchOptions": ["CONTAINS"]}}),
        ),
    );
}

#[test]
fn filters_are_case_sensitive_and_unknown_values_empty() {
    let cost = |filter: Value| {
        let answer = accepted(|request| request["Filter"] = filter.clone());
        amount(&answer["ResultsByTime"][0]["Total"], "UnblendedCost")
    };
    let service = |name: &str| json!({"Dimensions": {"Key": "SERVICE", "Values": [name], "MatchOptions": ["EQUALS", "CASE_SENSITIVE"]}});
    assert!(cost(service("AWS Lambda")) > 0);
    assert_eq!(cost(service("aws lambda")), 0);
    assert_eq!(cost(json!({"Tags": {"Key": "Owner", "Values": ["x"]}})), 0);
    assert_eq!(
        cost(json!({"CostCategories": {"Key": "Product", "Values": ["x"]}})),
        0
    );
    let everything = cost(json!({"Tags": {"Key": "Owner", "MatchOptions": ["ABSENT"]}}));
    assert_eq!(
        cost(json!({"CostCategories": {"Key": "Product", "MatchOptions": ["ABSENT"]}})),
        everything
    );
    let untagged = cost(json!({"Tags": {"MatchOptions": ["ABSENT"]}}));
    assert!(untagged > 0 && untagged < everything);
    let answer = accepted(|request| {
        request["Filter"] = service("No Such Service");
        request["GroupBy"] = json!([{"Type": "DIMENSION", "Key": "REGION"}]);
    });
    assert_eq!(answer["ResultsByTime"].as_array().unwrap().len(), 3);
    assert_eq!(answer["ResultsByTime"][2]["Groups"], json!([]));
}

#[test]
fn rules_for_everything_else() {
    let set = |member: &'static str, value: Value| {
        move |request: &mut Value| request[member] = value.clone()
    };
    let (_, _, text) = refused(set("Granularity", json!("WEEKLY")));
    assert!(text.starts_with(
        "1 validation error detected: Value 'WEEKLY' at 'granularity' failed to satisfy"
    ));
    invalid(
        "2 validation errors detected: Value null at 'granularity' failed to satisfy constraint: Member must not be null; \
         Value null at 'metrics' failed to satisfy constraint: Member must not be null",
        |request| *request = json!({"TimePeriod": request["TimePeriod"]}),
    );
    assert!(
        refused(set("Metrics", json!(["Profit"])))
            .2
            .starts_with("Metric Profit is invalid.")
    );
    assert_eq!(
        refused(set("Metrics", json!("UnblendedCost"))).0,
        "SerializationException"
    );
    assert_eq!(
        refused(set("Filter", json!([1]))).0,
        "SerializationException"
    );
    let primary = "arn:aws:billing::123456789012:billingview/primary";
    accepted(set("BillingViewArn", json!(primary)));
    let other = json!(primary.replace("primary", "custom-1"));
    assert_eq!(
        refused(set("BillingViewArn", other)).0,
        "ResourceNotFoundException"
    );
    assert_eq!(
        refused(set("BillingViewArn", json!("primary"))).0,
        "ValidationException"
    );
    let both = accepted(set("Metrics", json!(["UNBLENDED_COST", "UsageQuantity"])));
    let total = both["ResultsByTime"][0]["Total"].as_object().unwrap();
    assert_eq!(
        total.keys().collect::<Vec<_>>(),
        ["UnblendedCost", "UsageQuantity"]
    );
    assert_eq!(total["UsageQuantity"]["Unit"], "N/A");
}

#[test]
fn page_tokens_are_bound() {
    let books = sample();
    let mut first = request("DAILY", &["UnblendedCost"]);
    first["GroupBy"] = json!([{"Type": "DIMENSION", "Key": "SERVICE"}]);
    let page = ask_paged(&books, "2026-10-07", 10, &first).unwrap();
    let token = page["NextPageToken"].as_str().unwrap().to_owned();
    let code = |change: &dyn Fn(&mut Value)| {
        let mut next = first.clone();
        next["NextPageToken"] = token.clone().into();
        change(&mut next);
        ask_paged(&books, "2026-11-24", 10, &next).map_err(|(code, status, _)| (code, status))
    };
    let changed = Err(("RequestChangedException".to_owned(), 400));
    assert_eq!(
        code(&|next| next["Metrics"] = json!(["BlendedCost"])),
        changed
    );
    assert_eq!(
        code(&|next| next["TimePeriod"]["End"] = "2026-10-07".into()),
        changed
    );
    assert_eq!(code(&|next| next["GroupBy"] = json!([])), changed);
    let invalid = Err(("InvalidNextTokenException".to_owned(), 400));
    for nonsense in [
        "",
        "opaque-1",
        "AAAA",
        &format!("{token}A"),
        &token.to_lowercase(),
    ] {
        assert_eq!(
            code(&|next| next["NextPageToken"] = nonsense.into()),
            invalid,
            "{nonsense}"
        );
    }
    // The second page is as of the day of the first, however late it comes.
    let second = code(&|_| {}).unwrap();
    first["NextPageToken"] = token.clone().into();
    assert_eq!(second, ask_paged(&books, "2026-10-07", 10, &first).unwrap());
    let stranger = Caller::from(&crate::keys::OTHER_ACCOUNT);
    let error = context(&stranger, &books, "2026-10-07")
        .answer(Some("GetCostAndUsage"), first.to_string().as_bytes())
        .unwrap_err();
    assert_eq!(error.cause, Cause::Other("InvalidNextTokenException", 400));
}

#[test]
fn shapes_with_and_without_groups() {
    let plain = accepted(|_| {});
    assert!(plain.get("GroupDefinitions").is_none() && plain.get("NextPageToken").is_none());
    assert_eq!(plain["DimensionValueAttributes"], json!([]));
    let result = &plain["ResultsByTime"][0];
    assert_eq!(
        result["TimePeriod"],
        json!({"Start": "2026-10-05", "End": "2026-10-06"})
    );
    assert_eq!(result["Groups"], json!([]));
    assert_eq!(result["Estimated"], false);

    let groups = json!([{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}, {"Type": "TAG", "Key": "Environment"}]);
    let grouped = accepted(|request| request["GroupBy"] = groups.clone());
    assert_eq!(grouped["GroupDefinitions"], groups);
    assert_eq!(grouped["ResultsByTime"][0]["Total"], json!({}));
    let keys: Vec<Value> = rows(&grouped)
        .into_iter()
        .map(|(_, keys, _)| keys)
        .collect();
    assert!(keys.contains(&json!(["111122223333", "Environment$production"])));
    assert!(keys.contains(&json!(["111122223333", "Environment$"])));
    assert_eq!(
        grouped["DimensionValueAttributes"][1],
        json!({"Value": "111122223333", "Attributes": {"description": "lantern-production"}})
    );
    assert_eq!(
        grouped["DimensionValueAttributes"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn units_are_named_where_they_are_one() {
    let answer = accepted(|request| {
        request["Metrics"] = json!(["UsageQuantity", "NormalizedUsageAmount"]);
        request["GroupBy"] = json!([{"Type": "DIMENSION", "Key": "USAGE_TYPE"}]);
    });
    let rows = rows(&answer);
    let (_, _, hours) = rows
        .iter()
        .find(|(_, keys, _)| keys[0] == "BoxUsage:m5.large")
        .unwrap();
    assert_eq!(hours["UsageQuantity"]["Unit"], "Hrs");
    assert_eq!(hours["NormalizedUsageAmount"]["Unit"], "N/A");
    assert_eq!(
        amount(hours, "NormalizedUsageAmount"),
        amount(hours, "UsageQuantity") * 4
    );
}

#[test]
fn a_month_is_estimated_until_it_is_closed() {
    let months = |today: &str| {
        let request = json!({
            "TimePeriod": {"Start": "2026-10-15", "End": "2026-11-03"},
            "Granularity": "MONTHLY",
            "Metrics": ["UnblendedCost"],
        });
        let answer = ask_paged(&sample(), today, 100, &request).unwrap();
        let results = answer["ResultsByTime"].as_array().unwrap().clone();
        let part = |result: &Value| {
            (
                result["TimePeriod"]["Start"].clone(),
                result["Estimated"].clone(),
            )
        };
        results.iter().map(part).collect::<Vec<_>>()
    };
    let (october, november) = (json!("2026-10-15"), json!("2026-11-01"));
    assert_eq!(
        months("2026-11-03"),
        [
            (october.clone(), true.into()),
            (november.clone(), true.into())
        ]
    );
    assert_eq!(
        months("2026-11-04"),
        [(october, false.into()), (november, true.into())]
    );
}

#[test]
fn an_account_without_data_has_zero_totals_and_no_groups() {
    let books = Books::new(&NEWCOMER, SEED);
    let mut request = request("MONTHLY", &["UnblendedCost", "UsageQuantity"]);
    let plain = ask(&books, &request);
    assert_eq!(
        plain["ResultsByTime"][0]["Total"],
        json!({"UnblendedCost": {"Amount": "0", "Unit": "USD"}, "UsageQuantity": {"Amount": "0", "Unit": "N/A"}})
    );
    request["GroupBy"] = json!([{"Type": "DIMENSION", "Key": "SERVICE"}]);
    assert_eq!(
        ask(&books, &request)["ResultsByTime"][0]["Groups"],
        json!([])
    );
}

#[test]
fn amounts_have_varying_decimals() {
    let answer = accepted(|request| {
        request["GroupBy"] = json!([{"Type": "DIMENSION", "Key": "USAGE_TYPE"}])
    });
    let decimals: std::collections::BTreeSet<usize> = rows(&answer)
        .iter()
        .map(|(_, _, metrics)| {
            let amount = metrics["UnblendedCost"]["Amount"].as_str().unwrap();
            amount
                .split_once('.')
                .map_or(0, |(_, decimals)| decimals.len())
        })
        .collect();
    assert!(
        decimals.len() >= 4 && decimals.contains(&10),
        "{decimals:?}"
    );
}
