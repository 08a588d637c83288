//! Costs by whatever a person chose, from what is stored; or what AWS would have to be
//! asked for it, and for how much.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    account::ConnectionId,
    bill::Known,
    cube::{Granularity, LinkedAccountName, Question},
    dimension::GroupKey,
    grouped::{Figures, Report},
    job::{SyncState, price},
    money::{Currency, Money},
    period::Period,
    reconciliation::ToTotal,
    report::{DayState, NotAdded},
    sheet::Names,
    spending::CapStatus,
    why::Why,
    wish::{Wanted, Wish},
};

/// What was asked for and looked at within so many days is asked anew by a person's refresh.
pub const USED_DAYS: i64 = 7;
/// Longer filters aren't asked: AWS refuses them.
const MOST_VALUES: usize = 1_000;
/// A tag's key, the longest text that AWS takes as a name, has 128 letters and `user:`
/// before it; its value 256.
const LONGEST: usize = 300;

/// The page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// Whose costs: one connection's, or those of all that the person has and that are added
    /// up.
    pub connections: Vec<ConnectionId>,
    /// Those that aren't, by name, and why.
    pub left_out: Vec<(String, NotAdded)>,
    /// The day it was made for.
    pub today: NaiveDate,
    /// What the person wished for.
    pub wish: Wish,
    /// What came of it.
    pub outcome: Outcome,
    /// Tags and cost categories that are known because somebody has asked for them.
    pub keys: Vec<GroupKey>,
    /// For each filter of the wish, known values of its key.
    pub values: Vec<Vec<String>>,
    /// The names of linked accounts.
    pub names: Vec<LinkedAccountName>,
    /// What is about one connection alone.
    pub alone: Option<Alone>,
}

impl Breakdown {
    /// The names of linked accounts, by number.
    #[must_use]
    pub fn account_names(&self) -> Names {
        let pair = |one: &LinkedAccountName| (one.account.to_string(), one.name.clone());
        self.names.iter().map(pair).collect()
    }
}

/// What a page about one connection says beside its costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alone {
    /// What has been asked for beside what is kept by itself, what was used last first.
    pub asked: Vec<Asked>,
    /// What is under way.
    pub sync: SyncState,
    /// What requests may cost.
    pub cap: CapStatus,
}

/// What came of a wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// The store knows.
    Found(Box<Found>),
    /// AWS would have to be asked.
    Ask(Offer),
    /// AWS is being asked, or will be as soon as another question is answered.
    OnItsWay(Question),
    /// It can't be.
    Refused(Error),
}

/// What the store knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// What was wanted.
    pub wanted: Wanted,
    /// The numbers.
    pub report: Report,
    /// How final each of its pieces is.
    pub pieces: Vec<PieceState>,
    /// How complete its days are.
    pub known: Known,
    /// When the newest of them came.
    pub as_of: Option<DateTime<Utc>>,
    /// The period that it is compared with.
    pub compared: Option<Compared>,
    /// Why it isn't compared, though that was wanted.
    pub lacking: Option<Lacking>,
    /// Why it differs from that.
    pub why: Option<Reasons>,
    /// How its totals come together from usage.
    pub to_total: ToTotal,
    /// Its days of which AWS gave different totals to questions asked minutes apart.
    pub disagreeing: Vec<NaiveDate>,
    /// For asking it once more, where no refresh of the daily upkeep does.
    pub again: Option<Offer>,
}

/// How final a piece of a period is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct PieceState {
    /// Missing where no day of it is stored, unfinished where one is.
    pub state: DayState,
    /// Whether AWS changed a day of it that was complete.
    pub restated: bool,
}

/// An earlier period beside the one that is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Its days.
    pub period: Period,
    /// How complete they are.
    pub known: Known,
    /// What stands beside each piece of the report: [`crate::query::Step::beside`]. `None` where nothing
    /// does, or nothing of it is stored.
    pub pieces: Vec<Option<Period>>,
    /// Its totals: table for table, group for group as in the report. Only a whole table has
    /// values: what its `pieces` come to, zero where there is none.
    pub figures: Figures,
}

