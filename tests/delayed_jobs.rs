//! The lab of delayed jobs: what happens to the same jobs with each scheduler when the clock is wrong
//! or the scheduler was down, that nothing is lost, and that links, JSON and the way back are exact.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

use proptest::prelude::*;
use sluice::kernel::statistics::Interval;
use sluice::lab::{Query, Report, Scenario, Session, Theory, VariantReport};
use sluice::queue::delay::{Name, TIMERS};
use sluice::trace::Trace;

const LAB: &str = "delayed-jobs";

fn read(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query(LAB, &Query::parse(query));
    assert!(refusals.is_empty(), "{query}: {refusals:?}");
    scenario
}

fn report(query: &str) -> Report {
    let mut run = read(query).run(&Trace::empty());
    loop {
        let (all, done) = run.progress();
        run.advance(100_000);
        let (all_now, done_now) = run.progress();
        if all == all_now && done == done_now {
            return run.finish().0;
        }
    }
}

fn figure(variant: &VariantReport, name: &str) -> f64 {
    variant.figure(name).unwrap_or_else(|| panic!("{} has no {name}", variant.name))
}

/// Everything that happened to one job in each variant, as (second, sentence).
fn life(query: &str, name: Name) -> Vec<Vec<(f64, String)>> {
    let lives = read(query).lives(name.identity());
    lives
        .into_iter()
        .map(|life| life.events.into_iter().map(|event| (event.at, event.says)).collect())
        .collect()
}

/// When a job fires, in seconds, in each variant.
fn fires(query: &str, name: Name) -> Vec<Vec<f64>> {
    let fired = |events: Vec<(f64, String)>| {
        events.into_iter().filter(|(_, says)| says.contains(" fires")).map(|(at, _)| at).collect()
    };
    life(query, name).into_iter().map(fired).collect()
}

/// When each run of the first recurring job fires; none for those that do not.
fn runs(query: &str, count: u32) -> Vec<Vec<f64>> {
    (1..=count).map(|number| fires(query, Name { series: 1, number }).remove(0)).collect()
}

/// Checks figures of the only variant.
fn check(what: &str, query: &str, figures: &[(&str, f64)]) {
    let report = report(query);
    for (name, expected) in figures {
        assert_eq!(figure(&report.variants[0], name), *expected, "{what}: {name}");
    }
}

const EVERY_FIVE: &str = "messages=0&service=constant:0.1&recurring=5:5:8";

#[test]
fn missed_runs() {
    // Due at 5, 10, 15, 20, 25, 30, 35, 40; down from 12 to 28, so 15, 20 and 25 are missed.
    let down = |policy: &str| format!("schedulers=heap&{EVERY_FIVE}&down=12-28&catch-up={policy}");
    let all =
        vec![vec![5.0], vec![10.0], vec![28.0], vec![28.0], vec![28.0], vec![30.0], vec![35.0], vec![40.0]];
    assert_eq!(runs(&down("all"), 8), all);
    let without = |runs: &[usize]| -> Vec<Vec<f64>> {
        all.iter()
            .zip(0..)
            .map(|(at, run)| if runs.contains(&run) { Vec::new() } else { at.clone() })
            .collect()
    };
    assert_eq!(runs(&down("once"), 8), without(&[2, 3]));
    assert_eq!(runs(&down("skip"), 8), without(&[2, 3, 4]));
    check("all run", &down("all"), &[("fired", 8.0), ("skipped", 0.0), ("coalesced", 0.0), ("late", 3.0)]);
    check(
        "one for all",
        &down("once"),
        &[("fired", 6.0), ("skipped", 0.0), ("coalesced", 2.0), ("late", 1.0)],
    );
    check("none", &down("skip"), &[("fired", 5.0), ("skipped", 3.0), ("coalesced", 0.0), ("late", 0.0)]);
}

#[test]
fn a_job_that_runs_once_is_always_made_up_for() {
    let query = "schedulers=heap,wheel:tick=1:slots=8&jobs=0@5,6@1&down=2-9&catch-up=skip&service=constant:0";
    assert_eq!(fires(query, Name::once(1)), [[9.0], [9.0]]);
    assert_eq!(fires(query, Name::once(2)), [[9.0], [9.0]], "it waits at the door and comes in at 9");
}

#[test]
fn a_clock_that_is_put() {
    let jobs = "jobs=0@10&service=constant:0";
    let put = |skew: &str, rest: &str| {
        let schedulers = "schedulers=heap,heap:clock=steady,wheel:clock=wall,hierarchical-wheel:clock=wall";
        fires(&format!("{schedulers}&{jobs}&skew={skew}{rest}"), Name::once(1)).concat()
    };
    assert_eq!(put("4:3", ""), [7.0, 10.0, 7.1, 7.0], "forward: early by the wall clock");
    assert_eq!(put("4:-3", ""), [13.0, 10.0, 13.1, 13.0], "back: late by the wall clock");
    assert_eq!(put("4:20", ""), [4.0, 10.0, 4.0, 4.0], "over its time: at once");
    // A date is turned into a delay when it is submitted: what comes later is not seen.
    assert_eq!(put("4:3", "&due=time"), [7.0, 10.0, 7.1, 7.0]);
}

