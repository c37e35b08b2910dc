//! The closed forms of queues: against published values, against each other where one is a case of
//! the other, against the states of the same system added up one by one, and against another
//! simulator.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

use proptest::prelude::*;
use serde_json::Value;
use sluice::theory::queueing::priorities::{self, Class};
use sluice::theory::queueing::{SteadyState, erlang_a, erlang_b, md1, mg1, mm1, mmc, mmck};
use sluice::theory::student_t;
use std::collections::BTreeMap;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What is compared, what came out, what should have, and how far apart they may be.
type Row<'a> = (&'a str, f64, f64, f64);

/// Every row must hold; all that do not are shown.
fn check(rows: &[Row]) {
    let wrong: Vec<_> =
        rows.iter().filter(|(_, got, expected, error)| !within(*got, *expected, *error)).collect();
    assert!(wrong.is_empty(), "what, got, expected, allowed error: {wrong:#?}");
}

/// A comparison with something that is no number fails.
fn within(got: f64, expected: f64, error: f64) -> bool {
    (got - expected).abs() <= error
}

/// Two steady states that should be the same, the tails left out.
fn check_same(got: &SteadyState, expected: &SteadyState, relative: f64) {
    let figures = |state: &SteadyState| {
        [
            ("throughput", state.throughput),
            ("utilisation", state.utilisation),
            ("wait probability", state.wait_probability),
            ("mean wait", state.mean_wait),
            ("mean sojourn", state.mean_sojourn),
            ("mean queue length", state.mean_queue_length),
            ("mean in system", state.mean_in_system),
            ("lost ratio", state.lost_ratio),
        ]
    };
    let pairs = figures(got).into_iter().zip(figures(expected));
    let row = |((name, got), (_, expected)): ((&'static str, f64), (_, f64))| {
        (name, got, expected, relative * expected.abs().max(1e-9))
    };
    check(&pairs.map(row).collect::<Vec<_>>());
}

#[test]
fn published_values_of_queues_without_loss() {
    // The textbook cases; mean service is 1 s unless it says otherwise.
    let one = mm1(0.8, 1.0).unwrap();
    let three = mmc(2.0, 1.0, 3).unwrap();
    check(&[
        ("M/M/1 at 0.8: sojourn", one.mean_sojourn, 5.0, 1e-12),
        ("M/M/1 at 0.8: in system", one.mean_in_system, 4.0, 1e-12),
        ("M/M/1 at 0.8: waits", one.wait_probability, 0.8, 1e-12),
        ("M/M/3 at 2: waits", three.wait_probability, 4.0 / 9.0, 1e-12),
        ("M/M/3 at 2: wait", three.mean_wait, 4.0 / 9.0, 1e-12),
        ("M/M/3 at 2: in queue", three.mean_queue_length, 8.0 / 9.0, 1e-12),
        ("M/D/1 at 0.8: wait", md1(0.8, 1.0).unwrap().mean_wait, 2.0, 1e-12),
    ]);
    // Call Centre Helper, "Erlang C Formula – Made Simple with an Easy Worked Example": 200 calls
    // an hour of 3 minutes, 14 agents.
    let calls = mmc(200.0 / 3600.0, 180.0, 14).unwrap();
    check(&[
        ("14 agents: waits", calls.wait_probability, 0.174, 0.0005),
        ("14 agents: wait", calls.mean_wait, 7.8, 0.05),
        ("14 agents: answered in 20 s", 1.0 - calls.tails.unwrap().wait(20.0), 0.888, 0.0005),
        ("14 agents: busy", calls.utilisation, 0.714, 0.0005),
    ]);
}

#[test]
fn published_values_with_and_without_patience() {
    // Gans, Koole and Mandelbaum, "Telephone Call Centers: Tutorial, Review, and Research
    // Prospects", Manufacturing & Service Operations Management 5, 2003: 48 calls a minute of a
    // minute each, 50 agents; patience is two minutes, or without end.
    let endless = mmc(0.8, 60.0, 50).unwrap();
    let patient = erlang_a(0.8, 60.0, 50, 120.0).unwrap();
    check(&[
        ("Erlang C: wait", endless.mean_wait, 20.8, 0.05),
        ("Erlang C: 90th percentile", endless.tails.unwrap().wait_quantile(0.9).unwrap(), 58.1, 0.05),
        ("Erlang C: in queue", endless.mean_queue_length, 17.0, 0.5),
        ("Erlang C: busy", endless.utilisation, 0.96, 0.005),
        ("Erlang A: give up", patient.lost_ratio, 0.031, 0.0005),
        ("Erlang A: wait", patient.mean_wait, 3.7, 0.05),
        ("Erlang A: in queue", patient.mean_queue_length, 3.0, 0.5),
        ("Erlang A: busy", patient.utilisation, 0.93, 0.005),
    ]);
}

/// The load in erlangs at which one call in a hundred is lost, from the tables of telephone
/// traffic (Rappaport, "Wireless Communications", table 3.4), and half of its last digit.
#[test]
fn erlang_b_is_the_published_table() {
    for (lines, load, half) in [
        (1, 0.0101, 0.000_05),
        (2, 0.153, 0.0005),
        (4, 0.869, 0.0005),
        (5, 1.36, 0.005),
        (10, 4.46, 0.005),
        (15, 8.108, 0.0005),
        (20, 12.0, 0.05),
        (40, 29.0, 0.05),
        (50, 37.9, 0.05),
        (70, 56.1, 0.05),
        (100, 84.1, 0.05),
    ] {
        let lost = |load: f64| erlang_b(load, 1.0, lines).unwrap().lost_ratio;
        let (low, high) = (lost(load - half), lost(load + half));
        assert!(low < 0.01 && 0.01 < high, "{lines} lines at {load}: {low} to {high}");
    }
}

#[test]
fn a_model_that_contains_another_comes_to_the_same() {
    for (arrival_rate, mean_service) in
        [(0.001, 1.0), (0.5, 1.0), (0.8, 1.0), (40.0, 0.024), (0.999_999, 1.0)]
    {
        let one = mm1(arrival_rate, mean_service).unwrap();
        let half = SteadyState { mean_wait: one.mean_wait / 2.0, ..one };
        check_same(&mmc(arrival_rate, mean_service, 1).unwrap(), &one, 1e-9);
        check_same(&mg1(arrival_rate, mean_service, mean_service * mean_service).unwrap(), &one, 1e-9);
        check(&[(
            "M/D/1",
            md1(arrival_rate, mean_service).unwrap().mean_wait,
            half.mean_wait,
            1e-9 * half.mean_wait,
        )]);
    }
    for (servers, load) in [(1, 0.5), (1, 0.9), (3, 2.0 / 3.0), (50, 0.98), (400, 0.99)] {
        let arrival_rate = load * f64::from(servers);
        let endless = mmc(arrival_rate, 1.0, servers).unwrap();
        check_same(&mmck(arrival_rate, 1.0, servers, servers + 5_000).unwrap(), &endless, 1e-9);
        let patient = erlang_a(arrival_rate, 1.0, servers, 1e13).unwrap();
        check_same(&SteadyState { lost_ratio: 0.0, ..patient }, &endless, 1e-9);
        check(&[("give up", patient.lost_ratio, 0.0, 1e-8)]);
        check_same(
            &mmck(arrival_rate, 1.0, servers, servers).unwrap(),
            &erlang_b(arrival_rate, 1.0, servers).unwrap(),
            0.0,
        );
    }
}

/// The probability of each number inside, from the products of the textbooks in logarithms.
/// `fall` is the rate at which a number falls, in proportion to the rate at which it grows.
fn states(highest: u32, fall: impl Fn(u32) -> f64) -> Vec<f64> {
    let mut logs = vec![0.0];
    for inside in 1..=highest {
        logs.push(logs.last().unwrap() - libm::log(fall(inside)));
    }
    let most = logs.iter().copied().fold(f64::MIN, f64::max);
    let weights: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
    let all: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / all).collect()
}

