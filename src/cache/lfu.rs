//! # LFU
//!
//! Least frequently used: every object carries the number of its requests since it came in, and
//! the smallest count leaves. Among equals, the one that has had that count the longest leaves.
//! It keeps what is popular over the long run, and also what was popular long ago: an old
//! favourite with a high count stays, while newcomers with a count of one push each other out.
//!
//! Counting in constant time: Shah, Mitra, Matani: "An O(1) algorithm for implementing the LFU
//! cache eviction scheme", 2010. Here one queue holds all objects in order of their counts, and
//! for each count we know the last object in the queue that has it: behind that one, or behind the
//! last with one request less, is where an object with one more request belongs.
//!
//! Cost: two links and a count an object, and one number for each count up to the highest. A hit
//! moves one object within the queue; a miss takes its first. Chosen: counts end when the object
//! leaves, and nothing ages; aged counts are a policy of their own.

use super::{About, Anatomy, Change, Lists, Outcome, Policy, Probe, Rule, Segment, Setup, Slot};
use crate::trace::{Key, PerKey};

const QUEUE: usize = 0;

/// LFU: a queue in order of counts, and the last object of each count.
#[derive(Clone, Debug, PartialEq)]
pub struct Lfu {
    capacity: usize,
    /// From the highest count, which is its newest end, to the lowest.
    queue: Lists<1>,
    count: PerKey<u32>,
    /// For each count, the object that reached it last, if any has it.
    last: Vec<Option<Key>>,
}

impl Policy for Lfu {
    const ABOUT: About = About {
        id: "lfu",
        name: "LFU",
        idea: "What was asked for the fewest times since it came in leaves.",
        file: file!(),
        parameters: &[],
        rules: &[&COUNTED, &BEHIND, &NEW, &LEAST_COUNT],
    };

    fn new(setup: &Setup) -> Self {
        Lfu {
            capacity: setup.capacity,
            queue: Lists::new(setup.keys),
            count: PerKey::new(setup.keys, 0),
            last: vec![None; 2],
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
        let slot = |key| Slot::of(key).counted(self.count[key]);
        let queue = Segment::new("queue", ("highest count", "lowest count")).room(self.capacity);
        anatomy.segment(queue, self.queue.iter(QUEUE).map(slot));
    }
}

impl Lfu {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        let count = self.count[key] as usize + 1;
        if count == self.last.len() {
            self.last.push(None);
        }
        let behind = self.last[count].or(self.last[count - 1]).filter(|other| *other != key);
        self.leave_count(key);
        self.join_count(key, count);
        probe.tell(key, Change::Counts(count as u32), &COUNTED);
        if let Some(other) = behind {
            self.queue.move_newer(key, other);
            probe.tell_number(key, Change::Moves { from: "queue", to: "queue" }, &BEHIND, Some(count as u32));
        }
    }

    fn insert(&mut self, key: Key, probe: &mut impl Probe) {
        match self.last[1] {
            Some(other) => self.queue.push_newer(QUEUE, key, other),
            None => self.queue.push_oldest(QUEUE, key),
        }
        self.join_count(key, 1);
        probe.tell(key, Change::Enters { into: "queue" }, &NEW);
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.queue.oldest(QUEUE) {
            self.leave_count(key);
            self.queue.remove(QUEUE, key);
            let change = Change::Leaves { from: "queue", remembered: None };
            probe.tell_number(key, change, &LEAST_COUNT, Some(self.count[key]));
        }
    }

    fn join_count(&mut self, key: Key, count: usize) {
        self.count[key] = count as u32;
        self.last[count] = Some(key);
    }

    fn leave_count(&mut self, key: Key) {
        let count = self.count[key];
        if self.last[count as usize] == Some(key) {
            self.last[count as usize] = self.queue.older(key).filter(|other| self.count[*other] == count);
        }
    }
}

const COUNTED: Rule = Rule { name: "COUNTED", place: "hit", says: "a hit adds one to its count" };
const BEHIND: Rule = Rule {
    name: "BEHIND",
    place: "hit",
    says: "with a count of {} it stands behind all that reached that count before it",
};
const NEW: Rule = Rule {
    name: "NEW",
    place: "insert",
    says: "new objects start at a count of 1, behind the others that have it",
};
const LEAST_COUNT: Rule = Rule {
    name: "LEAST_COUNT",
    place: "evict",
    says: "no count here is lower than its {}, and it has had that count the longest",
};
