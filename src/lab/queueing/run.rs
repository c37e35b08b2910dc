//! The labs of queues as something that can be run: what their systems are, and what is kept of them.

use super::{Queueing, figures};
use crate::kernel::Time;
use crate::lab::VariantReport;
use crate::lab::in_step::{Experiment, World};
use crate::queue::{Heard, Live, Statistics, System};

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

impl Experiment for Queueing {
    type World = Box<dyn System>;
    /// The figures of every run, and of the first also its measurements.
    type Kept = (figures::Values, Option<Statistics>);

    fn begin(&self, run: u32) -> Vec<(Self::World, Statistics)> {
        let course = run == 0;
        let statistics = || Statistics::new(self.messages, self.warm_up, course);
        self.build_all(run).into_iter().map(|system| (system, statistics())).collect()
    }

    fn runs(&self) -> u32 {
        self.repeats.runs
    }

    fn all(&self) -> u64 {
        u64::from(self.messages)
    }

    fn done(system: &Self::World, _: &Statistics) -> u64 {
        u64::from(system.sent())
    }

    fn end(&self) -> Time {
        Queueing::end(self)
    }

    fn most_events(&self) -> u64 {
        Queueing::most_events(self)
    }

    fn take_gravest(statistics: &mut Statistics) -> u8 {
        statistics.take_gravest()
    }

    fn now(statistics: &Statistics) -> Time {
        statistics.now()
    }

    fn keep(&self, at: usize, run: u32, statistics: &Statistics) -> Self::Kept {
        (figures::taken(self, at, statistics), (run == 0).then(|| statistics.clone()))
    }

    fn report(&self, at: usize, runs: &[Self::Kept]) -> VariantReport {
        figures::of(self, at, runs)
    }
}
