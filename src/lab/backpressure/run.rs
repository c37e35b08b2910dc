//! The labs of backpressure as something that can be run: what their systems are, and what is kept of
//! them.

use super::{Backpressure, figures};
use crate::kernel::Time;
use crate::lab::VariantReport;
use crate::lab::in_step::{Experiment, World};
use crate::pressure::{Heard, Live, Statistics, System};

impl World for System {
    type Live = Live;
    type Heard = Heard;
    type Statistics = Statistics;

    fn next_time(&mut self) -> Option<Time> {
        System::next_time(self)
    }

    fn skip(&mut self, live: &mut Live) {
        System::skip(self, live);
    }

    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        System::step(self, live, heard);
    }

    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        System::run(self, events, until, statistics)
    }

    fn duplicate(&self) -> Self {
        self.clone()
    }
}

impl Experiment for Backpressure {
    type World = System;
    type Kept = figures::Kept;

    fn begin(&self, run: u32) -> Vec<(System, Statistics)> {
        let (course, overload) = (run == 0, self.overload());
        self.build_all(run).into_iter().map(|system| (system, Statistics::new(course, overload))).collect()
    }

    fn runs(&self) -> u32 {
        self.repeats.runs
    }

    fn all(&self) -> u64 {
        u64::from(self.messages)
    }

    fn done(system: &System, _: &Statistics) -> u64 {
        u64::from(system.callers().sent())
    }

    fn end(&self) -> Time {
        Backpressure::end(self)
    }

    fn most_events(&self) -> u64 {
        Backpressure::most_events(self)
    }

    fn take_gravest(statistics: &mut Statistics) -> u8 {
        statistics.take_gravest()
    }

    fn now(statistics: &Statistics) -> Time {
        statistics.now()
    }

    fn keep(&self, _: usize, run: u32, statistics: &Statistics) -> figures::Kept {
        figures::keep(self, run, statistics)
    }

    fn report(&self, at: usize, runs: &[figures::Kept]) -> VariantReport {
        figures::of(self, at, runs)
    }
}
