//! Fan-out: who gets a copy, what becomes of it in each design, and that nothing is lost sight of.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

mod texts;

use proptest::prelude::*;
use serde_json::Value;
use sluice::lab::{
    self, LABS, Lab, Life, Marks, Moment, Query, Report, Scenario, Scene, Session, Shape, Theory,
};
use sluice::queue::fanout::{Change, DESIGNS, common};
use sluice::queue::routing::{RoutingKey, topic::Pattern};
use sluice::trace::Trace;
use texts::text_of;

const TOPIC: &str = include_str!("../src/queue/vectors/rabbitmq-topic.json");
const HEADERS: &str = include_str!("../src/queue/vectors/rabbitmq-headers.json");

fn read(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query("fan-out", &Query::parse(query));
    assert!(refusals.is_empty(), "{query}: {refusals:?}");
    scenario
}

fn no_trace() -> Trace {
    Trace::empty()
}

fn finished(scenario: &Scenario) -> (Report, Vec<Marks>) {
    let mut run = scenario.run(&no_trace());
    run.advance(u64::MAX);
    run.finish()
}

fn report(query: &str) -> Report {
    finished(&read(query)).0
}

fn lab_of(scenario: &Scenario) -> Box<dyn Lab> {
    scenario.lab(&no_trace(), finished(scenario).0.steps)
}

/// What `query` comes to: for each row a place among the designs, a figure, and what it is.
fn check(query: &str, expected: &[(usize, &str, f64)]) {
    let report = report(query);
    for (at, name, value) in expected {
        let found = report.variants[*at].figure(name);
        let found = found.unwrap_or_else(|| panic!("{query}: no {name}"));
        let variant = &report.variants[*at].variant;
        assert!((found - value).abs() < 1e-9, "{query}: {name} of {variant} is {found}, not {value}");
    }
}

const STEADY: &str = "exchange=fanout&keys=1*a&arrivals=constant:1&times=constant&seed=1";

#[test]
fn a_late_joiner_reads_a_log_from_the_beginning_and_a_queue_from_its_binding() {
    // Messages 1 to 10 at 1 to 10 s; the second subscriber comes at 4.5 s.
    let query = format!(
        "designs=rabbitmq,sns-sqs,kafka,kafka:reset=earliest&{STEADY}&messages=10&subscribers=first::0.1;late::0.1:joins=4.5"
    );
    check(
        &query,
        &[
            (0, "missed_late", 4.0),
            (0, "done_late", 6.0),
            (0, "done_first", 10.0),
            (1, "missed_late", 4.0),
            (2, "missed_late", 4.0),
            (3, "missed_late", 0.0),
            (3, "done_late", 10.0),
        ],
    );
    let query = format!(
        "designs=redis-streams,redis-streams:start=0,redis-pubsub,push&{STEADY}&messages=10&subscribers=first::0.1;late::0.1:joins=4.5"
    );
    check(
        &query,
        &[(0, "missed_late", 4.0), (1, "done_late", 10.0), (2, "missed_late", 4.0), (3, "missed_late", 4.0)],
    );
}

#[test]
fn what_is_kept_for_a_durable_subscriber_is_missed_by_an_ephemeral_one() {
    // Messages 5, 6 and 7 come while both are away.
    let subscribers = "kept::0.1:away=4.5-7.5;gone::0.1:away=4.5-7.5:ephemeral";
    let query = format!(
        "designs=rabbitmq,sns-sqs,kafka,redis-streams&{STEADY}&messages=10&subscribers={subscribers}"
    );
    let both = |at| {
        [(at, "done_kept", 10.0), (at, "missed_kept", 0.0), (at, "missed_gone", 3.0), (at, "done_gone", 7.0)]
    };
    check(&query, &[both(0), both(1), both(2), both(3)].concat());
    let query = format!("designs=redis-pubsub,push&{STEADY}&messages=10&subscribers={subscribers}");
    check(&query, &[(0, "missed_kept", 3.0), (0, "missed_gone", 3.0), (1, "missed_kept", 3.0)]);
}

