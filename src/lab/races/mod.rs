//! The lab of races: which orders of steps leave an old value behind, and which strategies allow them.
//!
//! Two or three clients have a few reads and writes each. Every order of their steps is explored, and the
//! shortest that does harm is stepped through, or one that a person sets. What a strategy does is told by
//! the strategy itself; this folder says what is explored, draws it, and puts it into figures.

mod fields;
mod findings;
mod lab;
mod picture;
mod presets;
mod run;
mod scenario;
mod summary;
pub(super) mod words;

pub use lab::RacesLab;
pub use scenario::Races;

use super::table::{from_json, from_query};
use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};

/// A step that does nothing that matters.
const UNDER_WAY: u8 = 0;
/// A step with which an operation is over.
const ANSWERED: u8 = 1;
/// A step with which the cache takes an old value.
const TAKES_OLD: u8 = 2;
/// A step that does the harm in question.
const HARM: u8 = 3;

const OUTCOMES: &[Outcome] = &[
    Outcome { name: "under way", sign: "·", height: 12, tone: Tone::Quiet },
    Outcome { name: "answered", sign: "✓", height: 35, tone: Tone::Good },
    Outcome { name: "old value kept", sign: "!", height: 70, tone: Tone::Bad },
    Outcome { name: "old value left or read", sign: "✕", height: 100, tone: Tone::Bad },
];

const JUMPS: &[Jump] = &[
    Jump { name: "difference", key: "d", sought: Sought::Some(0b1100) },
    Jump { name: "old value kept", key: "o", sought: Sought::Any(0b0100) },
    Jump { name: "harm", key: "l", sought: Sought::Any(0b1000) },
];

const ABOUT: &About = &About {
    chapter: "Invalidation",
    id: "races",
    name: "Races",
    question: "Which order of steps leaves an old value behind?",
    intro: "Cache and database are two places, and others come in between; every order of steps is tried.",
    presets: presets::PRESETS,
    step: ("step", "steps"),
    does: "",
    subject: "",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: false,
    summary: summary::SUMMARY,
};

/// The races in the list of labs.
pub const LAB: Entry = Entry {
    about: ABOUT,
    from_query: |query| {
        let (settings, refusals) = from_query(Races::default(), query);
        (Box::new(settings), refusals)
    },
    from_json: |map| Ok(Box::new(from_json(Races::default(), map)?) as Box<dyn Settings>),
};
