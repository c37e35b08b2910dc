//! # The door
//!
//! Clients send requests, a [limiter](crate::limit::Limiter) at the door decides about each, and who
//! passes is served. The limiter reads its own clock, which somebody may put.
//!
//! A client whose request is refused has a few tries. One that **obeys** comes back when the response
//! says: after `Retry-After`, which HTTP gives in whole seconds (RFC 9110, section 10.2.3), so that
//! many come back together. One that **insists** does not look at the response and tries again after
//! a pause of its own, as a loop without a backoff does.
//!
//! A request that passes takes a worker for a while, or waits in line for one; its client may lose
//! patience, and the limiter is told how each request ended. Left out: the network, failures of the
//! server, and backoff that grows from try to try.

use super::clock::{Clock, Jump};
use super::server::{Server, Setup};
use super::{Change, Ear, Heard, Request, Source, Traffic};
use crate::catalogue::Rule;
use crate::kernel::{Events, Span, Time};
use crate::limit::{Decision, Figure, Finish, Key, Limiter, Verdict};

const OBEYS: Rule =
    Rule { name: "OBEYS", place: "come_back", says: "the response says to come back after {}, and it obeys" };
const UNTOLD: Rule = Rule {
    name: "UNTOLD",
    place: "come_back",
    says: "the response does not say when to come back, and it tries every {}",
};
const INSISTS: Rule = Rule {
    name: "INSISTS",
    place: "come_back",
    says: "it does not look at the response, and tries every {}",
};
const LAST_TRY: Rule = Rule { name: "LAST_TRY", place: "come_back", says: "this was its last try of {}" };
const WAIT_OVER: Rule = Rule { name: "WAIT_OVER", place: "wait_over", says: "it was held back for {}" };
const FREE: Rule = Rule { name: "FREE", place: "hand_out", says: "the worker is free" };
const ALL_BUSY: Rule = Rule { name: "ALL_BUSY", place: "enter", says: "all {} workers are busy" };
const SERVED: Rule = Rule { name: "SERVED", place: "work_ends", says: "it has taken {} since it passed" };
const NOBODY_WAITS: Rule =
    Rule { name: "NOBODY_WAITS", place: "work_ends", says: "its client left {} after it had passed" };
const OUT_OF_PATIENCE: Rule = Rule {
    name: "OUT_OF_PATIENCE",
    place: "leave",
    says: "its client has waited for {}, as long as it will",
};
const PUT: Rule = Rule { name: "PUT", place: "put_clock", says: "somebody puts it by {}" };

/// The rules of the door itself.
pub const DOOR_RULES: &[&Rule] = &[
    &OBEYS,
    &UNTOLD,
    &INSISTS,
    &LAST_TRY,
    &WAIT_OVER,
    &FREE,
    &ALL_BUSY,
    &SERVED,
    &NOBODY_WAITS,
    &OUT_OF_PATIENCE,
    &PUT,
];

/// This file, to be shown beside the limiter's.
pub const DOOR_SOURCE: &str = file!();

/// What clients do, and whose requests are counted together.
#[derive(Clone, Debug, PartialEq)]
pub struct Habits {
    /// Whether all clients have one key; otherwise each has its own.
    pub shared: bool,
    /// How often a request is tried at the most, at least once.
    pub tries: u32,
    /// How many clients obey, the first ones; the others insist.
    pub obeying: u32,
    /// Whether they are told whole seconds, as a header does.
    pub whole_seconds: bool,
    /// How long those wait who are not told, or do not listen.
    pub pause: Span,
}

/// What a door is made of.
pub struct Order {
    /// Who comes.
    pub traffic: Traffic,
    /// Who decides.
    pub limiter: Box<dyn Limiter>,
    /// What clients do.
    pub habits: Habits,
    /// Who serves those that pass.
    pub server: Setup,
    /// By how much the limiter's clock is behind at the start.
    pub behind: Span,
    /// How it is put, by rising time.
    pub jumps: Vec<Jump>,
}

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A client tries again.
    Returns {
        /// The request, as it will be then.
        request: Request,
        /// When it was refused.
        since: Time,
    },
    /// A wait is over.
    Passes(Request),
    /// The work of this worker ends.
    WorkEnds(u32),
    /// The client of a request runs out of patience.
    Leaves {
        /// The place of the request at the server.
        place: u32,
        /// Its number; another one may have come to its place.
        number: u32,
    },
}

/// A limiter between those who send and those who serve.
pub struct Door {
    source: Source,
    limiter: Box<dyn Limiter>,
    habits: Habits,
    server: Server,
    clock: Clock,
    events: Events<Event>,
    now: Time,
    /// How many requests of each key have passed and are not over.
    in_flight: Vec<u32>,
    /// The same of all keys.
    under_way: u64,
    /// The key that the limiter was asked about last.
    asked: Key,
}

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    ClockPut,
    Event,
    Sent,
}

