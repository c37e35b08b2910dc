//! # A scheduler
//!
//! It keeps what is submitted in a [structure](Timers), reads its [clock](Clock), and lets jobs run
//! when the clock says so; workers take what has fired, one at a time, in order.
//!
//! A recurring job has one run in the structure at a time; when that fires, the next one is planned.
//! If by then more runs are due, because the scheduler was **down**, its clock was put forward, or it
//! looks too rarely, the **catch-up** policy decides: make up for all of them, let the latest stand
//! for all, or skip what was missed (as Quartz's misfire instructions and the `concurrencyPolicy` and
//! `startingDeadlineSeconds` of Kubernetes' cron jobs do in their own ways). A job that runs once is
//! always made up for. When the clock is **put back**, a scheduler that remembers what it has run
//! waits until the clock is there again; one that only compares the clock with a timetable runs again
//! what it had run.
//!
//! What it keeps survives while it is down, as in a store, and what is submitted meanwhile waits at
//! its door; workers go on with what has fired. Left out: losing jobs in a crash, several schedulers,
//! retries.

use super::source::Submission;
use super::{Anatomy, Change, Clock, Costs, Dates, Desk, Due, Heard, Job, Live, Name, Probe, Source};
use super::{Statistics, Timers, Timing};
use crate::catalogue::Rule;
use crate::kernel::{Events, Span, Time};
use crate::queue::Figure;
use std::collections::VecDeque;

/// What a scheduler does about runs of a recurring job that it missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchUp {
    /// All of them run, at once.
    All,
    /// The latest stands for all.
    Once,
    /// None of them runs.
    Skip,
}

/// What a scheduler does about recurring jobs when its clock is put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockBack {
    /// It remembers what it has run, and waits.
    Wait,
    /// It runs again whatever the clock shows again.
    Again,
}

/// How a scheduler goes about its work.
#[derive(Clone, Debug, PartialEq)]
pub struct Habits {
    /// What it does about missed runs.
    pub catch_up: CatchUp,
    /// What it does when its clock is put back.
    pub clock_back: ClockBack,
    /// By how much a job may be early or late before it matters.
    pub tolerance: Span,
    /// From when until when it is down, by rising time.
    pub down: Vec<(Time, Time)>,
    /// How many workers there are.
    pub workers: u32,
}

/// A scheduler between those who submit and those who work.
#[derive(Clone, Debug)]
pub struct Scheduler<T> {
    timers: T,
    source: Source,
    clock: Clock,
    habits: Habits,
    /// Which of the times when it is down comes next.
    outage: usize,
    /// Until when it is down, if it is.
    down: Option<Time>,
    /// What was submitted while it was down.
    door: VecDeque<Job>,
    /// What has fired and waits for a worker.
    ready: VecDeque<Job>,
    workers: Vec<Worker>,
    ends: Events<u32>,
    busy: usize,
    now: Time,
    /// Runs that were due up to this reading of the clock and have not fired were missed.
    missed: Time,
    /// The run of each recurring job that is planned next.
    planned: Vec<u32>,
    fired: Vec<(Job, &'static Rule)>,
    costs: Costs,
    order: u64,
}

/// One worker.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worker {
    /// What it works on, if anything.
    pub work: Option<Work>,
}

/// A job under work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// The job.
    pub job: Job,
    /// When the work began.
    pub from: Time,
    /// When it ends.
    pub until: Time,
}

/// A scheduler, whatever structure it uses.
pub trait System {
    /// When the next event happens; `None` when nothing more will.
    fn next_time(&self) -> Option<Time>;

    /// Lets the next event happen without keeping reasons.
    fn skip(&mut self, live: &mut Live);

    /// Lets the next event happen and adds what was heard.
    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>);

    /// Lets up to `events` events happen, none of them after `until`, counts them in `statistics`,
    /// and says how many there were.
    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64;

    /// How many jobs that run once have been submitted.
    fn submitted(&self) -> u32;

    /// What the work of the structure has cost so far.
    fn costs(&self) -> Costs;

    /// How many jobs wait for their time, and how many for a worker or are under work.
    fn levels(&self) -> (usize, usize);

    /// What there is to see at `now`, between its last event and the next.
    fn view(&self, now: Time) -> View<'_>;

    /// The same once more.
    fn duplicate(&self) -> Box<dyn System>;
}

