//! # SNS and SQS: a topic and a queue for each subscription
//!
//! The topic hands a copy to every subscription whose filter policy accepts the message's attributes;
//! each subscription is a queue of its own. A filter policy compares values: equal, or there at all
//! (a direct exchange and a headers exchange say the same). It knows no patterns of words, so with a
//! topic exchange's bindings every queue gets everything, and the subscriber passes over the rest.
//!
//! A received message is hidden for the visibility timeout, 30 s where nothing is said. If its
//! consumer goes away, nothing tells the queue: the message comes back in its old place when the
//! time is over. That is at-least-once. A queue keeps a message for four days (60 s to 14 days), then
//! deletes it. An ephemeral subscriber is one that unsubscribes and deletes its queue when it goes.
//!
//! Amazon SNS Developer Guide, "Message filtering" and "Fanout to Amazon SQS queues"; Amazon SQS
//! Developer Guide, "Visibility timeout", "SetQueueAttributes". Left out: the policy's ranges,
//! prefixes and suffixes, SNS's own retries (23 days for a queue that cannot be reached), dead
//! letters, batches, the order that standard queues do not promise, and work that outlasts the
//! timeout with a second consumer there to get it again.

use super::Letter;
use super::design::{Anatomy, Design, Desk, Line, Setup};
use super::probe::{Change, Figure, Probe};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::routing::Exchange;
use std::collections::VecDeque;

/// A topic and queues.
#[derive(Clone, Debug)]
pub struct SnsSqs {
    queues: Vec<Queue>,
    visibility: Span,
    retention: Span,
}

#[derive(Clone, Debug, Default)]
struct Queue {
    subscribed: bool,
    visible: VecDeque<Letter>,
    /// Those that will be visible again, and since when they are not.
    hidden: Vec<(Letter, Time)>,
    /// When the last one was received.
    received: Time,
}

impl Design for SnsSqs {
    const ABOUT: About = About {
        id: "sns-sqs",
        name: "SNS and SQS",
        idea: "A topic hands a copy to the queue of every subscription whose filter policy accepts it.",
        file: file!(),
        parameters: &[
            Parameter {
                id: "visibility",
                means: "seconds for which a received message is hidden",
                range: Range::Number { least: 0.0, most: 43_200.0, default: 30.0 },
            },
            Parameter {
                id: "retention",
                means: "seconds after which a queue deletes a message",
                range: Range::Number { least: 60.0, most: 1_209_600.0, default: 345_600.0 },
            },
        ],
        rules: &[&ACCEPTED, &NOT_SUBSCRIBED, &STILL_HIDDEN, &VISIBLE_AGAIN, &TOO_OLD, &UNSUBSCRIBED],
    };

    fn filters(kind: Exchange) -> bool {
        kind != Exchange::Topic
    }

    fn new(setup: &Setup) -> Self {
        SnsSqs {
            queues: vec![Queue::default(); setup.subscribers],
            visibility: setup.parameters.span("visibility"),
            retention: setup.parameters.span("retention"),
        }
    }

    fn publish(&mut self, letter: Letter, desk: &mut Desk<impl Probe>) {
        for subscriber in desk.everybody() {
            if !desk.goes_to(subscriber, letter) {
                continue;
            }
            let queue = &mut self.queues[subscriber as usize];
            if queue.subscribed {
                queue.visible.push_back(letter);
                desk.enter(subscriber, letter, &ACCEPTED);
            } else {
                desk.miss(subscriber, letter, &NOT_SUBSCRIBED);
            }
        }
    }

    fn take(&mut self, subscriber: u32, desk: &mut Desk<impl Probe>) -> Option<Letter> {
        let queue = &mut self.queues[subscriber as usize];
        queue.received = desk.now;
        queue.visible.pop_front()
    }

    fn arrive(&mut self, subscriber: u32, _: bool, _: &mut Desk<impl Probe>) {
        self.queues[subscriber as usize].subscribed = true;
    }

    fn leave(&mut self, subscriber: u32, held: Option<Letter>, desk: &mut Desk<impl Probe>) {
        let queue = &mut self.queues[subscriber as usize];
        if desk.is_durable(subscriber) {
            let Some(letter) = held else { return };
            queue.hidden.push((letter, queue.received));
            let figure = Some(Figure::Span(self.visibility));
            return desk.put_back(subscriber, letter, Change::Hidden, &STILL_HIDDEN, figure);
        }
        if let Some(letter) = held {
            desk.drop_held(subscriber, letter, &UNSUBSCRIBED, None);
        }
        let Queue { visible, hidden, .. } = std::mem::take(queue);
        for letter in hidden.into_iter().map(|(letter, _)| letter).chain(visible) {
            desk.drop(subscriber, letter, &UNSUBSCRIBED, None);
        }
    }

    fn next_timer(&self) -> Option<Time> {
        let seen_again = |queue: &Queue| queue.hidden.iter().map(|(_, since)| *since + self.visibility).min();
        let too_old = |queue: &Queue| queue.visible.front().map(|letter| letter.sent + self.retention);
        self.queues.iter().flat_map(|queue| [seen_again(queue), too_old(queue)]).flatten().min()
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        for (subscriber, queue) in (0..).zip(&mut self.queues) {
            let over = queue.hidden.iter().position(|(_, since)| *since + self.visibility <= desk.now);
            if let Some(at) = over {
                let (letter, _) = queue.hidden.remove(at);
                let place = queue.visible.partition_point(|other| other.number < letter.number);
                queue.visible.insert(place, letter);
                let figure = Some(Figure::Span(self.visibility));
                return desk.tell_copy(subscriber, letter, Change::Returned, &VISIBLE_AGAIN, figure);
            }
            let old = queue.visible.front().filter(|letter| letter.sent + self.retention <= desk.now);
            if let Some(letter) = old.copied() {
                queue.visible.pop_front();
                return desk.drop(subscriber, letter, &TOO_OLD, Some(Figure::Span(self.retention)));
            }
        }
    }

    fn show(&self) -> Anatomy {
        let line = |queue: &Queue| Line::new("queue", queue.visible.len(), queue.visible.iter().copied());
        let hidden = (0..).zip(&self.queues).flat_map(|(subscriber, queue)| {
            let until = |since: Time| since + self.visibility;
            queue.hidden.iter().map(move |(letter, since)| (subscriber, *letter, *since, until(*since)))
        });
        Anatomy {
            lines: self.queues.iter().map(line).collect(),
            hidden: hidden.collect(),
            ..Anatomy::default()
        }
    }
}

const ACCEPTED: Rule = Rule { name: "ACCEPTED", place: "publish", says: "the subscription asks for {}" };
const NOT_SUBSCRIBED: Rule =
    Rule { name: "NOT_SUBSCRIBED", place: "publish", says: "there is no such subscription at this time" };
const STILL_HIDDEN: Rule = Rule {
    name: "STILL_HIDDEN",
    place: "leave",
    says: "its consumer is gone and the queue does not know: it is seen again {} after it was received",
};
const VISIBLE_AGAIN: Rule =
    Rule { name: "VISIBLE_AGAIN", place: "on_timer", says: "it was not deleted within {} of being received" };
const TOO_OLD: Rule =
    Rule { name: "TOO_OLD", place: "on_timer", says: "a queue keeps a message for {} and no longer" };
const UNSUBSCRIBED: Rule = Rule {
    name: "UNSUBSCRIBED",
    place: "leave",
    says: "its subscriber has unsubscribed and deleted the queue",
};
