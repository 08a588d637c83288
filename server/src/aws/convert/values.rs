//! GetDimensionValues, GetTags and GetCostCategories: lists of values, told apart only by
//! the names of their members.

use std::collections::BTreeMap;

use aws_sdk_costexplorer::operation::{
    get_cost_categories::GetCostCategoriesOutput, get_dimension_values::GetDimensionValuesOutput,
    get_tags::GetTagsOutput,
};
use domain::values::KeyValue;

use super::{
    ConvertError, Told,
    gather::{Gather, Known},
    member::required,
};

/// A page of values.
pub(in crate::aws) enum ValuesPage {
    /// Of a dimension.
    Dimension(Told<GetDimensionValuesOutput>),
    /// Keys of tags or values of one.
    Tags(Told<GetTagsOutput>),
    /// Names of cost categories.
    CategoryNames(Told<GetCostCategoriesOutput>),
    /// Values of a cost category.
    CategoryValues(Told<GetCostCategoriesOutput>),
}

/// Values while their pages come in.
pub(in crate::aws) struct Values(Known<String, KeyValue>);

impl Values {
    pub(in crate::aws) const fn new() -> Self {
        Self(Known::new("values"))
    }

    fn add_bare(&mut self, values: Vec<String>) -> Result<(), ConvertError> {
        for value in values {
            self.0.insert(value.clone(), KeyValue::bare(value))?;
        }
        Ok(())
    }
}

/// AWS always says how many there are, also when there are none.
const SIZE: &str = "TotalSize";

impl Gather for Values {
    type Page = ValuesPage;
    type Whole = Vec<KeyValue>;

    fn add(&mut self, page: ValuesPage) -> Result<Option<String>, ConvertError> {
        match page {
            ValuesPage::Dimension(page) => {
                page.any_of(&["DimensionValues", SIZE])?;
                for told in page.value.dimension_values {
                    let value = required(told.value, "DimensionValues.Value")?;
                    let attributes: BTreeMap<_, _> =
                        told.attributes.unwrap_or_default().into_iter().collect();
                    self.0
                        .insert(value.clone(), KeyValue { value, attributes })?;
                }
                Ok(page.value.next_page_token)
            }
            ValuesPage::Tags(page) => {
                page.any_of(&["Tags", SIZE])?;
                self.add_bare(page.value.tags)?;
                Ok(page.value.next_page_token)
            }
            ValuesPage::CategoryNames(page) => {
                page.any_of(&["CostCategoryNames", SIZE])?;
                self.add_bare(page.value.cost_category_names.unwrap_or_default())?;
                Ok(page.value.next_page_token)
            }
            ValuesPage::CategoryValues(page) => {
                page.any_of(&["CostCategoryValues", SIZE])?;
                self.add_bare(page.value.cost_category_values.unwrap_or_default())?;
                Ok(page.value.next_page_token)
            }
        }
    }

    fn finish(self) -> Result<Self::Whole, ConvertError> {
        Ok(self.0.into_values())
    }
}
