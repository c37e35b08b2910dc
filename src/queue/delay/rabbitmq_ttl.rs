//! # RabbitMQ: time to live and a dead-letter exchange
//!
//! There is no delay; there is a trick. A job is sent to a queue from which nobody consumes, with
//! its delay as its time to live. When that is over the message is dead-lettered, and the dead-letter
//! exchange routes it to the queue that the workers take from. The trap: a message is expired only
//! **when it is at the head** of its queue. One with a long delay in front holds up all the shorter
//! ones behind it. With a queue for each delay all messages of a queue expire in the order in which
//! they came, and the trap is gone; the price is as many queues as there are delays.
//!
//! RabbitMQ documentation, "Time-To-Live and Expiration", "Caveats": "when setting per-message TTL
//! expired messages can queue up behind non-expired ones until the latter are consumed or expired";
//! expired messages leave a classic or quorum queue only from its head. `queues=per-delay` rounds
//! delays up to whole steps, so that there are not as many queues as jobs.
//!
//! Cost: a publish and an expiry a job. Left out: the delayed-message exchange (a plugin that keeps
//! messages in a table), queues that are deleted when unused, the limit of 2³² − 1 ms.

use super::parameters::{WALL_CLOCK, WORKERS};
use super::{Anatomy, Change, Desk, Job, Part, Place, Probe, Setup, Timers};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;
use std::collections::{BTreeMap, VecDeque};

/// Queues without consumers, whose messages expire at the head.
#[derive(Clone, Debug)]
pub struct RabbitMqTtl {
    /// The step to which delays are rounded up; `None`: one queue for all delays as they are.
    step: Option<Span>,
    /// By the delay that all messages of a queue have; 0 for the one queue.
    queues: BTreeMap<u64, VecDeque<Waiting>>,
    kept: usize,
}

/// A message and when it expires.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    job: Job,
    expires: Time,
}

const QUEUES: Parameter = Parameter {
    id: "queues",
    means: "one: one queue for all delays; per-delay: one for each",
    range: Range::Choice(&["one", "per-delay"]),
};
const STEP: Parameter = Parameter {
    id: "step",
    means: "seconds to which delays are rounded up where each has a queue",
    range: Range::Number { least: 0.001, most: 3_600.0, default: 1.0 },
};

impl Timers for RabbitMqTtl {
    const ABOUT: About = About {
        id: "rabbitmq-ttl",
        name: "RabbitMQ TTL",
        idea: "A message that nobody takes expires at the head of its queue and is routed on.",
        file: file!(),
        parameters: &[WORKERS, QUEUES, STEP, WALL_CLOCK],
        rules: &[&LAST, &QUEUE_OF_DELAY, &EXPIRED, &HELD_UP],
    };

    fn new(setup: &Setup) -> Self {
        let each = setup.parameters.choice("queues") == "per-delay";
        let step = each.then(|| setup.parameters.span("step"));
        RabbitMqTtl { step, queues: BTreeMap::new(), kept: 0 }
    }

    fn insert(&mut self, job: Job, desk: &mut Desk<impl Probe>) {
        let delay = job.due.since(desk.now);
        let (queue, expires) = match self.step {
            None => (0, job.due),
            Some(step) => {
                let steps = delay.nanos().div_ceil(step.nanos());
                (steps, desk.now + step.times(steps))
            }
        };
        match self.step {
            None => desk.tell(&job, Change::Placed(Place::Line), &LAST),
            Some(step) => {
                let figure = Figure::Span(step.times(queue));
                desk.tell_by(&job, Change::Placed(Place::Line), &QUEUE_OF_DELAY, figure);
            }
        }
        self.queues.entry(queue).or_default().push_back(Waiting { job, expires });
        self.kept += 1;
        desk.costs.commands += 1;
    }

    fn next_look(&self) -> Option<Time> {
        self.queues.values().filter_map(VecDeque::front).map(|head| head.expires).min()
    }

    fn look(&mut self, desk: &mut Desk<impl Probe>) {
        desk.costs.looks += 1;
        while let Some(queue) = self.next_queue().filter(|(expires, _)| *expires <= desk.now) {
            self.expire(queue.1, desk);
        }
    }

    fn len(&self) -> usize {
        self.kept
    }

    fn room(&self) -> usize {
        self.queues.len() + self.kept
    }

    fn show(&self, _: Time, anatomy: &mut Anatomy) {
        const SHOWN: usize = 8;
        for (steps, queue) in self.queues.iter().filter(|(_, queue)| !queue.is_empty()).take(SHOWN) {
            let name = match self.step {
                None => "delay queue".to_owned(),
                Some(step) => format!("delay {}", step.times(*steps)),
            };
            anatomy.line(name, queue.len(), queue.iter().map(|waiting| &waiting.job));
        }
        let others = self.queues.values().filter(|queue| !queue.is_empty()).skip(SHOWN);
        let more: usize = others.map(VecDeque::len).sum();
        if more > 0 {
            anatomy.parts.push(Part::More(more));
        }
        if self.kept == 0 {
            anatomy.line("delay queue", 0, [].into_iter());
        }
    }
}

impl RabbitMqTtl {
    /// The queue whose head expires first, and when that is.
    fn next_queue(&self) -> Option<(Time, u64)> {
        let heads = self.queues.iter().filter_map(|(delay, queue)| Some((queue.front()?.expires, *delay)));
        heads.min()
    }

    /// The head of a queue expires, and with it those behind it that already should have.
    fn expire(&mut self, queue: u64, desk: &mut Desk<impl Probe>) {
        let Some(line) = self.queues.get_mut(&queue) else { return };
        let mut longest = Time::ZERO;
        while let Some(head) = line.pop_front_if(|head| head.expires <= desk.now) {
            let rule = if head.expires < longest { &HELD_UP } else { &EXPIRED };
            longest = longest.max(head.expires);
            desk.fire(head.job, rule);
            desk.costs.commands += 1;
            self.kept -= 1;
        }
    }
}

const LAST: Rule =
    Rule { name: "LAST", place: "insert", says: "all delays share one queue, and it came last" };
const QUEUE_OF_DELAY: Rule =
    Rule { name: "QUEUE_OF_DELAY", place: "insert", says: "there is a queue for its delay, {}" };
const EXPIRED: Rule = Rule {
    name: "EXPIRED",
    place: "expire",
    says: "it is at the head of its queue and its time to live is over",
};
const HELD_UP: Rule = Rule {
    name: "HELD_UP",
    place: "expire",
    says: "its time to live was over before, but only the head of a queue expires, and a longer delay stood in front of it",
};
