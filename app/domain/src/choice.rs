//! Which stored cube answers a question, or what Cost Explorer would have to be asked.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::{
    cube::{Granularity, Question},
    dimension::{Filter, GroupKey},
    metric::Metric,
    period::Period,
    query::Step,
};

/// A cube that answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// Which.
    pub question: Question,
    /// What is still to be filtered, by the cube's own keys; the cube itself may
    /// hold only a part of all costs.
    pub filter: Option<Filter>,
}

/// The first of the stored cubes that holds the keys and can apply the filter; daily
/// ones before monthly ones, else in the given order: put the main cube first.
///
/// # Errors
/// The question whose answer would do, when there is none.
pub fn choose<'a>(
    stored: impl IntoIterator<Item = &'a Question> + Clone,
    group_by: &[GroupKey],
    filter: Option<&Filter>,
    period: Period,
    step: Step,
) -> Result<Choice, Question> {
    let of = |granularity: Granularity| {
        let mut cubes = stored.clone().into_iter();
        cubes.find_map(|cube| {
            (cube.granularity == granularity)
                .then(|| answers(cube, group_by, filter, period, step))
                .flatten()
        })
    };
    of(Granularity::Daily)
        .or_else(|| of(Granularity::Monthly))
        .ok_or_else(|| missing(group_by, filter))
}

/// What this cube still has to filter to answer; `None` when it can't.
#[must_use]
pub fn answers(
    cube: &Question,
    group_by: &[GroupKey],
    filter: Option<&Filter>,
    period: Period,
    step: Step,
) -> Option<Choice> {
    let fine_enough = match cube.granularity {
        Granularity::Daily => true,
        Granularity::Monthly => {
            matches!(step, Step::Monthly | Step::Total) && is_whole_months(period)
        }
    };
    if !fine_enough || !group_by.iter().all(|key| cube.keys.contains(key)) {
        return None;
    }
    // What the cube was asked with is applied already, as long as it is wanted whole.
    let mut wanted = filter.map(Filter::conjuncts).unwrap_or_default();
    for applied in cube
        .filter
        .as_ref()
        .map(Filter::conjuncts)
        .unwrap_or_default()
    {
        let place = wanted.iter().position(|one| *one == applied)?;
        wanted.swap_remove(place);
    }
    let looks_only_at_its_keys =
        (wanted.iter().flat_map(Filter::keys)).all(|key| cube.keys.contains(key));
    looks_only_at_its_keys.then(|| Choice {
        question: cube.clone(),
        filter: Filter::all(wanted),
    })
}

/// Whether AWS's totals of months can stand in for days that aren't stored, in the months that a
/// period covers whole.
#[must_use]
pub fn months_answer(
    group_by: &[GroupKey],
    filter: Option<&Filter>,
    metric: Metric,
    step: Step,
) -> bool {
    let any_month = Period::month_of(NaiveDate::default());
    // Usage of a whole month is in units that its days tell apart.
    metric.is_cost() && answers(&Question::months(), group_by, filter, any_month, step).is_some()
}

/// Two keys carry any filter on them: with at most two in all, the answer serves every
/// other value too. With more, the filter has to be part of the question.
fn missing(group_by: &[GroupKey], filter: Option<&Filter>) -> Question {
    let looked_at: BTreeSet<&GroupKey> = filter.map(Filter::keys).unwrap_or_default();
    let mut keys = group_by.to_vec();
    keys.extend(
        looked_at
            .into_iter()
            .filter(|key| !group_by.contains(key))
            .cloned(),
    );
    let fits = keys.len() <= 2;
    Question {
        granularity: Granularity::Daily,
        keys: if fits { keys } else { group_by.to_vec() },
        filter: filter.filter(|_| !fits).map(Filter::canonical),
    }
}

