//! Which days to ask AWS for. Pure: what is known and what day it is come in.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use domain::period::{MONTHS_KEPT, Period};

use crate::services::overview::KnownDay;

/// How many months one question covers, after the first. A request carries any
/// number of days for the same price, but nothing of a question is stored until
/// all its pages have come: smaller ones lose less when the process is killed.
const MONTHS_A_QUESTION: usize = 3;
/// The newest months are asked first and alone: they are what people look at.
const NEWEST_MONTHS: usize = 2;
/// AWS keeps correcting a day for about this many days, whatever it calls it.
const SETTLING_DAYS: i64 = 3;

/// The questions to ask, the newest first, each trimmed to the days that are
/// missing or not settled yet. On the same day, a fresh store asks for everything and
/// a full one only for what AWS still changes. Days that are `spared` count as settled.
#[must_use]
pub fn questions(
    today: NaiveDate,
    known: &HashMap<NaiveDate, KnownDay>,
    spared: &HashSet<NaiveDate>,
) -> Vec<Period> {
    let months = Period::kept(today).by_month();
    debug_assert!(u32::try_from(months.len()).is_ok_and(|count| count == MONTHS_KEPT + 1));
    let (older, newest) = months.split_at(months.len().saturating_sub(NEWEST_MONTHS));
    let mut chunks = vec![newest];
    chunks.extend(older.rchunks(MONTHS_A_QUESTION));
    chunks
        .into_iter()
        .filter_map(|chunk| trim(chunk, |day| is_wanted(*day, known, spared)))
        .collect()
}

/// From the first to the last day that has to be asked for, if any has.
fn trim(months: &[Period], wanted: impl Fn(&NaiveDate) -> bool) -> Option<Period> {
    let mut days = months.iter().flat_map(Period::days).filter(wanted);
    let first = days.next()?;
    let last = days.last().unwrap_or(first);
    Period::new(first, last.succ_opt()?).ok()
}

fn is_wanted(
    day: NaiveDate,
    known: &HashMap<NaiveDate, KnownDay>,
    spared: &HashSet<NaiveDate>,
) -> bool {
    !spared.contains(&day) && known.get(&day).is_none_or(|known| !is_settled(day, known))
}

/// Whether AWS isn't expected to change the day any more.
#[must_use]
pub fn is_settled(day: NaiveDate, known: &KnownDay) -> bool {
    !known.estimated && (known.asked_on - day).num_days() >= SETTLING_DAYS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// As AWS answers: the month of `asked_on` is an estimate, older ones are final.
    fn answered(periods: &[Period], asked_on: NaiveDate) -> HashMap<NaiveDate, KnownDay> {
        let open = Period::month_of(asked_on).start();
        let known = |day: NaiveDate| KnownDay {
            estimated: day >= open,
            asked_on,
        };
        periods
            .iter()
            .flat_map(Period::days)
            .map(|day| (day, known(day)))
            .collect()
    }

    #[test]
    fn a_fresh_store_asks_for_everything_newest_first() {
        let asked = questions(day("2026-11-24"), &HashMap::new(), &HashSet::new());
        let texts: Vec<_> = asked.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "1 Oct – 24 Nov 2026",
                "1 Jul – 30 Sep 2026",
                "1 Apr – 30 Jun 2026",
                "1 Jan – 31 Mar 2026",
                "1 Oct – 31 Dec 2025",
            ]
        );
    }

    #[test]
    fn a_full_store_asks_once_for_what_aws_still_changes() {
        let today = day("2026-11-24");
        let known = answered(&[Period::kept(today)], today);
        assert_eq!(
            questions(today, &known, &HashSet::new()),
            [Period::month_to_date(today)]
        );
    }

    #[test]
    fn after_a_month_end_the_old_month_is_asked_again_until_final() {
        let known = answered(&[Period::kept(day("2026-10-31"))], day("2026-10-31"));
        let asked = questions(day("2026-11-01"), &known, &HashSet::new());
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].to_string(), "1 Oct – 1 Nov 2026");
    }

    #[test]
    fn after_an_interruption_only_what_did_not_come_is_asked() {
        let today = day("2026-11-24");
        let got = Period::new(day("2026-10-01"), day("2026-11-25")).unwrap();
        let known = answered(&[got], today);
        let asked = questions(today, &known, &got.days().collect());
        assert_eq!(asked.len(), 4);
        assert_eq!(asked[0].to_string(), "1 Jul – 30 Sep 2026");
        assert_eq!(questions(today, &known, &HashSet::new()).len(), 5);
    }

    proptest! {
        #[test]
        fn what_is_missing_is_asked_for_once(today in 0_i64..2_000, holes in prop::collection::vec(0_i64..420, 0..20)) {
            let today = day("2024-01-01") + chrono::Duration::days(today);
            let kept = Period::kept(today);
            let mut known = answered(&[kept], today);
            for hole in &holes {
                known.remove(&(today - chrono::Duration::days(*hole)));
            }
            let asked = questions(today, &known, &HashSet::new());
            let days: Vec<_> = asked.iter().flat_map(Period::days).collect();
            for day in kept.days() {
                let times = days.iter().filter(|asked| **asked == day).count();
                prop_assert!(times <= 1);
                if !known.get(&day).is_some_and(|known| is_settled(day, known)) {
                    prop_assert_eq!(times, 1);
                }
            }
            prop_assert!(days.iter().all(|day| kept.contains(*day)));
        }
    }
}
