//! What the server makes of the Overview's figures. Nothing here answers to anybody: what
//! does is in the page itself.

mod ahead;
mod beside_all;
mod by_connection;
mod figures;
mod kept;
mod monthly_table;
mod months;
mod moved;
mod own_cost;
mod stale;
mod troubles;
mod waste;
mod words;

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;
use domain::{
    account::Connection,
    dimension::Dimension,
    look::Look,
    period::Period,
    report::{Daily, DayState, Glance, Overview, Together},
    wish::Wish,
};
use leptos::prelude::*;

pub use kept::kept;

use self::{
    beside_all::BesideAll,
    by_connection::{Parts, WhoNeedsYou},
    figures::Figures,
    monthly_table::MonthlyTable,
    months::Months,
    moved::MovedTable,
    own_cost::Beside,
    stale::StaleNotice,
    words::{refresh_price, usual_price},
};
use super::{
    answer::{AtAGlance, ChartOf, Fresh, One},
    chart_view::Shown,
    fresh::Freshness,
    upkeep::Progress,
};
use crate::{
    components::{
        cap::{CapNotice, used},
        disagreeing::Disagreeing,
        explore::address::Explored,
        key_end::KeyEndNotice,
        of_connection::Whose,
        words::{left_out_words, time},
    },
    erased::Erase,
    still::Still,
};

/// The page of one connection, of those that the person has.
#[must_use]
pub fn of_one(overview: &Overview, connections: &[Connection]) -> AtAGlance {
    let id = overview.connection;
    let shown = connections.iter().find(|one| one.id == id);
    let key_end = shown.map(|one| view! { <KeyEndNotice connection=one.clone()/> });
    let stage = stage(overview);
    let after = view! {
        <CapNotice cap=overview.cap.clone()/>
        <StaleNotice overview=overview.clone()/>
        {(stage == Stage::Empty).then(|| view! { <NoCosts/> })}
    };
    let one = One {
        connection: id,
        sync: overview.sync.clone(),
        fresh: fresh(overview, stage),
    };
    // Nobody calls back: what the server makes answers to nobody.
    let (now, again) = (Signal::stored(one.clone()), Callback::new(|()| ()));
    let refresh = one.fresh.is_some();
    let refresh = refresh.then(|| view! { <Freshness one=now on_refresh=again/> });
    let mut page = AtAGlance {
        whose: Whose::of(id, connections).or_all(),
        look: overview.look,
        one: Some(one),
        charts: Vec::new(),
        still: vec![
            Still::of(key_end),
            Still::of(view! { <Progress one=now again=again/> }),
            Still::of(after),
            Still::of(refresh),
        ],
    };
    if stage == Stage::Numbers {
        let forecast = Some(forecast_link(overview));
        let costs = overview.costs.clone();
        let shown = overview.look.cube();
        let (today, days) = (overview.today, overview.disagreements.clone());
        let beside = view! {
            <Beside overview=overview.clone()/>
            <Disagreeing days=days shown=shown/>
        };
        let title = |costs: &Glance| {
            let currency = costs.chart.currency.code().to_owned();
            let several = !overview.others.is_empty();
            several.then(|| view! { <h2>"In " {currency}</h2> }.erased())
        };
        let first = title(&costs);
        chapter(&mut page, costs, today, forecast, beside.erased(), first);
        // Currencies are never added up.
        for other in overview.others.iter().cloned() {
            let title = title(&other);
            chapter(&mut page, other, today, None, ().erased(), title);
        }
    }
    page
}

/// The page of all connections together: a chapter for each currency.
#[must_use]
pub fn of_all(together: &Together, connections: &[Connection]) -> AtAGlance {
    let Together {
        today,
        look,
        sums,
        left_out,
    } = together;
    let several = sums.len() > 1;
    let nothing = sums.is_empty();
    let left_out: Vec<_> = (left_out.iter())
        .map(|one| (one.name.clone(), one.why))
        .collect();
    let head = view! {
        <WhoNeedsYou together=together.clone() connections=connections.to_vec()/>
        {several.then(|| view! {
            <p class="notice">"Costs come in several currencies. They are never added up: each has its own sum."</p>
        })}
        {left_out_words(&left_out).map(|words| view! { <p class="notice">{words}</p> })}
        {nothing.then(|| view! {
            <div class="card">
                <h2>"Nothing is stored yet"</h2>
                <p>"Choose a connection above to see how far its first costs have come."</p>
            </div>
        })}
    };
    let mut page = AtAGlance {
        whose: Whose::of_all(connections),
        look: *look,
        one: None,
        charts: Vec::new(),
        still: vec![Still::of(()), Still::of(()), Still::of(head), Still::of(())],
    };
    for sum in sums {
        let currency = sum.costs.chart.currency.code().to_owned();
        let title = several.then(|| view! { <h2>"In " {currency}</h2> }.erased());
        let parts = view! {
            <BesideAll beside=sum.beside.clone()/>
            <Parts parts=sum.parts.clone() look=*look connections=connections.to_vec()/>
        };
        let costs = sum.costs.clone();
        chapter(&mut page, costs, *today, None, parts.erased(), title);
    }
    page
}

