//! Percentages by day as lines, with the line that is to be reached, drawn as SVG on the server
//! too: no script is needed to see it.

use leptos::prelude::*;

use crate::erased::Erase;

/// The drawing's own units; it is stretched to its place.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 160.0;

/// The drawing with its scale.
#[component]
pub fn Percents(
    /// Used and covered, for each day in order.
    days: Vec<[Option<f64>; 2]>,
    /// What is to be reached of the first.
    target: u8,
    /// What stands at the left end.
    first: String,
    /// What stands at the right end.
    last: String,
    /// What one sees, in a sentence.
    description: String,
) -> impl IntoView {
    let used = line(days.iter().map(|day| day[0]));
    let covered = line(days.iter().map(|day| day[1]));
    let y = format!("{:.1}", height(f64::from(target)));
    view! {
        <figure class="band">
            <p class="band__top">"100%"</p>
            <svg
                class="band__drawing band__drawing--low"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=description
            >
                <line class="band__target" x1="0" x2=WIDTH.to_string() y1=y.clone() y2=y></line>
                <path class="band__covered" d=covered></path>
                <path class="band__actual" d=used></path>
            </svg>
            <div class="band__ends"><span>{first}</span><span>{last}</span></div>
            <ul class="band__legend">
                <li><span class="band__key band__key--actual"></span>"Used"</li>
                <li><span class="band__key band__key--covered"></span>"Covered"</li>
                <li><span class="band__key band__key--target"></span>{format!("Target for use, {target}%")}</li>
            </ul>
        </figure>
    }
    .erased()
}

fn height(percent: f64) -> f64 {
    HEIGHT * (1.0 - percent.clamp(0.0, 100.0) / 100.0)
}

/// Nothing is drawn where nothing is known.
fn line(values: impl ExactSizeIterator<Item = Option<f64>>) -> String {
    let last = values.len().saturating_sub(1).max(1) as f64;
    let mut line = String::new();
    let mut begun = false;
    for (place, value) in values.enumerate() {
        if let Some(value) = value {
            let how = if begun { "L" } else { "M" };
            let x = WIDTH * place as f64 / last;
            line.push_str(&format!("{how}{x:.1} {:.1}", height(value)));
        }
        begun = value.is_some();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_where_nothing_is_known() {
        let values = [Some(100.0), Some(50.0), None, Some(0.0), Some(120.0)];
        assert_eq!(
            line(values.into_iter()),
            "M0.0 0.0L180.0 80.0M540.0 160.0L720.0 0.0"
        );
    }
}
