//! A confidence interval.

use serde::{Deserialize, Serialize};

/// Where the true value lies, with the chance `level` that intervals made this way hold it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end, in the unit of the measured values.
    pub low: f64,
    /// The upper end, in the same unit.
    pub high: f64,
    /// The confidence level, between 0 and 1: 0.95 is usual.
    pub level: f64,
}

impl Interval {
    /// Whether `value` lies in the interval, ends included.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The distance from the middle to either end: the number after "±".
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}
