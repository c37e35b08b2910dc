//! Who left the cache last, when, and by which rule: what it takes to explain, at a miss, why the
//! object is no longer there.

use super::{Because, Change, Probe, Rule};
use crate::trace::{Key, PerKey};

/// For each key, how it last left the cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Departures {
    served: u32,
    last: PerKey<Option<Departure>>,
}

/// How an object left the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Departure {
    /// At which request, counted from 1.
    pub request: u32,
    /// By which rule.
    pub rule: &'static Rule,
    /// The figure that the rule decided by.
    pub number: Option<u32>,
}

impl Departures {
    /// Nobody has left yet.
    pub fn new(keys: usize) -> Self {
        Departures { served: 0, last: PerKey::new(keys, None) }
    }

    /// How `key` last left; `None` if it never did, or was not let in the last time.
    pub fn of(&self, key: Key) -> Option<Departure> {
        self.last[key]
    }

    pub(super) fn next_request(&mut self) {
        self.served += 1;
    }
}

impl Probe for Departures {
    #[inline(always)]
    fn tell_number(&mut self, key: Key, change: Change, rule: &'static Rule, number: Option<u32>) {
        match change {
            Change::Leaves { .. } => self.last[key] = Some(Departure { request: self.served, rule, number }),
            Change::Bypasses => self.last[key] = None,
            _ => {}
        }
    }
}

/// Notes the departures and keeps every reason.
impl Probe for (&mut Departures, &mut Vec<Because>) {
    fn tell_number(&mut self, key: Key, change: Change, rule: &'static Rule, number: Option<u32>) {
        self.0.tell_number(key, change, rule, number);
        self.1.tell_number(key, change, rule, number);
    }
}
