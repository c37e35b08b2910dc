//! How a command comes to the cache, waits there for its node, and gets its answer.

use super::messages::FROM_CACHE;
use super::{Event, System};
use crate::catalogue::{Figure, Rule};
use crate::invalidation::at_cache::AtCache;
use crate::invalidation::operation::{Operation, Place};
use crate::invalidation::probe::{Change, Probe};
use crate::invalidation::strategy::{Came, Command};
use crate::kernel::Span;
use twox_hash::XxHash64;

impl System {
    pub(super) fn at_cache(&mut self, operation: Operation, command: Command, probe: &mut dyn Probe) {
        if self.unreachable {
            self.hear(operation, Change::Lost, &CANNOT_REACH, Figure::None, probe);
            return self.time_out(operation, Place::Cache);
        }
        let node = self.node_of(operation.name);
        self.count(node);
        if self.plant.work == Span::ZERO {
            return self.cache_does(operation, command, probe);
        }
        let free = Figure::Span(self.idle[node].since(self.now));
        self.hear(operation, Change::TakenUp { place: Place::Cache }, &IN_TURN, free, probe);
        let done = self.idle[node].max(self.now) + self.plant.work;
        self.idle[node] = done;
        if done > self.open[operation.slot as usize].sent + self.plant.timeout {
            self.time_out(operation, Place::Cache);
        }
        self.events.schedule(done, Event::CacheDoes(operation, command));
    }

    fn count(&mut self, node: usize) {
        self.commands[node] += 1;
        self.all_commands += 1;
        self.most_commands = self.most_commands.max(self.commands[node]);
    }

    /// The node of the cache that keeps `name`: the one on which its hash falls, an XXH64.
    pub fn node_of(&self, name: u32) -> usize {
        const SEED: u64 = 0;
        (XxHash64::oneshot(SEED, &name.to_le_bytes()) % self.idle.len() as u64) as usize
    }

    pub(super) fn cache_does(&mut self, operation: Operation, command: Command, probe: &mut dyn Probe) {
        let (cache, now) = (&mut self.cache, self.now);
        let came = AtCache { cache, now, operation, probe: &mut *probe }.does(command);
        match came {
            Came::Deleted(_) => self.with_desk(probe, |strategy, desk| strategy.deleted(operation, desk)),
            Came::Refused => {}
            _ => self.strategy.served(operation),
        }
        let missed = operation.missed || matches!(came, Came::Missed | Came::Leased(_) | Came::Taken);
        let operation = Operation { missed, ..operation };
        if operation.place == Place::Cache {
            return self.go_on(operation, came, probe);
        }
        let arrives = self.now + self.near(operation, FROM_CACHE);
        if arrives > self.open[operation.slot as usize].sent + self.plant.timeout {
            self.time_out(operation, Place::Cache);
        }
        self.events.schedule(arrives, Event::Comes(operation, came));
    }
}

const CANNOT_REACH: Rule =
    Rule { name: "CANNOT_REACH", place: "at_cache", says: "the cache cannot be reached" };
const IN_TURN: Rule = Rule {
    name: "IN_TURN",
    place: "at_cache",
    says: "its node does one after another, and is busy for {} more",
};

/// This file.
pub(in crate::invalidation) const SOURCE: &str = file!();
/// Its rules.
pub(in crate::invalidation) const RULES: &[&Rule] = &[&IN_TURN, &CANNOT_REACH];
