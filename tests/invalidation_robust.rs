//! Strategies for an empty cache, for a change of form, and for acting on what a cache says.

#![cfg(test)]

mod invalidation;

use invalidation::{World, heard, instant, measured, system, timed};
use proptest::prelude::*;
use sluice::invalidation::{
    COLD_CACHE, Change, Fault, HINTS as ACTING, Heard, Kind, Operation, SCHEMA_CHANGE, Statistics, Trouble,
    Who,
};
use sluice::kernel::{Span, Time};
use std::collections::{BTreeMap, BTreeSet};

const COLD: [&str; 4] = [
    "limited:loads=1:line=3:patience=0.05",
    "limited:loads=2:line=0:warm=5",
    "warm-up:warm=10:at-once=3",
    "warm-up:warm=1000:ttl=0.5",
];
const SCHEMA: [&str; 4] = [
    "shared-key:ttl=2",
    "shared-key:unreadable=overwrite:ttl=2",
    "schema-in-key:ttl=2",
    "tolerant:delay=0.3",
];
const HINTS: [&str; 3] = ["trust:ttl=1", "validate:ttl=1", "conditional:ttl=1"];

fn every() -> impl Iterator<Item = &'static str> {
    COLD.into_iter().chain(SCHEMA).chain(HINTS)
}

fn seconds(at: f64) -> Time {
    Time::ZERO + Span::from_seconds(at)
}

fn operation(heard: &Heard) -> Option<Operation> {
    match heard.who {
        Who::Operation(operation) => Some(operation),
        Who::Place(_) => None,
    }
}

fn a_trouble() -> impl Strategy<Value = Trouble> {
    let what = prop_oneof![
        Just(Fault::Restart),
        (1.0..40.0).prop_map(Fault::Slow),
        Just(Fault::Unreachable),
        Just(Fault::Down),
        Just(Fault::Parted),
        Just(Fault::LostNotice),
    ];
    (what, 0.0..3.0, 0.01..1.0).prop_map(|(what, from, lasts)| Trouble {
        what,
        from: seconds(from),
        until: seconds(from + lasts),
    })
}

/// Two to three seconds of a busy system with few connections and a short time-out, in which things go
/// wrong.
fn a_world() -> impl Strategy<Value = World> {
    let rollout = prop_oneof![
        Just((Time::MAX, Time::MAX)),
        (0.0..2.0, 0.0..2.0).prop_map(|(from, lasts)| (seconds(from), seconds(from + lasts))),
    ];
    let troubles = prop::collection::vec(a_trouble(), 0..4);
    (any::<u64>(), 0.0..0.5, 1_u32..40, 1_u32..6, troubles, rollout, 0.0..0.3).prop_map(
        |(seed, writes, keys, connections, troubles, rollout, lost)| {
            let mut world = timed(200.0, 400, writes, keys, seed);
            world.traffic.skew = 0.8;
            world.traffic.absent = 0.05;
            world.plant.connections = Some(connections);
            world.plant.timeout = Span::from_millis(200);
            world.plant.capacity = 30;
            world.plant.lost = lost;
            World { troubles, rollout, ..world }
        },
    )
}

