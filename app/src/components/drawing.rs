//! Draws the daily chart with ECharts, in the browser only. The script, and most of
//! what is here, is loaded when a chart is about to be shown, and everything is let
//! go with the page.

use std::rc::Rc;

use leptos::{
    html::Div,
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, HtmlScriptElement, MediaQueryList, ResizeObserver,
    js_sys::{Array, Function, JSON, Object, Promise, Reflect},
};

use super::{
    chart::{DARK, LIGHT, axis_label, options, tooltip},
    chart_view::{Canvas, Wanted, Zoom},
};

const DARK_QUERY: &str = "(prefers-color-scheme: dark)";
const STILL_QUERY: &str = "(prefers-reduced-motion: reduce)";

/// Draws into the element, and again whenever something changes.
pub fn keep_drawn(host: NodeRef<Div>, wanted: Wanted) {
    let Some(owner) = Owner::current() else {
        return;
    };
    spawn_local(async move {
        if keep_drawn_for(owner, host, wanted).await.is_err() {
            wanted.canvas.try_set(Canvas::Failed);
        }
    });
}

/// What is in a piece of its own, because no page needs it to be read.
#[wasm_split(charts, wasm_split_path = leptos::wasm_split, fallible)]
fn keep_drawn_for(
    owner: Owner,
    host: NodeRef<Div>,
    wanted: Wanted,
) -> Result<(), SplitLoaderError> {
    // The page may be gone by now.
    if wanted.canvas.try_get_untracked().is_some() {
        owner.with(|| react(host, wanted));
    }
    Ok(())
}

fn react(host: NodeRef<Div>, wanted: Wanted) {
    let drawing = StoredValue::new_local(None::<Rc<Drawing>>);
    let dark = RwSignal::new(query(DARK_QUERY).is_some_and(|query| query.matches()));
    Effect::new(move |_| {
        let Some(host) = host.get() else {
            return;
        };
        spawn_local(async move {
            let begun = match load().await {
                Ok(()) => Drawing::begin(&host, wanted, dark),
                Err(error) => Err(error),
            };
            // The page may be gone by now; then the drawing goes too.
            match begun {
                Ok(begun) => {
                    if drawing.try_set_value(Some(Rc::new(begun))).is_none() {
                        wanted.canvas.try_set(Canvas::Drawn);
                    }
                }
                Err(_) => {
                    wanted.canvas.try_set(Canvas::Failed);
                }
            }
        });
    });
    Effect::new(move |_| {
        let (canvas, dark) = (wanted.canvas.get(), dark.get());
        let hidden = wanted.hidden.get();
        wanted.chart.with(|chart| {
            let theme = if dark { DARK } else { LIGHT };
            let still = query(STILL_QUERY).is_some_and(|query| query.matches());
            if canvas == Canvas::Drawn
                && let Some(drawing) = drawing.get_value()
            {
                let _ = drawing.show(&options(chart, theme, &hidden, still).to_string());
            }
        });
    });
    Effect::new(move |_| {
        let (canvas, zoom) = (wanted.canvas.get(), wanted.zoom.get());
        let days = wanted.chart.with(|chart| chart.days.len());
        if canvas == Canvas::Drawn
            && let Some(drawing) = drawing.get_value()
        {
            let _ = drawing.zoom(zoom, days);
        }
    });
}

/// A chart on the page and all that listens for it.
struct Drawing {
    chart: JsValue,
    resized: ResizeObserver,
    scheme: Option<MediaQueryList>,
    on_scheme: Closure<dyn FnMut()>,
    _on_resize: Closure<dyn FnMut()>,
    format_tooltip: Closure<dyn Fn(JsValue) -> String>,
    format_axis: Closure<dyn Fn(JsValue) -> String>,
    on_zoom: Closure<dyn Fn(JsValue)>,
}

impl Drawing {
    fn begin(host: &Element, wanted: Wanted, dark: RwSignal<bool>) -> Result<Self, JsValue> {
        let init = get(&get(&window(), "echarts")?, "init")?.dyn_into::<Function>()?;
        let chart = init.call1(&JsValue::NULL, host)?;
        let on_resize = {
            let chart = chart.clone();
            Closure::new(move || {
                let _ = call(&chart, "resize", &[]);
            })
        };
        let resized = ResizeObserver::new(on_resize.as_ref().unchecked_ref())?;
        resized.observe(host);
        let scheme = query(DARK_QUERY);
        let on_scheme = {
            let scheme = scheme.clone();
            Closure::new(move || {
                dark.try_set(scheme.as_ref().is_some_and(MediaQueryList::matches));
            })
        };
        if let Some(scheme) = &scheme {
            let listener = on_scheme.as_ref().unchecked_ref();
            scheme.add_event_listener_with_callback("change", listener)?;
        }
        let on_zoom = Closure::new(move |event: JsValue| {
            // Only what a person did: our own zooming is marked.
            let ours = get(&event, "ours").is_ok_and(|ours| ours.is_truthy());
            if !ours {
                wanted.zoom.try_set(Zoom::Free);
            }
        });
        call(&chart, "on", &["datazoom".into(), on_zoom.as_ref().clone()])?;
        Ok(Self {
            chart,
            resized,
            scheme,
            on_scheme,
            _on_resize: on_resize,
            format_tooltip: Closure::new(move |days| tooltip_text(wanted, &days)),
            format_axis: Closure::new(move |value: JsValue| {
                let currency = wanted.chart.try_with_untracked(|chart| chart.currency);
                let value = value.as_f64().zip(currency);
                value
                    .map(|(value, currency)| axis_label(value, currency))
                    .unwrap_or_default()
            }),
            on_zoom,
        })
    }

