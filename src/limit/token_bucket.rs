//! # Token bucket
//!
//! A bucket holds tokens up to its capacity, and new ones keep dropping in. A request takes a token
//! for each of its permits; where there are too few it is refused, or waits for them: then the
//! bucket goes into debt, and who comes next waits behind. After a pause a whole bucket may be spent
//! at once; in the long run no more passes than drops in.
//!
//! J. Turner, "New directions in communications (or which way to the information age?)", IEEE
//! Communications Magazine 24, 1986; RFC 2697. Refilled smoothly by bucket4j (`refillGreedy`), Go's
//! `x/time/rate` and Amazon's API Gateway; once an interval by bucket4j (`refillIntervally`), Envoy
//! (`fill_interval`) and the API of Amazon EC2. Debt as in bucket4j's reservations.
//!
//! A level and a time a key; exact, because the level is counted in [`Ticks`]. Intervals are those
//! of the clock: a bucket is as old as the run. Left out: bucket4j's reservations may take more than
//! the capacity.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Pace, Part, Ticks};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "token-bucket",
    name: "Token bucket",
    idea: "Tokens drop into a bucket up to its capacity, and each request takes one.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "rate",
            means: "tokens a second, to the thousandth",
            range: Range::Number { least: 0.001, most: 1e6, default: 10.0 },
        },
        Parameter {
            id: "capacity",
            means: "how many tokens the bucket holds",
            range: Range::Whole { least: 1, most: 1_000_000, default: 10 },
        },
        Parameter {
            id: "refill",
            means: "whether tokens drop in one by one, or all of an interval together at its end",
            range: Range::Choice(&["smooth", "interval"]),
        },
        Parameter {
            id: "interval",
            means: "seconds from one refill to the next, where refill is interval",
            range: Range::Number { least: 0.001, most: 86_400.0, default: 1.0 },
        },
        Parameter {
            id: "empty",
            means: "what becomes of a request for which there are too few tokens",
            range: Range::Choice(&["refuse", "wait"]),
        },
        Parameter {
            id: "most-wait",
            means: "seconds that a request waits at the most, where empty is wait",
            range: Range::Number { least: 0.0, most: 86_400.0, default: 1.0 },
        },
    ],
    rules: &[&HAS_TOKENS, &IN_DEBT, &TOO_FEW, &TOO_LONG, &MORE_THAN_CAPACITY],
};

const HAS_TOKENS: Rule = Rule { name: "HAS_TOKENS", place: "decide", says: "the bucket holds {} tokens" };
const IN_DEBT: Rule = Rule {
    name: "IN_DEBT",
    place: "decide",
    says: "the bucket goes into debt, and its tokens are there in {}",
};
const TOO_FEW: Rule = Rule { name: "TOO_FEW", place: "decide", says: "the bucket holds {} tokens, too few" };
const TOO_LONG: Rule = Rule {
    name: "TOO_LONG",
    place: "decide",
    says: "its tokens would be there in {}, longer than it may wait",
};
const MORE_THAN_CAPACITY: Rule = Rule {
    name: "MORE_THAN_CAPACITY",
    place: "decide",
    says: "it takes {} tokens, more than the bucket ever holds",
};

/// How tokens come into a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refill {
    /// One by one, each as soon as its time is over.
    Smooth,
    /// All tokens of an interval, at least a nanosecond long, together at its end.
    Interval(Span),
}

/// What becomes of a request for which there are too few tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// It is refused.
    Refuse,
    /// It waits for them, unless that would take longer than so long.
    Wait(Span),
}

/// The limiter.
#[derive(Clone, Debug)]
pub struct TokenBucket {
    pace: Pace,
    capacity: u32,
    refill: Refill,
    empty: Empty,
    buckets: Keyed<Bucket>,
    touched: u64,
}

/// The bucket of a key.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// The tokens in it, each as many ticks as it takes to drop in; below zero in debt.
    level: i128,
    /// Until when the tokens that dropped in are counted in the level.
    filled: Time,
}

impl TokenBucket {
    /// With these parameters, all buckets full.
    pub fn new(parameters: &Parameters) -> Self {
        let refill = match parameters.choice("refill") {
            "interval" => Refill::Interval(parameters.span("interval")),
            _ => Refill::Smooth,
        };
        let empty = match parameters.choice("empty") {
            "wait" => Empty::Wait(parameters.span("most-wait")),
            _ => Empty::Refuse,
        };
        let pace = Pace::per_second(parameters.number("rate"));
        TokenBucket::of(pace, parameters.whole("capacity") as u32, refill, empty)
    }

    /// Tokens drop in at `pace`, up to `capacity`; all buckets are full.
    pub fn of(pace: Pace, capacity: u32, refill: Refill, empty: Empty) -> Self {
        let full = pace.intervals(capacity) as i128;
        let fresh = Bucket { level: full, filled: Time::ZERO };
        TokenBucket { pace, capacity, refill, empty, buckets: Keyed::new(fresh), touched: 0 }
    }

    /// The same with all buckets empty, as long as their key has not been seen.
    #[must_use]
    pub fn emptied(mut self) -> Self {
        self.buckets = Keyed::new(Bucket { level: 0, filled: Time::ZERO });
        self
    }

