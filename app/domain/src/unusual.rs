//! What cost more than it should, as people see it: ours and AWS's, one story for one event,
//! with its likely cause and what a person thinks of it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    account::{COST_EXPLORER_REQUEST, ConnectionId},
    anomaly::{AwsAnomaly, AwsMonitor},
    cube::LinkedAccountName,
    detector::{Event, Judged, Sensitivity},
    error::Error,
    marked::AwsAlone,
    money::{Currency, Money, Nanos},
    period::Period,
    spending::CapStatus,
};

/// So many days are looked back: AWS keeps its own findings as long.
pub const DAYS_SHOWN: u32 = 90;
/// So many questions AWS is asked: where it looks, and what it found.
pub const AWS_QUESTIONS: u32 = 2;
/// An answer of AWS's is good for so long.
pub const AWS_KEPT: TimeDelta = TimeDelta::hours(24);

/// What a person says of something unusual.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It was meant to happen.
    Expected,
    /// It shouldn't have happened.
    Mistake,
}

impl Mark {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Expected, Self::Mistake];

    /// The name in the database and in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Mistake => "mistake",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Which event: its service, its account and its first day. Its text is its name in addresses.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct EventId {
    /// The service.
    pub service: String,
    /// The linked account's number; empty where AWS names none.
    pub account: String,
    /// The first day.
    pub start: NaiveDate,
}

impl EventId {
    /// `2026-10-07.123456789012.Amazon EC2`.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}.{}.{}", self.start, self.account, self.service)
    }

    /// From its text.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        Some(Self {
            start: parts.next()?.parse().ok()?,
            account: parts.next()?.to_owned(),
            service: parts.next()?.to_owned(),
        })
    }
}

/// Something that cost more than it should.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which.
    pub id: EventId,
    /// Of its amounts.
    pub currency: Currency,
    /// What happened.
    pub event: Event,
    /// What a person says of it.
    pub mark: Option<Mark>,
    /// What AWS says of the same.
    pub aws: Vec<AwsAnomaly>,
}

impl Finding {
    /// What it cost too much.
    #[must_use]
    pub const fn impact(&self) -> Money {
        Money::new(self.event.impact(), self.currency)
    }

    /// Whether AWS speaks of the same: the service, the account where it names one, the days.
    #[must_use]
    pub fn is_told_by(&self, aws: &AwsAnomaly) -> bool {
        let period = self.event.period;
        let begun = aws.start.is_some_and(|start| start < period.end());
        let ended = aws.end.is_some_and(|end| end < period.start());
        let subject = aws.subject.as_deref() == Some(self.id.service.as_str());
        let named: Vec<_> = (aws.root_causes.iter())
            .filter(|cause| match &cause.service {
                Some(service) => *service == self.id.service,
                None => subject,
            })
            .collect();
        let account = |account: &Option<String>| {
            account
                .as_ref()
                .is_none_or(|account| *account == self.id.account)
        };
        let same = match named.is_empty() {
            true => subject && aws.root_causes.is_empty(),
            false => named.iter().any(|cause| account(&cause.account)),
        };
        begun && !ended && same
    }
}

/// Why a usage type costs more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It wasn't there before.
    New,
    /// More of it was used.
    Quantity,
    /// A unit of it costs more.
    Rate,
    /// Both.
    Both,
}

/// Where most of it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// The usage type.
    pub usage_type: String,
    /// Why it costs more.
    pub why: Why,
    /// What it costs a day more than before.
    pub more_a_day: Money,
    /// Of all that the service costs more, in percent; `None` where that says nothing.
    pub share_percent: Option<u32>,
    /// So many times the quantity of before, in thousandths; `None` without any before.
    pub quantity_per_mille: Option<i64>,
    /// So many times the price of a unit of before, in thousandths.
    pub rate_per_mille: Option<i64>,
}

/// A usage type in a number of days.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageLine {
    /// The usage type.
    pub usage_type: String,
    /// What it cost a day in the mean.
    pub a_day: Nanos,
    /// How much was used a day in the mean.
    pub quantity: f64,
}

/// More than this part of a change is all of it.
const MOST: f64 = 0.7;

