//! Every strategy against a naive model of it, answer by answer. Messages and queries take no time, so
//! everything about an operation is over before the next one comes; what is left to go wrong is what a
//! strategy decides: what it keeps, what it deletes, what it gives out, and what it loses.

#![cfg(test)]

mod invalidation;

use invalidation::{World, instant, system};
use proptest::prelude::*;
use sluice::invalidation::{Change, Content, Fault, Heard, Key, Kind, Place, Trouble, Version, Who};
use sluice::kernel::{Pattern, Span, Time};
use std::collections::{BTreeMap, BTreeSet};

const KEYS: u32 = 5;
const MISSING: u32 = 2;

/// What a client gets: a value and whether it is a hit, an acknowledgement, or an error (`None`).
type Answer = Option<(Content, bool)>;

/// A cache as a list, what was used last at its end.
struct Shelf {
    room: usize,
    entries: Vec<Item>,
}

#[derive(Clone, Copy)]
struct Item {
    name: (Key, u32),
    value: Content,
    fresh: Time,
    expires: Time,
}

impl Shelf {
    fn valid(&self, name: (Key, u32), now: Time) -> Option<Item> {
        self.entries.iter().copied().find(|item| item.name == name && now < item.expires)
    }

    fn get(&mut self, name: (Key, u32), now: Time) -> Option<Item> {
        let found = self.valid(name, now);
        self.delete(name);
        self.entries.extend(found);
        found
    }

    fn put(&mut self, name: (Key, u32), value: Content, fresh: Span, life: Span, now: Time) {
        self.delete(name);
        if life > Span::ZERO {
            self.entries.push(Item { name, value, fresh: now + fresh, expires: now + life });
        }
        while self.entries.len() > self.room {
            self.entries.remove(0);
        }
    }

    fn delete(&mut self, name: (Key, u32)) {
        self.entries.retain(|item| item.name != name);
    }
}

/// A strategy as plain maps. Times that it does not have are zero.
struct Model {
    strategy: &'static str,
    shelf: Shelf,
    rows: BTreeMap<Key, Version>,
    fresh: Span,
    life: Span,
    delay: Span,
    batch: usize,
    coalesces: bool,
    /// Deletions or flushes to come, and what is recorded: where a strategy has such.
    notices: Vec<(Time, Key)>,
    queue: Vec<(Time, Key, Version)>,
    recorded: BTreeMap<Key, Vec<Version>>,
    numbers: BTreeMap<Key, u32>,
    lost: BTreeSet<u32>,
}

impl Model {
    fn row(&self, key: Key) -> Content {
        self.rows.get(&key).copied()
    }

    fn fetch(&mut self, name: (Key, u32), now: Time, down: bool) -> Answer {
        let value = self.row(name.0);
        if !down {
            self.shelf.put(name, value, self.fresh, self.life, now);
        }
        (!down).then_some((value, false))
    }

    fn read(&mut self, key: Key, now: Time, down: bool) -> Answer {
        let write = self.row(key).map_or(0, |version| version.write);
        let name = (key, if self.strategy == "versioned-keys" { write } else { 0 });
        if self.strategy == "versioned-keys" && down {
            return None;
        }
        let waits = self.recorded.get(&key).and_then(|versions| versions.last().copied());
        if self.shelf.valid(name, now).is_none() && waits.is_some() {
            return Some((waits, true));
        }
        let Some(item) = self.shelf.get(name, now) else { return self.fetch(name, now, down) };
        let aged = now >= item.fresh;
        match self.strategy {
            "stale-if-error" if aged => self.fetch(name, now, down).or(Some((item.value, false))),
            "refresh-ahead" | "stale-while-revalidate" if aged => {
                self.fetch(name, now, down);
                Some((item.value, true))
            }
            _ => Some((item.value, true)),
        }
    }

