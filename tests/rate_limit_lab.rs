//! The labs of rate limits: what each limiter answers to the same requests, that no request is lost
//! at the door or behind it, that clients come back when they are told, and that links, JSON and the
//! way back are exact.

#![cfg(test)]

mod texts;

use proptest::prelude::*;
use sluice::kernel::Time;
use sluice::lab::{Decision, LABS, Query, Report, Scenario, Session, Shape, Theory, VariantReport};
use sluice::limit::LIMITERS;
use sluice::limit::door::{DOOR_RULES, DOOR_SOURCE};
use sluice::trace::{Key, Names, Trace};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use texts::text_of;

const LAB: &str = "rate-limit";

fn read(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query(LAB, &Query::parse(query));
    assert!(refusals.is_empty(), "{query}: {refusals:?}");
    scenario
}

fn whole_run(scenario: &Scenario, log: &Trace) -> Report {
    let mut run = scenario.run(log);
    loop {
        let before = run.progress();
        run.advance(100_000);
        if run.progress() == before {
            return run.finish().0;
        }
    }
}

fn report(query: &str) -> Report {
    whole_run(&read(query), &Trace::empty())
}

fn figure(variant: &VariantReport, name: &str) -> f64 {
    variant.figure(name).unwrap_or_else(|| panic!("{} has no {name}", variant.name))
}

fn all_limiters() -> String {
    LIMITERS.iter().map(|entry| entry.about.id).collect::<Vec<_>>().join(",")
}

/// Four of the limiters at a time, so that a link takes them.
fn fours() -> Vec<String> {
    let ids: Vec<&str> = LIMITERS.iter().map(|entry| entry.about.id).collect();
    ids.chunks(4).map(|four| four.join(",")).collect()
}

/// Admitted, delay, retry after, what remains.
type Answer = (bool, f64, Option<f64>, u64);

fn check(json: &str, expected: &[&[Answer]]) {
    let report = whole_run(&Scenario::from_json(json).unwrap(), &Trace::empty());
    for (variant, expected) in report.variants.iter().zip(expected) {
        let answer = |d: &Decision| (d.admitted, d.delay, d.retry_after, d.remaining);
        let answers: Vec<Answer> = variant.decisions.iter().map(answer).collect();
        assert_eq!(answers, *expected, "{} of {json}", variant.name);
    }
}

/// By hand: a burst of three, then one every 100 ms; ten in a second are never reached.
#[test]
fn two_limiters_answer_from_the_command_line() {
    let gcra: &[Answer] = &[
        (true, 0.0, None, 2),
        (true, 0.0, None, 1),
        (true, 0.0, None, 0),
        (false, 0.0, Some(0.1), 0),
        (false, 0.0, Some(0.05), 0),
        (true, 0.0, None, 0),
    ];
    let counter: Vec<Answer> = (4..10).rev().map(|remaining| (true, 0.0, None, remaining)).collect();
    for arrivals in [r#"{"at":[0,0,0,0,0.05,0.1]}"#, r#"{"times":[0,0,0,0,0.05,0.1]}"#] {
        let json = format!(
            r#"{{"lab":"rate-limit","variants":[{{"limiter":"gcra","rate":10,"burst":3}},{{"limiter":"sliding-counter","limit":10,"window":1}}],"arrivals":{arrivals}}}"#
        );
        check(&json, &[gcra, &counter]);
    }
}

/// nginx's own rules: the first costs nothing, what is in excess waits until the rate has caught up.
#[test]
fn who_is_held_back_passes_later() {
    let json = r#"{"lab":"rate-limit","variants":[{"limiter":"nginx","rate":10,"burst":2}],"arrivals":{"at":[0,0,0,0]}}"#;
    let report = whole_run(&Scenario::from_json(json).unwrap(), &Trace::empty());
    let delays: Vec<(bool, f64)> =
        report.variants[0].decisions.iter().map(|d| (d.admitted, d.delay)).collect();
    assert_eq!(delays, [(true, 0.0), (true, 0.1), (true, 0.2), (false, 0.0)]);
    let names = ["passed", "held_back", "delay_max", "steps"];
    let figures = names.map(|name| report.variants[0].figure(name));
    assert_eq!(figures, [Some(3.0), Some(2.0), Some(0.2), None]);
    assert_eq!((report.steps, report.seconds), (6, Some(0.2)), "four ask, two pass later");
}