/// One whose database can queue for nobody: no time-out is reached.
fn patient(world: World) -> World {
    let mut world = World { troubles: Vec::new(), ..world };
    world.plant.timeout = Span::from_seconds(1e6);
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_operation_is_answered_once(world in a_world()) {
        for strategy in every() {
            let (heard, _, levels) = heard(&world, strategy);
            let mut answers = BTreeMap::<u64, u32>::new();
            for event in &heard {
                let ends = matches!(
                    event.change,
                    Change::Answered { .. } | Change::Acknowledged { .. } | Change::Failed { .. } | Change::Ended
                );
                if ends && let Some(operation) = operation(event) {
                    *answers.entry(operation.called().identity()).or_default() += 1;
                }
            }
            let begun = heard.iter().filter(|event| matches!(event.change, Change::Begun(_))).count();
            prop_assert_eq!(answers.len(), world.traffic.operations as usize + begun, "{}", strategy);
            prop_assert!(answers.values().all(|times| *times == 1), "{}", strategy);
            prop_assert_eq!(levels.open, 0, "{}", strategy);
        }
    }

    #[test]
    fn a_copy_goes_on_alike(world in a_world(), events in 0_u64..2000) {
        for strategy in every() {
            let mut one = system(&world, strategy);
            one.run(events, Time::MAX, &mut Statistics::new(false));
            let mut two = one.duplicate();
            let (mut first, mut second) = (Vec::new(), Vec::new());
            while one.next_time().is_some() {
                one.happen(&mut first);
            }
            while two.next_time().is_some() {
                two.happen(&mut second);
            }
            prop_assert_eq!(first, second, "{}", strategy);
        }
    }

    /// As long as nobody gives up on a query, so many are at the database and no more.
    #[test]
    fn the_limit_holds_at_the_database(world in a_world(), loads in 1_usize..4, warm in 0_usize..20) {
        let mut world = patient(world);
        world.traffic.writes = 0.0;
        let strategy = format!("limited:loads={loads}:warm={warm}:at-once=2");
        let statistics = measured(&world, &strategy);
        let most = statistics.most;
        prop_assert!(most.busy + most.queued > 0);
        let bound = loads * world.traffic.servers as usize + 2.min(warm);
        prop_assert!(most.busy + most.queued <= bound, "{:?} above {}", most, bound);
    }

    /// Whatever fails, a server never waits for more answers to its reads than it may.
    #[test]
    fn the_limit_holds_at_each_server(world in a_world(), loads in 1_usize..4) {
        let (heard, ..) = heard(&world, &format!("limited:loads={loads}:line=5:warm=8"));
        let mut loading: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for event in heard {
            let Some(operation) = operation(&event).filter(|operation| operation.kind == Kind::Read) else {
                continue;
            };
            let server = loading.entry(operation.server).or_default();
            match event.change {
                Change::Loads => {
                    server.insert(operation.number);
                }
                Change::Fills { .. } | Change::TimedOut | Change::Failed { .. } => {
                    server.remove(&operation.number);
                }
                _ => {}
            }
            prop_assert!(server.len() <= loads);
        }
    }

    #[test]
    fn every_value_can_be_read(world in a_world()) {
        for strategy in ["schema-in-key", "tolerant:delay=0.2", "tolerant:delay=5:ttl=0.3"] {
            let counts = measured(&world, strategy).counts;
            prop_assert_eq!(counts.unreadable, 0, "{}", strategy);
        }
    }

    /// Where messages take no time and none is lost, whoever wrote in whatever form, nobody reads an old value.
    #[test]
    fn a_write_is_seen_by_old_and_new(seed in any::<u64>(), from in 0.0..3.0, lasts in 0.0..3.0, writes in 0.05..0.9) {
        let mut world = instant(200.0, 1_000, writes, 8, seed);
        world.rollout = (seconds(from), seconds(from + lasts));
        for strategy in SCHEMA.iter().chain(&["tolerant:delay=0", "schema-in-key:ttl=never"]) {
            prop_assert_eq!(measured(&world, strategy).counts.stale, 0, "{}", strategy);
        }
    }

    /// Where messages take time, an old value that a race has left in the cache is gone with the next write:
    /// its name is among those that are deleted.
    #[test]
    fn a_write_deletes_under_every_name_in_use(world in a_world()) {
        let mut world = World { troubles: Vec::new(), ..patient(world) };
        world.plant.lost = 0.0;
        let (from, until) = world.rollout;
        let keys = world.traffic.keys + world.traffic.missing;
        let (heard, ..) = heard(&world, "schema-in-key");
        let mut names: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        let mut committed: BTreeMap<u32, Time> = BTreeMap::new();
        for event in &heard {
            let Some(operation) = operation(event).filter(|operation| operation.kind == Kind::Write) else {
                continue;
            };
            match event.change {
                Change::Committed { .. } => {
                    committed.insert(operation.number, event.at);
                }
                Change::Deleted { .. } => {
                    names.entry(operation.number).or_default().insert(operation.name);
                }
                Change::Acknowledged { .. } => {
                    let deleted = &names[&operation.number];
                    // The name is in use when the write is committed and still when it is acknowledged.
                    if event.at < until {
                        prop_assert!(deleted.contains(&operation.key));
                    }
                    if committed[&operation.number] >= from {
                        prop_assert!(deleted.contains(&(operation.key + keys)));
                    }
                }
                _ => {}
            }
        }
    }

    /// A mistake **could have been seen** if a newer value than the one acted on had been acknowledged
    /// before the operation began.
    #[test]
    fn no_mistake_could_have_been_seen(world in a_world()) {
        for strategy in ["validate:ttl=never", "conditional:ttl=never", "validate", "conditional"] {
            let (heard, ..) = heard(&world, strategy);
            let mut acknowledged = BTreeMap::<u32, Vec<(Time, u32)>>::new();
            for event in &heard {
                let Some(operation) = operation(event) else { continue };
                match event.change {
                    Change::Acknowledged { .. } => {
                        let version = operation.content.unwrap();
                        acknowledged.entry(operation.key).or_default().push((event.at, version.number));
                    }
                    Change::Mistaken => {
                        prop_assert!(!strategy.starts_with("conditional"));
                        let acted_on = operation.content.map_or(0, |version| version.number);
                        let seen = acknowledged.get(&operation.key).into_iter().flatten().any(|(at, number)| {
                            *at <= operation.began && *number > acted_on
                        });
                        prop_assert!(!seen, "{} {:?}", strategy, operation);
                    }
                    Change::Answered { stale, .. } => prop_assert_eq!(stale, None, "{}", strategy),
                    _ => {}
                }
            }
        }
    }

    /// Where nothing takes time, to trust is to be mistaken as often as the cache is wrong.
    #[test]
    fn trust_is_mistaken_as_often_as_reads_are_stale(seed in any::<u64>(), writes in 0.01..0.9, keys in 1_u32..20) {
        let world = instant(100.0, 2_000, writes, keys, seed);
        let trusting = measured(&world, "trust:ttl=2").counts;
        let plain = measured(&world, "ttl:ttl=2").counts;
        prop_assert_eq!(trusting.mistakes, trusting.stale);
        prop_assert_eq!(trusting.stale, plain.stale);
        prop_assert_eq!(trusting.hits, plain.hits);
        for careful in ["validate:ttl=2", "conditional:ttl=2"] {
            prop_assert_eq!(measured(&world, careful).counts.mistakes, 0);
        }
        prop_assert_eq!(measured(&world, "conditional:ttl=2").counts.conflicts, corrected(&world));
    }
}

