//! # No queue: the caller waits
//!
//! The same work done synchronously. A caller who finds every worker busy holds the line until one
//! is free, and holds it while the work is done; only then is it free to do anything else. Nothing is
//! kept anywhere: if the work fails or the worker breaks down, the caller is told, and it is the
//! caller's affair to try again. What a queue changes is not how long the work takes but who waits
//! for it: here the caller, there the message.
//!
//! Left out: callers that try again by themselves, which is a story of its own.

use super::Anatomy;
use super::broker::{Broker, Delivery, Desk, Intake, Setup};
use super::message::{Exit, Messages, Slot};
use super::parameters::{SPEED, WORKERS};
use super::probe::{Change, Figure, Probe};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Events, Span, Time};
use std::collections::VecDeque;

/// Callers on the line.
#[derive(Clone, Debug)]
pub struct Direct {
    callers: VecDeque<Slot>,
    lines: Option<usize>,
    patience: Events<(Slot, u32)>,
}

impl Broker for Direct {
    const ABOUT: About = About {
        id: "direct",
        name: "No queue",
        idea: "A synchronous call: the caller holds the line until its work is done.",
        file: file!(),
        parameters: &[
            WORKERS,
            SPEED,
            Parameter {
                id: "lines",
                means: "how many callers may hold the line while they wait; the next one hears the busy signal",
                range: Range::Limit { least: 0, most: 10_000_000 },
            },
        ],
        rules: &[&HOLDS, &ENGAGED, &ANSWERED, &SERVED, &HANGS_UP, &TOLD, &CUT_OFF],
    };

    fn new(setup: &Setup) -> Self {
        Direct { callers: VecDeque::new(), lines: setup.parameters.limit("lines"), patience: Events::new() }
    }

    fn intake(&self) -> Intake {
        Intake::Prefetch(1)
    }

    fn publish(&mut self, message: Slot, desk: &mut Desk<impl Probe>) {
        if self.lines.is_some_and(|lines| self.callers.len() >= lines) && !desk.crew.anyone_has_room() {
            return desk.leave(message, Exit::Refused, &ENGAGED);
        }
        self.callers.push_back(message);
        desk.tell(message, Change::Waits, &HOLDS);
        let (number, patience) = (desk.messages[message].number, desk.messages[message].patience);
        if patience < Span::MAX {
            self.patience.schedule(desk.now + patience, (message, number));
        }
    }

    fn receive(&mut self, worker: u32, desk: &mut Desk<impl Probe>) -> Option<Delivery> {
        let message = self.callers.pop_front()?;
        Some(desk.hand(message, worker, None, &ANSWERED))
    }

    fn acknowledge(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        desk.leave(delivery.message, Exit::Acknowledged, &SERVED);
    }

    fn reject(&mut self, delivery: Delivery, desk: &mut Desk<impl Probe>) {
        desk.leave(delivery.message, Exit::Failed, &TOLD);
    }

    fn worker_gone(&mut self, _: u32, held: &[Delivery], desk: &mut Desk<impl Probe>) {
        for delivery in held {
            desk.leave(delivery.message, Exit::Failed, &CUT_OFF);
        }
    }

    fn next_timer(&mut self, messages: &Messages) -> Option<Time> {
        let waits = |(slot, number): &(Slot, u32)| {
            messages[*slot].number == *number
                && messages[*slot].receives == 0
                && messages[*slot].exit.is_none()
        };
        while self.patience.peek().is_some_and(|(_, caller)| !waits(caller)) {
            self.patience.forget();
        }
        self.patience.next_time()
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        let Some((_, (message, _))) = self.patience.next() else { return };
        self.callers.retain(|caller| *caller != message);
        let patience = Figure::Span(desk.messages[message].patience);
        desk.leave_by(message, Exit::Expired, &HANGS_UP, patience);
    }

    fn waiting(&self) -> usize {
        self.callers.len()
    }

    fn next(&self) -> Option<Slot> {
        self.callers.front().copied()
    }

    fn show(&self, _: &Messages, anatomy: &mut Anatomy) {
        anatomy.line("callers on hold", self.lines, self.callers.len(), self.callers.iter().copied());
    }
}

const HOLDS: Rule = Rule { name: "HOLDS", place: "publish", says: "its caller holds the line" };
const ENGAGED: Rule = Rule {
    name: "ENGAGED",
    place: "publish",
    says: "every worker is busy and no line is free, so its caller hears the busy signal",
};
const ANSWERED: Rule =
    Rule { name: "ANSWERED", place: "receive", says: "the worker is free, and its caller is next" };
const SERVED: Rule =
    Rule { name: "SERVED", place: "acknowledge", says: "its caller has the answer, and is free only now" };
const HANGS_UP: Rule =
    Rule { name: "HANGS_UP", place: "on_timer", says: "its caller has waited for {} and hangs up" };
const TOLD: Rule = Rule { name: "TOLD", place: "reject", says: "its work failed, and its caller is told so" };
const CUT_OFF: Rule = Rule {
    name: "CUT_OFF",
    place: "worker_gone",
    says: "its worker broke down, and its caller hears that the line is dead",
};
