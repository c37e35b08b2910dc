//! # Only what exists
//!
//! Cache-aside as most programs have it: what the database returns is kept, and if it returns nothing,
//! nothing is kept. So each request for a key that does not exist goes to the database, however often it
//! comes: a mistyped link, a deleted article, or somebody who asks for made-up names on purpose. That is
//! called cache penetration.
//!
//! Cost: a query for each such request. In return a new key is seen at once. Redis and memcached do not
//! know of keys that do not exist, so this is what comes of the usual `if value is not null, set`.

use super::parameters::TTL;
use super::{CacheAside, Came, Desk, Kind, Listed, LookAside, Operation, Setup, Strategy, Why};
use crate::catalogue::About;
use crate::kernel::Span;

/// Look-aside reads that keep only values, and writes that delete.
#[derive(Clone, Debug)]
pub struct Plain {
    reading: LookAside,
}

impl Plain {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "plain",
        name: "Only what exists",
        idea: "Values are kept; that there is none is not.",
        file: file!(),
        parameters: &[TTL],
        rules: &[],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "that there is nothing is never kept, and an old value only if it is filled in too late or not deleted",
            read: "each request for a key that does not exist goes to the database",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let ttl = setup.parameters.seconds("ttl");
        Plain { reading: LookAside { nothing: Span::ZERO, ..LookAside::new(ttl) } }
    }
}

impl Strategy for Plain {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            _ => CacheAside::write(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}
