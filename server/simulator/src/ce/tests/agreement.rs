//! All operations tell of the same books: what one says about fees, hours, coverage, anomalies
//! and values is what GetCostAndUsage says in other words.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use chrono::{Datelike, Days};
use proptest::prelude::*;

use super::*;
use crate::books::OTHER;

const RDS: &str = "Amazon Relational Database Service";

fn books() -> &'static Books {
    static BOOKS: OnceLock<Books> = OnceLock::new();
    BOOKS.get_or_init(sample)
}

/// Days that are over on the usual day, unfinished ones among them.
fn past() -> impl Strategy<Value = Range<NaiveDate>> {
    (0_u64..300, 1_u64..70).prop_map(|(back, length)| {
        let start = date("2026-11-23") - Days::new(back);
        start..(start + Days::new(length)).min(date("2026-11-24"))
    })
}

fn of_days(days: &Range<NaiveDate>) -> Value {
    json!({"TimePeriod": {"Start": days.start.to_string(), "End": days.end.to_string()}})
}

/// The total of one metric under a filter, as GetCostAndUsage tells it.
fn told(days: &Range<NaiveDate>, metric: &str, filter: Value) -> i128 {
    let mut request = of_days(days);
    request["Granularity"] = "MONTHLY".into();
    request["Metrics"] = json!([metric]);
    request["Filter"] = filter;
    let answer = operate(books(), "GetCostAndUsage", &request).unwrap();
    let results = answer["ResultsByTime"].as_array().unwrap();
    results
        .iter()
        .map(|result| amount(&result["Total"], metric))
        .sum()
}

fn is(dimension: &str, value: &str) -> Value {
    json!({"Dimensions": {"Key": dimension, "Values": [value]}})
}

fn both(one: Value, other: Value) -> Value {
    json!({"And": [one, other]})
}

fn figure(members: &Value, name: &str) -> i128 {
    units(
        members[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} in {members}")),
    )
}

