//! Sluice: step through the caches, queues, streams and rate limiters that large systems stand on.
//!
//! The floors, from the ground: [`kernel`] and [`theory`]; [`trace`]; the algorithms ([`cache`],
//! [`queue`]); [`lab`]; [`chart`]; and, for the browser alone, `work` and `app`. An arrow points down only.
//! Below `work` and `app` nothing names a browser, a wall clock, a thread or a global random source.

#[cfg(target_arch = "wasm32")]
pub mod app;
pub mod cache;
pub mod catalogue;
pub mod chart;
pub mod compression;
pub mod invalidation;
pub mod kernel;
pub mod lab;
pub mod limit;
pub mod pressure;
pub mod queue;
pub mod refusal;
pub mod theory;
pub mod trace;
#[cfg(target_arch = "wasm32")]
pub mod work;
