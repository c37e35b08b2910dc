//! One value that says everything about a run: which lab, what is set in it, and the seed.
//!
//! A form edits it, a link carries it, a worker receives it, a test states it. This file only
//! turns to the lab that is meant; adding a lab adds a line to each `match`.

use super::eviction::{self, Eviction, EvictionLab, EvictionRun};
use super::{Form, Jump, Lab, Outcome, Preset, Query, Run, Workload};
use crate::refusal::Refusal;
use crate::trace::Trace;
use serde_json::Value;

/// A scenario of some lab.
#[derive(Clone, Debug, PartialEq)]
pub enum Scenario {
    /// Caches that must choose what leaves.
    Eviction(Eviction),
}

/// What the page says about a lab before anything is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct About {
    /// How links and scenarios name it.
    pub id: &'static str,
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
    /// What becomes of a step.
    pub outcomes: &'static [Outcome],
    /// What one can jump to.
    pub jumps: &'static [Jump],
}

/// The labs, in the order of the menu.
pub const LABS: &[About] = &[About {
    id: "eviction",
    name: "Eviction",
    question: "Which one should leave?",
    intro: "A full cache must give something up before it can take something in.",
    presets: eviction::PRESETS,
    step: ("request", "requests"),
    outcomes: eviction::OUTCOMES,
    jumps: eviction::JUMPS,
}];

impl Scenario {
    /// Reads the query of a link to `lab`. Of what is refused, the default holds. A lab that does
    /// not exist is refused like a wrong value, and the first one opens.
    pub fn from_query(lab: &str, query: &Query) -> (Self, Vec<Refusal>) {
        match lab {
            "eviction" => {
                let (scenario, refusals) = Eviction::from_query(query);
                (Scenario::Eviction(scenario), refusals)
            }
            "" => (Scenario::Eviction(Eviction::default()), Vec::new()),
            _ => {
                let known: Vec<&str> = LABS.iter().map(|lab| lab.id).collect();
                let refusal = Refusal::new("lab", lab, format!("one of {}", known.join(", ")));
                (Scenario::Eviction(Eviction::default()), vec![refusal])
            }
        }
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// Text that is no JSON, a lab that does not exist, or a field that the lab refuses.
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| Refusal::new("scenario", error, "valid JSON"))?;
        let map = value.as_object().ok_or_else(|| Refusal::new("scenario", &value, "a JSON object"))?;
        match map.get("lab").and_then(Value::as_str) {
            Some("eviction") => Eviction::from_json(map).map(Scenario::Eviction),
            _ => Err(Refusal::new("lab", map.get("lab").unwrap_or(&Value::Null), "\"eviction\"")),
        }
    }

    /// What the page says about its lab.
    pub fn about(&self) -> &'static About {
        match self {
            Scenario::Eviction(_) => &LABS[0],
        }
    }

    /// The query of a link to it.
    pub fn query(&self) -> Query {
        match self {
            Scenario::Eviction(scenario) => scenario.query(),
        }
    }

    /// The JSON form, on several lines.
    pub fn json(&self) -> String {
        let value = match self {
            Scenario::Eviction(scenario) => scenario.json(),
        };
        format!("{value:#}")
    }

    /// The same scenario with one field set by a person, as a link writes it.
    ///
    /// # Errors
    /// A field that does not exist or a value that is not allowed.
    pub fn with(&self, field: &str, value: &str) -> Result<Self, Refusal> {
        let mut changed = self.clone();
        match &mut changed {
            Scenario::Eviction(scenario) => scenario.edit(field, value)?,
        }
        Ok(changed)
    }

    /// What can be set, with its present values.
    pub fn form(&self) -> Form {
        match self {
            Scenario::Eviction(scenario) => scenario.form(),
        }
    }

    /// Where its requests come from.
    pub fn workload(&self) -> &Workload {
        match self {
            Scenario::Eviction(scenario) => &scenario.workload,
        }
    }

    /// What fixes its random choices.
    pub fn seed(&self) -> u64 {
        match self {
            Scenario::Eviction(scenario) => scenario.seed,
        }
    }

    /// What the requests depend on: two scenarios with the same origin have the same requests.
    pub fn origin(&self) -> String {
        match self.workload() {
            Workload::Stream(stream) => format!("{stream} seed {}", self.seed()),
            other => other.to_string(),
        }
    }

    /// The link form of variant `at` with `field` set to `value`; it may turn out to be refused.
    pub fn variant_with(&self, at: usize, field: &str, value: &str) -> String {
        match self {
            Scenario::Eviction(scenario) => {
                scenario.variants.get(at).map_or_else(String::new, |variant| variant.with(field, value))
            }
        }
    }

    /// The link form of each variant.
    pub fn variants(&self) -> Vec<String> {
        match self {
            Scenario::Eviction(scenario) => scenario.variants.iter().map(ToString::to_string).collect(),
        }
    }

    /// The name and the text of the source file of variant `at`.
    pub fn source(&self, at: usize) -> Option<(&'static str, &'static str)> {
        match self {
            Scenario::Eviction(scenario) => {
                let about = scenario.variants.get(at)?.policy.about;
                Some((about.file, about.source))
            }
        }
    }

    /// The lab at its start, in front of the requests of `trace`.
    pub fn lab(&self, trace: &Trace) -> Box<dyn Lab> {
        match self {
            Scenario::Eviction(scenario) => Box::new(EvictionLab::new(scenario, trace)),
        }
    }

    /// The whole run at its start, in front of the requests of `trace`.
    pub fn run(&self, trace: &Trace) -> Box<dyn Run> {
        match self {
            Scenario::Eviction(scenario) => Box::new(EvictionRun::new(scenario, trace)),
        }
    }
}