/// The sum of one figure over the entries of a list.
fn summed(list: &Value, path: &str, name: &str) -> i128 {
    let entries = list.as_array().unwrap();
    entries
        .iter()
        .map(|entry| figure(entry.pointer(path).unwrap(), name))
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_plan_is_what_its_record_types_say(days in past(), monthly in any::<bool>()) {
        let mut request = of_days(&days);
        request["Granularity"] = if monthly { "MONTHLY" } else { "DAILY" }.into();
        let answer = operate(books(), "GetSavingsPlansUtilization", &request).unwrap();
        let total = &answer["Total"];
        let record = |kind: &str, metric: &str| told(&days, metric, is("RECORD_TYPE", kind));
        let (fee, covered) = ("SavingsPlanRecurringFee", "SavingsPlanCoveredUsage");
        let (used, saved) = (&total["Utilization"], &total["Savings"]);
        let amortized = &total["AmortizedCommitment"];
        prop_assert_eq!(figure(amortized, "AmortizedRecurringCommitment"), record(fee, "UnblendedCost"));
        prop_assert_eq!(figure(used, "UsedCommitment"), record(covered, "AmortizedCost"));
        prop_assert_eq!(figure(used, "UnusedCommitment"), record(fee, "AmortizedCost"));
        prop_assert_eq!(figure(saved, "OnDemandCostEquivalent"), record(covered, "UnblendedCost"));
        prop_assert_eq!(
            figure(saved, "OnDemandCostEquivalent"),
            -record("SavingsPlanNegation", "UnblendedCost")
        );
        let commitment = figure(used, "TotalCommitment");
        prop_assert_eq!(commitment, figure(used, "UsedCommitment") + figure(used, "UnusedCommitment"));
        prop_assert_eq!(commitment, figure(amortized, "TotalAmortizedCommitment"));
        prop_assert_eq!(
            figure(saved, "NetSavings"),
            figure(saved, "OnDemandCostEquivalent") - commitment
        );
        for (part, name) in [
            ("/Utilization", "TotalCommitment"),
            ("/Utilization", "UsedCommitment"),
            ("/Savings", "NetSavings"),
            ("/AmortizedCommitment", "AmortizedUpfrontCommitment"),
        ] {
            prop_assert_eq!(
                summed(&answer["SavingsPlansUtilizationsByTime"], part, name),
                figure(total.pointer(part).unwrap(), name)
            );
        }
    }

    #[test]
    fn covered_spend_is_the_covered_usage(days in past(), by in 0_usize..4) {
        let mut request = of_days(&days);
        request["MaxResults"] = 1_000.into();
        match ["SERVICE", "REGION", "INSTANCE_FAMILY"].get(by) {
            Some(key) => request["GroupBy"] = json!([{"Type": "DIMENSION", "Key": key}]),
            None => request["Granularity"] = "DAILY".into(),
        }
        let answer = operate(books(), "GetSavingsPlansCoverage", &request).unwrap();
        let rows = &answer["SavingsPlansCoverages"];
        let covered = summed(rows, "/Coverage", "SpendCoveredBySavingsPlans");
        let expected = told(&days, "UnblendedCost", is("RECORD_TYPE", "SavingsPlanCoveredUsage"));
        prop_assert_eq!(covered, expected);
        prop_assert_eq!(
            summed(rows, "/Coverage", "TotalCost"),
            covered + summed(rows, "/Coverage", "OnDemandCost")
        );
        let region = told(&days, "UnblendedCost", both(
            is("RECORD_TYPE", "SavingsPlanCoveredUsage"),
            is("REGION", "eu-central-1"),
        ));
        request["Filter"] = is("REGION", "eu-central-1");
        let answer = operate(books(), "GetSavingsPlansCoverage", &request).unwrap();
        let rows = &answer["SavingsPlansCoverages"];
        prop_assert_eq!(summed(rows, "/Coverage", "SpendCoveredBySavingsPlans"), region);
    }

    #[test]
    fn a_reservation_is_what_its_record_types_say(days in past(), monthly in any::<bool>()) {
        let mut request = of_days(&days);
        request["Granularity"] = if monthly { "MONTHLY" } else { "DAILY" }.into();
        request["Filter"] = is("SERVICE", RDS);
        let answer = operate(books(), "GetReservationUtilization", &request).unwrap();
        let total = &answer["Total"];
        let record = |kind: &str, metric: &str| told(&days, metric, is("RECORD_TYPE", kind));
        let used = "DiscountedUsage";
        prop_assert_eq!(figure(total, "TotalActualHours"), record(used, "UsageQuantity"));
        prop_assert_eq!(figure(total, "TotalActualUnits"), record(used, "NormalizedUsageAmount"));
        prop_assert_eq!(figure(total, "RICostForUnusedHours"), record("Recurring", "AmortizedCost"));
        let fee = figure(total, "TotalAmortizedFee");
        let effective = record(used, "AmortizedCost");
        prop_assert_eq!(fee, effective + record("Recurring", "AmortizedCost"));
        let worth = figure(total, "OnDemandCostOfRIHoursUsed");
        prop_assert_eq!(figure(total, "NetRISavings"), worth - fee);
        prop_assert_eq!(figure(total, "RealizedSavings"), worth - effective);
        prop_assert_eq!(
            figure(total, "TotalPotentialRISavings"),
            figure(total, "RealizedSavings") + figure(total, "UnrealizedSavings")
        );
        let (hours, unused) = (figure(total, "PurchasedHours"), figure(total, "UnusedHours"));
        prop_assert_eq!(hours, figure(total, "TotalActualHours") + unused);
        prop_assert!(unused >= 0);
        let count = (days.end - days.start).num_days();
        prop_assert_eq!(hours, i128::from(count) * 96 * crate::books::SCALE);
        for name in ["PurchasedHours", "TotalAmortizedFee", "NetRISavings", "UnusedUnits"] {
            prop_assert_eq!(summed(&answer["UtilizationsByTime"], "/Total", name), figure(total, name));
        }
    }

    #[test]
    fn reserved_hours_are_the_discounted_usage(days in past(), grouped in any::<bool>()) {
        let mut request = of_days(&days);
        request["Filter"] = is("SERVICE", RDS);
        if grouped {
            request["GroupBy"] = json!([{"Type": "DIMENSION", "Key": "INSTANCE_TYPE"}]);
        }
        let answer = operate(books(), "GetReservationCoverage", &request).unwrap();
        let hours = &answer["Total"]["CoverageHours"];
        let of = |kind: &str, metric| told(&days, metric, both(
            is("SERVICE", RDS),
            both_kinds(kind),
        ));
        prop_assert_eq!(figure(hours, "ReservedHours"), of("DiscountedUsage", "UsageQuantity"));
        prop_assert_eq!(figure(hours, "OnDemandHours"), of("Usage", "UsageQuantity"));
        prop_assert_eq!(
            figure(&answer["Total"]["CoverageCost"], "OnDemandCost"),
            of("Usage", "UnblendedCost")
        );
        let rows = if grouped {
            answer["CoveragesByTime"][0]["Groups"].clone()
        } else {
            answer["CoveragesByTime"].clone()
        };
        let path = if grouped { "/Coverage/CoverageHours" } else { "/Total/CoverageHours" };
        prop_assert_eq!(
            summed(&rows, path, "TotalRunningHours"),
            figure(hours, "TotalRunningHours")
        );
    }

    #[test]
    fn a_forecast_is_the_mean_of_the_same_weekdays(day in 24_u32..30) {
        let filter = is("SERVICE", "Amazon Simple Storage Service");
        let usage = both(filter, is("RECORD_TYPE", "Usage"));
        let wanted = date("2026-11-01").with_day(day).unwrap();
        // Of the four weeks before yesterday.
        let mut same = wanted;
        while same >= date("2026-11-23") {
            same = same - Days::new(7);
        }
        let sum: i128 = (0..4)
            .map(|week| same - Days::new(7 * week))
            .map(|day| told(&(day..day + Days::new(1)), "NetUnblendedCost", usage.clone()))
            .sum();
        let mut request = of_days(&(wanted..wanted + Days::new(1)));
        request["Granularity"] = "DAILY".into();
        request["Metric"] = "NET_UNBLENDED_COST".into();
        request["Filter"] = usage;
        let answer = operate(books(), "GetCostForecast", &request).unwrap();
        prop_assert_eq!(figure(&answer["ForecastResultsByTime"][0], "MeanValue"), sum / 4);
    }
}

