//! What a page loads from the server.

#[cfg(feature = "hydrate")]
use std::sync::Arc;

use leptos::{
    prelude::*,
    server::{
        ArcResource,
        codee::{Decoder, Encoder},
    },
};
use serde::{Serialize, de::DeserializeOwned};

#[cfg(feature = "hydrate")]
use crate::turn::{Call, Turn};

/// An answer of the server: it travels inside the page's HTML, and is asked for anew when
/// what it depends on changes.
pub type Loaded<T> = Resource<T, Json>;

/// Loads what `fetcher` fetches for what `source` says. The page's HTML waits for it.
#[cfg(not(feature = "hydrate"))]
pub fn loaded<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> F + Send + Sync + 'static,
) -> Loaded<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    ArcResource::new_with_options(source, fetcher, true).into()
}

/// Loads what `fetcher` fetches for what `source` says. When that changes, what is still on its
/// way is dropped, which ends the request, and the next one begins at once: by itself a resource
/// waits for its request to end before it makes another. So it's when something else than
/// `source` says so that the resource begins anew.
#[cfg(feature = "hydrate")]
pub fn loaded<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> F + Send + Sync + 'static,
) -> Loaded<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let source = ArcMemo::new(move |_| source());
    let turn = Turn::new(source.get_untracked());
    let round = ArcRwSignal::new(0_u32);
    let fetcher = Arc::new(fetcher);
    let resource = {
        let (source, turn, round) = (source.clone(), turn.clone(), round.clone());
        let fetch = move |_| {
            let (source, turn, fetcher) = (source.clone(), turn.clone(), Arc::clone(&fetcher));
            async move { turn.newest(|| source.get_untracked(), &*fetcher).await }
        };
        ArcResource::new_with_options(move || round.get(), fetch, true)
    };
    Effect::new({
        let turn = turn.clone();
        move |_| {
            if turn.calls(&source.get()) == Call::Begin {
                round.update(|round| *round = round.wrapping_add(1));
            }
        }
    });
    on_cleanup(move || turn.leave());
    resource.into()
}

/// JSON as answers to server functions are read: from bytes. Leptos' own codec reads text,
/// and serde would be in the browser half twice for everything that pages show.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}
