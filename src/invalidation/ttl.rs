//! # Time to live
//!
//! Whoever misses fetches the value from the database and puts it into the cache, where it expires after
//! its **time to live**. A write goes to the database alone. So an entry may be wrong for as long as it
//! lives, and nobody has to tell anybody anything: the TTL is a promise of how old a value can be.
//!
//! DNS (RFC 1035, section 3.2.1) and HTTP’s `max-age` (RFC 9111, section 5.2.2.1) work like this, and
//! every other strategy keeps a TTL as its net. With Poisson reads and writes of a key at rates λ and μ,
//! of 1 + λT reads in a turn one misses, and λ(T − (1 − e^(−μT))/μ) are stale.
//!
//! Cost: nothing for a write. Left out: clocks. A server that names a point in time instead of a span, and
//! whose clock is off, has a value kept too long or too short; the scenario can set that.

use super::parameters::TTL;
use super::{Came, Desk, Kind, Listed, LookAside, Operation, Setup, Strategy, Why};
use crate::catalogue::{About, Rule};

/// Entries that expire, and writes that tell nobody.
#[derive(Clone, Debug)]
pub struct Ttl {
    reading: LookAside,
}

impl Ttl {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "ttl",
        name: "TTL",
        idea: "Entries expire; a write does not tell the cache.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&STORES, &STORED, &NOT_STORED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an entry lives out its TTL, whatever is written",
            read: "a read that misses waits for the database",
            write: "only the database is waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        Ttl { reading: LookAside::new(setup.parameters.seconds("ttl")) }
    }

    /// A write goes on.
    pub fn write(operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Begins => desk.store(operation, &STORES),
            Came::Stored(content) => desk.acknowledge(Operation { content, ..operation }, &STORED),
            _ => desk.fail(operation, &NOT_STORED),
        }
    }
}

impl Strategy for Ttl {
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

const STORES: Rule = Rule { name: "STORES", place: "write", says: "a write goes to the database alone" };
const STORED: Rule =
    Rule { name: "STORED", place: "write", says: "the database has it; the cache will find out in time" };
const NOT_STORED: Rule = Rule { name: "NOT_STORED", place: "write", says: "the database did not take it" };