    fn write(&mut self, key: Key, write: u32, now: Time, down: bool) -> Answer {
        let done = Some((None, false));
        let number = self.numbers.entry(key).or_default();
        if self.strategy == "write-behind" {
            *number += 1;
            let version = Version { number: *number, write };
            self.shelf.put((key, 0), Some(version), self.fresh, self.life, now);
            self.recorded.entry(key).or_default().push(version);
            let waiting = self.queue.iter_mut().find(|(_, queued, _)| *queued == key);
            match waiting.filter(|_| self.coalesces) {
                Some(waiting) => waiting.2 = version,
                None => self.queue.push((now, key, version)),
            }
            while self.queue.len() >= self.batch {
                self.flush();
            }
            self.flush_old(now);
            return done;
        }
        if down {
            if self.strategy == "write-through" {
                self.shelf.delete((key, 0));
            }
            return None;
        }
        *number += 1;
        let version = Version { number: *number, write };
        self.rows.insert(key, version);
        match self.strategy {
            "cache-aside" | "read-through" | "refresh-ahead" => self.shelf.delete((key, 0)),
            "write-through" => self.shelf.put((key, 0), Some(version), self.fresh, self.life, now),
            "change-log" => self.notices.push((now + self.delay, key)),
            _ => {}
        }
        done
    }

    fn flush(&mut self) {
        let batch = self.batch.min(self.queue.len());
        for (_, key, version) in self.queue.drain(..batch) {
            self.rows.insert(key, version);
            self.recorded.entry(key).or_default().retain(|waiting| waiting.number > version.number);
        }
    }

    fn flush_old(&mut self, now: Time) {
        while self
            .queue
            .first()
            .is_some_and(|(since, ..)| *since + self.delay <= now && self.delay != Span::MAX)
        {
            self.flush();
        }
    }

    /// What happens by itself before `now`.
    fn pass(&mut self, now: Time) {
        let (due, later) = self.notices.iter().partition(|(at, _)| *at <= now);
        self.notices = later;
        let due: Vec<(Time, Key)> = due;
        for (_, key) in due {
            self.shelf.delete((key, 0));
        }
        self.flush_old(now);
    }

    fn restart(&mut self) {
        self.shelf.entries.clear();
        self.queue.clear();
        let gone = std::mem::take(&mut self.recorded).into_values().flatten();
        self.lost.extend(gone.map(|version| version.write));
    }
}

/// A strategy as a link calls it, and its model.
fn model(
    strategy: &'static str,
    times: [f64; 3],
    batch: usize,
    coalesces: bool,
    room: usize,
) -> (String, Model) {
    let word = |seconds: f64| if seconds < 50.0 { seconds.to_string() } else { "never".to_owned() };
    let span = |seconds: f64| if seconds < 50.0 { Span::from_seconds(seconds) } else { Span::MAX };
    let [first, second, third] = times.map(word);
    let (mut fresh, mut life, mut delay) = (span(times[0]), span(times[0]), Span::ZERO);
    let text = match strategy {
        "refresh-ahead" => {
            life = span(times[1]);
            format!("{strategy}:refresh={first}:ttl={second}")
        }
        "stale-while-revalidate" | "stale-if-error" => {
            life = fresh + span(times[1]);
            format!("{strategy}:max-age={first}:window={second}")
        }
        "change-log" => {
            delay = Span::from_seconds(times[2].min(9.0));
            format!("{strategy}:ttl={first}:delay={}", times[2].min(9.0))
        }
        "write-behind" => {
            delay = span(times[2]);
            let coalesce = if coalesces { "yes" } else { "no" };
            format!("{strategy}:ttl={first}:age={third}:batch={batch}:coalesce={coalesce}")
        }
        _ => format!("{strategy}:ttl={first}"),
    };
    if !matches!(strategy, "refresh-ahead" | "stale-while-revalidate" | "stale-if-error") {
        fresh = life;
    }
    let model = Model {
        strategy,
        shelf: Shelf { room, entries: Vec::new() },
        rows: (0..KEYS).map(|key| (key, Version::FIRST)).collect(),
        fresh,
        life,
        delay,
        batch,
        coalesces,
        notices: Vec::new(),
        queue: Vec::new(),
        recorded: BTreeMap::new(),
        numbers: BTreeMap::new(),
        lost: BTreeSet::new(),
    };
    (text, model)
}

fn operation(heard: &Heard) -> Option<(Kind, u32, Key)> {
    match heard.who {
        Who::Operation(operation) => Some((operation.kind, operation.number, operation.key)),
        Who::Place(_) => None,
    }
}

