//! The ground floor: model time, events, chance and the statistics of what happened.
//!
//! Nothing here knows a cache, a queue or a page. Everything is a function of its inputs and a
//! seed: the transcendental functions are `libm`'s, because the platform's own differ in the last
//! digit between native code and WebAssembly.

mod random;

pub use random::Random;
