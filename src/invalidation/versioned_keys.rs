//! # Versioned keys
//!
//! The name of an entry carries the **version** of its value, so what stands under a name never changes, and
//! nothing has to be deleted. A reader asks the database which version is valid, which is cheaper than to
//! fetch the value, and then asks the cache for the name with that version. After a write the version is
//! another one, and the old entry is not asked for any more.
//!
//! Ruby on Rails’ key-based expiration, where a record’s `updated_at` is part of the name (Hansson, "How
//! key-based cache expiration works", 2012); fingerprints in the names of files on the web are the same idea.
//! It is never stale, whatever gets lost, because the database has the last word on every read.
//!
//! Cost: a cheap query for every read, and **memory**: old versions stay until they have to make room. Their
//! TTL does not help much, for a cache that finds out expired entries when they are asked for never finds
//! these. If the database does not answer nothing can be read, although the value may be in the cache. Left
//! out: asking for the versions of many keys in one query.

use super::parameters::TTL;
use super::{
    Came, Content, Desk, Key, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Ttl, Version, Why,
};
use crate::catalogue::{About, Rule};

/// Names that carry the version.
#[derive(Clone, Debug)]
pub struct VersionedKeys {
    asked_for: u32,
    reading: LookAside,
    /// The key that each write has written, by the number of the write.
    written: Vec<Key>,
}

impl VersionedKeys {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "versioned-keys",
        name: "Versioned keys",
        idea: "The name carries the version; old entries are not asked for any more.",
        file: file!(),
        parameters: &[TTL],
        rules: &[&ASKS, &NAMED, &UNKNOWN],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "every read asks the database which version is valid",
            read: "every read waits for the database’s word on the version",
            write: "only the database is waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let reading = LookAside::new(setup.parameters.seconds("ttl"));
        VersionedKeys { asked_for: setup.asked_for, reading, written: Vec::new() }
    }

    /// The name under which `content` of `key` is kept: of the first value the key itself, of a later one a
    /// number that only the write that made it has.
    fn name(&self, key: Key, content: Content) -> u32 {
        match content {
            Some(version) if version.write > 0 => self.asked_for + version.write,
            _ => key,
        }
    }

    fn read(&self, operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Begins => desk.check(operation, &ASKS),
            Came::Checked(content) => {
                let name = self.name(operation.key, content);
                desk.get(Operation { name, ..operation }, &NAMED);
            }
            Came::Loaded(content, _) => {
                let name = self.name(operation.key, content);
                self.reading.read(Operation { name, ..operation }, came, desk);
            }
            Came::Failed(Place::Database) if !operation.missed => desk.fail(operation, &UNKNOWN),
            _ => self.reading.read(operation, came, desk),
        }
    }
}

impl Strategy for VersionedKeys {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.read(operation, came, desk),
            _ => Ttl::write(operation, came, desk),
        }
    }

    fn committed(&mut self, key: Key, version: Version, _: &mut Desk) {
        let write = version.write as usize;
        if self.written.len() <= write {
            self.written.resize(write + 1, 0);
        }
        self.written[write] = key;
    }

    fn key_of(&self, name: u32) -> Key {
        let write = name.checked_sub(self.asked_for);
        write.and_then(|write| self.written.get(write as usize).copied()).unwrap_or(name)
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const ASKS: Rule = Rule { name: "ASKS", place: "read", says: "the database says which version is valid" };
const NAMED: Rule =
    Rule { name: "NAMED", place: "read", says: "under the name with this version nothing else can stand" };
const UNKNOWN: Rule = Rule {
    name: "UNKNOWN",
    place: "read",
    says: "without the version nobody knows under which name to look",
};