fn fresh(overview: &Overview, stage: Stage) -> Option<Fresh> {
    let sync = &overview.sync;
    // While the first costs are on their way, their progress says all there is to say.
    if stage == Stage::Waiting && sync.running {
        return None;
    }
    let mut as_of = match overview.as_of {
        Some(at) => format!("As of {}.", time(at)),
        None => "Nothing has been asked for yet.".to_owned(),
    };
    if let Some(price) = refresh_price(sync, overview.sample) {
        as_of += &match sync.running {
            true => format!(" So far: {price}."),
            false => format!(" The last refresh took {price}."),
        };
    }
    let price = sync.usual_price();
    let beyond_cap = (!overview.cap.covers(price)).then(|| {
        format!(
            "The monthly cap doesn’t cover it ({} spent). Ask AWS all the same, for about {}.",
            used(&overview.cap),
            price.display()
        )
    });
    Some(Fresh {
        as_of,
        price: usual_price(sync, overview.sample),
        beyond_cap,
    })
}

/// Differs where what the chart shows does.
fn number(daily: &Daily) -> u64 {
    let mut number = DefaultHasher::new();
    serde_json::to_string(daily)
        .unwrap_or_default()
        .hash(&mut number);
    number.finish()
}

/// Adds a chapter: a title, the figures and what belongs to them, what changed, the months;
/// the chart; its sums.
fn chapter(
    page: &mut AtAGlance,
    costs: Glance,
    today: NaiveDate,
    forecast: Option<String>,
    after_figures: AnyView,
    title: Option<AnyView>,
) {
    let daily = costs.daily();
    page.charts.push(ChartOf {
        number: number(&daily),
        period: daily.chart.period.to_string(),
        currency: daily.chart.currency.code().to_owned(),
    });
    let above = view! {
        {title}
        <Figures costs=costs.clone() today=today forecast=forecast/>
        {after_figures}
        <ByMonth costs=costs today=today/>
    };
    page.still.push(Still::of(above));
    let (chart, ahead) = (
        Signal::stored(daily.chart.clone()),
        Signal::stored(daily.ahead),
    );
    page.still
        .push(Still::of(view! { <Shown chart=chart ahead=ahead/> }));
    let (current, look) = (page.whose.current.clone(), page.look);
    let days = move |month| days_link(&current, look, month);
    let sums = view! {
        <section class="card" aria-label="By service and month">
            <h2>"By service and month"</h2>
            <p class="muted">"A month’s name leads to its days."</p>
            <MonthlyTable chart=daily.chart days=days/>
        </section>
    };
    page.still.push(Still::of(sums));
}

/// What changed, and thirteen months.
#[component]
fn ByMonth(costs: Glance, today: NaiveDate) -> impl IntoView {
    let moved = costs.same_days.ok().map(|same_days| {
        view! {
            <section class="card">
                <h2>"What changed most"</h2>
                <p class="muted">"Over the days of this month that are finished, and the same days of last month."</p>
                <MovedTable same_days=same_days/>
            </section>
        }
    });
    let ahead = costs.ahead.map(|ahead| ahead.month_end.expected.mean);
    let currency = costs.chart.currency;
    view! {
        {moved}
        <section class="card" aria-label="Thirteen months">
            <h2>"Thirteen months"</h2>
            <p class="muted">"The paler part is what this month is expected to come to."</p>
            <Months months=costs.months today=today currency=currency ahead=ahead/>
        </section>
    }
    .erased()
}

#[component]
fn NoCosts() -> impl IntoView {
    view! {
        <div class="card">
            <h2>"AWS has no costs for this account"</h2>
            <p>
                "None of the last six months has any. In a new account it takes AWS up to 24 hours "
                "until the first costs appear; refresh tomorrow."
            </p>
        </div>
    }
    .erased()
}

fn forecast_link(overview: &Overview) -> String {
    format!(
        "/forecast?connection={}&view={}&metric={}",
        overview.connection,
        overview.look.view.slug(),
        overview.look.metric.slug()
    )
}

/// The Explorer with each day of a period.
fn days_link(current: &str, look: Look, period: Period) -> String {
    let Look { metric, view } = look;
    let explored = Explored {
        connection: current.to_owned(),
        wish: Wish {
            period: "days".to_owned(),
            from: period.start().to_string(),
            to: period.last_day().to_string(),
            step: "daily".to_owned(),
            metric: metric.slug().to_owned(),
            view: view.slug().to_owned(),
            by: Dimension::Service.aws_name().to_owned(),
            ..Wish::default()
        },
        ..Explored::default()
    };
    explored.path()
}

/// What there is to show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    /// No day is stored.
    Waiting,
    /// Days are stored, and none costs anything.
    Empty,
    /// Numbers.
    Numbers,
}

fn stage(overview: &Overview) -> Stage {
    let chart = &overview.costs.chart;
    let unknown = chart.days.iter().all(|day| day.state == DayState::Missing);
    if unknown {
        Stage::Waiting
    } else if chart.series.is_empty() && !overview.sync.running {
        Stage::Empty
    } else {
        Stage::Numbers
    }
}
