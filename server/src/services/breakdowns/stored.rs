//! How far back a wish reaches, which connections it is about, and which days of a report are
//! stored.

use chrono::NaiveDate;
use domain::{
    Error, Result,
    account::{ConnectionId, ConnectionKind},
    choice::months_answer,
    cube::{Cube, Question},
    grouped::Report,
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
    report::NotAdded,
    user::User,
    wish::{Wanted, Wish},
};

use super::{BreakdownService, days};
use crate::{
    services::{internal, own},
    store::{connections::StoredConnection, costs::SliceInfo},
};

/// The connections that a page is about.
pub(super) struct Whose {
    pub connections: Vec<StoredConnection>,
    /// By name, and why.
    pub left_out: Vec<(String, NotAdded)>,
}

impl BreakdownService {
    /// One of the person's connections, or all that can be added up: the sample's costs are made
    /// up, and where nothing is stored nothing is known.
    pub(super) async fn of(&self, user: &User, of: Option<ConnectionId>) -> Result<Whose> {
        if let Some(id) = of {
            return Ok(Whose {
                connections: vec![own(&self.store, user.id, id).await?],
                left_out: Vec::new(),
            });
        }
        let all = self.store.connections().list(user.id).await;
        let all = all.map_err(|error| internal("listing connections", &error))?;
        let is_sample = |one: &StoredConnection| one.kind == ConnectionKind::Sample;
        let are_real = !all.iter().all(is_sample);
        let mut whose = Whose {
            connections: Vec::new(),
            left_out: Vec::new(),
        };
        let mut empty = Vec::new();
        for one in all {
            if are_real && is_sample(&one) {
                whose.left_out.push((one.name, NotAdded::Sample));
            } else if self.begins(&[one.id], &DAYS.question()).await?.is_none() {
                empty.push(one);
            } else {
                whose.connections.push(one);
            }
        }
        if whose.connections.is_empty() {
            whose.connections = empty;
        } else {
            let why = |one: StoredConnection| (one.name, NotAdded::NothingStored);
            whose.left_out.extend(empty.into_iter().map(why));
        }
        Ok(whose)
    }

    /// What a wish means. Everything that is kept begins with the days, or with the totals of
    /// months where these are enough.
    pub(super) async fn wanted(
        &self,
        ids: &[ConnectionId],
        wish: &Wish,
    ) -> Result<std::result::Result<Wanted, Error>> {
        let today = self.clock.today();
        let days = self.first_day(ids, wish).await?;
        let wanted = wish.read(today, days);
        let are_enough = |wanted: &Wanted| {
            let filter = wanted.whole_filter();
            matches!(wanted.step, Step::Monthly | Step::Total)
                && months_answer(
                    &wanted.group_by,
                    filter.as_ref(),
                    wanted.counted(),
                    wanted.step,
                )
        };
        if !wish.reaches_back() || !wanted.as_ref().is_ok_and(are_enough) {
            return Ok(wanted);
        }
        let months = self.begins(ids, &Question::months()).await?;
        Ok(wish.read(today, days.into_iter().chain(months).min()))
    }

    /// The first day that is stored of any of them, where the wish depends on it.
    pub(super) async fn first_day(
        &self,
        ids: &[ConnectionId],
        wish: &Wish,
    ) -> Result<Option<NaiveDate>> {
        match wish.reaches_back() {
            true => self.begins(ids, &DAYS.question()).await,
            false => Ok(None),
        }
    }

    async fn begins(&self, ids: &[ConnectionId], question: &Question) -> Result<Option<NaiveDate>> {
        let mut first = None;
        for id in ids {
            let reach = self.store.costs();
            let reach = reach.reach(*id, question).await;
            let reach = reach.map_err(|error| internal("reading stored days", &error))?;
            first = first.into_iter().chain(reach.map(|one| one.start())).min();
        }
        Ok(first)
    }

    /// What is known of a question's days, of all connections together.
    pub(super) async fn all_slices(
        &self,
        ids: &[ConnectionId],
        question: &Question,
        period: Period,
    ) -> Result<Vec<SliceInfo>> {
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            all.push(self.slices(*id, question, period).await?);
        }
        Ok(days::together(all))
    }

    /// The stored days of a report within a period; those of a month of which AWS's total was
    /// taken are known with it.
    pub(super) async fn known_days(
        &self,
        ids: &[ConnectionId],
        report: &Report,
        period: Period,
    ) -> Result<Vec<SliceInfo>> {
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let told = report.months.iter().find(|(of, _)| of == id);
            let mut known = Vec::new();
            let mut since = period.start();
            if let Some((_, months)) = told {
                let slices = self.slices(*id, &Question::months(), *months).await?;
                known.extend(slices.iter().flat_map(days_of_month));
                since = months.end();
            }
            if let Ok(rest) = Period::new(since, period.end()) {
                known.extend(self.slices(*id, &report.cube, rest).await?);
            }
            all.push(known);
        }
        Ok(days::together(all))
    }
}

/// The cube that is asked first, and has every day that is kept.
const DAYS: Cube = Cube::ServiceAccount;

fn days_of_month(slice: &SliceInfo) -> impl Iterator<Item = SliceInfo> + use<> {
    let slice = *slice;
    let days = Period::month_of(slice.day).days();
    days.map(move |day| SliceInfo { day, ..slice })
}

/// The report that a page shows.
pub(super) fn query(ids: &[ConnectionId], wanted: &Wanted) -> ReportQuery {
    ReportQuery {
        connections: ids.to_vec(),
        cube: CubeChoice::Best,
        period: wanted.period,
        step: wanted.step,
        group_by: wanted.group_by.clone(),
        metric: wanted.counted(),
        filter: wanted.whole_filter(),
        top: Some(wanted.lines),
    }
}
