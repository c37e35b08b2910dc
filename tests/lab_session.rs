//! Going back is exact: whatever way a session was moved, it stands in the state that as many
//! steps from the start lead to; and a whole run comes to what its steps told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

mod scenarios;

use proptest::prelude::*;
use scenarios::scenario;
use sluice::lab::{Clock, Lab, Marks, Moment, Report, Run, Scenario, Scene, Session};
use sluice::trace::Trace;
use std::cell::Cell;
use std::rc::Rc;

/// Every state of a run, found by nothing but steps from the start.
struct Truth {
    /// The picture after so many steps.
    scenes: Vec<Scene>,
    moments: Vec<Moment>,
}

impl Truth {
    fn of(mut lab: Box<dyn Lab>) -> Self {
        let mut truth = Truth { scenes: vec![lab.scene()], moments: Vec::new() };
        while let Some(moment) = lab.step() {
            truth.moments.push(moment);
            truth.scenes.push(lab.scene());
        }
        assert_eq!((lab.position(), lab.length()), (truth.length(), truth.length()));
        truth
    }

    fn length(&self) -> u64 {
        self.moments.len() as u64
    }

    /// Compares everything that a session shows with the truth about its position.
    fn check(&self, session: &Session, position: u64) {
        let position = position.min(self.length());
        assert_eq!(session.position(), position);
        let told = &self.moments[position.saturating_sub(Session::RECENT) as usize..position as usize];
        assert_eq!(session.moment(), told.last(), "after {position} steps");
        assert!(session.recent().eq(told.iter().rev()), "after {position} steps");
        assert_eq!(session.scene(), self.scenes[position as usize], "after {position} steps");
    }
}

/// A lab that says that it is heavy, so that hardly a copy is kept, and counts its silent steps.
struct Heavy {
    lab: Box<dyn Lab>,
    silent: Rc<Cell<u64>>,
    copies: Rc<Cell<i64>>,
}

impl Heavy {
    fn new(lab: Box<dyn Lab>) -> Self {
        Heavy { lab, silent: Rc::default(), copies: Rc::new(Cell::new(1)) }
    }
}

impl Drop for Heavy {
    fn drop(&mut self) {
        self.copies.set(self.copies.get() - 1);
    }
}

impl Lab for Heavy {
    fn position(&self) -> u64 {
        self.lab.position()
    }
    fn length(&self) -> u64 {
        self.lab.length()
    }
    fn advance(&mut self, steps: u64) {
        self.silent.set(self.silent.get() + steps);
        self.lab.advance(steps);
    }
    fn step(&mut self) -> Option<Moment> {
        self.lab.step()
    }
    fn scene(&self) -> Scene {
        self.lab.scene()
    }
    fn clock(&self) -> Option<Clock> {
        self.lab.clock()
    }
    fn weight(&self) -> usize {
        usize::MAX
    }
    fn duplicate(&self) -> Box<dyn Lab> {
        self.copies.set(self.copies.get() + 1);
        let (silent, copies) = (self.silent.clone(), self.copies.clone());
        Box::new(Heavy { lab: self.lab.duplicate(), silent, copies })
    }
}

fn trace(scenario: &Scenario) -> Trace {
    match scenario.workload() {
        None => Trace::empty(),
        Some(sluice::lab::Workload::Stream(stream)) => stream.generate(scenario.seed()),
        Some(other) => panic!("{other} is not generated"),
    }
}

fn read(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query("eviction", &sluice::lab::Query::parse(query));
    assert!(refusals.is_empty(), "{refusals:?}");
    scenario
}

/// A scenario of many requests, with a policy that tunes itself, one that rolls dice and one that
/// knows the future.
fn long() -> Scenario {
    read(
        "policies=arc,random,opt-bypass,s3-fifo&capacity=12&workload=hot:60:9:80:500:20000;scan:900@60;zipf:0.9:40:25000&seed=5",
    )
}