/// Days of a period that aren't stored: unknown, not free of cost. Nothing is compared with them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Lacking {
    /// The whole period.
    pub period: Period,
    /// Its stretches of days that aren't stored, the oldest first.
    pub missing: Vec<Period>,
    /// Whether all of them are older than what AWS gives.
    pub gone: bool,
}

impl Lacking {
    /// So many stretches are named.
    const NAMED: usize = 3;

    /// What a period lacks of the days that have begun; `None` where it lacks nothing.
    #[must_use]
    pub fn of(
        period: Period,
        today: NaiveDate,
        is_stored: impl Fn(NaiveDate) -> bool,
    ) -> Option<Self> {
        let mut missing: Vec<Period> = Vec::new();
        for day in period.days().filter(|day| *day <= today) {
            if is_stored(day) {
                continue;
            }
            let day = Period::day(day);
            let before = missing.last().filter(|last| last.end() == day.start());
            match before.and_then(|last| Period::new(last.start(), day.end()).ok()) {
                Some(longer) => {
                    missing.pop();
                    missing.push(longer);
                }
                None => missing.push(day),
            }
        }
        let last = missing.last()?.last_day();
        Some(Self {
            period,
            missing,
            gone: last < Period::kept(today).start(),
        })
    }

    /// The days in words: `1–4 Oct 2025 and 9 Oct 2025`.
    #[must_use]
    pub fn days(&self) -> String {
        let (named, others) = self.missing.split_at(self.missing.len().min(Self::NAMED));
        let mut words: Vec<String> = named.iter().map(ToString::to_string).collect();
        match others.iter().map(Period::len).sum::<usize>() {
            0 => {}
            1 => words.push("1 more day".to_owned()),
            more => words.push(format!("{more} more days")),
        }
        match words.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => words.concat(),
        }
    }

    /// What can be done about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self.gone {
            true => "AWS gives no days so far back.",
            false => "A refresh on the Overview asks AWS for what is missing.",
        }
    }
}

/// Why costs differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reasons {
    /// For each currency.
    Known(Vec<(Currency, Why)>),
    /// AWS would have to be asked to tell services and usage types apart.
    Ask(Offer),
    /// AWS is being asked, or will be as soon as another question is answered.
    OnItsWay,
    /// AWS can't be asked here.
    Refused(Error),
    /// Usage types aren't stored for all of both periods.
    DaysMissing(Lacking),
    /// Services and usage types can't be told apart under this filter or view.
    NotTold,
}

/// A question to AWS and its price.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// What is asked.
    pub question: Question,
    /// For which days.
    pub period: Period,
    /// Requests that it takes: one for each page of the answer. Before the first answer nobody
    /// knows how many pages there are: then one.
    pub requests: u32,
    /// Whether it has never been answered.
    pub first: bool,
}

impl Offer {
    /// What it costs; the least, where it has never been answered.
    #[must_use]
    pub fn price(&self) -> Money {
        price(self.requests)
    }
}

/// What somebody has asked AWS for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// What.
    pub question: Question,
    /// From the first to the last stored day; `None` before anything has come.
    pub period: Option<Period>,
    /// Stored days.
    pub days: u32,
    /// Groups that it tells apart.
    pub groups: u32,
    /// When AWS was asked last.
    pub as_of: Option<DateTime<Utc>>,
    /// When somebody last looked at it.
    pub last_used_at: DateTime<Utc>,
    /// Whether a person's refresh asks for it anew.
    pub refreshed: bool,
    /// Requests that asking for what has changed takes.
    pub requests: u32,
}

