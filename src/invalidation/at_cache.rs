//! What a cache answers to each command that servers send it: the same in model time and under the
//! explorer of schedules.

use super::cache::{Cache, Fill, Leased};
use super::operation::Operation;
use super::probe::{Change, Probe, Who};
use super::strategy::{Came, Check, Command};
use crate::catalogue::{Figure, Rule};
use crate::kernel::{Span, Time};

/// A cache that is about to do something for an operation.
pub(super) struct AtCache<'a> {
    pub cache: &'a mut Cache,
    pub now: Time,
    pub operation: Operation,
    pub probe: &'a mut dyn Probe,
}

impl AtCache<'_> {
    /// Does what it is told. What is not for a cache is taken for a deletion.
    pub fn does(&mut self, command: Command) -> Came {
        match command {
            Command::Get => self.get(),
            Command::Lease(span) => match self.get() {
                Came::Missed => self.lease(span),
                found => found,
            },
            Command::Fill(fill, check) => self.fill(fill, check),
            _ => self.delete(),
        }
    }

    fn hear(&mut self, change: Change, rule: &'static Rule) {
        self.probe.hear(self.now, Who::Operation(self.operation), change, rule, Figure::None);
    }

    fn get(&mut self) -> Came {
        match self.cache.get(self.operation.name, self.now) {
            Some(entry) => {
                self.hear(Change::Hit { content: entry.content, aged: self.now >= entry.fresh }, &HAS_IT);
                Came::Found(entry)
            }
            None => {
                self.hear(Change::Missed, &HAS_NOT);
                Came::Missed
            }
        }
    }

    fn lease(&mut self, span: Span) -> Came {
        match self.cache.lease(self.operation.name, span, self.now) {
            Leased::Token(token) => {
                self.hear(Change::LeaseGiven, &FIRST_TO_MISS);
                Came::Leased(token)
            }
            Leased::Taken => {
                self.hear(Change::LeaseTaken, &NOT_THE_FIRST);
                Came::Taken
            }
        }
    }

    fn fill(&mut self, fill: Fill, check: Check) -> Came {
        let (name, now, content) = (self.operation.name, self.now, fill.content);
        let mut evicted = None;
        let (taken, rule) = match check {
            Check::Always => {
                evicted = self.cache.put(name, fill, now);
                (true, &TAKES_IT)
            }
            Check::IfNewer if self.cache.put_if_newer(name, fill, now) => (true, &IS_NEWER),
            Check::IfNewer => (false, &IS_OLDER),
            Check::Lease(token) if self.cache.put_leased(name, token, fill, now) => (true, &LEASE_HOLDS),
            Check::Lease(_) => (false, &LEASE_IS_VOID),
        };
        self.hear(if taken { Change::Kept { content } } else { Change::NotKept { content } }, rule);
        if let Some(name) = evicted {
            self.hear(Change::Evicted { name }, &FULL);
        }
        if taken { Came::Filled } else { Came::Refused }
    }

    fn delete(&mut self) -> Came {
        let there = self.cache.delete(self.operation.name);
        self.hear(Change::Deleted { there }, &TOLD_TO);
        Came::Deleted(there)
    }
}

const HAS_IT: Rule = Rule { name: "HAS_IT", place: "get", says: "it has an entry that has not expired" };
const HAS_NOT: Rule =
    Rule { name: "HAS_NOT", place: "get", says: "it has no entry, or one that has expired" };
const FIRST_TO_MISS: Rule = Rule {
    name: "FIRST_TO_MISS",
    place: "lease",
    says: "it is the first to miss, and is to fetch the value",
};
const NOT_THE_FIRST: Rule =
    Rule { name: "NOT_THE_FIRST", place: "lease", says: "somebody else has the lease and fetches the value" };
const TAKES_IT: Rule = Rule { name: "TAKES_IT", place: "fill", says: "a plain write takes whatever comes" };
const IS_NEWER: Rule = Rule { name: "IS_NEWER", place: "fill", says: "it is not older than what is there" };
const IS_OLDER: Rule = Rule { name: "IS_OLDER", place: "fill", says: "a newer version is there already" };
const LEASE_HOLDS: Rule = Rule { name: "LEASE_HOLDS", place: "fill", says: "its lease still holds" };
const LEASE_IS_VOID: Rule = Rule {
    name: "LEASE_IS_VOID",
    place: "fill",
    says: "its lease is void: since then the key was deleted, or somebody else got one, or the cache restarted",
};
const FULL: Rule =
    Rule { name: "FULL", place: "fill", says: "the cache is full, and it was used least recently" };
const TOLD_TO: Rule = Rule { name: "TOLD_TO", place: "delete", says: "it was told to" };

/// This file.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[
    &HAS_IT,
    &HAS_NOT,
    &FIRST_TO_MISS,
    &NOT_THE_FIRST,
    &TAKES_IT,
    &IS_NEWER,
    &IS_OLDER,
    &LEASE_HOLDS,
    &LEASE_IS_VOID,
    &FULL,
    &TOLD_TO,
];