#[test]
fn work_that_was_broken_off_is_done_again_where_somebody_knows_of_it() {
    // Message 1 is under work from 1 to 3 s; its subscriber is away from 2 to 4 s.
    let query = format!(
        "designs=rabbitmq,sns-sqs:visibility=10,kafka,redis-streams&{STEADY}&messages=1&subscribers=one::2:away=2-4"
    );
    check(
        &query,
        &[
            (0, "mean_latency_one", 5.0),
            // Hidden until ten seconds after it was received at 1 s.
            (1, "mean_latency_one", 12.0),
            (2, "mean_latency_one", 5.0),
            (3, "mean_latency_one", 5.0),
        ],
    );
    let query = format!("designs=redis-pubsub,push&{STEADY}&messages=1&subscribers=one::2:away=2-4");
    check(&query, &[(0, "dropped_one", 1.0), (1, "dropped_one", 1.0)]);
}

#[test]
fn a_slow_subscriber_holds_up_the_others_only_where_they_are_called_in_turn() {
    let query = format!("designs=rabbitmq,kafka,push&{STEADY}&messages=10&subscribers=slow::3;fast::0.5");
    check(
        &query,
        &[
            (0, "mean_latency_fast", 0.5),
            (0, "publisher_wait", 0.0),
            (1, "mean_latency_fast", 0.5),
            // Message n is called out at 1 + 3.5 (n - 1), 2.5 s later than the one before it.
            (2, "mean_latency_fast", 3.5 + 2.5 * 4.5),
            (2, "publisher_wait", 3.5 + 2.5 * 4.5),
            (2, "done_fast", 10.0),
        ],
    );
    // Whoever is called before the slow one does not wait for it, but for the publisher.
    let query = format!("designs=push,push:timeout=1&{STEADY}&messages=3&subscribers=fast::0.5;slow::5");
    check(
        &query,
        &[
            (0, "mean_latency_fast", (0.5 + 5.0 + 9.5) / 3.0),
            // Given up after a second: the first call goes on until 6.5 s, the others never begin.
            (1, "publisher_wait", 1.5 + 0.5),
            (1, "dropped_slow", 2.0),
            (1, "done_slow", 1.0),
        ],
    );
}

#[test]
fn a_bounded_queue_drops_its_head_or_refuses_and_spares_the_others() {
    // All at once: one is taken, two wait, three too many.
    let times = "exchange=fanout&keys=1*a&arrivals=times:1,1,1,1,1,1&times=constant&messages=6";
    let query = format!(
        "designs=rabbitmq:max-length=2,rabbitmq:max-length=2:overflow=reject-publish,kafka:keep=2,redis-streams:maxlen=2&{times}&subscribers=slow::5;fast::0"
    );
    check(
        &query,
        &[
            (0, "dropped", 3.0),
            (0, "done_slow", 3.0),
            (0, "done_fast", 6.0),
            (1, "refused", 3.0),
            (1, "done_fast", 6.0),
            // The log keeps 5 and 6 and the reader’s offset is gone: latest begins at the end.
            (2, "done_slow", 1.0),
            (2, "dropped", 5.0),
            (2, "done_fast", 6.0),
            (3, "done_slow", 3.0),
            (3, "dropped", 3.0),
        ],
    );
}

#[test]
fn a_full_output_buffer_cuts_the_slow_client_off() {
    let times = "exchange=fanout&keys=1*a&arrivals=times:1,1,1,1,1,1,4&times=constant&messages=7";
    let query = format!(
        "designs=redis-pubsub:size=1:hard=3:soft=0:reconnect=2,redis-pubsub:size=1:hard=0:soft=1:soft-seconds=2:reconnect=10&{times}&subscribers=slow::4;fast::0"
    );
    check(
        &query,
        &[
            // One under work, four in the buffer is one too many, the sixth finds nobody.
            (0, "dropped_slow", 4.0),
            (0, "missed_slow", 1.0),
            (0, "done_slow", 2.0),
            (0, "done_fast", 7.0),
            (1, "dropped_slow", 5.0),
            (1, "missed_slow", 1.0),
            (1, "done_slow", 1.0),
        ],
    );
}

