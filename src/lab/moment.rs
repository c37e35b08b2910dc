//! What one step did, and why: the typed value from which the caption, the log, the screen
//! reader's text and the event API are all written.

use super::{
    backpressure, compression, delayed, eviction, fan_out, invalidation, queueing, races, rate_limit,
    shared_limit, words,
};
use crate::catalogue::Rule;
use crate::{cache, invalidation as floor, limit, pressure, queue};
use serde::Serialize;
use std::ops::Range;

/// One step of a lab.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// Which step, counted from 1.
    pub step: u64,
    /// Whom it was about: the key that was asked for.
    pub subject: String,
    /// What each variant made of it.
    pub parts: Vec<Part>,
    /// Why the variants did not all do equally well; `None` where they did.
    pub difference: Option<Difference>,
}

/// What one variant made of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// What people call the variant.
    pub variant: String,
    /// The outcome, as a place in the lab's list of outcomes.
    pub outcome: u8,
    /// What was done, in order.
    pub because: Vec<Because>,
}

/// One thing that was done, to whom, and by which rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Because {
    /// Whom it was done to: the key of an object, "message 7", "worker 2".
    pub subject: String,
    /// What happened.
    pub change: Change,
    /// The rule.
    #[serde(flatten)]
    pub rule: &'static Rule,
    /// The figure that the rule decided by, as people write it: `3`, `2.000 s`.
    pub figure: Option<String>,
}

/// What can happen, by the floor on which it does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// To an object in a cache.
    Cache(cache::Change),
    /// To a value in a cache that compresses.
    Compression(crate::compression::Change),
    /// To a message in a queueing system.
    Queue(queue::Change),
    /// To a message that many subscribe to.
    FanOut(queue::fanout::Change),
    /// To a delayed job or its scheduler.
    Delay(queue::delay::Change),
    /// To a request at a limiter's door.
    Limit(limit::door::Change),
    /// To a request that meets a limit which several nodes share.
    Shared(limit::shared::Change),
    /// To a read or a write, a cache or a database.
    Invalidation(floor::Change),
    /// To the same in a schedule, where no time runs.
    Race(floor::Change),
    /// To a request, or a stage under pressure.
    Pressure {
        /// What.
        change: pressure::Change,
        /// At which stage, counted from 0; `None`: there is only one.
        #[serde(skip_serializing_if = "Option::is_none")]
        stage: Option<u8>,
    },
}

impl Change {
    /// How much it matters to somebody who reads only one reason.
    pub(super) fn weight(&self) -> u8 {
        match self {
            Change::Cache(change) => eviction::words::weight(change),
            Change::Compression(change) => compression::words::weight(*change),
            Change::Queue(change) => queueing::words::weight(change),
            Change::FanOut(change) => fan_out::words::weight(*change),
            Change::Delay(change) => delayed::words::weight(change),
            Change::Limit(change) => rate_limit::words::weight(change),
            Change::Shared(change) => shared_limit::words::weight(*change),
            Change::Invalidation(change) => invalidation::words::weight(*change),
            Change::Race(change) => races::words::weight(*change),
            Change::Pressure { change, .. } => backpressure::words::weight(change),
        }
    }

    /// What happens to `who`, who may be `many`, as the first half of a sentence.
    pub(super) fn happens(&self, who: &str, many: bool) -> String {
        match self {
            Change::Cache(change) => eviction::words::happens(who, many, change),
            Change::Compression(change) => compression::words::happens(who, many, *change),
            Change::Queue(change) => queueing::words::happens(who, many, change),
            Change::FanOut(change) => fan_out::words::happens(who, many, *change),
            Change::Delay(change) => delayed::words::happens(who, many, change),
            Change::Limit(change) => rate_limit::words::happens(who, many, change),
            Change::Shared(change) => shared_limit::words::happens(who, many, *change),
            Change::Invalidation(change) => invalidation::words::happens(who, many, *change),
            Change::Race(change) => races::words::happens(who, many, *change),
            Change::Pressure { change, stage } => backpressure::words::happens(who, many, change, *stage),
        }
    }
}

/// Where in a source file a reason comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The function.
    pub function: &'static str,
    /// The constant that names the rule; it stands in the line that applied it.
    pub rule: &'static str,
}

impl Place {
    /// The lines of the function: from its head to the brace that closes it, counted from 0.
    pub fn function_lines(&self, lines: &[&str]) -> Option<Range<usize>> {
        let head = format!("fn {}(", self.function);
        let is_head = |line: &&str| {
            let line = line.trim_start();
            line.starts_with(&head) || line.starts_with("pub") && line.contains(&format!(" {head}"))
        };
        let start = lines.iter().position(is_head)?;
        let indent = lines[start].len() - lines[start].trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        let length = lines[start..].iter().position(|line| *line == closing)?;
        Some(start..start + length + 1)
    }

