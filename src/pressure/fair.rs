//! # Fair queueing
//!
//! Each tenant has a queue of its own, and workers take from the queues **in turn**; so whoever sends too
//! much waits behind itself, not before others. The queues share one bounded buffer: when it is full, room
//! is made at the expense of whose queue is the **longest**. What a tenant does not use others may have.
//!
//! Nagle, "On Packet Switches with Infinite Storage", RFC 970, 1985 (a queue a source, in turn); McKenney,
//! "Stochastic Fairness Queueing", INFOCOM 1990 (dropping from the longest). As the API priority and
//! fairness of Kubernetes.
//!
//! Cost: as written here a look through the buffer a request, for the sake of one buffer that is seen in the
//! order of coming; with a list a tenant it is a step. Left out: weights, and that requests need different
//! amounts of work (deficit round robin).

use super::parameters::{BOUND, MIDDLE};
use super::{Answer, Desk, Dial, End, Request, Setup, Verdict};
use crate::catalogue::{About, Rule};
use crate::kernel::Time;
use crate::queue::Figure;

/// A bounded buffer with a queue a tenant.
#[derive(Clone, Debug)]
pub struct Fair {
    bound: usize,
    /// How many requests of each tenant are in the buffer.
    lengths: Vec<usize>,
    /// The tenant that was served last.
    last: usize,
}

impl Fair {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "fair",
        name: "Fair queueing",
        idea: "A queue a tenant, served in turn; the longest loses.",
        file: file!(),
        parameters: &[BOUND, MIDDLE],
        rules: &[&ROOM, &LONGEST, &ROOM_WAS_MADE, &LONGEST_ITSELF, &IN_TURN],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        let tenants = usize::from(setup.tenants.max(1));
        Fair { bound: setup.parameters.whole("bound"), lengths: vec![0; tenants], last: tenants - 1 }
    }

    /// The tenant with the longest queue; of several the first.
    fn longest(&self) -> usize {
        let tenants = 0..self.lengths.len();
        tenants.rev().max_by_key(|tenant| self.lengths[*tenant]).unwrap_or(0)
    }

    /// The next tenant after the last one that has something in the buffer.
    fn next_tenant(&self) -> Option<usize> {
        let tenants = self.lengths.len();
        (1..=tenants).map(|step| (self.last + step) % tenants).find(|tenant| self.lengths[*tenant] > 0)
    }

    fn enter(&mut self, request: Request, desk: &mut Desk, rule: &'static Rule) -> Verdict {
        self.lengths[usize::from(request.tenant)] += 1;
        desk.accept(request, rule)
    }
}

impl Answer for Fair {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        if desk.waiting() < self.bound {
            return self.enter(request, desk, &ROOM);
        }
        let longest = self.longest();
        let length = Some(Figure::Count(self.lengths[longest] as u64));
        if usize::from(request.tenant) == longest {
            return desk.end(request, End::Refused, &LONGEST_ITSELF, length);
        }
        let of_longest = |request: &Request| usize::from(request.tenant) == longest;
        let newest = desk.buffer.iter().rposition(of_longest);
        if let Some(newest) = newest.and_then(|at| desk.buffer.remove(at)) {
            self.lengths[longest] -= 1;
            desk.end(newest, End::Dropped, &LONGEST, length);
        }
        self.enter(request, desk, &ROOM_WAS_MADE)
    }

    fn next(&mut self, desk: &mut Desk) -> Option<(Request, &'static Rule)> {
        let tenant = self.next_tenant()?;
        let oldest = desk.buffer.iter().position(|request| usize::from(request.tenant) == tenant)?;
        self.last = tenant;
        self.lengths[tenant] -= 1;
        desk.buffer.remove(oldest).map(|request| (request, &IN_TURN))
    }

    fn restart(&mut self, _: Time) {
        self.lengths.fill(0);
    }

    fn bound(&self) -> Option<usize> {
        Some(self.bound)
    }

    fn dials(&self, _: Time) -> Vec<Dial> {
        let most = self.bound as f64;
        let lengths = self.lengths.iter().zip(1..);
        let dial = |(length, tenant): (&usize, u32)| {
            Dial::new(format!("of tenant {tenant}"), *length as f64, most, "requests")
        };
        lengths.map(dial).collect()
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const ROOM: Rule = Rule { name: "ROOM", place: "offer", says: "the buffer has room" };
const LONGEST: Rule = Rule {
    name: "LONGEST",
    place: "offer",
    says: "the buffer is full and its tenant has most of it, {}; it is the newest of them",
};
const ROOM_WAS_MADE: Rule = Rule {
    name: "ROOM_WAS_MADE",
    place: "offer",
    says: "the tenant with the longest queue has made room for it",
};
const LONGEST_ITSELF: Rule = Rule {
    name: "LONGEST_ITSELF",
    place: "offer",
    says: "the buffer is full and its own tenant has most of it, {}",
};
const IN_TURN: Rule = Rule {
    name: "IN_TURN",
    place: "next",
    says: "it is its tenant's turn, and it is the oldest of that tenant",
};
