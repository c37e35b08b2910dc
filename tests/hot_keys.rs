//! Strategies for keys that everybody wants: the load of nodes, and what copies and replicas cost.

#![cfg(test)]

mod invalidation;

use invalidation::{World, heard, instant, measured, system, timed};
use sluice::invalidation::{Change, Heard, Kind, Statistics, Who};
use sluice::kernel::statistics::MeanVariance;
use sluice::kernel::{Span, Time};
use sluice::theory::{queueing, ttl};
use std::collections::{BTreeMap, BTreeSet};

/// Theory lies within the 99.99 % interval around the mean of the runs.
fn lies_within(runs: &MeanVariance, theory: f64, about: &str) {
    let interval = runs.interval(0.9999).unwrap();
    assert!(interval.contains(theory), "{about}: {interval:?}, theory {theory}");
}

/// One key, which is never written and never expires, on nodes that work a millisecond on each command.
fn hot(rate: f64, operations: u32, nodes: u32, seed: u64) -> World {
    let mut world = instant(rate, operations, 0.0, 1, seed);
    world.plant.nodes = nodes;
    world.plant.work = Span::from_millis(1);
    world
}

/// The node of the hot key is a queue with one server that always takes as long: M/D/1.
#[test]
fn the_hot_node_is_a_queue() {
    for rate in [200.0, 500.0, 800.0] {
        let theory = queueing::md1(rate, 0.001).unwrap();
        let (mut sojourn, mut load) = (MeanVariance::new(), MeanVariance::new());
        for seed in 1..=20 {
            let run = measured(&hot(rate, 40_000, 8, seed), "cache-aside:ttl=never");
            sojourn.push(run.latency_sum[0] / run.counts.reads as f64);
            load.push(run.fullest_load(Span::from_millis(1)));
            assert_eq!(run.fullest_share(), 1.0, "one key stands on one node, however many there are");
        }
        lies_within(&sojourn, theory.mean_sojourn, &format!("sojourn at {rate} a second"));
        lies_within(&load, theory.utilisation, &format!("utilisation at {rate} a second"));
    }
}

/// A hot key under so many names: each node gets its part of the reads, as many parts as names fall on it.
#[test]
fn replicas_spread_reads_over_the_nodes_of_their_names() {
    for (names, nodes) in [(1_u32, 4_u32), (2, 4), (4, 4), (16, 4), (16, 8)] {
        let (mut fullest, mut expected) = (MeanVariance::new(), 0.0);
        let mut first_node = MeanVariance::new();
        let mut first_expected = 0.0;
        for seed in 1..=20 {
            let world = hot(1_000.0, 10_000, nodes, seed);
            let mut run = system(&world, &format!("replicas:ttl=never:names={names}"));
            let mut statistics = Statistics::new(false);
            run.run(u64::MAX, Time::MAX, &mut statistics);
            // Two keys are asked for, one of them does not exist; so the names are 0, 2, 3, 4, …
            let mut parts = vec![0_u32; nodes as usize];
            let further = (1..names).map(|name| name + 1);
            std::iter::once(0).chain(further).for_each(|name| parts[run.node_of(name)] += 1);
            let most = *parts.iter().max().unwrap();
            let at = parts.iter().position(|part| *part == most).unwrap();
            let commands: Vec<u64> = run.nodes().map(|(commands, _)| commands).collect();
            let all = commands.iter().sum::<u64>();
            assert_eq!(all, statistics.levels.commands);
            assert_eq!(*commands.iter().max().unwrap(), statistics.levels.fullest);
            fullest.push(commands[at] as f64 / all as f64);
            expected = f64::from(most) / f64::from(names);
            first_node.push(commands[0] as f64 / all as f64);
            first_expected = f64::from(parts[0]) / f64::from(names);
        }
        // Each name is filled once, beside ten thousand reads.
        for (measured, expected) in [(fullest, expected), (first_node, first_expected)] {
            let off = (measured.mean().unwrap() - expected).abs();
            let width = measured.interval(0.9999).map_or(0.0, |interval| interval.half_width());
            assert!(off <= width + f64::from(names) / 10_000.0, "{names} names, {nodes} nodes: {off}");
        }
    }
}

