//! What a limiter shows of its state, to be made a picture of: a vessel with a level, or a stretch
//! of time with windows and marks in it.

use crate::kernel::Time;

/// The state of a limiter for one key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anatomy {
    /// Its parts, from top to bottom.
    pub parts: Vec<Part>,
}

/// A part of a limiter's state.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Something that fills and empties: a bucket of tokens, a bucket that leaks.
    Vessel {
        /// What it holds: "tokens".
        name: &'static str,
        /// How full it is.
        level: f64,
        /// What would be full.
        most: f64,
        /// Whether time fills it, as tokens do; otherwise time empties it, as a leak does.
        fills: bool,
        /// What happens to it by itself: "one every 100 ms".
        says: String,
    },
    /// A stretch of time, now in it or at its end.
    TimeLine {
        /// What it shows: "log".
        name: &'static str,
        /// Where it begins.
        from: Time,
        /// Where it ends.
        until: Time,
        /// Windows in it, which may lie on each other.
        stretches: Vec<Stretch>,
        /// Points in it.
        marks: Vec<Mark>,
    },
    /// A number that cannot pass another: requests under way and a limit that adapts.
    Level {
        /// What it measures.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What would be full.
        most: f64,
        /// The unit of both.
        unit: &'static str,
    },
    /// Something to know, as a line of text with figures in it.
    Note(String),
}

/// A window on a line of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins.
    pub from: Time,
    /// Where it ends.
    pub until: Time,
    /// What it holds, in a few words: "7 of 10".
    pub says: String,
    /// How full it is, from 0 to 1.
    pub full: f64,
}

/// A point on a line of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub at: Time,
    /// What stands at it: "theoretical arrival"; empty for one of many, such as a request in a log.
    pub says: &'static str,
}
