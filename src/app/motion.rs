//! Tweening: an entry is drawn at once where it now stands and then seems to come from where it
//! stood before. It shows a change that has already happened; it decides nothing. What is under way
//! in model time stands where it is at the time that is shown.

use super::theme;
use gloo_utils::window;
use js_sys::{Array, Function, Object, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
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
    root.cast::<Element>().map_or_else(Vec::new, |root| all(&root, "[data-id]"))
}

fn all(root: &Element, selector: &str) -> Vec<Element> {
    let found = root.query_selector_all(selector).ok();
    let found =
        found.map(|found| (0..found.length()).filter_map(move |at| found.get(at)).collect::<Vec<_>>());
    found.unwrap_or_default().into_iter().filter_map(|node| node.dyn_into().ok()).collect()
}

/// Puts all that is under way below `root` where it is at `now`, in model seconds.
pub fn show_time(root: &Element, now: f64) {
    for part in all(root, "[data-from]") {
        let number = |name: &str| part.get_attribute(name).and_then(|text| text.parse::<f64>().ok());
        let (Some(from), Some(until)) = (number("data-from"), number("data-until")) else { continue };
        let share = if until > from { ((now - from) / (until - from)).clamp(0.0, 1.0) } else { 1.0 };
        set_style(&part, "--p", &format!("{share:.4}"));
    }
}

/// Sets one property of an element's own style; an empty value removes it.
pub fn set_style(element: &Element, name: &str, value: &str) {
    let style = Reflect::get(element, &"style".into()).unwrap_or_default();
    let set =
        Reflect::get(&style, &"setProperty".into()).ok().and_then(|set| set.dyn_into::<Function>().ok());
    let _ = set.map(|set| set.call2(&style, &name.into(), &value.into()));
}

/// Calls a function before every picture that the screen shows, until it is dropped.
pub struct Frames(Rc<Cell<bool>>);

impl Frames {
    /// Begins.
    pub fn new(each: impl Fn() + 'static) -> Self {
        type Held = Rc<RefCell<Option<Closure<dyn FnMut()>>>>;
        let going = Rc::new(Cell::new(true));
        let held: Held = Rc::default();
        let (goes, holder) = (going.clone(), held.clone());
        let frame = Closure::<dyn FnMut()>::new(move || {
            if !goes.get() {
                // The last handle to this closure; it goes when the call is over.
                drop(holder.borrow_mut().take());
                return;
            }
            if let Some(frame) = &*holder.borrow() {
                let _ = window().request_animation_frame(frame.as_ref().unchecked_ref());
            }
            each();
        });
        let _ = window().request_animation_frame(frame.as_ref().unchecked_ref());
        held.borrow_mut().replace(frame);
        Frames(going)
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Moves the popover that `details` has opened to the left by as much as it stands out of the window,
/// and lets it scroll where it would reach below it.
pub fn keep_inside(details: &Element) {
    const MARGIN: f64 = 8.0;
    const LEAST: f64 = 220.0;
    let popover = details.query_selector(".popover").ok().flatten();
    let Some(popover) = popover else { return };
    set_style(&popover, "transform", "");
    let room = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(f64::INFINITY);
    let place = popover.get_bounding_client_rect();
    let tall = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::INFINITY);
    let below = (tall - place.top() - MARGIN).max(LEAST);
    set_style(&popover, "max-height", &format!("{below:.0}px"));
    let out = (place.right() + MARGIN - room).min(place.left() - MARGIN);
    if out > 0.0 {
        set_style(&popover, "transform", &format!("translateX(-{out}px)"));
    }
}
