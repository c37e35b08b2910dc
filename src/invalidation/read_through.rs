//! # Read-through
//!
//! The server asks the cache, and the cache asks the database: the way to the database is known to one
//! place, not to every reader. A write changes the database and then deletes the entry, as with
//! cache-aside. What differs is the fill. In cache-aside a reader carries the value to the cache, and may
//! come too late, after a deletion that ought to have caught it. Here the cache itself knows that a value
//! was being fetched when the deletion came, and does not keep it. It also fetches each value once at a
//! time, however many wait for it.
//!
//! Oracle Coherence calls it read-through caching ("Caching Data Sources"); Caffeine’s `LoadingCache` is
//! one inside a process. Cost: a cache that knows how to load, and without which nobody reads: if it cannot
//! be reached, reads end in an error. Left out: loads of several keys at once.

use super::parameters::TTL;
use super::{CacheAside, Came, Desk, Kind, Listed, LoadThrough, Operation, Setup, Strategy, Why};
use crate::catalogue::About;

/// A cache that loads by itself, and writes that delete.
#[derive(Clone, Debug)]
pub struct ReadThrough {
    reading: LoadThrough,
}

impl ReadThrough {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "read-through",
        name: "Read-through",
        idea: "The cache loads by itself, once at a time; a write deletes the entry.",
        file: file!(),
        parameters: &[TTL],
        rules: &[],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "the cache does not keep what it fetched before a deletion, so only a lost one does harm",
            read: "the first read after each write waits for the database, and the others wait with it",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let ttl = setup.parameters.seconds("ttl");
        ReadThrough { reading: LoadThrough::new(ttl, ttl) }
    }
}

impl Strategy for ReadThrough {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            _ => CacheAside::write(operation, came, desk),
        }
    }

    fn restarted(&mut self, desk: &mut Desk) {
        self.reading.restarted(desk);
    }

    fn remembered(&self) -> Vec<Operation> {
        self.reading.remembered()
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}
