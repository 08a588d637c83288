//! *Why did it change?* In words, as a waterfall, and usage type by usage type.

use domain::{
    breakdown::{Offer, Reasons},
    job::SyncState,
    money::{Currency, Money, Nanos},
    sheet::Amount,
    spending::CapStatus,
    why::{Effect, Part, ServiceChange, Why},
};
use leptos::prelude::*;

use crate::{
    components::{
        offer::{AskForm, price_sentence},
        words::lacking_note,
    },
    erased::Erase,
};

/// Services that have a step of their own.
const STEPS: usize = 8;

/// The whole section.
#[component]
pub fn WhyChanged(
    /// What is known.
    reasons: Reasons,
    /// What requests may cost, where there is one connection to ask for.
    cap: Option<CapStatus>,
    /// Called when AWS is being asked.
    #[prop(into)]
    on_asked: Callback<SyncState>,
) -> impl IntoView {
    let body = match reasons {
        Reasons::NotTold => view! {
            <p>
                "Services and usage types aren’t told apart for these days under this filter or view. \
                 Without it, or in the view as the console shows it, this explains a change."
            </p>
        }
        .erased(),
        Reasons::Ask(offer) => view! { <AskFirst offer=offer cap=cap on_asked=on_asked/> }.erased(),
        Reasons::OnItsWay => view! {
            <p>"The answer is on its way. It is shown here as soon as it has come."</p>
        }
        .erased(),
        Reasons::Refused(error) => view! { <p>{error.message} " " {error.advice}</p> }.erased(),
        Reasons::DaysMissing(lacking) => view! { <p>{lacking_note(&lacking)}</p> }.erased(),
        Reasons::Known(all) if all.iter().all(|(_, why)| why.services.is_empty()) => {
            view! { <p>"There are no costs in either period."</p> }.erased()
        }
        Reasons::Known(all) => {
            let several = all.len() > 1;
            all.into_iter()
                .map(|(currency, why)| {
                    let title =
                        several.then(|| view! { <h3>{format!("In {}", currency.code())}</h3> });
                    view! {
                        {title}
                        <One why=why currency=currency/>
                    }
                })
                .collect_view()
                .erased()
        }
    };
    view! {
        <section class="card why" aria-labelledby="why-title">
            <h2 id="why-title">"Why did it change?"</h2>
            {body}
        </section>
    }
    .erased()
}

/// What AWS would have to be asked, for how much, and the button.
#[component]
fn AskFirst(offer: Offer, cap: Option<CapStatus>, on_asked: Callback<SyncState>) -> impl IntoView {
    let price = price_sentence(&offer, cap.as_ref().is_some_and(|cap| cap.sample));
    let question = offer.question.label();
    view! {
        <p>
            "To tell services and usage types apart here, AWS has to be asked: "
            <strong>{question}</strong> "."
        </p>
        <p class="muted">{price}</p>
        {cap.map(|cap| view! { <AskForm offer=offer cap=cap on_asked=on_asked/> })}
    }
    .erased()
}

#[component]
fn One(why: Why, currency: Currency) -> impl IntoView {
    let words = in_words(&why, currency);
    let services = why.services.iter().take(STEPS).cloned().map(|service| {
        view! { <Service service=service currency=currency/> }
    });
    let services = services.collect_view();
    view! {
        <p class="why__words">{words}</p>
        <Waterfall why=why currency=currency/>
        <div class="why__services">{services}</div>
    }
    .erased()
}

fn signed(amount: Nanos, currency: Currency) -> String {
    Money::new(amount, currency).display_signed()
}

fn in_words(why: &Why, currency: Currency) -> String {
    let money = |amount: Nanos| Money::new(Nanos(amount.0.saturating_abs()), currency).display();
    if why.change == Nanos::ZERO {
        return "Both periods come to the same.".to_owned();
    }
    let way = if why.change > Nanos::ZERO {
        "more"
    } else {
        "less"
    };
    let mut words = format!("{} {way} than before", money(why.change));
    let moved: Vec<String> = why
        .services
        .iter()
        .filter(|one| one.change != Nanos::ZERO)
        .take(3)
        .map(|one| format!("{} {}", one.service, signed(one.change, currency)))
        .collect();
    if !moved.is_empty() {
        words.push_str(&format!(", most of all {}", moved.join(", ")));
    }
    words.push_str(". ");
    let kinds = [
        (why.quantity, "more usage", "less usage"),
        (why.rate, "higher rates", "lower rates"),
        (why.new, "what is new", "new credits"),
        (why.gone, "credits that are gone", "what is gone"),
        (
            why.whole,
            "fees, taxes and what has no rate",
            "fees, taxes and what has no rate",
        ),
    ];
    let mut kinds: Vec<_> = (kinds.into_iter())
        .filter(|(amount, ..)| *amount != Nanos::ZERO)
        .collect();
    kinds.sort_by_key(|(amount, ..)| std::cmp::Reverse(amount.0.unsigned_abs()));
    let kinds: Vec<String> = (kinds.into_iter())
        .map(|(amount, more, less)| {
            let kind = if amount > Nanos::ZERO { more } else { less };
            format!("{kind} {}", signed(amount, currency))
        })
        .collect();
    words.push_str("Of all that changed: ");
    words.push_str(&kinds.join(", "));
    words.push('.');
    words
}

