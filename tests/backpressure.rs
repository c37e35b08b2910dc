//! Backpressure: what is offered is accounted for, bounds hold, published schedules and closed forms are
//! met, and the labs read, step and refuse as all labs do.

#![cfg(test)]

mod texts;

use proptest::prelude::*;
use sluice::catalogue::{Parameters, Range, Rule};
use sluice::kernel::statistics::MeanVariance;
use sluice::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use sluice::lab::{LABS, Query, Report, Scenario, Session, StageKind, Theory, VariantReport};
use sluice::pressure::{
    ANSWERS, Answer, COMMON, Change, End, Heard, Live, Name, Order, Plan, Setup, System, Traffic, Trouble,
};
use sluice::trace::Trace;
use std::collections::{BTreeMap, BTreeSet};
use texts::text_of;

const LAB: &str = "backpressure";
const CHAIN: &str = "pipelines";

fn read(lab: &str, query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query(lab, &Query::parse(query));
    assert_eq!(refusals, [], "{lab} {query}");
    scenario
}

fn report(lab: &str, query: &str) -> Report {
    let scenario = read(lab, query);
    let mut run = scenario.run(&Trace::empty());
    run.advance(u64::MAX);
    run.finish().0
}

fn figure(variant: &VariantReport, name: &str) -> f64 {
    variant.figure(name).unwrap_or_else(|| panic!("{} has no {name}", variant.name))
}

/// Traffic that is too much for a while, from callers who give up and try again.
fn traffic(seed: u64) -> Traffic {
    Traffic {
        arrivals: Arrivals::new(&Pattern::OnOff { rate: 12.0, on: 6.0, off: 6.0 }).unwrap(),
        work: Distribution::new(Shape::Exponential { mean: 0.2 }).unwrap(),
        pace: vec![1.0, 1.5, 1.0],
        requests: 150,
        tenants: vec![5.0, 1.0, 1.0],
        classes: vec![1.0, 2.0, 2.0],
        patience: Some(Span::from_seconds(1.5)),
        retries: 2,
        pause: Span::from_seconds(0.4),
        growth: 2.0,
        jitter: true,
        seed,
    }
}

fn answer(text: &str) -> Box<dyn Answer> {
    let (id, rest) = text.split_once(':').unwrap_or((text, ""));
    let entry = sluice::pressure::find(id).unwrap();
    let given = rest.split(':').filter_map(|part| part.split_once('='));
    let parameters = Parameters::new(entry.about, given).unwrap();
    (entry.build)(&Setup { seed: 1, classes: 3, tenants: 3, parameters })
}

fn plan() -> Plan {
    Plan { workers: 2, memory: 40, restart: Span::from_seconds(2.0), deadlines: false }
}

fn system(text: &str, stages: usize, traffic: Traffic, plan: Plan, trouble: &[Trouble]) -> System {
    let stages = (0..stages).map(|_| (answer(text), plan)).collect();
    System::new(Order { traffic, stages, trouble: trouble.to_vec() })
}

/// Lets the whole run happen; `look` sees the system after each event, and what was heard of it.
fn play(mut system: System, mut look: impl FnMut(&System, &[Heard])) -> Vec<Heard> {
    const MOST: usize = 200_000;
    let (mut live, mut all, mut heard) = (Live::default(), Vec::new(), Vec::new());
    for _ in 0..MOST {
        if system.next_time().is_none() {
            return all;
        }
        heard.clear();
        system.step(&mut live, &mut heard);
        look(&system, &heard);
        all.append(&mut heard);
    }
    panic!("the run does not end");
}

/// Settings with which every answer has something to do in [`traffic`].
const TIGHT: &[&str] = &[
    "nothing",
    "block:bound=3",
    "credits:credit=3",
    "credits:credit=6:batch=4:delay=0.2",
    "pull",
    "pull:ahead=2:delay=0.2",
    "watermarks:high=5:low=2",
    "watermarks:high=1:low=0",
    "drop-tail:bound=3",
    "drop-head:bound=3",
    "drop-random:bound=10:min=1:max=6:weight=0.3",
    "drop-random:bound=3:min=1:max=6:weight=0.3:probability=1",
    "codel:target=0.1:interval=0.3",
    "codel:target=0.1:interval=0.3:bound=4",
    "adaptive-lifo:target=0.2:interval=0.6",
    "shed:bound=6",
    "fair:bound=6",
    "scale-out:most=6:every=1:start-up=1:cool-down=2:target=1",
];

fn troubles(stage: usize) -> Vec<Trouble> {
    let time = Time::from_seconds;
    let slow = Trouble { from: time(3.0), until: time(6.0), stage, slow: Some(4.0) };
    vec![slow, Trouble { from: time(9.0), until: time(12.0), stage, slow: None }]
}

/// What a run is checked against: every try comes to exactly one end, every caller to exactly one, and
/// nothing happens to anybody after that.
#[derive(Default)]
struct Ledger {
    open: BTreeSet<u32>,
    tries: BTreeMap<Name, bool>,
}

impl Ledger {
    fn note(&mut self, heard: &Heard) {
        let Some(name) = heard.request else { return };
        match heard.change {
            Change::Sent => {
                assert!(self.tries.insert(name, false).is_none(), "{name} is sent twice");
                assert_eq!(self.open.insert(name.number), name.attempt == 1, "{name}");
            }
            Change::Answered { .. } | Change::InVain | Change::Ended(_) => {
                let over = self.tries.get_mut(&name).unwrap();
                assert!(!std::mem::replace(over, true), "{name} ends twice");
                if matches!(heard.change, Change::Answered { .. }) {
                    assert!(
                        self.open.remove(&name.number),
                        "{name} is answered although its caller has gone"
                    );
                }
            }
            Change::GivenUp => assert!(self.open.remove(&name.number), "{name} is given up twice"),
            _ => {}
        }
    }
}

