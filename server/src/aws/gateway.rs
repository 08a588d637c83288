//! The questions that the product asks AWS. Answers are whole or not at all;
//! nothing here is stored.

use std::sync::Arc;

use aws_sdk_costexplorer::{
    operation::{RequestId, get_cost_and_usage::GetCostAndUsageOutput},
    types::{DateInterval, Granularity, GroupDefinition, GroupDefinitionType},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::AwsAccountId,
    cube::{Cube, DaySlice, LinkedAccountName},
    ledger::{Operation, Payer},
    metric::Metric,
    period::Period,
};

use super::{
    classify::{Failure, classify},
    client::{Clients, Endpoint},
    convert::{ConvertError, Pages},
    departing::Departing,
    error::{AwsError, Kind},
    key::AwsKey,
    lane::{Pace, Priority},
    ledger::Ledger,
    retry::{Answered, Attempts, Outcome, Request, RetrySettings, random_fraction},
    throttle::Throttle,
    timer::TokioTimer,
};

/// More pages than any answer has: AWS would be sending us in circles.
const MANY_PAGES: u32 = 2_000;
/// How often a question is begun again when its answer changed under our hands.
const RESTARTS: u32 = 1;

/// How the gateway works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where real connections lead.
    pub endpoint: Endpoint,
    /// Cost Explorer requests in a second for each AWS account.
    pub cost_explorer_per_second: u32,
    /// STS requests in a second for each access key.
    pub sts_per_second: u32,
    /// Requests that may wait for one account; more are refused.
    pub queue_limit: usize,
    /// How stubborn it is.
    pub retries: RetrySettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            endpoint: Endpoint::Aws,
            cost_explorer_per_second: 5,
            sts_per_second: 5,
            queue_limit: 600,
            retries: RetrySettings::default(),
        }
    }
}

/// Who asks, and where.
pub struct Target {
    /// Signs the requests.
    pub key: Arc<AwsKey>,
    /// Whose requests they are. Its AWS account, once known, names the queue.
    pub payer: Payer,
    /// Where they go: [`Gateway::default_endpoint`], or the sample account's simulator.
    pub endpoint: Endpoint,
}

/// Who a key is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// The account it belongs to.
    pub account: AwsAccountId,
    /// The user or role.
    pub arn: String,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// By day, oldest first. A day that AWS left out is not in it.
    pub slices: Vec<DaySlice>,
    /// By account.
    pub names: Vec<LinkedAccountName>,
    /// Attempts that left the machine, each of them priced.
    pub requests: u32,
}

/// Asks AWS: throttled, retried, written down.
pub struct Gateway {
    clients: Clients,
    endpoint: Endpoint,
    cost_explorer: Attempts,
    sts: Attempts,
}

impl Gateway {
    /// Reads the machine's trusted certificates: make one and keep it. `now`
    /// tells the time of day for the ledger, and is compared with AWS's.
    #[must_use]
    pub fn new(settings: &Settings, ledger: Arc<dyn Ledger>, now: fn() -> DateTime<Utc>) -> Self {
        Self::with_clients(Clients::new(), settings, ledger, now)
    }

    pub(super) fn with_clients(
        clients: Clients,
        settings: &Settings,
        ledger: Arc<dyn Ledger>,
        now: fn() -> DateTime<Utc>,
    ) -> Self {
        let attempts = |per_second| {
            let pace = Pace {
                per_second,
                queue_limit: settings.queue_limit,
            };
            Attempts {
                throttle: Throttle::new(pace, Arc::new(TokioTimer)),
                ledger: Arc::clone(&ledger),
                timer: Arc::new(TokioTimer),
                settings: settings.retries,
                fraction: random_fraction,
                now,
            }
        };
        Self {
            clients,
            endpoint: settings.endpoint.clone(),
            cost_explorer: attempts(settings.cost_explorer_per_second),
            sts: attempts(settings.sts_per_second),
        }
    }

