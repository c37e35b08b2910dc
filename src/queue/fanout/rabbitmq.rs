//! # RabbitMQ: an exchange and a queue for each subscriber
//!
//! The exchange compares the message with every binding and puts a copy into each queue that wants
//! it. From then on the queues know nothing of one another: a slow subscriber has a long queue, and
//! nobody else waits. A queue may be bounded (`max-length`, ready messages only); what happens then
//! is `overflow`: `drop-head`, which is what holds where nothing is said, throws the oldest away;
//! `reject-publish` refuses the new one for this queue, and the other queues get theirs all the same.
//!
//! A durable subscriber has a queue that stays while it is away. An ephemeral one has an exclusive,
//! auto-delete queue, which goes with its connection. A queue gets nothing that was published before
//! it was bound. A copy that was handed out and not acknowledged when the connection closed goes back
//! to its own place.
//!
//! RabbitMQ 4 documentation: "AMQP 0-9-1 Model Explained", "Queue Length Limit", "Consumer
//! Acknowledgements"; AMQP 0-9-1, section 3.1. Left out: the publisher's confirms and returns
//! (`mandatory`), time to live, dead letters, prefetch above one, and that memory and disc alarms
//! block publishers when an unbounded queue has eaten everything.

use super::Letter;
use super::design::{Anatomy, Design, Desk, Line, Setup};
use super::probe::{Change, Figure, Probe};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::queue::routing::Exchange;
use std::collections::VecDeque;

/// An exchange and queues.
#[derive(Clone, Debug)]
pub struct RabbitMq {
    /// The queue of each subscriber; `None`: it has none.
    queues: Vec<Option<VecDeque<Letter>>>,
    max_length: Option<usize>,
    drop_head: bool,
}

impl Design for RabbitMq {
    const ABOUT: About = About {
        id: "rabbitmq",
        name: "RabbitMQ",
        idea: "An exchange puts a copy into the queue of every subscriber that wants it.",
        file: file!(),
        parameters: &[
            Parameter {
                id: "max-length",
                means: "how many copies may wait in each queue",
                range: Range::Limit { least: 1, most: 1_000_000 },
            },
            Parameter {
                id: "overflow",
                means: "when a queue is full: drop its head, or refuse what is published",
                range: Range::Choice(&["drop-head", "reject-publish"]),
            },
        ],
        rules: &[&MATCHES, &NO_QUEUE, &FULL, &HEAD, &QUEUE_GONE, &REQUEUED],
    };

    fn filters(_: Exchange) -> bool {
        true
    }

    fn new(setup: &Setup) -> Self {
        RabbitMq {
            queues: vec![None; setup.subscribers],
            max_length: setup.parameters.limit("max-length"),
            drop_head: setup.parameters.choice("overflow") == "drop-head",
        }
    }

    fn publish(&mut self, letter: Letter, desk: &mut Desk<impl Probe>) {
        for subscriber in desk.everybody() {
            if !desk.goes_to(subscriber, letter) {
                continue;
            }
            let Some(queue) = &mut self.queues[subscriber as usize] else {
                desk.miss(subscriber, letter, &NO_QUEUE);
                continue;
            };
            let full = self.max_length.is_some_and(|most| queue.len() >= most);
            if full && !self.drop_head {
                desk.refuse(subscriber, letter, &FULL);
                continue;
            }
            queue.push_back(letter);
            desk.enter(subscriber, letter, &MATCHES);
            self.drop_the_head(subscriber, desk);
        }
    }

    fn take(&mut self, subscriber: u32, _: &mut Desk<impl Probe>) -> Option<Letter> {
        self.queues[subscriber as usize].as_mut()?.pop_front()
    }

    fn arrive(&mut self, subscriber: u32, _: bool, _: &mut Desk<impl Probe>) {
        self.queues[subscriber as usize].get_or_insert_default();
    }

    fn leave(&mut self, subscriber: u32, held: Option<Letter>, desk: &mut Desk<impl Probe>) {
        if desk.is_durable(subscriber) {
            let Some((queue, letter)) = self.queues[subscriber as usize].as_mut().zip(held) else { return };
            queue.push_front(letter);
            desk.put_back(subscriber, letter, Change::Returned, &REQUEUED, None);
            return self.drop_the_head(subscriber, desk);
        }
        if let Some(letter) = held {
            desk.drop_held(subscriber, letter, &QUEUE_GONE, None);
        }
        for letter in self.queues[subscriber as usize].take().unwrap_or_default() {
            desk.drop(subscriber, letter, &QUEUE_GONE, None);
        }
    }

    fn show(&self) -> Anatomy {
        let line = |queue: &Option<VecDeque<Letter>>| {
            let queue = queue.iter().flatten();
            let line = Line::new("queue", queue.clone().count(), queue.copied());
            Line { room: self.max_length, ..line }
        };
        Anatomy { lines: self.queues.iter().map(line).collect(), ..Anatomy::default() }
    }
}

impl RabbitMq {
    /// A queue that has become too long loses its head.
    fn drop_the_head(&mut self, subscriber: u32, desk: &mut Desk<impl Probe>) {
        let (Some(most), true) = (self.max_length, self.drop_head) else { return };
        let Some(queue) = &mut self.queues[subscriber as usize] else { return };
        if queue.len() > most
            && let Some(letter) = queue.pop_front()
        {
            desk.drop(subscriber, letter, &HEAD, Some(Figure::Count(most as u64)));
        }
    }
}

const MATCHES: Rule = Rule { name: "MATCHES", place: "publish", says: "the queue is bound with {}" };
const NO_QUEUE: Rule =
    Rule { name: "NO_QUEUE", place: "publish", says: "the subscriber has no queue at this time" };
const FULL: Rule = Rule {
    name: "FULL",
    place: "publish",
    says: "its queue is full and refuses what is published; the other queues do not",
};
const HEAD: Rule = Rule {
    name: "HEAD",
    place: "drop_the_head",
    says: "it is at the head of a queue that may hold {}, and one more has come",
};
const QUEUE_GONE: Rule = Rule {
    name: "QUEUE_GONE",
    place: "leave",
    says: "its queue was the subscriber’s own and is deleted with its connection",
};
const REQUEUED: Rule = Rule {
    name: "REQUEUED",
    place: "leave",
    says: "it was not acknowledged when the connection closed, so it goes back to its own place",
};
