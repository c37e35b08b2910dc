//! What a broker is: it takes messages from producers, keeps them, and hands them to workers.
//!
//! Each system of the real world that this page shows is a file of its own beside this one. What
//! they have in common stands here; who works, how long it takes and who breaks down is the
//! [pool's](super::Pool) affair.

use super::Anatomy;
use super::message::{Exit, Fate, Message, Messages, Slot};
use super::pool::Crew;
use super::probe::{Change, Figure, Probe, Subject};
use crate::catalogue::{About, Parameters, Rule};
use crate::kernel::{Span, Time};

/// A queue as its users see it.
pub trait Broker: Clone + 'static {
    /// What it is, for menus, forms and the source panel.
    const ABOUT: About;

    /// An empty one. The parameters are those of [`Broker::ABOUT`], within their ranges.
    fn new(setup: &Setup) -> Self;

    /// How workers take messages from it.
    fn intake(&self) -> Intake;

    /// A producer hands `message` over. The broker holds it until it says that it has left.
    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>);

    /// Hands a message to `worker`, if it has one for it; the receipt goes with the message.
    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery>;

    /// The worker says that the work is done.
    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>);

    /// The worker says that it could not do the work.
    fn reject(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>);

    /// `worker`, who held these messages, is gone. A broker that keeps a connection to its workers
    /// knows at once; the others learn nothing from it.
    fn worker_gone(&mut self, _worker: u32, _held: &[Delivery], _desk: &mut Desk<impl Probe>) {}

    /// `worker` is back. What it is handed again beyond what it asks for.
    fn worker_back(&mut self, _worker: u32, _desk: &mut Desk<impl Probe>) -> Vec<Delivery> {
        Vec::new()
    }

    /// How long a lease lasts, if a message is only lent and a worker may ask for more time.
    fn lease(&self) -> Option<Span> {
        None
    }

    /// The worker asks for more time.
    fn extend(&mut self, _delivery: Delivery, _desk: &mut Desk<impl Probe>) {}

    /// When the broker next acts by itself. What it had meant to do and no longer has to is
    /// forgotten here.
    fn next_timer(&mut self, _messages: &Messages) -> Option<Time> {
        None
    }

    /// The time has come for one thing that the broker does by itself.
    fn on_timer(&mut self, _desk: &mut Desk<impl Probe>) {}

    /// How many messages wait to be handed out now.
    fn waiting(&self) -> usize;

    /// The message that is to be handed out next, if one waits.
    fn next(&self) -> Option<Slot>;

    /// Shows what it keeps of `messages`.
    fn show(&self, messages: &Messages, anatomy: &mut Anatomy);
}

/// What a broker is made for.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many workers there are.
    pub workers: u32,
    /// Fixes every random choice.
    pub seed: u64,
    /// Its parameters, complete and within their ranges.
    pub parameters: Parameters,
}

/// How many messages a worker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intake {
    /// It is sent messages until it holds so many.
    Prefetch(u32),
    /// When it has nothing left, it asks for up to so many.
    Batch(u32),
}

/// A message that was handed to a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The message.
    pub message: Slot,
    /// The message's number: its place may have been given to another one since.
    pub number: u32,
    /// The receipt: a later hand-out of the same message has a higher one.
    pub receipt: u32,
    /// Which try this is, counted from 1.
    pub tries: u32,
}

/// Where a broker does its work: the time, the messages, and who listens.
pub struct Desk<'a, P> {
    /// The present time.
    pub now: Time,
    /// The messages.
    pub messages: &'a mut Messages,
    /// The dead letters, oldest first.
    pub dead: &'a mut std::collections::VecDeque<Slot>,
    /// The workers.
    pub crew: Crew<'a>,
    /// Who listens.
    pub probe: &'a mut P,
}

impl<P: Probe> Desk<'_, P> {
    /// `change` happens to `message` by `rule`.
    #[inline]
    pub fn tell(&mut self, message: Slot, change: Change, rule: &'static Rule) {
        self.probe.hear(self.now, Subject::Message(&self.messages[message]), change, rule, None);
    }

    /// `change` happens to `message` by `rule`, which decided by a figure.
    #[inline]
    pub fn tell_by(&mut self, message: Slot, change: Change, rule: &'static Rule, figure: Figure) {
        self.probe.hear(self.now, Subject::Message(&self.messages[message]), change, rule, Some(figure));
    }

    /// `message` is handed to `worker` by `rule`, until a time if it is only lent. Its count of
    /// receives goes up by one.
    #[inline]
    pub fn hand(&mut self, message: Slot, worker: u32, until: Option<Time>, rule: &'static Rule) -> Delivery {
        self.messages[message].receives += 1;
        self.messages[message].receipt += 1;
        self.messages.hold(message);
        self.tell(message, Change::Handed { worker, until }, rule);
        let Message { number, receipt, receives, .. } = self.messages[message];
        Delivery { message, number, receipt, tries: receives }
    }

    /// `message` leaves the queue by `rule`. The dead are kept.
    #[inline]
    pub fn leave(&mut self, message: Slot, exit: Exit, rule: &'static Rule) {
        self.tell(message, Change::Left(exit), rule);
        self.messages[message].exit = Some(exit);
        if exit == Exit::Dead { self.dead.push_back(message) } else { self.release(message) }
    }

    /// As [`Desk::leave`], by a rule that decided by a figure.
    pub fn leave_by(&mut self, message: Slot, exit: Exit, rule: &'static Rule, figure: Figure) {
        self.tell_by(message, Change::Left(exit), rule, figure);
        self.messages[message].exit = Some(exit);
        if exit == Exit::Dead { self.dead.push_back(message) } else { self.release(message) }
    }

    /// One fewer holds `message`; if it was the last, its story is over.
    #[inline]
    pub fn release(&mut self, message: Slot) {
        if !self.messages.release(message) {
            return;
        }
        let Some(fate) = self.messages[message].fate() else { return };
        if fate == Fate::Lost {
            self.tell(message, Change::Lost, &ACKNOWLEDGED_TOO_SOON);
        }
        self.probe.over(self.now, &self.messages[message], fate);
    }

    /// Whether `delivery` is the last hand-out of its message, which has not left the queue.
    #[inline]
    pub fn is_current(&self, delivery: Delivery) -> bool {
        let message = &self.messages[delivery.message];
        message.receipt == delivery.receipt && self.is_queued(delivery)
    }

    /// Whether the message of `delivery` has not left the queue since it was handed out, whoever was
    /// handed it later.
    #[inline]
    pub fn is_queued(&self, delivery: Delivery) -> bool {
        let message = &self.messages[delivery.message];
        delivery.receipt > message.void && message.exit.is_none()
    }
}

const ACKNOWLEDGED_TOO_SOON: Rule = Rule {
    name: "ACKNOWLEDGED_TOO_SOON",
    place: "release",
    says: "it was acknowledged before its work was done, so nobody tries it again",
};

/// Every reason that is common to all brokers.
pub const RULES: &[&Rule] = &[&ACKNOWLEDGED_TOO_SOON];

/// The name and the text of this file, for the source panel.
pub const SOURCE: &str = file!();
