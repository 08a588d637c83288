//! Cubes that were asked for beside the kept ones, late answers, months, and what cubes
//! disagree on.

use chrono::TimeDelta;
use domain::{
    account::ConnectionId,
    cube::{Cube, CubeRow, DaySlice, Granularity, Question},
    dimension::{Dimension, Filter, GroupKey},
    grouped::Figures,
    history::{Disagreement, MonthSource},
    look::Look,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
};
use server::store::{
    Store,
    costs::{Replaced, Reported},
};

use crate::{
    costs::row,
    support::{Fresh, connected, day, noon, on_both, person},
};

on_both!(
    a_cube_is_there_once_it_was_used_and_answers_once_it_has_come,
    a_late_answer_changes_nothing_that_is_newer,
    saying_the_same_again_is_no_news,
    months_come_from_days_where_none_is_missing,
    reports_go_back_to_totals_of_months,
    cubes_that_were_asked_apart_disagree,
    what_a_forgotten_cube_held_is_gone,
    what_people_asked_for_is_listed_with_its_size_and_values,
);

async fn connection(store: &Store) -> ConnectionId {
    let ann = person(store, "ann@example.com").await;
    connected(store, ann, "111122223333").await
}

fn slice(date: &str, rows: Vec<CubeRow>) -> DaySlice {
    DaySlice {
        day: day(date),
        estimated: false,
        rows,
    }
}

fn november() -> Period {
    Period::new(day("2026-11-01"), day("2026-12-01")).unwrap()
}

fn team() -> GroupKey {
    GroupKey::Tag("Team".to_owned())
}

fn by_team() -> Question {
    Question {
        granularity: Granularity::Daily,
        keys: vec![team(), Dimension::Region.into()],
        filter: None,
    }
}

fn query(id: ConnectionId, group_by: Vec<GroupKey>) -> ReportQuery {
    ReportQuery {
        connections: vec![id],
        cube: CubeChoice::Best,
        period: november(),
        step: Step::Total,
        group_by,
        metric: Metric::Unblended,
        filter: None,
        top: None,
    }
}

async fn groups(store: &Store, query: &ReportQuery) -> Result<Vec<(Vec<String>, i64)>, Question> {
    match store.costs().report(query).await.unwrap() {
        Reported::Ask(question) => Err(question),
        Reported::Known(report) => {
            let Figures::Money(tables) = report.figures else {
                panic!("it is money");
            };
            let groups = tables.into_iter().flat_map(|table| table.groups);
            Ok(groups.map(|group| (group.keys, group.total.0)).collect())
        }
    }
}

async fn a_cube_is_there_once_it_was_used_and_answers_once_it_has_come(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let costs = store.costs();
    let wanted = query(id, vec![team()]);
    let single = Question {
        keys: vec![team()],
        ..by_team()
    };
    assert_eq!(groups(&store, &wanted).await, Err(single.clone()));

    costs.used(id, &by_team(), noon()).await.unwrap();
    // Known by name, but nothing has come yet.
    assert_eq!(groups(&store, &wanted).await, Err(single));
    let rows = vec![row("Blue", "eu-west-1", 5), row("", "eu-west-1", 7)];
    let slices = [slice("2026-11-03", rows)];
    costs
        .replace_slices(id, &by_team(), day("2026-11-24"), noon(), &slices, &[])
        .await
        .unwrap();
    let expected = vec![(vec![String::new()], 7), (vec!["Blue".to_owned()], 5)];
    assert_eq!(groups(&store, &wanted).await, Ok(expected));
    let only_blue = ReportQuery {
        filter: Some(Filter::Not(Box::new(Filter::In {
            key: team(),
            values: vec![String::new()],
        }))),
        ..query(id, vec![Dimension::Region.into()])
    };
    // The kept cube by region knows nothing of teams.
    let expected = vec![(vec!["eu-west-1".to_owned()], 5)];
    assert_eq!(groups(&store, &only_blue).await, Ok(expected));

    let later = noon() + TimeDelta::days(3);
    assert_eq!(costs.used_cubes(id, later).await.unwrap(), []);
    costs.used(id, &by_team(), later).await.unwrap();
    // Looking back in time makes it no older.
    costs.used(id, &by_team(), noon()).await.unwrap();
    assert_eq!(costs.used_cubes(id, later).await.unwrap(), [by_team()]);
    let filtered = |values: &[&str]| Question {
        filter: Some(Filter::In {
            key: Dimension::Az.into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }),
        ..by_team()
    };
    // One question, however it is written.
    costs.used(id, &filtered(&["b", "a"]), later).await.unwrap();
    costs
        .used(id, &filtered(&["a", "b", "a"]), later)
        .await
        .unwrap();
    costs
        .used(id, &Cube::ServiceRegion.question(), later)
        .await
        .unwrap();
    let cubes = costs.cubes(id).await.unwrap();
    let kept: Vec<_> = cubes.iter().map(|cube| cube.kept).collect();
    assert_eq!(kept, [Some(Cube::ServiceRegion), None, None]);
    assert_eq!(cubes[2].question, filtered(&["a", "b"]));
}

