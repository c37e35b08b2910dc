//! What a structure is that keeps jobs until they are due, and what it may do.

use super::{Anatomy, Change, Job, Probe};
use crate::catalogue::{About, Parameters, Rule};
use crate::kernel::Time;
use crate::queue::Figure;

/// What a structure is built from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its parameters, complete and within their ranges.
    pub parameters: Parameters,
    /// Fixes every random choice.
    pub seed: u64,
}

/// Who turns "in ten seconds" into a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    /// The scheduler, by its own clock.
    Scheduler,
    /// Whoever submits, by a clock that is right.
    Submitter,
}

/// A structure that keeps jobs until they are due. All times are readings of its clock.
///
/// Everything that happens to a job is told, by the rule that made it happen.
pub trait Timers: Clone + 'static {
    /// What it says about itself.
    const ABOUT: About;
    /// Who turns a delay into a time.
    const DATES: Dates = Dates::Scheduler;
    /// Whether it looks again and again even when it keeps nothing.
    const LOOKS_WHEN_EMPTY: bool = false;

    /// An empty one, at the start of time.
    fn new(setup: &Setup) -> Self;

    /// Keeps `job`.
    fn insert(&mut self, job: Job, desk: &mut Desk<impl Probe>);

    /// What the clock reads when it has something to do next.
    fn next_look(&self) -> Option<Time>;

    /// Does what there is to do now, and fires the jobs that are due.
    fn look(&mut self, desk: &mut Desk<impl Probe>);

    /// The scheduler was down and is back; the clock reads `now`.
    fn restart(&mut self, _now: Time) {}

    /// How many jobs it keeps.
    fn len(&self) -> usize;

    /// Whether it keeps none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many places it takes up in memory: those of its jobs, and those that are always there.
    fn room(&self) -> usize;

    /// Shows what it keeps when its clock reads `now`.
    fn show(&self, now: Time, anatomy: &mut Anatomy);
}

/// What a structure has to do its work with.
pub struct Desk<'a, P> {
    /// What time it really is.
    pub at: Time,
    /// What its clock reads.
    pub now: Time,
    /// The jobs that fired, in order, each with the rule that let it.
    pub fired: &'a mut Vec<(Job, &'static Rule)>,
    /// What the work has cost so far.
    pub costs: &'a mut Costs,
    /// Who listens.
    pub probe: &'a mut P,
}

/// What a structure's work has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    /// Comparisons of two times.
    pub comparisons: u64,
    /// Moves of a job from one place to another.
    pub moves: u64,
    /// Times that it looked: ticks, polls, wake-ups.
    pub looks: u64,
    /// Those of them that found nothing due.
    pub empty: u64,
    /// Commands to a server.
    pub commands: u64,
    /// The most comparisons to keep one job.
    pub most_to_keep: u64,
    /// The most comparisons to take one out.
    pub most_to_take: u64,
    /// The most jobs it kept at a time.
    pub most_kept: u64,
    /// The most places it took up.
    pub most_room: u64,
}

impl Costs {
    /// Comparisons, moves, looks and commands: everything that takes time.
    pub fn operations(&self) -> u64 {
        self.comparisons + self.moves + self.looks + self.commands
    }
}

impl<P: Probe> Desk<'_, P> {
    /// Tells what happens to `job`, and why.
    #[inline]
    pub fn tell(&mut self, job: &Job, change: Change, rule: &'static Rule) {
        self.probe.hear(self.at, Some(job), change, rule, None);
    }

    /// Tells what happens to `job`, and why, with the figure that decided.
    #[inline]
    pub fn tell_by(&mut self, job: &Job, change: Change, rule: &'static Rule, figure: Figure) {
        self.probe.hear(self.at, Some(job), change, rule, Some(figure));
    }

    /// The scheduler looked and found so many due.
    #[inline]
    pub fn looked(&mut self, found: usize, rule: &'static Rule) {
        self.costs.looks += 1;
        self.costs.empty += u64::from(found == 0);
        if found == 0 {
            self.probe.hear(self.at, None, Change::Looks { found: 0 }, rule, None);
        }
    }

    /// Lets `job` run by `rule`.
    #[inline]
    pub fn fire(&mut self, job: Job, rule: &'static Rule) {
        self.fired.push((job, rule));
    }
}

/// The whole number of times that 2 goes into `n` as a factor of its size: ⌊log₂ n⌋, 0 for 0.
pub(super) fn log2(n: usize) -> u64 {
    u64::from(n.checked_ilog2().unwrap_or(0))
}
