//! # A central counter, in one step
//!
//! One store keeps one counter a window. For each request its node sends the store a script that
//! reads the counter, decides, and writes it; the store runs one script at a time, so nothing comes
//! between. The limit is exact, whoever asks from wherever. The price is a round trip for each
//! request, and a store that everybody depends on: when it does not answer in time, the node lets
//! requests pass (it **fails open**) or refuses them (it **fails closed**).
//!
//! Redis, "INCR", pattern "Rate limiter": a Lua script of INCR and EXPIRE, one key a window. Envoy's
//! global rate limit filter waits 20 ms, then fails open, unless `failure_mode_deny` is set; so does
//! Stripe (P. Tarjan, "Scaling your API with rate limiters", 2017).
//!
//! Those count first and then compare, so that their counter goes on above the limit; who passes is
//! the same. Left out: how long the store itself takes, and several stores.

use super::parameters::{DISTANCE, NODES, ON_FAILURE};
use super::{Change, Command, Design, Desk, Knows, Message, Reply, Request, Setup, Windows};
use crate::catalogue::{About, Rule};
use crate::limit::Figure;

/// The design in the catalogue.
pub const ABOUT: About = About {
    id: "central-script",
    name: "Central script",
    idea: "The store reads, decides and writes in one step, for each request.",
    file: file!(),
    parameters: &[NODES, DISTANCE, ON_FAILURE],
    rules: &[&ASKED, &ROOM, &NO_ROOM, &COUNTED, &FULL, &FAILS_OPEN, &FAILS_CLOSED],
};

const ASKED: Rule =
    Rule { name: "ASKED", place: "arrives", says: "its node knows nothing and asks for each request" };
const ROOM: Rule = Rule {
    name: "ROOM",
    place: "at_store",
    says: "it is number {} in its window, read, compared and written in one step",
};
const NO_ROOM: Rule = Rule { name: "NO_ROOM", place: "at_store", says: "{} have been counted in its window" };
const COUNTED: Rule =
    Rule { name: "COUNTED", place: "answered", says: "the store has counted it as number {}" };
const FULL: Rule =
    Rule { name: "FULL", place: "answered", says: "the store says that the limit of {} is used up" };
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

/// The store; the nodes know nothing.
#[derive(Clone, Debug)]
pub struct CentralScript {
    limit: u64,
    open: bool,
    /// The store's counter of each window.
    counters: Windows<u64>,
}

impl CentralScript {
    /// A store that has counted nothing yet.
    pub fn new(setup: &Setup) -> Self {
        let open = setup.parameters.choice("on-failure") == "open";
        CentralScript { limit: setup.limit, open, counters: Windows::new() }
    }
}

impl Design for CentralScript {
    fn arrives(&mut self, request: Request, desk: &mut Desk) {
        desk.ask_for(request, Command::CountIfRoom, &ASKED);
    }

    fn at_store(&mut self, message: Message, desk: &mut Desk) {
        let counter = self.counters.of(message.window);
        if *counter < self.limit {
            *counter += 1;
            desk.tell(message.who(), Change::Counted, &ROOM, Figure::Of(*counter, self.limit));
            desk.answer(message, Reply::Counted(*counter));
        } else {
            desk.tell(message.who(), Change::NoRoom, &NO_ROOM, Figure::Of(*counter, self.limit));
            desk.answer(message, Reply::Full);
        }
    }

    fn answered(&mut self, message: Message, reply: Reply, desk: &mut Desk) {
        let Some(request) = message.request else { return };
        match reply {
            Reply::Counted(count) => desk.admit(request, &COUNTED, Figure::Of(count, self.limit)),
            _ => desk.refuse(request, &FULL, Figure::Count(self.limit)),
        }
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
