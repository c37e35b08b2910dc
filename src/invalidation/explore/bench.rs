//! One step: a pending command is done, and the strategy goes on until it has ordered the next.

use super::KEY;
use crate::catalogue::{Figure, Rule};
use crate::invalidation::at_cache::AtCache;
use crate::invalidation::cache::Cache;
use crate::invalidation::ledger::Ledger;
use crate::invalidation::operation::{Content, Operation, Place, Version};
use crate::invalidation::probe::{Change, Probe, Who};
use crate::invalidation::registry::Common;
use crate::invalidation::strategy::{Came, Command, Desk, Order, Strategy};
use crate::kernel::{Span, Time};

/// Something that can be next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pending {
    /// For which operation.
    pub operation: Operation,
    /// What.
    pub next: Next,
}

/// What can be next for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// A command is done.
    Does(Command),
    /// This comes from the database to the operation, which is at the cache. A server does nothing with an
    /// answer that others could see before its own next command is done; a cache does.
    Hears(Came),
}

impl Pending {
    /// The value that is on its way.
    pub fn carries(&self) -> Content {
        match self.next {
            Next::Hears(Came::Loaded(content, _) | Came::Stored(content)) => content,
            _ => self.operation.content,
        }
    }
}

/// A strategy, a cache and the row of the key, and what a step has come to.
pub struct Bench {
    /// The strategy, with what it remembers.
    pub strategy: Box<dyn Strategy>,
    /// The cache.
    pub cache: Cache,
    /// The number of the value in the database.
    pub row: u32,
    /// How many operations there have been in the background.
    pub background: u32,
    /// What is pending since the last step.
    pub pending: Vec<Pending>,
    /// What is over since the last step: the order that ended it.
    pub over: Vec<Order>,
    ledger: Ledger,
    orders: Vec<Order>,
}

/// No step leads to more orders; a strategy that gives more does not come to an end.
const MOST_ORDERS: usize = 64;

impl Bench {
    /// An empty cache, and the first value in the database.
    pub fn new(strategy: Box<dyn Strategy>) -> Self {
        Bench {
            strategy,
            cache: Cache::new(1),
            row: 0,
            background: 0,
            pending: Vec::new(),
            over: Vec::new(),
            ledger: Ledger::new(1),
            orders: Vec::new(),
        }
    }

    /// What stands in the database.
    pub fn version(&self) -> Version {
        Version { number: self.row, write: self.row }
    }

    /// `operation` begins, and its first command is done.
    pub fn begin(&mut self, operation: Operation, probe: &mut dyn Probe) {
        self.pending.clear();
        self.over.clear();
        probe.hear(Time::ZERO, Who::Operation(operation), Change::Begins, &ITS_TURN, Figure::None);
        self.go_on(operation, Came::Begins, probe);
        self.carry_out(probe);
        let first = self.pending.iter().position(|pending| pending.operation.kind.is_asked_for());
        if let Some(first) = first {
            let first = self.pending.swap_remove(first);
            self.go_through(first, probe);
        }
    }

    /// `pending` is done.
    pub fn perform(&mut self, pending: Pending, probe: &mut dyn Probe) {
        self.pending.clear();
        self.over.clear();
        self.go_through(pending, probe);
    }

    fn go_through(&mut self, pending: Pending, probe: &mut dyn Probe) {
        let Pending { operation, next } = pending;
        match next {
            Next::Hears(came) => self.go_on(operation, came, probe),
            Next::Does(Command::Pass(_)) => {
                self.go_on(Operation { place: Place::Cache, ..operation }, Came::Passed, probe)
            }
            Next::Does(
                command @ (Command::Get | Command::Lease(_) | Command::Fill(..) | Command::Delete),
            ) => {
                self.at_cache(operation, command, probe);
            }
            Next::Does(command) => self.at_database(operation, command, probe),
        }
        self.carry_out(probe);
    }

    fn at_cache(&mut self, operation: Operation, command: Command, probe: &mut dyn Probe) {
        let cache = &mut self.cache;
        let came = AtCache { cache, now: Time::ZERO, operation, probe: &mut *probe }.does(command);
        let missed = operation.missed || matches!(came, Came::Missed | Came::Leased(_) | Came::Taken);
        self.go_on(Operation { missed, ..operation }, came, probe);
    }

    fn at_database(&mut self, operation: Operation, command: Command, probe: &mut dyn Probe) {
        let who = Who::Operation(operation);
        let mut hear = |change, rule| probe.hear(Time::ZERO, who, change, rule, Figure::None);
        let came = match command {
            Command::Load => {
                hear(Change::Read { content: Some(self.version()) }, &IN_ITS_ROW);
                Came::Loaded(Some(self.version()), Span::ZERO)
            }
            Command::Check => {
                hear(Change::Looked { content: Some(self.version()) }, &IN_ITS_ROW);
                Came::Checked(Some(self.version()))
            }
            Command::Store => {
                self.row += 1;
                let content = Some(self.version());
                hear(Change::Committed { content }, &COMMITS);
                let version = self.version();
                self.with_desk(probe, |strategy, desk| strategy.committed(KEY, version, desk));
                Came::Stored(content)
            }
            _ => Came::Failed(Place::Database),
        };
        match operation.place {
            Place::Cache => self.pending.push(Pending { operation, next: Next::Hears(came) }),
            _ => self.go_on(operation, came, probe),
        }
    }

    /// Takes the orders as they are given: what can be done at once is done, all else is pending or over.
    fn carry_out(&mut self, probe: &mut dyn Probe) {
        let mut at = 0;
        while at < self.orders.len().min(MOST_ORDERS) {
            let order = self.orders[at];
            let Order { operation, command, .. } = order;
            match command {
                Command::Wait(_) => self.go_on(operation, Came::Waited, probe),
                Command::Answer | Command::Fail | Command::End => self.over.push(order),
                Command::Get | Command::Lease(_) | Command::Fill(..) | Command::Delete
                    if operation.place == Place::Cache =>
                {
                    self.at_cache(operation, command, probe);
                }
                _ => self.pending.push(Pending { operation, next: Next::Does(command) }),
            }
            at += 1;
        }
        self.orders.clear();
    }

    fn go_on(&mut self, operation: Operation, came: Came, probe: &mut dyn Probe) {
        self.with_desk(probe, |strategy, desk| strategy.go_on(operation, came, desk));
    }

    fn with_desk(&mut self, probe: &mut dyn Probe, act: impl FnOnce(&mut dyn Strategy, &mut Desk)) {
        let Bench { strategy, cache, ledger, orders, background, .. } = self;
        let mut desk = Desk { now: Time::ZERO, seed: 0, cache, ledger, orders, background, probe };
        act(&mut **strategy, &mut desk);
    }

    /// The same once more.
    pub fn duplicate(&self) -> Self {
        Bench {
            strategy: self.strategy.duplicate(),
            cache: self.cache.clone(),
            pending: self.pending.clone(),
            over: self.over.clone(),
            ledger: self.ledger.clone(),
            orders: Vec::new(),
            ..*self
        }
    }
}

const ITS_TURN: Rule = Rule { name: "ITS_TURN", place: "begin", says: "it is its client’s turn" };
const IN_ITS_ROW: Rule =
    Rule { name: "IN_ITS_ROW", place: "at_database", says: "that is what stands there at this moment" };
const COMMITS: Rule = Rule { name: "COMMITS", place: "at_database", says: "the statement is done" };

/// This file and its rules.
pub const COMMON: Common = (file!(), &[&ITS_TURN, &IN_ITS_ROW, &COMMITS]);