/// What there is to see in a scheduler.
pub struct View<'a> {
    /// What the structure keeps.
    pub anatomy: Anatomy,
    /// How many jobs it keeps.
    pub kept: usize,
    /// What was submitted while it was down.
    pub door: &'a VecDeque<Job>,
    /// What has fired and waits for a worker, the next one first.
    pub ready: &'a VecDeque<Job>,
    /// The workers.
    pub workers: &'a [Worker],
    /// The scheduler's clock.
    pub clock: &'a Clock,
    /// Until when it is down, if it is.
    pub down: Option<Time>,
    /// When something is submitted next.
    pub next_submitted: Option<Time>,
}

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    WorkerDone,
    ClockJumps,
    GoesDown,
    ComesBack,
    Looks,
    Submits,
}

impl<T: Timers> Scheduler<T> {
    /// A scheduler that has been given nothing yet.
    pub fn new(timers: T, source: Source, clock: Clock, habits: Habits) -> Self {
        Scheduler {
            timers,
            clock,
            outage: 0,
            down: None,
            door: VecDeque::new(),
            ready: VecDeque::new(),
            workers: vec![Worker::default(); habits.workers as usize],
            ends: Events::new(),
            busy: 0,
            now: Time::ZERO,
            missed: Time::ZERO,
            planned: vec![1; source.all_recurring().len()],
            fired: Vec::new(),
            costs: Costs::default(),
            order: 0,
            source,
            habits,
        }
    }

    /// Whether there is anything left to wait for.
    fn is_over(&self) -> bool {
        let idle = self.busy == 0 && self.ready.is_empty() && self.door.is_empty();
        idle && self.timers.is_empty() && self.source.next_time().is_none()
    }

    /// The first of what is to come; of what comes together, the first in the order of [`Next`].
    fn next(&self) -> Option<(Time, Next)> {
        if self.is_over() {
            return None;
        }
        let outage = self.habits.down.get(self.outage).map(|(from, _)| (*from, Next::GoesDown));
        let edge = match self.down {
            Some(until) => Some((until, Next::ComesBack)),
            None => outage,
        };
        let look = self.next_look().map(|at| (at, Next::Looks));
        let candidates = [
            self.ends.next_time().map(|at| (at, Next::WorkerDone)),
            self.clock.next_jump().map(|at| (at, Next::ClockJumps)),
            edge,
            look,
            self.source.next_time().map(|at| (at, Next::Submits)),
        ];
        candidates.into_iter().flatten().map(|(at, next)| (at.max(self.now), next)).min()
    }

    fn next_look(&self) -> Option<Time> {
        let waits = !self.timers.is_empty() || T::LOOKS_WHEN_EMPTY && self.source.next_time().is_some();
        let reading = self.timers.next_look().filter(|_| waits && self.down.is_none())?;
        Some(self.clock.when(reading))
    }

    fn happen(&mut self, probe: &mut impl Probe) {
        let Some((now, next)) = self.next() else { return };
        self.now = now;
        match next {
            Next::WorkerDone => self.worker_done(probe),
            Next::ClockJumps => self.clock_jumps(probe),
            Next::GoesDown => self.go_down(probe),
            Next::ComesBack => self.come_back(probe),
            Next::Looks => {
                let (timers, mut desk) = self.desk(probe);
                timers.look(&mut desk);
            }
            Next::Submits => self.take_in(probe),
        }
        self.let_run(probe);
        self.hand_out(probe);
        let costs = &mut self.costs;
        costs.most_kept = costs.most_kept.max(self.timers.len() as u64);
        costs.most_room = costs.most_room.max(self.timers.room() as u64);
    }

