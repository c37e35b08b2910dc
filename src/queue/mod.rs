//! Queues: brokers that keep messages, the workers that take them, and the producers that send them.
//!
//! Each system of the real world is one file; [`registry`](BROKERS) lists them. Which messages
//! are sent is the [`Source`]'s affair, who works on them and what goes wrong the [`Pool`]'s. No lab
//! and no picture in here.

mod anatomy;
mod broker;
pub mod delay;
pub mod fanout;
mod hazards;
mod in_order;
mod leases;
mod live;
mod message;
pub mod parameters;
mod pool;
mod probe;
mod registry;
mod retry;
pub mod routing;
mod source;
mod statistics;
mod system;
pub mod vectors;

mod direct;
mod kafka_share;
mod plain;
mod quorum;
mod rabbitmq;
mod redis_streams;
mod sqs;
mod sqs_fifo;

pub use anatomy::{Anatomy, Part};
pub use broker::{Broker, Delivery, Desk, Intake, Setup};
pub use hazards::{Hazards, Poison, Try};
pub use in_order::InOrder;
pub use leases::{Lease, Leases};
pub use live::{Little, Live};
pub use message::{Exit, Fate, Message, Messages, Slot};
pub use pool::{Ack, Crew, Habits, Job, Next, Pool, Worker};
pub use probe::{Change, Figure, Heard, Probe, Silent, Subject};
pub use registry::{BROKERS, Entry, Order, find};
pub use retry::Retry;
pub use source::{Source, Traffic};
pub use statistics::{Counts, Passage, Statistics, gravity};
pub use system::{Levels, System, View};

/// Sources and reasons that belong to no broker in particular.
pub mod common {
    pub use super::broker::{RULES as BROKER_RULES, SOURCE as BROKER_SOURCE};
    pub use super::pool::{RULES as POOL_RULES, SOURCE as POOL_SOURCE};
}
