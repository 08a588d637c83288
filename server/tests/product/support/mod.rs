//! What the tests share: the running binary, browsers, AWS, and the right answers.

pub mod browser;
pub mod database;
pub mod oracle;
pub mod process;
pub mod stage;

use std::{future::Future, time::Duration};

use chrono::NaiveDate;
use tokio::time::Instant;

/// Longer than anything takes on a busy machine: reaching it is a failure.
const DEADLINE: Duration = Duration::from_secs(300);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(25);

/// Looks again and again until there is something.
pub async fn eventually<T, F>(what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}
