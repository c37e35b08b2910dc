//! # Watermarks
//!
//! Two marks in the buffer. When it fills up to the **high** one ingestion is **paused**: nobody is let
//! in. When it has drained to the **low** one ingestion is **resumed**. Between the two nothing changes,
//! so that pausing and resuming, which cost something, do not follow each other with every request: the
//! hysteresis of a thermostat.
//!
//! As `pause` and `resume` of a Kafka consumer around a bounded buffer, `WriteBufferWaterMark` of Netty,
//! which has both marks, `highWaterMark` of Node.js streams, which resume when they have drained, XON and
//! XOFF of serial lines. The bound is the high mark.
//!
//! Cost: a step a request. Left out: the time that a pause takes to reach the sender, for which the
//! marks would need room above the high one.

use super::parameters::MIDDLE;
use super::{Answer, Change, Desk, Dial, Request, Setup, Verdict};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::Time;
use crate::queue::Figure;

/// A buffer whose ingestion is paused and resumed.
#[derive(Clone, Debug)]
pub struct Watermarks {
    high: usize,
    low: usize,
    paused: bool,
}

const HIGH: Parameter = Parameter {
    id: "high",
    means: "with so many requests in the buffer ingestion is paused",
    range: Range::Whole { least: 1, most: 100_000, default: 20 },
};
const LOW: Parameter = Parameter {
    id: "low",
    means: "with so few requests in the buffer ingestion is resumed; below the high mark",
    range: Range::Whole { least: 0, most: 99_999, default: 5 },
};

impl Watermarks {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "watermarks",
        name: "Watermarks",
        idea: "Ingestion is paused at the high mark and resumed at the low one.",
        file: file!(),
        parameters: &[HIGH, LOW, MIDDLE],
        rules: &[&OPEN, &PAUSED, &OPEN_AGAIN, &FROM_THE_BUFFER, &HIGH_MARK, &LOW_MARK],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        let high = setup.parameters.whole("high");
        Watermarks { high, low: setup.parameters.whole("low").min(high - 1), paused: false }
    }

    /// Whether ingestion is paused.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Pauses if the buffer has filled up.
    fn look_high(&mut self, desk: &mut Desk) {
        if desk.waiting() >= self.high && !self.paused {
            self.paused = true;
            desk.tell(Change::Paused, &HIGH_MARK, Some(Figure::Count(self.high as u64)));
        }
    }

    /// Resumes if the buffer has drained.
    fn look_low(&mut self, desk: &mut Desk) {
        if desk.waiting() <= self.low && self.paused {
            self.paused = false;
            desk.tell(Change::Resumed, &LOW_MARK, Some(Figure::Count(self.low as u64)));
        }
    }
}

impl Answer for Watermarks {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if self.paused || !desk.door_is_clear() {
            return desk.hold(request, &PAUSED);
        }
        desk.accept(request, &OPEN);
        self.look_high(desk);
        Verdict::Inside
    }

    fn admit(&mut self, desk: &mut Desk) -> bool {
        let came = !self.paused && desk.let_in(&OPEN_AGAIN);
        self.look_high(desk);
        came
    }

    fn next(&mut self, desk: &mut Desk) -> Option<(Request, &'static Rule)> {
        let oldest = desk.oldest();
        self.look_low(desk);
        oldest.map(|request| (request, &FROM_THE_BUFFER))
    }

    fn restart(&mut self, _: Time) {
        self.paused = false;
    }

    fn bound(&self) -> Option<usize> {
        Some(self.high)
    }

    fn holds(&self) -> bool {
        true
    }

    fn dials(&self, _: Time) -> Vec<Dial> {
        let most = self.high as f64;
        let dial = |name, value: usize| Dial::new(name, value as f64, most, "requests");
        vec![
            dial(if self.paused { "paused until low mark" } else { "low mark" }, self.low),
            dial("high mark", self.high),
        ]
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const OPEN: Rule = Rule { name: "OPEN", place: "offer", says: "ingestion is not paused" };
const PAUSED: Rule =
    Rule { name: "PAUSED", place: "offer", says: "ingestion is paused, so whoever brings it waits with it" };
const OPEN_AGAIN: Rule =
    Rule { name: "OPEN_AGAIN", place: "admit", says: "ingestion is not paused, and it has waited longest" };
const FROM_THE_BUFFER: Rule =
    Rule { name: "FROM_THE_BUFFER", place: "next", says: "it came first of those in the buffer" };
const HIGH_MARK: Rule =
    Rule { name: "HIGH_MARK", place: "look_high", says: "the buffer has filled up to the high mark, {}" };
const LOW_MARK: Rule =
    Rule { name: "LOW_MARK", place: "look_low", says: "the buffer has drained to the low mark, {}" };
