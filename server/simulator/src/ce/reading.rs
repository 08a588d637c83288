//! Reads requests and refuses what the model of the service itself forbids, in the words that
//! every AWS service uses.

use serde::de::DeserializeOwned;

use super::period::Granularity;
use super::wire;
use crate::error::{AwsError, Cause};

/// The request's JSON.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, AwsError> {
    serde_json::from_slice(body).map_err(|_| {
        AwsError::new(
            Cause::Other("SerializationException", 400),
            "The request could not be read as JSON of this operation.",
        )
    })
}

/// One broken rule of the model.
pub(super) fn constraint(value: &str, member: &str, rule: &str) -> AwsError {
    AwsError::validation(format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: {rule}"
    ))
}

/// Refuses a request without one of these members; each comes with whether it is there.
pub(super) fn required(members: &[(&str, bool)]) -> Result<(), AwsError> {
    let texts: Vec<String> = members
        .iter()
        .filter(|(_, there)| !there)
        .map(|(member, _)| {
            format!(
                "Value null at '{member}' failed to satisfy constraint: Member must not be null"
            )
        })
        .collect();
    let errors = match texts.len() {
        0 => return Ok(()),
        1 => "error",
        _ => "errors",
    };
    Err(AwsError::validation(format!(
        "{} validation {errors} detected: {}",
        texts.len(),
        texts.join("; ")
    )))
}

/// One of these words, or AWS's refusal of others.
pub(super) fn one_of<'a>(
    value: &str,
    member: &str,
    words: &[&'a str],
) -> Result<&'a str, AwsError> {
    let known = words.iter().copied().find(|word| *word == value);
    known.ok_or_else(|| {
        let rule = format!("Member must satisfy enum value set: [{}]", words.join(", "));
        constraint(&format!("'{value}'"), member, &rule)
    })
}

/// DAILY or MONTHLY. HOURLY exists, but not here; the text is our own.
pub(super) fn granularity(text: Option<&str>) -> Result<Option<Granularity>, AwsError> {
    let Some(text) = text else { return Ok(None) };
    match one_of(text, "granularity", &["DAILY", "HOURLY", "MONTHLY"])? {
        "DAILY" => Ok(Some(Granularity::Daily)),
        "MONTHLY" => Ok(Some(Granularity::Monthly)),
        _ => Err(AwsError::validation(
            "Granularity HOURLY is not supported. Valid values are DAILY, MONTHLY",
        )),
    }
}

/// A whole number from one to another.
pub(super) fn number(
    value: Option<i64>,
    member: &str,
    least: i64,
    most: i64,
) -> Result<Option<i64>, AwsError> {
    let Some(value) = value else { return Ok(None) };
    let rule = if value < least {
        format!("Member must have value greater than or equal to {least}")
    } else if value > most {
        format!("Member must have value less than or equal to {most}")
    } else {
        return Ok(Some(value));
    };
    Err(constraint(&format!("'{value}'"), member, &rule))
}

/// How many rows a page may have: what is asked for, `unasked` otherwise.
pub(super) fn max_results(value: Option<i64>, unasked: usize) -> Result<usize, AwsError> {
    let value = number(value, "maxResults", 1, i64::MAX)?;
    Ok(value
        .and_then(|value| usize::try_from(value).ok())
        .unwrap_or(unasked))
}

/// The one dimension that a GroupBy of other operations than GetCostAndUsage names.
pub(super) fn group_keys(groups: Option<Vec<wire::Group>>) -> Result<Vec<String>, AwsError> {
    let key = |group: wire::Group| {
        let kind = group.r#type.unwrap_or_else(|| "DIMENSION".to_owned());
        if kind.eq_ignore_ascii_case("DIMENSION") {
            Ok(group.key.unwrap_or_default())
        } else {
            Err(AwsError::validation("Group Definition type is invalid."))
        }
    };
    groups.unwrap_or_default().into_iter().map(key).collect()
}
