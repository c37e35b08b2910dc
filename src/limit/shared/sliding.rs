//! The most points of time in any stretch of a given length.

use crate::kernel::{Span, Time};
use std::collections::VecDeque;

/// Points of time that come nearly in order, and the most of them in any stretch that contains its
/// beginning but not its end.
#[derive(Clone, Debug)]
pub struct Sliding {
    length: Span,
    /// How long before the latest a point may still come.
    slack: Span,
    points: VecDeque<Time>,
    most: u64,
}

impl Sliding {
    /// No point yet; stretches are `length` long, and a point comes at most `slack` before the latest.
    pub fn new(length: Span, slack: Span) -> Self {
        Sliding { length, slack, points: VecDeque::new(), most: 0 }
    }

    /// One more point.
    pub fn push(&mut self, at: Time) {
        let after = self.points.iter().rev().take_while(|known| **known > at).count();
        self.points.insert(self.points.len() - after, at);
        let latest = self.points.back().copied().unwrap_or(at);
        // Of a stretch that ended before anything can still come all is known.
        while let Some(first) = self.points.front().copied()
            && first + self.length + self.slack < latest
        {
            self.most = self.most.max(self.from(0));
            self.points.pop_front();
        }
    }

    /// How many points lie in the stretch that begins with the one at `place`.
    fn from(&self, place: usize) -> u64 {
        let end = self.points[place] + self.length;
        (self.points.partition_point(|at| *at < end) - place) as u64
    }

    /// The most points in any stretch.
    pub fn most(&self) -> u64 {
        (0..self.points.len()).map(|place| self.from(place)).fold(self.most, u64::max)
    }
}
