//! How a world of publishers and subscribers tells what happens in it, and why.

use super::Letter;
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};
use serde::Serialize;

/// What can happen to a message, to one subscriber's copy of it, or to a subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The publisher hands a message over.
    Published,
    /// A message waits at the publisher, which is not free.
    Held,
    /// The publisher is free of a message.
    Freed,
    /// A copy is on its way to a subscriber.
    Routed,
    /// A subscriber does not want a message.
    Unwanted,
    /// A subscriber was sent a message that it does not want, and passes over it.
    Skipped,
    /// A subscriber begins to work on its copy.
    Started,
    /// A subscriber has done its work.
    Done,
    /// A copy waits again.
    Returned,
    /// A copy may not be handed out for a while.
    Hidden,
    /// A subscriber was not there to get a copy.
    Missed,
    /// A copy is thrown away.
    Dropped,
    /// A copy is not let in.
    Refused,
    /// The publisher no longer waits for a subscriber that goes on.
    GivenUp,
    /// A subscriber comes for the first time.
    Joined,
    /// A subscriber goes away.
    WentAway,
    /// A subscriber is back.
    Back,
    /// The server closes the connection of a subscriber.
    CutOff,
    /// A subscriber has connected again.
    Reconnected,
}

/// A figure that a rule decided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// A number of things.
    Count(u64),
    /// A length of time.
    Span(Span),
    /// What this subscriber is bound with, held against this key.
    Bindings {
        /// Which key, as a place in the scenario's list.
        key: u16,
        /// Which subscriber, counted from 0.
        subscriber: u32,
    },
}

/// Somebody who listens to a world at work.
pub trait Probe {
    /// At `now`, `change` happened by `rule`, which decided by `figure`: to `letter`, to the copy of it
    /// that is for `subscriber`, or, without a letter, to `subscriber`.
    fn hear(
        &mut self,
        now: Time,
        letter: Option<Letter>,
        subscriber: Option<u32>,
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
    fn hear(
        &mut self,
        _: Time,
        _: Option<Letter>,
        _: Option<u32>,
        _: Change,
        _: &'static Rule,
        _: Option<Figure>,
    ) {
    }
}

/// Something that a probe heard, kept for later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When it happened.
    pub at: Time,
    /// To which message or copy; `None`: to a subscriber.
    pub letter: Option<Letter>,
    /// To whose copy, or to which subscriber; `None`: to the message itself.
    pub subscriber: Option<u32>,
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
        letter: Option<Letter>,
        subscriber: Option<u32>,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.push(Heard { at, letter, subscriber, change, rule, figure });
    }
}

/// A probe and, where somebody wants to hear the same, another one.
impl<A: Probe, B: Probe> Probe for (&mut A, Option<&mut B>) {
    fn hear(
        &mut self,
        now: Time,
        letter: Option<Letter>,
        subscriber: Option<u32>,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.0.hear(now, letter, subscriber, change, rule, figure);
        if let Some(second) = &mut self.1 {
            second.hear(now, letter, subscriber, change, rule, figure);
        }
    }
}

/// How grave a change is: 0 nothing, 1 it goes on, 2 trouble, 3 loss.
#[inline(always)]
pub fn gravity(change: Change) -> u8 {
    match change {
        Change::Missed | Change::Dropped | Change::Refused => 3,
        Change::Held
        | Change::Returned
        | Change::Hidden
        | Change::GivenUp
        | Change::WentAway
        | Change::CutOff => 2,
        _ => 1,
    }
}
