//! # Pull
//!
//! The stage keeps nothing that it does not work on. A worker that has nothing to do **asks** for a
//! request, and gets one as soon as there is one; without an ask nothing is sent. What waits, waits where
//! it comes from. If the asking takes time a worker stands idle meanwhile; to avoid that it can ask for
//! some **ahead**.
//!
//! Signals that are pulled: the lazy lists of functional programs, `Iterator::next` and `Stream::poll_next`
//! in Rust, a consumer's `poll` in Kafka, `BRPOP` in Redis, long polling of SQS; "pull" in lean
//! manufacturing (Ohno, "Toyota Production System", 1978).
//!
//! Cost: an ask a request. Left out: that a request itself takes time to come.

use super::parameters::{DELAY, MIDDLE};
use super::{Answer, Change, Desk, Dial, Request, Setup, Verdict};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;
use std::collections::VecDeque;

/// Free workers ask.
#[derive(Clone, Debug)]
pub struct Pull {
    ahead: usize,
    delay: Span,
    /// Asks that have reached the sender.
    asks: usize,
    /// When the asks on their way will have.
    under_way: VecDeque<Time>,
}

const AHEAD: Parameter = Parameter {
    id: "ahead",
    means: "how many requests are asked for beside those that free workers need at once",
    range: Range::Whole { least: 0, most: 100_000, default: 0 },
};

impl Pull {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "pull",
        name: "Pull",
        idea: "A worker asks when it has nothing to do; nothing is sent unasked.",
        file: file!(),
        parameters: &[AHEAD, DELAY, MIDDLE],
        rules: &[&ASKED_FOR, &UNASKED, &ASKED_AGAIN, &ITS_TURN, &NOTHING_TO_DO, &ASK_ARRIVES],
    };

    /// Nobody has asked yet.
    pub fn new(setup: &Setup) -> Self {
        let (ahead, delay) = (setup.parameters.whole("ahead"), setup.parameters.span("delay"));
        Pull { ahead, delay, asks: 0, under_way: VecDeque::new() }
    }

    /// Asks for as many as the free workers need and some ahead, those that are here or asked for
    /// already counted.
    fn ask(&mut self, desk: &mut Desk) {
        let needed = desk.idle() + self.ahead;
        while self.asks + self.under_way.len() + desk.waiting() < needed {
            let idle = Some(Figure::Count(desk.idle() as u64));
            desk.tell(Change::Asks, &NOTHING_TO_DO, idle);
            self.under_way.push_back(desk.now + self.delay);
        }
        if self.delay == Span::ZERO {
            self.act(desk);
        }
    }
}

impl Answer for Pull {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if self.asks == 0 || !desk.door_is_clear() {
            return desk.hold(request, &UNASKED);
        }
        self.asks -= 1;
        desk.accept(request, &ASKED_FOR)
    }

    fn admit(&mut self, desk: &mut Desk) -> bool {
        if self.asks == 0 {
            return false;
        }
        self.asks -= 1;
        desk.let_in(&ASKED_AGAIN)
    }

    fn next(&mut self, desk: &mut Desk) -> Option<(Request, &'static Rule)> {
        self.ask(desk);
        desk.oldest().map(|request| (request, &ITS_TURN))
    }

    fn next_time(&self) -> Option<Time> {
        self.under_way.front().copied()
    }

    fn act(&mut self, desk: &mut Desk) {
        while self.under_way.front().is_some_and(|at| *at <= desk.now) {
            self.under_way.pop_front();
            self.asks += 1;
            if self.delay > Span::ZERO {
                desk.tell(Change::Credited { credits: 1 }, &ASK_ARRIVES, Some(Figure::Span(self.delay)));
            }
        }
    }

    fn restart(&mut self, _: Time) {
        self.asks = 0;
        self.under_way.clear();
    }

    fn holds(&self) -> bool {
        true
    }

    fn dials(&self, _: Time) -> Vec<Dial> {
        let most = (self.asks + self.under_way.len()).max(self.ahead + 1) as f64;
        let dial = |name, value: usize| Dial::new(name, value as f64, most, "asks");
        vec![dial("asked for", self.asks), dial("asks on their way", self.under_way.len())]
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const ASKED_FOR: Rule =
    Rule { name: "ASKED_FOR", place: "offer", says: "somebody asked for one and has been waiting for it" };
const UNASKED: Rule = Rule { name: "UNASKED", place: "offer", says: "nobody has asked for it yet" };
const ASKED_AGAIN: Rule =
    Rule { name: "ASKED_AGAIN", place: "admit", says: "one was asked for, and it has waited longest" };
const ITS_TURN: Rule = Rule { name: "ITS_TURN", place: "next", says: "it is what was asked for" };
const NOTHING_TO_DO: Rule =
    Rule { name: "NOTHING_TO_DO", place: "ask", says: "so many workers have nothing to do: {}" };
const ASK_ARRIVES: Rule = Rule { name: "ASK_ARRIVES", place: "act", says: "a worker asked for it {} ago" };
