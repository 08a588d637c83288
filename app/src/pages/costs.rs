//! The Explorer: costs by anything, over any period, beside any other. What is stored is
//! shown; for the rest the page says what AWS would have to be asked and what that costs.
//! All of it stands in the address.

use domain::{
    breakdown::{Breakdown, Found, Outcome},
    cube::Question,
    sheet::{Names, Sheet},
    wish::{Drawn, Wish},
};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::breakdowns,
    components::{
        answered::Answered,
        asked_list::AskedList,
        cap::CapNotice,
        disagreeing::Disagreeing,
        explore::{
            address::{ALL, Explored},
            chart::ExploreChart,
            form::{Choices, ExploreForm},
            notes::{about, marks},
            saved::{Saved, SavedViews},
            table::{ExploreTable, order_words},
            take_away::TakeAway,
            to_total::ToTotalSteps,
            totals::Totals,
            why::WhyChanged,
        },
        frame::Loading,
        of_connection::{OfConnection, choose},
        offer::{AskForm, OfferPanel},
        problem::ProblemBox,
        sync_progress::SyncProgress,
        words::{left_out_words, nothing_note, time},
    },
    erased::Erase,
    loaded::loaded,
};

/// The Explorer.
#[component]
pub fn CostsPage() -> impl IntoView {
    let of = OfConnection::of_address();
    let query = use_query_map();
    let explored = Memo::new(move |_| query.with(Explored::read));
    // The order of lines and the kind of chart change nothing that has to be looked up.
    let looked_up = Memo::new(move |_| {
        explored.with(|explored| Wish {
            chart: match explored.wish.chart.parse() {
                Ok(Drawn::Calendar) => explored.wish.chart.clone(),
                _ => String::new(),
            },
            ..explored.wish.clone()
        })
    });
    let page = loaded(
        move || (of.wanted.get(), looked_up.get()),
        move |(wanted, wish)| async move {
            let list = of.list.await?;
            match choose(&list, wanted.as_deref().filter(|wanted| !wanted.is_empty())) {
                Some(_) if list.is_empty() => Ok(None),
                Some(id) => breakdowns::breakdown(id, wish).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let again = Callback::new(move |()| page.refetch());
    let saved = Saved::new();
    view! {
        <Title text="Explorer"/>
        <Transition fallback=Loading>
            <Answered answer=page let:page>
                <Content of=of explored=explored page=page saved=saved again=again/>
            </Answered>
        </Transition>
    }
    .erased()
}

#[component]
fn Content(
    of: OfConnection,
    explored: Memo<Explored>,
    page: Signal<Breakdown>,
    saved: Saved,
    again: Callback<()>,
) -> impl IntoView {
    // The connection that is shown, whether the address names it or not.
    let current = Memo::new(move |_| {
        page.with(|page| match page.connections.as_slice() {
            [one] => one.to_string(),
            _ => ALL.to_owned(),
        })
    });
    let here = Memo::new(move |_| {
        let connection = current.get();
        explored.get().with(|here| here.connection = connection)
    });
    let choices = Memo::new(move |_| {
        let connections = of.connection_field(current.into()).options.get();
        page.with(|page| Choices::of(page, here.get(), connections))
    });
    let focused = StoredValue::new(None::<String>);
    // At another address the form is another one, of another type: made over in place, fields
    // that a person has touched would stay as they are.
    let last = StoredValue::new((None, false));
    let odd = move |explored: &Explored| {
        last.update_value(|(last, odd)| {
            if last.as_ref().is_some_and(|last| last != explored) {
                *odd = !*odd;
            }
            *last = Some(explored.clone());
        });
        last.with_value(|(_, odd)| *odd)
    };
    let outcome = Memo::new(move |_| page.with(|page| page.outcome.clone()));
    let cap = Memo::new(move |_| page.with(|page| page.alone.as_ref().map(|one| one.cap.clone())));
    let sync = move || page.with(|page| Some(page.alone.as_ref()?.sync.clone()));
    let asked = Memo::new(move |_| page.with(|page| Some(page.alone.as_ref()?.asked.clone())));
    let names = Memo::new(move |_| page.with(Breakdown::account_names));
    let progress = move || {
        let connection = page.with_untracked(|page| page.connections.first().copied())?;
        let sync = Signal::derive(move || sync().unwrap_or_default());
        let alone = page.with_untracked(|page| page.alone.is_some());
        alone.then(|| {
            view! { <SyncProgress connection=connection sync=sync on_news=move |_| again.run(())/> }
        })
    };
    let connection = Memo::new(move |_| page.with(|page| page.connections.clone()));
    let left_out = Memo::new(move |_| page.with(|page| left_out_words(&page.left_out)));
    view! {
        <div class="page explore">
            <div class="page__head">
                <div>
                    <h1>"Explorer"</h1>
                    <p class="page__of">{move || match current.get().as_str() {
                        ALL => "All connections together".to_owned(),
                        one => of.caption(one),
                    }}</p>
                </div>
            </div>
            {move || {
                let choices = choices.get();
                let is_odd = odd(&choices.explored);
                let form = view! { <ExploreForm choices=choices focused=focused/> };
                match is_odd {
                    true => Either::Left(form),
                    false => Either::Right(form),
                }
            }}
            {move || left_out.get().map(|words| view! { <p class="notice">{words}</p> })}
            <SavedViews saved=saved here=here/>
            {move || cap.get().map(|cap| view! { <CapNotice cap=cap/> })}
            {move || { connection.track(); progress() }}
            <Numbers here=here outcome=outcome names=names page=page again=again/>
            {move || asked.get().map(|asked| view! {
                <AskedList connection=current.get() asked=asked on_forgotten=again/>
            })}
        </div>
    }
    .erased()
}

/// The numbers, or why there are none.
#[component]
fn Numbers(
    here: Memo<Explored>,
    outcome: Memo<Outcome>,
    names: Memo<Names>,
    page: Signal<Breakdown>,
    again: Callback<()>,
) -> impl IntoView {
    let on_asked = move |_| again.run(());
    let is_found = Memo::new(move |_| outcome.with(|outcome| matches!(outcome, Outcome::Found(_))));
    let cap = move || page.with_untracked(|page| Some(page.alone.as_ref()?.cap.clone()));
    move || {
        if is_found.get() {
            return view! { <Shown here=here outcome=outcome names=names page=page again=again/> }
                .erased();
        }
        match (outcome.get(), cap()) {
            (Outcome::Ask(offer), Some(cap)) => {
                view! { <OfferPanel offer=offer cap=cap on_asked=on_asked/> }.erased()
            }
            (Outcome::OnItsWay(question), _) => view! { <OnItsWay question=question/> }.erased(),
            (Outcome::Refused(error), _) => view! { <ProblemBox error=error/> }.erased(),
            _ => ().erased(),
        }
    }
}

#[component]
fn OnItsWay(question: Question) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="coming-title">
            <h2 id="coming-title">"The answer is on its way"</h2>
            <p>{question.label()} " is asked next. It is shown here as soon as it has come."</p>
        </section>
    }
    .erased()
}

/// What the store knows: totals, chart, table, reasons. The chart stays while others change.
#[component]
fn Shown(
    here: Memo<Explored>,
    outcome: Memo<Outcome>,
    names: Memo<Names>,
    page: Signal<Breakdown>,
    again: Callback<()>,
) -> impl IntoView {
    let found = Memo::new(move |_| {
        outcome.with(|outcome| match outcome {
            Outcome::Found(found) => Some((**found).clone()),
            _ => None,
        })
    });
    let sheets = Memo::new(move |_| {
        let sheets = found.with(|found| {
            let found = found.as_ref()?;
            Some(names.with(|names| Sheet::all(found, names)))
        });
        sheets.unwrap_or_default()
    });
    let unit = Memo::new(move |_| here.with(|here| here.unit.clone()));
    let sheet = Memo::new(move |_| sheets.with(|sheets| chosen(sheets, &unit.get()).cloned()));
    let drawn = Memo::new(move |_| here.with(|here| here.wish.chart.parse().unwrap_or_default()));
    let wanted = RwSignal::new(false);
    let is_empty = Memo::new(move |_| {
        sheet.with(|sheet| {
            (sheet.as_ref()).is_none_or(|sheet| sheet.lines.is_empty() && sheet.sum.total.is_zero())
        })
    });
    let totals = move || {
        let (sheet, found) = (sheet.get()?, found.get()?);
        Some(view! { <Totals sheet=sheet found=found/> })
    };
    let pressed = StoredValue::new(None::<String>);
    let table = move || {
        let (sheet, here) = (sheet.get()?, here.get());
        let order = order_words(here.sort).map(|words| format!("In order {words}. "));
        Some(view! {
            {order.map(|order| view! { <p class="muted">{order}</p> })}
            <ExploreTable sheet=sheet explored=here pressed=pressed/>
        })
    };
    let whole = Memo::new(move |_| {
        let alone = page.with(|page| page.alone.is_some());
        let money =
            sheet.with(|sheet| sheet.as_ref().is_some_and(|sheet| sheet.currency.is_some()));
        alone && money
    });
    let reasons = move || {
        let why = found.with(|found| found.as_ref()?.why.clone())?;
        let cap = page.with_untracked(|page| Some(page.alone.as_ref()?.cap.clone()));
        Some(view! { <WhyChanged reasons=why cap=cap on_asked=move |_| again.run(())/> })
    };
    let numbers = move || {
        if is_empty.get() {
            return view! {
                <p class="explore__none">
                    {move || found.with(|found| found.as_ref().map(|found| {
                        let today = page.with_untracked(|page| page.today);
                        nothing_note(found.known, found.wanted.period, today)
                    }))}
                </p>
            }
            .erased();
        }
        view! {
            <ExploreChart sheet=sheet explored=here drawn=drawn wanted=wanted/>
            {move || {
                let drawn = drawn.get();
                let notes = found.with(|found| found.as_ref().map(|found| marks(found, drawn)));
                let notes = notes.unwrap_or_default();
                (!notes.is_empty()).then(|| view! {
                    <ul class="notes">
                        {notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
                    </ul>
                })
            }}
            {table}
        }
        .erased()
    };
    let disagreeing = move || {
        found.with(|found| {
            let found = found.as_ref()?;
            let (days, shown) = (found.disagreeing.clone(), found.report.cube.kept()?);
            Some(view! { <Disagreeing days=days shown=shown/> })
        })
    };
    view! {
        {disagreeing}
        {totals}
        <section class="card" aria-labelledby="numbers-title">
            <div class="card__head">
                <h2 id="numbers-title">
                    {move || found.with(|found| found.as_ref().map(title))}
                </h2>
                {move || view! { <TakeAway explored=here.get() whole=whole.get() wanted=wanted/> }}
            </div>
            <p class="muted">{move || found.with(|found| found.as_ref().map(about))}</p>
            {move || sheets.with(|sheets| units(sheets, &here.get()))}
            {numbers}
            {move || {
                let found = found.get()?;
                Some(view! { <Fresh found=found page=page again=again/> })
            }}
        </section>
        <ToTotalSteps found=found/>
        {reasons}
    }
    .erased()
}

/// The sheet of a unit; without one the largest of money, of usage the one with most lines.
fn chosen<'a>(sheets: &'a [Sheet], unit: &str) -> Option<&'a Sheet> {
    let named = sheets
        .iter()
        .find(|sheet| !unit.is_empty() && sheet.unit == unit);
    named.or_else(|| {
        let size = |sheet: &Sheet| match sheet.currency {
            Some(_) => sheet.sum.total.near(),
            None => f64::from(u32::try_from(sheet.lines.len()).unwrap_or(u32::MAX)),
        };
        sheets
            .iter()
            .max_by(|one, other| size(one).total_cmp(&size(other)))
    })
}

