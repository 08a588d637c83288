//! Cost Explorer in awsJson1.1: GetCostAndUsage, complete. Other operations are known by name,
//! so that permissions can be told apart, but not answered.

mod answer;
mod expression;
mod period;
mod request;
mod token;
mod wire;

use chrono::NaiveDate;

use crate::books::Books;
use crate::error::{AwsError, Cause, Reply, Service};
use crate::keys::{Grant, KeyPair};
use answer::Cut;
use token::{Token, Tokens};

const TARGET: &str = "AWSInsightsIndexService.";

/// Operations of Cost Explorer that a cost reader may be granted.
const OPERATIONS: [&str; 14] = [
    "GetAnomalies",
    "GetAnomalyMonitors",
    "GetCostAndUsage",
    "GetCostAndUsageComparisons",
    "GetCostAndUsageWithResources",
    "GetCostCategories",
    "GetCostForecast",
    "GetDimensionValues",
    "GetReservationCoverage",
    "GetReservationUtilization",
    "GetSavingsPlansCoverage",
    "GetSavingsPlansUtilization",
    "GetTags",
    "GetUsageForecast",
];

/// The operation that an `X-Amz-Target` names.
pub(crate) fn operation(target: &str) -> Option<&'static str> {
    let name = target.strip_prefix(TARGET)?;
    OPERATIONS.into_iter().find(|operation| *operation == name)
}

/// What an answer depends on besides the request.
pub(crate) struct Context<'a> {
    pub key: &'a KeyPair,
    pub books: &'a Books,
    pub today: NaiveDate,
    pub seed: u64,
    /// Rows on a page.
    pub page_size: usize,
}

impl Context<'_> {
    /// Answers a verified request for an operation.
    pub(crate) fn answer(&self, operation: Option<&str>, body: &[u8]) -> Result<Reply, AwsError> {
        let operation = operation.ok_or_else(|| AwsError::new(Cause::UnknownOperation, ""))?;
        self.authorize(operation)?;
        match operation {
            "GetCostAndUsage" => self.cost_and_usage(body),
            other => Err(AwsError::new(
                Cause::UnknownOperation,
                format!("{other} is not simulated."),
            )),
        }
    }

    fn authorize(&self, operation: &str) -> Result<(), AwsError> {
        let action = format!("ce:{operation}");
        if self.key.grant == Grant::Throttled {
            return Err(AwsError::throttled(Service::CostExplorer));
        }
        if !self.key.allows(&action) {
            let text = format!(
                "User: {} is not authorized to perform: {action} on resource: arn:aws:ce:us-east-1:{}:/{operation} \
                 because no identity-based policy allows the {action} action",
                self.key.arn,
                self.key.account(),
            );
            return Err(AwsError::new(Cause::AccessDenied, text));
        }
        if self.key.grant == Grant::NotEnabled {
            return Err(AwsError::new(
                Cause::AccessDenied,
                "User not enabled for cost explorer access",
            ));
        }
        Ok(())
    }

    fn cost_and_usage(&self, body: &[u8]) -> Result<Reply, AwsError> {
        let tokens = Tokens {
            seed: self.seed,
            account: self.key.account(),
        };
        // Later pages are answered as of the day of the first one.
        let today = |token: Option<&str>| {
            token.map_or(Ok(self.today), |token| Ok(tokens.read(token)?.today))
        };
        let (request, token) = request::check(body, self.key.account(), today)?;
        let token = match token {
            Some(token) => tokens.read(&token)?,
            None => Token::new(0, self.today, &request),
        };
        token.check(&request)?;
        let cut = Cut {
            from: token.from,
            rows: self.page_size as u64,
        };
        let mut page = answer::page(self.books, &request, token.today, &cut);
        if let Some(next) = page.next {
            page.body.next_page_token =
                Some(tokens.write(&Token::new(next, token.today, &request)));
        }
        let body = serde_json::to_string(&page.body)
            .map_err(|_| AwsError::new(Cause::Other("InternalFailure", 500), ""))?;
        Ok(Reply::ok(Service::CostExplorer, body))
    }
}

#[cfg(test)]
mod tests;
