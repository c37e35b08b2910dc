//! The lab of one limit at several nodes: how far over it goes, and what that saves.
//!
//! Up to four designs get the same requests. What a design does is told by the design; this folder
//! keeps them in step, draws them and measures them.

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

pub use scenario::SharedLimit;

use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};

/// What can become of a step: [`crate::limit::shared::gravity`] as a number.
const OUTCOMES: &[Outcome] = &[
    Outcome { name: "under way", sign: "·", height: 12, tone: Tone::Quiet },
    Outcome { name: "right", sign: "✓", height: 35, tone: Tone::Good },
    Outcome { name: "refused too early", sign: "✕", height: 70, tone: Tone::Bad },
    Outcome { name: "over the limit", sign: "!", height: 100, tone: Tone::Bad },
];

const JUMPS: &[Jump] = &[
    Jump { name: "difference", key: "d", sought: Sought::Some(0b1100) },
    Jump { name: "over the limit", key: "l", sought: Sought::Any(0b1000) },
    Jump { name: "refused too early", key: "t", sought: Sought::Any(0b0100) },
];

const ABOUT: &About = &About {
    chapter: "Limits",
    id: "shared-limit",
    name: "Shared limit",
    question: "One limit, many doors: how far over does it go?",
    intro: "Several nodes enforce one limit together; what they do not know of each other passes.",
    presets: presets::PRESETS,
    step: ("event", "events"),
    does: "",
    subject: "request",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: true,
    summary: summary::SUMMARY,
};

/// The shared limit in the list of labs.
pub const LAB: Entry = Entry {
    about: ABOUT,
    from_query: |query| {
        let (settings, refusals) = SharedLimit::from_query(query);
        (Box::new(settings), refusals)
    },
    from_json: |map| Ok(Box::new(SharedLimit::from_json(map)?) as Box<dyn Settings>),
};
