//! The Explorer: periods side by side and why they differ, all connections together, files
//! of exactly what is shown, and views that are kept. Equal to the books, and for nothing.

use std::collections::BTreeMap;

use chrono::Days;
use domain::{
    Code,
    breakdown::{Outcome, Reasons},
    grouped::Figures,
    metric::Metric,
    money::Nanos,
    period::Period,
    report::NotAdded,
    saved::SavedView,
};
use reqwest::StatusCode;
use simulator::{books, keys};

use crate::{
    breakdown::{begun, found, look},
    support::{
        day,
        oracle::{Oracle, days, rounded},
        stage::{PASSWORD, Stage, connect, sign_in, synced},
    },
};

/// Reads a number with decimals as nano-units: exactly, or not at all.
fn nanos(text: &str) -> i64 {
    text.parse::<Nanos>().unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn periods_stand_side_by_side_and_the_reasons_add_up() {
    let (stage, browser, id) = begun().await;
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    for metric in [Metric::Unblended, Metric::NetAmortized] {
        for (compare, earlier) in [
            ("before", days("2026-10-01", "2026-10-25")),
            ("month", days("2026-10-01", "2026-10-25")),
            ("year", days("2025-11-01", "2025-11-25")),
        ] {
            let wish = [("compare", compare), ("metric", metric.slug())];
            let found = found(&browser, &id, &wish).await;
            let now = days("2026-11-01", "2026-11-25");
            let [before, after] = [&earlier, &now]
                .map(|days| Oracle::new(&books, today, days.clone(), metric).total(days.clone()));
            let Figures::Money(shown) = &found.report.figures else {
                panic!("it is money");
            };
            let compared = found.compared.as_ref().unwrap();
            let Figures::Money(beside) = &compared.figures else {
                panic!("it is money");
            };
            assert_eq!((shown.len(), beside.len()), (1, 1));
            assert_eq!(
                (beside[0].total.0, shown[0].total.0),
                (before, after),
                "{compare}"
            );
            for table in [&shown[0], &beside[0]] {
                let sum: i64 = table.groups.iter().map(|group| group.total.0).sum();
                assert_eq!(sum, table.total.0);
            }
            // Each of its days stands beside the one as far from the start.
            assert_eq!(compared.pieces.len(), 24);
            let oracle = Oracle::new(&books, today, earlier.clone(), metric);
            let mut day = earlier.start;
            for (piece, value) in compared.pieces.iter().zip(&beside[0].values) {
                assert_eq!(*piece, Some(Period::day(day)));
                let next = day + Days::new(1);
                assert_eq!(value.0, oracle.total(day..next), "{compare}, {day}");
                day = next;
            }
            let pairs = shown[0].groups.iter().zip(&beside[0].groups);
            assert!(pairs.clone().count() > 10);
            assert!(
                pairs
                    .into_iter()
                    .all(|(now, before)| now.keys == before.keys)
            );

            // Usage types are rounded by themselves: a row of them half a nano-unit at most.
            let Some(Reasons::Known(why)) = &found.why else {
                panic!("{:?}", found.why);
            };
            let [(_, why)] = &why[..] else {
                panic!("one currency");
            };
            let near = |one: i64, other: i64| (one - other).abs() < 100_000;
            assert!(near(why.cost[0].0, before) && near(why.cost[1].0, after));
            let kinds = [why.quantity, why.rate, why.new, why.gone, why.whole];
            assert_eq!(Nanos::sum(kinds), Ok(why.change));
            assert!(why.services.len() > 10 && why.quantity != Nanos(0));
        }
    }
    // Kinds of charges and usage types aren't known at once: that has its price.
    let used = [("compare", "before"), ("view", "used")];
    let why = found(&browser, &id, &used).await.why;
    assert!(matches!(why, Some(Reasons::Ask(_))), "{why:?}");
    assert!(
        stage.simulator.requests().is_empty(),
        "looking asks nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_hold_at_once_and_usage_has_its_units() {
    let (stage, browser, id) = begun().await;
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let wish = [
        ("by", "USAGE_TYPE"),
        ("period", "last-month"),
        ("only", "SERVICE"),
        ("values", "Amazon Elastic Compute Cloud - Compute"),
        ("metric", "usage-quantity"),
    ];
    let answer = found(&browser, &id, &wish).await;
    let Figures::Usage(tables) = &answer.report.figures else {
        panic!("it is usage");
    };
    assert!(tables.len() > 1 && tables.iter().any(|table| table.unit == "Hrs"));
    // A file has the unit that is looked at.
    let query = "by=USAGE_TYPE&period=last-month&metric=usage-quantity&only=SERVICE\
                 &values=Amazon+Elastic+Compute+Cloud+-+Compute";
    for (unit, number) in [("&unit=Hrs", 1), ("", tables.len())] {
        let path = format!("/costs/export.json?connection={id}&{query}{unit}");
        let file: serde_json::Value =
            serde_json::from_str(&browser.get(&path).await.good().body).unwrap();
        let told = file["tables"].as_array().unwrap();
        assert_eq!(told.len(), number, "{unit}");
        assert!(told.iter().any(|table| table["unit"] == "Hrs"));
    }
    // The same as text, in its own file.
    let query = "by=USAGE_TYPE&period=last-month&only=SERVICE&lines=5000\
                 &values=Amazon+Elastic+Compute+Cloud+-+Compute";
    let path = format!("/costs/export.csv?connection={id}&{query}");
    let file = browser.get(&path).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment;")
    );
    let mut rows: BTreeMap<String, i64> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(file.body.as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        rows.insert(row[0].to_owned(), nanos(&row[2]));
    }
    let total = rows.remove("Total").unwrap();
    assert_eq!(rows.values().sum::<i64>(), total);
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for date in day("2026-10-01").iter_days().take(31) {
        let mut exact: BTreeMap<&str, i128> = BTreeMap::new();
        for (line, amount) in
            books.charges(date, today, books::Metric::parse("UnblendedCost").unwrap())
        {
            if line.service == "Amazon Elastic Compute Cloud - Compute" {
                *exact.entry(&line.usage_type).or_default() += i128::from(amount);
            }
        }
        for (usage_type, exact) in exact {
            *expected.entry(usage_type.to_owned()).or_default() += rounded(exact);
        }
    }
    rows.retain(|_, total| *total != 0);
    expected.retain(|_, total| *total != 0);
    assert!(rows.len() > 3);
    assert_eq!(rows, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_have_every_digit_of_what_is_shown() {
    let (stage, browser, id) = begun().await;
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let october = days("2026-10-01", "2026-11-01");
    let oracle =
        |metric| Oracle::new(&books, today, october.clone(), metric).total(october.clone());
    let path =
        format!("/costs/export.json?connection={id}&period=last-month&sort=name&compare=year");
    let file: serde_json::Value =
        serde_json::from_str(&browser.get(&path).await.good().body).unwrap();
    let table = &file["tables"][0];
    assert_eq!(
        nanos(table["total"]["total"].as_str().unwrap()),
        oracle(Metric::Unblended)
    );
    assert_eq!(file["period"]["end"], "2026-11-01");
    assert_eq!(file["pieces"].as_array().unwrap().len(), 31);
    let lines = table["lines"].as_array().unwrap();
    let names: Vec<&str> = lines
        .iter()
        .map(|line| line["name"].as_str().unwrap())
        .collect();
    // In the order that was chosen, the rest last.
    let (rest, named) = names.split_last().unwrap();
    assert!(named.is_sorted() && rest.ends_with("others"), "{names:?}");

    let path = format!("/costs/focus.csv?connection={id}&period=last-month");
    let file = browser.get(&path).await;
    let mut reader = csv::Reader::from_reader(file.good().body.as_bytes());
    let heads: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (mut billed, mut effective, mut list) = (0, 0, 0);
    for row in reader.records() {
        let row = row.unwrap();
        billed += nanos(&row[column("BilledCost")]);
        effective += nanos(&row[column("EffectiveCost")]);
        list += nanos(&row[column("ListCost")]);
        assert_eq!(&row[column("BillingPeriodStart")], "2026-10-01T00:00:00Z");
        let category = &row[column("ChargeCategory")];
        assert!(["Usage", "Purchase", "Tax", "Credit", "Adjustment"].contains(&category));
        assert!(!row[column("ServiceName")].is_empty());
    }
    // Rows of another cube are rounded by themselves.
    let near = |one: i64, other: i64| (one - other).abs() < 100_000;
    assert!(near(billed, oracle(Metric::NetUnblended)));
    assert!(near(effective, oracle(Metric::NetAmortized)));
    assert!(near(list, oracle(Metric::Unblended)));

    let asked = browser
        .get(&format!("/costs/export.csv?connection={id}&by=TAG:Team"))
        .await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.body.contains("AWS would have to be asked"),
        "{}",
        asked.body
    );
    assert!(stage.simulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_connections_add_up_and_are_never_asked_at_once() {
    let (stage, browser, one) = begun().await;
    let other = connect(&browser, "Another", &keys::OTHER_ACCOUNT).await;
    synced(&browser, &other).await;
    stage.simulator.clear_requests();
    let total = async |connection: &str| {
        let Outcome::Found(found) = look(&browser, connection, &[]).await.outcome else {
            panic!("it is known");
        };
        let Figures::Money(tables) = found.report.figures else {
            panic!("it is money");
        };
        tables[0].total.0
    };
    let (one, other, all) = (total(&one).await, total(&other).await, total("all").await);
    assert_eq!(all, one + other);
    let page = look(&browser, "all", &[("by", "TAG:Team")]).await;
    let Outcome::Refused(error) = page.outcome else {
        panic!("{:?}", page.outcome);
    };
    assert_eq!(error.field.as_deref(), Some("connection"));
    assert!(page.alone.is_none() && stage.simulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_costs_are_added_to_no_real_ones() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let sample = browser.call("/api/connections/create_sample", &[]).await;
    let sample = sample.connection();
    synced(&browser, &sample).await;
    // Alone it is all there is.
    let page = look(&browser, "all", &[]).await;
    assert_eq!((page.connections.len(), page.left_out.len()), (1, 0));
    let one = connect(&browser, "Company", &keys::SMALL_ACCOUNT).await;
    let other = connect(&browser, "Another", &keys::OTHER_ACCOUNT).await;
    for id in [&one, &other] {
        synced(&browser, id).await;
    }
    let total = async |connection: &str| {
        let found = found(&browser, connection, &[("period", "last-month")]).await;
        let Figures::Money(tables) = found.report.figures else {
            panic!("it is money");
        };
        tables[0].total.0
    };
    let real = total(&one).await + total(&other).await;
    assert!(total(&sample).await > 0);
    assert_eq!(total("all").await, real);
    let page = look(&browser, "all", &[]).await;
    let whys: Vec<NotAdded> = page.left_out.iter().map(|(_, why)| *why).collect();
    assert_eq!((page.connections.len(), whys), (2, vec![NotAdded::Sample]));
    let page = browser.get("/costs?connection=all").await;
    assert!(page.body.contains("its costs are made up"), "{}", page.body);
    let path = "/costs/export.json?connection=all&period=last-month";
    let file: serde_json::Value =
        serde_json::from_str(&browser.get(path).await.good().body).unwrap();
    let exported = file["tables"][0]["total"]["total"].as_str().unwrap();
    assert_eq!(nanos(exported), real);
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_kept_and_one_is_seen_first() {
    let (stage, browser, _) = begun().await;
    let save = async |name: &str, query: &str| {
        let fields = [("name", name), ("query", query)];
        browser.call("/api/saved/save", &fields).await
    };
    save("Teams", "by=TAG%3ATeam").await.good();
    save("Regions", "by=REGION").await.good();
    save(" Teams ", "by=TAG%3ATeam&period=last-month")
        .await
        .good();
    let list = async || browser.ask::<Vec<SavedView>>("/api/saved/list", &[]).await;
    let views = list().await;
    let names: Vec<_> = views
        .iter()
        .map(|view| (view.name.as_str(), view.path()))
        .collect();
    assert_eq!(
        names,
        [
            ("Regions", "/costs?by=REGION".to_owned()),
            ("Teams", "/costs?by=TAG%3ATeam&period=last-month".to_owned()),
        ]
    );
    for (name, query, field) in [("", "a=1", "name"), ("x", "a b", "query")] {
        assert_eq!(
            save(name, query).await.error().field.as_deref(),
            Some(field)
        );
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    let teams = views[1].id.to_string();
    let start = [("view", teams.as_str())];
    browser.call("/api/saved/start_with", &start).await.good();
    let first = browser.get("/").await;
    assert_eq!(
        (first.status, first.location()),
        (StatusCode::SEE_OTHER, views[1].path().as_str())
    );
    // The Overview has its own address, and any other is as it was.
    for path in ["/overview", "/?metric=amortized"] {
        assert!(
            browser.get(path).await.good().body.contains("Overview"),
            "{path}"
        );
    }
    // Somebody else begins where they did.
    let bob = stage.member("bob@example.com").await;
    assert_eq!(bob.ask::<Vec<SavedView>>("/api/saved/list", &[]).await, []);
    assert_ne!(bob.get("/").await.location(), views[1].path());
    for path in ["/api/saved/delete", "/api/saved/start_with"] {
        assert_eq!(
            bob.call(path, &start).await.code(),
            Code::NotFound,
            "{path}"
        );
    }
    let again = stage.browser();
    let reply = sign_in(&again, "ann@example.com", PASSWORD).await;
    assert_eq!(reply.location(), views[1].path());

    browser.call("/api/saved/start_with", &[]).await.good();
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    browser.call("/api/saved/delete", &start).await.good();
    assert_eq!(list().await.len(), 1);
    assert_eq!(
        browser.call("/api/saved/delete", &start).await.code(),
        Code::NotFound
    );
}
