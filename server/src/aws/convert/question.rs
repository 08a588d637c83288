//! From our questions to Cost Explorer's words.

use aws_sdk_costexplorer::types::{
    self, CostCategoryValues, DateInterval, DimensionValues, Expression, GroupDefinition,
    GroupDefinitionType, MatchOption, TagValues,
};
use domain::{
    cube::Granularity,
    dimension::{Dimension, Filter, GroupKey},
    metric::Metric,
    period::Period,
};

use super::ConvertError;

/// Both ends, the last day excluded.
pub(in crate::aws) fn interval(period: Period) -> Option<DateInterval> {
    DateInterval::builder()
        .start(period.start().to_string())
        .end(period.end().to_string())
        .build()
        .ok()
}

/// The length of the pieces.
pub(in crate::aws) fn granularity(granularity: Granularity) -> types::Granularity {
    match granularity {
        Granularity::Daily => types::Granularity::Daily,
        Granularity::Monthly => types::Granularity::Monthly,
    }
}

/// All seven metrics, as GetCostAndUsage names them.
pub(in crate::aws) fn all_metrics() -> Vec<String> {
    let names = Metric::ALL.iter().map(|metric| metric.aws_name());
    names.map(str::to_owned).collect()
}

/// A metric, as forecasts name it.
pub(in crate::aws) fn forecast_metric(metric: Metric) -> types::Metric {
    match metric {
        Metric::Unblended => types::Metric::UnblendedCost,
        Metric::Amortized => types::Metric::AmortizedCost,
        Metric::Blended => types::Metric::BlendedCost,
        Metric::NetUnblended => types::Metric::NetUnblendedCost,
        Metric::NetAmortized => types::Metric::NetAmortizedCost,
        Metric::UsageQuantity => types::Metric::UsageQuantity,
        Metric::NormalizedUsage => types::Metric::NormalizedUsageAmount,
    }
}

/// A dimension.
pub(in crate::aws) fn dimension(dimension: Dimension) -> types::Dimension {
    dimension.aws_name().into()
}

/// What costs are grouped by; `None` asks for totals.
pub(in crate::aws) fn group_by(keys: &[GroupKey]) -> Option<Vec<GroupDefinition>> {
    let group = |key: &GroupKey| {
        let (kind, name) = parts(key);
        GroupDefinition::builder().r#type(kind).key(name).build()
    };
    (!keys.is_empty()).then(|| keys.iter().map(group).collect())
}

/// A key's kind and name in Cost Explorer's words.
pub(super) fn parts(key: &GroupKey) -> (GroupDefinitionType, &str) {
    match key {
        GroupKey::Dimension(dimension) => (GroupDefinitionType::Dimension, dimension.aws_name()),
        GroupKey::Tag(key) => (GroupDefinitionType::Tag, key),
        GroupKey::CostCategory(name) => (GroupDefinitionType::CostCategory, name),
    }
}

/// Which costs are meant.
///
/// # Errors
/// When the filter has nothing in it, which AWS refuses.
pub(in crate::aws) fn expression(filter: &Filter) -> Result<Expression, ConvertError> {
    let empty = Expression::builder();
    match filter {
        Filter::And(filters) => several(filters, |all| empty.set_and(Some(all)).build()),
        Filter::Or(filters) => several(filters, |any| empty.set_or(Some(any)).build()),
        Filter::Not(filter) => Ok(empty.not(expression(filter)?).build()),
        Filter::In { key, values } => one_of(key, values),
    }
}

/// An optional filter.
///
/// # Errors
/// As [`expression`].
pub(in crate::aws) fn filter(filter: Option<&Filter>) -> Result<Option<Expression>, ConvertError> {
    filter.map(expression).transpose()
}

/// AWS refuses And and Or of fewer than two.
fn several(
    filters: &[Filter],
    combined: impl FnOnce(Vec<Expression>) -> Expression,
) -> Result<Expression, ConvertError> {
    match filters {
        [] => Err(ConvertError::EmptyFilter),
        [only] => expression(only),
        many => {
            let many: Result<_, _> = many.iter().map(expression).collect();
            many.map(combined)
        }
    }
}