async fn a_late_answer_changes_nothing_that_is_newer(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let question = Cube::ServiceAccount.question();
    let put = async |minutes: i64, slices: &[DaySlice]| {
        let at = noon() + TimeDelta::minutes(minutes);
        let costs = store.costs();
        costs
            .replace_slices(id, &question, day("2026-11-24"), at, slices, &[])
            .await
            .unwrap()
    };
    put(10, &[slice("2026-11-03", vec![row("Tax", "1", 10)])]).await;
    let late = [
        slice("2026-11-03", vec![row("Tax", "1", 1)]),
        slice("2026-11-04", vec![row("Tax", "1", 2)]),
    ];
    let replaced = put(5, &late).await;
    let expected = Replaced {
        outdated: 1,
        new: 1,
        ..Replaced::default()
    };
    assert_eq!(replaced, expected);
    let sum = groups(&store, &query(id, vec![])).await.unwrap();
    assert_eq!(sum, [(vec![], 12)]);
    let slices = store
        .costs()
        .slices(id, &question, november())
        .await
        .unwrap();
    let asked: Vec<_> = slices.iter().map(|slice| slice.asked_at - noon()).collect();
    assert_eq!(asked, [TimeDelta::minutes(10), TimeDelta::minutes(5)]);
}

async fn saying_the_same_again_is_no_news(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let question = Cube::ServiceAccount.question();
    let slices = [
        slice("2026-11-03", vec![row("Tax", "1", 10), row("Tax", "2", 3)]),
        slice("2026-11-04", vec![]),
    ];
    let costs = store.costs();
    for (minutes, expected) in [(0, 2), (5, 0), (5, 0)] {
        let at = noon() + TimeDelta::minutes(minutes);
        let replaced = costs
            .replace_slices(id, &question, day("2026-11-24"), at, &slices, &[])
            .await
            .unwrap();
        assert_eq!((replaced.new, replaced.changed), (expected, 0));
        assert_eq!(replaced.anything(), expected > 0);
    }
    let moved = [slice(
        "2026-11-03",
        vec![row("Tax", "1", 12), row("Tax", "2", 1)],
    )];
    let at = noon() + TimeDelta::minutes(9);
    let replaced = costs
        .replace_slices(id, &question, day("2026-11-24"), at, &moved, &[])
        .await
        .unwrap();
    assert_eq!((replaced.changed, replaced.restated), (1, 1));
    // The total stayed: a restatement of two keys, and nothing new about the month.
    let said = costs.month_history(id, &question, day("2026-11-30"), Metric::Unblended);
    assert_eq!(said.await.unwrap().len(), 1);
    let restated = costs.restatements(id, &question, november()).await.unwrap();
    let changes: Vec<_> = (restated.iter())
        .map(|one| (&*one.keys[1], one.before.costs[0].0, one.after.costs[0].0))
        .collect();
    assert_eq!(changes, [("1", 10, 12), ("2", 3, 1)]);
    assert!(restated.iter().all(
        |one| one.after.asked_at == at && one.before.asked_at == noon() + TimeDelta::minutes(5)
    ));
}

async fn months_come_from_days_where_none_is_missing(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let costs = store.costs();
    let asked_on = day("2026-11-24");
    let monthly = ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"]
        .map(|month| slice(month, vec![row("Tax", "", 1_000)]));
    costs
        .replace_slices(id, &Question::months(), asked_on, noon(), &monthly, &[])
        .await
        .unwrap();
    // August lacks its last days and September its first, October is whole, and November
    // had begun when AWS was asked for months.
    let some = Period::new(day("2026-08-01"), day("2026-11-03")).unwrap();
    let lacking = Period::new(day("2026-08-05"), day("2026-09-03")).unwrap();
    let daily: Vec<DaySlice> = (some.days())
        .filter(|date| !lacking.contains(*date))
        .map(|date| slice(&date.to_string(), vec![row("Tax", "1", 1)]))
        .collect();
    let question = Cube::ServiceAccount.question();
    costs
        .replace_slices(id, &question, asked_on, noon(), &daily, &[])
        .await
        .unwrap();
    let period = Period::new(day("2026-07-15"), day("2026-11-25")).unwrap();
    let totals = costs
        .month_totals(id, period, Look::default())
        .await
        .unwrap();
    let totals: Vec<_> = (totals.iter())
        .map(|total| (total.month.start().to_string(), total.total.0, total.source))
        .collect();
    let month = |text: &str, nanos: i64, source| (text.to_owned(), nanos, source);
    assert_eq!(
        totals,
        [
            month("2026-08-01", 1_000, MonthSource::Month),
            month("2026-09-01", 1_000, MonthSource::Month),
            month("2026-10-01", 31, MonthSource::Days(31)),
            month("2026-11-01", 2, MonthSource::Days(2)),
        ]
    );
    assert_eq!(costs.reach(id, &question).await.unwrap(), Some(some));
    assert_eq!(costs.reach(id, &by_team()).await.unwrap(), None);
}

