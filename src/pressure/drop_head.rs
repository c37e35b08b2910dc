//! # Drop head
//!
//! The buffer has a bound. When one more comes, the **oldest** in the buffer makes room for it: it has
//! waited longest, so its caller is the first who will give up, and it says the least about the present.
//! What is served has therefore waited less than with drop tail, and a sender learns sooner that there
//! is too much.
//!
//! Lakshman, Neidhardt, Ott, "The Drop from Front Strategy in TCP and in TCP over ATM", INFOCOM 1996. As
//! `DiscardOldestPolicy` of Java's thread pools, `onBackpressureLatest` in Reactor, `OverflowStrategy`
//! in Akka, `max-length` with `drop-head` in RabbitMQ, Redis streams with `MAXLEN`.
//!
//! Cost: a step a request.

use super::parameters::{BOUND, MIDDLE};
use super::{Answer, Desk, End, Request, Setup, Verdict};
use crate::catalogue::{About, Rule};
use crate::queue::Figure;

/// A bounded buffer; the oldest makes room.
#[derive(Clone, Debug)]
pub struct DropHead {
    bound: usize,
}

impl DropHead {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "drop-head",
        name: "Drop head",
        idea: "When the buffer is full the oldest makes room for the newest.",
        file: file!(),
        parameters: &[BOUND, MIDDLE],
        rules: &[&ROOM, &OLDEST, &IN_ITS_STEAD],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        DropHead { bound: setup.parameters.whole("bound") }
    }
}

impl Answer for DropHead {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if desk.waiting() < self.bound {
            return desk.accept(request, &ROOM);
        }
        if let Some(oldest) = desk.oldest() {
            let waited = Figure::Span(desk.now.since(oldest.since));
            desk.end(oldest, End::Dropped, &OLDEST, Some(waited));
        }
        desk.accept(request, &IN_ITS_STEAD)
    }

    fn bound(&self) -> Option<usize> {
        Some(self.bound)
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const ROOM: Rule = Rule { name: "ROOM", place: "offer", says: "the buffer has room" };
const OLDEST: Rule =
    Rule { name: "OLDEST", place: "offer", says: "the buffer is full and it has waited longest, for {}" };
const IN_ITS_STEAD: Rule =
    Rule { name: "IN_ITS_STEAD", place: "offer", says: "the oldest has made room for it" };