    fn desk<'a, P: Probe>(&'a mut self, probe: &'a mut P) -> (&'a mut T, Desk<'a, P>) {
        let (at, now) = (self.now, self.clock.read(self.now));
        (&mut self.timers, Desk { at, now, fired: &mut self.fired, costs: &mut self.costs, probe })
    }

    fn take_in(&mut self, probe: &mut impl Probe) {
        let job = match self.source.submit() {
            None => return,
            Some(Submission::Recurring(series)) => return self.plan(series, probe),
            Some(Submission::Once { number, delay, work }) => self.once(number, delay, work),
        };
        probe.hear(self.now, Some(&job), Change::Submitted { due: job.planned }, &SUBMITTED, None);
        self.keep(job, probe);
    }

    /// A job that runs once, `delay` from now.
    fn once(&mut self, number: u32, delay: Span, work: Span) -> Job {
        let planned = self.now + delay;
        let read = self.clock.read(self.now);
        let by_delay = self.source.due() == Due::Delay && T::DATES == Dates::Scheduler;
        let due = match self.clock.is_steady() {
            _ if by_delay => read + delay,
            // A date, turned into a delay by the wall clock.
            true => read + planned.since(self.clock.wall(self.now)),
            false => planned,
        };
        let name = Name::once(number);
        self.job(name, due, planned, work)
    }

    fn job(&mut self, name: Name, due: Time, planned: Time, work: Span) -> Job {
        self.order += 1;
        let (submitted, order) = (self.now, self.order);
        Job { name, due, planned, submitted, work, order, again: false, fired: Time::ZERO }
    }

    /// Puts `job` into the structure, or at the door if that is shut.
    fn keep(&mut self, job: Job, probe: &mut impl Probe) {
        if self.down.is_some() {
            probe.hear(self.now, Some(&job), Change::AtDoor, &SHUT, None);
            self.door.push_back(job);
            return;
        }
        let (timers, mut desk) = self.desk(probe);
        timers.insert(job, &mut desk);
    }

    /// Plans the next run of a recurring job, if there is one.
    fn plan(&mut self, series: u32, probe: &mut impl Probe) {
        if let Some(job) = self.next_run(series) {
            probe.hear(self.now, Some(&job), Change::Planned { due: job.planned }, &EVERY, None);
            self.keep(job, probe);
        }
    }

    fn next_run(&mut self, series: u32) -> Option<Job> {
        let number = *self.planned.get(series as usize - 1)?;
        let recurring = *self.source.recurring(series)?;
        (number <= recurring.count).then(|| self.run_of(series, number, recurring.due(number)))
    }

    fn run_of(&mut self, series: u32, number: u32, due: Time) -> Job {
        let work = self.source.work_of(series, number);
        self.job(Name { series, number }, due, due, work)
    }

    /// Lets all run that the structure has let go, and plans what follows them; that may be let go
    /// at once as well.
    fn let_run(&mut self, probe: &mut impl Probe) {
        let mut at = 0;
        while let Some((job, rule)) = self.fired.get(at).copied() {
            at += 1;
            if job.name.recurs() && !job.again {
                self.catch_up(job, rule, probe);
            } else {
                self.fire(job, rule, None, probe);
            }
        }
        self.fired.clear();
    }

    /// A run of a recurring job fires; others may be due by now as well.
    fn catch_up(&mut self, job: Job, rule: &'static Rule, probe: &mut impl Probe) {
        let Name { series, number } = job.name;
        let Some(recurring) = self.source.recurring(series).copied() else { return };
        let read = self.clock.read(self.now);
        let last = recurring.last_due(read).max(number);
        let passed = recurring.last_due(self.missed.min(read));
        for run in number..=last {
            let this = if run == number { job } else { self.run_of(series, run, recurring.due(run)) };
            match self.habits.catch_up {
                CatchUp::Skip if run <= passed => self.leave_out(&this, Change::Skipped, &MISSED, probe),
                CatchUp::Skip if run < last => self.leave_out(&this, Change::Skipped, &OVERTAKEN, probe),
                CatchUp::Once if run < last => self.leave_out(&this, Change::Coalesced, &ONE_FOR_ALL, probe),
                CatchUp::All if run > number => self.fire(this, &MADE_UP, None, probe),
                CatchUp::Once if run > number => {
                    let stands_for = Figure::Count(u64::from(run - number + 1));
                    self.fire(this, &STANDS_FOR, Some(stands_for), probe);
                }
                _ => self.fire(this, rule, None, probe),
            }
        }
        self.planned[series as usize - 1] = last + 1;
        self.plan(series, probe);
    }

    fn leave_out(&mut self, job: &Job, change: Change, rule: &'static Rule, probe: &mut impl Probe) {
        probe.hear(self.now, Some(job), change, rule, None);
    }

    /// The time of `job` has come, as far as the scheduler knows.
    fn fire(&mut self, job: Job, rule: &'static Rule, figure: Option<Figure>, probe: &mut impl Probe) {
        let job = Job { fired: self.now, ..job };
        let (late, early) = (self.now.since(job.planned), job.planned.since(self.now));
        let timing = match self.habits.tolerance {
            _ if job.again => Timing::Again,
            tolerance if early > tolerance => Timing::Early,
            tolerance if late > tolerance => Timing::Late,
            _ => Timing::OnTime,
        };
        probe.hear(self.now, Some(&job), Change::Fired { timing, by: late + early }, rule, figure);
        self.ready.push_back(job);
    }

    fn hand_out(&mut self, probe: &mut impl Probe) {
        while self.busy < self.workers.len() {
            let Some(free) = self.workers.iter().position(|worker| worker.work.is_none()) else { return };
            let Some(job) = self.ready.pop_front() else { return };
            let worker = free as u32;
            probe.hear(self.now, Some(&job), Change::Started { worker }, &FREE, None);
            let until = self.now + job.work;
            self.workers[free].work = Some(Work { job, from: self.now, until });
            self.busy += 1;
            self.ends.schedule(until, worker);
        }
    }

    fn worker_done(&mut self, probe: &mut impl Probe) {
        let Some((_, worker)) = self.ends.next() else { return };
        if let Some(work) = self.workers[worker as usize].work.take() {
            self.busy -= 1;
            probe.hear(self.now, Some(&work.job), Change::Done { worker }, &WORK_DONE, None);
        }
    }

    fn go_down(&mut self, probe: &mut impl Probe) {
        let Some((_, until)) = self.habits.down.get(self.outage).copied() else { return };
        self.outage += 1;
        self.down = Some(until);
        probe.hear(self.now, None, Change::Down, &STOPPED, Some(Figure::Time(until)));
    }

    /// It is back, and takes in what has come meanwhile.
    fn come_back(&mut self, probe: &mut impl Probe) {
        self.down = None;
        self.missed = self.clock.read(self.now);
        self.timers.restart(self.missed);
        let waited = Figure::Count(self.door.len() as u64);
        probe.hear(self.now, None, Change::Back, &STARTED_AGAIN, Some(waited));
        while let Some(job) = self.door.pop_front() {
            self.keep(job, probe);
        }
    }

    /// Somebody puts the wall clock forward or back.
    fn clock_jumps(&mut self, probe: &mut impl Probe) {
        let Some(jump) = self.clock.jump() else { return };
        let change = if jump.forward { Change::Forward } else { Change::Backward };
        let by = Some(Figure::Span(jump.by));
        if self.clock.is_steady() {
            return probe.hear(self.now, None, change, &STEADY, by);
        }
        probe.hear(self.now, None, change, &PUT, by);
        if jump.forward {
            self.missed = self.missed.max(self.clock.read(self.now));
        } else if self.habits.clock_back == ClockBack::Again {
            self.repeat(probe);
        }
    }

    /// The clock shows again what it has shown: what had run then is planned once more.
    fn repeat(&mut self, probe: &mut impl Probe) {
        let read = self.clock.read(self.now);
        for series in 1..=self.planned.len() as u32 {
            let Some(recurring) = self.source.recurring(series).copied() else { return };
            for run in recurring.last_due(read) + 1..self.planned[series as usize - 1] {
                let job = Job { again: true, ..self.run_of(series, run, recurring.due(run)) };
                probe.hear(self.now, Some(&job), Change::Planned { due: job.due }, &SHOWN_AGAIN, None);
                self.keep(job, probe);
            }
        }
    }
}