/// How many hints are wrong if each is corrected when it is found out, by a model of its own: a key’s
/// entry lives for two seconds, and holds the version that its last fetch saw.
fn corrected(world: &World) -> u64 {
    let mut source = sluice::invalidation::Source::new(world.traffic.clone());
    let mut row = vec![0_u64; world.traffic.keys as usize];
    let mut entries = vec![None::<(u64, Time)>; world.traffic.keys as usize];
    let mut wrong = 0;
    while let Some(operation) = source.send() {
        let (key, now) = (operation.key as usize, operation.began);
        if operation.kind == Kind::Write {
            row[key] += 1;
            continue;
        }
        let entry = entries[key].filter(|(_, expires)| now < *expires);
        wrong += u64::from(entry.is_some_and(|(seen, _)| seen != row[key]));
        if entry.is_none_or(|(seen, _)| seen != row[key]) {
            entries[key] = Some((row[key], now + Span::from_seconds(2.0)));
        }
    }
    wrong
}

#[test]
fn warming_loads_each_key_once() {
    for (warm, at_once, keys, expected) in [(10, 3, 50, 10), (100, 7, 50, 50), (1, 1, 50, 1), (0, 5, 50, 0)] {
        let mut world = timed(1.0, 5, 0.0, keys, 3);
        world.plant.connections = Some(2);
        for strategy in ["warm-up", "limited"] {
            let (heard, ..) = heard(&world, &format!("{strategy}:warm={warm}:at-once={at_once}"));
            let warming = |event: &&Heard| operation(event).is_some_and(|o| o.kind == Kind::WarmUp);
            let (mut loaded, mut under_way, mut most) = (Vec::new(), 0, 0);
            for event in heard.iter().filter(warming) {
                match event.change {
                    Change::Loads => {
                        loaded.extend(operation(event).map(|operation| operation.key));
                        under_way += 1;
                        most = most.max(under_way);
                    }
                    Change::Kept { .. } | Change::NotKept { .. } => under_way -= 1,
                    _ => {}
                }
            }
            assert_eq!(loaded, (0..expected).collect::<Vec<_>>(), "{strategy} {warm}");
            assert_eq!(most, at_once.min(expected), "{strategy} {warm}");
        }
    }
}

