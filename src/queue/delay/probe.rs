//! How a scheduler tells what happens in it, and why.

use super::{Job, Name};
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};
use crate::queue::Figure;
use serde::Serialize;

/// What can happen to a job or to the scheduler. Workers are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Somebody submits it.
    Submitted {
        /// When it is to run.
        #[serde(skip)]
        due: Time,
    },
    /// Its next run is planned.
    Planned {
        /// When it is to run.
        #[serde(skip)]
        due: Time,
    },
    /// It waits at the door, because the scheduler is down.
    AtDoor,
    /// It gets a place in the structure.
    Placed(Place),
    /// It changes places with its parent in a heap.
    Rises {
        /// The parent.
        past: Name,
    },
    /// It changes places with a child in a heap.
    Sinks {
        /// The child.
        past: Name,
    },
    /// It has found its place in a heap.
    Stays,
    /// It is taken out of a heap.
    Leaves,
    /// The pointer of a wheel passes it by.
    Passed {
        /// How many rounds it has yet to wait.
        rounds: u64,
    },
    /// It moves down to a finer wheel.
    Cascades(Place),
    /// It is handed in once more, because its delay is longer than allowed.
    Hops {
        /// Until when.
        #[serde(skip)]
        until: Time,
    },
    /// Its time has come, as far as the scheduler knows.
    Fired {
        /// How that compares with when it was meant to run.
        timing: Timing,
        /// By how much it is early or late.
        #[serde(skip)]
        by: Span,
    },
    /// A worker begins with it.
    Started {
        /// Who.
        worker: u32,
    },
    /// Its work is done.
    Done {
        /// By whom.
        worker: u32,
    },
    /// It was missed, and a later run stands for it.
    Coalesced,
    /// It was missed, and is left out.
    Skipped,
    /// The scheduler looks, and finds so many due.
    Looks {
        /// How many.
        found: u64,
    },
    /// The scheduler goes down.
    Down,
    /// The scheduler is back.
    Back,
    /// The scheduler's clock is put forward.
    Forward,
    /// The scheduler's clock is put back.
    Backward,
}

/// A place in a structure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In an array, counted from 0.
    Index(u32),
    /// In a slot of a wheel, with so many rounds to wait.
    Slot {
        /// The slot, counted from 0.
        slot: u32,
        /// The rounds.
        rounds: u64,
    },
    /// In a slot of one of several wheels.
    Wheel {
        /// The wheel, counted from 1, the finest.
        level: u32,
        /// The slot, counted from 0.
        slot: u32,
    },
    /// At the end of a line.
    Line,
    /// In a set that is ordered by time.
    Set,
}

/// How a firing compares with the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// Neither early nor so late that it matters.
    OnTime,
    /// Before it was meant to run.
    Early,
    /// So late that it matters.
    Late,
    /// It has run before.
    Again,
}

/// Somebody who listens to a scheduler at work.
pub trait Probe {
    /// At `at`, `change` happened to `job`, or to the scheduler itself, by `rule`, which decided by
    /// `figure`.
    fn hear(
        &mut self,
        at: Time,
        job: Option<&Job>,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    );
}

/// The probe that listens to nothing and costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silent;

impl Probe for Silent {
    #[inline(always)]
    fn hear(&mut self, _: Time, _: Option<&Job>, _: Change, _: &'static Rule, _: Option<Figure>) {}
}

/// Something that a probe heard, kept for later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When it happened.
    pub at: Time,
    /// The job that it happened to; `None`: it happened to the scheduler.
    pub job: Option<Name>,
    /// What happened.
    pub change: Change,
    /// The rule that made it happen.
    pub rule: &'static Rule,
    /// The figure that the rule decided by.
    pub figure: Option<Figure>,
}

/// The probe that keeps everything, in order.
impl Probe for Vec<Heard> {
    fn hear(
        &mut self,
        at: Time,
        job: Option<&Job>,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.push(Heard { at, job: job.map(|job| job.name), change, rule, figure });
    }
}

/// A probe and, where somebody wants to hear the same, another one.
impl<A: Probe, B: Probe> Probe for (&mut A, Option<&mut B>) {
    fn hear(
        &mut self,
        at: Time,
        job: Option<&Job>,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.0.hear(at, job, change, rule, figure);
        if let Some(second) = &mut self.1 {
            second.hear(at, job, change, rule, figure);
        }
    }
}
