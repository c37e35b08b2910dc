//! # Drop tail
//!
//! The buffer has a bound, and who finds it full is refused. What is in the buffer stays and is served
//! in order, so a full buffer makes everybody in it wait as long as the whole buffer takes; the bound
//! is a bound on that wait too.
//!
//! The oldest rule of routers, and that of every server with a limited backlog: `ThreadPoolExecutor`'s
//! `AbortPolicy`, `listen`'s backlog, HTTP 503 and 429. With Poisson arrivals and exponential work it is
//! the queue M/M/c/K.
//!
//! Cost: a step a request. Its weakness is that it keeps a standing queue as long as the overload lasts
//! (Nichols and Jacobson, "Controlling Queue Delay", ACM Queue, 2012).

use super::parameters::{BOUND, MIDDLE};
use super::{Answer, Desk, End, Request, Setup, Verdict};
use crate::catalogue::{About, Rule};
use crate::queue::Figure;

/// A bounded buffer; those who find it full are refused.
#[derive(Clone, Debug)]
pub struct DropTail {
    bound: usize,
}

impl DropTail {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "drop-tail",
        name: "Drop tail",
        idea: "Who finds the buffer full is refused.",
        file: file!(),
        parameters: &[BOUND, MIDDLE],
        rules: &[&ROOM, &FULL],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        DropTail { bound: setup.parameters.whole("bound") }
    }
}

impl Answer for DropTail {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if desk.waiting() < self.bound {
            desk.accept(request, &ROOM)
        } else {
            desk.end(request, End::Refused, &FULL, Some(Figure::Count(self.bound as u64)))
        }
    }

    fn bound(&self) -> Option<usize> {
        Some(self.bound)
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const ROOM: Rule = Rule { name: "ROOM", place: "offer", says: "the buffer has room" };
const FULL: Rule = Rule { name: "FULL", place: "offer", says: "the buffer is full, with {} in it" };
