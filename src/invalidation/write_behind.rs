//! # Write-behind
//!
//! A write ends at the cache, which acknowledges it at once and tells the database **later**: when the
//! oldest value that waits is of a certain age, or when enough wait to fill a batch. Until then the cache is
//! the place of record. If it dies, what it had acknowledged and not yet brought to the database is **lost**;
//! the age bounds how much that is, as long as the database keeps up.
//!
//! With **coalescing** a later value of a key takes the place of one that waits, so the database gets fewer
//! writes, and not every value is ever there. Without it, every value is written, in order.
//!
//! What waits stands in a queue of its own, apart from the entries. An entry that has to make room before
//! its value is written is therefore not lost: a read that does not find it gets it from the queue, as in
//! Ehcache (`AbstractWriteBehind.load`). One batch is under way at a time; if the database does not answer,
//! the same batch is brought once more half a second later, which does no harm, for a row never goes back to
//! an older version.
//!
//! Oracle Coherence, "Caching Data Sources", write-behind; Hennessy and Patterson call it write-back. Cost:
//! the memory of the queue, which grows without bound while the database is down, and the lost writes. A
//! batch that is under way when the cache dies is rolled back, for nobody is left to commit it. Left out:
//! copies of the queue on other nodes, queues on disk, and that a batch takes longer than a single write.

use super::parameters::{TTL, seconds};
use super::{
    Came, Desk, Key, Kind, Listed, LoadThrough, Operation, Place, Setup, Shelf, Strategy, Version, Why,
};
use crate::catalogue::{About, Figure, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use std::collections::VecDeque;

/// Writes that the database learns of later.
#[derive(Clone, Debug)]
pub struct WriteBehind {
    reading: LoadThrough,
    age: Span,
    batch: usize,
    coalesces: bool,
    /// What waits to be written, the oldest first.
    queue: VecDeque<Waiting>,
    /// What is being written, and by which flush; 0: none is under way.
    written: Vec<(Key, Version)>,
    flush: u32,
    /// Whether somebody looks again when the oldest is old enough.
    watched: bool,
    /// How many values have ever been taken out of the queue.
    taken: u64,
    keys: Vec<Known>,
}

/// What is known of a key.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// The newest value that the database has.
    saved: Version,
    /// The newest value of all, if the database does not have that.
    unsaved: Option<Version>,
    /// Its place in the queue, if all that were ever in there are counted from 0.
    place: u64,
}

/// A value that waits to be written.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    key: Key,
    version: Version,
    since: Time,
}

/// After how long a batch is tried again.
const RETRY: Span = Span::from_millis(500);

const AGE: Parameter = seconds(
    "age",
    "seconds after which a value that waits is written; never: only a full batch is",
    Some(1.0),
);
const BATCH: Parameter = Parameter {
    id: "batch",
    means: "values that are written at once; when so many wait, they are",
    range: Range::Whole { least: 1, most: 1_000_000, default: 100 },
};
const COALESCE: Parameter = Parameter {
    id: "coalesce",
    means: "whether a later value of a key takes the place of one that waits",
    range: Range::Choice(&["yes", "no"]),
};