/// Mean over the states of a function of the number inside.
fn mean(states: &[f64], value: impl Fn(u32) -> f64) -> f64 {
    states.iter().zip(0..).map(|(probability, inside)| probability * value(inside)).sum()
}

/// A steady state from the probabilities of its states, by what its figures mean. `refused` is the
/// share that is refused and `seen` what those who are admitted find.
fn enumerated(
    rate: f64,
    service: f64,
    servers: u32,
    states: &[f64],
    seen: &[f64],
    refused: f64,
) -> SteadyState {
    let queue = mean(states, |inside| f64::from(inside.saturating_sub(servers)));
    let serving = mean(states, |inside| f64::from(inside.min(servers)));
    let admitted = rate * (1.0 - refused);
    SteadyState {
        throughput: serving / service,
        utilisation: serving / f64::from(servers),
        wait_probability: mean(seen, |inside| f64::from(u8::from(inside >= servers)))
            / seen.iter().sum::<f64>(),
        mean_wait: queue / admitted,
        mean_sojourn: (queue + serving) / admitted,
        mean_queue_length: queue,
        mean_in_system: queue + serving,
        lost_ratio: refused,
        tails: None,
    }
}

proptest! {
    #[test]
    fn mmck_is_the_sum_over_its_states(
        servers in 1_u32..60, room in 0_u32..200, load in 0.01..3.0_f64, mean_service in 0.001..1000.0_f64,
    ) {
        let arrival_rate = load * f64::from(servers) / mean_service;
        let offered = arrival_rate * mean_service;
        let places = servers + room;
        let states = states(places, |inside| f64::from(inside.min(servers)) / offered);
        let (top, seen) = states.split_last().unwrap();
        let expected = enumerated(arrival_rate, mean_service, servers, &states, seen, *top);
        check_same(&mmck(arrival_rate, mean_service, servers, places).unwrap(), &expected, 1e-6);
        let blocking = self::states(servers, |inside| f64::from(inside) / offered);
        let lost = erlang_b(arrival_rate, mean_service, servers).unwrap().lost_ratio;
        let exact = *blocking.last().unwrap();
        check(&[("Erlang B", lost, exact, 1e-10 * exact)]);
    }

    #[test]
    fn erlang_a_is_the_sum_over_its_states(
        servers in 1_u32..60, load in 0.01..3.0_f64, mean_service in 0.001..1000.0_f64, patience in 0.01..100.0_f64,
    ) {
        let arrival_rate = load * f64::from(servers) / mean_service;
        let fall = |inside: u32| {
            let waiting = f64::from(inside.saturating_sub(servers));
            (f64::from(inside.min(servers)) + waiting / patience) / (arrival_rate * mean_service)
        };
        let states = states(30_000, fall);
        let expected = enumerated(arrival_rate, mean_service, servers, &states, &states, 0.0);
        let gives_up = expected.mean_queue_length / (patience * mean_service);
        let expected = SteadyState { lost_ratio: gives_up / arrival_rate, ..expected };
        check_same(&erlang_a(arrival_rate, mean_service, servers, patience * mean_service).unwrap(), &expected, 1e-6);
    }

    #[test]
    fn figures_are_in_range_and_fit_together(
        rate in -9.0..6.0_f64, service in -9.0..6.0_f64, patience in -3.0..3.0_f64,
        servers in 1_u32..300, room in 0_u32..300,
    ) {
        let [rate, service, patience] = [rate, service, patience].map(|digits| libm::pow(10.0, digits));
        let always = [mmck(rate, service, servers, servers + room), erlang_b(rate, service, servers), erlang_a(rate, service, servers, patience)];
        prop_assert!(always.iter().all(Option::is_some));
        let stable = [mm1(rate, service), md1(rate, service), mmc(rate, service, servers)];
        for state in always.into_iter().chain(stable).flatten() {
            for share in [state.utilisation, state.wait_probability, state.lost_ratio] {
                prop_assert!((0.0..=1.0).contains(&share), "{state:?}");
            }
            let served = rate * (1.0 - state.lost_ratio);
            let in_service = state.throughput * service;
            check(&[
                ("served", state.throughput, served, 1e-9 * rate),
                ("inside", state.mean_in_system, state.mean_queue_length + in_service, 1e-9 * state.mean_in_system),
            ]);
            prop_assert!(state.mean_wait >= 0.0 && state.mean_sojourn.is_finite(), "{state:?}");
        }
    }

    #[test]
    fn quantiles_invert_their_tails(servers in 1_u32..80, load in 0.01..0.999_f64, p in 0.001..0.999_f64) {
        let state = mmc(load * f64::from(servers), 1.0, servers).unwrap();
        let tails = state.tails.unwrap();
        let wait = tails.wait_quantile(p).unwrap();
        if state.wait_probability <= 1.0 - p {
            prop_assert_eq!(wait, 0.0);
        } else {
            check(&[("wait", tails.wait(wait), 1.0 - p, 1e-12)]);
        }
        check(&[("sojourn", tails.sojourn(tails.sojourn_quantile(p).unwrap()), 1.0 - p, 1e-12)]);
    }
}

