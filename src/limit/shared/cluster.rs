//! # Nodes and a store
//!
//! Requests come to nodes, nodes and the store send each other messages, and each message is under way
//! for a while. What they do when something comes is the [`Design`]'s affair. A node waits for an answer
//! until its **time-out**; what comes later is not looked at. While the store is **down** it cannot be
//! reached: what would come to it then is lost, what it has counted stays.
//!
//! The store does what it is told at once, one message after another. A request counts in the window
//! in which it came to its node, as in a Redis key with the time in its name, so the clocks of the
//! nodes are taken to be right. Left out: nodes that fail, messages that get lost for other reasons,
//! and the store's own speed limit.

use super::{Change, Command, Design, Desk, Message, Probe, Reply, Request, Source, Statistics, Tally, Who};
use crate::catalogue::Rule;
use crate::kernel::{Distribution, Events, Random, Span, Time};
use crate::limit::Figure;
use std::collections::VecDeque;

/// How messages travel.
#[derive(Clone, Debug)]
pub struct Network {
    /// How long a message is under way, one way.
    pub latency: Distribution,
    /// How many times as long that is here.
    pub distance: f64,
    /// How long a node waits for an answer.
    pub timeout: Span,
    /// From when until when the store is down, by rising time.
    pub down: Vec<(Time, Time)>,
    /// Fixes every random choice.
    pub seed: u64,
}

/// What is under way.
#[derive(Clone, Debug)]
pub struct Wires {
    network: Network,
    events: Events<Event>,
    /// The number of the first exchange of `open`.
    first: u64,
    /// Exchanges from `first` on: whether a node still waits for the answer.
    open: VecDeque<bool>,
    /// How many messages each node has sent for itself.
    sent: Vec<u64>,
    /// How many messages have been sent to the store.
    messages: u64,
    /// From this the time that each message takes is drawn.
    chance: u64,
}

/// Something that is going to happen.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    /// A message, sent at that time, comes to the store.
    AtStore(Message, Time),
    /// The answer to a message, sent at that time, comes to the node.
    AtNode(Message, Reply, Time),
    /// A node has waited for an answer as long as it does.
    TimeOut(Message),
    /// A node has something to do by itself.
    Tick(u32),
}

/// A message under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trip {
    /// The message, or the one that is answered.
    pub message: Message,
    /// The answer, on its way back.
    pub reply: Option<Reply>,
    /// When it was sent.
    pub from: Time,
    /// When it arrives.
    pub until: Time,
}

impl Wires {
    fn new(network: Network, nodes: u32) -> Self {
        Wires {
            chance: Random::stream(network.seed, 33).next(),
            network,
            events: Events::new(),
            first: 0,
            open: VecDeque::new(),
            sent: vec![0; nodes as usize],
            messages: 0,
        }
    }

    /// `node` sends the store `command`, and waits for the answer until its time-out.
    pub(super) fn ask(
        &mut self,
        now: Time,
        node: u32,
        window: u64,
        request: Option<Request>,
        command: Command,
    ) {
        const FOR_ITSELF: u64 = 1 << 63;
        let chance = match request {
            Some(request) => u64::from(request.number) << 2,
            None => FOR_ITSELF | u64::from(node) << 48 | self.sent[node as usize] << 2,
        };
        self.sent[node as usize] += u64::from(request.is_none());
        let exchange = Some(self.first + self.open.len() as u64);
        self.open.push_back(true);
        let message = Message { node, window, request, command, exchange, chance };
        self.events.schedule(now + self.network.timeout, Event::TimeOut(message));
        self.dispatch(now, message);
    }

    /// The node of `request` sends the store `command` for it, and waits for nothing.
    pub(super) fn send(&mut self, now: Time, request: Request, command: Command) {
        let Request { number, node, window, .. } = request;
        let chance = u64::from(number) << 2 | 2;
        self.dispatch(now, Message { node, window, request: Some(request), command, exchange: None, chance });
    }

