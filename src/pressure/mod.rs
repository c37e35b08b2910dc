//! Backpressure: what stages do when more comes than they can serve.
//!
//! An [`Answer`] is what one stage does, one answer a file; [`ANSWERS`] lists them. [`Callers`] send,
//! give up and try again; a [`Stage`] is a process with a buffer, workers and an answer; a [`System`]
//! is callers and one to three stages behind each other. No lab and no picture in here.

mod answer;
mod callers;
mod crew;
mod live;
pub mod parameters;
mod probe;
mod registry;
mod request;
mod stage;
mod statistics;
mod system;

mod adaptive_lifo;
mod block;
mod codel;
mod credits;
mod drop_head;
mod drop_random;
mod drop_tail;
mod fair;
mod pull;
mod scale_out;
mod shed;
mod unbounded;
mod watermarks;

pub use adaptive_lifo::AdaptiveLifo;
pub use answer::{Answer, Desk, Dial, End, Setup, Verdict};
pub use block::Block;
pub use callers::{Callers, Traffic};
pub use codel::CoDel;
pub use credits::Credits;
pub use crew::{Crew, Worker};
pub use drop_head::DropHead;
pub use drop_random::DropRandom;
pub use drop_tail::DropTail;
pub use fair::Fair;
pub use live::{Fate, Live};
pub use probe::{Change, Heard, Probe, Subject};
pub use pull::Pull;
pub use registry::{ANSWERS, COMMON, Entry, find};
pub use request::{MOST_STAGES, Name, Request};
pub use scale_out::ScaleOut;
pub use shed::Shed;
pub use stage::{Plan, Stage};
pub use statistics::{Counts, LevelSums, Levels, MOST_SHARES, Passage, Statistics, gravity};
pub use system::{Order, System, Trouble};
pub use unbounded::Unbounded;
pub use watermarks::Watermarks;