#[test]
fn what_is_wrong_is_refused_by_name() {
    let check = |query: &str, field: &str, value: &str, allowed: &str| {
        let (_, refusals) = Scenario::from_query(LAB, &Query::parse(query));
        let [refusal] = &refusals[..] else { panic!("{query}: {refusals:?}") };
        assert_eq!((refusal.field.as_str(), refusal.value.as_str()), (field, value), "{query}");
        assert!(refusal.allowed.contains(allowed), "{query}: {refusal}");
    };
    check("limiters=fixed-window:limit=0", "limiters (limit)", "0", "from 1 to 1000000");
    check("limiters=fixed-window:window=0", "limiters (window)", "0", "from 0.001 to 86400");
    check("limiters=gcra:burst=0", "limiters (burst)", "0", "from 1 to 1000000");
    check("limiters=gcra:rate=-1", "limiters (rate)", "-1", "from 0.001");
    check("limiters=gcra:rate=NaN", "limiters (rate)", "NaN", "from 0.001");
    check("limiters=leaky", "limiters", "leaky", "one of ");
    check("window=0", "window", "0", "from 0.001 to 86400");
    check("clients=1000001", "clients", "1000001", "from 1 to 1000000");
    check("clients=0", "clients", "0", "from 1 to 1000000");
    check("requests=0", "requests", "0", "from 1 to 1000000");
    check("abuse=1.5", "abuse", "1.5", "from 0 to 1");
    check("costs=1,0", "costs", "0", "from 1 to 1000000");
    check("tries=0", "tries", "0", "from 1 to 100");
    check("keys=all", "keys", "all", "one of client, shared");
    check("slow=3-2:4", "slow", "3-2:4", "as in 20-40:3");
    check("slow=3", "slow", "3", "as in 20-40:3");
    check("skew=2", "skew", "2", "as in 2:-1.5");
    check("arrivals=poisson:0", "arrivals.poisson.rate", "0", "requests a second");
    check("arrivals=times:2,1", "arrivals.times[1]", "1", "not below");
    check("arrivals=often", "arrivals", "often", "worst, log");
    check("arrivals=worst:x", "arrivals", "x", "a whole number");
    let json = r#"{"lab":"rate-limit","variants":[{"limiter":"gcra","burst":0}]}"#;
    assert_eq!(Scenario::from_json(json).unwrap_err().field, "variants[0].burst");
}

#[test]
fn links_and_json_lead_to_the_same_scenario() {
    for entry in LABS.iter().filter(|entry| ["rate-limit", "worst-case"].contains(&entry.about.id)) {
        for preset in entry.about.presets {
            let (scenario, refusals) = Scenario::from_query(entry.about.id, &Query::parse(preset.query));
            assert!(refusals.is_empty(), "{}: {refusals:?}", preset.name);
            assert_eq!(Scenario::from_json(&scenario.json()).unwrap(), scenario, "{}", preset.name);
            let again = Scenario::from_query(entry.about.id, &scenario.query()).0;
            assert_eq!(again, scenario, "{}", preset.name);
        }
    }
    let log = read("arrivals=log:access.log&limiters=gcra");
    assert_eq!(log.workload().unwrap().name(), "access.log");
    assert_eq!(Scenario::from_json(&log.json()).unwrap(), log);
}

/// Who comes, when, and for the first time, is the same at every door.
#[test]
fn all_get_the_same_requests() {
    for limiters in fours() {
        let report = report(&format!(
            "limiters={limiters}&arrivals=on-off:30:1:1&requests=200&clients=5&abuse=0.5&tries=3&obey=0.5&workers=3"
        ));
        let first = |variant: &VariantReport| -> Vec<(u64, u64, String)> {
            let firsts = variant.decisions.iter().filter(|d| d.attempt == 1);
            firsts.map(|d| (d.number, d.at.to_bits(), d.client.clone())).collect()
        };
        let one = first(&report.variants[0]);
        assert_eq!(one.len(), 200);
        assert!(report.variants.iter().all(|variant| first(variant) == one));
    }
}

