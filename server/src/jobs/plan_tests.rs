use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn later(day: NaiveDate, days: i64) -> NaiveDate {
    day + chrono::Duration::days(days)
}

/// As AWS answers: a month is an estimate through the day of the next month before `closes_on`.
fn is_open(date: NaiveDate, today: NaiveDate, closes_on: i64) -> bool {
    today < later(Period::month_of(date).end(), closes_on - 1)
}

impl History {
    /// Learns what AWS answers on `today`.
    fn learn(&mut self, periods: &[Period], today: NaiveDate, closes_on: i64) {
        for date in periods.iter().flat_map(Period::days) {
            let known = KnownDay {
                estimated: is_open(date, today, closes_on),
                asked_on: today,
            };
            self.days.insert(date, known);
        }
    }

    fn answered(periods: &[Period], today: NaiveDate) -> Self {
        let mut history = Self::default();
        history.learn(periods, today, 1);
        history
    }

    fn texts(&self, today: &str, occasion: Occasion) -> Vec<String> {
        let asked = self.questions(day(today), occasion);
        asked.iter().map(ToString::to_string).collect()
    }
}

#[test]
fn parts_are_found_again_by_their_names() {
    let question = Question {
        granularity: domain::cube::Granularity::Daily,
        keys: vec![domain::dimension::GroupKey::Tag("Team".to_owned())],
        filter: None,
    };
    let cubes = Cube::ALL.map(Part::Cube);
    let others = [
        Part::Months,
        Part::Forecast,
        Part::Asked(Box::new(question)),
    ];
    for part in cubes.into_iter().chain(others) {
        assert_eq!(Part::named(&part.to_text()), Some(part));
    }
    assert_eq!(Part::named("asked:{}"), None);
}

fn by_team() -> Question {
    Question {
        granularity: domain::cube::Granularity::Daily,
        keys: vec![domain::dimension::GroupKey::Tag("Team".to_owned())],
        filter: None,
    }
}

#[test]
fn what_a_person_asks_for_is_always_one_question() {
    let today = day("2026-11-24");
    let period = |history: &History, today| {
        asked_step(today, &by_team(), history).map(|step| step.period.to_string())
    };
    let never = History::default();
    assert_eq!(period(&never, today).unwrap(), "1 Oct 2025 – 24 Nov 2026");
    let mut history = History::answered(&[Period::kept(today)], today);
    assert_eq!(period(&history, today).unwrap(), "1–24 Nov 2026");
    // Two months later: from the days that were still open, at no higher price.
    let later = day("2027-01-20");
    assert_eq!(period(&history, later).unwrap(), "1 Nov 2026 – 20 Jan 2027");
    // A gap in the middle makes it longer, not two.
    history.days.remove(&day("2026-03-07"));
    assert_eq!(period(&history, today).unwrap(), "7 Mar – 24 Nov 2026");
    // Unless AWS left that day out a short while ago.
    history.answered = vec![(Period::kept(today), today)];
    assert_eq!(period(&history, today).unwrap(), "1–24 Nov 2026");
    history.just_come = Period::kept(today).days().collect();
    assert_eq!(period(&history, today), None);
}

#[test]
fn a_question_has_one_part_however_it_is_written() {
    let filtered = |values: &[&str]| Question {
        filter: Some(domain::dimension::Filter::In {
            key: domain::dimension::Dimension::Az.into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }),
        ..by_team()
    };
    let one = Part::asked(&filtered(&["b", "a", "a"]));
    assert_eq!(one.to_text(), Part::asked(&filtered(&["a", "b"])).to_text());
    assert_eq!(
        one.label(),
        "By tag Team, where availability zone is a or b"
    );
}

#[test]
fn forecasts_go_from_today_to_the_months_end() {
    let extras = Extras {
        months: true,
        forecast: true,
    };
    for (today, months, rest) in [
        ("2026-11-24", "1 Oct 2023 – 31 Oct 2026", "24–30 Nov 2026"),
        ("2028-02-29", "1 Jan 2025 – 31 Jan 2028", "29 Feb 2028"),
        ("2026-12-01", "1 Nov 2023 – 30 Nov 2026", "1–31 Dec 2026"),
    ] {
        let steps = extra_steps(day(today), extras);
        let texts: Vec<_> = steps.iter().map(|step| step.period.to_string()).collect();
        assert_eq!(texts, [months, rest]);
        assert_eq!(steps[1].part, Part::Forecast);
    }
    assert!(extra_steps(day("2026-11-24"), Extras::default()).is_empty());
}

#[test]
fn months_are_asked_for_until_aws_has_answered() {
    let today = day("2026-11-24");
    let wants = |occasion, answered: Option<&str>, stored| {
        wants_months(today, occasion, answered.map(day), stored)
    };
    for occasion in [Occasion::Asked, Occasion::Daily] {
        assert!(wants(occasion, None, false));
        assert!(!wants(occasion, Some("2026-11-23"), false));
        assert!(!wants(occasion, Some("2025-11-23"), true));
    }
    assert!(!wants(Occasion::Again, None, false));
    // Multi-year history may have been switched on since: a person's refresh sees.
    assert!(wants(Occasion::Asked, Some("2026-10-24"), false));
    assert!(!wants(Occasion::Asked, Some("2026-10-25"), false));
    assert!(!wants(Occasion::Daily, Some("2025-11-23"), false));
}

