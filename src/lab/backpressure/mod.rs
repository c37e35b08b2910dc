//! The labs of backpressure: callers send more than stages can serve.
//!
//! Up to four answers to overload get the same requests and meet the same troubles. Two labs show the
//! same machinery with different questions: one stage, and a chain of three. What an answer does is told
//! by the answer itself; this folder keeps systems in step, draws them, measures them, and holds them
//! against closed forms.

mod closed_form;
mod fields;
mod figures;
mod lab;
mod lives;
mod overload;
mod picture;
mod presets;
mod run;
mod scenario;
mod summary;
pub(super) mod words;

pub use scenario::Backpressure;

use super::table::{from_json, from_query};
use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};

/// What can become of a step: [`crate::pressure::gravity`] as a number.
const OUTCOMES: &[Outcome] = &[
    Outcome { name: "nothing", sign: "·", height: 0, tone: Tone::Quiet },
    Outcome { name: "goes on", sign: "✓", height: 30, tone: Tone::Good },
    Outcome { name: "trouble", sign: "!", height: 70, tone: Tone::Bad },
    Outcome { name: "loss", sign: "✕", height: 100, tone: Tone::Bad },
];

const JUMPS: &[Jump] = &[
    Jump { name: "difference", key: "d", sought: Sought::Some(0b1100) },
    Jump { name: "trouble", key: "t", sought: Sought::Any(0b0100) },
    Jump { name: "loss", key: "l", sought: Sought::Any(0b1000) },
];

/// What both labs have in common.
const COMMON: About = About {
    chapter: "Backpressure",
    id: "",
    name: "",
    question: "",
    intro: "",
    presets: &[],
    step: ("event", "events"),
    does: "",
    subject: "request",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: true,
    summary: summary::SUMMARY,
};

const BACKPRESSURE_ABOUT: &About = &About {
    id: "backpressure",
    name: "Backpressure",
    question: "What if more comes than can be served?",
    intro: "Callers send faster than workers work; something has to give.",
    presets: presets::BACKPRESSURE,
    ..COMMON
};

const PIPELINES_ABOUT: &About = &About {
    id: "pipelines",
    name: "Pipelines",
    question: "How far upstream does the pressure reach?",
    intro: "Three stages behind each other, and one of them cannot keep up.",
    presets: presets::PIPELINES,
    ..COMMON
};

/// One stage, in the list of labs.
pub const BACKPRESSURE: Entry = Entry {
    about: BACKPRESSURE_ABOUT,
    from_query: |query| boxed(from_query(Backpressure::usual_of(BACKPRESSURE_ABOUT), query)),
    from_json: |map| {
        let usual = Backpressure::usual_of(BACKPRESSURE_ABOUT);
        Ok(Box::new(from_json(usual, map)?) as Box<dyn Settings>)
    },
};

/// A chain of three stages, in the list of labs.
pub const PIPELINES: Entry = Entry {
    about: PIPELINES_ABOUT,
    from_query: |query| boxed(from_query(Backpressure::usual_of(PIPELINES_ABOUT), query)),
    from_json: |map| {
        let usual = Backpressure::usual_of(PIPELINES_ABOUT);
        Ok(Box::new(from_json(usual, map)?) as Box<dyn Settings>)
    },
};

fn boxed<S: Settings + 'static, R>((settings, refusals): (S, R)) -> (Box<dyn Settings>, R) {
    (Box::new(settings), refusals)
}
