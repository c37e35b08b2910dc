//! Operations a second of every strategy of invalidation, with statistics on, and how long it takes to explore
//! every schedule of three clients, for `./dev bench`: one loop, built natively and for the browser. What is
//! timed is [`System::run`](sluice::invalidation::System::run) of a system that was made before the clock
//! started, and all that the explorer does.

use serde::Serialize;
use sluice::catalogue::Parameters;
use sluice::invalidation::explore::{Explorer, Harm, Plan, Program};
use sluice::invalidation::{INVALIDATION, Layout, Listed, Plant, RACES, Setup, Statistics, System, Traffic};
use sluice::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use sluice::refusal::Refusal;

/// The world that the peer runs, too: a thousand keys by Zipf’s law, a tenth of the operations writes.
const RATE: f64 = 1_000.0;
const WRITES: f64 = 0.1;
const KEYS: u32 = 1_000;
const SKEW: f64 = 0.9;
/// One way to the cache, one way to the database, and its mean work on a read and on a write, in seconds.
const NEAR: f64 = 0.0005;
const FAR: f64 = 0.001;
const READ: f64 = 0.01;
const WRITE: f64 = 0.015;
/// After how many seconds a server waits no longer; nothing here takes so long.
const TIMEOUT: f64 = 1.0;
/// How many operations a run has.
const OPERATIONS: u32 = 1_000_000;
/// What each of three clients does, where schedules are explored.
const CLIENTS: [&str; 3] = ["rwrw", "wrwr", "rrww"];

/// What one strategy came to.
#[derive(Serialize)]
struct Row {
    strategy: &'static str,
    operations: u32,
    hit_ratio: f64,
    stale_ratio: f64,
    rate: f64,
}

/// What one exploration came to.
#[derive(Serialize)]
struct Explored {
    strategy: &'static str,
    states: u64,
    seconds: f64,
}

/// Everything that is measured.
#[derive(Serialize)]
struct Measured {
    rows: Vec<Row>,
    explored: Vec<Explored>,
}

/// Measures everything. `now` is a clock in milliseconds. The first row is made once before it counts: a browser
/// translates code well only when it has run for a while.
fn measure(now: impl Fn() -> f64) -> Result<Measured, Refusal> {
    row(&INVALIDATION[0], &now)?;
    let rows: Result<_, Refusal> = INVALIDATION.iter().map(|listed| row(listed, &now)).collect();
    let explored: Result<_, Refusal> = RACES.iter().map(|listed| explore(listed, &now)).collect();
    Ok(Measured { rows: rows?, explored: explored? })
}

fn row(listed: &Listed, now: impl Fn() -> f64) -> Result<Row, Refusal> {
    let constant = |value| Distribution::new(Shape::Constant { value });
    let exponential = |mean| Distribution::new(Shape::Exponential { mean });
    let traffic = Traffic {
        arrivals: Arrivals::new(&Pattern::Poisson { rate: RATE })?,
        operations: OPERATIONS,
        writes: WRITES,
        keys: KEYS,
        skew: SKEW,
        volatile: 1.0,
        absent: 0.0,
        missing: 1,
        created: 0.0,
        servers: 3,
        script: Vec::new(),
        seed: 1,
    };
    let plant = Plant {
        capacity: KEYS as usize,
        nodes: 1,
        work: Span::ZERO,
        near: constant(NEAR)?,
        far: Span::from_seconds(FAR),
        read: exponential(READ)?,
        write: exponential(WRITE)?,
        check: 0.1,
        connections: None,
        timeout: Span::from_seconds(TIMEOUT),
        clocks: 0.0,
        lost: 0.0,
    };
    let setup = Setup {
        keys: KEYS,
        asked_for: KEYS + 1,
        servers: 3,
        rollout: (Time::MAX, Time::MAX),
        seed: 1,
        parameters: Parameters::new(listed.about, [])?,
    };
    let mut system = System::new((listed.build)(&setup), Layout { traffic, plant, troubles: Vec::new() });
    let mut statistics = Statistics::new(true);
    let start = now();
    system.run(u64::MAX, Time::MAX, &mut statistics);
    let seconds = (now() - start) / 1e3;
    let counts = statistics.counts;
    let share = |part: u64| part as f64 / counts.reads as f64;
    Ok(Row {
        strategy: listed.about.id,
        operations: OPERATIONS,
        hit_ratio: share(counts.hits),
        stale_ratio: share(counts.stale),
        rate: f64::from(OPERATIONS) / seconds,
    })
}

fn explore(listed: &'static Listed, now: impl Fn() -> f64) -> Result<Explored, Refusal> {
    const SLICE: u64 = 10_000;
    let clients = CLIENTS.iter().filter_map(|text| Program::parse(text)).collect();
    let parameters = Parameters::new(listed.about, [])?;
    let start = now();
    let mut explorer = Explorer::new(&Plan { listed, parameters, clients, evictions: 0 }, Harm::Left);
    while !explorer.is_over() {
        explorer.advance(SLICE);
    }
    let states = explorer.found().states;
    Ok(Explored { strategy: listed.about.id, states, seconds: (now() - start) / 1e3 })
}

/// Prints what was measured as JSON.
#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = std::time::Instant::now();
    let measured =
        measure(|| 1000.0 * start.elapsed().as_secs_f64()).map_err(|refusal| refusal.to_string())?;
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}

/// Leaves a function `operations(now)` in the global scope, which returns what was measured as JSON or throws.
#[cfg(target_arch = "wasm32")]
fn main() {
    use js_sys::{Function, Reflect};
    use wasm_bindgen::{JsError, JsValue, prelude::Closure};

    let operations = Closure::<dyn Fn(Function) -> Result<String, JsError>>::new(|clock: Function| {
        let now = || clock.call0(&JsValue::NULL).ok().and_then(|now| now.as_f64()).unwrap_or(f64::NAN);
        Ok(serde_json::to_string(&measure(now)?)?)
    });
    let _ = Reflect::set(&js_sys::global(), &"operations".into(), &operations.into_js_value());
}
