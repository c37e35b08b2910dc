//! The worst that can be done to a limiter, found by trying: which arrivals get the most through it
//! in a stretch of time?
//!
//! Nothing is known here of the algorithm. A plan lets a few requests come early, then pauses, and
//! from some moment on asks as often as anything may pass: until it is refused, and again when the
//! limiter says so. Plans on a grid of moments are tried first, then the best is changed at random
//! again and again; at last, arrivals that do not matter are taken away. The result is what was
//! found: more may be possible, unless it reaches the bound that the algorithm's file proves.

use super::{Limiter, Verdict};
use crate::kernel::{Random, Span, Time};

/// The grid has so many moments in a window.
const STEPS: u64 = 20;
/// So many changes of the best plan are tried.
const CHANGES: u32 = 3_000;
/// A plan has no more arrivals than this.
const MOST_ARRIVALS: usize = 20_000;
/// A search with this effort is over within a second, natively, up to a thousand permits a second.
pub const EFFORT: u64 = 4_000_000;

/// What a search has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Worst {
    /// The arrivals, each of one permit, in order.
    pub arrivals: Vec<Time>,
    /// When they pass, in order.
    pub passed_at: Vec<Time>,
    /// Where the stretch begins in which the most pass.
    pub from: Time,
    /// How many pass in it.
    pub most: u64,
    /// How many could at the most, where that is proven.
    pub bound: Option<u64>,
    /// How many arrival patterns were tried.
    pub tried: u64,
}

/// Searches to the end: `limiter` is fresh, and about `effort` decisions are made.
pub fn search(limiter: &dyn Limiter, window: Span, seed: u64, effort: u64) -> Worst {
    let mut search = Search::new(limiter, window, seed, effort);
    while !search.advance(effort) {}
    search.worst()
}

/// A search under way.
pub struct Search {
    fresh: Box<dyn Limiter>,
    window: Span,
    dice: Random,
    /// How many decisions may be made before the arrivals are pruned.
    effort: u64,
    decisions: u64,
    tried: u64,
    stage: Stage,
    plan: Plan,
    best: Course,
}

/// What is done next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The plan on the grid with this number.
    Grid(u32),
    /// A change, after so many others.
    Change(u32),
    /// Taking away a chunk of this size that begins at this arrival from the end.
    Prune {
        size: usize,
        skipped: usize,
    },
    Done,
}

/// When to come: requests before, and the moment from which on they come as often as any may pass.
#[derive(Clone, Debug, Default)]
struct Plan {
    before: Vec<Burst>,
    start: Time,
}

/// Requests at one moment, up to the first that is refused.
#[derive(Clone, Copy, Debug)]
struct Burst {
    at: Time,
    count: u32,
}

/// What came of a plan.
#[derive(Clone, Debug, Default)]
struct Course {
    /// Arrival and passing of each request that was admitted, in the order of arrival.
    admitted: Vec<(Time, Time)>,
    /// Where the fullest stretch begins.
    from: Time,
    /// How many pass in it.
    most: u64,
    /// How long it takes from the first to the last of them.
    takes: Span,
}

impl Course {
    /// More in the stretch is worse; as many in less time, too.
    fn worse_than(&self, other: &Course) -> bool {
        (self.most, other.takes) > (other.most, self.takes)
    }

    /// Finds the fullest stretch.
    fn measured(mut self, window: Span) -> Self {
        let mut passed: Vec<Time> = self.admitted.iter().map(|(_, passed)| *passed).collect();
        passed.sort_unstable();
        let mut first = 0;
        for (at, last) in passed.iter().enumerate() {
            while last.since(passed[first]) >= window {
                first += 1;
            }
            let (most, takes) = ((at - first + 1) as u64, last.since(passed[first]));
            if (most, self.takes) > (self.most, takes) {
                (self.from, self.most, self.takes) = (passed[first], most, takes);
            }
        }
        self
    }
}

/// A limiter that is asked.
struct Asked {
    limiter: Box<dyn Limiter>,
    admitted: Vec<(Time, Time)>,
    decisions: u64,
}

impl Asked {
    fn new(fresh: &dyn Limiter) -> Self {
        Asked { limiter: fresh.duplicate(), admitted: Vec::new(), decisions: 0 }
    }