fn one_of(key: &GroupKey, values: &[String]) -> Result<Expression, ConvertError> {
    if values.is_empty() {
        return Err(ConvertError::EmptyFilter);
    }
    // A tag or category without a value: AWS has a way of its own to say this.
    let has_absence = !matches!(key, GroupKey::Dimension(_));
    let (absent, present): (Vec<_>, Vec<_>) = values
        .iter()
        .cloned()
        .partition(|value| has_absence && value.is_empty());
    Ok(match (absent.is_empty(), present.is_empty()) {
        (_, true) => matching(key, None),
        (true, false) => matching(key, Some(present)),
        (false, false) => Expression::builder()
            .or(matching(key, Some(present)))
            .or(matching(key, None))
            .build(),
    })
}

/// One of the values; without any, what has no value.
fn matching(key: &GroupKey, values: Option<Vec<String>>) -> Expression {
    let options = values.is_none().then(|| vec![MatchOption::Absent]);
    let expression = Expression::builder();
    match key {
        GroupKey::Dimension(name) => {
            let values = DimensionValues::builder()
                .key(dimension(*name))
                .set_values(values)
                .set_match_options(options)
                .build();
            expression.dimensions(values)
        }
        GroupKey::Tag(key) => {
            let values = TagValues::builder()
                .key(key)
                .set_values(values)
                .set_match_options(options)
                .build();
            expression.tags(values)
        }
        GroupKey::CostCategory(name) => {
            let values = CostCategoryValues::builder()
                .key(name)
                .set_values(values)
                .set_match_options(options)
                .build();
            expression.cost_categories(values)
        }
    }
    .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(values: &[&str]) -> Filter {
        Filter::In {
            key: GroupKey::Tag("Team".to_owned()),
            values: values.iter().map(|&value| value.to_owned()).collect(),
        }
    }

    fn tags(values: Option<&[&str]>) -> Expression {
        let owned = values.map(|values| values.iter().map(|&value| value.to_owned()).collect());
        let absent = values.is_none().then(|| vec![MatchOption::Absent]);
        let values = TagValues::builder()
            .key("Team")
            .set_values(owned)
            .set_match_options(absent)
            .build();
        Expression::builder().tags(values).build()
    }

    #[test]
    fn operators_with_one_operand_are_left_out() {
        let inner = tags(Some(&["web"]));
        for filter in [
            tag(&["web"]),
            Filter::And(vec![tag(&["web"])]),
            Filter::Or(vec![Filter::And(vec![tag(&["web"])])]),
        ] {
            assert_eq!(expression(&filter), Ok(inner.clone()));
        }
        let both = Filter::And(vec![tag(&["web"]), Filter::Not(Box::new(tag(&["api"])))]);
        let not = Expression::builder().not(tags(Some(&["api"]))).build();
        let expected = Expression::builder().and(inner).and(not).build();
        assert_eq!(expression(&both), Ok(expected));
    }

    #[test]
    fn what_has_no_value_is_asked_for_in_awss_way() {
        assert_eq!(expression(&tag(&[""])), Ok(tags(None)));
        let either = Expression::builder()
            .or(tags(Some(&["web", "api"])))
            .or(tags(None))
            .build();
        assert_eq!(expression(&tag(&["web", "", "api"])), Ok(either));
        let region = Filter::In {
            key: Dimension::Region.into(),
            values: vec![String::new()],
        };
        let values = DimensionValues::builder()
            .key(types::Dimension::Region)
            .values("")
            .build();
        let expected = Expression::builder().dimensions(values).build();
        assert_eq!(
            expression(&region),
            Ok(expected),
            "a dimension has no absence"
        );
    }

    #[test]
    fn empty_filters_are_not_asked() {
        for filter in [
            Filter::And(vec![]),
            Filter::Or(vec![]),
            tag(&[]),
            Filter::Not(Box::new(Filter::Or(vec![tag(&["web"]), tag(&[])]))),
        ] {
            assert_eq!(expression(&filter), Err(ConvertError::EmptyFilter));
        }
    }

    #[test]
    fn every_dimension_is_one_of_awss() {
        for known in Dimension::ALL {
            let name = dimension(*known);
            assert!(
                types::Dimension::values().contains(&name.as_str()),
                "{name}"
            );
        }
    }
}
