//! Who submits jobs: once, after a delay or at a time, or again and again.
//!
//! Each trait of a job is drawn from a stream of chance of its own, so that every variant of a
//! scenario gets the very same jobs.

use crate::kernel::{Arrivals, Distribution, Random, Span, Time};

/// What is submitted.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// When jobs that run once are submitted, and how much later each is due.
    pub delays: Delays,
    /// How the time is stated at which they are due.
    pub due: Due,
    /// How long the work of a job takes.
    pub work: Distribution,
    /// The recurring jobs, all submitted at the start.
    pub recurring: Vec<Recurring>,
    /// Fixes every random choice.
    pub seed: u64,
}

/// The jobs that run once.
#[derive(Clone, Debug)]
pub enum Delays {
    /// By chance.
    Drawn {
        /// When they are submitted.
        arrivals: Arrivals,
        /// How much later they are due.
        delay: Distribution,
        /// How many there are.
        jobs: u32,
    },
    /// Each with the time at which it is submitted and its delay, by rising time.
    Listed(Vec<(Time, Span)>),
}

/// How the time is stated at which a job is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// After a delay.
    Delay,
    /// At a time of day.
    Time,
}

/// A job that runs again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurring {
    /// From one run to the next.
    pub every: Span,
    /// When the first run is due.
    pub first: Time,
    /// How many runs there are.
    pub count: u32,
}

impl Recurring {
    /// When run `number`, counted from 1, is due.
    pub fn due(&self, number: u32) -> Time {
        self.first + self.every.times(u64::from(number) - 1)
    }

    /// The last run that is due by `now`; 0 if none is.
    pub fn last_due(&self, now: Time) -> u32 {
        if now < self.first {
            return 0;
        }
        let periods = now.since(self.first).nanos() / self.every.nanos().max(1);
        u32::try_from(periods.saturating_add(1)).unwrap_or(u32::MAX).min(self.count)
    }
}

/// Those who submit, at work.
#[derive(Clone, Debug)]
pub struct Source {
    traffic: Traffic,
    /// How many recurring jobs have been submitted.
    series: u32,
    once: u32,
    next: Option<(Time, Span)>,
    when: Random,
    delay: Random,
    work: Random,
}

/// What is handed in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Submission {
    /// A job that runs once.
    Once {
        /// Its number, from 1.
        number: u32,
        /// How much later it is due.
        delay: Span,
        /// How long its work takes.
        work: Span,
    },
    /// A recurring job: its series, from 1.
    Recurring(u32),
}

impl Source {
    /// Nothing has been submitted yet.
    pub fn new(traffic: Traffic) -> Self {
        let stream = |n| Random::stream(traffic.seed, n);
        let (when, delay, work) = (stream(21), stream(22), stream(23));
        let mut source = Source { traffic, series: 0, once: 0, next: None, when, delay, work };
        source.look_ahead();
        source
    }

    /// When something is submitted next; `None` when nothing more is.
    pub fn next_time(&self) -> Option<Time> {
        if (self.series as usize) < self.traffic.recurring.len() {
            return Some(Time::ZERO);
        }
        self.next.map(|(at, _)| at)
    }

    /// How many jobs that run once have been submitted.
    pub fn submitted(&self) -> u32 {
        self.once
    }

    /// How the time is stated at which jobs are due.
    pub fn due(&self) -> Due {
        self.traffic.due
    }

    /// The recurring job of series `series`, counted from 1.
    pub fn recurring(&self, series: u32) -> Option<&Recurring> {
        self.traffic.recurring.get((series as usize).checked_sub(1)?)
    }

    /// The recurring jobs.
    pub fn all_recurring(&self) -> &[Recurring] {
        &self.traffic.recurring
    }

    /// How long the work of a run of a recurring job takes: the same whenever it is asked.
    pub fn work_of(&self, series: u32, number: u32) -> Span {
        let seed = self.traffic.seed ^ u64::from(series) << 32;
        self.traffic.work.sample(&mut Random::stream(seed, u64::from(number)))
    }

    /// Hands in what is next.
    pub fn submit(&mut self) -> Option<Submission> {
        if (self.series as usize) < self.traffic.recurring.len() {
            self.series += 1;
            return Some(Submission::Recurring(self.series));
        }
        let (_, delay) = self.next?;
        self.once += 1;
        let work = self.traffic.work.sample(&mut self.work);
        self.look_ahead();
        Some(Submission::Once { number: self.once, delay, work })
    }

    fn look_ahead(&mut self) {
        self.next = match &mut self.traffic.delays {
            Delays::Listed(jobs) => jobs.get(self.once as usize).copied(),
            Delays::Drawn { jobs, .. } if self.once >= *jobs => None,
            Delays::Drawn { arrivals, delay, .. } => {
                let at = arrivals.next(&mut self.when);
                at.map(|at| (at, delay.sample(&mut self.delay).min(Span::from_seconds(1e9))))
            }
        };
    }
}
