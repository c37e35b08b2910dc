//! # Leaky bucket, as a queue
//!
//! Requests drop into a bucket with a hole, and leave through it one by one, each an interval after
//! the one before. What leaves is evenly spaced however it came; a request that finds the queue full
//! is refused. The bucket shapes traffic, where a token bucket polices it: a burst is not let
//! through but drawn out, and pays with waiting.
//!
//! The queue of A. Tanenbaum, "Computer Networks"; Shopify calls its meter a leaky bucket too, see
//! there. Spaced like this by nginx without `nodelay`, and by Uber's `ratelimit` for Go.
//!
//! One number a key: when the next request may leave; the queue itself is nowhere. Exact, because
//! time is counted in [`Ticks`]. A request that takes more than one permit leaves at its turn and
//! keeps the next waiting for as many intervals.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Mark, Pace, Part, Stretch, Ticks};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "leaky-bucket",
    name: "Leaky bucket (queue)",
    idea: "Requests queue up and leave one by one, at equal distances.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "rate",
            means: "permits a second, to the thousandth",
            range: Range::Number { least: 0.001, most: 1e6, default: 10.0 },
        },
        Parameter {
            id: "queue",
            means: "how many may wait",
            range: Range::Whole { least: 0, most: 1_000_000, default: 10 },
        },
    ],
    rules: &[&LEAVES_AT_ONCE, &QUEUES, &FULL, &MORE_THAN_QUEUE],
};

const LEAVES_AT_ONCE: Rule =
    Rule { name: "LEAVES_AT_ONCE", place: "decide", says: "nobody has left within the last interval" };
const QUEUES: Rule = Rule { name: "QUEUES", place: "decide", says: "its turn to leave comes in {}" };
const FULL: Rule = Rule { name: "FULL", place: "decide", says: "the queue holds {}" };
const MORE_THAN_QUEUE: Rule = Rule {
    name: "MORE_THAN_QUEUE",
    place: "decide",
    says: "it takes {} permits, more than the queue ever has room for",
};

/// So many departures are shown, the next.
const SHOWN: u64 = 200;

/// The limiter.
#[derive(Clone, Debug)]
pub struct LeakyBucket {
    pace: Pace,
    queue: u32,
    /// When the next request of each key may leave.
    turns: Keyed<Ticks>,
    touched: u64,
}

impl LeakyBucket {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        LeakyBucket::of(Pace::per_second(parameters.number("rate")), parameters.whole("queue") as u32)
    }

    /// One permit leaves at each interval of `pace`, and up to `queue` wait.
    pub fn of(pace: Pace, queue: u32) -> Self {
        LeakyBucket { pace, queue, turns: Keyed::new(0), touched: 0 }
    }

    /// How many permits the bucket takes in: one that leaves at once, and those that wait.
    fn most(&self) -> u32 {
        self.queue + 1
    }

    /// How many of those who came wait, if the next to come would have to wait for so long.
    fn waiting(&self, wait: Ticks) -> u64 {
        u64::try_from(wait.div_ceil(self.pace.interval())).unwrap_or(u64::MAX).saturating_sub(1)
    }
}

impl Limiter for LeakyBucket {
    #[inline(always)]
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let (pace, limit, now) = (self.pace, self.most(), self.pace.at(now));
        let most = pace.intervals(limit);
        let turn = self.turns.of(key);
        self.touched += 1;
        let ahead = turn.saturating_sub(now);
        let ahead_then = ahead + pace.intervals(cost);
        let wait = pace.span(ahead);
        let admitted = ahead_then <= most;
        if admitted {
            *turn = now + ahead_then;
            self.touched += 1;
        }
        let (verdict, rule, figure) = if cost > limit {
            (Verdict::Refused { retry: None }, &MORE_THAN_QUEUE, Figure::Count(u64::from(cost)))
        } else if !admitted {
            let retry = Some(pace.span(ahead_then - most));
            let holds = Figure::Of(self.waiting(ahead), u64::from(self.queue));
            (Verdict::Refused { retry }, &FULL, holds)
        } else if wait > Span::ZERO {
            (Verdict::Admitted { wait }, &QUEUES, Figure::Span(wait))
        } else {
            (Verdict::Admitted { wait }, &LEAVES_AT_ONCE, Figure::None)
        };
        let ahead = if admitted { ahead_then } else { ahead };
        let remaining = pace.permits(most.saturating_sub(ahead)) as u32;
        Decision { verdict, limit, remaining, reset: pace.span(ahead), rule, figure }
    }

    /// Turns are an interval apart, and who leaves does so at the first nanosecond that is not
    /// before its turn. So the turns of those who leave in a stretch all lie in one of the same
    /// length that contains its end but not its beginning.
    fn bound(&self, window: Span) -> Option<u64> {
        Some(self.pace.permits(self.pace.ticks(window) + self.pace.interval() - 1))
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let (pace, turn) = (self.pace, *self.turns.get(key));
        let waiting = self.waiting(turn.saturating_sub(pace.at(now)));
        let next = pace.time(turn).max(now);
        let until = now + pace.span(pace.intervals(self.most()));
        let departure = |back: u64| pace.time(turn - pace.interval() * Ticks::from(back));
        let leave =
            (1..=waiting).rev().take(SHOWN as usize).map(|back| Mark { at: departure(back), says: "" });
        let ends = [Mark { at: now, says: "now" }, Mark { at: next, says: "next free" }];
        let stretches = vec![Stretch {
            from: now,
            until: next,
            says: format!("{waiting} of {} wait", self.queue),
            full: waiting as f64 / f64::from(self.queue.max(1)),
        }];
        let marks = leave.chain(ends).collect();
        Anatomy { parts: vec![Part::TimeLine { name: "departures", from: now, until, stretches, marks }] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.turns.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