#[test]
fn every_try_and_every_caller_comes_to_one_end() {
    for text in TIGHT {
        for stages in 1..=3 {
            for (trouble, deadlines) in
                [(Vec::new(), true), (troubles(stages - 1), false), (troubles(0), true)]
            {
                let mut ledger = Ledger::default();
                let plan = Plan { deadlines, ..plan() };
                let system = system(text, stages, traffic(7), plan, &trouble);
                play(system, |_, heard| heard.iter().for_each(|heard| ledger.note(heard)));
                assert!(ledger.open.is_empty(), "{text}, {stages} stages: {:?} never learn", ledger.open);
                let left: Vec<_> = ledger.tries.iter().filter(|(_, over)| !**over).collect();
                assert!(left.is_empty(), "{text}, {stages} stages: {left:?} disappear");
                assert!(ledger.tries.len() >= 150);
            }
        }
    }
}

#[test]
fn bounds_and_memory_hold_after_every_event() {
    for text in TIGHT {
        for stages in 1..=3 {
            let (mut most_held, mut waited) = (0, false);
            play(system(text, stages, traffic(3), plan(), &troubles(0)), |system, _| {
                for stage in system.stages() {
                    let bound = stage.answer().bound().unwrap_or(usize::MAX);
                    assert!(stage.buffer().len() <= bound, "{text}: {} in it", stage.buffer().len());
                    assert!(stage.held() <= stage.memory(), "{text}: {} held", stage.held());
                    assert!(
                        stage.answer().holds() || stage.door().is_empty(),
                        "{text}: somebody at the door"
                    );
                    most_held = most_held.max(stage.held());
                    waited |= !stage.door().is_empty();
                }
            });
            assert!(most_held > 1, "{text}");
            assert_eq!(waited, answer(text).holds(), "{text}: a door is there to wait at");
        }
    }
}

/// One worker, a second for each request, and requests at these times.
fn by_hand(text: &str, at: &[f64]) -> Vec<Heard> {
    let traffic = Traffic {
        arrivals: Arrivals::new(&Pattern::Times(at.to_vec())).unwrap(),
        work: Distribution::new(Shape::Constant { value: 1.0 }).unwrap(),
        pace: vec![1.0],
        requests: at.len() as u32,
        patience: None,
        retries: 0,
        ..traffic(1)
    };
    play(system(text, 1, traffic, Plan { workers: 1, ..plan() }, &[]), |_, _| ())
}

/// Five requests come while the worker is busy with the first: worked out by hand.
#[test]
fn each_answer_does_what_its_name_says() {
    type Ends = &'static [(u32, f64)];
    let check = |text: &str, at: &[f64], entered: Ends, answered: Ends, ended: Ends| {
        let heard = by_hand(text, at);
        let when = |wanted: &dyn Fn(Change) -> bool| -> Vec<(u32, f64)> {
            let found = heard.iter().filter(|heard| wanted(heard.change));
            found.map(|heard| (heard.request.unwrap().number, heard.at.seconds())).collect()
        };
        assert_eq!(when(&|change| change == Change::Entered), entered, "{text}: come in");
        assert_eq!(when(&|change| matches!(change, Change::Answered { .. })), answered, "{text}: answered");
        assert_eq!(when(&|change| matches!(change, Change::Ended(_))), ended, "{text}: lost");
    };
    let at = &[0.0, 0.1, 0.2, 0.3, 0.4];
    let come: Ends = &[(1, 0.0), (2, 0.1), (3, 0.2), (4, 0.3), (5, 0.4)];
    let all: Ends = &[(1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0), (5, 5.0)];
    check("nothing", at, come, all, &[]);
    check("drop-tail:bound=2", at, &come[..3], &all[..3], &[(4, 0.3), (5, 0.4)]);
    check("drop-head:bound=2", at, come, &[(1, 1.0), (4, 2.0), (5, 3.0)], &[(2, 0.3), (3, 0.4)]);
    check("block:bound=2", at, &[(1, 0.0), (2, 0.1), (3, 0.2), (4, 1.0), (5, 2.0)], all, &[]);
    check("pull", at, &[(1, 0.0), (2, 1.0), (3, 2.0), (4, 3.0), (5, 4.0)], all, &[]);
    // Both places are granted again only when both are free.
    let both: Ends = &[(1, 0.0), (2, 0.1), (3, 1.0), (4, 1.0), (5, 3.0)];
    check("credits:credit=2:batch=2", at, both, all, &[]);
    // A grant of one takes half a second: the place of the first is credit at 0.5.
    let late: Ends = &[(1, 0.0), (2, 0.1), (3, 0.5), (4, 1.5), (5, 2.5)];
    check("credits:credit=2:delay=0.5", at, late, all, &[]);
    // An ask takes half a second, in which the worker is idle.
    let asked: Ends = &[(1, 0.5), (2, 2.0), (3, 3.5), (4, 5.0), (5, 6.5)];
    let slowly: Ends = &[(1, 1.5), (2, 3.0), (3, 4.5), (4, 6.0), (5, 7.5)];
    check("pull:delay=0.5", at, asked, slowly, &[]);
    // Paused with two inside; resumed when the last of them has been taken out.
    check("watermarks:high=2:low=0", at, &[(1, 0.0), (2, 0.1), (3, 0.2), (4, 2.0), (5, 2.0)], all, &[]);
    // The buffer was empty last at 0.1. At 1 it drains: the oldest goes. At 2 it stands: the newest goes, and
    // those are too old that came while it drained.
    let at = &[0.0, 0.1, 0.2, 0.3, 0.4, 1.8, 1.9];
    let come: Ends = &[(1, 0.0), (2, 0.1), (3, 0.2), (4, 0.3), (5, 0.4), (6, 1.8), (7, 1.9)];
    let turned: Ends = &[(1, 1.0), (2, 2.0), (7, 3.0), (6, 4.0)];
    check("adaptive-lifo:interval=1.5:target=10", at, come, turned, &[(3, 2.0), (4, 2.0), (5, 2.0)]);
}

