//! # 2Q
//!
//! Two queues and a memory. New objects enter *recent*, a FIFO for a quarter of the cache, in
//! which hits count for nothing: several requests at once, for one thing, are no sign of lasting
//! interest. What leaves it is *remembered* by name. Only an object that is asked for again while
//! remembered is worth keeping, and goes to *frequent*, an LRU list with the rest of the room.
//!
//! Johnson, Shasha: "2Q: A Low Overhead High Performance Buffer Management Replacement Algorithm",
//! VLDB 1994, the full version. There recent is called A1in, remembered A1out and frequent Am.
//!
//! Cost: two links and the name of its list an object, and as much for each one remembered. A hit
//! moves at most one object, a miss at most three. Chosen: a remembered object that comes back
//! leaves the memory before room is made, and frequent has room for at least one.

use super::{
    About, Anatomy, Change, Lists, Outcome, Parameter, Policy, Probe, Range, Rule, Segment, Setup, Slot,
};
use crate::trace::Key;

const RECENT: usize = 0;
const FREQUENT: usize = 1;
const REMEMBERED: usize = 2;

/// 2Q: a queue for newcomers, a memory of who left it, and a list for those who came back.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoQ {
    capacity: usize,
    recent_room: usize,
    remembered_room: usize,
    lists: Lists<3>,
}

impl Policy for TwoQ {
    const ABOUT: About = About {
        id: "2q",
        name: "2Q",
        idea: "Newcomers pass through a short queue; only those asked for again afterwards are kept.",
        file: file!(),
        parameters: &[
            Parameter {
                id: "recent",
                means: "share of the cache for newcomers, in percent",
                range: Range::Whole { least: 1, most: 99, default: 25 },
            },
            Parameter {
                id: "remembered",
                means: "how many of those who left are remembered, in percent of the cache",
                range: Range::Whole { least: 1, most: 200, default: 50 },
            },
        ],
        rules: &[&USED, &TOO_SOON, &NEW, &CAME_BACK, &PASSED_THROUGH, &FORGOTTEN, &LEAST_RECENT],
    };

    fn new(setup: &Setup) -> Self {
        let recent_room = setup.parameters.share("recent", setup.capacity);
        TwoQ {
            capacity: setup.capacity,
            recent_room: recent_room.min(setup.capacity - 1),
            remembered_room: setup.parameters.share("remembered", setup.capacity),
            lists: Lists::new(setup.keys),
        }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        match self.lists.list_of(key) {
            Some(FREQUENT) => self.renew(key, probe),
            Some(RECENT) => self.leave_alone(key, probe),
            ghost => {
                if ghost == Some(REMEMBERED) {
                    self.lists.remove(REMEMBERED, key);
                }
                if self.lists.len(RECENT) + self.lists.len(FREQUENT) == self.capacity {
                    self.evict(probe);
                }
                self.insert(key, ghost == Some(REMEMBERED), probe);
                return Outcome::Miss;
            }
        }
        Outcome::Hit
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let frequent = Segment::new("frequent", ("most recent", "least recent"));
        anatomy.segment(frequent, self.lists.iter(FREQUENT).map(Slot::of));
        let recent = Segment::new("recent", ("newest", "oldest")).share(self.recent_room);
        anatomy.segment(recent, self.lists.iter(RECENT).map(Slot::of));
        let remembered = Segment::ghost("ghosts", ("newest", "oldest")).room(self.remembered_room);
        anatomy.segment(remembered, self.lists.iter(REMEMBERED).map(Slot::of));
    }
}

impl TwoQ {
    fn renew(&mut self, key: Key, probe: &mut impl Probe) {
        self.lists.renew(FREQUENT, key);
        probe.tell(key, Change::Moves { from: "frequent", to: "frequent" }, &USED);
    }

    fn leave_alone(&mut self, key: Key, probe: &mut impl Probe) {
        probe.tell(key, Change::Stays, &TOO_SOON);
    }

    fn insert(&mut self, key: Key, came_back: bool, probe: &mut impl Probe) {
        if came_back {
            self.lists.push_newest(FREQUENT, key);
            probe.tell(key, Change::Enters { into: "frequent" }, &CAME_BACK);
        } else {
            self.lists.push_newest(RECENT, key);
            probe.tell(key, Change::Enters { into: "recent" }, &NEW);
        }
    }

    fn evict(&mut self, probe: &mut impl Probe) {
        if self.lists.len(RECENT) > self.recent_room {
            self.evict_recent(probe);
        } else {
            self.evict_frequent(probe);
        }
    }

    fn evict_recent(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.oldest(RECENT) {
            self.lists.transfer(RECENT, REMEMBERED, key);
            let change = Change::Leaves { from: "recent", remembered: Some("ghosts") };
            probe.tell(key, change, &PASSED_THROUGH);
        }
        if self.lists.len(REMEMBERED) > self.remembered_room {
            self.forget(probe);
        }
    }

    fn evict_frequent(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.pop_oldest(FREQUENT) {
            probe.tell(key, Change::Leaves { from: "frequent", remembered: None }, &LEAST_RECENT);
        }
    }

    fn forget(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.pop_oldest(REMEMBERED) {
            probe.tell(key, Change::Forgotten { from: "ghosts" }, &FORGOTTEN);
        }
    }
}

const USED: Rule =
    Rule { name: "USED", place: "renew", says: "a hit makes it the most recently used of the frequent" };
const TOO_SOON: Rule = Rule {
    name: "TOO_SOON",
    place: "leave_alone",
    says: "a second request so soon after the first says little about later",
};
const NEW: Rule = Rule { name: "NEW", place: "insert", says: "new objects enter recent" };
const CAME_BACK: Rule = Rule {
    name: "CAME_BACK",
    place: "insert",
    says: "it left recent not long ago and is still remembered, so it enters frequent at once",
};
const PASSED_THROUGH: Rule = Rule {
    name: "PASSED_THROUGH",
    place: "evict_recent",
    says: "recent is over its share, and it came there first of all",
};
const FORGOTTEN: Rule = Rule {
    name: "FORGOTTEN",
    place: "forget",
    says: "no more names can be remembered, and its own is the oldest",
};
const LEAST_RECENT: Rule = Rule {
    name: "LEAST_RECENT",
    place: "evict_frequent",
    says: "recent is within its share, so frequent gives up what was last asked for longest ago",
};
