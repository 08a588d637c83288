use super::*;

fn today() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

fn read(change: impl FnOnce(&mut Wish)) -> Result<Wanted, Error> {
    let mut wish = Wish::default();
    change(&mut wish);
    wish.read(today(), None)
}

fn field(change: impl FnOnce(&mut Wish)) -> String {
    read(change).unwrap_err().field.unwrap()
}

fn filter(only: &str, how: &str, values: &str) -> FilterWish {
    FilterWish {
        only: only.to_owned(),
        how: how.to_owned(),
        values: values.to_owned(),
    }
}

#[test]
fn nothing_said_is_this_month_by_service() {
    let wanted = read(|_| {}).unwrap();
    assert_eq!(wanted.period, Period::month_to_date(today()));
    assert_eq!((wanted.step, wanted.lines), (Step::Daily, USUAL_LINES));
    assert_eq!(wanted.group_by, [Dimension::Service.into()]);
    assert_eq!((wanted.compare, wanted.chart), (None, Drawn::Bars));
    assert!(wanted.whole_filter().is_none());
}

#[test]
fn periods_have_names_or_two_days() {
    let text = |change: &dyn Fn(&mut Wish)| read(|wish| change(wish)).unwrap().period.to_string();
    for (span, expected) in Span::ALL.into_iter().zip([
        "1–24 Nov 2026",
        "1–31 Oct 2026",
        "17–23 Nov 2026",
        "25 Oct – 23 Nov 2026",
        "26 Aug – 23 Nov 2026",
        "1 Sep – 24 Nov 2026",
        "1 Jun – 24 Nov 2026",
        "1 Dec 2025 – 24 Nov 2026",
        "1 Jan – 24 Nov 2026",
        "1 Oct 2025 – 24 Nov 2026",
    ]) {
        assert_eq!(text(&|wish| wish.period = span.slug().to_owned()), expected);
        assert_eq!(span.slug().parse(), Ok(span));
    }
    let days = |from: &str, to: &str| {
        let (from, to) = (from.to_owned(), to.to_owned());
        move |wish: &mut Wish| {
            wish.period = "days".to_owned();
            wish.from = from;
            wish.to = to;
        }
    };
    let some = read(days("2026-10-30", "2026-11-02")).unwrap();
    assert_eq!(some.period.to_string(), "30 Oct – 2 Nov 2026");
    let ahead = read(days("2026-11-20", "2027-01-01")).unwrap();
    assert_eq!(ahead.period.end(), Period::day(today()).end());
    assert_eq!(field(days("2026-11-20", "soon")), "to");
    assert_eq!(field(days("2026-11-20", "2026-11-19")), "from");
    assert_eq!(field(days("2027-11-20", "2027-11-21")), "from");
    assert_eq!(field(days("1026-11-20", "2026-11-21")), "from");
    assert_eq!(field(|wish| wish.period = "forever".to_owned()), "period");
}

#[test]
fn everything_reaches_back_to_the_first_stored_day() {
    let wish = Wish {
        period: "everything".to_owned(),
        ..Wish::default()
    };
    let first = |day: &str| {
        let read = wish.read(today(), Some(day.parse().unwrap())).unwrap();
        read.period.start().to_string()
    };
    assert_eq!(first("2024-05-01"), "2024-05-01");
    // What AWS still gives belongs to it, stored or not.
    assert_eq!(first("2026-11-20"), "2025-10-01");
}

#[test]
fn the_first_of_a_month_and_of_a_year_are_one_day() {
    let on = |today: &str, period: &str| {
        let wish = Wish {
            period: period.to_owned(),
            compare: "before".to_owned(),
            ..Wish::default()
        };
        let read = wish.read(today.parse().unwrap(), None).unwrap();
        (read.period.to_string(), read.compare.unwrap().to_string())
    };
    let text = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(
        on("2026-11-01", "this-month"),
        text("1 Nov 2026", "1 Oct 2026")
    );
    assert_eq!(
        on("2026-01-01", "this-year"),
        text("1 Jan 2026", "1 Dec 2025")
    );
    assert_eq!(
        on("2026-01-01", "last-month"),
        text("1–31 Dec 2025", "1–30 Nov 2025")
    );
    assert_eq!(
        on("2026-03-01", "7-days"),
        text("22–28 Feb 2026", "15–21 Feb 2026")
    );
}

