//! Requests, and the load balancer that hands them to nodes.
//!
//! When a request comes and what chance gives it are drawn from streams of their own, so that every
//! design gets the same requests at the same times; with as many nodes, at the same nodes.

use super::Request;
use crate::kernel::{Arrivals, Random, Span, Time};

/// How the load balancer chooses a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Balance {
    /// Any node, each as likely.
    Random,
    /// One after another.
    RoundRobin,
    /// The first node gets this share, from 0 to 1, the others the rest.
    Skewed(f64),
    /// Each of so many clients always goes to the same node, chosen by a hash of its name.
    Sticky(u32),
}

/// What comes.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// When requests come.
    pub arrivals: Arrivals,
    /// How many.
    pub requests: u32,
    /// Which node each goes to.
    pub balance: Balance,
    /// The length of a window.
    pub window: Span,
    /// Fixes every random choice.
    pub seed: u64,
}

/// The requests, one by one.
#[derive(Clone, Debug)]
pub struct Source {
    traffic: Traffic,
    nodes: u32,
    sent: u32,
    next: Option<Time>,
    when: Random,
    choice: Random,
}

impl Source {
    /// No request yet; there will be `nodes` nodes.
    pub fn new(traffic: Traffic, nodes: u32) -> Self {
        let (when, choice) = (Random::stream(traffic.seed, 31), Random::stream(traffic.seed, 32));
        let mut source = Source { traffic, nodes, sent: 0, next: None, when, choice };
        source.look_ahead();
        source
    }

    /// When the next request comes; `None` when no more will.
    pub fn next_time(&self) -> Option<Time> {
        self.next
    }

    /// How many have come.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// The window that `now` lies in.
    pub fn window_at(&self, now: Time) -> u64 {
        now.nanos() / self.traffic.window.nanos().max(1)
    }

    /// The length of a window.
    pub fn window(&self) -> Span {
        self.traffic.window
    }

    /// The next request comes.
    pub fn send(&mut self) -> Option<Request> {
        let at = self.next?;
        self.sent += 1;
        let number = self.sent;
        let node = self.balance(number);
        self.look_ahead();
        Some(Request { number, node, at, window: self.window_at(at) })
    }

    fn balance(&mut self, number: u32) -> u32 {
        let (chance, nodes) = (self.choice.unit(), f64::from(self.nodes));
        let node = match self.traffic.balance {
            Balance::RoundRobin => (number - 1) % self.nodes,
            Balance::Random => (chance * nodes) as u32,
            Balance::Skewed(share) if chance < share || self.nodes == 1 => 0,
            Balance::Skewed(share) => 1 + ((chance - share) / (1.0 - share) * (nodes - 1.0)) as u32,
            Balance::Sticky(clients) => {
                let client = (chance * f64::from(clients)) as u64;
                Random::stream(self.traffic.seed, 1_000 + client).below(self.nodes)
            }
        };
        node.min(self.nodes - 1)
    }

    fn look_ahead(&mut self) {
        let more = self.sent < self.traffic.requests;
        self.next = if more { self.traffic.arrivals.next(&mut self.when) } else { None };
    }
}
