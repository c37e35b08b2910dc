//! What an algorithm is held against: facts from its vendor's own tests, and whether they hold here.

use serde::{Deserialize, Serialize};

/// A fact, and whether it holds here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// What it shows.
    pub what: String,
    /// The test, or the function, that says so.
    pub from: String,
    /// The system and its version, and where in it the facts are from.
    pub source: String,
    /// Whether it holds.
    pub outcome: Outcome,
}

/// Whether a fact holds here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It does.
    Passed,
    /// It does not.
    Failed {
        /// At which step, counted from 1; 0: before the first.
        step: usize,
        /// What should have come of it.
        expected: String,
        /// What did.
        got: String,
    },
    /// It cannot hold, because this page leaves out what it is about.
    NotModelled {
        /// Why.
        why: String,
    },
}

/// A step that came out otherwise than a script says.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// Which step, counted from 1; 0: the algorithm cannot be set in this way.
    pub step: usize,
    /// What the script says.
    pub expected: String,
    /// What came of it.
    pub got: String,
}

/// The rows that cannot hold here: the algorithm as the files name it, what the row shows, and why.
pub type NotModelled = &'static [(&'static str, &'static str, &'static str)];

impl Outcome {
    /// Of a script about `name` that shows `what` and was replayed with this result.
    pub fn of(result: Result<(), Miss>, name: &str, what: &str, not_modelled: NotModelled) -> Self {
        let left_out = not_modelled.iter().find(|(of, row, _)| (*of, *row) == (name, what));
        match (result, left_out) {
            (Ok(()), _) => Outcome::Passed,
            (Err(_), Some((_, _, why))) => Outcome::NotModelled { why: (*why).to_owned() },
            (Err(Miss { step, expected, got }), None) => Outcome::Failed { step, expected, got },
        }
    }
}

impl Checked {
    /// A file of facts is not in its language.
    pub fn unreadable(error: &serde_json::Error) -> Self {
        let outcome =
            Outcome::Failed { step: 0, expected: "a file of facts".to_owned(), got: error.to_string() };
        Checked {
            what: "the facts can be read".to_owned(),
            from: String::new(),
            source: String::new(),
            outcome,
        }
    }
}
