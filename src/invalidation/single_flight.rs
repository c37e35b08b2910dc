//! # Single flight
//!
//! Who misses while somebody else already fetches the same value does not fetch it too, but waits for it:
//! however many want a value, one **flight** at a time goes to the database. All who are aboard get what
//! it brings, or its error.
//!
//! Go’s package `singleflight` (golang.org/x/sync), which comes from groupcache. A flight ends when the
//! cache has the value. Who missed just before and hears of it just after would begin another; so each
//! flight **looks again** into the cache before it goes to the database, as groupcache does. Reads look
//! aside otherwise, and writes delete, as in cache-aside.
//!
//! A package in a program knows of its own server only: the database gets up to a query a server.
//! `scope=all` is how it would be if servers knew of each other at no cost; leases come near to that.
//!
//! Cost: all wait for the slowest. And who comes aboard after a write was acknowledged can get what the
//! flight read before it: that is a stale read. Left out: `Forget`, with which a write can have the next
//! reader begin a flight of its own.

use super::parameters::TTL;
use super::{
    CacheAside, Came, Check, Content, Desk, Fill, Key, Kind, Listed, Operation, Place, Setup, Strategy, Why,
};
use crate::catalogue::{About, Figure, Parameter, Range, Rule};
use crate::kernel::Span;
use std::collections::BTreeMap;

/// One load for each key at a time.
#[derive(Clone, Debug)]
pub struct SingleFlight {
    ttl: Span,
    each_server: bool,
    looks_again: bool,
    /// The flights under way, by where they are known and by key, and who is aboard beside the pilot.
    flights: BTreeMap<(u32, Key), Vec<Operation>>,
}

/// What the pilot of a flight is doing: it looks into the cache once more.
const LOOKING_AGAIN: u64 = 1;
/// It fetches the value and fills the cache.
const FETCHING: u64 = 2;

impl SingleFlight {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "single-flight",
        name: "Single flight",
        idea: "Who misses while somebody fetches the same value waits for it.",
        file: file!(),
        parameters: &[
            TTL,
            Parameter {
                id: "scope",
                means: "who shares a flight: readers at the same server, or at all servers",
                range: Range::Choice(&["server", "all"]),
            },
            Parameter {
                id: "recheck",
                means: "whether a flight looks into the cache again before it goes to the database",
                range: Range::Choice(&["yes", "no"]),
            },
        ],
        rules: &[&LOOKS, &HIT, &FIRST, &GO_WITHOUT, &ABOARD, &FETCHES, &FILLS, &IN_TIME, &LANDED, &CRASHED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "who waits for a load that began before a write gets the value from before it",
            read: "all who miss a key wait for the same load, and only that one goes to the database",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// No flight under way.
    pub fn new(setup: &Setup) -> Self {
        SingleFlight {
            ttl: setup.parameters.seconds("ttl"),
            each_server: setup.parameters.choice("scope") == "server",
            looks_again: setup.parameters.choice("recheck") == "yes",
            flights: BTreeMap::new(),
        }
    }

    /// A read goes on.
    fn read(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        let again = operation.note == LOOKING_AGAIN;
        match came {
            Came::Begins => desk.get(operation, &LOOKS),
            Came::Found(entry) if again => self.land(operation, Some(entry.content), &IN_TIME, desk),
            Came::Found(entry) => desk.answer(operation, entry.content, &HIT, Figure::None),
            Came::Missed | Came::Failed(Place::Cache) if again => fetch(operation, &FETCHES, desk),
            Came::Missed => self.board(operation, true, desk),
            Came::Failed(Place::Cache) if operation.note != FETCHING => self.board(operation, false, desk),
            Came::Loaded(content, cost) => {
                let fill = Fill { cost, ..Fill::lasting(content, self.ttl) };
                desk.fill(Operation { content, ..operation }, fill, Check::Always, &FILLS);
            }
            Came::Failed(Place::Database) => self.land(operation, None, &CRASHED, desk),
            _ => self.land(operation, Some(operation.content), &LANDED, desk),
        }
    }

    /// Goes aboard the flight that is under way, or begins one.
    fn board(&mut self, operation: Operation, has_cache: bool, desk: &mut Desk) {
        let operation = Operation { missed: true, ..operation };
        if let Some(aboard) = self.flights.get_mut(&self.flight(&operation)) {
            aboard.push(operation);
            return desk.park(operation, &ABOARD);
        }
        self.flights.insert(self.flight(&operation), Vec::new());
        match has_cache {
            true if self.looks_again => desk.get(Operation { note: LOOKING_AGAIN, ..operation }, &FIRST),
            true => fetch(operation, &FETCHES, desk),
            false => fetch(operation, &GO_WITHOUT, desk),
        }
    }

    /// The flight is over: its pilot and all aboard get what it brings; `None`: an error.
    fn land(&mut self, pilot: Operation, brings: Option<Content>, rule: &'static Rule, desk: &mut Desk) {
        let aboard = self.flights.remove(&self.flight(&pilot)).unwrap_or_default();
        for operation in std::iter::once(pilot).chain(aboard) {
            let missed = pilot.note == FETCHING;
            match brings {
                Some(content) => desk.answer(Operation { missed, ..operation }, content, rule, Figure::None),
                None => desk.fail(operation, rule),
            }
        }
    }

    fn flight(&self, operation: &Operation) -> (u32, Key) {
        (if self.each_server { operation.server } else { 0 }, operation.key)
    }
}

fn fetch(pilot: Operation, rule: &'static Rule, desk: &mut Desk) {
    desk.load(Operation { note: FETCHING, ..pilot }, rule);
}

impl Strategy for SingleFlight {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.read(operation, came, desk),
            _ => CacheAside::write(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const LOOKS: Rule = Rule { name: "LOOKS", place: "read", says: "the cache is asked first" };
const HIT: Rule = Rule { name: "HIT", place: "read", says: "the cache had the value" };
const FIRST: Rule = Rule {
    name: "FIRST",
    place: "board",
    says: "nobody here fetches the value, so it does, and looks again whether a flight has just landed",
};
const GO_WITHOUT: Rule = Rule {
    name: "GO_WITHOUT",
    place: "board",
    says: "the cache does not answer and nobody here fetches the value, so it does",
};
const ABOARD: Rule = Rule { name: "ABOARD", place: "board", says: "somebody fetches the same value already" };
const FETCHES: Rule = Rule {
    name: "FETCHES",
    place: "read",
    says: "the cache does not have the value, and all aboard wait for it",
};
const FILLS: Rule = Rule { name: "FILLS", place: "read", says: "the next to ask shall find it there" };
const IN_TIME: Rule =
    Rule { name: "IN_TIME", place: "read", says: "a flight that landed just before has filled the cache" };
const LANDED: Rule =
    Rule { name: "LANDED", place: "read", says: "the database gave the value, to all who waited for it" };
const CRASHED: Rule = Rule {
    name: "CRASHED",
    place: "read",
    says: "the database gave no value, to none of those who waited for it",
};
