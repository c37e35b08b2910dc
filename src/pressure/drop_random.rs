//! # Random early drop (RED)
//!
//! Some are dropped before the buffer is full, by chance, the more of them the longer the queue has been
//! on **average**. The average follows the length by a small weight, avg ← (1 − w)·avg + w·q, so that a
//! burst passes and only a standing queue is met. Below `min` nobody is dropped; from `max` on everybody
//! is; in between with the probability p_b = p_max · (avg − min)/(max − min), spread out as
//! p_a = p_b/(1 − count·p_b), where `count` requests have come in since the last drop, so that drops come
//! at even distances rather than in clusters. As chance does not look at who sent it, a sender loses in
//! proportion to what it sends. While the queue is empty the average sinks as if small requests had
//! come meanwhile: avg ← (1 − w)^m · avg.
//!
//! Floyd and Jacobson, "Random Early Detection Gateways for Congestion Avoidance", IEEE/ACM Transactions
//! on Networking 1, 1993, figures 1 and 2. Here m is the idle time in typical gaps between requests, for
//! which the mean gap since the start stands.
//!
//! Cost: a step and a random number a request. Left out: marking instead of dropping, and the gentle
//! variant above `max`.

use super::parameters::{MIDDLE, bound};
use super::{Answer, Desk, Dial, End, Request, Setup, Verdict};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Random, Time};
use crate::queue::Figure;

/// A buffer before which requests are dropped by chance.
#[derive(Clone, Debug)]
pub struct DropRandom {
    bound: usize,
    min: f64,
    max: f64,
    most: f64,
    weight: f64,
    average: f64,
    /// Requests let in since the last drop; `None`: the average is below `min`.
    count: Option<u64>,
    /// Since when the buffer is empty.
    idle: Option<Time>,
    /// How many requests have come.
    seen: u64,
    random: Random,
}

const MIN: Parameter = Parameter {
    id: "min",
    means: "below this average length nobody is dropped",
    range: Range::Number { least: 0.0, most: 100_000.0, default: 5.0 },
};
const MAX: Parameter = Parameter {
    id: "max",
    means: "from this average length on everybody is dropped; above the other",
    range: Range::Number { least: 0.1, most: 100_000.0, default: 15.0 },
};
const PROBABILITY: Parameter = Parameter {
    id: "probability",
    means: "the probability of a drop just below the upper length",
    range: Range::Number { least: 0.001, most: 1.0, default: 0.1 },
};
const WEIGHT: Parameter = Parameter {
    id: "weight",
    means: "how much the present length counts in the average, from 0 to 1",
    range: Range::Number { least: 0.0001, most: 1.0, default: 0.02 },
};

impl DropRandom {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "drop-random",
        name: "Random drop (RED)",
        idea: "Some are dropped by chance before the buffer is full.",
        file: file!(),
        parameters: &[bound(30), MIN, MAX, PROBABILITY, WEIGHT, MIDDLE],
        rules: &[&SHORT, &SPARED, &UNLUCKY, &LONG, &FULL, &OLDEST],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        let number = |id| setup.parameters.number(id);
        let min: f64 = number("min");
        DropRandom {
            bound: setup.parameters.whole("bound"),
            min,
            max: number("max").max(min + 0.1),
            most: number("probability"),
            weight: number("weight"),
            average: 0.0,
            count: None,
            idle: Some(Time::ZERO),
            seen: 0,
            random: Random::stream(setup.seed, 61),
        }
    }

    /// The average length after one more request has come.
    fn average(&mut self, desk: &Desk) -> f64 {
        self.seen += 1;
        match self.idle.take() {
            Some(since) if desk.waiting() == 0 => {
                let gap = desk.now.seconds() / self.seen as f64;
                let missed = if gap > 0.0 { desk.now.since(since).seconds() / gap } else { 0.0 };
                self.average *= libm::pow(1.0 - self.weight, missed);
            }
            _ => self.average += self.weight * (desk.waiting() as f64 - self.average),
        }
        self.average
    }

    /// Whether this one is dropped, at an average length between the two.
    fn is_unlucky(&mut self, average: f64) -> bool {
        let count = self.count.map_or(0, |count| count + 1);
        let by_length = self.most * (average - self.min) / (self.max - self.min);
        let spread = by_length / (1.0 - (count as f64 * by_length).min(1.0));
        let unlucky = self.random.unit() < spread;
        self.count = Some(if unlucky { 0 } else { count });
        unlucky
    }
}

impl Answer for DropRandom {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        let average = self.average(desk);
        let length = Some(Figure::Count(average as u64));
        if desk.waiting() >= self.bound {
            self.count = Some(0);
            desk.end(request, End::Refused, &FULL, Some(Figure::Count(self.bound as u64)))
        } else if average < self.min {
            self.count = None;
            desk.accept(request, &SHORT)
        } else if average >= self.max {
            self.count = Some(0);
            desk.end(request, End::Dropped, &LONG, length)
        } else if self.is_unlucky(average) {
            desk.end(request, End::Dropped, &UNLUCKY, length)
        } else {
            desk.accept(request, &SPARED)
        }
    }

    fn next(&mut self, desk: &mut Desk) -> Option<(Request, &'static Rule)> {
        let oldest = desk.oldest();
        if desk.waiting() == 0 && self.idle.is_none() {
            self.idle = Some(desk.now);
        }
        oldest.map(|request| (request, &OLDEST))
    }

    fn restart(&mut self, now: Time) {
        (self.average, self.count, self.idle) = (0.0, None, Some(now));
    }

    fn bound(&self) -> Option<usize> {
        Some(self.bound)
    }

    fn dials(&self, _: Time) -> Vec<Dial> {
        let most = self.bound as f64;
        let dial = |name, value: f64| Dial::new(name, value, most, "requests");
        vec![dial("average length", self.average), dial("min", self.min), dial("max", self.max)]
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const OLDEST: Rule = Rule { name: "OLDEST", place: "next", says: "it came first" };
const SHORT: Rule = Rule { name: "SHORT", place: "offer", says: "the queue is short on average" };
const SPARED: Rule =
    Rule { name: "SPARED", place: "offer", says: "the queue is longish on average, and chance spares it" };
const UNLUCKY: Rule = Rule {
    name: "UNLUCKY",
    place: "offer",
    says: "the queue is longish, {} on average, and chance has picked it",
};
const LONG: Rule = Rule { name: "LONG", place: "offer", says: "the queue is too long, {} on average" };
const FULL: Rule = Rule { name: "FULL", place: "offer", says: "the buffer is full, with {} in it" };
