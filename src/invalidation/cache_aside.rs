//! # Cache-aside
//!
//! Reads look aside. A write changes the database and then **deletes** the entry, so that the next read
//! fetches the new value. To delete is better than to update: two writers that update can do so in the
//! other order than they wrote, and the older value stays; two deletions cannot.
//!
//! It is not free of races. A read that fetched the value before the write, and fills the cache after the
//! deletion, leaves the old value there until its TTL is over, or until the next write. How likely that
//! is depends on how long a fill is under way.
//!
//! Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 2, calls it a demand-filled
//! look-aside cache. Cost: a message to the cache for every write. If that message gets lost the write is
//! done nevertheless, and its client is told so; the entry stays until it expires.

use super::parameters::TTL;
use super::{Came, Desk, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Why};
use crate::catalogue::{About, Rule};

/// Look-aside reads, and writes that delete.
#[derive(Clone, Debug)]
pub struct CacheAside {
    reading: LookAside,
}

impl CacheAside {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "cache-aside",
        name: "Cache-aside",
        idea: "A write changes the database, then deletes the entry.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&STORES, &DELETES, &DONE, &NOT_DELETED, &NOT_STORED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an old value stays only if it is filled in after the deletion, or if the deletion gets lost",
            read: "the first read after each write waits for the database",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        CacheAside { reading: LookAside::new(setup.parameters.seconds("ttl")) }
    }

    /// A write goes on.
    pub fn write(operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Begins => desk.store(operation, &STORES),
            Came::Stored(content) => desk.delete(Operation { content, ..operation }, &DELETES),
            Came::Deleted(_) => desk.acknowledge(operation, &DONE),
            Came::Failed(Place::Cache) => desk.acknowledge(operation, &NOT_DELETED),
            _ => desk.fail(operation, &NOT_STORED),
        }
    }
}

impl Strategy for CacheAside {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            _ => Self::write(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const STORES: Rule = Rule { name: "STORES", place: "write", says: "the database must know it first" };
const DELETES: Rule =
    Rule { name: "DELETES", place: "write", says: "the cache must not keep what is old now" };
const DONE: Rule = Rule { name: "DONE", place: "write", says: "the old entry is gone" };
const NOT_DELETED: Rule = Rule {
    name: "NOT_DELETED",
    place: "write",
    says: "the database has it; that the cache did not answer is borne until the entry expires",
};
const NOT_STORED: Rule = Rule { name: "NOT_STORED", place: "write", says: "the database did not take it" };
