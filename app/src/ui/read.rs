//! What a page reads from the server, on the first rendering and after steps inside the app.

use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// JSON, read from bytes as the answers of server functions are. With leptos' own codec, which reads it from text,
/// the browser would carry the code that reads each type twice.
pub struct SameJson;

impl<T: Serialize> Encoder<T> for SameJson {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T> Decoder<T> for SameJson
where
    for<'de> T: Deserialize<'de>,
{
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// A value read by [`resource`].
pub type Read<T> = Resource<T, SameJson>;

/// Reads with `fetcher` whenever `source` changes; what the server has read is handed to the browser.
pub fn resource<T, S, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Read<T>
where
    T: Serialize + for<'de> Deserialize<'de> + Send + Sync + 'static,
    S: PartialEq + Clone + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, fetcher, false)
}
