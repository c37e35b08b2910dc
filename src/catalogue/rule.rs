//! The reasons of an algorithm, as constants beside the code that they explain.

use serde::Serialize;

/// A line of an algorithm that decides something, and its reason in words.
///
/// The constant's own name stands in the source where the rule is applied, so that the source
/// panel can mark the line: `RULE.name` is the constant's name, `RULE.place` the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The name of the constant, as it stands in the algorithm's file: `UNMARKED`.
    #[serde(rename = "rule")]
    pub name: &'static str,
    /// The function of that file in which it is applied: `evict`.
    pub place: &'static str,
    /// The reason as the second half of a sentence, without a full stop: "it is the oldest in
    /// small and was not asked for again". `{}` stands for the figure that the rule decided by.
    pub says: &'static str,
}
