//! # Amazon SQS, FIFO queue
//!
//! As the standard queue, but messages of one group are worked on in the order in which they were
//! sent. One rule makes it so: **a poll walks a group in that order and stops at the first message
//! that is hidden.** What stands before it may be returned; it and what is behind it may not. So while
//! one message of a group is in flight, the next waits, and a group with a slow message is a slow
//! group, while the others go on. A group that was just served goes behind the other groups.
//!
//! Amazon SQS Developer Guide ("FIFO queue delivery logic", "using the message group ID") and
//! recorded answers of the service. A receipt whose visibility timeout is over deletes nothing. A
//! message that goes to the dead-letter queue lets its group go on without it. Left out: the removal
//! of a producer's duplicates within five minutes, the retention period, and the limits of throughput
//! and of messages in flight.

use super::broker::{Broker, Delivery, Desk, Intake, Setup};
use super::message::{Exit, Messages, Slot};
use super::parameters::{ACK, BACKOFF, EXTEND, RETRY_DELAY, SPEED, WORKERS};
use super::probe::{Change, Figure, Probe};
use super::sqs::{BATCH, Changed, DELAY, MAX_RECEIVES, ON_FAILURE, VISIBILITY};
use super::{Anatomy, Lease, Leases, Retry};
use crate::catalogue::{About, Rule};
use crate::kernel::{Span, Time};
use std::collections::VecDeque;

/// A FIFO queue.
#[derive(Clone, Debug)]
pub struct SqsFifo {
    /// The messages of each group that nobody has deleted, in the order of sending.
    groups: Vec<VecDeque<Slot>>,
    /// The groups, the one that was served longest ago first.
    rotation: VecDeque<u32>,
    poll: Option<Poll>,
    /// Messages in flight, and new ones whose delay is not over.
    hidden: Leases,
    /// How many groups have a first message that is visible.
    open: usize,
    /// The first message of the one among them whose turn it is.
    first_open: Option<Slot>,
    batch: u32,
    visibility: Span,
    delay: Span,
    max_receives: Option<u32>,
    returns_failed: bool,
    retry: Retry,
}

/// A poll under way.
#[derive(Clone, Debug)]
struct Poll {
    worker: u32,
    /// How many more messages it may return.
    left: usize,
    /// The group that it took from last.
    group: Option<u32>,
    /// What it has returned.
    taken: Vec<Slot>,
}

impl Poll {
    fn new(worker: u32, most: usize) -> Self {
        Poll { worker, left: most, group: None, taken: Vec::new() }
    }
}

