//! Mean and variance of values as they come, one pass, without loss of digits.
//!
//! Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products",
//! Technometrics 4, 1962; Knuth, "The Art of Computer Programming" 2, section 4.2.2. The confidence
//! interval is that of independent values, such as the means of several runs; values of one run are
//! rarely so, and are the affair of [`BatchMeans`](super::BatchMeans).

use super::Interval;
use crate::theory::student_t;

/// Count, mean and variance of the values so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeanVariance {
    count: u64,
    mean: f64,
    /// The sum of the squared distances from the mean.
    squares: f64,
}

impl MeanVariance {
    /// No values yet.
    pub fn new() -> Self {
        MeanVariance::default()
    }

    /// Takes one more value.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean; `None` without a value.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The sample variance (divided by the count less one), in the unit of the values squared;
    /// `None` below two values.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// The confidence interval of the mean at `level`, between 0 and 1, if the values are independent:
    /// Student's t. `None` below two values or for another level.
    pub fn interval(&self, level: f64) -> Option<Interval> {
        let freedom = self.count.checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
        let t = student_t::quantile(f64::midpoint(1.0, level), freedom).filter(|_| level > 0.0)?;
        let half = t * (self.variance()? / self.count as f64).sqrt();
        let mean = self.mean()?;
        Some(Interval { low: mean - half, high: mean + half, level })
    }

    /// The square root of the variance, in the unit of the values.
    pub fn standard_deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }
}
