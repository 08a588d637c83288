//! What it costs. Answers are whole or not at all; nothing here is stored.

use aws_sdk_costexplorer::{
    operation::get_cost_and_usage::{GetCostAndUsageInput, GetCostAndUsageOutput},
    types::{DateInterval, Granularity, GroupDefinition, GroupDefinitionType},
};
use chrono::NaiveDate;
use domain::{
    cube::{Cube, DaySlice, LinkedAccountName},
    ledger::Operation,
    metric::Metric,
    period::Period,
};

use super::{Asking, Gateway};
use crate::aws::{
    classify::Failure,
    convert::{ConvertError, Pages},
    error::{AwsError, Kind},
    priority::Priority,
    retry::Answered,
    target::Target,
};

/// More pages than any answer has: AWS would be sending us in circles.
const MANY_PAGES: u32 = 2_000;
/// How often a question is begun again when its answer changed under our hands.
const RESTARTS: u32 = 1;

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

impl Gateway {
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
        let input = GetCostAndUsageInput::builder()
            .set_time_period(question.time_period())
            .granularity(Granularity::Daily)
            .set_metrics(Some(question.metrics()))
            .set_group_by(question.group_by())
            .set_next_page_token(token);
        let asking = Asking::of(target, Operation::GetCostAndUsage, priority);
        self.ask(asking, input, |input, call| async move {
            input.send_with(&call.cost_explorer()).await
        })
        .await
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
