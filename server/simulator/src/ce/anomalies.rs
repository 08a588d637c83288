//! GetAnomalies and GetAnomalyMonitors. What is unusual is the books' spike: the service it is
//! in, for as long as it lasts, with the spike's own cost as the impact. Only the sample company
//! has somebody looking.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use serde_json::{Number, Value, json};

use super::period::day;
use super::{Context, json_reply, reading};
use crate::books::{Books, Metric, SAMPLE, SCALE, Spike, decimal, mix};
use crate::error::{AwsError, Cause, Reply};

/// AWS keeps anomalies this long.
const DAYS_KEPT: u64 = 90;
/// A page, unasked.
const ROWS: usize = 100;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    monitor_arn: Option<String>,
    date_interval: Option<Interval>,
    feedback: Option<String>,
    total_impact: Option<TotalImpact>,
    next_page_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Interval {
    start_date: Option<String>,
    end_date: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TotalImpact {
    numeric_operator: Option<String>,
    start_value: Option<Number>,
    end_value: Option<Number>,
}

pub(super) fn answer(context: &Context<'_>, body: &[u8]) -> Result<Reply, AwsError> {
    let mut wire: Wire = reading::read(body)?;
    let token = wire.next_page_token.take();
    let place = context.place("GetAnomalies", &wire, token.as_deref())?;
    reading::required(&[("dateInterval", wire.date_interval.is_some())])?;
    let interval = wire.date_interval.ok_or_else(AwsError::internal)?;
    let most = reading::max_results(wire.max_results, ROWS)?;
    if let Some(feedback) = &wire.feedback {
        reading::one_of(feedback, "feedback", &["NO", "PLANNED_ACTIVITY", "YES"])?;
    }
    let asked = wire.total_impact.map(Bound::read).transpose()?;
    let (first, last) = detected(&interval, place.today)?;
    let watched = monitor(context)
        .filter(|monitor| wire.monitor_arn.as_ref().is_none_or(|arn| arn == monitor))
        // Nobody has said what to think of an anomaly here.
        .filter(|_| wire.feedback.is_none());
    let rows: Vec<Value> = watched.map_or_else(Vec::new, |monitor| {
        spikes(context.books, first, last)
            .into_iter()
            .filter_map(|spike| Anomaly::new(context.books, spike, place.today))
            .filter(|anomaly| (first..=last).contains(&anomaly.last))
            .filter(|anomaly| {
                asked
                    .as_ref()
                    .is_none_or(|asked| asked.takes(anomaly.impact))
            })
            .map(|anomaly| anomaly.json(context, &monitor, place.today))
            .collect()
    });
    let (rows, next) = context.cut(&place, rows, most);
    let mut answer = json!({"Anomalies": rows});
    if let Some(next) = next {
        answer["NextPageToken"] = next.into();
    }
    json_reply(&answer)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MonitorsWire {
    monitor_arn_list: Option<Vec<String>>,
    next_page_token: Option<String>,
    max_results: Option<i64>,
}

pub(super) fn monitors(context: &Context<'_>, body: &[u8]) -> Result<Reply, AwsError> {
    let mut wire: MonitorsWire = reading::read(body)?;
    let token = wire.next_page_token.take();
    let place = context.place("GetAnomalyMonitors", &wire, token.as_deref())?;
    let most = reading::max_results(wire.max_results, ROWS)?;
    let known = monitor(context);
    let asked = wire.monitor_arn_list.filter(|arns| !arns.is_empty());
    let unknown = asked
        .iter()
        .flatten()
        .find(|arn| Some(*arn) != known.as_ref());
    if let Some(unknown) = unknown {
        return Err(AwsError::new(
            Cause::Other("UnknownMonitorException", 400),
            format!("The monitor {unknown} does not exist."),
        ));
    }
    let services: BTreeSet<&str> = context.books.lines().iter().map(|l| l.service).collect();
    let rows: Vec<Value> = known
        .iter()
        .map(|arn| {
            json!({
                "MonitorArn": arn,
                "MonitorName": "Default-Services-Monitor",
                "CreationDate": "2025-01-10",
                "LastUpdatedDate": "2025-01-10",
                "LastEvaluatedDate": (place.today - Days::new(1)).to_string(),
                "MonitorType": "DIMENSIONAL",
                "MonitorDimension": "SERVICE",
                "DimensionalValueCount": services.len(),
            })
        })
        .collect();
    let (rows, next) = context.cut(&place, rows, most);
    let mut answer = json!({"AnomalyMonitors": rows});
    if let Some(next) = next {
        answer["NextPageToken"] = next.into();
    }
    json_reply(&answer)
}

/// The ARN of the account's monitor.
fn monitor(context: &Context<'_>) -> Option<String> {
    let account = context.caller.account();
    (account == SAMPLE.payer).then(|| {
        let id = uuid(context.seed, 41);
        format!("arn:aws:ce::{account}:anomalymonitor/{id}")
    })
}

fn uuid(seed: u64, kind: u64) -> String {
    let (high, low) = (mix(&[seed, kind, 1]), mix(&[seed, kind, 2]));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

/// First and last day on which an anomaly may end; none that AWS has forgotten.
fn detected(interval: &Interval, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), AwsError> {
    let yesterday = today - Days::new(1);
    let first = day("Start", interval.start_date.as_deref())?;
    let last = match interval.end_date.as_deref() {
        None => yesterday,
        end => day("End", end)?,
    };
    if last > yesterday {
        return Err(AwsError::validation(format!(
            "Latest supported detectionDate for GetRecentAnomalies is {yesterday}"
        )));
    }
    if first > last {
        return Err(AwsError::validation(
            "Start date (and hour) should be before end date (and hour)",
        ));
    }
    Ok((first.max(today - Days::new(DAYS_KEPT)), last))
}

/// The spikes that may have ended between two days. One comes in a half-year.
fn spikes(books: &Books, first: NaiveDate, last: NaiveDate) -> Vec<Spike> {
    let mut spikes: Vec<Spike> = [first, last]
        .into_iter()
        .filter_map(|day| books.spike(day))
        .collect();
    spikes.dedup();
    spikes
}

/// A spike as far as it has been seen.
struct Anomaly {
    spike: Spike,
    /// The last day that was seen of it.
    last: NaiveDate,
    /// What it cost, and the most of one day, in 10⁻¹⁰ dollars.
    impact: i128,
    most: i128,
    /// What its service cost in all.
    actual: i128,
}

impl Anomaly {
    /// `None` before its first day is over.
    fn new(books: &Books, spike: Spike, today: NaiveDate) -> Option<Self> {
        let end = spike.days.end.min(today);
        let last = end.pred_opt().filter(|last| *last >= spike.days.start)?;
        let (mut impact, mut most, mut actual) = (0, 0, 0);
        for day in spike.days.start.iter_days().take_while(|day| *day < end) {
            let mut of_day = 0;
            for item in books.day(day, today).iter() {
                let cost = i128::from(item.amounts[Metric::UnblendedCost as usize]);
                if item.line == spike.line {
                    of_day += cost;
                }
                if books.lines()[item.line as usize].service == spike.service {
                    actual += cost;
                }
            }
            impact += of_day;
            most = most.max(of_day);
        }
        Some(Self {
            spike,
            last,
            impact,
            most,
            actual,
        })
    }

    fn json(&self, context: &Context<'_>, monitor: &str, today: NaiveDate) -> Value {
        let Spike {
            days,
            service,
            linked_account,
            region,
            usage_type,
            ..
        } = &self.spike;
        let accounts = context.books.company().accounts;
        let name = accounts
            .iter()
            .find(|account| account.id == *linked_account);
        let expected = self.actual - self.impact;
        let mut impact = json!({
            "MaxImpact": number(self.most),
            "TotalImpact": number(self.impact),
            "TotalActualSpend": number(self.actual),
            "TotalExpectedSpend": number(expected),
        });
        if expected > 0 {
            let percentage = super::figures::percentage(self.impact, expected);
            // Two decimals, as AWS writes it.
            impact["TotalImpactPercentage"] = number(percentage / (SCALE / 100) * (SCALE / 100));
        }
        let over = days.end < today;
        let mut anomaly = json!({
            "AnomalyId": uuid(context.seed, u64::from(chrono::Datelike::num_days_from_ce(&days.start).unsigned_abs())),
            "AnomalyStartDate": days.start.to_string(),
            "DimensionValue": service,
            "RootCauses": [{
                "Service": service,
                "Region": region,
                "LinkedAccount": linked_account,
                "LinkedAccountName": name.map_or("", |account| account.name),
                "UsageType": usage_type,
                "Impact": {"Contribution": number(self.impact)},
            }],
            "AnomalyScore": {"MaxScore": 0.94, "CurrentScore": if over { 0.11 } else { 0.94 }},
            "Impact": impact,
            "MonitorArn": monitor,
        });
        if over {
            anomaly["AnomalyEndDate"] = self.last.to_string().into();
        }
        anomaly
    }
}

/// An amount as a JSON number: unlike the rest of Cost Explorer, impacts are numbers.
fn number(amount: i128) -> Value {
    decimal(amount)
        .parse::<f64>()
        .map_or(Value::Null, Value::from)
}

/// What the total impact shall be.
struct Bound {
    operator: &'static str,
    start: i128,
    end: i128,
}

impl Bound {
    fn read(wire: TotalImpact) -> Result<Self, AwsError> {
        reading::required(&[
            (
                "totalImpact.numericOperator",
                wire.numeric_operator.is_some(),
            ),
            ("totalImpact.startValue", wire.start_value.is_some()),
        ])?;
        let operators = [
            "BETWEEN",
            "EQUAL",
            "GREATER_THAN",
            "GREATER_THAN_OR_EQUAL",
            "LESS_THAN",
            "LESS_THAN_OR_EQUAL",
        ];
        let operator = reading::one_of(
            &wire.numeric_operator.unwrap_or_default(),
            "totalImpact.numericOperator",
            &operators,
        )?;
        let start = wire.start_value.as_ref().map_or(0, units);
        Ok(Self {
            operator,
            start,
            end: wire.end_value.as_ref().map_or(start, units),
        })
    }

    fn takes(&self, impact: i128) -> bool {
        match self.operator {
            "BETWEEN" => (self.start..=self.end).contains(&impact),
            "EQUAL" => impact == self.start,
            "GREATER_THAN" => impact > self.start,
            "GREATER_THAN_OR_EQUAL" => impact >= self.start,
            "LESS_THAN" => impact < self.start,
            _ => impact <= self.start,
        }
    }
}

/// A JSON number in 10⁻¹⁰ units, cut after the last of them. Numbers with an exponent are far
/// from any impact: they count as the digits before it.
fn units(number: &Number) -> i128 {
    let text = number.to_string();
    let (sign, text) = text
        .strip_prefix('-')
        .map_or((1, text.as_str()), |rest| (-1, rest));
    let plain = text.split(['e', 'E']).next().unwrap_or_default();
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let digits: String = fraction
        .chars()
        .chain("0000000000".chars())
        .take(10)
        .collect();
    let amount: i128 = format!("{whole}{digits}").parse().unwrap_or_default();
    sign * amount
}
