//! # RabbitMQ, quorum queue
//!
//! As a classic queue to those who use it, but replicated, and with a memory for failures. Messages
//! that come back stand in a line of their own, in the order in which they came back, and go before all
//! that were never handed out. Each *failed* delivery counts: a worker's `reject`, or its breakdown.
//! When the count passes the delivery limit, 20 unless said otherwise, the message is dropped or goes
//! to the dead-letter exchange; so it is handed out once more often than the limit says. A `nack`
//! with requeue does not count since version 4.3: with it, a message can still go round for ever.
//! Where there is no limit, what a worker puts back goes to the end of the whole line instead.
//! A worker that does not acknowledge within half an hour loses what it holds.
//!
//! RabbitMQ 4.3 documentation ("Quorum Queues", "Poison Message Handling") and the server's own
//! tests of rabbit_fifo. Left out: the replication itself, priorities, and delayed retries of 4.3;
//! the queue of retries here is the usual pattern of a dead-letter exchange and a time to live.

use super::broker::{Broker, Delivery, Desk, Intake, Setup};
use super::message::{Exit, Messages, Slot};
use super::parameters::{ACK, SPEED, WORKERS};
use super::probe::{Change, Figure, Probe};
use super::rabbitmq::{DEAD_LETTER, DeadLetters, Limits, MAX_LENGTH, OVERFLOW, PREFETCH, TTL};
use super::{Anatomy, Lease, Leases};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use std::collections::VecDeque;

/// A quorum queue.
#[derive(Clone, Debug)]
pub struct Quorum {
    /// Messages that came back, in the order in which they did.
    returned: VecDeque<Slot>,
    ready: VecDeque<Slot>,
    unacknowledged: Leases,
    prefetch: u32,
    limits: Limits,
    on_failure: OnFailure,
    dead_letters: DeadLetters,
    /// None: `x-delivery-limit` is -1.
    delivery_limit: Option<u32>,
    ack_timeout: Span,
}

/// What a worker says when its work fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// `basic.reject` with requeue.
    Reject,
    /// `basic.nack` with requeue.
    Nack,
    /// Either of them without requeue.
    Discard,
}

/// A prefetch of 0 means so many on a quorum queue.
const MOST_PREFETCHED: u32 = 2_000;

