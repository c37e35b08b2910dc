//! Troubles that begin and end.

use super::System;
use crate::catalogue::{Figure, Rule};
use crate::invalidation::operation::Place;
use crate::invalidation::probe::{Change, Probe, Who};
use crate::invalidation::trouble::Fault;

impl System {
    pub(super) fn trouble(&mut self, probe: &mut dyn Probe) {
        let Some((_, begins, trouble)) = self.edges.get(self.edge).copied() else { return };
        self.edge += 1;
        let (place, change, rule) = match trouble.what {
            Fault::Restart => {
                self.epoch += 1;
                self.cache.clear();
                (Place::Cache, Change::Restarts, &RESTARTED)
            }
            Fault::Slow(times) => {
                self.slow = if begins { times } else { 1.0 };
                (Place::Cache, if begins { Change::Slow } else { Change::Fast }, &SLOW)
            }
            Fault::Unreachable => {
                self.unreachable = begins;
                (Place::Cache, if begins { Change::Down } else { Change::Back }, &UNREACHABLE)
            }
            Fault::Down => {
                self.database.down = begins;
                (Place::Database, if begins { Change::Down } else { Change::Back }, &DOWN)
            }
            Fault::Parted => {
                self.parted = begins.then_some(trouble.until);
                (Place::Cache, if begins { Change::Parted } else { Change::Joined }, &CUT)
            }
            Fault::LostNotice => {
                self.to_lose += 1;
                (Place::Cache, Change::LosesNext, &UNRELIABLE)
            }
        };
        let rule = if begins { rule } else { &OVER };
        let until = if begins && trouble.what.lasts() { Figure::Time(trouble.until) } else { Figure::None };
        probe.hear(self.now, Who::Place(place), change, rule, until);
        if trouble.what == Fault::Restart {
            self.with_desk(probe, |strategy, desk| strategy.restarted(desk));
        }
        if trouble.what == Fault::Down && begins {
            self.drop_queries(probe);
        }
    }

    /// The database goes down: what it works on, and who waits for a connection, gets an error.
    pub(super) fn drop_queries(&mut self, probe: &mut dyn Probe) {
        self.database.epoch += 1;
        while self.database.busy() > 0 {
            self.database.release();
        }
        while let Some((operation, _)) = self.database.waiting.pop_front() {
            self.refuse(operation, probe);
        }
    }
}

const OVER: Rule = Rule { name: "OVER", place: "trouble", says: "what was wrong is mended" };
const RESTARTED: Rule =
    Rule { name: "RESTARTED", place: "trouble", says: "its process starts anew, with nothing in it" };
const SLOW: Rule = Rule { name: "SLOW", place: "trouble", says: "its network is overloaded" };
const UNREACHABLE: Rule = Rule { name: "UNREACHABLE", place: "trouble", says: "the network to it is broken" };
const DOWN: Rule = Rule { name: "DOWN", place: "trouble", says: "its machine is down" };
const UNRELIABLE: Rule =
    Rule { name: "UNRELIABLE", place: "trouble", says: "the network to it is overloaded" };
const CUT: Rule = Rule { name: "CUT", place: "trouble", says: "the network between them is broken" };

/// This file.
pub(in crate::invalidation) const SOURCE: &str = file!();
/// Its rules.
pub(in crate::invalidation) const RULES: &[&Rule] =
    &[&OVER, &UNRELIABLE, &RESTARTED, &SLOW, &UNREACHABLE, &DOWN, &CUT];
