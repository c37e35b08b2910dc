//! A value that holds for a while and then changes: a queue's length, the busy servers.
//!
//! Its mean weighs each value by how long it held.

use crate::kernel::Time;

/// The history of a value, summed up.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeWeighted {
    start: Time,
    since: Time,
    value: f64,
    greatest: f64,
    /// The area under the value from `start` to `since`, in value times nanoseconds.
    area: f64,
}

impl TimeWeighted {
    /// The history starts at `start` with `value`.
    pub fn new(start: Time, value: f64) -> Self {
        TimeWeighted { start, since: start, value, greatest: value, area: 0.0 }
    }

    /// From `at` on the value is `value`. A time before the last change counts as that change.
    pub fn set(&mut self, at: Time, value: f64) {
        self.area += self.value * at.since(self.since).nanos() as f64;
        self.since = self.since.max(at);
        self.value = value;
        self.greatest = self.greatest.max(value);
    }

    /// The value now.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The greatest value so far.
    pub fn greatest(&self) -> f64 {
        self.greatest
    }

    /// The mean from the start to `until`, which is not before the last change; `None` if no time
    /// has passed.
    pub fn mean(&self, until: Time) -> Option<f64> {
        let until = until.max(self.since);
        let area = self.area + self.value * until.since(self.since).nanos() as f64;
        let length = until.since(self.start).nanos();
        (length > 0).then(|| area / length as f64)
    }
}