impl Broker for Quorum {
    const ABOUT: About = About {
        id: "rabbitmq-quorum",
        name: "RabbitMQ quorum",
        idea: "RabbitMQ, quorum queue: what comes back goes first, and each failed delivery counts towards a limit.",
        file: file!(),
        parameters: &[
            WORKERS,
            SPEED,
            ACK,
            PREFETCH,
            Parameter {
                id: "on-failure",
                means: "reject: put it back, which counts; nack: put it back, which does not; discard: give it up",
                range: Range::Choice(&["reject", "nack", "discard"]),
            },
            Parameter {
                id: "delivery-limit",
                means: "after more failed deliveries than this a message is given up",
                range: Range::Whole { least: 0, most: 1_000, default: 20 },
            },
            Parameter {
                id: "limited",
                means: "yes: the delivery limit holds; no: there is none, and what a worker puts back goes behind all others",
                range: Range::Choice(&["yes", "no"]),
            },
            DEAD_LETTER,
            Parameter {
                id: "ack-timeout",
                means: "seconds after which a worker that has not acknowledged loses the message",
                range: Range::Number { least: 1.0, most: 86_400.0, default: 1_800.0 },
            },
            MAX_LENGTH,
            OVERFLOW,
            TTL,
        ],
        rules: &[
            &READY,
            &PUBLISH_REFUSED,
            &HEAD_DROPPED,
            &RETURNED_FIRST,
            &PUSHED,
            &ACKED,
            &TOO_LATE,
            &REJECTED,
            &NACKED,
            &TO_THE_END,
            &DISCARDED,
            &PAST_LIMIT,
            &CHANNEL_CLOSED,
            &ROUTED_BACK,
            &ACK_TIMEOUT,
            &TOO_OLD,
        ],
    };

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        Quorum {
            returned: VecDeque::new(),
            ready: VecDeque::new(),
            unacknowledged: Leases::default(),
            prefetch: parameters.whole("prefetch") as u32,
            limits: Limits::new(parameters),
            on_failure: match parameters.choice("on-failure") {
                "nack" => OnFailure::Nack,
                "discard" => OnFailure::Discard,
                _ => OnFailure::Reject,
            },
            dead_letters: DeadLetters::new(parameters),
            delivery_limit: (parameters.choice("limited") == "yes")
                .then(|| parameters.whole("delivery-limit") as u32),
            ack_timeout: parameters.span("ack-timeout"),
        }
    }

    fn intake(&self) -> Intake {
        Intake::Prefetch(if self.prefetch == 0 { MOST_PREFETCHED } else { self.prefetch })
    }

    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>) {
        let full =
            self.limits.length.is_some_and(|most| self.waiting() >= most) && !desk.crew.anyone_has_room();
        if full && self.limits.refuses {
            return desk.leave(message, Exit::Refused, &PUBLISH_REFUSED);
        }
        self.ready.push_back(message);
        desk.tell(message, Change::Waits, &READY);
        self.drop_head(desk);
    }

    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        let rule = if self.returned.is_empty() { &PUSHED } else { &RETURNED_FIRST };
        let message = self.pop()?;
        let until = desk.now + self.ack_timeout;
        let delivery = desk.hand(message, worker, Some(until), rule);
        self.unacknowledged.lend(message, self.ack_timeout, desk);
        Some(delivery)
    }

    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        if !self.unacknowledged.is_lent(delivery, desk.messages) {
            return desk.tell(delivery.message, Change::Ignored, &TOO_LATE);
        }
        self.unacknowledged.end(delivery.message, desk.messages);
        desk.leave(delivery.message, Exit::Acknowledged, &ACKED);
    }

    fn reject(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        self.settle(delivery, self.on_failure, desk);
    }

    fn worker_gone(&mut self, _: u32, held: &[Delivery], desk: &mut Desk<impl Probe>) {
        for delivery in held {
            if self.unacknowledged.is_lent(*delivery, desk.messages) {
                self.unacknowledged.end(delivery.message, desk.messages);
                self.fail(delivery.message, &CHANNEL_CLOSED, desk);
            }
        }
    }

    fn next_timer(&mut self, messages: &Messages) -> Option<Time> {
        let head = self.next().map(|head| self.limits.expiry(head, messages));
        head.into_iter().chain(self.unacknowledged.next_time(messages)).min()
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        if let Some(Lease { message, .. }) = self.unacknowledged.take_ended(desk.now, desk.messages) {
            return self.give_back(message, &ACK_TIMEOUT, desk);
        }
        if let Some(head) = self.pop() {
            let age = Figure::Span(desk.now.since(desk.messages[head].sent));
            desk.leave_by(head, self.dead_letters.exit(Exit::Expired), &TOO_OLD, age);
        }
    }

    fn waiting(&self) -> usize {
        self.returned.len() + self.ready.len()
    }

    fn next(&self) -> Option<Slot> {
        self.returned.front().or(self.ready.front()).copied()
    }

    fn show(&self, _: &Messages, anatomy: &mut Anatomy) {
        anatomy.line("returned", None, self.returned.len(), self.returned.iter().copied());
        anatomy.line("ready", self.limits.length, self.ready.len(), self.ready.iter().copied());
    }
}

impl Quorum {
    fn pop(&mut self) -> Option<Slot> {
        self.returned.pop_front().or_else(|| self.ready.pop_front())
    }

    /// basic.reject or basic.nack: what a worker says that could not do the work.
    pub fn settle(&mut self, delivery: Delivery, says: OnFailure, desk: &mut Desk<impl Probe>) {
        if !self.unacknowledged.is_lent(delivery, desk.messages) {
            return desk.tell(delivery.message, Change::Ignored, &TOO_LATE);
        }
        let message = delivery.message;
        self.unacknowledged.end(message, desk.messages);
        match says {
            OnFailure::Discard => self.give_up(message, &DISCARDED, desk),
            OnFailure::Reject | OnFailure::Nack if self.delivery_limit.is_none() => {
                self.ready.push_back(message);
                desk.tell(message, Change::Returned, &TO_THE_END);
                self.drop_head(desk);
            }
            OnFailure::Reject => self.fail(message, &REJECTED, desk),
            OnFailure::Nack => self.give_back(message, &NACKED, desk),
        }
    }

