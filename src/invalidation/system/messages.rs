//! Messages under way: how long they take, which are lost, and how long anybody waits for an answer.

use super::{Event, System};
use crate::catalogue::{Figure, Rule};
use crate::invalidation::cache::Fill;
use crate::invalidation::database::Query;
use crate::invalidation::operation::{Kind, Operation, Place};
use crate::invalidation::probe::{Change, Probe};
use crate::invalidation::strategy::{Came, Command};
use crate::kernel::{Random, Span};

/// What chance decides about a command: how long its message to the cache takes, and the answer, whether
/// it is lost, and how long the database works on it.
pub(super) const TO_CACHE: u64 = 0;
pub(super) const FROM_CACHE: u64 = 1;
const LOSS: u64 = 2;
pub(super) const WORK: u64 = 3;

impl System {
    /// The chance that decides `what` about the last command of `operation`.
    pub(super) fn random(&self, operation: Operation, what: u64) -> Random {
        const MATTERS: u64 = 4;
        let command = u64::from(operation.commands) * MATTERS + what;
        Random::stream(self.chance ^ operation.called().identity(), command)
    }

    /// How long a message is under way between a server and the cache.
    pub(super) fn near(&self, operation: Operation, what: u64) -> Span {
        let seconds = self.plant.near.sample_seconds(&mut self.random(operation, what));
        Span::from_seconds((seconds * self.slow).min(1e9))
    }

    pub(super) fn time_out(&mut self, operation: Operation, place: Place) {
        if self.is_awaited(&operation) {
            let sent = self.open[operation.slot as usize].sent;
            self.events.schedule(sent + self.plant.timeout, Event::TimesOut(operation, place));
        }
    }

    /// Whether a message that deletes is one of those that are lost.
    pub(super) fn loses(&mut self, operation: Operation) -> bool {
        if self.to_lose > 0 {
            self.to_lose -= 1;
            return true;
        }
        self.plant.lost > 0.0 && self.random(operation, LOSS).unit() < self.plant.lost
    }

    pub(super) fn send_to_cache(&mut self, operation: Operation, command: Command, probe: &mut dyn Probe) {
        let command = self.by_its_clock(operation, command);
        if operation.place == Place::Cache {
            return self.cache_does(operation, command, probe);
        }
        if command == Command::Delete && self.loses(operation) {
            self.hear(operation, Change::Lost, &NOT_DELIVERED, Figure::None, probe);
            return self.time_out(operation, Place::Cache);
        }
        self.events.schedule(self.now + self.near(operation, TO_CACHE), Event::AtCache(operation, command));
    }

    /// A server says until when a value is to be kept; by a clock that is wrong it says it wrongly.
    pub(super) fn by_its_clock(&self, operation: Operation, command: Command) -> Command {
        match command {
            Command::Fill(fill, check) if self.plant.clocks > 0.0 => {
                let (fresh, life) = (self.off(operation, fill.fresh), self.off(operation, fill.life));
                Command::Fill(Fill { fresh, life, ..fill }, check)
            }
            _ => command,
        }
    }

    pub(super) fn off(&self, operation: Operation, span: Span) -> Span {
        if span == Span::MAX || operation.place != Place::Server || self.servers < 2 {
            return span;
        }
        let place = f64::from(operation.server) / f64::from(self.servers - 1);
        Span::from_seconds((span.seconds() + self.plant.clocks * (2.0 * place - 1.0)).max(0.0))
    }

    pub(super) fn send_on(&mut self, operation: Operation, after: Span, probe: &mut dyn Probe) {
        let notice = operation.kind == Kind::Notice;
        if notice && self.loses(operation) {
            return self.lose(operation, &NOTICE_LOST, probe);
        }
        let way = match operation.place {
            Place::Database => self.plant.far,
            _ => self.near(operation, TO_CACHE),
        };
        self.events.schedule(self.now + after + way, Event::Passes(operation));
    }

    pub(super) fn send_back(&mut self, operation: Operation, probe: &mut dyn Probe) {
        if self.unreachable || self.loses(operation) {
            return self.lose(operation, &NEVER_COMES, probe);
        }
        let arrives = self.now + self.near(operation, FROM_CACHE);
        let there = Operation { place: Place::Server, ..operation };
        self.events.schedule(arrives, Event::Comes(there, Came::Passed));
    }

    /// Something in the background is over, for its message does not arrive.
    fn lose(&mut self, operation: Operation, rule: &'static Rule, probe: &mut dyn Probe) {
        self.hear(operation, Change::Lost, rule, Figure::None, probe);
        self.hear(operation, Change::Ended, rule, Figure::None, probe);
        self.close(operation);
    }

    pub(super) fn passes(&mut self, operation: Operation, probe: &mut dyn Probe) {
        match self.parted {
            Some(until) if operation.place == Place::Database => {
                self.hear(operation, Change::Waits, &HELD_BACK, Figure::Time(until), probe);
                return self.events.schedule(until + self.plant.far, Event::Passes(operation));
            }
            _ => {}
        }
        if self.unreachable && operation.place == Place::Server {
            self.hear(operation, Change::Lost, &NOT_REACHED, Figure::None, probe);
            return self.time_out(operation, Place::Cache);
        }
        if operation.kind.is_asked_for() {
            let sent = self.open[operation.slot as usize].sent;
            self.events.schedule(sent + self.plant.timeout, Event::GivesUp(operation));
        }
        let operation = Operation { place: Place::Cache, epoch: self.epoch, ..operation };
        self.go_on(operation, Came::Passed, probe);
    }

    pub(super) fn send_to_database(&mut self, operation: Operation, query: Query, probe: &mut dyn Probe) {
        if self.parted.is_some() && operation.place == Place::Cache {
            self.hear(operation, Change::Lost, &PARTED, Figure::None, probe);
            return self.time_out(operation, Place::Database);
        }
        self.events.schedule(self.now + self.plant.far, Event::AtDatabase(operation, query));
    }
}

const NOT_DELIVERED: Rule =
    Rule { name: "NOT_DELIVERED", place: "send_to_cache", says: "the message got lost" };
const NOTICE_LOST: Rule = Rule { name: "NOTICE_LOST", place: "send_on", says: "the message got lost" };
const NEVER_COMES: Rule = Rule {
    name: "NEVER_COMES",
    place: "send_back",
    says: "the message gets lost, or the server cannot be reached",
};
const HELD_BACK: Rule =
    Rule { name: "HELD_BACK", place: "passes", says: "cache and database cannot reach each other until {}" };
const NOT_REACHED: Rule = Rule { name: "NOT_REACHED", place: "passes", says: "the cache cannot be reached" };
const PARTED: Rule =
    Rule { name: "PARTED", place: "send_to_database", says: "the cache cannot reach the database" };

/// This file.
pub(in crate::invalidation) const SOURCE: &str = file!();
/// Its rules.
pub(in crate::invalidation) const RULES: &[&Rule] =
    &[&NOT_DELIVERED, &NOTICE_LOST, &NEVER_COMES, &HELD_BACK, &NOT_REACHED, &PARTED];
