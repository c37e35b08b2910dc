//! The events that are yet to happen, in the order in which they will.
//!
//! Events at the same time happen in the order in which they were scheduled, so that a run is the
//! same whenever it is repeated. An event for the past happens now: after all that was scheduled
//! for now already. To call an event off, let it come and ignore it, or [`Events::forget`] it once it
//! is the next.

use super::Time;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A queue of events to come, and the present time.
#[derive(Clone, Debug)]
pub struct Events<E> {
    heap: BinaryHeap<Scheduled<E>>,
    now: Time,
    order: u64,
}

impl<E> Events<E> {
    /// No events yet, at [`Time::ZERO`].
    pub fn new() -> Self {
        Events { heap: BinaryHeap::new(), now: Time::ZERO, order: 0 }
    }

    /// The time of the event that happened last.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Lets `event` happen at `at`, or now if `at` is past.
    pub fn schedule(&mut self, at: Time, event: E) {
        let scheduled = Scheduled { at: at.max(self.now), order: self.order, event };
        self.order += 1;
        self.heap.push(scheduled);
    }

    /// Takes the next event and moves the present time to it.
    #[expect(clippy::should_implement_trait, reason = "more may be scheduled after the last")]
    pub fn next(&mut self) -> Option<(Time, E)> {
        let Scheduled { at, event, .. } = self.heap.pop()?;
        self.now = at;
        Some((at, event))
    }

    /// Drops the next event, which means nothing any more; the present time stays.
    pub fn forget(&mut self) {
        self.heap.pop();
    }

    /// When the next event happens.
    pub fn next_time(&self) -> Option<Time> {
        self.heap.peek().map(|scheduled| scheduled.at)
    }

    /// The next event and its time, without taking it.
    pub fn peek(&self) -> Option<(Time, &E)> {
        self.heap.peek().map(|scheduled| (scheduled.at, &scheduled.event))
    }

    /// All events to come with their times, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (Time, &E)> {
        self.heap.iter().map(|scheduled| (scheduled.at, &scheduled.event))
    }

    /// How many events are to come.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing more will happen.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

impl<E> Default for Events<E> {
    fn default() -> Self {
        Events::new()
    }
}

#[derive(Clone, Debug)]
struct Scheduled<E> {
    at: Time,
    order: u64,
    event: E,
}

/// The standard heap gives its greatest, so the earlier counts as the greater.
impl<E> Ord for Scheduled<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl<E> PartialOrd for Scheduled<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Scheduled<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<E> Eq for Scheduled<E> {}
