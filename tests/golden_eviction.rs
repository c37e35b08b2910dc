//! Whole runs against what somebody else counted, against the closed form, and against what they
//! came to before.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

use serde_json::{Value, json};
use sluice::lab::{Query, Report, Scenario, VariantReport, Workload};
use sluice::trace::{Columns, Trace, TraceReader, read_all};
use std::fs::{self, File};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The names of the independent simulator and how a scenario states the same policy.
///
/// Its SLRU has four segments of a quarter each, ours the two of the paper: two algorithms, so
/// its rows are left out.
const SAME: &[(&str, &str)] = &[
    ("FIFO", "fifo"),
    ("LRU", "lru"),
    ("CLOCK", "clock"),
    ("SIEVE", "sieve"),
    ("LFU", "lfu"),
    ("ARC", "arc"),
    ("S3-FIFO", "s3-fifo"),
    ("2Q", "2q"),
    ("Belady", "opt"),
];

fn recorded(name: &str) -> Trace {
    let file = File::open(format!("{ROOT}/www/traces/{name}.txt.zst")).unwrap();
    read_all(file, TraceReader::new(Columns::default())).unwrap().trace
}

fn read(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query("eviction", &Query::parse(query));
    assert!(refusals.is_empty(), "{query}: {refusals:?}");
    scenario
}

fn run(scenario: &Scenario) -> Report {
    let trace = match scenario.workload() {
        Some(Workload::Stream(stream)) => stream.generate(scenario.seed()),
        Some(Workload::Recorded(name)) => recorded(name),
        other => panic!("{other:?} is nowhere"),
    };
    let mut run = scenario.run(&trace);
    run.advance(u64::MAX);
    run.finish().0
}

/// One scenario with a variant for every row of one trace.
fn check_rows(trace: &str, rows: &[&Value]) -> Vec<String> {
    let variant = |row: &&Value| {
        let (_, id) = SAME.iter().find(|(name, _)| row["policy"] == *name)?;
        let mut variant = json!({ "policy": id, "capacity": row["capacity"] });
        if let Some(threshold) = row["parameters"].get("move_to_main_threshold") {
            variant["threshold"] = threshold.clone();
        }
        Some((variant, row["misses"].as_f64().unwrap()))
    };
    let (variants, expected): (Vec<Value>, Vec<f64>) = rows.iter().filter_map(variant).unzip();
    assert!(!variants.is_empty());
    let scenario =
        json!({ "lab": "eviction", "variants": variants, "capacity": 1, "workload": { "trace": trace } });
    let report = run(&Scenario::from_json(&scenario.to_string()).unwrap());
    let misses =
        report.variants.iter().map(|variant| (variant.variant.clone(), variant.figure("misses").unwrap()));
    let differ = misses.zip(expected).filter(|((_, misses), expected)| misses != expected);
    differ.map(|((name, misses), expected)| format!("{trace}, {name}: {misses}, not {expected}")).collect()
}

