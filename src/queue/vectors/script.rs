//! The language of the scripts, as the README beside the files describes it.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A file of scripts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The system and its version, and where in it the facts are from.
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
    /// The test, or the function, that says so.
    pub from: String,
    /// The broker, as the files name it.
    pub broker: String,
    /// How the broker is set; what is not said is its default.
    pub settings: Settings,
    /// What happens.
    pub steps: Vec<Timed>,
}

/// How a broker is set.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the README says what each of them is")]
pub struct Settings {
    pub version: Option<String>,
    pub visibility: Option<f64>,
    pub delay: Option<f64>,
    pub retention: Option<f64>,
    pub lock: Option<f64>,
    pub limit: Option<u32>,
    pub max_receive_count: Option<u32>,
    pub delivery_limit: Option<i64>,
    pub dead_letter: Option<bool>,
    pub max_length: Option<usize>,
    pub overflow: Option<String>,
}

/// A step and its time.
#[derive(Debug, Deserialize)]
pub struct Timed {
    /// In seconds from the beginning; `None`: at the time of the step before.
    pub at: Option<f64>,
    /// What happens.
    #[serde(flatten)]
    pub step: Step,
}

/// What happens in a script. What a step does not say is not asserted.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
#[expect(missing_docs, reason = "the README says what each of them is")]
pub enum Step {
    Publish {
        message: String,
        group: Option<String>,
        delay: Option<f64>,
        expect: Option<Answer>,
    },
    Receive {
        consumer: Option<String>,
        most: Option<usize>,
        visibility: Option<f64>,
        expect: Vec<String>,
        count: Option<Vec<u32>>,
        redelivered: Option<Vec<bool>>,
    },
    History {
        consumer: String,
        after: String,
        most: usize,
        expect: Vec<String>,
        count: Option<Vec<u32>>,
        gone: Option<Vec<String>>,
    },
    Ack {
        messages: Vec<String>,
        consumer: Option<String>,
        delivery: Option<u32>,
        expect: Option<Answer>,
    },
    Nack {
        messages: Vec<String>,
        consumer: Option<String>,
        requeue: bool,
        expect: Option<Answer>,
    },
    Reject {
        messages: Vec<String>,
        consumer: Option<String>,
        requeue: bool,
        expect: Option<Answer>,
    },
    Extend {
        message: String,
        visibility: f64,
        delivery: Option<u32>,
        expect: Option<Answer>,
    },
    Crash {
        consumer: String,
    },
    Claim {
        consumer: String,
        min_idle: f64,
        messages: Option<Vec<String>>,
        start: Option<String>,
        most: Option<usize>,
        just_id: Option<bool>,
        expect: Vec<String>,
        count: Option<Vec<u32>>,
        cursor: Option<String>,
        gone: Option<Vec<String>>,
    },
    Delete {
        messages: Vec<String>,
    },
    Trim {
        keep: usize,
    },
    Expect {
        waiting: Option<Vec<String>>,
        pending: Option<BTreeMap<String, Vec<String>>>,
        dead: Option<Vec<String>>,
        archived: Option<Vec<String>>,
        done: Option<Vec<String>>,
    },
}

/// What a broker answers to who tells it something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// `ok` or `refused`.
    Word(Word),
    /// How many of the named were pending.
    Number(u32),
}

/// Whether what was said has been taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// It has.
    Ok,
    /// It has not.
    Refused,
}

/// A file of routes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routes {
    /// The system and its version, and where in it the facts are from.
    pub source: String,
    /// What the rows are about.
    pub what: String,
    /// The routes.
    pub rows: Vec<Routing>,
}

/// Bindings, and the queues that messages enter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// What it shows.
    pub what: String,
    /// The test, or the function, that says so.
    pub from: String,
    /// For each queue what it is bound with.
    pub bindings: BTreeMap<String, Vec<String>>,
    /// For each routing key, or headers, the queues that the message enters.
    pub routes: BTreeMap<String, Vec<String>>,
}