impl Broker for SqsFifo {
    const ABOUT: About = About {
        id: "sqs-fifo",
        name: "SQS FIFO",
        idea: "Amazon SQS, FIFO queue: messages of one group in order, the next one waits while one is in flight.",
        file: file!(),
        parameters: &[
            WORKERS,
            SPEED,
            ACK,
            BATCH,
            VISIBILITY,
            EXTEND,
            MAX_RECEIVES,
            ON_FAILURE,
            RETRY_DELAY,
            BACKOFF,
            DELAY,
        ],
        rules: &[
            &STORED,
            &HELD_BACK,
            &DELAY_OVER,
            &FIRST_OF_GROUP,
            &TOO_OFTEN,
            &DELETED,
            &EXPIRED_RECEIPT,
            &LEFT_HIDDEN,
            &SHOWN_AGAIN,
            &HIDDEN_FOR_LESS,
            &NOT_HIDDEN,
            &TIMED_OUT,
            &MORE_TIME,
        ],
    };

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        SqsFifo {
            groups: Vec::new(),
            rotation: VecDeque::new(),
            poll: None,
            hidden: Leases::default(),
            open: 0,
            first_open: None,
            batch: parameters.whole("batch") as u32,
            visibility: parameters.span("visibility"),
            delay: parameters.span("delay"),
            max_receives: parameters.limit("max-receives").map(|most| most as u32),
            returns_failed: parameters.choice("on-failure") == "return",
            retry: Retry::new(parameters),
        }
    }

    fn intake(&self) -> Intake {
        Intake::Batch(self.batch)
    }

    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>) {
        let group = desk.messages[message].group;
        while self.groups.len() <= group as usize {
            self.rotation.push_back(self.groups.len() as u32);
            self.groups.push(VecDeque::new());
        }
        self.groups[group as usize].push_back(message);
        if self.delay == Span::ZERO {
            desk.tell(message, Change::Waits, &STORED);
            return self.count_open(desk.messages);
        }
        let until = self.hidden.lend(message, self.delay, desk);
        desk.tell_by(message, Change::Delayed { until }, &HELD_BACK, Figure::Span(self.delay));
    }

    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        self.receive_for(worker, self.visibility, desk)
    }

    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        if !self.hidden.is_lent(delivery, desk.messages) {
            return desk.tell(delivery.message, Change::Ignored, &EXPIRED_RECEIPT);
        }
        self.take_out(delivery.message, desk.messages);
        desk.leave(delivery.message, Exit::Acknowledged, &DELETED);
    }

    fn reject(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        let message = delivery.message;
        if !self.returns_failed {
            return desk.tell(message, Change::Ignored, &LEFT_HIDDEN);
        }
        let delay = self.retry.after(delivery.tries);
        match self.change_visibility(delivery, delay, desk) {
            Changed::Shown => desk.tell(message, Change::Returned, &SHOWN_AGAIN),
            Changed::Hidden(until) => {
                desk.tell_by(message, Change::Delayed { until }, &HIDDEN_FOR_LESS, Figure::Span(delay));
            }
            Changed::Nothing | Changed::Refused => desk.tell(message, Change::Ignored, &NOT_HIDDEN),
        }
    }

    fn lease(&self) -> Option<Span> {
        (self.visibility > Span::ZERO).then_some(self.visibility)
    }

    fn extend(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        if let Changed::Hidden(until) = self.change_visibility(delivery, self.visibility, desk) {
            desk.tell(delivery.message, Change::Extended { until }, &MORE_TIME);
        }
    }

    fn next_timer(&mut self, messages: &Messages) -> Option<Time> {
        self.hidden.next_time(messages)
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        if let Some(Lease { message, .. }) = self.hidden.take_ended(desk.now, desk.messages) {
            let is_new = desk.messages[message].receives == 0;
            desk.tell(message, Change::Returned, if is_new { &DELAY_OVER } else { &TIMED_OUT });
            self.count_open(desk.messages);
        }
    }

    fn waiting(&self) -> usize {
        self.open
    }

    fn next(&self) -> Option<Slot> {
        self.first_open
    }

    fn show(&self, messages: &Messages, anatomy: &mut Anatomy) {
        let is_new = |(message, ..): &(Slot, Time, Time)| messages[*message].receives == 0;
        let (delayed, in_flight) = self.hidden.running(messages).into_iter().partition(is_new);
        anatomy.timed("delayed", ("sent", "visible"), delayed);
        for (group, line) in self.groups.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            let visible = line.iter().copied().filter(|message| messages[*message].lent.is_none());
            let length = visible.clone().count();
            anatomy.line(format!("group {}", group + 1), None, length, visible);
        }
        anatomy.timed("hidden", ("received", "visible again"), in_flight);
    }
}

impl SqsFifo {
    /// The queue's visibility timeout.
    pub fn visibility(&self) -> Span {
        self.visibility
    }

    /// ReceiveMessage: a poll that returns up to `most` messages, each hidden for `visibility`.
    pub fn poll(
        &mut self,
        worker: u32,
        most: usize,
        visibility: Span,
        desk: &mut Desk<impl Probe>,
    ) -> Vec<Delivery> {
        self.poll = Some(Poll::new(worker, most));
        (0..most).map_while(|_| self.receive_for(worker, visibility, desk)).collect()
    }

    /// The next message of a poll. A poll is over when it finds nothing more, or has its batch.
    fn receive_for(
        &mut self,
        worker: u32,
        visibility: Span,
        desk: &mut Desk<impl Probe>,
    ) -> Option<Delivery> {
        let under_way = self.poll.take().filter(|poll| poll.worker == worker && poll.left > 0);
        let mut poll = under_way.unwrap_or_else(|| Poll::new(worker, self.batch as usize));
        let (message, group) = self.find(&poll, desk)?;
        let delivery = desk.hand(message, worker, Some(desk.now + visibility), &FIRST_OF_GROUP);
        self.hidden.lend(message, visibility, desk);
        self.rotation.retain(|other| *other != group);
        self.rotation.push_back(group);
        self.count_open(desk.messages);
        (poll.left, poll.group) = (poll.left - 1, Some(group));
        poll.taken.push(message);
        self.poll = Some(poll);
        Some(delivery)
    }

    /// ChangeMessageVisibility: hidden for `visibility` from now, if the receipt has not expired.
    pub fn change_visibility(
        &mut self,
        delivery: Delivery,
        visibility: Span,
        desk: &mut Desk<impl Probe>,
    ) -> Changed {
        if !self.hidden.is_lent(delivery, desk.messages) {
            return Changed::Refused;
        }
        if visibility > Span::ZERO {
            return Changed::Hidden(self.hidden.lend(delivery.message, visibility, desk));
        }
        self.hidden.end(delivery.message, desk.messages);
        self.count_open(desk.messages);
        Changed::Shown
    }

