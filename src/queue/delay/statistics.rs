//! How a run of a scheduler is measured.
//!
//! The **lateness** of a job is the time from when it was meant to run until it fires; of one that
//! fires early it is 0, and its earliness is counted apart. What a worker lets it wait after that is
//! not in it.

use super::{Change, Costs, Job, Probe, Timing};
use crate::catalogue::Rule;
use crate::kernel::Time;
use crate::kernel::statistics::{BatchMeans, OverTime, Percentiles, Window};
use crate::queue::Figure;

/// The measurements of one run.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// What was counted.
    pub counts: Counts,
    /// Lateness in seconds, in batches.
    pub lateness: BatchMeans,
    /// The sum of all lateness and of all earliness, in seconds.
    pub sums: (f64, f64),
    /// Lateness in nanoseconds.
    pub spread: Percentiles,
    /// The greatest earliness, in seconds.
    pub earliest: f64,
    /// The sum of the times from firing to the start of the work, in seconds.
    pub waits: f64,
    /// What the structure's work has cost.
    pub costs: Costs,
    /// How many jobs still wait for their time, a worker, or the end of their work.
    pub still: u64,
    now: Time,
    course: Option<OverTime<Passage>>,
    before: (usize, usize),
    gravest: u8,
}

/// What became of the jobs of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Jobs that run once, submitted.
    pub submitted: u64,
    /// Times that a job fired.
    pub fired: u64,
    /// Of them, too early.
    pub early: u64,
    /// Of them, too late.
    pub late: u64,
    /// Of them, once more than meant.
    pub again: u64,
    /// Runs that another stood for.
    pub coalesced: u64,
    /// Runs that were left out.
    pub skipped: u64,
    /// Times that work was begun.
    pub started: u64,
    /// Times that work was done.
    pub done: u64,
    /// Hops of jobs whose delay was too long.
    pub hops: u64,
    /// Moves to a finer wheel.
    pub cascades: u64,
}

/// What happened in one window of a run.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    /// Jobs fired.
    pub fired: u64,
    /// Jobs done.
    pub done: u64,
    /// Comparisons, moves, looks and commands.
    pub operations: u64,
    /// Looks that found nothing.
    pub empty: u64,
    /// The sum of the jobs waiting for their time, in jobs times seconds.
    pub waiting: f64,
    /// The sum of the workers at work, in workers times seconds.
    pub busy: f64,
    /// Early, late, repeated and left-out runs.
    pub wrong: u64,
    /// Lateness, in nanoseconds.
    pub lateness: Percentiles,
}

impl Window for Passage {
    fn join(&mut self, next: Self) {
        self.fired += next.fired;
        self.done += next.done;
        self.operations += next.operations;
        self.empty += next.empty;
        self.waiting += next.waiting;
        self.busy += next.busy;
        self.wrong += next.wrong;
        self.lateness.join(&next.lateness);
    }
}

const NOTHING: u8 = 0;
const PROGRESS: u8 = 1;
const TROUBLE: u8 = 2;
const LOSS: u8 = 3;

impl Statistics {
    /// Nothing measured yet; the course of the run is kept if `course` is set.
    pub fn new(course: bool) -> Self {
        const FIRST_BATCH: u64 = 16;
        Statistics {
            counts: Counts::default(),
            lateness: BatchMeans::new(FIRST_BATCH),
            sums: (0.0, 0.0),
            spread: Percentiles::new(),
            earliest: 0.0,
            waits: 0.0,
            costs: Costs::default(),
            still: 0,
            now: Time::ZERO,
            course: course.then(OverTime::new),
            before: (0, 0),
            gravest: NOTHING,
        }
    }

    /// The time of the last event.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The course of the run, if it was kept.
    pub fn course(&self) -> Option<&OverTime<Passage>> {
        self.course.as_ref()
    }

    /// How grave the gravest event was since this was asked last: 0 nothing, 1 progress, 2 trouble,
    /// 3 loss.
    pub fn take_gravest(&mut self) -> u8 {
        std::mem::replace(&mut self.gravest, NOTHING)
    }

    /// After an event at `now` so many jobs wait for their time and so many have fired and are not
    /// done, so many workers are at work, and the structure's work has cost so much.
    #[inline]
    pub fn read(&mut self, now: Time, levels: (usize, usize), busy: usize, costs: &Costs) {
        if let Some(course) = &mut self.course {
            let (waiting, working) = self.before;
            course.spread(self.now, now, |window, span| {
                window.waiting += waiting as f64 * span.seconds();
                window.busy += working as f64 * span.seconds();
            });
            let window = course.at(now);
            window.operations += costs.operations() - self.costs.operations();
            window.empty += costs.empty - self.costs.empty;
        }
        self.now = now;
        self.before = (levels.0, busy);
        self.costs = *costs;
        self.still = (levels.0 + levels.1) as u64;
    }

    #[inline(always)]
    fn passage(&mut self, now: Time, note: impl FnOnce(&mut Passage)) {
        if let Some(course) = &mut self.course {
            note(course.at(now));
        }
    }

    fn fired(&mut self, at: Time, job: &Job, timing: Timing) {
        let (late, early) = (at.since(job.planned), job.planned.since(at));
        self.counts.fired += 1;
        match timing {
            Timing::OnTime => {}
            Timing::Early => self.counts.early += 1,
            Timing::Late => self.counts.late += 1,
            Timing::Again => self.counts.again += 1,
        }
        self.lateness.push(late.seconds());
        self.sums.0 += late.seconds();
        self.sums.1 += early.seconds();
        self.spread.record(late.nanos());
        self.earliest = self.earliest.max(early.seconds());
        self.passage(at, |window| {
            window.fired += 1;
            window.wrong += u64::from(timing != Timing::OnTime);
            window.lateness.record(late.nanos());
        });
    }
}

impl Probe for Statistics {
    #[inline(always)]
    fn hear(&mut self, at: Time, job: Option<&Job>, change: Change, _: &'static Rule, _: Option<Figure>) {
        self.gravest = self.gravest.max(gravity(change));
        let Some(job) = job else { return };
        match change {
            Change::Submitted { .. } => self.counts.submitted += 1,
            Change::Fired { timing, .. } => self.fired(at, job, timing),
            Change::Coalesced => {
                self.counts.coalesced += 1;
                self.passage(at, |window| window.wrong += 1);
            }
            Change::Skipped => {
                self.counts.skipped += 1;
                self.passage(at, |window| window.wrong += 1);
            }
            Change::Started { .. } => {
                self.counts.started += 1;
                self.waits += at.since(job.fired).seconds();
            }
            Change::Done { .. } => {
                self.counts.done += 1;
                self.passage(at, |window| window.done += 1);
            }
            Change::Hops { .. } => self.counts.hops += 1,
            Change::Cascades(_) => self.counts.cascades += 1,
            _ => {}
        }
    }
}

/// How grave a change is.
#[inline(always)]
pub fn gravity(change: Change) -> u8 {
    match change {
        Change::Looks { found: 0 } => NOTHING,
        Change::Coalesced | Change::Skipped => LOSS,
        Change::Fired { timing: Timing::Again, .. } => LOSS,
        Change::Fired { timing: Timing::Early | Timing::Late, .. } => TROUBLE,
        Change::Down | Change::Forward | Change::Backward | Change::AtDoor => TROUBLE,
        _ => PROGRESS,
    }
}
