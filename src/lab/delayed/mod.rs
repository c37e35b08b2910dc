//! The lab of delayed jobs: a scheduler keeps jobs until their time has come.
//!
//! Up to four schedulers get the same jobs, have the same wrong clock and are down at the same times;
//! each keeps its jobs in a structure of its own. What a structure does is told by the structure; this
//! folder keeps schedulers in step, draws them and measures them.

mod closed_form;
mod fields;
mod figures;
mod lab;
mod picture;
mod presets;
mod run;
mod scenario;
mod summary;
pub(super) mod words;

pub use scenario::Delayed;

use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};

/// What can become of a step: [`crate::queue::delay::gravity`] as a number.
const OUTCOMES: &[Outcome] = &[
    Outcome { name: "nothing", sign: "·", height: 0, tone: Tone::Quiet },
    Outcome { name: "in time", sign: "✓", height: 30, tone: Tone::Good },
    Outcome { name: "out of time", sign: "!", height: 70, tone: Tone::Bad },
    Outcome { name: "twice or never", sign: "✕", height: 100, tone: Tone::Bad },
];

const JUMPS: &[Jump] = &[
    Jump { name: "difference", key: "d", sought: Sought::Some(0b1100) },
    Jump { name: "out of time", key: "t", sought: Sought::Any(0b0100) },
    Jump { name: "twice or never", key: "l", sought: Sought::Any(0b1000) },
];

const ABOUT: &About = &About {
    chapter: "Queues",
    id: "delayed-jobs",
    name: "Delayed jobs",
    question: "How does a queue know what time it is?",
    intro: "Jobs wait in a structure until a clock says that their time has come.",
    presets: presets::PRESETS,
    step: ("event", "events"),
    does: "",
    subject: "job",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: true,
    summary: summary::SUMMARY,
};

/// Delayed jobs in the list of labs.
pub const LAB: Entry = Entry {
    about: ABOUT,
    from_query: |query| {
        let (settings, refusals) = Delayed::from_query(query);
        (Box::new(settings), refusals)
    },
    from_json: |map| Ok(Box::new(Delayed::from_json(map)?) as Box<dyn Settings>),
};
