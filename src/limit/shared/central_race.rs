//! # A central counter, read and then written
//!
//! The same central counter, used in two steps: the node **reads** it, decides, and then **writes**.
//! What comes to the store between the two reads a number that is already out of date, and passes as
//! well. A race is over only when the counter reads as full, and that takes a round trip: as many go
//! over the limit as come within one. It needs no second node; one that serves several requests at a
//! time races with itself.
//!
//! How it writes makes a difference. With INCR every request that passed is counted, late. With SET
//! each writes the number that it has read plus one, so of two that read the same number one is lost,
//! and the counter never catches up.
//!
//! G. Dai, "How to design a scalable rate limiting algorithm", Kong, 2017, on "get-then-set"; Redis,
//! "INCR", pattern "Rate limiter 1", reads the counter with GET before it counts.
//!
//! Two messages for each request that passes. The node lets a request pass as soon as it has decided
//! and does not wait for the write; to wait would add a round trip and leave the race as it is.

use super::parameters::{DISTANCE, NODES, ON_FAILURE};
use super::{Change, Command, Design, Desk, Knows, Message, Reply, Request, Setup, Windows};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::limit::Figure;

/// The design in the catalogue.
pub const ABOUT: About = About {
    id: "central-race",
    name: "Read, then write",
    idea: "The node reads the store’s counter, decides, and writes it: others read in between.",
    file: file!(),
    parameters: &[
        NODES,
        DISTANCE,
        ON_FAILURE,
        Parameter {
            id: "write",
            means: "incr: the store counts one more; set: the node writes what it has read, plus one",
            range: Range::Choice(&["incr", "set"]),
        },
    ],
    rules: &[
        &READS,
        &IS_READ,
        &READ_BELOW,
        &READ_FULL,
        &WRITES,
        &IS_COUNTED,
        &OVERWRITES,
        &FAILS_OPEN,
        &FAILS_CLOSED,
    ],
};

const READS: Rule = Rule { name: "READS", place: "arrives", says: "its node must read the counter first" };
const IS_READ: Rule =
    Rule { name: "IS_READ", place: "at_store", says: "the counter stands at {}; nothing is written yet" };
const READ_BELOW: Rule =
    Rule { name: "READ_BELOW", place: "answered", says: "its node has read {}, which is below the limit" };
const READ_FULL: Rule =
    Rule { name: "READ_FULL", place: "answered", says: "its node has read {}: the limit is used up" };
const WRITES: Rule =
    Rule { name: "WRITES", place: "answered", says: "it has passed and has yet to be counted" };
const IS_COUNTED: Rule = Rule {
    name: "IS_COUNTED",
    place: "at_store",
    says: "the counter goes up to {}, a round trip after it was read",
};
const OVERWRITES: Rule = Rule {
    name: "OVERWRITES",
    place: "at_store",
    says: "the counter is set to {}, whatever others have written since it was read",
};
const FAILS_OPEN: Rule = Rule {
    name: "FAILS_OPEN",
    place: "gives_up",
    says: "the store has not answered, and its node fails open",
};
const FAILS_CLOSED: Rule = Rule {
    name: "FAILS_CLOSED",
    place: "gives_up",
    says: "the store has not answered, and its node fails closed",
};

/// The store; the nodes remember nothing.
#[derive(Clone, Debug)]
pub struct CentralRace {
    limit: u64,
    open: bool,
    /// Whether the node says what to write.
    sets: bool,
    /// The store's counter of each window.
    counters: Windows<u64>,
}

impl CentralRace {
    /// A store that has counted nothing yet.
    pub fn new(setup: &Setup) -> Self {
        let word = |id| setup.parameters.choice(id);
        let (open, sets) = (word("on-failure") == "open", word("write") == "set");
        CentralRace { limit: setup.limit, open, sets, counters: Windows::new() }
    }
}

impl Design for CentralRace {
    fn arrives(&mut self, request: Request, desk: &mut Desk) {
        desk.ask_for(request, Command::Get, &READS);
    }

    fn at_store(&mut self, message: Message, desk: &mut Desk) {
        let counter = self.counters.of(message.window);
        let (change, rule) = match message.command {
            Command::Increment => {
                *counter += 1;
                (Change::Written, &IS_COUNTED)
            }
            Command::Set(count) => {
                *counter = count;
                (Change::Written, &OVERWRITES)
            }
            _ => (Change::Read, &IS_READ),
        };
        desk.tell(message.who(), change, rule, Figure::Of(*counter, self.limit));
        desk.answer(message, Reply::Count(*counter));
    }

    fn answered(&mut self, message: Message, reply: Reply, desk: &mut Desk) {
        let (Some(request), Reply::Count(read)) = (message.request, reply) else { return };
        if read >= self.limit {
            return desk.refuse(request, &READ_FULL, Figure::Of(read, self.limit));
        }
        desk.admit(request, &READ_BELOW, Figure::Of(read, self.limit));
        let write = if self.sets { Command::Set(read + 1) } else { Command::Increment };
        desk.send_for(request, write, &WRITES);
    }

    fn gives_up(&mut self, message: Message, desk: &mut Desk) {
        let Some(request) = message.request else { return };
        desk.fail(request, self.open, if self.open { &FAILS_OPEN } else { &FAILS_CLOSED });
    }

    fn expire(&mut self, oldest: u64) {
        self.counters.expire(oldest);
    }

    fn node(&self, _: u32, _: u64) -> Knows {
        Knows::Nothing
    }

    fn store(&self, window: u64) -> Option<u64> {
        Some(self.counters.get(window).copied().unwrap_or_default())
    }

    fn duplicate(&self) -> Box<dyn Design> {
        Box::new(self.clone())
    }
}
