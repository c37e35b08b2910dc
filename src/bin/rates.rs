//! Requests a second of every policy on a trace, for `./dev bench`: one loop, built natively and
//! for the browser. What is timed is [`Cache::misses`](sluice::cache::Cache::misses) over keys that
//! lie in memory, by a cache that was made before the clock started; the best run counts.

use serde::Serialize;
use sluice::cache::{Entry, POLICIES, Parameters, Setup};
use sluice::refusal::Refusal;
use sluice::trace::{Columns, Trace, TraceReader, read_all};
use std::hint::black_box;

/// Every measurement is the best of at least so many runs.
const FEWEST_RUNS: u32 = 3;
/// A measurement goes on until its runs have taken so many milliseconds together.
const ENOUGH: f64 = 150.0;

/// What one policy came to at one capacity.
#[derive(Serialize)]
struct Row {
    policy: String,
    capacity: u32,
    misses: u64,
    rate: f64,
}

/// The trace in the file that `bytes` are.
fn read(bytes: &[u8]) -> Result<Trace, Refusal> {
    Ok(read_all(bytes, TraceReader::new(Columns::default()))?.trace)
}

/// Measures every policy on `trace` at those of `capacities` that do not hold all of its objects.
/// `now` is a clock in milliseconds.
fn measure(trace: &Trace, capacities: &[u32], now: impl Fn() -> f64) -> Result<Vec<Row>, Refusal> {
    let mut rows = Vec::new();
    for capacity in capacities.iter().copied().filter(|capacity| (*capacity as usize) < trace.keys()) {
        for entry in POLICIES {
            rows.push(row(trace, capacity, entry, &[], &now)?);
            if entry.about.id == "s3-fifo" {
                rows.push(row(trace, capacity, entry, &[("threshold", "2")], &now)?);
            }
        }
    }
    Ok(rows)
}

fn row(
    trace: &Trace,
    capacity: u32,
    entry: &Entry,
    given: &[(&str, &str)],
    now: impl Fn() -> f64,
) -> Result<Row, Refusal> {
    let parameters = Parameters::new(entry.about, given.iter().copied())?;
    let (keys, future) = (trace.keys(), trace.requests.clone());
    let setup = Setup { capacity: capacity as usize, keys, seed: 1, parameters, future };
    let (mut misses, mut best, mut spent, mut runs) = (0, f64::INFINITY, 0.0, 0);
    while runs < FEWEST_RUNS || spent < ENOUGH {
        let mut cache = (entry.build)(&setup);
        let start = now();
        misses = cache.misses(black_box(&trace.requests));
        let taken = now() - start;
        best = best.min(taken);
        spent += taken;
        runs += 1;
    }
    let settings = given.iter().map(|(name, value)| format!(":{name}={value}")).collect::<String>();
    let policy = format!("{}{settings}", entry.about.id);
    Ok(Row { policy, capacity, misses, rate: 1000.0 * trace.requests.len() as f64 / best })
}

/// `rates FILE CAPACITY,... KEYS` prints the rows as JSON, and writes the keys into the file KEYS,
/// numbered in the order of their first use and one a line, for other simulators.
#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, capacities, keys] = &arguments[..] else {
        return Err("usage: rates FILE CAPACITY,... KEYS".into());
    };
    let trace = read(&std::fs::read(file)?).map_err(|refusal| refusal.to_string())?;
    let capacities = capacities.split(',').map(str::parse).collect::<Result<Vec<u32>, _>>()?;
    let lines: String = trace.requests.iter().map(|key| format!("{}\n", key.0)).collect();
    std::fs::write(keys, lines)?;
    let start = std::time::Instant::now();
    let now = || 1000.0 * start.elapsed().as_secs_f64();
    let rows = measure(&trace, &capacities, now).map_err(|refusal| refusal.to_string())?;
    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}

/// Leaves a function `rates(bytes, capacities, now)` in the global scope, which returns the rows as
/// JSON or throws.
#[cfg(target_arch = "wasm32")]
fn main() {
    use js_sys::{Function, Reflect};
    use wasm_bindgen::{JsError, JsValue, prelude::Closure};

    type Rates = dyn Fn(Vec<u8>, Vec<u32>, Function) -> Result<String, JsError>;
    let rates = Closure::<Rates>::new(|bytes: Vec<u8>, capacities: Vec<u32>, clock: Function| {
        let now = || clock.call0(&JsValue::NULL).ok().and_then(|now| now.as_f64()).unwrap_or(f64::NAN);
        let trace = read(&bytes)?;
        Ok(serde_json::to_string(&measure(&trace, &capacities, now)?)?)
    });
    let _ = Reflect::set(&js_sys::global(), &"rates".into(), &rates.into_js_value());
}
