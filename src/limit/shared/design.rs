//! What a design is, and what it has to do its work with.

use super::cluster::Wires;
use super::{Change, Command, Message, Probe, Reply, Request, Tally, Who};
use crate::catalogue::{Parameters, Rule};
use crate::kernel::{Span, Time};
use crate::limit::Figure;

/// What a design is built from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many requests may pass in a window, all nodes together.
    pub limit: u64,
    /// How many nodes there are.
    pub nodes: u32,
    /// Its parameters, complete and within their ranges.
    pub parameters: Parameters,
}

/// A way to share one limit among several nodes: what a node does, and what the store does.
///
/// One value plays all the nodes and the store; it must not let a node know what only another one
/// knows. Every request is answered once, by [`Desk::admit`], [`Desk::refuse`] or [`Desk::fail`].
pub trait Design {
    /// A request has come to its node.
    fn arrives(&mut self, request: Request, desk: &mut Desk);

    /// A message has come to the store.
    fn at_store(&mut self, _message: Message, _desk: &mut Desk) {}

    /// The store's answer to `message` has come to the node.
    fn answered(&mut self, _message: Message, _reply: Reply, _desk: &mut Desk) {}

    /// The node has waited for an answer to `message` as long as it does.
    fn gives_up(&mut self, _message: Message, _desk: &mut Desk) {}

    /// How often each node has something to do by itself, if it has.
    fn every(&self) -> Option<Span> {
        None
    }

    /// A node does that, in `window`.
    fn tick(&mut self, _node: u32, _window: u64, _desk: &mut Desk) {}

    /// Nobody will be asked any more about windows before `oldest`: their counters expire.
    fn expire(&mut self, _oldest: u64) {}

    /// What `node` knows of `window`.
    fn node(&self, node: u32, window: u64) -> Knows;

    /// What the store has counted in `window`, if there is a store.
    fn store(&self, window: u64) -> Option<u64>;

    /// The same once more.
    fn duplicate(&self) -> Box<dyn Design>;
}

/// What a node knows, as a picture shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knows {
    /// Nothing: it asks each time.
    Nothing,
    /// It has counted so many of the so many that it may admit.
    Counted(u64, u64),
    /// It has permits for so many more.
    Permits(u64),
}

/// What a design has to do its work with.
pub struct Desk<'a> {
    pub(super) now: Time,
    pub(super) wires: &'a mut Wires,
    pub(super) tally: &'a mut Tally,
    pub(super) probe: &'a mut dyn Probe,
}

impl Desk<'_> {
    /// What time it is.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Tells what happens to `who`, and why, with the figure that decided.
    pub fn tell(&mut self, who: Who, change: Change, rule: &'static Rule, figure: Figure) {
        self.probe.hear(self.now, who, change, rule, figure);
    }

    /// `request` passes. One that has had its answer keeps it.
    pub fn admit(&mut self, request: Request, rule: &'static Rule, figure: Figure) {
        self.decide(request, true, false, rule, figure);
    }

    /// `request` is refused. One that has had its answer keeps it.
    pub fn refuse(&mut self, request: Request, rule: &'static Rule, figure: Figure) {
        self.decide(request, false, false, rule, figure);
    }

    /// The store has not answered: `request` passes if its node fails `open`.
    pub fn fail(&mut self, request: Request, open: bool, rule: &'static Rule) {
        self.decide(request, open, true, rule, Figure::None);
    }

    fn decide(&mut self, request: Request, admit: bool, failed: bool, rule: &'static Rule, figure: Figure) {
        let change = if admit {
            self.tally.admit(request).map(|over| Change::Admitted { over, failed })
        } else {
            self.tally.refuse(request).map(|early| Change::Refused { early, failed })
        };
        if let Some(change) = change {
            self.tell(Who::Request(request), change, rule, figure);
        }
    }

    /// The node of `request` sends the store `command` for it and waits for the answer.
    pub fn ask_for(&mut self, request: Request, command: Command, rule: &'static Rule) {
        self.wires.ask(self.now, request.node, request.window, Some(request), command);
        self.tell(Who::Request(request), Change::Sent(command), rule, Figure::None);
    }

    /// The node of `request` sends the store `command` for it and does not wait.
    pub fn send_for(&mut self, request: Request, command: Command, rule: &'static Rule) {
        self.wires.send(self.now, request, command);
        self.tell(Who::Request(request), Change::Sent(command), rule, Figure::None);
    }

    /// `node` sends the store `command` for itself, about `window`, and waits for the answer.
    pub fn ask(&mut self, node: u32, window: u64, command: Command, rule: &'static Rule, figure: Figure) {
        self.wires.ask(self.now, node, window, None, command);
        self.tell(Who::Node(node), Change::Sent(command), rule, figure);
    }

    /// The store answers `message`, if anybody waits for that.
    pub fn answer(&mut self, message: Message, reply: Reply) {
        self.wires.answer(self.now, message, reply);
    }
}

impl Message {
    /// Whom it is about: the request for which it is sent, or the node that sends it.
    pub fn who(&self) -> Who {
        self.request.map_or(Who::Node(self.node), Who::Request)
    }
}
