//! # Bloom filter
//!
//! Each server keeps a [`BloomFilter`] of all keys that exist, built from the database at the start. A key
//! that the filter does not know is not there, and neither cache nor database are asked. A key that it
//! knows is looked for as ever; by mistake it knows a few that do not exist (at 10 bits a key and 7 hashes
//! 0.8 %), and those go to the database.
//!
//! A server puts a key that it creates into its filter before the database has it, so that it never denies
//! its own. The others are told after the database has committed it, with a **delay**; until then they say
//! "nothing" of a key that exists. Bigtable and Cassandra keep such filters before their files (Chang et
//! al., "Bigtable: A Distributed Storage System for Structured Data", OSDI 2006, section 6); RedisBloom is
//! one that servers share.
//!
//! Cost: some bits a key in every server, and a notice to every server for every new key. Left out:
//! deletion of keys, for which the filter would have to count or be built anew; notices that get lost.

use super::bloom_filter::BloomFilter;
use super::parameters::TTL;
use super::{
    CacheAside, Came, Change, Desk, Key, Kind, Listed, LookAside, Operation, Place, Setup, Shelf, Strategy,
    Version, Why,
};
use crate::catalogue::{About, Figure, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::theory::bloom;

/// Servers that know which keys exist, nearly.
#[derive(Clone, Debug)]
pub struct Bloom {
    reading: LookAside,
    delay: Span,
    /// The filter of each server.
    filters: Vec<BloomFilter>,
}

impl Bloom {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "bloom",
        name: "Bloom filter",
        idea: "Servers know, with few mistakes, which keys exist, and ask for no others.",
        file: file!(),
        parameters: &[
            TTL,
            Parameter {
                id: "bits",
                means: "bits for each key that exists at the start",
                range: Range::Number { least: 1.0, most: 32.0, default: 10.0 },
            },
            Parameter {
                id: "hashes",
                means: "hashes; 0: as many as make the fewest mistakes",
                range: Range::Whole { least: 0, most: 32, default: 0 },
            },
            Parameter {
                id: "delay",
                means: "seconds until other servers’ filters are told of a new key",
                range: Range::Number { least: 0.0, most: 3600.0, default: 0.1 },
            },
            Parameter {
                id: "nothing",
                means: "seconds for which the cache keeps that there is nothing; 0: not at all",
                range: Range::Seconds { most: 1e9, default: Some(0.0) },
            },
        ],
        rules: &[&BARRED, &MAY_EXIST, &NOT_THERE, &NEW_KEY, &UNDER_WAY, &TOLD],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "a server says that a new key is not there until its filter is told of it",
            read: "of requests for absent keys only the filter’s mistakes go any further",
            write: "the database and then the cache are waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Filters that know all keys.
    pub fn new(setup: &Setup) -> Self {
        let (ttl, nothing) = (setup.parameters.seconds("ttl"), setup.parameters.seconds("nothing"));
        let bits = setup.parameters.number("bits");
        let hashes = match setup.parameters.whole("hashes") {
            0 => bloom::best_hashes(bits),
            hashes => hashes as u32,
        };
        let mut filter = BloomFilter::new((bits * f64::from(setup.keys)) as u32, hashes, setup.seed);
        (0..setup.keys).for_each(|key| filter.insert(key));
        Bloom {
            reading: LookAside { nothing, ..LookAside::new(ttl) },
            delay: setup.parameters.span("delay"),
            filters: vec![filter; setup.servers as usize],
        }
    }

    /// A read begins, at the filter.
    fn sift(&self, operation: Operation, desk: &mut Desk) {
        let passes = self.filters[operation.server as usize].may_contain(operation.key);
        let rule = if passes { &MAY_EXIST } else { &BARRED };
        desk.tell(operation, Change::Sifted { passes }, rule, Figure::None);
        match passes {
            true => self.reading.read(operation, Came::Begins, desk),
            false => desk.answer(operation, None, &NOT_THERE, Figure::None),
        }
    }
}

impl Strategy for Bloom {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        let filter = &mut self.filters[operation.server as usize];
        match (operation.kind, came) {
            (Kind::Read, Came::Begins) => self.sift(operation, desk),
            (Kind::Read, came) => self.reading.read(operation, came, desk),
            (Kind::Write, came) => {
                if came == Came::Begins {
                    filter.insert(operation.key);
                }
                CacheAside::write(operation, came, desk);
            }
            _ => {
                filter.insert(operation.key);
                desk.end(operation, &TOLD);
            }
        }
    }

    fn committed(&mut self, key: Key, _: Version, desk: &mut Desk) {
        for (server, filter) in (0..).zip(&self.filters) {
            if !filter.may_contain(key) {
                let notice = desk.begin(Kind::Notice, key, server, Place::Database, &NEW_KEY);
                desk.wait(notice, self.delay, &UNDER_WAY);
            }
        }
    }

    fn shelves(&self, _: Time) -> Vec<Shelf> {
        let shelf = |(server, filter): (usize, &BloomFilter)| Shelf {
            name: format!("server {}, {:.0} % of bits set", server + 1, 100.0 * filter.fill()),
            entries: Vec::new(),
            room: None,
        };
        self.filters.iter().enumerate().map(shelf).collect()
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const BARRED: Rule = Rule { name: "BARRED", place: "sift", says: "a bit of this key is not set" };
const MAY_EXIST: Rule =
    Rule { name: "MAY_EXIST", place: "sift", says: "all bits of this key are set, by itself or by others" };
const NOT_THERE: Rule =
    Rule { name: "NOT_THERE", place: "sift", says: "the filter would know of the key if it were there" };
const NEW_KEY: Rule =
    Rule { name: "NEW_KEY", place: "committed", says: "the server’s filter does not know this key" };
const UNDER_WAY: Rule =
    Rule { name: "UNDER_WAY", place: "committed", says: "it takes {} until the server is told of the key" };
const TOLD: Rule = Rule { name: "TOLD", place: "go_on", says: "the server’s filter knows the key now" };
