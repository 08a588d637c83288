//! What is only worth its while where somebody is about to see it.

use leptos::{html::Div, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, js_sys::Array,
};

/// How far below and above what is seen something is near: a screen's height.
const MARGIN: &str = "100% 0px";

/// Does something once the element comes near to what is seen, or at once where a browser
/// can't tell. Not at all when the page goes before that.
fn when_near(host: NodeRef<Div>, act: impl FnOnce() + 'static) {
    let act = StoredValue::new_local(Some(act));
    let take = move || {
        let act = act.try_update_value(Option::take).flatten();
        if let Some(act) = act {
            act();
        }
    };
    Effect::new(move |_| {
        let Some(host) = host.get() else {
            return;
        };
        let seen = Closure::<dyn FnMut(Array, IntersectionObserver)>::new(
            move |entries: Array, observer: IntersectionObserver| {
                let is_near =
                    |entry| IntersectionObserverEntry::unchecked_from_js(entry).is_intersecting();
                if entries.iter().any(is_near) {
                    observer.disconnect();
                    take();
                }
            },
        );
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let callback = seen.as_ref().unchecked_ref();
        match IntersectionObserver::new_with_options(callback, &options) {
            Ok(observer) => {
                observer.observe(&host);
                let kept = StoredValue::new_local((observer, seen));
                on_cleanup(move || {
                    kept.try_with_value(|(observer, _)| observer.disconnect());
                });
            }
            Err(_) => take(),
        }
    });
}

/// As [`when_near`], for what has to be fetched before it can be done. `failed` says so where
/// it doesn't come.
pub fn fetch_when_near<E>(
    host: NodeRef<Div>,
    fetch: impl Future<Output = Result<(), E>> + 'static,
    failed: impl FnOnce() + 'static,
) {
    when_near(host, move || {
        leptos::task::spawn_local(async move {
            if fetch.await.is_err() {
                failed();
            }
        });
    });
}
