//! # Reading through
//!
//! The server asks the cache and nobody else; a value that is not there the cache fetches by itself. It
//! fetches each value **once at a time**: who asks for it meanwhile waits, and shares what comes, or the
//! error.
//!
//! The first to miss gets a lease, and only who has the lease may put the value into the cache. A deletion
//! makes the lease void, so what was fetched before a write is given to those who waited for it, but not
//! kept; and who asks after the deletion starts a fetch of its own. Caffeine does the same: a load or
//! refresh under way is discarded if its key is written or invalidated meanwhile.
//!
//! The server has no other way to the value: if the cache cannot be reached, the read ends in an error.
//! Those who wait while the cache restarts get one too.

use super::{Came, Check, Desk, Fill, Operation, Place};
use crate::catalogue::{Figure, Rule};
use crate::kernel::Span;
use std::collections::BTreeMap;

/// A cache that loads by itself.
#[derive(Clone, Debug)]
pub struct LoadThrough {
    /// How long an entry is fresh.
    pub fresh: Span,
    /// How long it is kept.
    pub ttl: Span,
    /// Who waits for what is fetched under a lease.
    waiting: BTreeMap<u32, Vec<Operation>>,
}

impl LoadThrough {
    /// Entries that are fresh for `fresh` and kept for `ttl`; nothing is under way.
    pub const fn new(fresh: Span, ttl: Span) -> Self {
        LoadThrough { fresh, ttl, waiting: BTreeMap::new() }
    }

    /// A read goes on.
    pub fn read(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Begins => desk.pass(operation, Span::ZERO, &ASKS),
            Came::Passed => desk.get_or_lease(operation, Span::MAX, &LOOKS),
            Came::Found(entry) => desk.answer(operation, entry.content, &HIT, Figure::None),
            Came::Leased(lease) => fetch(operation, lease, desk),
            Came::Taken => self.wait(operation, desk),
            Came::Loaded(content, cost) => {
                let operation = Operation { content, ..operation };
                desk.fill(operation, self.fill(operation, cost), Check::Lease(lease_of(&operation)), &KEEPS);
            }
            Came::Filled => self.hand_out(operation, &LOADED, desk),
            Came::Refused => self.hand_out(operation, &OVERTAKEN, desk),
            Came::Failed(Place::Database) => self.give_up(operation, desk),
            _ => desk.fail(operation, &NOT_REACHED),
        }
    }

    /// What is put into the cache: the value that `operation` carries, which took `cost` to fetch.
    pub fn fill(&self, operation: Operation, cost: Span) -> Fill {
        Fill { content: operation.content, cost, fresh: self.fresh, life: self.ttl, form: 1 }
    }

    /// The others wait for what is fetched under the lease that is out.
    fn wait(&mut self, operation: Operation, desk: &mut Desk) {
        let lease = desk.lease(operation).unwrap_or_default();
        let operation = Operation { note: u64::from(lease), ..operation };
        self.waiting.entry(lease).or_default().push(operation);
        desk.park(operation, &JOINS);
    }

    /// The value has come.
    fn hand_out(&mut self, operation: Operation, rule: &'static Rule, desk: &mut Desk) {
        desk.answer(operation, operation.content, rule, Figure::None);
        for waiting in self.waiting.remove(&lease_of(&operation)).unwrap_or_default() {
            desk.answer(waiting, operation.content, &SHARED, Figure::None);
        }
    }

    /// The database has not given the value.
    fn give_up(&mut self, operation: Operation, desk: &mut Desk) {
        desk.give_back(operation, lease_of(&operation));
        desk.fail(operation, &NO_VALUE);
        for waiting in self.waiting.remove(&lease_of(&operation)).unwrap_or_default() {
            desk.fail(waiting, &NO_VALUE);
        }
    }

    /// Who waits.
    pub fn remembered(&self) -> Vec<Operation> {
        self.waiting.values().flatten().copied().collect()
    }

    /// The cache has restarted: nobody fetches any more what they wait for.
    pub fn restarted(&mut self, desk: &mut Desk) {
        for waiting in std::mem::take(&mut self.waiting).into_values().flatten() {
            desk.fail(waiting, &FORGOTTEN);
        }
    }
}

/// The first to miss fetches the value.
fn fetch(operation: Operation, lease: u32, desk: &mut Desk) {
    desk.load(Operation { note: u64::from(lease), ..operation }, &MISS);
}

/// Under which lease it fetches.
fn lease_of(operation: &Operation) -> u32 {
    operation.note as u32
}

const ASKS: Rule = Rule { name: "ASKS", place: "read", says: "the cache is the only one to be asked" };
const LOOKS: Rule = Rule { name: "LOOKS", place: "read", says: "the value may be there" };
const HIT: Rule = Rule { name: "HIT", place: "read", says: "the cache has it" };
const KEEPS: Rule = Rule { name: "KEEPS", place: "read", says: "the next to ask shall find it" };
const LOADED: Rule =
    Rule { name: "LOADED", place: "read", says: "the database gave the value, and it is kept" };
const OVERTAKEN: Rule = Rule {
    name: "OVERTAKEN",
    place: "read",
    says: "the database gave the value; a write since then keeps it out of the cache",
};
const NOT_REACHED: Rule = Rule {
    name: "NOT_REACHED",
    place: "read",
    says: "the cache does not answer, and the server knows no other way to the value",
};
const MISS: Rule = Rule {
    name: "MISS",
    place: "fetch",
    says: "the cache does not have the value, and nobody fetches it yet",
};
const JOINS: Rule =
    Rule { name: "JOINS", place: "wait", says: "the value is being fetched already; once is enough" };
const SHARED: Rule =
    Rule { name: "SHARED", place: "hand_out", says: "the value that it waited for has come" };
const NO_VALUE: Rule = Rule { name: "NO_VALUE", place: "give_up", says: "the database gave no value" };
const FORGOTTEN: Rule =
    Rule { name: "FORGOTTEN", place: "restarted", says: "the cache restarted, and knows nothing of it" };

/// The file of reading through.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[
    &ASKS,
    &LOOKS,
    &HIT,
    &KEEPS,
    &LOADED,
    &OVERTAKEN,
    &NOT_REACHED,
    &MISS,
    &JOINS,
    &SHARED,
    &NO_VALUE,
    &FORGOTTEN,
];
