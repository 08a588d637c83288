//! Filters: the rules for expressions, and which lines one takes.

use super::wire;
use crate::books::{COST_CATEGORIES, Dimension, Line, NOT_ALLOWED};
use crate::error::AwsError;

/// A checked filter.
#[derive(Debug)]
pub(crate) enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    /// One of these values.
    Dimension(Dimension, Vec<String>),
    /// One of these values of the tag.
    Tag(String, Vec<String>),
    /// Without this tag, or (no key) without any.
    NoTag(Option<String>),
    /// One of these values of the cost category.
    CostCategory(String, Vec<String>),
    /// Without a value of this cost category, or (no name) of any.
    NoCostCategory(Option<String>),
}

const ROOTS: &str = "Expression has more than one roots. Only one root operator is allowed for each expression: \
                     And, Or, Not, Dimensions, Tags, CostCategories";

impl Expression {
    pub(super) fn check(wire: wire::Expression) -> Result<Self, AwsError> {
        let roots = [
            wire.and.is_some(),
            wire.or.is_some(),
            wire.not.is_some(),
            wire.dimensions.is_some(),
            wire.tags.is_some(),
            wire.cost_categories.is_some(),
        ];
        if roots.into_iter().filter(|root| *root).count() > 1 {
            return Err(AwsError::validation(ROOTS));
        }
        let wire::Expression {
            and,
            or,
            not,
            dimensions,
            tags,
            cost_categories,
        } = wire;
        if let Some(operands) = and {
            return Ok(Self::And(several("And", operands)?));
        }
        if let Some(operands) = or {
            return Ok(Self::Or(several("Or", operands)?));
        }
        if let Some(operand) = not {
            return Ok(Self::Not(Box::new(Self::check(*operand)?)));
        }
        if let Some(values) = dimensions {
            return dimension(values);
        }
        if let Some(values) = tags {
            return tag(values);
        }
        if let Some(values) = cost_categories {
            return cost_category(values);
        }
        // The text is our own; AWS's is not publicly known.
        Err(AwsError::validation(
            "Expression should have one root operator.",
        ))
    }

    /// Whether the filter takes a line.
    pub(crate) fn takes(&self, line: &Line) -> bool {
        match self {
            Self::And(operands) => operands.iter().all(|operand| operand.takes(line)),
            Self::Or(operands) => operands.iter().any(|operand| operand.takes(line)),
            Self::Not(operand) => !operand.takes(line),
            Self::Dimension(dimension, values) => {
                values.iter().any(|value| value == dimension.value(line))
            }
            Self::Tag(key, values) => line
                .tag(key)
                .is_some_and(|tag| values.iter().any(|value| value == tag)),
            Self::NoTag(Some(key)) => line.tag(key).is_none(),
            Self::NoTag(None) => line.tags.is_empty(),
            Self::CostCategory(name, values) => line
                .cost_category(name)
                .is_some_and(|found| values.iter().any(|value| value == found)),
            Self::NoCostCategory(Some(name)) => line.cost_category(name).is_none(),
            Self::NoCostCategory(None) => COST_CATEGORIES
                .iter()
                .all(|name| line.cost_category(name).is_none()),
        }
    }
}

/// Strict: AWS documents And and Or as operators between expressions. The text is our own.
fn several(name: &str, operands: Vec<wire::Expression>) -> Result<Vec<Expression>, AwsError> {
    if operands.len() < 2 {
        return Err(AwsError::validation(format!(
            "{name} should have at least 2 expressions."
        )));
    }
    operands.into_iter().map(Expression::check).collect()
}

fn dimension(values: wire::Values) -> Result<Expression, AwsError> {
    let key = values.key.as_deref().unwrap_or_default();
    if NOT_ALLOWED.contains(&key) {
        return Err(AwsError::validation(format!(
            "Dimension {key} is not allowed."
        )));
    }
    let Some(dimension) = Dimension::parse(key) else {
        let valid: Vec<&str> = Dimension::ALL
            .iter()
            .map(|dimension| dimension.name())
            .collect();
        return Err(AwsError::validation(format!(
            "Dimension not valid. Valid values are {}",
            valid.join(", ")
        )));
    };
    is_absent(&values, &["CASE_SENSITIVE", "EQUALS"])?;
    Ok(Expression::Dimension(dimension, some(values.values)?))
}

fn tag(values: wire::Values) -> Result<Expression, AwsError> {
    let absent = is_absent(&values, &["CASE_SENSITIVE", "EQUALS", "ABSENT"])?;
    Ok(match (values.key, values.values) {
        (key, _) if absent => Expression::NoTag(key),
        // AWS documents: values without a key, or neither, mean absence.
        (None, _) => Expression::NoTag(None),
        (Some(key), values) => Expression::Tag(key, some(values)?),
    })
}

fn cost_category(values: wire::Values) -> Result<Expression, AwsError> {
    let absent = is_absent(&values, &["CASE_SENSITIVE", "EQUALS", "ABSENT"])?;
    Ok(match (values.key, values.values) {
        (name, _) if absent => Expression::NoCostCategory(name),
        (None, _) => Expression::NoCostCategory(None),
        (Some(name), values) => Expression::CostCategory(name, some(values)?),
    })
}

/// The text is our own; AWS's is not publicly known.
fn some(values: Option<Vec<String>>) -> Result<Vec<String>, AwsError> {
    values
        .filter(|values| !values.is_empty())
        .ok_or_else(|| AwsError::validation("Values should not be empty."))
}

/// GetCostAndUsage takes fewer match options than the model lists, and says so.
fn is_absent(values: &wire::Values, allowed: &[&str]) -> Result<bool, AwsError> {
    let options = values.match_options.as_deref().unwrap_or_default();
    if options
        .iter()
        .any(|option| !allowed.contains(&option.as_str()))
    {
        let text = format!(
            "MatchOptions contain not allowed match option. Allowed MatchOptions:{}",
            allowed.join(", ")
        );
        return Err(AwsError::validation(text));
    }
    Ok(options.iter().any(|option| option == "ABSENT"))
}
