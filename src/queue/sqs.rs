//! # Amazon SQS, standard queue
//!
//! Workers poll. What a poll returns is hidden from other workers for the visibility timeout; a
//! worker that is done deletes it, and what nobody has deleted in time is visible again. The queue
//! never learns that a worker broke down: the timeout is all there is. A worker that failed may end
//! the timeout early, or set another one, by ChangeMessageVisibility. A poll that finds a message
//! received as often as `maxReceiveCount` allows moves it to the dead-letter queue instead of
//! returning it.
//!
//! Amazon SQS Developer Guide ("visibility timeout", "dead-letter queues", "delay queues") and
//! recorded answers of the service. SQS promises no order on a standard queue; here a message keeps
//! its place in the order of sending, which is what the service mostly does. AWS says that a receipt
//! from before the last receive may not delete; here it never does. Left out: that the service may,
//! rarely, deliver a copy although everything was in time; the limit of 120,000 messages in flight.

use super::broker::{Broker, Delivery, Desk, Intake, Setup};
use super::message::{Exit, Message, Messages, Slot};
use super::parameters::{ACK, BACKOFF, EXTEND, RETRY_DELAY, SPEED, WORKERS};
use super::probe::{Change, Figure, Probe};
use super::{Anatomy, InOrder, Lease, Leases, Retry};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Events, Span, Time};

/// A standard queue.
#[derive(Clone, Debug)]
pub struct Sqs {
    visible: InOrder,
    /// Messages in flight, and new ones whose delay is not over.
    hidden: Leases,
    /// When the retention period of each message ends; with its number, as others take its place.
    ends: Events<(Slot, u32)>,
    batch: u32,
    visibility: Span,
    delay: Span,
    retention: Span,
    max_receives: Option<u32>,
    returns_failed: bool,
    retry: Retry,
}

/// What a change of the visibility timeout did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The message is hidden until then.
    Hidden(Time),
    /// It is visible at once.
    Shown,
    /// Nothing: the timeout was over already.
    Nothing,
    /// It was refused: the message is not in the queue.
    Refused,
}

/// How many messages one poll returns at the most.
pub(super) const BATCH: Parameter = Parameter {
    id: "batch",
    means: "how many messages one poll returns at the most",
    range: Range::Whole { least: 1, most: 10, default: 1 },
};
/// The visibility timeout.
pub(super) const VISIBILITY: Parameter = Parameter {
    id: "visibility",
    means: "seconds for which a message that was received is hidden from others",
    range: Range::Number { least: 0.0, most: 43_200.0, default: 30.0 },
};
/// The delivery delay.
pub(super) const DELAY: Parameter = Parameter {
    id: "delay",
    means: "seconds until a new message becomes visible",
    range: Range::Number { least: 0.0, most: 900.0, default: 0.0 },
};
/// The retention period.
pub(super) const RETENTION: Parameter = Parameter {
    id: "retention",
    means: "seconds after which a message that nobody deleted is dropped",
    range: Range::Number { least: 60.0, most: 1_209_600.0, default: 345_600.0 },
};
/// The redrive policy.
pub(super) const MAX_RECEIVES: Parameter = Parameter {
    id: "max-receives",
    means: "received so often, a message goes to the dead-letter queue at the next receive",
    range: Range::Limit { least: 1, most: 1_000 },
};
/// What a worker does when its work fails.
pub(super) const ON_FAILURE: Parameter = Parameter {
    id: "on-failure",
    means: "wait: let the visibility timeout run out; return: set it to the retry delay",
    range: Range::Choice(&["wait", "return"]),
};