#[test]
fn warming_begins_anew_when_the_cache_restarts() {
    let mut world = timed(1.0, 20, 0.0, 50, 3);
    world.troubles = vec![Trouble { what: Fault::Restart, from: seconds(5.0), until: seconds(5.0) }];
    let statistics = measured(&world, "warm-up:warm=30:at-once=4");
    assert_eq!(statistics.counts.background, 60);
    assert!(statistics.levels.entries >= 30);
}

/// A restart of the cache under a load that the database cannot bear by itself: 800 reads a second of
/// 2,000 keys, four connections of 10 ms, that is at most 400 queries a second, servers that wait for half a
/// second. The cache is warm when it restarts, after 15 of 45 seconds.
fn under_load(seed: u64) -> World {
    let mut world = timed(800.0, 36_000, 0.0, 2_000, seed);
    world.traffic.servers = 4;
    world.traffic.skew = 0.6;
    world.arrivals = sluice::kernel::Pattern::Curve {
        points: vec![(0.0, 100.0), (14.0, 300.0), (15.0, 800.0), (100.0, 800.0)],
    };
    world.plant.connections = Some(4);
    world.plant.timeout = Span::from_millis(500);
    world.troubles = vec![Trouble { what: Fault::Restart, from: seconds(15.0), until: seconds(15.0) }];
    world
}

/// The share of the operations between two times that were answered, and how busy the database was.
fn between(world: &World, strategy: &str, from: f64, until: f64) -> (f64, f64) {
    let (mut system, mut before) = (system(world, strategy), Statistics::new(false));
    system.run(u64::MAX, seconds(from), &mut before);
    let (counts, busy) = (before.counts, before.sums.busy);
    system.run(u64::MAX, seconds(until), &mut before);
    let answered = before.counts.reads - counts.reads;
    let failed = before.counts.failed_reads - counts.failed_reads;
    (answered as f64 / (answered + failed) as f64, (before.sums.busy - busy) / (until - from) / 4.0)
}

#[test]
fn without_a_limit_the_database_works_for_nobody_and_goes_on_doing_so() {
    for seed in 1..=3 {
        let world = under_load(seed);
        let collapsed = between(&world, "ttl:ttl=60", 25.0, 45.0);
        let limited = between(&world, "limited:ttl=60:loads=1:line=40", 25.0, 45.0);
        let warmed = between(&world, "limited:ttl=60:loads=1:line=40:warm=500:at-once=2", 25.0, 45.0);
        assert!(collapsed.0 < 0.5 && collapsed.1 > 0.99, "{seed}: {collapsed:?}");
        assert!(limited.0 > 0.99 && limited.1 < 0.1, "{seed}: {limited:?}");
        assert!(warmed.0 > 0.99 && warmed.1 < 0.1, "{seed}: {warmed:?}");
    }
}

#[test]
fn a_limit_spares_errors_after_a_restart_and_warming_alone_does_not() {
    let world = under_load(1);
    let failed = |strategy: &str| measured(&world, strategy).counts.failed_reads;
    let without = failed("ttl:ttl=60");
    assert!(failed("limited:ttl=60:loads=1:line=40") * 10 < without);
    // With the clients at the door warming comes too late, and its queries stand in the same line.
    assert!(failed("warm-up:ttl=60:warm=500") * 10 > without * 9);
}

/// Half of the servers are new from 10 s to 20 s, and 2,000 reads a second ask for ten keys.
fn half_and_half() -> World {
    let mut world = instant(2_000.0, 40_000, 0.0, 10, 5);
    world.traffic.servers = 2;
    world.rollout = (Time::ZERO, seconds(20.0));
    world
}