    /// The lines in which the function applied the rule.
    pub fn deciding_lines(&self, lines: &[&str]) -> Vec<usize> {
        let used = format!("&{}", self.rule);
        let applies = |line: &str| {
            line.split(&used)
                .skip(1)
                .any(|rest| !rest.starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric()))
        };
        self.function_lines(lines).unwrap_or(0..0).filter(|at| applies(lines[*at])).collect()
    }
}

impl Because {
    /// Where in the algorithm's file it comes from.
    pub fn place(&self) -> Place {
        Place { function: self.rule.place, rule: self.rule.name }
    }
}

impl Part {
    /// The reasons as sentences, in order. What the same rule did to several objects in a row is
    /// one sentence: "B, C and D lose their marks: …".
    pub fn sentences(&self) -> Vec<String> {
        self.because.chunk_by(is_alike).map(sentence).collect()
    }

    /// The reason that matters most.
    pub fn main(&self) -> Option<&Because> {
        let groups: Vec<&[Because]> = self.because.chunk_by(is_alike).collect();
        groups.get(heaviest(&groups)?)?.first()
    }

    /// The one sentence that matters most, and the others in order.
    pub fn headline(&self) -> (String, Vec<String>) {
        let groups: Vec<&[Because]> = self.because.chunk_by(is_alike).collect();
        let Some(most) = heaviest(&groups) else { return (String::new(), Vec::new()) };
        let rest = groups.iter().enumerate().filter(|(at, _)| *at != most).map(|(_, group)| sentence(group));
        (sentence(groups[most]), rest.collect())
    }
}

/// Which group of reasons matters most; of equals the first.
fn heaviest(groups: &[&[Because]]) -> Option<usize> {
    (0..groups.len()).rev().max_by_key(|at| groups[*at][0].change.weight())
}

fn is_alike(a: &Because, b: &Because) -> bool {
    a.change == b.change && a.rule.name == b.rule.name && a.figure == b.figure
}

fn sentence(group: &[Because]) -> String {
    let subjects: Vec<String> = group.iter().map(|because| words::named(&because.subject)).collect();
    let Some(Because { change, rule, figure, .. }) = group.first() else { return String::new() };
    let many = subjects.len() > 1;
    let reason = reason(rule, figure.as_deref());
    let reason = if many { of_each(&reason) } else { reason };
    format!("{}: {reason}.", change.happens(&words::list(&subjects), many))
}

/// A reason that speaks of one object, said of several: "each was asked for, so each is spared".
fn of_each(reason: &str) -> String {
    let words = reason.split(' ').map(|word| if word == "it" { "each" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The rule's reason with its figure filled in.
pub(super) fn reason(rule: &Rule, figure: Option<&str>) -> String {
    rule.says.replace("{}", figure.unwrap_or("0"))
}

/// Why the variants part at this step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Some still had what was asked for.
    Kept {
        /// What was asked for.
        object: String,
        /// The variants that still had it.
        kept: Vec<String>,
        /// The variants that had not, and why.
        lost: Vec<Lost>,
    },
    /// The same message met different ends, or the same end at different times.
    Fates {
        /// The message.
        message: String,
        /// What became of it, by variant.
        fates: Vec<Fate>,
    },
}

/// How a variant came to be without an object that another one has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lost {
    /// The variant.
    pub variant: String,
    /// At which request it let the object go, and by which rule; `None`: it never let it in.
    pub departure: Option<(u64, String)>,
}

/// What became of a message in one variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fate {
    /// The variant.
    pub variant: String,
    /// What became of it there, and why, as the second half of a sentence.
    pub says: String,
}

impl Difference {
    /// The explanation as one sentence a variant.
    pub fn sentence(&self) -> String {
        match self {
            Difference::Kept { object, kept, lost } => kept_and_lost(&words::named(object), kept, lost),
            Difference::Fates { message, fates } => {
                let fates = fates.iter().map(|fate| format!("{}: {}.", fate.variant, fate.says));
                let about = format!("{}.", words::capitalised(message));
                [about].into_iter().chain(fates).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

fn kept_and_lost(object: &str, kept: &[String], lost: &[Lost]) -> String {
    let lost = lost.iter().map(|Lost { variant, departure }| match departure {
        Some((request, reason)) => {
            format!("{variant} let {object} go at request {}: {reason}.", words::count(*request))
        }
        None => format!("{variant} did not let {object} in."),
    });
    let kept = format!("{} still {} it.", words::list(kept), if kept.len() > 1 { "have" } else { "has" });
    lost.chain([kept]).collect::<Vec<_>>().join(" ")
}
