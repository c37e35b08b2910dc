//! The labs of rate limits as something that can be run: what a door is among systems in step, and
//! what is kept of it.

use super::{RateLimit, figures};
use crate::kernel::Time;
use crate::lab::VariantReport;
use crate::lab::in_step::{Experiment, World};
use crate::limit::door::{Door, Heard, Live, Statistics};

impl World for Door {
    type Live = Live;
    type Heard = Heard;
    type Statistics = Statistics;

    fn next_time(&mut self) -> Option<Time> {
        Door::next_time(self)
    }

    fn skip(&mut self, live: &mut Live) {
        self.happen(live);
    }

    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        self.happen(&mut (live, heard));
    }

    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        for done in 0..events {
            let Some(now) = Door::next_time(self).filter(|now| *now <= until) else { return done };
            self.happen(statistics);
            statistics.read(now, self);
        }
        events
    }

    fn duplicate(&self) -> Self {
        Door::duplicate(self)
    }
}

impl Experiment for RateLimit {
    type World = Door;
    type Kept = (figures::Values, Option<Statistics>);

    fn begin(&self, run: u32) -> Vec<(Door, Statistics)> {
        let doors = self.build_all(run).into_iter();
        doors.enumerate().map(|(at, door)| (door, self.statistics(at, run == 0))).collect()
    }

    fn runs(&self) -> u32 {
        self.repeats.runs
    }

    fn all(&self) -> u64 {
        RateLimit::all(self)
    }

    fn done(door: &Door, _: &Statistics) -> u64 {
        u64::from(door.sent())
    }

    fn end(&self) -> Time {
        RateLimit::end(self)
    }

    fn most_events(&self) -> u64 {
        RateLimit::most_events(self)
    }

    fn take_gravest(statistics: &mut Statistics) -> u8 {
        statistics.take_gravest()
    }

    fn now(statistics: &Statistics) -> Time {
        statistics.now()
    }

    fn keep(&self, _: usize, run: u32, statistics: &Statistics) -> Self::Kept {
        (figures::taken(statistics), (run == 0).then(|| statistics.clone()))
    }

    fn report(&self, at: usize, runs: &[Self::Kept]) -> VariantReport {
        figures::of(self, at, runs)
    }
}
