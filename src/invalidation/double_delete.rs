//! # Double delete
//!
//! Reads look aside. A write deletes the entry, changes the database, waits for a **delay** and deletes
//! **once more**: a read that fetched the old value before the write has filled the cache by then, and what
//! it put there is deleted. The second deletion goes on in the background, or before the client is
//! answered.
//!
//! The delay is a guess at how long a read can be under way. A read that takes longer still leaves the old
//! value: the race gets rarer, it does not go away. The pattern is passed on as "delayed double delete",
//! and is nobody’s paper. Cost: two messages to the cache and a timer for every write; between the write
//! and the second deletion old values can be read.

use super::parameters::TTL;
use super::{Came, Desk, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Why};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::Span;

/// Look-aside reads, and writes that delete twice.
#[derive(Clone, Debug)]
pub struct DoubleDelete {
    reading: LookAside,
    delay: Span,
    /// Whether a write is answered before the second deletion.
    early: bool,
}

const DELAY: Parameter = Parameter {
    id: "delay",
    means: "seconds between the write and the second deletion",
    range: Range::Number { least: 0.0, most: 3600.0, default: 0.5 },
};
const ANSWER: Parameter = Parameter {
    id: "answer",
    means: "whether the client of a write is answered before the second deletion or after it",
    range: Range::Choice(&["before", "after"]),
};

impl DoubleDelete {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "double-delete",
        name: "Double delete",
        idea: "A write deletes the entry, changes the database, and deletes once more a little later.",
        file: file!(),
        parameters: &[TTL, DELAY, ANSWER],
        rules: &[
            &DELETES,
            &STORES,
            &STORED,
            &AGAIN,
            &LETS_FILLS_COME,
            &CLEARS,
            &CLEARED,
            &NOT_DELETED,
            &NOT_STORED,
        ],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "what a late fill put back is deleted after the delay, and stays if it came later still",
            read: "each write deletes twice, and the first read after each deletion misses",
            write: "the cache and then the database are waited for, and the delay if the answer comes after",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        DoubleDelete {
            reading: LookAside::new(setup.parameters.seconds("ttl")),
            delay: setup.parameters.span("delay"),
            early: setup.parameters.choice("answer") == "before",
        }
    }

    fn write(&self, operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Begins => desk.delete(operation, &DELETES),
            Came::Deleted(_) | Came::Failed(Place::Cache) if operation.content.is_none() => {
                desk.store(operation, &STORES);
            }
            Came::Stored(content) => self.stored(Operation { content, ..operation }, desk),
            Came::Failed(Place::Database) => desk.fail(operation, &NOT_STORED),
            came => Self::delete_again(operation, came, desk),
        }
    }

    fn stored(&self, operation: Operation, desk: &mut Desk) {
        if !self.early {
            return desk.wait(operation, self.delay, &LETS_FILLS_COME);
        }
        let again = desk.begin(Kind::Notice, operation.key, operation.server, Place::Server, &AGAIN);
        desk.wait(again, self.delay, &LETS_FILLS_COME);
        desk.acknowledge(operation, &STORED);
    }

    fn delete_again(operation: Operation, came: Came, desk: &mut Desk) {
        let rule = match came {
            Came::Waited => return desk.delete(operation, &CLEARS),
            Came::Deleted(_) => &CLEARED,
            _ => &NOT_DELETED,
        };
        match operation.kind {
            Kind::Write => desk.acknowledge(operation, rule),
            _ => desk.end(operation, rule),
        }
    }
}

impl Strategy for DoubleDelete {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            Kind::Write => self.write(operation, came, desk),
            _ => Self::delete_again(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const DELETES: Rule = Rule { name: "DELETES", place: "write", says: "the entry will soon be old" };
const STORES: Rule =
    Rule { name: "STORES", place: "write", says: "the cache was told first, now the database is" };
const STORED: Rule =
    Rule { name: "STORED", place: "stored", says: "the database has it; the rest goes on in the background" };
const AGAIN: Rule = Rule {
    name: "AGAIN",
    place: "stored",
    says: "a read that was under way may put the old value back, so it is deleted once more",
};
const LETS_FILLS_COME: Rule = Rule {
    name: "LETS_FILLS_COME",
    place: "stored",
    says: "reads that are under way are given {} to fill the cache",
};
const CLEARS: Rule =
    Rule { name: "CLEARS", place: "delete_again", says: "what a late fill has put there must go as well" };
const CLEARED: Rule =
    Rule { name: "CLEARED", place: "delete_again", says: "the entry is deleted a second time" };
const NOT_DELETED: Rule = Rule {
    name: "NOT_DELETED",
    place: "delete_again",
    says: "the database has it; that the cache did not answer is borne until the entry expires",
};
const NOT_STORED: Rule = Rule { name: "NOT_STORED", place: "write", says: "the database did not take it" };