fn finished(mut run: Box<dyn Run>) -> (Report, Vec<Marks>) {
    run.advance(u64::MAX);
    run.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn forward_and_back_is_where_one_was(scenario in scenario(), n in 0..400_u64, k in 0..400_u64) {
        let trace = trace(&scenario);
        let truth = Truth::of(scenario.lab(&trace, 0));
        let mut session = Session::new(scenario.lab(&trace, 0));
        for target in [n, n + k, n, n.saturating_sub(1), n] {
            session.seek(target);
            truth.check(&session, target);
        }
        for target in n..truth.length() {
            session.seek(target + 1);
            truth.check(&session, target + 1);
        }
    }

    #[test]
    fn any_walk_leads_to_the_truth(
        scenario in scenario(),
        walk in prop::collection::vec((0..600_u64, 0..4_u8), 1..30),
        heavy in any::<bool>(),
    ) {
        let trace = trace(&scenario);
        let truth = Truth::of(scenario.lab(&trace, 0));
        let lab = scenario.lab(&trace, 0);
        let mut session = Session::new(if heavy { Box::new(Heavy::new(lab)) } else { lab });
        for (far, kind) in walk {
            let here = session.position();
            let target = match kind {
                0 => far,
                1 => here + 1,
                2 => here.saturating_sub(1),
                _ => here.saturating_sub(far % 20),
            };
            session.seek(target);
            truth.check(&session, target);
        }
    }

    #[test]
    fn small_pieces_of_work_lead_where_seeking_does(
        scenario in scenario(),
        walk in prop::collection::vec((0..600_u64, 0..12_u64, 0..4_u32), 1..12),
    ) {
        let trace = trace(&scenario);
        let truth = Truth::of(scenario.lab(&trace, 0));
        let lab = Heavy::new(scenario.lab(&trace, 0));
        let silent = lab.silent.clone();
        let mut session = Session::new(Box::new(lab));
        for (target, work, patience) in walk {
            let mut pieces = 0;
            let arrived = loop {
                silent.set(0);
                let arrived = session.approach(target, work);
                assert!(silent.get() <= work.max(1), "{} steps for {work} units of work", silent.get());
                pieces += 1;
                if arrived || (patience > 0 && pieces == patience) {
                    break arrived;
                }
                assert!(pieces < 2_000, "no progress");
            };
            if arrived {
                truth.check(&session, target);
            }
        }
        session.seek(truth.length() / 2);
        truth.check(&session, truth.length() / 2);
    }

    #[test]
    fn silent_steps_lead_where_told_ones_do(scenario in scenario(), n in 0..300_u64) {
        let trace = trace(&scenario);
        let truth = Truth::of(scenario.lab(&trace, 0));
        let mut lab = scenario.lab(&trace, 0);
        lab.advance(n);
        assert_eq!(lab.position(), n.min(truth.length()));
        let mut copy = lab.duplicate();
        for at in n..truth.length() {
            assert_eq!(lab.step().as_ref(), truth.moments.get(at as usize));
            assert_eq!(lab.scene(), truth.scenes[at as usize + 1]);
        }
        assert_eq!(lab.step(), None);
        copy.advance(u64::MAX);
        copy.advance(u64::MAX);
        assert_eq!((copy.position(), copy.step()), (truth.length(), None));
    }

    #[test]
    fn a_run_comes_to_what_its_steps_told(scenario in scenario()) {
        let trace = trace(&scenario);
        let truth = Truth::of(scenario.lab(&trace, 0));
        let (report, marks) = finished(scenario.run(&trace));
        assert_eq!((report.steps, report.variants.len()), (truth.length(), marks.len()));
        for (at, (marks, variant)) in marks.iter().zip(&report.variants).enumerate() {
            let told: Vec<u8> = truth.moments.iter().map(|moment| moment.parts[at].outcome).collect();
            let marked: Vec<u8> = (0..marks.len()).map_while(|step| marks.get(step)).collect();
            assert_eq!(told, marked, "{}", variant.variant);
            let misses = told.iter().filter(|outcome| **outcome != 0).count() as f64;
            let evictions = told.iter().filter(|outcome| **outcome == 2).count() as f64;
            let hits = told.len() as f64 - misses;
            for (name, expected) in [
                ("requests", told.len() as f64),
                ("hits", hits),
                ("misses", misses),
                ("evictions", evictions),
            ] {
                assert_eq!(variant.figure(name), Some(expected), "{name} of {}", variant.variant);
            }
            let ratio = variant.figure("hit_ratio").unwrap();
            assert!((ratio - hits / told.len() as f64).abs() < 1e-12);
            let last = variant.series("running_hit_ratio").unwrap().points.last().unwrap();
            assert_eq!(*last, (told.len() as f64, ratio));
        }
    }
}

#[test]
fn copies_are_thinned_out_on_a_long_run_and_lead_to_the_truth() {
    let scenario = long();
    let trace = trace(&scenario);
    let mut lab = scenario.lab(&trace, 0);
    let length = lab.length();
    let mut stops: Vec<u64> = (0..60).map(|at| at * 7_919 % (length + 1)).chain([0, length]).collect();
    stops.sort_unstable();
    let mut known = Vec::new();
    for &stop in &stops {
        while lab.position() < stop {
            lab.step();
        }
        known.push((stop, lab.scene()));
    }
    for heavy in [false, true] {
        let mut session = match heavy {
            false => Session::new(scenario.lab(&trace, 0)),
            true => Session::new(Box::new(Heavy::new(scenario.lab(&trace, 0)))),
        };
        session.seek(length);
        for at in 0..known.len() {
            let (stop, scene) = &known[at * 37 % known.len()];
            session.seek(*stop);
            assert_eq!((session.position(), &session.scene()), (*stop, scene), "heavy: {heavy}");
            assert_eq!(session.moment().map(|moment| moment.step), (*stop > 0).then_some(*stop));
        }
    }
}

