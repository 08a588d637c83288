//! A month's bill: how it comes together, what the views make of it, what it was said to
//! be, and what AWS changed afterwards. Reads the store alone.

use domain::{bill::Bill, charge::View, cube::Cube, money::Money, period::Period, wish::Wish};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::bills,
    components::{
        amount::Amount,
        answered::Answered,
        chooser::{Chooser, Field},
        disagreeing::Disagreeing,
        explore::address::address,
        frame::Loading,
        of_connection::OfConnection,
        said::{Changes, SaidTable},
        way::Way,
        words::{self, known_note},
    },
    erased::Erase,
    loaded::loaded,
};

/// The Bill page.
#[component]
pub fn BillPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let query = use_query_map();
    let month = Memo::new(move |_| query.with(|query| query.get("month")));
    let bill = loaded(
        move || (of.wanted.get(), month.get(), of.metric.get()),
        move |(wanted, month, metric)| {
            of.load(wanted, move |id| bills::of_month(id, month, metric))
        },
    );
    view! {
        <Title text="Bill"/>
        <Transition fallback=Loading>
            <Answered answer=bill let:bill><Content of=of bill=bill/></Answered>
        </Transition>
    }
    .erased()
}

#[component]
fn Content(of: OfConnection, bill: Signal<Bill>) -> impl IntoView {
    let current = Signal::derive(move || bill.with(|bill| bill.connection.to_string()));
    let months = Memo::new(move |_| {
        let name = |month: &Period| (slug(*month), words::month(month.start()));
        bill.with(|bill| bill.months.iter().map(name).collect::<Vec<_>>())
    });
    let month = Field {
        name: "month",
        label: "Month",
        options: months.into(),
        chosen: Signal::derive(move || bill.with(|bill| slug(bill.month))),
    };
    let fields = vec![of.connection_field(current), month, of.metric_field()];
    let words = Signal::derive(move || of.metric.get().explanation().to_owned());
    view! {
        <div class="page">
            <div class="page__head">
                <div>
                    <h1>"Bill"</h1>
                    <p class="page__of">{move || of.caption(&current.get())}</p>
                </div>
                <Chooser path="/bill" fields=fields words=words/>
            </div>
            {move || {
                let bill = bill.get();
                if bill.ways.is_empty() {
                    view! { <NoCharges bill=bill/> }.erased()
                } else {
                    view! { <Explained bill=bill/> }.erased()
                }
            }}
        </div>
    }
    .erased()
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
