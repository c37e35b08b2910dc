//! What clients want: reads and writes, of which keys, at which servers.
//!
//! When an operation comes, what it is, its key and its server are drawn from streams of their own, so
//! that every strategy gets the same operations, and a change in one trait leaves the others as they
//! are.

use super::operation::{Key, Kind, Operation};
use crate::kernel::{Arrivals, Random, Time};
use crate::trace::ZipfSampler;

/// What clients want.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// When operations come.
    pub arrivals: Arrivals,
    /// How many come.
    pub operations: u32,
    /// The share of writes.
    pub writes: f64,
    /// How many keys exist, at least one.
    pub keys: u32,
    /// How uneven they are asked for: the exponent of Zipf’s law, from 0 to 2.
    pub skew: f64,
    /// The share of the keys that are ever written, the most popular first.
    pub volatile: f64,
    /// The share of the reads that ask for a key that does not exist.
    pub absent: f64,
    /// How many keys are asked for that do not exist, at least one.
    pub missing: u32,
    /// The share of the writes that bring one of those keys into being.
    pub created: f64,
    /// How many servers there are, at least one.
    pub servers: u32,
    /// The first operations: what, and which key, counted from 0; chance says the rest.
    pub script: Vec<(Kind, Key)>,
    /// Fixes every random choice.
    pub seed: u64,
}

/// Clients at work.
#[derive(Clone, Debug)]
pub struct Source {
    traffic: Traffic,
    popularity: ZipfSampler,
    written: ZipfSampler,
    sent: u32,
    next: Option<Time>,
    when: Random,
    what: Random,
    which: Random,
    whither: Random,
}

impl Source {
    /// Clients that have not begun.
    pub fn new(traffic: Traffic) -> Self {
        let random = |n| Random::stream(traffic.seed, n);
        let volatile = (traffic.volatile * f64::from(traffic.keys)).ceil() as u32;
        let mut source = Source {
            popularity: ZipfSampler::new(traffic.keys, traffic.skew),
            written: ZipfSampler::new(volatile.clamp(1, traffic.keys), traffic.skew),
            sent: 0,
            next: None,
            when: random(41),
            what: random(42),
            which: random(43),
            whither: random(44),
            traffic,
        };
        source.look_ahead();
        source
    }

    /// When the next operation comes.
    pub fn next_time(&self) -> Option<Time> {
        self.next
    }

    /// How many have come.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// The next operation.
    pub fn send(&mut self) -> Option<Operation> {
        let at = self.next?;
        self.sent += 1;
        let (drawn, server) = (self.draw(), self.whither.below(self.traffic.servers));
        let (kind, key) = self.traffic.script.get(self.sent as usize - 1).copied().unwrap_or(drawn);
        self.look_ahead();
        Some(Operation::new(self.sent, kind, key, server, at))
    }

    fn draw(&mut self) -> (Kind, Key) {
        let Traffic { writes, absent, created, keys, missing, .. } = self.traffic;
        let writes = self.what.unit() < writes;
        let kind = if writes { Kind::Write } else { Kind::Read };
        let nowhere = self.what.unit() < if writes { created } else { absent };
        let known = if writes { &self.written } else { &self.popularity }.sample(&mut self.which);
        (kind, if nowhere { keys + self.what.below(missing) } else { known })
    }

    fn look_ahead(&mut self) {
        let more = self.sent < self.traffic.operations;
        self.next = if more { self.traffic.arrivals.next(&mut self.when) } else { None };
    }
}
