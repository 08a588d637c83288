//! Draws charts with ECharts, in the browser only. The script is loaded when a chart is
//! about to be shown, and everything is let go with the page. What is drawn is others' affair;
//! they call this from within the piece `charts`, which no page needs to be read.

use std::{cell::Cell, rc::Rc};

use leptos::{html::Div, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, HtmlElement, HtmlScriptElement, MediaQueryList, ResizeObserver,
    js_sys::{Array, Function, JSON, Object, Promise, Reflect},
};

use super::{
    canvas::{Canvas, Zoom},
    chart::{DARK, DARK_STRONG, LIGHT, LIGHT_STRONG, Theme},
};

const DARK_QUERY: &str = "(prefers-color-scheme: dark)";
const CONTRAST_QUERY: &str = "(prefers-contrast: more)";
/// The ground is then the system's; a canvas isn't changed.
const FORCED_QUERY: &str = "(forced-colors: active)";
const STILL_QUERY: &str = "(prefers-reduced-motion: reduce)";

/// What the pointer is on.
pub struct Pointed {
    /// The place on the axis, or among the data.
    pub place: usize,
    /// The series' name.
    pub series: String,
    /// The item's own name, where it has one.
    pub name: String,
    /// The mark that ECharts made for the series.
    pub mark: String,
}

/// Places along the axis.
#[derive(Clone, Copy)]
pub struct Places {
    /// Of what is known.
    pub known: usize,
    /// Of what is only expected, after those.
    pub ahead: usize,
}

/// Makes the text beside the pointer from what it is on.
pub type Tooltip = Rc<dyn Fn(&[Pointed]) -> String>;

/// A chart: what it shows and what it answers. The functions read signals; it is drawn
/// again when one of these changes.
#[derive(Clone)]
pub struct Picture {
    /// ECharts' options as JSON, in these colours, and without motion where that is wanted.
    pub options: Rc<dyn Fn(Theme, bool) -> String>,
    /// The text beside the pointer.
    pub tooltip: Tooltip,
    /// A label of the value axis.
    pub axis: Rc<dyn Fn(f64) -> String>,
    /// How many places the other axis has.
    pub places: Rc<dyn Fn() -> Places>,
    /// What a click on an item does.
    pub clicked: Option<Rc<dyn Fn(Pointed)>>,
    /// How much is in view.
    pub zoom: RwSignal<Zoom>,
    /// The first and the last place in view, once a person has chosen them.
    pub in_view: Option<RwSignal<Option<(usize, usize)>>>,
    /// Whether somebody wants the picture itself as a PNG; taken back when it is given.
    pub wanted: Option<RwSignal<bool>>,
    /// The name of that file.
    pub file: &'static str,
    /// What has become of it.
    pub canvas: RwSignal<Canvas>,
}

/// Draws into the element, and again whenever something changes.
pub fn keep_drawn(host: NodeRef<Div>, picture: Picture) {
    let drawing = StoredValue::new_local(None::<Rc<Drawing>>);
    let theme = RwSignal::new(Theme::wanted());
    let (canvas, zoom) = (picture.canvas, picture.zoom);
    {
        let picture = picture.clone();
        Effect::new(move |_| {
            let Some(host) = host.get() else {
                return;
            };
            let picture = picture.clone();
            spawn_local(async move {
                let begun = match load().await {
                    Ok(()) => Drawing::begin(&host, picture, theme),
                    Err(error) => Err(error),
                };
                // The page may be gone by now; then the drawing goes too.
                match begun {
                    Ok(begun) => {
                        if drawing.try_set_value(Some(Rc::new(begun))).is_none() {
                            canvas.try_set(Canvas::Drawn);
                        }
                    }
                    Err(_) => {
                        canvas.try_set(Canvas::Failed);
                    }
                }
            });
        });
    }
    let options = picture.options.clone();
    Effect::new(move |_| {
        let options = options(theme.get(), holds(STILL_QUERY));
        if canvas.get() != Canvas::Waiting
            && let Some(drawing) = drawing.get_value()
        {
            let now = match drawing.show(&options) {
                Ok(()) => Canvas::Drawn,
                Err(_) => Canvas::Failed,
            };
            if canvas.get_untracked() != now {
                canvas.set(now);
            }
        }
    });
    let places = picture.places.clone();
    Effect::new(move |_| {
        let (drawn, zoom, places) = (canvas.get() == Canvas::Drawn, zoom.get(), places());
        if drawn && let Some(drawing) = drawing.get_value() {
            let _ = drawing.zoom(zoom, places);
        }
    });
    if let Some(wanted) = picture.wanted {
        Effect::new(move |_| {
            // Asked for before it is drawn, it is given as soon as it is.
            if !wanted.get() || canvas.get() == Canvas::Waiting {
                return;
            }
            wanted.set(false);
            if let Some(drawing) = drawing.get_value() {
                let _ = drawing.save(theme.get_untracked().ground);
            }
        });
    }
}

