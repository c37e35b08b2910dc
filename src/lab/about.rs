//! What the page says about a lab before anything is set.

use super::{Jump, Outcome, Preset, Query, Summary};

/// What the page says about a lab.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct About {
    /// How links and scenarios name it.
    pub id: &'static str,
    /// The chapter of the menu in which it stands.
    pub chapter: &'static str,
    /// Its name in the menu.
    pub name: &'static str,
    /// Its question, which is its title.
    pub question: &'static str,
    /// What it is about, in a sentence.
    pub intro: &'static str,
    /// Scenarios that each make a point; the first is where the lab opens.
    pub presets: &'static [Preset],
    /// What a step of it is called, one and many.
    pub step: (&'static str, &'static str),
    /// What stands before the subject of a step: "asks for"; empty where the subject says it all.
    pub does: &'static str,
    /// What has a life that can be followed, where model time runs: "message"; empty where nothing has.
    pub subject: &'static str,
    /// What becomes of a step.
    pub outcomes: &'static [Outcome],
    /// What one can jump to.
    pub jumps: &'static [Jump],
    /// Whether model time runs: playing then maps model seconds to screen seconds.
    pub timed: bool,
    /// Its charts and its table.
    pub summary: Summary,
}

impl About {
    /// The query of the scenario with which the lab opens.
    pub fn opening(&self) -> Query {
        self.presets.first().map_or_else(Query::default, |preset| Query::parse(preset.query))
    }
}