#[test]
fn a_day_of_upkeep_asks_for_months_or_for_a_forecast() {
    let of = |occasion, months| {
        let Extras { months, forecast } = Extras::of(occasion, months, true);
        (months, forecast)
    };
    assert_eq!(of(Occasion::Daily, true), (true, false));
    assert_eq!(of(Occasion::Daily, false), (false, true));
    assert_eq!(of(Occasion::Asked, true), (true, true));
    assert_eq!(of(Occasion::Again, false), (false, false));
    assert!(!Extras::of(Occasion::Asked, false, false).forecast);
}

#[test]
fn a_fresh_store_asks_for_everything_newest_first() {
    let asked = History::default().texts("2026-11-24", Occasion::Asked);
    assert_eq!(
        asked,
        [
            "1 Oct – 24 Nov 2026",
            "1 Jul – 30 Sep 2026",
            "1 Apr – 30 Jun 2026",
            "1 Jan – 31 Mar 2026",
            "1 Oct – 31 Dec 2025",
        ]
    );
    let histories = Cube::ALL.map(|cube| (cube, History::default()));
    let all = steps(day("2026-11-24"), Occasion::Asked, &histories);
    assert_eq!(all.len(), 20);
    // The newest of all cubes come before anything older.
    let first: Vec<_> = all.iter().take(4).map(|step| step.part.clone()).collect();
    assert_eq!(first, Cube::ALL.map(Part::Cube));
    assert!(all.iter().take(4).all(|step| step.period == all[0].period));
}

#[test]
fn a_full_store_asks_once_for_what_aws_still_changes() {
    let today = day("2026-11-24");
    let history = History::answered(&[Period::kept(today)], today);
    for occasion in [Occasion::Asked, Occasion::Daily, Occasion::Again] {
        assert_eq!(
            history.questions(today, occasion),
            [Period::month_to_date(today)]
        );
    }
}

#[test]
fn the_last_month_is_asked_daily_until_the_tenth() {
    for (today, first) in [
        ("2026-11-01", "1 Oct – 1 Nov 2026"),
        ("2026-11-10", "1 Oct – 10 Nov 2026"),
        ("2026-11-11", "1–11 Nov 2026"),
        ("2024-03-01", "1 Feb – 1 Mar 2024"),
        ("2027-01-01", "1 Dec 2026 – 1 Jan 2027"),
    ] {
        let yesterday = day(today).pred_opt().unwrap();
        let mut history = History::answered(&[Period::kept(yesterday)], yesterday);
        // Closed already; only the days that are too young are asked for after the tenth.
        history.learn(&[Period::last_month(day(today))], yesterday, -20);
        assert_eq!(history.texts(today, Occasion::Daily), [first]);
    }
}

#[test]
fn a_month_that_aws_is_slow_to_close_is_asked_once_a_week() {
    let mut history = History::default();
    let mut asked = Vec::new();
    let mut today = day("2026-10-31");
    history.learn(&[Period::kept(today)], today, 26);
    while today < day("2026-12-15") {
        let questions = history.questions(today, Occasion::Daily);
        assert_eq!(questions.len(), 1);
        if today.month() == 11 && questions[0].contains(day("2026-10-31")) {
            asked.push(today.day());
        }
        history.learn(&questions, today, 26);
        today = later(today, 1);
    }
    // Closed on the 26th; on the 24th it was still open, so it is asked once more.
    assert_eq!(asked, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 24]);
    assert!(is_settled(
        day("2026-10-31"),
        &history.days[&day("2026-10-31")]
    ));
}

#[test]
fn a_person_need_not_wait_for_the_week() {
    let today = day("2026-11-15");
    let mut history = History::default();
    history.learn(&[Period::kept(today)], today, 26);
    let asked = |occasion| history.texts("2026-11-16", occasion);
    assert_eq!(asked(Occasion::Daily), ["1–16 Nov 2026"]);
    assert_eq!(asked(Occasion::Asked), ["1 Oct – 16 Nov 2026"]);
}

#[test]
fn after_an_interruption_what_never_came_is_asked_in_questions_of_its_own() {
    let today = day("2026-11-24");
    let got = Period::new(day("2026-10-01"), day("2026-11-25")).unwrap();
    let history = History::answered(&[got], today);
    let asked = history.texts("2026-11-25", Occasion::Daily);
    assert_eq!(asked.len(), 5);
    assert_eq!(asked[..2], ["1–25 Nov 2026", "1 Jul – 30 Sep 2026"]);
}

