//! Tweening: an entry is drawn at once where it now stands and then seems to come from where it
//! stood before. It shows a change that has already happened; it decides nothing.

use super::theme;
use js_sys::{Array, Function, Object, Reflect};
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;
use yew::NodeRef;

/// Where the entries of a picture stood, by panel and identity.
#[derive(Default)]
pub struct Places(HashMap<(String, String), (f64, f64)>);

impl Places {
    /// The places in the picture below `root` as it is drawn now; none if the person wants no
    /// motion.
    pub fn of(root: &NodeRef) -> Self {
        if theme::matches("(prefers-reduced-motion: reduce)") {
            return Places::default();
        }
        let places = entries(root).into_iter().map(|entry| {
            let place = entry.get_bounding_client_rect();
            (name(&entry), (place.left(), place.top()))
        });
        Places(places.collect())
    }

    /// Lets each entry below `root` that has moved come from its old place within `milliseconds`.
    pub fn tween(&mut self, root: &NodeRef, milliseconds: u32) {
        if self.0.is_empty() {
            return;
        }
        for entry in entries(root) {
            let place = entry.get_bounding_client_rect();
            let Some((left, top)) = self.0.get(&name(&entry)) else { continue };
            let (x, y) = (left - place.left(), top - place.top());
            if x.abs() + y.abs() > 1.0 {
                animate(&entry, x, y, milliseconds);
            }
        }
        self.0.clear();
    }
}

/// Lets `entry` come from `x` and `y` pixels away. The call is made by name, because the bindings
/// of `Element.animate` are not stable yet.
fn animate(entry: &Element, x: f64, y: f64, milliseconds: u32) {
    let frames: Array = [format!("translate({x}px,{y}px)"), "none".to_owned()]
        .iter()
        .map(|step| JsValue::from_str(step))
        .collect();
    let options = [("transform", JsValue::from(frames))].iter().fold(Object::new(), with);
    let timing = [("duration", JsValue::from(milliseconds)), ("easing", "ease-out".into())]
        .iter()
        .fold(Object::new(), with);
    let animate =
        Reflect::get(entry, &"animate".into()).ok().and_then(|animate| animate.dyn_into::<Function>().ok());
    if let Some(animate) = animate {
        let _ = animate.call2(entry, &options, &timing);
    }
}

fn with(object: Object, (name, value): &(&str, JsValue)) -> Object {
    let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    object
}

/// Entries are told apart by their panel and their identity, so that one may move between lanes.
fn name(entry: &Element) -> (String, String) {
    let panel = entry.closest("section").ok().flatten().map(|panel| panel.class_name());
    (panel.unwrap_or_default(), entry.get_attribute("data-id").unwrap_or_default())
}

fn entries(root: &NodeRef) -> Vec<Element> {
    let found = root.cast::<Element>().and_then(|root| root.query_selector_all("[data-id]").ok());
    let found =
        found.map(|found| (0..found.length()).filter_map(move |at| found.get(at)).collect::<Vec<_>>());
    found.unwrap_or_default().into_iter().filter_map(|node| node.dyn_into().ok()).collect()
}
