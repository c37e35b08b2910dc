//! The stage: it draws any [`Scene`] from the shared vocabulary of shapes, one panel a variant,
//! with what the last step made of it in words.

use super::motion;
use super::shapes::Pen;
use super::why::tone;
use crate::lab::{About, Action, Moment, Part, Scene, Shape, Slot};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Above so many slots a picture is redrawn without tweening.
pub const TWEENED: usize = 160;

/// A flow of up to so many columns takes half the stage.
const NARROW: usize = 3;

/// What [`Stage`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What the lab says about itself.
    pub about: &'static About,
    /// The state.
    pub scene: Rc<Scene>,
    /// What the last step did; `None` at the start.
    pub moment: Option<Rc<Moment>>,
    /// What each variant is called.
    pub names: Rc<Vec<String>>,
    /// How long a change may take on the screen, in milliseconds; 0: no tweening.
    pub tween: u32,
    /// The model time that is shown, where time runs.
    pub now: f64,
    /// The entry whose life is being told.
    pub chosen: Option<u64>,
    /// The variant whose source is shown.
    pub focus: usize,
    /// Called with the variant whose source is to be shown.
    pub onfocus: Callback<usize>,
    /// Called with the entry whose life is to be told.
    pub onlife: Callback<u64>,
    /// Called with the field of the scenario that is to be set, and its value.
    pub onact: Callback<(&'static str, String)>,
}

/// The picture of one moment.
pub struct Stage {
    root: NodeRef,
    before: motion::Places,
}

impl Component for Stage {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Stage { root: NodeRef::default(), before: motion::Places::default() }
    }

    fn changed(&mut self, context: &Context<Self>, old: &Props) -> bool {
        let props = context.props();
        let moved = props.scene != old.scene;
        let tweened = props.tween > 0 && moved && slots(&props.scene) <= TWEENED;
        self.before = if tweened { motion::Places::of(&self.root) } else { motion::Places::default() };
        if props.names != old.names {
            self.let_go();
        }
        moved
            || props.moment != old.moment
            || props.names != old.names
            || (props.focus, props.chosen) != (old.focus, old.chosen)
    }

    fn rendered(&mut self, context: &Context<Self>, _: bool) {
        let props = context.props();
        let Some(root) = self.root.cast::<Element>() else { return };
        if props.about.timed {
            motion::show_time(&root, props.now);
            self.keep_heights(&root);
        }
        self.before.tween(&self.root, props.tween);
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        let alive = props.about.timed;
        let pen = Pen {
            chosen: props.chosen,
            alive,
            now: props.now,
            onlife: props.onlife.clone(),
            onact: props.onact.clone(),
        };
        let panels = props.scene.panels.iter().enumerate().map(|(at, shapes)| {
            let part = props.moment.as_ref().and_then(|moment| moment.parts.get(at));
            let name = props.names.get(at).cloned().unwrap_or_default();
            let onfocus = props.onfocus.reform(move |_: MouseEvent| at);
            panel(Panel {
                at,
                name,
                about: props.about,
                shapes,
                part,
                focused: at == props.focus,
                onfocus,
                pen: &pen,
            })
        });
        let flows =
            props.scene.panels.iter().flatten().any(|shape| matches!(shape, Shape::Flow(_) | Shape::Row(..)));
        // Several narrow flows stand beside each other, so that one look compares them.
        let narrow = |shape: &Shape| !matches!(shape, Shape::Flow(columns) if columns.len() > NARROW);
        let pairs = flows && props.scene.panels.len() > 1 && props.scene.panels.iter().flatten().all(narrow);
        let class = classes!(
            "panels",
            pairs.then_some("pairs"),
            flows.then_some("flows"),
            (props.scene.panels.len() > 2).then_some("many"),
            alive.then_some("alive")
        );
        let onlife = props.onlife.clone();
        let onclick = alive.then(|| {
            Callback::from(move |event: MouseEvent| {
                pressed(&event).into_iter().for_each(|identity| onlife.emit(identity))
            })
        });
        html! {
            <>
                { acts(&props.scene.actions, &props.onact) }
                <div {class} ref={self.root.clone()} {onclick}>{ for panels }</div>
            </>
        }
    }
}

