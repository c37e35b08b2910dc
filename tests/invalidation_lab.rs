//! The labs of invalidation: what their presets say is true of their runs, the crash tells which writes are
//! gone, what a person lets happen is in the link, the survey has every strategy, and lives are whole.

#![cfg(test)]

use sluice::invalidation::{INVALIDATION, STAMPEDE};
use sluice::lab::{LABS, Query, Report, Scenario, Session, Shape, StageKind, Theory, VariantReport};
use sluice::trace::Trace;

fn read(lab: &str, query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query(lab, &Query::parse(query));
    assert!(refusals.is_empty(), "{query}: {refusals:?}");
    scenario
}

fn whole_run(scenario: &Scenario) -> Report {
    let mut run = scenario.run(&Trace::empty());
    loop {
        let before = run.progress();
        run.advance(1_000_000);
        if run.progress() == before {
            return run.finish().0;
        }
    }
}

fn preset(lab: &str, name: &str) -> Scenario {
    let about = LABS.iter().map(|entry| entry.about).find(|about| about.id == lab).unwrap();
    let preset = about.presets.iter().find(|preset| preset.name == name);
    read(lab, preset.unwrap_or_else(|| panic!("{lab} has no {name}")).query)
}

fn session(scenario: &Scenario) -> Session {
    let steps = whole_run(scenario).steps;
    Session::new(scenario.lab(&Trace::empty(), steps))
}

/// The figure of each variant.
fn figures(report: &Report, name: &str) -> Vec<f64> {
    let of = |variant: &VariantReport| variant.figure(name).unwrap_or_else(|| panic!("no {name}"));
    report.variants.iter().map(of).collect()
}

/// What a preset’s sentence claims of a figure, by variant.
fn check(lab: &str, name: &str, figure: &str, holds: fn(&[f64]) -> bool) {
    let report = whole_run(&preset(lab, name));
    let values = figures(&report, figure);
    assert!(holds(&values), "{lab}, {name}: {figure} {values:?}");
}

