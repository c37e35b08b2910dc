//! Delayed jobs: a scheduler keeps jobs until their time has come, and workers do them.
//!
//! How the jobs are kept is the [`Timers`]' affair, one structure or product a file; [`TIMERS`]
//! lists them. What the time is says a [`Clock`], which may be wrong. The [`Scheduler`] puts them
//! between those who submit and those who work. No lab and no picture in here.

mod anatomy;
mod clock;
mod job;
mod live;
pub mod parameters;
mod probe;
mod registry;
mod scheduler;
mod source;
mod statistics;
mod timers;

mod heap;
mod hierarchical_wheel;
mod rabbitmq_ttl;
mod sorted_set;
mod sqs_delay;
mod wheel;

pub use anatomy::{Anatomy, Cell, Part, Shown};
pub use clock::{Clock, Jump};
pub use heap::Heap;
pub use hierarchical_wheel::HierarchicalWheel;
pub use job::{Job, Name};
pub use live::{Fate, Live};
pub use probe::{Change, Heard, Place, Probe, Silent, Timing};
pub use rabbitmq_ttl::RabbitMqTtl;
pub use registry::{Entry, Order, TIMERS, find};
pub use scheduler::{
    CatchUp, ClockBack, Habits, RULES as SCHEDULER_RULES, SOURCE as SCHEDULER_SOURCE, Scheduler, System,
    View, Work, Worker,
};
pub use sorted_set::SortedSet;
pub use source::{Delays, Due, Recurring, Source, Submission, Traffic};
pub use sqs_delay::SqsDelay;
pub use statistics::{Counts, Passage, Statistics, gravity};
pub use timers::{Costs, Dates, Desk, Setup, Timers};
pub use wheel::Wheel;
