//! Servers, a cache and a database at work, in model time.
//!
//! Messages between them are under way for a while; the cache’s **nodes** do one command after another,
//! the database has its connections. A server waits for an answer until its **time-out**; what comes
//! later is not looked at, but what the database was told to do is done. So it is with a cache that goes
//! on by itself with what has passed to it. What is done with an answer is the [`Strategy`]’s affair.
//!
//! How long a message or a query takes is drawn from the operation and the number of its command, so that
//! an operation that does the same under two strategies takes the same time. Left out: servers that fail,
//! messages that overtake each other for other reasons than chance, and that the commands before the cache’s
//! nodes are lost when it restarts.

mod answers;
mod at_cache;
mod at_database;
mod messages;
mod troubles;
mod view;

pub use view::{State, Trip};

use super::cache::Cache;
use super::database::{Database, Done, Query};
use super::ledger::Ledger;
use super::operation::{Content, Operation, Place};
use super::probe::{Change, Probe, Who};
use super::registry::Common;
use super::statistics::Statistics;
use super::strategy::{Came, Command, Desk, Order, Strategy};
use super::traffic::{Source, Traffic};
use super::trouble::Trouble;
use crate::catalogue::{Figure, Rule};
use crate::kernel::{Distribution, Events, Random, Span, Time};
use messages::FROM_CACHE;

/// How long things take, and how much there is of everything.
#[derive(Clone, Debug)]
pub struct Plant {
    /// How many entries the cache can hold.
    pub capacity: usize,
    /// How many nodes the cache has, at least one.
    pub nodes: u32,
    /// How long a node works on a command.
    pub work: Span,
    /// How long a message is under way between a server and the cache, one way.
    pub near: Distribution,
    /// How long a message is under way to or from the database, one way.
    pub far: Span,
    /// How long the database works on a read.
    pub read: Distribution,
    /// How long it works on a write.
    pub write: Distribution,
    /// Which part of a read’s work it is to look up a version.
    pub check: f64,
    /// How many connections the database has, if that is limited.
    pub connections: Option<u32>,
    /// How long a server waits for an answer.
    pub timeout: Span,
    /// How far the servers’ clocks are off, in seconds: the first is behind by so much, the last ahead.
    pub clocks: f64,
    /// The share of messages that delete which are lost.
    pub lost: f64,
}

/// What a system is built from.
pub struct Layout {
    /// What clients want.
    pub traffic: Traffic,
    /// How long things take.
    pub plant: Plant,
    /// What goes wrong.
    pub troubles: Vec<Trouble>,
}

/// Something that is going to happen.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A command comes to its node of the cache.
    AtCache(Operation, Command),
    /// The node has done it.
    CacheDoes(Operation, Command),
    /// A query comes to the database.
    AtDatabase(Operation, Query),
    /// The database has done it; it saw this when it began.
    DatabaseDoes(Operation, Query, Content, u32),
    /// Something has come for an operation.
    Comes(Operation, Came),
    /// There was no answer in time from this place.
    TimesOut(Operation, Place),
    /// It comes to the cache, to go on there.
    Passes(Operation),
    /// What the cache has decided comes to the client.
    Reaches(Operation, bool, &'static Rule, Figure),
    /// The server has waited for the time-out since it passed the operation to the cache.
    GivesUp(Operation),
}

/// An operation that is not over.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    /// Who it is; 0: the place is free.
    identity: u64,
    /// How many commands have been given for it; 0: the last one is settled.
    commands: u32,
    /// When the last one was given.
    sent: Time,
    /// What its client does.
    client: Client,
}

/// What a client does whose operation has passed to the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Client {
    /// It waits, and what it waits for can come.
    #[default]
    Waits,
    /// It waits in vain: the answer has got lost, and the operation is over but for the time-out.
    WaitsInVain,
    /// It has got an error, while the operation goes on.
    HasGivenUp,
}

