//! The lab of publish and subscribe: one message, a copy for everybody who wants it.
//!
//! Up to four designs get the same messages, and their subscribers do the same work. What a design
//! does is told by the design itself; this folder keeps designs in step, draws them, measures them,
//! and holds them against closed forms.

mod closed_form;
mod explain;
mod figures;
mod lab;
mod lives;
mod picture;
mod presets;
mod run;
mod scenario;
mod subscribers;
mod summary;
pub(super) mod words;

pub use lab::FanOutLab;
pub use scenario::{FanOut, Key, Times};
pub use subscribers::Subscriber;

use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};

/// What can become of a step: [`crate::queue::fanout::gravity`] as a number.
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

const ABOUT: &About = &About {
    chapter: "Queues",
    id: "fan-out",
    name: "Fan-out",
    question: "Who gets a copy, and who holds up whom?",
    intro: "One message, many who want it, each at a pace of its own.",
    presets: presets::PRESETS,
    step: ("event", "events"),
    does: "",
    subject: "message",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: true,
    summary: summary::SUMMARY,
};

/// The lab in the list of labs.
pub const LAB: Entry = Entry {
    about: ABOUT,
    from_query: |query| {
        let (settings, refusals) = FanOut::from_query(query);
        (Box::new(settings) as Box<dyn Settings>, refusals)
    },
    from_json: |map| Ok(Box::new(FanOut::from_json(map)?) as Box<dyn Settings>),
};
