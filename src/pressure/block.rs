//! # Block
//!
//! The buffer has a bound. Who finds it full waits at the door until there is room: a thread in `put`,
//! a writer on a full pipe or socket. Nothing is lost and the stage never holds more than its bound; what
//! does not fit waits where it comes from, and whoever brings it is slowed down to the pace of the stage.
//!
//! Bounded buffer: Dijkstra, "Cooperating Sequential Processes", 1965. As
//! `java.util.concurrent.ArrayBlockingQueue.put`, a Go channel with a capacity, `mpsc::sync_channel` in
//! Rust, a Unix pipe, TCP's receive window.
//!
//! Cost: a step a request. Left out: a limit on how long somebody waits at the door (the caller's own
//! patience is one).

use super::parameters::{BOUND, MIDDLE};
use super::{Answer, Desk, Request, Setup, Verdict};
use crate::catalogue::{About, Rule};

/// A bounded buffer; those who find it full wait.
#[derive(Clone, Debug)]
pub struct Block {
    bound: usize,
}

impl Block {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "block",
        name: "Block",
        idea: "Who finds the buffer full waits at the door.",
        file: file!(),
        parameters: &[BOUND, MIDDLE],
        rules: &[&ROOM, &FULL, &A_PLACE_IS_FREE],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        Block { bound: setup.parameters.whole("bound") }
    }
}

impl Answer for Block {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if desk.waiting() < self.bound && desk.door_is_clear() {
            desk.accept(request, &ROOM)
        } else {
            desk.hold(request, &FULL)
        }
    }

    fn admit(&mut self, desk: &mut Desk) -> bool {
        desk.waiting() < self.bound && desk.let_in(&A_PLACE_IS_FREE)
    }

    fn bound(&self) -> Option<usize> {
        Some(self.bound)
    }

    fn holds(&self) -> bool {
        true
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const ROOM: Rule = Rule { name: "ROOM", place: "offer", says: "the buffer has room" };
const FULL: Rule =
    Rule { name: "FULL", place: "offer", says: "the buffer is full, so whoever brings it waits with it" };
const A_PLACE_IS_FREE: Rule = Rule {
    name: "A_PLACE_IS_FREE",
    place: "admit",
    says: "a place in the buffer is free, and it has waited longest",
};