#[test]
fn old_and_new_servers_throw_each_others_entries_out() {
    let (heard, ..) = heard(&half_and_half(), "shared-key:unreadable=overwrite:ttl=never");
    let during = |event: &&Heard| seconds(10.0) <= event.at && event.at < seconds(20.0);
    let count =
        |what: fn(Change) -> bool| heard.iter().filter(during).filter(|event| what(event.change)).count();
    let unreadable = count(|change| change == Change::Unreadable) as f64;
    let reads = count(|change| matches!(change, Change::Answered { .. })) as f64;
    // A read finds the other form if the one before it came to the other kind of server: 2p(1 − p), and
    // seven standard deviations of a binomial count around it.
    let deviation = (reads * 0.25).sqrt();
    assert!((unreadable - reads / 2.0).abs() < 7.0 * deviation, "{unreadable} of {reads}");
}

#[test]
fn a_rollout_costs_misses_memory_or_nothing() {
    let world = half_and_half();
    let counts = |strategy: &str| {
        let statistics = measured(&world, strategy);
        let misses = statistics.counts.reads - statistics.counts.hits;
        (misses, statistics.counts.failed_reads, statistics.counts.unreadable, statistics.most.entries)
    };
    assert_eq!(counts("schema-in-key:ttl=never"), (20, 0, 0, 20));
    assert_eq!(counts("tolerant:ttl=never"), (10, 0, 0, 10));
    let (misses, failed, unreadable, entries) = counts("shared-key:ttl=never");
    assert_eq!((misses, failed, entries), (10, unreadable, 10));
    assert!(unreadable > 5_000);
}

/// A rollout with messages that are long under way: what old servers began is not over when the last has
/// changed.
fn hasty() -> World {
    let mut world = timed(3_000.0, 6_000, 0.2, 20, 1);
    world.plant.near = invalidation::exponential(0.010);
    world.rollout = (Time::ZERO, seconds(1.0));
    world
}

#[test]
fn without_a_delay_the_old_program_may_find_what_it_cannot_read() {
    let world = hasty();
    assert!(measured(&world, "tolerant:ttl=0.02:delay=0").counts.unreadable > 0);
    assert_eq!(measured(&world, "tolerant:ttl=0.02:delay=0.5").counts.unreadable, 0);
}

/// Every rule of these strategies is told at some time.
#[test]
fn every_rule_is_told() {
    let mut busy = under_load(1);
    busy.traffic.operations = 12_000;
    let changing = hasty();
    let mut failing = timed(200.0, 800, 0.2, 10, 1);
    failing.plant.timeout = Span::from_millis(100);
    let lasting = |what, from, until| Trouble { what, from: seconds(from), until: seconds(until) };
    failing.troubles = vec![
        lasting(Fault::Unreachable, 1.0, 1.5),
        lasting(Fault::Down, 2.0, 2.5),
        lasting(Fault::Restart, 2.1, 2.1),
    ];
    let mut told = BTreeSet::new();
    let more = ["limited:loads=1:line=5:patience=0.02", "warm-up:warm=100", "tolerant:ttl=0.02:delay=0"];
    for world in [&busy, &changing, &failing] {
        for strategy in every().chain(more) {
            told.extend(heard(world, strategy).0.iter().map(|event| (event.rule.place, event.rule.name)));
        }
    }
    let lists = [COLD_CACHE, SCHEMA_CHANGE, ACTING].concat();
    // Those that stand in other lists, too, are told elsewhere.
    let files = ["limited.rs", "warm_up.rs", "shared_key.rs", "schema_in_key.rs", "tolerant.rs"];
    let files = files.into_iter().chain(["trust.rs", "validate.rs", "conditional.rs"]);
    let parts = files.chain(["hint.rs", "rollout.rs", "warming.rs"]).collect::<Vec<_>>();
    let ours = |file: &str| parts.iter().any(|part| file.ends_with(&format!("/{part}")));
    let own = lists.iter().map(|listed| (listed.about.file, listed.about.rules));
    let all = own.chain(sluice::invalidation::COMMON.iter().copied());
    for rule in all.filter(|(file, _)| ours(file)).flat_map(|(_, rules)| rules) {
        assert!(told.contains(&(rule.place, rule.name)), "{rule:?}");
    }
}
