//! One schedule, step by step, with reasons: clients by their own numbers, a cache and a row.

use super::bench::{Bench, Pending};
use super::choice::Choice;
use super::program::Program;
use super::{KEY, Plan};
use crate::catalogue::{Figure, Rule};
use crate::invalidation::cache::{Cache, Entry, Held};
use crate::invalidation::operation::{Content, Kind, Operation, Place, Version};
use crate::invalidation::probe::{Change, Probe, Who};
use crate::invalidation::registry::Common;
use crate::invalidation::strategy::{Command, Order};
use crate::kernel::{Span, Time};

/// A client.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// What it does after the operation that is under way.
    pub left: Program,
    /// What its operation does next; `None`: none is under way, or it waits.
    pub pending: Option<Pending>,
    /// Whether its operation waits for somebody else’s.
    pub waits: bool,
    /// What its operations have come to.
    pub answered: Vec<Answered>,
    /// The number of the newest value that was acknowledged when its read began.
    seen: u32,
}

/// What an operation has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// A read has got the value with this number, and a newer one was acknowledged before it began, or
    /// not.
    Read {
        /// The value’s number.
        number: u32,
        /// Whether it is stale.
        stale: bool,
    },
    /// A write has made the value with this number.
    Written(u32),
    /// An error.
    Failed,
}

/// What a step has done.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Whether anything is different now.
    pub changed: bool,
    /// What operations have come to.
    pub answered: Vec<Answered>,
    /// Whether the cache has taken a value that is older than the database’s.
    pub took_old: bool,
}

/// Clients, a cache and a database at some point of a schedule.
pub struct World {
    bench: Bench,
    /// The clients.
    pub clients: Vec<Client>,
    /// What goes on in the background, with its number.
    pub background: Vec<(u32, Pending)>,
    /// The number of the newest value that was acknowledged.
    pub acknowledged: u32,
    /// How often the entry may still have to make room.
    pub evictions: u8,
}

/// A client’s operations are numbered from ten times its own number.
const OF_A_CLIENT: u32 = 10;

impl World {
    /// The start of every schedule of `plan`.
    pub fn new(plan: &Plan) -> Self {
        let client = |program: &Program| Client {
            left: *program,
            pending: None,
            waits: false,
            answered: Vec::new(),
            seen: 0,
        };
        World {
            bench: Bench::new(plan.strategy()),
            clients: plan.clients.iter().map(client).collect(),
            background: Vec::new(),
            acknowledged: 0,
            evictions: plan.evictions,
        }
    }

    /// The client of an operation that was asked for, counted from 1.
    pub const fn client_of(operation: &Operation) -> u32 {
        operation.number / OF_A_CLIENT
    }

    /// The cache.
    pub fn cache(&self) -> &Cache {
        &self.bench.cache
    }

    /// What the cache holds.
    pub fn entry(&self) -> Option<Entry> {
        self.bench.cache.peek(KEY, Time::ZERO)
    }

    /// The lease that is out.
    pub fn lease(&self) -> Option<Held> {
        self.bench.cache.held(KEY)
    }

    /// What the database has.
    pub fn version(&self) -> Version {
        self.bench.version()
    }

    /// Whether the cache holds a value that is older than the database’s.
    pub fn is_old(&self) -> bool {
        is_older(self.entry().and_then(|entry| entry.content), self.version())
    }

    /// Whether nobody has anything left to do.
    pub fn is_idle(&self) -> bool {
        let done = |client: &Client| client.pending.is_none() && !client.waits && client.left.is_empty();
        self.background.is_empty() && self.clients.iter().all(done)
    }

    /// Everything that can be next, the clients first.
    pub fn choices(&self) -> Vec<Choice> {
        let clients = (1..=self.clients.len() as u32).map(Choice::Client);
        let background = self.background.iter().map(|(number, _)| Choice::Background(*number));
        let alone = [Choice::Expires, Choice::RunsOut, Choice::Evicted];
        clients.chain(background).chain(alone).filter(|choice| self.can(*choice)).collect()
    }

    /// Whether `choice` can be next.
    pub fn can(&self, choice: Choice) -> bool {
        match choice {
            Choice::Client(number) => {
                let client = (number as usize).checked_sub(1).and_then(|at| self.clients.get(at));
                client.is_some_and(|client| {
                    client.pending.is_some() || !client.waits && !client.left.is_empty()
                })
            }
            Choice::Background(number) => self.background.iter().any(|(other, _)| *other == number),
            Choice::Expires => self.entry().is_some_and(|entry| entry.expires < Time::MAX),
            Choice::RunsOut => {
                self.lease().is_some_and(|lease| lease.until > Time::ZERO && lease.until < Time::MAX)
            }
            Choice::Evicted => self.entry().is_some() && self.evictions > 0 && !self.is_idle(),
        }
    }

    /// The first choice that changes anything; `None` at the end.
    pub fn first_choice(&self) -> Option<Choice> {
        let changes =
            |choice: &Choice| self.duplicate().take(*choice, &mut Vec::new()).is_some_and(|o| o.changed);
        let unforced = |choice: &Choice| !matches!(choice, Choice::RunsOut | Choice::Evicted);
        self.choices().into_iter().filter(unforced).find(changes)
    }

