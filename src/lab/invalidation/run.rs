//! The labs of invalidation as something that can be run and shown: what their systems are, what is kept
//! of them, and how they tell.

use super::{Invalidation, figures, picture, words};
use crate::catalogue::Figure;
use crate::invalidation::{Change, Heard, Live, Statistics, System, Who, gravity};
use crate::kernel::Time;
use crate::lab::in_step::lives::Turn;
use crate::lab::in_step::{Experiment, Shown, Side, World};
use crate::lab::moment::{self, Because};
use crate::lab::{Action, Shape, StageKind, VariantReport, table};

impl World for System {
    type Live = Live;
    type Heard = Heard;
    type Statistics = Statistics;

    fn next_time(&mut self) -> Option<Time> {
        System::next_time(self)
    }

    fn skip(&mut self, live: &mut Live) {
        self.happen(live);
    }

    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        self.happen(&mut crate::invalidation::Both(live, heard));
    }

    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        System::run(self, events, until, statistics)
    }

    fn duplicate(&self) -> Self {
        System::duplicate(self)
    }
}

impl Experiment for Invalidation {
    type World = System;
    type Kept = figures::Kept;

    fn begin(&self, run: u32) -> Vec<(System, Statistics)> {
        self.build_all(run).into_iter().map(|system| (system, Statistics::new(run == 0))).collect()
    }

    fn runs(&self) -> u32 {
        self.repeats.runs
    }

    fn all(&self) -> u64 {
        u64::from(self.operations)
    }

    fn done(system: &System, _: &Statistics) -> u64 {
        u64::from(system.sent())
    }

    fn end(&self) -> Time {
        self.repeats.end()
    }

    fn most_events(&self) -> u64 {
        Invalidation::most_events(self)
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

impl Shown for Invalidation {
    const BAD: u8 = 3;

    fn names(&self) -> Vec<String> {
        self.variants.iter().map(table::name).collect()
    }

    fn gravity(heard: &Heard) -> u8 {
        gravity(heard.change)
    }

    fn whom(heard: &Heard) -> Option<u64> {
        heard.who.name().map(|name| name.identity())
    }

    fn because(&self, heard: &Heard, _: &System) -> Because {
        Because {
            subject: match heard.who {
                Who::Operation(operation) => words::operation(&operation, self.all_keys()),
                Who::Place(place) => words::place(place).to_owned(),
            },
            change: moment::Change::Invalidation(heard.change),
            rule: heard.rule,
            figure: (heard.figure != Figure::None).then(|| heard.figure.to_string()),
        }
    }

    fn status(&self, side: &Side<System>, identity: u64) -> String {
        match u32::try_from(identity).ok().and_then(|number| side.live.fate(number)) {
            Some(fate) => words::fate(fate),
            None if identity <= u64::from(side.world.sent()) => "it is still under way".to_owned(),
            None => "it has not come".to_owned(),
        }
    }

    fn picture(&self, _: usize, side: &Side<System>, now: Time) -> Vec<Shape> {
        picture::of(self, side, now)
    }

    fn actions(&self, now: Time) -> Vec<Action> {
        picture::actions(self, now)
    }

    fn bytes(&self, side: &Side<System>) -> usize {
        const BYTES_A_THING: usize = 120;
        const BYTES_A_KEY: usize = 48;
        let system = (side.world.weight() + side.world.levels().aside + 64) * BYTES_A_THING;
        system + side.live.weight() + self.all_keys() as usize * BYTES_A_KEY + self.operations as usize * 16
    }
}

/// What becomes of an operation when something happens to it.
pub(super) fn turn(heard: &Heard) -> Turn {
    match heard.change {
        Change::Begins | Change::Begun(_) | Change::Asks | Change::Fills { .. } | Change::Deletes => {
            Turn::Into(StageKind::Held)
        }
        Change::Loads | Change::Checks | Change::Stores | Change::Acts => Turn::Into(StageKind::Worked),
        Change::Queues | Change::Waits => Turn::Into(StageKind::Waits),
        Change::Answered { .. } | Change::Acknowledged { .. } | Change::Failed { .. } | Change::Ended => {
            Turn::Ends
        }
        _ => Turn::GoesOn,
    }
}