/// The integral of a function from 0 to `end`, by Simpson's rule.
fn integral(end: f64, value: impl Fn(f64) -> f64) -> f64 {
    const PIECES: u32 = 20_000;
    let width = end / f64::from(PIECES);
    let piece = |n: u32| {
        let low = f64::from(n) * width;
        (value(low) + 4.0 * value(low + width / 2.0) + value(low + width)) * width / 6.0
    };
    (0..PIECES).map(piece).sum()
}

#[test]
fn tails_are_those_of_a_wait_and_then_a_service() {
    // Two servers at 1: the queue drains as fast as one serves, where the general formula is 0 / 0.
    for (arrival_rate, servers) in [(0.7, 1), (1.0, 2), (1.000_000_1, 2), (2.7, 3), (4.0, 20)] {
        let state = mmc(arrival_rate, 1.0, servers).unwrap();
        let tails = state.tails.unwrap();
        for seconds in [0.1, 1.0, 5.0] {
            let waited = integral(seconds, |service| libm::exp(-service) * tails.wait(seconds - service));
            check(&[("sojourn", tails.sojourn(seconds), waited + libm::exp(-seconds), 1e-9)]);
        }
        check(&[
            ("nobody leaves at once", tails.sojourn(0.0), 1.0, 1e-12),
            ("some wait", tails.wait(0.0), state.wait_probability, 1e-12),
            ("mean wait", integral(200.0, |seconds| tails.wait(seconds)), state.mean_wait, 1e-6),
            ("mean sojourn", integral(200.0, |seconds| tails.sojourn(seconds)), state.mean_sojourn, 1e-6),
        ]);
    }
}

