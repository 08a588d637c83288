//! Costs by whatever a person chooses, from what is stored. What isn't stored has a price, which
//! is shown first; then a job asks AWS for it.

mod because;
mod charges;
mod compare;
mod days;
mod earlier;
mod steps;
mod stored;
mod why;

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use domain::{
    Error, Result,
    account::ConnectionId,
    breakdown::{Alone, Asked, Breakdown, Found, Offer, Outcome, USED_DAYS},
    choice,
    cube::Question,
    dimension::{Filter, GroupKey},
    focus::Charge,
    grouped::Report,
    job::{JobState, SyncState, price},
    period::Period,
    ports::Breakdowns,
    query::ReportQuery,
    user::User,
    wish::{Wanted, Wish},
};

use self::{earlier::Beside, stored::Whose};
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

/// An answer, and what is known of what is still asked.
struct Seen {
    /// Of a connection alone.
    sync: Option<SyncState>,
    past: Vec<Past>,
    outcome: Outcome,
}

impl Seen {
    /// Whether something is said to be on its way though nobody fetches it.
    fn waits_in_vain(&self) -> bool {
        let is_open = |sync: &SyncState| sync.running || sync.state == Some(JobState::Paused);
        matches!(self.outcome, Outcome::OnItsWay(_)) && !self.sync.as_ref().is_some_and(is_open)
    }
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

