//! Eviction: a full cache must give something up before it can take something in.
//!
//! One policy a file, written as its textbook figure; [`POLICIES`] lists them. A policy sees keys
//! and answers hit or miss; it tells each change, and the rule behind it, to a [`Probe`], which
//! compiles to nothing in a bulk run. It knows no lab, no request stream and no picture: what it
//! holds is shown as an [`Anatomy`]. All objects are of one size.

mod anatomy;
mod calendar;
mod departures;
mod lists;
mod policy;
mod registry;

mod arc;
mod belady;
mod clock;
mod fifo;
mod lfu;
mod lru;
mod mru;
mod random;
mod s3_fifo;
mod sieve;
mod slru;
mod two_q;

pub use crate::catalogue::{About, Parameter, Parameters, Range, Rule, Setting};
pub use anatomy::{Anatomy, Badge, Dial, Segment, Slot};
pub use departures::{Departure, Departures};
pub use lists::Lists;
pub use policy::{Because, Change, Outcome, Policy, Probe, Setup, Silent};
pub use registry::{Cache, Entry, Mark, POLICIES, find};
