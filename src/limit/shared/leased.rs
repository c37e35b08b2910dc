//! # Permits in batches
//!
//! The store hands out the permits of a window, a batch at a time. A node that has permits lets
//! requests pass at once; one that has none asks for a batch, and its requests wait. All permits come
//! from one place, so the limit is never exceeded, and only one request in a batch has to wait for the
//! store. The price: what a node has fetched and does not need **lies stranded** until the window is
//! over, while others are refused. The larger the batch and the more nodes, the more.
//!
//! The distributed token bucket of CockroachDB, whose nodes fill a local bucket from a global one
//! (RFC 20210604); Doorman leases capacity to its clients in the same spirit (J. Visser and R. Szopa,
//! YouTube), and Envoy's rate limit quota service assigns quotas.
//!
//! All requests of a node wait for the same answer; when it does not come in time, all of them pass
//! or are refused. Left out: fetching ahead, giving back, batches that grow with demand.

use super::parameters::{DISTANCE, NODES, ON_FAILURE};
use super::{Change, Command, Design, Desk, Knows, Message, Reply, Request, Setup, Who, Windows};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::limit::Figure;
use std::collections::VecDeque;

/// The design in the catalogue.
pub const ABOUT: About = About {
    id: "leased",
    name: "Permits in batches",
    idea: "A node fetches permits from the store a batch at a time.",
    file: file!(),
    parameters: &[
        NODES,
        DISTANCE,
        ON_FAILURE,
        Parameter {
            id: "batch",
            means: "how many permits a node fetches at a time",
            range: Range::Whole { least: 1, most: 1_000_000, default: 5 },
        },
    ],
    rules: &[
        &HAS_PERMIT,
        &NO_PERMIT,
        &ALL_GONE,
        &FETCHES,
        &HANDS_OUT,
        &RECEIVES,
        &GETS_PERMIT,
        &NONE_LEFT,
        &FAILS_OPEN,
        &FAILS_CLOSED,
    ],
};

const HAS_PERMIT: Rule =
    Rule { name: "HAS_PERMIT", place: "arrives", says: "its node has a permit for it, and {} more" };
const NO_PERMIT: Rule =
    Rule { name: "NO_PERMIT", place: "arrives", says: "its node has no permit left and must fetch some" };
const ALL_GONE: Rule = Rule {
    name: "ALL_GONE",
    place: "arrives",
    says: "the store has told its node that all permits of this window are handed out",
};
const FETCHES: Rule = Rule { name: "FETCHES", place: "fetch", says: "{} wait for a permit" };
const HANDS_OUT: Rule =
    Rule { name: "HANDS_OUT", place: "at_store", says: "that makes {} handed out in this window" };
const RECEIVES: Rule = Rule { name: "RECEIVES", place: "answered", says: "the store sends it {}" };
const GETS_PERMIT: Rule =
    Rule { name: "GETS_PERMIT", place: "answered", says: "its node has got permits, and {} are left" };
const NONE_LEFT: Rule = Rule {
    name: "NONE_LEFT",
    place: "answered",
    says: "all permits of its window are handed out, if not all used",
};
const FAILS_OPEN: Rule = Rule {
    name: "FAILS_OPEN",
    place: "gives_up",
    says: "the store has not answered, and its node fails open",
};
const FAILS_CLOSED: Rule = Rule {
    name: "FAILS_CLOSED",
    place: "gives_up",
    says: "the store has not answered, and its node fails closed",
};

/// The nodes and the store.
#[derive(Clone, Debug)]
pub struct Leased {
    limit: u64,
    batch: u64,
    open: bool,
    nodes: Vec<Node>,
    /// The permits that the store has handed out in each window.
    handed_out: Windows<u64>,
}

/// What a node has.
#[derive(Clone, Debug, Default)]
struct Node {
    /// The window for which it has permits.
    window: u64,
    permits: u64,
    /// Whether it knows that there are no more.
    all_gone: bool,
    /// Requests that wait for a permit, the first one first.
    waiting: VecDeque<Request>,
    /// Whether it has asked for a batch.
    asks: bool,
}

