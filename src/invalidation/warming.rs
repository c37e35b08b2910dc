//! # Warming a cache
//!
//! When servers and cache come up, and when the cache has restarted, the keys that will be wanted most are
//! fetched before anybody waits for them, so many at a time and no more: warming must not be the rush
//! from which it is to save the database.
//!
//! Here the most popular keys are those with the lowest numbers, so the list is given. A real system has
//! to take it from somewhere: from a snapshot of what was in memory (InnoDB dumps the numbers of its hot
//! pages, PostgreSQL’s `pg_prewarm` does the same), from a log of requests, or from another cache that is
//! still warm (Nishtala et al., NSDI 2013, section 4.3, "cold cluster warmup").

use super::{Came, Check, Desk, Fill, Kind, Operation, Place};
use crate::catalogue::{Parameter, Range, Rule};
use crate::kernel::Span;

/// Fetching the most popular keys in the background.
#[derive(Clone, Debug)]
pub struct Warming {
    /// How many keys, the first the most popular.
    keys: u32,
    at_once: u32,
    servers: u32,
    ttl: Span,
    /// The key that is fetched next.
    next: u32,
    under_way: u32,
}

impl Warming {
    /// How many keys are fetched at a time.
    pub const AT_ONCE: Parameter = Parameter {
        id: "at-once",
        means: "so many keys are fetched at a time to warm the cache",
        range: Range::Whole { least: 1, most: 10_000, default: 2 },
    };

    /// The first `keys` keys, `at_once` at a time, by `servers` servers in turn, to be kept for `ttl`.
    pub const fn new(keys: u32, at_once: u32, servers: u32, ttl: Span) -> Self {
        Warming { keys, at_once, servers, ttl, next: 0, under_way: 0 }
    }

    /// Whether there is any key to fetch.
    pub const fn is_asked_for(&self) -> bool {
        self.keys > 0
    }

    /// The cache is empty: begins with the first key.
    pub fn begin(&mut self, desk: &mut Desk) {
        self.next = 0;
        self.go_ahead(desk);
    }

    fn go_ahead(&mut self, desk: &mut Desk) {
        while self.next < self.keys && self.under_way < self.at_once {
            let (key, server) = (self.next, self.next % self.servers);
            self.next += 1;
            self.under_way += 1;
            let fetch = desk.begin(Kind::WarmUp, key, server, Place::Server, &IS_POPULAR);
            desk.load(fetch, &FETCHES);
        }
    }

    /// The fetching of a key goes on.
    pub fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Loaded(content, cost) => {
                let fill = Fill { cost, ..Fill::lasting(content, self.ttl) };
                return desk.fill(operation, fill, Check::IfNewer, &WARMS);
            }
            Came::Filled | Came::Refused => desk.end(operation, &IS_THERE),
            _ => desk.end(operation, &LEFT_OUT),
        }
        self.under_way -= 1;
        self.go_ahead(desk);
    }
}

const IS_POPULAR: Rule = Rule {
    name: "IS_POPULAR",
    place: "go_ahead",
    says: "the cache is empty and this key is among those that are wanted most",
};
const FETCHES: Rule = Rule { name: "FETCHES", place: "go_ahead", says: "fewer are under way than may be" };
const WARMS: Rule = Rule { name: "WARMS", place: "go_on", says: "the first who asks shall find it there" };
const IS_THERE: Rule =
    Rule { name: "IS_THERE", place: "go_on", says: "the cache has an answer for this key" };
const LEFT_OUT: Rule =
    Rule { name: "LEFT_OUT", place: "go_on", says: "it is left to the first who asks for it" };

/// This file.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[&IS_POPULAR, &FETCHES, &WARMS, &IS_THERE, &LEFT_OUT];