#[test]
fn a_clock_that_was_wrong_before() {
    // Put forward by 100 s at 1 s; the job comes at 2 s, due 10 s later.
    let query = |due: &str| {
        format!(
            "schedulers=heap,heap:clock=steady,sorted-set:poll=1:jitter=no&jobs=2@10&skew=1:100&service=constant:0&due={due}"
        )
    };
    assert_eq!(
        fires(&query("delay"), Name::once(1)).concat(),
        [12.0, 12.0, 3.0],
        "a delay is counted by the same clock, but not in Redis"
    );
    assert_eq!(fires(&query("time"), Name::once(1)).concat(), [2.0, 2.0, 3.0], "a date is past");
}

#[test]
fn a_clock_put_back_repeats_or_waits() {
    // At 12 the clock goes back to 4: the runs of 5 and 10 are shown again, at 13 and 18.
    let back = |policy: &str| format!("schedulers=heap&{EVERY_FIVE}&skew=12:-8&clock-back={policy}");
    assert_eq!(runs(&back("wait"), 3), [vec![5.0], vec![10.0], vec![23.0]]);
    assert_eq!(runs(&back("again"), 3), [vec![5.0, 13.0], vec![10.0, 18.0], vec![23.0]]);
    check("twice", &back("again"), &[("fired", 10.0), ("duplicates", 2.0)]);
    // A hierarchical wheel has counted further than the clock shows: what comes is past for it.
    let query = "schedulers=heap,hierarchical-wheel:tick=0.1:clock=wall,wheel:clock=wall&jobs=0@19,21@5&skew=20:-15&service=constant:0";
    assert_eq!(fires(query, Name::once(2)).concat(), [26.0, 21.0, 34.2], "on time, far too early, and late");
}

#[test]
fn a_clock_that_runs_fast_or_slow() {
    let query =
        |drift: &str| format!("schedulers=heap,wheel:tick=1&jobs=0@20&drift={drift}&service=constant:0");
    assert_eq!(fires(&query("2"), Name::once(1)).concat(), [10.0, 10.5]);
    assert_eq!(fires(&query("0.5"), Name::once(1)).concat(), [40.0, 42.0]);
}

#[test]
fn hops_are_told() {
    let events = life("schedulers=sqs-delay&jobs=0@2000&service=constant:1", Name::once(1)).remove(0);
    let hops: Vec<f64> =
        events.iter().filter(|(_, says)| says.contains("is sent with a delay")).map(|(at, _)| *at).collect();
    assert_eq!(hops, [900.0, 1_800.0]);
    assert_eq!(events.last().unwrap().0, 2_001.0);
}

/// Whether `expected` lies in the measured interval of the mean lateness.
fn lateness_is_as_expected(variant: &VariantReport) {
    let Some(Theory::Model { expected, .. }) = &variant.theory else {
        panic!("{} has no theory", variant.name)
    };
    let expected = expected.0.iter().find(|(name, _)| name == "mean_lateness").unwrap().1;
    let measured = figure(variant, "mean_lateness");
    match variant.intervals.get("mean_lateness") {
        Some(Interval { low, high, .. }) => {
            let slack = (high - low).max(1e-9);
            assert!(
                (expected - measured).abs() <= slack,
                "{}: {measured}, expected {expected}",
                variant.name
            );
        }
        None => assert_eq!(measured, expected, "{}", variant.name),
    }
}

#[test]
fn theory_beside_the_measured() {
    let report = report(
        "schedulers=wheel,hierarchical-wheel:tick=0.1,sorted-set,sorted-set:jitter=no&arrivals=poisson:5&delay=exponential:20&service=constant:0.01&messages=3000&runs=20&seed=11",
    );
    report.variants.iter().for_each(lateness_is_as_expected);
    let wheel = figure(&report.variants[0], "mean_lateness");
    assert!((wheel - 0.05).abs() < 0.001, "{wheel}");
    let heap = self::report(
        "schedulers=heap&arrivals=poisson:50&delay=exponential:20&messages=2000&service=constant:0",
    );
    let heap = &heap.variants[0];
    assert_eq!(figure(heap, "lateness_max"), 0.0);
    let Some(Theory::Model { expected, .. }) = &heap.theory else { panic!("no theory") };
    for (name, bound) in &expected.0 {
        assert!(figure(heap, name) <= *bound, "{name}");
    }
    let wrong = self::report("schedulers=heap&drift=1.1&messages=5");
    assert!(matches!(wrong.variants[0].theory, Some(Theory::None { .. })));
}

