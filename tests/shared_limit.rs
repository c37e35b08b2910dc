//! One limit at several nodes: how far over each design goes and how far it can, that every request has
//! exactly one answer, and that links, JSON and the way back are exact.

#![cfg(test)]

mod texts;

use proptest::prelude::*;
use sluice::catalogue::{About, Parameters, Range, Rule};
use sluice::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use sluice::lab::{Query, Report, Scenario, Session, Theory, VariantReport};
use sluice::limit::shared::{
    Balance, CLUSTER_RULES, CLUSTER_SOURCE, Change, Cluster, DESIGNS, Heard, Network, Order, Sliding, Source,
    Traffic, Who,
};
use sluice::trace::Trace;
use std::collections::{BTreeMap, BTreeSet};
use texts::text_of;

const LAB: &str = "shared-limit";

fn read(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query(LAB, &Query::parse(query));
    assert!(refusals.is_empty(), "{query}: {refusals:?}");
    scenario
}

fn report(query: &str) -> Report {
    let mut run = read(query).run(&Trace::empty());
    loop {
        let before = run.progress();
        run.advance(100_000);
        if run.progress() == before {
            return run.finish().0;
        }
    }
}

fn figure(variant: &VariantReport, name: &str) -> f64 {
    variant.figure(name).unwrap_or_else(|| panic!("{} has no {name}", variant.name))
}

/// Checks figures of each variant, in the order in which they are given.
fn check(what: &str, query: &str, name: &str, expected: &[f64]) {
    let report = report(query);
    let got: Vec<f64> = report.variants.iter().map(|variant| figure(variant, name)).collect();
    assert_eq!(got, expected, "{what}: {name}");
}

/// What theory expects of a figure of a variant, if it does.
fn expected(variant: &VariantReport, name: &str) -> Option<f64> {
    let Some(Theory::Model { expected, .. }) = &variant.theory else { return None };
    expected.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
}

/// Two nodes, one after another; a message takes 50 ms, and the limit is 1. What happens, by request,
/// as (milliseconds, what).
#[test]
fn two_nodes_read_the_same_count() {
    let told = |query: &str, number: u64| -> Vec<(f64, String)> {
        let life = read(query).lives(number).remove(0);
        let events = life.events.into_iter();
        let short = |says: String| says.split(':').next().unwrap_or_default().to_owned();
        events.map(|event| (event.at * 1_000.0, short(event.says))).collect()
    };
    let check = |query: &str, number: u64, expected: &[(f64, &str)]| {
        let expected: Vec<_> = expected.iter().map(|(at, says)| (*at, (*says).to_owned())).collect();
        assert_eq!(told(query, number), expected, "{query}");
    };
    let rest = "balance=round-robin&arrivals=times:0.1,0.12&latency=constant:0.05&limit=1&requests=2";
    let race = format!("designs=central-race:nodes=2&{rest}");
    check(
        &race,
        1,
        &[
            (100.0, "Request 1 comes to node 1"),
            (100.0, "The store is asked how many it has counted, for request 1"),
            (150.0, "The counter is read for request 1"),
            (200.0, "Request 1 passes"),
            (200.0, "The store is told to count request 1"),
            (250.0, "The counter is written for request 1"),
        ],
    );
    check(
        &race,
        2,
        &[
            (120.0, "Request 2 comes to node 2"),
            (120.0, "The store is asked how many it has counted, for request 2"),
            (170.0, "The counter is read for request 2"),
            (220.0, "Request 2 passes over the limit"),
            (220.0, "The store is told to count request 2"),
            (270.0, "The counter is written for request 2"),
        ],
    );
    let script = format!("designs=central-script:nodes=2&{rest}");
    check(
        &script,
        2,
        &[
            (120.0, "Request 2 comes to node 2"),
            (120.0, "The store is asked to count request 2, if there is room"),
            (170.0, "The store has no room for request 2"),
            (220.0, "Request 2 is refused"),
        ],
    );
}

