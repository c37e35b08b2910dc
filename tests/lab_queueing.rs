//! The labs of queues: links and JSON, forward and back, presets, bad input, lives.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

use proptest::prelude::*;
use sluice::lab::{LABS, Mood, Query, Report, Scenario, Session, Shape, StageKind, Station};
use sluice::trace::Trace;

const QUEUES: [&str; 3] = ["worker-pool", "dead-letters", "dialects"];

fn read(lab: &str, query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query(lab, &Query::parse(query));
    assert_eq!(refusals, [], "{lab} {query}");
    scenario
}

fn report(scenario: &Scenario) -> Report {
    let mut run = scenario.run(&Trace::empty());
    run.advance(u64::MAX);
    run.finish().0
}

fn session(scenario: &Scenario) -> Session {
    Session::new(scenario.lab(&Trace::empty(), report(scenario).steps))
}

#[test]
fn every_preset_is_what_it_says_in_links_and_json() {
    for lab in LABS.iter().filter(|lab| QUEUES.contains(&lab.about.id)) {
        for preset in lab.about.presets {
            let scenario = read(lab.about.id, preset.query);
            assert_eq!(
                scenario.query().to_string(),
                read(lab.about.id, &scenario.query().to_string()).query().to_string()
            );
            let again = Scenario::from_json(&scenario.json()).unwrap();
            assert_eq!(again, scenario, "{}", preset.name);
            let report = report(&scenario);
            assert!(report.steps > 10, "{}: {} steps", preset.name, report.steps);
            for variant in &report.variants {
                assert!(variant.figure("sent").unwrap() > 0.0, "{}: {}", preset.name, variant.name);
            }
        }
    }
}

/// Steps forward, then back, and finds each state as it was; then jumps about.
fn check_way_back(scenario: &Scenario) {
    let mut session = session(scenario);
    let last = session.length().min(400);
    let mut seen = vec![(session.scene(), session.moment().cloned())];
    for step in 1..=last {
        session.seek(step);
        seen.push((session.scene(), session.moment().cloned()));
    }
    for step in (0..=last).rev().chain([last, last / 3, last / 2, 1, last - 1]) {
        session.seek(step);
        let (scene, moment) = &seen[step as usize];
        assert_eq!(session.moment(), moment.as_ref(), "step {step} of {scenario:?}");
        // What the last step touched is marked only where that step was told, as everywhere but at
        // the start of a session.
        assert_eq!(&session.scene(), scene, "step {step} of {scenario:?}");
    }
}

#[test]
fn forward_and_back_is_exact() {
    for lab in LABS.iter().filter(|lab| QUEUES.contains(&lab.about.id)) {
        for preset in lab.about.presets {
            check_way_back(&read(lab.about.id, preset.query));
        }
    }
}

#[test]
fn what_is_stepped_is_what_is_counted() {
    for lab in LABS.iter().filter(|lab| QUEUES.contains(&lab.about.id)) {
        for preset in lab.about.presets {
            let scenario = read(lab.about.id, preset.query);
            let (report, marks) = {
                let mut run = scenario.run(&Trace::empty());
                run.advance(u64::MAX);
                run.finish()
            };
            let mut lab = scenario.lab(&Trace::empty(), report.steps);
            let mut step = 0;
            while let Some(moment) = lab.step() {
                for (part, marks) in moment.parts.iter().zip(&marks) {
                    assert_eq!(Some(part.outcome), marks.get(step), "{} step {step}", preset.name);
                }
                step += 1;
            }
            assert_eq!(step, report.steps, "{}", preset.name);
        }
    }
}

#[test]
fn a_slice_at_a_time_gives_the_same_report() {
    let scenario = read("dialects", "queues=sqs,rabbitmq:prefetch=2&messages=500&runs=3&fail=0.1&seed=5");
    let mut run = scenario.run(&Trace::empty());
    let mut progress = 0;
    loop {
        let (all, done) = run.progress();
        assert!(done >= progress && done <= all);
        progress = done;
        if done == all {
            break;
        }
        run.advance(37);
    }
    assert_eq!(run.finish().0, report(&scenario));
}

