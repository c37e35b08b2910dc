//! The stage: it draws any [`Scene`] from the shared vocabulary of shapes, one panel a variant,
//! with what the last step made of it in words.

use super::motion;
use crate::lab::{About, Badge, Gauge, Lane, Moment, Part, Scene, Shape, Slot, State, Tone, words};
use std::rc::Rc;
use yew::prelude::*;

/// Above so many slots a picture is redrawn without tweening.
const TWEENED: usize = 160;

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
    /// The variant whose source is shown.
    pub focus: usize,
    /// Called with the variant whose source is to be shown.
    pub onfocus: Callback<usize>,
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
        let tweened = props.tween > 0 && props.scene != old.scene && slots(&props.scene) <= TWEENED;
        self.before = if tweened { motion::Places::of(&self.root) } else { motion::Places::default() };
        true
    }

    fn rendered(&mut self, context: &Context<Self>, _: bool) {
        self.before.tween(&self.root, context.props().tween);
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        let panels = props.scene.panels.iter().enumerate().map(|(at, shapes)| {
            let part = props.moment.as_ref().and_then(|moment| moment.parts.get(at).cloned());
            let name = props.names.get(at).cloned().unwrap_or_default();
            let onfocus = props.onfocus.reform(move |_: MouseEvent| at);
            panel(Panel { at, name, about: props.about, shapes, part, focused: at == props.focus, onfocus })
        });
        html! { <div class="panels" ref={self.root.clone()}>{ for panels }</div> }
    }
}

fn slots(scene: &Scene) -> usize {
    let lanes = scene.panels.iter().flatten().map(|shape| match shape {
        Shape::Lane(lane) => lane.slots.len(),
        Shape::Gauge(_) => 0,
    });
    lanes.sum()
}

/// One variant of the picture.
struct Panel<'a> {
    at: usize,
    name: String,
    about: &'static About,
    shapes: &'a [Shape],
    part: Option<Part>,
    focused: bool,
    onfocus: Callback<MouseEvent>,
}

fn panel(props: Panel) -> Html {
    let outcome = props.part.as_ref().and_then(|part| props.about.outcomes.get(usize::from(part.outcome)));
    let verdict = outcome.map(|outcome| {
        let class = if outcome.tone == Tone::Good { "verdict good" } else { "verdict bad" };
        html! { <span {class}><span aria-hidden="true">{ outcome.sign }{ "\u{a0}" }</span>{ outcome.name }</span> }
    });
    let (headline, rest) = props.part.as_ref().map(Part::headline).unwrap_or_default();
    html! {
        <section key={props.at} class={format!("panel v{}", props.at % 4)} aria-label={props.name.clone()}>
            <h2>
                <button type="button" class="name" aria-pressed={props.focused.to_string()} onclick={props.onfocus.clone()} title="Show the code of this one">
                    <i class="swatch" aria-hidden="true"></i>{ &props.name }
                </button>
                { verdict }
            </h2>
            <div class="shapes">{ for props.shapes.iter().map(draw) }</div>
            <div class="reasons">
                <p class="because">{ headline }</p>
                <ul class="rest">{ for rest.iter().map(|sentence| html! { <li>{ sentence }</li> }) }</ul>
            </div>
        </section>
    }
}

fn draw(shape: &Shape) -> Html {
    match shape {
        Shape::Lane(lane) => draw_lane(lane),
        Shape::Gauge(gauge) => draw_gauge(gauge),
    }
}

