//! # Local counters, synchronised
//!
//! Each node counts and decides by itself, at once. Every so often it sends the store what it has
//! counted since it last did, and gets the total of all nodes back. In between it knows only its own:
//! until the news is round, every node admits as if the others had stopped. So as many go over the
//! limit as come while the news travels, and at worst every node admits the whole limit: N times as
//! many. The longer the interval and the more nodes, the further over; but nothing is delayed, and the
//! store gets a message an interval and node instead of one a request.
//!
//! The `redis` policy of Kong's rate-limiting plugin with its `sync_rate` in seconds; the `GLOBAL`
//! behaviour of Gubernator, whose owners send the totals round by themselves.
//!
//! The nodes synchronise one after another, evenly over the interval, and one that still waits for an
//! answer lets its turn pass. When the store cannot be reached a node goes on with what it knows, and
//! sends what it has counted the next time; Kong forgets it. What reached the store although the answer
//! came too late is then counted twice. Left out: Kong's first request of a window, which asks the store
//! at once.

use super::parameters::{DISTANCE, NODES};
use super::{Change, Command, Design, Desk, Knows, Message, Reply, Request, Setup, Who, Windows};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::Span;
use crate::limit::Figure;

/// The design in the catalogue.
pub const ABOUT: About = About {
    id: "local-sync",
    name: "Local, synchronised",
    idea: "Each node counts by itself and learns of the others every so often.",
    file: file!(),
    parameters: &[
        NODES,
        DISTANCE,
        Parameter {
            id: "every",
            means: "seconds from one synchronisation of a node to its next",
            range: Range::Number { least: 0.001, most: 3_600.0, default: 1.0 },
        },
    ],
    rules: &[&ROOM_AS_KNOWN, &FULL_AS_KNOWN, &TIME_TO_SYNC, &WAITS_FOR_LAST, &ADDS, &HEARS, &KEEPS],
};

const ROOM_AS_KNOWN: Rule = Rule {
    name: "ROOM_AS_KNOWN",
    place: "arrives",
    says: "it is number {}, as far as its node knows: its own, and the others’ when it last heard",
};
const FULL_AS_KNOWN: Rule =
    Rule { name: "FULL_AS_KNOWN", place: "arrives", says: "its node knows of {} in this window" };
const TIME_TO_SYNC: Rule = Rule {
    name: "TIME_TO_SYNC",
    place: "tick",
    says: "the interval is over; it has counted {} that the store does not know of",
};
const WAITS_FOR_LAST: Rule = Rule {
    name: "WAITS_FOR_LAST",
    place: "tick",
    says: "the interval is over, but it has no answer to its last message yet",
};
const ADDS: Rule = Rule { name: "ADDS", place: "at_store", says: "with them, {} are counted in this window" };
const HEARS: Rule =
    Rule { name: "HEARS", place: "answered", says: "the store answers with the total of all nodes: {}" };
const KEEPS: Rule = Rule {
    name: "KEEPS",
    place: "gives_up",
    says: "the store has not answered; what it has counted, {}, goes with the next message",
};

/// The nodes and the store.
#[derive(Clone, Debug)]
pub struct LocalSync {
    limit: u64,
    every: Span,
    nodes: Vec<Node>,
    /// The store's counter of each window.
    counters: Windows<u64>,
}

/// What a node knows of its present window.
#[derive(Clone, Debug, Default)]
struct Node {
    window: u64,
    /// The total of all nodes, as the store last said.
    total: u64,
    /// What it has sent and had no answer to.
    sent: u64,
    /// What it has not sent yet.
    unsent: u64,
    /// Whether it waits for an answer.
    waits: bool,
}

impl Node {
    /// How many have been counted in this window, as far as it knows.
    fn known(&self) -> u64 {
        self.total + self.sent + self.unsent
    }

    /// A new window begins with nothing.
    fn turn_to(&mut self, window: u64) {
        if window > self.window {
            *self = Node { window, waits: self.waits, ..Node::default() };
        }
    }
}

impl LocalSync {
    /// Nodes and a store that have counted nothing yet.
    pub fn new(setup: &Setup) -> Self {
        LocalSync {
            limit: setup.limit,
            every: setup.parameters.span("every"),
            nodes: vec![Node::default(); setup.nodes as usize],
            counters: Windows::new(),
        }
    }
}

impl Design for LocalSync {
    fn arrives(&mut self, request: Request, desk: &mut Desk) {
        let node = &mut self.nodes[request.node as usize];
        node.turn_to(request.window);
        if node.known() < self.limit {
            node.unsent += 1;
            desk.admit(request, &ROOM_AS_KNOWN, Figure::Of(node.known(), self.limit));
        } else {
            desk.refuse(request, &FULL_AS_KNOWN, Figure::Of(node.known(), self.limit));
        }
    }

    fn every(&self) -> Option<Span> {
        Some(self.every)
    }

    fn tick(&mut self, node: u32, window: u64, desk: &mut Desk) {
        let this = &mut self.nodes[node as usize];
        this.turn_to(window);
        if this.waits {
            return desk.tell(Who::Node(node), Change::Waits, &WAITS_FOR_LAST, Figure::None);
        }
        let count = std::mem::take(&mut this.unsent);
        (this.sent, this.waits) = (count, true);
        desk.ask(node, window, Command::Add(count), &TIME_TO_SYNC, Figure::Count(count));
    }

    fn at_store(&mut self, message: Message, desk: &mut Desk) {
        let Command::Add(count) = message.command else { return };
        let counter = self.counters.of(message.window);
        *counter += count;
        desk.tell(Who::Store, Change::Added(count), &ADDS, Figure::Of(*counter, self.limit));
        desk.answer(message, Reply::Count(*counter));
    }

    fn answered(&mut self, message: Message, reply: Reply, desk: &mut Desk) {
        let Reply::Count(total) = reply else { return };
        let node = &mut self.nodes[message.node as usize];
        node.waits = false;
        if node.window == message.window {
            (node.total, node.sent) = (total, 0);
        }
        desk.tell(message.who(), Change::Learns(total), &HEARS, Figure::Of(total, self.limit));
    }

    fn gives_up(&mut self, message: Message, desk: &mut Desk) {
        let node = &mut self.nodes[message.node as usize];
        node.waits = false;
        let count = if node.window == message.window { std::mem::take(&mut node.sent) } else { 0 };
        node.unsent += count;
        desk.tell(message.who(), Change::Keeps, &KEEPS, Figure::Count(count));
    }

    fn expire(&mut self, oldest: u64) {
        self.counters.expire(oldest);
    }

    fn node(&self, node: u32, window: u64) -> Knows {
        let node = &self.nodes[node as usize];
        Knows::Counted(if node.window == window { node.known() } else { 0 }, self.limit)
    }

    fn store(&self, window: u64) -> Option<u64> {
        Some(self.counters.get(window).copied().unwrap_or_default())
    }

    fn duplicate(&self) -> Box<dyn Design> {
        Box::new(self.clone())
    }
}
