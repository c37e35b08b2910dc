//! # Redis: a sorted set that is polled
//!
//! Jobs are members of a sorted set, their times the scores. A poller wakes up now and then, asks
//! for the members whose score is not above the present time, takes each out and puts it on the work
//! queue; only who has taken it out may do so, so that two pollers do not run it twice. Between two
//! polls nothing happens, whatever is due: the average lateness is half of the time between them,
//! and a little more when that time varies.
//!
//! As Sidekiq's `Scheduled::Enq` and `Scheduled::Poller`: `ZADD` with the time by the *submitter's*
//! clock, `ZRANGE … BYSCORE` and `ZREM` (in one script) until nothing is due; a process polls every
//! 5 s on average (`average_scheduled_poll_interval`), between half and one and a half times that,
//! by chance, so that several processes do not poll together.
//!
//! Cost: three round trips a job, one for a poll in vain; ⌊log₂ n⌋ comparisons to keep one of n jobs
//! stand for the expected search in the skip list. Left out: several processes, the wait at the start
//! of a process (10 to 15 s), the time that a round trip takes.

use super::parameters::{WALL_CLOCK, WORKERS};
use super::timers::log2;
use super::{Anatomy, Change, Dates, Desk, Job, Place, Probe, Setup, Timers};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Random, Span, Time};
use std::collections::BTreeMap;

/// A sorted set and its poller.
#[derive(Clone, Debug)]
pub struct SortedSet {
    members: BTreeMap<(Time, u64), Job>,
    poll: Span,
    jitter: bool,
    random: Random,
    next: Time,
}

const POLL: Parameter = Parameter {
    id: "poll",
    means: "seconds from one poll to the next, on average",
    range: Range::Number { least: 0.01, most: 3_600.0, default: 5.0 },
};
const JITTER: Parameter = Parameter {
    id: "jitter",
    means: "yes: from half to one and a half times as long, by chance; no: always the same",
    range: Range::Choice(&["yes", "no"]),
};

impl Timers for SortedSet {
    const ABOUT: About = About {
        id: "sorted-set",
        name: "Redis sorted set",
        idea: "Times are scores; a poller asks every few seconds what is due.",
        file: file!(),
        parameters: &[WORKERS, POLL, JITTER, WALL_CLOCK],
        rules: &[&SCORE, &POLLED, &NOTHING_DUE],
    };
    const DATES: Dates = Dates::Submitter;
    const LOOKS_WHEN_EMPTY: bool = true;

    fn new(setup: &Setup) -> Self {
        let mut set = SortedSet {
            members: BTreeMap::new(),
            poll: setup.parameters.span("poll"),
            jitter: setup.parameters.choice("jitter") == "yes",
            random: Random::stream(setup.seed, 31),
            next: Time::ZERO,
        };
        set.plan(Time::ZERO);
        set
    }

    fn insert(&mut self, job: Job, desk: &mut Desk<impl Probe>) {
        desk.costs.comparisons += log2(self.members.len() + 1);
        desk.costs.commands += 1;
        self.members.insert((job.due, job.order), job);
        desk.tell(&job, Change::Placed(Place::Set), &SCORE);
    }

    fn next_look(&self) -> Option<Time> {
        Some(self.next)
    }

    fn look(&mut self, desk: &mut Desk<impl Probe>) {
        let before = desk.fired.len();
        while let Some(first) = self.members.first_entry().filter(|first| first.key().0 <= desk.now) {
            desk.fire(first.remove(), &POLLED);
            desk.costs.commands += 2;
        }
        desk.costs.commands += 1;
        desk.looked(desk.fired.len() - before, &NOTHING_DUE);
        self.plan(desk.now);
    }

    fn restart(&mut self, now: Time) {
        self.next = now;
    }

    fn len(&self) -> usize {
        self.members.len()
    }

    fn room(&self) -> usize {
        self.members.len()
    }

    fn show(&self, _: Time, anatomy: &mut Anatomy) {
        anatomy.line("sorted set", self.members.len(), self.members.values());
    }
}

impl SortedSet {
    fn plan(&mut self, now: Time) {
        let times = if self.jitter { self.random.unit() + 0.5 } else { 1.0 };
        self.next = now + Span::from_seconds(self.poll.seconds() * times);
    }
}

const SCORE: Rule = Rule { name: "SCORE", place: "insert", says: "ZADD puts it where its score belongs" };
const POLLED: Rule = Rule {
    name: "POLLED",
    place: "look",
    says: "this poll found its score below the present time and took it out",
};
const NOTHING_DUE: Rule =
    Rule { name: "NOTHING_DUE", place: "look", says: "no score is below the present time" };