/// One step of the waterfall.
#[derive(Clone, Debug, PartialEq)]
struct Bar {
    name: String,
    text: String,
    class: &'static str,
    /// Where it begins and how long it is, in thousandths of the width.
    start: i64,
    length: i64,
}

/// From the earlier total over each service's change to the later one. Places are integers:
/// they are only pixels, but none of them is off by rounding that adds up.
/// Whether they don't begin at zero is told beside them.
fn bars(why: &Why, currency: Currency) -> (Vec<Bar>, bool) {
    let mut steps: Vec<(String, Nanos)> = (why.services.iter())
        .filter(|one| one.change != Nanos::ZERO)
        .take(STEPS)
        .map(|one| (one.service.clone(), one.change))
        .collect();
    let told: i128 = steps.iter().map(|(_, change)| i128::from(change.0)).sum();
    let rest = i128::from(why.change.0) - told;
    if rest != 0 {
        let rest = i64::try_from(rest).unwrap_or_default();
        steps.push(("Other services".to_owned(), Nanos(rest)));
    }
    let mut at = i128::from(why.cost[0].0);
    let mut ends = vec![0, at, i128::from(why.cost[1].0)];
    for (_, change) in &steps {
        at += i128::from(change.0);
        ends.push(at);
    }
    let moving = ends[1..].iter().copied();
    let (lowest, highest) = (moving.clone().min(), moving.max());
    let (lowest, highest) = (lowest.unwrap_or_default(), highest.unwrap_or_default());
    // Beside large totals small changes couldn't be seen: then the bars don't begin at zero.
    let cut = (highest - lowest) * 4 < highest && lowest > 0;
    let low = match cut {
        true => lowest - (highest - lowest) / 2,
        false => ends.iter().copied().min().unwrap_or_default(),
    };
    let high = ends.iter().copied().max().unwrap_or_default();
    let width = (high - low).max(1);
    let place =
        |value: i128| i64::try_from((value.max(low) - low) * 1_000 / width).unwrap_or_default();
    let bar = |name: String, text: String, class, from: i128, to: i128| {
        let (start, end) = (place(from.min(to)), place(from.max(to)));
        Bar {
            name,
            text,
            class,
            start,
            // What is there can be seen.
            length: (end - start).max(3),
        }
    };
    let money = |amount: Nanos| Money::new(amount, currency).display();
    let (before, after) = (why.cost[0], why.cost[1]);
    let mut bars = vec![bar(
        "Before".to_owned(),
        money(before),
        "fall__bar fall__bar--whole",
        0,
        before.0.into(),
    )];
    let mut at = i128::from(before.0);
    for (name, change) in steps {
        let class = match change > Nanos::ZERO {
            true => "fall__bar fall__bar--more",
            false => "fall__bar fall__bar--less",
        };
        let next = at + i128::from(change.0);
        bars.push(bar(name, signed(change, currency), class, at, next));
        at = next;
    }
    bars.push(bar(
        "Now".to_owned(),
        money(after),
        "fall__bar fall__bar--whole",
        0,
        after.0.into(),
    ));
    (bars, cut)
}

#[component]
fn Waterfall(why: Why, currency: Currency) -> impl IntoView {
    let (bars, cut) = bars(&why, currency);
    let cut = cut.then(|| {
        view! { <p class="muted">"The bars don’t begin at zero, so that the changes can be seen."</p> }
    });
    let bars = bars.into_iter().map(|bar| {
        view! {
            <li class="fall__step">
                <span class="fall__name">{bar.name}</span>
                <svg class="fall__place" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <rect class=bar.class x=bar.start.to_string() y="2" width=bar.length.to_string() height="16"></rect>
                </svg>
                <span class="fall__text">{bar.text}</span>
            </li>
        }
    });
    view! {
        <ol class="fall" aria-label="From before to now">{bars.collect_view()}</ol>
        {cut}
    }
    .erased()
}