/// The table: when requests come (the limit is 2, a round trip 100 ms), and how many pass.
#[test]
fn a_race_is_open_for_a_round_trip() {
    let check = |at: &str, incr: f64, set: f64| {
        let requests = at.split(',').count();
        let query = format!(
            "designs=central-race,central-race:write=set,central-race:distance=0&arrivals=times:{at}\
             &latency=constant:0.05&limit=2&window=10&requests={requests}"
        );
        self::check(at, &query, "admitted", &[incr, set, f64::from(requests.min(2) as u32)]);
    };
    check("0,0.2,0.4,0.6", 2.0, 2.0);
    // All read before the first is written.
    check("0,0.01,0.02,0.03", 4.0, 4.0);
    // The third reads at 0.15, when the first has been written (0.15) but not the second (0.16).
    check("0,0.01,0.101,0.2", 3.0, 4.0);
    // The third and the fourth read when the first and the second have just been written, and find 1 and
    // 2; where both have set 1, the fourth and the fifth find that.
    check("0,0.001,0.1,0.101,0.102", 3.0, 5.0);
    // Two read 0 and both set 1: one is lost, and two more pass.
    check("0,0.01,0.2,0.4,0.6", 2.0, 3.0);
}

#[test]
fn a_skewed_balancer_makes_parts_too_small() {
    // Nineteen come in the first window, one in the second; twelve may pass, three at each node.
    let query = |balance: &str| {
        format!("designs=split,central-script&arrivals=constant:10&limit=12&window=2&requests=20&{balance}")
    };
    check("all at one node", &query("balance=skewed&share=1"), "admitted", &[4.0, 13.0]);
    check("all at one node", &query("balance=skewed&share=1"), "unused", &[9.0, 0.0]);
    check("in turn", &query("balance=round-robin"), "admitted", &[13.0, 13.0]);
    check("in turn", &query("balance=round-robin"), "refused_early", &[0.0, 0.0]);
    check("one client", &query("balance=sticky&clients=1"), "busiest_node", &[1.0, 1.0]);
    // What does not divide goes to the first: 3, 3, 2, 2.
    check(
        "parts",
        "designs=split&balance=round-robin&arrivals=constant:100&limit=10&window=10&requests=100",
        "fullest_window",
        &[10.0],
    );
}

#[test]
fn the_store_goes_away() {
    // Ten requests in the outage, a limit of 1 a second; a node waits 0.1 s.
    let query = "designs=central-script,central-script:on-failure=closed,central-race,leased:on-failure=closed:batch=1\
                 &arrivals=constant:10&latency=constant:0.01&limit=1&window=1&requests=40&outage=1.05-2.05&timeout=0.1";
    check("failed", query, "failed", &[10.0, 10.0, 10.0, 10.0]);
    let report = report(query);
    let [open, closed, ..] = &report.variants[..] else { panic!() };
    assert!(figure(open, "over") >= 8.0 && figure(closed, "over") == 0.0);
    assert!((figure(closed, "delay_max") - 0.1).abs() < 1e-9, "it has waited as long as it does");
    assert!(matches!(open.theory, Some(Theory::None { .. })));
    assert_eq!(expected(closed, "over_limit"), Some(0.0));
}

#[test]
fn late_answers_are_not_looked_at() {
    let query = "designs=central-script,central-script:on-failure=closed,local-sync:every=0.1&arrivals=constant:10\
                 &latency=constant:0.2&limit=5&window=1&requests=30&timeout=0.3";
    check("failed", query, "failed", &[30.0, 30.0, 0.0]);
    check("late", query, "admitted", &[30.0, 0.0, 30.0]);
    assert!(figure(&report(query).variants[2], "late") > 0.0);
}

#[test]
fn local_counters_admit_the_limit_each_until_the_news_is_round() {
    // Forty at once, in turn to four nodes, long before the first synchronisation.
    let times = vec!["0"; 60].join(",");
    let query = |nodes: u32| {
        format!(
            "designs=local-sync:nodes={nodes}:every=1&balance=round-robin&arrivals=times:{times}&limit=10&window=100&requests=60"
        )
    };
    for nodes in 1..=6 {
        check("at once", &query(nodes), "fullest_window", &[f64::from(10 * nodes)]);
    }
    // One node hears of the other's five at 1.02 s and admits five more.
    let times = "0,0,0,0,0,0,0,0,0,0,2,2,2,2,2,2,2,2,2,2,2,2";
    let query = format!(
        "designs=local-sync:nodes=2:every=1&balance=round-robin&arrivals=times:{times}&latency=constant:0.01&limit=16&window=100&requests=22"
    );
    // Each knows of ten at 2 s and has room for six.
    check("afterwards", &query, "fullest_window", &[22.0]);
}