    /// The store answers `message`, if somebody waits for that.
    pub(super) fn answer(&mut self, now: Time, message: Message, reply: Reply) {
        if message.exchange.is_some() {
            let arrives = now + self.latency(message.chance | 1);
            self.events.schedule(arrives, Event::AtNode(message, reply, now));
        }
    }

    fn dispatch(&mut self, now: Time, message: Message) {
        self.messages += 1;
        let arrives = now + self.latency(message.chance);
        self.events.schedule(arrives, Event::AtStore(message, now));
    }

    /// How long a message is under way: always the same for the same one.
    fn latency(&self, chance: u64) -> Span {
        let random = &mut Random::stream(self.chance, chance);
        let seconds = self.network.latency.sample_seconds(random) * self.network.distance;
        Span::from_seconds(seconds.min(1e9))
    }

    /// Nobody waits for the answer to `message` any more; says whether somebody did.
    fn close(&mut self, message: Message) -> bool {
        let waited = self.waits_for(message);
        if let Some(at) = message.exchange.and_then(|exchange| exchange.checked_sub(self.first))
            && let Some(open) = self.open.get_mut(at as usize)
        {
            *open = false;
        }
        while self.open.front() == Some(&false) {
            self.open.pop_front();
            self.first += 1;
        }
        waited
    }

    fn waits_for(&self, message: Message) -> bool {
        let at = message.exchange.and_then(|exchange| exchange.checked_sub(self.first));
        at.is_some_and(|at| self.open.get(at as usize) == Some(&true))
    }

    /// The next event that means something: time-outs of what was answered do not.
    fn next_time(&mut self) -> Option<Time> {
        while let Some((at, event)) = self.events.peek() {
            match *event {
                Event::TimeOut(message) if !self.waits_for(message) => self.events.forget(),
                _ => return Some(at),
            }
        }
        None
    }
}

/// Nodes, a store, and a design of how they share a limit.
pub struct Cluster {
    design: Box<dyn Design>,
    source: Source,
    wires: Wires,
    tally: Tally,
    limit: u64,
    nodes: u32,
    /// Which of the times when the store is down comes next.
    outage: usize,
    /// Until when it is down, if it is.
    down: Option<Time>,
    now: Time,
}

/// What happens next; of what comes together, the first in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    StoreBack,
    StoreDown,
    Event,
    Arrival,
}

impl Cluster {
    /// A cluster to which no request has come yet.
    pub fn new(design: Box<dyn Design>, source: Source, network: Network, limit: u64, nodes: u32) -> Self {
        let mut wires = Wires::new(network, nodes);
        if let Some(every) = design.every() {
            for node in 0..nodes {
                let first = every.nanos() / u64::from(nodes) * u64::from(node + 1);
                wires.events.schedule(Time::from_nanos(first), Event::Tick(node));
            }
        }
        let tally = Tally::new(limit);
        Cluster { design, source, wires, tally, limit, nodes, outage: 0, down: None, now: Time::ZERO }
    }

    fn next(&mut self) -> Option<(Time, Next)> {
        let work = [
            self.wires.next_time().map(|at| (at, Next::Event)),
            self.source.next_time().map(|at| (at, Next::Arrival)),
        ];
        let work = work.into_iter().flatten().min()?;
        let edge = match self.down {
            Some(until) => Some((until, Next::StoreBack)),
            None => self.wires.network.down.get(self.outage).map(|(from, _)| (*from, Next::StoreDown)),
        };
        let (at, next) = edge.map_or(work, |edge| edge.min(work));
        Some((at.max(self.now), next))
    }

    /// When the next event is; `None` when there are no more.
    pub fn next_time(&mut self) -> Option<Time> {
        self.next().map(|(at, _)| at)
    }