impl Question {
    /// Whether a person may have it asked: it is none that is kept anyway, and AWS takes it.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] in the field `question`.
    pub fn check(&self) -> Result<(), Error> {
        let sizes = |key: &GroupKey| match key {
            GroupKey::Dimension(_) => 0,
            GroupKey::Tag(text) | GroupKey::CostCategory(text) => text.len(),
        };
        let filter = self.filter.as_ref();
        let filtered = filter
            .map(crate::dimension::Filter::keys)
            .unwrap_or_default();
        let keys = || self.keys.iter().chain(filtered.iter().copied());
        let twice = matches!(&self.keys[..], [one, other] if one == other);
        let fits = self.granularity == Granularity::Daily
            && self.keys.len() <= 2
            && !twice
            && filter.is_none_or(|filter| (1..=MOST_VALUES).contains(&filter.size()))
            && keys().all(|key| sizes(key) <= LONGEST);
        if !fits {
            return Err(Error::invalid(
                "question",
                "AWS can't be asked this.",
                "Group by at most two different keys, and filter by fewer values.",
            ));
        }
        if self.kept().is_some() {
            return Err(Error::invalid(
                "question",
                "This is kept by itself.",
                "Refresh the connection to have it anew.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;
    use crate::{
        cube::Cube,
        dimension::{Dimension, Filter},
    };

    fn question(keys: Vec<GroupKey>, filter: Option<Filter>) -> Question {
        Question {
            granularity: Granularity::Daily,
            keys,
            filter,
        }
    }

    #[test]
    fn what_is_asked_is_something_that_aws_takes() {
        let team = || GroupKey::Tag("Team".to_owned());
        let region = || GroupKey::from(Dimension::Region);
        let only = |values: usize| Filter::In {
            key: team(),
            values: (0..values).map(|value| value.to_string()).collect(),
        };
        assert!(question(vec![team(), region()], None).check().is_ok());
        assert!(question(vec![], Some(only(3))).check().is_ok());
        for wrong in [
            question(vec![team(), team()], None),
            question(vec![team(), region(), Dimension::Az.into()], None),
            question(vec![], Some(only(0))),
            question(vec![], Some(only(MOST_VALUES + 1))),
            question(vec![GroupKey::Tag("x".repeat(301))], None),
            Cube::ServiceRegion.question(),
            Question::months(),
        ] {
            let error = wrong.check().unwrap_err();
            assert_eq!(error.field.as_deref(), Some("question"), "{wrong:?}");
        }
    }

    #[test]
    fn missing_days_are_named_in_stretches() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let period = Period::new(day("2025-10-01"), day("2025-11-01")).unwrap();
        let lacking = |missing: &[u32]| {
            let is_stored = |day: NaiveDate| !missing.contains(&day.day());
            Lacking::of(period, day("2025-10-25"), is_stored)
        };
        let words = |missing: &[u32]| lacking(missing).unwrap().days();
        assert_eq!(lacking(&[]), None);
        // Days to come lack nothing yet.
        assert_eq!(lacking(&[26, 31]), None);
        assert_eq!(words(&[25]), "25 Oct 2025");
        assert_eq!(words(&[1, 2, 3, 9]), "1–3 Oct 2025 and 9 Oct 2025");
        assert_eq!(
            words(&[1, 3, 5, 7, 8]),
            "1 Oct 2025, 3 Oct 2025, 5 Oct 2025 and 2 more days"
        );
        assert!(!lacking(&[1]).unwrap().gone);
        let long_ago = Lacking::of(period, day("2027-10-25"), |_| false).unwrap();
        assert!(long_ago.gone && long_ago.missing == [period]);
    }

    #[test]
    fn questions_read_like_titles() {
        let team = GroupKey::Tag("Team".to_owned());
        let zone = Filter::In {
            key: Dimension::Az.into(),
            values: vec!["eu-west-1a".to_owned()],
        };
        let one = question(vec![team, Dimension::UsageType.into()], Some(zone));
        assert_eq!(
            one.label(),
            "By tag Team and usage type, where availability zone is eu-west-1a"
        );
        assert_eq!(question(vec![], None).label(), "Totals");
    }
}
