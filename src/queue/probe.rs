//! How a queueing system tells what happens in it, and why.
//!
//! A run listens with a probe that counts, a step with one that keeps every reason, a biography
//! with one that keeps those of one message. The probe that listens to nothing costs nothing.

use super::message::{Exit, Fate, Message};
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};
use serde::Serialize;

/// What can happen to a message or to a worker. Workers are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// A producer sends it.
    Sent,
    /// It waits to be handed out.
    Waits,
    /// It waits at the door, because the queue is full.
    Blocked,
    /// It is held back until a time.
    Delayed {
        /// Until when.
        #[serde(skip)]
        until: Time,
    },
    /// It is handed to a worker.
    Handed {
        /// To whom.
        worker: u32,
        /// When the worker's lease on it ends, where there is one.
        #[serde(skip)]
        until: Option<Time>,
    },
    /// The worker's lease on it is made longer.
    Extended {
        /// Until when.
        #[serde(skip)]
        until: Time,
    },
    /// A worker begins to work on it.
    Started {
        /// Who.
        worker: u32,
    },
    /// Its work is done, for the first time.
    Done {
        /// By whom.
        worker: u32,
    },
    /// Its work is done once more: a duplicate.
    Repeated {
        /// By whom.
        worker: u32,
    },
    /// A worker knows that its work was done before, and does not repeat it.
    Skipped {
        /// Who.
        worker: u32,
    },
    /// Its work ends in an error.
    Failed {
        /// With whom.
        worker: u32,
    },
    /// It waits again, to be handed out once more.
    Returned,
    /// What a worker says of it changes nothing.
    Ignored,
    /// It leaves the queue.
    Left(Exit),
    /// It was acknowledged, but its work will never be done.
    Lost,
    /// It is taken from the dead letters and sent once more.
    Redriven,
    /// A worker breaks down.
    Crashed {
        /// Who.
        worker: u32,
    },
    /// A worker is back.
    Back {
        /// Who.
        worker: u32,
    },
}

/// A figure that a rule decided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// A number of things.
    Count(u64),
    /// A length of time.
    Span(Span),
    /// A point in time.
    Time(Time),
}

/// To whom something happened.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A message.
    Message(&'a Message),
    /// A worker, counted from 0.
    Worker(u32),
}

/// Somebody who listens to a queueing system at work.
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

    /// Nobody has to do with `message` any more, and this is what became of it.
    #[inline(always)]
    fn over(&mut self, _now: Time, _message: &Message, _fate: Fate) {}
}

/// The probe that listens to nothing and costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silent;

impl Probe for Silent {
    #[inline(always)]
    fn hear(&mut self, _: Time, _: Subject, _: Change, _: &'static Rule, _: Option<Figure>) {}
}

/// Something that a probe heard, kept for later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When it happened.
    pub at: Time,
    /// The number of the message that it happened to; `None`: it happened to a worker.
    pub message: Option<u32>,
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
        let message = match subject {
            Subject::Message(message) => Some(message.number),
            Subject::Worker(_) => None,
        };
        self.push(Heard { at, message, change, rule, figure });
    }
}

/// A probe and, where somebody wants to hear the same, another one.
impl<A: Probe, B: Probe> Probe for (&mut A, Option<&mut B>) {
    fn hear(
        &mut self,
        now: Time,
        subject: Subject,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.0.hear(now, subject, change, rule, figure);
        if let Some(second) = &mut self.1 {
            second.hear(now, subject, change, rule, figure);
        }
    }

    fn over(&mut self, now: Time, message: &Message, fate: Fate) {
        self.0.over(now, message, fate);
        if let Some(second) = &mut self.1 {
            second.over(now, message, fate);
        }
    }
}