/// Servers, a cache and a database under one strategy.
pub struct System {
    strategy: Box<dyn Strategy>,
    plant: Plant,
    cache: Cache,
    database: Database,
    ledger: Ledger,
    source: Source,
    servers: u32,
    seed: u64,
    /// From this the time that each message and query takes is drawn.
    chance: u64,
    events: Events<Event>,
    open: Vec<Open>,
    free: Vec<u32>,
    orders: Vec<Order>,
    background: u32,
    /// When each node of the cache has nothing more to do.
    idle: Vec<Time>,
    /// How many commands have come to each node, to all of them, and to the one to which most came.
    commands: Vec<u64>,
    all_commands: u64,
    most_commands: u64,
    /// How often the cache has restarted.
    epoch: u32,
    /// How many times as long messages to the cache take.
    slow: f64,
    unreachable: bool,
    /// Until when cache and database cannot reach each other.
    parted: Option<Time>,
    /// How many messages that delete are to be lost.
    to_lose: u32,
    /// When what begins and ends, by rising time.
    edges: Vec<(Time, bool, Trouble)>,
    edge: usize,
    begun: bool,
    now: Time,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Start,
    Edge,
    Event,
    Arrival,
}

impl System {
    /// A system in which nothing has happened yet.
    pub fn new(strategy: Box<dyn Strategy>, layout: Layout) -> Self {
        let Layout { traffic, plant, troubles } = layout;
        let (servers, seed) = (traffic.servers, traffic.seed);
        let mut edges = Vec::new();
        for trouble in troubles {
            edges.push((trouble.from, true, trouble));
            if trouble.what.lasts() {
                edges.push((trouble.until, false, trouble));
            }
        }
        edges.sort_by_key(|(at, begins, _)| (*at, *begins));
        System {
            cache: Cache::new(plant.capacity),
            database: Database::new(traffic.keys, traffic.missing, plant.connections),
            ledger: Ledger::new(traffic.keys + traffic.missing),
            source: Source::new(traffic),
            servers,
            seed,
            chance: Random::stream(seed, 45).next(),
            events: Events::new(),
            open: Vec::new(),
            free: Vec::new(),
            orders: Vec::new(),
            background: 0,
            idle: vec![Time::ZERO; plant.nodes as usize],
            commands: vec![0; plant.nodes as usize],
            all_commands: 0,
            most_commands: 0,
            epoch: 0,
            slow: 1.0,
            unreachable: false,
            parted: None,
            to_lose: 0,
            edges,
            edge: 0,
            begun: !strategy.starts(),
            now: Time::ZERO,
            plant,
            strategy,
        }
    }

    fn next(&mut self) -> Option<(Time, Next)> {
        self.forget_time_outs();
        let work = [
            (!self.begun).then_some((Time::ZERO, Next::Start)),
            self.events.next_time().map(|at| (at, Next::Event)),
            self.source.next_time().map(|at| (at, Next::Arrival)),
        ];
        let work = work.into_iter().flatten().min()?;
        let edge = self.edges.get(self.edge).map(|(at, ..)| (*at, Next::Edge));
        let (at, next) = edge.map_or(work, |edge| edge.min(work));
        Some((at.max(self.now), next))
    }

    /// Time-outs of what was answered mean nothing.
    fn forget_time_outs(&mut self) {
        while let Some((_, event)) = self.events.peek() {
            let counts = match event {
                Event::TimesOut(operation, _) => self.is_awaited(operation),
                Event::GivesUp(operation) => self.is_open(operation),
                _ => true,
            };
            if counts {
                break;
            }
            self.events.forget();
        }
    }

    /// When the next event is; `None` when there are no more.
    pub fn next_time(&mut self) -> Option<Time> {
        self.next().map(|(at, _)| at)
    }

    /// Lets the next event happen; `probe` hears of it.
    pub fn happen(&mut self, probe: &mut dyn Probe) {
        if let Some((now, next)) = self.next() {
            self.now = now;
            self.happens(next, probe);
        }
    }

    fn happens(&mut self, next: Next, probe: &mut dyn Probe) {
        match next {
            Next::Start => {
                self.begun = true;
                self.with_desk(probe, |strategy, desk| strategy.start(desk));
            }
            Next::Edge => self.trouble(probe),
            Next::Event => {
                if let Some((_, event)) = self.events.next() {
                    self.event(event, probe);
                }
            }
            Next::Arrival => {
                if let Some(operation) = self.source.send() {
                    let who = Who::Operation(operation);
                    probe.hear(self.now, who, Change::Begins, &ASKED_FOR, Figure::None);
                    self.go_on(operation, Came::Begins, probe);
                }
            }
        }
        self.carry_out(probe);
    }