/// The usage type that costs most more, and why. `None` where none costs more.
#[must_use]
pub fn cause(before: &[UsageLine], during: &[UsageLine], currency: Currency) -> Option<Cause> {
    let was = |line: &UsageLine| before.iter().find(|one| one.usage_type == line.usage_type);
    let more = |line: &UsageLine| {
        let was = was(line).map_or(Nanos::ZERO, |was| was.a_day);
        line.a_day.0.saturating_sub(was.0)
    };
    let most = during.iter().max_by_key(|line| more(line))?;
    let by = more(most);
    let all: i64 = during
        .iter()
        .map(more)
        .filter(|more| *more > 0)
        .fold(0, i64::saturating_add);
    if by <= 0 {
        return None;
    }
    let mut cause = Cause {
        usage_type: most.usage_type.clone(),
        why: Why::New,
        more_a_day: Money::new(Nanos(by), currency),
        share_percent: u32::try_from(i128::from(by) * 100 / i128::from(all.max(1))).ok(),
        quantity_per_mille: None,
        rate_per_mille: None,
    };
    let was = was(most).filter(|was| was.a_day > Nanos::ZERO);
    if let Some(was) = was {
        // Without quantities nothing but the sum is known: more of the same.
        cause.why = Why::Quantity;
        if was.quantity > 0.0 && most.quantity > 0.0 {
            let rate = |line: &UsageLine| line.a_day.approximate() / line.quantity;
            let by_quantity = (most.quantity - was.quantity) * rate(was);
            let part = by_quantity / Nanos(by).approximate();
            cause.why = match part {
                part if part >= MOST => Why::Quantity,
                part if part <= 1.0 - MOST => Why::Rate,
                _ => Why::Both,
            };
            cause.quantity_per_mille = Some(per_mille(most.quantity / was.quantity));
            cause.rate_per_mille = Some(per_mille(rate(most) / rate(was)));
        }
    }
    Some(cause)
}

fn per_mille(times: f64) -> i64 {
    (times * 1_000.0).round() as i64
}

/// One event in all detail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closeup {
    /// Which.
    pub finding: Finding,
    /// The days around it.
    pub days: Vec<Judged>,
    /// Where it comes from, as far as the stored days tell.
    pub cause: Option<Cause>,
}

/// What AWS answered, or why it didn't.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said<T> {
    /// Its answer.
    Told(T),
    /// Why there is none.
    Refused(Error),
}

impl<T> Said<T> {
    /// The answer, if there is one.
    #[must_use]
    pub const fn told(&self) -> Option<&T> {
        match self {
            Self::Told(told) => Some(told),
            Self::Refused(_) => None,
        }
    }
}

/// AWS's side, as it was when AWS was last asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FromAws {
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Where it looks.
    pub monitors: Said<Vec<AwsMonitor>>,
    /// What it found.
    pub anomalies: Said<Vec<AwsAnomaly>>,
}

impl FromAws {
    /// Whether nobody has told AWS to look, so that it never finds anything.
    #[must_use]
    pub fn has_no_monitor(&self) -> bool {
        self.monitors.told().is_some_and(Vec::is_empty)
    }

    /// Whether asking again can tell anything new.
    #[must_use]
    pub fn is_old(&self, now: DateTime<Utc>) -> bool {
        let whole = self.monitors.told().is_some() && self.anomalies.told().is_some();
        !whole || now - self.asked_at >= AWS_KEPT
    }
}

/// What asking AWS costs.
#[must_use]
pub const fn aws_price() -> Money {
    let each = COST_EXPLORER_REQUEST;
    Money::new(Nanos(each.amount.0 * AWS_QUESTIONS as i64), each.currency)
}

