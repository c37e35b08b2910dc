//! From when until when more comes than can be served, as far as it can be told from the settings: the
//! rate of arrivals against the capacity of the slowest stage.

use super::Backpressure;
use crate::kernel::{Distribution, Pattern};

/// The first and the last second of overload; `None` where there is none, or there was nothing before it
/// to come back to, or it never ends.
pub(super) fn of(scenario: &Backpressure) -> Option<(f64, f64)> {
    let mean = Distribution::new(scenario.service).ok()?.mean();
    let rates = rates(&scenario.arrivals)?;
    let mut edges: Vec<f64> = vec![0.0];
    edges.extend(rates.iter().map(|(at, _)| *at));
    edges.extend(scenario.slow.iter().flat_map(|slow| [slow.from, slow.until]));
    edges.extend(scenario.down.iter().flat_map(|(_, from, until)| [*from, *until]));
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    let last = *edges.last()?;
    edges.push(last + 1.0);
    let over = edges.windows(2).filter_map(|pair| {
        let (from, until) = (pair[0], pair[1]);
        let capacity = capacity(scenario, mean, f64::midpoint(from, until));
        above(capacity, (from, rate(&rates, from)), (until, rate(&rates, until)))
    });
    let whole = over.reduce(|all, next| (all.0, next.1))?;
    (whole.0 > 0.0 && whole.1 <= last).then_some(whole)
}

/// The rate of arrivals as points; between them it follows straight lines.
fn rates(arrivals: &Pattern) -> Option<Vec<(f64, f64)>> {
    match arrivals {
        Pattern::Curve { points } => Some(points.clone()),
        Pattern::Poisson { rate } | Pattern::Constant { rate } => Some(vec![(0.0, *rate)]),
        Pattern::OnOff { rate, on, off } => Some(vec![(0.0, rate * on / (on + off))]),
        Pattern::Renewal(gap) => Some(vec![(0.0, 1.0 / Distribution::new(*gap).ok()?.mean())]),
        Pattern::Times(_) => None,
    }
}

fn rate(points: &[(f64, f64)], at: f64) -> f64 {
    let after = points.partition_point(|(time, _)| *time <= at);
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        (Some((from, low)), Some((until, high))) => low + (high - low) * (at - from) / (until - from),
        (Some((_, rate)), None) | (None, Some((_, rate))) => *rate,
        (None, None) => 0.0,
    }
}

/// How many requests a second the slowest stage can serve at `at`.
fn capacity(scenario: &Backpressure, mean: f64, at: f64) -> f64 {
    let of = |(stage, workers): (usize, &u32)| {
        let number = stage as u32 + 1;
        let is_down =
            |(known, from, until): &(u32, f64, f64)| *known == number && (*from..*until).contains(&at);
        if scenario.down.iter().any(is_down) {
            return 0.0;
        }
        let slow = scenario.slow.iter().find(|s| s.stage == number && (s.from..s.until).contains(&at));
        f64::from(*workers) / (mean * scenario.pace(stage) * slow.map_or(1.0, |slow| slow.times))
    };
    scenario.workers.iter().enumerate().map(of).fold(f64::INFINITY, f64::min)
}

/// The part of a straight line that lies above `level`.
fn above(level: f64, from: (f64, f64), until: (f64, f64)) -> Option<(f64, f64)> {
    let crossing = || from.0 + (until.0 - from.0) * (level - from.1) / (until.1 - from.1);
    match (from.1 > level, until.1 > level) {
        (true, true) => Some((from.0, until.0)),
        (true, false) => Some((from.0, crossing())),
        (false, true) => Some((crossing(), until.0)),
        (false, false) => None,
    }
}
