//! The place where the Explorer's chart is drawn, after hydration; until then a calm
//! placeholder of the same height stands there, so that nothing moves.

use domain::{sheet::Sheet, wish::Drawn};
use leptos::{html::Div, prelude::*};

use super::{address::Explored, chart::description, pieces::same_numbers};
use crate::{
    components::canvas::{Canvas as State, Zoom},
    erased::Erase,
};

/// Everything that decides what is drawn, and what a person does with it.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser draws")
)]
pub struct Canvas {
    /// The numbers.
    pub sheet: Memo<Option<Sheet>>,
    /// What the address says.
    pub explored: Memo<Explored>,
    /// How it is drawn.
    pub drawn: Memo<Drawn>,
    /// Names of series that are switched off.
    pub hidden: RwSignal<Vec<String>>,
    /// What has become of it.
    pub state: RwSignal<State>,
    /// How much is in view.
    pub zoom: RwSignal<Zoom>,
    /// The first and last piece in view, once a person has chosen them.
    pub in_view: RwSignal<Option<(usize, usize)>>,
    /// Whether somebody wants the picture.
    pub wanted: RwSignal<bool>,
}

impl Canvas {
    /// The place.
    pub fn view(self) -> impl IntoView {
        let host = NodeRef::<Div>::new();
        draw(host, self);
        let label = move || self.sheet.with(|sheet| sheet.as_ref().map(description));
        view! {
            <div class="chart__place needs-script">
                <div class="chart__canvas" node_ref=host role="img" aria-label=label></div>
                {move || match self.state.get() {
                    State::Waiting => Some(view! {
                        <div class="chart__cover skeleton"><span class="hidden">"Drawing the chart"</span></div>
                    }.erased()),
                    State::Failed => Some(view! {
                        <p class="chart__cover chart__cover--failed">
                            "The chart couldn’t be loaded. "
                            {self.sheet.with(|sheet| sheet.as_ref().map(same_numbers))}
                        </p>
                    }.erased()),
                    State::Drawn => None,
                }}
            </div>
        }
        .erased()
    }
}

#[cfg(feature = "hydrate")]
fn draw(host: NodeRef<Div>, canvas: Canvas) {
    let Some(owner) = Owner::current() else {
        return;
    };
    crate::components::near::fetch_when_near(host, draw_for(owner, host, canvas), move || {
        canvas.state.try_set(State::Failed);
    });
}

/// What is in a piece of its own, because no page needs it to be read.
#[cfg(feature = "hydrate")]
#[leptos::wasm_split::wasm_split(charts, wasm_split_path = leptos::wasm_split, fallible)]
fn draw_for(
    owner: Owner,
    host: NodeRef<Div>,
    canvas: Canvas,
) -> Result<(), leptos::wasm_split::SplitLoaderError> {
    // The page may be gone by now.
    if canvas.state.try_get_untracked().is_some() {
        owner.with(|| crate::components::drawing::keep_drawn(host, picture(canvas)));
    }
    Ok(())
}

#[cfg(feature = "hydrate")]
fn picture(canvas: Canvas) -> crate::components::drawing::Picture {
    use std::rc::Rc;

    use leptos_router::{NavigateOptions, hooks::use_navigate};

    use super::chart_options::{axis_label, behind, options, tooltip};
    use crate::components::drawing::{Picture, Places, Pointed};

    let Canvas {
        sheet,
        explored,
        drawn,
        hidden,
        ..
    } = canvas;
    let navigate = use_navigate();
    Picture {
        options: Rc::new(move |theme, still| {
            let (hidden, drawn) = (hidden.get(), drawn.get());
            sheet.with(|sheet| {
                let options = sheet
                    .as_ref()
                    .map(|sheet| options(sheet, drawn, theme, &hidden, still));
                options.unwrap_or_default().to_string()
            })
        }),
        tooltip: Rc::new(move |items: &[Pointed]| {
            let items: Vec<(usize, &str, &str, &str)> = (items.iter())
                .map(|item| (item.place, &*item.series, &*item.name, &*item.mark))
                .collect();
            let drawn = drawn.try_get_untracked().unwrap_or_default();
            let text = sheet.try_with_untracked(|sheet| {
                (sheet.as_ref()).map(|sheet| tooltip(sheet, drawn, &items))
            });
            text.flatten().unwrap_or_default()
        }),
        axis: Rc::new(move |value| {
            let currency = sheet.try_with_untracked(|sheet| sheet.as_ref()?.currency);
            axis_label(value, currency.flatten())
        }),
        places: Rc::new(move || Places {
            known: sheet.with(|sheet| sheet.as_ref().map_or(0, |sheet| sheet.pieces.len())),
            ahead: 0,
        }),
        clicked: Some(Rc::new(move |item: Pointed| {
            let drawn = drawn.try_get_untracked().unwrap_or_default();
            let there = sheet.try_with_untracked(|sheet| {
                let from = explored.try_get_untracked()?;
                behind(
                    sheet.as_ref()?,
                    drawn,
                    &from,
                    (item.place, &item.series, &item.name),
                )
            });
            if let Some(there) = there.flatten() {
                let stay = NavigateOptions {
                    scroll: false,
                    ..Default::default()
                };
                navigate(&there.path(), stay);
            }
        })),
        zoom: canvas.zoom,
        in_view: Some(canvas.in_view),
        wanted: Some(canvas.wanted),
        file: "costs.png",
        canvas: canvas.state,
    }
}

#[cfg(not(feature = "hydrate"))]
const fn draw(_host: NodeRef<Div>, _canvas: Canvas) {}