#[test]
fn retention_takes_records_from_under_a_reader_that_is_away() {
    let query = format!(
        "designs=kafka:retention=3,kafka:retention=3:reset=earliest,sns-sqs&{STEADY}&messages=12&subscribers=one::0.1:away=2.5-9.5"
    );
    check(
        &query,
        &[
            // 3 to 6 are gone at 9.5 s; with latest, 7 to 9 are passed over as well.
            (0, "dropped_one", 7.0),
            (0, "done_one", 5.0),
            (1, "dropped_one", 4.0),
            (1, "done_one", 8.0),
            (2, "done_one", 12.0),
        ],
    );
}

#[test]
fn who_is_not_asked_for_its_wishes_passes_over_what_it_does_not_want() {
    let keys =
        "exchange=topic&keys=1*a.x,1*b.x&arrivals=constant:1&messages=40&subscribers=a:a.*:0.1;all:#:0.1";
    let report = report(&format!("designs=rabbitmq,sns-sqs,kafka,push&{keys}&seed=3"));
    let done: Vec<_> = report.variants.iter().map(|variant| variant.figure("done_a")).collect();
    assert!(done.iter().all(|found| *found == done[0]) && done[0] > Some(5.0), "{done:?}");
    assert!(report.variants.iter().all(|variant| variant.figure("done_all") == Some(40.0)));
}

/// The moments and the scenes of a whole run.
fn told(scenario: &Scenario) -> (Vec<Moment>, Vec<Scene>) {
    let mut lab = lab_of(scenario);
    let (mut moments, mut scenes) = (Vec::new(), vec![lab.scene()]);
    while let Some(moment) = lab.step() {
        moments.push(moment);
        scenes.push(lab.scene());
    }
    (moments, scenes)
}

#[test]
fn a_step_says_which_binding_matched_word_by_word() {
    let scenario = read(
        "designs=rabbitmq&exchange=topic&keys=1*order.created.eu&arrivals=constant:1&messages=1&subscribers=eu:order.*.eu:1;all:order.%23:1;us:%23.us:1",
    );
    let (moments, _) = told(&scenario);
    let says = moments[0].parts[0].sentences().join(" ");
    for part in [
        "“order.*.eu”, and “order.created.eu” matches: order = order, * = created, eu = eu.",
        "“order.#”, and “order.created.eu” matches: order = order, # = created.eu.",
        "Message 1 for us is not wanted: the subscriber asks for “#.us”, which “order.created.eu” does not match.",
    ] {
        assert!(says.contains(part), "{says}");
    }
}

/// Which subscribers get each message of `vectors`, by the lab itself: every row is a scenario, up to
/// sixteen queues at a time.
fn check_vectors(kind: &str, vectors: &str) {
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    for row in vectors["rows"].as_array().unwrap() {
        let queues: Vec<(&String, &Value)> = row["bindings"].as_object().unwrap().iter().collect();
        for (message, expected) in row["routes"].as_object().unwrap() {
            for queues in queues.chunks(16) {
                let subscribers = queues.iter().map(|(name, texts)| {
                    let texts: Vec<&str> =
                        texts.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
                    format!("{name}:{}:0", texts.join("|"))
                });
                let subscribers = subscribers.collect::<Vec<_>>().join(";");
                let mut query = Query::parse(&format!(
                    "designs=rabbitmq,push&exchange={kind}&messages=1&arrivals=constant:1"
                ));
                query.set("subscribers", subscribers);
                match kind {
                    "headers" => {
                        query.set("keys", "1*");
                        query.set("headers", message);
                    }
                    _ => query.set("keys", format!("1*{message}")),
                }
                let (scenario, refusals) = Scenario::from_query("fan-out", &query);
                assert!(refusals.is_empty(), "{refusals:?}");
                let report = finished(&scenario).0;
                for (name, _) in queues {
                    let wanted = expected.as_array().unwrap().iter().any(|queue| queue == name.as_str());
                    for variant in &report.variants {
                        let done = variant.figure(&format!("done_{name}"));
                        assert_eq!(done, Some(f64::from(wanted)), "{}: {message:?} to {name}", row["what"]);
                    }
                }
            }
        }
    }
}

#[test]
fn topic_routes_as_rabbitmq_says() {
    check_vectors("topic", TOPIC);
}

