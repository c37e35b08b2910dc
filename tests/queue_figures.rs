//! Measured figures against the closed forms, and against another simulator.
//!
//! Each case makes independent runs with a fixed seed, so that the test is exact. The mean over the
//! runs must lie in an interval around the exact value: of 99 % for the figure that the case is
//! about, and wide enough to hold all of a case's figures at once for the others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

use serde::Deserialize;
use sluice::lab::{Report, Scenario, Theory, VariantReport};
use sluice::theory::student_t;
use sluice::trace::Trace;

fn report(scenario: &str) -> Report {
    let scenario = Scenario::from_json(scenario).unwrap();
    let mut run = scenario.run(&Trace::empty());
    run.advance(u64::MAX);
    run.finish().0
}

/// The half-width of the interval of `name` that holds the true value with probability `level`.
fn half_width(variant: &VariantReport, name: &str, runs: u64, level: f64) -> f64 {
    let interval = variant.intervals[name];
    let t = |level: f64| student_t::quantile(f64::midpoint(1.0, level), runs as f64 - 1.0).unwrap();
    interval.half_width() * t(level) / t(interval.level)
}

/// Runs one queue and holds every figure that its closed form expects against what was measured.
fn check(model: &str, main: &str, settings: &str) {
    const RUNS: u64 = 20;
    let text = format!(
        r#"{{"lab":"worker-pool","messages":12000,"warm-up":2000,"runs":{RUNS},"seed":7,{settings}}}"#
    );
    let report = report(&text);
    let variant = &report.variants[0];
    let Some(Theory::Model { name, expected }) = &variant.theory else {
        panic!("{model}: {:?}", variant.theory)
    };
    assert_eq!(name, model);
    assert!(expected.0.iter().any(|(name, _)| name == main), "{model}: nothing is expected of {main}");
    let together = 1.0 - 0.01 / expected.0.len() as f64;
    for (name, exact) in &expected.0 {
        let level = if name == main { 0.99 } else { together };
        let measured = variant.figure(name).unwrap();
        // A figure that is the same in every run must be exact; percentiles are by 1/256 coarse.
        let coarse = if name.contains("_p") { exact / 256.0 } else { 1e-12 };
        let half = half_width(variant, name, RUNS, level) + coarse;
        assert!((measured - exact).abs() <= half, "{model} {name}: {measured} ± {half}, exactly {exact}");
    }
}

/// Arrivals at `rate`, exponential service with mean 1, and one variant.
fn exponential(rate: f64, variant: &str) -> String {
    format!(
        r#""arrivals":{{"poisson":{{"rate":{rate}}}}},"service":{{"exponential":{{"mean":1}}}},"variants":[{variant}]"#
    )
}

