//! # Sliding log
//!
//! Every request is noted with its time, and a request passes while fewer than the limit were noted
//! within the window that ends now. Exact at every moment, for which it pays with memory: as many
//! times a key as the limit.
//!
//! The well-known recipe on a sorted set of Redis: `ZREMRANGEBYSCORE` drops what has left the
//! window, `ZCARD` counts what is in it, `ZADD` notes the request. Where all three are sent in one
//! go, as in Peter Hayes, "Better Rate Limiting With Redis Sorted Sets", ClassDojo 2015, refused
//! requests are noted too: who does not stop asking is never let in again, and the log has no
//! limit to its length. `log` chooses between the two.
//!
//! A ring of times a key; a decision drops those that have left, each once.

use super::decision::{Decision, Verdict};
use super::keyed::Keyed;
use super::limiter::{Cost, Key, Limiter};
use super::{Anatomy, Mark, Part, Stretch};
use crate::catalogue::{About, Figure, Parameter, Parameters, Range, Rule};
use crate::kernel::{Span, Time};
use std::collections::VecDeque;

/// The algorithm in the catalogue.
pub const ABOUT: About = About {
    id: "sliding-log",
    name: "Sliding log",
    idea: "Notes the time of every request and counts those within the window that ends now.",
    file: file!(),
    parameters: &[
        Parameter {
            id: "limit",
            means: "how many pass in any window",
            range: Range::Whole { least: 1, most: 1_000_000, default: 10 },
        },
        Parameter {
            id: "window",
            means: "seconds that a window lasts",
            range: Range::Number { least: 0.001, most: 86_400.0, default: 1.0 },
        },
        Parameter {
            id: "log",
            means: "which requests are noted: those admitted, or all",
            range: Range::Choice(&["admitted", "all"]),
        },
    ],
    rules: &[&ROOM, &FULL, &FULL_AND_NOTED, &MORE_THAN_LIMIT],
};

const ROOM: Rule =
    Rule { name: "ROOM", place: "decide", says: "with it the log of the last window holds {}" };
const FULL: Rule = Rule { name: "FULL", place: "refuse", says: "the log of the last window holds {}" };
const FULL_AND_NOTED: Rule = Rule {
    name: "FULL_AND_NOTED",
    place: "refuse",
    says: "it is noted, refused or not, and with it the log of the last window holds {}",
};
const MORE_THAN_LIMIT: Rule = Rule {
    name: "MORE_THAN_LIMIT",
    place: "refuse",
    says: "it takes {} permits, more than a whole window has",
};

/// So many times of one key are shown, the newest.
const SHOWN: usize = 200;

/// The limiter.
#[derive(Clone, Debug)]
pub struct SlidingLog {
    limit: u32,
    window: Span,
    /// Whether those refused are noted too.
    all: bool,
    logs: Keyed<Log>,
    touched: u64,
}

/// The requests of one key that lie in its window, oldest first.
#[derive(Clone, Debug, Default)]
struct Log {
    entries: VecDeque<Entry>,
    /// Permits noted by entries that have left.
    gone: u64,
}

/// A request.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at: Time,
    /// Permits noted up to and with this entry, since the beginning.
    total: u64,
}

impl Log {
    fn total(&self) -> u64 {
        self.entries.back().map_or(self.gone, |newest| newest.total)
    }

    /// Permits in the window.
    fn held(&self) -> u64 {
        self.total() - self.gone
    }

    /// Drops what has left the window that ends `now`.
    fn drop_old(&mut self, window: Span, now: Time) {
        while let Some(oldest) = self.entries.front().filter(|oldest| now.since(oldest.at) >= window) {
            self.gone = oldest.total;
            self.entries.pop_front();
        }
    }

    /// Notes a request, never before one already noted.
    fn note(&mut self, cost: u32, now: Time) {
        let at = self.entries.back().map_or(now, |newest| now.max(newest.at));
        self.entries.push_back(Entry { at, total: self.total() + u64::from(cost) });
    }

    /// The entry after whose leaving the window holds at most `most` permits.
    fn last_to_leave(&self, most: u64) -> Option<&Entry> {
        let gone = self.total().saturating_sub(most);
        self.entries.get(self.entries.partition_point(|entry| entry.total < gone))
    }
}