#[test]
fn the_sojourn_in_mm1_is_exponential() {
    for (arrival_rate, mean_service) in [(0.000_1, 1.0), (0.5, 1.0), (0.5, 2.0 - 1e-9), (300.0, 0.003)] {
        let state = mm1(arrival_rate, mean_service).unwrap();
        for p in [0.5, 0.95, 0.99] {
            let expected = -libm::log1p(-p) * state.mean_sojourn;
            let quantile = state.tails.unwrap().sojourn_quantile(p).unwrap();
            check(&[("sojourn", quantile, expected, 1e-9 * expected)]);
        }
    }
    let tails = mm1(0.5, 1.0).unwrap().tails.unwrap();
    for p in [0.0, 1.0, -0.1, f64::NAN] {
        assert_eq!((tails.wait_quantile(p), tails.sojourn_quantile(p)), (None, None));
    }
}

#[test]
fn large_systems_neither_overflow_nor_lose_digits() {
    // Erlang C from the products in logarithms; the states with a queue are a geometric series.
    for load in [0.5, 0.99, 0.9999, 0.999_999] {
        let offered = load * 10_000.0;
        let states = states(10_000, |inside| f64::from(inside) / offered);
        let (busy, free) = states.split_last().unwrap();
        let queueing = busy / (1.0 - load);
        let expected = queueing / (queueing + free.iter().sum::<f64>());
        let state = mmc(offered, 1.0, 10_000).unwrap();
        check(&[("Erlang C", state.wait_probability, expected, 1e-8 * expected)]);
    }
    // With one server and a million places, the number inside is uniform at load 1, and falls off
    // by half from the top at load 2.
    let places = 1_000_000;
    let (even, twice) = (mmck(1.0, 1.0, 1, places).unwrap(), mmck(2.0, 1.0, 1, places).unwrap());
    check(&[
        ("load 1: inside", even.mean_in_system, 500_000.0, 1e-3),
        ("load 1: lost", even.lost_ratio, 1.0 / 1_000_001.0, 1e-15),
        ("load 2: inside", twice.mean_in_system, 999_999.0, 1e-6),
        ("load 2: lost", twice.lost_ratio, 0.5, 1e-12),
    ]);
    check_same(&mmck(0.9, 1.0, 1, places).unwrap(), &mm1(0.9, 1.0).unwrap(), 1e-9);
    // So many more arrive than can be served that all servers are always busy: what is not served
    // gives up.
    let flooded = erlang_a(20_000.0, 1.0, 10_000, 100.0).unwrap();
    check(&[
        ("flooded: give up", flooded.lost_ratio, 0.5, 1e-12),
        ("flooded: in queue", flooded.mean_queue_length, 1e6, 1e-3),
    ]);
}

/// Two classes before some servers, each with exponential service of its own: how many of each
/// are being served and wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shop {
    serving: [u32; 2],
    waiting: [u32; 2],
}