#[component]
fn Service(service: ServiceChange, currency: Currency) -> impl IntoView {
    let change = signed(service.change, currency);
    let parts = service.parts.into_iter().map(|part| {
        let name = match (part.lines, part.usage_type.as_str()) {
            (1, "") => "No usage type".to_owned(),
            (1, name) => name.to_owned(),
            (lines, _) => format!("{lines} others"),
        };
        let difference = part.change().map(|change| signed(change, currency));
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{difference.unwrap_or_default()}</td>
                <td class="why__reason">{reason(&part, currency)}</td>
            </tr>
        }
    });
    view! {
        <details class="details">
            <summary>{service.service}" "<span class="why__change">{change}</span></summary>
            <div class="details__body">
                <div class="table-frame" tabindex="0" role="region" aria-label="Usage types">
                    <table class="table">
                        <caption>"What changed, by usage type"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Usage type"</th>
                                <th scope="col" class="number">"Difference"</th>
                                <th scope="col">"Because"</th>
                            </tr>
                        </thead>
                        <tbody>{parts.collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </details>
    }
    .erased()
}

fn reason(part: &Part, currency: Currency) -> String {
    let used = |used: f64| Amount::Usage(used).text();
    match part.effect {
        Effect::New => "New: there was none before.".to_owned(),
        Effect::Gone => "Gone: there is none any more.".to_owned(),
        Effect::Whole if part.lines > 1 => String::new(),
        Effect::Whole => {
            "A fee, tax or the like: there is no usage that it is the price of.".to_owned()
        }
        Effect::Split { quantity, rate } => {
            let mut words = format!(
                "{} → {} {}: {}",
                used(part.used[0]),
                used(part.used[1]),
                part.unit,
                signed(quantity, currency)
            );
            if rate != Nanos::ZERO {
                words.push_str(&format!("; the rate: {}", signed(rate, currency)));
            }
            words
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::why::UsedLine;

    use super::*;

    fn why() -> Why {
        let line = |service: &str, usage_type: &str, cost: [i64; 2], used: [f64; 2]| UsedLine {
            service: service.to_owned(),
            usage_type: usage_type.to_owned(),
            unit: "Hrs".to_owned(),
            cost: cost.map(|cost| Nanos(cost * 1_000_000_000)),
            used,
        };
        Why::of(vec![
            line("EC2", "Box", [100, 150], [100.0, 150.0]),
            line("S3", "Storage", [40, 20], [10.0, 10.0]),
            line("RDS", "Db", [0, 30], [0.0, 3.0]),
        ])
        .unwrap()
    }

    #[test]
    fn a_change_is_told_in_words() {
        // 140 before, 200 now: 50 more hours at $1, storage at half the rate, and a new database.
        assert_eq!(
            in_words(&why(), Currency::USD),
            "$60.00 more than before, most of all EC2 +$50.00, RDS +$30.00, S3 \u{2212}$20.00. \
             Of all that changed: more usage +$50.00, what is new +$30.00, lower rates \u{2212}$20.00."
        );
        let same = Why::of(Vec::new()).unwrap();
        assert_eq!(
            in_words(&same, Currency::USD),
            "Both periods come to the same."
        );
    }

    #[test]
    fn each_step_begins_where_the_last_one_ended() {
        let (bars, cut) = bars(&why(), Currency::USD);
        assert!(!cut);
        let told: Vec<_> = bars
            .iter()
            .map(|bar| (bar.name.as_str(), bar.start, bar.length))
            .collect();
        // The highest point is 220 after EC2 and RDS.
        assert_eq!(
            told,
            [
                ("Before", 0, 636),
                ("EC2", 636, 227),
                ("RDS", 863, 137),
                ("S3", 909, 91),
                ("Now", 0, 909),
            ]
        );
    }

    #[test]
    fn small_changes_of_large_totals_can_be_seen() {
        let line = UsedLine {
            service: "EC2".to_owned(),
            usage_type: String::new(),
            unit: String::new(),
            cost: [Nanos(1_000), Nanos(1_100)],
            used: [0.0; 2],
        };
        let (bars, cut) = bars(&Why::of(vec![line]).unwrap(), Currency::USD);
        // From 950 to 1,100: the first bar takes a third, the change the rest.
        let told: Vec<_> = bars.iter().map(|bar| (bar.start, bar.length)).collect();
        assert!(cut);
        assert_eq!(told, [(0, 333), (333, 667), (0, 1_000)]);
    }

    #[test]
    fn a_part_says_what_lies_behind_it() {
        let why = why();
        let reasons: Vec<String> = why
            .services
            .iter()
            .map(|service| reason(&service.parts[0], Currency::USD))
            .collect();
        assert_eq!(
            reasons,
            [
                "100 → 150 Hrs: +$50.00",
                "New: there was none before.",
                "10 → 10 Hrs: $0.00; the rate: \u{2212}$20.00",
            ]
        );
    }
}
