//! Publish and subscribe: one message, a copy for everybody who wants it.
//!
//! How copies reach their subscribers is a *design*: a queue for each, one log with a place in it
//! for each, no keeping at all, or calls one after another. Each design is one file;
//! [`DESIGNS`] lists them. What a subscriber wants is a binding, compared by
//! [`routing`](super::routing); who publishes, who works and who is away is the [`World`]'s affair.
//!
//! A subscriber here is one consumer that works on one copy at a time. The worker pool beside this
//! folder has brokers, leases and retries in full; here only what they do to one another matters.

mod design;
mod live;
mod log;
mod probe;
mod registry;
mod statistics;
mod traffic;
mod world;

mod kafka;
mod push;
mod rabbitmq;
mod redis_pubsub;
mod redis_streams;
mod sns_sqs;

pub use design::{Anatomy, Design, Desk, Line, Reading, Setup};
pub use live::{Live, Stand};
pub use probe::{Change, Figure, Heard, Probe, Silent, gravity};
pub use registry::{DESIGNS, Entry, find};
pub use statistics::{Delivery, Passage, Statistics};
pub use traffic::{Letter, Member, Routes, Traffic};
pub use world::{Job, Presence, Subscriber, System, Tally, View, World};

/// Sources and reasons that belong to no design in particular.
pub mod common {
    pub use super::log::SOURCE as LOG_SOURCE;
    pub use super::world::{RULES as WORLD_RULES, SOURCE as WORLD_SOURCE};
}
