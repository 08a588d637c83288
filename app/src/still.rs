//! Parts of a page that only the server makes: figures and tables with nothing in them that
//! answers. The browser gets them as HTML and puts them in their place, so none of what makes
//! them is in the browser half, and bringing the page to life doesn't go over them.

use std::sync::Arc;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::erased::Erase;

/// HTML that the server has made from a view, so all of its text is escaped.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Still {
    /// Stands for the HTML: another number, another HTML.
    number: u64,
    /// Empty where it came with the page and stands there. Also of nothing it's not empty.
    #[serde(with = "text")]
    html: Arc<str>,
}

/// A text that is shared: the largest part of a page, handed on a dozen times while it's made.
mod text {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(from).map(Into::into)
    }
}

#[cfg(feature = "ssr")]
impl Still {
    /// Makes it.
    pub fn of(view: impl IntoView) -> Self {
        use std::hash::{DefaultHasher, Hash, Hasher};

        let html = view.to_html();
        let mut number = DefaultHasher::new();
        html.hash(&mut number);
        Self {
            number: number.finish(),
            html: html.into(),
        }
    }
}

/// The same where it's the same HTML, known or not.
impl PartialEq for Still {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Still {}

/// An answer with parts that the server has drawn.
pub trait HasStill {
    /// Takes them out of it.
    fn take_still(&mut self) -> Vec<Still>;
}

/// Such an answer as it travels inside the page's own HTML: what stands there already isn't
/// sent again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InPage<T> {
    /// Without the parts.
    pub answer: T,
    #[serde(with = "numbers")]
    still: Vec<Still>,
}

impl<T: HasStill> From<T> for InPage<T> {
    fn from(mut answer: T) -> Self {
        let still = answer.take_still();
        Self { answer, still }
    }
}

impl<T: Send + Sync + 'static> InPage<T> {
    /// A part, by its place among them.
    #[must_use]
    pub fn part(shown: Signal<Self>, place: usize) -> Signal<Still> {
        Signal::derive(move || {
            shown.with(|shown| shown.still.get(place).cloned().unwrap_or_default())
        })
    }
}

/// Parts as their numbers alone.
mod numbers {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Still;

    pub fn serialize<S: Serializer>(still: &[Still], to: S) -> Result<S::Ok, S::Error> {
        let numbers: Vec<u64> = still.iter().map(|still| still.number).collect();
        numbers.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Still>, D::Error> {
        let still = |number| Still {
            number,
            ..Still::default()
        };
        Ok(Vec::deserialize(from)?.into_iter().map(still).collect())
    }
}

/// Where such a part stands. Hydration leaves it as it came, so a page needn't send it twice;
/// what comes later takes its place, unless it is the same.
#[component]
pub fn Placed(
    /// What stands there.
    #[prop(into)]
    still: Signal<Still>,
) -> impl IntoView {
    let still = Memo::new(move |_| still.get());
    view! { <div class="still" inner_html=move || still.get().html></div> }.erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_carries_numbers_and_no_html() {
        let number = 0xffff_ffff_ffff_fff0;
        let html = "<p>12</p>".into();
        let still = Still { number, html };
        let page = InPage {
            answer: "x".to_owned(),
            still: vec![still.clone()],
        };
        let text = serde_json::to_string(&page).unwrap();
        assert_eq!(text, r#"{"answer":"x","still":[18446744073709551600]}"#);
        let came: InPage<String> = serde_json::from_str(&text).unwrap();
        assert!(came.still[0].html.is_empty());
        // So that the same doesn't take its own place.
        assert_eq!(came.still[0], still);
    }
}
