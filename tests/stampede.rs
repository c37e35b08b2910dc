//! Strategies against stampedes: what they promise, and closed forms.

#![cfg(test)]

mod invalidation;

use invalidation::{World, constant, heard, instant, measured, system, timed};
use sluice::invalidation::{Change, Fault, Heard, Kind, Operation, STAMPEDE, Statistics, Trouble, Who};
use sluice::kernel::statistics::MeanVariance;
use sluice::kernel::{Pattern, Span, Time};
use sluice::theory::stampede;
use std::collections::{BTreeMap, BTreeSet};

fn trouble(what: Fault, from: f64, until: f64) -> Trouble {
    Trouble { what, from: Time::from_seconds(from), until: Time::from_seconds(until) }
}

/// What a naive reader of the log knows about a key.
#[derive(Default)]
struct Story {
    /// When its entry expires, while it has one.
    expires: Option<Time>,
    /// How often its entry has gone.
    gone: u64,
    /// Who fetches it, by where flights are known.
    pilots: BTreeMap<u32, u32>,
    /// In which of its entry's absences each place has begun a load last.
    loaded: BTreeMap<u32, u64>,
}

/// Reads the log of single flight: never do two of a place fetch the same key at once; and if `sees_cache`,
/// a place begins one load for each time that the entry has gone, and in scope `all` never while it is there.
fn check_flights(log: &[Heard], each_server: bool, ttl: f64, sees_cache: bool, about: &str) -> u64 {
    let mut keys: BTreeMap<u32, Story> = BTreeMap::new();
    let mut loads = 0;
    for heard in log {
        let Who::Operation(operation) = heard.who else {
            if heard.change == Change::Restarts {
                for key in keys.values_mut().filter(|key| key.expires.is_some()) {
                    key.expires = None;
                    key.gone += 1;
                }
            }
            continue;
        };
        let place = if each_server { operation.server } else { 0 };
        let key = keys.entry(operation.key).or_default();
        if key.expires.is_some_and(|expires| expires <= heard.at) {
            key.expires = None;
            key.gone += 1;
        }
        match heard.change {
            Change::Loads => {
                loads += 1;
                let other = key.pilots.insert(place, operation.number);
                assert_eq!(other, None, "{about}: two at once at {}", heard.at);
                if sees_cache {
                    assert!(each_server || key.expires.is_none(), "{about}: needless at {}", heard.at);
                    let before = key.loaded.insert(place, key.gone);
                    assert_ne!(before, Some(key.gone), "{about}: twice for one expiry at {}", heard.at);
                }
            }
            Change::Kept { .. } => key.expires = Some(heard.at + Span::from_seconds(ttl)),
            Change::Deleted { there: true } => {
                key.expires = None;
                key.gone += 1;
            }
            Change::Failed { .. } | Change::Answered { .. }
                if key.pilots.get(&place) == Some(&operation.number) =>
            {
                key.pilots.remove(&place);
                // A load that failed has brought nothing, so there may be another.
                if matches!(heard.change, Change::Failed { .. }) {
                    key.loaded.remove(&place);
                }
            }
            _ => {}
        }
    }
    loads
}

#[test]
fn one_flight_at_a_time() {
    const TTL: f64 = 0.3;
    let check = |rate: f64, writes: f64, troubles: &[Trouble], sees_cache: bool| {
        for (scope, each_server) in [("all", false), ("server", true)] {
            let mut world = timed(rate, 20_000, writes, 3, 7);
            world.plant.read = constant(0.05);
            world.plant.timeout = Span::from_seconds(1.0);
            world.troubles = troubles.to_vec();
            let about = format!("{scope}, {rate} a second, {writes} writes, {troubles:?}");
            let (log, live, levels) = heard(&world, &format!("single-flight:ttl={TTL}:scope={scope}"));
            let loads = check_flights(&log, each_server, TTL, sees_cache, &about);
            assert!(loads > 0 && levels.open == 0, "{about}");
            assert_eq!(live.reads + live.writes + live.failed, 20_000, "{about}");
        }
    };
    check(200.0, 0.0, &[], true);
    check(5_000.0, 0.0, &[], true);
    check(2_000.0, 0.02, &[], true);
    check(500.0, 0.2, &[], true);
    check(2_000.0, 0.02, &[trouble(Fault::Down, 1.0, 1.8), trouble(Fault::Restart, 2.5, 2.5)], true);
    check(
        2_000.0,
        0.02,
        &[trouble(Fault::Unreachable, 1.0, 4.0), trouble(Fault::Slow(100.0), 5.0, 6.0)],
        false,
    );
}

