//! Arrival processes as they are written down, and what is allowed in them.

use crate::kernel::Shape;
use crate::kernel::distribution::within;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

const RATES: RangeInclusive<f64> = 1e-9..=1e9;
const SECONDS: RangeInclusive<f64> = 0.0..=1e9;
/// The fewest requests in a mean on period: below, a run would be spent on empty bursts.
const LEAST_BURST: f64 = 0.001;

/// An arrival process; times in seconds, rates in requests a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Pattern {
    /// Requests that know nothing of each other: exponential gaps.
    Poisson {
        /// The mean rate, from 10⁻⁹ to 10⁹ a second.
        rate: f64,
    },
    /// Requests at equal distances, the first after one distance.
    Constant {
        /// The rate, from 10⁻⁹ to 10⁹ a second.
        rate: f64,
    },
    /// Gaps of any distribution; its mean is above 0.
    Renewal(Shape),
    /// Bursts: Poisson while on, silent while off.
    OnOff {
        /// The rate while on, from 10⁻⁹ to 10⁹ a second.
        rate: f64,
        /// The mean length of an on period: long enough for 0.001 requests, at most 10⁹ s.
        on: f64,
        /// The mean length of an off period, from 0 to 10⁹ s.
        off: f64,
    },
    /// Poisson at a rate that follows straight lines between points.
    Curve {
        /// From 1 to [`Pattern::MOST_POINTS`] points (time, rate): times from 0 to 10⁹ s, each
        /// above the one before, rates from 0 to 10⁹.
        points: Vec<(f64, f64)>,
    },
    /// Requests at these times, from 0 to 10⁹ s, none before the one before it; at most
    /// [`Pattern::MOST_TIMES`]. Also written `at`.
    #[serde(alias = "at")]
    Times(Vec<f64>),
}

impl Pattern {
    /// The most points a rate curve may have.
    pub const MOST_POINTS: usize = 1_000;
    /// The most times a list may have.
    pub const MOST_TIMES: usize = 1_000_000;

    /// Refuses the first number that cannot be taken.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        match self {
            Pattern::Poisson { rate } => check_rate("poisson.rate", *rate),
            Pattern::Constant { rate } => check_rate("constant.rate", *rate),
            Pattern::Renewal(gap) => check_gap(*gap),
            Pattern::OnOff { rate, on, off } => check_on_off(*rate, *on, *off),
            Pattern::Curve { points } => check_points(points),
            Pattern::Times(times) => check_times(times),
        }
    }
}

fn check_rate(field: &str, rate: f64) -> Result<(), Refusal> {
    within(field, rate, RATES, "requests a second from 0.000000001 to 1,000,000,000")
}

fn check_seconds(field: &str, seconds: f64) -> Result<(), Refusal> {
    within(field, seconds, SECONDS, "seconds from 0 to 1,000,000,000")
}

/// Two shapes may be zero for ever, which as a gap would let no time pass.
fn check_gap(gap: Shape) -> Result<(), Refusal> {
    match gap {
        Shape::Constant { value: 0.0 } => Err(Refusal::new("renewal.constant.value", 0, "a gap above 0")),
        Shape::Uniform { high: 0.0, .. } => Err(Refusal::new("renewal.uniform.high", 0, "a gap above 0")),
        _ => Ok(()),
    }
}

fn check_on_off(rate: f64, on: f64, off: f64) -> Result<(), Refusal> {
    check_rate("on-off.rate", rate)?;
    let allowed = "seconds enough for 0.001 requests, at most 1,000,000,000";
    within("on-off.on", on, LEAST_BURST / rate..=*SECONDS.end(), allowed)?;
    check_seconds("on-off.off", off)
}

fn check_points(points: &[(f64, f64)]) -> Result<(), Refusal> {
    if points.is_empty() || points.len() > Pattern::MOST_POINTS {
        return Err(Refusal::new("curve.points", points.len(), "from 1 to 1,000 points"));
    }
    for (n, (seconds, rate)) in points.iter().enumerate() {
        check_seconds(&format!("curve.points[{n}].time"), *seconds)?;
        let allowed = "requests a second from 0 to 1,000,000,000";
        within(&format!("curve.points[{n}].rate"), *rate, 0.0..=*RATES.end(), allowed)?;
        if n > 0 && *seconds <= points[n - 1].0 {
            let allowed = "a time above that of the point before";
            return Err(Refusal::new(format!("curve.points[{n}].time"), seconds, allowed));
        }
    }
    Ok(())
}

fn check_times(times: &[f64]) -> Result<(), Refusal> {
    if times.len() > Pattern::MOST_TIMES {
        return Err(Refusal::new("times", times.len(), "at most 1,000,000 times"));
    }
    for (n, seconds) in times.iter().enumerate() {
        check_seconds(&format!("times[{n}]"), *seconds)?;
        if n > 0 && *seconds < times[n - 1] {
            let allowed = "a time not below the one before";
            return Err(Refusal::new(format!("times[{n}]"), seconds, allowed));
        }
    }
    Ok(())
}