    /// Where real connections lead.
    #[must_use]
    pub fn default_endpoint(&self) -> Endpoint {
        self.endpoint.clone()
    }

    /// Asks who a key is: free, and allowed to every key.
    ///
    /// # Errors
    /// When AWS doesn't say.
    pub async fn identity(
        &self,
        target: &Target,
        priority: Priority,
    ) -> Result<Identity, AwsError> {
        let operation = Operation::GetCallerIdentity;
        let client = self.clients.sts(&target.key, &target.endpoint);
        let lane = lane(target, None);
        let request = Request {
            operation,
            payer: &target.payer,
            lane: &lane,
            priority,
        };
        let now = self.sts.now;
        let answered = self
            .sts
            .run(request, |permit| {
                let call = client
                    .get_caller_identity()
                    .customize()
                    .interceptor(Departing::new(permit))
                    .send();
                async move { outcome(call.await, now) }
            })
            .await?;
        let (account, arn) = (answered.value.account(), answered.value.arn());
        match (account.and_then(|account| account.parse().ok()), arn) {
            (Some(account), Some(arn)) => Ok(Identity {
                account,
                arn: arn.to_owned(),
            }),
            _ => Err(AwsError::new(
                operation,
                answered.attempts,
                Failure::of(Kind::Unreadable),
            )),
        }
    }

    /// Asks one priced question, to learn whether the key may ask at all: the
    /// costs of the day before `today`.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers `{}`.
    pub async fn probe(
        &self,
        target: &Target,
        today: NaiveDate,
        priority: Priority,
    ) -> Result<(), AwsError> {
        let yesterday = Period::day(today.pred_opt().unwrap_or(today));
        let question = Question {
            cube: None,
            period: yesterday,
        };
        let answered = self.page(target, &question, None, priority).await?;
        match answered.value.results_by_time {
            Some(_) => Ok(()),
            None => Err(AwsError::new(
                Operation::GetCostAndUsage,
                answered.attempts,
                Failure::caused(Kind::NoData, ConvertError::NoData),
            )),
        }
    }

    /// Asks for the daily costs of a period, in all seven metrics. Nothing is
    /// returned until every page has come.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read. The error says
    /// how many requests it took.
    pub async fn cost_and_usage(
        &self,
        target: &Target,
        cube: Cube,
        period: Period,
        priority: Priority,
    ) -> Result<Answer, AwsError> {
        let question = Question {
            cube: Some(cube),
            period,
        };
        let mut requests = 0;
        let mut restarts = 0;
        loop {
            let pages = self
                .pages(target, &question, cube, priority, &mut requests)
                .await;
            match pages.and_then(|pages| pages.finish().map_err(unreadable)) {
                Ok((slices, names)) => {
                    return Ok(Answer {
                        slices,
                        names,
                        requests,
                    });
                }
                Err(Stopped::Failure(failure)) => {
                    return Err(AwsError::new(Operation::GetCostAndUsage, requests, failure));
                }
                Err(Stopped::Aws(error))
                    if error.kind == Kind::AnswerChanged && restarts < RESTARTS =>
                {
                    restarts += 1;
                }
                Err(Stopped::Aws(mut error)) => {
                    error.attempts = requests;
                    return Err(error);
                }
            }
        }
    }

    async fn pages(
        &self,
        target: &Target,
        question: &Question,
        cube: Cube,
        priority: Priority,
        requests: &mut u32,
    ) -> Result<Pages, Stopped> {
        let mut pages = Pages::new(cube, question.period);
        let mut token: Option<String> = None;
        for _ in 0..MANY_PAGES {
            let answered = self.page(target, question, token.clone(), priority).await;
            let mut page = match answered {
                Ok(answered) => {
                    *requests += answered.attempts;
                    answered.value
                }
                Err(error) => {
                    *requests += error.attempts;
                    return Err(Stopped::Aws(error));
                }
            };
            let next = page
                .next_page_token
                .take()
                .filter(|token| !token.is_empty());
            pages.add(page).map_err(unreadable)?;
            match next {
                None => return Ok(pages),
                same if same == token => break,
                next => token = next,
            }
        }
        Err(Stopped::Failure(Failure::of(Kind::Unreadable)))
    }

