//! Something for each window of time: a counter that a store keeps, a tally.
//!
//! Windows are aligned: number n goes from n times its width up to, and not including, n + 1 times.
//! Only the few windows about which somebody may still ask are kept, the latest last.

use std::collections::VecDeque;

/// A value for each window, all alike until something is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Windows<T> {
    kept: VecDeque<(u64, T)>,
}

impl<T: Default> Windows<T> {
    /// Nothing kept yet.
    pub fn new() -> Self {
        Windows { kept: VecDeque::new() }
    }

    /// The value of `window`, to be changed.
    pub fn of(&mut self, window: u64) -> &mut T {
        let after = self.kept.iter().rev().take_while(|(known, _)| *known > window).count();
        let at = self.kept.len() - after;
        let there = at.checked_sub(1).filter(|at| self.kept[*at].0 == window);
        let at = there.unwrap_or_else(|| {
            self.kept.insert(at, (window, T::default()));
            at
        });
        &mut self.kept[at].1
    }

    /// The value of `window`, if something is kept of it.
    pub fn get(&self, window: u64) -> Option<&T> {
        self.kept.iter().rev().find(|(known, _)| *known == window).map(|(_, value)| value)
    }

    /// The windows that are kept, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.kept.iter().map(|(window, value)| (*window, value))
    }

    /// Forgets all windows before `oldest`.
    pub fn expire(&mut self, oldest: u64) {
        while self.kept.front().is_some_and(|(window, _)| *window < oldest) {
            self.kept.pop_front();
        }
    }

    /// Takes the earliest window, if `over` says so.
    pub fn take_first(&mut self, over: impl Fn(u64, &T) -> bool) -> Option<(u64, T)> {
        let is_over = self.kept.front().is_some_and(|(window, value)| over(*window, value));
        if is_over { self.kept.pop_front() } else { None }
    }
}