    /// Lets the next event happen; `probe` hears of it.
    pub fn happen(&mut self, probe: &mut dyn Probe) {
        let Some((now, next)) = self.next() else { return };
        self.now = now;
        match next {
            Next::StoreBack => self.store_back(probe),
            Next::StoreDown => self.store_down(probe),
            Next::Arrival => self.arrival(probe),
            Next::Event => match self.wires.events.next() {
                Some((_, Event::AtStore(message, _))) => self.at_store(message, probe),
                Some((_, Event::AtNode(message, reply, _))) => self.at_node(message, reply, probe),
                Some((_, Event::TimeOut(message))) => self.time_out(message, probe),
                Some((_, Event::Tick(node))) => self.tick(node, probe),
                None => {}
            },
        }
    }

    /// Lets up to `events` events happen, none of them after `until`, counts them in `statistics`,
    /// and says how many there were.
    pub fn run(&mut self, events: u64, until: Time, statistics: &mut Statistics) -> u64 {
        let mut done = 0;
        while done < events && self.next_time().is_some_and(|at| at <= until) {
            self.happen(statistics);
            done += 1;
        }
        statistics.read(self.now, self.tally.summary(), self.wires.messages);
        done
    }

    /// The design, and what it has to do its work with.
    fn desk<'a>(&'a mut self, probe: &'a mut dyn Probe) -> (&'a mut dyn Design, Desk<'a>) {
        let Cluster { design, wires, tally, now, .. } = self;
        (&mut **design, Desk { now: *now, wires, tally, probe })
    }

    fn arrival(&mut self, probe: &mut dyn Probe) {
        let Some(request) = self.source.send() else { return };
        self.tally.arrives(request);
        self.design.expire(self.tally.oldest());
        let node = Change::Arrives { node: request.node };
        probe.hear(self.now, Who::Request(request), node, &BALANCED, Figure::None);
        let (design, mut desk) = self.desk(probe);
        design.arrives(request, &mut desk);
    }

    fn at_store(&mut self, message: Message, probe: &mut dyn Probe) {
        if let Some(until) = self.down {
            return probe.hear(self.now, message.who(), Change::Lost, &NOT_REACHED, Figure::Time(until));
        }
        let (design, mut desk) = self.desk(probe);
        design.at_store(message, &mut desk);
    }

    fn at_node(&mut self, message: Message, reply: Reply, probe: &mut dyn Probe) {
        if !self.wires.close(message) {
            let timeout = Figure::Span(self.wires.network.timeout);
            return probe.hear(self.now, message.who(), Change::TooLate, &NOBODY_WAITS, timeout);
        }
        let (design, mut desk) = self.desk(probe);
        design.answered(message, reply, &mut desk);
    }

    fn time_out(&mut self, message: Message, probe: &mut dyn Probe) {
        self.wires.close(message);
        let timeout = Figure::Span(self.wires.network.timeout);
        probe.hear(self.now, message.who(), Change::GivesUp, &WAITED, timeout);
        let (design, mut desk) = self.desk(probe);
        design.gives_up(message, &mut desk);
    }

    /// A node's own time has come; it has a next one as long as requests come.
    fn tick(&mut self, node: u32, probe: &mut dyn Probe) {
        let window = self.source.window_at(self.now);
        if let Some(every) = self.design.every().filter(|_| self.source.next_time().is_some()) {
            self.wires.events.schedule(self.now + every, Event::Tick(node));
        }
        let (design, mut desk) = self.desk(probe);
        design.tick(node, window, &mut desk);
    }

    fn store_down(&mut self, probe: &mut dyn Probe) {
        let Some((_, until)) = self.wires.network.down.get(self.outage).copied() else { return };
        self.outage += 1;
        self.down = Some(until);
        probe.hear(self.now, Who::Store, Change::Down, &CUT_OFF, Figure::Time(until));
    }

    fn store_back(&mut self, probe: &mut dyn Probe) {
        self.down = None;
        probe.hear(self.now, Who::Store, Change::Back, &REACHED_AGAIN, Figure::None);
    }

    /// How many requests have come.
    pub fn sent(&self) -> u32 {
        self.source.sent()
    }

    /// What there is to see at `now`, between its last event and the next.
    pub fn view(&self, now: Time) -> View<'_> {
        View { cluster: self, window: self.source.window_at(now) }
    }

    /// The same once more.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Cluster {
            design: self.design.duplicate(),
            source: self.source.clone(),
            wires: self.wires.clone(),
            tally: self.tally.clone(),
            ..*self
        }
    }
}

