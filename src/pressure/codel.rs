//! # CoDel
//!
//! A queue is good as long as it drains now and then: it soaks up a burst. It is bad if it **stands**. So
//! not its length is looked at but how long a request has waited when it is taken out, its **sojourn**:
//! if for a whole **interval** no request has waited less than the **target**, the queue stands. Then one
//! is dropped, and the next one an interval/√1 later, interval/√2 after that, interval/√3, …, ever faster,
//! until a request comes out that has waited less than the target, or next to nothing is left.
//!
//! Nichols, Jacobson, McGregor, Iyengar, "Controlled Delay Active Queue Management", RFC 8289, 2018, section
//! 5: `dodequeue`, `deque` and `control_law` are written as in its pseudo-code, in Linux' version of it: who
//! begins to drop again soon after the last time goes on at about the rate at which it left off. The target
//! is 5 ms and the interval 100 ms, made for packets; where work takes longer, both must be longer in
//! proportion. A packet is a request here, so that `maxpacket` is one of them.
//!
//! Cost: a step a request and one a drop. As in Linux the buffer has a bound as well, beyond which nobody
//! is let in. Left out: marking instead of dropping.

use super::parameters::{MIDDLE, bound};
use super::{Answer, Change, Desk, Dial, End, Request, Setup, Verdict};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;

/// A queue with controlled delay.
#[derive(Clone, Debug)]
pub struct CoDel {
    bound: usize,
    target: Span,
    interval: Span,
    /// When it will have waited too long for an interval; `None`: it has not waited too long lately.
    first_above: Option<Time>,
    dropping: bool,
    drop_next: Time,
    count: u64,
    last_count: u64,
}

const TARGET: Parameter = Parameter {
    id: "target",
    means: "seconds that a request may wait in the buffer without its counting as standing",
    range: Range::Number { least: 0.000_001, most: 3_600.0, default: 0.005 },
};
const INTERVAL: Parameter = Parameter {
    id: "interval",
    means: "seconds for which it must stand before the first drop",
    range: Range::Number { least: 0.000_001, most: 3_600.0, default: 0.1 },
};
/// With so few requests left in the buffer nothing is dropped.
const MAX_PACKET: usize = 1;

impl CoDel {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "codel",
        name: "CoDel",
        idea: "A queue that stands too long loses one after another, ever faster.",
        file: file!(),
        parameters: &[TARGET, INTERVAL, bound(1_000), MIDDLE],
        rules: &[&ROOM, &FULL, &FIRST_IN, &STANDS, &NEXT_DROP, &BEGINS, &BELOW],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        CoDel {
            bound: setup.parameters.whole("bound"),
            target: setup.parameters.span("target"),
            interval: setup.parameters.span("interval"),
            first_above: None,
            dropping: false,
            drop_next: Time::ZERO,
            count: 0,
            last_count: 0,
        }
    }

    /// Whether it is dropping, and when it drops next if it is.
    pub fn drop_next(&self) -> Option<Time> {
        self.dropping.then_some(self.drop_next)
    }

    /// interval/√count after `from`.
    fn control_law(&self, from: Time, count: u64) -> Time {
        from + Span::from_seconds(self.interval.seconds() / (count as f64).sqrt())
    }

    /// Takes the oldest out, and says whether it may be dropped.
    fn dodequeue(&mut self, desk: &mut Desk) -> (Option<Request>, bool) {
        let Some(request) = desk.oldest() else {
            self.first_above = None;
            return (None, false);
        };
        let sojourn = desk.now.since(request.since);
        let ok_to_drop = if sojourn < self.target || desk.waiting() <= MAX_PACKET {
            self.first_above = None;
            false
        } else {
            match self.first_above {
                None => {
                    self.first_above = Some(desk.now + self.interval);
                    false
                }
                Some(above) => desk.now >= above,
            }
        };
        (Some(request), ok_to_drop)
    }

    /// Takes the oldest out that is not dropped.
    fn deque(&mut self, desk: &mut Desk) -> Option<Request> {
        let now = desk.now;
        let (mut request, mut ok_to_drop) = self.dodequeue(desk);
        if self.dropping {
            if !ok_to_drop {
                self.stop(desk);
            }
            while now >= self.drop_next && self.dropping {
                drop_it(request, desk, &NEXT_DROP);
                self.count += 1;
                (request, ok_to_drop) = self.dodequeue(desk);
                if ok_to_drop {
                    self.drop_next = self.control_law(self.drop_next, self.count);
                } else {
                    self.stop(desk);
                }
            }
        } else if ok_to_drop {
            desk.tell(Change::Dropping, &BEGINS, Some(Figure::Span(self.interval)));
            drop_it(request, desk, &STANDS);
            (request, _) = self.dodequeue(desk);
            self.dropping = true;
            // Soon after the last time, it goes on at about the rate at which it left off.
            let delta = self.count - self.last_count;
            let soon = now.since(self.drop_next) < self.interval.times(16);
            self.count = if delta > 1 && soon { delta } else { 1 };
            self.drop_next = self.control_law(now, self.count);
            self.last_count = self.count;
        }
        request
    }

    fn stop(&mut self, desk: &mut Desk) {
        self.dropping = false;
        desk.tell(Change::Calm, &BELOW, Some(Figure::Span(self.target)));
    }
}

fn drop_it(request: Option<Request>, desk: &mut Desk, rule: &'static Rule) {
    if let Some(request) = request {
        let sojourn = Figure::Span(desk.now.since(request.since));
        desk.end(request, End::Dropped, rule, Some(sojourn));
    }
}

impl Answer for CoDel {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if desk.waiting() < self.bound {
            desk.accept(request, &ROOM)
        } else {
            desk.end(request, End::Refused, &FULL, Some(Figure::Count(self.bound as u64)))
        }
    }

    fn next(&mut self, desk: &mut Desk) -> Option<(Request, &'static Rule)> {
        self.deque(desk).map(|request| (request, &FIRST_IN))
    }

    fn restart(&mut self, _: Time) {
        self.first_above = None;
        self.dropping = false;
    }

    fn bound(&self) -> Option<usize> {
        Some(self.bound)
    }

    fn dials(&self, now: Time) -> Vec<Dial> {
        let name = if self.dropping { "until the next drop" } else { "not dropping" };
        let left = self.drop_next().map_or(0.0, |next| next.since(now).seconds());
        vec![Dial::new(name, left, self.interval.seconds(), "s")]
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const ROOM: Rule = Rule { name: "ROOM", place: "offer", says: "the buffer has room" };
const FULL: Rule = Rule { name: "FULL", place: "offer", says: "the buffer is full, with {} in it" };
const FIRST_IN: Rule = Rule { name: "FIRST_IN", place: "next", says: "it came first and was not dropped" };
const BEGINS: Rule = Rule {
    name: "BEGINS",
    place: "deque",
    says: "for {} every request that came out had waited longer than the target",
};
const STANDS: Rule =
    Rule { name: "STANDS", place: "deque", says: "the queue stands, and it has waited for {}" };
const NEXT_DROP: Rule = Rule {
    name: "NEXT_DROP",
    place: "deque",
    says: "the queue still stands and the time for the next drop has come; it has waited for {}",
};
const BELOW: Rule = Rule {
    name: "BELOW",
    place: "stop",
    says: "this one has waited for less than {}, or hardly anything is left",
};