    async fn page(
        &self,
        target: &Target,
        question: &Question,
        token: Option<String>,
        priority: Priority,
    ) -> Result<Answered<GetCostAndUsageOutput>, AwsError> {
        let operation = Operation::GetCostAndUsage;
        let client = self.clients.cost_explorer(&target.key, &target.endpoint);
        let lane = lane(target, target.payer.aws_account.as_ref());
        let request = Request {
            operation,
            payer: &target.payer,
            lane: &lane,
            priority,
        };
        let now = self.cost_explorer.now;
        let ask = |permit| {
            let call = client
                .get_cost_and_usage()
                .set_time_period(question.time_period())
                .granularity(Granularity::Daily)
                .set_metrics(Some(question.metrics()))
                .set_group_by(question.group_by())
                .set_next_page_token(token.clone())
                .customize()
                .interceptor(Departing::new(permit))
                .send();
            async move { outcome(call.await, now) }
        };
        self.cost_explorer.run(request, ask).await
    }
}

struct Question {
    /// `None` asks for one cost without any grouping: the cheapest question there is.
    cube: Option<Cube>,
    period: Period,
}

impl Question {
    fn time_period(&self) -> Option<DateInterval> {
        let (start, end) = (self.period.start(), self.period.end());
        DateInterval::builder()
            .start(start.to_string())
            .end(end.to_string())
            .build()
            .ok()
    }

    fn metrics(&self) -> Vec<String> {
        let metrics: &[Metric] = if self.cube.is_some() {
            &Metric::ALL
        } else {
            &[Metric::Unblended]
        };
        metrics
            .iter()
            .map(|metric| metric.aws_name().to_owned())
            .collect()
    }

    fn group_by(&self) -> Option<Vec<GroupDefinition>> {
        let group = |key| {
            GroupDefinition::builder()
                .r#type(GroupDefinitionType::Dimension)
                .key(key)
                .build()
        };
        self.cube.map(|cube| {
            cube.dimensions()
                .map(|dimension| group(dimension.aws_name()))
                .to_vec()
        })
    }
}

/// Why a question's pages aren't all here.
enum Stopped {
    /// The error counts the attempts of its page alone.
    Aws(AwsError),
    Failure(Failure),
}

fn unreadable(error: ConvertError) -> Stopped {
    let kind = if error == ConvertError::NoData {
        Kind::NoData
    } else {
        Kind::Unreadable
    };
    Stopped::Failure(Failure::caused(kind, error))
}

/// Two connections to one AWS account share its queue. A key whose account
/// isn't known yet has one of its own, and so has the simulator.
fn lane(target: &Target, account: Option<&AwsAccountId>) -> String {
    let name = account.map_or(target.key.access_key_id.as_str(), AwsAccountId::as_str);
    match &target.endpoint {
        Endpoint::Aws => name.to_owned(),
        Endpoint::At(loopback) => format!("{name} at {loopback}"),
    }
}

fn outcome<T, E>(
    result: Result<T, aws_sdk_costexplorer::error::SdkError<E>>,
    now: fn() -> DateTime<Utc>,
) -> Outcome<T>
where
    T: RequestId,
    E: aws_sdk_costexplorer::error::ProvideErrorMetadata
        + std::error::Error
        + Send
        + Sync
        + 'static,
{
    match result {
        Ok(value) => {
            let request_id = value.request_id().map(str::to_owned);
            Ok((value, request_id))
        }
        Err(error) => Err(classify(error, now())),
    }
}

#[cfg(test)]
#[path = "gateway_tests.rs"]
mod tests;
