//! # ARC
//!
//! Adaptive replacement cache: two lists share the cache, *recent* for what was asked for once and
//! *frequent* for what was asked for again, and each has a list of ghosts, the names of those it
//! gave up. A miss on a ghost of recent says that recent was too small, and raises its target; a
//! miss on a ghost of frequent lowers it. So the cache finds by itself how much recency and how
//! much frequency this traffic wants, and follows when that changes.
//!
//! Megiddo, Modha: "ARC: A Self-Tuning, Low Overhead Replacement Cache", FAST 2003, figure 4.
//! There recent is called T1, frequent T2, their ghosts B1 and B2, and the target p.
//!
//! Cost: two links and the name of its list an object, and as much for each ghost; there are as
//! many ghosts as objects. A hit moves one object, a miss at most three. Chosen: the target is a
//! real number, and steps by the sizes of the ghost lists before the ghost is taken out of its own.

use super::{About, Anatomy, Change, Lists, Outcome, Policy, Probe, Rule, Segment, Setup, Slot};
use crate::trace::Key;

const RECENT: usize = 0;
const FREQUENT: usize = 1;
const RECENT_GHOSTS: usize = 2;
const FREQUENT_GHOSTS: usize = 3;

/// ARC: recent and frequent objects, the ghosts of both, and a target between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    capacity: usize,
    /// How many objects recent should hold.
    target: f64,
    lists: Lists<4>,
}

impl Policy for Arc {
    const ABOUT: About = About {
        id: "arc",
        name: "ARC",
        idea: "Recent and frequent objects share the cache, and misses on their ghosts move the border.",
        file: file!(),
        parameters: &[],
        rules: &[
            &AGAIN,
            &USED,
            &RECENT_TOO_SMALL,
            &FREQUENT_TOO_SMALL,
            &CAME_BACK,
            &NEW,
            &RECENT_OVER_TARGET,
            &RECENT_AT_TARGET,
            &RECENT_WITHIN_TARGET,
            &ALL_RECENT,
            &RECENT_FORGOTTEN,
            &FREQUENT_FORGOTTEN,
        ],
    };

    fn new(setup: &Setup) -> Self {
        Arc { capacity: setup.capacity, target: 0.0, lists: Lists::new(setup.keys) }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        match self.lists.list_of(key) {
            Some(RECENT) => self.promote(key, probe),
            Some(FREQUENT) => self.renew(key, probe),
            Some(ghosts) => {
                self.adapt(ghosts, key, probe);
                self.replace(ghosts == FREQUENT_GHOSTS, probe);
                self.recall(ghosts, key, probe);
                return Outcome::Miss;
            }
            None => {
                self.make_room(probe);
                self.insert(key, probe);
                return Outcome::Miss;
            }
        }
        Outcome::Hit
    }

    fn show(&self, anatomy: &mut Anatomy) {
        let lists = [
            (FREQUENT, Segment::new("frequent", ("most recent", "least recent"))),
            (RECENT, Segment::new("recent", ("newest", "oldest"))),
            (RECENT_GHOSTS, Segment::ghost("ghosts of recent", ("newest", "oldest"))),
            (FREQUENT_GHOSTS, Segment::ghost("ghosts of frequent", ("newest", "oldest"))),
        ];
        for (list, segment) in lists {
            anatomy.segment(segment, self.lists.iter(list).map(Slot::of));
        }
        anatomy.dial("target for recent", self.target, self.capacity);
    }
}

impl Arc {
    fn promote(&mut self, key: Key, probe: &mut impl Probe) {
        self.lists.transfer(RECENT, FREQUENT, key);
        probe.tell(key, Change::Moves { from: "recent", to: "frequent" }, &AGAIN);
    }

    fn renew(&mut self, key: Key, probe: &mut impl Probe) {
        self.lists.renew(FREQUENT, key);
        probe.tell(key, Change::Moves { from: "frequent", to: "frequent" }, &USED);
    }

    /// Moves the target towards the list that should have kept `key`.
    fn adapt(&mut self, ghosts: usize, key: Key, probe: &mut impl Probe) {
        let recent = self.lists.len(RECENT_GHOSTS) as f64;
        let frequent = self.lists.len(FREQUENT_GHOSTS) as f64;
        let from = self.target;
        let (to, rule) = if ghosts == RECENT_GHOSTS {
            (from + (frequent / recent).max(1.0), &RECENT_TOO_SMALL)
        } else {
            (from - (recent / frequent).max(1.0), &FREQUENT_TOO_SMALL)
        };
        self.target = to.clamp(0.0, self.capacity as f64);
        if self.target != from {
            let change = Change::Adapts { dial: "target for recent", from, to: self.target };
            probe.tell(key, change, rule);
        }
    }

    fn recall(&mut self, ghosts: usize, key: Key, probe: &mut impl Probe) {
        self.lists.transfer(ghosts, FREQUENT, key);
        probe.tell(key, Change::Enters { into: "frequent" }, &CAME_BACK);
    }

