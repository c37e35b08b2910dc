//! A clock that is moved by fractions of a nanosecond and shows whole ones.

use crate::kernel::{Span, Time};

/// The time of the last arrival and the part of a nanosecond that it does not show.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Clock {
    shown: Time,
    fraction: f64,
}

impl Clock {
    /// Moves on by `seconds` and shows the time, rounded down; the rest is kept for the next move.
    pub(super) fn advance(&mut self, seconds: f64) -> Time {
        let nanos = seconds * 1e9 + self.fraction;
        let whole = nanos.floor();
        self.fraction = nanos - whole;
        self.shown += Span::from_nanos(whole as u64);
        self.shown
    }
}
