//! The menu: every lab by its chapter, and which of the chapters this program holds.
//!
//! A page's program may hold one chapter alone, so that nobody waits for the others; Cargo's features
//! say which. The menu names all labs all the same. A new lab is a line in its chapter.

use super::{
    Entry, backpressure, compression, delayed, eviction, fan_out, invalidation, queueing, races, rate_limit,
    shared_limit,
};

const CACHES: &[Entry] = &[eviction::LAB, compression::LAB];

const QUEUES: &[Entry] =
    &[queueing::WORKER_POOL, fan_out::LAB, delayed::LAB, queueing::DEAD_LETTERS, queueing::DIALECTS];

const LIMITS: &[Entry] = &[rate_limit::RATE_LIMITS, rate_limit::WORST_CASE, shared_limit::LAB];

const INVALIDATION: &[Entry] = &[
    invalidation::INVALIDATION_LAB,
    races::LAB,
    invalidation::STAMPEDE_LAB,
    invalidation::COLD_CACHE_LAB,
    invalidation::ABSENT_KEYS_LAB,
    invalidation::HOT_KEYS_LAB,
    invalidation::SCHEMA_CHANGE_LAB,
    invalidation::HINTS_LAB,
];

const BACKPRESSURE: &[Entry] = &[backpressure::BACKPRESSURE, backpressure::PIPELINES];

/// The chapters, in the order of the menu. Nothing but [`MENU`] may ask it, at compile time: what a
/// program can reach it contains.
const CHAPTERS: &[&[Entry]] = &[CACHES, QUEUES, LIMITS, INVALIDATION, BACKPRESSURE];

/// The chapters that this program holds.
const HELD: &[&[Entry]] = &[
    #[cfg(feature = "caches")]
    CACHES,
    #[cfg(feature = "queues")]
    QUEUES,
    #[cfg(feature = "limits")]
    LIMITS,
    #[cfg(feature = "invalidation")]
    INVALIDATION,
    #[cfg(feature = "backpressure")]
    BACKPRESSURE,
];

/// The labs that this program holds, in the order of the menu.
pub const LABS: &[Entry] = &joined::<{ count(HELD) }>(HELD);

/// Every lab, whether this program holds it or not, in the order of the menu.
pub const MENU: &[Line] = &lines(&joined::<{ count(CHAPTERS) }>(CHAPTERS));

/// A lab in the menu.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// How links and scenarios name it.
    pub id: &'static str,
    /// The chapter in which it stands.
    pub chapter: &'static str,
    /// What it is called.
    pub name: &'static str,
}

/// Whether there is such a lab, though in another program of the page.
pub fn is_elsewhere(id: &str) -> bool {
    let known = MENU.iter().any(|line| line.id == id);
    known && LABS.iter().all(|entry| entry.about.id != id)
}

const fn count(chapters: &[&[Entry]]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < chapters.len() {
        count += chapters[at].len();
        at += 1;
    }
    count
}

const fn joined<const N: usize>(chapters: &[&[Entry]]) -> [Entry; N] {
    assert!(N > 0, "a program needs the feature of at least one chapter");
    let mut all = [chapters[0][0]; N];
    let (mut filled, mut chapter) = (0, 0);
    while chapter < chapters.len() {
        let mut at = 0;
        while at < chapters[chapter].len() {
            all[filled] = chapters[chapter][at];
            filled += 1;
            at += 1;
        }
        chapter += 1;
    }
    all
}

const fn lines<const N: usize>(labs: &[Entry; N]) -> [Line; N] {
    let mut lines = [Line { id: "", chapter: "", name: "" }; N];
    let mut at = 0;
    while at < N {
        let about = labs[at].about;
        lines[at] = Line { id: about.id, chapter: about.chapter, name: about.name };
        at += 1;
    }
    lines
}
