//! # Kafka, share group
//!
//! Records stay in the log; the group only remembers which of them are done. A worker that polls is
//! handed the available records with the lowest offsets, and holds an acquisition lock on each. It
//! accepts a record when the work is done, releases it to be tried again, or rejects it for good;
//! when the lock ends first, that counts as a release. A record goes back to its own offset, so it is
//! among the next to be handed out. One that was acquired as often as the limit allows is archived
//! at the end of its last try: skipped for good, unless there is a topic for the dead.
//!
//! A worker whose session closes releases what it holds at once; of one that dies without a word the
//! group learns nothing until the locks end.
//!
//! The group looks at a window of the log that begins at the first record that is not done. So a
//! record that nobody finishes holds the window back.
//!
//! KIP-932, KIP-1191, KIP-1222 and Kafka's own tests of SharePartition (4.2). Left out: several
//! partitions, the smaller batches in which records near their limit are handed out, and the topic's
//! retention.

use super::broker::{Broker, Delivery, Desk, Intake, Setup};
use super::message::{Exit, Messages, Slot};
use super::parameters::{ACK, EXTEND, SPEED, WORKERS};
use super::probe::{Change, Figure, Probe};
use super::{Anatomy, InOrder, Lease, Leases};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};

/// A share group on one partition.
#[derive(Clone, Debug)]
pub struct KafkaShare {
    available: InOrder,
    /// Every record that is neither done nor archived; the first one starts the window.
    unfinished: InOrder,
    locks: Leases,
    batch: u32,
    lock: Span,
    most_deliveries: u32,
    window: u64,
    releases_failed: bool,
    keeps_dead: bool,
    sessions_close: bool,
}

impl Broker for KafkaShare {
    const ABOUT: About = About {
        id: "kafka-share",
        name: "Kafka share group",
        idea: "A Kafka share group: records stay in the log, each is locked by one worker at a time and archived after five tries.",
        file: file!(),
        parameters: &[
            WORKERS,
            SPEED,
            ACK,
            Parameter {
                id: "batch",
                means: "how many records one poll returns at the most",
                range: Range::Whole { least: 1, most: 10_000, default: 500 },
            },
            Parameter {
                id: "lock",
                means: "seconds that an acquisition lock lasts",
                range: Range::Number { least: 1.0, most: 3_600.0, default: 30.0 },
            },
            EXTEND,
            Parameter {
                id: "delivery-limit",
                means: "acquired so often and still not accepted, a record is archived",
                range: Range::Whole { least: 2, most: 10, default: 5 },
            },
            Parameter {
                id: "on-failure",
                means: "release: it may be tried again; reject: it is archived at once",
                range: Range::Choice(&["release", "reject"]),
            },
            Parameter {
                id: "on-crash",
                means: "silent: a worker that breaks down says nothing, and its locks run on; close: its session closes",
                range: Range::Choice(&["silent", "close"]),
            },
            Parameter {
                id: "dead-letter",
                means: "none: what is archived is skipped; keep: it is copied to a topic of the dead",
                range: Range::Choice(&["none", "keep"]),
            },
            Parameter {
                id: "window",
                means: "how many records, counted from the first that is not done, may be in flight",
                range: Range::Whole { least: 1, most: 10_000, default: 2_000 },
            },
        ],
        rules: &[
            &APPENDED,
            &ACQUIRED,
            &ACCEPTED,
            &LOCK_LOST,
            &RELEASED,
            &REJECTED,
            &SESSION_CLOSED,
            &LOCK_ENDED,
            &ARCHIVED,
            &RENEWED,
        ],
    };

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        KafkaShare {
            available: InOrder::default(),
            unfinished: InOrder::default(),
            locks: Leases::default(),
            batch: parameters.whole("batch") as u32,
            lock: parameters.span("lock"),
            most_deliveries: parameters.whole("delivery-limit") as u32,
            window: parameters.whole("window") as u64,
            releases_failed: parameters.choice("on-failure") == "release",
            keeps_dead: parameters.choice("dead-letter") == "keep",
            sessions_close: parameters.choice("on-crash") == "close",
        }
    }

    fn intake(&self) -> Intake {
        Intake::Batch(self.batch)
    }

    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>) {
        self.unfinished.append(message, desk.messages);
        self.available.insert(message, desk.messages);
        desk.tell(message, Change::Waits, &APPENDED);
    }

    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        if !self.is_in_window(desk.messages) {
            return None;
        }
        let message = self.available.pop()?;
        let until = desk.now + self.lock;
        let delivery = desk.hand(message, worker, Some(until), &ACQUIRED);
        self.locks.lend(message, self.lock, desk);
        Some(delivery)
    }

    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        if !self.locks.is_lent(delivery, desk.messages) {
            return desk.tell(delivery.message, Change::Ignored, &LOCK_LOST);
        }
        self.locks.end(delivery.message, desk.messages);
        self.unfinished.remove(delivery.message, desk.messages);
        desk.leave(delivery.message, Exit::Acknowledged, &ACCEPTED);
    }

    fn reject(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        self.answer(delivery, self.releases_failed, desk);
    }

    fn worker_gone(&mut self, _: u32, held: &[Delivery], desk: &mut Desk<impl Probe>) {
        for delivery in held {
            if self.sessions_close && self.locks.is_lent(*delivery, desk.messages) {
                self.locks.end(delivery.message, desk.messages);
                self.release(delivery.message, &SESSION_CLOSED, desk);
            }
        }
    }

    fn lease(&self) -> Option<Span> {
        Some(self.lock)
    }

    fn extend(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        if self.locks.is_lent(delivery, desk.messages) {
            let until = self.locks.lend(delivery.message, self.lock, desk);
            desk.tell(delivery.message, Change::Extended { until }, &RENEWED);
        }
    }

    fn next_timer(&mut self, messages: &Messages) -> Option<Time> {
        self.locks.next_time(messages)
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        if let Some(Lease { message, .. }) = self.locks.take_ended(desk.now, desk.messages) {
            self.release(message, &LOCK_ENDED, desk);
        }
    }

    fn waiting(&self) -> usize {
        self.available.len()
    }

    fn next(&self) -> Option<Slot> {
        self.available.first()
    }

    fn show(&self, messages: &Messages, anatomy: &mut Anatomy) {
        anatomy.line("available", None, self.available.len(), self.available.iter());
        anatomy.timed("locked", ("acquired", "released"), self.locks.running(messages));
    }
}