    /// Asks for one permit; if it is refused, says when to come back, at the end of time at the latest.
    fn ask(&mut self, now: Time) -> Result<(), Time> {
        self.decisions += 1;
        match self.limiter.decide(0, 1, now).verdict {
            Verdict::Admitted { wait } => {
                self.admitted.push((now, now + wait));
                Ok(())
            }
            Verdict::Refused { retry } => Err(retry.map_or(Time::MAX, |retry| now + retry)),
        }
    }

    /// Asks at one moment until it is refused, or has asked often enough.
    fn burst(&mut self, Burst { at, count }: Burst) {
        let _ = (0..count.min(MOST_ARRIVALS as u32)).try_for_each(|_| self.ask(at));
    }

    /// Asks as often as any may pass.
    fn flood(&mut self, from: Time, until: Time) {
        let mut now = from;
        while now < until && self.admitted.len() < MOST_ARRIVALS {
            if let Err(again) = self.ask(now) {
                now = again.max(now + Span::from_nanos(1));
            }
        }
    }
}

impl Search {
    /// `limiter` is fresh; `window` is how long a stretch is, at least a nanosecond; `effort` is how
    /// many decisions may be made, a little more or less. The seed fixes everything.
    pub fn new(limiter: &dyn Limiter, window: Span, seed: u64, effort: u64) -> Self {
        Search {
            fresh: limiter.duplicate(),
            window,
            dice: Random::stream(seed, 0),
            effort,
            decisions: 0,
            tried: 0,
            stage: Stage::Grid(0),
            plan: Plan::default(),
            best: Course::default(),
        }
    }

    /// Goes on for about `work` decisions, and says whether the search is over.
    pub fn advance(&mut self, work: u64) -> bool {
        let until = self.decisions.saturating_add(work);
        while self.stage != Stage::Done && self.decisions < until {
            self.stage = match self.stage {
                Stage::Grid(number) => self.try_grid(number),
                Stage::Change(done) => self.try_change(done),
                Stage::Prune { size, skipped } => self.try_without(size, skipped),
                Stage::Done => Stage::Done,
            };
        }
        self.stage == Stage::Done
    }

    /// How far it is, from 0 to 1.
    pub fn progress(&self) -> f64 {
        let spent = self.decisions as f64 / self.effort.max(1) as f64;
        match self.stage {
            Stage::Grid(number) => (f64::from(number) / f64::from(grid_plans()) / 2.0).max(spent).min(0.5),
            Stage::Change(done) => (0.5 + f64::from(done) / f64::from(CHANGES) / 2.0).max(spent).min(0.99),
            Stage::Prune { .. } => 0.99,
            Stage::Done => 1.0,
        }
    }

    /// The worst so far.
    pub fn worst(&self) -> Worst {
        let mut passed_at: Vec<Time> = self.best.admitted.iter().map(|(_, passed)| *passed).collect();
        passed_at.sort_unstable();
        Worst {
            arrivals: self.best.admitted.iter().map(|(arrived, _)| *arrived).collect(),
            passed_at,
            from: self.best.from,
            most: self.best.most,
            bound: self.fresh.bound(self.window),
            tried: self.tried,
        }
    }

    fn step(&self) -> Span {
        Span::from_nanos((self.window.nanos() / STEPS).max(1))
    }

    fn try_grid(&mut self, number: u32) -> Stage {
        if number == grid_plans() || self.decisions >= self.effort {
            return Stage::Change(0);
        }
        let plan = self.plan_on_grid(number);
        let course = self.follow(&plan);
        if course.worse_than(&self.best) {
            (self.plan, self.best) = (plan, course);
        }
        Stage::Grid(number + 1)
    }

    /// Plan `number`: a moment of the grid or a nanosecond before it, and nobody, one request or a
    /// flood some time before that.
    fn plan_on_grid(&self, number: u32) -> Plan {
        let (moment, rest) = (u64::from(number) / PLANS_A_MOMENT, u64::from(number) % PLANS_A_MOMENT);
        let (early, kind) = (rest % 2, (rest / 2) as usize);
        let moment = Time::ZERO + self.step().times(moment);
        let start = if early == 1 { moment - Span::from_nanos(1) } else { moment };
        let Some(kind) = kind.checked_sub(1) else { return Plan { before: Vec::new(), start } };
        let sooner = match kind / 2 {
            0 => Span::from_nanos(1),
            steps => self.step().times(SOONER[steps]),
        };
        let count = if kind % 2 == 0 { 1 } else { u32::MAX };
        Plan { before: vec![Burst { at: start - sooner, count }], start }
    }

