//! Whole runs of several systems, one after another. The first is the one that can be stepped
//! through: its systems go in step, and what became of each step is marked. In the others each system
//! goes by itself. The unit of work is what comes from outside: a message, a job.

use super::{World, next_time};
use crate::kernel::Time;
use crate::lab::report::{Report, VariantReport, digest};
use crate::lab::{Marks, Run, Settings};

/// A lab's scenario as something that can be run.
pub trait Experiment: Settings + Clone {
    /// One of its systems.
    type World: World;
    /// What is kept of a finished run of one system.
    type Kept;

    /// The systems of run number `run`, counted from 0, at their start, with nothing measured yet.
    fn begin(&self, run: u32) -> Vec<(Self::World, Statistics<Self>)>;

    /// How many independent runs there are.
    fn runs(&self) -> u32;

    /// How much comes from outside in a run.
    fn all(&self) -> u64;

    /// How much of it has come.
    fn done(world: &Self::World, statistics: &Statistics<Self>) -> u64;

    /// When a run ends at the latest.
    fn end(&self) -> Time;

    /// How many events a system has at the most.
    fn most_events(&self) -> u64;

    /// How grave the gravest event was since this was asked last, as an outcome of the lab.
    fn take_gravest(statistics: &mut Statistics<Self>) -> u8;

    /// The time of the last event.
    fn now(statistics: &Statistics<Self>) -> Time;

    /// Keeps of run number `run` of variant `at` what its report needs.
    fn keep(&self, at: usize, run: u32, statistics: &Statistics<Self>) -> Self::Kept;

    /// What variant `at` came to in these runs, the first run first.
    fn report(&self, at: usize, runs: &[Self::Kept]) -> VariantReport;
}

/// What is measured of a run of one system of an experiment.
pub type Statistics<E> = <<E as Experiment>::World as World>::Statistics;

/// Runs under way.
pub struct Runs<E: Experiment> {
    experiment: E,
    sides: Vec<Side<E>>,
    /// The run under way, counted from 0.
    run: u32,
    marks: Vec<Marks>,
    steps: u64,
    /// When the first run ended.
    first_end: Option<Time>,
    /// What is kept of the finished runs, by variant.
    finished: Vec<Vec<E::Kept>>,
}

struct Side<E: Experiment> {
    world: E::World,
    statistics: Statistics<E>,
    events: u64,
}

impl<E: Experiment> Runs<E> {
    /// The first run at its start.
    pub fn new(experiment: &E) -> Self {
        let variants = experiment.variants().len();
        let mut runs = Runs {
            experiment: experiment.clone(),
            sides: Vec::new(),
            run: 0,
            marks: vec![Marks::default(); variants],
            steps: 0,
            first_end: None,
            finished: (0..variants).map(|_| Vec::new()).collect(),
        };
        runs.prepare();
        runs
    }

    fn prepare(&mut self) {
        let begun = self.experiment.begin(self.run).into_iter();
        self.sides = begun.map(|(world, statistics)| Side { world, statistics, events: 0 }).collect();
    }

    /// Takes up to `events` events of the present run and says whether it is over.
    fn go_on(&mut self, events: u64) -> bool {
        if self.run == 0 { self.go_in_step(events) } else { self.go_apart(events) }
    }

    fn go_in_step(&mut self, events: u64) -> bool {
        let (end, most) = (self.experiment.end(), self.experiment.most_events());
        for _ in 0..events {
            let now = next_time(self.sides.iter_mut().map(|side| &mut side.world));
            let Some(now) = now.filter(|now| *now <= end && self.steps < most) else { return true };
            for (side, marks) in self.sides.iter_mut().zip(&mut self.marks) {
                side.world.run(1, now, &mut side.statistics);
                marks.push(E::take_gravest(&mut side.statistics));
            }
            self.steps += 1;
        }
        false
    }

    fn go_apart(&mut self, events: u64) -> bool {
        let (end, most) = (self.experiment.end(), self.experiment.most_events());
        let mut over = true;
        for side in &mut self.sides {
            let allowed = events.min(most - side.events);
            let done = side.world.run(allowed, end, &mut side.statistics);
            side.events += done;
            over &= done < events;
        }
        over
    }

    fn finish_run(&mut self) {
        if self.run == 0 {
            self.first_end = self.latest();
        }
        for (at, side) in self.sides.drain(..).enumerate() {
            self.finished[at].push(self.experiment.keep(at, self.run, &side.statistics));
        }
        self.run += 1;
        if self.run < self.experiment.runs() {
            self.prepare();
        }
    }

    /// Where the present run is.
    fn latest(&self) -> Option<Time> {
        self.sides.iter().map(|side| E::now(&side.statistics)).max()
    }

    /// What variant `at` came to: the first run as far as it is, if it is not finished.
    fn variant(&self, at: usize) -> VariantReport {
        if self.run > 0 {
            return self.experiment.report(at, &self.finished[at]);
        }
        let present = self.experiment.keep(at, 0, &self.sides[at].statistics);
        self.experiment.report(at, &[present])
    }
}

impl<E: Experiment> Run for Runs<E> {
    fn progress(&self) -> (u64, u64) {
        let each = self.experiment.all() + 1;
        let done = self.sides.iter().map(|side| E::done(&side.world, &side.statistics)).min();
        let done = done.unwrap_or(0).min(each - 1);
        (u64::from(self.experiment.runs()) * each, u64::from(self.run) * each + done)
    }

    fn advance(&mut self, work: u64) {
        let mut left = work.max(1);
        while left > 0 && self.run < self.experiment.runs() {
            const SLICE: u64 = 65_536;
            let events = left.min(SLICE);
            left -= events;
            if self.go_on(events) {
                self.finish_run();
            }
        }
    }

    fn finish(&self) -> (Report, Vec<Marks>) {
        let report = Report {
            lab: self.experiment.about().id.to_owned(),
            scenario: self.experiment.query().to_string(),
            steps: self.steps,
            seconds: self.first_end.or_else(|| self.latest()).map(Time::seconds),
            runs: u64::from(self.run.max(1)),
            variants: (0..self.finished.len()).map(|at| self.variant(at)).collect(),
            digest: digest(&self.marks),
        };
        (report, self.marks.clone())
    }
}
