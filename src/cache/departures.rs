//! Who left the cache last, when, and by which rule: what it takes to explain, at a miss, why the
//! object is no longer there.

use super::{Because, Change, Probe, Rule};
use crate::trace::{Key, PerKey};

/// For each key, how it last left the cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Departures {
    served: u32,
    last: PerKey<Last>,
}

/// A departure in twelve bytes, because there is one for each key in each copy of a lab.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Last {
    request: u32,
    /// `NO_NUMBER` for none.
    number: u32,
    /// `None`: it never left.
    rule: Option<&'static Rule>,
}

const NO_NUMBER: u32 = u32::MAX;
const NEVER: Last = Last { request: 0, number: NO_NUMBER, rule: None };

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
        Departures { served: 0, last: PerKey::new(keys, NEVER) }
    }

    /// How `key` last left; `None` if it never did, or was not let in the last time.
    pub fn of(&self, key: Key) -> Option<Departure> {
        let Last { request, number, rule } = self.last[key];
        Some(Departure { request, rule: rule?, number: (number != NO_NUMBER).then_some(number) })
    }

    pub(super) fn next_request(&mut self) {
        self.served += 1;
    }
}

impl Probe for Departures {
    #[inline(always)]
    fn tell_number(&mut self, key: Key, change: Change, rule: &'static Rule, number: Option<u32>) {
        match change {
            Change::Leaves { .. } => {
                let number = number.unwrap_or(NO_NUMBER);
                self.last[key] = Last { request: self.served, number, rule: Some(rule) };
            }
            Change::Bypasses => self.last[key] = NEVER,
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