/// Four requests for one worker at the look after a second, one to be had by each: three more are started,
/// and are ready a second later; when they are idle for the cool-down, they go.
#[test]
fn workers_follow_the_load() {
    let text = "scale-out:target=1:every=1:start-up=1:cool-down=2:most=9";
    let heard = by_hand(text, &[0.0, 0.1, 0.2, 0.3, 0.4, 7.5]);
    let changes = heard.iter().filter(|heard| heard.request.is_none());
    let changes: Vec<(f64, Change)> = changes.map(|heard| (heard.at.seconds(), heard.change)).collect();
    let expected = [
        (1.0, Change::Hires { workers: 3 }),
        (2.0, Change::Ready { worker: 1 }),
        (2.0, Change::Ready { worker: 2 }),
        (2.0, Change::Ready { worker: 3 }),
        (3.0, Change::Dismisses { workers: 3 }),
    ];
    assert_eq!(changes, expected);
}

/// With a weight of 1 the average is the present length: nobody is dropped below `min`, everybody from `max`
/// on.
#[test]
fn random_drops_keep_to_their_lengths() {
    let mut dropped = 0;
    for seed in 1..10 {
        let text = "drop-random:bound=100:min=2:max=4:weight=1:probability=0.5";
        let mut before = 0;
        play(system(text, 1, traffic(seed), plan(), &[]), |system, heard| {
            let length = system.stages()[0].buffer().len();
            assert!(length <= 4, "{length} in the buffer");
            let drops = heard.iter().filter(|heard| heard.change == Change::Ended(End::Dropped)).count();
            assert!(drops == 0 || before >= 2, "dropped with {before} in the buffer");
            (dropped, before) = (dropped + drops, length);
        });
    }
    assert!(dropped > 50, "{dropped}");
}

/// Whether there is anything to recover from can be told from the settings.
#[test]
fn overloads_are_known_beforehand() {
    let check = |query: &str, expected: bool| {
        let load = "service=exponential:0.2&workers=2&messages=300&answers=drop-tail";
        let found = report(LAB, &format!("{load}&{query}")).variants[0].figure("recovery_time");
        assert_eq!(found.is_some(), expected, "{query}: {found:?}");
    };
    check("arrivals=poisson:7", false);
    check("arrivals=poisson:20", false);
    check("arrivals=poisson:7&slow=1:10-20:3", true);
    check("arrivals=poisson:7&slow=1:10-20:1.2", false);
    check("arrivals=poisson:7&slow=1:0-20:3", false);
    check("arrivals=poisson:7&slow=2:10-20:3", false);
    check("arrivals=constant:7&down=1:10-12", true);
    check("arrivals=curve:0,5;10,5;11,20;15,20;16,5", true);
    check("arrivals=curve:0,5;10,5;11,20", false);
    check("arrivals=times:0,0,0,0,9", false);
}

#[test]
fn credit_grants_and_places_are_always_as_many_as_at_first() {
    for (text, credit) in [("credits:credit=3", 3), ("credits:credit=6:batch=4:delay=0.2", 6)] {
        for stages in 1..=3 {
            play(system(text, stages, traffic(5), plan(), &troubles(stages - 1)), |system, _| {
                for stage in system.stages().iter().filter(|stage| stage.down().is_none()) {
                    let accounts: f64 = stage.answer().dials(Time::ZERO).iter().map(|dial| dial.value).sum();
                    assert_eq!(accounts as usize + stage.buffer().len(), credit, "{text}");
                }
            });
        }
    }
}

#[test]
fn nobody_comes_in_while_ingestion_is_paused() {
    let mut pauses = 0;
    for seed in 1..20 {
        let (mut paused, mut length) = (false, 0);
        let system = system("watermarks:high=6:low=2", 1, traffic(seed), plan(), &[]);
        for heard in play(system, |_, _| ()) {
            match heard.change {
                Change::Paused => {
                    assert!(!paused && length == 6, "paused with {length} in the buffer");
                    (paused, pauses) = (true, pauses + 1);
                }
                Change::Resumed => {
                    // The one that is taken out is told of when its work begins.
                    assert!(paused && length == 3, "resumed with {length} in the buffer");
                    paused = false;
                }
                Change::Entered => {
                    assert!(!paused, "somebody comes in while ingestion is paused");
                    length += 1;
                }
                Change::Started { .. } => length -= 1,
                _ => {}
            }
        }
    }
    assert!(pauses > 20, "{pauses}");
}