    fn show(&self, options: &str) -> Result<(), JsValue> {
        let options = JSON::parse(options)?;
        for tooltip in all(&get(&options, "tooltip")?) {
            set(&tooltip, "formatter", self.format_tooltip.as_ref())?;
        }
        for axis in all(&get(&options, "yAxis")?) {
            set(
                &get(&axis, "axisLabel")?,
                "formatter",
                self.format_axis.as_ref(),
            )?;
        }
        // Merged, so that the zoom stays; but a service that is gone must go.
        let how = Object::new();
        set(&how, "replaceMerge", &Array::of1(&"series".into()))?;
        call(&self.chart, "setOption", &[options, how.into()]).map(|_| ())
    }

    fn zoom(&self, zoom: Zoom, days: usize) -> Result<(), JsValue> {
        let first = match zoom {
            Zoom::Free => return Ok(()),
            Zoom::All => 0,
            Zoom::Days(shown) => days.saturating_sub(usize::try_from(shown).unwrap_or(days)),
        };
        let number = |place: usize| JsValue::from(u32::try_from(place).unwrap_or(u32::MAX));
        let action = Object::new();
        set(&action, "type", &"dataZoom".into())?;
        set(&action, "ours", &true.into())?;
        set(&action, "startValue", &number(first))?;
        set(&action, "endValue", &number(days.saturating_sub(1)))?;
        call(&self.chart, "dispatchAction", &[action.into()]).map(|_| ())
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.resized.disconnect();
        if let Some(scheme) = &self.scheme {
            let listener = self.on_scheme.as_ref().unchecked_ref();
            let _ = scheme.remove_event_listener_with_callback("change", listener);
        }
        let _ = call(
            &self.chart,
            "off",
            &["datazoom".into(), self.on_zoom.as_ref().clone()],
        );
        let _ = call(&self.chart, "dispose", &[]);
    }
}

fn tooltip_text(wanted: Wanted, days: &JsValue) -> String {
    let days = all(days);
    let place = days
        .first()
        .and_then(|day| get(day, "dataIndex").ok()?.as_f64());
    let shown: Vec<(String, String)> = days
        .iter()
        .filter_map(|day| {
            let text = |key| get(day, key).ok()?.as_string();
            Some((text("seriesName")?, text("marker").unwrap_or_default()))
        })
        .collect();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index that JavaScript can only give as a float"
    )]
    let place = place.map(|place| place as usize);
    let text = |place| {
        wanted
            .chart
            .try_with_untracked(|chart| tooltip(chart, place, &shown))
    };
    place.and_then(text).unwrap_or_default()
}

/// Sees to it that `window.echarts` is there.
async fn load() -> Result<(), JsValue> {
    if get(&window(), "echarts")?.is_truthy() {
        return Ok(());
    }
    let document = document();
    let path = document
        .query_selector("meta[name=chart-script]")?
        .and_then(|meta| meta.get_attribute("content"))
        .ok_or("no chart script")?;
    let script: HtmlScriptElement = document.create_element("script")?.dyn_into()?;
    script.set_src(&path);
    let loaded = Promise::new(&mut |resolve, reject| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
    });
    document.body().ok_or("no body")?.append_child(&script)?;
    JsFuture::from(loaded).await.map(|_| ())
}

fn query(query: &str) -> Option<MediaQueryList> {
    window().match_media(query).ok().flatten()
}

fn get(object: &JsValue, key: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &key.into())
}

fn set(object: &JsValue, key: &str, value: &JsValue) -> Result<(), JsValue> {
    Reflect::set(object, &key.into(), value).map(|_| ())
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method = get(object, method)?.dyn_into::<Function>()?;
    method.apply(object, &arguments.iter().collect::<Array>())
}

/// The elements of an array, or the one value.
fn all(value: &JsValue) -> Vec<JsValue> {
    if Array::is_array(value) {
        Array::from(value).to_vec()
    } else {
        vec![value.clone()]
    }
}
