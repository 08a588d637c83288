//! What AWS itself finds unusual, and where it looks. AWS states these amounts in US
//! dollars and as floating-point numbers: good for ranking, not for adding up a bill.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{money::Nanos, words::open_words};

open_words! {
    /// How a monitor chooses what it looks at.
    MonitorKind {
        /// Every value of a dimension: services, for the one that AWS sets up itself.
        Dimensional "DIMENSIONAL"
        /// What a person chose: accounts, tags, cost categories.
        Custom "CUSTOM"
    }
}

open_words! {
    /// What a person told AWS about an anomaly.
    Feedback {
        /// It is one.
        Yes "YES"
        /// It isn't.
        No "NO"
        /// It was meant to happen.
        PlannedActivity "PLANNED_ACTIVITY"
    }
}

/// Where AWS looks for the unusual. An account without any never has anomalies.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct AwsMonitor {
    /// Names it.
    pub arn: String,
    /// What people call it.
    pub name: String,
    /// How it chooses.
    pub kind: MonitorKind,
    /// Of a dimensional one, as AWS writes it.
    pub dimension: Option<String>,
    /// Since when it is there.
    pub created_on: Option<NaiveDate>,
    /// The last day it looked at.
    pub evaluated_on: Option<NaiveDate>,
    /// How many values of its dimension it watches.
    pub watched_values: u32,
}

impl AwsMonitor {
    /// What people call the monitor of this ARN: its name, or the end of the ARN where AWS
    /// didn't tell of it or it has none.
    #[must_use]
    pub fn name_of<'a>(arn: &'a str, monitors: &'a [Self]) -> &'a str {
        let known = monitors.iter().find(|one| one.arn == arn);
        let name = known.map(|one| one.name.as_str());
        name.filter(|name| !name.trim().is_empty())
            .unwrap_or_else(|| arn.rsplit_once('/').map_or(arn, |(_, id)| id))
    }
}

/// Something that AWS found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AwsAnomaly {
    /// Names it.
    pub id: String,
    /// The ARN of the monitor that found it.
    pub monitor: String,
    /// Its first day.
    pub start: Option<NaiveDate>,
    /// Its last day; `None` while it lasts.
    pub end: Option<NaiveDate>,
    /// The value of the monitor's dimension that it is about, such as a service.
    pub subject: Option<String>,
    /// What it costs.
    pub impact: Impact,
    /// How unusual it is, from 0 to 1, at its worst.
    pub max_score: f64,
    /// How unusual it is now.
    pub current_score: f64,
    /// What a person told AWS.
    pub feedback: Option<Feedback>,
    /// The likeliest first; may be none.
    pub root_causes: Vec<RootCause>,
}

/// What an anomaly costs, in US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// Spent beyond what was expected, over all its days. `None` when AWS said nothing or 0.
    pub total: Option<Nanos>,
    /// On its worst day. `None` when AWS said nothing or 0.
    pub worst_day: Option<Nanos>,
    /// Spent in all.
    pub actual: Option<Nanos>,
    /// Spent if all had been as usual.
    pub expected: Option<Nanos>,
    /// The total in percent of the expected; AWS leaves it out when nothing was expected.
    pub percent: Option<f64>,
}

/// Where an anomaly comes from, as far as AWS can tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RootCause {
    /// The service.
    pub service: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The linked account's number.
    pub account: Option<String>,
    /// Its name.
    pub account_name: Option<String>,
    /// The usage type.
    pub usage_type: Option<String>,
    /// Its part of the total impact, in US dollars.
    pub contribution: Option<Nanos>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monitor_is_called_by_its_name_or_the_end_of_its_arn() {
        let monitor = |arn: &str, name: &str| AwsMonitor {
            arn: arn.to_owned(),
            name: name.to_owned(),
            kind: MonitorKind::Dimensional,
            dimension: Some("SERVICE".to_owned()),
            created_on: None,
            evaluated_on: None,
            watched_values: 0,
        };
        let (first, second) = (
            "arn:aws:ce::1:anomalymonitor/aaa",
            "arn:aws:ce::1:anomalymonitor/bbb",
        );
        let all = [monitor(first, "All services"), monitor(second, " ")];
        assert_eq!(AwsMonitor::name_of(first, &all), "All services");
        assert_eq!(AwsMonitor::name_of(second, &all), "bbb");
        assert_eq!(AwsMonitor::name_of(first, &[]), "aaa");
        assert_eq!(AwsMonitor::name_of("odd", &all), "odd");
    }
}