    /// The message that `poll` returns next, and its group: another one of the group it took from
    /// last if there is one, else of the group that was served longest ago.
    fn find(&mut self, poll: &Poll, desk: &mut Desk<impl Probe>) -> Option<(Slot, u32)> {
        let turns: Vec<u32> = poll.group.into_iter().chain(self.rotation.iter().copied()).collect();
        turns.into_iter().find_map(|group| Some((self.first_visible(group, poll, desk)?, group)))
    }

    /// Walks `group` in order and stops at the first hidden message, unless this very poll hid it.
    fn first_visible(&mut self, group: u32, poll: &Poll, desk: &mut Desk<impl Probe>) -> Option<Slot> {
        let mut at = 0;
        loop {
            let message = *self.groups[group as usize].get(at)?;
            match desk.messages[message].lent {
                Some(_) if poll.taken.contains(&message) => at += 1,
                Some(_) => return None,
                None if self.is_worn_out(message, desk.messages) => {
                    self.take_out(message, desk.messages);
                    let receives = u64::from(desk.messages[message].receives);
                    desk.leave_by(message, Exit::Dead, &TOO_OFTEN, Figure::Count(receives));
                }
                None => return Some(message),
            }
        }
    }

    fn is_worn_out(&self, message: Slot, messages: &Messages) -> bool {
        self.max_receives.is_some_and(|most| messages[message].receives >= most)
    }

    fn take_out(&mut self, message: Slot, messages: &mut Messages) {
        self.hidden.end(message, messages);
        let line = &mut self.groups[messages[message].group as usize];
        // What leaves is at the front or, of a batch, near it.
        if let Some(at) = line.iter().position(|other| *other == message) {
            line.remove(at);
        }
        self.count_open(messages);
    }

    fn count_open(&mut self, messages: &Messages) {
        let first = |group: &u32| self.groups[*group as usize].front().copied();
        let is_visible = |message: &Slot| messages[*message].lent.is_none();
        let mut open = self.rotation.iter().filter_map(first).filter(is_visible);
        self.first_open = open.next();
        self.open = open.count() + usize::from(self.first_open.is_some());
    }
}

const STORED: Rule =
    Rule { name: "STORED", place: "publish", says: "it is stored behind the others of its group" };
const HELD_BACK: Rule = Rule {
    name: "HELD_BACK",
    place: "publish",
    says: "the queue's delivery delay keeps it, and its group behind it, invisible for {}",
};
const DELAY_OVER: Rule = Rule { name: "DELAY_OVER", place: "on_timer", says: "its delivery delay is over" };
const FIRST_OF_GROUP: Rule = Rule {
    name: "FIRST_OF_GROUP",
    place: "receive_for",
    says: "none of its group before it is in flight elsewhere; now what is behind it waits for it",
};
const TOO_OFTEN: Rule = Rule {
    name: "TOO_OFTEN",
    place: "first_visible",
    says: "it has been received {} times without being deleted, which is the most; its group goes on without it",
};
const DELETED: Rule = Rule {
    name: "DELETED",
    place: "acknowledge",
    says: "its worker has deleted it in time, and its group goes on",
};
const EXPIRED_RECEIPT: Rule = Rule {
    name: "EXPIRED_RECEIPT",
    place: "acknowledge",
    says: "its visibility timeout is over, and a FIFO queue refuses a receipt that has expired",
};
const LEFT_HIDDEN: Rule = Rule {
    name: "LEFT_HIDDEN",
    place: "reject",
    says: "there is no way to say no: it stays hidden, and its group waits, until its visibility timeout ends",
};
const SHOWN_AGAIN: Rule = Rule {
    name: "SHOWN_AGAIN",
    place: "reject",
    says: "its worker failed and has set its visibility timeout to zero",
};
const HIDDEN_FOR_LESS: Rule = Rule {
    name: "HIDDEN_FOR_LESS",
    place: "reject",
    says: "its worker failed and has set its visibility timeout to {}; its group waits",
};
const NOT_HIDDEN: Rule = Rule {
    name: "NOT_HIDDEN",
    place: "reject",
    says: "its visibility timeout is over already, and a receipt that has expired changes nothing",
};
const TIMED_OUT: Rule = Rule {
    name: "TIMED_OUT",
    place: "on_timer",
    says: "its visibility timeout ended before anybody deleted it; nothing behind it goes before it",
};
const MORE_TIME: Rule = Rule {
    name: "MORE_TIME",
    place: "extend",
    says: "its worker is still at it and asks for another visibility timeout",
};