/// Who missed before a flight landed, and hears of it after, would fetch the value once more.
#[test]
fn the_second_look_saves_loads() {
    let mut world = timed(5_000.0, 100_000, 0.0, 1, 3);
    world.plant.read = constant(0.05);
    let loads = |recheck| {
        measured(&world, &format!("single-flight:ttl=0.3:scope=all:recheck={recheck}")).levels.done.reads
    };
    let (with, without) = (loads("yes"), loads("no"));
    assert!(without > with, "{without} without, {with} with");
}

/// Theory lies within the 99.99 % interval around the mean of the runs.
fn lies_within(runs: &MeanVariance, theory: f64, about: &str) {
    let interval = runs.interval(0.9999).unwrap();
    assert!(interval.contains(theory), "{about}: {interval:?}, theory {theory}");
}

/// How many loads each expiry costs: a load that begins while none is under way is the first of an expiry.
fn loads_by_expiry(log: &[Heard]) -> Vec<u64> {
    let (mut under_way, mut loads) = (0, Vec::new());
    for heard in log {
        match heard.change {
            Change::Loads if under_way == 0 => {
                loads.push(1);
                under_way += 1;
            }
            Change::Loads => {
                *loads.last_mut().unwrap() += 1;
                under_way += 1;
            }
            Change::Read { .. } => under_way -= 1,
            _ => {}
        }
    }
    loads
}

#[test]
fn each_expiry_costs_one_load_and_those_that_come_meanwhile() {
    for (rate, load, ttl) in [(50.0, 0.02, 0.5), (50.0, 0.2, 0.5), (200.0, 0.1, 0.3), (3.0, 0.5, 1.0)] {
        let (mut loads, mut ratio) = (MeanVariance::new(), MeanVariance::new());
        for seed in 1..=20 {
            let mut world = instant(rate, 20_000, 0.0, 1, seed);
            world.plant.read = constant(load);
            let (log, live, _) = heard(&world, &format!("ttl:ttl={ttl}"));
            let turns = loads_by_expiry(&log);
            // The last expiry may be cut short by the end of the run.
            turns[..turns.len() - 1].iter().for_each(|loads_of_one| loads.push(*loads_of_one as f64));
            ratio.push((live.reads - live.hits) as f64 / live.reads as f64);
        }
        let about = format!("{rate} a second, {load} s, TTL {ttl} s");
        lies_within(&loads, stampede::loads_per_expiry(rate, load), &about);
        let unfinished = (1.0 + rate * load) / 20_000.0;
        let off = (ratio.mean().unwrap() - stampede::load_ratio(rate, load, ttl)).abs();
        assert!(off <= ratio.interval(0.9999).unwrap().half_width() + unfinished, "{about}: {ratio:?}");
        // The number that come meanwhile is Poisson, so its variance is its mean.
        let (variance, mean) = (loads.variance().unwrap(), rate * load);
        assert!((variance / mean - 1.0).abs() < 0.25, "{about}: variance {variance}");
    }
}

/// Readers of many keys that are each asked for now and then, and that cost 0.4 s to load.
fn dice(beta: f64, refresh: &str, seed: u64) -> (World, String) {
    let mut world = instant(200.0, 400_000, 0.0, 400, seed);
    world.plant.read = constant(0.4);
    (world, format!("xfetch:ttl=3:beta={beta}:refresh={refresh}"))
}

