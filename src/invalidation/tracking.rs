//! # Copies with notices
//!
//! Local copies, and a cache that remembers which servers have asked for which key. When an entry is
//! deleted, the cache sends each of them a **notice** to drop its copy. So a copy can live long, and is
//! old only while the notice is under way; its TTL is a net for notices that get lost.
//!
//! That is server-assisted client-side caching in Redis since version 6 (`CLIENT TRACKING`, here with
//! `NOLOOP`: a writer is not told of its own write). The cache forgets whom it has told: a server is told
//! once for each time that it asks, and who finds a copy does not ask. So if a notice gets lost, no later
//! one comes either until the copy is gone. If the cache restarts, connections break, and servers drop all
//! they have.
//!
//! Cost: the cache’s memory of who asked, and a message to each of them for every write. A copy of a value
//! that was read before a write, and arrives after the notice, is the race of every look-aside cache. Left
//! out: notices for entries that expire, so that a copy can outlive the entry by its own TTL; notices for
//! fills, which for Redis are writes; a server that drops its copies when it loses the connection;
//! broadcasting mode; the node’s work to send notices.

use super::parameters::TTL;
use super::{
    Came, Desk, Kind, Listed, LocalCopies, Operation, Place, Setup, Shelf, Strategy, Why, local_copies,
};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::Time;
use std::collections::BTreeSet;

/// Servers that keep copies, and are told when these are old.
#[derive(Clone, Debug)]
pub struct Tracking {
    copies: LocalCopies,
    /// Names, and the servers that have asked the cache for them, or filled them, since they were told last.
    asked: BTreeSet<(u32, u32)>,
}

impl Tracking {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "tracking",
        name: "Copies with notices",
        idea: "Servers keep copies, and the cache tells them when to drop one.",
        file: file!(),
        parameters: &[
            TTL,
            local_copies::COPIES,
            Parameter {
                id: "copy-ttl",
                means: "seconds for which a server keeps a copy if nobody tells it to drop it",
                range: Range::Number { least: 0.0, most: 3600.0, default: 60.0 },
            },
        ],
        rules: &[&ITS_COPY, &ON_ITS_WAY, &DROPPED],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "a copy is old only until the notice of the write comes, or for its TTL if that gets lost",
            read: "hot keys are found in the server itself, until they are written",
            write: "the database and then the cache are waited for, but no notice is",
            lost: "the database has every write before its client knows",
        },
    };

    /// No copies yet.
    pub fn new(setup: &Setup) -> Self {
        Tracking { copies: LocalCopies::new(setup), asked: BTreeSet::new() }
    }
}

impl Strategy for Tracking {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        if operation.kind == Kind::Notice {
            self.copies.drop_copy(operation);
            return desk.end(operation, &DROPPED);
        }
        self.copies.go_on(operation, came, desk);
    }

    fn served(&mut self, operation: Operation) {
        self.asked.insert((operation.name, operation.server));
    }

    fn deleted(&mut self, operation: Operation, desk: &mut Desk) {
        let name = operation.name;
        let told: Vec<_> = self.asked.range((name, 0)..=(name, u32::MAX)).copied().collect();
        for (_, server) in told {
            self.asked.remove(&(name, server));
            if server != operation.server {
                let notice = desk.begin(Kind::Notice, operation.key, server, Place::Cache, &ITS_COPY);
                desk.send_back(notice, &ON_ITS_WAY);
            }
        }
    }

    fn restarted(&mut self, _: &mut Desk) {
        self.asked.clear();
        self.copies.drop_all();
    }

    fn shelves(&self, now: Time) -> Vec<Shelf> {
        self.copies.shelves(now)
    }

    fn kept_aside(&self) -> usize {
        self.copies.kept_aside()
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const ITS_COPY: Rule = Rule {
    name: "ITS_COPY",
    place: "deleted",
    says: "the server has asked for this key, and may have a copy",
};
const ON_ITS_WAY: Rule =
    Rule { name: "ON_ITS_WAY", place: "deleted", says: "the server is to know that its copy is old" };
const DROPPED: Rule = Rule { name: "DROPPED", place: "go_on", says: "the server has no such copy any more" };
