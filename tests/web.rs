//! Tests that run in a browser: `./dev test wasm`. What a browser shows beyond this is tested on the
//! release site, in `tests/e2e`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

use sluice::chart::{Axis, Drawing, Line, LineChart, Palette};
use sluice::lab::{Query, Scenario, Session, Workload};
use sluice::trace::Trace;
use sluice::work::load::load;
use sluice::work::run::run;
use sluice::work::{Stop, Watch};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Blob;

wasm_bindgen_test_configure!(run_in_browser);

fn scenario(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query("eviction", &Query::parse(query));
    assert_eq!(refusals, []);
    scenario
}

fn generated(scenario: &Scenario) -> Trace {
    let Some(Workload::Stream(stream)) = scenario.workload() else { unreachable!("the test names a stream") };
    stream.generate(scenario.seed())
}

/// The digests are those of the native test `runs_are_the_same_as_ever`: the same scenario gives the
/// same run here and there.
#[wasm_bindgen_test]
fn runs_are_the_same_as_native() {
    for (query, digest) in [
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
    ] {
        let scenario = scenario(query);
        let mut run = scenario.run(&generated(&scenario));
        run.advance(u64::MAX);
        assert_eq!(run.finish().0.digest, digest, "{query}");
    }
}

#[wasm_bindgen_test]
fn going_back_is_exact_here_too() {
    let scenario = scenario("policies=arc,s3-fifo&capacity=6&workload=zipf:0.9:30:400&seed=5");
    let mut session = Session::new(scenario.lab(&generated(&scenario), 0));
    session.seek(150);
    let (scene, moment) = (session.scene(), session.moment().cloned());
    session.seek(390);
    session.seek(150);
    assert_eq!((session.scene(), session.moment().cloned()), (scene, moment));
}

#[wasm_bindgen_test]
fn charts_are_drawn() {
    let line = Line { label: "LRU 50.0 %".to_owned(), points: vec![(1.0, 0.0), (10.0, 0.5)] };
    let (x, y) = (Axis::steps(10, "requests"), Axis::whole_share());
    let chart = LineChart { lines: vec![line], points: Vec::new(), x, y, palette: Palette::DARK };
    let svg = chart.svg(400, 200);
    assert!(svg.contains("LRU 50.0 %") && svg.trim_end().ends_with("</svg>"));
}

/// A file of so many bytes.
fn file(text: &str) -> Blob {
    Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into())).unwrap()
}

#[wasm_bindgen_test]
async fn a_file_is_read_in_pieces_with_progress() {
    let text: String = (0..400_000).map(|at| format!("key {}\n", at % 1_000)).collect();
    let told = Rc::new(Cell::new(0));
    let heard = told.clone();
    let watch = Watch::new(Watch::PAGE_SLICE, move |_, _| heard.set(heard.get() + 1));
    let scenario = scenario("workload=file:keys.txt");
    let loaded = load(&scenario, Some(file(&text)), &watch).await.unwrap();
    assert_eq!((loaded.trace.requests.len(), loaded.trace.keys()), (400_000, 1_000));
    assert!(told.get() >= 3, "progress was told {} times", told.get());
}

#[wasm_bindgen_test]
async fn reading_and_running_can_be_cancelled() {
    let watch = Watch::new(Watch::PAGE_SLICE, |_, _| {});
    watch.cancel();
    let scenario = scenario("policies=lru&capacity=5&workload=zipf:0.9:50:600000");
    assert_eq!(load(&scenario, None, &watch).await, Err(Stop::Cancelled));
    let ran = run(&scenario, &generated(&scenario), &watch).await;
    assert!(ran.report.steps < 600_000);
}

#[wasm_bindgen_test]
async fn a_file_that_is_no_trace_is_refused() {
    let watch = Watch::new(Watch::PAGE_SLICE, |_, _| {});
    let scenario = scenario("workload=file:empty.txt");
    let refused = load(&scenario, Some(file("")), &watch).await;
    assert!(matches!(refused, Err(Stop::Refused(_))), "{refused:?}");
    let missing = load(&scenario, None, &watch).await;
    assert!(matches!(missing, Err(Stop::Refused(_))), "{missing:?}");
}