    /// Lets up to `events` events happen, none of them after `until`, counts them in `statistics`,
    /// and says how many there were.
    pub fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        let mut done = 0;
        while done < events
            && let Some((now, next)) = self.next().filter(|(at, _)| *at <= until)
        {
            self.now = now;
            self.happens(next, statistics);
            statistics.read(now, self.levels());
            done += 1;
        }
        done
    }

    /// How much there is of everything.
    pub fn levels(&self) -> Levels {
        Levels {
            entries: self.cache.len(),
            aside: self.strategy.kept_aside(),
            busy: self.database.busy(),
            queued: self.database.queued(),
            open: self.open.len() - self.free.len(),
            done: self.database.done,
            commands: self.all_commands,
            fullest: self.most_commands,
        }
    }

    fn event(&mut self, event: Event, probe: &mut dyn Probe) {
        match event {
            Event::AtCache(operation, command) => self.at_cache(operation, command, probe),
            Event::CacheDoes(operation, command) => self.cache_does(operation, command, probe),
            Event::AtDatabase(operation, query) => self.at_database(operation, query, probe),
            Event::DatabaseDoes(operation, query, seen, epoch) => {
                self.database_does(operation, query, seen, epoch, probe);
            }
            Event::Comes(operation, came) => self.comes(operation, came, probe),
            Event::TimesOut(operation, place) => {
                let timeout = Figure::Span(self.plant.timeout);
                self.hear(operation, Change::TimedOut, &WAITED, timeout, probe);
                self.comes(operation, Came::Failed(place), probe);
            }
            Event::Passes(operation) => self.passes(operation, probe),
            Event::Reaches(operation, well, rule, figure) => {
                self.reaches(operation, well, rule, figure, probe);
            }
            Event::GivesUp(operation) => self.gives_up(operation, probe),
        }
    }

    fn hear(
        &self,
        operation: Operation,
        change: Change,
        rule: &'static Rule,
        figure: Figure,
        probe: &mut dyn Probe,
    ) {
        probe.hear(self.now, Who::Operation(operation), change, rule, figure);
    }

    fn with_desk(&mut self, probe: &mut dyn Probe, act: impl FnOnce(&mut dyn Strategy, &mut Desk)) {
        let System { strategy, cache, ledger, orders, background, now, seed, .. } = self;
        let mut desk = Desk { now: *now, seed: *seed, cache, ledger, orders, background, probe };
        act(&mut **strategy, &mut desk);
    }

    fn go_on(&mut self, operation: Operation, came: Came, probe: &mut dyn Probe) {
        self.with_desk(probe, |strategy, desk| strategy.go_on(operation, came, desk));
    }

    /// Does what the strategy has ordered.
    fn carry_out(&mut self, probe: &mut dyn Probe) {
        let mut at = 0;
        while at < self.orders.len() {
            let order = self.orders[at];
            self.order(order, probe);
            at += 1;
        }
        self.orders.clear();
    }

    fn order(&mut self, order: Order, probe: &mut dyn Probe) {
        let Order { command, rule, figure, .. } = order;
        let operation = self.enter(order.operation);
        match command {
            Command::Get | Command::Lease(_) | Command::Fill(..) | Command::Delete => {
                self.send_to_cache(operation, command, probe);
            }
            Command::Pass(after) => self.send_on(operation, after, probe),
            Command::Return => self.send_back(operation, probe),
            Command::Load => self.send_to_database(operation, Query::Load, probe),
            Command::Check => self.send_to_database(operation, Query::Check, probe),
            Command::Store => self.send_to_database(operation, Query::Store, probe),
            Command::StoreBatch => self.send_to_database(operation, Query::StoreBatch, probe),
            Command::Act { guarded } => self.send_to_database(operation, Query::Act { guarded }, probe),
            Command::Wait(span) => {
                self.events.schedule(self.now + span, Event::Comes(operation, Came::Waited));
            }
            Command::Answer | Command::Fail => {
                let well = command == Command::Answer;
                if operation.place == Place::Cache {
                    let arrives = self.now + self.near(operation, FROM_CACHE);
                    self.events.schedule(arrives, Event::Reaches(operation, well, rule, figure));
                } else {
                    self.deliver(operation, well, rule, figure, probe);
                }
            }
            Command::End => {
                self.hear(operation, Change::Ended, rule, figure, probe);
                self.close(operation);
            }
        }
    }

    /// Notes that a command is given for `operation`, whose earlier ones nobody waits for any more.
    fn enter(&mut self, operation: Operation) -> Operation {
        let mut operation = Operation { commands: operation.commands + 1, ..operation };
        if operation.commands == 1 {
            operation.epoch = self.epoch;
            operation.slot = self.free.pop().unwrap_or_else(|| {
                self.open.push(Open::default());
                self.open.len() as u32 - 1
            });
        }
        let (identity, commands) = (operation.called().identity(), operation.commands);
        let open = &mut self.open[operation.slot as usize];
        let client = if commands == 1 { Client::Waits } else { open.client };
        *open = Open { identity, commands, sent: self.now, client };
        operation
    }

    fn is_open(&self, operation: &Operation) -> bool {
        self.open[operation.slot as usize].identity == operation.called().identity()
    }

    fn is_awaited(&self, operation: &Operation) -> bool {
        self.is_open(operation) && self.open[operation.slot as usize].commands == operation.commands
    }

    fn close(&mut self, operation: Operation) {
        self.open[operation.slot as usize].identity = 0;
        self.free.push(operation.slot);
    }

    fn comes(&mut self, operation: Operation, came: Came, probe: &mut dyn Probe) {
        if !self.is_awaited(&operation) {
            return self.hear(operation, Change::TooLate, &NOBODY_WAITS, Figure::None, probe);
        }
        if self.is_gone(&operation) {
            return self.deliver(operation, false, &WENT_DOWN, Figure::None, probe);
        }
        self.settle(operation);
        self.go_on(operation, came, probe);
    }

    /// What its last command has brought has come: whatever else comes of that comes too late, also if
    /// the strategy gives it no new one but lets it wait for somebody else.
    fn settle(&mut self, operation: Operation) {
        self.open[operation.slot as usize].commands = 0;
    }

    /// Whether the cache has restarted since `operation` came there.
    fn is_gone(&self, operation: &Operation) -> bool {
        operation.place == Place::Cache && operation.epoch != self.epoch
    }

    /// The same once more.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        System {
            strategy: self.strategy.duplicate(),
            plant: self.plant.clone(),
            cache: self.cache.clone(),
            database: self.database.clone(),
            ledger: self.ledger.clone(),
            source: self.source.clone(),
            events: self.events.clone(),
            open: self.open.clone(),
            free: self.free.clone(),
            orders: self.orders.clone(),
            idle: self.idle.clone(),
            commands: self.commands.clone(),
            edges: self.edges.clone(),
            ..*self
        }
    }
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Entries in the cache.
    pub entries: usize,
    /// Values that are kept beside it.
    pub aside: usize,
    /// Connections to the database in use.
    pub busy: usize,
    /// Queries that wait for one.
    pub queued: usize,
    /// Operations that are not over.
    pub open: usize,
    /// What the database has done.
    pub done: Done,
    /// Commands that have come to the cache from servers.
    pub commands: u64,
    /// Those of them that came to the node to which most came.
    pub fullest: u64,
}

const ASKED_FOR: Rule = Rule { name: "ASKED_FOR", place: "happens", says: "a client asks" };
const WAITED: Rule = Rule { name: "WAITED", place: "event", says: "no answer came within {}" };
const NOBODY_WAITS: Rule =
    Rule { name: "NOBODY_WAITS", place: "comes", says: "nobody waits for it any more" };
const WENT_DOWN: Rule =
    Rule { name: "WENT_DOWN", place: "comes", says: "the cache restarted while it was there" };

/// This file.
const SOURCE: &str = file!();
/// Its rules.
const RULES: &[&Rule] = &[&ASKED_FOR, &WAITED, &NOBODY_WAITS, &WENT_DOWN];

/// The files of this folder, and their rules.
pub const COMMON: [Common; 6] = [
    (SOURCE, RULES),
    (messages::SOURCE, messages::RULES),
    (at_cache::SOURCE, at_cache::RULES),
    (at_database::SOURCE, at_database::RULES),
    (answers::SOURCE, answers::RULES),
    (troubles::SOURCE, troubles::RULES),
];
