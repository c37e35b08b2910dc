//! The labs of queues: producers send messages, a broker keeps them, workers take them.
//!
//! Up to four systems get the same messages and meet the same failures. Three labs show the same
//! machinery with different questions: the worker pool, dead letters, and the dialects of real
//! systems. What a broker does is told by the broker itself; this folder keeps systems in step, draws
//! them, measures them, and holds them against closed forms.

mod closed_form;
pub(in crate::lab) mod fields;
pub(in crate::lab) mod figures;
pub(in crate::lab) mod lab;
mod lives;
mod load;
mod picture;
mod presets;
mod run;
pub(in crate::lab) mod scenario;
pub(in crate::lab) mod summary;
pub(super) mod words;

pub use scenario::Queueing;

use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};

/// What can become of a step: [`crate::queue::gravity`] as a number.
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

/// What the three labs have in common.
const COMMON: About = About {
    chapter: "Queues",
    id: "",
    name: "",
    question: "",
    intro: "",
    presets: &[],
    step: ("event", "events"),
    does: "",
    subject: "message",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: true,
    summary: summary::SUMMARY,
};

const WORKER_POOL_ABOUT: &About = &About {
    id: "worker-pool",
    name: "Worker pool",
    question: "Who waits, and for how long?",
    intro: "Messages come when they like; workers take them one at a time.",
    presets: presets::WORKER_POOL,
    ..COMMON
};

const DEAD_LETTERS_ABOUT: &About = &About {
    id: "dead-letters",
    name: "Dead letters",
    question: "When is it time to give up?",
    intro: "Some work fails, and some can never be done.",
    presets: presets::DEAD_LETTERS,
    ..COMMON
};

const DIALECTS_ABOUT: &About = &About {
    id: "dialects",
    name: "Dialects",
    question: "Where do real queues differ?",
    intro: "The same messages and the same failures under the rules of real systems.",
    presets: presets::DIALECTS,
    ..COMMON
};

/// The worker pool in the list of labs.
pub const WORKER_POOL: Entry = Entry {
    about: WORKER_POOL_ABOUT,
    from_query: |query| boxed(Queueing::from_query(WORKER_POOL_ABOUT, query)),
    from_json: |map| Ok(Box::new(Queueing::from_json(WORKER_POOL_ABOUT, map)?) as Box<dyn Settings>),
};

/// Dead letters in the list of labs.
pub const DEAD_LETTERS: Entry = Entry {
    about: DEAD_LETTERS_ABOUT,
    from_query: |query| boxed(Queueing::from_query(DEAD_LETTERS_ABOUT, query)),
    from_json: |map| Ok(Box::new(Queueing::from_json(DEAD_LETTERS_ABOUT, map)?) as Box<dyn Settings>),
};

/// The dialects in the list of labs.
pub const DIALECTS: Entry = Entry {
    about: DIALECTS_ABOUT,
    from_query: |query| boxed(Queueing::from_query(DIALECTS_ABOUT, query)),
    from_json: |map| Ok(Box::new(Queueing::from_json(DIALECTS_ABOUT, map)?) as Box<dyn Settings>),
};

fn boxed<S: Settings + 'static, R>((settings, refusals): (S, R)) -> (Box<dyn Settings>, R) {
    (Box::new(settings), refusals)
}
