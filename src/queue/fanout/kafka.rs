//! # Kafka: one log, an offset for each subscriber
//!
//! The record is appended once, whoever wants it. Each subscriber is a consumer group of its own and
//! has an offset; a slow one lags, and neither the log nor the others feel it. There are no bindings:
//! a consumer reads everything and passes over what it does not want.
//!
//! Records are deleted by age (`retention`, 7 days) or number (`keep`), read or not. Whoever lags that
//! far loses them: its offset is out of range, and `reset` says where it goes on, at the end (`latest`,
//! the default) or at the oldest record that is left (`earliest`). The same holds for a group that
//! comes for the first time, which is how a late joiner can read from the beginning.
//!
//! A group that is away keeps its committed offset; what it had read and not committed is read again.
//! An ephemeral reader commits nothing and begins at the end when it is back.
//!
//! Apache Kafka documentation: `auto.offset.reset`, `log.retention.hours`, `log.retention.bytes`.
//! Left out: partitions (this is one, so order holds), segments (only whole ones are deleted, checked
//! every five minutes), batches (`max.poll.records` 500), `offsets.retention.minutes` (7 days), the
//! time a rebalance takes, commits every five seconds (here after each record), and compaction.

use super::Letter;
use super::design::{Anatomy, Design, Desk, Setup};
use super::log::Log;
use super::probe::{Change, Figure, Probe};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::routing::Exchange;

/// A log with one partition.
#[derive(Clone, Debug)]
pub struct Kafka {
    log: Log,
    earliest: bool,
    retention: Span,
    keep: Option<usize>,
}

impl Design for Kafka {
    const ABOUT: About = About {
        id: "kafka",
        name: "Kafka",
        idea: "One log for all, and each subscriber has a place in it.",
        file: file!(),
        parameters: &[
            Parameter {
                id: "reset",
                means: "where a group begins that has no offset, or one whose record is gone",
                range: Range::Choice(&["latest", "earliest"]),
            },
            Parameter {
                id: "retention",
                means: "seconds after which a record is deleted",
                range: Range::Number { least: 0.001, most: 1e9, default: 604_800.0 },
            },
            Parameter {
                id: "keep",
                means: "how many records are kept",
                range: Range::Limit { least: 1, most: 1_000_000 },
            },
        ],
        rules: &[
            &APPENDED,
            &NO_OFFSET,
            &TOO_MANY,
            &TOO_OLD,
            &OUT_OF_RANGE,
            &NOT_COMMITTED,
            &GONE_MEANWHILE,
            &NO_GROUP,
        ],
    };

    fn filters(_: Exchange) -> bool {
        false
    }

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        let mut kafka = Kafka {
            log: Log::new(setup.subscribers),
            earliest: parameters.choice("reset") == "earliest",
            retention: parameters.span("retention"),
            keep: parameters.limit("keep"),
        };
        if kafka.earliest {
            // Whoever will come may read from the beginning.
            (0..setup.subscribers as u32).for_each(|subscriber| kafka.log.begin_at_oldest(subscriber));
        }
        kafka
    }

    fn publish(&mut self, letter: Letter, desk: &mut Desk<impl Probe>) {
        while self.ends().is_some_and(|at| at <= desk.now) {
            self.log.delete_oldest(&TOO_OLD, Figure::Span(self.retention), desk);
        }
        self.log.append(letter, &APPENDED, &NO_OFFSET, desk);
        if let Some(most) = self.keep.filter(|most| self.log.len() > *most) {
            self.log.delete_oldest(&TOO_MANY, Figure::Count(most as u64), desk);
        }
    }

    fn take(&mut self, subscriber: u32, desk: &mut Desk<impl Probe>) -> Option<Letter> {
        if self.log.is_out_of_range(subscriber) && !self.earliest {
            self.log.skip_to_end(subscriber, &OUT_OF_RANGE, desk);
        }
        self.log.read(subscriber)
    }

    fn arrive(&mut self, subscriber: u32, _: bool, _: &mut Desk<impl Probe>) {
        if !self.log.reads(subscriber) {
            self.log.begin_at_end(subscriber);
        }
    }

    fn leave(&mut self, subscriber: u32, held: Option<Letter>, desk: &mut Desk<impl Probe>) {
        let durable = desk.is_durable(subscriber);
        if let Some(letter) = held {
            if !durable {
                desk.drop_held(subscriber, letter, &NO_GROUP, None);
            } else if self.log.keeps(letter) {
                self.log.go_back_to(subscriber, letter);
                desk.put_back(subscriber, letter, Change::Returned, &NOT_COMMITTED, None);
            } else {
                desk.drop_held(subscriber, letter, &GONE_MEANWHILE, None);
            }
        }
        if !durable {
            self.log.give_up(subscriber, &NO_GROUP, desk);
        }
    }

    /// What everybody has read is deleted when the next record comes; nobody can see the difference.
    fn next_timer(&self) -> Option<Time> {
        self.ends().filter(|_| self.log.oldest_is_unread())
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        self.log.delete_oldest(&TOO_OLD, Figure::Span(self.retention), desk);
    }

    fn show(&self) -> Anatomy {
        Anatomy { lines: self.log.lines(), log: Some(self.log.reading()), ..Anatomy::default() }
    }
}

impl Kafka {
    /// When the oldest record is too old.
    fn ends(&self) -> Option<Time> {
        self.log.oldest().map(|letter| letter.sent + self.retention)
    }
}

const APPENDED: Rule =
    Rule { name: "APPENDED", place: "publish", says: "the log keeps it for this reader, who asks for {}" };
const NO_OFFSET: Rule = Rule {
    name: "NO_OFFSET",
    place: "publish",
    says: "this reader has no offset yet and will begin at the end of the log",
};
const TOO_MANY: Rule =
    Rule { name: "TOO_MANY", place: "publish", says: "the log keeps {} records, read or not" };
const TOO_OLD: Rule =
    Rule { name: "TOO_OLD", place: "on_timer", says: "the log keeps a record for {}, read or not" };
const OUT_OF_RANGE: Rule = Rule {
    name: "OUT_OF_RANGE",
    place: "take",
    says: "the record at its reader’s offset is gone, and the reader begins again at the end",
};
const NOT_COMMITTED: Rule =
    Rule { name: "NOT_COMMITTED", place: "leave", says: "its offset was not committed, so it is read again" };
const GONE_MEANWHILE: Rule = Rule {
    name: "GONE_MEANWHILE",
    place: "leave",
    says: "its offset was not committed, and the record has been deleted",
};
const NO_GROUP: Rule = Rule {
    name: "NO_GROUP",
    place: "leave",
    says: "an ephemeral reader commits no offset and begins at the end when it is back",
};
