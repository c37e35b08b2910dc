//! # FIFO
//!
//! First in, first out: one queue in order of arrival. A hit changes nothing; whoever has been
//! here longest leaves, however popular it is. It is the yardstick that the others improve on, and
//! the one in which *more* room can mean *more* misses.
//!
//! The anomaly: Belady, Nelson, Shedler: "An Anomaly in Space-Time Characteristics of Certain
//! Programs Running in a Paging Machine", Communications of the ACM 12(6), 1969.
//!
//! Cost: one place in the queue and a bit an object. A hit writes nothing; a miss takes one key
//! from one end of the queue and adds one at the other. Nothing is left out.

use std::collections::VecDeque;

use super::{About, Anatomy, Change, Outcome, Policy, Probe, Rule, Segment, Setup, Slot};
use crate::trace::{Key, PerKey};

/// FIFO: a queue in order of arrival.
#[derive(Clone, Debug, PartialEq)]
pub struct Fifo {
    capacity: usize,
    queue: VecDeque<Key>,
    cached: PerKey<bool>,
}

impl Policy for Fifo {
    const ABOUT: About = About {
        id: "fifo",
        name: "FIFO",
        idea: "Whoever came first leaves first; hits do not count.",
        file: file!(),
        parameters: &[],
        rules: &[&FOUND, &NEW, &OLDEST],
    };

    fn new(setup: &Setup) -> Self {
        Fifo {
            capacity: setup.capacity,
            queue: VecDeque::with_capacity(setup.capacity.min(setup.keys)),
            cached: PerKey::new(setup.keys, false),
        }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        if self.cached[key] {
            self.hit(key, probe);
            return Outcome::Hit;
        }
        if self.queue.len() == self.capacity {
            self.evict(probe);
        }
        self.insert(key, probe);
        Outcome::Miss
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let queue = Segment::new("queue", ("newest", "oldest")).room(self.capacity);
        anatomy.segment(queue, self.queue.iter().rev().map(|key| Slot::of(*key)));
    }
}

impl Fifo {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        probe.tell(key, Change::Stays, &FOUND);
    }

    fn insert(&mut self, key: Key, probe: &mut impl Probe) {
        self.queue.push_back(key);
        self.cached[key] = true;
        probe.tell(key, Change::Enters { into: "queue" }, &NEW);
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.queue.pop_front() {
            self.cached[key] = false;
            probe.tell(key, Change::Leaves { from: "queue", remembered: None }, &OLDEST);
        }
    }
}

const FOUND: Rule =
    Rule { name: "FOUND", place: "hit", says: "only the order of arrival counts, so a hit changes nothing" };
const NEW: Rule = Rule { name: "NEW", place: "insert", says: "new objects enter at the newest end" };
const OLDEST: Rule =
    Rule { name: "OLDEST", place: "evict", says: "it came first of all that are here, so it leaves first" };
