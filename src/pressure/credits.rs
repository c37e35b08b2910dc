//! # Credits
//!
//! The stage says beforehand how much it can take. The sender starts with a **credit** of so many
//! requests; each one that it sends uses one up, and without credit it waits. When requests are taken
//! out of the buffer their places become new credit, which is granted in **batches** and reaches the
//! sender after a **delay**. So credit, grants under way and requests in the buffer are always as many
//! as the first credit together, and the buffer cannot overflow, however long a grant takes.
//!
//! Kung, Blackwell, Chapman, "Credit-Based Flow Control for ATM Networks", SIGCOMM 1994. As
//! `Subscription.request(n)` of Reactive Streams, `link-credit` of AMQP 1.0, `WINDOW_UPDATE` of HTTP/2
//! (RFC 9113, section 5.2), the buffers of Flink's network stack. With a long delay and little credit
//! the sender waits for grants although workers are idle: credit must cover what is served in a round trip.
//!
//! Cost: a step a request, and a grant a batch. Left out: the time that requests themselves take, and
//! several senders with credit of their own.

use super::parameters::{DELAY, MIDDLE};
use super::{Answer, Change, Desk, Dial, Request, Setup, Verdict};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;
use std::collections::VecDeque;

/// A buffer whose places are promised to the sender.
#[derive(Clone, Debug)]
pub struct Credits {
    limit: usize,
    batch: usize,
    delay: Span,
    /// What the sender may send.
    credit: usize,
    /// Places that have become free and are not granted yet.
    owed: usize,
    /// Grants under way: when they arrive, and how much they grant.
    grants: VecDeque<(Time, usize)>,
}

const CREDIT: Parameter = Parameter {
    id: "credit",
    means: "how many requests the sender may send before it is granted more; as many places has the buffer",
    range: Range::Whole { least: 1, most: 100_000, default: 20 },
};
const BATCH: Parameter = Parameter {
    id: "batch",
    means: "so many free places are granted together; at most the whole credit",
    range: Range::Whole { least: 1, most: 100_000, default: 1 },
};

impl Credits {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "credits",
        name: "Credits",
        idea: "The sender may send only what it has been granted room for.",
        file: file!(),
        parameters: &[CREDIT, BATCH, DELAY, MIDDLE],
        rules: &[&HAS_CREDIT, &NO_CREDIT, &CREDIT_CAME, &TAKEN_OUT, &ENOUGH_OWED, &GRANT_ARRIVES],
    };

    /// An empty buffer, all of it granted.
    pub fn new(setup: &Setup) -> Self {
        let limit = setup.parameters.whole("credit");
        let (batch, delay) = (setup.parameters.whole("batch").min(limit), setup.parameters.span("delay"));
        Credits { limit, batch, delay, credit: limit, owed: 0, grants: VecDeque::new() }
    }

    /// What the sender may send, what is on its way to it, and what is yet to be granted.
    pub fn accounts(&self) -> (usize, usize, usize) {
        (self.credit, self.grants.iter().map(|(_, credits)| credits).sum(), self.owed)
    }

    /// A place has become free; enough of them are granted together.
    fn owe(&mut self, desk: &mut Desk) {
        self.owed += 1;
        if self.owed < self.batch {
            return;
        }
        let credits = self.owed as u32;
        let batch = Some(Figure::Count(self.batch as u64));
        desk.tell(Change::Granted { credits }, &ENOUGH_OWED, batch);
        self.grants.push_back((desk.now + self.delay, self.owed));
        self.owed = 0;
        if self.delay == Span::ZERO {
            self.act(desk);
        }
    }
}

impl Answer for Credits {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if self.credit == 0 || !desk.door_is_clear() {
            return desk.hold(request, &NO_CREDIT);
        }
        self.credit -= 1;
        desk.accept(request, &HAS_CREDIT)
    }

    fn admit(&mut self, desk: &mut Desk) -> bool {
        if self.credit == 0 {
            return false;
        }
        self.credit -= 1;
        desk.let_in(&CREDIT_CAME)
    }

    fn next(&mut self, desk: &mut Desk) -> Option<(Request, &'static Rule)> {
        let oldest = desk.oldest()?;
        self.owe(desk);
        Some((oldest, &TAKEN_OUT))
    }

    fn next_time(&self) -> Option<Time> {
        self.grants.front().map(|(at, _)| *at)
    }

    fn act(&mut self, desk: &mut Desk) {
        while let Some((at, credits)) = self.grants.front().copied().filter(|(at, _)| *at <= desk.now) {
            self.grants.pop_front();
            self.credit += credits;
            let sent = Some(Figure::Time(at - self.delay));
            desk.tell(Change::Credited { credits: credits as u32 }, &GRANT_ARRIVES, sent);
        }
    }

    fn restart(&mut self, _: Time) {
        self.grants.clear();
        (self.credit, self.owed) = (self.limit, 0);
    }

    fn bound(&self) -> Option<usize> {
        Some(self.limit)
    }

    fn holds(&self) -> bool {
        true
    }

    fn dials(&self, _: Time) -> Vec<Dial> {
        let (credit, granted, owed) = self.accounts();
        let most = self.limit as f64;
        let dial = |name, value: usize| Dial::new(name, value as f64, most, "credits");
        vec![dial("credit", credit), dial("granted, on its way", granted), dial("not granted yet", owed)]
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const HAS_CREDIT: Rule =
    Rule { name: "HAS_CREDIT", place: "offer", says: "the sender has credit, and uses up one of it" };
const NO_CREDIT: Rule =
    Rule { name: "NO_CREDIT", place: "offer", says: "the sender has no credit left, so it keeps it" };
const CREDIT_CAME: Rule =
    Rule { name: "CREDIT_CAME", place: "admit", says: "there is credit again, and it has waited longest" };
const TAKEN_OUT: Rule =
    Rule { name: "TAKEN_OUT", place: "next", says: "it came first; its place in the buffer is credit again" };
const ENOUGH_OWED: Rule = Rule {
    name: "ENOUGH_OWED",
    place: "owe",
    says: "so many places have become free as are granted together: {}",
};
const GRANT_ARRIVES: Rule =
    Rule { name: "GRANT_ARRIVES", place: "act", says: "what was granted at {} has reached the sender" };