async fn reports_go_back_to_totals_of_months(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let costs = store.costs();
    let told = ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"]
        .map(|month| slice(month, vec![row("Tax", "", 1_000), row("S3", "", 10)]));
    let asked_on = day("2026-11-24");
    costs
        .replace_slices(id, &Question::months(), asked_on, noon(), &told, &[])
        .await
        .unwrap();
    // Nothing is known of July, September lacks days, October is whole, November has begun.
    let days = Period::new(day("2026-09-05"), day("2026-11-03")).unwrap();
    let days: Vec<DaySlice> = (days.days())
        .map(|date| {
            slice(
                &date.to_string(),
                vec![row("Tax", "1", 2), row("EC2", "1", 1)],
            )
        })
        .collect();
    let main = Cube::ServiceAccount.question();
    costs
        .replace_slices(id, &main, asked_on, noon(), &days, &[])
        .await
        .unwrap();
    let by = |group_by: &[Dimension], step| ReportQuery {
        period: Period::new(day("2026-07-01"), day("2026-11-03")).unwrap(),
        step,
        ..query(
            id,
            group_by.iter().map(|key| GroupKey::from(*key)).collect(),
        )
    };
    let report = async |query: &ReportQuery| match costs.report(query).await.unwrap() {
        Reported::Known(report) => report,
        Reported::Ask(question) => panic!("{question:?}"),
    };
    let monthly = report(&by(&[], Step::Monthly)).await;
    let until_october = Period::new(day("2026-07-01"), day("2026-10-01")).unwrap();
    assert_eq!(monthly.months, [(id, until_october)]);
    assert_eq!(monthly.cube, main);
    assert_eq!(monthly.pieces.len(), 5);
    let values = |report: domain::grouped::Report| match report.figures {
        Figures::Money(tables) => tables[0].values.iter().map(|value| value.0).collect(),
        Figures::Usage(_) => Vec::new(),
    };
    assert_eq!(values(monthly), [0, 1_010, 1_010, 31 * 3, 2 * 3]);

    let line = |name: &str, total| (vec![name.to_owned()], total);
    let mut by_service = by(&[Dimension::Service], Step::Total);
    assert_eq!(
        groups(&store, &by_service).await.unwrap(),
        [line("Tax", 2_066), line("EC2", 33), line("S3", 20)]
    );
    by_service.top = Some(1);
    assert_eq!(
        groups(&store, &by_service).await.unwrap(),
        [line("Tax", 2_066), (Vec::new(), 53)]
    );
    let s3 = Filter::In {
        key: Dimension::Service.into(),
        values: vec!["S3".to_owned()],
    };
    let only = ReportQuery {
        filter: Some(s3),
        ..by(&[], Step::Monthly)
    };
    assert_eq!(values(report(&only).await), [0, 10, 10, 0, 0]);

    // Accounts aren't told apart by months, nor days; and a cut month has no total.
    let september = 26 * 3;
    let by_account = report(&by(&[Dimension::LinkedAccount], Step::Monthly)).await;
    assert!(by_account.months.is_empty());
    assert_eq!(values(by_account), [0, 0, september, 31 * 3, 2 * 3]);
    assert!(report(&by(&[], Step::Daily)).await.months.is_empty());
    let cut = ReportQuery {
        period: Period::new(day("2026-09-02"), day("2026-11-01")).unwrap(),
        ..by(&[], Step::Monthly)
    };
    let cut = report(&cut).await;
    assert!(cut.months.is_empty());
    assert_eq!(values(cut), [september, 31 * 3]);
    // Two connections, of which one has no months: its days alone.
    let other = connected(
        &store,
        person(&store, "bob@example.com").await,
        "444455556666",
    )
    .await;
    costs
        .replace_slices(other, &main, asked_on, noon(), &days, &[])
        .await
        .unwrap();
    let both = ReportQuery {
        connections: vec![id, other],
        ..by(&[], Step::Monthly)
    };
    let both = report(&both).await;
    assert_eq!(both.months, [(id, until_october)]);
    let doubled = [0, 1_010, 1_010 + september, 2 * 31 * 3, 2 * 2 * 3];
    assert_eq!(values(both), doubled);
}