/// Machines by the hour of a record type.
fn both_kinds(kind: &str) -> Value {
    let purchase = match kind {
        "DiscountedUsage" => "Standard Reserved Instances",
        _ => "On Demand Instances",
    };
    both(is("RECORD_TYPE", kind), is("PURCHASE_TYPE", purchase))
}

#[test]
fn months_of_a_forecast_are_their_days() {
    let period = date("2026-11-24")..date("2027-02-01");
    let ask = |granularity: &str, level: Option<u8>| {
        let mut request = of_days(&period);
        request["Granularity"] = granularity.into();
        request["Metric"] = "UNBLENDED_COST".into();
        if let Some(level) = level {
            request["PredictionIntervalLevel"] = level.into();
        }
        operate(books(), "GetCostForecast", &request).unwrap()
    };
    let (days, months) = (ask("DAILY", Some(80)), ask("MONTHLY", Some(80)));
    let list = |answer: &Value| answer["ForecastResultsByTime"].as_array().unwrap().clone();
    assert_eq!((list(&days).len(), list(&months).len()), (69, 3));
    for name in [
        "MeanValue",
        "PredictionIntervalLowerBound",
        "PredictionIntervalUpperBound",
    ] {
        let sum = |answer: &Value| summed(&answer["ForecastResultsByTime"], "", name);
        assert_eq!(sum(&days), sum(&months));
    }
    assert_eq!(days["Total"], months["Total"]);
    assert_eq!(
        amount(&json!({"T": days["Total"]}), "T"),
        summed(&days["ForecastResultsByTime"], "", "MeanValue")
    );
    // A wider interval around the same mean; none when none is asked for.
    let (wide, none) = (ask("MONTHLY", Some(95)), ask("MONTHLY", None));
    for ((month, wider), plain) in list(&months).iter().zip(list(&wide)).zip(list(&none)) {
        let bounds = |of: &Value| {
            figure(of, "PredictionIntervalUpperBound") - figure(of, "PredictionIntervalLowerBound")
        };
        assert!(bounds(month) > 0 && bounds(&wider) > bounds(month));
        assert_eq!(month["MeanValue"], plain["MeanValue"]);
        assert!(plain.get("PredictionIntervalLowerBound").is_none());
    }
    // The first of a month brings what is due once a month.
    let first = figure(&list(&days)[7], "MeanValue");
    assert!(first > figure(&list(&days)[8], "MeanValue") * 2, "{first}");
    assert_eq!(days, ask("DAILY", Some(80)));
}