#[test]
fn headers_route_as_rabbitmq_says() {
    check_vectors("headers", HEADERS);
}

#[test]
fn a_pattern_is_explained_where_it_matches_and_by_the_words_of_the_key() {
    let vectors: Value = serde_json::from_str(TOPIC).unwrap();
    for row in vectors["rows"].as_array().unwrap() {
        let texts = row["bindings"].as_object().unwrap().values().flat_map(|texts| texts.as_array().unwrap());
        for text in texts.map(|text| text.as_str().unwrap()) {
            let pattern = Pattern::parse(text).unwrap();
            for key in row["routes"].as_object().unwrap().keys() {
                let read = RoutingKey::parse(key).unwrap();
                let explained = pattern.explained(&read);
                assert_eq!(explained.is_some(), pattern.routes(&read), "{text:?} and {key:?}");
                let words =
                    explained.into_iter().flatten().map(|(_, words)| words).filter(|words| !words.is_empty());
                let words: Vec<String> = words.collect();
                // An empty word leaves nothing to see.
                let plain = !key.split('.').any(str::is_empty);
                assert!(
                    !plain || words.is_empty() || words.join(".") == *key,
                    "{text:?} and {key:?}: {words:?}"
                );
            }
        }
    }
}

#[test]
fn every_preset_runs_and_makes_the_way_through_links_and_json() {
    let about = LABS.iter().find(|entry| entry.about.id == "fan-out").unwrap().about;
    for preset in about.presets {
        let scenario = read(preset.query);
        assert_eq!(read(&scenario.query().to_string()), scenario, "{}", preset.name);
        assert_eq!(Scenario::from_json(&scenario.json()).unwrap(), scenario, "{}", preset.name);
        let report = finished(&scenario).0;
        assert!(report.steps > 0);
        assert!(!(about.summary.takeaway)(&report).is_empty());
        let table = (about.summary.table)(&report);
        assert!(table.rows.iter().all(|(_, cells)| cells.len() + 1 == table.head.len()));
        for view in about.summary.views {
            for variant in &report.variants {
                assert!(
                    variant.figure(view.figure).is_some() || view.figure.ends_with("latency"),
                    "{}",
                    view.figure
                );
                if let lab::Plot::Lines(series) = view.plot {
                    assert!(variant.series(series).is_some(), "{series}");
                }
            }
        }
    }
}

#[test]
fn a_wrong_value_is_refused_by_its_field() {
    for (query, field) in [
        ("designs=nats", "designs"),
        ("designs=kafka:reset=oldest", "designs (reset)"),
        ("designs=push,push,push,push,push", "designs"),
        ("exchange=Topic", "exchange"),
        ("keys=", "keys"),
        ("keys=0*a", "keys"),
        ("headers=a", "headers"),
        ("headers=a=1;a=2;a=3;a=4;a=5", "headers"),
        ("subscribers=", "subscribers"),
        ("subscribers=a:%23", "subscribers[0].form"),
        ("subscribers=:%23:1", "subscribers[0].name"),
        ("subscribers=a:%23:-1", "subscribers[0].mean"),
        ("subscribers=a:%23:1;a:%23:1", "subscribers[1].name"),
        ("subscribers=a:%23:1:asleep", "subscribers[0].option"),
        ("subscribers=a:%23:1:away=9-4", "subscribers[0].away"),
        ("subscribers=a:%23:1:joins=5:away=4-9", "subscribers[0].away"),
        ("subscribers=a:%23:1:away=4-9:away=8-10", "subscribers[0].away"),
        ("subscribers=a:%23:1:slow=4-9", "subscribers[0].slow"),
        ("exchange=headers&subscribers=a:x-match=some:1", "subscribers[0].x-match"),
        ("times=normal", "times"),
        ("messages=0", "messages"),
        ("until=soon", "until"),
        ("queues=plain", "queues"),
        ("arrivals=never", "arrivals"),
    ] {
        let (scenario, refusals) = Scenario::from_query("fan-out", &Query::parse(query));
        assert_eq!(refusals.len(), 1, "{query}: {refusals:?}");
        assert_eq!(refusals[0].field, field, "{query}");
        assert!(finished(&scenario).0.steps > 0);
    }
    let json = r#"{"lab": "fan-out", "variants": [{"design": "rabbitmq", "max-length": 0}]}"#;
    assert_eq!(Scenario::from_json(json).unwrap_err().field, "variants[0].max-length");
}