async fn cubes_that_were_asked_apart_disagree(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let put = async |cube: Cube, slices: &[DaySlice]| {
        let costs = store.costs();
        costs
            .replace_slices(id, &cube.question(), day("2026-11-24"), noon(), slices, &[])
            .await
            .unwrap();
    };
    let same = slice("2026-11-03", vec![row("Tax", "1", 4), row("Tax", "2", 6)]);
    put(
        Cube::ServiceAccount,
        &[same, slice("2026-11-04", vec![row("Tax", "1", 9)])],
    )
    .await;
    // The second unit of the same day, and the day that cost nothing when it was asked.
    let mut other_unit = row("Tax", "us", 3);
    other_unit.usage_unit = "GB".to_owned();
    let same = slice("2026-11-03", vec![row("Tax", "eu", 7), other_unit]);
    put(Cube::ServiceRegion, &[same, slice("2026-11-04", vec![])]).await;
    put(
        Cube::ServiceUsageType,
        &[slice("2026-11-05", vec![row("Tax", "x", 1)])],
    )
    .await;
    let found = store
        .costs()
        .disagreements(id, november(), Metric::Unblended)
        .await;
    assert_eq!(
        found.unwrap(),
        [Disagreement {
            day: day("2026-11-04"),
            currency: Currency::USD,
            totals: vec![
                (Cube::ServiceAccount, Nanos(9)),
                (Cube::ServiceRegion, Nanos(0))
            ],
        }]
    );
}

async fn what_a_forgotten_cube_held_is_gone(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let costs = store.costs();
    let slices = [slice("2026-11-03", vec![row("Blue", "eu-west-1", 5)])];
    for question in [by_team(), Cube::ServiceRegion.question()] {
        costs
            .replace_slices(id, &question, day("2026-11-24"), noon(), &slices, &[])
            .await
            .unwrap();
    }
    assert!(costs.forget(id, &by_team()).await.unwrap());
    assert!(!costs.forget(id, &by_team()).await.unwrap());
    assert_eq!(costs.reach(id, &by_team()).await.unwrap(), None);
    let left = groups(&store, &query(id, vec![Dimension::Region.into()])).await;
    assert_eq!(left, Ok(vec![(vec!["eu-west-1".to_owned()], 5)]));
    assert!(groups(&store, &query(id, vec![team()])).await.is_err());
}

async fn what_people_asked_for_is_listed_with_its_size_and_values(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let costs = store.costs();
    let kept = Cube::ServiceRegion.question();
    let put = async |question: &Question, rows: Vec<CubeRow>, minutes: i64| {
        let slices = [slice("2026-11-03", rows), slice("2026-11-05", vec![])];
        let at = noon() + TimeDelta::minutes(minutes);
        costs
            .replace_slices(id, question, day("2026-11-24"), at, &slices, &[])
            .await
            .unwrap();
    };
    put(&kept, vec![row("Tax", "us-east-1", 1)], 0).await;
    put(&Question::months(), vec![row("Tax", "", 1)], 0).await;
    assert_eq!(costs.asked_cubes(id).await.unwrap(), []);
    let rows = vec![row("Blue", "eu-west-1", 5), row("", "eu-west-1", 7)];
    put(&by_team(), rows, 1).await;
    let alone = Question {
        keys: vec![team()],
        ..by_team()
    };
    costs
        .used(id, &alone, noon() + TimeDelta::hours(1))
        .await
        .unwrap();
    let asked = costs.asked_cubes(id).await.unwrap();
    let [unanswered, answered] = &asked[..] else {
        panic!("two were asked: {asked:?}");
    };
    assert_eq!(unanswered.question, alone);
    assert_eq!((unanswered.days, unanswered.groups), (0, 0));
    assert_eq!((unanswered.period, unanswered.as_of), (None, None));
    assert_eq!(answered.question, by_team());
    assert_eq!((answered.days, answered.groups), (2, 2));
    assert_eq!(answered.period.unwrap().to_string(), "3–5 Nov 2026");
    assert_eq!(answered.as_of, Some(noon() + TimeDelta::minutes(1)));

    let values = costs.known_values(id, &Dimension::Region.into()).await;
    assert_eq!(values.unwrap(), ["eu-west-1", "us-east-1"]);
    assert_eq!(costs.known_values(id, &team()).await.unwrap(), ["", "Blue"]);
    let none = costs.known_values(id, &Dimension::Az.into()).await;
    assert!(none.unwrap().is_empty());
}
