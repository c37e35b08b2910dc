//! # Fixed window
//!
//! Time is cut into windows of equal length. A counter says how many passed in the current one; a
//! request passes while the counter is below the limit, and the next window begins at zero. The
//! simplest limiter there is, and its hole is famous: the end of one window and the beginning of
//! the next together let twice the limit through within a moment.
//!
//! The recipe with `INCR` and `EXPIRE` in the documentation of Redis, "INCR", pattern "rate limiter
//! 1" (windows of the clock) and "rate limiter 2" (the first request opens one).
//!
//! Two numbers a key, one comparison a decision. Left out: between `INCR` and `EXPIRE` the recipe
//! can lose a key's end of window, which here cannot happen.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Mark, Part, Stretch};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "fixed-window",
    name: "Fixed window",
    idea: "Counts requests in windows of equal length, each from zero.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "limit",
            means: "how many pass in a window",
            range: Range::Whole { least: 1, most: 1_000_000, default: 10 },
        },
        Parameter {
            id: "window",
            means: "seconds that a window lasts",
            range: Range::Number { least: 0.001, most: 86_400.0, default: 1.0 },
        },
        Parameter {
            id: "start",
            means: "what begins a window: the clock, at multiples of its length, or the first request",
            range: Range::Choice(&["clock", "first"]),
        },
    ],
    rules: &[&ROOM, &FULL, &MORE_THAN_LIMIT],
};

const ROOM: Rule = Rule { name: "ROOM", place: "decide", says: "with it the window holds {}" };
const FULL: Rule = Rule { name: "FULL", place: "decide", says: "the window holds {}" };
const MORE_THAN_LIMIT: Rule = Rule {
    name: "MORE_THAN_LIMIT",
    place: "decide",
    says: "it takes {} permits, more than a whole window has",
};

/// What begins a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The clock, at multiples of the window's length.
    Clock,
    /// The first request that finds none open.
    First,
}

/// The limiter.
#[derive(Clone, Debug)]
pub struct FixedWindow {
    limit: u32,
    length: Span,
    start: Start,
    windows: Keyed<Window>,
    touched: u64,
}

/// The latest window of a key.
#[derive(Clone, Copy, Debug)]
struct Window {
    opened: Time,
    used: u32,
}

impl FixedWindow {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let start = if parameters.choice("start") == "first" { Start::First } else { Start::Clock };
        FixedWindow::of(parameters.whole("limit") as u32, parameters.span("window"), start)
    }

    /// `limit` permits in each window of `length`, at least a nanosecond.
    pub fn of(limit: u32, length: Span, start: Start) -> Self {
        let fresh = Window { opened: Time::ZERO, used: 0 };
        FixedWindow { limit, length, start, windows: Keyed::new(fresh), touched: 0 }
    }

    /// The window that a request at `now` falls into: `last`, or a new one if that is over.
    fn window(&self, last: Window, now: Time) -> Window {
        let opened = match self.start {
            Start::Clock => Time::from_nanos(now.nanos() / self.length.nanos() * self.length.nanos()),
            Start::First if last.used == 0 || now.since(last.opened) >= self.length => now,
            Start::First => last.opened,
        };
        if opened > last.opened { Window { opened, used: 0 } } else { last }
    }

    /// How long until `window` is over.
    fn left(&self, window: Window, now: Time) -> Span {
        window.opened.since(now) + self.length - now.since(window.opened)
    }
}

impl Limiter for FixedWindow {
    #[inline(always)]
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let mut window = self.window(*self.windows.get(key), now);
        let (limit, left) = (self.limit, self.left(window, now));
        let holds = |used| Figure::Until(u64::from(used), u64::from(limit), now + left);
        let (verdict, rule, figure) = if cost > limit {
            (Verdict::Refused { retry: None }, &MORE_THAN_LIMIT, Figure::Count(u64::from(cost)))
        } else if cost > limit - window.used {
            (Verdict::Refused { retry: Some(left) }, &FULL, holds(window.used))
        } else {
            window.used += cost;
            (Verdict::Admitted { wait: Span::ZERO }, &ROOM, holds(window.used))
        };
        *self.windows.of(key) = window;
        self.touched += 4;
        let reset = if window.used == 0 { Span::ZERO } else { left };
        Decision { verdict, limit, remaining: limit - window.used, reset, rule, figure }
    }

    /// A stretch that ends at the last nanosecond before `window` is over meets, where the clock
    /// begins windows, at most as many of them as a stretch whose first nanosecond is the last of
    /// one; each lets `limit` through. Where requests begin them, the beginnings are at least a
    /// length apart, and the request that began the first may lie just before the stretch: then the
    /// first lets one less through, and the others begin one nanosecond later.
    fn bound(&self, window: Span) -> Option<u64> {
        let (length, limit) = (self.length.nanos(), u64::from(self.limit));
        let Some(after_first) = window.nanos().checked_sub(1) else { return Some(0) };
        Some(match self.start {
            Start::Clock => limit.saturating_mul(after_first.div_ceil(length) + 1),
            Start::First => {
                let begun_before = after_first.checked_sub(1).map_or(0, |rest| rest / length + 1);
                let begun_within = after_first / length + 1;
                (limit - 1)
                    .saturating_add(limit.saturating_mul(begun_before))
                    .max(limit.saturating_mul(begun_within))
            }
        })
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let window = self.window(*self.windows.get(key), now);
        let (from, until) = (window.opened, window.opened + self.length);
        let says = format!("{} of {}", window.used, self.limit);
        let full = f64::from(window.used) / f64::from(self.limit);
        let stretches = vec![Stretch { from, until, says, full }];
        let marks = vec![Mark { at: now, says: "now" }];
        Anatomy { parts: vec![Part::TimeLine { name: "window", from, until, stretches, marks }] }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.windows.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