/// The share of early refreshes, by time left, is within 4.5 standard deviations of what the closed form says.
/// Whether one throw says yes depends on nothing but the time left, so their deviations add up as a
/// martingale whose variance is the sum of p(1 − p), at most that of as many throws with the mean probability.
#[test]
fn early_refreshes_are_as_likely_as_theory_says() {
    for (beta, refresh) in [(1.0, "waits"), (1.0, "background"), (0.5, "waits"), (3.0, "background")] {
        let (world, strategy) = dice(beta, refresh, 5);
        let statistics = measured(&world, &strategy);
        let mut throws = 0;
        for (at, bin) in statistics.early.bins.iter().enumerate().filter(|(_, bin)| bin.all > 0) {
            let mean = bin.expected / bin.all as f64;
            let deviation = (bin.all as f64 * mean * (1.0 - mean)).sqrt();
            let off = (bin.early as f64 - bin.expected).abs();
            assert!(off <= 4.5 * deviation + 1.0, "{strategy}: bin {at}: {bin:?}");
            throws += bin.all;
        }
        assert!(throws > 50_000, "{strategy}: {throws}");
    }
}

/// With a cost of 0.4 s: 0.7 % at 2 s left, 36.8 % at 0.4 s, 77.9 % at 0.1 s.
#[test]
fn early_refreshes_at_published_points() {
    let (world, strategy) = dice(1.0, "waits", 9);
    let (log, ..) = heard(&world, &strategy);
    for (point, percent) in [(2.0, 0.7), (0.4, 36.8), (0.1, 77.9)] {
        let near = |heard: &Heard| match heard.change {
            Change::Weighed { left, early, .. } => {
                ((left.seconds() - point).abs() < 0.02).then_some(f64::from(u8::from(early)))
            }
            _ => None,
        };
        let mut share = MeanVariance::new();
        log.iter().filter_map(near).for_each(|early| share.push(early));
        assert!(share.count() > 500, "{point} s: {}", share.count());
        lies_within(&share, percent / 100.0, &format!("{point} s left"));
    }
}

/// A hot key under early refresh is hardly ever missed: of all expiries of the same reads under a plain TTL
/// the stampede is 1 + λL loads.
#[test]
fn early_refresh_spares_a_hot_key_its_stampede() {
    let mut world = instant(500.0, 100_000, 0.0, 1, 2);
    world.plant.read = constant(0.1);
    let loads = |strategy| measured(&world, strategy).levels.done.reads as f64;
    let (plain, early) = (loads("ttl:ttl=5"), loads("xfetch:ttl=5:refresh=background"));
    assert!(early * 8.0 < plain, "{early} against {plain}");
}

/// 400 keys that are all filled within a moment, and then each read five times a second, until they have
/// expired once; the loads under way on average between 6 and 9.5 s, and the most after the filling.
fn expiring_together(spread: f64, seed: u64) -> (f64, f64) {
    const KEYS: u32 = 400;
    const FIRST: f64 = 0.001;
    let mut world = instant(2_000.0, 21_400, 0.0, KEYS, seed);
    world.plant.read = constant(0.2);
    let (at_once, then) = (f64::from(KEYS) / FIRST, 2_000.0);
    let points = vec![(0.0, at_once), (FIRST, at_once), (FIRST * 1.01, 0.0), (0.5, 0.0), (0.501, then)];
    world.arrivals = Pattern::Curve { points };
    world.traffic.script = (0..KEYS).map(|key| (Kind::Read, key)).collect();
    let mut run = system(&world, &format!("jitter:ttl=10:spread={spread}"));
    // All are filled after 0.2 s, so that nothing is loaded at 1 s.
    run.run(u64::MAX, Time::from_seconds(1.0), &mut Statistics::new(false));
    assert_eq!(run.database().busy(), 0);
    let mut statistics = Statistics::new(false);
    let mut until = |seconds: f64| {
        run.run(u64::MAX, Time::from_seconds(seconds), &mut statistics);
        (statistics.sums.busy, statistics.now())
    };
    let ((before, from), (after, to)) = (until(6.0), until(9.5));
    until(f64::from(u32::MAX));
    ((after - before) / to.since(from).seconds(), statistics.most.busy as f64)
}

