//! The life of one message: how it passed its time in each variant, and everything that happened to
//! it, each with the step to go to.

use super::entry::Entry;
use super::speed;
use crate::lab::{Input, Life, LifeStage, StageKind, words};
use std::rc::Rc;
use yew::prelude::*;

/// What [`Biography`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What is followed: "message".
    pub noun: &'static str,
    /// The message that was chosen, as the person may have typed it.
    pub chosen: Option<u64>,
    /// Its lives; empty where none is told.
    pub lives: Rc<Vec<Life>>,
    /// What each variant is called, in short.
    pub names: Rc<Vec<String>>,
    /// The present step.
    pub position: u64,
    /// The present model time.
    pub now: f64,
    /// Called with another message to be followed; `None`: no longer any.
    pub onlife: Callback<Option<u64>>,
    /// Called with the step to go to.
    pub onseek: Callback<u64>,
}

/// From the first to the last event in any variant, in model seconds.
pub fn span(lives: &[Life]) -> Option<(f64, f64)> {
    let times = || lives.iter().flat_map(|life| life.events.iter().map(|event| event.at));
    let ends = lives.iter().flat_map(|life| life.stages.iter().map(|stage| stage.until));
    let (first, last) = (times().fold(f64::INFINITY, f64::min), times().chain(ends).fold(0.0, f64::max));
    first.is_finite().then_some((first, last))
}

/// The panel.
#[component]
pub fn Biography(props: &Props) -> Html {
    let follow = props.onlife.reform(|text: String| text.trim().parse().ok());
    let close = props.onlife.reform(|_: MouseEvent| None);
    let subject = props.lives.first().map(|life| life.subject.clone());
    let title = subject.map_or(format!("Follow {} {}", words::article(props.noun), props.noun), |subject| {
        format!("The life of {subject}")
    });
    html! {
        <aside class="life" aria-labelledby="life">
            <div class="life-head">
                <h2 id="life">{ title }</h2>
                <span class="field">
                    <label for="message" class="sr">{ format!("Number of the {}", props.noun) }</label>
                    <Entry id="message" input={Input::Whole { least: 0, most: u64::MAX }} size={5} placeholder="number"
                        value={props.chosen.map_or_else(String::new, |chosen| chosen.to_string())} onset={follow} />
                    if props.chosen.is_some() { <button type="button" class="bare" onclick={close} aria-label="Close the life" title="Close">{ "×" }</button> }
                </span>
            </div>
            if props.chosen.is_none() {
                <p class="quiet">{ "Press one on the stage, or type its number: all that happens to it will stand here." }</p>
            } else if props.lives.is_empty() {
                <p class="quiet">{ format!("There is no such {} in this run, or the run is too long for its lives to be told.", props.noun) }</p>
            } else {
                { legend(&props.lives) }
                { for props.lives.iter().enumerate().map(|(at, life)| one(props, at, life)) }
            }
        </aside>
    }
}

const KINDS: [(StageKind, &str); 5] = [
    (StageKind::Waits, "waits"),
    (StageKind::Delayed, "delayed"),
    (StageKind::Held, "held"),
    (StageKind::Worked, "worked"),
    (StageKind::Dead, "dead"),
];

fn class(kind: StageKind) -> &'static str {
    KINDS.iter().find(|known| known.0 == kind).map_or("", |known| known.1)
}

/// The kinds of stages that are there, each with its look.
fn legend(lives: &[Life]) -> Html {
    let there =
        |kind: &StageKind| lives.iter().any(|life| life.stages.iter().any(|stage| stage.kind == *kind));
    let kinds = KINDS.iter().filter(|(kind, _)| there(kind));
    html! {
        <p class="legend">{ for kinds.map(|(kind, class)| html! {
            <span><svg class="bit" viewBox="0 0 20 12" aria-hidden="true">{ block(class, 0.0, 20.0) }</svg>{ kind.name() }</span>
        }) }</p>
    }
}

/// A stretch of a life: low while it waits, high while it is worked on, hollow while nobody works.
fn block(class: &str, left: f64, width: f64) -> Html {
    let (top, tall) = match class {
        "waits" => (7.0, 5.0),
        "delayed" => (7.0, 5.0),
        "held" => (3.5, 8.0),
        "worked" => (0.5, 11.5),
        _ => (9.0, 3.0),
    };
    html! { <rect class={class.to_owned()} x={format!("{left:.2}")} y={top.to_string()} width={format!("{:.2}", width.max(0.6))} height={tall.to_string()} /> }
}

fn one(props: &Props, at: usize, life: &Life) -> Html {
    let (from, until) = span(&props.lives).unwrap_or((0.0, 1.0));
    let length = if until > from { until - from } else { 1.0 };
    let place = |time: f64| 240.0 * ((time - from) / length).clamp(0.0, 1.0);
    let blocks = life.stages.iter().map(|LifeStage { from, until, kind }| {
        block(class(*kind), place(*from), place(*until) - place(*from))
    });
    let told: Vec<String> = KINDS
        .iter()
        .filter_map(|(kind, _)| {
            let stages = life.stages.iter().filter(|stage| stage.kind == *kind);
            let whole: f64 = stages.map(|stage| stage.until - stage.from).sum();
            (whole > 0.0).then(|| format!("{} {}", kind.name(), words::seconds(whole)))
        })
        .collect();
    let here = (from..=until).contains(&props.now).then(|| place(props.now));
    html! {
        <section key={at} class={format!("v{}", at % 4)}>
            <h3><span class="tag"><i class="swatch" aria-hidden="true"></i>{ props.names.get(at).unwrap_or(&life.variant) }</span></h3>
            if life.events.is_empty() {
                <p class="quiet">{ "It never came here." }</p>
            } else {
                <svg class="course" viewBox="0 0 240 12" preserveAspectRatio="none" role="img" aria-label={told.join(", ")}>
                    { for blocks }
                    if let Some(here) = here { <path class="here" d={format!("M{here:.2} 0v12")} /> }
                </svg>
                <p class="quiet">{ told.join(", ") }</p>
                <ol class="events">{ for life.events.iter().map(|event| {
                    let step = event.step;
                    let onclick = props.onseek.reform(move |_: MouseEvent| step);
                    html! {
                        <li aria-current={(step == props.position).then_some("step")}>
                            <button type="button" class="number" {onclick} title={format!("Go to event {}", words::count(step))}>{ speed::clock(event.at) }</button>
                            <span>{ &event.says }</span>
                        </li>
                    }
                }) }</ol>
            }
        </section>
    }
}
