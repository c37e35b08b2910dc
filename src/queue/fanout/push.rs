//! # Push: the publisher calls everybody
//!
//! No broker: the publisher knows the list of subscribers and calls those who want the message one
//! after another, waiting for each to be done before it calls the next. So a slow subscriber holds up
//! all who are behind it on the list, the publisher itself, and through it every later message, which
//! waits at the publisher.
//!
//! A call to somebody who is away fails at once, and the message is missed. With a `timeout`, the
//! publisher gives up a call that takes longer: if the subscriber had begun it goes on and gets done
//! all the same, only nobody hears of it; if it was still busy with an earlier call, it never gets the
//! message.
//!
//! The observer pattern (Gamma, Helm, Johnson and Vlissides, "Design Patterns", 1994) done over the
//! network, as web hooks often are at first. Left out: retries, calls side by side, and the threads of
//! a publisher that has more than one.

use super::Letter;
use super::design::{Anatomy, Design, Desk, Line, Setup};
use super::probe::{Change, Figure, Probe};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::routing::Exchange;
use std::collections::VecDeque;

/// A publisher that calls.
#[derive(Clone, Debug)]
pub struct Push {
    /// What is to be published; the first is being published.
    messages: VecDeque<Letter>,
    /// Who is to be called next with it.
    next: u32,
    /// The call under way.
    call: Option<Call>,
    timeout: Option<Span>,
    subscribers: usize,
}

#[derive(Clone, Copy, Debug)]
struct Call {
    letter: Letter,
    subscriber: u32,
    since: Time,
    /// Whether the subscriber has begun to work on it.
    begun: bool,
}

impl Design for Push {
    const ABOUT: About = About {
        id: "push",
        name: "Calls in turn",
        idea: "The publisher calls each subscriber and waits for it before it calls the next.",
        file: file!(),
        parameters: &[Parameter {
            id: "timeout",
            means: "seconds after which the publisher gives up a call",
            range: Range::Limit { least: 1, most: 1_000_000 },
        }],
        rules: &[&ON_LIST, &BUSY, &ALL_CALLED, &NOT_THERE, &BROKEN_OFF, &HUNG_UP, &GOES_ON],
    };

    fn filters(_: Exchange) -> bool {
        true
    }

    fn new(setup: &Setup) -> Self {
        let timeout = setup.parameters.limit("timeout").map(|seconds| Span::from_seconds(seconds as f64));
        let subscribers = setup.subscribers;
        Push { messages: VecDeque::new(), next: 0, call: None, timeout, subscribers }
    }

    fn publish(&mut self, letter: Letter, desk: &mut Desk<impl Probe>) {
        self.messages.push_back(letter);
        for subscriber in desk.everybody() {
            desk.enter(subscriber, letter, &ON_LIST);
        }
        if self.call.is_some() {
            return desk.tell(letter, Change::Held, &BUSY);
        }
        self.call_next(desk);
    }

    fn take(&mut self, subscriber: u32, _: &mut Desk<impl Probe>) -> Option<Letter> {
        let call = self.call.as_mut().filter(|call| call.subscriber == subscriber && !call.begun)?;
        call.begun = true;
        Some(call.letter)
    }

    fn done(&mut self, subscriber: u32, letter: Letter, desk: &mut Desk<impl Probe>) {
        if self.call.is_some_and(|call| call.subscriber == subscriber && call.letter == letter) {
            self.hang_up(desk);
        }
    }

    fn arrive(&mut self, _: u32, _: bool, _: &mut Desk<impl Probe>) {}

    fn leave(&mut self, subscriber: u32, held: Option<Letter>, desk: &mut Desk<impl Probe>) {
        if let Some(letter) = held {
            desk.drop_held(subscriber, letter, &BROKEN_OFF, None);
        }
        let Some(call) = self.call.filter(|call| call.subscriber == subscriber) else { return };
        if !call.begun {
            desk.drop(subscriber, call.letter, &BROKEN_OFF, None);
        }
        self.hang_up(desk);
    }

    fn next_timer(&self) -> Option<Time> {
        Some(self.call?.since + self.timeout?)
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        let (Some(call), Some(timeout)) = (self.call, self.timeout) else { return };
        let figure = Some(Figure::Span(timeout));
        match call.begun {
            true => desk.tell_copy(call.subscriber, call.letter, Change::GivenUp, &GOES_ON, figure),
            false => desk.drop(call.subscriber, call.letter, &HUNG_UP, figure),
        }
        self.hang_up(desk);
    }

    fn show(&self) -> Anatomy {
        let line = |subscriber: u32| {
            let call = self.call.filter(|call| call.subscriber == subscriber && !call.begun);
            Line::new("called", usize::from(call.is_some()), call.iter().map(|call| call.letter))
        };
        Anatomy {
            publisher: self.messages.iter().take(Line::SHOWN).copied().collect(),
            waits_for: self.call.map(|call| call.subscriber),
            lines: (0..self.subscribers as u32).map(line).collect(),
            ..Anatomy::default()
        }
    }
}

impl Push {
    /// The call is over, and the next one on the list is called.
    fn hang_up(&mut self, desk: &mut Desk<impl Probe>) {
        self.call = None;
        self.next += 1;
        self.call_next(desk);
    }

    /// Calls the next who wants the message and is there; behind the last one, the next message's turn
    /// has come.
    fn call_next(&mut self, desk: &mut Desk<impl Probe>) {
        while let Some(letter) = self.messages.front().copied() {
            for subscriber in self.next..desk.everybody().end {
                if !desk.goes_to(subscriber, letter) {
                    continue;
                }
                if desk.is_here(subscriber) {
                    self.next = subscriber;
                    self.call = Some(Call { letter, subscriber, since: desk.now, begun: false });
                    return;
                }
                desk.miss_waiting(subscriber, letter, &NOT_THERE);
            }
            self.messages.pop_front();
            self.next = 0;
            desk.tell(letter, Change::Freed, &ALL_CALLED);
        }
    }
}

const ON_LIST: Rule =
    Rule { name: "ON_LIST", place: "publish", says: "the publisher will call somebody who asks for {}" };
const BUSY: Rule =
    Rule { name: "BUSY", place: "publish", says: "the publisher is still waiting for an earlier call" };
const ALL_CALLED: Rule =
    Rule { name: "ALL_CALLED", place: "call_next", says: "everybody who wants it has been called" };
const NOT_THERE: Rule =
    Rule { name: "NOT_THERE", place: "call_next", says: "nobody answers, and nobody tries again" };
const BROKEN_OFF: Rule =
    Rule { name: "BROKEN_OFF", place: "leave", says: "the call was broken off, and nobody tries again" };
const HUNG_UP: Rule = Rule {
    name: "HUNG_UP",
    place: "on_timer",
    says: "its subscriber was still busy after {}, and the publisher hung up",
};
const GOES_ON: Rule = Rule {
    name: "GOES_ON",
    place: "on_timer",
    says: "its answer has not come within {}; its subscriber goes on all the same",
};