impl Broker for Sqs {
    const ABOUT: About = About {
        id: "sqs",
        name: "SQS",
        idea: "Amazon SQS, standard queue: a received message is hidden for a while, and comes back unless it is deleted.",
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
            RETENTION,
        ],
        rules: &[
            &STORED,
            &HELD_BACK,
            &DELAY_OVER,
            &RECEIVED,
            &TOO_OFTEN,
            &DELETED,
            &STALE_RECEIPT,
            &NOT_THERE,
            &LEFT_HIDDEN,
            &SHOWN_AGAIN,
            &HIDDEN_FOR_LESS,
            &NOT_HIDDEN,
            &TIMED_OUT,
            &TOO_OLD,
            &MORE_TIME,
        ],
    };

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        Sqs {
            visible: InOrder::default(),
            hidden: Leases::default(),
            ends: Events::new(),
            batch: parameters.whole("batch") as u32,
            visibility: parameters.span("visibility"),
            delay: parameters.span("delay"),
            retention: parameters.span("retention"),
            max_receives: parameters.limit("max-receives").map(|most| most as u32),
            returns_failed: parameters.choice("on-failure") == "return",
            retry: Retry::new(parameters),
        }
    }

    fn intake(&self) -> Intake {
        Intake::Batch(self.batch)
    }

    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>) {
        self.send(message, self.delay, desk);
    }

    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        self.receive_for(worker, self.visibility, desk)
    }

    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        let message = delivery.message;
        if !desk.is_queued(delivery) {
            return desk.tell(message, Change::Ignored, &NOT_THERE);
        }
        if !desk.is_current(delivery) {
            return desk.tell(message, Change::Ignored, &STALE_RECEIPT);
        }
        self.take_out(message, desk.messages);
        desk.leave(message, Exit::Acknowledged, &DELETED);
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
        let is_kept =
            |slot: Slot, number: u32| messages[slot].number == number && messages[slot].exit.is_none();
        while self.ends.peek().is_some_and(|(_, (slot, number))| !is_kept(*slot, *number)) {
            self.ends.forget();
        }
        self.hidden.next_time(messages).into_iter().chain(self.ends.next_time()).min()
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        if let Some(Lease { message, .. }) = self.hidden.take_ended(desk.now, desk.messages) {
            let is_new = desk.messages[message].receives == 0;
            self.visible.insert(message, desk.messages);
            return desk.tell(message, Change::Returned, if is_new { &DELAY_OVER } else { &TIMED_OUT });
        }
        if let Some((_, (message, _))) = self.ends.next() {
            self.take_out(message, desk.messages);
            desk.leave_by(message, Exit::Expired, &TOO_OLD, Figure::Span(self.retention));
        }
    }

    fn waiting(&self) -> usize {
        self.visible.len()
    }

    fn next(&self) -> Option<Slot> {
        self.visible.first()
    }

    fn show(&self, messages: &Messages, anatomy: &mut Anatomy) {
        let is_new = |(message, ..): &(Slot, Time, Time)| messages[*message].receives == 0;
        let (delayed, in_flight) = self.hidden.running(messages).into_iter().partition(is_new);
        anatomy.timed("delayed", ("sent", "visible"), delayed);
        anatomy.line("visible", None, self.visible.len(), self.visible.iter());
        anatomy.timed("hidden", ("received", "visible again"), in_flight);
    }
}

impl Sqs {
    /// SendMessage: kept from now on, and hidden until `delay` is over.
    pub fn send(&mut self, message: Slot, delay: Span, desk: &mut Desk<impl Probe>) {
        let Message { sent, number, .. } = desk.messages[message];
        self.ends.schedule(sent + self.retention, (message, number));
        if delay == Span::ZERO {
            self.visible.append(message, desk.messages);
            return desk.tell(message, Change::Waits, &STORED);
        }
        self.visible.give_place(message, desk.messages);
        let until = self.hidden.lend(message, delay, desk);
        desk.tell_by(message, Change::Delayed { until }, &HELD_BACK, Figure::Span(delay));
    }