/// Where a shop can go from here and at which rates; up to `room` of each class may wait.
fn moves(shop: Shop, rates: [f64; 2], services: [f64; 2], servers: u32, room: u32) -> Vec<(Shop, f64)> {
    let mut moves = Vec::new();
    for class in 0..2 {
        let mut after = shop;
        if shop.serving[0] + shop.serving[1] < servers {
            after.serving[class] += 1;
        } else {
            after.waiting[class] += 1;
        }
        if after.waiting[class] <= room {
            moves.push((after, rates[class]));
        }
        if shop.serving[class] > 0 {
            let mut after = shop;
            after.serving[class] -= 1;
            if let Some(next) = (0..2).find(|next| shop.waiting[*next] > 0) {
                after.waiting[next] -= 1;
                after.serving[next] += 1;
            }
            moves.push((after, f64::from(shop.serving[class]) / services[class]));
        }
    }
    moves
}

/// The mean wait of each class: the balance equations of all states, solved by Gauss and Seidel's
/// method, and Little's law.
fn waits_by_enumeration(rates: [f64; 2], services: [f64; 2], servers: u32) -> [f64; 2] {
    let mut shops = vec![Shop { serving: [0, 0], waiting: [0, 0] }];
    let mut places = BTreeMap::from([(shops[0], 0)]);
    let (mut inflows, mut outflow) = (vec![Vec::new()], Vec::new());
    let mut at = 0;
    while at < shops.len() {
        let moves = moves(shops[at], rates, services, servers, 45);
        outflow.push(moves.iter().map(|(_, rate)| rate).sum::<f64>());
        for (shop, rate) in moves {
            let place = *places.entry(shop).or_insert_with(|| {
                shops.push(shop);
                inflows.push(Vec::new());
                shops.len() - 1
            });
            inflows[place].push((at, rate));
        }
        at += 1;
    }
    let mut weights = vec![1.0; shops.len()];
    for _ in 0..600 {
        for place in 0..shops.len() {
            let inflow: f64 = inflows[place].iter().map(|(from, rate)| weights[*from] * rate).sum();
            weights[place] = inflow / outflow[place];
        }
        let all: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= all);
    }
    [0, 1].map(|class| {
        let waiting: f64 =
            shops.iter().zip(&weights).map(|(shop, weight)| f64::from(shop.waiting[class]) * weight).sum();
        waiting / rates[class]
    })
}

fn exponential(arrival_rate: f64, mean_service: f64) -> Class {
    Class { arrival_rate, mean_service, service_variance: mean_service * mean_service }
}

#[test]
fn priorities_are_the_sum_over_all_states() {
    for (rates, services) in [([0.2, 0.3], [1.0, 1.0]), ([0.3, 0.15], [0.5, 2.0]), ([0.15, 0.4], [1.2, 0.4])]
    {
        let classes = [0, 1].map(|class| exponential(rates[class], services[class]));
        let waits = priorities::mg1(&classes).unwrap();
        for (got, expected) in waits.by_class.iter().zip(waits_by_enumeration(rates, services, 1)) {
            check(&[("M/G/1", *got, expected, 1e-6 * expected)]);
        }
    }
    for (rates, servers) in [([0.3, 0.25], 1), ([0.4, 0.8], 2), ([1.0, 0.8], 3), ([2.0, 1.0], 5)] {
        let waits = priorities::mmc(&rates, 1.0, servers).unwrap();
        for (got, expected) in waits.by_class.iter().zip(waits_by_enumeration(rates, [1.0; 2], servers)) {
            check(&[("M/M/c", *got, expected, 1e-6 * expected)]);
        }
    }
}

#[test]
fn published_values_of_priorities() {
    // A workstation takes 5 minutes a lot; an hour brings one urgent lot and nine others. With
    // the formulas of Prabhu, "Basic Queueing Theory", 1981, table 4.4, they are there for 9.545
    // and 32.27 minutes.
    let urgent = priorities::mmc(&[1.0 / 60.0, 9.0 / 60.0], 5.0, 1).unwrap();
    check(&[
        ("urgent", urgent.by_class[0] + 5.0, 9.545, 0.0005),
        ("others", urgent.by_class[1] + 5.0, 32.27, 0.005),
    ]);
}

