//! # Negative caching
//!
//! That there is nothing under a key is an answer like any other, and is kept too, for a TTL of its own.
//! So however often a key that does not exist is asked for, the database hears of it once in that time.
//!
//! The TTL is shorter than that of values, because the key can come into being any moment: until the
//! entry expires, readers hear "nothing". If the write that creates the key **deletes** what is under it,
//! as in cache-aside, they hear of it at once. In DNS nobody can delete, and the TTL is all there is
//! (Andrews, "Negative Caching of DNS Queries", RFC 2308, 1998; section 5 advises one to three hours).
//!
//! Cost: a place in the cache for each key that does not exist. It does not help against somebody who
//! never asks for the same one twice, and such names push values out of a full cache.

use super::parameters::TTL;
use super::{CacheAside, Came, Desk, Kind, Listed, LookAside, Operation, Setup, Strategy, Ttl, Why};
use crate::catalogue::{About, Parameter, Range};

/// Look-aside reads that keep also that there is nothing.
#[derive(Clone, Debug)]
pub struct Negative {
    reading: LookAside,
    writes_delete: bool,
}

impl Negative {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "negative",
        name: "Negative caching",
        idea: "That there is nothing is kept too, for a while.",
        file: file!(),
        parameters: &[
            TTL,
            Parameter {
                id: "nothing",
                means: "seconds for which it is kept that there is nothing",
                range: Range::Seconds { most: 1e9, default: Some(1.0) },
            },
            Parameter {
                id: "writes",
                means: "whether a write deletes what the cache has, or tells nobody",
                range: Range::Choice(&["delete", "silent"]),
            },
        ],
        rules: &[],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "a key that comes into being is hidden by what was kept before, unless its write deletes that",
            read: "the database hears of each absent key once in a while, not at each request",
            write: "the database is waited for, and the cache if writes delete",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let (ttl, nothing) = (setup.parameters.seconds("ttl"), setup.parameters.seconds("nothing"));
        let reading = LookAside { nothing, ..LookAside::new(ttl) };
        Negative { reading, writes_delete: setup.parameters.choice("writes") == "delete" }
    }
}

impl Strategy for Negative {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            _ if self.writes_delete => CacheAside::write(operation, came, desk),
            _ => Ttl::write(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}
