//! Which values costs can be grouped and filtered by.

use aws_sdk_costexplorer::operation::{
    get_cost_categories::{GetCostCategoriesOutput, builders::GetCostCategoriesInputBuilder},
    get_dimension_values::builders::GetDimensionValuesInputBuilder,
    get_tags::builders::GetTagsInputBuilder,
};
use domain::{
    dimension::Dimension,
    ledger::Operation,
    period::Period,
    values::{KeyValue, ValuesOf, ValuesQuestion},
};

use super::{Asked, Asking, Gateway, pages::gather};
use crate::aws::{
    convert::{Listener, Told, Values, ValuesPage, question},
    error::AwsError,
    priority::Priority,
    retry::Answered,
    target::Target,
};

impl Gateway {
    /// Asks for the values of a dimension, a tag or a cost category, or for the tags and
    /// cost categories that there are.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read.
    pub async fn values(
        &self,
        target: &Target,
        asked: &ValuesQuestion,
        priority: Priority,
    ) -> Result<Asked<Vec<KeyValue>>, AwsError> {
        let asking = Asking::of(target, values_operation(&asked.of), priority);
        gather(asking, Values::new, |token| {
            self.values_page(asking, asked, token)
        })
        .await
    }

    /// Asks for the values of a dimension in a period.
    ///
    /// # Errors
    /// As [`Gateway::values`].
    pub async fn dimension_values(
        &self,
        target: &Target,
        dimension: Dimension,
        period: Period,
        priority: Priority,
    ) -> Result<Asked<Vec<KeyValue>>, AwsError> {
        let asked = all(ValuesOf::Dimension(dimension), period);
        self.values(target, &asked, priority).await
    }

    /// Asks for the values of the tag with this key, or for the keys that there are.
    ///
    /// # Errors
    /// As [`Gateway::values`].
    pub async fn tags(
        &self,
        target: &Target,
        key: Option<&str>,
        period: Period,
        priority: Priority,
    ) -> Result<Asked<Vec<String>>, AwsError> {
        let of = key.map_or(ValuesOf::TagKeys, |key| ValuesOf::Tag(key.to_owned()));
        let asked = self.values(target, &all(of, period), priority).await?;
        Ok(asked.map(texts))
    }

    /// Asks for the values of the cost category with this name, or for the names that there are.
    ///
    /// # Errors
    /// As [`Gateway::values`].
    pub async fn cost_categories(
        &self,
        target: &Target,
        name: Option<&str>,
        period: Period,
        priority: Priority,
    ) -> Result<Asked<Vec<String>>, AwsError> {
        let of = name.map_or(ValuesOf::CostCategoryNames, |name| {
            ValuesOf::CostCategory(name.to_owned())
        });
        let asked = self.values(target, &all(of, period), priority).await?;
        Ok(asked.map(texts))
    }

    pub(super) async fn values_page(
        &self,
        asking: Asking<'_>,
        asked: &ValuesQuestion,
        token: Option<String>,
    ) -> Result<Answered<ValuesPage>, AwsError> {
        let (interval, search) = (question::interval(asked.period), asked.search.clone());
        match &asked.of {
            ValuesOf::Dimension(dimension) => {
                let input = GetDimensionValuesInputBuilder::default()
                    .set_time_period(interval)
                    .set_search_string(search)
                    .dimension(question::dimension(*dimension))
                    .set_next_page_token(token);
                let answered = self.ask(asking, input, |input, call| async move {
                    let listener = Listener::default();
                    let client = listener.attached_to(&call.cost_explorer());
                    Ok(listener.told(input.send_with(&client).await?))
                });
                Ok(answered.await?.map(ValuesPage::Dimension))
            }
            ValuesOf::TagKeys | ValuesOf::Tag(_) => {
                let input = GetTagsInputBuilder::default()
                    .set_time_period(interval)
                    .set_search_string(search)
                    .set_tag_key(match &asked.of {
                        ValuesOf::Tag(key) => Some(key.clone()),
                        _ => None,
                    })
                    .set_next_page_token(token);
                let answered = self.ask(asking, input, |input, call| async move {
                    let listener = Listener::default();
                    let client = listener.attached_to(&call.cost_explorer());
                    Ok(listener.told(input.send_with(&client).await?))
                });
                Ok(answered.await?.map(ValuesPage::Tags))
            }
            ValuesOf::CostCategoryNames => {
                let input = GetCostCategoriesInputBuilder::default()
                    .set_time_period(interval)
                    .set_search_string(search)
                    .set_next_page_token(token);
                let answered = self.categories_page(asking, input).await?;
                Ok(answered.map(ValuesPage::CategoryNames))
            }
            ValuesOf::CostCategory(name) => {
                let input = GetCostCategoriesInputBuilder::default()
                    .set_time_period(interval)
                    .set_search_string(search)
                    .cost_category_name(name)
                    .set_next_page_token(token);
                let answered = self.categories_page(asking, input).await?;
                Ok(answered.map(ValuesPage::CategoryValues))
            }
        }
    }

    async fn categories_page(
        &self,
        asking: Asking<'_>,
        input: GetCostCategoriesInputBuilder,
    ) -> Result<Answered<Told<GetCostCategoriesOutput>>, AwsError> {
        self.ask(asking, input, |input, call| async move {
            let listener = Listener::default();
            let client = listener.attached_to(&call.cost_explorer());
            Ok(listener.told(input.send_with(&client).await?))
        })
        .await
    }
}

/// The operation that knows them.
const fn values_operation(of: &ValuesOf) -> Operation {
    match of {
        ValuesOf::Dimension(_) => Operation::GetDimensionValues,
        ValuesOf::TagKeys | ValuesOf::Tag(_) => Operation::GetTags,
        ValuesOf::CostCategoryNames | ValuesOf::CostCategory(_) => Operation::GetCostCategories,
    }
}

/// Without any search.
pub(super) const fn all(of: ValuesOf, period: Period) -> ValuesQuestion {
    ValuesQuestion {
        of,
        period,
        search: None,
    }
}

fn texts(values: Vec<KeyValue>) -> Vec<String> {
    values.into_iter().map(|value| value.value).collect()
}