proptest! {
    /// Kleinrock's conservation law, and one class is no class.
    #[test]
    fn what_some_gain_the_others_pay(
        classes in prop::collection::vec((0.01..1.0_f64, 0.01..10.0_f64, 0.0..50.0_f64), 1..5), load in 0.1..0.99_f64,
    ) {
        let all: f64 = classes.iter().map(|(share, mean, _)| share * mean).sum();
        let classes: Vec<Class> = classes
            .iter()
            .map(|(share, mean, variance)| Class {
                arrival_rate: share * load / all,
                mean_service: *mean,
                service_variance: *variance,
            })
            .collect();
        let rate: f64 = classes.iter().map(|class| class.arrival_rate).sum();
        let average = |value: &dyn Fn(&Class) -> f64| {
            classes.iter().map(|class| class.arrival_rate * value(class)).sum::<f64>() / rate
        };
        let mean = average(&|class| class.mean_service);
        let square = average(&|class| class.service_variance + class.mean_service * class.mean_service);
        let together = mg1(rate, mean, square - mean * mean).unwrap();
        let waits = priorities::mg1(&classes).unwrap();
        let weighted: f64 = classes
            .iter()
            .zip(&waits.by_class)
            .map(|(class, wait)| class.arrival_rate * class.mean_service * wait)
            .sum();
        check(&[("conserved", weighted, together.utilisation * together.mean_wait, 1e-9 * weighted)]);
        let rates: Vec<f64> = classes.iter().map(|class| class.arrival_rate / rate * load * 7.0).collect();
        let (many, plain) = (priorities::mmc(&rates, 1.0, 7).unwrap(), mmc(load * 7.0, 1.0, 7).unwrap());
        check(&[("overall", many.overall, plain.mean_wait, 1e-9 * plain.mean_wait)]);
    }
}

#[test]
fn what_has_no_steady_state_has_none() {
    for (rate, service) in
        [(1.0, 1.0), (2.0, 1.0), (0.0, 1.0), (-0.5, 1.0), (f64::NAN, 1.0), (f64::INFINITY, 0.1)]
    {
        assert_eq!(mm1(rate, service), None);
        assert_eq!(md1(rate, service), None);
        assert_eq!(mmc(rate * 4.0, service, 4), None);
        assert_eq!(priorities::mmc(&[rate], service, 1), None);
        assert_eq!(priorities::mg1(&[exponential(rate, service)]), None);
    }
    for (rate, service) in
        [(0.0, 1.0), (1.0, 0.0), (1.0, -1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY), (1e300, 1e300)]
    {
        assert_eq!(mmck(rate, service, 2, 3), None);
        assert_eq!(erlang_b(rate, service, 2), None);
        assert_eq!(erlang_a(rate, service, 2, 1.0), None);
    }
    for variance in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(mg1(0.5, 1.0, variance), None);
    }
    for patience in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(erlang_a(1.0, 1.0, 2, patience), None);
    }
    assert_eq!((mmc(0.5, 1.0, 0), erlang_b(0.5, 1.0, 0), erlang_a(0.5, 1.0, 0, 1.0)), (None, None, None));
    assert_eq!((mmck(0.5, 1.0, 3, 2), mmck(0.5, 1.0, 0, 2)), (None, None));
    assert_eq!((priorities::mg1(&[]), priorities::mmc(&[], 1.0, 1)), (None, None));
    assert_eq!(priorities::mmc(&[0.5, -0.1], 1.0, 1), None);
}

/// The steady state that another simulator came to, as means over 20 independent trials. Each of
/// the 24 figures has a 99 % interval of its own, so that one of them outside is nothing unusual
/// (the wait of M/M/5 is); here they are widened until all hold at once with 99 % (Bonferroni).
#[test]
fn another_simulator_measures_the_same() {
    let text = std::fs::read_to_string(format!("{ROOT}/tests/golden/queueing.json")).unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    let rows = golden["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 8);
    let t = |level: f64| student_t::quantile(f64::midpoint(1.0, level), 19.0).unwrap();
    let widened = t(1.0 - 0.01 / 24.0) / t(0.99);
    for row in rows {
        let number = |name: &str| row[name].as_f64().unwrap();
        let [rate, service, servers] = ["arrival_rate", "mean_service", "servers"].map(number);
        let constant = row["model"] == "M/D/1";
        let state = if constant { md1(rate, service) } else { mmc(rate, service, servers as u32) };
        let state = state.unwrap();
        let compare = |name: &'static str, expected| {
            (name, number(name), expected, widened * number(&format!("{name}_half_width")))
        };
        check(&[
            compare("mean_wait", state.mean_wait),
            compare("mean_sojourn", state.mean_sojourn),
            compare("utilisation", state.utilisation),
        ]);
    }
}
