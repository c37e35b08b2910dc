//! The labs of invalidation: servers, a cache and a database that must agree.
//!
//! Up to four strategies get the same reads and writes and meet the same troubles. Seven labs show the same
//! machinery with different questions, each with the strategies that answer it. What a strategy does is told
//! by the strategy itself; this folder keeps systems in step, draws them, measures them, holds them against
//! closed forms, and sets all strategies of a question side by side in one table.

mod closed_form;
mod fields;
mod figures;
mod picture;
mod presets;
mod run;
mod scenario;
mod summary;
mod survey;
pub(super) mod words;

pub use scenario::Invalidation;

use super::table::{from_json, from_query};
use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};
use crate::invalidation::{
    ABSENT_KEYS, COLD_CACHE, HINTS, HOT_KEYS, INVALIDATION, Listed, SCHEMA_CHANGE, STAMPEDE,
};

/// What can become of a step: [`crate::invalidation::gravity`] as a number.
const OUTCOMES: &[Outcome] = &[
    Outcome { name: "under way", sign: "·", height: 10, tone: Tone::Quiet },
    Outcome { name: "answered", sign: "✓", height: 35, tone: Tone::Good },
    Outcome { name: "asked the database", sign: "↧", height: 65, tone: Tone::Quiet },
    Outcome { name: "stale, failed or lost", sign: "✕", height: 100, tone: Tone::Bad },
];

const JUMPS: &[Jump] = &[
    Jump { name: "difference", key: "d", sought: Sought::Some(0b1000) },
    Jump { name: "stale, failed or lost", key: "l", sought: Sought::Any(0b1000) },
    Jump { name: "miss", key: "m", sought: Sought::Any(0b0100) },
];

/// What the labs have in common.
const COMMON: About = About {
    chapter: "Invalidation",
    id: "",
    name: "",
    question: "",
    intro: "",
    presets: &[],
    step: ("event", "events"),
    does: "",
    subject: "operation",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: true,
    summary: summary::SUMMARY,
};

/// A question, and the strategies that answer it.
struct Question {
    about: &'static About,
    strategies: &'static [Listed],
}

const KEEPING: Question = Question {
    about: &About {
        id: "invalidation",
        name: "Invalidation",
        question: "How does a cache learn that a value has changed?",
        intro: "Reads want to be fast, writes want to be seen; each strategy pays for that in another coin.",
        presets: presets::INVALIDATION,
        ..COMMON
    },
    strategies: INVALIDATION,
};

const STAMPEDES: Question = Question {
    about: &About {
        id: "stampede",
        name: "Stampede",
        question: "What happens when a value that everybody wants expires?",
        intro: "Whoever comes while it is fetched fetches it too, unless somebody sees to it.",
        presets: presets::STAMPEDE,
        ..COMMON
    },
    strategies: STAMPEDE,
};

const ABSENT: Question = Question {
    about: &About {
        id: "absent-keys",
        name: "Absent keys",
        question: "What does a request for nothing cost?",
        intro: "What does not exist is never in the cache, so every request for it reaches the database.",
        presets: presets::ABSENT_KEYS,
        ..COMMON
    },
    strategies: ABSENT_KEYS,
};

const HOT: Question = Question {
    about: &About {
        id: "hot-keys",
        name: "Hot keys",
        question: "What if everybody wants the same key?",
        intro: "A key lives on one node of the cache, and one node can do only so much.",
        presets: presets::HOT_KEYS,
        ..COMMON
    },
    strategies: HOT_KEYS,
};

const COLD: Question = Question {
    about: &About {
        id: "cold-cache",
        name: "Cold cache",
        question: "Can the database bear an empty cache?",
        intro: "A cache that has always been full hides how little the database can do.",
        presets: presets::COLD_CACHE,
        ..COMMON
    },
    strategies: COLD_CACHE,
};

const SCHEMA: Question = Question {
    about: &About {
        id: "schema-change",
        name: "Schema change",
        question: "Who reads what the new version wrote?",
        intro: "While servers change one after another, old and new ones share one cache.",
        presets: presets::SCHEMA_CHANGE,
        ..COMMON
    },
    strategies: SCHEMA_CHANGE,
};

const HINT: Question = Question {
    about: &About {
        id: "hints",
        name: "Cache as a hint",
        question: "What if one acts on what the cache says?",
        intro: "A hint may be wrong; it is checked before it can do harm.",
        presets: presets::HINTS,
        ..COMMON
    },
    strategies: HINTS,
};

const QUESTIONS: [&Question; 7] = [&KEEPING, &STAMPEDES, &ABSENT, &HOT, &COLD, &SCHEMA, &HINT];

/// The strategies that answer the question of the lab called `id`.
fn strategies(id: &str) -> &'static [Listed] {
    QUESTIONS.iter().find(|question| question.about.id == id).map_or(&[], |question| question.strategies)
}

fn boxed((scenario, refusals): (Invalidation, Vec<crate::refusal::Refusal>)) -> super::scenario::Linked {
    (Box::new(scenario), refusals)
}

/// The lab of question `AT`.
const fn entry<const AT: usize>() -> Entry {
    Entry {
        about: QUESTIONS[AT].about,
        from_query: |query| boxed(from_query(Invalidation::usual_of(QUESTIONS[AT].about), query)),
        from_json: |map| {
            let scenario = from_json(Invalidation::usual_of(QUESTIONS[AT].about), map)?;
            Ok(Box::new(scenario) as Box<dyn Settings>)
        },
    }
}

/// The labs, in the order of the menu.
pub const INVALIDATION_LAB: Entry = entry::<0>();
/// A hot value expires.
pub const STAMPEDE_LAB: Entry = entry::<1>();
/// Requests for what does not exist.
pub const ABSENT_KEYS_LAB: Entry = entry::<2>();
/// One key for everybody.
pub const HOT_KEYS_LAB: Entry = entry::<3>();
/// An empty cache under load.
pub const COLD_CACHE_LAB: Entry = entry::<4>();
/// Old and new servers share a cache.
pub const SCHEMA_CHANGE_LAB: Entry = entry::<5>();
/// Acting on what a cache says.
pub const HINTS_LAB: Entry = entry::<6>();