    /// The level that so many tokens make.
    fn tokens(&self, count: u32) -> i128 {
        (self.pace.intervals(count)) as i128
    }

    /// What drops in at each refill.
    fn portion(&self, interval: Span) -> Ticks {
        self.pace.ticks(interval)
    }

    /// `bucket` with the tokens that have dropped in by `now`.
    fn refilled(&self, bucket: Bucket, now: Time) -> Bucket {
        let filled = match self.refill {
            Refill::Smooth => now,
            Refill::Interval(each) => Time::from_nanos(now.nanos() / each.nanos() * each.nanos()),
        };
        let gained = self.pace.ticks(filled.since(bucket.filled)) as i128;
        let level = (bucket.level + gained).min(self.tokens(self.capacity));
        Bucket { level, filled: filled.max(bucket.filled) }
    }

    /// How long from `now` until the level has risen to `level`.
    fn until(&self, bucket: Bucket, level: i128, now: Time) -> Span {
        if bucket.level >= level {
            return Span::ZERO;
        }
        let missing = (level - bucket.level) as Ticks;
        let filling = match self.refill {
            Refill::Smooth => self.pace.span(missing),
            Refill::Interval(each) => {
                let refills = missing.div_ceil(self.portion(each));
                each.times(u64::try_from(refills).unwrap_or(u64::MAX))
            }
        };
        bucket.filled.since(now) + filling - now.since(bucket.filled)
    }

    /// The tokens in `bucket` as a figure.
    fn holds(&self, bucket: Bucket) -> Figure {
        let level = bucket.level as f64 / self.pace.interval() as f64;
        Figure::NumberOf(level, u64::from(self.capacity))
    }
}

impl Limiter for TokenBucket {
    #[inline(always)]
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let mut bucket = self.refilled(*self.buckets.get(key), now);
        let wait = self.until(bucket, self.tokens(cost), now);
        let (most_wait, too_late) = match self.empty {
            Empty::Refuse => (Span::ZERO, (&TOO_FEW, self.holds(bucket))),
            Empty::Wait(most) => (most, (&TOO_LONG, Figure::Span(wait))),
        };
        let (verdict, (rule, figure)) = if cost > self.capacity {
            let cost = Figure::Count(u64::from(cost));
            (Verdict::Refused { retry: None }, (&MORE_THAN_CAPACITY, cost))
        } else if wait > most_wait {
            (Verdict::Refused { retry: Some(wait - most_wait) }, too_late)
        } else if wait > Span::ZERO {
            (Verdict::Admitted { wait }, (&IN_DEBT, Figure::Span(wait)))
        } else {
            (Verdict::Admitted { wait }, (&HAS_TOKENS, self.holds(bucket)))
        };
        if let Verdict::Admitted { .. } = verdict {
            bucket.level -= self.tokens(cost);
        }
        *self.buckets.of(key) = bucket;
        self.touched += 6;
        let remaining = self.pace.permits(bucket.level.max(0) as Ticks) as u32;
        let reset = self.until(bucket, self.tokens(self.capacity), now);
        Decision { verdict, limit: self.capacity, remaining, reset, rule, figure }
    }

    /// A stretch spends a whole bucket at most, and what drops in after its first nanosecond: in
    /// so many nanoseconds, or by so many refills, of which each fills one bucket at most.
    ///
    /// Who waits passes when the tokens are there. If even the first of a stretch has waited, it
    /// leaves an empty bucket, and each of the others needs a token that drops in later: since a
    /// nanosecond before the stretch, when the first was still waiting, or with the refill that let
    /// the first pass. This holds for requests of one token each.
    fn bound(&self, window: Span) -> Option<u64> {
        let Some(after_first) = window.nanos().checked_sub(1).map(Span::from_nanos) else { return Some(0) };
        let capacity = self.pace.intervals(self.capacity);
        let (gained, of_waiting) = match self.refill {
            Refill::Smooth => (self.pace.ticks(after_first), self.pace.ticks(window)),
            Refill::Interval(each) => {
                let portion = self.portion(each);
                let refills = Ticks::from(after_first.nanos().div_ceil(each.nanos()));
                let with_first = Ticks::from(window.nanos().div_ceil(each.nanos()));
                match self.empty {
                    Empty::Refuse => (portion.min(capacity) * refills, 0),
                    Empty::Wait(_) => (portion * refills, portion * with_first),
                }
            }
        };
        let at_once = self.pace.permits(capacity + gained);
        Some(match self.empty {
            Empty::Refuse => at_once,
            Empty::Wait(_) => at_once.max(self.pace.permits(of_waiting + self.pace.interval() - 1)),
        })
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let bucket = self.refilled(*self.buckets.get(key), now);
        let level = bucket.level as f64 / self.pace.interval() as f64;
        let says = match self.refill {
            Refill::Smooth => format!("one every {}", self.pace.span(self.pace.interval())),
            Refill::Interval(each) => {
                let portion = self.portion(each) as f64 / self.pace.interval() as f64;
                format!("{portion} every {each}")
            }
        };
        let most = f64::from(self.capacity);
        Anatomy { parts: vec![Part::Vessel { name: "tokens", level, most, fills: true, says }] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.buckets.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
