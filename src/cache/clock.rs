//! # CLOCK
//!
//! Second chance: a ring of frames, one bit a frame, one hand. A hit sets the bit and moves
//! nothing. To evict, the hand goes round: a frame whose bit is set has it cleared and is passed
//! over once; the first frame whose bit is clear is emptied, takes in the new object, and the hand
//! goes on to the next. Nearly the misses of LRU, for one bit written at a hit.
//!
//! Corbató: "A Paging Experiment with the Multics System", MIT Project MAC, 1968.
//!
//! Cost: one frame and one bit an object. A hit writes one bit; a miss passes over the marked
//! frames once each. Chosen: a new object enters with its bit clear, so only a second request
//! spares it; some systems set the bit at once.

use super::{About, Anatomy, Change, Outcome, Policy, Probe, Rule, Segment, Setup, Slot};
use crate::trace::{Key, PerKey};

/// CLOCK: a ring of frames, a bit a frame, and a hand that goes round.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    capacity: usize,
    ring: Vec<Key>,
    hand: usize,
    state: PerKey<State>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Absent,
    Clear,
    Marked,
}

impl Policy for Clock {
    const ABOUT: About = About {
        id: "clock",
        name: "CLOCK",
        idea: "A hit only sets a bit; a hand goes round, clears bits, and evicts where none is set.",
        file: file!(),
        parameters: &[],
        rules: &[&USED, &FREE, &REPLACED, &SPARED, &UNUSED],
    };

    fn new(setup: &Setup) -> Self {
        Clock {
            capacity: setup.capacity,
            ring: Vec::with_capacity(setup.capacity.min(setup.keys)),
            hand: 0,
            state: PerKey::new(setup.keys, State::Absent),
        }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        if self.state[key] != State::Absent {
            self.hit(key, probe);
            return Outcome::Hit;
        }
        if self.ring.len() < self.capacity {
            self.fill(key, probe);
        } else {
            self.evict(probe);
            self.replace(key, probe);
        }
        Outcome::Miss
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let hand = self.ring.get(self.hand).copied();
        let slot = |key: &Key| Slot::of(*key).marked(self.state[*key] == State::Marked).pointed_by(hand);
        let ring = Segment::new("ring", ("first frame", "last frame")).room(self.capacity);
        anatomy.segment(ring, self.ring.iter().map(slot));
    }
}

impl Clock {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        self.state[key] = State::Marked;
        probe.tell(key, Change::Marks(true), &USED);
    }

    fn fill(&mut self, key: Key, probe: &mut impl Probe) {
        self.ring.push(key);
        self.state[key] = State::Clear;
        probe.tell(key, Change::Enters { into: "ring" }, &FREE);
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        while self.state[self.ring[self.hand]] == State::Marked {
            let key = self.ring[self.hand];
            self.state[key] = State::Clear;
            probe.tell(key, Change::Marks(false), &SPARED);
            self.advance();
        }
        let key = self.ring[self.hand];
        self.state[key] = State::Absent;
        probe.tell(key, Change::Leaves { from: "ring", remembered: None }, &UNUSED);
    }

    fn replace(&mut self, key: Key, probe: &mut impl Probe) {
        self.ring[self.hand] = key;
        self.state[key] = State::Clear;
        probe.tell(key, Change::Enters { into: "ring" }, &REPLACED);
        self.advance();
    }

    fn advance(&mut self) {
        self.hand = if self.hand + 1 < self.capacity { self.hand + 1 } else { 0 };
    }
}

const USED: Rule = Rule { name: "USED", place: "hit", says: "a hit sets its bit and moves nothing" };
const FREE: Rule =
    Rule { name: "FREE", place: "fill", says: "a frame is still free, and it enters unmarked" };
const REPLACED: Rule = Rule {
    name: "REPLACED",
    place: "replace",
    says: "it takes the frame that was emptied, unmarked, and the hand goes on to the next",
};
const SPARED: Rule = Rule {
    name: "SPARED",
    place: "evict",
    says: "it was asked for since the hand last passed, so it gets a second chance",
};
const UNUSED: Rule = Rule {
    name: "UNUSED",
    place: "evict",
    says: "the hand found it without a mark: not asked for since the hand last passed",
};