#[test]
fn a_heavy_lab_is_copied_only_a_few_times() {
    let scenario = long();
    let lab = Heavy::new(scenario.lab(&trace(&scenario), 0));
    let copies = lab.copies.clone();
    let mut session = Session::new(Box::new(lab));
    session.seek(session.length());
    assert!(copies.get() <= 4, "{} copies are held", copies.get());
}

#[test]
fn stepping_back_from_far_away_replays_little() {
    let scenario = long();
    let lab = Heavy::new(scenario.lab(&trace(&scenario), 0));
    let silent = lab.silent.clone();
    let mut session = Session::new(Box::new(lab));
    let end = session.length();
    session.seek(end);
    silent.set(0);
    for back in 1..=40 {
        session.seek(end - back);
    }
    assert!(silent.get() <= 40 * 72, "{} steps replayed for 40 steps back", silent.get());
}

#[test]
fn a_run_taken_in_any_slices_comes_to_the_same() {
    for query in ["policies=lru&workload=uniform:50:30000", "policies=lru,fifo,2q&workload=uniform:50:30000"]
    {
        let scenario = read(query);
        let trace = trace(&scenario);
        let whole = finished(scenario.run(&trace));
        for slices in [&[1][..], &[0, 7, 5_000], &[4_096], &[u64::MAX], &[1, u64::MAX], &[u64::MAX - 1]] {
            let mut run = scenario.run(&trace);
            let mut done = 0;
            for work in slices.iter().cycle() {
                let (all, before) = run.progress();
                if before == all {
                    break;
                }
                run.advance(*work);
                let now = run.progress().1;
                assert!(now > before, "{work} units of work move nothing");
                let at_least_a_step = (*work).max(scenario.variants().len() as u64);
                assert!(now - before <= at_least_a_step, "{} units for {work}", now - before);
                done = now;
            }
            assert_eq!(done, 30_000 * scenario.variants().len() as u64);
            assert_eq!(run.finish(), whole, "{slices:?}");
        }
    }
}

#[test]
fn a_cancelled_run_reports_what_it_has_done() {
    let scenario = read("policies=lru,sieve&capacity=9&workload=zipf:0.8:60:20000&seed=3");
    let full = trace(&scenario);
    let mut run = scenario.run(&full);
    assert_eq!(run.finish().0.steps, 0);
    run.advance(10_000);
    let (done, marks) = run.finish();
    assert_eq!(done.steps, 5_000);
    let part = Trace { requests: full.requests[..5_000].into(), names: full.names.clone(), times: None };
    let (expected, expected_marks) = finished(scenario.run(&part));
    assert_eq!((done, marks), (expected, expected_marks));
}

#[test]
fn nothing_done_is_reported_as_nothing() {
    let scenario = read("policies=lru,opt");
    let (report, marks) = scenario.run(&trace(&scenario)).finish();
    assert!(marks.iter().all(Marks::is_empty));
    for variant in &report.variants {
        assert_eq!(variant.figure("hit_ratio"), Some(0.0));
        assert!(variant.series.iter().all(|series| series.points.is_empty()));
    }
}

/// A scenario in which time runs, and how many steps it has.
fn timed(query: &str) -> (Scenario, u64) {
    let (scenario, refusals) = Scenario::from_query("worker-pool", &sluice::lab::Query::parse(query));
    assert!(refusals.is_empty(), "{refusals:?}");
    let steps = finished(scenario.run(&Trace::empty())).0.steps;
    (scenario, steps)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// A place in model time is the last step at or before it, by whatever way one comes there.
    #[test]
    fn times_lead_to_their_steps(
        walk in prop::collection::vec((0.0..130.0_f64, any::<bool>(), 1..80_u64), 1..24),
        seed in any::<u64>(),
        heavy in any::<bool>(),
    ) {
        let query = format!("queues=plain:workers=2,sqs:workers=2&arrivals=poisson:1.5&service=exponential:1&messages=120&fail=0.1&seed={seed}");
        let (scenario, steps) = timed(&query);
        let truth = Truth::of(scenario.lab(&Trace::empty(), steps));
        let mut lab = scenario.lab(&Trace::empty(), steps);
        let mut times = Vec::new();
        while lab.step().is_some() {
            times.push(lab.clock().unwrap().now);
        }
        let lab = scenario.lab(&Trace::empty(), steps);
        let mut session = Session::new(if heavy { Box::new(Heavy::new(lab)) } else { lab });
        for (seconds, from_a_step, work) in walk {
            if from_a_step {
                session.seek(seconds as u64 * 3);
            }
            let mut pieces = 0;
            while !session.approach_time(seconds, work) {
                pieces += 1;
                prop_assert!(pieces < 10_000, "no progress");
            }
            let step = times.partition_point(|time| *time <= seconds) as u64;
            truth.check(&session, step);
        }
    }
}

#[test]
fn where_no_time_runs_a_time_leads_nowhere() {
    let scenario = read("policies=lru&capacity=3&workload=loop:4:40");
    let mut session = Session::new(scenario.lab(&trace(&scenario), 0));
    session.seek(7);
    session.seek_time(3.0);
    assert_eq!(session.position(), 7);
}
