//! # nginx limit_req
//!
//! The leaky bucket of the web server, as its code has it. For each key it keeps an excess, counted
//! in thousandths of a request: what came above the rate. The excess falls with time, a request
//! raises it by one, and one that would raise it above the burst is refused. The first request after
//! a pause costs nothing. What is in excess waits until the rate has caught up; `delay` lets so many
//! through at once, and `nodelay` all of them.
//!
//! `ngx_http_limit_req_module.c` of nginx 1.29, functions `ngx_http_limit_req_lookup` and
//! `ngx_http_limit_req_account`; the module's documentation says leaky bucket too.
//!
//! Two numbers a key. Whole milliseconds and thousandths, rounded down as in the code: at rates that
//! are no whole number a second, a little of what time gives is lost with every request. A clock that
//! goes back counts as standing still, and by more than a minute as a new start that gives one
//! millisecond. Left out: several limits for one request, and that a key which was silent for a
//! minute may be forgotten. Permits are not known to nginx: here several are as many requests at the
//! same time, of which all pass or none.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Part};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "nginx",
    name: "nginx limit_req",
    idea: "Counts requests above the rate, in thousandths, and delays or refuses them.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "rate",
            means: "requests a second, to the thousandth; nginx makes 16 thousandths of 1r/m",
            range: Range::Number { least: 0.001, most: 1e6, default: 10.0 },
        },
        Parameter {
            id: "burst",
            means: "by how many requests the rate may be exceeded",
            range: Range::Whole { least: 0, most: 1_000_000, default: 5 },
        },
        Parameter {
            id: "nodelay",
            means: "whether what is within the burst passes at once",
            range: Range::Choice(&["no", "yes"]),
        },
        Parameter {
            id: "delay",
            means: "so many requests of the burst pass at once, where nodelay is no",
            range: Range::Whole { least: 0, most: 1_000_000, default: 0 },
        },
    ],
    rules: &[&FIRST, &NO_EXCESS, &NOT_DELAYED, &DELAYED, &ABOVE_BURST, &MORE_THAN_BURST],
};

const FIRST: Rule =
    Rule { name: "FIRST", place: "decide", says: "it is the first of its key, and costs nothing" };
const NO_EXCESS: Rule = Rule { name: "NO_EXCESS", place: "decide", says: "the rate is not exceeded" };
const NOT_DELAYED: Rule =
    Rule { name: "NOT_DELAYED", place: "decide", says: "the excess is {}, and so much passes without delay" };
const DELAYED: Rule = Rule {
    name: "DELAYED",
    place: "decide",
    says: "the excess is {}, and waits until the rate has caught up",
};
const ABOVE_BURST: Rule =
    Rule { name: "ABOVE_BURST", place: "decide", says: "the excess would be {}, above the burst" };
const MORE_THAN_BURST: Rule = Rule {
    name: "MORE_THAN_BURST",
    place: "decide",
    says: "it counts as {} requests, more than the burst and one",
};

/// One request, in thousandths.
const REQUEST: i64 = 1_000;
/// A clock that goes further back than by so many milliseconds has been set anew.
const SET_ANEW: i64 = -60_000;
const NANOS_PER_MILLI: u64 = 1_000_000;

/// The limiter.
#[derive(Clone, Debug)]
pub struct Nginx {
    /// Thousandths of a request a second.
    rate: u64,
    /// Thousandths of a request.
    burst: i64,
    /// Thousandths of a request.
    delay: i64,
    nodes: Keyed<Node>,
    touched: u64,
}

/// What is kept of a key; `ngx_http_limit_req_node_t`.
#[derive(Clone, Copy, Debug)]
struct Node {
    seen: bool,
    /// Thousandths of a request.
    excess: u64,
    /// Milliseconds.
    last: u64,
}

impl Nginx {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let burst = parameters.whole("burst") as u32;
        let delay = match parameters.choice("nodelay") {
            "yes" => u32::MAX,
            _ => parameters.whole("delay") as u32,
        };
        Nginx::of((parameters.number("rate") * REQUEST as f64).round() as u64, burst, delay)
    }

    /// `rate` thousandths of a request a second, at least one; up to `burst` requests in excess, of
    /// which `delay` pass at once.
    pub fn of(rate: u64, burst: u32, delay: u32) -> Self {
        let (burst, delay) = (i64::from(burst) * REQUEST, i64::from(delay) * REQUEST);
        let fresh = Node { seen: false, excess: 0, last: 0 };
        Nginx { rate: rate.max(1), burst, delay, nodes: Keyed::new(fresh), touched: 0 }
    }

    /// The milliseconds that count as gone since the last request.
    fn elapsed(&self, node: Node, now: u64) -> u64 {
        match now.wrapping_sub(node.last) as i64 {
            ..SET_ANEW => 1,
            SET_ANEW..0 => 0,
            forward => forward as u64,
        }
    }

    /// By how much the excess falls in so many milliseconds.
    fn falls(&self, millis: u64) -> i64 {
        (self.rate.saturating_mul(millis) / 1_000) as i64
    }

    /// The excess after one more request.
    fn excess(&self, node: Node, millis: u64) -> i64 {
        if !node.seen {
            return 0;
        }
        (node.excess as i64 - self.falls(millis) + REQUEST).max(0)
    }

    /// How long until the excess after one more request is no more than `most`.
    fn until(&self, node: Node, most: i64, now: Time) -> Span {
        let falls = node.excess as i64 + REQUEST - most;
        if !node.seen || self.excess(node, self.elapsed(node, millis(now))) <= most {
            return Span::ZERO;
        }
        let wait = (falls * 1_000 + self.rate as i64 - 1) / self.rate as i64;
        let at = Time::ZERO + Span::from_millis(node.last.saturating_add(wait as u64));
        at.since(now)
    }

    /// How long a request that leaves this excess is held back.
    fn held_back(&self, excess: i64) -> Span {
        let delayed = (excess - self.delay).max(0);
        Span::from_millis((delayed * 1_000 / self.rate as i64) as u64)
    }
}