/// Any scenario: every scheduler, wrong clocks, outages, recurring jobs.
fn scenario() -> impl Strategy<Value = String> {
    let variant = prop::sample::select(vec![
        "heap",
        "heap:clock=steady",
        "wheel:tick=0.5:slots=8",
        "wheel:tick=0.5:slots=8:clock=wall",
        "hierarchical-wheel:tick=0.25:slots=4",
        "hierarchical-wheel:tick=0.25:slots=4:clock=wall:driver=tick",
        "sorted-set:poll=2",
        "sqs-delay:most=5",
        "rabbitmq-ttl",
        "rabbitmq-ttl:queues=per-delay",
    ]);
    let variants = prop::collection::vec(variant, 1..=3).prop_map(|all| all.join(","));
    let skew = prop::collection::vec((0..40_u32, -25..25_i32), 0..3)
        .prop_map(|all| all.iter().map(|(at, by)| format!("{at}:{by}")).collect::<Vec<_>>().join(","));
    let recurring = prop::collection::vec((1..12_u32, 0..10_u32, 1..12_u32), 0..3)
        .prop_map(|all| all.iter().map(|(e, f, c)| format!("{e}:{f}:{c}")).collect::<Vec<_>>().join(","));
    let down = prop::sample::select(vec!["", "5-9", "3-20,22-30"]);
    let words = (
        prop::sample::select(vec!["all", "once", "skip"]),
        prop::sample::select(vec!["wait", "again"]),
        prop::sample::select(vec!["delay", "time"]),
        prop::sample::select(vec!["1", "1.25", "0.5"]),
    );
    (variants, skew, recurring, down, words, 0..30_u32, any::<u32>()).prop_map(
        |(variants, skew, recurring, down, (catch_up, back, due, drift), messages, seed)| {
            format!(
                "schedulers={variants}&delay=uniform:0:15&messages={messages}&seed={seed}&recurring={recurring}&due={due}\
                 &skew={skew}&drift={drift}&clock-back={back}&down={down}&catch-up={catch_up}"
            )
        },
    )
}

fn expected_runs(query: &str) -> f64 {
    let query = Query::parse(query);
    let recurring = query.get("recurring").unwrap_or_default();
    let counts = recurring.split(',').filter_map(|part| part.split(':').nth(2)?.parse::<f64>().ok());
    query.get("messages").unwrap().parse::<f64>().unwrap() + counts.sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every job and every run is done, skipped with a reason, or stood for by another.
    #[test]
    fn nothing_is_lost(query in scenario()) {
        for variant in report(&query).variants {
            let of = |name: &str| figure(&variant, name);
            prop_assert_eq!(of("still_there"), 0.0, "{}", query);
            prop_assert_eq!(of("done"), of("fired"));
            let once = of("fired") - of("duplicates");
            let all = once + of("skipped") + of("coalesced");
            prop_assert_eq!(all, expected_runs(&query), "{}: {}", variant.name, query);
        }
    }

    /// However a session was moved, it shows what as many steps from the start lead to; and what was
    /// told of each step is what the whole run marked.
    #[test]
    fn forward_and_back_is_exact(query in scenario(), moves in prop::collection::vec(any::<prop::sample::Index>(), 1..6)) {
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
}

#[test]
fn variants_get_the_same_jobs() {
    let all: Vec<&str> = TIMERS.iter().map(|entry| entry.about.id).collect();
    let whole = format!("schedulers={}&messages=60&seed=9", all[..4].join(","));
    let report = report(&whole);
    for variant in &report.variants {
        let alone = self::report(&format!("schedulers={}&messages=60&seed=9", variant.variant));
        assert_eq!(alone.variants[0].figures, variant.figures, "{}", variant.name);
        assert_eq!(figure(variant, "submitted"), 60.0);
    }
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
    check("schedulers=cron", "schedulers", "one of heap, wheel");
    check("schedulers=wheel:slots=7", "schedulers (slots)", "a whole number from 8 to 4096");
    check("schedulers=sqs-delay:most=901", "schedulers (most)", "a whole number from 1 to 900");
    check("schedulers=heap,heap,heap,heap,heap", "schedulers", "from 1 to 4 schedulers");
    check("delay=gauss:1", "delay", "one of exponential");
    check("delay=uniform:5:1", "delay.uniform.high", "");
    check("messages=-1", "messages", "a whole number from 0");
    check("jobs=5", "jobs", "as in 0@5");
    check("jobs=0@-1", "jobs", "as in 0@5");
    check("recurring=5:5", "recurring", "as in 10:5:20");
    check("recurring=0:5:2", "recurring", "a number from 0.01");
    check("recurring=5:5:0", "recurring", "a whole number from 1");
    check("skew=5", "skew", "as in 20:-30");
    check("skew=5:1e9", "skew", "a number from -100000 to 100000");
    check("drift=3", "drift", "a number from 0.5 to 2");
    check("down=20", "down", "as in 20-40");
    check("down=40-20", "down", "an end after the beginning");
    check("down=10-30,20-40", "down", "do not overlap");
    check("catch-up=maybe", "catch-up", "one of all, once, skip");
    check("clock-back=maybe", "clock-back", "one of wait, again");
    check("due=never", "due", "one of delay, time");
    check("capacity=5", "capacity", "one of schedulers, arrivals, delay, service, messages");
    let json = r#"{"lab":"delayed-jobs","variants":[{"scheduler":"wheel","tick":0}]}"#;
    assert_eq!(Scenario::from_json(json).unwrap_err().field, "variants[0].tick");
    let json = r#"{"lab":"delayed-jobs"}"#;
    assert_eq!(Scenario::from_json(json).unwrap_err().field, "variants");
}

#[test]
fn json_takes_lists_and_numbers() {
    let json = r#"{"lab":"delayed-jobs","variants":[{"scheduler":"wheel","tick":0.5}],"delay":{"constant":{"value":3}},
        "jobs":["0@5","1@3"],"skew":"4:-2","drift":1.5,"messages":7}"#;
    let scenario = Scenario::from_json(json).unwrap();
    assert_eq!(
        scenario.query().to_string(),
        "schedulers=wheel:tick=0.5&arrivals=poisson:1&delay=constant:3&service=exponential:0.5&messages=7&runs=1&seed=1&jobs=0@5,1@3&skew=4:-2&drift=1.5"
    );
}