impl<T: Timers> System for Scheduler<T> {
    fn next_time(&self) -> Option<Time> {
        self.next().map(|(at, _)| at)
    }

    fn skip(&mut self, live: &mut Live) {
        self.happen(&mut (live, None::<&mut Vec<Heard>>));
    }

    fn step(&mut self, live: &mut Live, heard: &mut Vec<Heard>) {
        self.happen(&mut (live, Some(heard)));
    }

    fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        let mut done = 0;
        while done < events && self.next().is_some_and(|(at, _)| at <= until) {
            self.happen(statistics);
            statistics.read(self.now, self.levels(), self.busy, &self.costs);
            done += 1;
        }
        done
    }

    fn submitted(&self) -> u32 {
        self.source.submitted()
    }

    fn costs(&self) -> Costs {
        self.costs
    }

    fn levels(&self) -> (usize, usize) {
        (self.timers.len() + self.door.len(), self.ready.len() + self.busy)
    }

    fn view(&self, now: Time) -> View<'_> {
        let mut anatomy = Anatomy::default();
        self.timers.show(self.clock.read(now), &mut anatomy);
        View {
            anatomy,
            kept: self.timers.len(),
            door: &self.door,
            ready: &self.ready,
            workers: &self.workers,
            clock: &self.clock,
            down: self.down,
            next_submitted: self.source.next_time(),
        }
    }

    fn duplicate(&self) -> Box<dyn System> {
        Box::new(self.clone())
    }
}

