//! Answers that are made again only when something was written since, by whatever process:
//! many people look at the same costs, which change a few times a day.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use domain::Result;

use super::internal;
use crate::store::Store;

/// Some answers tell how much time is left of something.
const FOR_AT_MOST: Duration = Duration::from_secs(30);
/// Beyond so many, all are forgotten: they are made again in no time.
const MOST: usize = 64;

/// What was answered, by what was asked.
pub struct Remembered<K, V> {
    slots: Mutex<HashMap<K, Slot<V>>>,
}

type Slot<V> = Arc<tokio::sync::Mutex<Option<Answer<V>>>>;

struct Answer<V> {
    version: String,
    made_at: Instant,
    value: V,
}

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self {
            slots: Mutex::default(),
        }
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    /// The answer to `key`: as it was if nothing was written since, else made now. Who asks
    /// the same at the same time waits for the one that is being made.
    ///
    /// # Errors
    /// When the store fails, or `make` does; then nothing is remembered.
    pub async fn get(
        &self,
        store: &Store,
        key: K,
        make: impl AsyncFnOnce() -> Result<V>,
    ) -> Result<V> {
        let asked_at = Instant::now();
        let slot = self.slot(key);
        let mut slot = slot.lock().await;
        // Made while we waited: nothing in it is older than the question.
        if let Some(answer) = &*slot
            && answer.made_at >= asked_at
        {
            return Ok(answer.value.clone());
        }
        // Before anything is read: what is written meanwhile makes the answer an old one.
        let version = store.version().await;
        let version = version.map_err(|error| internal("reading the store's version", &error))?;
        let Some(version) = version else {
            drop(slot);
            return make().await;
        };
        if let Some(answer) = &*slot
            && answer.version == version
            && answer.made_at.elapsed() < FOR_AT_MOST
        {
            return Ok(answer.value.clone());
        }
        let made_at = Instant::now();
        let value = make().await?;
        *slot = Some(Answer {
            version,
            made_at,
            value: value.clone(),
        });
        Ok(value)
    }

    fn slot(&self, key: K) -> Slot<V> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST && !slots.contains_key(&key) {
            slots.clear();
        }
        Arc::clone(slots.entry(key).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.sqlite").display());
        let store = Store::open(&url.parse().unwrap()).await.unwrap();
        (folder, store)
    }

    #[tokio::test]
    async fn an_answer_is_made_once_until_something_is_written() {
        let (folder, store) = store().await;
        let remembered = Remembered::<u8, u32>::default();
        let made = AtomicU32::new(0);
        let ask = async |key| {
            let make = async || Ok(made.fetch_add(1, Ordering::Relaxed));
            remembered.get(&store, key, make).await.unwrap()
        };
        assert_eq!([ask(1).await, ask(1).await, ask(2).await], [0, 0, 1]);
        store.meta().set("a", "b").await.unwrap();
        assert_eq!([ask(1).await, ask(1).await], [2, 2]);

        // Another process.
        let url = format!("sqlite:{}", folder.path().join("a.sqlite").display());
        let other = Store::open(&url.parse().unwrap()).await.unwrap();
        assert_eq!(ask(1).await, 2);
        other.meta().set("a", "c").await.unwrap();
        assert_eq!(ask(1).await, 3);
    }

    #[tokio::test]
    async fn what_fails_is_asked_again() {
        let (_folder, store) = store().await;
        let remembered = Remembered::<u8, u32>::default();
        let fail = async || Err(domain::Error::not_found("thing"));
        assert!(remembered.get(&store, 1, fail).await.is_err());
        assert_eq!(remembered.get(&store, 1, async || Ok(7)).await.unwrap(), 7);
    }
}