    fn insert(&mut self, key: Key, probe: &mut impl Probe) {
        self.lists.push_newest(RECENT, key);
        probe.tell(key, Change::Enters { into: "recent" }, &NEW);
    }

    /// Makes room for an object of which nothing is known.
    fn make_room(&mut self, probe: &mut impl Probe) {
        let recent = self.lists.len(RECENT) + self.lists.len(RECENT_GHOSTS);
        let frequent = self.lists.len(FREQUENT) + self.lists.len(FREQUENT_GHOSTS);
        if recent == self.capacity {
            if self.lists.is_empty(RECENT_GHOSTS) {
                self.drop_recent(probe);
            } else {
                self.forget_recent(probe);
                self.replace(false, probe);
            }
        } else if recent + frequent >= self.capacity {
            if recent + frequent == 2 * self.capacity {
                self.forget_frequent(probe);
            }
            self.replace(false, probe);
        }
    }

    /// Gives up the oldest of recent or of frequent, by the target, and remembers its name.
    fn replace(&mut self, for_frequent_ghost: bool, probe: &mut impl Probe) {
        let recent = self.lists.len(RECENT) as f64;
        if recent > self.target {
            self.evict_recent(&RECENT_OVER_TARGET, probe);
        } else if for_frequent_ghost && recent == self.target && recent > 0.0 {
            self.evict_recent(&RECENT_AT_TARGET, probe);
        } else {
            self.evict_frequent(probe);
        }
    }

    fn evict_recent(&mut self, rule: &'static Rule, probe: &mut impl Probe) {
        if let Some(key) = self.lists.oldest(RECENT) {
            self.lists.transfer(RECENT, RECENT_GHOSTS, key);
            let change = Change::Leaves { from: "recent", remembered: Some("ghosts of recent") };
            probe.tell(key, change, rule);
        }
    }

    fn evict_frequent(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.oldest(FREQUENT) {
            self.lists.transfer(FREQUENT, FREQUENT_GHOSTS, key);
            let change = Change::Leaves { from: "frequent", remembered: Some("ghosts of frequent") };
            probe.tell(key, change, &RECENT_WITHIN_TARGET);
        }
    }

    fn drop_recent(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.pop_oldest(RECENT) {
            probe.tell(key, Change::Leaves { from: "recent", remembered: None }, &ALL_RECENT);
        }
    }

    fn forget_recent(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.pop_oldest(RECENT_GHOSTS) {
            probe.tell(key, Change::Forgotten { from: "ghosts of recent" }, &RECENT_FORGOTTEN);
        }
    }

    fn forget_frequent(&mut self, probe: &mut impl Probe) {
        if let Some(key) = self.lists.pop_oldest(FREQUENT_GHOSTS) {
            probe.tell(key, Change::Forgotten { from: "ghosts of frequent" }, &FREQUENT_FORGOTTEN);
        }
    }
}

const AGAIN: Rule =
    Rule { name: "AGAIN", place: "promote", says: "asked for a second time, it is frequent now" };
const USED: Rule =
    Rule { name: "USED", place: "renew", says: "a hit makes it the most recently used of the frequent" };
const RECENT_TOO_SMALL: Rule = Rule {
    name: "RECENT_TOO_SMALL",
    place: "adapt",
    says: "it was given up by recent not long ago: recent should have been larger",
};
const FREQUENT_TOO_SMALL: Rule = Rule {
    name: "FREQUENT_TOO_SMALL",
    place: "adapt",
    says: "it was given up by frequent not long ago: frequent should have been larger, recent smaller",
};
const CAME_BACK: Rule = Rule {
    name: "CAME_BACK",
    place: "recall",
    says: "its ghost shows that it was asked for before, so it enters frequent at once",
};
const NEW: Rule =
    Rule { name: "NEW", place: "insert", says: "nothing is known about it, so it enters recent" };
const RECENT_OVER_TARGET: Rule = Rule {
    name: "RECENT_OVER_TARGET",
    place: "replace",
    says: "recent holds more than its target allows, and it is the oldest there",
};
const RECENT_AT_TARGET: Rule = Rule {
    name: "RECENT_AT_TARGET",
    place: "replace",
    says: "recent is at its target and frequent has to grow; it is the oldest in recent",
};
const RECENT_WITHIN_TARGET: Rule = Rule {
    name: "RECENT_WITHIN_TARGET",
    place: "evict_frequent",
    says: "recent is within its target, so frequent gives up what was last asked for longest ago",
};
const ALL_RECENT: Rule = Rule {
    name: "ALL_RECENT",
    place: "drop_recent",
    says: "everything here was asked for only once, and it is the oldest; not even its name is kept",
};
const RECENT_FORGOTTEN: Rule = Rule {
    name: "RECENT_FORGOTTEN",
    place: "forget_recent",
    says: "recent and its ghosts together are as many as the cache has room for, and this ghost is the oldest",
};
const FREQUENT_FORGOTTEN: Rule = Rule {
    name: "FREQUENT_FORGOTTEN",
    place: "forget_frequent",
    says: "objects and ghosts together are twice as many as the cache has room for, and this ghost is the oldest",
};
