//! # A clock that may be wrong
//!
//! A scheduler does not know what time it is; it reads a clock. A **wall clock** tells the time of
//! day: it may run fast or slow, and somebody (an operator, NTP, a virtual machine that was
//! suspended) may put it forward or back. A **steady clock** only counts: it may run fast or slow
//! as well, but nobody can put it back, so it is good for delays and knows nothing of dates.
//!
//! Both begin right, at zero. A clock that would be put back to before that stops there. Slewing,
//! the gentle way of correcting a clock by letting it run slow for a while, is left out.

use crate::kernel::{Span, Time};

/// How a clock is put forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jump {
    /// When, in real time.
    pub at: Time,
    /// By how much.
    pub by: Span,
    /// Whether it is put forward.
    pub forward: bool,
}

/// A wall clock and a steady clock, driven by the same crystal.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// How many millionths of a second it counts in a second.
    rate: u64,
    /// The jumps to come, the next one last.
    jumps: Vec<Jump>,
    /// A real time, and what the wall clock read then, from which on nobody touched it.
    set: (Time, Time),
    /// Whether the scheduler goes by the steady clock.
    steady: bool,
}

const MILLION: u64 = 1_000_000;

impl Clock {
    /// A clock that counts `rate` seconds a second and is put forward or back by `jumps`, which
    /// come by rising time. `steady`: whether the scheduler goes by the steady one.
    pub fn new(rate: f64, jumps: &[Jump], steady: bool) -> Self {
        let rate = ((rate * MILLION as f64).round() as u64).max(1);
        Clock { rate, jumps: jumps.iter().rev().copied().collect(), set: (Time::ZERO, Time::ZERO), steady }
    }

    /// What the scheduler's clock reads at `now`.
    pub fn read(&self, now: Time) -> Time {
        if self.steady { self.counted(Time::ZERO, Time::ZERO, now) } else { self.wall(now) }
    }

    /// The first time at which the scheduler's clock reads `reading` or more, if nobody touches it.
    pub fn when(&self, reading: Time) -> Time {
        let (at, read) = if self.steady { (Time::ZERO, Time::ZERO) } else { self.set };
        let span = u128::from(reading.since(read).nanos()) * u128::from(MILLION);
        at + Span::from_nanos(u64::try_from(span.div_ceil(u128::from(self.rate))).unwrap_or(u64::MAX))
    }

    /// What the wall clock reads at `now`.
    pub fn wall(&self, now: Time) -> Time {
        self.counted(self.set.0, self.set.1, now)
    }

    /// When the wall clock is put forward or back next; what the scheduler cannot see is not told.
    pub fn next_jump(&self) -> Option<Time> {
        self.jumps.last().map(|jump| jump.at)
    }

    /// Puts the wall clock forward or back, as is due.
    pub fn jump(&mut self) -> Option<Jump> {
        let jump = self.jumps.pop()?;
        let read = self.wall(jump.at);
        self.set = (jump.at, if jump.forward { read + jump.by } else { read - jump.by });
        Some(jump)
    }

    /// Whether the scheduler goes by the steady clock.
    pub fn is_steady(&self) -> bool {
        self.steady
    }

    fn counted(&self, at: Time, read: Time, now: Time) -> Time {
        let span = u128::from(now.since(at).nanos()) * u128::from(self.rate) / u128::from(MILLION);
        read + Span::from_nanos(u64::try_from(span).unwrap_or(u64::MAX))
    }
}
