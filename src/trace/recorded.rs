//! The traces that come with the site: what they are, by the index that stands beside them.

use serde::Deserialize;
use std::sync::OnceLock;

/// A trace that was recorded from a real program and comes with the site.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Recorded {
    /// How links and scenarios name it, and the start of its file's name.
    pub id: String,
    /// How people name it.
    pub title: String,
    /// What asks for what in it, in a sentence.
    pub description: String,
    /// How many requests it has.
    pub requests: u64,
    /// How many different objects they are for.
    pub objects: u64,
    /// A capacity, in objects, at which policies differ.
    pub capacity: u32,
}

/// All of them.
pub fn recorded() -> &'static [Recorded] {
    static INDEX: OnceLock<Vec<Recorded>> = OnceLock::new();
    INDEX.get_or_init(|| {
        serde_json::from_str(include_str!("../../www/traces/traces.json")).unwrap_or_default()
    })
}
