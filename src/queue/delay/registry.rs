//! The list of structures: a new one is a file and a line in [`TIMERS`].

use super::scheduler::System;
use super::{Clock, Habits, Heap, HierarchicalWheel, Jump, RabbitMqTtl, Scheduler, Setup, SortedSet, Source};
use super::{SqsDelay, Timers, Traffic, Wheel};
use crate::catalogue::{About, Parameters};

/// Every structure, in the order in which menus list them.
pub const TIMERS: &[Entry] = &[
    Entry::of::<Heap>(),
    Entry::of::<Wheel>(),
    Entry::of::<HierarchicalWheel>(),
    Entry::of::<SortedSet>(),
    Entry::of::<SqsDelay>(),
    Entry::of::<RabbitMqTtl>(),
];

/// A structure in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it says about itself.
    pub about: &'static About,
    /// Puts one between those who submit and those who work.
    pub build: fn(Order) -> Box<dyn System>,
}

/// What a scheduler is built from.
#[derive(Clone, Debug)]
pub struct Order {
    /// What is submitted.
    pub traffic: Traffic,
    /// How many seconds the scheduler's clock counts in a second.
    pub rate: f64,
    /// When its clock is put forward or back, by rising time.
    pub jumps: Vec<Jump>,
    /// How it goes about its work; the number of workers is taken from the parameters.
    pub habits: Habits,
    /// The structure's parameters, complete and within their ranges.
    pub parameters: Parameters,
}

impl Entry {
    const fn of<T: Timers>() -> Self {
        Entry { about: &T::ABOUT, build: build::<T> }
    }
}

/// The structure that a scenario calls `id`.
pub fn find(id: &str) -> Option<&'static Entry> {
    TIMERS.iter().find(|entry| entry.about.id == id)
}

fn build<T: Timers>(order: Order) -> Box<dyn System> {
    let Order { traffic, rate, jumps, habits, parameters } = order;
    let clock = Clock::new(rate, &jumps, parameters.choice("clock") == "steady");
    let habits = Habits { workers: parameters.whole("workers") as u32, ..habits };
    let timers = T::new(&Setup { seed: traffic.seed, parameters });
    Box::new(Scheduler::new(timers, Source::new(traffic), clock, habits))
}