    async fn seen(&self, ids: &[ConnectionId], wish: &Wish) -> Result<Seen> {
        // First: what is said to have come is in the answer below.
        let sync = match ids {
            [alone] => Some(state::of(&self.store, self.clock, *alone).await?),
            _ => None,
        };
        let mut past = Vec::with_capacity(ids.len());
        for id in ids {
            past.push(self.past(*id).await?);
        }
        let outcome = self.outcome(ids, wish, &past).await?;
        Ok(Seen {
            sync,
            past,
            outcome,
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

    async fn outcome(&self, ids: &[ConnectionId], wish: &Wish, past: &[Past]) -> Result<Outcome> {
        let wanted = match self.wanted(ids, wish).await? {
            Ok(wanted) => wanted,
            Err(error) => return Ok(Outcome::Refused(error)),
        };
        let query = stored::query(ids, &wanted);
        match self.reported(&query).await? {
            Reported::Ask(question) => self.to_ask(ids, question, &query, past).await,
            Reported::Known(report) => {
                let found = self.found(ids, wanted, report, &query, past).await?;
                Ok(Outcome::Found(Box::new(found)))
            }
        }
    }

    async fn reported(&self, query: &ReportQuery) -> Result<Reported> {
        let reported = self.store.costs().report(query).await;
        reported.map_err(|error| internal("making a report", &error))
    }

    async fn to_ask(
        &self,
        ids: &[ConnectionId],
        question: Question,
        query: &ReportQuery,
        past: &[Past],
    ) -> Result<Outcome> {
        if let Err(error) = question.check() {
            return Ok(Outcome::Refused(error));
        }
        let ([id], [past]) = (ids, past) else {
            return Ok(Outcome::Refused(asked_of_one()));
        };
        if let Some(coming) = past.open.iter().find(|open| will_answer(open, query)) {
            return Ok(Outcome::OnItsWay(coming.clone()));
        }
        let offer = self.offer(*id, &question, &past.answers).await?;
        Ok(match offer {
            Some(offer) => Outcome::Ask(offer),
            None => Outcome::OnItsWay(question),
        })
    }

    /// Everything about a report that the store knows.
    async fn found(
        &self,
        ids: &[ConnectionId],
        wanted: Wanted,
        mut report: Report,
        query: &ReportQuery,
        past: &[Past],
    ) -> Result<Found> {
        let question = report.cube.clone();
        let slices = self.known_days(ids, &report, wanted.period).await?;
        let known = bills::known(begun(wanted.period, self.clock.today()), &slices);
        let mut restated = BTreeSet::new();
        for id in ids {
            let costs = self.store.costs();
            let days = costs.restated_days(*id, &question, wanted.period).await;
            restated.extend(days.map_err(|error| internal("reading restated days", &error))?);
        }
        let pieces = days::states(&report.pieces, &slices, &restated);
        let (mut compared, mut lacking, mut why) = (None, None, None);
        if let Some(period) = wanted.compare {
            match self.compared(ids, &mut report, query, period).await? {
                Beside::Compared(beside) => compared = Some(*beside),
                Beside::Lacking(days) => lacking = Some(days),
                Beside::Unknown => {}
            }
            if query.metric.is_cost() && lacking.is_none() {
                let periods = [period, wanted.period];
                why = Some(self.because(query, periods, past).await?);
            }
        }
        let to_total = self.to_total(query, &report, known).await?;
        let disagreeing = self.disagreeing(query, &question).await?;
        let mut again = None;
        if let ([id], [past]) = (ids, past)
            && past.cubes.iter().any(|cube| cube.question == question)
        {
            self.note_use(*id, &question, past).await?;
            if !past.open.contains(&question) {
                again = self.offer(*id, &question, &past.answers).await?;
            }
        }
        Ok(Found {
            wanted,
            report,
            pieces,
            known,
            as_of: slices.iter().map(|slice| slice.asked_at).max(),
            compared,
            lacking,
            why,
            to_total,
            disagreeing,
            again,
        })
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

    /// For each filter of a wish, known values of its key.
    async fn values(&self, ids: &[ConnectionId], wish: &Wish) -> Result<Vec<Vec<String>>> {
        let mut all = Vec::with_capacity(wish.filters.len());
        for filter in &wish.filters {
            let mut known = BTreeSet::new();
            if let Ok(key) = filter.only.trim().parse::<GroupKey>() {
                for id in ids {
                    let values = self.store.costs().known_values(*id, &key).await;
                    known.extend(values.map_err(|error| internal("reading known values", &error))?);
                }
            }
            all.push(known.into_iter().take(VALUES_OFFERED).collect());
        }
        Ok(all)
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

/// Several connections at once are never asked: it would be unclear for whose money.
fn asked_of_one() -> Error {
    Error::invalid(
        "connection",
        "AWS would have to be asked this for each connection.",
        "Choose a single connection to see what asking costs.",
    )
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
fn own_keys(cubes: &[&AskedCube]) -> Vec<GroupKey> {
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
    async fn breakdown(
        &self,
        user: &User,
        of: Option<ConnectionId>,
        wish: Wish,
    ) -> Result<Breakdown> {
        let Whose {
            connections,
            left_out,
        } = self.of(user, of).await?;
        let ids: Vec<ConnectionId> = connections.iter().map(|one| one.id).collect();
        let mut names = Vec::new();
        for id in &ids {
            let named = self.store.costs().linked_account_names(*id).await;
            names.extend(named.map_err(|error| internal("reading accounts' names", &error))?);
        }
        let mut seen = self.seen(&ids, &wish).await?;
        if seen.waits_in_vain() {
            // It was asked, or came, while this was put together.
            seen = self.seen(&ids, &wish).await?;
        }
        let Seen {
            sync,
            past,
            outcome,
        } = seen;
        let alone = match (&connections[..], &past[..], sync) {
            ([connection], [past], Some(sync)) => Some(Alone {
                asked: self.listed(past),
                sync,
                cap: caps::status(&self.store, self.clock, connection).await?,
            }),
            _ => None,
        };
        let cubes: Vec<&AskedCube> = past.iter().flat_map(|past| &past.cubes).collect();
        Ok(Breakdown {
            connections: ids.clone(),
            left_out,
            today: self.clock.today(),
            outcome,
            keys: own_keys(&cubes),
            values: self.values(&ids, &wish).await?,
            names,
            alone,
            wish,
        })
    }

    async fn charges(
        &self,
        user: &User,
        id: ConnectionId,
        wish: &Wish,
    ) -> Result<(Period, Vec<Charge>)> {
        let connection = own(&self.store, user.id, id).await?;
        let first = self.first_day(&[connection.id], wish).await?;
        let period = wish.read(self.clock.today(), first)?.period;
        let charges = charges::by_day(&self.store, connection.id, period).await?;
        Ok((period, charges))
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