#[test]
fn permits_in_batches_lie_stranded() {
    // Node 1 fetches all ten, and the others are refused.
    let query = |batch: u32| {
        format!(
            "designs=leased:batch={batch}&balance=round-robin&arrivals=constant:10&latency=constant:0.001&limit=10&window=100&requests=20"
        )
    };
    check("one batch", &query(10), "admitted", &[5.0]);
    check("one by one", &query(1), "admitted", &[10.0]);
    // Ten messages for ten permits, and one of each node to be told that there are no more.
    check("one by one", &query(1), "messages", &[14.0 / 20.0]);
}

/// Any scenario, its designs among all that there are.
fn scenario() -> impl Strategy<Value = String> {
    let variant = prop::sample::select(vec![
        "split",
        "split:nodes=3",
        "central-script",
        "central-script:on-failure=closed",
        "central-script:nodes=1:distance=3",
        "central-race",
        "central-race:write=set:nodes=2",
        "central-race:distance=0",
        "local-sync:every=0.1",
        "local-sync:nodes=7:every=0.7",
        "local-sync:nodes=2:every=0.03:distance=2",
        "leased:batch=3",
        "leased:on-failure=closed:nodes=2:batch=1",
        "leased:batch=40",
    ]);
    let variants = prop::collection::vec(variant, 1..=3).prop_map(|all| all.join(","));
    let arrivals = prop::sample::select(vec![
        "poisson:20",
        "poisson:100",
        "constant:25",
        "on-off:80:0.5:1",
        "times:0,0,0,0,0.5,0.5,1,1,1,1,1.5,2,2,2",
    ]);
    let latency = prop::sample::select(vec![
        "constant:0",
        "constant:0.02",
        "uniform:0:0.1",
        "exponential:0.03",
        "constant:0.3",
    ]);
    let balance = prop::sample::select(vec![
        "random",
        "round-robin",
        "skewed",
        "sticky",
        "skewed&share=1",
        "skewed&share=0",
    ]);
    let outage = prop::sample::select(vec!["", "&outage=0.4-0.9", "&outage=0-0.2,1-1.3"]);
    let window = prop::sample::select(vec!["0.3", "1", "2.5"]);
    let timeout = prop::sample::select(vec!["0.05", "0.5", "10"]);
    (variants, arrivals, latency, balance, outage, window, (timeout, 1..30_u32, 0..80_u32, 0..1_000_u32))
        .prop_map(
            |(variants, arrivals, latency, balance, outage, window, (timeout, limit, requests, seed))| {
                format!(
                    "designs={variants}&arrivals={arrivals}&latency={latency}&limit={limit}&window={window}\
                 &requests={requests}&seed={seed}&balance={balance}&timeout={timeout}{outage}"
                )
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every request has one answer; what theory says is a bound is one; split parts, a script, and
    /// batches never go over, as long as nobody passes without being counted.
    #[test]
    fn bounds_and_conservation(query in scenario()) {
        for variant in report(&query).variants {
            let of = |name: &str| figure(&variant, name);
            prop_assert_eq!(of("still_there"), 0.0, "{}: {}", variant.name, query);
            prop_assert_eq!(of("admitted") + of("refused"), of("offered"));
            prop_assert!(of("refused_early") <= of("refused") && of("over") <= of("admitted"));
            prop_assert!(of("fullest_any") >= of("fullest_window"), "{}: {}", variant.name, query);
            for bound in ["fullest_window", "over_limit"] {
                if let Some(most) = expected(&variant, bound) {
                    prop_assert!(of(bound) <= most, "{}: {} {} > {} in {}", variant.name, bound, of(bound), most, query);
                }
            }
            let uncounted = of("failed") > 0.0 && !variant.variant.contains("on-failure=closed");
            let exact = ["split", "central-script", "leased"].iter().any(|id| variant.variant.starts_with(id));
            if exact && !uncounted {
                prop_assert_eq!(of("over"), 0.0, "{}: {}", variant.name, query);
            }
            if variant.variant == "central-race:distance=0" && of("failed") == 0.0 {
                prop_assert_eq!(of("over") + of("unused"), 0.0, "without latency there is no race: {}", query);
            }
            if variant.variant.starts_with("central-script") && of("failed") == 0.0 {
                prop_assert_eq!(of("unused") + of("refused_early"), 0.0, "{}", query);
            }
        }
    }

    /// Where nobody can be ignorant of anything, every design is an exact counter.
    #[test]
    fn one_node_next_to_its_store_is_exact(
        gaps in prop::collection::vec(0..400_u64, 1..60),
        limit in 1..9_u64,
        window in prop::sample::select(vec![0.25, 1.0, 3.0]),
    ) {
        let mut at = 0;
        let times: Vec<u64> = gaps.iter().map(|gap| { at += gap; at }).collect();
        let mut counts = BTreeMap::new();
        let admitted: Vec<bool> = times
            .iter()
            .map(|millis| {
                let count = counts.entry(millis / (window * 1_000.0) as u64).or_insert(0);
                *count += 1;
                *count <= limit
            })
            .collect();
        let listed: Vec<String> = times.iter().map(|millis| (*millis as f64 / 1_000.0).to_string()).collect();
        let alone = "split:nodes=1,central-script:nodes=1:distance=0,central-race:nodes=1:distance=0,local-sync:nodes=1";
        for designs in [alone, "leased:nodes=1:distance=0,central-race:nodes=5:distance=0:write=set"] {
            let query = format!(
                "designs={designs}&arrivals=times:{}&limit={limit}&window={window}&requests={}",
                listed.join(","),
                times.len()
            );
            for (at, expected) in admitted.iter().enumerate() {
                for life in read(&query).lives(at as u64 + 1) {
                    let passes = life.events.iter().any(|event| event.says.contains(" passes: "));
                    let refused = life.events.iter().any(|event| event.says.contains(" is refused: "));
                    prop_assert_eq!((passes, refused), (*expected, !*expected), "{} {}", life.variant, query);
                }
            }
        }
    }

    /// However a session was moved, it shows what as many steps from the start lead to; and what was
    /// told of each step is what the whole run marked.
    #[test]
    fn forward_and_back_is_exact(query in scenario(), moves in prop::collection::vec(any::<prop::sample::Index>(), 1..5)) {
        let scenario = read(&query);
        let mut run = scenario.run(&Trace::empty());
        run.advance(1_000_000);
        let (report, marks) = run.finish();
        let lab = || scenario.lab(&Trace::empty(), report.steps);
        let (mut truth, mut scenes, mut moments) = (lab(), Vec::new(), Vec::new());
        scenes.push(truth.scene());
        while let Some(moment) = truth.step() {
            scenes.push(truth.scene());
            moments.push(moment);
        }
        prop_assert_eq!(moments.len() as u64, report.steps);
        for (at, moment) in moments.iter().enumerate() {
            prop_assert!(moment.parts.iter().any(|part| !part.because.is_empty()), "nothing moves without an event");
            for (part, marks) in moment.parts.iter().zip(&marks) {
                prop_assert_eq!(Some(part.outcome), marks.get(at as u64));
            }
        }
        let mut session = Session::new(lab());
        for index in moves {
            let target = index.index(scenes.len());
            session.seek(target as u64);
            prop_assert_eq!(&session.scene(), &scenes[target]);
            prop_assert_eq!(session.moment(), target.checked_sub(1).map(|at| &moments[at]));
        }
    }

    #[test]
    fn links_and_json_come_back(query in scenario()) {
        let scenario = read(&query);
        prop_assert_eq!(&read(&scenario.query().to_string()), &scenario);
        prop_assert_eq!(Scenario::from_json(&scenario.json()), Ok(scenario));
    }

    #[test]
    fn the_most_in_any_stretch(gaps in prop::collection::vec(0..50_u64, 0..80), length in 1..200_u64, late in any::<prop::sample::Index>()) {
        let mut at = 0;
        let mut times: Vec<u64> = gaps.iter().map(|gap| { at += gap; at }).collect();
        let most = |times: &[u64]| {
            times.iter().map(|from| times.iter().filter(|at| (*from..from + length).contains(*at)).count()).max()
        };
        let expected = most(&times).unwrap_or(0) as u64;
        // One of them comes late, by no more than the slack.
        if !times.is_empty() {
            let from = late.index(times.len());
            let until = times.iter().rposition(|at| *at <= times[from] + 40).unwrap();
            times[from..=until].rotate_left(1);
        }
        let mut sliding = Sliding::new(Span::from_nanos(length), Span::from_nanos(40));
        times.iter().for_each(|at| sliding.push(Time::from_nanos(*at)));
        prop_assert_eq!(sliding.most(), expected);
    }
}

/// The figures of theory beside the measured ones, within their intervals.
#[test]
fn theory_beside_the_measured() {
    let queries = [
        "designs=central-race,central-race:distance=4,central-race:nodes=1:distance=16,central-script&arrivals=poisson:100&latency=constant:0.005&limit=50",
        // Half of the windows do not reach the limit, and a round trip is a third of a window.
        "designs=central-race,central-script,split&arrivals=poisson:20&latency=constant:0.15&limit=20",
        "designs=split,split:nodes=3,split:nodes=1&arrivals=poisson:60&limit=50&balance=skewed&share=0.6",
    ];
    for query in queries {
        for variant in report(&format!("{query}&window=1&requests=3000&runs=40&seed=5")).variants {
            for name in ["mean_over", "mean_admitted"] {
                let Some(expected) = expected(&variant, name) else { continue };
                let (measured, interval) = (figure(&variant, name), variant.intervals.get(name).unwrap());
                let slack = 2.0 * interval.half_width() + 0.02;
                assert!(
                    (expected - measured).abs() <= slack,
                    "{}: {name} is {measured}, expected {expected}",
                    variant.name
                );
            }
        }
    }
}

/// The same requests, whatever stands beside.
#[test]
fn variants_get_the_same_requests() {
    let rest = "latency=exponential:0.03&requests=80&seed=9&outage=1-1.4&timeout=0.1";
    let whole = report(&format!("designs=central-script,central-race,local-sync,leased&{rest}"));
    for variant in &whole.variants {
        let alone = report(&format!("designs={}&{rest}", variant.variant));
        assert_eq!(alone.variants[0].figures, variant.figures, "{}", variant.name);
    }
    assert_eq!(whole, report(&format!("designs=central-script,central-race,local-sync,leased&{rest}")));
}

/// The text between the braces of `fn name`.
fn body<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let start = source.find(&format!("fn {name}("))?;
    let open = start + source[start..].find('{')?;
    let mut depth = 0;
    for (at, letter) in source[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&source[open..=open + at]);
        }
    }
    None
}