impl KafkaShare {
    /// Whether the first available record lies in the window that the group looks at.
    fn is_in_window(&self, messages: &Messages) -> bool {
        let offset = |message: Slot| messages[message].place;
        match (self.available.first(), self.unfinished.first()) {
            (Some(first), Some(start)) => offset(first) - offset(start) < self.window,
            _ => false,
        }
    }

    /// RELEASE, to be tried again, or REJECT, for good: what a worker answers that could not do it.
    pub fn answer(&mut self, delivery: Delivery, releases: bool, desk: &mut Desk<impl Probe>) {
        if !self.locks.is_lent(delivery, desk.messages) {
            return desk.tell(delivery.message, Change::Ignored, &LOCK_LOST);
        }
        self.locks.end(delivery.message, desk.messages);
        match releases {
            true => self.release(delivery.message, &RELEASED, desk),
            false => self.archive(delivery.message, &REJECTED, desk),
        }
    }

    /// Makes a record available again, or archives it after its last try.
    fn release(&mut self, message: Slot, rule: &'static Rule, desk: &mut Desk<impl Probe>) {
        if desk.messages[message].receives >= self.most_deliveries {
            return self.archive(message, &ARCHIVED, desk);
        }
        self.available.insert(message, desk.messages);
        desk.tell(message, Change::Returned, rule);
    }

    fn archive(&mut self, message: Slot, rule: &'static Rule, desk: &mut Desk<impl Probe>) {
        self.unfinished.remove(message, desk.messages);
        let exit = if self.keeps_dead { Exit::Dead } else { Exit::Discarded };
        let deliveries = u64::from(desk.messages[message].receives);
        desk.leave_by(message, exit, rule, Figure::Count(deliveries));
    }
}

const APPENDED: Rule =
    Rule { name: "APPENDED", place: "publish", says: "it is appended to the log and available" };
const ACQUIRED: Rule = Rule {
    name: "ACQUIRED",
    place: "receive",
    says: "it has the lowest offset of all that are available; its worker holds the lock on it",
};
const ACCEPTED: Rule = Rule {
    name: "ACCEPTED",
    place: "acknowledge",
    says: "its worker has accepted it while it held the lock",
};
const LOCK_LOST: Rule = Rule {
    name: "LOCK_LOST",
    place: "acknowledge",
    says: "its worker no longer holds the lock, so what it says does not count",
};
const RELEASED: Rule = Rule {
    name: "RELEASED",
    place: "answer",
    says: "its worker has released it, and it is available again at its own offset",
};
const REJECTED: Rule =
    Rule { name: "REJECTED", place: "answer", says: "its worker has rejected it for good, at try {}" };
const SESSION_CLOSED: Rule = Rule {
    name: "SESSION_CLOSED",
    place: "worker_gone",
    says: "its worker's session closed, which releases all that it held",
};
const LOCK_ENDED: Rule = Rule {
    name: "LOCK_ENDED",
    place: "on_timer",
    says: "the lock on it has ended, and it is available again at its own offset",
};
const ARCHIVED: Rule =
    Rule { name: "ARCHIVED", place: "release", says: "that was try {}, the last one that the group allows" };
const RENEWED: Rule =
    Rule { name: "RENEWED", place: "extend", says: "its worker is still at it and renews the lock" };