/// Settings of clients and server under which everything can happen.
fn settings() -> impl Strategy<Value = String> {
    let arrivals = prop_oneof![
        Just("poisson:20"),
        Just("on-off:60:0.5:1"),
        Just("constant:15"),
        Just("times:0,0,0,0,0,0,0,0,0,0,0,0,0.5,0.9,0.99,1,1,1,1,1,1,1,1,1,1,1,1,1,1,3,3,3"),
    ];
    let clients = (1..6_u32, 0..3_u32, any::<bool>(), 1..5_u32, 0..3_u32, any::<bool>());
    let server = (0..4_u32, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (arrivals, clients, server, any::<u16>()).prop_map(|(arrivals, clients, server, seed)| {
        let (n, abuse, shared, tries, obey, exact) = clients;
        let (workers, impatient, slow, put, costly) = server;
        let mut query = format!("arrivals={arrivals}&requests=150&clients={n}&tries={tries}&seed={seed}");
        query +=
            &format!("&abuse={}&obey={}&workers={workers}", f64::from(abuse) / 2.0, f64::from(obey) / 2.0);
        let more = [
            (shared, "&keys=shared"),
            (exact, "&told=exact"),
            (impatient, "&patience=0.3"),
            (slow, "&slow=1-2:6"),
            (put, "&skew=1:3,2:-2.5"),
            (costly, "&costs=1,2,1,11"),
        ];
        more.iter().filter(|(on, _)| *on).for_each(|(_, text)| query += text);
        query
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_ends_in_one_way(settings in settings()) {
        let served = !settings.contains("workers=0");
        for limiters in fours() {
            let report = report(&format!("limiters={limiters}&{settings}"));
            for variant in &report.variants {
                let n = |name| figure(variant, name);
                let what = format!("{} with {settings}", variant.name);
                prop_assert_eq!(n("tries"), n("admitted") + n("refused"), "{}", what);
                prop_assert_eq!(n("admitted"), n("passed"), "{}", what);
                prop_assert_eq!(n("requests"), n("passed") + n("given_up"), "{}", what);
                prop_assert_eq!(n("retries"), n("refused") - n("given_up"), "{}", what);
                prop_assert_eq!(n("under_way"), 0.0, "{}", what);
                let done = if served { n("passed") } else { 0.0 };
                prop_assert_eq!(n("done") + n("dropped"), done, "{}", what);
                prop_assert_eq!(n("dropped") >= n("wasted"), true, "{}", what);
                prop_assert_eq!(variant.decisions.len() as f64, n("tries"), "{}", what);
            }
        }
    }

    /// Nobody is admitted more often than is proven, whatever clients do.
    #[test]
    fn bounds_hold(settings in settings(), window in prop_oneof![Just(0.1), Just(1.0), Just(2.5)]) {
        for limiters in fours() {
            let report = report(&format!("limiters={limiters}&{settings}&window={window}"));
            for variant in &report.variants {
                let Some(Theory::Bound { most, .. }) = &variant.theory else { continue };
                let (name, most) = &most.0[0];
                prop_assert!(figure(variant, name) <= *most, "{} with {}", variant.name, settings);
            }
        }
    }

    /// Whoever obeys is back when the response says, and not a nanosecond earlier.
    #[test]
    fn who_obeys_does_not_come_early(settings in settings()) {
        let settings = settings.replace("&obey=0.5", "&obey=1").replace("&obey=0&", "&obey=1&");
        let exact = settings.contains("told=exact");
        for limiters in fours() {
            let report = report(&format!("limiters={limiters}&{settings}"));
            for variant in &report.variants {
                let mut last: BTreeMap<u64, &Decision> = BTreeMap::new();
                for decision in &variant.decisions {
                    let before = last.insert(decision.number, decision);
                    let Some(before) = before else { continue };
                    let waited = Time::from_seconds(decision.at).since(Time::from_seconds(before.at));
                    let told = before.retry_after.map_or(0.1, |retry| if exact { retry } else { retry.ceil() });
                    prop_assert_eq!(waited.seconds(), told, "{}: {:?}", variant.name, before);
                }
            }
        }
    }

    #[test]
    fn the_way_back_is_exact(settings in settings(), four in 0..4_usize, walk in prop::collection::vec(0..300_u64, 1..8)) {
        let scenario = read(&format!("limiters={}&{settings}&requests=40", fours()[four % fours().len()]));
        let steps = whole_run(&scenario, &Trace::empty()).steps;
        let mut truth = scenario.lab(&Trace::empty(), steps);
        let mut scenes = vec![truth.scene()];
        let mut moments = Vec::new();
        while let Some(moment) = truth.step() {
            moments.push(moment);
            scenes.push(truth.scene());
        }
        prop_assert_eq!(moments.len() as u64, steps);
        let mut session = Session::new(scenario.lab(&Trace::empty(), steps));
        for target in walk {
            session.seek(target);
            let at = target.min(steps) as usize;
            prop_assert_eq!(session.scene(), scenes[at].clone());
            prop_assert_eq!(session.moment(), at.checked_sub(1).map(|last| &moments[last]));
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let query = format!(
        "limiters={}&arrivals=on-off:40:1:1&requests=300&clients=4&tries=3&workers=2&patience=1",
        fours()[0]
    );
    assert_eq!(report(&query), report(&query));
    assert_ne!(report(&query).digest, report(&format!("{query}&seed=2")).digest);
}

/// The ideal limiter is the exact log: the log itself makes no mistake, and the fixed window both.
#[test]
fn mistakes_are_counted_against_the_exact_log() {
    // Twenty around the edge at 1 s: the log of the last second would admit ten of them.
    let edge: Vec<String> = (0..20).map(|n| (0.9 + f64::from(n) / 100.0).to_string()).collect();
    let report = report(&format!("limiters=sliding-log,fixed-window&arrivals=times:{}", edge.join(",")));
    let mistakes = |at: usize| {
        let n = |name| figure(&report.variants[at], name);
        (n("wrongly_refused"), n("wrongly_admitted"))
    };
    assert_eq!(mistakes(0), (0.0, 0.0));
    assert_eq!(mistakes(1), (0.0, 10.0));
}

/// Seven clients send 12/7 a second each, nearly all of which pass at five a second for each; the abuser
/// sends 28, of which five pass: Jain's index is (12 + 5)² / (8 · (7 · (12/7)² + 5²)) = 0.79. Under one
/// key all pass in proportion to what they send: 1 / (8 · (0.7² + 7 · (0.3/7)²)) = 0.25.
#[test]
fn one_abuser_takes_from_the_others_only_under_one_key() {
    let query = "limiters=gcra:rate=5:burst=5&arrivals=poisson:40&requests=4000&clients=8&abuse=0.7&seed=8";
    let fairness = |rest: &str| figure(&report(&format!("{query}{rest}")).variants[0], "fairness");
    let (own, shared) = (fairness(""), fairness("&keys=shared"));
    assert!((own - 0.79).abs() < 0.04 && (shared - 0.25).abs() < 0.04, "{own} and {shared}");
    let alone = report("limiters=gcra&clients=1");
    assert_eq!(figure(&alone.variants[0], "fairness"), 1.0);
}

/// An access log names its clients.
#[test]
fn an_access_log_brings_its_own_clients() {
    let names = Names::Read { bytes: b"10.0.0.110.0.0.2".to_vec(), ends: vec![8, 16] };
    let times = [0.0, 0.0, 0.0, 0.5].map(Time::from_seconds);
    let log = Trace {
        requests: Rc::new([Key(0), Key(0), Key(1), Key(0)]),
        names: Rc::new(names),
        times: Some(Rc::new(times)),
    };
    let scenario = read("limiters=gcra:burst=1&arrivals=log:access.log");
    let report = whole_run(&scenario, &log);
    let answers: Vec<(&str, f64, bool)> =
        report.variants[0].decisions.iter().map(|d| (d.client.as_str(), d.at, d.admitted)).collect();
    let expected =
        [("10.0.0.1", 0.0, true), ("10.0.0.1", 0.0, false), ("10.0.0.2", 0.0, true), ("10.0.0.1", 0.5, true)];
    assert_eq!(answers, expected);
    let moment = scenario.lab(&log, report.steps).step().unwrap();
    assert_eq!(moment.subject, "request 1 of 10.0.0.1");
}

#[test]
fn many_clients_cost_little_each() {
    let report = report("limiters=gcra&arrivals=poisson:100000&requests=100000&clients=100000");
    let gcra = &report.variants[0];
    assert!(figure(gcra, "clients") > 60_000.0);
    assert!(figure(gcra, "memory_a_key") < 32.0, "{:?}", gcra.figures);
    assert_eq!(gcra.decisions.len(), 10_000, "no more answers are kept");
}

#[test]
fn reasons_are_told_and_stand_where_they_say() {
    let source = text_of(DOOR_SOURCE);
    let mut told = BTreeSet::new();
    let query = "arrivals=on-off:60:0.5:1&requests=200&clients=4&obey=0.5&workers=2&slow=0.5-2:8&patience=0.4&skew=1:-0.5&tries=3";
    for limiters in fours() {
        let scenario = read(&format!("limiters={limiters}&{query}"));
        let steps = whole_run(&scenario, &Trace::empty()).steps;
        let mut lab = scenario.lab(&Trace::empty(), steps);
        while let Some(moment) = lab.step() {
            for part in &moment.parts {
                told.extend(part.because.iter().map(|because| because.rule.name));
                assert!(part.sentences().iter().all(|says| says.ends_with('.') && !says.contains("{}")));
            }
        }
    }
    for rule in DOOR_RULES {
        assert!(told.contains(rule.name), "{} is never told", rule.name);
        let place = source.split(&format!("fn {}(", rule.place)).nth(1).unwrap_or_default();
        let body = &place[..place.find("\n    }").unwrap_or(place.len())];
        assert!(body.contains(&format!("&{}", rule.name)), "{} is not in {}", rule.name, rule.place);
    }
    assert_eq!(source.matches(": Rule =").count() + source.matches(": Rule {").count(), DOOR_RULES.len());
}

fn worst_case(query: &str) -> (Scenario, Report) {
    let (scenario, refusals) = Scenario::from_query("worst-case", &Query::parse(query));
    assert!(refusals.is_empty(), "{query}: {refusals:?}");
    let report = whole_run(&scenario, &Trace::empty());
    (scenario, report)
}

/// Found, and never more than.
fn found(variant: &VariantReport) -> (f64, f64) {
    let Some(Theory::Bound { most, .. }) = &variant.theory else { panic!("{} has no bound", variant.name) };
    (figure(variant, "most_of_a_key"), most.0[0].1)
}

/// Ten a second each: two windows' worth around an edge; exactly ten in any window; a full bucket and
/// what drops in within less than a second; one at each interval.
#[test]
fn the_worst_of_each_classic_is_found_and_proven() {
    let (_, report) = worst_case("limiters=fixed-window,sliding-log,token-bucket,leaky-bucket");
    let all: Vec<(f64, f64)> = report.variants.iter().map(found).collect();
    assert_eq!(all, [(20.0, 20.0), (10.0, 10.0), (19.0, 19.0), (10.0, 10.0)]);
    let takeaway =
        (LABS.iter().find(|entry| entry.about.id == "worst-case").unwrap().about.summary.takeaway)(&report);
    assert!(takeaway.contains("Fixed window: 20 get through, as many as is proven"), "{takeaway}");
}

#[test]
fn one_limiters_worst_may_come_to_all() {
    let (_, report) = worst_case("limiters=sliding-log,fixed-window&arrivals=worst:2");
    assert_eq!(found(&report.variants[0]), (10.0, 10.0));
    assert_eq!(found(&report.variants[1]), (20.0, 20.0));
    let came = |at: usize| report.variants[at].decisions.iter().map(|d| d.at).collect::<Vec<_>>();
    assert_eq!(came(0), came(1), "the same arrivals come to both");
}

/// The windows in which the most get through stand at the same place of the picture.
#[test]
fn the_worst_windows_begin_together() {
    let (scenario, report) = worst_case("limiters=fixed-window:window=0.7,sliding-log,token-bucket,gcra");
    let mut lab = scenario.lab(&Trace::empty(), report.steps);
    while lab.step().is_some() {}
    let windows: Vec<(u64, u64)> = lab
        .scene()
        .panels
        .iter()
        .map(|panel| {
            let strip = panel.iter().find_map(|shape| match shape {
                Shape::Strip(strip) if strip.name == "through the door" => Some(strip),
                _ => None,
            });
            let stretch = &strip.unwrap().stretches[0];
            (stretch.from.to_bits(), stretch.until.to_bits())
        })
        .collect();
    assert!(windows.iter().all(|window| *window == windows[0]), "{windows:?}");
    for (variant, panel) in report.variants.iter().zip(&lab.scene().panels) {
        let (most, bound) = found(variant);
        let says = format!("{most}, bound {bound}");
        let told = panel
            .iter()
            .any(|shape| matches!(shape, Shape::Strip(s) if s.stretches.iter().any(|w| w.says == says)));
        assert!(told, "{}: {says}", variant.name);
    }
}

/// The log of one key counts by hand: two words a decision, one for the note of each that is admitted.
#[test]
fn what_a_decision_costs_is_counted() {
    let report = report("limiters=sliding-log,gcra&arrivals=times:0,0,0,0&until=1");
    let cost = |at: usize, name| figure(&report.variants[at], name);
    assert_eq!(cost(0, "words_a_decision"), 3.0);
    assert_eq!((cost(1, "words_a_decision"), cost(1, "memory_a_key")), (2.0, 16.0));
}

#[test]
fn every_limiter_is_at_hand() {
    let json: Vec<String> = all_limiters().split(',').map(|id| format!(r#"{{"limiter":"{id}"}}"#)).collect();
    let json = format!(r#"{{"lab":"rate-limit","variants":[{}],"requests":50}}"#, json.join(","));
    let report = whole_run(&Scenario::from_json(&json).unwrap(), &Trace::empty());
    assert_eq!(report.variants.len(), LIMITERS.len());
    assert!(report.variants.iter().all(|variant| figure(variant, "tries") == 50.0));
}