impl Door {
    /// A door to which nobody has come yet.
    pub fn new(order: Order) -> Self {
        Door {
            source: Source::new(order.traffic),
            limiter: order.limiter,
            habits: order.habits,
            server: Server::new(order.server),
            clock: Clock::new(order.behind, order.jumps),
            events: Events::new(),
            now: Time::ZERO,
            in_flight: Vec::new(),
            under_way: 0,
            asked: 0,
        }
    }

    /// When something happens next; `None` when nothing more does.
    pub fn next_time(&self) -> Option<Time> {
        self.next().map(|(at, _)| at)
    }

    /// The first of what is to come; of what comes together, the first in the order of [`Next`].
    fn next(&self) -> Option<(Time, Next)> {
        let event = self.events.next_time().map(|at| (at, Next::Event));
        let sent = self.source.next_time().map(|at| (at, Next::Sent));
        let first = event.into_iter().chain(sent).min()?;
        let put = self.clock.next_jump().map(|at| (at, Next::ClockPut));
        Some(put.map_or(first, |put| put.min(first)))
    }

    /// Lets the next thing happen, if any, and tells it.
    pub fn happen(&mut self, ear: &mut dyn Ear) {
        let Some((now, next)) = self.next() else { return };
        self.now = now;
        match next {
            Next::ClockPut => self.put_clock(ear),
            Next::Sent => {
                if let Some(request) = self.source.send() {
                    self.ask(request, ear);
                }
            }
            Next::Event => match self.events.next() {
                Some((_, Event::Returns { request, .. })) => self.ask(request, ear),
                Some((_, Event::Passes(request))) => self.wait_over(request, ear),
                Some((_, Event::WorkEnds(worker))) => self.work_ends(worker, ear),
                Some((_, Event::Leaves { place, number })) => self.leave(place, number, ear),
                None => {}
            },
        }
    }

    fn tell(
        &self,
        ear: &mut dyn Ear,
        request: &Request,
        change: Change,
        rule: &'static Rule,
        figure: Figure,
    ) {
        ear.hear(&Heard { at: self.now, request: Some(*request), change, rule, figure });
    }

    /// The key under which a client's requests are counted.
    pub fn key_of(&self, client: u32) -> Key {
        if self.habits.shared { 0 } else { client }
    }

    /// A request stands at the door, for the first time or again.
    fn ask(&mut self, request: Request, ear: &mut dyn Ear) {
        self.asked = self.key_of(request.client);
        let decision = self.limiter.decide(self.asked, request.cost, self.clock.read(self.now));
        ear.answered(self.now, &request, &decision);
        let Decision { verdict, rule, figure, .. } = decision;
        let attempt = request.attempt;
        match verdict {
            Verdict::Admitted { wait: Span::ZERO } => {
                self.tell(ear, &request, Change::Admitted { attempt }, rule, figure);
                self.enter(request, ear);
            }
            Verdict::Admitted { wait } => {
                self.tell(ear, &request, Change::HeldBack { attempt, wait }, rule, figure);
                self.events.schedule(self.now + wait, Event::Passes(request));
            }
            Verdict::Refused { retry } => {
                self.tell(ear, &request, Change::Refused { attempt, retry }, rule, figure);
                self.come_back(request, retry, ear);
            }
        }
    }

    /// What a client does whose request was refused.
    fn come_back(&mut self, request: Request, retry: Option<Span>, ear: &mut dyn Ear) {
        let tries = self.habits.tries;
        if request.attempt >= tries {
            let tries = Figure::Count(u64::from(tries));
            return self.tell(ear, &request, Change::GivesUp, &LAST_TRY, tries);
        }
        let pause = self.habits.pause;
        let (rule, after) = match retry {
            _ if request.client >= self.habits.obeying => (&INSISTS, pause),
            None => (&UNTOLD, pause),
            Some(retry) if self.habits.whole_seconds => (&OBEYS, whole_seconds(retry)),
            Some(retry) => (&OBEYS, retry),
        };
        let at = self.now + after;
        self.tell(ear, &request, Change::WillReturn { at }, rule, Figure::Span(after));
        let again = Request { attempt: request.attempt + 1, asked: at, ..request };
        self.events.schedule(at, Event::Returns { request: again, since: self.now });
    }

    fn wait_over(&mut self, request: Request, ear: &mut dyn Ear) {
        let waited = Figure::Span(self.now.since(request.asked));
        self.tell(ear, &request, Change::Passes, &WAIT_OVER, waited);
        self.enter(request, ear);
    }