/// How long until a request noted `at` this time has left the window.
fn leaves_in(at: Time, window: Span, now: Time) -> Span {
    at.since(now) + window - now.since(at)
}

impl SlidingLog {
    /// With these parameters, nobody seen yet.
    pub fn new(parameters: &Parameters) -> Self {
        let all = parameters.choice("log") == "all";
        SlidingLog::of(parameters.whole("limit") as u32, parameters.span("window"), all)
    }

    /// `limit` permits in any stretch of the length of `window`; `all` notes those refused too.
    pub fn of(limit: u32, window: Span, all: bool) -> Self {
        SlidingLog { limit, window, all, logs: Keyed::new(Log::default()), touched: 0 }
    }

    fn answer(&self, key: Key, now: Time, verdict: Verdict, rule: &'static Rule, figure: Figure) -> Decision {
        let log = self.logs.get(key);
        let remaining = u64::from(self.limit).saturating_sub(log.held()) as u32;
        let reset = log.entries.back().map_or(Span::ZERO, |newest| leaves_in(newest.at, self.window, now));
        Decision { verdict, limit: self.limit, remaining, reset, rule, figure }
    }

    /// It may come back when the window holds so little that there is room for it.
    fn refuse(&self, key: Key, cost: u32, now: Time) -> Decision {
        let Some(others) = self.limit.checked_sub(cost) else {
            let cost = Figure::Count(u64::from(cost));
            return self.answer(key, now, Verdict::Refused { retry: None }, &MORE_THAN_LIMIT, cost);
        };
        let log = self.logs.get(key);
        let last = log.last_to_leave(u64::from(others));
        let retry = last.map_or(Span::ZERO, |last| leaves_in(last.at, self.window, now));
        let holds = Figure::Until(log.held(), u64::from(self.limit), now + retry);
        let rule = if self.all { &FULL_AND_NOTED } else { &FULL };
        self.answer(key, now, Verdict::Refused { retry: Some(retry) }, rule, holds)
    }
}

impl Limiter for SlidingLog {
    #[inline(always)]
    fn decide(&mut self, key: Key, cost: u32, now: Time) -> Decision {
        let log = self.logs.of(key);
        let before = log.entries.len();
        log.drop_old(self.window, now);
        let dropped = before - log.entries.len();
        let admitted = log.held() + u64::from(cost) <= u64::from(self.limit);
        let noted = admitted || self.all;
        if noted {
            log.note(cost, now);
        }
        self.touched += 2 + dropped as u64 + u64::from(noted);
        if !admitted {
            return self.refuse(key, cost, now);
        }
        let holds = Figure::Of(self.logs.get(key).held(), u64::from(self.limit));
        self.answer(key, now, Verdict::Admitted { wait: Span::ZERO }, &ROOM, holds)
    }

    /// Of those that pass within one length of the window, the last finds all others in its log:
    /// they are at most `limit`. A stretch is covered by so many lengths, rounded up.
    fn bound(&self, window: Span) -> Option<u64> {
        Some(u64::from(self.limit).saturating_mul(window.nanos().div_ceil(self.window.nanos())))
    }

    fn show(&self, key: Key, now: Time) -> Anatomy {
        let mut log = self.logs.get(key).clone();
        log.drop_old(self.window, now);
        let from = now - self.window;
        let until = from + self.window;
        let says = format!("{} of {}", log.held(), self.limit);
        let full = (log.held() as f64 / f64::from(self.limit)).min(1.0);
        let newest = log.entries.iter().skip(log.entries.len().saturating_sub(SHOWN));
        let marks = newest.map(|entry| Mark { at: entry.at, says: "" });
        let marks = marks.chain([Mark { at: now, says: "now" }]).collect();
        let stretches = vec![Stretch { from, until, says, full }];
        Anatomy { parts: vec![Part::TimeLine { name: "log", from, until, stretches, marks }] }
    }

    fn cost(&self) -> Cost {
        let entries: usize = self.logs.iter().map(|log| log.entries.len()).sum();
        Cost { bytes: self.logs.bytes() + entries * size_of::<Entry>(), touched: self.touched }
    }

    fn duplicate(&self) -> Box<dyn Limiter> {
        Box::new(self.clone())
    }
}
