//! # RabbitMQ, classic queue
//!
//! The broker pushes: each worker has a channel, and is sent messages until it holds as many
//! unacknowledged ones as its prefetch allows. The connection is the lease: when a worker breaks
//! down, its channel closes, and everything it held goes back at once, each to its own place.
//! A worker that failed may put a message back the same way, as often as it likes: a classic queue
//! counts nothing, so a message that can never be done goes round for ever. Or it rejects the
//! message for good; then it is dropped or, where there is a dead-letter exchange, routed there.
//!
//! Length and age are limited at the head: a full queue drops its oldest, which may well be the one
//! that was just put back, or it refuses what is published, but never what is put back; and a message
//! whose time to live is over is dropped when it gets to the head.
//!
//! RabbitMQ 4 documentation ("Consumer Acknowledgements", "Dead Letter Exchanges", "TTL", "Queue
//! Length Limit") and the server's own tests. Left out: priorities, several consumers on one
//! channel, publisher confirms, and the dead-letter exchange as a topology of its own: dead letters
//! are kept, or routed back to this queue.

use super::broker::{Broker, Delivery, Desk, Intake, Setup};
use super::message::{Exit, Messages, Slot};
use super::parameters::{ACK, BACKOFF, RETRY_DELAY, SPEED, WORKERS};
use super::probe::{Change, Figure, Probe};
use super::{Anatomy, InOrder, Retry};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Events, Span, Time};

/// A classic queue.
#[derive(Clone, Debug)]
pub struct RabbitMq {
    ready: InOrder,
    /// Rejected messages that come back through a queue with a time to live.
    retries: Events<(Slot, Time)>,
    prefetch: u32,
    limits: Limits,
    requeues: bool,
    dead_letters: DeadLetters,
    most_tries: Option<u32>,
    retry: Retry,
}

/// How long and how old a queue may get.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How many messages may be ready.
    pub length: Option<usize>,
    /// Whether a full queue refuses the new one; otherwise it drops the oldest.
    pub refuses: bool,
    /// How old a message may get.
    pub age: Span,
}

/// Where dead letters go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum DeadLetters {
    Dropped,
    Kept,
    Back,
}

/// How many unacknowledged messages a worker may hold.
pub(super) const PREFETCH: Parameter = Parameter {
    id: "prefetch",
    means: "how many unacknowledged messages a worker may hold; 0: as many as there are",
    range: Range::Whole { least: 0, most: 65_535, default: 0 },
};
/// The longest that the queue may get.
pub(super) const MAX_LENGTH: Parameter = Parameter {
    id: "max-length",
    means: "how many messages may be ready; those handed out are not counted",
    range: Range::Limit { least: 0, most: 10_000_000 },
};
/// What a full queue does.
pub(super) const OVERFLOW: Parameter = Parameter {
    id: "overflow",
    means: "a full queue drops its oldest message, or refuses the new one",
    range: Range::Choice(&["drop-head", "reject-publish"]),
};
/// The queue's time to live, in seconds.
pub(super) const TTL: Parameter = Parameter {
    id: "ttl",
    means: "seconds that a message may wait; it is dropped when it is at the head",
    range: Range::Number { least: 0.0, most: 1e9, default: 1e9 },
};
/// Where dead letters go.
pub(super) const DEAD_LETTER: Parameter = Parameter {
    id: "dead-letter",
    means: "what the dead-letter exchange does: none: there is none; keep: to a queue of the dead; back: to this queue again",
    range: Range::Choice(&["none", "keep", "back"]),
};

impl Limits {
    /// The limits that [`MAX_LENGTH`], [`OVERFLOW`] and [`TTL`] ask for.
    pub(super) fn new(parameters: &crate::catalogue::Parameters) -> Self {
        Limits {
            length: parameters.limit("max-length"),
            refuses: parameters.choice("overflow") == "reject-publish",
            age: parameters.span("ttl"),
        }
    }

    /// Until when `message` may wait: the smaller of the queue's and its own time to live counts.
    pub(super) fn expiry(&self, message: Slot, messages: &Messages) -> Time {
        messages[message].sent + self.age.min(messages[message].patience)
    }
}

