//! What a page loads from the server.

use leptos::{
    prelude::*,
    server::{
        ArcResource,
        codee::{Decoder, Encoder},
    },
};
use serde::{Serialize, de::DeserializeOwned};

/// An answer of the server: it travels inside the page's HTML, and is asked for anew when
/// what it depends on changes.
pub type Loaded<T> = Resource<T, Json>;

/// Loads what `fetcher` fetches for what `source` says. The page's HTML waits for it.
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
