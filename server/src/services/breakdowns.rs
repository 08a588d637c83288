//! Costs by whatever a person chooses, from what is stored. What isn't stored has a price, which
//! is shown first; then a job asks AWS for it.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use domain::{
    Error, Result,
    account::ConnectionId,
    breakdown::{Asked, Breakdown, Found, Offer, Outcome, USED_DAYS},
    choice,
    cube::Question,
    dimension::{Filter, GroupKey},
    job::{JobState, SyncState, price},
    period::Period,
    ports::Breakdowns,
    query::{CubeChoice, ReportQuery},
    user::User,
    wish::{Wanted, Wish},
};

use super::{bills, caps, clock::Clock, internal, overview::KnownDay, own, state};
use crate::{
    jobs::{
        plan::{self, History, Part, Step},
        sync::Syncer,
    },
    store::{
        Store,
        costs::{AskedCube, Reported, SliceInfo},
        jobs::{AskedAnswer, StepState},
    },
};

/// That somebody looks is written down no more often than this.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);
/// So many values are offered to choose from.
const VALUES_OFFERED: usize = 300;

/// Implements [`Breakdowns`].
pub struct BreakdownService {
    store: Store,
    clock: Clock,
    syncer: Arc<Syncer>,
}

/// What has been asked so far.
struct Past {
    cubes: Vec<AskedCube>,
    answers: Vec<AskedAnswer>,
    /// Waiting for an answer.
    open: Vec<Question>,
}

impl BreakdownService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock, syncer: Arc<Syncer>) -> Self {
        Self {
            store,
            clock,
            syncer,
        }
    }

    async fn past(&self, id: ConnectionId) -> Result<Past> {
        let failed = |error| internal("reading what was asked", &error);
        let jobs = self.store.jobs();
        let latest = jobs.latest(id).await.map_err(failed)?;
        let mut open = Vec::new();
        if let Some(latest) = latest.filter(|job| !job.state.has_ended()) {
            let steps = jobs.steps(latest.id).await.map_err(failed)?;
            open.extend(
                steps
                    .into_iter()
                    .filter_map(|step| match (step.state, step.step.part) {
                        (StepState::Open, Part::Asked(question)) => Some(*question),
                        _ => None,
                    }),
            );
        }
        Ok(Past {
            cubes: self.store.costs().asked_cubes(id).await.map_err(failed)?,
            answers: jobs.asked_answers(id).await.map_err(failed)?,
            open,
        })
    }

    /// What asking comes to; `None` when there is nothing to ask.
    async fn step(&self, id: ConnectionId, question: &Question) -> Result<Option<(Step, History)>> {
        let today = self.clock.today();
        let slices = self.slices(id, question, Period::kept(today)).await?;
        let history = History {
            days: slices.iter().map(KnownDay::of).collect(),
            ..History::default()
        };
        Ok(plan::asked_step(today, question, &history).map(|step| (step, history)))
    }

    async fn offer(
        &self,
        id: ConnectionId,
        question: &Question,
        answers: &[AskedAnswer],
    ) -> Result<Option<Offer>> {
        let Some((step, history)) = self.step(id, question).await? else {
            return Ok(None);
        };
        let first = history.days.is_empty();
        let question = question.canonical();
        let requests = match first {
            // It was there once: the same days come in the same pages.
            true => last_whole(answers, &question, step.period),
            false => Some(state::of_a_refresh(answers, &question)),
        };
        Ok(Some(Offer {
            question,
            period: step.period,
            requests: requests.unwrap_or(1),
            first: requests.is_none(),
        }))
    }

    async fn slices(
        &self,
        id: ConnectionId,
        question: &Question,
        period: Period,
    ) -> Result<Vec<SliceInfo>> {
        let slices = self.store.costs().slices(id, question, period).await;
        slices.map_err(|error| internal("reading stored days", &error))
    }

    async fn outcome(&self, id: ConnectionId, wish: &Wish, past: &Past) -> Result<Outcome> {
        let today = self.clock.today();
        let wanted = match wish.read(today) {
            Ok(wanted) if wanted.counted().is_cost() => wanted,
            Ok(_) => return Ok(Outcome::Refused(Error::not_money())),
            Err(error) => return Ok(Outcome::Refused(error)),
        };
        let query = query(id, &wanted);
        let reported = self.store.costs().report(&query).await;
        match reported.map_err(|error| internal("making a report", &error))? {
            Reported::Ask(question) => {
                if let Some(coming) = past.open.iter().find(|open| will_answer(open, &query)) {
                    return Ok(Outcome::OnItsWay(coming.clone()));
                }
                if let Err(error) = question.check() {
                    return Ok(Outcome::Refused(error));
                }
                let offer = self.offer(id, &question, &past.answers).await?;
                Ok(match offer {
                    Some(offer) => Outcome::Ask(offer),
                    None => Outcome::OnItsWay(question),
                })
            }
            Reported::Known(report) => {
                let question = report.cube.clone();
                let slices = self.slices(id, &question, wanted.period).await?;
                let begun = begun(wanted.period, today);
                let known = bills::known(begun, &slices);
                let is_asked = past.cubes.iter().any(|cube| cube.question == question);
                let mut again = None;
                if is_asked {
                    self.note_use(id, &question, past).await?;
                    if !past.open.contains(&question) {
                        again = self.offer(id, &question, &past.answers).await?;
                    }
                }
                Ok(Outcome::Found(Box::new(Found {
                    wanted,
                    report,
                    known,
                    as_of: slices.iter().map(|slice| slice.asked_at).max(),
                    again,
                })))
            }
        }
    }

    /// What is looked at is worth keeping fresh.
    async fn note_use(&self, id: ConnectionId, question: &Question, past: &Past) -> Result<()> {
        let now = self.clock.now();
        let noted = past
            .cubes
            .iter()
            .any(|cube| cube.question == *question && now - cube.last_used_at < NOTED_EVERY);
        if noted {
            return Ok(());
        }
        let used = self.store.costs().used(id, question, now).await;
        used.map_err(|error| internal("noting that a cube is used", &error))
    }

    async fn values(&self, id: ConnectionId, wish: &Wish) -> Result<Vec<String>> {
        let Ok(key) = wish.only.trim().parse::<GroupKey>() else {
            return Ok(Vec::new());
        };
        let values = self.store.costs().known_values(id, &key).await;
        let mut values = values.map_err(|error| internal("reading known values", &error))?;
        values.truncate(VALUES_OFFERED);
        Ok(values)
    }

    /// Which of the asked ones a refresh asks for anew, and for how much.
    fn listed(&self, past: &Past) -> Vec<Asked> {
        let since = self.clock.now() - TimeDelta::days(USED_DAYS);
        let listed = |cube: &AskedCube| Asked {
            requests: state::of_a_refresh(&past.answers, &cube.question),
            question: cube.question.clone(),
            period: cube.period,
            days: cube.days,
            groups: cube.groups,
            as_of: cube.as_of,
            last_used_at: cube.last_used_at,
            refreshed: cube.last_used_at >= since,
        };
        past.cubes.iter().map(listed).collect()
    }
}

