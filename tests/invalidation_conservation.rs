//! What holds whatever goes wrong: every operation ends once, every write is counted once, and a write is
//! lost exactly if its client was told that it is written, and the database will never have it.

#![cfg(test)]

mod invalidation;

use invalidation::{World, constant, instant, measured, rough, settings, system, timed, trouble};
use proptest::prelude::*;
use sluice::catalogue::{Figure, Rule};
use sluice::invalidation::{Change, Database, Fault, Key, Place, Probe, System, Version, Who, all, find};
use sluice::kernel::{Pattern, Random, Span, Time};
use std::collections::{BTreeMap, BTreeSet};

/// What has been heard of a run, as plain sets.
#[derive(Default)]
struct Book {
    begun: BTreeSet<u32>,
    ended: BTreeSet<u32>,
    acknowledged: BTreeSet<u32>,
    lost: BTreeSet<u32>,
    committed: u64,
    /// The newest version that was committed of each key.
    rows: BTreeMap<Key, Version>,
    /// The values that the cache has recorded and the database does not have, nor a later one of the key.
    pending: BTreeMap<Key, Vec<Version>>,
    recorded: u64,
    /// The writes whose values died with the cache.
    gone: BTreeSet<u32>,
}

impl Book {
    fn end(&mut self, number: u32, began: Time, latency: Span, at: Time) {
        assert!(self.begun.contains(&number), "{number} has not begun");
        assert!(self.ended.insert(number), "{number} ends twice");
        assert!(began <= at && at.since(began) == latency, "{number} began at {began}, ends at {at}");
    }
}

impl Probe for Book {
    fn hear(&mut self, at: Time, who: Who, change: Change, _: &'static Rule, _: Figure) {
        let operation = match who {
            Who::Operation(operation) => operation,
            Who::Place(place) => {
                if (place, change) == (Place::Cache, Change::Restarts) {
                    let pending = std::mem::take(&mut self.pending).into_values().flatten();
                    self.gone.extend(pending.map(|version| version.write));
                }
                return;
            }
        };
        let (number, key) = (operation.number, operation.key);
        match change {
            Change::Begins => assert!(self.begun.insert(number)),
            Change::Answered { latency, .. } | Change::Failed { latency } => {
                self.end(number, operation.began, latency, at);
            }
            Change::Acknowledged { latency } => {
                self.end(number, operation.began, latency, at);
                self.acknowledged.insert(number);
            }
            Change::Recorded { content } => {
                self.recorded += 1;
                self.pending.entry(key).or_default().extend(content);
            }
            Change::Committed { content } => {
                self.committed += 1;
                let version = content.unwrap();
                let row = self.rows.entry(key).or_insert(Version::FIRST);
                *row = if version.number > row.number { version } else { *row };
                let pending = self.pending.entry(key).or_default();
                pending.retain(|waiting| waiting.number > version.number);
            }
            Change::WriteLost { write } => assert!(self.lost.insert(write), "write {write} is lost twice"),
            _ => {}
        }
    }
}

/// The database’s rows.
fn rows(database: &Database, keys: u32) -> Vec<Option<u32>> {
    (0..keys).map(|key| database.row(key).map(|version| version.number)).collect()
}

/// A whole run of `world` under the strategy that a link calls `text`, with all that must hold.
fn check(world: &World, text: &str) {
    const MOST: u32 = 5_000_000;
    let mut system = system(world, text);
    let (mut book, mut events) = (Book::default(), 0);
    let keys = world.traffic.keys + world.traffic.missing;
    let few = keys <= 100;
    let mut before = rows(system.database(), if few { keys } else { 0 });
    while system.next_time().is_some() {
        system.happen(&mut book);
        events += 1;
        assert!(events < MOST, "{text}: no end");
        if few {
            let after = rows(system.database(), keys);
            assert!(
                before.iter().zip(&after).all(|(before, after)| before <= after),
                "{text}: a row goes back"
            );
            before = after;
        }
    }
    assert_eq!(system.levels().open, 0, "{text}: something stays open");
    assert_eq!(book.begun.len() as u32, world.traffic.operations, "{text}");
    assert_eq!(book.begun, book.ended, "{text}: something is not answered");
    counted_once(&system, &book, keys, text);
    let lost: BTreeSet<u32> = book.gone.intersection(&book.acknowledged).copied().collect();
    assert_eq!(book.lost, lost, "{text}: lost writes");
    let restarts = world.troubles.iter().any(|trouble| trouble.what == Fault::Restart);
    if !restarts && !text.contains("age=never") {
        assert!(
            book.lost.is_empty() && book.pending.values().all(Vec::is_empty),
            "{text}: not all is written"
        );
    }
}