#[test]
fn a_life_is_told_for_each_subscriber_in_each_design() {
    let scenario = read(&format!("designs=rabbitmq,push&{STEADY}&messages=3&subscribers=slow::2;fast::0.5"));
    let lives: Vec<Life> = scenario.lives(2 * 32);
    let names: Vec<&str> = lives.iter().map(|life| life.variant.as_str()).collect();
    assert_eq!(names, ["RabbitMQ, slow", "RabbitMQ, fast", "Calls in turn, slow", "Calls in turn, fast"]);
    assert_eq!(lives[0].subject, "message 2");
    for life in &lives {
        assert_eq!(life.stages.first().map_or(2.0, |stage| stage.from), 2.0);
        assert!(life.stages.windows(2).all(|pair| pair[0].until == pair[1].from));
        assert!(life.events.iter().any(|event| event.says.contains("is done")));
    }
    assert_eq!(lives[0].stages.last().unwrap().until, 5.0);
    assert_eq!(scenario.lives(2 * 32 + 1), lives);
    assert!(scenario.lives(0).is_empty() && scenario.lives(99 * 32).is_empty());
}

#[test]
fn identities_are_unique_in_each_panel() {
    fn identities(shapes: &[Shape], all: &mut Vec<u64>) {
        for shape in shapes {
            let slots: Vec<&lab::Slot> = match shape {
                Shape::Lane(lane) => lane.slots.iter().collect(),
                Shape::Station(station) => station.slots.iter().collect(),
                Shape::Grid(grid) => grid.cells.iter().flat_map(|cell| &cell.slots).collect(),
                Shape::Wire(wire) => wire.tokens.iter().map(|token| &token.slot).collect(),
                Shape::Gauge(_) | Shape::Vessel(_) | Shape::Strip(_) | Shape::Note(_) => Vec::new(),
                Shape::Flow(columns) => {
                    columns.iter().for_each(|column| identities(column, all));
                    Vec::new()
                }
                Shape::Row(place, held) => {
                    identities(std::slice::from_ref(place), all);
                    identities(held, all);
                    Vec::new()
                }
            };
            all.extend(slots.into_iter().filter_map(|slot| match slot {
                lab::Slot::Entry { identity, .. } => Some(*identity),
                lab::Slot::Skipped(_) => None,
            }));
        }
    }
    for preset in LABS.iter().find(|entry| entry.about.id == "fan-out").unwrap().about.presets {
        let scenario = read(preset.query).with("messages", "30").unwrap();
        for scene in told(&scenario).1 {
            for panel in scene.panels {
                let mut all = Vec::new();
                identities(&panel, &mut all);
                let before = all.len();
                all.sort_unstable();
                all.dedup();
                assert_eq!(all.len(), before, "{}: {panel:?}", preset.name);
            }
        }
    }
}

#[test]
fn every_rule_is_listed_and_stands_in_its_place() {
    let own = DESIGNS.iter().map(|entry| (entry.about.file, entry.about.rules));
    for (file, rules) in own.chain([(common::WORLD_SOURCE, common::WORLD_RULES)]) {
        let source = text_of(file);
        let lines: Vec<&str> = source.lines().collect();
        for rule in rules {
            let place = lab::Place { function: rule.place, rule: rule.name };
            assert!(!place.deciding_lines(&lines).is_empty(), "{} in {}", rule.name, rule.place);
        }
        let declared = source.matches(": Rule =").count();
        assert_eq!(declared, rules.len(), "{source:.60}");
    }
}