#[test]
fn long_periods_are_cut_into_months() {
    let step = |period: &str, step: &str| {
        read(|wish| {
            wish.period = period.to_owned();
            wish.step = step.to_owned();
        })
        .map(|wanted| wanted.step)
    };
    assert_eq!(step("last-month", ""), Ok(Step::Daily));
    assert_eq!(step("3-months", ""), Ok(Step::Daily));
    assert_eq!(step("6-months", ""), Ok(Step::Monthly));
    assert_eq!(step("everything", "daily"), Ok(Step::Daily));
    assert_eq!(step("3-months", "weekly"), Ok(Step::Weekly));
    assert_eq!(step("3-months", "total"), Ok(Step::Total));
    assert!(step("3-months", "hours").is_err());
}

#[test]
fn keys_and_values_are_read() {
    let wanted = read(|wish| {
        wish.by = "TAG:Team".to_owned();
        wish.then = "REGION".to_owned();
        wish.filters = vec![
            filter("COST_CATEGORY:Product", "not", "Web\r\n\r\n (none) \nWeb"),
            filter("REGION", "", "eu-west-1"),
            filter("SERVICE", "only", "  "),
        ];
    })
    .unwrap();
    assert_eq!(
        wanted.group_by,
        [GroupKey::Tag("Team".to_owned()), Dimension::Region.into()]
    );
    let values = vec![String::new(), "Web".to_owned()];
    let key = GroupKey::CostCategory("Product".to_owned());
    let region = Filter::In {
        key: Dimension::Region.into(),
        values: vec!["eu-west-1".to_owned()],
    };
    let both = vec![Filter::Not(Box::new(Filter::In { key, values })), region];
    assert_eq!(wanted.filter, Filter::all(both));
    assert_eq!(wanted.whole_filter(), wanted.filter);
    // The same key twice is one; a filter without values is none.
    let once = read(|wish| {
        wish.by = "REGION".to_owned();
        wish.then = "REGION".to_owned();
        wish.filters = vec![filter("REGION", "", "")];
    })
    .unwrap();
    assert_eq!((once.group_by.len(), once.filter), (1, None));
    let none = read(|wish| wish.by = NOTHING.to_owned()).unwrap();
    assert!(none.group_by.is_empty());
    for (change, name) in [
        (
            (|wish| wish.by = "REGIONS".to_owned()) as fn(&mut Wish),
            "by",
        ),
        (|wish| wish.then = "TAG:".to_owned(), "then"),
        (|wish| wish.filters = vec![filter("<b>", "", "x")], "only"),
        (
            |wish| wish.filters = vec![filter("REGION", "or", "x")],
            "how",
        ),
        (
            |wish| wish.filters = vec![filter("REGION", "", "x"); MOST_FILTERS + 1],
            "only",
        ),
        (|wish| wish.metric = "sum".to_owned(), "metric"),
        (|wish| wish.view = "mine".to_owned(), "view"),
        (|wish| wish.lines = "0".to_owned(), "lines"),
        (|wish| wish.lines = "5001".to_owned(), "lines"),
        (|wish| wish.chart = "pie".to_owned(), "chart"),
        (|wish| wish.compare = "later".to_owned(), "compare"),
        (|wish| wish.compare = "days".to_owned(), "compare_from"),
    ] {
        assert_eq!(field(change), name);
    }
}

#[test]
fn a_filter_keeps_what_was_typed() {
    let values = vec![String::new(), "Web".to_owned()];
    let one = FilterWish::of("TAG:Team", "not", &values);
    assert_eq!((one.values.as_str(), one.list()), ("(none)\nWeb", values));
}

#[test]
fn what_we_used_leaves_kinds_of_charges_out() {
    let used = read(|wish| wish.view = "used".to_owned()).unwrap();
    let words = used.whole_filter().unwrap().words();
    assert_eq!(words, "charge type isn\u{2019}t Credit, Refund or Tax");
    let paid = read(|wish| wish.view = "paid".to_owned()).unwrap();
    assert_eq!(paid.counted(), Metric::NetUnblended);
    assert_eq!(paid.whole_filter(), None);
    // Usage isn't paid: the view can't turn it into money.
    let hours = read(|wish| {
        wish.view = "paid".to_owned();
        wish.metric = "usage-quantity".to_owned();
    });
    assert_eq!(hours.unwrap().counted(), Metric::UsageQuantity);
}
