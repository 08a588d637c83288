//! Cost Explorer in awsJson1.1. Every answer is made from the books, so that all of them agree.
//! A few operations are known by name only, so that permissions can be told apart.

mod anomalies;
mod answer;
mod expression;
mod figures;
mod forecast;
mod paging;
mod period;
mod plans_coverage;
mod plans_utilization;
mod reading;
mod request;
mod reservation_coverage;
mod reservation_utilization;
mod scope;
pub(crate) mod token;
mod values;
mod wire;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::books::Books;
use crate::callers::Caller;
use crate::error::{AwsError, Cause, Reply, Service};
use crate::keys::Grant;
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
    pub caller: &'a Caller,
    pub books: &'a Books,
    pub today: NaiveDate,
    /// AWS's clock, for the age of page tokens.
    pub now: DateTime<Utc>,
    pub seed: u64,
    /// Rows on a page.
    pub page_size: usize,
    /// How long page tokens last, where that was ordered.
    pub token_lasts: Option<Duration>,
}

impl Context<'_> {
    /// Answers a verified request for an operation.
    pub(crate) fn answer(&self, operation: Option<&str>, body: &[u8]) -> Result<Reply, AwsError> {
        let operation = operation.ok_or_else(|| AwsError::new(Cause::UnknownOperation, ""))?;
        self.authorize(operation)?;
        match operation {
            "GetCostAndUsage" => self.cost_and_usage(body),
            "GetCostForecast" => forecast::answer(self, forecast::Of::Cost, body),
            "GetUsageForecast" => forecast::answer(self, forecast::Of::Usage, body),
            "GetReservationUtilization" => reservation_utilization::answer(self, body),
            "GetReservationCoverage" => reservation_coverage::answer(self, body),
            "GetSavingsPlansUtilization" => plans_utilization::answer(self, body),
            "GetSavingsPlansCoverage" => plans_coverage::answer(self, body),
            "GetAnomalies" => anomalies::answer(self, body),
            "GetAnomalyMonitors" => anomalies::monitors(self, body),
            "GetDimensionValues" => values::answer(self, values::Of::Dimension, body),
            "GetTags" => values::answer(self, values::Of::Tags, body),
            "GetCostCategories" => values::answer(self, values::Of::CostCategories, body),
            other => Err(AwsError::new(
                Cause::UnknownOperation,
                format!("{other} is not simulated."),
            )),
        }
    }

    fn authorize(&self, operation: &str) -> Result<(), AwsError> {
        let action = format!("ce:{operation}");
        let grant = self.caller.grant;
        if grant == Grant::Throttled {
            return Err(AwsError::throttled(Service::CostExplorer));
        }
        let denied = |text: String| Err(AwsError::new(Cause::AccessDenied, text));
        if let Some(reason) = grant.refusal(&action) {
            return denied(format!(
                "User: {} is not authorized to perform: {action} on resource: arn:aws:ce:us-east-1:{}:/{operation} {reason}",
                self.caller.arn,
                self.caller.account(),
            ));
        }
        match grant {
            Grant::NotEnabled => denied("User not enabled for cost explorer access".to_owned()),
            Grant::CutOff => {
                denied("Linked account doesn't have access to cost explorer.".to_owned())
            }
            Grant::NotActivated => {
                let text = "The AWS Access Key Id needs a subscription for the service";
                let cause = Cause::Other("SubscriptionRequiredException", 400);
                Err(AwsError::new(cause, text))
            }
            _ => Ok(()),
        }
    }

    fn cost_and_usage(&self, body: &[u8]) -> Result<Reply, AwsError> {
        let tokens = self.tokens();
        // Later pages are answered as of the day of the first one.
        let today = |token: Option<&str>| {
            token.map_or(Ok(self.today), |token| Ok(tokens.read(token)?.today))
        };
        let (request, token) = request::check(body, self.caller.company, today)?;
        let digest = token::digest("GetCostAndUsage", &request);
        let token = match token {
            Some(token) => tokens.read(&token)?,
            None => Token::new(0, self.today, digest),
        };
        token.check(digest)?;
        let cut = Cut {
            from: token.from,
            rows: self.page_size as u64,
        };
        let mut page = answer::page(self.books, &request, token.today, &cut);
        if let Some(next) = page.next {
            page.body.next_page_token = Some(tokens.write(&Token::new(next, token.today, digest)));
        }
        json_reply(&page.body)
    }

    fn tokens(&self) -> Tokens<'_> {
        Tokens {
            seed: self.seed,
            account: self.caller.account(),
            now: self.now,
            last: self.token_lasts,
        }
    }
}

/// A successful answer.
fn json_reply(body: &impl Serialize) -> Result<Reply, AwsError> {
    let body = serde_json::to_string(body).map_err(|_| AwsError::internal())?;
    Ok(Reply::ok(Service::CostExplorer, body))
}

#[cfg(test)]
mod tests;