    /// Takes the step of `choice`; `None`: it cannot be next.
    pub fn take(&mut self, choice: Choice, probe: &mut dyn Probe) -> Option<Outcome> {
        if !self.can(choice) {
            return None;
        }
        let (place, row, before) = (self.stand(), self.bench.row, self.entry());
        self.turn(choice, probe);
        let own = matches!(choice, Choice::Client(_) | Choice::Background(_));
        let over = std::mem::take(&mut self.bench.over);
        Some(Outcome {
            answered: over.into_iter().filter_map(|order| self.over(order, probe)).collect(),
            changed: self.stand() != place || self.bench.row != row,
            took_old: own && self.entry() != before && self.bench.row == row && self.is_old(),
        })
    }

    fn turn(&mut self, choice: Choice, probe: &mut dyn Probe) {
        match choice {
            Choice::Client(number) => self.client(number, probe),
            Choice::Background(number) => self.in_background(number, probe),
            Choice::Expires => {
                self.bench.cache.let_go(KEY);
                happens(Change::Expired, &TIME_IS_OVER, probe);
            }
            Choice::RunsOut => {
                self.bench.cache.run_out(KEY);
                happens(Change::LeaseOver, &LASTED_TOO_LONG, probe);
            }
            Choice::Evicted => {
                self.bench.cache.let_go(KEY);
                self.evictions -= 1;
                happens(Change::Evicted { name: KEY }, &MAKES_ROOM, probe);
            }
        }
    }

    fn client(&mut self, number: u32, probe: &mut dyn Probe) {
        let acknowledged = self.acknowledged;
        let client = &mut self.clients[number as usize - 1];
        // Until it turns out that it goes on, or is over.
        client.waits = true;
        match (client.pending.take(), client.left.next()) {
            (Some(pending), _) => self.bench.perform(pending, probe),
            (None, Some((kind, left))) => {
                (client.left, client.seen) = (left, acknowledged);
                let nth = client.answered.len() as u32 + 1;
                let operation = Operation::new(number * OF_A_CLIENT + nth, kind, KEY, number - 1, Time::ZERO);
                self.bench.begin(operation, probe);
            }
            (None, None) => {}
        }
        self.keep_pending();
    }

    fn in_background(&mut self, number: u32, probe: &mut dyn Probe) {
        let at = self.background.iter().position(|(other, _)| *other == number);
        if let Some(at) = at {
            let (_, pending) = self.background.remove(at);
            self.bench.perform(pending, probe);
            self.keep_pending();
        }
    }

    fn keep_pending(&mut self) {
        for pending in self.bench.pending.drain(..) {
            let operation = pending.operation;
            if operation.kind.is_asked_for() {
                let client = &mut self.clients[Self::client_of(&operation) as usize - 1];
                (client.pending, client.waits) = (Some(pending), false);
            } else {
                self.background.push((operation.number, pending));
            }
        }
        self.background.sort_by_key(|(number, _)| *number);
    }

    /// An operation is over. What it has come to, if a client asked for it.
    fn over(&mut self, order: Order, probe: &mut dyn Probe) -> Option<Answered> {
        let Order { operation, command, rule, figure } = order;
        let mut hear = |change| probe.hear(Time::ZERO, Who::Operation(operation), change, rule, figure);
        if !operation.kind.is_asked_for() {
            hear(Change::Ended);
            return None;
        }
        let client = &mut self.clients[Self::client_of(&operation) as usize - 1];
        let latency = Span::ZERO;
        let (change, answered) = match (operation.content, operation.kind) {
            (Some(version), Kind::Read) if command == Command::Answer => {
                let stale = version.number < client.seen;
                let (content, hit) = (operation.content, !operation.missed);
                let change = Change::Answered { content, hit, stale: stale.then_some(Span::ZERO), latency };
                (change, Answered::Read { number: version.number, stale })
            }
            (Some(version), _) if command == Command::Answer => {
                self.acknowledged = self.acknowledged.max(version.number);
                (Change::Acknowledged { latency }, Answered::Written(version.number))
            }
            _ => (Change::Failed { latency }, Answered::Failed),
        };
        client.waits = false;
        client.answered.push(answered);
        hear(change);
        Some(answered)
    }

    /// Where everybody stands, and the cache.
    fn stand(&self) -> impl PartialEq + use<> {
        let clients = self.clients.iter().map(|client| (client.left, client.pending, client.waits));
        (clients.collect::<Vec<_>>(), self.background.clone(), self.entry(), self.lease(), self.evictions)
    }

    /// The same once more.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        World {
            bench: self.bench.duplicate(),
            clients: self.clients.clone(),
            background: self.background.clone(),
            ..*self
        }
    }
}

fn is_older(content: Content, than: Version) -> bool {
    content.is_some_and(|version| version.number < than.number)
}

fn happens(change: Change, rule: &'static Rule, probe: &mut dyn Probe) {
    probe.hear(Time::ZERO, Who::Place(Place::Cache), change, rule, Figure::None);
}

const TIME_IS_OVER: Rule =
    Rule { name: "TIME_IS_OVER", place: "turn", says: "its time to live is over, which can be at any time" };
const LASTED_TOO_LONG: Rule = Rule {
    name: "LASTED_TOO_LONG",
    place: "turn",
    says: "whoever has it takes too long, and it can be given to somebody else",
};
const MAKES_ROOM: Rule = Rule {
    name: "MAKES_ROOM",
    place: "turn",
    says: "the cache is full, and needs its place for another key",
};

/// This file and its rules.
pub const COMMON: Common = (file!(), &[&TIME_IS_OVER, &LASTED_TOO_LONG, &MAKES_ROOM]);
