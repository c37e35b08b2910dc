//! Messages that are hidden from others: each until a time, most of them lent to a worker.

use super::broker::{Delivery, Desk};
use super::message::{Message, Messages, Slot};
use super::probe::Probe;
use crate::kernel::{Events, Span, Time};

/// What is hidden, and until when.
#[derive(Clone, Debug, Default)]
pub struct Leases(Events<Lease>);

/// One loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The message.
    pub message: Slot,
    number: u32,
    receipt: u32,
    from: Time,
    until: Time,
}

impl Lease {
    /// Whether the message is still hidden in this way: it may have come back, or be lent anew.
    fn runs(&self, messages: &Messages) -> bool {
        let message = &messages[self.message];
        message.number == self.number
            && message.receipt == self.receipt
            && message.lent == Some((self.from, self.until))
    }
}

impl Leases {
    /// Hides `message` for `span` from now, in place of what held for it before; says until when.
    pub fn lend(&mut self, message: Slot, span: Span, desk: &mut Desk<impl Probe>) -> Time {
        let (from, until) = (desk.now, desk.now + span);
        desk.messages[message].lent = Some((from, until));
        let Message { number, receipt, .. } = desk.messages[message];
        self.0.schedule(until, Lease { message, number, receipt, from, until });
        until
    }

    /// Whether `delivery` is lent now.
    pub fn is_lent(&self, delivery: Delivery, messages: &Messages) -> bool {
        let message = &messages[delivery.message];
        message.number == delivery.number
            && message.receipt == delivery.receipt
            && delivery.receipt > message.void
            && message.lent.is_some()
    }

    /// The loan of `message` is over before its time.
    pub fn end(&mut self, message: Slot, messages: &mut Messages) {
        messages[message].lent = None;
    }

    /// When the next loan ends. Those that ended early are forgotten.
    pub fn next_time(&mut self, messages: &Messages) -> Option<Time> {
        while self.0.peek().is_some_and(|(_, lease)| !lease.runs(messages)) {
            self.0.forget();
        }
        self.0.next_time()
    }

    /// Takes out a loan that ends at `now`, if one does.
    pub fn take_ended(&mut self, now: Time, messages: &mut Messages) -> Option<Lease> {
        if self.next_time(messages)? > now {
            return None;
        }
        let (_, lease) = self.0.next()?;
        messages[lease.message].lent = None;
        Some(lease)
    }

    /// Every loan that runs, with its beginning and its end.
    pub fn running(&self, messages: &Messages) -> Vec<(Slot, Time, Time)> {
        let mut runs: Vec<(Slot, Time, Time)> = self
            .0
            .iter()
            .map(|(_, lease)| lease)
            .filter(|lease| lease.runs(messages))
            .map(|lease| (lease.message, lease.from, lease.until))
            .collect();
        runs.sort_unstable();
        runs.dedup();
        runs
    }
}