#[test]
fn measured_figures_agree_with_the_closed_forms() {
    let report = report(
        "designs=rabbitmq,kafka,push,rabbitmq:max-length=3:overflow=reject-publish&exchange=topic&keys=1*order.eu,1*order.us,2*click&subscribers=orders:order.*:0.5;clicks:click:0.6;eu:*.eu:0.3&arrivals=poisson:0.8&messages=3000&runs=20&seed=1",
    );
    for variant in &report.variants {
        let Some(Theory::Model { expected, .. }) = &variant.theory else { panic!("{:?}", variant.theory) };
        assert!(!expected.0.is_empty());
        for (name, value) in &expected.0 {
            let found = variant.figure(name).unwrap_or_else(|| panic!("{name}"));
            assert!((found - value).abs() < 0.06 * value, "{name} of {}: {found}, not {value}", variant.name);
        }
    }
}

/// A subscriber's text, at a fanout, topic, direct or headers exchange alike.
fn subscriber(at: usize) -> impl Strategy<Value = String> {
    let binding = prop::sample::select(vec!["#", "a.*", "*.x", "a.x", "b", "a.x|#.x", ""]);
    let mean = prop::sample::select(vec!["0", "0.2", "0.9", "3"]);
    let joins = prop::sample::select(vec!["", ":joins=6"]);
    let away = prop::sample::select(vec!["", "", ":away=7-12", ":away=6-9:away=9-20"]);
    let slow = prop::sample::select(vec!["", "", ":slow=3-10@6"]);
    (binding, mean, joins, away, slow, any::<bool>()).prop_map(
        move |(binding, mean, joins, away, slow, gone)| {
            let ephemeral = if gone { ":ephemeral" } else { "" };
            format!("s{at}:{binding}:{mean}{joins}{away}{slow}{ephemeral}")
        },
    )
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let design = prop::sample::select(vec![
        "rabbitmq",
        "rabbitmq:max-length=2",
        "rabbitmq:max-length=1:overflow=reject-publish",
        "sns-sqs",
        "sns-sqs:visibility=2",
        "sns-sqs:retention=60",
        "kafka",
        "kafka:reset=earliest",
        "kafka:keep=3",
        "kafka:keep=4:reset=earliest",
        "kafka:retention=5",
        "kafka:retention=4:reset=earliest",
        "redis-streams",
        "redis-streams:start=0:maxlen=3",
        "redis-pubsub",
        "redis-pubsub:size=1:hard=2:soft=0",
        "redis-pubsub:size=1:hard=5:soft=1:soft-seconds=2:reconnect=3",
        "push",
        "push:timeout=1",
    ]);
    let designs = prop::collection::vec(design, 1..5);
    let subscribers = (subscriber(0), subscriber(1), subscriber(2), 1..4_usize);
    let arrivals =
        prop::sample::select(vec!["poisson:1.5", "constant:1", "on-off:6:2:4", "times:1,1,1,6,6,6,9,9,30"]);
    let kind = prop::sample::select(vec!["direct", "fanout", "topic", "headers"]);
    let until = prop::sample::select(vec!["", "", "9", "25.5"]);
    (designs, subscribers, arrivals, kind, 1..40_u32, any::<u64>(), until).prop_map(
        |(designs, (a, b, c, count), arrivals, kind, messages, seed, until)| {
            let subscribers = [a, b, c][..count].join(";");
            let mut query = Query::parse("keys=2*a.x,1*a.y,1*b&headers=b=1;a.x=2&times=exponential");
            query.set("designs", designs.join(","));
            query.set("exchange", kind);
            query.set("subscribers", subscribers);
            query.set("arrivals", arrivals);
            query.set("messages", messages);
            query.set("seed", seed);
            query.set("until", until);
            let (scenario, refusals) = Scenario::from_query("fan-out", &query);
            assert!(refusals.is_empty(), "{query}: {refusals:?}");
            scenario
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_copy_is_accounted_for(scenario in scenario()) {
        let (report, _) = finished(&scenario);
        for variant in &report.variants {
            let figure = |name: &str| variant.figure(name).unwrap();
            let kinds = ["done", "unwanted", "missed", "dropped", "refused", "still_there"];
            let names: Vec<&str> = variant.figures.0.iter().filter_map(|(name, _)| name.strip_prefix("done_")).collect();
            let all: f64 = kinds.iter().map(|kind| figure(kind)).sum();
            prop_assert_eq!(all, figure("published") * names.len() as f64, "{}: {:?}", variant.variant, variant.figures);
        }
    }

    #[test]
    fn every_copy_meets_one_end_and_no_second(scenario in scenario()) {
        let (moments, _) = told(&scenario);
        let (report, _) = finished(&scenario);
        for (at, variant) in report.variants.iter().enumerate() {
            let mut ends: Vec<&str> = moments.iter().flat_map(|moment| &moment.parts[at].because)
                .filter(|because| matches!(because.change, lab::Change::FanOut(
                    Change::Done | Change::Missed | Change::Dropped | Change::Refused
                )))
                .map(|because| because.subject.as_str())
                .collect();
            let all = ends.len() as f64;
            ends.sort_unstable();
            ends.dedup();
            prop_assert_eq!(all, ends.len() as f64, "{}", &variant.variant);
            let figure = |name: &str| variant.figure(name).unwrap();
            prop_assert_eq!(all, ["done", "missed", "dropped", "refused"].map(figure).iter().sum::<f64>());
            if scenario.query().get("until").is_none() {
                prop_assert_eq!(figure("still_there"), 0.0, "{}", &variant.variant);
            }
        }
    }

    #[test]
    fn a_run_comes_to_what_its_steps_told_and_what_is_seen(scenario in scenario()) {
        let (report, marks) = finished(&scenario);
        let (moments, scenes) = told(&scenario);
        prop_assert_eq!(report.steps, moments.len() as u64);
        for (at, variant) in report.variants.iter().enumerate() {
            let told = moments.iter().flat_map(|moment| &moment.parts[at].because);
            let count = |wanted| {
                told.clone().filter(|because| because.change == lab::Change::FanOut(wanted)).count() as f64
            };
            for (name, change) in [
                ("published", Change::Published),
                ("done", Change::Done),
                ("missed", Change::Missed),
                ("dropped", Change::Dropped),
                ("refused", Change::Refused),
            ] {
                prop_assert_eq!(variant.figure(name), Some(count(change)), "{} of {}", name, &variant.variant);
            }
            for (step, moment) in (0..).zip(&moments) {
                prop_assert_eq!(marks[at].get(step), Some(moment.parts[at].outcome));
            }
            let sentences = moments.iter().flat_map(|moment| moment.parts[at].sentences());
            let unfilled = sentences.filter(|says| says.contains('{') || says.contains(": .")).count();
            prop_assert_eq!(unfilled, 0);
        }
        prop_assert!(scenes.last().is_some());
    }

    #[test]
    fn forward_and_back_is_where_one_was(scenario in scenario(), walk in prop::collection::vec(0..300_u64, 1..8)) {
        let (moments, scenes) = told(&scenario);
        let mut session = Session::new(lab_of(&scenario));
        for target in walk {
            session.seek(target);
            let here = (target as usize).min(moments.len());
            prop_assert_eq!(session.position(), here as u64);
            prop_assert_eq!(session.scene(), scenes[here].clone());
            prop_assert_eq!(session.moment(), here.checked_sub(1).map(|at| &moments[at]));
        }
    }

    #[test]
    fn links_and_json_lead_back(scenario in scenario()) {
        prop_assert_eq!(&read(&scenario.query().to_string()), &scenario);
        prop_assert_eq!(&Scenario::from_json(&scenario.json()).unwrap(), &scenario);
    }

    #[test]
    fn any_text_is_read_or_refused(name in prop::sample::select(vec!["subscribers", "keys", "headers", "exchange", "designs"]), text in ".{0,40}") {
        let mut query = Query::default();
        query.set(name, &text);
        let (scenario, _) = Scenario::from_query("fan-out", &query);
        prop_assert_eq!(read(&scenario.query().to_string()), scenario);
    }
}

#[test]
fn slices_of_a_run_come_to_the_same() {
    let scenario = read("designs=rabbitmq,push,kafka&messages=200&runs=3&seed=7");
    let whole = finished(&scenario);
    let mut run = scenario.run(&no_trace());
    for work in [1, 7, 100].into_iter().cycle() {
        let (all, done) = run.progress();
        if done >= all {
            break;
        }
        run.advance(work);
    }
    run.advance(u64::MAX);
    assert_eq!(run.finish(), whole);
}