    fn try_change(&mut self, done: u32) -> Stage {
        if done == CHANGES || self.decisions >= self.effort {
            let spare = self.spare().len();
            return if spare == 0 { Stage::Done } else { Stage::Prune { size: spare, skipped: 0 } };
        }
        let plan = self.changed_plan();
        let course = self.follow(&plan);
        if !self.best.worse_than(&course) {
            (self.plan, self.best) = (plan, course);
        }
        Stage::Change(done + 1)
    }

    /// The best plan with something moved, added or left out.
    fn changed_plan(&mut self) -> Plan {
        let mut plan = self.plan.clone();
        let bursts = plan.before.len() as u32;
        match self.dice.below(4) {
            0 => plan.start = self.moved(plan.start),
            1 if bursts > 0 => {
                let burst = self.dice.below(bursts) as usize;
                plan.before[burst].at = self.moved(plan.before[burst].at);
            }
            2 if bursts > 0 => {
                plan.before.swap_remove(self.dice.below(bursts) as usize);
            }
            _ => {
                let count = [1, 2, u32::MAX][self.dice.below(3) as usize];
                let at = self.moved(plan.start);
                plan.before.push(Burst { at, count });
            }
        }
        plan.before.retain(|burst| burst.at <= plan.start);
        plan.before.sort_by_key(|burst| burst.at);
        plan
    }

    /// A little before or after `time`.
    fn moved(&mut self, time: Time) -> Time {
        let step = self.step();
        let any = Span::from_nanos((self.dice.unit() * step.times(STEPS).nanos() as f64) as u64);
        let by = [Span::from_nanos(1), Span::from_millis(1), step, any][self.dice.below(4) as usize];
        if self.dice.below(2) == 0 { time + by } else { time - by }
    }

    /// Lets requests come as planned.
    fn follow(&mut self, plan: &Plan) -> Course {
        let mut asked = Asked::new(&*self.fresh);
        for burst in &plan.before {
            asked.burst(*burst);
        }
        asked.flood(plan.start, plan.start + self.window);
        self.course(asked)
    }

    fn course(&mut self, asked: Asked) -> Course {
        self.tried += 1;
        self.decisions += asked.decisions;
        Course { admitted: asked.admitted, ..Course::default() }.measured(self.window)
    }

    /// The arrivals that do not pass within the fullest stretch.
    fn spare(&self) -> Vec<usize> {
        let passes = |passed: &Time| *passed >= self.best.from && passed.since(self.best.from) < self.window;
        let arrivals = self.best.admitted.iter().enumerate();
        arrivals.filter(|(_, (_, passed))| !passes(passed)).map(|(at, _)| at).collect()
    }

    /// Takes away `size` of the arrivals that may be spared, unless fewer pass then. Those that turned
    /// out to be needed, `skipped` from the end, stay.
    fn try_without(&mut self, size: usize, skipped: usize) -> Stage {
        let spare = self.spare();
        let Some(end) = spare.len().checked_sub(skipped).filter(|end| *end > 0) else {
            return if size > 1 { Stage::Prune { size: size / 2, skipped: 0 } } else { Stage::Done };
        };
        let without = &spare[end.saturating_sub(size)..end];
        let mut asked = Asked::new(&*self.fresh);
        for (at, (arrived, _)) in self.best.admitted.iter().enumerate() {
            if without.binary_search(&at).is_err() {
                let _ = asked.ask(*arrived);
            }
        }
        let course = self.course(asked);
        if course.most < self.best.most {
            return Stage::Prune { size, skipped: skipped + without.len() };
        }
        // Without them another stretch may be the fullest, and what was needed may be spared.
        self.best = course;
        Stage::Prune { size, skipped: if size == 1 { 0 } else { skipped } }
    }
}

/// How many steps of the grid before the start somebody may come; the first stands for a nanosecond.
const SOONER: [u64; 5] = [0, 1, 5, 10, STEPS - 1];
/// How many plans begin at one moment of the grid, or just before it.
const PLANS_A_MOMENT: u64 = 2 * (1 + 2 * SOONER.len() as u64);

/// How many plans there are on the grid: their moments cover two windows.
fn grid_plans() -> u32 {
    ((2 * STEPS + 1) * PLANS_A_MOMENT) as u32
}