fn draw_lane(lane: &Lane) -> Html {
    let filled = match lane.room {
        Some(room) => format!("{} of {}", words::count(lane.length), words::count(room)),
        None => words::count(lane.length),
    };
    let free = lane.room.map_or(0, |room| room.saturating_sub(lane.length)).min(FREE_SHOWN);
    let free = if lane.length + free > FREE_SHOWN { 0 } else { free };
    let tweened = lane.slots.len() <= TWEENED;
    let (gone, held): (Vec<&Slot>, Vec<&Slot>) = lane.slots.iter().partition(|slot| is_gone(slot));
    // Every child of a list has a key: one without would make the page compare them all by place.
    let held = held.into_iter().enumerate().map(|(at, slot)| draw_slot(tweened, at, slot));
    let empty = (lane.length + free == 0).then(|| html! { <li key="empty" class="skipped">{ "empty" }</li> });
    let places = (0..free)
        .map(|at| html! { <li key={format!("free{at}")} class="slot free" aria-hidden="true"></li> });
    let gone = gone.into_iter().enumerate().map(|(at, slot)| draw_slot(tweened, at, slot));
    let dense = lane.slots.len() > DENSE;
    let class = classes!("lane", lane.ghost.then_some("ghost"), dense.then_some("dense"));
    html! {
        <figure key={lane.name.clone()} {class}>
            <figcaption>
                <span class="lane-name">{ &lane.name }</span>
                <span class="quiet">{ filled }</span>
            </figcaption>
            <div class="places">
                <ol class="slots" tabindex={dense.then_some("0")} aria-label={format!("{}, from {} to {}", lane.name, lane.ends.0, lane.ends.1)}>
                    { for held.chain(empty).chain(places) }
                </ol>
                <ol class="slots out" aria-label={format!("Just left {}", lane.name)}>{ for gone }</ol>
            </div>
            <div class="ends" aria-hidden="true"><span>{ "← " }{ &lane.ends.0 }</span><span>{ &lane.ends.1 }{ " →" }</span></div>
        </figure>
    }
}

fn is_gone(slot: &Slot) -> bool {
    matches!(slot, Slot::Entry { state: State::Gone, .. })
}

/// Above so many slots a lane is drawn small, and scrolls within itself.
const DENSE: usize = 60;
/// So many letters of a label fit into a slot.
const FITS: usize = 7;
/// Free places are drawn up to this many.
const FREE_SHOWN: u64 = 40;

fn draw_slot(tweened: bool, at: usize, slot: &Slot) -> Html {
    let Slot::Entry { identity, label, badge, pointer, state } = slot else {
        let Slot::Skipped(count) = slot else { return html! {} };
        return html! { <li key={format!("skipped{at}")} class="skipped">{ format!("… {} more …", words::count(*count)) }</li> };
    };
    let state = match state {
        State::Still => "slot",
        State::Found => "slot found",
        State::New => "slot new",
        State::Touched => "slot touched",
        State::Gone => "slot gone",
    };
    let spoken = match state {
        "slot gone" => Some(", just left"),
        "slot new" => Some(", just entered"),
        "slot found" => Some(", asked for"),
        _ => None,
    };
    let shown = words::ending(label, FITS);
    let title = (shown != *label).then(|| label.clone());
    let identity = identity.to_string();
    let (key, data) = (identity.clone(), tweened.then_some(identity));
    if *badge == Badge::None && pointer.is_none() && spoken.is_none() {
        return html! { <li {key} class={state} data-id={data} {title}>{ shown }</li> };
    }
    html! {
        <li {key} class={state} data-id={data} {title}>
            <span class="label">{ shown }</span>
            { draw_badge(badge) }
            if let Some(pointer) = pointer { <b class="pointer">{ *pointer }</b> }
            if let Some(spoken) = spoken { <span class="sr">{ spoken }</span> }
        </li>
    }
}

fn draw_badge(badge: &Badge) -> Html {
    match badge {
        Badge::None => html! {},
        Badge::Mark => {
            html! { <em title="marked"><span aria-hidden="true">{ "●" }</span><span class="sr">{ ", marked" }</span></em> }
        }
        Badge::Count(count) => {
            html! { <em title="count"><span class="sr">{ ", count " }</span>{ count }</em> }
        }
        Badge::Next(Some(step)) => {
            html! { <em class="next" title="asked for next at this request"><span class="sr">{ ", next at " }</span>{ format!("→{step}") }</em> }
        }
        Badge::Next(None) => {
            html! { <em class="next" title="never asked for again"><span class="sr">{ ", " }</span>{ "never" }</em> }
        }
    }
}

fn draw_gauge(gauge: &Gauge) -> Html {
    let share = if gauge.most > 0.0 { (gauge.value / gauge.most).clamp(0.0, 1.0) } else { 0.0 };
    let text = format!("{} of {} {}", words::number(gauge.value), words::number(gauge.most), gauge.unit);
    html! {
        <figure key={gauge.name.clone()} class="gauge">
            <figcaption><span class="lane-name">{ &gauge.name }</span><span class="quiet">{ text.clone() }</span></figcaption>
            <div class="bar" role="meter" aria-label={gauge.name.clone()} aria-valuemin="0" aria-valuemax={gauge.most.to_string()}
                aria-valuenow={gauge.value.to_string()} aria-valuetext={text}>
                <i style={format!("width:{:.2}%", 100.0 * share)}></i>
            </div>
        </figure>
    }
}
