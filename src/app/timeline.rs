//! The timeline: a scrubber whose ticks are coloured and shaped by outcome, a row a variant.
//!
//! A short run is seen whole. Of a long one a window around the present step is shown, and above
//! it the whole run as a band: the darker, the more of what one hopes to avoid.

use crate::lab::{About, Jump, Marks, Tone, bad, words};
use std::fmt::Write;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

/// The most steps that are shown as ticks at a time.
const WINDOW: u64 = 240;
/// Into how many cells the band over the whole run is cut.
const CELLS: u64 = 160;
/// The elements that span steps from left to right.
const SCALES: &str = ".ticks, .band";
/// The height of a row of ticks, in units of the picture.
const ROW: f64 = 20.0;

/// What the timeline shows.
pub struct Timeline {
    /// What the lab says about itself.
    pub about: &'static About,
    /// How many steps have been taken.
    pub position: u64,
    /// How many there are.
    pub length: u64,
    /// What became of each step, by variant; short or empty while it is being counted.
    pub marks: Rc<Vec<Marks>>,
    /// What each variant is called.
    pub names: Rc<Vec<String>>,
    /// Called with the step to go to.
    pub onseek: Callback<u64>,
}

/// The scrubber.
pub fn view(props: &Timeline) -> Html {
    let window = window(props.position, props.length);
    let one = props.about.step.0;
    let text = format!("{one} {} of {}", words::count(props.position), words::count(props.length));
    let ticks = scrubbing(&props.onseek, window.clone());
    let whole = scrubbing(&props.onseek, 0..props.length);
    let long = props.length > WINDOW;
    html! {
        <div class="timeline" role="slider" tabindex="0" aria-label="Timeline" aria-valuemin="0" aria-valuemax={props.length.to_string()}
            aria-valuenow={props.position.to_string()} aria-valuetext={text}>
            if long {
                <div class="band" onpointerdown={whole.clone()} onpointermove={whole} title={format!("The whole run; the darker, the more {}", trouble(props.about))}>
                    <Band about={props.about} marks={props.marks.clone()} length={props.length} />
                    <i class="here" style={format!("left:{:.3}%", 100.0 * props.position as f64 / props.length as f64)}></i>
                </div>
            }
            <div class="ticks" onpointerdown={ticks.clone()} onpointermove={ticks}>
                <Ticks about={props.about} marks={props.marks.clone()} names={props.names.clone()} start={window.start} end={window.end} />
                { cursor(props.position, &window) }
            </div>
            <div class="scale quiet" aria-hidden="true">
                <span>{ words::count(window.start + 1) }</span>
                <span>{ words::count(window.end) }</span>
            </div>
        </div>
    }
}

/// The steps shown as ticks: all of them, or the page of them that the present step is on.
fn window(position: u64, length: u64) -> std::ops::Range<u64> {
    if length <= WINDOW {
        return 0..length.max(1);
    }
    let page = position.saturating_sub(1) / WINDOW;
    page * WINDOW..((page + 1) * WINDOW).min(length)
}

fn cursor(position: u64, window: &std::ops::Range<u64>) -> Html {
    let steps = (window.end - window.start) as f64;
    let at = position.clamp(window.start, window.end) - window.start;
    let left = 100.0 * at.saturating_sub(1) as f64 / steps;
    let future = 100.0 * at as f64 / steps;
    html! {
        <>
            <i class="future" style={format!("left:{future:.3}%")}></i>
            if position > window.start { <i class="cursor" style={format!("left:{left:.3}%;width:{:.3}%", 100.0 / steps)}></i> }
        </>
    }
}

/// A press or a drag on an element that spans `steps` goes to the step under the pointer.
fn scrubbing(onseek: &Callback<u64>, steps: std::ops::Range<u64>) -> Callback<PointerEvent> {
    let onseek = onseek.clone();
    Callback::from(move |event: PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let scale = target.and_then(|target| target.closest(SCALES).ok().flatten());
        let Some(target) = scale.filter(|_| event.buttons() & 1 == 1) else { return };
        if event.type_() == "pointerdown" {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        let place = target.get_bounding_client_rect();
        let share = ((f64::from(event.client_x()) - place.left()) / place.width()).clamp(0.0, 1.0);
        let step = steps.start + ((steps.end - steps.start) as f64 * share) as u64 + 1;
        onseek.emit(step.min(steps.end));
    })
}

