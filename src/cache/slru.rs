//! # SLRU
//!
//! Segmented LRU: two lists. New objects enter *probation*; a hit there promotes to *protected*.
//! Protected has room for a share of the cache only: beyond it, its least recently used steps back
//! to probation, where it gets one more round. Only probation gives up objects, so what was asked
//! for once cannot push out what was asked for twice.
//!
//! Karedla, Love, Wherry: "Caching Strategies to Improve Disk System Performance", IEEE Computer
//! 27(3), 1994.
//!
//! Cost: two links and the name of its list an object. A hit moves one object, or two where one
//! has to step back; a miss takes one from probation and adds one. Chosen: probation always keeps
//! room for at least one object, so that a newcomer has a place to enter.

use super::{
    About, Anatomy, Change, Lists, Outcome, Parameter, Policy, Probe, Range, Rule, Segment, Setup, Slot,
};
use crate::trace::Key;

const PROBATION: usize = 0;
const PROTECTED: usize = 1;

/// SLRU: a list for newcomers and a protected one for what was asked for again.
#[derive(Clone, Debug, PartialEq)]
pub struct Slru {
    capacity: usize,
    protected_room: usize,
    lists: Lists<2>,
}

impl Policy for Slru {
    const ABOUT: About = About {
        id: "slru",
        name: "SLRU",
        idea: "A second request earns a place in a protected list; only the other list gives up objects.",
        file: file!(),
        parameters: &[Parameter {
            id: "protected",
            means: "share of the cache that is protected, in percent",
            range: Range::Whole { least: 1, most: 99, default: 80 },
        }],
        rules: &[&PROMOTED, &USED, &STEPS_BACK, &NEW, &LEAST_RECENT],
    };

    fn new(setup: &Setup) -> Self {
        let protected_room = setup.parameters.share("protected", setup.capacity);
        Slru {
            capacity: setup.capacity,
            protected_room: protected_room.min(setup.capacity - 1),
            lists: Lists::new(setup.keys),
        }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        match self.lists.list_of(key) {
            Some(PROTECTED) => self.renew(key, probe),
            Some(_) => self.promote(key, probe),
            None => {
                if self.lists.len(PROBATION) + self.lists.len(PROTECTED) == self.capacity {
                    self.evict(probe);
                }
                self.insert(key, probe);
                return Outcome::Miss;
            }
        }
        Outcome::Hit
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let protected = Segment::new("protected", ("most recent", "least recent")).room(self.protected_room);
        anatomy.segment(protected, self.lists.iter(PROTECTED).map(Slot::of));
        let probation = Segment::new("probation", ("newest", "oldest"));
        anatomy.segment(probation, self.lists.iter(PROBATION).map(Slot::of));
    }
}

impl Slru {
    fn renew(&mut self, key: Key, probe: &mut impl Probe) {
        self.lists.renew(PROTECTED, key);
        probe.tell(key, Change::Moves { from: "protected", to: "protected" }, &USED);
    }

    fn promote(&mut self, key: Key, probe: &mut impl Probe) {
        self.lists.transfer(PROBATION, PROTECTED, key);
        probe.tell(key, Change::Moves { from: "probation", to: "protected" }, &PROMOTED);
        if self.lists.len(PROTECTED) > self.protected_room {
            self.step_back(probe);
        }
    }

    fn step_back(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.oldest(PROTECTED) {
            self.lists.transfer(PROTECTED, PROBATION, key);
            probe.tell(key, Change::Moves { from: "protected", to: "probation" }, &STEPS_BACK);
        }
    }

    fn insert(&mut self, key: Key, probe: &mut impl Probe) {
        self.lists.push_newest(PROBATION, key);
        probe.tell(key, Change::Enters { into: "probation" }, &NEW);
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.pop_oldest(PROBATION) {
            probe.tell(key, Change::Leaves { from: "probation", remembered: None }, &LEAST_RECENT);
        }
    }
}

const PROMOTED: Rule =
    Rule { name: "PROMOTED", place: "promote", says: "asked for again while on probation, it is protected" };
const USED: Rule =
    Rule { name: "USED", place: "renew", says: "a hit makes it the most recently used of the protected" };
const STEPS_BACK: Rule = Rule {
    name: "STEPS_BACK",
    place: "step_back",
    says: "protected is over its share, and it was last asked for longer ago than anything else there",
};
const NEW: Rule = Rule { name: "NEW", place: "insert", says: "new objects enter on probation" };
const LEAST_RECENT: Rule = Rule {
    name: "LEAST_RECENT",
    place: "evict",
    says: "it has been on probation the longest and was not asked for there",
};