    /// Behind those that came back before, and before all others.
    fn give_back(&mut self, message: Slot, rule: &'static Rule, desk: &mut Desk<impl Probe>) {
        self.returned.push_back(message);
        desk.tell(message, Change::Returned, rule);
        self.drop_head(desk);
    }

    /// A delivery that failed counts; past the limit the message is given up.
    fn fail(&mut self, message: Slot, rule: &'static Rule, desk: &mut Desk<impl Probe>) {
        desk.messages[message].failures += 1;
        let failures = desk.messages[message].failures;
        if self.delivery_limit.is_some_and(|most| failures > most) {
            return self.give_up(message, &PAST_LIMIT, desk);
        }
        self.give_back(message, rule, desk);
    }

    /// Drops from the head what is beyond the maximum length, unless a worker takes it at once. A
    /// queue that refuses what is published lets in what comes back.
    fn drop_head(&mut self, desk: &mut Desk<impl Probe>) {
        let most = self.limits.length.filter(|_| !self.limits.refuses).unwrap_or(usize::MAX);
        while self.waiting() > most
            && !desk.crew.anyone_has_room()
            && let Some(head) = self.pop()
        {
            desk.leave(head, self.dead_letters.exit(Exit::Dropped), &HEAD_DROPPED);
        }
    }

    /// The dead-letter exchange drops it, keeps it, or routes it back as if it were new.
    fn give_up(&mut self, message: Slot, rule: &'static Rule, desk: &mut Desk<impl Probe>) {
        if self.dead_letters == DeadLetters::Back {
            desk.messages[message].failures = 0;
            self.ready.push_back(message);
            return desk.tell(message, Change::Returned, &ROUTED_BACK);
        }
        let failures = Figure::Count(u64::from(desk.messages[message].failures));
        desk.leave_by(message, self.dead_letters.exit(Exit::Discarded), rule, failures);
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
const RETURNED_FIRST: Rule = Rule {
    name: "RETURNED_FIRST",
    place: "receive",
    says: "what came back goes before all that was never handed out",
};
const PUSHED: Rule = Rule {
    name: "PUSHED",
    place: "receive",
    says: "it is at the head, and the worker holds fewer than its prefetch allows",
};
const ACKED: Rule = Rule { name: "ACKED", place: "acknowledge", says: "its worker has acknowledged it" };
const TOO_LATE: Rule = Rule {
    name: "TOO_LATE",
    place: "acknowledge",
    says: "its worker was too late: the message had been taken from it",
};
const REJECTED: Rule = Rule {
    name: "REJECTED",
    place: "settle",
    says: "its worker has rejected it, and the failed delivery counts",
};
const NACKED: Rule = Rule {
    name: "NACKED",
    place: "settle",
    says: "its worker has put it back with a nack, which does not count as a failed delivery",
};
const TO_THE_END: Rule = Rule {
    name: "TO_THE_END",
    place: "settle",
    says: "its worker has put it back, and where there is no delivery limit that is behind all others",
};
const DISCARDED: Rule =
    Rule { name: "DISCARDED", place: "settle", says: "its worker has rejected it without putting it back" };
const PAST_LIMIT: Rule = Rule {
    name: "PAST_LIMIT",
    place: "fail",
    says: "it has failed {} times, and that is past the delivery limit",
};
const ROUTED_BACK: Rule = Rule {
    name: "ROUTED_BACK",
    place: "give_up",
    says: "it is given up, and the dead-letter exchange routes it to this queue again, as if it were new",
};
const CHANNEL_CLOSED: Rule = Rule {
    name: "CHANNEL_CLOSED",
    place: "worker_gone",
    says: "its worker's channel closed, and the failed delivery counts",
};
const ACK_TIMEOUT: Rule = Rule {
    name: "ACK_TIMEOUT",
    place: "on_timer",
    says: "its worker has not acknowledged it within the consumer timeout",
};
const TOO_OLD: Rule = Rule {
    name: "TOO_OLD",
    place: "on_timer",
    says: "it is {} old, its time to live is over, and it is at the head",
};