#[test]
fn rules_stand_where_they_say() {
    let designs =
        DESIGNS.iter().map(|entry| (entry.about.file, text_of(entry.about.file), entry.about.rules));
    for (file, source, rules) in designs.chain([(CLUSTER_SOURCE, text_of(CLUSTER_SOURCE), CLUSTER_RULES)]) {
        let mut names = BTreeSet::new();
        for Rule { name, place, says } in rules {
            let body = body(source, place).unwrap_or_else(|| panic!("{file} has no fn {place}"));
            let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            let applied = body.split(&format!("&{name}")).skip(1).any(|rest| !rest.starts_with(word));
            assert!(applied, "{file}: {name} is not applied in {place}");
            assert!(names.insert(name), "{file} lists {name} twice");
            assert!(!says.is_empty() && !says.ends_with('.'), "{file}: {says}");
        }
        assert_eq!(source.matches(": Rule =").count(), names.len(), "{file} has a rule that is not listed");
    }
}

/// A cluster as tests want it, with `settings` such as `every=0.5`.
fn cluster(about: &'static About, settings: &[(&str, &str)], latency: Shape, down: &[(f64, f64)]) -> Cluster {
    let at = Time::from_seconds;
    let traffic = Traffic {
        arrivals: Arrivals::new(&Pattern::Poisson { rate: 40.0 }).unwrap(),
        requests: 400,
        balance: Balance::Random,
        window: Span::from_seconds(1.0),
        seed: 3,
    };
    let network = Network {
        latency: Distribution::new(latency).unwrap(),
        distance: 1.0,
        timeout: Span::from_millis(150),
        down: down.iter().map(|(from, to)| (at(*from), at(*to))).collect(),
        seed: 3,
    };
    let own = settings.iter().filter(|(id, _)| about.parameters.iter().any(|known| known.id == *id));
    let parameters = Parameters::new(about, own.copied()).unwrap();
    sluice::limit::shared::find(about.id).unwrap().cluster(Order { traffic, limit: 12, network, parameters })
}