#[test]
fn misses_are_those_of_an_independent_simulator() {
    let golden: Value =
        serde_json::from_str(&fs::read_to_string(format!("{ROOT}/tests/golden/eviction.json")).unwrap())
            .unwrap();
    let rows = golden["rows"].as_array().unwrap();
    let mut differ = Vec::new();
    for trace in ["build-files", "sqlite-pages", "sort-pages", "grep-blocks"] {
        let of_trace: Vec<&Value> = rows.iter().filter(|row| row["trace"] == trace).collect();
        assert_eq!(of_trace.len(), 30, "{trace}");
        differ.extend(check_rows(trace, &of_trace));
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

/// The digests were printed by this very test when the rows above first agreed with the
/// independent simulator and the policies with their models. A run that comes to another digest
/// goes another way at some request: then links and exports of before no longer show what they
/// showed, and that has to be meant.
#[test]
fn runs_are_the_same_as_ever() {
    for (query, digest) in [
        (
            "policies=lru,sieve&capacity=8&workload=zipf:0.9:10:40;scan:16@10;zipf:0.9:10:40&seed=7",
            "1714d34f433d5f5b",
        ),
        ("policies=fifo,clock,lfu,mru&capacity=20&workload=zipf:0.8:200:20000&seed=1", "d503015480468bdc"),
        (
            "policies=random,slru,2q,arc&capacity=20&workload=hot:200:12:90:500:20000&seed=2",
            "97f4e104cce33d13",
        ),
        (
            "policies=s3-fifo,s3-fifo:threshold=2:warm-up=small,opt,opt-bypass&capacity=20&workload=drift:300:30:40:20000&seed=3",
            "c34f12797a11bac8",
        ),
        (
            "policies=random&capacity=9&workload=3*zipf:1:40:3000|1*scan:1000@40&seed=18446744073709551615",
            "8ebacde45d587a98",
        ),
        ("policies=arc,s3-fifo&capacity=300&workload=trace:sqlite-pages", "61374d4dbef28708"),
    ] {
        assert_eq!(run(&read(query)).digest, digest, "{query}");
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// What programs that read reports rest on.
#[test]
fn reports_keep_their_shape() {
    let scenario = read("policies=lru,s3-fifo:threshold=2&capacity=50&workload=zipf:0.8:500:4000&seed=1");
    let report = run(&scenario);
    let text = serde_json::to_string_pretty(&report).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(keys(&value), ["digest", "lab", "runs", "scenario", "steps", "variants"]);
    assert_eq!((&value["lab"], &value["steps"]), (&json!("eviction"), &json!(4_000)));
    assert_eq!(value["runs"], 1);
    assert_eq!(value["scenario"], json!(scenario.query().to_string()));
    let digest = value["digest"].as_str().unwrap();
    assert!(digest.len() == 16 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{digest}");
    let sampled = ["requests", "hits", "misses", "evictions", "hit_ratio", "warm_hit_ratio"];
    for (at, expected) in [(0, "expected_hit_ratio"), (1, "")] {
        let variant = &value["variants"][at];
        assert_eq!(keys(variant), ["figures", "intervals", "name", "series", "units", "variant"]);
        let mut names = sampled.to_vec();
        names.extend((!expected.is_empty()).then_some(expected));
        let shown: Vec<&str> = report.variants[at].figures.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(shown, names, "the order in which figures are shown");
        names.sort_unstable();
        assert_eq!((keys(&variant["figures"]), keys(&variant["units"])), (names.clone(), names));
        assert_eq!(keys(&variant["intervals"]), ["warm_hit_ratio"]);
        let figures = &variant["figures"];
        assert_eq!(figures["requests"], json!(4_000));
        let count = |name: &str| figures[name].as_u64().unwrap();
        assert_eq!(count("hits") + count("misses"), 4_000);
        assert!(count("evictions") <= count("misses"));
        let ratio = figures["hit_ratio"].as_f64().unwrap();
        assert!((ratio - count("hits") as f64 / 4_000.0).abs() < 1e-12);
        let series: Vec<&Value> = variant["series"].as_array().unwrap().iter().collect();
        for (series, name) in series.iter().zip(["running_hit_ratio", "windowed_hit_ratio"]) {
            assert_eq!(
                (keys(series), &series["name"]),
                (vec!["name", "over", "points", "unit"], &json!(name))
            );
            assert_eq!(series["over"], "requests");
            let points: Vec<(f64, f64)> = serde_json::from_value(series["points"].clone()).unwrap();
            assert!((100..=260).contains(&points.len()), "{} points", points.len());
            assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
            assert!(points.iter().all(|(_, ratio)| (0.0..=1.0).contains(ratio)));
        }
    }
    assert_eq!(value["variants"][1]["name"], "S3-FIFO, threshold 2");
    assert_eq!(value["variants"][1]["variant"], "s3-fifo:threshold=2");
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report, "what was written is read again");
}

#[test]
fn short_and_recorded_runs_claim_no_sample() {
    let check = |query: &str| {
        for variant in run(&read(query)).variants {
            assert!(
                variant.intervals.is_empty() && variant.figure("expected_hit_ratio").is_none(),
                "{query}"
            );
        }
    };
    check("policies=lru&capacity=50&workload=zipf:0.8:500:1999&seed=1");
    check("policies=lru&capacity=300&workload=trace:sqlite-pages");
}

/// Che's approximation, for which the requests must be independent: the warm hit ratio of a
/// million requests lies within a hundredth of it.
#[test]
fn the_closed_form_is_what_a_long_run_comes_to() {
    let report = run(&read("policies=lru,fifo,random&capacity=500&workload=zipf:0.8:10000:1000000&seed=1"));
    let figure = |variant: &VariantReport, name: &str| variant.figure(name).unwrap();
    for variant in &report.variants {
        let (measured, expected) = (figure(variant, "warm_hit_ratio"), figure(variant, "expected_hit_ratio"));
        assert!((measured - expected).abs() < 0.01, "{}: {measured}, expected {expected}", variant.name);
    }
    let interval = &report.variants[0].intervals["warm_hit_ratio"];
    assert!(interval.low < interval.high && interval.high - interval.low < 0.01, "{interval:?}");
}