/// Runs `world` under the strategy and its model, and compares.
fn check(world: &World, text: &str, model: &mut Model) {
    let (mut system, mut heard) = (system(world, text), Vec::<Heard>::new());
    while system.next_time().is_some() {
        system.happen(&mut heard);
    }
    let mut answers: BTreeMap<u32, Answer> = BTreeMap::new();
    let mut lost = BTreeSet::new();
    for heard in &heard {
        let Some((_, number, _)) = operation(heard) else { continue };
        let answer = match heard.change {
            Change::Answered { content, hit, .. } => Some((content, hit)),
            Change::Acknowledged { .. } => Some((None, false)),
            Change::Failed { .. } => None,
            Change::WriteLost { write } => {
                lost.insert(write);
                continue;
            }
            _ => continue,
        };
        assert!(answers.insert(number, answer).is_none());
    }
    let mut down = false;
    for heard in &heard {
        model.pass(heard.at);
        match (heard.who, heard.change) {
            (Who::Place(Place::Cache), Change::Restarts) => model.restart(),
            (Who::Place(Place::Database), Change::Down) => down = true,
            (Who::Place(Place::Database), Change::Back) => down = false,
            (Who::Operation(operation), Change::Begins) => {
                let (key, number) = (operation.key, operation.number);
                let expected = match operation.kind {
                    Kind::Read => model.read(key, heard.at, down),
                    _ => model.write(key, number, heard.at, down),
                };
                assert_eq!(answers[&number], expected, "{text}: {:?} {number} of {key}", operation.kind);
            }
            _ => {}
        }
    }
    model.pass(Time::from_seconds(1e6));
    assert_eq!(lost, model.lost, "{text}");
    for key in 0..KEYS + MISSING {
        assert_eq!(system.database().row(key), model.row(key), "{text}: row of {key}");
    }
}

/// Times of all sizes beside the time between two operations, which is a second.
fn time() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(99.0), 0.0..0.5_f64, 0.5..5.0_f64, 5.0..20.0_f64]
}

/// Operations: after how long, whether it is a write, and which key.
fn script() -> impl Strategy<Value = Vec<(f64, bool, Key)>> {
    prop::collection::vec((0.001..2.0_f64, any::<bool>(), 0..KEYS + MISSING), 1..80)
}

fn faults() -> impl Strategy<Value = Vec<Trouble>> {
    let fault = |what| {
        (0.0..60.0_f64, 0.1..8.0_f64).prop_map(move |(from, lasts)| Trouble {
            what,
            from: Time::from_seconds(from),
            until: Time::from_seconds(from + lasts),
        })
    };
    let restarts = prop::collection::vec(fault(Fault::Restart), 0..3);
    (restarts, prop::option::of(fault(Fault::Down))).prop_map(|(mut troubles, down)| {
        troubles.extend(down);
        troubles
    })
}

const MODELLED: [&str; 11] = [
    "ttl",
    "cache-aside",
    "read-through",
    "write-through",
    "write-around",
    "write-behind",
    "refresh-ahead",
    "stale-while-revalidate",
    "stale-if-error",
    "change-log",
    "versioned-keys",
];

#[test]
fn every_strategy_of_invalidation_is_modelled() {
    let listed = sluice::invalidation::INVALIDATION.iter().map(|listed| listed.about.id);
    assert_eq!(listed.collect::<Vec<_>>(), MODELLED);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strategies_agree_with_naive_models(
        script in script(),
        faults in faults(),
        times in [time(), time(), time()],
        batch in prop_oneof![1..=4_usize, Just(1_000_usize)],
        coalesces in any::<bool>(),
        room in prop_oneof![1..=4_usize, Just(100_usize)],
    ) {
        let mut world = instant(1.0, script.len() as u32, 0.0, KEYS, 1);
        let mut now = 0.0;
        let mut at = |gap: f64| { now += gap; now };
        world.arrivals = Pattern::Times(script.iter().map(|(gap, ..)| at(*gap)).collect());
        let kind = |write| if write { Kind::Write } else { Kind::Read };
        world.traffic.script = script.iter().map(|(_, write, key)| (kind(*write), *key)).collect();
        world.traffic.missing = MISSING;
        world.plant.capacity = room;
        for strategy in MODELLED {
            let mut world = world.clone();
            world.troubles.clone_from(&faults);
            if strategy == "write-behind" {
                world.troubles.retain(|trouble| trouble.what != Fault::Down);
            }
            let (text, mut model) = model(strategy, times, batch, coalesces, room);
            check(&world, &text, &mut model);
        }
    }
}