/// Without jitter whoever comes within 0.2 s of the first expiry loads: λKL = 400 at once. With jitter of
/// half the TTL the expiries are spread over five seconds, and Little’s law says that 400 / 5 s × (1 + 1) ×
/// 0.2 s = 32 loads are under way on average; the most at any time is more than that, and by less than ten
/// standard deviations of a Poisson variable.
#[test]
fn jitter_spreads_expiries() {
    let theory = stampede::loads_under_way(400.0, 5.0, 0.2, 5.0);
    assert_eq!(theory, 32.0);
    let (mut under_way, mut most, mut at_once) =
        (MeanVariance::new(), MeanVariance::new(), MeanVariance::new());
    for seed in 1..=20 {
        let (mean, peak) = expiring_together(0.5, seed);
        under_way.push(mean);
        most.push(peak);
        at_once.push(expiring_together(0.0, seed).1);
    }
    lies_within(&under_way, theory, "loads under way");
    let (most, at_once) = (most.mean().unwrap(), at_once.mean().unwrap());
    assert!(most > theory && most < theory + 10.0 * theory.sqrt(), "{most}");
    assert!((at_once / 400.0 - 1.0).abs() < 0.2, "{at_once}");
}

/// What the preset “Filled together” says of its run: how many loads are under way at the most when all expire
/// for the first time, after the cache has been filled.
#[test]
fn jitter_halves_the_peak_and_more_of_it_quarters_it() {
    let peak = |text: &str| {
        let mut world = instant(2_000.0, 24_000, 0.0, 400, 1);
        (world.plant.read, world.plant.near) = (constant(0.2), invalidation::exponential(0.0005));
        world.plant.far = Span::from_millis(1);
        let points = vec![(0.0, 40_000.0), (0.01, 40_000.0), (0.02, 0.0), (0.5, 0.0), (0.6, 2_000.0)];
        world.arrivals = Pattern::Curve { points };
        let (mut run, mut statistics) = (system(&world, text), Statistics::new(false));
        run.run(u64::MAX, Time::from_seconds(2.0), &mut Statistics::new(false));
        run.run(u64::MAX, Time::from_seconds(6.5), &mut statistics);
        statistics.most.busy as f64
    };
    let without = peak("cache-aside:ttl=5");
    for (spread, part) in [(0.2, 0.5), (0.5, 0.25)] {
        let with = peak(&format!("jitter:ttl=5:spread={spread}"));
        assert!((with / without - part).abs() < 0.06, "{spread}: {with} of {without}");
    }
}

#[test]
fn every_operation_is_answered() {
    let troubles = [
        trouble(Fault::Restart, 1.0, 1.0),
        trouble(Fault::Down, 2.0, 3.0),
        trouble(Fault::Slow(50.0), 2.5, 3.5),
        trouble(Fault::Unreachable, 4.0, 5.0),
        trouble(Fault::Parted, 4.5, 6.0),
        trouble(Fault::LostNotice, 6.0, 6.0),
    ];
    for listed in [STAMPEDE, sluice::invalidation::ABSENT_KEYS, sluice::invalidation::HOT_KEYS].concat() {
        for seed in 1..=3 {
            let mut world = timed(1_000.0, 8_000, 0.1, 5, seed);
            world.traffic.absent = 0.2;
            world.traffic.missing = 5;
            world.traffic.created = 0.2;
            world.plant.connections = Some(4);
            world.plant.timeout = Span::from_seconds(0.05);
            world.plant.work = Span::from_nanos(300_000);
            world.plant.nodes = 3;
            world.plant.capacity = 6;
            world.plant.lost = 0.1;
            world.troubles = troubles.to_vec();
            let (log, live, levels) = heard(&world, listed.about.id);
            let id = listed.about.id;
            assert_eq!((levels.open, live.reads + live.writes + live.failed), (0, 8_000), "{id}");
            let over: BTreeSet<u32> =
                log.iter().filter_map(|heard| over(heard).map(|it| it.number)).collect();
            assert_eq!(over.len(), 8_000, "{id}: somebody was answered twice");
        }
    }
}

fn over(heard: &Heard) -> Option<Operation> {
    match (heard.who, heard.change) {
        (
            Who::Operation(operation),
            Change::Answered { .. } | Change::Acknowledged { .. } | Change::Failed { .. },
        ) => Some(operation),
        _ => None,
    }
}