impl Stage {
    /// Panels grow with what is in them and do not shrink again, so that nothing below them moves up
    /// and down while the run plays.
    fn keep_heights(&self, root: &Element) {
        for shapes in children(root, ".shapes") {
            let known =
                shapes.get_attribute("data-tall").and_then(|text| text.parse::<i32>().ok()).unwrap_or(0);
            let tall = shapes.offset_height();
            if tall > known {
                let _ = shapes.set_attribute("data-tall", &tall.to_string());
                motion::set_style(&shapes, "min-height", &format!("{tall}px"));
            }
        }
    }

    fn let_go(&self) {
        for shapes in self.root.cast::<Element>().map_or_else(Vec::new, |root| children(&root, ".shapes")) {
            let _ = shapes.remove_attribute("data-tall");
            motion::set_style(&shapes, "min-height", "");
        }
    }
}

/// Buttons for what a person can let happen to the whole picture.
fn acts(actions: &[Action], onact: &Callback<(&'static str, String)>) -> Html {
    let button = |action: &Action| {
        let (field, value) = (action.field, action.value.clone());
        let onclick = onact.reform(move |_: MouseEvent| (field, value.clone()));
        html! { <button type="button" {onclick}>{ action.label }</button> }
    };
    html! {
        if !actions.is_empty() {
            <div class="acts" role="group" aria-label="Let something happen now">
                <span>{ "Let it happen now:" }</span>
                { for actions.iter().map(button) }
            </div>
        }
    }
}

fn children(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// The entry that was pressed.
fn pressed(event: &MouseEvent) -> Option<u64> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("[data-id]").ok()??.get_attribute("data-id")?.parse().ok()
}

/// How many slots a picture has.
fn slots(scene: &Scene) -> usize {
    scene.panels.iter().flatten().map(slots_of).sum()
}

fn slots_of(shape: &Shape) -> usize {
    match shape {
        Shape::Lane(lane) => lane.slots.len(),
        Shape::Station(station) => station.slots.len(),
        Shape::Wire(wire) => wire.tokens.len(),
        Shape::Grid(grid) => grid
            .cells
            .iter()
            .map(|cell| cell.slots.iter().filter(|slot| matches!(slot, Slot::Entry { .. })).count())
            .sum(),
        Shape::Flow(columns) => columns.iter().flatten().map(slots_of).sum(),
        Shape::Row(place, held) => slots_of(place) + held.iter().map(slots_of).sum::<usize>(),
        Shape::Gauge(_) | Shape::Vessel(_) | Shape::Strip(_) | Shape::Note(_) => 0,
    }
}

/// One variant of the picture.
struct Panel<'a> {
    at: usize,
    name: String,
    about: &'static About,
    shapes: &'a [Shape],
    part: Option<&'a Part>,
    focused: bool,
    onfocus: Callback<MouseEvent>,
    pen: &'a Pen,
}

fn panel(props: Panel) -> Html {
    let outcome = props.part.and_then(|part| props.about.outcomes.get(usize::from(part.outcome)));
    let verdict = outcome.map(|outcome| {
        let class = classes!("verdict", tone(outcome.tone));
        html! { <span {class}><span aria-hidden="true">{ outcome.sign }{ "\u{a0}" }</span>{ outcome.name }</span> }
    });
    let (headline, rest) = props.part.map(Part::headline).unwrap_or_default();
    html! {
        <section key={props.at} class={format!("panel v{}", props.at % 4)} aria-label={props.name.clone()}>
            <h2>
                <button type="button" class="name" aria-pressed={props.focused.to_string()} onclick={props.onfocus.clone()} title="Show the code of this one">
                    <i class="swatch" aria-hidden="true"></i><span>{ &props.name }</span>
                </button>
                { verdict }
            </h2>
            <div class="shapes">{ for props.shapes.iter().map(|shape| props.pen.draw(shape)) }</div>
            <div class="reasons">
                <p class="because">{ headline }</p>
                <ul class="rest">{ for rest.iter().map(|sentence| html! { <li>{ sentence }</li> }) }</ul>
            </div>
        </section>
    }
}