impl Node {
    /// Permits of a window that is over lapse.
    fn turn_to(&mut self, window: u64) {
        if window > self.window {
            (self.window, self.permits, self.all_gone) = (window, 0, false);
        }
    }

    /// The next of those that wait for permits of `window`.
    fn next_of(&mut self, window: u64) -> Option<Request> {
        let is_next = self.waiting.front().is_some_and(|request| request.window == window);
        if is_next { self.waiting.pop_front() } else { None }
    }
}

impl Leased {
    /// Nodes without a permit, and a store that has handed out none.
    pub fn new(setup: &Setup) -> Self {
        Leased {
            limit: setup.limit,
            batch: setup.parameters.whole("batch") as u64,
            open: setup.parameters.choice("on-failure") == "open",
            nodes: vec![Node::default(); setup.nodes as usize],
            handed_out: Windows::new(),
        }
    }

    /// `node` asks for a batch, if somebody waits and it has not asked yet.
    fn fetch(&mut self, node: u32, desk: &mut Desk) {
        let this = &mut self.nodes[node as usize];
        let Some(first) = this.waiting.front().filter(|_| !this.asks) else { return };
        this.asks = true;
        let waiting = Figure::Count(this.waiting.len() as u64);
        desk.ask(node, first.window, Command::Take(self.batch), &FETCHES, waiting);
    }
}

impl Design for Leased {
    fn arrives(&mut self, request: Request, desk: &mut Desk) {
        let node = &mut self.nodes[request.node as usize];
        node.turn_to(request.window);
        if node.permits > 0 {
            node.permits -= 1;
            desk.admit(request, &HAS_PERMIT, Figure::Count(node.permits));
        } else if node.all_gone {
            desk.refuse(request, &ALL_GONE, Figure::None);
        } else {
            node.waiting.push_back(request);
            desk.tell(Who::Request(request), Change::Waits, &NO_PERMIT, Figure::None);
            self.fetch(request.node, desk);
        }
    }

    fn at_store(&mut self, message: Message, desk: &mut Desk) {
        let Command::Take(batch) = message.command else { return };
        let handed_out = self.handed_out.of(message.window);
        let permits = batch.min(self.limit - *handed_out);
        *handed_out += permits;
        desk.tell(Who::Store, Change::Granted(permits), &HANDS_OUT, Figure::Of(*handed_out, self.limit));
        desk.answer(message, Reply::Permits(permits));
    }

    fn answered(&mut self, message: Message, reply: Reply, desk: &mut Desk) {
        let Reply::Permits(got) = reply else { return };
        desk.tell(message.who(), Change::Learns(got), &RECEIVES, Figure::Of(got, self.batch));
        let (node, window) = (&mut self.nodes[message.node as usize], message.window);
        node.asks = false;
        let mut permits = got;
        while permits > 0
            && let Some(request) = node.next_of(window)
        {
            permits -= 1;
            desk.admit(request, &GETS_PERMIT, Figure::Count(permits));
        }
        while got == 0
            && let Some(request) = node.next_of(window)
        {
            desk.refuse(request, &NONE_LEFT, Figure::None);
        }
        if node.window == window {
            (node.permits, node.all_gone) = (permits, got == 0);
        }
        self.fetch(message.node, desk);
    }

    fn gives_up(&mut self, message: Message, desk: &mut Desk) {
        let node = &mut self.nodes[message.node as usize];
        node.asks = false;
        for request in node.waiting.drain(..) {
            desk.fail(request, self.open, if self.open { &FAILS_OPEN } else { &FAILS_CLOSED });
        }
    }

    fn expire(&mut self, oldest: u64) {
        self.handed_out.expire(oldest);
    }

    fn node(&self, node: u32, window: u64) -> Knows {
        let node = &self.nodes[node as usize];
        Knows::Permits(if node.window == window { node.permits } else { 0 })
    }

    fn store(&self, window: u64) -> Option<u64> {
        Some(self.handed_out.get(window).copied().unwrap_or_default())
    }

    fn duplicate(&self) -> Box<dyn Design> {
        Box::new(self.clone())
    }
}
