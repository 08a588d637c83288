//! A checked GetCostAndUsage request. AWS's order of checks is not publicly known; this one goes
//! from form to meaning.

use std::ops::Range;

use chrono::NaiveDate;

use super::expression::Expression;
use super::period::{Granularity, days, hourly, many_months};
use super::{reading, wire};
use crate::books::{Company, Dimension, Line, Metric, TAG_KEYS};
use crate::error::{AwsError, Cause};

/// What one group key is made of.
#[derive(Debug)]
pub(crate) enum Group {
    Dimension(Dimension),
    Tag(String),
    CostCategory(String),
}

impl Group {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Dimension(_) => "DIMENSION",
            Self::Tag(_) => "TAG",
            Self::CostCategory(_) => "COST_CATEGORY",
        }
    }

    pub(super) fn key(&self) -> &str {
        match self {
            Self::Dimension(dimension) => dimension.name(),
            Self::Tag(key) | Self::CostCategory(key) => key,
        }
    }

    /// The key of a line: the bare value of a dimension, `Key$Value` of a tag or a cost category,
    /// `Key$` without.
    pub(super) fn of(&self, line: &Line) -> String {
        match self {
            Self::Dimension(dimension) => dimension.value(line).to_owned(),
            Self::Tag(key) => format!("{key}${}", line.tag(key).unwrap_or_default()),
            Self::CostCategory(name) => {
                format!("{name}${}", line.cost_category(name).unwrap_or_default())
            }
        }
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Request {
    pub period: Range<NaiveDate>,
    pub granularity: Granularity,
    pub metrics: Vec<Metric>,
    pub groups: Vec<Group>,
    pub filter: Option<Expression>,
}

/// The request as of `today`, and the page token it came with.
pub(super) fn check(
    body: &[u8],
    company: &Company,
    today: impl FnOnce(Option<&str>) -> Result<NaiveDate, AwsError>,
) -> Result<(Request, Option<String>), AwsError> {
    let wire: wire::Request = reading::read(body)?;
    let today = today(wire.next_page_token.as_deref())?;
    reading::required(&[
        ("timePeriod", wire.time_period.is_some()),
        ("granularity", wire.granularity.is_some()),
        ("metrics", wire.metrics.is_some()),
    ])?;
    let (Some(period), Some(granularity), Some(metrics)) =
        (wire.time_period, wire.granularity, wire.metrics)
    else {
        return Err(AwsError::internal());
    };
    let granularity = match granularity.as_str() {
        "DAILY" => Granularity::Daily,
        "MONTHLY" => Granularity::Monthly,
        "HOURLY" => return Err(hourly(&period, today)),
        other => {
            let rule = "Member must satisfy enum value set: [DAILY, HOURLY, MONTHLY]";
            return Err(reading::constraint(
                &format!("'{other}'"),
                "granularity",
                rule,
            ));
        }
    };
    let request = Request {
        period: match granularity {
            Granularity::Monthly if company.multi_year => many_months(&period, today)?,
            _ => days(&period, today)?,
        },
        granularity,
        metrics: check_metrics(&metrics)?,
        groups: check_groups(wire.group_by.unwrap_or_default())?,
        filter: wire.filter.map(Expression::check).transpose()?,
    };
    check_view(wire.billing_view_arn.as_deref(), company.payer)?;
    Ok((request, wire.next_page_token))
}

/// The texts are our own; AWS's are not publicly known.
fn check_metrics(names: &[String]) -> Result<Vec<Metric>, AwsError> {
    if names.is_empty() {
        return Err(AwsError::validation("Metrics should not be empty."));
    }
    names
        .iter()
        .map(|name| {
            Metric::parse(name).ok_or_else(|| {
                let valid = Metric::ALL.map(Metric::name).join(", ");
                AwsError::validation(format!(
                    "Metric {name} is invalid. Valid values are {valid}"
                ))
            })
        })
        .collect()
}

fn check_groups(groups: Vec<wire::Group>) -> Result<Vec<Group>, AwsError> {
    if groups.len() > 2 {
        return Err(AwsError::validation(
            "Only two values for GroupBy are allowed",
        ));
    }
    groups.into_iter().map(check_group).collect()
}

fn check_group(group: wire::Group) -> Result<Group, AwsError> {
    let key = group.key.unwrap_or_default();
    match group.r#type.as_deref() {
        Some("DIMENSION") => {
            let known =
                Dimension::parse(&key).filter(|dimension| Dimension::GROUPS.contains(dimension));
            known.map(Group::Dimension).ok_or_else(|| {
                let valid: Vec<&str> = Dimension::GROUPS
                    .iter()
                    .map(|dimension| dimension.name())
                    .collect();
                AwsError::validation(format!(
                    "Group Definition dimension is invalid. Valid values are {}",
                    valid.join(", ")
                ))
            })
        }
        Some("TAG") if TAG_KEYS.contains(&key.as_str()) => Ok(Group::Tag(key)),
        Some("TAG") => Err(AwsError::validation(format!(
            "Grouping by TAG '{key}' is not supported"
        ))),
        Some("COST_CATEGORY") => Ok(Group::CostCategory(key)),
        _ => Err(AwsError::validation("Group Definition type is invalid.")),
    }
}

/// Every account has its primary billing view and no other.
pub(super) fn check_view(arn: Option<&str>, account: &str) -> Result<(), AwsError> {
    let Some(arn) =
        arn.filter(|arn| *arn != format!("arn:aws:billing::{account}:billingview/primary"))
    else {
        return Ok(());
    };
    let looks_right = (20..=2048).contains(&arn.len())
        && arn.starts_with("arn:aws")
        && arn.contains(":billing::")
        && arn.contains(":billingview/");
    Err(if looks_right {
        AwsError::new(
            Cause::Other("ResourceNotFoundException", 400),
            format!("Billing view {arn} was not found."),
        )
    } else {
        let rule = "Member must satisfy regular expression pattern: \
                    ^arn:aws[a-z-]*:(billing)::[0-9]{12}:billingview/[-a-zA-Z0-9/:_+=.-@]{1,43}$";
        reading::constraint(&format!("'{arn}'"), "billingViewArn", rule)
    })
}
