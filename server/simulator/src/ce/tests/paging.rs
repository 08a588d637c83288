//! Pages of every operation that AWS pages: they add up, and their tokens are bound to the
//! request and end.

use std::time::Duration;

use chrono::TimeDelta;

use super::*;

/// Operation, list, name of the token, request.
fn paged() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let october = json!({"Start": "2026-10-01", "End": "2026-11-01"});
    let rds =
        json!({"Dimensions": {"Key": "SERVICE", "Values": ["Amazon Relational Database Service"]}});
    vec![
        (
            "GetReservationUtilization",
            "UtilizationsByTime",
            "NextPageToken",
            json!({"TimePeriod": october, "Filter": rds}),
        ),
        (
            "GetReservationCoverage",
            "CoveragesByTime",
            "NextPageToken",
            json!({"TimePeriod": october, "Filter": rds}),
        ),
        (
            "GetSavingsPlansCoverage",
            "SavingsPlansCoverages",
            "NextToken",
            json!({"TimePeriod": october, "Granularity": "DAILY"}),
        ),
        (
            "GetDimensionValues",
            "DimensionValues",
            "NextPageToken",
            json!({"TimePeriod": october, "Dimension": "SERVICE"}),
        ),
        (
            "GetTags",
            "Tags",
            "NextPageToken",
            json!({"TimePeriod": october, "TagKey": "Team"}),
        ),
        (
            "GetCostCategories",
            "CostCategoryValues",
            "NextPageToken",
            json!({"TimePeriod": october, "CostCategoryName": "Workload"}),
        ),
    ]
}

#[test]
fn pages_of_lists_add_up() {
    let (books, caller) = (sample(), Caller::from(&GOOD));
    for (operation, list, token, mut request) in paged() {
        let whole = Context {
            page_size: 1_000_000,
            ..context(&caller, &books, "2026-11-24")
        };
        let mut unpaged = request.clone();
        if operation == "GetSavingsPlansCoverage" {
            // Twenty rows, unasked.
            unpaged["MaxResults"] = 100.into();
        }
        let expected = answer(&whole, operation, &unpaged).unwrap()[list].clone();
        let small = Context {
            page_size: 3,
            ..context(&caller, &books, "2026-11-24")
        };
        let (mut found, mut pages) = (Vec::new(), 0);
        loop {
            let page = answer(&small, operation, &request).unwrap();
            let rows = page[list].as_array().unwrap();
            assert!((1..=3).contains(&rows.len()), "{operation}");
            found.extend(rows.clone());
            pages += 1;
            match page.get(token) {
                Some(next) => request[token] = next.clone(),
                None => break,
            }
        }
        assert_eq!(json!(found), expected, "{operation}");
        assert!(pages > 1, "{operation}");
    }
}

#[test]
fn tokens_of_lists_are_bound_and_end() {
    let (books, caller) = (sample(), Caller::from(&GOOD));
    let at = |minutes: i64| Context {
        page_size: 2,
        now: DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes),
        ..context(&caller, &books, "2026-11-24")
    };
    for (operation, _, token, first) in paged() {
        let page = answer(&at(0), operation, &first).unwrap();
        let mut next = first.clone();
        next[token] = page[token].clone();
        let code = |context: &Context<'_>, request: &Value| {
            answer(context, operation, request)
                .map(|_| ())
                .map_err(|(code, ..)| code)
        };
        assert_eq!(code(&at(60), &next), Ok(()), "{operation}");
        let invalid = Err("InvalidNextTokenException".to_owned());
        assert_eq!(code(&at(24 * 60), &next), invalid, "{operation}");
        let hasty = Context {
            token_lasts: Some(Duration::from_secs(60)),
            ..at(1)
        };
        assert_eq!(code(&hasty, &next), invalid, "{operation}");
        let mut changed = next.clone();
        changed["TimePeriod"]["End"] = "2026-10-20".into();
        assert_eq!(
            code(&at(0), &changed),
            Err("RequestChangedException".to_owned()),
            "{operation}"
        );
        next[token] = "opaque".into();
        assert_eq!(code(&at(0), &next), invalid, "{operation}");
    }
    // Another operation's token is no better.
    let page = answer(&at(0), "GetTags", &paged()[4].3).unwrap();
    let mut stolen = paged()[3].3.clone();
    stolen["NextPageToken"] = page["NextPageToken"].clone();
    let (code, ..) = answer(&at(0), "GetDimensionValues", &stolen).unwrap_err();
    assert_eq!(code, "RequestChangedException");
}

#[test]
fn a_page_has_at_most_what_is_asked_for() {
    let mut request = paged()[0].3.clone();
    request["MaxResults"] = 7.into();
    let page = operate(&sample(), "GetReservationUtilization", &request).unwrap();
    assert_eq!(page["UtilizationsByTime"].as_array().unwrap().len(), 7);
    assert!(page["NextPageToken"].is_string());
    // The total is of all pages.
    let whole = operate(&sample(), "GetReservationUtilization", &paged()[0].3).unwrap();
    assert_eq!(page["Total"], whole["Total"]);
    let (operation, list, token, request) = paged()[2].clone();
    let page = operate(&sample(), operation, &request).unwrap();
    assert_eq!(page[list].as_array().unwrap().len(), 20);
    assert!(page[token].is_string());
}
