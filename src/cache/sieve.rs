//! # SIEVE
//!
//! One queue in order of arrival, one bit an object, one hand. A hit sets the bit and moves
//! nothing. To evict, the hand walks from the oldest towards the newest, clears each set bit it
//! meets, and takes the first object whose bit is clear; it stays there for the next time. New
//! objects enter at the newest end, *behind* the hand's path, so what is asked for only once is
//! sifted out early while the popular stay where they are.
//!
//! Zhang, Yang, Yue, Vigfusson, Rashmi: "SIEVE is Simpler than LRU: an Efficient Turn-Key Eviction
//! Algorithm for Web Caches", NSDI 2024.
//!
//! Cost: two links and a bit an object. A hit writes one bit; a miss passes over the marked
//! objects once each. Nothing of the paper is left out.

use super::{About, Anatomy, Change, Lists, Outcome, Policy, Probe, Rule, Segment, Setup, Slot};
use crate::trace::{Key, PerKey};

const QUEUE: usize = 0;

/// SIEVE: a queue, a bit an object, and a hand that stays where it evicted.
#[derive(Clone, Debug, PartialEq)]
pub struct Sieve {
    capacity: usize,
    queue: Lists<1>,
    visited: PerKey<bool>,
    hand: Option<Key>,
}

impl Policy for Sieve {
    const ABOUT: About = About {
        id: "sieve",
        name: "SIEVE",
        idea: "A hit only sets a bit; a hand that never turns back sifts out what has none.",
        file: file!(),
        parameters: &[],
        rules: &[&VISITED, &NEW, &SPARED, &UNVISITED],
    };

    fn new(setup: &Setup) -> Self {
        Sieve {
            capacity: setup.capacity,
            queue: Lists::new(setup.keys),
            visited: PerKey::new(setup.keys, false),
            hand: None,
        }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        if self.queue.holds(QUEUE, key) {
            self.hit(key, probe);
            return Outcome::Hit;
        }
        if self.queue.len(QUEUE) == self.capacity {
            self.evict(probe);
        }
        self.insert(key, probe);
        Outcome::Miss
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let slot = |key| Slot::of(key).marked(self.visited[key]).pointed_by(self.hand);
        let queue = Segment::new("queue", ("newest", "oldest")).room(self.capacity);
        anatomy.segment(queue, self.queue.iter(QUEUE).map(slot));
    }
}

impl Sieve {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        self.visited[key] = true;
        probe.tell(key, Change::Marks(true), &VISITED);
    }

    fn insert(&mut self, key: Key, probe: &mut impl Probe) {
        self.visited[key] = false;
        self.queue.push_newest(QUEUE, key);
        probe.tell(key, Change::Enters { into: "queue" }, &NEW);
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        let mut hand = self.hand.or(self.queue.oldest(QUEUE));
        while let Some(key) = hand {
            let next = self.queue.newer(key);
            if !self.visited[key] {
                self.queue.remove(QUEUE, key);
                self.hand = next;
                probe.tell(key, Change::Leaves { from: "queue", remembered: None }, &UNVISITED);
                return;
            }
            self.visited[key] = false;
            probe.tell(key, Change::Marks(false), &SPARED);
            hand = next.or(self.queue.oldest(QUEUE));
        }
    }
}

const VISITED: Rule = Rule { name: "VISITED", place: "hit", says: "a hit sets its bit and moves nothing" };
const NEW: Rule =
    Rule { name: "NEW", place: "insert", says: "new objects enter at the newest end, unmarked" };
const SPARED: Rule = Rule {
    name: "SPARED",
    place: "evict",
    says: "it was asked for since the hand last passed, so it is spared once",
};
const UNVISITED: Rule = Rule {
    name: "UNVISITED",
    place: "evict",
    says: "the hand found it without a mark: not asked for since the hand last passed",
};