#[test]
fn the_anomaly_is_the_spike() {
    let anomalies = |today: &str, end: &str| {
        let caller = Caller::from(&GOOD);
        let request = json!({"DateInterval": {"StartDate": "2026-09-01", "EndDate": end}});
        let answer = answer(&context(&caller, books(), today), "GetAnomalies", &request);
        answer.unwrap()["Anomalies"].as_array().unwrap().clone()
    };
    let spike = books().spike(date("2026-11-24")).unwrap();
    let found = anomalies("2026-11-24", "2026-11-23");
    assert_eq!(found.len(), 1);
    let (anomaly, cause) = (&found[0], &found[0]["RootCauses"][0]);
    let last = spike.days.end.pred_opt().unwrap();
    assert_eq!(anomaly["AnomalyStartDate"], spike.days.start.to_string());
    assert_eq!(anomaly["AnomalyEndDate"], last.to_string());
    assert_eq!(anomaly["DimensionValue"], spike.service);
    assert_eq!(
        (
            &cause["Service"],
            &cause["LinkedAccount"],
            &cause["Region"],
            &cause["UsageType"]
        ),
        (
            &json!(spike.service),
            &json!(spike.linked_account),
            &json!(spike.region),
            &json!(spike.usage_type)
        )
    );
    // The same money, asked for in another way.
    let place = both(
        is("USAGE_TYPE", &spike.usage_type),
        is("LINKED_ACCOUNT", spike.linked_account),
    );
    let cost = told(&spike.days, "UnblendedCost", place);
    let number = |value: &Value| units(&value.to_string());
    let impact = &anomaly["Impact"];
    assert_eq!(number(&impact["TotalImpact"]), cost);
    assert_eq!(number(&cause["Impact"]["Contribution"]), cost);
    let service = told(&spike.days, "UnblendedCost", is("SERVICE", spike.service));
    assert_eq!(number(&impact["TotalActualSpend"]), service);
    assert_eq!(number(&impact["TotalExpectedSpend"]), service - cost);
    assert!(number(&impact["MaxImpact"]) * 3 >= cost && number(&impact["MaxImpact"]) < cost);

    // While it lasts it has no end, and before its first day is over nobody has seen it.
    let day = |after: u64| (spike.days.start + Days::new(after)).to_string();
    assert_eq!(
        anomalies(&day(0), &(spike.days.start - Days::new(1)).to_string()),
        [] as [Value; 0]
    );
    let running = anomalies(&day(1), &day(0));
    assert_eq!(running[0]["AnomalyStartDate"], day(0));
    assert!(running[0].get("AnomalyEndDate").is_none());
    assert_eq!(running[0]["AnomalyId"], anomaly["AnomalyId"]);
    // AWS forgets after ninety days.
    assert_eq!(anomalies("2027-01-20", "2027-01-19"), [] as [Value; 0]);
}

