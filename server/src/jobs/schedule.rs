//! When a connection's costs are refreshed by themselves. Pure: the time comes in.
//!
//! Each connection has its own times of day, spread over the whole day by its id, so that a
//! server's connections, and all servers, don't ask AWS at the same moment.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::{
    Code,
    account::ConnectionId,
    job::{Cadence, JobState},
};

use super::plan::Occasion;

const SECONDS_A_DAY: u32 = 24 * 60 * 60;
/// After a failure that may have passed: four more tries a day at most, because a failed
/// request may cost as much as one that worked.
const RETRY: TimeDelta = TimeDelta::hours(6);
/// After a refusal that only somebody at AWS can mend, which nobody tells us of.
const RETRY_REFUSED: TimeDelta = TimeDelta::days(7);

/// What has happened so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Past {
    /// The newest job's state; `None` before the first.
    pub state: Option<JobState>,
    /// Why it failed.
    pub error: Option<Code>,
    /// When it last began, or went on.
    pub tried_at: Option<DateTime<Utc>>,
    /// Refreshes that began by themselves on this UTC day.
    pub by_itself_today: u32,
}

/// What is due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Due {
    /// A new refresh.
    Refresh(Occasion),
    /// The failed one goes on.
    Retry,
}

/// What is due now, if anything.
#[must_use]
pub fn due(
    connection: ConnectionId,
    cadence: Cadence,
    past: &Past,
    now: DateTime<Utc>,
) -> Option<Due> {
    let times = cadence.times_a_day();
    let slot = last_slot(connection, times, now)?;
    let since = |at: Option<DateTime<Utc>>| at.map_or(TimeDelta::MAX, |at| now - at);
    match (past.state, past.error) {
        (Some(state), _) if !state.has_ended() => return None,
        (Some(JobState::Failed), Some(code)) => match pardon(code) {
            Pardon::Soon => return (since(past.tried_at) >= RETRY).then_some(Due::Retry),
            Pardon::Later if since(past.tried_at) < RETRY_REFUSED => return None,
            Pardon::Never => return None,
            Pardon::Later => {}
        },
        _ => {}
    }
    let enough = TimeDelta::seconds(i64::from(SECONDS_A_DAY / times)) / 4;
    let is_due = past.by_itself_today < times
        && past.tried_at.is_none_or(|at| at < slot)
        && since(past.tried_at) >= enough;
    is_due.then_some(Due::Refresh(if past.by_itself_today == 0 {
        Occasion::Daily
    } else {
        Occasion::Again
    }))
}

/// The connection's last time of day at or before now; `None` where it has none.
fn last_slot(connection: ConnectionId, times: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let every = SECONDS_A_DAY.checked_div(times)?;
    let jitter = connection.0.as_u128() % u128::from(every);
    let first = now.with_time(NaiveTime::MIN).single()?
        + TimeDelta::seconds(i64::try_from(jitter).ok()?)
        // The last one of the day before.
        - TimeDelta::seconds(i64::from(every));
    let every = TimeDelta::seconds(i64::from(every));
    let slots = std::iter::successors(Some(first), |slot| Some(*slot + every));
    slots.take_while(|slot| *slot <= now).last()
}

/// Whether a failure can mend itself.
enum Pardon {
    /// It may pass by itself.
    Soon,
    /// Somebody has to do something at AWS.
    Later,
    /// The person has to do something here, which begins a sync.
    Never,
}

