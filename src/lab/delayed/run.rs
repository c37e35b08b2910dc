//! The lab of delayed jobs as something that can be run: what its schedulers are, and what is kept of
//! them.

use super::{Delayed, figures};
use crate::kernel::Time;
use crate::lab::VariantReport;
use crate::lab::in_step::{Experiment, World};
use crate::queue::delay::{Heard, Live, Statistics, System};

impl World for Box<dyn System> {
    type Live = Live;
    type Heard = Heard;
    type Statistics = Statistics;

    fn next_time(&mut self) -> Option<Time> {
        (**self).next_time()
    }

    fn skip(&mut self, live: &mut Live) {
        (**self).skip(live);
    }

    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        (**self).step(live, heard);
    }

    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        (**self).run(events, until, statistics)
    }

    fn duplicate(&self) -> Self {
        (**self).duplicate()
    }
}

impl Experiment for Delayed {
    type World = Box<dyn System>;
    type Kept = Statistics;

    fn begin(&self, run: u32) -> Vec<(Self::World, Statistics)> {
        let course = run == 0;
        self.build_all(run).into_iter().map(|system| (system, Statistics::new(course))).collect()
    }

    fn runs(&self) -> u32 {
        self.repeats.runs
    }

    fn all(&self) -> u64 {
        Delayed::all(self)
    }

    fn done(_: &Self::World, statistics: &Statistics) -> u64 {
        statistics.counts.fired
    }

    fn end(&self) -> Time {
        Delayed::end(self)
    }

    fn most_events(&self) -> u64 {
        Delayed::most_events(self)
    }

    fn take_gravest(statistics: &mut Statistics) -> u8 {
        statistics.take_gravest()
    }

    fn now(statistics: &Statistics) -> Time {
        statistics.now()
    }

    fn keep(&self, _: usize, _: u32, statistics: &Statistics) -> Statistics {
        statistics.clone()
    }

    fn report(&self, at: usize, runs: &[Statistics]) -> VariantReport {
        figures::of(self, at, runs)
    }
}