#[test]
fn every_rule_is_told() {
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for entry in DESIGNS {
        for settings in [
            &[("every", "0.1")][..],
            &[("on-failure", "closed"), ("write", "set"), ("batch", "2"), ("every", "0.1")],
        ] {
            let latency = Shape::Exponential { mean: 0.05 };
            let mut cluster = cluster(entry.about, settings, latency, &[(3.0, 4.0)]);
            let mut heard: Vec<Heard> = Vec::new();
            while cluster.next_time().is_some() {
                cluster.happen(&mut heard);
            }
            let own = |rule: &Rule| entry.about.rules.iter().any(|known| known.name == rule.name);
            told.extend(heard.iter().map(|heard| {
                let file = if own(heard.rule) { entry.about.file } else { CLUSTER_SOURCE };
                (file, heard.rule.name)
            }));
        }
    }
    let all = DESIGNS.iter().map(|entry| (entry.about.file, entry.about.rules));
    for (file, rules) in all.chain([(CLUSTER_SOURCE, CLUSTER_RULES)]) {
        for rule in rules {
            assert!(told.contains(&(file, rule.name)), "{file} never tells {}", rule.name);
        }
    }
}

/// Each request is told to come once and to be answered once, and messages are neither lost nor doubled.
#[test]
fn each_request_has_one_answer() {
    for entry in DESIGNS {
        let mut cluster =
            cluster(entry.about, &[("every", "0.2")], Shape::Exponential { mean: 0.05 }, &[(2.0, 5.0)]);
        let mut heard: Vec<Heard> = Vec::new();
        while cluster.next_time().is_some() {
            let before = heard.len();
            cluster.happen(&mut heard);
            assert!(heard.len() > before, "{}: an event that nobody hears of", entry.about.id);
        }
        let mut answers = BTreeMap::new();
        for Heard { who, change, .. } in &heard {
            let Who::Request(request) = who else { continue };
            let (came, answered) = answers.entry(request.number).or_insert((0, 0));
            match change {
                Change::Arrives { .. } => *came += 1,
                Change::Admitted { .. } | Change::Refused { .. } => *answered += 1,
                _ => {}
            }
        }
        assert_eq!(answers.len(), 400, "{}", entry.about.id);
        assert!(answers.values().all(|counts| *counts == (1, 1)), "{}", entry.about.id);
        assert!(heard.windows(2).all(|pair| pair[0].at <= pair[1].at), "{}", entry.about.id);
    }
}

