//! # Write-around
//!
//! A write goes **around** the cache, to the database alone; the cache is filled by reads. So values that
//! are written and never read do not push out those that are read. That is the point of it in storage
//! systems, where a block of a backup or a log is written once.
//!
//! The name says nothing about an entry that is there already. A disk’s cache drops it when its block is
//! written, for it sees the write pass; that would be cache-aside here. A cache beside a database does not
//! see the write, and the entry stays **until it is evicted** for want of room: reads of a popular key get
//! the old value for good. So this is the TTL strategy without its TTL, and the two differ in nothing but
//! that parameter: with a TTL set they give the same answers. It does for values that are written once.
//!
//! Cost: nothing for a write, and no promise at all of how old a value can be.

use super::parameters::ttl;
use super::{Came, Desk, Kind, Listed, LookAside, Operation, Setup, Strategy, Ttl, Why};
use crate::catalogue::About;

/// Writes past the cache, and entries that stay.
#[derive(Clone, Debug)]
pub struct WriteAround {
    reading: LookAside,
}

impl WriteAround {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "write-around",
        name: "Write-around",
        idea: "A write goes past the cache; an entry stays until it is evicted.",
        file: file!(),
        parameters: &[ttl(None)],
        rules: &[],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an entry stays until it has to make room, whatever is written",
            read: "hardly anything but a lack of room makes a read miss",
            write: "only the database is waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        WriteAround { reading: LookAside::new(setup.parameters.seconds("ttl")) }
    }
}

impl Strategy for WriteAround {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.reading.read(operation, came, desk),
            _ => Ttl::write(operation, came, desk),
        }
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}
