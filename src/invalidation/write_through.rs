//! # Write-through
//!
//! A write passes to the cache, which stores it in the database, then **updates** its own entry, and then
//! answers. Writes to one key go one after another, in the order in which they came to the cache; so entry
//! and row change in the same order, which two servers that update a cache each on its own cannot promise.
//! Reads go through the cache too, and what is fetched while a write comes is not kept.
//!
//! If the database does not answer, nobody knows whether it has the value. The entry is deleted then, and
//! the client gets an error.
//!
//! Hennessy and Patterson, "Computer Architecture", appendix B.1, for processors; Oracle Coherence,
//! "Caching Data Sources", for servers. Cost: a write waits for cache and database one after the other, a
//! popular key’s writes wait for each other, and values that nobody reads fill the cache. Left out: the
//! no-write-allocate variant, and that others write to the database past the cache.

use super::parameters::TTL;
use super::{Came, Content, Desk, Key, Kind, Listed, LoadThrough, Operation, Place, Setup, Strategy, Why};
use crate::catalogue::{About, Rule};
use crate::kernel::Span;
use std::collections::{BTreeMap, VecDeque};

/// Writes that go through the cache.
#[derive(Clone, Debug)]
pub struct WriteThrough {
    reading: LoadThrough,
    /// The keys of which a write is under way: that write, and behind it those that wait for it.
    writing: BTreeMap<Key, VecDeque<Operation>>,
}

impl WriteThrough {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "write-through",
        name: "Write-through",
        idea: "A write passes to the cache, which stores it and then updates its entry.",
        file: file!(),
        parameters: &[TTL],
        rules: &[
            &PASSES,
            &STORES,
            &FOLLOWS,
            &VOIDS,
            &UPDATES,
            &DONE,
            &NEXT,
            &UNSURE,
            &NOT_STORED,
            &NOT_REACHED,
            &FORGOTTEN,
        ],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "the entry is updated before the writer knows, and every write passes there",
            read: "what was written lately is in the cache already",
            write: "cache and database are waited for, and the write to the same key before it",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let ttl = setup.parameters.seconds("ttl");
        WriteThrough { reading: LoadThrough::new(ttl, ttl), writing: BTreeMap::new() }
    }

    /// At the cache: stores it, or lets it wait for the write to the same key before it.
    fn arrive(&mut self, operation: Operation, desk: &mut Desk) {
        let line = self.writing.entry(operation.key).or_default();
        line.push_back(operation);
        match line.len() {
            1 => desk.store(operation, &STORES),
            _ => desk.park(operation, &FOLLOWS),
        }
    }

    /// The database has the value.
    fn update(&mut self, operation: Operation, content: Content, desk: &mut Desk) {
        let operation = Operation { content, ..operation };
        desk.remove(operation, &VOIDS);
        desk.put(operation, self.reading.fill(operation, Span::ZERO), &UPDATES);
        desk.acknowledge(operation, &DONE);
        self.next(operation.key, desk);
    }

    /// The database has not answered.
    fn doubt(&mut self, operation: Operation, desk: &mut Desk) {
        desk.remove(operation, &UNSURE);
        desk.fail(operation, &NOT_STORED);
        self.next(operation.key, desk);
    }

    /// A write to `key` is over: the turn of the next, if one waits.
    fn next(&mut self, key: Key, desk: &mut Desk) {
        let Some(line) = self.writing.get_mut(&key) else { return };
        line.pop_front();
        match line.front() {
            Some(operation) => desk.store(*operation, &NEXT),
            None => drop(self.writing.remove(&key)),
        }
    }
}

impl Strategy for WriteThrough {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, came) => self.reading.read(operation, came, desk),
            (_, Came::Begins) => desk.pass(operation, Span::ZERO, &PASSES),
            (_, Came::Passed) => self.arrive(operation, desk),
            (_, Came::Stored(content)) => self.update(operation, content, desk),
            (_, Came::Failed(Place::Database)) => self.doubt(operation, desk),
            _ => desk.fail(operation, &NOT_REACHED),
        }
    }

    fn restarted(&mut self, desk: &mut Desk) {
        self.reading.restarted(desk);
        let lines = std::mem::take(&mut self.writing).into_values();
        for waiting in lines.flat_map(|line| line.into_iter().skip(1)) {
            desk.fail(waiting, &FORGOTTEN);
        }
    }

    fn remembered(&self) -> Vec<Operation> {
        let writes = self.writing.values().flatten().copied();
        self.reading.remembered().into_iter().chain(writes).collect()
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const PASSES: Rule = Rule { name: "PASSES", place: "go_on", says: "the cache is the only one to be told" };
const STORES: Rule =
    Rule { name: "STORES", place: "arrive", says: "the database must have it before the cache shows it" };
const FOLLOWS: Rule = Rule {
    name: "FOLLOWS",
    place: "arrive",
    says: "a write to the same key is under way, and order is kept",
};
const VOIDS: Rule = Rule {
    name: "VOIDS",
    place: "update",
    says: "neither the old entry nor what is being fetched shall stay",
};
const UPDATES: Rule = Rule { name: "UPDATES", place: "update", says: "the database has it" };
const DONE: Rule = Rule { name: "DONE", place: "update", says: "database and cache have it" };
const NEXT: Rule = Rule { name: "NEXT", place: "next", says: "the write before it is over" };
const UNSURE: Rule =
    Rule { name: "UNSURE", place: "doubt", says: "it is not known which value the database has" };
const NOT_STORED: Rule =
    Rule { name: "NOT_STORED", place: "doubt", says: "the database has not said that it took it" };
const NOT_REACHED: Rule = Rule {
    name: "NOT_REACHED",
    place: "go_on",
    says: "the cache does not answer, and the server knows no other way to the database",
};
const FORGOTTEN: Rule =
    Rule { name: "FORGOTTEN", place: "restarted", says: "the cache restarted, and knows nothing of it" };
