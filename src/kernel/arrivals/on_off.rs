//! Bursts: requests come at random while the source is on, and not at all while it is off.
//!
//! Both kinds of period are exponentially distributed (an interrupted Poisson process; Kuczura,
//! "The Interrupted Poisson Process as an Overflow Process", Bell System Technical Journal 52,
//! 1973). The run starts with a period that is on.

use super::clock::Clock;
use crate::kernel::distribution::exponential;
use crate::kernel::{Random, Time};

/// An on-off source under way; all times in seconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OnOff {
    mean_gap: f64,
    mean_on: f64,
    mean_off: f64,
    /// How much of the present on period is left; `None` before the run.
    left: Option<f64>,
    clock: Clock,
}

impl OnOff {
    /// `rate` requests a second during periods of mean length `on`, between which lie `off`.
    pub(super) fn new(rate: f64, on: f64, off: f64) -> Self {
        OnOff { mean_gap: 1.0 / rate, mean_on: on, mean_off: off, left: None, clock: Clock::default() }
    }

    /// A gap of time that is on, and every off period that falls into it.
    pub(super) fn next(&mut self, random: &mut Random) -> Time {
        let gap = exponential(self.mean_gap, random);
        let mut left = self.left.unwrap_or_else(|| exponential(self.mean_on, random));
        let mut off = 0.0;
        while left < gap {
            off += exponential(self.mean_off, random);
            left += exponential(self.mean_on, random);
        }
        self.left = Some(left - gap);
        self.clock.advance(gap + off)
    }
}
