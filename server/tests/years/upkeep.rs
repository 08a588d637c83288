//! Two years of upkeep, day by day, a leap day among them: never more than five requests a
//! day, counted at AWS's end; no error; and each day the month's sum is that of the books.

use std::{collections::BTreeMap, process::Command};

use chrono::{Datelike, Local, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use domain::{
    account::ConnectionId,
    cube::{Cube, Granularity, Question},
    dimension::GroupKey,
    grouped::Figures,
    history::MonthSource,
    job::JobState,
    look::Look,
    metric::Metric,
    period::Period,
    ports::Costs as _,
    query::{CubeChoice, ReportQuery, Step},
    report::{Figure, NotCompared},
};
use server::{
    jobs::plan::{self, History},
    services::costs::CostService,
    store::{costs::Reported, jobs::JobKind},
};
use simulator::keys;

use crate::{
    answered,
    house::House,
    support::{Fresh, day},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_year_with_a_leap_day() {
    day_by_day::<0>(day("2024-01-17"), 366).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_year_after() {
    day_by_day::<1>(day("2025-01-17"), 365).await;
}

/// Where a server's own time zone is another: for [`a_server_in_any_time_zone`].
const ELSEWHERE: &str = "SERVER_IS_ELSEWHERE";

#[tokio::test(flavor = "multi_thread")]
async fn weeks_around_a_leap_day() {
    // Else the variable that names a time zone would prove nothing.
    let noon = day("2024-02-25").and_time(NaiveTime::MIN) + TimeDelta::hours(12);
    let offset = Local.offset_from_utc_datetime(&noon).local_minus_utc();
    assert!(std::env::var_os(ELSEWHERE).is_none() || offset.abs() >= 11 * 3_600);
    day_by_day::<2>(day("2024-02-25"), 15).await;
}

/// Half of each day, the date there is another than in UTC.
#[test]
fn a_server_in_any_time_zone() {
    for zone in ["<+14>-14", "<-11>11"] {
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", "upkeep::weeks_around_a_leap_day"]);
        let output = again.env("TZ", zone).env(ELSEWHERE, "1").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{zone}: {said}"
        );
    }
}

async fn day_by_day<const HOUSE: usize>(first: NaiveDate, days: i64) {
    let house = House::<HOUSE>::begin(Fresh::sqlite(), first).await;
    let id = house.connect(&keys::SMALL_ACCOUNT).await;
    // Each question is one page here: twenty of days, the months and the forecast.
    assert_eq!(house.simulator.requests().len(), 22);
    let (mut last, ..) = house.latest(id).await;
    for number in 1..=days {
        let today = first + TimeDelta::days(number);
        house.simulator.clear_requests();
        for hour in [2, 9, 16, 23] {
            house.at(today, hour);
            // A person's question doesn't stand in the place of the day's refresh.
            if number == PERSON_ASKS && hour == 2 {
                ask(&house, id, today).await;
                house.simulator.clear_requests();
            }
            house.look().await;
        }
        let (job, kind, state) = house.latest(id).await;
        assert_eq!((kind, state), (JobKind::Scheduled, JobState::Done));
        assert_ne!(job, last, "nothing was begun on {today}");
        last = job;
        let requests = house.simulator.requests().len();
        assert!(requests <= 5, "{requests} requests on {today}");
        // Every cube, every day.
        assert!(requests >= 4, "{requests} requests on {today}");
        // What a person asked for once is nothing that upkeep pays for.
        assert_eq!(about_tags(&house), 0, "on {today}");
        check_months(&house, id, today).await;
        let next = today.succ_opt().unwrap();
        if today.day() <= 2 || next.day() <= 2 || number == days {
            check_figures(&house, id, today).await;
        }
        if number % 61 == 0 || number == days {
            check_all(&house, id, today).await;
            check_archive(&house, id, first, today).await;
        }
    }
}

/// Every month since the first one that was kept at the beginning, although AWS has
/// forgotten some of them since.
async fn check_archive<const HOUSE: usize>(
    house: &House<HOUSE>,
    id: ConnectionId,
    first: NaiveDate,
    today: NaiveDate,
) {
    let since = Period::new(Period::kept(first).start(), Period::kept(today).end()).unwrap();
    assert!(since.start() < Period::kept(today).start());
    let totals = house.store.costs();
    let totals = totals.month_totals(id, since, Look::default()).await;
    let totals: Vec<_> = (totals.unwrap().iter())
        .map(|one| (one.month.start(), one.total.0, one.source))
        .collect();
    let in_books = |month: &Period| {
        let days = u32::try_from(month.len()).unwrap();
        (month.start(), sum(house, *month), MonthSource::Days(days))
    };
    let expected: Vec<_> = since.by_month().iter().map(in_books).collect();
    assert_eq!(totals, expected, "on {today}");
}

/// On this day, by number, a person asks for something beside what is kept.
const PERSON_ASKS: i64 = 5;

/// A person asks for costs by a tag.
async fn ask<const HOUSE: usize>(house: &House<HOUSE>, id: ConnectionId, today: NaiveDate) {
    let question = Question {
        granularity: Granularity::Daily,
        keys: vec![GroupKey::Tag("Team".to_owned())],
        filter: None,
    };
    let step = plan::asked_step(today, &question, &History::default()).unwrap();
    house.syncer.ask(house.user.id, id, &step).await.unwrap();
    house.idle().await;
    let (_, kind, state) = house.latest(id).await;
    assert_eq!((kind, state), (JobKind::Asked, JobState::Done));
    assert_eq!(about_tags(house), 1);
}

fn about_tags<const HOUSE: usize>(house: &House<HOUSE>) -> usize {
    let requests = house.simulator.requests();
    let bodies = requests.iter().filter_map(|request| request.body.as_ref());
    bodies
        .filter(|body| body["GroupBy"][0]["Type"] == "TAG")
        .count()
}

/// A sum over days in the books, as the main cube's rows are rounded.
fn in_books<const HOUSE: usize>(house: &House<HOUSE>, cube: Cube, day: NaiveDate) -> i64 {
    let books = house.books(&keys::SMALL_ACCOUNT);
    let slice = answered::slice(&books, cube, day, house.clock.today());
    slice.rows.iter().map(|row| row.costs[0].0).sum()
}

fn sum<const HOUSE: usize>(house: &House<HOUSE>, period: Period) -> i64 {
    let days = period.days();
    days.map(|day| in_books(house, Cube::ServiceAccount, day))
        .sum()
}

/// Last month and the month so far, each whole and day by day.
async fn check_months<const HOUSE: usize>(
    house: &House<HOUSE>,
    id: ConnectionId,
    today: NaiveDate,
) {
    let period = Period::months_to_date(today, 2);
    let month = Period::month_to_date(today);
    let months = [Period::last_month(today), month].map(|month| sum(house, month));
    assert_eq!(report(house, id, period, Step::Monthly).await, months);
    let days = month
        .days()
        .map(|day| in_books(house, Cube::ServiceAccount, day));
    let days: Vec<i64> = days.collect();
    assert_eq!(days.len(), today.day() as usize);
    assert_eq!(report(house, id, month, Step::Daily).await, days);
}

async fn report<const HOUSE: usize>(
    house: &House<HOUSE>,
    id: ConnectionId,
    period: Period,
    step: Step,
) -> Vec<i64> {
    let query = ReportQuery {
        connections: vec![id],
        cube: CubeChoice::Best,
        period,
        step,
        group_by: Vec::new(),
        metric: Metric::Unblended,
        filter: None,
        top: None,
    };
    let reported = house.store.costs().report(&query).await.unwrap();
    let Reported::Known(report) = reported else {
        panic!("the kept cubes answer {query:?}")
    };
    let Figures::Money(tables) = report.figures else {
        panic!("it is money")
    };
    let [table] = &tables[..] else {
        panic!("one currency, not {}", tables.len())
    };
    table.values.iter().map(|value| value.0).collect()
}

/// What the Overview makes of it, around the ends of months.
async fn check_figures<const HOUSE: usize>(
    house: &House<HOUSE>,
    id: ConnectionId,
    today: NaiveDate,
) {
    let costs = CostService::new(house.store.clone(), house.clock, house.outlooks.clone());
    let shown = costs.overview(&house.user, id, Look::default()).await;
    let shown = shown.unwrap();
    let begun = today.with_day(1).unwrap();
    let before = begun.pred_opt().unwrap();
    let (last_first, last_last) = (before.with_day(1).unwrap(), before);
    // AWS adds to a day until the day after it; and a month may be shorter than this one.
    let same = last_last.day().min(today.day().saturating_sub(2));
    let check = |figure: &Figure, first: NaiveDate, last: NaiveDate| {
        assert_eq!(
            (figure.period.start(), figure.period.last_day()),
            (first, last)
        );
        assert_eq!(figure.days_missing, 0, "{first} to {last} on {today}");
        let total = figure.total.unwrap().amount.0;
        assert_eq!(total, sum(house, figure.period), "{first} to {last}");
    };
    assert_eq!(shown.today, today);
    check(&shown.costs.month_to_date, begun, today);
    check(&shown.costs.last_month, last_first, last_last);
    match &shown.costs.same_days {
        Ok(same_days) => {
            check(&same_days.now, begun, begun.with_day(same).unwrap());
            check(
                &same_days.before,
                last_first,
                last_first.with_day(same).unwrap(),
            );
        }
        Err(why) => assert_eq!((*why, same), (NotCompared::NoneFinished, 0), "on {today}"),
    }
}

/// Every cube, from the first day that is kept: what AWS may still change is as it is
/// today, and what it has closed is as it was closed.
async fn check_all<const HOUSE: usize>(house: &House<HOUSE>, id: ConnectionId, today: NaiveDate) {
    let kept = Period::kept(today);
    for cube in Cube::ALL {
        let costs = house.store.costs();
        let slices = costs.slices(id, &cube.question(), kept).await.unwrap();
        let days: Vec<_> = slices.iter().map(|slice| slice.day).collect();
        assert_eq!(days, kept.days().collect::<Vec<_>>(), "on {today}");
        let rows = costs.daily_by_key1(id, cube, kept, Metric::Unblended).await;
        let mut stored: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for row in rows.unwrap() {
            *stored.entry(row.day).or_default() += row.amount.0;
        }
        let books: BTreeMap<NaiveDate, i64> = kept
            .days()
            .map(|day| (day, in_books(house, cube, day)))
            .collect();
        assert_eq!(stored, books, "{} on {today}", cube.as_str());
    }
}