/// A chart on the page and all that listens for it.
struct Drawing {
    chart: JsValue,
    /// Whether one can look closer at what is drawn now.
    zooms: Cell<Option<bool>>,
    file: &'static str,
    resized: ResizeObserver,
    looks: Vec<MediaQueryList>,
    on_look: Closure<dyn FnMut()>,
    _on_resize: Closure<dyn FnMut()>,
    format_tooltip: Closure<dyn Fn(JsValue) -> String>,
    format_axis: Closure<dyn Fn(JsValue) -> String>,
    on_zoom: Closure<dyn Fn(JsValue)>,
    on_click: Closure<dyn Fn(JsValue)>,
}

impl Drawing {
    fn begin(host: &Element, picture: Picture, theme: RwSignal<Theme>) -> Result<Self, JsValue> {
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
        let looks: Vec<MediaQueryList> = [DARK_QUERY, CONTRAST_QUERY, FORCED_QUERY]
            .into_iter()
            .filter_map(query)
            .collect();
        let on_look = Closure::new(move || {
            theme.try_set(Theme::wanted());
        });
        for look in &looks {
            let listener = on_look.as_ref().unchecked_ref();
            look.add_event_listener_with_callback("change", listener)?;
        }
        let on_zoom = {
            let chart = chart.clone();
            let (zoom, view) = (picture.zoom, picture.in_view);
            Closure::new(move |event: JsValue| {
                // Only what a person did: our own zooming is marked.
                let ours = get(&event, "ours").is_ok_and(|ours| ours.is_truthy());
                if !ours {
                    zoom.try_set(Zoom::Free);
                }
                if let Some(view) = view {
                    view.try_set(if ours { None } else { in_view(&chart) });
                }
            })
        };
        call(&chart, "on", &["datazoom".into(), on_zoom.as_ref().clone()])?;
        let clicked = picture.clicked.clone();
        let on_click = Closure::new(move |event: JsValue| {
            if let (Some(clicked), Some(pointed)) = (&clicked, pointed(&event)) {
                clicked(pointed);
            }
        });
        call(&chart, "on", &["click".into(), on_click.as_ref().clone()])?;
        let (tooltip, axis) = (picture.tooltip.clone(), picture.axis.clone());
        Ok(Self {
            chart,
            zooms: Cell::default(),
            file: picture.file,
            resized,
            looks,
            on_look,
            _on_resize: on_resize,
            format_tooltip: Closure::new(move |items: JsValue| {
                let items: Vec<Pointed> = all(&items).iter().filter_map(pointed).collect();
                tooltip(&items)
            }),
            format_axis: Closure::new(move |value: JsValue| {
                value.as_f64().map(|value| axis(value)).unwrap_or_default()
            }),
            on_zoom,
            on_click,
        })
    }

    /// Hands the picture to the browser as a file.
    fn save(&self, ground: &str) -> Result<(), JsValue> {
        let how = Object::new();
        set(&how, "type", &"png".into())?;
        set(&how, "pixelRatio", &2.into())?;
        set(&how, "backgroundColor", &ground.into())?;
        let address = call(&self.chart, "getDataURL", &[how.into()])?;
        let link: HtmlElement = document().create_element("a")?.dyn_into()?;
        link.set_attribute("href", &address.as_string().unwrap_or_default())?;
        link.set_attribute("download", self.file)?;
        link.click();
        Ok(())
    }

