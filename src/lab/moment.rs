//! What one step did, and why: the typed value from which the caption, the log, the screen
//! reader's text and the event API are all written.

use super::words;
use crate::cache::{Change, Rule};
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
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// A cache's policy did it.
    Cache {
        /// The name of the object.
        object: String,
        /// What happened to it.
        change: Change,
        /// The rule.
        #[serde(flatten)]
        rule: &'static Rule,
        /// The figure that the rule decided by.
        number: Option<u32>,
    },
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
        let start = lines.iter().position(|line| line.trim_start().starts_with(&head))?;
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
        let Because::Cache { rule, .. } = self;
        Place { function: rule.place, rule: rule.name }
    }

    /// How much it matters to somebody who reads only one reason: what leaves comes first.
    fn weight(&self) -> u8 {
        let Because::Cache { change, .. } = self;
        match change {
            Change::Leaves { .. } | Change::Bypasses => 3,
            Change::Moves { .. } | Change::Adapts { .. } => 2,
            Change::Stays | Change::Marks(_) | Change::Counts(_) | Change::Enters { .. } => 1,
            Change::Forgotten { .. } => 0,
        }
    }
}

impl Part {
    /// The reasons as sentences, in order. What the same rule did to several objects in a row is
    /// one sentence: "B, C and D lose their marks: …".
    pub fn sentences(&self) -> Vec<String> {
        self.because.chunk_by(is_alike).map(sentence).collect()
    }

    /// The one sentence that matters most, and the others in order.
    pub fn headline(&self) -> (String, Vec<String>) {
        let groups: Vec<&[Because]> = self.because.chunk_by(is_alike).collect();
        let Some(most) = (0..groups.len()).rev().max_by_key(|at| groups[*at][0].weight()) else {
            return (String::new(), Vec::new());
        };
        let rest = groups.iter().enumerate().filter(|(at, _)| *at != most).map(|(_, group)| sentence(group));
        (sentence(groups[most]), rest.collect())
    }
}

fn is_alike(a: &Because, b: &Because) -> bool {
    let (
        Because::Cache { change: changed, rule, number, .. },
        Because::Cache { change: changes, rule: same, number: figure, .. },
    ) = (a, b);
    changed == changes && rule.name == same.name && number == figure
}

fn sentence(group: &[Because]) -> String {
    let objects: Vec<String> =
        group.iter().map(|Because::Cache { object, .. }| words::named(object)).collect();
    let Some(Because::Cache { change, rule, number, .. }) = group.first() else { return String::new() };
    let many = objects.len() > 1;
    let reason = if many { of_each(&reason(rule, *number)) } else { reason(rule, *number) };
    format!("{}: {reason}.", happens(&words::list(&objects), many, change))
}

/// A reason that speaks of one object, said of several: "each was asked for, so each is spared".
fn of_each(reason: &str) -> String {
    let words = reason.split(' ').map(|word| if word == "it" { "each" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The rule's reason with its figure filled in.
pub(super) fn reason(rule: &Rule, number: Option<u32>) -> String {
    rule.says.replace("{}", &words::count(u64::from(number.unwrap_or(0))))
}

fn happens(who: &str, many: bool, change: &Change) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    match change {
        Change::Stays => format!("{who} {} where {}", verb("stays", "stay"), verb("it is", "they are")),
        Change::Marks(true) => format!("{who} {} marked", verb("is", "are")),
        Change::Marks(false) => format!("{who} {}", verb("loses its mark", "lose their marks")),
        Change::Counts(count) => format!("{who} now {} {count}", verb("counts", "count")),
        Change::Enters { into } => format!("{who} {} {into}", verb("enters", "enter")),
        Change::Moves { from, to } if from == to => format!("{who} {} within {to}", verb("moves", "move")),
        Change::Moves { from, to } => format!("{who} {} from {from} to {to}", verb("moves", "move")),
        Change::Leaves { remembered: None, .. } => format!("{who} {}", verb("leaves", "leave")),
        Change::Leaves { remembered: Some(ghost), .. } => {
            format!(
                "{who} {}, and {} in {ghost}",
                verb("leaves", "leave"),
                verb("its name stays", "their names stay")
            )
        }
        Change::Forgotten { from } => format!("{who} {} forgotten by {from}", verb("is", "are")),
        Change::Bypasses => format!("{who} {} outside", verb("stays", "stay")),
        Change::Adapts { dial, from, to } => {
            format!("The {dial} goes from {} to {}", words::number(*from), words::number(*to))
        }
    }
}

/// Why the variants part at this step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// What was asked for.
    pub object: String,
    /// The variants that still had it.
    pub kept: Vec<String>,
    /// The variants that had not, and why.
    pub lost: Vec<Lost>,
}

/// How a variant came to be without an object that another one has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lost {
    /// The variant.
    pub variant: String,
    /// At which request it let the object go, and by which rule; `None`: it never let it in.
    pub departure: Option<(u64, String)>,
}

impl Difference {
    /// The explanation as one sentence a variant.
    pub fn sentence(&self) -> String {
        let object = words::named(&self.object);
        let lost = self.lost.iter().map(|Lost { variant, departure }| match departure {
            Some((request, reason)) => {
                format!("{variant} let {object} go at request {}: {reason}.", words::count(*request))
            }
            None => format!("{variant} did not let {object} in."),
        });
        let kept = format!(
            "{} still {} it.",
            words::list(&self.kept),
            if self.kept.len() > 1 { "have" } else { "has" }
        );
        lost.chain([kept]).collect::<Vec<_>>().join(" ")
    }
}