const fn pardon(code: Code) -> Pardon {
    match code {
        Code::AwsUnknownKey | Code::AwsWrongSecret | Code::AwsExpiredToken | Code::NotAllowed => {
            Pardon::Never
        }
        Code::AwsDenied
        | Code::AwsDeniedByOrganization
        | Code::AwsNotEnabled
        | Code::AwsCutOffByPayer
        | Code::AwsNotActivated
        | Code::AwsRefused
        | Code::AwsUnreadable => Pardon::Later,
        _ => Pardon::Soon,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Its time of day is 05:00, 05:00 and 17:00, or 05:00, 13:00 and 21:00.
    fn at_five() -> ConnectionId {
        ConnectionId(Uuid::from_u128(5 * 60 * 60))
    }

    fn after(state: JobState, tried_at: &str) -> Past {
        Past {
            state: Some(state),
            tried_at: Some(at(tried_at)),
            ..Past::default()
        }
    }

    fn failed(code: Code, tried_at: &str) -> Past {
        Past {
            error: Some(code),
            ..after(JobState::Failed, tried_at)
        }
    }

    const DAILY: Option<Due> = Some(Due::Refresh(Occasion::Daily));
    const AGAIN: Option<Due> = Some(Due::Refresh(Occasion::Again));

    fn due_at(cadence: Cadence, past: &Past, now: &str) -> Option<Due> {
        due(at_five(), cadence, past, at(now))
    }

    #[test]
    fn once_a_day_at_its_own_time() {
        let past = after(JobState::Done, "2026-11-23T05:00:10Z");
        let due = |now| due_at(Cadence::Daily, &past, now);
        assert_eq!(due("2026-11-24T04:59:59Z"), None);
        assert_eq!(due("2026-11-24T05:00:00Z"), DAILY);
        // A server that was off makes up for it.
        assert_eq!(due("2026-11-24T23:00:00Z"), DAILY);
        assert_eq!(due_at(Cadence::Manual, &past, "2026-11-26T05:00:00Z"), None);
        assert_eq!(
            due_at(Cadence::Daily, &Past::default(), "2026-11-26T05:00:00Z"),
            DAILY
        );
    }

    #[test]
    fn what_a_person_refreshed_just_now_is_fresh() {
        let past = after(JobState::Done, "2026-11-24T04:00:00Z");
        assert_eq!(due_at(Cadence::Daily, &past, "2026-11-24T05:00:00Z"), None);
        assert_eq!(due_at(Cadence::Daily, &past, "2026-11-24T10:00:00Z"), DAILY);
    }

    #[test]
    fn more_often_each_time_has_its_turn() {
        let mut past = Past {
            by_itself_today: 1,
            ..after(JobState::Done, "2026-11-24T05:00:00Z")
        };
        let due = |past: &Past, now| due_at(Cadence::ThriceDaily, past, now);
        assert_eq!(due(&past, "2026-11-24T12:59:00Z"), None);
        assert_eq!(due(&past, "2026-11-24T13:00:00Z"), AGAIN);
        past.by_itself_today = 3;
        assert_eq!(due(&past, "2026-11-24T21:00:00Z"), None);
        assert_eq!(
            due_at(Cadence::TwiceDaily, &past, "2026-11-24T17:00:00Z"),
            None
        );
    }

    #[test]
    fn what_is_under_way_or_paused_is_left_alone() {
        for state in [JobState::Waiting, JobState::Running, JobState::Paused] {
            let past = after(state, "2026-11-20T00:00:00Z");
            assert_eq!(due_at(Cadence::Daily, &past, "2026-11-24T12:00:00Z"), None);
        }
        let cancelled = after(JobState::Cancelled, "2026-11-23T12:00:00Z");
        assert_eq!(
            due_at(Cadence::Daily, &cancelled, "2026-11-24T04:00:00Z"),
            None
        );
        assert_eq!(
            due_at(Cadence::Daily, &cancelled, "2026-11-24T05:00:00Z"),
            DAILY
        );
    }

    #[test]
    fn failures_are_retried_where_that_can_help() {
        let due = |code, now| due_at(Cadence::Daily, &failed(code, "2026-11-24T05:00:00Z"), now);
        assert_eq!(due(Code::AwsNetwork, "2026-11-24T10:59:00Z"), None);
        assert_eq!(
            due(Code::AwsNetwork, "2026-11-24T11:00:00Z"),
            Some(Due::Retry)
        );
        assert_eq!(due(Code::AwsDenied, "2026-11-30T12:00:00Z"), None);
        assert_eq!(due(Code::AwsDenied, "2026-12-01T05:00:01Z"), DAILY);
        assert_eq!(due(Code::AwsExpiredToken, "2027-11-24T12:00:00Z"), None);
    }

    proptest! {
        /// Whatever the connection, and however often the server looks: as many refreshes
        /// in a UTC day as the setting says, and never two for one time of day.
        #[test]
        fn never_more_often_than_the_setting_says(
            id in any::<u128>(),
            cadence in prop::sample::select(&Cadence::ALL[1..]),
            looks in prop::collection::vec(1_i64..30_000, 50..300),
        ) {
            let connection = ConnectionId(Uuid::from_u128(id));
            let mut now = at("2024-02-25T00:00:00Z");
            let mut begun: Vec<DateTime<Utc>> = Vec::new();
            for seconds in looks {
                now += TimeDelta::seconds(seconds);
                let today = begun.iter().filter(|at| at.date_naive() == now.date_naive()).count();
                let past = Past {
                    state: begun.last().map(|_| JobState::Done),
                    error: None,
                    tried_at: begun.last().copied(),
                    by_itself_today: u32::try_from(today).unwrap(),
                };
                let found = due(connection, cadence, &past, now);
                prop_assert_eq!(found == DAILY, found.is_some() && today == 0);
                if found.is_some() {
                    prop_assert!(today < cadence.times_a_day() as usize);
                    begun.push(now);
                }
                // Never out of date by more than a day and a bit.
                let last = begun.last().copied();
                if let Some(last) = last.filter(|last| now - *last > TimeDelta::hours(31)) {
                    prop_assert!(false, "nothing since {} at {}", last, now);
                }
            }
        }
    }
}
