//! What reservations and Savings Plans are asked about: filters that only And joins, and the one
//! service that an answer about reservations is for.

use super::expression::Expression;
use super::wire;
use crate::books::{Dimension, Line};
use crate::error::AwsError;

/// What an answer about reservations is for when nobody says.
const UNASKED: &str = "Amazon Elastic Compute Cloud - Compute";

/// A checked filter of one of these operations.
pub(super) struct Scope {
    filter: Option<Expression>,
    /// The service, where the filter names none.
    service: Option<&'static str>,
}

impl Scope {
    /// Of a reservation's answer: one service, EC2's machines when none is named.
    pub(super) fn reservations(filter: Option<wire::Expression>) -> Result<Self, AwsError> {
        let mut scope = Self::plans(filter)?;
        let leaves = scope.filter.as_ref().map(leaves).unwrap_or_default();
        let services: Vec<&Vec<String>> = leaves
            .into_iter()
            .filter_map(|leaf| match leaf {
                Expression::Dimension(Dimension::Service, values) => Some(values),
                _ => None,
            })
            .collect();
        match services[..] {
            [] => scope.service = Some(UNASKED),
            [values] if values.len() == 1 => {}
            // The text is our own; AWS's is not publicly known.
            _ => {
                return Err(AwsError::validation(
                    "Only one value for the SERVICE filter is allowed",
                ));
            }
        }
        Ok(scope)
    }

    /// Of a Savings Plan's answer: any service.
    pub(super) fn plans(filter: Option<wire::Expression>) -> Result<Self, AwsError> {
        let filter = filter.map(Expression::check).transpose()?;
        if filter.as_ref().is_some_and(|filter| !is_flat(filter)) {
            // The text is our own; AWS's is not publicly known.
            return Err(AwsError::validation(
                "Only And is supported between dimensions, one level deep",
            ));
        }
        Ok(Self {
            filter,
            service: None,
        })
    }

    /// Whether the answer is about a line.
    pub(super) fn takes(&self, line: &Line) -> bool {
        self.service.is_none_or(|service| service == line.service)
            && self.filter.as_ref().is_none_or(|filter| filter.takes(line))
    }
}

/// Expressions without operators in them.
fn leaves(filter: &Expression) -> Vec<&Expression> {
    match filter {
        Expression::And(operands) => operands.iter().collect(),
        leaf => vec![leaf],
    }
}

fn is_flat(filter: &Expression) -> bool {
    leaves(filter).into_iter().all(|leaf| {
        !matches!(
            leaf,
            Expression::And(_) | Expression::Or(_) | Expression::Not(_)
        )
    })
}
