//! # OPT
//!
//! Belady's optimum: whoever is asked for next in the farthest future leaves. No cache can know
//! that, so this is no policy to use but a mark to measure by. There are two of it. With insertion
//! *forced*, what was missed has to enter, and no cache that works so misses less. With *bypass*
//! allowed, what was missed may itself be what is needed again last; then it is answered and not
//! let in, which never misses more and mostly a little less.
//!
//! Belady: "A Study of Replacement Algorithms for a Virtual-Storage Computer", IBM Systems Journal
//! 5(2), 1966; that it is optimal: Mattson, Gecsei, Slutz, Traiger, IBM Systems Journal 9(2), 1970;
//! with the choice not to insert: McFarling: "Cache Replacement with Dynamic Exclusion", ISCA 1992.
//!
//! Cost: the whole stream in advance, with the next request for the same key beside each request.
//! A hit moves one mark in a calendar, a miss takes its last mark and adds one. Chosen: among
//! objects that are never asked for again it makes no difference who leaves; while there is room
//! everything is let in, needed again or not.

use super::calendar::Calendar;
use super::{About, Anatomy, Change, Outcome, Policy, Probe, Rule, Setup};
use crate::trace::Key;

/// OPT where what was missed has to enter.
pub type BeladyForced = Belady<false>;
/// OPT where what was missed may stay out.
pub type BeladyBypass = Belady<true>;

/// OPT: the cached objects in order of their next request.
#[derive(Clone, Debug, PartialEq)]
pub struct Belady<const BYPASS: bool> {
    capacity: usize,
    /// The number of this request, counted from zero.
    today: u32,
    /// A mark for each cached object on the day on which it is asked for next.
    calendar: Calendar,
}

impl<const BYPASS: bool> Policy for Belady<BYPASS> {
    const ABOUT: About = About {
        id: if BYPASS { "opt-bypass" } else { "opt" },
        name: if BYPASS { "OPT (bypass allowed)" } else { "OPT (insertion forced)" },
        idea: if BYPASS {
            "What is needed again last is given up, even if that is the object just asked for."
        } else {
            "What is needed again last leaves: no cache that takes in what it misses does better."
        },
        file: file!(),
        parameters: &[],
        rules: if BYPASS {
            &[&NEEDED_AGAIN, &DONE, &STILL_ROOM, &NEEDED_SOONER, &NEEDED_LATER, &FARTHEST, &NEVER]
        } else {
            &[&NEEDED_AGAIN, &DONE, &STILL_ROOM, &FORCED, &FARTHEST, &NEVER]
        },
    };

    fn new(setup: &Setup) -> Self {
        Belady { capacity: setup.capacity, today: 0, calendar: Calendar::new(setup) }
    }

    fn request(&mut self, key: Key, probe: &mut impl Probe) -> Outcome {
        let outcome = if self.calendar.holds(self.today) {
            self.hit(key, probe);
            Outcome::Hit
        } else {
            if self.calendar.len() < self.capacity {
                self.fill(key, probe);
            } else {
                self.replace(key, probe);
            }
            Outcome::Miss
        };
        self.today += 1;
        outcome
    }

    fn show(&self, anatomy: &mut Anatomy) {
        self.calendar.show(anatomy, self.capacity);
    }
}

impl<const BYPASS: bool> Belady<BYPASS> {
    fn hit(&mut self, key: Key, probe: &mut impl Probe) {
        let next = self.calendar.next(self.today);
        self.calendar.clear(self.today);
        self.calendar.mark(next);
        let change = Change::Moves { from: "cached", to: "cached" };
        if self.calendar.comes(next) {
            probe.tell_number(key, change, &NEEDED_AGAIN, Some(next + 1));
        } else {
            probe.tell(key, change, &DONE);
        }
    }

    fn fill(&mut self, key: Key, probe: &mut impl Probe) {
        self.calendar.mark(self.calendar.next(self.today));
        probe.tell(key, Change::Enters { into: "cached" }, &STILL_ROOM);
    }

    fn replace(&mut self, key: Key, probe: &mut impl Probe) {
        let next = self.calendar.next(self.today);
        match self.calendar.last() {
            Some(last) if last < next && BYPASS => probe.tell(key, Change::Bypasses, &NEEDED_LATER),
            Some(last) => {
                self.evict(last, probe);
                self.calendar.mark(next);
                let rule = if BYPASS { &NEEDED_SOONER } else { &FORCED };
                probe.tell(key, Change::Enters { into: "cached" }, rule);
            }
            None => {}
        }
    }

    fn evict(&mut self, last: u32, probe: &mut impl Probe) {
        self.calendar.clear(last);
        let victim = self.calendar.key(last);
        let change = Change::Leaves { from: "cached", remembered: None };
        if self.calendar.comes(last) {
            probe.tell_number(victim, change, &FARTHEST, Some(last + 1));
        } else {
            probe.tell(victim, change, &NEVER);
        }
    }
}

const NEEDED_AGAIN: Rule =
    Rule { name: "NEEDED_AGAIN", place: "hit", says: "it takes its place by its next request, number {}" };
const DONE: Rule = Rule {
    name: "DONE",
    place: "hit",
    says: "it is never asked for again, so it goes to those that may leave first",
};
const STILL_ROOM: Rule = Rule { name: "STILL_ROOM", place: "fill", says: "there is still room" };
const FORCED: Rule =
    Rule { name: "FORCED", place: "replace", says: "what was missed has to enter, needed again or not" };
const NEEDED_SOONER: Rule =
    Rule { name: "NEEDED_SOONER", place: "replace", says: "it is needed again before the one that left" };
const NEEDED_LATER: Rule = Rule {
    name: "NEEDED_LATER",
    place: "replace",
    says: "everything here is needed again before it is, so it is not let in",
};
const FARTHEST: Rule = Rule {
    name: "FARTHEST",
    place: "evict",
    says: "its next request, number {}, is farther away than that of any other",
};
const NEVER: Rule = Rule { name: "NEVER", place: "evict", says: "it is never asked for again" };
