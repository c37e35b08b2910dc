//! How many pass in any window of time: a sliding count, over everybody and for each key.

use crate::kernel::{Span, Time};
use crate::limit::Key;
use std::collections::VecDeque;

/// Counts those that pass in windows of one length, which contain their beginning but not their end.
#[derive(Clone, Debug)]
pub struct InWindow {
    window: Span,
    log: VecDeque<(Time, Key, u32)>,
    of_key: Vec<u64>,
    all: u64,
    /// The most permits of everybody together in any window.
    pub most: u64,
    /// The most permits of one key in any window.
    pub most_of_key: u64,
}

impl InWindow {
    /// Nobody has passed yet.
    pub fn new(window: Span) -> Self {
        InWindow { window, log: VecDeque::new(), of_key: Vec::new(), all: 0, most: 0, most_of_key: 0 }
    }

    /// A request of `key` that took `cost` permits passes at `now`, never before the one before it.
    pub fn pass(&mut self, now: Time, key: Key, cost: u32) {
        self.forget(now);
        if key as usize >= self.of_key.len() {
            self.of_key.resize(key as usize + 1, 0);
        }
        self.log.push_back((now, key, cost));
        let of_key = &mut self.of_key[key as usize];
        *of_key += u64::from(cost);
        self.all += u64::from(cost);
        self.most_of_key = self.most_of_key.max(*of_key);
        self.most = self.most.max(self.all);
    }

    /// How many permits passed in the window that ends right after `now`.
    pub fn count(&mut self, now: Time) -> u64 {
        self.forget(now);
        self.all
    }

    fn forget(&mut self, now: Time) {
        while let Some((at, key, cost)) = self.log.front().copied() {
            if now.since(at) < self.window {
                return;
            }
            self.log.pop_front();
            self.of_key[key as usize] -= u64::from(cost);
            self.all -= u64::from(cost);
        }
    }
}
