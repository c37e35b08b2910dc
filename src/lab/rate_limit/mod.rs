//! The labs of rate limits: clients send requests, and a limiter at the door decides who may pass.
//!
//! Up to four limiters get the same requests, each at a door of its own. Two labs show the same
//! machinery with different questions: who gets through and who is told to come back, and how much
//! can get through at the worst. What a limiter does is told by the limiter itself; this folder keeps
//! doors in step, draws them, measures them, and holds them against what is proven.

mod anatomy;
mod coming;
mod fields;
mod figures;
mod lab;
mod picture;
mod presets;
mod run;
mod scenario;
mod summary;
mod weight;
pub(super) mod words;
mod worst;

pub use coming::Coming;
pub use scenario::RateLimit;

use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};
use crate::kernel::Pattern;

/// What can become of a step: [`crate::limit::door::gravity`] as a number.
const OUTCOMES: &[Outcome] = &[
    Outcome { name: "nothing", sign: "·", height: 0, tone: Tone::Quiet },
    Outcome { name: "passes", sign: "✓", height: 30, tone: Tone::Good },
    Outcome { name: "held back", sign: "…", height: 60, tone: Tone::Quiet },
    Outcome { name: "refused", sign: "✕", height: 100, tone: Tone::Bad },
];

const JUMPS: &[Jump] = &[
    Jump { name: "difference", key: "d", sought: Sought::Some(0b1000) },
    Jump { name: "refusal", key: "t", sought: Sought::Any(0b1000) },
    Jump { name: "wait", key: "l", sought: Sought::Any(0b0100) },
];

const RATE_LIMIT_ABOUT: &About = &About {
    chapter: "Limits",
    id: "rate-limit",
    name: "Rate limits",
    question: "Who gets through, and who is told to come back?",
    intro: "Clients send as they like; a limiter at the door decides about each request.",
    presets: presets::RATE_LIMIT,
    step: ("event", "events"),
    does: "",
    subject: "request",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: true,
    summary: summary::SUMMARY,
};

const WORST_CASE_ABOUT: &About = &About {
    id: "worst-case",
    name: "The worst case",
    question: "How much can get through in one second?",
    intro: "Arrivals that get the most through each limiter, found by searching, beside what is proven.",
    presets: presets::WORST_CASE,
    summary: summary::WORST,
    ..*RATE_LIMIT_ABOUT
};

/// Rate limits in the list of labs.
pub const RATE_LIMITS: Entry = Entry {
    about: RATE_LIMIT_ABOUT,
    from_query: |query| boxed(RateLimit::from_query(usual(), query)),
    from_json: |map| Ok(Box::new(RateLimit::from_json(usual(), map)?) as Box<dyn Settings>),
};

/// The worst case in the list of labs.
pub const WORST_CASE: Entry = Entry {
    about: WORST_CASE_ABOUT,
    from_query: |query| boxed(RateLimit::from_query(worst(), query)),
    from_json: |map| Ok(Box::new(RateLimit::from_json(worst(), map)?) as Box<dyn Settings>),
};

fn usual() -> RateLimit {
    RateLimit::usual_in(RATE_LIMIT_ABOUT, Coming::Process(Pattern::Poisson { rate: 12.0 }))
}

fn worst() -> RateLimit {
    RateLimit::usual_in(WORST_CASE_ABOUT, Coming::Worst(None))
}

fn boxed<S: Settings + 'static, R>((settings, refusals): (S, R)) -> (Box<dyn Settings>, R) {
    (Box::new(settings), refusals)
}
