//! # The schema in the key: versioned keys
//!
//! The name under which a value is kept carries the form: `user:7:v1`, `user:7:v2`. Old and new servers
//! never see each other’s entries, so nothing is unreadable and neither kind has to know of the other,
//! except in one thing: a write must delete the entry under **every** name that can be in use, or the
//! other servers keep the old value.
//!
//! The price is that the new servers begin with an empty cache, and that while both run a key can have
//! two entries. The entries of the old form stay behind until they expire or have to make room.
//!
//! In Ruby on Rails a template’s digest is part of the name of its cached fragment, for the same
//! reason. Cost: one miss more for every key, one deletion more for every write during the rollout.

use super::parameters::ttl;
use super::{CacheAside, Came, Desk, Key, Kind, Listed, Operation, Place, Rollout, Setup, Strategy, Why};
use crate::catalogue::{About, Rule};

/// A name for each form.
#[derive(Clone, Debug)]
pub struct SchemaInKey {
    rollout: Rollout,
    keys: u32,
}

/// What is noted of a write: that it deletes the entry in the old form, or that this was not answered.
const DELETING_OLD: u64 = 1;
const OLD_MAY_STAY: u64 = 2;

impl SchemaInKey {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "schema-in-key",
        name: "Schema in the key",
        idea: "The name of an entry says its form.",
        file: file!(),
        parameters: &[ttl(Some(60.0))],
        rules: &[&DELETES_OLD, &DELETES_NEW],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            read: "new servers miss what only old ones have asked for",
            write: "the database and then the cache are waited for, once for each name in use",
            ..CacheAside::LISTED.why
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        SchemaInKey { rollout: Rollout::new(setup), keys: setup.asked_for }
    }

    fn name(&self, key: Key, form: u8) -> u32 {
        key + self.keys * u32::from(form - Rollout::OLD)
    }

    /// The entry of a key that has been written is deleted under each name that can be in use: first under
    /// the old one.
    fn delete_old(&self, operation: Operation, desk: &mut Desk) {
        if desk.now() >= self.rollout.until {
            return self.delete_new(operation, desk);
        }
        let name = self.name(operation.key, Rollout::OLD);
        desk.delete(Operation { name, note: DELETING_OLD, ..operation }, &DELETES_OLD);
    }

    fn delete_new(&self, operation: Operation, desk: &mut Desk) {
        let name = self.name(operation.key, Rollout::NEW);
        desk.delete(Operation { name, ..operation }, &DELETES_NEW);
    }
}

impl Strategy for SchemaInKey {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        let form = self.rollout.form(&operation);
        match (operation.kind, came) {
            (Kind::Read, Came::Begins) => {
                let name = self.name(operation.key, form);
                self.rollout.go_on(Operation { name, ..operation }, came, form, desk);
            }
            (Kind::Write, Came::Stored(content)) => self.delete_old(Operation { content, ..operation }, desk),
            (Kind::Write, Came::Deleted(_) | Came::Failed(Place::Cache))
                if operation.note == DELETING_OLD && desk.now() >= self.rollout.from =>
            {
                let note = if matches!(came, Came::Deleted(_)) { 0 } else { OLD_MAY_STAY };
                self.delete_new(Operation { note, ..operation }, desk);
            }
            (Kind::Write, Came::Deleted(_)) if operation.note == OLD_MAY_STAY => {
                self.rollout.go_on(operation, Came::Failed(Place::Cache), form, desk);
            }
            (_, came) => self.rollout.go_on(operation, came, form, desk),
        }
    }

    fn key_of(&self, name: u32) -> Key {
        name % self.keys
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const DELETES_OLD: Rule = Rule {
    name: "DELETES_OLD",
    place: "delete_old",
    says: "old servers must not go on finding what is old now",
};
const DELETES_NEW: Rule = Rule {
    name: "DELETES_NEW",
    place: "delete_new",
    says: "new servers must not go on finding what is old now",
};
