//! # LRU
//!
//! Least recently used: one list in order of the last request. A hit moves the object to the
//! front; the object at the back, which nobody has asked for the longest, leaves. Good where what
//! was asked for lately is asked for again soon; a long scan of objects that are asked for once
//! washes everything else out.
//!
//! Mattson, Gecsei, Slutz, Traiger: "Evaluation Techniques for Storage Hierarchies", IBM Systems
//! Journal 9(2), 1970, where it is the first of the *stack algorithms*: a larger cache holds all
//! that a smaller one does, so more room never means more misses.
//!
//! Cost: two links an object. A hit writes up to six of them; a miss takes the last of the list
//! and adds one in front. Nothing is left out.

use super::{About, Anatomy, Change, Lists, Outcome, Policy, Probe, Rule, Segment, Setup, Slot};
use crate::trace::Key;

const LIST: usize = 0;

/// LRU: a list in order of the last request.
#[derive(Clone, Debug, PartialEq)]
pub struct Lru {
    capacity: usize,
    list: Lists<1>,
}

impl Policy for Lru {
    const ABOUT: About = About {
        id: "lru",
        name: "LRU",
        idea: "What has not been asked for the longest leaves.",
        file: file!(),
        parameters: &[],
        rules: &[&USED, &NEW, &LEAST_RECENT],
    };

    fn new(setup: &Setup) -> Self {
        Lru { capacity: setup.capacity, list: Lists::new(setup.keys) }
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

impl Lru {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        self.list.renew(LIST, key);
        probe.tell(key, Change::Moves { from: "list", to: "list" }, &USED);
    }

    fn insert(&mut self, key: Key, probe: &mut impl Probe) {
        self.list.push_newest(LIST, key);
        probe.tell(key, Change::Enters { into: "list" }, &NEW);
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.list.pop_oldest(LIST) {
            probe.tell(key, Change::Leaves { from: "list", remembered: None }, &LEAST_RECENT);
        }
    }
}

const USED: Rule = Rule { name: "USED", place: "hit", says: "a hit makes it the most recently used" };
const NEW: Rule =
    Rule { name: "NEW", place: "insert", says: "it has just been asked for, so it enters in front" };
const LEAST_RECENT: Rule = Rule {
    name: "LEAST_RECENT",
    place: "evict",
    says: "it was last asked for longer ago than anything else here",
};