/// The days of a period that have begun.
fn begun(period: Period, today: NaiveDate) -> Period {
    let end = period.end().min(Period::day(today).end());
    Period::new(period.start(), end).unwrap_or(period)
}

fn query(id: ConnectionId, wanted: &Wanted) -> ReportQuery {
    ReportQuery {
        connections: vec![id],
        cube: CubeChoice::Best,
        period: wanted.period,
        step: wanted.step,
        group_by: wanted.group_by.clone(),
        metric: wanted.counted(),
        filter: wanted.whole_filter(),
        top: Some(wanted.lines),
    }
}

fn will_answer(question: &Question, query: &ReportQuery) -> bool {
    let filter = query.filter.as_ref();
    choice::answers(question, &query.group_by, filter, query.period, query.step).is_some()
}

/// How many requests as many days took the last time.
fn last_whole(answers: &[AskedAnswer], question: &Question, period: Period) -> Option<u32> {
    let mut last = answers.iter().rev();
    last.find(|one| one.question == *question && one.period.len() + 31 >= period.len())
        .map(|one| one.requests.max(1))
}

/// Tags and cost categories that somebody has grouped or filtered by.
fn own_keys(cubes: &[AskedCube]) -> Vec<GroupKey> {
    let keys: BTreeSet<&GroupKey> = cubes
        .iter()
        .flat_map(|cube| {
            let filtered = cube.question.filter.as_ref();
            let filtered = filtered.map(Filter::keys).unwrap_or_default();
            cube.question.keys.iter().chain(filtered)
        })
        .filter(|key| !matches!(key, GroupKey::Dimension(_)))
        .collect();
    keys.into_iter().cloned().collect()
}

#[async_trait]
impl Breakdowns for BreakdownService {
    async fn breakdown(&self, user: &User, id: ConnectionId, wish: Wish) -> Result<Breakdown> {
        let connection = own(&self.store, user.id, id).await?;
        let past = self.past(id).await?;
        let outcome = self.outcome(id, &wish, &past).await?;
        let names = self.store.costs().linked_account_names(id).await;
        Ok(Breakdown {
            connection: id,
            today: self.clock.today(),
            outcome,
            keys: own_keys(&past.cubes),
            values: self.values(id, &wish).await?,
            names: names.map_err(|error| internal("reading accounts' names", &error))?,
            asked: self.listed(&past),
            sync: state::of(&self.store, self.clock, id).await?,
            cap: caps::status(&self.store, self.clock, &connection).await?,
            wish,
        })
    }

    async fn ask(
        &self,
        user: &User,
        id: ConnectionId,
        question: &Question,
        beyond_cap: bool,
    ) -> Result<SyncState> {
        let connection = own(&self.store, user.id, id).await?;
        question.check()?;
        let past = self.past(id).await?;
        let step = self.step(id, question).await?;
        let offer = self.offer(id, question, &past.answers).await?;
        if let (Some((step, _)), Some(offer)) = (step, offer) {
            let cap = caps::status(&self.store, self.clock, &connection).await?;
            if !beyond_cap && !cap.covers(offer.price()) {
                return Err(cap.refusal(&offer.price().display()));
            }
            self.syncer.ask(user.id, id, &step).await?;
        }
        state::of(&self.store, self.clock, id).await
    }

    async fn forget(&self, user: &User, id: ConnectionId, question: &Question) -> Result<()> {
        own(&self.store, user.id, id).await?;
        question.check()?;
        let forgotten = self.store.costs().forget(id, question).await;
        if forgotten.map_err(|error| internal("forgetting a cube", &error))? {
            Ok(())
        } else {
            Err(Error::not_found("breakdown"))
        }
    }
}

/// What going on with the newest job costs, where it asks only what a person wanted to know.
#[must_use]
pub fn rest_of(state: &SyncState) -> Option<domain::money::Money> {
    let open = state
        .parts
        .iter()
        .filter(|part| part.days_done < part.days_total);
    let is_it = state.asked && matches!(state.state, Some(JobState::Failed | JobState::Cancelled));
    is_it.then(|| price(u32::try_from(open.count()).unwrap_or(u32::MAX)))
}
