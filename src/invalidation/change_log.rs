//! # Invalidation from the change log
//!
//! A write goes to the database alone. The database writes each change into its **log** anyway; somebody
//! reads the log and tells the cache to delete the entry, a while later. So no writer can forget to tell the
//! cache, writes from elsewhere are seen too, and a writer does not wait for the cache.
//!
//! Debezium reads the logs of MySQL, PostgreSQL and others and passes each change on ("Automating Cache
//! Invalidation With Change Data Capture", 2018); Facebook’s mcsqueal reads MySQL’s commit log (Nishtala et
//! al., NSDI 2013, section 4.1). The log is at-least-once and in order: cache and database parted, the
//! notices wait and come later. An old entry stays only where the way from the log’s reader to the cache loses
//! messages, or where a read that began before the write fills after the notice: until the TTL, which is the
//! net.
//!
//! With reads and writes at rates λ and μ, a delay D and no TTL, λ/(λ+μ) of the reads are hits, as if the
//! writer deleted, and λ/(λ+μ) (1 − e^(−2μD))/2 are stale. Cost: a notice for every write, whether the key is
//! in the cache or not; and the entry may be newer than the change for which it is deleted. Left out: batches,
//! and a reader of the log that fails and starts again from its last position.

use super::parameters::TTL;
use super::{Came, Desk, Key, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Ttl, Version, Why};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::Span;

/// Deletions that come from the database’s log.
#[derive(Clone, Debug)]
pub struct ChangeLog {
    delay: Span,
    reading: LookAside,
}

const DELAY: Parameter = Parameter {
    id: "delay",
    means: "seconds from the commit until the log’s reader passes the change on",
    range: Range::Number { least: 0.0, most: 1e6, default: 0.2 },
};

impl ChangeLog {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "change-log",
        name: "Change log",
        idea: "The database’s log of changes has the cache delete, a while after each write.",
        file: file!(),
        parameters: &[DELAY, TTL],
        rules: &[&LOGGED, &PASSES_ON, &DELETES, &DELETED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an entry is wrong until the log’s notice of the write has come",
            read: "the first read after each notice waits for the database",
            write: "only the database is waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        ChangeLog {
            delay: setup.parameters.span("delay"),
            reading: LookAside::new(setup.parameters.seconds("ttl")),
        }
    }

    /// A notice has come to the cache.
    fn notice(operation: Operation, desk: &mut Desk) {
        desk.remove(operation, &DELETES);
        desk.end(operation, &DELETED);
    }
}

impl Strategy for ChangeLog {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            Kind::Notice => Self::notice(operation, desk),
            _ => Ttl::write(operation, came, desk),
        }
    }

    fn committed(&mut self, key: Key, version: Version, desk: &mut Desk) {
        let notice = desk.begin(Kind::Notice, key, 0, Place::Database, &LOGGED);
        desk.pass(Operation { content: Some(version), ..notice }, self.delay, &PASSES_ON);
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const LOGGED: Rule = Rule { name: "LOGGED", place: "committed", says: "the log has the change" };
const PASSES_ON: Rule = Rule {
    name: "PASSES_ON",
    place: "committed",
    says: "whoever reads the log tells the cache, a while later",
};
const DELETES: Rule =
    Rule { name: "DELETES", place: "notice", says: "the log says that the key was written" };
const DELETED: Rule = Rule { name: "DELETED", place: "notice", says: "the cache has been told" };