/// The lab, the preset, the figure, and what is said of it.
type Claim = (&'static str, &'static str, &'static str, fn(&[f64]) -> bool);

#[test]
fn what_presets_say_is_so() {
    let table: &[Claim] = &[
        ("invalidation", "Four textbook ways", "stale_ratio", |v| {
            v[0] > 0.3 && v[1..].iter().all(|s| *s < 0.02)
        }),
        ("invalidation", "Four textbook ways", "write_latency", |v| v[3] < 0.1 * v[2]),
        ("invalidation", "A crash before the flush", "lost_writes", |v| v == [3.0, 3.0, 0.0]),
        ("invalidation", "How much is at risk", "lost_writes", |v| v[0] > v[1] && v[0] > v[2] && v[3] == 0.0),
        ("invalidation", "Coalescing", "database_rows", |v| v[0] < 0.25 * v[1] && v[1] == v[2]),
        ("invalidation", "A lost invalidation", "stale_ratio", |v| v[1] > 0.9 && v[0] < 0.6 && v[3] == 0.0),
        ("invalidation", "Cache and database parted", "stale_ratio", |v| v[3] > 0.1 && v[0] < 0.02),
        ("invalidation", "Cache and database parted", "lost_writes", |v| v.iter().all(|lost| *lost == 0.0)),
        ("invalidation", "The database is down", "failed_reads", |v| {
            v[0] > 50.0 && v[1] == 0.0 && v[2] == 0.0
        }),
        ("invalidation", "The database is down", "failed_writes", |v| v[3] == 0.0 && v[0] > 0.0),
        ("invalidation", "The cache cannot be reached", "failed_reads", |v| v[0] == 0.0 && v[1] > 10.0),
        ("invalidation", "Clocks that are off", "stale_age_max", |v| v[0] > 2.0 && v[0] < 3.6),
        ("invalidation", "Memory of old versions", "most_entries", |v| v[0] > 600.0 && v[1] <= 20.0),
        ("stampede", "One hot key", "database_reads", |v| v[0] > 80.0 * v[2] / 3.0 && v[1] <= 3.0 * v[2]),
        ("stampede", "A database with ten connections", "failed_reads", |v| v[0] > 100.0 && v[2] == 0.0),
        ("stampede", "A database with ten connections", "most_busy", |v| v[2] <= 3.0),
        ("stampede", "One hot key", "database_reads", |v| v[3] < 102.0 + 4.0 * 10.0),
        ("stampede", "Refreshed in the background", "database_reads", |v| v[1..].iter().all(|v| *v <= 10.0)),
        ("stampede", "Writes that delete", "database_reads", |v| v[1] < 0.1 * v[0] && v[3] > 0.9 * v[0]),
        ("absent-keys", "Half of the reads ask for nothing", "empty_loads", |v| {
            v[1] < 0.3 * v[0] && v[2] < v[1]
        }),
        ("absent-keys", "Never the same name twice", "hit_ratio", |v| v[1] < v[0] && v[0] < v[2]),
        ("absent-keys", "Never the same name twice", "barred", |v| v[2] > 0.99 * 9_883.0),
        ("absent-keys", "Bits and hashes", "passed_filter", |v| {
            (v[1] - 0.12).abs() < 0.005 && (v[2] - 0.02).abs() < 0.005 && v[3] < v[2] && v[2] < v[0]
        }),
        ("absent-keys", "A key comes into being", "denied", |v| v[1] < v[2] && v[2] < v[0] && v[1] < v[3]),
        ("hot-keys", "One key, one node", "fullest_load", |v| v[0] > 0.85 && v[1] < 0.05 && v[2] < 0.5),
        ("hot-keys", "More than a node can do", "hit_ratio", |v| {
            v[0] < 0.5 && v[1..].iter().all(|h| *h > 0.9)
        }),
        ("hot-keys", "How many names", "fullest_share", |v| {
            v[0] == 1.0 && v[0] > v[1] && v[1] > v[2] && v[2] > 1.0 / 3.0 && (v[3] - 0.2).abs() < 0.02
        }),
        ("hot-keys", "What copies cost", "stale_ratio", |v| {
            v[1] > 0.5 && (v[2] - 0.08).abs() < 0.005 && (v[0] - 0.04).abs() < 0.005
        }),
        ("hot-keys", "What copies cost", "commands", |v| (v[1] / v[0] - 0.125).abs() < 0.01),
        ("hot-keys", "Many keys, some hot", "fullest_load", |v| {
            (v[1] / v[0] - 0.5).abs() < 0.05 && v[2] < 0.25 * v[0] && v[1] < v[3] && v[3] < v[0]
        }),
        ("cold-cache", "A restart under load", "failed_reads", |v| v[0] > 20.0 * v[1]),
        ("cold-cache", "An empty cache at the start", "failed_reads", |v| v[0] > 10.0 * v[1]),
        ("cold-cache", "Warm before the first client", "hit_ratio", |v| v.is_sorted() && v[3] > 0.99),
        ("cold-cache", "Wait, or an error at once", "failed_reads", |v| v[0] > v[1] && v[2] == 0.0),
        ("cold-cache", "A limit that is none", "failed_reads", |v| v[1] == 0.0 && v[2] > 10_000.0),
        ("cold-cache", "A database that can bear it", "failed_reads", |v| v == [0.0, 0.0, 0.0]),
        ("schema-change", "Nobody thought of it", "unreadable", |v| {
            v[0] > 1_000.0 && v[2] == 0.0 && v[3] == 0.0
        }),
        ("schema-change", "Until the database is down", "failed_reads", |v| {
            v[0] > 20.0 * v[1] && v[1] == v[2]
        }),
        ("schema-change", "Two entries a key", "hit_ratio", |v| v[0] < v[1]),
        ("schema-change", "A write that both must see", "stale_ratio", |v| (v[1] / v[2] - 1.0).abs() < 0.2),
        ("schema-change", "A write that both must see", "write_latency", |v| v[1] > v[0] && v[1] > v[2]),
        ("hints", "Trust, ask, or let it be refused", "mistakes", |v| v[0] > 20.0 * v[1] && v[2] == 0.0),
        ("hints", "Nearly always right", "mistakes", |v| (v[0] / 9_986.0 - 0.15).abs() < 0.01 && v[2] == 0.0),
        ("hints", "Nearly always right", "read_latency", |v| v[2] < 1.01 * v[0] && v[1] > v[2] + 0.002),
        ("hints", "Hardly ever right", "read_latency", |v| v[0] < v[1] && v[1] < v[2]),
        ("hints", "How long a hint is kept", "mistakes", |v| v.is_sorted()),
        ("hints", "Between the check and the act", "mistakes", |v| {
            v[0] > v[1] && v[1] > 500.0 && v[2] == 0.0
        }),
    ];
    for (lab, name, figure, holds) in table {
        check(lab, name, figure, *holds);
    }
}

#[test]
fn theory_stands_beside_what_it_covers_and_agrees() {
    let report = whole_run(&preset("invalidation", "Against theory"));
    for variant in &report.variants {
        let Some(Theory::Model { expected, .. }) = &variant.theory else {
            panic!("{}: no model", variant.name)
        };
        for (name, value) in &expected.0 {
            let off = (variant.figure(name).unwrap() - value).abs();
            // The first turn of each key begins with an empty cache, and the last one is cut off.
            let edges = 20.0 / variant.figure("reads").unwrap();
            let width = variant.intervals.get(name).map_or(0.0, |interval| interval.half_width());
            assert!(off <= 2.0 * width + edges, "{}: {name} is {off} off, {width}", variant.name);
        }
    }
    // Of keys that nobody writes nothing is stale, however long their entries live.
    let stable = whole_run(&read("invalidation", "strategies=write-around&writes=0"));
    let Some(Theory::Model { expected, .. }) = &stable.variants[0].theory else { panic!("no model") };
    assert!(expected.0.iter().all(|(name, value)| name != "stale_ratio" || *value < 1e-9), "{expected:?}");
    let troubled = read("invalidation", "strategies=ttl&troubles=restart@1&operations=50");
    assert!(matches!(whole_run(&troubled).variants[0].theory, Some(Theory::None { .. })));
}

/// Two filters that are the same let the same share pass, whatever the cache keeps of what has passed.
#[test]
fn what_a_filter_lets_pass_does_not_depend_on_what_is_kept() {
    let query =
        "strategies=bloom:bits=4,bloom:bits=4:nothing=never&writes=0&keys=100&absent=0.5&operations=5000";
    let passed = figures(&whole_run(&read("absent-keys", query)), "passed_filter");
    assert!(passed[0] > 0.05 && (passed[0] - passed[1]).abs() < 1e-9, "{passed:?}");
}

/// A key of a script that is not among those that exist is one that does not.
#[test]
fn a_script_may_ask_for_what_does_not_exist() {
    for strategy in ["ttl", "write-behind", "versioned-keys"] {
        let query =
            format!("strategies={strategy}&keys=3&missing=1&operations=4&writes=0&script=r500,w400,r400");
        let report = whole_run(&read("invalidation", &query));
        assert_eq!(figures(&report, "operations"), [4.0], "{strategy}");
        assert_eq!(figures(&report, "denied"), [0.0], "{strategy}");
        session(&read("invalidation", &query)).scene();
    }
}

/// What a client wants of the database because of a value is work of the database, also if the value was there.
#[test]
fn the_life_of_an_act_shows_the_work_of_the_database() {
    let scenario = read("hints", "strategies=trust:ttl=never&operations=20&writes=0&keys=1");
    let life = &scenario.lives(20)[0];
    assert!(life.stages.iter().any(|stage| stage.kind == StageKind::Worked), "{:?}", life.stages);
}

/// The same operations are answered at the same rate, whatever goes on behind them.
#[test]
fn what_is_answered_a_second_does_not_depend_on_the_last_flush() {
    let query = "strategies=write-through,write-behind:age=30&operations=200";
    let rates = figures(&whole_run(&read("invalidation", query)), "goodput");
    assert!((rates[1] / rates[0] - 1.0).abs() < 0.05, "{rates:?}");
}

/// What goes on in the background is over when its message is lost.
#[test]
fn the_life_of_a_lost_notice_ends() {
    let scenario = read("invalidation", "strategies=change-log&operations=10&writes=1&lost=1&keys=1");
    let lives = scenario.lives((1 << 32) + 1);
    let last = lives[0].events.last().unwrap();
    assert!(last.says.contains("is over"), "{}", last.says);
}

/// Whatever is stepped through says why, from the first step on.
#[test]
fn no_step_is_silent() {
    const STEPS: u64 = 400;
    let ours = LABS.iter().filter(|entry| entry.about.chapter == "Invalidation");
    for preset in
        ours.flat_map(|entry| entry.about.presets.iter().map(|preset| (entry.about.id, preset.query)))
    {
        let (lab, query) = preset;
        let (scenario, _) = Scenario::from_query(lab, &Query::parse(query));
        let steps = whole_run(&scenario).steps.min(STEPS);
        let mut session = Session::new(scenario.lab(&Trace::empty(), steps));
        for step in 1..=session.length() {
            session.seek(step);
            let Some(moment) = session.moment() else { break };
            let told = moment.parts.iter().any(|part| !part.because.is_empty());
            assert!(told, "{lab}: {query}: step {step} says nothing");
        }
    }
}

#[test]
fn the_end_of_a_trouble_says_that_it_is_over() {
    let all = "slow@0.1-0.2:5,unreachable@0.3-0.4,down@0.5-0.6,parted@0.7-0.8,lost@0.9,restart@1";
    let scenario = read("invalidation", &format!("strategies=cache-aside&operations=80&troubles={all}"));
    let mut session = session(&scenario);
    let mut told = Vec::new();
    for step in 1..=session.length() {
        session.seek(step);
        let sentences =
            session.moment().iter().flat_map(|moment| moment.parts[0].sentences()).collect::<Vec<_>>();
        told.extend(
            sentences
                .into_iter()
                .filter(|says| says.starts_with("The cache") || says.starts_with("The database")),
        );
    }
    for says in [
        "The cache is as fast as ever: what was wrong is mended.",
        "The cache is back: what was wrong is mended.",
        "The database is back: what was wrong is mended.",
        "The cache reaches the database again: what was wrong is mended.",
        "The cache will not get the next deletion: the network to it is overloaded.",
        "The cache restarts: its process starts anew, with nothing in it.",
    ] {
        assert!(told.iter().any(|sentence| sentence == says), "{says}: {told:?}");
    }
}

#[test]
fn a_crash_tells_which_writes_are_gone() {
    let mut session = session(&preset("invalidation", "A crash before the flush"));
    session.seek(session.length());
    let scene = session.scene();
    let note = scene.panels[0].iter().find_map(|shape| match shape {
        Shape::Note(text) => Some(text.clone()),
        _ => None,
    });
    let note = note.unwrap();
    let (_, lost) = note.split_once("lost for good: writes ").unwrap_or_else(|| panic!("{note}"));
    let mut lost: Vec<u32> =
        lost.split_once('.').unwrap().0.split(", ").map(|number| number.parse().unwrap()).collect();
    lost.sort_unstable();
    assert_eq!(lost, [5, 6, 7]);
}

#[test]
fn what_a_person_lets_happen_is_in_the_link_and_happens_next() {
    let scenario = read("invalidation", "strategies=cache-aside&operations=100");
    let mut first = session(&scenario);
    first.seek(80);
    let scene = first.scene();
    let labels: Vec<&str> = scene.actions.iter().map(|action| action.label).collect();
    assert_eq!(labels.len(), 6, "{labels:?}");
    for action in &scene.actions {
        let changed = scenario.with(action.field, &action.value).unwrap();
        assert_eq!(read("invalidation", &changed.query().to_string()), changed);
        let mut second = session(&changed);
        second.seek(80);
        assert_eq!(second.scene().panels, scene.panels, "{}: the past stays", action.label);
    }
}

#[test]
fn the_survey_has_every_strategy_with_its_reasons() {
    for (lab, list) in [("invalidation", INVALIDATION), ("stampede", STAMPEDE)] {
        let table = read(lab, "operations=300").weigh(&|| 0.0);
        assert_eq!(table.rows.len(), list.len());
        for (name, cells) in &table.rows {
            assert_eq!(cells.len() + 1, table.head.len(), "{name}");
            assert_eq!(cells.iter().filter(|cell| cell.contains("\nbecause ")).count(), 4, "{name}");
        }
    }
}

#[test]
fn lives_are_told_from_beginning_to_end() {
    let scenario = read("invalidation", "strategies=cache-aside,write-behind&operations=60");
    for number in 1..=60 {
        let lives = scenario.lives(number);
        assert_eq!(lives.len(), 2);
        for life in &lives {
            let (first, last) = (life.events.first().unwrap(), life.events.last().unwrap());
            assert!(first.says.contains("begins"), "{}", first.says);
            assert!(last.says.contains("answered") || last.says.contains("acknowledged"), "{}", last.says);
        }
    }
    assert!(scenario.lives(0).is_empty() && scenario.lives(61).is_empty());
}

#[test]
fn bad_values_are_refused_by_name() {
    let table = [
        ("troubles", "restart", "restart@2"),
        ("troubles", "down@5-3", "2-4"),
        ("troubles", "down@1-3,down@2-4", "do not overlap"),
        ("troubles", "slow@1-2", "slow@2-3:10"),
        ("script", "x1", "r or w"),
        ("script", "r0", "r or w"),
        ("writes", "1.5", "from 0 to 1"),
        ("keys", "0", "from 1 to"),
        ("rollout", "4-2", "2-4"),
        ("connections", "0", "from 1 to"),
        ("strategies", "ttl:ttl=soon", "never"),
        ("strategies", "double-delete:delay=never", "from 0 to 3600"),
    ];
    for (field, value, allowed) in table {
        let (_, refusals) = Scenario::from_query("invalidation", &Query::parse(&format!("{field}={value}")));
        let [refusal] = &refusals[..] else { panic!("{field}={value}: {refusals:?}") };
        assert!(refusal.field.contains(field) && refusal.allowed.contains(allowed), "{refusal}");
    }
}