#[test]
fn load_balancers_spread_as_they_say() {
    let spread = |balance: Balance| {
        let arrivals = Arrivals::new(&Pattern::Poisson { rate: 10.0 }).unwrap();
        let window = Span::from_seconds(1.0);
        let mut source = Source::new(Traffic { arrivals, requests: 40_000, balance, window, seed: 7 }, 4);
        let mut counts = [0_u32; 4];
        while let Some(request) = source.send() {
            counts[request.node as usize] += 1;
        }
        counts.map(|count| f64::from(count) / 40_000.0)
    };
    let close = |shares: [f64; 4], expected: [f64; 4]| {
        shares.iter().zip(expected).all(|(share, expected)| (share - expected).abs() < 0.01)
    };
    assert_eq!(spread(Balance::RoundRobin), [0.25; 4]);
    assert!(close(spread(Balance::Random), [0.25; 4]));
    assert!(close(spread(Balance::Skewed(0.7)), [0.7, 0.1, 0.1, 0.1]));
    assert_eq!(spread(Balance::Skewed(1.0)), [1.0, 0.0, 0.0, 0.0]);
    assert!(close(spread(Balance::Sticky(1_000_000)), [0.25; 4]));
    let one = spread(Balance::Sticky(1));
    assert_eq!(one.iter().filter(|share| **share == 1.0).count(), 1);
}