/// The clock of nginx, which has whole milliseconds.
fn millis(now: Time) -> u64 {
    now.nanos() / NANOS_PER_MILLI
}

/// An excess as a number of requests.
fn requests(excess: i64) -> f64 {
    excess as f64 / REQUEST as f64
}

impl Limiter for Nginx {
    #[inline(always)]
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let (burst, at) = (self.burst, millis(now));
        let mut node = *self.nodes.get(key);
        let gone = self.elapsed(node, at);
        let others = i64::from(cost.saturating_sub(1)) * REQUEST;
        let excess = self.excess(node, gone) + others;
        let wait = self.held_back(excess);
        let (verdict, rule) = match () {
            () if others > burst => (Verdict::Refused { retry: None }, &MORE_THAN_BURST),
            () if excess > burst => {
                (Verdict::Refused { retry: Some(self.until(node, burst - others, now)) }, &ABOVE_BURST)
            }
            () if !node.seen && excess == 0 => (Verdict::Admitted { wait }, &FIRST),
            () if excess == 0 => (Verdict::Admitted { wait }, &NO_EXCESS),
            () if excess <= self.delay => (Verdict::Admitted { wait }, &NOT_DELAYED),
            () => (Verdict::Admitted { wait }, &DELAYED),
        };
        let figure = match verdict {
            Verdict::Refused { retry: None } => Figure::Count(u64::from(cost)),
            _ if excess == 0 => Figure::None,
            _ => Figure::Number(requests(excess)),
        };
        if let Verdict::Admitted { .. } = verdict {
            let last = if gone > 0 || !node.seen { at } else { node.last };
            node = Node { seen: true, excess: excess as u64, last };
        }
        *self.nodes.of(key) = node;
        self.touched += 4;
        let more = burst + REQUEST - self.excess(node, self.elapsed(node, at));
        let remaining = (more.max(0) / REQUEST) as u32;
        let limit = (burst / REQUEST) as u32 + 1;
        Decision { verdict, limit, remaining, reset: self.until(node, 0, now), rule, figure }
    }

    /// From the first to the last of those that pass in a stretch nginx sees no more milliseconds go
    /// by than the stretch has nanoseconds after the first, rounded up. Every request after the first
    /// raises the excess by one; it begins at zero at the least, and falls by the rate. Without delay
    /// it ends at the burst at the most. With delay, add to the time of each request what its excess
    /// takes to fall: these times are an interval apart at the least. The requests pass as much before
    /// them as `delay` takes, rounded down to a millisecond: so the last lies before the end of the
    /// stretch, that much, and one millisecond.
    fn bound(&self, window: Span) -> Option<u64> {
        let Some(after_first) = window.nanos().checked_sub(1) else { return Some(0) };
        let (millis, rate) = (i128::from(after_first.div_ceil(NANOS_PER_MILLI)), i128::from(self.rate));
        let whole = i128::from(REQUEST) * 1_000;
        let most = if self.delay >= self.burst {
            (rate * millis + i128::from(self.burst) * 1_000) / whole + 1
        } else {
            (rate * (millis + 1) + i128::from(self.delay) * 1_000 + whole - 1) / whole
        };
        Some(u64::try_from(most).unwrap_or(u64::MAX))
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let node = *self.nodes.get(key);
        let left = node.excess as i64 - self.falls(self.elapsed(node, millis(now)));
        let level = requests(left.max(0));
        let says = format!("{} a second", requests(self.rate as i64));
        let most = requests(self.burst);
        let mut parts = vec![Part::Vessel { name: "excess", level, most, fills: false, says }];
        if self.delay > 0 && self.delay < self.burst {
            parts.push(Part::Note(format!("an excess of up to {} passes at once", requests(self.delay))));
        }
        Anatomy { parts }
    }

    fn cost(&self) -> Cost {
        Cost { bytes: self.nodes.bytes(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