/// What there is to see in a cluster.
pub struct View<'a> {
    cluster: &'a Cluster,
    /// The present window.
    pub window: u64,
}

impl<'a> View<'a> {
    /// How many may pass in a window.
    pub fn limit(&self) -> u64 {
        self.cluster.limit
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> u32 {
        self.cluster.nodes
    }

    /// What `node` knows.
    pub fn node(&self, node: u32) -> super::Knows {
        self.cluster.design.node(node, self.window)
    }

    /// What the store has counted, if there is one.
    pub fn store(&self) -> Option<u64> {
        self.cluster.design.store(self.window)
    }

    /// Until when the store is down, if it is.
    pub fn down(&self) -> Option<Time> {
        self.cluster.down
    }

    /// How many have passed in the present window.
    pub fn admitted(&self) -> u64 {
        self.cluster.tally.counts(self.window).admitted
    }

    /// When `window` begins.
    pub fn start_of(&self, window: u64) -> Time {
        Time::ZERO + self.cluster.source.window().times(window)
    }

    /// When `window` ends.
    pub fn end_of(&self, window: u64) -> Time {
        self.start_of(window.saturating_add(1))
    }

    /// The requests that wait for their answer, in the order in which they came.
    pub fn undecided(&self) -> impl ExactSizeIterator<Item = &'a Request> {
        self.cluster.tally.undecided()
    }

    /// When the next request comes.
    pub fn next_request(&self) -> Option<Time> {
        self.cluster.source.next_time()
    }

    /// How many messages have been sent to the store.
    pub fn messages(&self) -> u64 {
        self.cluster.wires.messages
    }

    /// How many events are to come, about.
    pub fn weight(&self) -> usize {
        self.cluster.wires.events.len() + self.cluster.tally.undecided().len()
    }

    /// The messages under way, first the one that arrives first.
    pub fn trips(&self) -> Vec<Trip> {
        let trip = |(until, event): (Time, &Event)| match *event {
            Event::AtStore(message, from) => Some(Trip { message, reply: None, from, until }),
            Event::AtNode(message, reply, from) => Some(Trip { message, reply: Some(reply), from, until }),
            Event::TimeOut(_) | Event::Tick(_) => None,
        };
        let mut trips: Vec<Trip> = self.cluster.wires.events.iter().filter_map(trip).collect();
        trips.sort_by_key(|trip| (trip.until, trip.message.chance, trip.from));
        trips
    }
}

/// This file: its name and its text.
pub const SOURCE: &str = file!();

/// Every reason that is not a design's own.
pub const RULES: &[&Rule] = &[&BALANCED, &NOT_REACHED, &NOBODY_WAITS, &WAITED, &CUT_OFF, &REACHED_AGAIN];

const BALANCED: Rule = Rule { name: "BALANCED", place: "arrival", says: "the load balancer sends it there" };
const NOT_REACHED: Rule =
    Rule { name: "NOT_REACHED", place: "at_store", says: "the store cannot be reached until {}" };
const NOBODY_WAITS: Rule =
    Rule { name: "NOBODY_WAITS", place: "at_node", says: "its node has waited {} and given up" };
const WAITED: Rule = Rule { name: "WAITED", place: "time_out", says: "there was no answer within {}" };
const CUT_OFF: Rule =
    Rule { name: "CUT_OFF", place: "store_down", says: "nothing gets through to it until {}" };
const REACHED_AGAIN: Rule =
    Rule { name: "REACHED_AGAIN", place: "store_back", says: "its counters are as they were" };