/// Everything on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unusual {
    /// Whose.
    pub connection: ConnectionId,
    /// The day it was made on.
    pub today: NaiveDate,
    /// The days that are looked at.
    pub period: Period,
    /// Whether there is anything stored to look at.
    pub has_days: bool,
    /// How little is enough.
    pub sensitivity: Sensitivity,
    /// The costliest first; those that nobody has marked before the marked ones.
    pub findings: Vec<Finding>,
    /// The one that is looked at.
    pub closeup: Option<Closeup>,
    /// AWS's side; `None` while it hasn't been asked.
    pub aws: Option<FromAws>,
    /// What only AWS found; what nobody has marked before the rest.
    pub aws_alone: Vec<AwsAlone>,
    /// Whether AWS may be asked now: not while a whole answer is fresh.
    pub may_ask: bool,
    /// What requests may cost.
    pub cap: CapStatus,
    /// Accounts' names.
    pub names: Vec<LinkedAccountName>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        anomaly::{Impact, RootCause},
        detector::Kind,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn line(usage_type: &str, dollars: i64, quantity: f64) -> UsageLine {
        UsageLine {
            usage_type: usage_type.to_owned(),
            a_day: Nanos(dollars * 1_000_000_000),
            quantity,
        }
    }

    #[test]
    fn names_of_events_come_back() {
        let id = EventId {
            service: "Amazon S3. Really".to_owned(),
            account: "123456789012".to_owned(),
            start: day("2026-10-07"),
        };
        assert_eq!(EventId::of_text(&id.to_text()), Some(id));
        assert_eq!(EventId::of_text("2026-10-07"), None);
        assert_eq!(EventId::of_text("soon.1.x"), None);
    }

    #[test]
    fn a_cause_is_quantity_or_rate() {
        let before = [line("a", 10, 5.0), line("b", 10, 5.0)];
        // Three times the hours at the same two dollars each.
        let more = cause(
            &before,
            &[line("a", 30, 15.0), line("b", 11, 5.0)],
            Currency::USD,
        )
        .unwrap();
        assert_eq!((more.usage_type.as_str(), more.why), ("a", Why::Quantity));
        assert_eq!(more.more_a_day.amount, Nanos(20_000_000_000));
        // 20 of 21 dollars.
        assert_eq!(more.share_percent, Some(95));
        assert_eq!(
            (more.quantity_per_mille, more.rate_per_mille),
            (Some(3_000), Some(1_000))
        );
        let dearer = cause(&before, &[line("b", 20, 5.0)], Currency::USD).unwrap();
        assert_eq!(dearer.why, Why::Rate);
        // From 2 to 4 dollars for 5 to 10 hours: half of the 30 dollars more are both.
        let both = cause(&before, &[line("b", 40, 10.0)], Currency::USD).unwrap();
        assert_eq!(both.why, Why::Both);
        let new = cause(&before, &[line("c", 1, 1.0)], Currency::USD).unwrap();
        assert_eq!((new.why, new.quantity_per_mille), (Why::New, None));
        assert_eq!(cause(&before, &[line("a", 9, 5.0)], Currency::USD), None);
    }

    #[test]
    fn one_event_is_one_story() {
        let finding = Finding {
            id: EventId {
                service: "Amazon EC2".to_owned(),
                account: "1".to_owned(),
                start: day("2026-10-07"),
            },
            currency: Currency::USD,
            event: Event {
                kind: Kind::Spike,
                period: Period::new(day("2026-10-07"), day("2026-10-10")).unwrap(),
                actual: Nanos(2),
                expected: Nanos(1),
                worst: day("2026-10-08"),
                lasts: false,
            },
            mark: None,
            aws: Vec::new(),
        };
        let cause = |service: &str, account: Option<&str>| RootCause {
            service: Some(service.to_owned()),
            region: None,
            account: account.map(str::to_owned),
            account_name: None,
            usage_type: None,
            contribution: None,
        };
        let told = |start, end: Option<&str>, causes| AwsAnomaly {
            id: "x".to_owned(),
            monitor: "m".to_owned(),
            start: Some(day(start)),
            end: end.map(day),
            subject: Some("Amazon EC2".to_owned()),
            impact: Impact {
                total: None,
                worst_day: None,
                actual: None,
                expected: None,
                percent: None,
            },
            max_score: 1.0,
            current_score: 1.0,
            feedback: None,
            root_causes: causes,
        };
        let is_told = |start, end, causes| finding.is_told_by(&told(start, end, causes));
        assert!(is_told("2026-10-08", Some("2026-10-09"), vec![]));
        assert!(is_told(
            "2026-10-01",
            None,
            vec![cause("Amazon EC2", Some("1"))]
        ));
        assert!(!is_told(
            "2026-10-08",
            None,
            vec![cause("Amazon EC2", Some("2"))]
        ));
        assert!(!is_told(
            "2026-10-08",
            None,
            vec![cause("Amazon S3", Some("1"))]
        ));
        // The days are from the 7th to the 9th: only those that share one are the same.
        assert!(!is_told("2026-10-01", Some("2026-10-06"), vec![]));
        assert!(is_told("2026-10-01", Some("2026-10-07"), vec![]));
        assert!(is_told("2026-10-09", None, vec![]));
        assert!(!is_told("2026-10-10", None, vec![]));
    }
}