/// Reads at λ of a key come to each of S servers at λ/S, and its copy there serves as a plain TTL does.
#[test]
fn local_copies_spare_the_cache_what_theory_says() {
    for (rate, copy_ttl) in [(100.0, 0.02), (100.0, 0.5), (1_000.0, 0.1)] {
        let mut copies = MeanVariance::new();
        for seed in 1..=20 {
            let world = instant(rate, 20_000, 0.0, 1, seed);
            let counts = measured(&world, &format!("local-copies:ttl=never:copy-ttl={copy_ttl}")).counts;
            copies.push(counts.copies as f64 / counts.reads as f64);
        }
        let theory = ttl::expiring(rate / 3.0, 1.0, copy_ttl).hits;
        let off = (copies.mean().unwrap() - theory).abs();
        let width = copies.interval(0.9999).unwrap().half_width();
        assert!(off <= width + 3.0 / 20_000.0, "{rate} a second, {copy_ttl} s: {copies:?}, theory {theory}");
    }
}

/// Where messages take no time, a copy is never older than its TTL, and a server never reads what is older
/// than it has written itself; and a server keeps no more than it may.
#[test]
fn local_copies_are_stale_for_no_longer_than_they_live() {
    for (copy_ttl, keys, kept) in [(0.2, 3, 100), (1.0, 20, 5), (0.0, 3, 100)] {
        let world = instant(500.0, 20_000, 0.05, keys, 4);
        let strategy = format!("local-copies:ttl=never:copy-ttl={copy_ttl}:copies={kept}");
        let (log, live, _) = heard(&world, &strategy);
        assert_eq!(live.stale > 0, copy_ttl > 0.0);
        let mut own: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for heard in &log {
            let Who::Operation(operation) = heard.who else { continue };
            match heard.change {
                Change::Acknowledged { .. } => {
                    let number = operation.content.map_or(0, |version| version.number);
                    own.insert((operation.server, operation.key), number);
                }
                Change::Answered { content, stale, .. } => {
                    let age = stale.map_or(0.0, |age| age.seconds());
                    assert!(age <= copy_ttl, "{age} s old");
                    let before = own.get(&(operation.server, operation.key)).copied().unwrap_or(0);
                    assert!(content.is_some_and(|version| version.number >= before));
                }
                _ => {}
            }
        }
        let statistics = measured(&world, &strategy);
        assert!(statistics.most.aside <= 3 * kept.min(keys as usize));
    }
}

/// Where notices take no time, nobody reads an old copy, however long it lives; if some get lost, none older
/// than its TTL.
#[test]
fn notices_keep_copies_from_being_stale() {
    let mut world = instant(500.0, 20_000, 0.05, 20, 4);
    let told = measured(&world, "tracking:ttl=never:copy-ttl=60");
    assert_eq!(told.counts.stale, 0);
    assert!(told.counts.copies * 3 > told.counts.reads, "{:?}", told.counts);
    assert!(told.counts.background > 0);
    world.plant.lost = 0.3;
    // A deletion of the shared entry that gets lost leaves an old value there: that is another matter.
    let (log, live, _) = heard(&world, "tracking:ttl=2:copy-ttl=3");
    assert!(live.stale > 0);
    for heard in &log {
        if let Change::Answered { stale: Some(age), .. } = heard.change {
            assert!(age.seconds() <= 5.0, "{age}");
        }
    }
}

/// The cache tells a server of a deletion once for each time that it has asked, or has brought the value: who
/// finds a copy of its own does not ask.
#[test]
fn a_server_is_told_once_for_each_time_that_it_asks() {
    let mut world = timed(500.0, 20_000, 0.05, 5, 4);
    world.plant.lost = 0.3;
    let (log, ..) = heard(&world, "tracking:ttl=2:copy-ttl=3");
    let (mut asked, mut owed) = (BTreeMap::<u32, BTreeSet<u32>>::new(), BTreeSet::new());
    for heard in &log {
        let Who::Operation(operation) = heard.who else { continue };
        match (operation.kind, heard.change) {
            (Kind::Read, Change::Hit { .. } | Change::Missed | Change::Kept { .. }) => {
                asked.entry(operation.key).or_default().insert(operation.server);
            }
            (Kind::Write, Change::Deleted { .. }) => {
                assert!(owed.is_empty(), "{owed:?} are not told");
                owed = asked.remove(&operation.key).unwrap_or_default();
                owed.remove(&operation.server);
            }
            (_, Change::Begun(Kind::Notice)) => {
                assert!(owed.remove(&operation.server), "{operation:?} is told and has not asked");
            }
            _ => {}
        }
    }
}