fn is_whole_months(period: Period) -> bool {
    period.start().day() == 1 && period.end().day() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cube::Cube, dimension::Dimension};

    fn period(start: &str, end: &str) -> Period {
        Period::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    }

    fn year() -> Period {
        period("2026-01-01", "2027-01-01")
    }

    fn key(dimension: Dimension) -> GroupKey {
        dimension.into()
    }

    fn only(dimension: Dimension, value: &str) -> Filter {
        Filter::In {
            key: key(dimension),
            values: vec![value.to_owned()],
        }
    }

    fn kept() -> Vec<Question> {
        Cube::ALL.map(Cube::question).to_vec()
    }

    fn chosen(group_by: &[Dimension], filter: Option<&Filter>) -> Result<Question, Question> {
        let keys: Vec<_> = group_by.iter().copied().map(key).collect();
        choose(&kept(), &keys, filter, year(), Step::Daily).map(|choice| choice.question)
    }

    #[test]
    fn the_main_cube_answers_what_it_can() {
        use Dimension::{LinkedAccount, Region, Service, UsageType};
        let main = Cube::ServiceAccount.question();
        assert_eq!(chosen(&[], None), Ok(main.clone()));
        assert_eq!(chosen(&[Service], None), Ok(main.clone()));
        assert_eq!(chosen(&[LinkedAccount, Service], None), Ok(main.clone()));
        let s3 = only(Service, "Amazon S3");
        assert_eq!(chosen(&[LinkedAccount], Some(&s3)), Ok(main));
        assert_eq!(
            chosen(&[Region], Some(&s3)),
            Ok(Cube::ServiceRegion.question())
        );
        assert_eq!(
            chosen(&[Service], Some(&only(UsageType, "Requests"))),
            Ok(Cube::ServiceUsageType.question())
        );
    }

    #[test]
    fn what_no_cube_holds_is_asked_for_as_broadly_as_two_keys_allow() {
        use Dimension::{Az, LinkedAccount, Region, Service};
        let pair = |keys: &[Dimension]| Question {
            granularity: Granularity::Daily,
            keys: keys.iter().copied().map(key).collect(),
            filter: None,
        };
        assert_eq!(
            chosen(&[LinkedAccount, Region], None),
            Err(pair(&[LinkedAccount, Region]))
        );
        let zone = only(Az, "eu-west-1a");
        assert_eq!(chosen(&[Service], Some(&zone)), Err(pair(&[Service, Az])));
        let both = Filter::And(vec![zone.clone(), only(LinkedAccount, "1")]);
        assert_eq!(
            chosen(&[Service], Some(&both)),
            Err(Question {
                filter: Some(both.canonical()),
                ..pair(&[Service])
            })
        );
    }

    #[test]
    fn a_cube_that_was_asked_with_a_filter_answers_only_with_it() {
        use Dimension::{Az, LinkedAccount, Service};
        let zone = only(Az, "eu-west-1a");
        let s3 = only(Service, "Amazon S3");
        let mine = only(LinkedAccount, "1");
        let narrow = Question {
            granularity: Granularity::Daily,
            keys: vec![key(Service)],
            filter: Some(Filter::And(vec![mine.clone(), zone.clone()])),
        };
        let stored = [kept(), vec![narrow.clone()]].concat();
        let wanted = Filter::And(vec![zone.clone(), s3.clone(), mine.clone()]);
        let choice = choose(&stored, &[], Some(&wanted), year(), Step::Daily);
        assert_eq!(
            choice,
            Ok(Choice {
                question: narrow.clone(),
                filter: Some(s3),
            })
        );
        // Less than what it holds, or more: it doesn't know.
        let keys = [key(Service)];
        assert!(answers(&narrow, &keys, Some(&zone), year(), Step::Daily).is_none());
        let either = Filter::Or(vec![zone, mine]);
        assert!(answers(&narrow, &keys, Some(&either), year(), Step::Daily).is_none());
    }

    #[test]
    fn totals_of_months_tell_services_apart_and_nothing_else() {
        use Dimension::{RecordType, Region, Service};
        let by = |dimension| [key(dimension)];
        let cost = Metric::Unblended;
        assert!(months_answer(&[], None, cost, Step::Total));
        assert!(months_answer(&by(Service), None, cost, Step::Monthly));
        let s3 = only(Service, "Amazon S3");
        assert!(months_answer(&[], Some(&s3), cost, Step::Monthly));
        let credits = Filter::Not(Box::new(only(RecordType, "Credit")));
        assert!(!months_answer(&[], Some(&credits), cost, Step::Monthly));
        assert!(!months_answer(&by(Region), None, cost, Step::Monthly));
        assert!(!months_answer(&[], None, cost, Step::Weekly));
        assert!(!months_answer(
            &[],
            None,
            Metric::UsageQuantity,
            Step::Monthly
        ));
    }

    #[test]
    fn months_answer_for_whole_months_where_no_days_do() {
        let months = Question::months();
        let by = [key(Dimension::Service)];
        let stored = [months.clone()];
        let ask = |period, step| choose(&stored, &by, None, period, step).is_ok();
        assert!(ask(year(), Step::Monthly) && ask(year(), Step::Total));
        assert!(!ask(year(), Step::Daily) && !ask(year(), Step::Weekly));
        assert!(!ask(period("2026-01-02", "2027-01-01"), Step::Monthly));
        let both = [vec![months], kept()].concat();
        let choice = choose(&both, &by, None, year(), Step::Monthly).unwrap();
        assert_eq!(choice.question, Cube::ServiceAccount.question());
    }
}