impl WriteBehind {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "write-behind",
        name: "Write-behind",
        idea: "The cache acknowledges a write at once and tells the database later.",
        file: file!(),
        parameters: &[TTL, AGE, BATCH, COALESCE],
        rules: &[
            &PASSES,
            &NOT_REACHED,
            &QUEUED,
            &RECORDS,
            &VOIDS,
            &KEEPS,
            &DONE,
            &WATCHES,
            &YOUNG,
            &FULL,
            &OLD,
            &BRINGS,
            &SAVED,
            &LATE,
            &TIME,
            &NO_ANSWER,
            &AGAIN,
            &LOST,
        ],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "every read and every write passes the place of record",
            read: "what was written lately is in the cache already",
            write: "only the cache is waited for",
            lost: "what waits to be written dies with the cache",
        },
    };

    /// Nothing kept yet.
    pub fn new(setup: &Setup) -> Self {
        let ttl = setup.parameters.seconds("ttl");
        WriteBehind {
            reading: LoadThrough::new(ttl, ttl),
            age: setup.parameters.seconds("age"),
            batch: setup.parameters.whole("batch"),
            coalesces: setup.parameters.choice("coalesce") == "yes",
            queue: VecDeque::new(),
            written: Vec::new(),
            flush: 0,
            watched: false,
            taken: 0,
            keys: vec![Known { saved: Version::FIRST, unsaved: None, place: 0 }; setup.asked_for as usize],
        }
    }

    /// A read comes to the cache.
    fn look(&mut self, operation: Operation, desk: &mut Desk) {
        let unsaved = self.keys[operation.key as usize].unsaved;
        match desk.entry(operation.name) {
            None if unsaved.is_some() => desk.answer(operation, unsaved, &QUEUED, Figure::None),
            _ => self.reading.read(operation, Came::Passed, desk),
        }
    }

    /// A write comes to the cache.
    fn take(&mut self, mut operation: Operation, desk: &mut Desk) {
        let version = desk.record(&mut operation, &RECORDS);
        desk.remove(operation, &VOIDS);
        desk.put(operation, self.reading.fill(operation, Span::ZERO), &KEEPS);
        desk.acknowledge(operation, &DONE);
        self.enqueue(Waiting { key: operation.key, version, since: desk.now() });
        self.consider(desk);
    }

    fn enqueue(&mut self, new: Waiting) {
        let known = &mut self.keys[new.key as usize];
        let waits = known.unsaved.is_some() && known.place >= self.taken;
        known.unsaved = Some(new.version);
        if self.coalesces && waits {
            self.queue[(known.place - self.taken) as usize].version = new.version;
        } else {
            known.place = self.taken + self.queue.len() as u64;
            self.queue.push_back(new);
        }
    }

    /// Flushes if enough wait or the oldest has waited long enough; else somebody is to look again.
    fn consider(&mut self, desk: &mut Desk) {
        let Some(oldest) = self.queue.front().filter(|_| self.flush == 0) else { return };
        let waited = desk.now().since(oldest.since);
        if self.queue.len() >= self.batch {
            self.start(&FULL, desk);
        } else if waited >= self.age {
            self.start(&OLD, desk);
        } else if !self.watched && self.age != Span::MAX {
            self.watched = true;
            let operation = desk.begin(Kind::Flush, oldest.key, 0, Place::Cache, &WATCHES);
            desk.wait(operation, self.age - waited, &YOUNG);
        }
    }

    /// Brings the oldest values to the database.
    fn start(&mut self, rule: &'static Rule, desk: &mut Desk) {
        let batch = self.queue.len().min(self.batch);
        self.written.extend(self.queue.drain(..batch).map(|waiting| (waiting.key, waiting.version)));
        self.taken += batch as u64;
        let operation = desk.begin(Kind::Flush, self.written[0].0, 0, Place::Cache, rule);
        self.flush = operation.number;
        desk.store_batch(operation, &BRINGS, Figure::Count(batch as u64));
    }

    /// A flush goes on: the one that is under way, or the one that looks again.
    fn flush(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Stored(_) => self.finish(operation, &SAVED, desk),
            Came::Waited if operation.number != self.flush => {
                self.watched = false;
                desk.end(operation, &TIME);
                self.consider(desk);
            }
            Came::Waited if self.has_all() => self.finish(operation, &LATE, desk),
            Came::Waited => {
                desk.store_batch(operation, &AGAIN, Figure::Count(self.written.len() as u64));
            }
            _ => desk.wait(operation, RETRY, &NO_ANSWER),
        }
    }

    /// Whether the database has the whole batch, though its answer came too late.
    fn has_all(&self) -> bool {
        self.written.iter().all(|(key, version)| version.number <= self.keys[*key as usize].saved.number)
    }

    /// The database has the batch.
    fn finish(&mut self, operation: Operation, rule: &'static Rule, desk: &mut Desk) {
        self.flush = 0;
        for (key, version) in self.written.drain(..) {
            let known = &mut self.keys[key as usize];
            known.unsaved = known.unsaved.filter(|unsaved| *unsaved != version);
        }
        desk.end(operation, rule);
        self.consider(desk);
    }
}