#[test]
fn only_the_sample_company_has_a_monitor() {
    let ask = |key, books: &Books, operation: &str, request: Value| {
        let caller = Caller::from(key);
        answer(&context(&caller, books, "2026-11-24"), operation, &request)
    };
    let mine = ask(&GOOD, books(), "GetAnomalyMonitors", json!({})).unwrap();
    let monitor = &mine["AnomalyMonitors"][0];
    assert_eq!(monitor["MonitorDimension"], "SERVICE");
    assert_eq!(monitor["LastEvaluatedDate"], "2026-11-23");
    let arn = monitor["MonitorArn"].as_str().unwrap();
    let found = ask(
        &GOOD,
        books(),
        "GetAnomalyMonitors",
        json!({"MonitorArnList": [arn]}),
    );
    assert_eq!(found.unwrap(), mine);
    let (code, status, _) = ask(
        &GOOD,
        books(),
        "GetAnomalyMonitors",
        json!({"MonitorArnList": ["arn:x"]}),
    )
    .unwrap_err();
    assert_eq!((code.as_str(), status), ("UnknownMonitorException", 400));

    let other = Books::new(&OTHER, SEED);
    let (key, interval) = (
        &crate::keys::OTHER_ACCOUNT,
        json!({"DateInterval": {"StartDate": "2026-09-01"}}),
    );
    let theirs = ask(key, &other, "GetAnomalyMonitors", json!({})).unwrap();
    assert_eq!(theirs, json!({"AnomalyMonitors": []}));
    assert_eq!(
        ask(key, &other, "GetAnomalies", interval).unwrap(),
        json!({"Anomalies": []})
    );
}

#[test]
fn listed_values_are_those_that_costs_are_grouped_by() {
    let days = date("2026-10-05")..date("2026-10-12");
    let grouped = |kind: &str, key: &str| -> BTreeSet<String> {
        let mut request = of_days(&days);
        request["Granularity"] = "MONTHLY".into();
        request["Metrics"] = json!(["UnblendedCost"]);
        request["GroupBy"] = json!([{"Type": kind, "Key": key}]);
        let answer = operate(books(), "GetCostAndUsage", &request).unwrap();
        rows(&answer)
            .iter()
            .map(|(_, keys, _)| keys[0].as_str().unwrap().to_owned())
            .collect()
    };
    let listed = |operation: &str, member: &str, value: &str, list: &str| -> BTreeSet<String> {
        let mut request = of_days(&days);
        request[member] = value.into();
        let answer = operate(books(), operation, &request).unwrap();
        let values = answer[list].as_array().unwrap();
        assert_eq!(
            (&answer["ReturnSize"], &answer["TotalSize"]),
            (&json!(values.len()), &json!(values.len()))
        );
        values
            .iter()
            .map(|value| {
                value
                    .get("Value")
                    .unwrap_or(value)
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    for key in [
        "SERVICE",
        "REGION",
        "LINKED_ACCOUNT",
        "RECORD_TYPE",
        "USAGE_TYPE",
    ] {
        let values = listed("GetDimensionValues", "Dimension", key, "DimensionValues");
        assert_eq!(values, grouped("DIMENSION", key), "{key}");
    }
    for (kind, key, operation, member, list) in [
        ("TAG", "Team", "GetTags", "TagKey", "Tags"),
        (
            "COST_CATEGORY",
            "Workload",
            "GetCostCategories",
            "CostCategoryName",
            "CostCategoryValues",
        ),
        (
            "COST_CATEGORY",
            "Department",
            "GetCostCategories",
            "CostCategoryName",
            "CostCategoryValues",
        ),
    ] {
        let values = listed(operation, member, key, list).into_iter();
        let mut expected: BTreeSet<String> = values.map(|value| format!("{key}${value}")).collect();
        // And what has none.
        expected.insert(format!("{key}$"));
        assert_eq!(expected, grouped(kind, key), "{key}");
    }
}
