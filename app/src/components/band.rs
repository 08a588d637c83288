//! Days as a line over the band of what was to be expected, drawn as SVG on the server too: no
//! script is needed to see it. Floating point is for pixels only; the table has the amounts.

use domain::{
    detector::Judged,
    money::{Currency, Money, Nanos},
    period::Period,
};
use leptos::prelude::*;

use super::words::day;
use crate::erased::Erase;

/// The drawing's own units; it is stretched to its place.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;

/// The drawing with its scale.
#[component]
pub fn Band(
    /// In order.
    days: Vec<Judged>,
    /// Those that are unusual.
    period: Period,
    /// Of the amounts.
    currency: Currency,
    /// What one sees, in a sentence.
    description: String,
) -> impl IntoView {
    let lines = Lines::of(&days, period);
    let top = Money::new(lines.top, currency).display();
    let ends = [days.first(), days.last()].map(|one| one.map(|one| day(one.day)));
    let [first, last] = ends;
    let [x, width] = lines.marked;
    view! {
        <figure class="band">
            <p class="band__top">{top}</p>
            <svg
                class="band__drawing"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=description
            >
                <rect class="band__days" x=x y="0" width=width height=HEIGHT.to_string()></rect>
                <path class="band__usual" d=lines.usual></path>
                <path class="band__expected" d=lines.expected></path>
                <path class="band__actual" d=lines.actual></path>
            </svg>
            <div class="band__ends"><span>{first}</span><span>{last}</span></div>
            <ul class="band__legend">
                <li><span class="band__key band__key--actual"></span>"Cost"</li>
                <li><span class="band__key band__key--expected"></span>"Expected"</li>
                <li><span class="band__key band__key--usual"></span>"Usual range"</li>
                <li><span class="band__key band__key--days"></span>"Unusual days"</li>
            </ul>
        </figure>
    }
    .erased()
}

/// What is drawn, as paths.
struct Lines {
    top: Nanos,
    usual: String,
    expected: String,
    actual: String,
    marked: [String; 2],
}

impl Lines {
    fn of(days: &[Judged], period: Period) -> Self {
        let actual = days.iter().filter_map(|day| day.actual);
        let highest = actual.clone().max().unwrap_or_default();
        let expected = days
            .iter()
            .map(|day| day.expected)
            .max()
            .unwrap_or_default();
        // A very wide band would press the line to the ground.
        let most = highest.max(expected);
        let upper = days.iter().map(|day| day.upper).max().unwrap_or_default();
        let top = upper
            .min(Nanos(most.0.saturating_add(most.0 / 4)))
            .max(most)
            .max(Nanos(1));
        let bottom = actual.min().unwrap_or_default().min(Nanos::ZERO);
        let (low, high) = (bottom.approximate(), top.approximate());
        let last = days.len().saturating_sub(1).max(1) as f64;
        let x = |place: usize| WIDTH * place as f64 / last;
        let y = |amount: Nanos| {
            let part = (amount.approximate().clamp(low, high) - low) / (high - low);
            HEIGHT * (1.0 - part)
        };
        let point = |place: usize, amount: Nanos| format!("{:.1} {:.1}", x(place), y(amount));
        let places = || days.iter().enumerate();
        let upper: Vec<String> = places()
            .map(|(place, day)| point(place, day.upper))
            .collect();
        let lower: Vec<String> = places()
            .rev()
            .map(|(place, day)| point(place, day.lower))
            .collect();
        let expected: Vec<String> = places()
            .map(|(place, day)| point(place, day.expected))
            .collect();
        let mut line = String::new();
        let mut begun = false;
        for (place, day) in places() {
            // Nothing is drawn where nothing is known.
            if let Some(actual) = day.actual {
                let how = if begun { "L" } else { "M" };
                line.push_str(&format!("{how}{}", point(place, actual)));
            }
            begun = day.actual.is_some();
        }
        let inside = || {
            places()
                .filter(|(_, day)| period.contains(day.day))
                .map(|(place, _)| place)
        };
        let half = WIDTH / last / 2.0;
        let from = inside()
            .next()
            .map_or(0.0, |place| x(place) - half)
            .max(0.0);
        let to = inside()
            .next_back()
            .map_or(0.0, |place| x(place) + half)
            .min(WIDTH);
        Self {
            top,
            usual: format!("M{}L{}Z", upper.join("L"), lower.join("L")),
            expected: format!("M{}", expected.join("L")),
            actual: line,
            marked: [format!("{from:.1}"), format!("{:.1}", (to - from).max(0.0))],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(date: &str, actual: Option<i64>) -> Judged {
        Judged {
            day: date.parse().unwrap(),
            actual: actual.map(Nanos),
            expected: Nanos(50),
            lower: Nanos(25),
            upper: Nanos(75),
        }
    }

    #[test]
    fn lines_are_broken_where_nothing_is_known() {
        let days = [
            judged("2026-11-01", Some(0)),
            judged("2026-11-02", Some(100)),
            judged("2026-11-03", None),
            judged("2026-11-04", Some(50)),
        ];
        let lines = Lines::of(&days, Period::day("2026-11-02".parse().unwrap()));
        assert_eq!(lines.top, Nanos(100));
        assert_eq!(lines.actual, "M0.0 200.0L240.0 0.0M720.0 100.0");
        assert_eq!(
            lines.expected,
            "M0.0 100.0L240.0 100.0L480.0 100.0L720.0 100.0"
        );
        assert!(lines.usual.starts_with("M0.0 50.0L") && lines.usual.ends_with("L0.0 150.0Z"));
        // A day is as wide as the way to the next one.
        assert_eq!(lines.marked, ["120.0", "240.0"]);
    }
}
