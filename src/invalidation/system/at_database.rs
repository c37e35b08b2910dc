//! What the database does with a query that has come to it.

use super::messages::WORK;
use super::{Event, System};
use crate::catalogue::{Figure, Rule};
use crate::invalidation::database::Query;
use crate::invalidation::operation::{Content, Operation, Place, Version};
use crate::invalidation::probe::{Change, Probe};
use crate::invalidation::strategy::Came;
use crate::kernel::Span;

impl System {
    pub(super) fn at_database(&mut self, operation: Operation, query: Query, probe: &mut dyn Probe) {
        if self.database.down {
            return self.refuse(operation, probe);
        }
        if self.database.connect() {
            return self.begin(operation, query, &IS_FREE, probe);
        }
        let ahead = Figure::Count(self.database.queued() as u64);
        self.hear(operation, Change::Queues, &NO_CONNECTION, ahead, probe);
        self.database.waiting.push_back((operation, query));
        self.time_out(operation, Place::Database);
    }

    pub(super) fn refuse(&mut self, operation: Operation, probe: &mut dyn Probe) {
        self.hear(operation, Change::Lost, &REFUSED, Figure::None, probe);
        let failed = Event::Comes(operation, Came::Failed(Place::Database));
        self.events.schedule(self.now + self.plant.far, failed);
    }

    pub(super) fn begin(
        &mut self,
        operation: Operation,
        query: Query,
        rule: &'static Rule,
        probe: &mut dyn Probe,
    ) {
        self.hear(operation, Change::TakenUp { place: Place::Database }, rule, Figure::None, probe);
        let (seen, random) = (self.database.row(operation.key), &mut self.random(operation, WORK));
        let seconds = match query {
            Query::Load => self.plant.read.sample_seconds(random),
            Query::Check => self.plant.read.sample_seconds(random) * self.plant.check,
            Query::Store | Query::StoreBatch | Query::Act { .. } => self.plant.write.sample_seconds(random),
        };
        let done = self.now + Span::from_seconds(seconds);
        if done + self.plant.far > self.open[operation.slot as usize].sent + self.plant.timeout {
            self.time_out(operation, Place::Database);
        }
        self.events.schedule(done, Event::DatabaseDoes(operation, query, seen, self.database.epoch));
    }

    pub(super) fn database_does(
        &mut self,
        operation: Operation,
        query: Query,
        seen: Content,
        epoch: u32,
        probe: &mut dyn Probe,
    ) {
        if epoch != self.database.epoch {
            return self.refuse(operation, probe);
        }
        self.database.release();
        let came = match query {
            Query::Load => {
                self.database.done.reads += 1;
                self.hear(operation, Change::Read { content: seen }, &IN_ITS_ROW, Figure::None, probe);
                let sent = self.open[operation.slot as usize].sent;
                Came::Loaded(seen, (self.now + self.plant.far).since(sent))
            }
            Query::Check => {
                self.database.done.checks += 1;
                self.hear(operation, Change::Looked { content: seen }, &IN_ITS_ROW, Figure::None, probe);
                Came::Checked(seen)
            }
            Query::Store => Came::Stored(self.store(operation, probe)),
            Query::StoreBatch => Came::Stored(self.store_batch(operation, probe)),
            Query::Act { guarded } => Came::Acted(self.act(operation, guarded, probe)),
        };
        self.events.schedule(self.now + self.plant.far, Event::Comes(operation, came));
        if let Some((operation, query)) = self.database.waiting.pop_front() {
            self.database.connect();
            self.begin(operation, query, &ITS_TURN, probe);
        }
    }

    pub(super) fn store(&mut self, operation: Operation, probe: &mut dyn Probe) -> Content {
        self.database.done.writes += 1;
        let (key, write) = (operation.key, operation.number);
        let version = operation.content.unwrap_or_else(|| self.ledger.record(key, write));
        self.commit(operation, operation.key, version, probe);
        Some(version)
    }

    pub(super) fn store_batch(&mut self, operation: Operation, probe: &mut dyn Probe) -> Content {
        self.database.done.writes += 1;
        let rows = self.strategy.batch(&operation).len();
        for row in 0..rows {
            let (key, version) = self.strategy.batch(&operation)[row];
            self.commit(operation, key, version, probe);
        }
        operation.content
    }

    /// Does what the client wants because of a value, and compares that with the row at that moment;
    /// whether it did it.
    pub(super) fn act(&mut self, operation: Operation, guarded: bool, probe: &mut dyn Probe) -> bool {
        self.database.done.writes += 1;
        let holds = self.database.row(operation.key) == operation.content;
        let (change, rule) = match (holds, guarded) {
            (true, _) => (Change::Acted, &STILL_HOLDS),
            (false, true) => (Change::Conflict, &HAS_ANOTHER),
            (false, false) => (Change::Mistaken, &DOES_NOT_ASK),
        };
        self.hear(operation, change, rule, Figure::None, probe);
        holds || !guarded
    }

    pub(super) fn commit(&mut self, operation: Operation, key: u32, version: Version, probe: &mut dyn Probe) {
        self.database.write(key, version);
        self.database.done.rows += 1;
        let operation = Operation { key, ..operation };
        let committed = Change::Committed { content: Some(version) };
        self.hear(operation, committed, &COMMITS, Figure::None, probe);
        self.with_desk(probe, |strategy, desk| strategy.committed(key, version, desk));
    }
}

const NO_CONNECTION: Rule = Rule {
    name: "NO_CONNECTION",
    place: "at_database",
    says: "every connection is in use, and {} wait before it",
};
const IS_FREE: Rule = Rule { name: "IS_FREE", place: "at_database", says: "a connection is free" };
const ITS_TURN: Rule = Rule {
    name: "ITS_TURN",
    place: "database_does",
    says: "another query is done, and it has waited longest",
};
const REFUSED: Rule = Rule { name: "REFUSED", place: "refuse", says: "the database is down" };
const IN_ITS_ROW: Rule =
    Rule { name: "IN_ITS_ROW", place: "database_does", says: "that was committed when the query began" };
const COMMITS: Rule = Rule { name: "COMMITS", place: "commit", says: "the statement is done" };
const STILL_HOLDS: Rule =
    Rule { name: "STILL_HOLDS", place: "act", says: "the value it rests on is the one in its row" };
const HAS_ANOTHER: Rule = Rule {
    name: "HAS_ANOTHER",
    place: "act",
    says: "it was told which value that rests on, and another one is in its row",
};
const DOES_NOT_ASK: Rule = Rule {
    name: "DOES_NOT_ASK",
    place: "act",
    says: "another value is in its row, and nobody told it to compare",
};

/// This file.
pub(in crate::invalidation) const SOURCE: &str = file!();
/// Its rules.
pub(in crate::invalidation) const RULES: &[&Rule] = &[
    &IS_FREE,
    &ITS_TURN,
    &NO_CONNECTION,
    &REFUSED,
    &IN_ITS_ROW,
    &COMMITS,
    &STILL_HOLDS,
    &HAS_ANOTHER,
    &DOES_NOT_ASK,
];
