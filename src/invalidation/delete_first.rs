//! # Delete first
//!
//! Reads look aside. A write **deletes** the entry and then changes the database: the wrong way round. A
//! read that comes in between misses, fetches the value that is about to be replaced and fills the cache
//! with it. The write then reaches the database, and nobody deletes once more: the old value stays until
//! its TTL is over, or until the next write.
//!
//! No read needs to be slow for that, as it must be after the deletion of cache-aside: it is enough that
//! somebody reads while the write is on its way to the database. Microsoft’s cloud design patterns,
//! "Cache-Aside", name the order: update the data store before the item is removed from the cache. Cost: as
//! that of cache-aside.

use super::parameters::TTL;
use super::{Came, Desk, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Why};
use crate::catalogue::{About, Rule};

/// Look-aside reads, and writes that delete too early.
#[derive(Clone, Debug)]
pub struct DeleteFirst {
    reading: LookAside,
}

impl DeleteFirst {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "delete-first",
        name: "Delete first",
        idea: "A write deletes the entry, then changes the database: the wrong way round.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&DELETES, &STORES, &DONE, &NOT_STORED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "a read between deletion and write puts the old value back, and nobody deletes it again",
            read: "the first read after each write waits for the database",
            write: "the cache and then the database are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        DeleteFirst { reading: LookAside::new(setup.parameters.seconds("ttl")) }
    }
}

impl Strategy for DeleteFirst {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, came) => self.reading.read(operation, came, desk),
            (_, Came::Begins) => desk.delete(operation, &DELETES),
            (_, Came::Deleted(_) | Came::Failed(Place::Cache)) => desk.store(operation, &STORES),
            (_, Came::Stored(content)) => desk.acknowledge(Operation { content, ..operation }, &DONE),
            _ => desk.fail(operation, &NOT_STORED),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const DELETES: Rule = Rule { name: "DELETES", place: "go_on", says: "the entry will soon be old" };
const STORES: Rule =
    Rule { name: "STORES", place: "go_on", says: "the cache was told first, now the database is" };
const DONE: Rule = Rule { name: "DONE", place: "go_on", says: "the database has it" };
const NOT_STORED: Rule = Rule { name: "NOT_STORED", place: "go_on", says: "the database did not take it" };
