//! # Callers
//!
//! Callers send requests at times that have nothing to do with how the stages are faring: an open
//! system, as the users of a large service are one. Each request has a tenant, a class of importance
//! and a need of work for every stage, each drawn from a stream of chance of its own in the order of
//! sending, so that every variant of a scenario gets the very same requests.
//!
//! A caller may have a **time-out**: if it has no answer by then it gives up this try and no longer
//! listens, whatever is still done for it. A try that is refused, dropped or lost comes back at once
//! as an error. After either the caller **retries**, if it has tries left, after a pause: the first
//! one `pause`, each further one `growth` times as long, at most a minute; with **jitter** a random
//! share of that (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015, "full
//! jitter"). Its chance depends on the request and the try alone. Without tries left it does without.
//!
//! The cost is a place in a table for each request that is still open. Left out: callers that send
//! less because they wait (a closed system), budgets for retries, hedged requests.

use super::request::MOST_STAGES;
use super::{Change, Name, Probe, Request, Subject};
use crate::catalogue::Rule;
use crate::kernel::{Arrivals, Distribution, Events, Random, Span, Time};
use crate::queue::Figure;
use std::collections::VecDeque;

/// What callers send.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// When they send.
    pub arrivals: Arrivals,
    /// How long the work takes.
    pub work: Distribution,
    /// How many times that long it takes at each stage, one number a stage.
    pub pace: Vec<f64>,
    /// How many requests there are.
    pub requests: u32,
    /// Which shares of them are for each tenant, in any unit; at least one.
    pub tenants: Vec<f64>,
    /// Which shares of them are of each class, the most important first; at least one.
    pub classes: Vec<f64>,
    /// How long they wait for an answer.
    pub patience: Option<Span>,
    /// How often they try again.
    pub retries: u32,
    /// How long they pause before the first retry.
    pub pause: Span,
    /// How many times as long each further pause is.
    pub growth: f64,
    /// Whether a pause is a random share of that.
    pub jitter: bool,
    /// Fixes every random choice.
    pub seed: u64,
}

/// The longest pause before a retry, in seconds.
const LONGEST_PAUSE: f64 = 60.0;

/// Callers at work.
#[derive(Clone, Debug)]
pub struct Callers {
    traffic: Traffic,
    sent: u32,
    next: Option<Time>,
    when: Random,
    work: Random,
    tenant: Random,
    class: Random,
    /// The requests from number `first` on; all before it are over.
    calls: VecDeque<Call>,
    first: u32,
    open: usize,
    pausing: usize,
    time_outs: Events<Name>,
    retries: Events<u32>,
}

/// A request as its caller sees it.
#[derive(Clone, Copy, Debug)]
struct Call {
    /// Its present or last try, as it was sent.
    request: Request,
    /// When it was first sent.
    asked: Time,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Its caller listens for an answer to the present try.
    Listens,
    /// Its caller pauses before the next try, since then.
    Pauses(Time),
    /// Its caller has an answer or does without.
    Over,
}

impl Callers {
    /// Callers that have sent nothing yet.
    pub fn new(traffic: Traffic) -> Self {
        let stream = |n| Random::stream(traffic.seed, n);
        let (when, work, tenant, class) = (stream(41), stream(42), stream(43), stream(44));
        let mut callers = Callers {
            traffic,
            sent: 0,
            next: None,
            when,
            work,
            tenant,
            class,
            calls: VecDeque::new(),
            first: 1,
            open: 0,
            pausing: 0,
            time_outs: Events::new(),
            retries: Events::new(),
        };
        callers.look_ahead();
        callers
    }

    fn look_ahead(&mut self) {
        let more = self.sent < self.traffic.requests;
        self.next = if more { self.traffic.arrivals.next(&mut self.when) } else { None };
    }

    /// When the next request is sent for the first time.
    pub fn next_sent(&self) -> Option<Time> {
        self.next
    }

    /// When the next one is sent again.
    pub fn next_retry(&self) -> Option<Time> {
        self.retries.next_time()
    }

