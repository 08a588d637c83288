//! Costs at a glance: figures, what changed, thirteen months, the chart and its tables. The
//! same for one connection and for several.

use chrono::NaiveDate;
use domain::{
    forecast::Expected,
    money::Nanos,
    period::Piece,
    report::{DailyChart, Glance},
};
use leptos::prelude::*;

use super::{
    chart_view::DailyCost, daily_table::DailyTable, figures::Figures, monthly_table::MonthlyTable,
    months::Months, moved::MovedTable,
};

/// All of it.
#[component]
pub fn AtAGlance(
    /// What to show.
    costs: Signal<Glance>,
    /// The day it is about.
    today: Signal<NaiveDate>,
    /// The Forecast page for the same costs, where it has them.
    forecast: Signal<Option<String>>,
    /// What stands between the figures and the rest.
    children: Children,
) -> impl IntoView {
    let chart: Signal<DailyChart> =
        Memo::new(move |_| costs.with(|costs| costs.chart.clone())).into();
    let ahead: Signal<Vec<Piece<Expected<Nanos>>>> =
        Memo::new(move |_| costs.with(Glance::days_ahead)).into();
    let months = move || {
        costs.with(|costs| {
            let ahead = costs.ahead.as_ref();
            let ahead = ahead.map(|ahead| ahead.month_end.expected.mean);
            let (months, currency) = (costs.months.clone(), costs.chart.currency);
            view! { <Months months=months today=today.get() currency=currency ahead=ahead/> }
        })
    };
    let moved = move || {
        let same_days = costs.with(|costs| costs.same_days.clone()).ok();
        same_days.map(|same_days| {
            view! {
                <section class="card">
                    <h2>"What changed most"</h2>
                    <p class="muted">"Over the days of this month that are finished, and the same days of last month."</p>
                    <MovedTable same_days=same_days/>
                </section>
            }
            .into_any()
        })
    };
    view! {
        <Figures costs=costs today=today forecast=forecast/>
        {children()}
        {moved}
        <section class="card" aria-label="Thirteen months">
            <h2>"Thirteen months"</h2>
            <p class="muted">"The paler part is what this month is expected to come to."</p>
            {months}
        </section>
        <section class="card needs-script" aria-label="Daily cost by service">
            <h2>"Daily cost by service"</h2>
            <p class="muted">{move || chart.with(|chart| chart.period.to_string())} ", days in UTC"</p>
            <DailyCost chart=chart ahead=ahead/>
        </section>
        <section class="card" aria-label="By service and month">
            <h2>"By service and month"</h2>
            <MonthlyTable chart=chart/>
            <DailyTable chart=chart/>
        </section>
    }
    .into_any()
}
