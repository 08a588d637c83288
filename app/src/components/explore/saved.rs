//! Views that a person has saved: where they lead, which one is seen first, and a form that
//! keeps what is shown.

use domain::saved::{NAME_MAX, SavedView};
use leptos::prelude::*;

use super::address::Explored;
use crate::{
    api::saved::{self, Save, StartWith, Unsave},
    components::form::{FormError, Submit, form_state},
    erased::Erase,
    error::ApiError,
    loaded::{Loaded, loaded},
};

/// What a person has saved, and what changes it.
#[derive(Clone, Copy)]
pub struct Saved {
    save: ServerAction<Save>,
    unsave: ServerAction<Unsave>,
    start: ServerAction<StartWith>,
    list: Loaded<Result<Vec<SavedView>, ApiError>>,
}

impl Saved {
    /// Has to be made with the page, before anything is awaited: what is made within what waits
    /// for an answer is made twice by the server, and one of both may get none.
    #[must_use]
    pub fn new() -> Self {
        let save = ServerAction::<Save>::new();
        let unsave = ServerAction::<Unsave>::new();
        let start = ServerAction::<StartWith>::new();
        let list = loaded(
            move || {
                let versions = [save.version(), unsave.version(), start.version()];
                versions.map(|version| version.get())
            },
            |_| saved::list(),
        );
        Self {
            save,
            unsave,
            start,
            list,
        }
    }
}

/// The list and the form.
#[component]
pub fn SavedViews(
    /// What is saved.
    saved: Saved,
    /// What is shown.
    here: Memo<Explored>,
) -> impl IntoView {
    let Saved {
        save,
        unsave,
        start,
        list,
    } = saved;
    let state = form_state(save);
    let query = move || {
        let path = here.get().path();
        path.split_once('?')
            .map(|(_, query)| query.to_owned())
            .unwrap_or_default()
    };
    let views = move || {
        Suspend::new(async move {
            let views = list.await.unwrap_or_default();
            let items = views.into_iter().map(|view| {
                view! { <Item view=view unsave=unsave start=start/> }
            });
            view! { <ul class="saved__list">{items.collect_view()}</ul> }
        })
    };
    view! {
        <details class="details saved" open=move || state.error.get().is_some()>
            <summary>"Saved views"</summary>
            <div class="details__body">
                <Transition>{views}</Transition>
                <FormError state=state/>
                <ActionForm action=save attr:class="saved__form">
                    <input type="hidden" name="query" value=query/>
                    <div class="pick">
                        <label class="pick__label" for="view-name">"Save what is shown as"</label>
                        <input class="input" type="text" id="view-name" name="name" required maxlength=NAME_MAX.to_string() autocomplete="off"/>
                    </div>
                    <Submit state=state label="Save" pending="Saving…" class="button"/>
                </ActionForm>
            </div>
        </details>
    }
    .erased()
}

#[component]
fn Item(
    view: SavedView,
    unsave: ServerAction<Unsave>,
    start: ServerAction<StartWith>,
) -> impl IntoView {
    let id = view.id.to_string();
    let (turned, words) = match view.is_start {
        true => (String::new(), "Begin with the Overview again"),
        false => (id.clone(), "Begin with this"),
    };
    let first = view
        .is_start
        .then(|| view! { <span class="state state--good">"Seen first"</span> });
    view! {
        <li class="saved__item">
            <a href=view.path()>{view.name.clone()}</a>
            {first}
            <ActionForm action=start attr:class="saved__act">
                <input type="hidden" name="view" value=turned/>
                <button type="submit" class="link">{words}</button>
            </ActionForm>
            <ActionForm action=unsave attr:class="saved__act">
                <input type="hidden" name="view" value=id/>
                <button type="submit" class="link" aria-label=format!("Delete {}", view.name)>"Delete"</button>
            </ActionForm>
        </li>
    }
    .erased()
}