impl DeadLetters {
    /// What [`DEAD_LETTER`] asks for.
    pub(super) fn new(parameters: &crate::catalogue::Parameters) -> Self {
        match parameters.choice("dead-letter") {
            "keep" => DeadLetters::Kept,
            "back" => DeadLetters::Back,
            _ => DeadLetters::Dropped,
        }
    }

    /// How a message leaves for which there was no rejection: routed back to where it came from, it
    /// would go round for ever, so the broker drops it.
    pub(super) fn exit(self, otherwise: Exit) -> Exit {
        if self == DeadLetters::Kept { Exit::Dead } else { otherwise }
    }
}

impl Broker for RabbitMq {
    const ABOUT: About = About {
        id: "rabbitmq",
        name: "RabbitMQ",
        idea: "RabbitMQ, classic queue: pushed to workers up to their prefetch, back at once when a worker is gone.",
        file: file!(),
        parameters: &[
            WORKERS,
            SPEED,
            ACK,
            PREFETCH,
            Parameter {
                id: "on-failure",
                means: "requeue: put it back; reject: give it up, to the dead-letter exchange if there is one",
                range: Range::Choice(&["requeue", "reject"]),
            },
            DEAD_LETTER,
            Parameter {
                id: "max-tries",
                means: "after so many tries the worker itself gives up and sets the message aside; the queue counts nothing",
                range: Range::Limit { least: 1, most: 1_000 },
            },
            RETRY_DELAY,
            BACKOFF,
            MAX_LENGTH,
            OVERFLOW,
            TTL,
        ],
        rules: &[
            &READY,
            &PUBLISH_REFUSED,
            &HEAD_DROPPED,
            &PUSHED,
            &ACKED,
            &REQUEUED,
            &REJECTED,
            &ROUTED_BACK,
            &ROUTED_BACK_LATER,
            &RETRY_OVER,
            &SET_ASIDE,
            &CHANNEL_CLOSED,
            &TOO_OLD,
        ],
    };

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        RabbitMq {
            ready: InOrder::default(),
            retries: Events::new(),
            prefetch: parameters.whole("prefetch") as u32,
            limits: Limits::new(parameters),
            requeues: parameters.choice("on-failure") == "requeue",
            dead_letters: DeadLetters::new(parameters),
            most_tries: parameters.limit("max-tries").map(|most| most as u32),
            retry: Retry::new(parameters),
        }
    }

    fn intake(&self) -> Intake {
        Intake::Prefetch(if self.prefetch == 0 { u32::MAX } else { self.prefetch })
    }

    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>) {
        let full =
            self.limits.length.is_some_and(|most| self.ready.len() >= most) && !desk.crew.anyone_has_room();
        if full && self.limits.refuses {
            return desk.leave(message, Exit::Refused, &PUBLISH_REFUSED);
        }
        self.ready.append(message, desk.messages);
        desk.tell(message, Change::Waits, &READY);
        if full {
            self.drop_head(desk);
        }
    }

    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        let message = self.ready.pop()?;
        Some(desk.hand(message, worker, None, &PUSHED))
    }

    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        desk.leave(delivery.message, Exit::Acknowledged, &ACKED);
    }

    fn reject(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        let (message, tries) = (delivery.message, delivery.tries);
        if self.most_tries.is_some_and(|most| tries >= most) {
            return desk.leave_by(message, Exit::Dead, &SET_ASIDE, Figure::Count(u64::from(tries)));
        }
        if self.requeues {
            return self.requeue(delivery, desk);
        }
        if self.dead_letters != DeadLetters::Back {
            return self.discard(delivery, desk);
        }
        let delay = self.retry.after(tries);
        if delay == Span::ZERO {
            self.ready.append(message, desk.messages);
            return desk.tell(message, Change::Returned, &ROUTED_BACK);
        }
        let until = desk.now + delay;
        self.retries.schedule(until, (message, desk.now));
        desk.tell_by(message, Change::Delayed { until }, &ROUTED_BACK_LATER, Figure::Span(delay));
    }

    fn worker_gone(&mut self, _: u32, held: &[Delivery], desk: &mut Desk<impl Probe>) {
        for delivery in held {
            self.ready.insert(delivery.message, desk.messages);
            desk.tell(delivery.message, Change::Returned, &CHANNEL_CLOSED);
        }
        self.drop_head(desk);
    }

    fn next_timer(&mut self, messages: &Messages) -> Option<Time> {
        let head = self.ready.first().map(|head| self.limits.expiry(head, messages));
        head.into_iter().chain(self.retries.next_time()).min()
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        if self.retries.next_time().is_some_and(|at| at <= desk.now)
            && let Some((_, (message, _))) = self.retries.next()
        {
            self.ready.append(message, desk.messages);
            return desk.tell(message, Change::Returned, &RETRY_OVER);
        }
        if let Some(head) = self.ready.pop() {
            let age = Figure::Span(desk.now.since(desk.messages[head].sent));
            desk.leave_by(head, self.dead_letters.exit(Exit::Expired), &TOO_OLD, age);
        }
    }

    fn waiting(&self) -> usize {
        self.ready.len()
    }

    fn next(&self) -> Option<Slot> {
        self.ready.first()
    }

    fn show(&self, _: &Messages, anatomy: &mut Anatomy) {
        anatomy.line("ready", self.limits.length, self.ready.len(), self.ready.iter());
        let retries = self.retries.iter().map(|(until, (message, since))| (*message, *since, until));
        anatomy.timed("retry queue", ("rejected", "back"), retries.collect());
    }
}

