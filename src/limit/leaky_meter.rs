//! # Leaky bucket, as a meter
//!
//! A counter that every admitted request raises and that leaks at a steady rate. A request that
//! would raise it above the capacity is refused, and nobody waits. It is a token bucket upside down:
//! the level is what the bucket of tokens lacks, and both decide alike.
//!
//! ITU-T Recommendation I.371, annex A, whose "continuous-state leaky bucket" is the twin of GCRA;
//! Shopify's API and HubSpot's limit by this meter.
//!
//! A level and a time a key; exact, because the level is counted in [`Ticks`].

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Pace, Part, Ticks};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "leaky-meter",
    name: "Leaky bucket (meter)",
    idea: "Each request raises a level that leaks away, and none may raise it above the rim.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "rate",
            means: "permits a second that leak away, to the thousandth",
            range: Range::Number { least: 0.001, most: 1e6, default: 10.0 },
        },
        Parameter {
            id: "capacity",
            means: "how many permits the bucket holds",
            range: Range::Whole { least: 1, most: 1_000_000, default: 10 },
        },
    ],
    rules: &[&FITS, &OVERFLOWS, &MORE_THAN_CAPACITY],
};

const FITS: Rule = Rule { name: "FITS", place: "decide", says: "with it the level is {}" };
const OVERFLOWS: Rule = Rule {
    name: "OVERFLOWS",
    place: "decide",
    says: "the level is {}, and with it the bucket would run over",
};
const MORE_THAN_CAPACITY: Rule = Rule {
    name: "MORE_THAN_CAPACITY",
    place: "decide",
    says: "it takes {} permits, more than the whole bucket holds",
};

/// The limiter.
#[derive(Clone, Debug)]
pub struct LeakyMeter {
    pace: Pace,
    capacity: u32,
    buckets: Keyed<Bucket>,
    touched: u64,
}

/// The bucket of a key.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// What is in it, each permit as many ticks as it takes to leak away.
    level: Ticks,
    /// Until when the leak is counted.
    leaked: Time,
}

impl LeakyMeter {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        LeakyMeter::of(Pace::per_second(parameters.number("rate")), parameters.whole("capacity") as u32)
    }

    /// One permit leaks away at each interval of `pace`, and `capacity` fit.
    pub fn of(pace: Pace, capacity: u32) -> Self {
        let fresh = Bucket { level: 0, leaked: Time::ZERO };
        LeakyMeter { pace, capacity, buckets: Keyed::new(fresh), touched: 0 }
    }

    /// The level at which the bucket is full.
    fn rim(&self) -> Ticks {
        self.pace.intervals(self.capacity)
    }

    /// `bucket` without what has leaked away by `now`.
    fn leaked(&self, bucket: Bucket, now: Time) -> Bucket {
        let level = bucket.level.saturating_sub(self.pace.ticks(now.since(bucket.leaked)));
        Bucket { level, leaked: now.max(bucket.leaked) }
    }

    /// How long from `now` until so much has leaked away.
    fn until(&self, bucket: Bucket, leaks: Ticks, now: Time) -> Span {
        if leaks == 0 { Span::ZERO } else { bucket.leaked.since(now) + self.pace.span(leaks) }
    }

    /// A level as a number of permits.
    fn permits(&self, level: Ticks) -> f64 {
        level as f64 / self.pace.interval() as f64
    }
}

impl Limiter for LeakyMeter {
    #[inline(always)]
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let mut bucket = self.leaked(*self.buckets.get(key), now);
        let level_then = bucket.level + self.pace.intervals(cost);
        let level = |level| Figure::NumberOf(self.permits(level), u64::from(self.capacity));
        let (verdict, rule, figure) = if cost > self.capacity {
            (Verdict::Refused { retry: None }, &MORE_THAN_CAPACITY, Figure::Count(u64::from(cost)))
        } else if level_then > self.rim() {
            let retry = Some(self.until(bucket, level_then - self.rim(), now));
            (Verdict::Refused { retry }, &OVERFLOWS, level(bucket.level))
        } else {
            bucket.level = level_then;
            (Verdict::Admitted { wait: Span::ZERO }, &FITS, level(level_then))
        };
        *self.buckets.of(key) = bucket;
        self.touched += 5;
        let remaining = self.pace.permits(self.rim() - bucket.level) as u32;
        let reset = self.until(bucket, bucket.level, now);
        Decision { verdict, limit: self.capacity, remaining, reset, rule, figure }
    }

    /// What passes in a stretch is in the bucket at its end, or has leaked away after the first
    /// nanosecond.
    fn bound(&self, window: Span) -> Option<u64> {
        let Some(after_first) = window.nanos().checked_sub(1) else { return Some(0) };
        Some(self.pace.permits(self.rim() + self.pace.ticks(Span::from_nanos(after_first))))
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let level = self.permits(self.leaked(*self.buckets.get(key), now).level);
        let says = format!("one every {}", self.pace.span(self.pace.interval()));
        let most = f64::from(self.capacity);
        Anatomy { parts: vec![Part::Vessel { name: "level", level, most, fills: false, says }] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.buckets.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