#[test]
fn what_came_just_before_an_interruption_is_not_asked_for_again() {
    let today = day("2026-11-24");
    let got = Period::new(day("2026-10-01"), day("2026-11-25")).unwrap();
    let mut history = History::answered(&[got], today);
    history.just_come = got.days().collect();
    assert_eq!(history.texts("2026-11-24", Occasion::Asked).len(), 4);
    assert_eq!(
        history.texts("2026-11-25", Occasion::Asked)[0],
        "25 Nov 2026"
    );
}

#[test]
fn after_months_of_silence_one_question_asks_for_all_of_them() {
    let then = day("2026-06-20");
    let history = History::answered(&[Period::kept(then)], then);
    assert_eq!(
        history.texts("2026-11-24", Occasion::Daily),
        ["1 Jun – 24 Nov 2026"]
    );
}

#[test]
fn a_day_that_aws_left_out_is_not_asked_for_every_day() {
    let today = day("2026-11-24");
    let mut history = History::answered(&[Period::kept(today)], today);
    history.days.remove(&day("2026-03-03"));
    assert_eq!(history.texts("2026-11-24", Occasion::Daily).len(), 2);
    history.answered.push((Period::kept(today), today));
    assert_eq!(history.texts("2026-11-24", Occasion::Daily).len(), 1);
    assert_eq!(history.texts("2026-11-30", Occasion::Daily).len(), 1);
    let asked = history.texts("2026-12-01", Occasion::Daily);
    assert_eq!(asked[1..], ["3 Mar 2026"]);
}

#[test]
fn once_more_on_a_day_the_others_wait_for_news() {
    let today = day("2026-11-24");
    let full = History::answered(&[Period::kept(today)], today);
    let histories = Cube::ALL.map(|cube| (cube, full.clone()));
    let waits = |occasion| {
        let steps = steps(today, occasion, &histories);
        let waits = steps.iter().map(|step| step.only_after_news);
        waits.collect::<Vec<_>>()
    };
    assert_eq!(waits(Occasion::Again), [false, true, true, true]);
    assert_eq!(waits(Occasion::Daily), [false; 4]);
}

#[test]
fn parts_are_found_by_their_names() {
    for part in Cube::ALL.map(Part::Cube) {
        assert_eq!(Part::named(&part.to_text()), Some(part));
    }
    assert_eq!(Part::named("service"), None);
}

/// Two years with a leap day, whichever day AWS closes its months on, with a day's upkeep left
/// out now and then: each cube is asked once a day, every day that AWS has is known, and
/// nothing that AWS has closed for a week stays an estimate.
fn two_years(closes_on: i64, idle: &[i64]) -> Result<(), TestCaseError> {
    let begin = day("2023-03-17");
    let mut histories = Cube::ALL.map(|cube| (cube, History::default()));
    for number in 0..=731 {
        let today = later(begin, number);
        if number > 0 && idle.contains(&number) {
            continue;
        }
        let asked = steps(today, Occasion::Daily, &histories);
        if number > 0 {
            prop_assert_eq!(asked.len(), 4, "{}", today);
        }
        for step in &asked {
            let Part::Cube(cube) = step.part else {
                panic!("{} isn't about days", step.part.label());
            };
            prop_assert!(step.period.end() == later(today, 1) || number == 0);
            prop_assert!(step.period.start() >= Period::kept(today).start());
            let history = histories.iter_mut().find(|(other, _)| *other == cube);
            history.unwrap().1.learn(&[step.period], today, closes_on);
        }
        for (_, history) in &histories {
            for date in Period::kept(today).days() {
                let known = history.days.get(&date);
                prop_assert!(known.is_some(), "{} isn't known on {}", date, today);
                let known = known.unwrap();
                let in_last_month = Period::last_month(today).contains(date);
                if Period::month_of(today).contains(date) || in_last_month && today.day() <= 10 {
                    prop_assert_eq!(known.asked_on, today);
                }
                let closed_for_a_week = !is_open(date, later(today, -7), closes_on);
                if idle.is_empty() && closed_for_a_week && (today - date).num_days() > 10 {
                    prop_assert!(is_settled(date, known), "{} on {}", date, today);
                }
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn two_years_of_upkeep_ask_once_a_day(
        closes_on in 1_i64..28,
        idle in prop_oneof![Just(Vec::new()), prop::collection::vec(1_i64..731, 0..60)],
    ) {
        two_years(closes_on, &idle)?;
    }
}

proptest! {
    #[test]
    fn what_is_missing_is_asked_for_once(today in 0_i64..2_000, holes in prop::collection::vec(0_i64..420, 0..20)) {
        let today = later(day("2024-01-01"), today);
        let kept = Period::kept(today);
        let mut history = History::answered(&[kept], today);
        for hole in &holes {
            history.days.remove(&later(today, -hole));
        }
        let asked = history.questions(today, Occasion::Asked);
        let days: Vec<_> = asked.iter().flat_map(Period::days).collect();
        for date in kept.days() {
            let times = days.iter().filter(|asked| **asked == date).count();
            prop_assert!(times <= 1);
            if !history.days.get(&date).is_some_and(|known| is_settled(date, known)) {
                prop_assert_eq!(times, 1);
            }
        }
        prop_assert!(days.iter().all(|day| kept.contains(*day)));
    }
}