/// RFC 8289, section 3.3: the drops of a queue that stands come at interval/√1, /√2, /√3, … one after
/// another. A worker takes a request out every millisecond, so each drop is up to one later than that.
#[test]
fn codel_drops_on_the_schedule_of_the_rfc() {
    let arrivals = Arrivals::new(&Pattern::Constant { rate: 4_000.0 }).unwrap();
    let work = Distribution::new(Shape::Constant { value: 0.001 }).unwrap();
    let traffic = Traffic {
        arrivals,
        work,
        pace: vec![1.0],
        requests: 8_000,
        tenants: vec![1.0],
        classes: vec![1.0],
        patience: None,
        retries: 0,
        ..traffic(1)
    };
    let plan = Plan { workers: 1, memory: 100_000, ..plan() };
    let heard = play(system("codel:bound=100000", 1, traffic, plan, &[]), |_, _| ());
    let dropped = heard.iter().filter(|heard| heard.change == Change::Ended(End::Dropped));
    let dropped: Vec<f64> = dropped.map(|heard| heard.at.seconds()).collect();
    let mut due = dropped[0];
    assert!((0.1..0.12).contains(&due), "the first one is dropped after an interval above the target: {due}");
    for (count, at) in dropped.iter().enumerate().skip(1).take(60) {
        due += 0.1 / (count as f64).sqrt();
        assert!((due..due + 0.001_1).contains(at), "drop {} at {at}, due at {due}", count + 1);
    }
    // As the RFC has it for the first of them: 100 ms, then 70.7, 57.7, 50.
    let gaps: Vec<f64> = dropped.windows(2).take(4).map(|pair| pair[1] - pair[0]).collect();
    for (gap, expected) in gaps.iter().zip([0.1, 0.070_7, 0.057_7, 0.05]) {
        assert!((gap - expected).abs() <= 0.001_1, "{gap} instead of {expected}");
    }
}

/// RFC 8289, section 5.5: who begins to drop again soon after the last time goes on at about the rate at
/// which it left off: with as many drops as there were then, less those of the time before.
#[test]
fn codel_goes_on_where_it_left_off() {
    let points =
        vec![(0.0, 1_500.0), (1.0, 1_500.0), (1.001, 0.0), (2.0, 0.0), (2.001, 1_500.0), (3.5, 1_500.0)];
    let traffic = Traffic {
        arrivals: Arrivals::new(&Pattern::Curve { points }).unwrap(),
        work: Distribution::new(Shape::Constant { value: 0.001 }).unwrap(),
        pace: vec![1.0],
        requests: 3_000,
        tenants: vec![1.0],
        classes: vec![1.0],
        patience: None,
        retries: 0,
        ..traffic(1)
    };
    let plan = Plan { workers: 1, memory: 100_000, ..plan() };
    let heard = play(system("codel:bound=100000", 1, traffic, plan, &[]), |_, _| ());
    let dropped = |from: f64, until: f64| {
        let dropped = heard.iter().filter(|heard| heard.change == Change::Ended(End::Dropped));
        dropped.map(|heard| heard.at.seconds()).filter(|at| (from..until).contains(at)).collect::<Vec<f64>>()
    };
    let (first, second) = (dropped(0.0, 2.0), dropped(2.0, 9.0));
    // The first drop counts for one, each later one for one more; dropping begins with a count of 1.
    let count = first.len() as f64;
    let gap = second[1] - second[0];
    assert!(count > 10.0 && first[1] - first[0] > 0.099);
    let expected = 0.1 / (count - 1.0).sqrt();
    assert!((gap - expected).abs() <= 0.001_1, "{gap} after {count} drops, not {expected}");
}

/// Figures of independent runs, seeds 1 to 30, against the closed form: within the 99 % interval.
#[test]
fn figures_agree_with_the_closed_forms() {
    let check = |lab: &str, query: &str, model: &str, names: &[&str]| {
        let reports: Vec<Report> =
            (1..=30).map(|seed| report(lab, &format!("{query}&messages=12000&seed={seed}"))).collect();
        let Some(Theory::Model { name, expected }) = &reports[0].variants[0].theory else {
            panic!("{query} has no model");
        };
        assert_eq!(name, model, "{query}");
        for wanted in names {
            let (_, expected) = expected.0.iter().find(|(name, _)| name == wanted).unwrap();
            let mut over = MeanVariance::new();
            reports.iter().for_each(|report| over.push(figure(&report.variants[0], wanted)));
            let interval = over.interval(0.99).unwrap();
            assert!(interval.contains(*expected), "{query}: {wanted} is {expected}, measured {interval:?}");
        }
    };
    const MEANS: &[&str] = &["goodput", "mean_latency", "mean_in_system", "utilisation"];
    const LOSS: &[&str] = &["goodput", "lost_ratio", "mean_in_system", "utilisation"];
    let load = "arrivals=poisson:6&service=exponential:0.2";
    for answer in [
        "nothing",
        "block:bound=3",
        "credits:credit=3",
        "pull",
        "watermarks:high=4:low=1",
        "watermarks:high=2:low=0",
    ] {
        check(LAB, &format!("answers={answer}&{load}&workers=2"), "M/M/2", MEANS);
    }
    let heavy = "arrivals=poisson:7&service=exponential:0.2&workers=1";
    for answer in ["drop-tail:bound=4", "shed:bound=4"] {
        check(LAB, &format!("answers={answer}&{heavy}"), "M/M/1/5", &[LOSS, &["mean_latency"]].concat());
    }
    check(LAB, &format!("answers=drop-head:bound=4&{heavy}"), "M/M/1/5", LOSS);
    check(LAB, &format!("answers=fair:bound=4&{heavy}&tenants=3,1"), "M/M/1/5", LOSS);
    let three = ["goodput", "mean_latency", "mean_in_system"];
    check(CHAIN, &format!("answers=nothing&{load}&workers=2,2,2"), "M/M/2 → M/M/2 → M/M/2", &three);
    check(
        CHAIN,
        &format!("answers=nothing&{load}&workers=2,3,4&pace=1,2,2.5"),
        "M/M/2 → M/M/3 → M/M/4",
        &three,
    );
}

