//! Rate limiters: who may pass, who has to wait, who is sent away, and when to come back.
//!
//! Each algorithm is one file, and [`LIMITERS`] lists them. A limiter is asked at a time that it is
//! told, about a key that is a dense number, and answers with a [`Decision`] that carries its
//! reason. Who asks, and what becomes of those who pass, is not known here.

mod anatomy;
mod decision;
pub mod door;
pub mod footprint;
mod in_flight;
mod keyed;
mod limiter;
mod pace;
mod registry;
pub mod response;
pub mod shared;
pub mod vectors;
pub mod worst_case;

mod aimd;
mod concurrency;
mod fixed_window;
mod gcra;
mod gradient2;
mod guava;
mod guava_warm_up;
mod leaky_bucket;
mod leaky_meter;
mod nginx;
mod sliding_counter;
mod sliding_log;
mod token_bucket;
mod vegas;

pub use crate::catalogue::Figure;
pub use anatomy::{Anatomy, Mark, Part, Stretch};
pub use decision::{Decision, Verdict};
pub use fixed_window::{FixedWindow, Start};
pub use gcra::Gcra;
pub use leaky_bucket::LeakyBucket;
pub use leaky_meter::LeakyMeter;
pub use limiter::{Adjustment, Cost, Finish, Key, Limiter};
pub use nginx::Nginx;
pub use pace::{Pace, Ticks};
pub use registry::{Entry, LIMITERS, find};
pub use sliding_counter::SlidingCounter;
pub use sliding_log::SlidingLog;
pub use token_bucket::{Empty, Refill, TokenBucket};
