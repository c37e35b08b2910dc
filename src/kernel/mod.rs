//! The ground floor: model time, events, chance and the statistics of what happened.
//!
//! Nothing here knows a cache, a queue or a page. Everything is a function of its inputs and a
//! seed: the transcendental functions are `libm`'s, because the platform's own differ in the last
//! digit between native code and WebAssembly.

mod arrivals;
mod distribution;
mod events;
mod random;
pub mod statistics;
mod time;

pub use arrivals::{Arrivals, Pattern};
pub use distribution::{Distribution, Shape};
pub use events::Events;
pub use random::Random;
pub use time::{Span, Time};
