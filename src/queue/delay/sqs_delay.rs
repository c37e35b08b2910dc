//! # Amazon SQS: DelaySeconds
//!
//! A message may be sent with a delay; until that is over no consumer can receive it. The delay is a
//! whole number of seconds and at most 900, fifteen minutes. A job that is due later must be sent
//! again: a consumer receives it, sees that it is not yet due, and sends it once more with what is
//! left, again at most 900 s. Each of these **hops** is a message that is paid for, and a chance to
//! lose the job or to run it twice.
//!
//! Amazon SQS Developer Guide, "Amazon SQS message timers" and "delay queues": 0 to 900 s, per
//! message or for the queue; a FIFO queue has no delay per message. For more, the guide points to
//! EventBridge Scheduler.
//!
//! Here delays are rounded up to whole seconds, so nothing is early. How SQS keeps the messages is
//! not published; only requests are counted: a send and a receive a hop. Left out: the time that a
//! hop takes, duplicates, and that a delivery may be later than the delay.

use super::parameters::{WALL_CLOCK, WORKERS};
use super::{Anatomy, Change, Desk, Job, Part, Place, Probe, Setup, Timers};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;
use std::collections::BTreeMap;

/// Messages under a delay of at most fifteen minutes.
#[derive(Clone, Debug)]
pub struct SqsDelay {
    most: u64,
    /// By the time at which the delay is over: the message and when it was sent.
    delayed: BTreeMap<(Time, u64), (Job, Time)>,
}

const MOST: Parameter = Parameter {
    id: "most",
    means: "the longest delay in seconds; a job that is due later is sent again",
    range: Range::Whole { least: 1, most: 900, default: 900 },
};

impl Timers for SqsDelay {
    const ABOUT: About = About {
        id: "sqs-delay",
        name: "SQS delay",
        idea: "At most fifteen minutes, in whole seconds; who wants more must send again.",
        file: file!(),
        parameters: &[WORKERS, MOST, WALL_CLOCK],
        rules: &[&DELAYED, &TOO_LONG, &NOT_YET, &DELAY_OVER],
    };

    fn new(setup: &Setup) -> Self {
        SqsDelay { most: setup.parameters.whole("most") as u64, delayed: BTreeMap::new() }
    }

    fn insert(&mut self, job: Job, desk: &mut Desk<impl Probe>) {
        match self.send(job, desk) {
            (_, true) => desk.tell(&job, Change::Placed(Place::Set), &DELAYED),
            (_, false) => desk.tell_by(&job, Change::Placed(Place::Set), &TOO_LONG, Figure::Count(self.most)),
        }
    }

    fn next_look(&self) -> Option<Time> {
        self.delayed.first_key_value().map(|((until, _), _)| *until)
    }

    fn look(&mut self, desk: &mut Desk<impl Probe>) {
        desk.costs.looks += 1;
        while let Some(first) = self.delayed.first_entry().filter(|first| first.key().0 <= desk.now) {
            let (job, _) = first.remove();
            desk.costs.commands += 1;
            if job.due <= desk.now {
                desk.fire(job, &DELAY_OVER);
                continue;
            }
            let (until, _) = self.send(job, desk);
            desk.tell(&job, Change::Hops { until }, &NOT_YET);
        }
    }

    fn len(&self) -> usize {
        self.delayed.len()
    }

    fn room(&self) -> usize {
        self.delayed.len()
    }

    fn show(&self, _: Time, anatomy: &mut Anatomy) {
        let jobs = self.delayed.iter().map(|((until, _), (job, sent))| (job.name, *sent, *until));
        let jobs = jobs.take(Anatomy::SHOWN).collect();
        anatomy.parts.push(Part::Timed { name: "delayed".to_owned(), jobs });
    }
}

impl SqsDelay {
    /// Sends `job` with as much of its delay as is allowed; says until when, and whether that is all.
    fn send(&mut self, job: Job, desk: &mut Desk<impl Probe>) -> (Time, bool) {
        const SECOND: u64 = 1_000_000_000;
        let left = job.due.since(desk.now).nanos().div_ceil(SECOND);
        let until = desk.now + Span::from_nanos(SECOND).times(left.min(self.most));
        self.delayed.insert((until, job.order), (job, desk.now));
        desk.costs.commands += 1;
        (until, left <= self.most)
    }
}

const DELAYED: Rule = Rule {
    name: "DELAYED",
    place: "insert",
    says: "its delay, rounded up to whole seconds, is not longer than allowed",
};
const TOO_LONG: Rule = Rule {
    name: "TOO_LONG",
    place: "insert",
    says: "its delay is longer than the {} seconds that are allowed, so it will have to be sent again",
};
const NOT_YET: Rule = Rule {
    name: "NOT_YET",
    place: "look",
    says: "whoever received it saw that it is not due, and sent it again with what is left",
};
const DELAY_OVER: Rule =
    Rule { name: "DELAY_OVER", place: "look", says: "its delay is over, so it can be received" };