fn check_refused(query: &str, field: &str, allowed: &str) {
    let (scenario, refusals) = Scenario::from_query("worker-pool", &Query::parse(query));
    assert!(
        refusals.len() == 1 && refusals[0].field.starts_with(field) && refusals[0].allowed.contains(allowed),
        "{query}: {refusals:?}"
    );
    assert!(report(&scenario).steps > 0);
}

#[test]
fn wrong_values_are_refused_by_name_and_the_rest_works() {
    for (query, field, allowed) in [
        ("arrivals=poisson:0", "arrivals", "0.000000001"),
        ("arrivals=poisson:1e10", "arrivals", "1,000,000,000"),
        ("arrivals=poisson", "arrivals", "poisson:2"),
        ("arrivals=poisson:2:3", "arrivals", "poisson:2"),
        ("arrivals=magic:2", "arrivals", "one of poisson"),
        ("arrivals=curve:0,1;0,2", "arrivals", "above that of the point before"),
        ("arrivals=times:3,1", "arrivals", "not below the one before"),
        ("service=exponential:0", "service", "0.000000001"),
        ("service=erlang:1:2.5", "service", "whole number of stages"),
        ("service=exponential:NaN", "service", "seconds from"),
        ("service=pareto:1:1", "service", "1.01"),
        ("messages=0", "messages", "from 1 to 10000000"),
        ("messages=10000001", "messages", "from 1 to 10000000"),
        ("runs=0", "runs", "from 1 to 1000"),
        ("seed=-1", "seed", "whole number"),
        ("until=-1", "until", "a number from 0"),
        ("urgent=1.5", "urgent", "from 0 to 1"),
        ("patience=forever", "patience", "one of exponential"),
        ("poison=0", "poison", "from 1"),
        ("poison-does=explode", "poison-does", "one of fail, crash, hang"),
        ("fail=2", "fail", "from 0 to 1"),
        ("crashes=3", "crashes", "2.5@1"),
        ("crashes=3@0", "crashes", "worker's number"),
        ("slow=1@0", "slow", "a number from 0.001"),
        ("redrive=5", "redrive", "30@2"),
        ("queues=plain:workers=0", "queues (workers)", "from 1 to 10000"),
        ("queues=plain:bound=-1", "queues (bound)", "or none"),
        ("queues=sqs:visibility=99999", "queues (visibility)", "from 0 to 43200"),
        ("queues=sqs:prefetch=1", "queues (prefetch)", "one of workers"),
        ("queues=pigeon", "queues", "one of plain"),
        ("queues=", "queues", "from 1 to 4"),
        ("queues=plain,plain,plain,plain,plain", "queues", "from 1 to 4"),
        ("colour=red", "colour", "one of queues, arrivals"),
    ] {
        check_refused(query, field, allowed);
    }
}

