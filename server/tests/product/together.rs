//! All connections on one page: sums of what each page says by itself, the sample never among them.

use domain::{
    look::Look,
    money::Nanos,
    report::{Daily, NotAdded, Together},
};
use simulator::keys;

use crate::support::{
    browser::Browser,
    database,
    stage::{Stage, connect, overview, synced},
};

async fn together(browser: &Browser) -> Together {
    let fields = [("metric", "unblended"), ("view", "console")];
    browser.ask("/api/costs/together", &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_added_up_without_the_sample() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let nothing = together(&browser).await;
    assert!(nothing.sums.is_empty() && nothing.left_out.is_empty());

    let company = connect(&browser, "Company", &keys::SMALL_ACCOUNT).await;
    let other = connect(&browser, "Other", &keys::OTHER_ACCOUNT).await;
    let sample = browser.call("/api/connections/create_sample", &[]).await;
    let sample = sample.connection();
    for id in [&company, &other, &sample] {
        synced(&browser, id).await;
    }
    stage.simulator.clear_requests();
    let metric = Look::default().metric;
    let each = [
        overview(&browser, &company, metric).await.costs,
        overview(&browser, &other, metric).await.costs,
    ];
    let all = together(&browser).await;
    let whys: Vec<NotAdded> = all.left_out.iter().map(|one| one.why).collect();
    assert_eq!(whys, [NotAdded::Sample]);
    let [sum] = &all.sums[..] else {
        panic!("one currency, not {}", all.sums.len());
    };
    let names: Vec<&str> = sum.parts.iter().map(|part| part.name.as_str()).collect();
    assert!(names.contains(&"Company") && names.contains(&"Other"));
    let added = |of: &dyn Fn(&domain::report::Glance) -> Nanos| {
        Nanos::sum(each.iter().map(of)).expect("a sum")
    };
    let costs = &sum.costs;
    let amount = |figure: &domain::report::Figure| figure.total.expect("a total").amount;
    assert_eq!(
        amount(&costs.month_to_date),
        added(&|one| amount(&one.month_to_date))
    );
    assert_eq!(
        amount(&costs.last_month),
        added(&|one| amount(&one.last_month))
    );
    let change = |one: &domain::report::Glance| {
        let same_days = one.same_days.as_ref().expect("compared");
        same_days.change.amount.amount
    };
    assert_eq!(change(costs), added(&change));
    for (place, day) in costs.chart.days.iter().enumerate() {
        assert_eq!(day.total, added(&|one| one.chart.days[place].total));
    }
    assert_eq!(costs.months.len(), 13);
    for (place, month) in costs.months.iter().enumerate() {
        assert_eq!(month.total, added(&|one| one.months[place].total));
        assert_eq!(month.source, each[0].months[place].source);
    }
    let ahead = costs.ahead.as_ref().expect("a forecast");
    assert!(
        ahead.asked_at.is_none(),
        "AWS forecasts accounts one by one"
    );
    assert_eq!(ahead.month_end.known.0, {
        let known =
            |one: &domain::report::Glance| one.ahead.as_ref().expect("a forecast").month_end.known;
        added(&known).0
    });
    let page = browser.get("/?connection=all").await;
    assert_eq!(page.status, 200);
    let total = costs.month_to_date.total.expect("a total").display();
    assert!(page.body.contains(&total), "{total}");
    assert!(page.body.contains("its costs are made up"));
    assert!(
        stage.simulator.requests().is_empty(),
        "looking never asks AWS"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_two_currencies_has_each_by_itself() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let company = connect(&browser, "Company", &keys::SMALL_ACCOUNT).await;
    let other = connect(&browser, "Other", &keys::OTHER_ACCOUNT).await;
    for id in [&company, &other] {
        synced(&browser, id).await;
    }
    let euros = "UPDATE cube_series SET currency = 'EUR' WHERE key1 IN \
                 (SELECT id FROM cube_keys WHERE value = 'Amazon Simple Storage Service') \
                 AND cube_id IN (SELECT id FROM cubes WHERE connection_id = ";
    database::run(&stage.database(), &format!("{euros}'{company}')")).await;

    let shown = overview(&browser, &company, Look::default().metric).await;
    let [second] = &shown.others[..] else {
        panic!("two currencies, not {}", shown.others.len() + 1);
    };
    let mut each = vec![&shown.costs, second];
    each.sort_by_key(|costs| costs.chart.currency.code().to_owned());
    let codes: Vec<&str> = each.iter().map(|one| one.chart.currency.code()).collect();
    assert_eq!(codes, ["EUR", "USD"]);
    let page = browser.get(&format!("/?connection={company}")).await;
    for costs in each {
        let total = costs.month_to_date.total.expect("a total");
        assert_eq!(total.currency, costs.chart.currency);
        assert!(total.amount.0 > 0 && costs.month_to_date.days_missing == 0);
        assert!(page.good().body.contains(&total.display()));
        let currency = costs.chart.currency.code();
        let fields = [
            ("connection", company.as_str()),
            ("metric", "unblended"),
            ("currency", currency),
        ];
        let chart: Daily = browser.ask("/api/costs/chart", &fields).await;
        assert_eq!(chart.chart, costs.chart);
    }
    let all = together(&browser).await;
    assert!(all.left_out.is_empty());
    let sums: Vec<_> = (all.sums.iter())
        .map(|sum| (sum.costs.chart.currency.code(), sum.parts.len()))
        .collect();
    assert_eq!(sums, [("EUR", 1), ("USD", 2)]);
    assert_eq!(browser.get("/?connection=all").await.status, 200);
}
