//! Decisions a second of every limiter, for `./dev bench`: one loop, built natively and for the
//! browser. What is timed is [`Limiter::admitted`](sluice::limit::Limiter::admitted) over requests that
//! lie in memory, by a limiter that has seen all of its keys before the clock started; the best run
//! counts.

mod requests;

use requests::{KEYS, REQUESTS, requests};
use serde::Serialize;
use sluice::catalogue::Parameters;
use sluice::kernel::Time;
use sluice::limit::{Entry, Key, LIMITERS};
use sluice::refusal::Refusal;
use std::hint::black_box;

/// Every measurement is the best of so many runs.
const RUNS: u32 = 5;

/// What one limiter came to.
#[derive(Serialize)]
struct Row {
    limiter: &'static str,
    keys: u32,
    admitted: u64,
    rate: f64,
}

/// Measures every limiter. `now` is a clock in milliseconds.
fn measure(now: impl Fn() -> f64) -> Result<Vec<Row>, Refusal> {
    let mut rows = Vec::new();
    for keys in KEYS {
        let requests = requests(keys);
        for entry in LIMITERS {
            rows.push(row(entry, keys, &requests, &now)?);
        }
    }
    Ok(rows)
}

fn row(entry: &Entry, keys: u32, requests: &[(Key, Time)], now: impl Fn() -> f64) -> Result<Row, Refusal> {
    let parameters = Parameters::new(entry.about, [])?;
    let (mut admitted, mut best) = (0, f64::INFINITY);
    for _ in 0..RUNS {
        let mut limiter = (entry.build)(&parameters);
        for key in 0..keys {
            limiter.decide(key, 1, Time::ZERO);
        }
        let start = now();
        admitted = limiter.admitted(black_box(requests));
        best = best.min(now() - start);
    }
    Ok(Row { limiter: entry.about.id, keys, admitted, rate: 1000.0 * f64::from(REQUESTS) / best })
}

/// Prints the rows as JSON.
#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = std::time::Instant::now();
    let rows = measure(|| 1000.0 * start.elapsed().as_secs_f64()).map_err(|refusal| refusal.to_string())?;
    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}

/// Leaves a function `decisions(now)` in the global scope, which returns the rows as JSON or throws.
#[cfg(target_arch = "wasm32")]
fn main() {
    use js_sys::{Function, Reflect};
    use wasm_bindgen::{JsError, JsValue, prelude::Closure};

    let decisions = Closure::<dyn Fn(Function) -> Result<String, JsError>>::new(|clock: Function| {
        let now = || clock.call0(&JsValue::NULL).ok().and_then(|now| now.as_f64()).unwrap_or(f64::NAN);
        Ok(serde_json::to_string(&measure(now)?)?)
    });
    let _ = Reflect::set(&js_sys::global(), &"decisions".into(), &decisions.into_js_value());
}