/// A write of a hot key deletes under every name, and of another under one; so where messages take no time
/// nobody reads an old value.
#[test]
fn deletions_reach_all_replicas() {
    let deletions = |log: &[Heard]| {
        let mut names: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for heard in log {
            let Who::Operation(operation) = heard.who else { continue };
            if operation.kind == Kind::Write {
                let names = names.entry(operation.number).or_insert_with(|| vec![operation.key]);
                if matches!(heard.change, Change::Deleted { .. }) {
                    names.push(operation.name);
                }
            }
        }
        names
    };
    const KEYS: u32 = 4;
    let check = |world: &World, exact: bool| {
        let (log, live, _) = heard(world, "replicas:ttl=never:names=5:hot=2");
        assert!(live.writes > 100);
        assert!(!exact || live.stale == 0, "{} stale", live.stale);
        for (write, names) in deletions(&log) {
            let (key, deleted) = (names[0], &names[1..]);
            let count = if key < 2 { 5 } else { 1 };
            let further = (1..count).map(|replica| KEYS + 1 + 4 * key + replica - 1);
            let expected: Vec<u32> = std::iter::once(key).chain(further).collect();
            assert_eq!(deleted, expected, "write {write} of key {key}");
        }
    };
    check(&instant(500.0, 10_000, 0.1, KEYS, 6), true);
    check(&timed(500.0, 10_000, 0.1, KEYS, 6), false);
}

/// Names fall on nodes as if by chance: eight names do not find eight nodes for themselves, and of many each
/// node has its part.
#[test]
fn names_fall_on_nodes_as_if_by_chance() {
    const NODES: u32 = 8;
    let run = system(&hot(1.0, 1, NODES, 1), "cache-aside");
    let nodes_of = |names: std::ops::Range<u32>| names.map(|name| run.node_of(name)).collect::<BTreeSet<_>>();
    let mut hit = MeanVariance::new();
    (0..1_000).for_each(|group| hit.push(nodes_of(group * NODES..(group + 1) * NODES).len() as f64));
    // So many nodes get one of eight names on average: 8 (1 − (7/8)^8).
    lies_within(&hit, 8.0 * (1.0 - libm::pow(7.0 / 8.0, 8.0)), "nodes of eight names");
    let mut parts = vec![0_u32; NODES as usize];
    (0..80_000).for_each(|name| parts[run.node_of(name)] += 1);
    assert!(parts.iter().all(|part| part.abs_diff(10_000) < 500), "{parts:?}");
}

/// A write that could not delete under every name says so, whichever name that was.
#[test]
fn a_deletion_that_is_not_answered_is_told_at_the_end() {
    for (strategy, done) in [("replicas:names=3:hot=4", 100), ("schema-in-key", 100)] {
        let mut world = timed(200.0, 4_000, 0.3, 4, 6);
        world.plant.lost = 0.3;
        world.plant.timeout = Span::from_millis(200);
        world.rollout = (Time::from_seconds(2.0), Time::from_seconds(18.0));
        let (log, ..) = heard(&world, strategy);
        let (mut lost, mut told) = (BTreeSet::new(), [0, 0]);
        for heard in &log {
            let Who::Operation(operation) = heard.who else { continue };
            match heard.change {
                Change::Lost if operation.kind == Kind::Write => _ = lost.insert(operation.number),
                Change::Acknowledged { .. } => {
                    let missed = lost.contains(&operation.number);
                    let expected = if missed { "NOT_DELETED" } else { "DONE" };
                    assert_eq!(heard.rule.name, expected, "{strategy}: write {}", operation.number);
                    told[usize::from(missed)] += 1;
                }
                _ => {}
            }
        }
        assert!(told.iter().all(|times| *times > done), "{strategy}: {told:?}");
    }
}