impl Strategy for WriteBehind {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, Came::Passed) => self.look(operation, desk),
            (Kind::Read, came) => self.reading.read(operation, came, desk),
            (Kind::Flush, came) => self.flush(operation, came, desk),
            (_, Came::Begins) => desk.pass(operation, Span::ZERO, &PASSES),
            (_, Came::Passed) => self.take(operation, desk),
            _ => desk.fail(operation, &NOT_REACHED),
        }
    }

    fn committed(&mut self, key: Key, version: Version, _desk: &mut Desk) {
        let saved = &mut self.keys[key as usize].saved;
        if version.number > saved.number {
            *saved = version;
        }
    }

    fn restarted(&mut self, desk: &mut Desk) {
        self.reading.restarted(desk);
        let queued = self.queue.drain(..).map(|waiting| waiting.key);
        for key in self.written.drain(..).map(|(key, _)| key).chain(queued) {
            let known = &mut self.keys[key as usize];
            known.unsaved = None;
            desk.fall_back(key, known.saved, &LOST);
        }
        (self.flush, self.watched) = (0, false);
    }

    fn batch(&self, operation: &Operation) -> &[(Key, Version)] {
        if operation.number == self.flush { &self.written } else { &[] }
    }

    fn shelves(&self, _now: Time) -> Vec<Shelf> {
        let queued = |waiting: &Waiting| (waiting.key, Some(waiting.version), waiting.since);
        let entries = self.queue.iter().map(queued).collect();
        vec![Shelf { name: "to be written".to_owned(), entries, room: Some(self.batch) }]
    }

    fn kept_aside(&self) -> usize {
        self.queue.len() + self.written.len()
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const PASSES: Rule = Rule { name: "PASSES", place: "go_on", says: "the cache is the place of record" };
const NOT_REACHED: Rule = Rule {
    name: "NOT_REACHED",
    place: "go_on",
    says: "the cache does not answer, and the server knows no other way to the database",
};
const QUEUED: Rule = Rule {
    name: "QUEUED",
    place: "look",
    says: "its entry is gone, but the value waits in the queue to be written",
};
const RECORDS: Rule = Rule { name: "RECORDS", place: "take", says: "the cache takes it for the database" };
const VOIDS: Rule =
    Rule { name: "VOIDS", place: "take", says: "neither the old entry nor what is being fetched shall stay" };
const KEEPS: Rule = Rule { name: "KEEPS", place: "take", says: "it is the newest value" };
const DONE: Rule =
    Rule { name: "DONE", place: "take", says: "the cache has it; the database will learn of it" };
const WATCHES: Rule =
    Rule { name: "WATCHES", place: "consider", says: "a value waits, and the batch is not full" };
const YOUNG: Rule = Rule { name: "YOUNG", place: "consider", says: "the oldest value may wait for {} more" };
const FULL: Rule = Rule { name: "FULL", place: "consider", says: "a batch is full" };
const OLD: Rule = Rule { name: "OLD", place: "consider", says: "the oldest value has waited long enough" };
const BRINGS: Rule =
    Rule { name: "BRINGS", place: "start", says: "so many values wait, the oldest first: {}" };
const SAVED: Rule = Rule { name: "SAVED", place: "flush", says: "the database has the batch" };
const LATE: Rule = Rule {
    name: "LATE",
    place: "flush",
    says: "the answer came after the time-out, but it came: the database has the batch",
};
const TIME: Rule = Rule { name: "TIME", place: "flush", says: "the time is over" };
const NO_ANSWER: Rule = Rule {
    name: "NO_ANSWER",
    place: "flush",
    says: "the database has not taken the batch, and is given {} to recover",
};
const AGAIN: Rule = Rule {
    name: "AGAIN",
    place: "flush",
    says: "it may not have them; to write them twice does no harm: {}",
};
const LOST: Rule = Rule {
    name: "LOST",
    place: "restarted",
    says: "the cache died before it was in the database, or covered by a later value there",
};