    /// When the next caller gives up a try.
    pub fn next_time_out(&mut self) -> Option<Time> {
        while self.time_outs.peek().is_some_and(|(_, name)| !self.listens(*name)) {
            self.time_outs.forget();
        }
        self.time_outs.next_time()
    }

    /// How many requests have been sent.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// How many requests have neither an answer nor been given up.
    pub fn open(&self) -> usize {
        self.open
    }

    /// How many callers pause before they try again.
    pub fn pausing(&self) -> usize {
        self.pausing
    }

    /// The tries to come, each with the time at which it is sent and the one since which its caller
    /// pauses, in no particular order.
    pub fn coming_retries(&self) -> impl Iterator<Item = (Time, Time, Name)> + '_ {
        self.retries.iter().filter_map(|(at, number)| {
            let Call { request, state: State::Pauses(since), .. } = *self.call(*number)? else { return None };
            Some((at, since, Name { attempt: request.name.attempt + 1, ..request.name }))
        })
    }

    /// Whether somebody listens for an answer to the try called `name`.
    pub fn listens(&self, name: Name) -> bool {
        self.call(name.number).is_some_and(|call| call.state == State::Listens && call.request.name == name)
    }

    fn call(&self, number: u32) -> Option<&Call> {
        self.calls.get(number.checked_sub(self.first)? as usize)
    }

    fn call_mut(&mut self, number: u32) -> Option<&mut Call> {
        self.calls.get_mut(number.checked_sub(self.first)? as usize)
    }

    /// Sends the next request for the first time.
    pub fn send(&mut self, probe: &mut dyn Probe) -> Option<Request> {
        let now = self.next?;
        self.sent += 1;
        let mut request = Request::new(self.sent, now);
        request.needs = self.needs();
        request.tenant = one_of(&self.traffic.tenants, &mut self.tenant);
        request.class = one_of(&self.traffic.classes, &mut self.class);
        self.calls.push_back(Call { request, asked: now, state: State::Listens });
        self.open += 1;
        self.look_ahead();
        self.begin(request, now);
        probe.hear(now, Subject::Request(&request, 0), Change::Sent, &ASKS, None);
        Some(request)
    }

    fn needs(&mut self) -> [Span; MOST_STAGES] {
        let mut needs = [Span::ZERO; MOST_STAGES];
        for (need, pace) in needs.iter_mut().zip(&self.traffic.pace) {
            *need = Span::from_seconds(self.traffic.work.sample_seconds(&mut self.work) * pace);
        }
        needs
    }

    /// Sends the next one that is due again.
    pub fn send_again(&mut self, probe: &mut dyn Probe) -> Option<Request> {
        let (now, number) = self.retries.next()?;
        let call = self.call_mut(number)?;
        call.request.name.attempt += 1;
        call.request.sent = now;
        call.request.since = now;
        call.state = State::Listens;
        let request = call.request;
        self.pausing -= 1;
        self.begin(request, now);
        probe.hear(now, Subject::Request(&request, 0), Change::Sent, &ASKS_AGAIN, None);
        Some(request)
    }

    fn begin(&mut self, request: Request, now: Time) {
        if let Some(patience) = self.traffic.patience {
            self.time_outs.schedule(now + patience, request.name);
        }
    }

    /// The next caller whose patience is at its end gives up its try.
    pub fn time_out(&mut self, probe: &mut dyn Probe) -> Option<Name> {
        let (now, name) = self.time_outs.next()?;
        let request = self.call(name.number)?.request;
        let patience = self.traffic.patience.map(Figure::Span);
        probe.hear(now, Subject::Request(&request, 0), Change::TimedOut, &OUT_OF_PATIENCE, patience);
        self.try_again(name, now, probe);
        Some(name)
    }

    /// The try called `name` has come to nothing at `now`; if its caller still listened, it tries
    /// again or gives up.
    pub fn try_again(&mut self, name: Name, now: Time, probe: &mut dyn Probe) {
        if !self.listens(name) {
            return;
        }
        let Some(request) = self.call(name.number).map(|call| call.request) else { return };
        let subject = Subject::Request(&request, 0);
        if name.attempt > self.traffic.retries {
            let tries = Some(Figure::Count(u64::from(name.attempt)));
            probe.hear(now, subject, Change::GivenUp, &NO_TRIES_LEFT, tries);
            return self.close(name.number);
        }
        let pause = self.pause(name);
        let change = Change::Retries { at: now + pause };
        probe.hear(now, subject, change, &BACKS_OFF, Some(Figure::Span(pause)));
        self.retries.schedule(now + pause, name.number);
        self.pausing += 1;
        if let Some(call) = self.call_mut(name.number) {
            call.state = State::Pauses(now);
        }
    }

    /// How long the caller pauses after the try called `name`.
    fn pause(&self, name: Name) -> Span {
        let times = libm::pow(self.traffic.growth, f64::from(name.attempt - 1));
        let longest = (self.traffic.pause.seconds() * times).min(LONGEST_PAUSE);
        if !self.traffic.jitter {
            return Span::from_seconds(longest);
        }
        let seed = self.traffic.seed ^ u64::from(name.number) << 32;
        let share = Random::stream(seed, 1_000 + u64::from(name.attempt)).unit();
        Span::from_seconds(longest * share)
    }

    /// All work on `request` is done: its caller has the answer, if it still listens.
    pub fn answer(&mut self, request: &Request, stage: u8, now: Time, probe: &mut dyn Probe) {
        let name = request.name;
        let asked = self.call(name.number).map_or(now, |call| call.asked);
        let subject = Subject::Request(request, stage);
        if self.listens(name) {
            probe.hear(now, subject, Change::Answered { latency: now.since(asked) }, &IN_TIME, None);
            self.close(name.number);
        } else {
            probe.hear(now, subject, Change::InVain, &NOBODY_LISTENS, None);
        }
    }

    fn close(&mut self, number: u32) {
        if let Some(call) = self.call_mut(number) {
            call.state = State::Over;
            self.open -= 1;
        }
        while self.calls.front().is_some_and(|call| call.state == State::Over) {
            self.calls.pop_front();
            self.first += 1;
        }
    }
}