/// This file: its name and its text.
pub const SOURCE: &str = file!();

/// Every reason that the scheduler itself gives.
pub const RULES: &[&Rule] = &[
    &SUBMITTED,
    &SHUT,
    &EVERY,
    &MISSED,
    &OVERTAKEN,
    &ONE_FOR_ALL,
    &MADE_UP,
    &STANDS_FOR,
    &FREE,
    &WORK_DONE,
    &STOPPED,
    &STARTED_AGAIN,
    &PUT,
    &STEADY,
    &SHOWN_AGAIN,
];

const SUBMITTED: Rule = Rule { name: "SUBMITTED", place: "take_in", says: "its time of submission has come" };
const SHUT: Rule = Rule { name: "SHUT", place: "keep", says: "the scheduler is down" };
const EVERY: Rule =
    Rule { name: "EVERY", place: "plan", says: "a recurring job has one run planned at a time" };
const MISSED: Rule =
    Rule { name: "MISSED", place: "catch_up", says: "its time went by unseen, and missed runs are skipped" };
const OVERTAKEN: Rule =
    Rule { name: "OVERTAKEN", place: "catch_up", says: "the run after it is due as well" };
const ONE_FOR_ALL: Rule = Rule {
    name: "ONE_FOR_ALL",
    place: "catch_up",
    says: "a later run is due as well, and one stands for all",
};
const MADE_UP: Rule = Rule { name: "MADE_UP", place: "catch_up", says: "all missed runs are made up for" };
const STANDS_FOR: Rule = Rule {
    name: "STANDS_FOR",
    place: "catch_up",
    says: "it is the latest of {} that are due, and stands for all",
};
const FREE: Rule = Rule { name: "FREE", place: "hand_out", says: "a worker is free" };
const WORK_DONE: Rule = Rule { name: "WORK_DONE", place: "worker_done", says: "its work is finished" };
const STOPPED: Rule =
    Rule { name: "STOPPED", place: "go_down", says: "it is taken down until {}; nobody looks at the clock" };
const STARTED_AGAIN: Rule =
    Rule { name: "STARTED_AGAIN", place: "come_back", says: "it is up again, with {} at its door" };
const PUT: Rule = Rule { name: "PUT", place: "clock_jumps", says: "somebody puts it by {}" };
const STEADY: Rule = Rule {
    name: "STEADY",
    place: "clock_jumps",
    says: "the wall clock is put by {}, but the scheduler goes by a steady clock and does not see it",
};
const SHOWN_AGAIN: Rule = Rule {
    name: "SHOWN_AGAIN",
    place: "repeat",
    says: "the clock shows again a time before it, and the scheduler only compares it with its timetable",
};
