//! Sluice: step through the caches, queues, streams and rate limiters that large systems stand on.
//!
//! The floors, from the ground: [`kernel`] and [`theory`]; [`trace`]; the algorithms ([`cache`]);
//! [`lab`]; [`chart`]; and, for the browser alone, `app` and `api`. An arrow points down only.
//! Below `app` and `api` nothing names a browser, a wall clock, a thread or a global random source.

pub mod cache;
pub mod kernel;
pub mod refusal;
pub mod theory;
pub mod trace;
