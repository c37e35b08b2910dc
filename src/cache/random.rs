//! # Random
//!
//! No order, no marks, no memory: whoever stands in a slot drawn at random leaves. It is never far
//! from FIFO, costs next to nothing, and has no worst case that a stream could aim at, so it is a
//! yardstick for all that take more trouble.
//!
//! Belady: "A Study of Replacement Algorithms for a Virtual-Storage Computer", IBM Systems Journal
//! 5(2), 1966, where it is the first policy studied.
//!
//! Cost: one slot and a bit an object. A hit writes nothing; a miss draws one number. The draws
//! follow from the seed, so that the same run can be seen again.

use super::{About, Anatomy, Change, Outcome, Policy, Probe, Rule, Segment, Setup, Slot};
use crate::kernel::Random as Dice;
use crate::trace::{Key, PerKey};

/// Random: slots in no order.
#[derive(Clone, Debug, PartialEq)]
pub struct Random {
    capacity: usize,
    slots: Vec<Key>,
    cached: PerKey<bool>,
    dice: Dice,
}

impl Policy for Random {
    const ABOUT: About = About {
        id: "random",
        name: "Random",
        idea: "Anyone may leave: the dice decide.",
        file: file!(),
        parameters: &[],
        rules: &[&FOUND, &FREE, &REPLACED, &DRAWN],
    };

    fn new(setup: &Setup) -> Self {
        Random {
            capacity: setup.capacity,
            slots: Vec::with_capacity(setup.capacity.min(setup.keys)),
            cached: PerKey::new(setup.keys, false),
            dice: Dice::new(setup.seed),
        }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        if self.cached[key] {
            self.hit(key, probe);
            return Outcome::Hit;
        }
        if self.slots.len() < self.capacity {
            self.fill(key, probe);
        } else {
            self.replace(key, probe);
        }
        self.cached[key] = true;
        Outcome::Miss
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let slots = Segment::new("slots", ("first slot", "last slot")).room(self.capacity);
        anatomy.segment(slots, self.slots.iter().map(|key| Slot::of(*key)));
    }
}

impl Random {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        probe.tell(key, Change::Stays, &FOUND);
    }

    fn fill(&mut self, key: Key, probe: &mut impl Probe) {
        self.slots.push(key);
        probe.tell(key, Change::Enters { into: "slots" }, &FREE);
    }

    fn replace(&mut self, key: Key, probe: &mut impl Probe) {
        let drawn = self.dice.below(self.slots.len() as u32) as usize;
        let victim = std::mem::replace(&mut self.slots[drawn], key);
        self.cached[victim] = false;
        let change = Change::Leaves { from: "slots", remembered: None };
        probe.tell_number(victim, change, &DRAWN, Some(drawn as u32));
        probe.tell(key, Change::Enters { into: "slots" }, &REPLACED);
    }
}

const FOUND: Rule =
    Rule { name: "FOUND", place: "hit", says: "the dice know no favourites, so a hit changes nothing" };
const FREE: Rule = Rule { name: "FREE", place: "fill", says: "a slot is still free" };
const REPLACED: Rule = Rule { name: "REPLACED", place: "replace", says: "it takes the slot that was drawn" };
const DRAWN: Rule = Rule { name: "DRAWN", place: "replace", says: "the dice fell on its slot" };
