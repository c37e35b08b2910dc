//! Tweening: an entry is drawn at once where it now stands and then seems to come from where it
//! stood before. It shows a change that has already happened; it decides nothing.

use super::theme;
use js_sys::{Array, Object, Reflect};
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, KeyframeAnimationOptions};
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
        let options = KeyframeAnimationOptions::new();
        options.set_duration(&JsValue::from(milliseconds));
        options.set_easing("ease-out");
        for entry in entries(root) {
            let place = entry.get_bounding_client_rect();
            let Some((left, top)) = self.0.get(&name(&entry)) else { continue };
            let (x, y) = (left - place.left(), top - place.top());
            if x.abs() + y.abs() > 1.0 {
                entry.animate_with_keyframe_animation_options(Some(&keyframes(x, y)), &options);
            }
        }
        self.0.clear();
    }
}

fn keyframes(x: f64, y: f64) -> Object {
    let steps = [format!("translate({x}px,{y}px)"), "none".to_owned()];
    let steps: Array = steps.iter().map(|step| JsValue::from_str(step)).collect();
    let frames = Object::new();
    let _ = Reflect::set(&frames, &"transform".into(), &steps);
    frames
}

/// Entries are told apart by their panel and their identity, so that one may move between lanes.
fn name(entry: &Element) -> (String, String) {
    let panel = entry.closest("section").ok().flatten().map(|panel| panel.class_name());
    (panel.unwrap_or_default(), entry.get_attribute("data-id").unwrap_or_default())
}

fn entries(root: &NodeRef) -> Vec<Element> {
    let found = root.cast::<Element>().and_then(|root| root.query_selector_all("[data-id]").ok());
    let found = found.map(|found| (0..found.length()).filter_map(move |at| found.get(at)).collect::<Vec<_>>());
    found.unwrap_or_default().into_iter().filter_map(|node| node.dyn_into().ok()).collect()
}
