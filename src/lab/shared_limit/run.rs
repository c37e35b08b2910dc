//! The lab of the shared limit as something that can be run: what its systems are, and what is kept of
//! them.

use super::{SharedLimit, figures};
use crate::kernel::Time;
use crate::lab::VariantReport;
use crate::lab::in_step::{Experiment, World};
use crate::limit::shared::{Both, Cluster, Heard, Live, Statistics};

impl World for Cluster {
    type Live = Live;
    type Heard = Heard;
    type Statistics = Statistics;

    fn next_time(&mut self) -> Option<Time> {
        Cluster::next_time(self)
    }

    fn skip(&mut self, live: &mut Live) {
        self.happen(live);
    }

    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        self.happen(&mut Both(live, heard));
    }

    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        Cluster::run(self, events, until, statistics)
    }

    fn duplicate(&self) -> Self {
        Cluster::duplicate(self)
    }
}

impl Experiment for SharedLimit {
    type World = Cluster;
    type Kept = Statistics;

    fn begin(&self, run: u32) -> Vec<(Cluster, Statistics)> {
        let statistics = || Statistics::new(self.window(), self.timeout(), run == 0);
        self.build_all(run).into_iter().map(|cluster| (cluster, statistics())).collect()
    }

    fn runs(&self) -> u32 {
        self.repeats.runs
    }

    fn all(&self) -> u64 {
        u64::from(self.requests)
    }

    fn done(_: &Cluster, statistics: &Statistics) -> u64 {
        statistics.counts.admitted + statistics.counts.refused
    }

    fn end(&self) -> Time {
        SharedLimit::end(self)
    }

    fn most_events(&self) -> u64 {
        SharedLimit::most_events(self)
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
