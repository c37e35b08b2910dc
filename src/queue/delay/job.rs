//! Jobs: what they are called, when they are due, and how long their work takes.

use crate::kernel::{Span, Time};
use serde::Serialize;
use std::fmt;

/// What a job is called. Jobs that run once are numbered from 1 and belong to series 0; the runs of
/// a recurring job are numbered from 1 within its own series, which counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Name {
    /// The recurring job, or 0.
    pub series: u32,
    /// Which job, or which run of the recurring one.
    pub number: u32,
}

impl Name {
    /// The job numbered `number` that runs once.
    pub const fn once(number: u32) -> Self {
        Name { series: 0, number }
    }

    /// Whether it is a run of a recurring job.
    pub const fn recurs(self) -> bool {
        self.series > 0
    }

    /// One number that says the same.
    pub const fn identity(self) -> u64 {
        (self.series as u64) << 32 | self.number as u64
    }

    /// The name that `identity` stands for.
    pub const fn from_identity(identity: u64) -> Self {
        Name { series: (identity >> 32) as u32, number: identity as u32 }
    }

    /// What is written on it: `7`, or `A3` for the third run of the first recurring job.
    pub fn label(self) -> String {
        match self.series {
            0 => self.number.to_string(),
            _ => format!("{}{}", letter(self.series), self.number),
        }
    }
}

/// What people call it in a sentence: `job 7`, `run 3 of job A`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.series {
            0 => write!(f, "job {}", self.number),
            _ => write!(f, "run {} of job {}", self.number, letter(self.series)),
        }
    }
}

/// The letter of a recurring job, counted from 1.
fn letter(series: u32) -> char {
    (b'A' + ((series - 1) % 26) as u8) as char
}

/// A job that waits, or is done. A copy is handed on from place to place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    /// What it is called.
    pub name: Name,
    /// When it is due, as the clock that is looked at will read then.
    pub due: Time,
    /// When it was really meant to run.
    pub planned: Time,
    /// When it was submitted; for a run of a recurring job, when the run before it was.
    pub submitted: Time,
    /// How long its work takes.
    pub work: Span,
    /// Its place among all that were ever kept: of two that are due together the earlier goes first.
    pub order: u64,
    /// Whether this run was due before and comes again, because the clock went back.
    pub again: bool,
    /// When it fired; [`Time::ZERO`] until then.
    pub fired: Time,
}

impl Job {
    /// A job that is due at `due` and has nothing else to say for itself: for trying out a structure.
    pub const fn due(number: u32, due: Time) -> Self {
        Job {
            name: Name::once(number),
            due,
            planned: due,
            submitted: Time::ZERO,
            work: Span::ZERO,
            order: number as u64,
            again: false,
            fired: Time::ZERO,
        }
    }

    /// Whether it is due before `other`, or with it and was kept earlier.
    pub fn goes_before(&self, other: &Job) -> bool {
        (self.due, self.order) < (other.due, other.order)
    }
}
