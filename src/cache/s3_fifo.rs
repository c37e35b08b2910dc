//! # S3-FIFO
//!
//! Three queues, no list to reorder. New objects enter *small*, a tenth of the cache; most objects
//! are asked for only once, and leave it soon for *ghost*, where only the name is kept. What was
//! asked for again while in small moves on to *main*, and so does at once what is asked for while
//! its ghost is still there. Main goes round like a clock: a hit only counts, up to three, and the
//! oldest object re-enters with a count less until it has none.
//!
//! Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache eviction", SOSP 2023.
//!
//! Cost: a place in a queue and a count of two bits an object. A hit writes only the count; a miss
//! moves the objects it passes over once each. Chosen: how often an object has to be asked for
//! again to move to main (once in the paper, twice in its authors' simulator), and whether
//! main takes newcomers from when small is full until the first eviction (newer versions of that
//! simulator) or only through small (the paper, and its first version).

use super::{
    About, Anatomy, Change, Lists, Outcome, Parameter, Policy, Probe, Range, Rule, Segment, Setup, Slot,
};
use crate::trace::{Key, PerKey};

const SMALL: usize = 0;
const MAIN: usize = 1;
const GHOST: usize = 2;

const HIGHEST_COUNT: u8 = 3;

/// S3-FIFO: a small queue for newcomers, a main one for the rest, and a queue of ghosts.
#[derive(Clone, Debug, PartialEq)]
pub struct S3Fifo {
    capacity: usize,
    small_room: usize,
    ghost_room: usize,
    threshold: u8,
    /// Whether newcomers go to main once small is full: until the first eviction, if at all.
    warming_up: bool,
    queues: Lists<3>,
    count: PerKey<u8>,
}

impl Policy for S3Fifo {
    const ABOUT: About = About {
        id: "s3-fifo",
        name: "S3-FIFO",
        idea: "A small queue sifts out what is asked for once; the main one goes round like a clock.",
        file: file!(),
        parameters: &[
            Parameter {
                id: "small",
                means: "share of the cache for newcomers, in percent",
                range: Range::Whole { least: 1, most: 99, default: 10 },
            },
            Parameter {
                id: "ghost",
                means: "how many ghosts are kept, in percent of the cache",
                range: Range::Whole { least: 1, most: 200, default: 90 },
            },
            Parameter {
                id: "threshold",
                means: "asked for again this often while in small, an object moves to main",
                range: Range::Whole { least: 1, most: 3, default: 1 },
            },
            Parameter {
                id: "warm-up",
                means: "where newcomers go once small is full, until something has to leave",
                range: Range::Choice(&["main", "small"]),
            },
        ],
        rules: &[
            &COUNTED,
            &NEW,
            &REMEMBERED,
            &STILL_ROOM,
            &PROMOTED,
            &FRESH_START,
            &ASKED_ONCE,
            &FORGOTTEN,
            &SPARED,
            &ROUND_COSTS,
            &COUNT_USED_UP,
        ],
    };

    fn new(setup: &Setup) -> Self {
        S3Fifo {
            capacity: setup.capacity,
            small_room: setup.parameters.share("small", setup.capacity),
            ghost_room: setup.parameters.share("ghost", setup.capacity),
            threshold: setup.parameters.whole("threshold") as u8,
            warming_up: setup.parameters.choice("warm-up") == "main",
            queues: Lists::new(setup.keys),
            count: PerKey::new(setup.keys, 0),
        }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        let place = self.queues.list_of(key);
        if matches!(place, Some(SMALL | MAIN)) {
            self.hit(key, probe);
            return Outcome::Hit;
        }
        let remembered = place == Some(GHOST);
        if remembered {
            self.queues.remove(GHOST, key);
        }
        while self.queues.len(SMALL) + self.queues.len(MAIN) == self.capacity {
            self.evict(probe);
        }
        self.insert(key, remembered, probe);
        Outcome::Miss
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let slot = |key| Slot::of(key).counted(u32::from(self.count[key]));
        let small = Segment::new("small", ("newest", "oldest")).share(self.small_room);
        anatomy.segment(small, self.queues.iter(SMALL).map(slot));
        let main = Segment::new("main", ("newest", "oldest")).share(self.capacity - self.small_room);
        anatomy.segment(main, self.queues.iter(MAIN).map(slot));
        let ghost = Segment::ghost("ghost", ("newest", "oldest")).room(self.ghost_room);
        anatomy.segment(ghost, self.queues.iter(GHOST).map(Slot::of));
    }
}

