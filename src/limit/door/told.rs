//! How the door tells what happens at it, and why.

use super::Request;
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};
use crate::limit::{Decision, Figure};
use serde::Serialize;

/// What can happen to a request, to the limiter or to its clock. Workers are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The limiter lets it pass at once.
    Admitted {
        /// Which try this is.
        attempt: u32,
    },
    /// The limiter lets it pass after a while.
    HeldBack {
        /// Which try this is.
        attempt: u32,
        /// After how long.
        #[serde(skip)]
        wait: Span,
    },
    /// The limiter refuses it.
    Refused {
        /// Which try this is.
        attempt: u32,
        /// When to come back, as far as that is known.
        #[serde(skip)]
        retry: Option<Span>,
    },
    /// Its client will try again.
    WillReturn {
        /// When.
        #[serde(skip)]
        at: Time,
    },
    /// Its client gives up.
    GivesUp,
    /// It passes, after it was held back.
    Passes,
    /// It waits for a worker.
    Queued,
    /// A worker begins with it.
    Started {
        /// The worker.
        worker: u32,
    },
    /// A worker has done it.
    Done {
        /// The worker.
        worker: u32,
    },
    /// Its client does not wait any longer.
    Dropped,
    /// A worker has done it, but nobody waits for it any longer.
    Wasted {
        /// The worker.
        worker: u32,
    },
    /// The limit adapts.
    Adapts {
        /// The limit before.
        from: f64,
        /// The limit now.
        to: f64,
    },
    /// The limiter's clock is put forward.
    Forward,
    /// The limiter's clock is put back.
    Backward,
}

/// Something that happened at the door.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When.
    pub at: Time,
    /// The request that it happened to; `None`: it happened to the limiter.
    pub request: Option<Request>,
    /// What happened.
    pub change: Change,
    /// The rule that made it happen.
    pub rule: &'static Rule,
    /// The figure that the rule decided by.
    pub figure: Figure,
}

/// Somebody who listens at the door.
pub trait Ear {
    /// The limiter has answered a request, before what follows from it is told.
    fn answered(&mut self, _at: Time, _request: &Request, _decision: &Decision) {}

    /// Something has happened.
    fn hear(&mut self, heard: &Heard);
}

/// Who keeps everything, in order.
impl Ear for Vec<Heard> {
    fn hear(&mut self, heard: &Heard) {
        self.push(*heard);
    }
}

/// Two who listen to the same.
impl<A: Ear, B: Ear> Ear for (&mut A, &mut B) {
    fn answered(&mut self, at: Time, request: &Request, decision: &Decision) {
        self.0.answered(at, request, decision);
        self.1.answered(at, request, decision);
    }

    fn hear(&mut self, heard: &Heard) {
        self.0.hear(heard);
        self.1.hear(heard);
    }
}

const NOTHING: u8 = 0;
const PASSES: u8 = 1;
const HELD_BACK: u8 = 2;
const REFUSED: u8 = 3;

/// What a change means to who looks for the gravest: 0 nothing, 1 a request passes, 2 one is held
/// back, 3 one is refused or dropped.
pub fn gravity(change: Change) -> u8 {
    match change {
        Change::Refused { .. } | Change::Dropped => REFUSED,
        Change::HeldBack { .. } => HELD_BACK,
        Change::Admitted { .. } | Change::Passes => PASSES,
        _ => NOTHING,
    }
}