/// Arrivals at `rate`, one worker, and service times as given.
fn general(rate: f64, service: &str) -> String {
    format!(r#""arrivals":{{"poisson":{{"rate":{rate}}}}},"service":{service},"variants":[{{"workers":1}}]"#)
}

#[test]
fn one_worker() {
    for rate in [0.5, 0.8, 0.9] {
        check("M/M/1", "mean_wait", &exponential(rate, r#"{"workers":1}"#));
    }
}

#[test]
fn several_workers() {
    for (workers, rate) in [(3, 2.0), (3, 2.7), (5, 4.0), (20, 17.0)] {
        let variant = format!(r#"{{"workers":{workers}}}"#);
        check(&format!("M/M/{workers}"), "mean_wait", &exponential(rate, &variant));
    }
}

#[test]
fn faster_workers_are_shorter_service() {
    check("M/M/1", "mean_sojourn", &exponential(1.6, r#"{"workers":1,"speed":2}"#));
}

#[test]
fn a_line_for_each_worker() {
    check("2 × M/M/1", "mean_wait", &exponential(1.6, r#"{"workers":2,"lines":"own"}"#));
}

#[test]
fn a_bounded_line() {
    for (workers, bound, rate) in [(1, 5, 2.0), (1, 3, 0.8), (3, 4, 2.5), (2, 10, 4.0)] {
        let variant = format!(r#"{{"workers":{workers},"bound":{bound}}}"#);
        check(&format!("M/M/{workers}/{}", workers + bound), "lost_ratio", &exponential(rate, &variant));
    }
}

#[test]
fn no_line_at_all() {
    for (workers, rate) in [(1, 0.7), (5, 3.0), (10, 12.0)] {
        let variant = format!(r#"{{"workers":{workers},"bound":0}}"#);
        check(&format!("M/M/{workers}/{workers} (Erlang B)"), "lost_ratio", &exponential(rate, &variant));
    }
}

#[test]
fn constant_service() {
    for rate in [0.5, 0.8] {
        check("M/D/1", "mean_wait", &general(rate, r#"{"constant":{"value":1}}"#));
    }
}

#[test]
fn general_service() {
    for service in [
        r#"{"erlang":{"mean":1,"stages":4}}"#,
        r#"{"uniform":{"low":0,"high":2}}"#,
        r#"{"hyperexponential":{"mean":1,"scv":4}}"#,
    ] {
        check("M/G/1", "mean_wait", &general(0.7, service));
    }
}

#[test]
fn lost_patience() {
    for (workers, rate, patience) in [(2, 2.2, 3.0), (5, 4.0, 1.0)] {
        let settings = exponential(rate, &format!(r#"{{"workers":{workers}}}"#));
        let patience = format!(r#"{settings},"patience":{{"exponential":{{"mean":{patience}}}}}"#);
        check(&format!("M/M/{workers}+M (Erlang A)"), "lost_ratio", &patience);
    }
}

#[test]
fn two_priorities() {
    for (workers, rate) in [(1, 0.8), (3, 2.4)] {
        let settings = exponential(rate, &format!(r#"{{"workers":{workers}}}"#));
        let urgent = format!(r#"{settings},"urgent":0.3"#);
        check(&format!("M/M/{workers} with two priorities"), "mean_wait", &urgent);
    }
}

#[test]
fn there_is_no_closed_form_where_none_is_known() {
    let plain = r#"{"workers":2}"#;
    for (settings, why) in [
        (exponential(2.0, plain), "no steady state"),
        (exponential(5.0, plain), "no steady state"),
        (exponential(1.0, plain) + r#","fail":0.1"#, "something goes wrong"),
        (exponential(1.0, r#"{"queue":"sqs"}"#), "this system's rules"),
        (exponential(1.0, r#"{"workers":2,"order":"newest"}"#), "combination"),
        (general(0.5, r#"{"pareto":{"mean":1,"shape":1.9}}"#), "infinite"),
        (general(0.5, r#"{"constant":{"value":0}}"#), "takes no time"),
        (
            r#""arrivals":{"constant":{"rate":1}},"service":{"constant":{"value":0.5}},"variants":[{"workers":1}]"#
                .to_owned(),
            "not Poisson",
        ),
    ] {
        let report = report(&format!(r#"{{"lab":"worker-pool","messages":50,{settings}}}"#));
        let theory = report.variants[0].theory.as_ref().unwrap();
        assert!(matches!(theory, Theory::None { why: said } if said.contains(why)), "{settings}: {theory:?}");
    }
}

#[derive(Deserialize)]
struct Golden {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    model: String,
    arrival_rate: f64,
    mean_service: f64,
    servers: u32,
    mean_wait: f64,
    mean_wait_half_width: f64,
    mean_sojourn: f64,
    mean_sojourn_half_width: f64,
}

#[test]
fn another_simulator_agrees() {
    let golden: Golden = serde_json::from_str(include_str!("golden/queueing.json")).unwrap();
    assert_eq!(golden.rows.len(), 8);
    for row in golden.rows {
        let service = match row.model.contains("/D/") {
            true => format!(r#"{{"constant":{{"value":{}}}}}"#, row.mean_service),
            false => format!(r#"{{"exponential":{{"mean":{}}}}}"#, row.mean_service),
        };
        let report = report(&format!(
            r#"{{"lab":"worker-pool","messages":20000,"warm-up":2000,"runs":20,"seed":11,
            "arrivals":{{"poisson":{{"rate":{}}}}},"service":{service},"variants":[{{"workers":{}}}]}}"#,
            row.arrival_rate, row.servers
        ));
        let variant = &report.variants[0];
        for (name, value, half) in [
            ("mean_wait", row.mean_wait, row.mean_wait_half_width),
            ("mean_sojourn", row.mean_sojourn, row.mean_sojourn_half_width),
        ] {
            let measured = variant.figure(name).unwrap();
            let both = half.hypot(half_width(variant, name, 20, 0.99));
            assert!((measured - value).abs() <= both, "{} {name}: {measured}, {value} ± {both}", row.model);
        }
    }
}