    /// ReceiveMessage: the first that is visible, which is then hidden for `visibility`.
    pub fn receive_for(
        &mut self,
        worker: u32,
        visibility: Span,
        desk: &mut Desk<impl Probe>,
    ) -> Option<Delivery> {
        loop {
            let message = self.visible.pop()?;
            let receives = desk.messages[message].receives;
            if self.max_receives.is_some_and(|most| receives >= most) {
                desk.leave_by(message, Exit::Dead, &TOO_OFTEN, Figure::Count(u64::from(receives)));
                continue;
            }
            let delivery = desk.hand(message, worker, Some(desk.now + visibility), &RECEIVED);
            self.hidden.lend(message, visibility, desk);
            return Some(delivery);
        }
    }

    /// ChangeMessageVisibility: hidden for `visibility` from now; none at all is how a worker says
    /// no. The receipt of an earlier receive will do.
    pub fn change_visibility(
        &mut self,
        delivery: Delivery,
        visibility: Span,
        desk: &mut Desk<impl Probe>,
    ) -> Changed {
        let message = delivery.message;
        if !desk.is_queued(delivery) {
            return Changed::Refused;
        }
        if desk.messages[message].lent.is_none() {
            return Changed::Nothing;
        }
        if visibility > Span::ZERO {
            return Changed::Hidden(self.hidden.lend(message, visibility, desk));
        }
        self.hidden.end(message, desk.messages);
        self.visible.insert(message, desk.messages);
        Changed::Shown
    }

    fn take_out(&mut self, message: Slot, messages: &mut Messages) {
        self.hidden.end(message, messages);
        self.visible.remove(message, messages);
    }
}

const STORED: Rule = Rule { name: "STORED", place: "send", says: "it is stored and visible at once" };
const HELD_BACK: Rule =
    Rule { name: "HELD_BACK", place: "send", says: "its delivery delay keeps it invisible for {}" };
const DELAY_OVER: Rule = Rule { name: "DELAY_OVER", place: "on_timer", says: "its delivery delay is over" };
const RECEIVED: Rule = Rule {
    name: "RECEIVED",
    place: "receive_for",
    says: "it is the first that is visible; now it is hidden from other workers",
};
const TOO_OFTEN: Rule = Rule {
    name: "TOO_OFTEN",
    place: "receive_for",
    says: "it has been received {} times without being deleted, which is the most; this receive moves it instead of returning it",
};
const DELETED: Rule = Rule { name: "DELETED", place: "acknowledge", says: "its worker has deleted it" };
const STALE_RECEIPT: Rule = Rule {
    name: "STALE_RECEIPT",
    place: "acknowledge",
    says: "it has been received again since, and an old receipt does not delete it",
};
const NOT_THERE: Rule = Rule {
    name: "NOT_THERE",
    place: "acknowledge",
    says: "it is not in the queue any more, and deleting what is not there is no error",
};
const LEFT_HIDDEN: Rule = Rule {
    name: "LEFT_HIDDEN",
    place: "reject",
    says: "there is no way to say no: it stays hidden until its visibility timeout ends",
};
const SHOWN_AGAIN: Rule = Rule {
    name: "SHOWN_AGAIN",
    place: "reject",
    says: "its worker failed and has set its visibility timeout to zero",
};
const HIDDEN_FOR_LESS: Rule = Rule {
    name: "HIDDEN_FOR_LESS",
    place: "reject",
    says: "its worker failed and has set its visibility timeout to {}",
};
const NOT_HIDDEN: Rule = Rule {
    name: "NOT_HIDDEN",
    place: "reject",
    says: "its visibility timeout is over already, so there is nothing to change",
};
const TIMED_OUT: Rule = Rule {
    name: "TIMED_OUT",
    place: "on_timer",
    says: "its visibility timeout ended before anybody deleted it",
};
const TOO_OLD: Rule =
    Rule { name: "TOO_OLD", place: "on_timer", says: "it has been kept for {}, the retention period" };
const MORE_TIME: Rule = Rule {
    name: "MORE_TIME",
    place: "extend",
    says: "its worker is still at it and asks for another visibility timeout",
};