impl RabbitMq {
    /// basic.nack or basic.reject with requeue: back to its own place.
    pub fn requeue(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        self.ready.insert(delivery.message, desk.messages);
        desk.tell(delivery.message, Change::Returned, &REQUEUED);
        self.drop_head(desk);
    }

    /// basic.nack or basic.reject without requeue: to the dead-letter exchange, or gone.
    pub fn discard(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        desk.leave(delivery.message, self.dead_letters.exit(Exit::Discarded), &REJECTED);
    }

    /// Drops from the head what is beyond the maximum length. A queue that refuses what is published
    /// lets in what is put back.
    fn drop_head(&mut self, desk: &mut Desk<impl Probe>) {
        let most = self.limits.length.filter(|_| !self.limits.refuses).unwrap_or(usize::MAX);
        while self.ready.len() > most
            && let Some(head) = self.ready.pop()
        {
            desk.leave(head, self.dead_letters.exit(Exit::Dropped), &HEAD_DROPPED);
        }
    }
}

const READY: Rule = Rule { name: "READY", place: "publish", says: "it is ready, behind all others" };
const PUBLISH_REFUSED: Rule = Rule {
    name: "PUBLISH_REFUSED",
    place: "publish",
    says: "the queue is at its maximum length, and rejects what is published",
};
const HEAD_DROPPED: Rule = Rule {
    name: "HEAD_DROPPED",
    place: "drop_head",
    says: "the queue is longer than its maximum length, and it is at the head",
};
const PUSHED: Rule = Rule {
    name: "PUSHED",
    place: "receive",
    says: "it is at the head, and the worker holds fewer than its prefetch allows",
};
const ACKED: Rule = Rule { name: "ACKED", place: "acknowledge", says: "its worker has acknowledged it" };
const REQUEUED: Rule = Rule {
    name: "REQUEUED",
    place: "requeue",
    says: "its worker could not do it and put it back, at its own place; nobody counts how often",
};
const REJECTED: Rule =
    Rule { name: "REJECTED", place: "discard", says: "its worker has rejected it without putting it back" };
const ROUTED_BACK: Rule = Rule {
    name: "ROUTED_BACK",
    place: "reject",
    says: "its worker has rejected it, and the dead-letter exchange routes it to this queue again",
};
const ROUTED_BACK_LATER: Rule = Rule {
    name: "ROUTED_BACK_LATER",
    place: "reject",
    says: "its worker has rejected it, and the dead-letter exchange routes it through a queue in which it lives for {}",
};
const RETRY_OVER: Rule = Rule {
    name: "RETRY_OVER",
    place: "on_timer",
    says: "its time in the retry queue is over, and it is routed back",
};
const SET_ASIDE: Rule = Rule {
    name: "SET_ASIDE",
    place: "reject",
    says: "the worker has seen it {} times and sets it aside itself",
};
const CHANNEL_CLOSED: Rule = Rule {
    name: "CHANNEL_CLOSED",
    place: "worker_gone",
    says: "its worker's channel closed, and what was unacknowledged goes back to its own place at once",
};
const TOO_OLD: Rule = Rule {
    name: "TOO_OLD",
    place: "on_timer",
    says: "it is {} old, its time to live is over, and it is at the head",
};
