//! # Compare and set
//!
//! Values carry the **version** that the database gave them, and the cache takes a value unless it has a
//! newer one. Reads look aside and fill under that check; a write changes the database and then puts the
//! new value into the cache **under the same check**. In whichever order fills and writes come to the
//! cache, the newest version stays: a late fill finds a newer one there, and of two writers the later one
//! wins.
//!
//! To delete instead would not do: after a deletion there is nothing to compare with, and a late fill is
//! taken. The same holds when the entry is evicted, or expires, between the write and the late fill: then
//! the check has nothing to compare with either, and the old value is taken. What would close that as well
//! is a tombstone that keeps the version after the value has gone.
//!
//! Redis can do it in a script, memcached with `gets` and `cas` on an entry that is there. Compare-and-set
//! on versions is optimistic concurrency control (Kung and Robinson, ACM TODS 6(2), 1981). Cost: a version
//! in every row and every entry, and a message to the cache for every write, with the value in it.

use super::parameters::TTL;
use super::{Came, Check, Desk, Fill, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Why};
use crate::catalogue::{About, Rule};

/// Look-aside reads, and writes that put the new value there, both unless a newer one is there.
#[derive(Clone, Debug)]
pub struct CompareAndSet {
    reading: LookAside,
}

impl CompareAndSet {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "compare-and-set",
        name: "Compare and set",
        idea: "The cache takes a value only if it has no newer version; writes put theirs there.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&STORES, &PUTS, &DONE, &OVERTAKEN, &NOT_PUT, &NOT_STORED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an older version never replaces a newer one; only where the entry was gone can a late fill leave an old one",
            read: "after a write the new value is there already",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let ttl = setup.parameters.seconds("ttl");
        CompareAndSet { reading: LookAside { check: Check::IfNewer, ..LookAside::new(ttl) } }
    }
}

impl Strategy for CompareAndSet {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, came) => self.reading.read(operation, came, desk),
            (_, Came::Begins) => desk.store(operation, &STORES),
            (_, Came::Stored(content)) => {
                let fill = Fill::lasting(content, self.reading.ttl);
                desk.fill(Operation { content, ..operation }, fill, self.reading.check, &PUTS);
            }
            (_, Came::Filled) => desk.acknowledge(operation, &DONE),
            (_, Came::Refused) => desk.acknowledge(operation, &OVERTAKEN),
            (_, Came::Failed(Place::Cache)) => desk.acknowledge(operation, &NOT_PUT),
            _ => desk.fail(operation, &NOT_STORED),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const STORES: Rule = Rule {
    name: "STORES",
    place: "go_on",
    says: "the database must know it first, and gives it its version",
};
const PUTS: Rule = Rule {
    name: "PUTS",
    place: "go_on",
    says: "the cache shall know the new version, so that it can refuse older ones",
};
const DONE: Rule = Rule { name: "DONE", place: "go_on", says: "database and cache have it" };
const OVERTAKEN: Rule =
    Rule { name: "OVERTAKEN", place: "go_on", says: "the cache has the version of a later write already" };
const NOT_PUT: Rule = Rule {
    name: "NOT_PUT",
    place: "go_on",
    says: "the database has it; that the cache did not answer is borne until the entry expires",
};
const NOT_STORED: Rule = Rule { name: "NOT_STORED", place: "go_on", says: "the database did not take it" };