#[test]
fn refusals() {
    let check = |query: &str, field: &str, allowed: &str| {
        let (scenario, refusals) = Scenario::from_query(LAB, &Query::parse(query));
        let [refusal] = &refusals[..] else { panic!("{query}: {refusals:?}") };
        assert_eq!(refusal.field, field, "{query}");
        assert!(refusal.allowed.contains(allowed), "{query}: {}", refusal.allowed);
        assert_eq!(scenario, read(""), "{query}: the default holds");
    };
    check("designs=gossip", "designs", "one of split, central-script");
    check("designs=split:nodes=33", "designs (nodes)", "a whole number from 1 to 32");
    check("designs=split:distance=2", "designs (distance)", "one of nodes");
    check("designs=local-sync:every=0", "designs (every)", "a number from 0.001 to 3600");
    check("designs=central-race:write=cas", "designs (write)", "one of incr, set");
    check("designs=split,split,split,split,split", "designs", "from 1 to 4 designs");
    check("arrivals=never", "arrivals", "one of poisson");
    check("latency=uniform:5:1", "latency.uniform.high", "");
    check("limit=0", "limit", "a whole number from 1");
    check("window=0", "window", "a number from 0.001");
    check("requests=-1", "requests", "a whole number from 0");
    check("balance=fair", "balance", "one of random, round-robin, skewed, sticky");
    check("share=1.5", "share", "a number from 0 to 1");
    check("clients=0", "clients", "a whole number from 1");
    check("timeout=0", "timeout", "a number from 0.000001");
    check("outage=4", "outage", "as in 4-8");
    check("outage=8-4", "outage", "an end after the beginning");
    check("outage=1-3,2-4", "outage", "do not overlap");
    check("capacity=5", "capacity", "one of designs, arrivals, latency, limit, window");
    let json = r#"{"lab":"shared-limit","variants":[{"design":"leased","batch":0}]}"#;
    assert_eq!(Scenario::from_json(json).unwrap_err().field, "variants[0].batch");
    assert_eq!(Scenario::from_json(r#"{"lab":"shared-limit"}"#).unwrap_err().field, "variants");
}

#[test]
fn json_takes_what_a_link_takes() {
    let json = r#"{"lab":"shared-limit","variants":[{"design":"local-sync","every":0.5}],"arrivals":{"poisson":{"rate":5}},
        "latency":{"constant":{"value":0.01}},"limit":3,"outage":["4-8"],"balance":"sticky"}"#;
    let scenario = Scenario::from_json(json).unwrap();
    assert_eq!(
        scenario.query().to_string(),
        "designs=local-sync:every=0.5&arrivals=poisson:5&latency=constant:0.01&limit=3&window=1&requests=100&runs=1&seed=1&balance=sticky&outage=4-8"
    );
}

/// Parameters are within their ranges by default, and said once.
#[test]
fn parameters_make_sense() {
    for entry in DESIGNS {
        let ids: BTreeSet<&str> = entry.about.parameters.iter().map(|parameter| parameter.id).collect();
        assert_eq!(ids.len(), entry.about.parameters.len(), "{}", entry.about.id);
        for parameter in entry.about.parameters {
            assert!(
                parameter.range.parse(&parameter.range.default().to_string()).is_some(),
                "{}",
                parameter.id
            );
            assert!(!matches!(parameter.range, Range::Limit { .. }));
        }
    }
}

#[test]
fn presets_show_what_they_say() {
    let presets = read("").about().presets;
    for preset in presets {
        let scenario = read(preset.query);
        assert_eq!(scenario.query().to_string(), preset.query, "{} is not written in full", preset.name);
        let report = report(preset.query);
        assert!(
            report.variants.iter().all(|variant| figure(variant, "still_there") == 0.0),
            "{}",
            preset.name
        );
        assert!(!(scenario.about().summary.takeaway)(&report).is_empty());
        let table = (scenario.about().summary.table)(&report);
        assert!(table.rows.iter().all(|(_, cells)| cells.len() + 1 == table.head.len()));
        for view in scenario.about().summary.views {
            assert!(report.variants[0].figure(view.figure).is_some(), "{}: {}", preset.name, view.figure);
            if let sluice::lab::Plot::Lines(series) = view.plot {
                assert!(report.variants[0].series(series).is_some(), "{series}");
            }
        }
    }
    let shown = |name: &str, wanted: &str| -> Vec<f64> {
        let preset = presets.iter().find(|preset| preset.name == name).unwrap();
        report(preset.query).variants.iter().map(|variant| figure(variant, wanted)).collect()
    };
    let burst = shown("Four ways, one burst", "fullest_window");
    assert!(burst[..3] == [12.0, 12.0, 15.0] && burst[3] > 24.0, "{burst:?}");
    let early = shown("Four ways, one burst", "refused_early");
    assert!(early[0] > 0.0 && early[1..] == [0.0; 3], "{early:?}");
    assert_eq!(shown("Two nodes read the same count", "admitted"), [2.0, 1.0]);
    let race = shown("The race grows with the distance", "mean_over");
    assert!(race.iter().zip([0.0, 1.0, 4.0, 16.0]).all(|(got, said)| (got - said).abs() < 0.5), "{race:?}");
    let alone = shown("A node races with itself", "over");
    assert!(alone[0] > 0.0 && alone[0] == alone[1], "{alone:?}");
    let undone = shown("A write that undoes another", "refused");
    assert!(undone[0] > 0.0 && undone[1] == 0.0 && undone[2] > 0.0, "{undone:?}");
    let skewed = shown("A skewed load balancer", "unused");
    assert!(skewed[0] > 20.0 && skewed[1] == 0.0 && skewed[2] < 5.0, "{skewed:?}");
    let every = shown("Every 100 ms or every 5 s", "over_limit");
    assert!(
        every[0] < 0.05 && (0.2..0.3).contains(&every[1]) && every[2] > 1.0 && every[3] == 0.0,
        "{every:?}"
    );
    assert_eq!(shown("Twice the nodes", "over_limit"), [0.0, 1.0, 3.0, 7.0]);
    let failed = shown("The store goes away", "failed");
    assert!(failed[0] > 0.0 && failed[0] == failed[1] && failed[2] == 0.0, "{failed:?}");
    let over = shown("The store goes away", "over");
    assert!(over[0] > 0.0 && over[1] == 0.0 && over[2] > 0.0, "{over:?}");
    let delay = shown("How large a batch?", "mean_delay");
    assert!(delay[0] > delay[3] && delay[1] < delay[0] / 4.0, "{delay:?}");
    let unused = shown("How large a batch?", "unused");
    assert!(unused[0] == 0.0 && unused[2] > 50.0 && unused[3] == 0.0, "{unused:?}");
}

/// The picture after every step: each request stands at its node, has passed or was refused; what is
/// under way has been sent and has not arrived; the gauge shows what has passed in the window.
#[test]
fn pictures_account_for_every_request() {
    use sluice::lab::{Shape, Slot};
    let entries = |slots: &[Slot]| -> u64 {
        let count = |slot: &Slot| match slot {
            Slot::Entry { .. } => 1,
            Slot::Skipped(more) => *more,
        };
        slots.iter().map(count).sum()
    };
    let identities = |slots: &[&Slot]| {
        let identity = |slot: &&Slot| match slot {
            Slot::Entry { identity, .. } => Some(*identity),
            Slot::Skipped(_) => None,
        };
        slots.iter().filter_map(identity).collect::<Vec<u64>>()
    };
    for entry in DESIGNS {
        let query = format!(
            "designs={}:nodes=6&arrivals=poisson:60&latency=exponential:0.05&limit=20&requests=150&seed=4&outage=1.2-1.6&timeout=0.15",
            entry.about.id
        );
        let mut lab = read(&query).lab(&Trace::empty(), 10_000);
        while lab.step().is_some() {
            let (scene, now) = (lab.scene(), lab.clock().unwrap().now);
            let [panel] = &scene.panels[..] else { panic!("one panel") };
            let Shape::Flow(columns) = &panel[0] else { panic!("a flow first") };
            let (mut sent, mut found) = (0, 0);
            for shape in columns.iter().flatten() {
                match shape {
                    Shape::Station(station) if station.name == "clients" => {
                        sent = station.says.split(' ').next().unwrap().parse::<u64>().unwrap();
                    }
                    Shape::Station(station) => found += entries(&station.slots),
                    Shape::Lane(lane) => found += lane.length,
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(sent, found, "{}: every request is somewhere", entry.about.id);
            for shape in &panel[1..] {
                match shape {
                    Shape::Wire(wire) => {
                        let within = |from: f64, until: f64| from <= now && now <= until;
                        assert!(wire.tokens.iter().all(|t| within(t.progress.from, t.progress.until)));
                        let slots: Vec<&Slot> = wire.tokens.iter().map(|token| &token.slot).collect();
                        let all = identities(&slots);
                        assert_eq!(
                            all.iter().collect::<BTreeSet<_>>().len(),
                            all.len(),
                            "{}",
                            entry.about.id
                        );
                    }
                    Shape::Strip(strip) => {
                        assert!(strip.marks.iter().all(|mark| (strip.from..=strip.until).contains(&mark.at)));
                        assert!(strip.marks.windows(2).all(|pair| pair[0].at <= pair[1].at));
                    }
                    Shape::Gauge(gauge) => assert!(gauge.value <= 150.0 && gauge.most == 20.0),
                    Shape::Note(_) => {}
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}
