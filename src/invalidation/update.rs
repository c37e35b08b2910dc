//! # Update the cache
//!
//! Reads look aside. A write changes the database and then **puts** the new value into the cache, so that
//! the next read finds it there. But the two are not one step: of two writers at the same time one can be
//! the first at the database and the last at the cache. Then the cache has the older value, and keeps it
//! until its TTL is over, or until the next write.
//!
//! Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 2, delete instead, because a
//! deletion can be done twice and in any order. The late fill of cache-aside is there as well. Cost: a
//! message to the cache for every write, with the value in it, whether anybody reads it or not.

use super::parameters::TTL;
use super::{Came, Check, Desk, Fill, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Why};
use crate::catalogue::{About, Rule};

/// Look-aside reads, and writes that put the new value into the cache.
#[derive(Clone, Debug)]
pub struct Update {
    reading: LookAside,
}

impl Update {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "update",
        name: "Update",
        idea: "A write changes the database, then puts the new value into the cache.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&STORES, &PUTS, &DONE, &NOT_PUT, &NOT_STORED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "two writers can come to the cache in the other order, and a fill can come late",
            read: "after a write the new value is there already",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        Update { reading: LookAside::new(setup.parameters.seconds("ttl")) }
    }
}

impl Strategy for Update {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, came) => self.reading.read(operation, came, desk),
            (_, Came::Begins) => desk.store(operation, &STORES),
            (_, Came::Stored(content)) => {
                let fill = Fill::lasting(content, self.reading.ttl);
                desk.fill(Operation { content, ..operation }, fill, Check::Always, &PUTS);
            }
            (_, Came::Filled) => desk.acknowledge(operation, &DONE),
            (_, Came::Failed(Place::Cache)) => desk.acknowledge(operation, &NOT_PUT),
            _ => desk.fail(operation, &NOT_STORED),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const STORES: Rule = Rule { name: "STORES", place: "go_on", says: "the database must know it first" };
const PUTS: Rule = Rule { name: "PUTS", place: "go_on", says: "the next to ask shall find the new value" };
const DONE: Rule = Rule { name: "DONE", place: "go_on", says: "database and cache have it" };
const NOT_PUT: Rule = Rule {
    name: "NOT_PUT",
    place: "go_on",
    says: "the database has it; that the cache did not answer is borne until the entry expires",
};
const NOT_STORED: Rule = Rule { name: "NOT_STORED", place: "go_on", says: "the database did not take it" };
