//! How sure a mean over one run is, although its values depend on each other.
//!
//! Neighbouring waits are alike, so an interval from single values would be far too narrow. The
//! method of batch means cuts the run into long batches, whose means hardly depend on each other,
//! and takes Student's t over those (Law, "Simulation Modeling and Analysis", section 9.5.3). As
//! the run's length is not known beforehand, batches are joined in pairs whenever there are 40, so
//! that there are 20 to 39: more gain little (Schmeiser, "Batch Size Effects in the Analysis of
//! Simulation Output", Operations Research 30, 1982).
//!
//! Leaving out the start of a run, where it is not yet steady, is the caller's decision.

use super::{Interval, MeanVariance};

/// The fewest batches that give an interval.
const LEAST: usize = 10;
/// So many batches are joined in pairs.
const MOST: usize = 40;

/// The values of one run in batches of equal size.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchMeans {
    size: u64,
    means: Vec<f64>,
    open: MeanVariance,
}

impl BatchMeans {
    /// No values yet; the first batches hold `size` values each, at least one.
    pub fn new(size: u64) -> Self {
        BatchMeans { size: size.max(1), means: Vec::with_capacity(MOST), open: MeanVariance::new() }
    }

    /// Takes one more value.
    pub fn push(&mut self, value: f64) {
        self.open.push(value);
        if self.open.count() < self.size {
            return;
        }
        self.means.extend(self.open.mean());
        self.open = MeanVariance::new();
        if self.means.len() == MOST {
            self.join();
        }
    }

    /// How many values each full batch holds.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The mean of each full batch, in the order of the run.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// The mean over the full batches; `None` before the first is full.
    pub fn mean(&self) -> Option<f64> {
        self.over_batches().mean()
    }

    /// The confidence interval of the mean at `level`, between 0 and 1; `None` below ten full
    /// batches or for another level. Values of the batch not yet full are not in it.
    pub fn interval(&self, level: f64) -> Option<Interval> {
        if self.means.len() < LEAST {
            return None;
        }
        self.over_batches().interval(level)
    }

    fn over_batches(&self) -> MeanVariance {
        let mut over = MeanVariance::new();
        self.means.iter().for_each(|mean| over.push(*mean));
        over
    }

    fn join(&mut self) {
        self.means = self.means.chunks_exact(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect();
        self.size *= 2;
    }
}
