//! AWS was asked minutes apart, and said different things: the page says so, and which of
//! the answers it shows.

use chrono::NaiveDate;
use domain::cube::Cube;
use leptos::prelude::*;

use crate::erased::Erase;

/// The notice; nothing where the answers agree.
#[component]
pub fn Disagreeing(
    /// The days on which they don't.
    days: Vec<NaiveDate>,
    /// Whose answer stands on the page.
    shown: Cube,
) -> impl IntoView {
    words(&days, shown).map(|words| {
        view! {
            <div class="notice notice--warning">
                <p class="notice__title">"AWS’s answers don’t agree yet"</p>
                <p>{words}</p>
            </div>
        }
        .erased()
    })
}

fn words(days: &[NaiveDate], shown: Cube) -> Option<String> {
    let mut texts: Vec<String> = days
        .iter()
        .map(|day| day.format("%-d %b").to_string())
        .collect();
    texts.dedup();
    let days = texts.join(", ");
    (!days.is_empty()).then(|| {
        format!(
            "They were given minutes apart, while AWS was adding to {days}. This page shows the \
             answer by {}; others may say something else of these days. The next refresh brings \
             them together.",
            name(shown)
        )
    })
}

const fn name(cube: Cube) -> &'static str {
    match cube {
        Cube::ServiceAccount => "service and account",
        Cube::ServiceRegion => "service and region",
        Cube::ServiceUsageType => "service and usage type",
        Cube::ServiceRecordType => "service and kind of charge",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_names_days_and_what_is_shown() {
        assert_eq!(words(&[], Cube::ServiceAccount), None);
        let days = ["2026-11-22", "2026-11-23"].map(|day| day.parse().unwrap());
        let words = words(&days, Cube::ServiceRecordType).unwrap();
        assert!(words.contains("adding to 22 Nov, 23 Nov."), "{words}");
        assert!(words.contains("by service and kind of charge;"), "{words}");
    }
}
