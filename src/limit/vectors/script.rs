//! The language of the scripts, as the README beside the files describes it.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A file of scripts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The library and its version, and where in it the facts are from.
    pub source: String,
    /// What the rows are about.
    pub what: String,
    /// The scripts.
    pub rows: Vec<Row>,
}

/// A script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What it shows.
    pub what: String,
    /// The test that says so.
    pub from: String,
    /// The limiter, as scenarios name it.
    pub limiter: String,
    /// Its parameters, as scenarios write them; what is not said is its default.
    pub parameters: BTreeMap<String, String>,
    /// Whether who has to wait holds up whoever comes next: the clock goes on by each wait.
    #[serde(default)]
    pub blocks: bool,
    /// In seconds, to how much the test gives its times; exactly where nothing is said.
    #[serde(default)]
    pub to: f64,
    /// What happens.
    pub steps: Vec<Timed>,
}

/// A step and its time; with neither at the time of the step before.
#[derive(Debug, Deserialize)]
pub struct Timed {
    /// In seconds from the beginning.
    pub at: Option<f64>,
    /// In seconds after the step before.
    pub after: Option<f64>,
    /// What happens.
    #[serde(flatten)]
    pub step: Step,
}

/// What happens in a script. What a step does not say is not asserted.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
#[expect(missing_docs, reason = "the README says what each of them is")]
pub enum Step {
    Ask {
        key: Option<u32>,
        cost: Option<u32>,
        times: Option<u32>,
        expect: Word,
        wait: Option<f64>,
        retry: Option<f64>,
        remaining: Option<u32>,
        reset: Option<f64>,
    },
    Finish {
        key: Option<u32>,
        took: f64,
        in_flight: u32,
        #[serde(default)]
        dropped: bool,
        limit: Option<u32>,
    },
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// It passes, at once or later.
    Passes,
    /// It does not.
    Refused,
}
