//! What is true: which value of a key is the newest that somebody was told is written.
//!
//! A read is **stale** if it returns a value although a newer one had been acknowledged to its writer
//! before the read began. That is the rule of a register that behaves as if there were one copy
//! (Herlihy and Wing, "Linearizability", 1990), as far as reads are concerned; reads and writes at the
//! same time may come in either order. The **age** of what is read is how long ago the first newer value
//! was acknowledged.

use super::operation::{Key, Version};
use crate::kernel::Time;

/// The history of every key.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The number of the newest value of each key, and the write that made it.
    newest: Vec<Version>,
    /// Since when the first value of each key is out of date; [`Time::MAX`]: it is not.
    first: Vec<Time>,
    /// The same of the value that each write made, by the write's number, and the write before it.
    writes: Vec<Record>,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    before: u32,
    outdated: Time,
    /// Whether its writer has been told.
    acknowledged: bool,
    /// Whether the place of record has lost it.
    gone: bool,
}

const UNKNOWN: Record = Record { before: 0, outdated: Time::MAX, acknowledged: false, gone: false };

impl Ledger {
    /// The first value of each of `keys` keys.
    pub fn new(keys: u32) -> Self {
        let keys = keys as usize;
        Ledger { newest: vec![Version::FIRST; keys], first: vec![Time::MAX; keys], writes: Vec::new() }
    }

    /// The place of record takes the value that `write` brings for `key`.
    pub fn record(&mut self, key: Key, write: u32) -> Version {
        let at = write as usize;
        if self.writes.len() <= at {
            self.writes.resize(at + 1, UNKNOWN);
        }
        let newest = &mut self.newest[key as usize];
        self.writes[at] = Record { before: newest.write, ..UNKNOWN };
        *newest = Version { number: newest.number + 1, write };
        *newest
    }

    /// The newest value of `key`, acknowledged or not.
    pub fn newest(&self, key: Key) -> Version {
        self.newest[key as usize]
    }

    /// Whoever wrote `version` of `key` has been told so at `now`: all before it are out of date, unless
    /// it is gone already. Whether it is.
    pub fn acknowledge(&mut self, key: Key, version: Version, now: Time) -> bool {
        let mut write = version.write;
        if let Some(record) = self.writes.get_mut(write as usize) {
            record.acknowledged = true;
            if record.gone {
                return true;
            }
        }
        while write != 0 {
            write = self.writes[write as usize].before;
            let outdated = match write {
                0 => &mut self.first[key as usize],
                _ => &mut self.writes[write as usize].outdated,
            };
            if *outdated != Time::MAX {
                break;
            }
            *outdated = now;
        }
        false
    }

    /// Since when `version` of `key` is out of date; [`Time::MAX`]: it is not.
    pub fn outdated(&self, key: Key, version: Version) -> Time {
        match version.write {
            0 => self.first.get(key as usize).copied().unwrap_or(Time::MAX),
            write => self.writes.get(write as usize).map_or(Time::MAX, |record| record.outdated),
        }
    }

    /// All values of `key` after `version` are gone for good: `version` is the newest again. Those of the
    /// writes that made them whose writers have been told, the oldest first.
    pub fn fall_back(&mut self, key: Key, version: Version) -> Vec<u32> {
        let mut lost = Vec::new();
        let mut write = self.newest[key as usize].write;
        while write != 0 && write != version.write {
            let record = &mut self.writes[write as usize];
            record.gone = true;
            if record.acknowledged {
                lost.push(write);
            }
            write = record.before;
        }
        lost.reverse();
        self.newest[key as usize].write = version.write;
        match version.write {
            0 => self.first[key as usize] = Time::MAX,
            write => self.writes[write as usize].outdated = Time::MAX,
        }
        lost
    }
}
