//! When each cached object is asked for next: the part that both forms of the optimum share.
//!
//! A stream has as many days as requests, and no two objects are asked for on the same day. So a
//! mark on a day says which object is cached, and the last marked day says which of them is needed
//! last. Objects that are never asked for again get a day of their own after the end.

use std::rc::Rc;

use super::{Anatomy, Badge, Segment, Setup, Slot};
use crate::trace::{Key, PerKey};

/// The days on which cached objects are asked for next. Marking a day, clearing it and finding the
/// last marked one each touch one word a level, of which twenty million days have five.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    stream: Rc<Stream>,
    /// A bit a day; above it, again and again, a bit for each word that has one set.
    levels: Vec<Vec<u64>>,
    marked: usize,
}

/// What is known about the whole stream.
#[derive(Debug, PartialEq, Eq)]
struct Stream {
    requests: Rc<[Key]>,
    /// For each request, the day on which the same key is asked for next.
    next: Vec<u32>,
}

impl Calendar {
    /// An empty cache before the first request.
    pub fn new(setup: &Setup) -> Self {
        let requests = Rc::clone(&setup.future);
        let after_the_end = |key: usize| (requests.len() + key) as u32;
        let mut soonest = PerKey::new(setup.keys, 0);
        for key in 0..setup.keys {
            soonest[Key(key as u32)] = after_the_end(key);
        }
        let mut next = vec![0; requests.len()];
        for (day, key) in requests.iter().enumerate().rev() {
            next[day] = std::mem::replace(&mut soonest[*key], day as u32);
        }
        let mut levels = vec![vec![0; (requests.len() + setup.keys).div_ceil(64).max(1)]];
        while let Some(words) = levels.last().map(Vec::len).filter(|words| *words > 1) {
            levels.push(vec![0; words.div_ceil(64)]);
        }
        Calendar { stream: Rc::new(Stream { requests, next }), levels, marked: 0 }
    }

    /// The day after `day` on which the key of that day is asked for again.
    #[inline(always)]
    pub fn next(&self, day: u32) -> u32 {
        self.stream.next[day as usize]
    }

    /// Who is asked for on `day`.
    #[inline(always)]
    pub fn key(&self, day: u32) -> Key {
        let requests = &self.stream.requests;
        requests.get(day as usize).copied().unwrap_or(Key(day.wrapping_sub(requests.len() as u32)))
    }

    /// Whether `day` lies within the stream, and not after its end.
    #[inline(always)]
    pub fn comes(&self, day: u32) -> bool {
        (day as usize) < self.stream.requests.len()
    }

    /// How many days are marked.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.marked
    }

    /// Whether `day` is marked.
    #[inline(always)]
    pub fn holds(&self, day: u32) -> bool {
        self.levels[0][day as usize / 64] & bit(day) != 0
    }

    /// Marks `day`, which is not marked.
    #[inline(always)]
    pub fn mark(&mut self, day: u32) {
        self.marked += 1;
        let mut at = day;
        for level in &mut self.levels {
            let word = &mut level[at as usize / 64];
            let was_empty = *word == 0;
            *word |= bit(at);
            if !was_empty {
                return;
            }
            at /= 64;
        }
    }

    /// Clears `day`, which is marked.
    #[inline(always)]
    pub fn clear(&mut self, day: u32) {
        self.marked -= 1;
        let mut at = day;
        for level in &mut self.levels {
            let word = &mut level[at as usize / 64];
            *word &= !bit(at);
            if *word != 0 {
                return;
            }
            at /= 64;
        }
    }

    /// The last marked day.
    #[inline(always)]
    pub fn last(&self) -> Option<u32> {
        let mut at = 0;
        for level in self.levels.iter().rev() {
            let highest = level[at as usize].checked_ilog2()?;
            at = 64 * at + highest;
        }
        Some(at)
    }

    /// Adds a segment of the cached objects, from the one that is asked for first to the last.
    pub fn show(&self, anatomy: &mut Anatomy, capacity: usize) {
        let days = (0..)
            .zip(&self.levels[0])
            .flat_map(|(at, word)| (64 * at..64 * at + 64).filter(move |day| word & bit(*day) != 0));
        let next = |day| Badge::Next(self.comes(day).then_some(day));
        let cached = Segment::new("cached", ("needed first", "needed last")).room(capacity);
        anatomy.segment(cached, days.map(|day| Slot::of(self.key(day)).badged(next(day))));
    }
}

fn bit(day: u32) -> u64 {
    1 << (day % 64)
}