#[derive(Clone, PartialEq, Properties)]
struct TicksProps {
    about: &'static About,
    marks: Rc<Vec<Marks>>,
    names: Rc<Vec<String>>,
    start: u64,
    end: u64,
}

/// The rows of ticks. Drawn anew only when the window moves.
#[component]
fn Ticks(props: &TicksProps) -> Html {
    let steps = props.end - props.start;
    let rows = props.marks.iter().enumerate().map(|(row, marks)| {
        let paths = props.about.outcomes.iter().enumerate().map(|(outcome, about)| {
            let class = match about.tone {
                Tone::Good => "good",
                Tone::Quiet => "idle",
                Tone::Bad => "bad",
            };
            html! { <path {class} d={ticks(marks, outcome as u8, about.height, props.start..props.end)} /> }
        });
        html! { <g class={format!("v{}", row % 4)} transform={format!("translate(0 {})", row as f64 * (ROW + 6.0))}>{ for paths }</g> }
    });
    let height = props.names.len() as f64 * (ROW + 6.0);
    let view = format!("0 0 {} {height}", steps * 4);
    html! {
        <svg viewBox={view} preserveAspectRatio="none" style={format!("height:{height}px")} aria-hidden="true">{ for rows }</svg>
    }
}

/// The ticks of one outcome as one path of upright bars.
fn ticks(marks: &Marks, outcome: u8, height: u8, steps: std::ops::Range<u64>) -> String {
    let tall = ROW * f64::from(height) / 100.0;
    let mut path = String::new();
    for (at, step) in steps.enumerate() {
        if marks.get(step) == Some(outcome) {
            let _ = write!(path, "M{} {ROW}v-{tall}h3v{tall}z", at * 4);
        }
    }
    path
}

/// What one hopes to avoid, in a word.
fn trouble(about: &About) -> String {
    let mut names: Vec<&str> = about
        .outcomes
        .iter()
        .filter(|outcome| outcome.tone == Tone::Bad)
        .map(|outcome| outcome.name)
        .collect();
    names.dedup();
    names.join(" or ")
}

#[derive(Clone, PartialEq, Properties)]
struct BandProps {
    about: &'static About,
    marks: Rc<Vec<Marks>>,
    length: u64,
}

/// The whole run, a row a variant.
#[component]
fn Band(props: &BandProps) -> Html {
    let bad = bad(props.about.outcomes);
    let width = props.length.div_ceil(CELLS).max(1);
    let worst = props
        .marks
        .iter()
        .flat_map(|marks| (0..CELLS).map(move |cell| marks.count(cell * width..(cell + 1) * width, bad)));
    let worst = worst.max().unwrap_or(0).max(1) as f64;
    let rows = props.marks.iter().enumerate().map(|(row, marks)| {
        let cells = (0..CELLS).map(|cell| {
            let share = marks.count(cell * width..(cell + 1) * width, bad) as f64 / worst;
            html! { <rect x={cell.to_string()} width="1.05" y={(row * 6).to_string()} height="5" fill-opacity={format!("{share:.2}")} /> }
        });
        html! { <g class={format!("v{}", row % 4)}>{ for cells }</g> }
    });
    let height = props.marks.len().max(1) * 6;
    let view = format!("0 0 {CELLS} {height}");
    html! { <svg viewBox={view} preserveAspectRatio="none" style={format!("height:{height}px")} aria-hidden="true">{ for rows }</svg> }
}

/// Where a jump from `position` leads, forward or back.
pub fn target(jump: &Jump, marks: &[Marks], position: u64, back: bool) -> Option<u64> {
    if back { jump.previous(marks, position) } else { jump.next(marks, position) }
}