/// One of several, each as likely as its share of the whole; no chance is spent on a single one.
fn one_of(shares: &[f64], random: &mut Random) -> u8 {
    if shares.len() < 2 {
        return 0;
    }
    let mut left = random.unit() * shares.iter().sum::<f64>();
    for (at, share) in shares.iter().enumerate() {
        left -= share;
        if left < 0.0 {
            return at as u8;
        }
    }
    (shares.len() - 1) as u8
}

const ASKS: Rule =
    Rule { name: "ASKS", place: "send", says: "callers send when they like, however busy the stages are" };
const ASKS_AGAIN: Rule =
    Rule { name: "ASKS_AGAIN", place: "send_again", says: "the pause after its last try is over" };
const OUT_OF_PATIENCE: Rule =
    Rule { name: "OUT_OF_PATIENCE", place: "time_out", says: "there was no answer for {}" };
const NO_TRIES_LEFT: Rule = Rule {
    name: "NO_TRIES_LEFT",
    place: "try_again",
    says: "it has been tried {} times, and no more is allowed",
};
const BACKS_OFF: Rule =
    Rule { name: "BACKS_OFF", place: "try_again", says: "its caller has tries left and pauses for {}" };
const IN_TIME: Rule = Rule { name: "IN_TIME", place: "answer", says: "all work on it is done" };
const NOBODY_LISTENS: Rule =
    Rule { name: "NOBODY_LISTENS", place: "answer", says: "its caller gave up this try before it was done" };

/// The file of the callers.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] =
    &[&ASKS, &ASKS_AGAIN, &OUT_OF_PATIENCE, &NO_TRIES_LEFT, &BACKS_OFF, &IN_TIME, &NOBODY_LISTENS];
