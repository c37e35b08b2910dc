//! # MRU
//!
//! Most recently used: the same list as LRU, emptied from the other end. Absurd for a web site,
//! right for a loop: whoever reads the same long table again and again, a little longer than the
//! cache, will need last what was read last. There LRU misses every time and MRU keeps nearly all.
//!
//! Chou, DeWitt: "An Evaluation of Buffer Management Strategies for Relational Database Systems",
//! VLDB 1985, which gives it to looping scans.
//!
//! Cost: two links an object. A hit writes up to six of them; a miss takes the first of the list
//! and adds another in its place. Nothing is left out.

use super::{About, Anatomy, Change, Lists, Outcome, Policy, Probe, Rule, Segment, Setup, Slot};
use crate::trace::Key;

const LIST: usize = 0;

/// MRU: a list in order of the last request, emptied at the front.
#[derive(Clone, Debug, PartialEq)]
pub struct Mru {
    capacity: usize,
    list: Lists<1>,
}

impl Policy for Mru {
    const ABOUT: About = About {
        id: "mru",
        name: "MRU",
        idea: "What was asked for last leaves: right for loops that are longer than the cache.",
        file: file!(),
        parameters: &[],
        rules: &[&USED, &NEW, &MOST_RECENT],
    };

    fn new(setup: &Setup) -> Self {
        Mru { capacity: setup.capacity, list: Lists::new(setup.keys) }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        if self.list.holds(LIST, key) {
            self.hit(key, probe);
            return Outcome::Hit;
        }
        if self.list.len(LIST) == self.capacity {
            self.evict(probe);
        }
        self.insert(key, probe);
        Outcome::Miss
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let list = Segment::new("list", ("most recent", "least recent")).room(self.capacity);
        anatomy.segment(list, self.list.iter(LIST).map(Slot::of));
    }
}

impl Mru {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        self.list.renew(LIST, key);
        probe.tell(key, Change::Moves { from: "list", to: "list" }, &USED);
    }

    fn insert(&mut self, key: Key, probe: &mut impl Probe) {
        self.list.push_newest(LIST, key);
        probe.tell(key, Change::Enters { into: "list" }, &NEW);
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.list.newest(LIST) {
            self.list.remove(LIST, key);
            probe.tell(key, Change::Leaves { from: "list", remembered: None }, &MOST_RECENT);
        }
    }
}

const USED: Rule = Rule { name: "USED", place: "hit", says: "a hit makes it the most recently used" };
const NEW: Rule =
    Rule { name: "NEW", place: "insert", says: "it has just been asked for, so it enters in front" };
const MOST_RECENT: Rule = Rule {
    name: "MOST_RECENT",
    place: "evict",
    says: "it was asked for last, and in a loop that is the one needed again last",
};