    fn show(&self, options: &str) -> Result<(), JsValue> {
        let options = JSON::parse(options)?;
        let each = |key| Ok::<_, JsValue>(all(&get(&options, key)?).into_iter());
        for tooltip in each("tooltip")?.filter(JsValue::is_object) {
            set(&tooltip, "formatter", self.format_tooltip.as_ref())?;
        }
        // A treemap's axes have no labels, a calendar has no axes.
        for axis in each("yAxis")?.filter(JsValue::is_object) {
            let label = get(&axis, "axisLabel")?;
            if label.is_object() {
                set(&label, "formatter", self.format_axis.as_ref())?;
            }
        }
        // Merged, so that the zoom stays; but a series that is gone must go, and so must the
        // axes of another kind of chart. A zoom keeps to the axes it was made with: from or to
        // a kind without one, all is made anew.
        let zooms = get(&options, "dataZoom").map(|zooms| !all(&zooms).is_empty())?;
        let anew = self
            .zooms
            .replace(Some(zooms))
            .is_some_and(|before| before != zooms);
        let how = Object::new();
        set(&how, "notMerge", &anew.into())?;
        let replaced = ["series", "xAxis", "yAxis", "calendar", "visualMap"].map(JsValue::from);
        set(&how, "replaceMerge", &replaced.iter().collect::<Array>())?;
        call(&self.chart, "setOption", &[options, how.into()]).map(|_| ())
    }

    fn zoom(&self, zoom: Zoom, places: Places) -> Result<(), JsValue> {
        let first = match zoom {
            Zoom::Free => return Ok(()),
            Zoom::All => 0,
            Zoom::Days(shown) => {
                let shown = usize::try_from(shown).unwrap_or(places.known);
                places.known.saturating_sub(shown)
            }
        };
        let last = (places.known + places.ahead).saturating_sub(1);
        let number = |place: usize| JsValue::from(u32::try_from(place).unwrap_or(u32::MAX));
        let action = Object::new();
        set(&action, "type", &"dataZoom".into())?;
        set(&action, "ours", &true.into())?;
        set(&action, "startValue", &number(first))?;
        set(&action, "endValue", &number(last))?;
        call(&self.chart, "dispatchAction", &[action.into()]).map(|_| ())
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.resized.disconnect();
        for look in &self.looks {
            let listener = self.on_look.as_ref().unchecked_ref();
            let _ = look.remove_event_listener_with_callback("change", listener);
        }
        let _ = call(
            &self.chart,
            "off",
            &["datazoom".into(), self.on_zoom.as_ref().clone()],
        );
        let _ = call(
            &self.chart,
            "off",
            &["click".into(), self.on_click.as_ref().clone()],
        );
        let _ = call(&self.chart, "dispose", &[]);
    }
}

fn pointed(item: &JsValue) -> Option<Pointed> {
    let text = |key| get(item, key).ok().and_then(|value| value.as_string());
    let place = get(item, "dataIndex").ok()?.as_f64()?;
    Some(Pointed {
        place: index(place),
        series: text("seriesName").unwrap_or_default(),
        name: text("name").unwrap_or_default(),
        mark: text("marker").unwrap_or_default(),
    })
}

/// The first and the last place in view.
fn in_view(chart: &JsValue) -> Option<(usize, usize)> {
    let options = call(chart, "getOption", &[]).ok()?;
    let zoom = all(&get(&options, "dataZoom").ok()?).into_iter().next()?;
    let end = |key| Some(index(get(&zoom, key).ok()?.as_f64()?));
    Some((end("startValue")?, end("endValue")?))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index that JavaScript can only give as a float"
)]
const fn index(place: f64) -> usize {
    place as usize
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

fn holds(text: &str) -> bool {
    query(text).is_some_and(|query| query.matches())
}

impl Theme {
    /// The one that the person wants.
    fn wanted() -> Self {
        let strong = holds(CONTRAST_QUERY) || holds(FORCED_QUERY);
        match (holds(DARK_QUERY), strong) {
            (false, false) => LIGHT,
            (false, true) => LIGHT_STRONG,
            (true, false) => DARK,
            (true, true) => DARK_STRONG,
        }
    }
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