#[test]
fn where_there_is_no_closed_form_a_sentence_says_why() {
    let check = |query: &str, why: &str| {
        let Some(Theory::None { why: said }) = &report(LAB, query).variants[0].theory else {
            panic!("{query} has a model");
        };
        assert!(said.contains(why) && said.ends_with('.'), "{query}: {said}");
    };
    let load = "arrivals=poisson:6&service=exponential:0.2&workers=2";
    check("arrivals=constant:6", "not Poisson");
    check("arrivals=poisson:6&service=constant:0.2", "not exponential");
    check(&format!("{load}&slow=1:2-3:2"), "slow or down");
    check(&format!("{load}&timeout=3"), "give up");
    check(&format!("{load}&answers=credits:delay=1"), "time to reach the sender");
    check(&format!("{load}&answers=codel"), "standing");
    check(&format!("{load}&answers=scale-out"), "follows the load");
    check(&format!("{load}&answers=shed&classes=1,1"), "classes");
    check(&format!("{load}&answers=nothing&memory=20"), "memory");
    check("arrivals=poisson:12&service=exponential:0.2&workers=2&answers=nothing", "no steady state");
}

/// A scenario of either lab: every answer, with little room, too much traffic and all kinds of trouble.
fn scenario() -> impl Strategy<Value = (&'static str, String)> {
    let answers = prop::collection::vec(prop::sample::select(TIGHT), 1..4);
    let stages = prop::sample::select(&["2", "1", "2,1,2", "1,3,1", "2,2"][..]);
    let arrivals = prop::sample::select(
        &["poisson:9", "constant:12", "curve:0,4;3,15;6,15;7,4", "on-off:20:2:3", "times:0,0,0,1,1,9"][..],
    );
    let callers = prop::sample::select(
        &[
            "",
            "&timeout=1&retries=2&pause=0.3",
            "&timeout=0.8&retries=3&pause=0.5&jitter=full&deadlines=carried",
            "&retries=1&growth=1",
        ][..],
    );
    let troubles =
        prop::sample::select(&["", "&slow=1:1-4:5", "&down=1:2-3", "&down=1:2-3,1:3-5&slow=1:2-8:2"][..]);
    let memory = prop::sample::select(&[1_u32, 6, 30, 1_000][..]);
    let until = prop::sample::select(&["", "&until=6"][..]);
    (answers, stages, arrivals, callers, troubles, memory, (until, any::<u64>(), 1_u32..120)).prop_map(
        |(answers, workers, arrivals, callers, troubles, memory, (until, seed, messages))| {
            let lab = if workers.contains(',') { CHAIN } else { LAB };
            let answers: Vec<String> = answers
                .into_iter()
                .enumerate()
                .map(|(at, answer)| format!("{answer}{}", if at == 1 { ":middle=unbounded" } else { "" }))
                .collect();
            let query = format!(
                "answers={}&workers={workers}&arrivals={arrivals}&service=exponential:0.2&messages={messages}{callers}{troubles}&memory={memory}&restart=1{until}&seed={seed}&classes=1,2,2&tenants=5,1,1",
                answers.join(",")
            );
            (lab, query)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every try is answered, done in vain, ended in one way or still there; every caller has an answer,
    /// has given up or still waits.
    #[test]
    fn nothing_disappears((lab, query) in scenario()) {
        for variant in report(lab, &query).variants {
            let of = |name: &str| figure(&variant, name);
            let ends = ["answered", "in_vain", "refused", "dropped", "shed", "expired", "lost", "left", "still_there"];
            let ended: f64 = ends.iter().map(|name| of(name)).sum();
            prop_assert_eq!(of("attempts"), ended, "{}: {}", variant.name, query);
            let callers = of("answered") + of("given_up") + of("still_open");
            prop_assert_eq!(of("requests"), callers, "{}: {}", variant.name, query);
            prop_assert_eq!(of("retries"), of("attempts") - of("requests"));
        }
    }

    #[test]
    fn forward_and_back_is_exact((lab, query) in scenario(), moves in prop::collection::vec(any::<prop::sample::Index>(), 1..5)) {
        let scenario = read(lab, &query);
        let mut run = scenario.run(&Trace::empty());
        run.advance(u64::MAX);
        let (report, marks) = run.finish();
        let lab = || scenario.lab(&Trace::empty(), report.steps);
        let (mut truth, mut scenes, mut moments) = (lab(), Vec::new(), Vec::new());
        scenes.push(truth.scene());
        while let Some(moment) = truth.step() {
            scenes.push(truth.scene());
            moments.push(moment);
        }
        prop_assert_eq!(moments.len() as u64, report.steps, "{}", query);
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
    fn links_and_json_come_back((lab, query) in scenario()) {
        let scenario = read(lab, &query);
        prop_assert_eq!(&read(lab, &scenario.query().to_string()), &scenario);
        prop_assert_eq!(Scenario::from_json(&scenario.json()), Ok(scenario));
    }
}

#[test]
fn the_same_seed_gives_the_same_run_and_the_same_requests_to_all() {
    for lab in [LAB, CHAIN] {
        let load = "messages=120&seed=9&arrivals=poisson:9&timeout=2&retries=1&jitter=full";
        let all: Vec<&str> = ANSWERS.iter().map(|entry| entry.about.id).collect();
        for some in all.chunks(4) {
            let together = report(lab, &format!("answers={}&{load}", some.join(",")));
            assert_eq!(together, report(lab, &format!("answers={}&{load}", some.join(","))));
            for variant in &together.variants {
                let alone = report(lab, &format!("answers={}&{load}", variant.variant));
                assert_eq!(alone.variants[0].figures, variant.figures, "{}", variant.name);
                assert_eq!(figure(variant, "requests"), 120.0);
            }
        }
    }
}

#[test]
fn pressure_travels_hop_by_hop_unless_a_stage_takes_in_everything() {
    let query = "arrivals=poisson:6&service=exponential:0.2&messages=200&workers=2,2,2&seed=1&slow=3:5-30:5";
    let heard = |answers: &str| {
        let scenario = read(CHAIN, &format!("answers={answers}&{query}"));
        let mut run = scenario.run(&Trace::empty());
        run.advance(u64::MAX);
        let steps = run.finish().0.steps;
        let mut lab = scenario.lab(&Trace::empty(), steps);
        let mut said = Vec::new();
        while let Some(moment) = lab.step() {
            said.extend(moment.parts[0].sentences());
        }
        said
    };
    let first = |said: &[String], what: &str| said.iter().position(|sentence| sentence.contains(what));
    let bounded = heard("block:bound=4");
    let (stuck, waits) = (first(&bounded, "is stuck with"), first(&bounded, "waits at the door"));
    assert!(stuck.unwrap() > waits.unwrap(), "who is told to wait is stuck");
    assert!(bounded.iter().filter(|said| said.contains("is stuck with")).count() > 20);
    let callers = bounded.iter().filter(|said| said.starts_with("Request") && said.contains("at the door"));
    assert!(callers.count() > 40);
    let blocked = |answers: &str| report(CHAIN, &format!("answers={answers}&{query}")).variants.remove(0);
    let (hops, gathers) = (blocked("block:bound=4"), blocked("block:bound=4:middle=unbounded"));
    assert!(figure(&hops, "blocked_time") > 5.0 * figure(&gathers, "blocked_time"));
    assert!(figure(&hops, "most_held") <= 18.0 && figure(&gathers, "most_held") > 50.0);
}

#[test]
fn refusals() {
    let check = |query: &str, field: &str, allowed: &str| {
        let (scenario, refusals) = Scenario::from_query(LAB, &Query::parse(query));
        let [refusal] = &refusals[..] else { panic!("{query}: {refusals:?}") };
        assert_eq!(refusal.field, field, "{query}");
        assert!(refusal.allowed.contains(allowed), "{query}: {}", refusal.allowed);
        assert_eq!(scenario, read(LAB, ""), "{query}: the default holds");
    };
    check("answers=hope", "answers", "one of nothing, block");
    check("answers=", "answers", "from 1 to 4 answers");
    check("answers=nothing,nothing,nothing,nothing,nothing", "answers", "from 1 to 4 answers");
    for (answer, field) in [
        ("block:bound=0", "bound"),
        ("drop-tail:bound=0", "bound"),
        ("drop-head:bound=0", "bound"),
        ("drop-random:bound=0", "bound"),
        ("codel:bound=0", "bound"),
        ("shed:bound=0", "bound"),
        ("fair:bound=0", "bound"),
        ("credits:credit=0", "credit"),
        ("credits:batch=0", "batch"),
        ("watermarks:high=0", "high"),
        ("scale-out:most=0", "most"),
    ] {
        check(&format!("answers={answer}"), &format!("answers ({field})"), "a whole number from 1");
    }
    check("answers=scale-out:target=0", "answers (target)", "a number from 0.1");
    check("answers=scale-out:every=0", "answers (every)", "a number from 0.1");
    check("answers=codel:target=0", "answers (target)", "a number from 0.000001");
    check("answers=codel:interval=0", "answers (interval)", "a number from 0.000001");
    check("answers=block:middle=open", "answers (middle)", "one of same, unbounded");
    check("answers=block:size=3", "answers (size)", "one of bound, middle");
    check("messages=0", "messages", "a whole number from 1");
    check("runs=0", "runs", "a whole number from 1");
    check("workers=0", "workers", "a whole number from 1");
    check("workers=", "workers", "1 to 3 stages");
    check("workers=1,1,1,1", "workers", "1 to 3 stages");
    check("memory=0", "memory", "a whole number from 1");
    check("size=0", "size", "a whole number from 1");
    check("restart=0", "restart", "a number from 0.001");
    check("timeout=0", "timeout", "a number from 0.001");
    check("timeout=NaN", "timeout", "a number from 0.001");
    check("retries=21", "retries", "a whole number from 0 to 20");
    check("pause=-1", "pause", "a number from 0 to 60");
    check("growth=0", "growth", "a number from 1 to 10");
    check("jitter=some", "jitter", "one of none, full");
    check("deadlines=maybe", "deadlines", "one of ignored, carried");
    check("classes=0", "classes", "a number from 0.001");
    check("classes=", "classes", "from 1 to 8 shares");
    check("tenants=1,1,1,1,1,1,1,1,1", "tenants", "from 1 to 8 shares");
    check("pace=0", "pace", "a number from 0.001");
    check("slow=1:20-40", "slow", "as in 1:20-40:5");
    check("slow=0:20-40:2", "slow", "a whole number from 1 to 3");
    check("slow=1:20-40:0.5", "slow", "a number from 1 to 1000");
    check("slow=1:40-20:2", "slow", "an end after the beginning");
    check("slow=1:10-30:2,1:20-40:2", "slow", "do not overlap");
    check("down=20-30", "down", "as in 1:20-30");
    check("down=1:5-5", "down", "an end after the beginning");
    check("down=1:10-30,1:20-40", "down", "do not overlap");
    check("service=gauss:1", "service", "one of exponential");
    check("arrivals=poisson:0", "arrivals.poisson.rate", "requests a second");
    check("capacity=5", "capacity", "one of answers, arrivals, service, messages, workers");
    let json = r#"{"lab":"backpressure","variants":[{"answer":"block","bound":0}]}"#;
    assert_eq!(Scenario::from_json(json).unwrap_err().field, "variants[0].bound");
    let json = r#"{"lab":"pipelines"}"#;
    assert_eq!(Scenario::from_json(json).unwrap_err().field, "variants");
}

/// What the sentence of a preset says is what its run shows.
#[test]
fn presets_show_what_they_say() {
    let preset = |name: &str| {
        let all = LABS.iter().filter(|entry| [LAB, CHAIN].contains(&entry.about.id));
        let found = all.flat_map(|entry| entry.about.presets.iter().map(|preset| (entry.about.id, preset)));
        let (lab, preset) =
            found.into_iter().find(|(_, preset)| preset.name == name).unwrap_or_else(|| panic!("no {name}"));
        report(lab, preset.query).variants
    };
    let of = |variants: &[VariantReport], name: &str| -> Vec<f64> {
        variants.iter().map(|variant| figure(variant, name)).collect()
    };
    let spike = preset("The spike, four answers");
    let [nothing, block, tail, scale] = of(&spike, "goodput_ratio")[..] else { panic!() };
    assert!(nothing < tail && tail < 0.9 && block == 1.0 && scale == 1.0);
    assert_eq!(of(&spike, "kills"), [1.0, 0.0, 0.0, 0.0]);
    let [_, block, tail, scale] = of(&spike, "latency_p95")[..] else { panic!() };
    assert!(block > 4.0 * tail && block > 4.0 * scale);
    let [nothing, _, _, scale] = of(&spike, "cost")[..] else { panic!() };
    assert!((1.7..2.0).contains(&(scale / nothing)));

    let waits = preset("Slow down: block, credits, pull");
    assert!(of(&waits, "goodput_ratio").iter().all(|ratio| *ratio == 1.0));
    assert_eq!(of(&waits, "most_held"), [10.0, 10.0, 2.0]);
    assert!(of(&waits, "latency_p95").iter().all(|tail| *tail > 11.0));
    assert!(of(&waits, "recovery_time").iter().all(|time| (30.0..40.0).contains(time)));

    let drops = preset("Drop: tail, head, random, CoDel");
    assert!(of(&drops, "goodput_ratio").iter().all(|ratio| (0.85..0.9).contains(ratio)));
    let [tail, head, random, codel] = of(&drops, "mean_latency")[..] else { panic!() };
    assert!(head < tail && random < tail && codel > tail);

    let shed = preset("Shed by priority");
    assert_eq!(figure(&shed[0], "first_class"), 1.0);
    assert!(figure(&shed[1], "first_class") < 0.95);
    assert!(figure(&shed[0], "last_class") < figure(&shed[1], "last_class"));

    let in_time = preset("Scale out, in time or not");
    assert_eq!(of(&in_time, "kills"), [0.0, 1.0]);
    assert!(figure(&in_time[0], "recovery_time") < 1.0);

    let pause = preset("Pause ingestion");
    assert!(of(&pause, "goodput_ratio").iter().all(|ratio| *ratio == 1.0));
    assert!(figure(&pause[0], "most_held") <= 22.0);

    let slow = preset("The slow consumer");
    assert_eq!(of(&slow, "kills"), [1.0, 0.0, 0.0]);
    assert_eq!(figure(&slow[1], "goodput_ratio"), 1.0);
    assert!((12.0..14.0).contains(&figure(&slow[1], "latency_max")));
    assert!(figure(&slow[2], "latency_p95") < 2.0);

    let storm = preset("The retry storm");
    let [nothing, tail, lifo] = of(&storm, "goodput_ratio")[..] else { panic!() };
    assert!(nothing < 0.3 && tail > 0.85 && lifo > 0.85);
    assert!(figure(&storm[0], "wasted_ratio") > 0.8 && figure(&storm[2], "wasted_ratio") < 0.05);
    assert!(figure(&storm[0], "throughput") > 4.0 * figure(&storm[0], "goodput"));
    let [nothing, tail, lifo] = of(&storm, "recovery_time")[..] else { panic!() };
    assert!(nothing > 90.0 && tail < 15.0 && lifo < 15.0);

    let carried = preset("Deadlines carried along");
    assert!(figure(&carried[0], "goodput_ratio") > figure(&storm[0], "goodput_ratio"));
    assert!(figure(&carried[0], "wasted_ratio") > 0.5 && figure(&carried[2], "wasted_ratio") < 0.05);

    let impatient = preset("Who cannot wait");
    assert!(figure(&impatient[0], "goodput_ratio") < 0.3 && figure(&impatient[1], "goodput_ratio") > 0.85);
    assert!(figure(&impatient[0], "most_held") <= 10.0);

    let restart = preset("The thundering restart");
    assert!(figure(&restart[0], "kills") > 1.0 && figure(&restart[0], "goodput_ratio") < 0.5);
    assert!(figure(&restart[1], "goodput_ratio") > 0.95);

    let noisy = preset("The noisy neighbour");
    let [tail, fair] = of(&noisy, "smallest_tenant")[..] else { panic!() };
    assert!(tail < 0.8 && fair == 1.0, "{tail} {fair}");
    let [tail, fair] = of(&noisy, "fairness")[..] else { panic!() };
    assert!(tail < 0.95 && fair > 0.99);

    let grants = preset("A grant takes its time");
    let [two, eight, batch, pull] = of(&grants, "mean_latency")[..] else { panic!() };
    assert!(eight < batch && batch < two && two < pull);

    let standing = preset("A queue that stands");
    let [tail, random, codel] = of(&standing, "recovery_time")[..] else { panic!() };
    assert!(tail > 0.5 && random < 0.2 && codel < 0.2);

    let hops = preset("Hop by hop");
    assert!(figure(&hops[0], "goodput_ratio") == 1.0 && figure(&hops[0], "most_held") <= 18.0);
    assert_eq!(of(&preset("One stage without a bound"), "kills"), [0.0, 1.0]);
    let away = preset("Turned away at the end");
    assert!(figure(&away[0], "wasted_ratio") > 0.12 && figure(&away[1], "wasted_ratio") == 0.0);
    let (nobody, carried) = (preset("Work for nobody"), preset("Deadlines along the chain"));
    assert!(figure(&nobody[0], "wasted_ratio") > 0.35 && figure(&nobody[2], "wasted_ratio") < 0.2);
    assert!(figure(&carried[0], "goodput_ratio") > 1.14 * figure(&nobody[0], "goodput_ratio"));
    assert_eq!(of(&preset("The middle goes down"), "lost"), [3.0, 3.0]);
    let row = preset("Three queues in a row");
    let [open, ten, one] = of(&row, "mean_latency")[..] else { panic!() };
    assert!((ten / open - 1.0).abs() < 0.01 && one > 1.1 * open);
    let credit = preset("Credit for every hop");
    assert!(figure(&credit[0], "mean_latency") > 1.8 * figure(&credit[1], "mean_latency"));
}

#[test]
fn lives_tell_every_try_and_have_no_gaps() {
    let query = "answers=nothing,block:bound=3,drop-tail:bound=2&arrivals=poisson:12&service=exponential:0.2&messages=80&workers=2&seed=1&timeout=1&retries=2";
    let scenario = read(LAB, query);
    let mut retried = 0;
    for number in 1..=80 {
        for life in scenario.lives(number) {
            assert_eq!(life.subject, format!("request {number}"));
            let (first, last) = (life.events.first().unwrap(), life.events.last().unwrap());
            assert!(first.says.contains("is sent"), "{}", first.says);
            assert!(
                life.events.windows(2).all(|pair| pair[0].at <= pair[1].at && pair[0].step <= pair[1].step)
            );
            assert!(life.stages.windows(2).all(|pair| pair[0].until <= pair[1].from + 1e-9), "{life:?}");
            assert!(life.stages.iter().all(|stage| stage.from < stage.until));
            assert!(last.at >= first.at);
            retried += usize::from(life.stages.iter().any(|stage| stage.kind == StageKind::Delayed));
        }
    }
    assert!(retried > 10, "{retried}");
    assert!(scenario.lives(0).is_empty() && scenario.lives(81).is_empty());
    assert_eq!(scenario.lives(Name { number: 7, attempt: 2 }.identity())[0].subject, "request 7");
}

/// The text between the braces of `fn name`, wherever it is defined with a body.
fn bodies<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    let head = format!("fn {name}(");
    source.match_indices(&head).filter_map(|(start, _)| body(source, start)).collect()
}

fn body(source: &str, start: usize) -> Option<&str> {
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

/// Whether `text` contains `&name` as a whole word.
fn applies(text: &str, name: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let reference = format!("&{name}");
    text.match_indices(&reference).any(|(at, _)| !text[at + reference.len()..].starts_with(word))
}

/// Every file that has rules: its name, its text, and the rules that are listed of it.
fn files() -> Vec<(&'static str, &'static str, &'static [&'static Rule])> {
    let answers =
        ANSWERS.iter().map(|entry| (entry.about.file, text_of(entry.about.file), entry.about.rules));
    answers.chain(COMMON.iter().map(|(file, rules)| (*file, text_of(file), *rules))).collect()
}

#[test]
fn answers_are_listed_once_and_found_by_name() {
    let ids: BTreeSet<&str> = ANSWERS.iter().map(|entry| entry.about.id).collect();
    let names: BTreeSet<&str> = ANSWERS.iter().map(|entry| entry.about.name).collect();
    assert_eq!((ids.len(), names.len()), (ANSWERS.len(), ANSWERS.len()));
    for entry in ANSWERS {
        let found = sluice::pressure::find(entry.about.id).unwrap();
        assert_eq!(found.about.id, entry.about.id);
        for parameter in entry.about.parameters {
            assert!(!matches!(parameter.range, Range::Limit { .. }), "{}", parameter.id);
            let default = parameter.range.default().to_string();
            assert!(parameter.range.parse(&default).is_some(), "{} {default}", parameter.id);
        }
    }
    assert!(sluice::pressure::find("hope").is_none());
}

#[test]
fn each_rule_stands_where_it_says() {
    for (file, source, rules) in files() {
        let mut names = BTreeSet::new();
        for Rule { name, place, says } in rules {
            let places = bodies(source, place);
            assert!(!places.is_empty(), "{file} has no fn {place}");
            assert!(
                places.iter().any(|place| applies(place, name)),
                "{file}: {name} is not applied in {place}"
            );
            assert!(source.contains(&format!("const {name}: Rule")), "{file}: {name}");
            assert!(names.insert(name), "{file} lists {name} twice");
            assert!(!says.ends_with('.') && !says.is_empty(), "{file}: {says}");
        }
        assert_eq!(source.matches(": Rule =").count(), names.len(), "{file} has a rule that is not listed");
    }
}

#[test]
fn rules_told_are_the_rules_listed() {
    let files = files();
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut note = |text: &str, heard: &[Heard]| {
        for Heard { rule, figure, .. } in heard {
            let listed = files.iter().any(|(.., rules)| rules.iter().any(|known| known == rule));
            assert!(listed, "{text} tells {} without listing it", rule.name);
            assert!(!rule.says.contains("{}") || figure.is_some(), "{text}: {} lacks its figure", rule.name);
        }
        told.extend(heard.iter().map(|heard| (heard.rule.name, heard.rule.says)));
    };
    for text in TIGHT {
        for stages in 1..=3 {
            for trouble in [Vec::new(), troubles(stages - 1), troubles(0)] {
                for deadlines in [false, true] {
                    let plan = Plan { deadlines, ..plan() };
                    for seed in [2, 11] {
                        let heard = play(system(text, stages, traffic(seed), plan, &trouble), |_, _| ());
                        note(text, &heard);
                    }
                }
            }
        }
    }
    for (file, _, rules) in files {
        for rule in rules {
            assert!(told.contains(&(rule.name, rule.says)), "{file}: {} is never told", rule.name);
        }
    }
}
