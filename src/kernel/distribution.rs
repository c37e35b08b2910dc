//! How long things take: distributions of service times and of gaps between arrivals.
//!
//! All but the constant and the uniform are given by their mean and one number for their shape, so
//! that variability can be changed at the same load. Sampling is by inversion, as in Law,
//! "Simulation Modeling and Analysis", chapter 8, so that one seed gives comparable runs.
//!
//! Empirical distributions are left out.

use super::{Random, Span};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The times that are taken, in seconds: from a nanosecond to 31 years.
const SECONDS: RangeInclusive<f64> = 1e-9..=1e9;
const STAGES: RangeInclusive<u32> = 1..=100;
const SCV: RangeInclusive<f64> = 1.0..=10_000.0;
const PARETO_SHAPES: RangeInclusive<f64> = 1.01..=100.0;

/// A distribution's name and numbers as they are written down; all times in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Shape {
    /// Always the same.
    Constant {
        /// The time it takes, from 0 to 10⁹ s.
        value: f64,
    },
    /// Without memory: what is left to do does not depend on what was done.
    Exponential {
        /// The mean, from 1 ns to 10⁹ s.
        mean: f64,
    },
    /// Anywhere between two times, each as likely.
    Uniform {
        /// The shortest time, from 0.
        low: f64,
        /// The longest time: not below `low`, at most 10⁹ s.
        high: f64,
    },
    /// The sum of equal exponential stages: steadier than the exponential.
    Erlang {
        /// The mean of the sum, from 1 ns to 10⁹ s.
        mean: f64,
        /// How many stages, from 1 to 100. The squared coefficient of variation is 1 / `stages`.
        stages: u32,
    },
    /// One of two exponentials, mostly the shorter: more variable than the exponential. Both
    /// contribute half of the mean ("balanced means"; Whitt, "Approximating a Point Process by a
    /// Renewal Process, I", Operations Research 30, 1982).
    Hyperexponential {
        /// The mean, from 1 ns to 10⁹ s.
        mean: f64,
        /// The squared coefficient of variation, variance / mean², from 1 to 10,000.
        scv: f64,
    },
    /// A power-law tail: most are short, a few are very long (Pareto, type I).
    Pareto {
        /// The mean, from 1 ns to 10⁹ s.
        mean: f64,
        /// The exponent of the tail, from 1.01 to 100. At 2 and below the variance is infinite.
        shape: f64,
    },
}

/// A distribution of times whose numbers were checked.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Shape", into = "Shape")]
pub struct Distribution(Shape);

impl Distribution {
    /// The distribution of this shape, unless one of its numbers cannot be taken.
    pub fn new(shape: Shape) -> Result<Self, Refusal> {
        match shape {
            Shape::Constant { value } => zero_or_seconds("constant.value", value)?,
            Shape::Exponential { mean } => seconds("exponential.mean", mean)?,
            Shape::Uniform { low, high } => {
                zero_or_seconds("uniform.low", low)?;
                zero_or_seconds("uniform.high", high)?;
                if high < low {
                    return Err(Refusal::new("uniform.high", high, "a time not below uniform.low"));
                }
            }
            Shape::Erlang { mean, stages } => {
                seconds("erlang.mean", mean)?;
                if !STAGES.contains(&stages) {
                    let allowed = "a whole number of stages from 1 to 100";
                    return Err(Refusal::new("erlang.stages", stages, allowed));
                }
            }
            Shape::Hyperexponential { mean, scv } => {
                seconds("hyperexponential.mean", mean)?;
                within("hyperexponential.scv", scv, SCV, "a number from 1 to 10,000")?;
            }
            Shape::Pareto { mean, shape } => {
                seconds("pareto.mean", mean)?;
                within("pareto.shape", shape, PARETO_SHAPES, "a number from 1.01 to 100")?;
            }
        }
        Ok(Distribution(shape))
    }

    /// What it was made from.
    pub fn shape(self) -> Shape {
        self.0
    }

    /// Draws a time, rounded to the nearest nanosecond.
    pub fn sample(self, random: &mut Random) -> Span {
        Span::from_seconds(self.sample_seconds(random))
    }

    /// Draws a time in seconds, not rounded.
    pub fn sample_seconds(self, random: &mut Random) -> f64 {
        match self.0 {
            Shape::Constant { value } => value,
            Shape::Exponential { mean } => exponential(mean, random),
            Shape::Uniform { low, high } => low + (high - low) * random.unit(),
            Shape::Erlang { mean, stages } => {
                (0..stages).map(|_| exponential(mean / f64::from(stages), random)).sum()
            }
            Shape::Hyperexponential { mean, scv } => {
                let short = share_of_short(scv);
                let share = if random.unit() < short { short } else { 1.0 - short };
                exponential(mean / (2.0 * share), random)
            }
            Shape::Pareto { mean, shape } => least(mean, shape) * libm::pow(random.unit_open(), -1.0 / shape),
        }
    }

    /// The mean in seconds.
    pub fn mean(self) -> f64 {
        match self.0 {
            Shape::Constant { value } => value,
            Shape::Uniform { low, high } => f64::midpoint(low, high),
            Shape::Exponential { mean }
            | Shape::Erlang { mean, .. }
            | Shape::Hyperexponential { mean, .. }
            | Shape::Pareto { mean, .. } => mean,
        }
    }

    /// The variance in seconds squared; `None` when it is infinite.
    pub fn variance(self) -> Option<f64> {
        match self.0 {
            Shape::Constant { .. } => Some(0.0),
            Shape::Exponential { mean } => Some(mean * mean),
            Shape::Uniform { low, high } => Some((high - low) * (high - low) / 12.0),
            Shape::Erlang { mean, stages } => Some(mean * mean / f64::from(stages)),
            Shape::Hyperexponential { mean, scv } => Some(scv * mean * mean),
            Shape::Pareto { shape, .. } if shape <= 2.0 => None,
            Shape::Pareto { mean, shape } => Some(mean * mean / (shape * (shape - 2.0))),
        }
    }
}

impl TryFrom<Shape> for Distribution {
    type Error = Refusal;
    fn try_from(shape: Shape) -> Result<Self, Refusal> {
        Distribution::new(shape)
    }
}

impl From<Distribution> for Shape {
    fn from(distribution: Distribution) -> Shape {
        distribution.0
    }
}

/// Draws from the exponential distribution with this mean.
pub(super) fn exponential(mean: f64, random: &mut Random) -> f64 {
    -mean * libm::log(random.unit_open())
}

/// How many of the draws from a hyperexponential with balanced means come from the shorter branch.
fn share_of_short(scv: f64) -> f64 {
    (1.0 + ((scv - 1.0) / (scv + 1.0)).sqrt()) / 2.0
}

/// The least value of a Pareto distribution.
fn least(mean: f64, shape: f64) -> f64 {
    mean * (shape - 1.0) / shape
}

fn seconds(field: &str, value: f64) -> Result<(), Refusal> {
    within(field, value, SECONDS, "seconds from 0.000000001 to 1,000,000,000")
}

fn zero_or_seconds(field: &str, value: f64) -> Result<(), Refusal> {
    within(field, value, 0.0..=*SECONDS.end(), "seconds from 0 to 1,000,000,000")
}

/// Refuses what is out of range, and what is no number with it.
pub(super) fn within(
    field: &str,
    value: f64,
    range: RangeInclusive<f64>,
    allowed: &str,
) -> Result<(), Refusal> {
    if range.contains(&value) { Ok(()) } else { Err(Refusal::new(field, value, allowed)) }
}
