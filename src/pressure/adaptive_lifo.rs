//! # Adaptive LIFO with controlled delay
//!
//! In normal times who came first goes first. When a queue **stands**, that is when the buffer has not been
//! empty for an **interval**, the order is turned round: the **newest** goes first. Its caller has waited
//! least and is likely still there, while those at the other end have mostly given up already. Those do not
//! stay for ever either: while the queue stands, a request may be in the buffer for a short **target** only,
//! otherwise for the interval; who has been there for longer is thrown away when a worker asks.
//!
//! Maurer, "Fail at Scale: Reliability in the Face of Rapid Change", ACM Queue 13(8), 2015: adaptive LIFO, and
//! controlled delay as in its listing, M = 5 ms and N = 100 ms at Facebook. (It is not the CoDel of RFC 8289,
//! whose name and aim it shares.) Where work takes longer, both must be longer in proportion. When the order
//! turns is not said there; here it is by the same test as the time-out.
//!
//! Cost: a step a request. Left out: a bound on the buffer.

use super::parameters::MIDDLE;
use super::{Answer, Change, Desk, Dial, End, Request, Setup, Verdict};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;

/// A buffer whose order turns when it stands.
#[derive(Clone, Debug)]
pub struct AdaptiveLifo {
    target: Span,
    interval: Span,
    last_empty: Time,
    /// Whether the newest goes first.
    turned: bool,
}

const TARGET: Parameter = Parameter {
    id: "target",
    means: "seconds that a request may be in the buffer while the queue stands",
    range: Range::Number { least: 0.000_001, most: 3_600.0, default: 0.005 },
};
const INTERVAL: Parameter = Parameter {
    id: "interval",
    means: "seconds without its having been empty after which a queue stands, and that a request may be in the buffer otherwise",
    range: Range::Number { least: 0.000_001, most: 3_600.0, default: 0.1 },
};

impl AdaptiveLifo {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "adaptive-lifo",
        name: "Adaptive LIFO",
        idea: "When the queue stands the newest goes first, and the old are thrown away.",
        file: file!(),
        parameters: &[TARGET, INTERVAL, MIDDLE],
        rules: &[&DRAINS, &STANDS, &TOO_OLD, &NEWEST_FIRST, &OLDEST_FIRST, &TURNS, &TURNS_BACK],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        AdaptiveLifo {
            target: setup.parameters.span("target"),
            interval: setup.parameters.span("interval"),
            last_empty: Time::ZERO,
            turned: false,
        }
    }

    /// Looks whether the queue stands, and turns the order if that has changed.
    fn stands(&mut self, desk: &mut Desk) -> bool {
        if desk.waiting() == 0 {
            self.last_empty = desk.now;
        }
        let stands = self.last_empty + self.interval < desk.now;
        if stands != self.turned {
            self.turned = stands;
            let interval = Some(Figure::Span(self.interval));
            if stands {
                desk.tell(Change::Turned, &TURNS, interval);
            } else {
                desk.tell(Change::Calm, &TURNS_BACK, interval);
            }
        }
        stands
    }

    /// Throws away those that have been in the buffer for too long, from the old end.
    fn throw_away(&mut self, desk: &mut Desk) {
        while let Some(oldest) = desk.buffer.front().copied() {
            if desk.now.since(oldest.since) <= oldest.allowed {
                return;
            }
            desk.oldest();
            desk.end(oldest, End::Expired, &TOO_OLD, Some(Figure::Span(oldest.allowed)));
        }
    }
}

impl Answer for AdaptiveLifo {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if self.stands(desk) {
            desk.accept(Request { allowed: self.target, ..request }, &STANDS)
        } else {
            desk.accept(Request { allowed: self.interval, ..request }, &DRAINS)
        }
    }

    fn next(&mut self, desk: &mut Desk) -> Option<(Request, &'static Rule)> {
        self.throw_away(desk);
        if self.stands(desk) {
            desk.newest().map(|request| (request, &NEWEST_FIRST))
        } else {
            desk.oldest().map(|request| (request, &OLDEST_FIRST))
        }
    }

    fn restart(&mut self, now: Time) {
        (self.last_empty, self.turned) = (now, false);
    }

    fn dials(&self, now: Time) -> Vec<Dial> {
        let name = if self.turned { "newest first: not empty for" } else { "oldest first: not empty for" };
        let since = now.since(self.last_empty).seconds();
        vec![Dial::new(name, since, self.interval.seconds(), "s")]
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const DRAINS: Rule = Rule {
    name: "DRAINS",
    place: "offer",
    says: "everybody comes in; the queue drains, so it may stay for long",
};
const STANDS: Rule = Rule {
    name: "STANDS",
    place: "offer",
    says: "everybody comes in; the queue stands, so it may stay for a short time only",
};
const TOO_OLD: Rule = Rule {
    name: "TOO_OLD",
    place: "throw_away",
    says: "it has been in the buffer for longer than the {} that it was allowed",
};
const NEWEST_FIRST: Rule =
    Rule { name: "NEWEST_FIRST", place: "next", says: "the queue stands, so the newest goes first" };
const OLDEST_FIRST: Rule =
    Rule { name: "OLDEST_FIRST", place: "next", says: "the queue drains, so who came first goes first" };
const TURNS: Rule = Rule { name: "TURNS", place: "stands", says: "the buffer has not been empty for {}" };
const TURNS_BACK: Rule =
    Rule { name: "TURNS_BACK", place: "stands", says: "the buffer was empty less than {} ago" };
