use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Days up to before `end`, each as `amount` says.
fn history(end: &str, days: u64, amount: impl Fn(NaiveDate) -> i64) -> BTreeMap<NaiveDate, Nanos> {
    let end = day(end);
    (1..=days)
        .map(|back| end - chrono::Days::new(back))
        .map(|day| (day, Nanos(amount(day))))
        .collect()
}

fn rest_of_month(today: &str) -> Period {
    Period::new(day(today), Period::month_of(day(today)).end()).unwrap()
}

fn own(history: &BTreeMap<NaiveDate, Nanos>, today: &str) -> Outlook {
    Outlook::own(history, rest_of_month(today))
        .unwrap()
        .unwrap()
}

#[test]
fn the_same_every_day_goes_on_the_same() {
    let outlook = own(&history("2026-11-24", 60, |_| 500), "2026-11-24");
    assert_eq!(outlook.days.len(), 7);
    assert_eq!(outlook.total.mean, Nanos(3_500));
    assert_eq!(outlook.total.lower, Some(Nanos(3_500)));
    assert_eq!(outlook.source, Source::Own);
}

#[test]
fn weekends_are_expected_as_weekends() {
    let quiet = |day: NaiveDate| if weekday(day) >= 5 { 300 } else { 1_000 };
    let outlook = own(&history("2026-11-24", 56, quiet), "2026-11-24");
    for one in &outlook.days {
        assert_eq!(
            one.value.mean,
            Nanos(quiet(one.period.start())),
            "{}",
            one.period
        );
    }
}

#[test]
fn growth_goes_on() {
    let start = day("2026-01-01");
    let growing = |day: NaiveDate| 10_000 + 10 * (day - start).num_days();
    let outlook = own(&history("2026-11-24", 56, growing), "2026-11-24");
    for one in &outlook.days {
        let (is, expected) = (one.value.mean.0, growing(one.period.start()));
        assert!((is - expected).abs() <= 20, "{is} instead of {expected}");
    }
}

#[test]
fn a_spike_is_not_expected_again() {
    let spiky = |day: NaiveDate| {
        if day.to_string() == "2026-11-10" {
            90_000
        } else {
            1_000
        }
    };
    let outlook = own(&history("2026-11-24", 56, spiky), "2026-11-24");
    assert_eq!(outlook.total.mean, Nanos(7_000));
}

#[test]
fn fees_of_the_first_are_expected_on_the_first_alone() {
    let fees = |day: NaiveDate| if day.day() == 1 { 9_000 } else { 1_000 };
    let history = history("2026-12-01", 56, fees);
    let outlook = own(&history, "2026-12-01");
    assert_eq!(outlook.days[0].value.mean, Nanos(9_000));
    assert_eq!(outlook.days[1].value.mean, Nanos(1_000));
    assert_eq!(outlook.total.mean, Nanos(39_000));
}

#[test]
fn too_little_history_gives_none() {
    let short = history("2026-11-24", 13, |_| 1);
    assert_eq!(Outlook::own(&short, rest_of_month("2026-11-24")), Ok(None));
    let enough = history("2026-11-24", 14, |_| 1);
    assert!(
        Outlook::own(&enough, rest_of_month("2026-11-24"))
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_months_end_means_the_same_on_every_day() {
    let all = history("2026-12-01", 100, |_| 100);
    for today in Period::month_of(day("2026-11-01")).days() {
        let before: BTreeMap<_, _> = all.range(..today).map(|(day, sum)| (*day, *sum)).collect();
        let known = Nanos(100 * i64::from(today.day0()));
        let rest = rest_of_month(&today.to_string());
        let outlook = Outlook::own(&before, rest).unwrap().unwrap();
        let end = MonthEnd::of(today, known, &outlook).unwrap().unwrap();
        assert_eq!(end.expected.mean, Nanos(3_000), "{today}");
        assert_eq!(end.month.len(), 30);
    }
}

#[test]
fn an_outlook_of_other_days_is_no_months_end() {
    let outlook = own(&history("2026-11-24", 30, |_| 1), "2026-11-24");
    assert_eq!(
        MonthEnd::of(day("2026-11-25"), Nanos(0), &outlook),
        Ok(None)
    );
    assert_eq!(
        MonthEnd::of(day("2026-10-24"), Nanos(0), &outlook),
        Ok(None)
    );
}

#[test]
fn a_missing_range_of_one_day_leaves_the_sum_without() {
    let piece = |text: &str, upper| Piece {
        period: Period::day(day(text)),
        value: Expected {
            mean: Nanos(10),
            lower: Some(Nanos(5)),
            upper,
        },
    };
    let days = vec![
        piece("2026-11-29", Some(Nanos(20))),
        piece("2026-11-30", None),
    ];
    let outlook = Outlook::of_aws(days, 80).unwrap();
    assert_eq!(outlook.total.mean, Nanos(20));
    assert_eq!(outlook.total.lower, Some(Nanos(10)));
    assert_eq!(outlook.total.upper, None);
}

#[test]
fn scores_say_how_far_off_and_whether_inside() {
    let forecast = MonthEnd {
        month: Period::month_of(day("2026-11-01")),
        known: Nanos(0),
        expected: Expected {
            mean: Nanos(1_100),
            lower: Some(Nanos(900)),
            upper: Some(Nanos(1_200)),
        },
        source: Source::Own,
        level: LEVEL,
    };
    let scored = Scored::of(day("2026-11-10"), forecast, Nanos(1_000));
    assert_eq!(
        (scored.error_per_mille, scored.inside),
        (Some(100), Some(true))
    );
    let scored = Scored::of(day("2026-11-10"), forecast, Nanos(0));
    assert_eq!((scored.error_per_mille, scored.inside), (None, Some(false)));
}

proptest! {
    #[test]
    fn ranges_hold_their_means_and_nothing_panics(
        today in 0_i64..1_000,
        days in prop::collection::vec(prop::option::weighted(0.9, -1_i64 << 52..1 << 52), 0..80),
    ) {
        let today = day("2024-01-01") + chrono::Duration::days(today);
        let history: BTreeMap<_, _> = days.iter().zip(1..).filter_map(|(amount, back)| {
            Some((today - chrono::Duration::days(back), Nanos((*amount)?)))
        }).collect();
        let rest = rest_of_month(&today.to_string());
        if let Ok(Some(outlook)) = Outlook::own(&history, rest) {
            prop_assert!(outlook.days.len() == rest.len());
            let sum = Nanos::sum(outlook.days.iter().map(|day| day.value.mean)).unwrap();
            prop_assert_eq!(sum, outlook.total.mean);
            for one in outlook.days.iter().map(|day| day.value).chain([outlook.total]) {
                prop_assert!(one.lower.unwrap() <= one.mean && one.mean <= one.upper.unwrap());
            }
        }
    }
}