/// Links to the other currencies or units, which can't be added up.
fn units(sheets: &[Sheet], here: &Explored) -> Option<AnyView> {
    let shown = chosen(sheets, &here.unit)?.unit.clone();
    (sheets.len() > 1).then(|| {
        let links = sheets.iter().map(|sheet| {
            let there = here.with(|there| there.unit.clone_from(&sheet.unit));
            let current = (sheet.unit == shown).then_some("true");
            let name = match sheet.unit.as_str() {
                "" => "No unit".to_owned(),
                unit => unit.to_owned(),
            };
            view! { <a class="segment" href=there.path() aria-current=current data-noscroll="">{name}</a> }
        });
        view! { <nav class="segments segments--many" aria-label="Currency or unit">{links.collect_view()}</nav> }
            .erased()
    })
}

/// `By tag Team and region`, `All costs`.
fn title(found: &Found) -> String {
    let words: Vec<String> = found
        .report
        .group_by
        .iter()
        .map(|key| key.words())
        .collect();
    match words.is_empty() {
        true => "All costs".to_owned(),
        false => format!("By {}", words.join(" and ")),
    }
}

#[component]
fn Fresh(found: Found, page: Signal<Breakdown>, again: Callback<()>) -> impl IntoView {
    let on_asked = move |_| again.run(());
    let as_of = match found.as_of {
        Some(at) => format!("As of {}.", time(at)),
        None => "Nothing has been asked for yet.".to_owned(),
    };
    let alone = page.with_untracked(|page| page.alone.clone());
    let first = page.with_untracked(|page| page.connections.first().copied());
    let anew = match (found.again, alone, first) {
        (Some(offer), Some(alone), _) => {
            view! { <AskForm offer=offer cap=alone.cap on_asked=on_asked/> }.erased()
        }
        (None, Some(_), Some(connection)) => {
            let overview = format!("/?connection={connection}");
            view! { <p><a href=overview>"Refresh on the Overview"</a></p> }.erased()
        }
        _ => ().erased(),
    };
    view! {
        <div class="fresh">
            <p class="fresh__text">{as_of}</p>
            {anew}
        </div>
    }
    .erased()
}