    /// A request is through the door.
    fn enter(&mut self, request: Request, ear: &mut dyn Ear) {
        let request = self.count_in(request);
        if self.server.setup.workers == 0 {
            return self.over(&request, false, ear);
        }
        let place = self.server.take_in(request);
        if let Some(patience) = self.server.setup.patience {
            let leaves = Event::Leaves { place, number: request.number };
            self.events.schedule(self.now + patience, leaves);
        }
        if self.server.free_worker().is_none() {
            let busy = Figure::Count(self.server.busy() as u64);
            self.tell(ear, &request, Change::Queued, &ALL_BUSY, busy);
        }
        self.server.line_up(place);
        self.hand_out(ear);
    }

    fn count_in(&mut self, request: Request) -> Request {
        let key = self.key_of(request.client) as usize;
        if key >= self.in_flight.len() {
            self.in_flight.resize(key + 1, 0);
        }
        self.in_flight[key] += 1;
        self.under_way += 1;
        Request { passed: self.now, in_flight: self.in_flight[key], ..request }
    }

    /// Whoever is next in line goes to whoever is free.
    fn hand_out(&mut self, ear: &mut dyn Ear) {
        while let Some(worker) = self.server.free_worker() {
            let Some(place) = self.server.next_in_line() else { return };
            let until = self.server.begin(worker, place, self.now);
            self.events.schedule(until, Event::WorkEnds(worker));
            let request = self.server.at(place).request;
            self.tell(ear, &request, Change::Started { worker }, &FREE, Figure::None);
        }
    }

    fn work_ends(&mut self, worker: u32, ear: &mut dyn Ear) {
        if let Some(passed) = self.server.end(worker) {
            let request = passed.request;
            if passed.left {
                let patience = self.server.setup.patience.unwrap_or(Span::ZERO);
                let wasted = Change::Wasted { worker };
                self.tell(ear, &request, wasted, &NOBODY_WAITS, Figure::Span(patience));
            } else {
                let took = Figure::Span(self.now.since(request.passed));
                self.tell(ear, &request, Change::Done { worker }, &SERVED, took);
                self.over(&request, false, ear);
            }
        }
        self.hand_out(ear);
    }

    fn leave(&mut self, place: u32, number: u32, ear: &mut dyn Ear) {
        let Some(request) = self.server.leave(place, number) else { return };
        let waited = Figure::Span(self.now.since(request.passed));
        self.tell(ear, &request, Change::Dropped, &OUT_OF_PATIENCE, waited);
        self.over(&request, true, ear);
    }

    /// The limiter is told that a request is over.
    fn over(&mut self, request: &Request, dropped: bool, ear: &mut dyn Ear) {
        let key = self.key_of(request.client);
        self.in_flight[key as usize] -= 1;
        self.under_way -= 1;
        let took = self.now.since(request.passed);
        let finish = Finish { took, in_flight: request.in_flight, dropped };
        let adjusted = self.limiter.finish(key, self.clock.read(self.now), finish);
        if let Some(adjustment) = adjusted {
            let change = Change::Adapts { from: adjustment.from, to: adjustment.to };
            let (rule, figure) = (adjustment.rule, adjustment.figure);
            ear.hear(&Heard { at: self.now, request: None, change, rule, figure });
        }
    }

    fn put_clock(&mut self, ear: &mut dyn Ear) {
        let Some(jump) = self.clock.jump() else { return };
        let change = if jump.forward { Change::Forward } else { Change::Backward };
        ear.hear(&Heard { at: self.now, request: None, change, rule: &PUT, figure: Figure::Span(jump.by) });
    }

    /// The limiter.
    pub fn limiter(&self) -> &dyn Limiter {
        &*self.limiter
    }

    /// The limiter's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The key that the limiter was asked about last.
    pub fn asked(&self) -> Key {
        self.asked
    }

    /// How many requests have been sent.
    pub fn sent(&self) -> u32 {
        self.source.sent()
    }

    /// When the next one is sent, if any is.
    pub fn next_sent(&self) -> Option<Time> {
        self.source.next_time()
    }

    /// How many have passed and are not over.
    pub fn under_way(&self) -> u64 {
        self.under_way
    }

    /// What will happen, with its times, in no particular order.
    pub fn to_come(&self) -> impl Iterator<Item = (Time, &Event)> {
        self.events.iter()
    }

    /// How many things will happen.
    pub fn pending(&self) -> usize {
        self.events.len()
    }

    /// The same once more.
    pub fn duplicate(&self) -> Self {
        Door {
            source: self.source.clone(),
            limiter: self.limiter.duplicate(),
            habits: self.habits.clone(),
            server: self.server.clone(),
            clock: self.clock.clone(),
            events: self.events.clone(),
            in_flight: self.in_flight.clone(),
            ..*self
        }
    }
}

/// `Retry-After` as a header says it: whole seconds, rounded up.
pub fn whole_seconds(retry: Span) -> Span {
    const SECOND: u64 = 1_000_000_000;
    Span::from_nanos(retry.nanos().div_ceil(SECOND).saturating_mul(SECOND))
}