impl S3Fifo {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        self.count[key] = (self.count[key] + 1).min(HIGHEST_COUNT);
        probe.tell(key, Change::Counts(u32::from(self.count[key])), &COUNTED);
    }

    fn insert(&mut self, key: Key, remembered: bool, probe: &mut impl Probe) {
        self.count[key] = 0;
        if remembered {
            self.queues.push_newest(MAIN, key);
            probe.tell(key, Change::Enters { into: "main" }, &REMEMBERED);
        } else if self.warming_up && self.queues.len(SMALL) >= self.small_room {
            self.queues.push_newest(MAIN, key);
            probe.tell(key, Change::Enters { into: "main" }, &STILL_ROOM);
        } else {
            self.queues.push_newest(SMALL, key);
            probe.tell(key, Change::Enters { into: "small" }, &NEW);
        }
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        self.warming_up = false;
        let main_is_over = self.queues.len(MAIN) > self.capacity - self.small_room;
        if main_is_over || self.queues.is_empty(SMALL) {
            self.evict_main(probe);
        } else {
            self.evict_small(probe);
        }
    }

    /// Promotes from small what was asked for again, until something was not, or small is empty.
    fn evict_small(&mut self, probe: &mut impl Probe) {
        while let Some(key) = self.queues.oldest(SMALL) {
            let count = self.count[key];
            if count < self.threshold {
                self.queues.transfer(SMALL, GHOST, key);
                let change = Change::Leaves { from: "small", remembered: Some("ghost") };
                probe.tell_number(key, change, &ASKED_ONCE, Some(u32::from(count)));
                self.forget(probe);
                return;
            }
            self.queues.transfer(SMALL, MAIN, key);
            self.count[key] = 0;
            let change = Change::Moves { from: "small", to: "main" };
            probe.tell_number(key, change, &PROMOTED, Some(u32::from(count)));
            probe.tell(key, Change::Counts(0), &FRESH_START);
        }
    }

    /// Goes round main, a count less each time, until an object has none.
    fn evict_main(&mut self, probe: &mut impl Probe) {
        while let Some(key) = self.queues.oldest(MAIN) {
            if self.count[key] == 0 {
                self.queues.remove(MAIN, key);
                probe.tell(key, Change::Leaves { from: "main", remembered: None }, &COUNT_USED_UP);
                return;
            }
            self.queues.renew(MAIN, key);
            self.count[key] -= 1;
            probe.tell(key, Change::Moves { from: "main", to: "main" }, &SPARED);
            probe.tell(key, Change::Counts(u32::from(self.count[key])), &ROUND_COSTS);
        }
    }

    fn forget(&mut self, probe: &mut impl Probe) {
        if self.queues.len(GHOST) <= self.ghost_room {
            return;
        }
        if let Some(key) = self.queues.pop_oldest(GHOST) {
            probe.tell(key, Change::Forgotten { from: "ghost" }, &FORGOTTEN);
        }
    }
}

const COUNTED: Rule = Rule {
    name: "COUNTED",
    place: "hit",
    says: "a hit adds one to its count, up to three, and moves nothing",
};
const NEW: Rule = Rule { name: "NEW", place: "insert", says: "new objects enter small" };
const REMEMBERED: Rule = Rule {
    name: "REMEMBERED",
    place: "insert",
    says: "its ghost was still there, so it was put out too early and enters main at once",
};
const STILL_ROOM: Rule = Rule {
    name: "STILL_ROOM",
    place: "insert",
    says: "small is full and nothing had to leave yet, so it fills main",
};
const PROMOTED: Rule = Rule {
    name: "PROMOTED",
    place: "evict_small",
    says: "it is the oldest in small and was asked for again: its count of {} is enough for main",
};
const FRESH_START: Rule =
    Rule { name: "FRESH_START", place: "evict_small", says: "in main it starts without a count" };
const ASKED_ONCE: Rule = Rule {
    name: "ASKED_ONCE",
    place: "evict_small",
    says: "it is the oldest in small and was asked for again {} times there, which is too few to stay",
};
const SPARED: Rule = Rule {
    name: "SPARED",
    place: "evict_main",
    says: "it is the oldest in main but was asked for there, so it goes round again",
};
const ROUND_COSTS: Rule =
    Rule { name: "ROUND_COSTS", place: "evict_main", says: "going round main costs it one of its count" };
const COUNT_USED_UP: Rule = Rule {
    name: "COUNT_USED_UP",
    place: "evict_main",
    says: "it is the oldest in main and its count is used up: not asked for since it last went round",
};
const FORGOTTEN: Rule = Rule {
    name: "FORGOTTEN",
    place: "forget",
    says: "there are more ghosts than are kept, and it is the oldest",
};