/// Every version that the place of record gave out was committed once: by the database itself, or, where the
/// cache records, at most until it dies.
fn counted_once(system: &System, book: &Book, keys: u32, text: &str) {
    let given: u64 = (0..keys).map(|key| u64::from(system.ledger().newest(key).number)).sum();
    assert_eq!(system.database().done.rows, book.committed, "{text}");
    if book.recorded == 0 {
        assert_eq!(book.committed, given, "{text}: a write is counted otherwise than once");
    } else {
        assert_eq!(book.recorded, given, "{text}: a write is recorded otherwise than once");
    }
    for (key, version) in &book.rows {
        assert_eq!(system.database().row(*key), Some(*version), "{text}: key {key}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_operation_ends_and_every_write_is_counted_whatever_fails(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let world = rough(&mut random);
        for listed in all() {
            check(&world, &settings(listed.about, &mut random));
        }
    }

    #[test]
    fn lost_writes_are_those_that_nobody_has(seed in any::<u64>()) {
        let about = find("write-behind").unwrap().about;
        let mut random = Random::new(seed);
        let world = rough(&mut random);
        for _ in 0..8 {
            check(&world, &settings(about, &mut random));
        }
    }

    /// Every read passes whoever knows of every write, as long as each waits for the other’s answer.
    #[test]
    fn where_no_message_is_lost_these_are_never_stale(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let mut world = rough(&mut random);
        world.troubles.retain(|trouble| !matches!(trouble.what, Fault::LostNotice | Fault::Unreachable));
        (world.plant.lost, world.plant.timeout) = (0.0, Span::from_seconds(1e3));
        for id in ["read-through", "write-through", "write-behind", "refresh-ahead", "versioned-keys"] {
            let text = settings(find(id).unwrap().about, &mut random);
            prop_assert_eq!(measured(&world, &text).counts.stale, 0, "{}", text);
        }
    }
}

/// Parameters, for the strategies that have them.
type Given = &'static [(&'static str, &'static str)];

/// The worlds of this table are odd; whatever strategy they are under, all holds.
fn check_all(name: &str, world: &World, given: Given) {
    for listed in all() {
        let has = |(id, value): &&(&str, &str)| {
            let found = listed.about.parameters.iter().find(|parameter| parameter.id == *id);
            found.is_some_and(|parameter| parameter.range.parse(value).is_some())
        };
        let set = given.iter().filter(has).map(|(id, value)| format!(":{id}={value}"));
        let text = listed.about.id.to_owned() + &set.collect::<String>();
        println!("{name}: {text}");
        check(world, &text);
    }
}

#[test]
fn odd_settings_are_borne() {
    let usual = || timed(200.0, 200, 0.3, 3, 1);
    let with = |change: fn(&mut World)| {
        let mut world = usual();
        change(&mut world);
        world
    };
    let everything = |world: &mut World| {
        let lasting = [Fault::Slow(50.0), Fault::Unreachable, Fault::Down, Fault::Parted];
        world.troubles = lasting.map(|what| trouble(what, 0.0, 5.0)).into();
        world.troubles.extend([0.0, 0.2, 0.4].map(|when| trouble(Fault::Restart, when, when)));
        world.troubles.push(trouble(Fault::LostNotice, 0.1, 0.1));
        world.plant.lost = 1.0;
    };
    let nothing: Given = &[];
    let table: &[(&str, World, Given)] = &[
        ("nothing is kept", usual(), &[("ttl", "0"), ("max-age", "0"), ("window", "0"), ("refresh", "0")]),
        ("all is kept", usual(), &[("ttl", "never"), ("max-age", "never"), ("window", "never")]),
        ("no times", instant(200.0, 200, 0.3, 3, 1), nothing),
        ("no times, and nothing kept", instant(200.0, 200, 0.3, 3, 1), &[("ttl", "0"), ("max-age", "0")]),
        ("more room than data", with(|world| world.plant.capacity = usize::MAX), nothing),
        ("room for one", with(|world| world.plant.capacity = 1), nothing),
        ("all at once", with(everything), nothing),
        ("all at once, never flushed", with(everything), &[("age", "never"), ("batch", "1000000")]),
        ("never flushed", usual(), &[("age", "never"), ("batch", "1000000")]),
        ("each write flushed", usual(), &[("age", "0"), ("batch", "1")]),
        ("writes only", with(|world| world.traffic.writes = 1.0), nothing),
        ("a time-out that is always over", with(|world| world.plant.timeout = Span::from_nanos(1)), nothing),
        ("a slow cache", with(|world| world.plant.near = constant(3.0)), nothing),
        ("one operation", with(|world| world.traffic.operations = 1), nothing),
        ("no operation", with(|world| world.traffic.operations = 0), nothing),
        ("many keys", timed(200.0, 200, 0.3, 1_000_000, 1), nothing),
    ];
    for (name, world, given) in table {
        check_all(name, world, given);
    }
}

#[test]
fn operations_at_the_same_instant_are_borne() {
    let mut world = timed(1.0, 100, 0.5, 2, 3);
    world.arrivals = Pattern::Times(vec![0.5; 100]);
    check_all("a burst", &world, &[]);
}

#[test]
fn the_write_that_was_acknowledged_after_the_crash_is_lost_too() {
    let mut world = instant(1.0, 1, 1.0, 1, 1);
    world.arrivals = Pattern::Times(vec![1.0]);
    world.plant.near = constant(0.1);
    world.troubles = vec![trouble(Fault::Restart, 1.15, 1.15)];
    let (heard, live, _) = invalidation::heard(&world, "write-behind");
    assert_eq!(live.lost, [1]);
    let told = heard.iter().filter(|heard| matches!(heard.change, Change::Acknowledged { .. }));
    assert_eq!(told.map(|heard| heard.at).collect::<Vec<_>>(), [Time::from_seconds(1.2)]);
    check(&world, "write-behind");
}

#[test]
fn a_cache_that_has_restarted_writes_again_later() {
    let mut world = instant(10.0, 100, 1.0, 2, 1);
    world.troubles = vec![trouble(Fault::Restart, 3.0, 3.0), trouble(Fault::Restart, 6.0, 6.0)];
    check(&world, "write-behind:age=0.2");
    let (heard, ..) = invalidation::heard(&world, "write-behind:age=0.2");
    let last = heard.iter().rfind(|heard| matches!(heard.change, Change::Committed { .. })).unwrap();
    assert!(last.at > Time::from_seconds(6.5), "{last:?}");
}

#[test]
fn a_time_out_at_a_cache_that_has_restarted_is_nobody_s() {
    let mut world = instant(1.0, 1, 0.0, 1, 1);
    world.arrivals = Pattern::Times(vec![1.0]);
    world.plant.timeout = Span::from_millis(500);
    world.troubles = vec![trouble(Fault::Parted, 0.0, 90.0), trouble(Fault::Restart, 1.1, 1.1)];
    let (heard, ..) = invalidation::heard(&world, "read-through");
    let failed = heard.iter().find(|heard| matches!(heard.change, Change::Failed { .. })).unwrap();
    // The server has waited as long as the cache that is gone; what that had to say is not said.
    assert_eq!(failed.rule.name, "GAVE_UP");
    assert!(heard.iter().all(|heard| heard.rule.name != "NO_VALUE"));
}

#[test]
fn write_through_writes_a_key_in_order_one_after_another() {
    let mut world = instant(1.0, 3, 1.0, 1, 1);
    world.arrivals = Pattern::Times(vec![1.0, 1.0, 1.01]);
    world.plant.write = constant(0.1);
    let (heard, ..) = invalidation::heard(&world, "write-through");
    let told = heard.iter().filter(|heard| matches!(heard.change, Change::Acknowledged { .. }));
    let told: Vec<_> = told.map(|heard| (heard.who.name().map(|name| name.number), heard.at)).collect();
    assert_eq!(told, [(1, 1.1), (2, 1.2), (3, 1.3)].map(|(n, at)| (Some(n), Time::from_seconds(at))));
}

#[test]
fn a_batch_under_way_dies_with_the_cache() {
    let mut world = instant(1.0, 2, 1.0, 1, 1);
    world.arrivals = Pattern::Times(vec![1.0, 1.05]);
    world.plant.write = constant(0.2);
    for (crash, lost) in [(1.1, &[1, 2][..]), (1.25, &[2]), (1.5, &[])] {
        world.troubles = vec![trouble(Fault::Restart, crash, crash)];
        let (_, live, _) = invalidation::heard(&world, "write-behind:age=0");
        assert_eq!(live.lost, lost, "a crash at {crash}");
        check(&world, "write-behind:age=0");
    }
}

/// A server that has passed an operation to the cache waits for its answer as long as for any other: the
/// client has its error after the time-out, whether the answer is late or lost.
#[test]
fn who_passes_to_the_cache_waits_no_longer_than_the_time_out() {
    let failed = |world: &World, text: &str| {
        let (heard, ..) = invalidation::heard(world, text);
        let failed = heard.iter().filter(|heard| matches!(heard.change, Change::Failed { .. }));
        failed.map(|heard| (heard.who.name().map(|name| name.number), heard.at)).collect::<Vec<_>>()
    };
    let mut world = instant(1.0, 3, 1.0, 1, 1);
    world.arrivals = Pattern::Times(vec![1.0, 1.0, 1.0]);
    (world.plant.write, world.plant.timeout) = (constant(0.3), Span::from_millis(500));
    let at = |number, seconds| (Some(number), Time::from_seconds(seconds));
    assert_eq!(failed(&world, "write-through"), [at(2, 1.5), at(3, 1.5)]);
    check(&world, "write-through");
    world.plant.write = constant(0.0);
    world.plant.near = constant(0.1);
    world.troubles = vec![trouble(Fault::Unreachable, 1.15, 1.3)];
    assert_eq!(failed(&world, "write-behind"), [at(1, 1.5), at(2, 1.5), at(3, 1.5)]);
    check(&world, "write-behind");
}