#[test]
fn json_refuses_the_whole_and_names_the_place() {
    for (text, field) in [
        (r#"{"lab":"worker-pool"}"#, "variants"),
        (r#"{"lab":"worker-pool","variants":[]}"#, "variants"),
        (r#"{"lab":"worker-pool","variants":[{"queue":"pigeon"}]}"#, "variants[0].queue"),
        (r#"{"lab":"worker-pool","variants":[{},{"workers":0}]}"#, "variants[1].workers"),
        (
            r#"{"lab":"worker-pool","variants":[{}],"arrivals":{"poisson":{"rate":-1}}}"#,
            "arrivals.poisson.rate",
        ),
        (r#"{"lab":"worker-pool","variants":[{}],"arrivals":{"poisson":{}}}"#, "arrivals"),
        (
            r#"{"lab":"worker-pool","variants":[{}],"service":{"exponential":{"mean":0}}}"#,
            "service.exponential.mean",
        ),
        (r#"{"lab":"worker-pool","variants":[{}],"service":7}"#, "service"),
        (r#"{"lab":"worker-pool","variants":[{}],"sevice":{}}"#, "sevice"),
        (r#"{"lab":"queue","variants":[{}]}"#, "lab"),
    ] {
        let refusal = Scenario::from_json(text).unwrap_err();
        assert_eq!(refusal.field, field, "{text}: {refusal}");
    }
}

#[test]
fn json_may_leave_the_plain_queue_unnamed() {
    let text = r#"{"lab":"worker-pool","variants":[{"workers":3},{"workers":1,"bound":5}],
        "arrivals":{"poisson":{"rate":2.0}},"service":{"exponential":{"mean":1.0}},"messages":1000,"runs":2,
        "seed":1,"poison":[3,8],"crashes":["2.5@1"],"patience":{"exponential":{"mean":4}}}"#;
    let scenario = Scenario::from_json(text).unwrap();
    assert_eq!(
        scenario.query().to_string(),
        "queues=plain:workers=3,plain:workers=1:bound=5&arrivals=poisson:2&service=exponential:1&messages=1000\
         &runs=2&seed=1&patience=exponential:4&poison=3,8&crashes=2.5@1"
    );
}

/// Extremes that must neither panic nor last for ever.
#[test]
fn extremes_end() {
    for query in [
        "arrivals=poisson:1e9&service=exponential:1e-9&messages=2000",
        "arrivals=poisson:1e-9&service=constant:1e9&messages=50",
        "arrivals=poisson:5&service=constant:0&messages=2000",
        "arrivals=times:0,0,0,0&service=constant:0&messages=9",
        "arrivals=poisson:100&service=exponential:1&messages=20000&queues=plain:workers=1",
        "arrivals=times:0&queues=sqs:visibility=0&fail=1&messages=1",
        "queues=rabbitmq:prefetch=1&poison=1&messages=10",
        "queues=rabbitmq:prefetch=1:on-failure=reject:dead-letter=back&poison=1,2,3&messages=10",
        "queues=rabbitmq-quorum:delivery-limit=0:dead-letter=back&poison=1,2,3&messages=10",
        "queues=sqs:max-receives=1:visibility=1&poison=1,2&redrive=0@1000&messages=10",
        "queues=plain:workers=10000&messages=20000&arrivals=poisson:9000",
        "crashes=0@1,0@1,0@2,1@1&restart=0&messages=30",
        "crashes=1@9000&messages=30",
        "slow=1@1000000&messages=30&service=constant:1000000000",
        "poison=1,2,3,4&poison-does=hang&messages=30",
        "until=0&messages=30",
        "warm-up=10000000&messages=30",
    ] {
        let scenario = read("worker-pool", query);
        let report = report(&scenario);
        let most = 40 * 20_000 + 10_000;
        assert!(report.steps <= most, "{query}: {}", report.steps);
        let mut session = session(&scenario);
        session.seek(u64::MAX);
        assert_eq!(session.position(), report.steps, "{query}");
    }
}

#[test]
fn an_overload_grows_until_its_bound() {
    let scenario = read(
        "worker-pool",
        "queues=plain:workers=1,plain:workers=1:bound=20&arrivals=poisson:2&service=exponential:1&messages=4000",
    );
    let report = report(&scenario);
    assert!(report.variants[0].figure("longest_queue").unwrap() > 1_500.0);
    assert_eq!(report.variants[1].figure("longest_queue"), Some(20.0));
    let length = report.variants[0].series("queue_length").unwrap();
    let half = length.points.len() / 4;
    assert!(length.points[..half].windows(20).all(|pair| pair[19].1 > pair[0].1), "it grows all the time");
}

#[test]
fn a_million_messages_in_flight_are_taken() {
    let scenario = read(
        "worker-pool",
        "queues=sqs:workers=1:visibility=43200&arrivals=poisson:1000000&service=constant:1&messages=1000000&until=3",
    );
    let report = report(&scenario);
    assert!(report.variants[0].figure("still_there").unwrap() > 990_000.0);
}

#[test]
fn the_life_of_a_message_is_told_in_every_variant() {
    let scenario = read(
        "dialects",
        "queues=sqs:workers=2:visibility=3:max-receives=2,rabbitmq:workers=2:prefetch=1&arrivals=constant:1&service=constant:1&messages=12&poison=3&until=40",
    );
    let lives = scenario.lives(3);
    assert_eq!(lives.len(), 2);
    let says = |life: usize| lives[life].events.iter().map(|event| event.says.as_str()).collect::<Vec<_>>();
    assert!(says(0)[0].starts_with("Message 3 is sent"), "{:?}", says(0));
    assert!(says(0).last().unwrap().starts_with("Message 3 becomes a dead letter"), "{:?}", says(0));
    let dead = lives[0].stages.iter().filter(|stage| stage.kind == StageKind::Dead).count();
    assert!(dead <= 1);
    let tries = says(1).iter().filter(|says| says.starts_with("Worker") && says.contains("begins")).count();
    assert!(tries > 5, "without a limit it goes round: {:?}", says(1));
    for life in &lives {
        assert!(life.stages.windows(2).all(|pair| pair[0].until <= pair[1].from));
        assert!(life.events.windows(2).all(|pair| pair[0].at <= pair[1].at && pair[0].step <= pair[1].step));
        let mut session = session(&scenario);
        for event in &life.events {
            session.seek(event.step);
            let told = session.moment().unwrap().parts.iter().flat_map(|part| part.sentences());
            let told: Vec<String> = told.collect();
            assert!(told.iter().any(|sentence| sentence.contains("essage 3")), "{}: {told:?}", event.says);
        }
    }
    assert!(scenario.lives(0).is_empty() && scenario.lives(13).is_empty());
}

/// The stations of a picture, in flows as well.
fn stations(shapes: &[Shape]) -> Vec<&Station> {
    let mut found = Vec::new();
    for shape in shapes {
        match shape {
            Shape::Station(station) => found.push(station),
            Shape::Flow(columns) => columns.iter().for_each(|column| found.extend(stations(column))),
            _ => {}
        }
    }
    found
}

#[test]
fn a_worker_that_is_broken_down_by_hand_breaks_down_next() {
    let scenario =
        read("worker-pool", "queues=plain:workers=2,sqs&arrivals=poisson:2&messages=80&crashes=3@2");
    let mut before = session(&scenario);
    for step in [0, 1, 17, 60] {
        before.seek(step);
        let scene = before.scene();
        let by_hand = stations(&scene.panels[0]).into_iter().find(|station| station.action.is_some());
        let (name, action) =
            by_hand.map(|station| (station.name.clone(), station.action.clone().unwrap())).unwrap();
        let broken = scenario.with(action.field, &action.value).unwrap();
        let mut after = session(&broken);
        after.seek(step);
        assert_eq!(after.moment(), before.moment(), "what has happened stays");
        after.seek(step + 1);
        assert_eq!(after.moment().unwrap().subject, name);
        let down = stations(&after.scene().panels[0])
            .iter()
            .any(|station| station.name == name && station.mood == Mood::Down);
        assert!(down, "{name} after step {step}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_text_never_panics(field in "[a-z-]{1,12}", value in ".{0,40}") {
        for lab in QUEUES {
            let query = Query::parse(&format!("{field}={value}&messages=20"));
            let (scenario, _) = Scenario::from_query(lab, &query);
            prop_assert!(scenario.form().variants.each.len() <= 4);
        }
    }

    #[test]
    fn random_numbers_in_known_fields_never_panic(at in 0..18_usize, value in "[0-9.@:,e-]{0,12}") {
        const NAMES: [&str; 18] = ["arrivals", "service", "messages", "until", "warm-up", "groups", "urgent", "patience", "poison", "fail",
            "crash", "crashes", "restart", "slow", "mended", "redrive", "runs", "seed"];
        let kind = match NAMES[at] { "arrivals" => "poisson:", "service" | "patience" => "exponential:", _ => "" };
        let query = Query::parse(&format!("messages=20&{}={kind}{value}", NAMES[at]));
        let (scenario, _) = Scenario::from_query("worker-pool", &query);
        if scenario.work() < 10_000 {
            report(&scenario);
        }
    }
}
