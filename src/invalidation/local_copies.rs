//! # Local copies
//!
//! Each server keeps a few values itself, for a short time: a cache before the cache. However often a key
//! is asked for at a server, the shared cache hears of it once in that time, so a hot key costs its node
//! one command a server and TTL, and no longer one a request.
//!
//! The price is paid in **staleness**. Nobody tells a server that its copy is old: a write deletes the entry
//! in the shared cache, and the copy of the server at which it was written, and the others live out their
//! TTL. Amazon’s "Caching challenges and strategies" (Builders’ Library) weighs such a local cache against
//! an external one.
//!
//! Each server has a [`Cache`] of its own, with the same rules. Cost: the copies’ memory once a server.
//! Left out: copies of only those keys that are known to be hot.

use super::parameters::TTL;
use super::{
    Cache, CacheAside, Came, Change, Content, Desk, Fill, Kind, Listed, LookAside, Operation, Setup, Shelf,
    Strategy, Why,
};
use crate::catalogue::{About, Figure, Parameter, Range, Rule};
use crate::kernel::{Span, Time};

/// How many copies a server keeps.
pub(super) const COPIES: Parameter = Parameter {
    id: "copies",
    means: "how many values a server keeps",
    range: Range::Whole { least: 1, most: 1_000_000, default: 100 },
};

/// Servers that keep copies.
#[derive(Clone, Debug)]
pub struct LocalCopies {
    reading: LookAside,
    copy_ttl: Span,
    /// The copies of each server.
    servers: Vec<Cache>,
}

impl LocalCopies {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "local-copies",
        name: "Local copies",
        idea: "Each server keeps a few values itself, for a short time.",
        file: file!(),
        parameters: &[
            TTL,
            COPIES,
            Parameter {
                id: "copy-ttl",
                means: "seconds for which a server keeps a copy",
                range: Range::Number { least: 0.0, most: 3600.0, default: 1.0 },
            },
        ],
        rules: &[&HAS_COPY],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "a server does not hear of writes at other servers, and keeps its copy until that expires",
            read: "hot keys are found in the server itself, and nobody is asked",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// No copies yet.
    pub fn new(setup: &Setup) -> Self {
        LocalCopies {
            reading: LookAside::new(setup.parameters.seconds("ttl")),
            copy_ttl: setup.parameters.span("copy-ttl"),
            servers: vec![Cache::new(setup.parameters.whole("copies")); setup.servers as usize],
        }
    }

    /// A read goes on: what comes from the cache or the database is copied on its way.
    fn read(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        let copies = &mut self.servers[operation.server as usize];
        match came {
            Came::Begins => {
                if let Some(copy) = copies.get(operation.name, desk.now()) {
                    let content = copy.content;
                    desk.tell(operation, Change::HadCopy { content }, &HAS_COPY, Figure::None);
                    return desk.answer(operation, content, &HAS_COPY, Figure::None);
                }
            }
            Came::Found(entry) => self.copy(operation, entry.content, desk.now()),
            Came::Loaded(content, _) => self.copy(operation, content, desk.now()),
            _ => {}
        }
        self.reading.read(operation, came, desk);
    }

    /// The server of `operation` drops its copy.
    pub(super) fn drop_copy(&mut self, operation: Operation) {
        self.servers[operation.server as usize].delete(operation.name);
    }

    /// All servers drop all copies.
    pub(super) fn drop_all(&mut self) {
        self.servers.iter_mut().for_each(Cache::clear);
    }

    fn copy(&mut self, operation: Operation, content: Content, now: Time) {
        let copies = &mut self.servers[operation.server as usize];
        copies.put(operation.name, Fill::lasting(content, self.copy_ttl), now);
    }
}

impl Strategy for LocalCopies {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        if operation.kind == Kind::Read {
            return self.read(operation, came, desk);
        }
        self.drop_copy(operation);
        CacheAside::write(operation, came, desk);
    }

    fn shelves(&self, now: Time) -> Vec<Shelf> {
        let shelf = |(server, copies): (usize, &Cache)| {
            let live = copies.entries().filter(|copy| now < copy.expires);
            Shelf {
                name: format!("server {}", server + 1),
                entries: live.map(|copy| (copy.name, copy.content, copy.since)).collect(),
                room: Some(copies.capacity()),
            }
        };
        self.servers.iter().enumerate().map(shelf).collect()
    }

    fn kept_aside(&self) -> usize {
        self.servers.iter().map(Cache::len).sum()
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const HAS_COPY: Rule =
    Rule { name: "HAS_COPY", place: "read", says: "the server has a copy that has not expired" };
