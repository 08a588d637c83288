//! What the server makes of a month's bill. Nothing here answers to anybody.

use domain::{
    account::Connection, bill::Bill, charge::View, cube::Cube, money::Money, period::Period,
    wish::Wish,
};
use leptos::prelude::*;

use super::{
    Drawn,
    said::{Changes, SaidTable},
};
use crate::{
    components::{
        amount::Amount,
        disagreeing::Disagreeing,
        explore::address::address,
        of_connection::Whose,
        way::Way,
        words::{self, known_note},
    },
    erased::Erase,
    still::Still,
};

/// The page of a bill, of one of the person's connections.
#[must_use]
pub fn of(bill: Bill, connections: &[Connection]) -> Drawn {
    let name = |month: &Period| (slug(*month), words::month(month.start()));
    Drawn {
        whose: Whose::of(bill.connection, connections),
        month: slug(bill.month),
        months: bill.months.iter().map(name).collect(),
        still: vec![Still::of(if bill.ways.is_empty() {
            view! { <NoCharges bill=bill/> }.erased()
        } else {
            view! { <Explained bill=bill/> }.erased()
        })],
    }
}

/// `2026-10`.
fn slug(month: Period) -> String {
    month.start().format("%Y-%m").to_string()
}

#[component]
fn NoCharges(bill: Bill) -> impl IntoView {
    let words = if !bill.totals_alone.is_empty() {
        "This total is all that is known of the month: AWS said it when the account was connected, and \
         gave no days so far back."
    } else if bill.known.days == bill.known.missing {
        "No day of this month is stored. A refresh on the Overview asks AWS for what is missing."
    } else if bill.known.missing > 0 {
        "There are no charges in the days of this month that are stored, but some aren't. A refresh on the \
         Overview asks AWS for what is missing."
    } else {
        "AWS has no charges for this month."
    };
    let totals = bill.totals_alone.iter().map(|total| {
        view! { <p class="figure__value"><Amount money=*total/></p> }
    });
    view! {
        <div class="card">
            <h2>{words::month(bill.month.start())}</h2>
            {totals.collect_view()}
            <p>{words}</p>
        </div>
    }
    .erased()
}

#[component]
fn Explained(bill: Bill) -> impl IntoView {
    let note = known_note(bill.known);
    let days = bill.disagreements.iter().map(|one| one.day).collect();
    let several = bill.ways.len() > 1;
    let broken_down = {
        let wish = Wish {
            period: "days".to_owned(),
            from: bill.month.start().to_string(),
            to: bill.month.last_day().to_string(),
            metric: bill.metric.slug().to_owned(),
            by: "SERVICE".to_owned(),
            ..Wish::default()
        };
        address(&bill.connection.to_string(), &wish)
    };
    let month = words::month(bill.month.start());
    let views = bill.views.iter().map(|totals| {
        let currency = totals.currency;
        let cards = totals.totals.iter().map(|(view, total)| {
            view! { <ViewCard view=*view money=Money::new(*total, currency)/> }
        });
        view! { <dl class="figures figures--three">{cards.collect_view()}</dl> }
    });
    let ways = bill.ways.iter().map(|way| {
        let title = if several {
            format!("From usage to the total, in {}", way.currency.code())
        } else {
            "From usage to the total".to_owned()
        };
        view! {
            <section class="card">
                <h2>{title}</h2>
                <p class="muted">"Every charge of the month is in exactly one step."</p>
                <Way way=way.clone()/>
            </section>
        }
    });
    view! {
        <section aria-labelledby="views-title">
            <h2 id="views-title" class="hidden">{month}", in three views"</h2>
            {views.collect_view()}
        </section>
        {(!note.is_empty()).then(|| view! { <p class="notice">{note}</p> })}
        <Disagreeing days=days shown=Cube::ServiceRecordType/>
        {ways.collect_view()}
        <p><a href=broken_down>"Break this month down by anything"</a></p>
        <section class="card" aria-labelledby="said-title">
            <h2 id="said-title">"What this month was said to be"</h2>
            <p class="muted">"AWS completes and corrects a month until about the 10th of the next."</p>
            <SaidTable said=bill.said.clone()/>
            <Changes bill=bill/>
        </section>
    }
    .erased()
}

#[component]
fn ViewCard(view: View, money: Money) -> impl IntoView {
    view! {
        <div class="figure">
            <dt class="figure__label">{view.label()}</dt>
            <dd class="figure__value"><Amount money=money/></dd>
            <dd class="figure__note">{view.explanation()}</dd>
        </div>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_named_by_year_and_number() {
        let month = Period::month_of("2026-01-24".parse().unwrap());
        assert_eq!(slug(month), "2026-01");
    }
}
