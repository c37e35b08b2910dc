//! One value that says everything about a run: which lab, what is set in it, and the seed.
//!
//! A form edits it, a link carries it, a worker receives it, a test states it. This file turns to
//! the lab that is meant.

use super::menu::{LABS, MENU};
use super::{About, Form, Lab, Life, Query, Report, Run, Table, Workload};
use crate::refusal::Refusal;
use crate::trace::Trace;
use serde_json::{Map, Value};

/// How what is set in a lab is written down and changed.
pub trait Written {
    /// The query of a link to it, every field named.
    fn query(&self) -> Query;

    /// The JSON form.
    fn json(&self) -> Value;

    /// Sets one field as a person does in a form.
    ///
    /// # Errors
    /// A field that does not exist or a value that is not allowed; what was set stays.
    fn edit(&mut self, field: &str, value: &str) -> Result<(), Refusal>;

    /// What can be set, with its present values.
    fn form(&self) -> Form;

    /// The link form of the source `id` with its `field` set to `value`; it may turn out to be
    /// refused.
    fn source_with(&self, id: &str, field: &str, value: &str) -> String;

    /// The link form of variant `at` with `field` set to `value`; it may turn out to be refused.
    fn variant_with(&self, at: usize, field: &str, value: &str) -> String;

    /// The link form of each variant.
    fn variants(&self) -> Vec<String>;
}

/// What is set in one lab. Every lab has a type of its own for it, which is reached through this.
pub trait Settings: Written {
    /// What the page says about the lab.
    fn about(&self) -> &'static About;

    /// The source files that variant `at` runs, from the project's root, its own first.
    fn sources(&self, at: usize) -> Vec<&'static str>;

    /// What of variant `at` can be held against its vendor's own tests, by the name that the worker
    /// knows it by.
    fn checkable(&self, _at: usize) -> Option<&'static str> {
        None
    }

    /// Where its requests come from, in a lab that is given a stream of requests.
    fn workload(&self) -> Option<&Workload> {
        None
    }

    /// What can be measured beside the run; `None` where nothing can.
    fn weighing(&self) -> Option<Weighing> {
        None
    }

    /// The measurement, which may take seconds; `clock` tells the time in seconds, since whenever.
    fn weigh(&self, _clock: &dyn Fn() -> f64) -> Table {
        Table { head: Vec::new(), rows: Vec::new() }
    }

    /// The field that takes a file of the person's own, and its link form for a file called `name`;
    /// `None` in a lab that takes none.
    fn file_field(&self, _name: &str) -> Option<(&'static str, String)> {
        None
    }

    /// What fixes its random choices.
    fn seed(&self) -> u64;

    /// About how many units of work a whole run takes; small ones are done at once.
    fn work(&self) -> u64;

    /// The lab at its start, in front of the requests of `trace`. Where the number of `steps` is
    /// not known beforehand, it is the one that the whole run counted.
    fn lab(&self, trace: &Trace, steps: u64) -> Box<dyn Lab>;

    /// The same after the whole run, which has come to `report`: a lab that shows more of it than the number
    /// of its steps takes that from there, and does not run again.
    fn lab_after(&self, trace: &Trace, report: &Report) -> Box<dyn Lab> {
        self.lab(trace, report.steps)
    }

    /// The whole run at its start, in front of the requests of `trace`.
    fn run(&self, trace: &Trace) -> Box<dyn Run>;

    /// Whether the number of steps is known only when the whole run has been counted.
    fn must_be_counted(&self) -> bool {
        false
    }

    /// The life of the subject that a scene calls `identity`, in every variant; nothing in a lab
    /// whose subjects have none.
    fn lives(&self, _identity: u64) -> Vec<Life> {
        Vec::new()
    }

    /// The same once more.
    fn duplicate(&self) -> Box<dyn Settings>;
}

/// A measurement beside the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighing {
    /// What it is called.
    pub title: &'static str,
    /// What is measured, and how, in a sentence.
    pub how: &'static str,
    /// Whether it is made without being asked for.
    pub at_once: bool,
}

/// A scenario of some lab.
pub struct Scenario(Box<dyn Settings>);

/// A lab: what the page says about it, and how its scenarios are read.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What the page says about it.
    pub about: &'static About,
    /// Reads the query of a link. Of what is refused, the default holds.
    pub from_query: fn(&Query) -> Linked,
    /// Reads the JSON form; one wrong value refuses the whole.
    pub from_json: fn(&Map<String, Value>) -> Stated,
}

/// What a link sets, and what of it was refused.
pub type Linked = (Box<dyn Settings>, Vec<Refusal>);

/// What JSON sets, or why it was refused.
pub type Stated = Result<Box<dyn Settings>, Refusal>;

impl Scenario {
    /// Reads the query of a link to `lab`. Of what is refused, the default holds. A lab that does
    /// not exist is refused like a wrong value, and the first one opens.
    pub fn from_query(lab: &str, query: &Query) -> (Self, Vec<Refusal>) {
        if let Some(entry) = find(lab) {
            let (settings, refusals) = (entry.from_query)(query);
            return (Scenario(settings), refusals);
        }
        let (settings, _) = (LABS[0].from_query)(&LABS[0].about.opening());
        let refusal = Refusal::new("lab", lab, format!("one of {}", ids().join(", ")));
        (Scenario(settings), if lab.is_empty() { Vec::new() } else { vec![refusal] })
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// Text that is no JSON, a lab that does not exist, or a field that the lab refuses.
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| Refusal::new("scenario", error, "valid JSON"))?;
        let map = value.as_object().ok_or_else(|| Refusal::new("scenario", &value, "a JSON object"))?;
        let named = map.get("lab").unwrap_or(&Value::Null);
        let entry = named.as_str().and_then(find);
        let entry = entry.ok_or_else(|| {
            let ids: Vec<String> = ids().iter().map(|id| format!("\"{id}\"")).collect();
            Refusal::new("lab", named, format!("one of {}", ids.join(", ")))
        })?;
        (entry.from_json)(map).map(Scenario)
    }

    /// The JSON form, on several lines.
    pub fn json(&self) -> String {
        format!("{:#}", self.0.json())
    }

    /// The same scenario with one field set by a person, as a link writes it.
    ///
    /// # Errors
    /// A field that does not exist or a value that is not allowed.
    pub fn with(&self, field: &str, value: &str) -> Result<Self, Refusal> {
        let mut changed = self.clone();
        changed.0.edit(field, value)?;
        Ok(changed)
    }

    /// What the requests depend on: two scenarios with the same origin have the same requests.
    pub fn origin(&self) -> String {
        match self.0.workload() {
            None => String::new(),
            Some(Workload::Stream(stream)) => format!("{stream} seed {}", self.0.seed()),
            Some(other) => other.to_string(),
        }
    }
}

/// What is set in the lab can be asked of the scenario.
impl std::ops::Deref for Scenario {
    type Target = dyn Settings;
    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl Clone for Scenario {
    fn clone(&self) -> Self {
        Scenario(self.0.duplicate())
    }
}

impl PartialEq for Scenario {
    fn eq(&self, other: &Self) -> bool {
        self.0.about().id == other.0.about().id && self.0.json() == other.0.json()
    }
}

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}?{}", self.0.about().id, self.0.query())
    }
}

fn find(id: &str) -> Option<&'static Entry> {
    LABS.iter().find(|entry| entry.about.id == id)
}

fn ids() -> Vec<&'static str> {
    MENU.iter().map(|line| line.id).collect()
}
