//! # Replicas of hot keys
//!
//! A cache spreads its keys over its nodes, each key on one: so all who want the same key want the same
//! node, and more nodes do not help. A **hot** key therefore stands under several names, which fall on
//! several nodes; a reader picks one of them by chance. Keys are numbered by their popularity, so the hot
//! ones are the first.
//!
//! Names fall where their hash says, so two may fall on the same node: more names than nodes make it more
//! even. Amazon’s guide to DynamoDB does the same to writes ("write sharding" by a random suffix).
//!
//! Cost: a write must delete under every name, here one after another while its client waits; until it has,
//! readers of different names see different values. Each name is filled by itself, so the database is asked
//! once for each after every write and expiry. Left out: finding out which keys are hot.

use super::parameters::TTL;
use super::{CacheAside, Came, Desk, Key, Kind, Listed, LookAside, Operation, Place, Setup, Strategy, Why};
use crate::catalogue::{About, Parameter, Range, Rule};

/// Hot keys under several names.
#[derive(Clone, Debug)]
pub struct Replicas {
    reading: LookAside,
    hot: Key,
    names: u32,
    /// How many keys there are: the further names of the hot ones stand after them.
    keys: u32,
}

/// What is noted of a write: that the cache has not answered to one of its deletions.
const NOT_ALL: u64 = 1;

impl Replicas {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "replicas",
        name: "Replicas",
        idea: "Hot keys stand under several names, and so on several nodes.",
        file: file!(),
        parameters: &[
            TTL,
            Parameter {
                id: "names",
                means: "under how many names a hot key stands",
                range: Range::Whole { least: 1, most: 64, default: 4 },
            },
            Parameter {
                id: "hot",
                means: "how many keys are hot: the most popular",
                range: Range::Whole { least: 0, most: 1000, default: 1 },
            },
        ],
        rules: &[&NEXT_NAME],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "one name after another is deleted, and each can be filled too late or its deletion get lost",
            read: "readers of a hot key are spread over nodes, and each name is filled by itself",
            write: "a hot key is deleted under one name after another",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        Replicas {
            reading: LookAside::new(setup.parameters.seconds("ttl")),
            hot: setup.parameters.whole("hot") as Key,
            names: setup.parameters.whole("names") as u32,
            keys: setup.asked_for,
        }
    }

    /// Name number `replica` of `key`, counted from 0; the first is the key itself.
    fn name(&self, key: Key, replica: u32) -> u32 {
        match replica.checked_sub(1) {
            Some(further) => self.keys + key * (self.names - 1) + further,
            None => key,
        }
    }

    /// A read begins: it picks a name.
    fn pick(&self, operation: Operation, desk: &Desk) -> Operation {
        let replica = (desk.chance(&operation) * f64::from(self.names)) as u32;
        let hot = operation.key < self.hot;
        Operation { name: self.name(operation.key, if hot { replica } else { 0 }), ..operation }
    }

    /// The name that a write has to delete after that which it has just deleted.
    fn next_name(&self, operation: Operation) -> Option<u32> {
        let further = operation.name.checked_sub(self.keys);
        let next = further.map_or(1, |further| further % (self.names - 1) + 2);
        (operation.key < self.hot && next < self.names).then(|| self.name(operation.key, next))
    }

    /// A deletion of a write is over, or not answered: the next name follows, or the write is done.
    fn delete_next(&self, operation: Operation, came: Came, desk: &mut Desk) {
        let failed = Came::Failed(Place::Cache);
        let note = if came == failed { NOT_ALL } else { operation.note };
        match self.next_name(operation) {
            Some(name) => desk.delete(Operation { name, note, ..operation }, &NEXT_NAME),
            None => CacheAside::write(operation, if note == NOT_ALL { failed } else { came }, desk),
        }
    }
}

impl Strategy for Replicas {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, Came::Begins) => self.reading.read(self.pick(operation, desk), came, desk),
            (Kind::Read, came) => self.reading.read(operation, came, desk),
            (_, Came::Deleted(_) | Came::Failed(Place::Cache)) => self.delete_next(operation, came, desk),
            _ => CacheAside::write(operation, came, desk),
        }
    }

    fn key_of(&self, name: u32) -> Key {
        name.checked_sub(self.keys).map_or(name, |further| further / (self.names - 1))
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const NEXT_NAME: Rule =
    Rule { name: "NEXT_NAME", place: "delete_next", says: "the key stands under another name too" };