#[test]
fn presets_are_taken_whole_and_make_sense() {
    let presets = read("").about().presets;
    assert!(presets.len() >= 8);
    for preset in presets {
        let scenario = read(preset.query);
        assert_eq!(scenario.query().to_string(), preset.query, "{} is not written in full", preset.name);
        let report = report(preset.query);
        for variant in &report.variants {
            assert_eq!(figure(variant, "still_there"), 0.0, "{}", preset.name);
        }
        assert!(!(scenario.about().summary.takeaway)(&report).is_empty());
        let table = (scenario.about().summary.table)(&report);
        assert!(table.rows.iter().all(|(_, cells)| cells.len() + 1 == table.head.len()));
    }
    let by_name = |name: &str| report(presets.iter().find(|preset| preset.name == name).unwrap().query);
    let down = ["run all", "once for all", "skip"]
        .map(|policy| by_name(&format!("The scheduler was down: {policy}")));
    let counts =
        down.map(|report| (figure(&report.variants[0], "skipped"), figure(&report.variants[0], "coalesced")));
    assert_eq!(counts, [(0.0, 0.0), (0.0, 4.0), (5.0, 0.0)]);
    let trap = by_name("The long delay at the head");
    assert_eq!(figure(&trap.variants[0], "late"), 7.0);
    assert_eq!(figure(&trap.variants[1], "late"), 0.0);
    let clock = by_name("The clock jumps forward and back");
    assert!(figure(&clock.variants[0], "early") > 0.0 && figure(&clock.variants[0], "duplicates") > 0.0);
    assert_eq!(figure(&clock.variants[1], "early") + figure(&clock.variants[1], "duplicates"), 0.0);
}

#[test]
fn lives_have_no_gaps() {
    let query =
        "schedulers=heap,wheel:tick=1:slots=8,sqs-delay:most=3&messages=20&seed=3&recurring=5:5:4&down=8-12";
    for name in (1..=20).map(Name::once).chain((1..=4).map(|number| Name { series: 1, number })) {
        assert_eq!(Name::from_identity(name.identity()), name);
        for life in read(query).lives(name.identity()) {
            assert!(!life.events.is_empty(), "{name} in {}", life.variant);
            assert!(
                life.stages.windows(2).all(|pair| pair[0].until == pair[1].from),
                "{name} in {}",
                life.variant
            );
            let (first, last) = (life.events.first().unwrap(), life.events.last().unwrap());
            assert!(last.says.contains("has done"), "{}", last.says);
            assert!(first.at <= life.stages.first().unwrap().from);
            assert_eq!(life.stages.last().unwrap().until, last.at);
        }
    }
    assert!(read(query).lives(Name::once(21).identity()).is_empty());
    assert!(read(query).lives(Name { series: 2, number: 1 }.identity()).is_empty());
    assert!(read(query).lives(u64::MAX).is_empty());
}
