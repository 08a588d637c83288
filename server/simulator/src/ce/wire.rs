//! Requests as JSON brings them, as far as operations share them. Types only.

use serde::Deserialize;

/// Of GetCostAndUsage.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    pub time_period: Option<Period>,
    pub granularity: Option<String>,
    pub metrics: Option<Vec<String>>,
    pub group_by: Option<Vec<Group>>,
    pub filter: Option<Expression>,
    pub billing_view_arn: Option<String>,
    pub next_page_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Period {
    pub start: Option<String>,
    pub end: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Group {
    pub r#type: Option<String>,
    pub key: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Expression {
    pub or: Option<Vec<Expression>>,
    pub and: Option<Vec<Expression>>,
    pub not: Option<Box<Expression>>,
    pub dimensions: Option<Values>,
    pub tags: Option<Values>,
    pub cost_categories: Option<Values>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Values {
    pub key: Option<String>,
    pub values: Option<Vec<String>>,
    pub match_options: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sort {
    pub key: Option<String>,
    pub sort_order: Option<String>,
}
