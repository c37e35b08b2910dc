//! How a chain of stages tells what happens in it, and why.

use super::{End, Name, Request};
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};
use crate::queue::Figure;
use serde::Serialize;

/// What can happen to a request, a caller or a stage. Stages and workers are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// A caller sends it.
    Sent,
    /// It waits at the door of a stage.
    Waits,
    /// It comes into the buffer of a stage.
    Entered,
    /// A worker begins with it.
    Started {
        /// Who.
        worker: u32,
    },
    /// Its work at a stage is done.
    Done {
        /// By whom.
        worker: u32,
    },
    /// The worker that is done with it cannot hand it on.
    Stuck {
        /// Who.
        worker: u32,
    },
    /// Its caller gets the answer.
    Answered {
        /// How long the caller has waited since it first asked.
        #[serde(skip)]
        latency: Span,
    },
    /// It is done, but its caller has gone.
    InVain,
    /// It comes to nothing.
    Ended(End),
    /// Its caller has waited long enough.
    TimedOut,
    /// Its caller will send it again.
    Retries {
        /// When.
        #[serde(skip)]
        at: Time,
    },
    /// Its caller does without an answer.
    GivenUp,
    /// A stage is killed, or breaks down.
    Down,
    /// A stage is back.
    Back,
    /// A stage becomes slow.
    Slow,
    /// A stage is as fast as ever.
    Fast,
    /// A stage lets nobody in.
    Paused,
    /// A stage lets in again.
    Resumed,
    /// A stage grants room for so many.
    Granted {
        /// How many.
        credits: u32,
    },
    /// The sender learns of so much room.
    Credited {
        /// How many.
        credits: u32,
    },
    /// A free worker asks for something to do.
    Asks,
    /// A stage begins to drop.
    Dropping,
    /// A stage stops dropping.
    Calm,
    /// A stage turns its order round: the newest first.
    Turned,
    /// A stage starts more workers.
    Hires {
        /// How many.
        workers: u32,
    },
    /// A worker is ready.
    Ready {
        /// Who.
        worker: u32,
    },
    /// A stage does without some workers.
    Dismisses {
        /// How many.
        workers: u32,
    },
}

/// To whom something happens.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A try of a request, and the stage at which it is.
    Request(&'a Request, u8),
    /// A stage, counted from 0.
    Stage(u8),
}

/// Somebody who listens to a chain of stages at work.
pub trait Probe {
    /// At `now`, `change` happened to `subject` by `rule`, which decided by `figure`.
    fn hear(
        &mut self,
        now: Time,
        subject: Subject,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    );
}

/// Something that a probe heard, kept for later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When it happened.
    pub at: Time,
    /// The request that it happened to; `None`: it happened to a stage.
    pub request: Option<Name>,
    /// At which stage, counted from 0.
    pub stage: u8,
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
        subject: Subject,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        let (request, stage) = match subject {
            Subject::Request(request, stage) => (Some(request.name), stage),
            Subject::Stage(stage) => (None, stage),
        };
        self.push(Heard { at, request, stage, change, rule, figure });
    }
}

/// Two probes that hear the same.
impl<A: Probe, B: Probe> Probe for (&mut A, &mut B) {
    fn hear(
        &mut self,
        now: Time,
        subject: Subject,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.0.hear(now, subject, change, rule, figure);
        self.1.hear(now, subject, change, rule, figure);
    }
}
