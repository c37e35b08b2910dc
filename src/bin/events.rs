//! Events a second of every queueing system with its statistics on, for `./dev bench`: one loop, built
//! natively and for the browser. What is timed is [`System::run`](sluice::queue::System::run) of a
//! system that was made before the clock started; the best run counts. An event is an arrival or a
//! completion, two a message, as the peer counts them.

use serde::Serialize;
use sluice::catalogue::Parameters;
use sluice::kernel::{Arrivals, Distribution, Pattern, Shape, Time};
use sluice::queue::{BROKERS, Entry, Hazards, Order, Statistics, Traffic};
use sluice::refusal::Refusal;

/// The queue that the peer runs: three workers at two thirds of their capacity.
const RATE: f64 = 2.0;
const MEAN_SERVICE: f64 = 1.0;
const WORKERS: &str = "3";
/// How many messages a run has.
const MESSAGES: u32 = 300_000;
/// Every measurement is the best of so many runs.
const RUNS: u32 = 3;

/// What one system came to.
#[derive(Serialize)]
struct Row {
    queue: &'static str,
    messages: u32,
    mean_wait: f64,
    rate: f64,
}

/// Measures every system. `now` is a clock in milliseconds.
fn measure(now: impl Fn() -> f64) -> Result<Vec<Row>, Refusal> {
    BROKERS.iter().map(|entry| row(entry, &now)).collect()
}

fn row(entry: &Entry, now: impl Fn() -> f64) -> Result<Row, Refusal> {
    let order = Order {
        traffic: Traffic {
            arrivals: Arrivals::new(&Pattern::Poisson { rate: RATE })?,
            work: Distribution::new(Shape::Exponential { mean: MEAN_SERVICE })?,
            messages: MESSAGES,
            groups: 1,
            urgent: 0.0,
            patience: None,
            seed: 1,
        },
        hazards: Hazards::default(),
        redrive: None,
        parameters: Parameters::new(entry.about, [("workers", WORKERS)])?,
    };
    let (mut best, mut mean_wait) = (f64::INFINITY, 0.0);
    for _ in 0..RUNS {
        let (mut system, mut statistics) = ((entry.build)(&order), Statistics::new(MESSAGES, 0, true));
        let start = now();
        system.run(u64::MAX, Time::MAX, &mut statistics);
        best = best.min(now() - start);
        mean_wait = statistics.sums.0 / statistics.counts.done as f64;
    }
    let rate = 1000.0 * 2.0 * f64::from(MESSAGES) / best;
    Ok(Row { queue: entry.about.id, messages: MESSAGES, mean_wait, rate })
}

/// Prints the rows as JSON.
#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = std::time::Instant::now();
    let rows = measure(|| 1000.0 * start.elapsed().as_secs_f64()).map_err(|refusal| refusal.to_string())?;
    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}

/// Leaves a function `events(now)` in the global scope, which returns the rows as JSON or throws.
#[cfg(target_arch = "wasm32")]
fn main() {
    use js_sys::{Function, Reflect};
    use wasm_bindgen::{JsError, JsValue, prelude::Closure};

    let events = Closure::<dyn Fn(Function) -> Result<String, JsError>>::new(|clock: Function| {
        let now = || clock.call0(&JsValue::NULL).ok().and_then(|now| now.as_f64()).unwrap_or(f64::NAN);
        Ok(serde_json::to_string(&measure(now)?)?)
    });
    let _ = Reflect::set(&js_sys::global(), &"events".into(), &events.into_js_value());
}
