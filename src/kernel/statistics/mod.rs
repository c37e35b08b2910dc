//! What can be said about a run: means, spreads, percentiles, and how sure they are.
//!
//! Every one takes values as they come and keeps a bounded amount of memory.

mod batch_means;
mod interval;
mod mean_variance;
mod over_time;
mod percentiles;
mod time_weighted;

pub use batch_means::BatchMeans;
pub use interval::Interval;
pub use mean_variance::MeanVariance;
pub use over_time::{OverTime, Window};
pub use percentiles::Percentiles;
pub use time_weighted::TimeWeighted;
