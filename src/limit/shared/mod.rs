//! One limit, enforced by several nodes.
//!
//! Requests of one key come to N nodes behind a load balancer; in each window of time no more than the
//! limit may pass, all nodes together (a fixed window: what is shared is a plain counter). How the
//! nodes agree is the [`Design`]'s affair, one a file; [`DESIGNS`] lists them. A [`Cluster`] is nodes,
//! store and the messages between them; a [`Tally`] knows what really passed. No lab in here.

mod cluster;
mod design;
mod live;
mod message;
pub mod parameters;
mod probe;
mod registry;
mod sliding;
mod source;
mod statistics;
mod tally;
mod windows;

mod central_race;
mod central_script;
mod leased;
mod local_sync;
mod split;

pub use central_race::CentralRace;
pub use central_script::CentralScript;
pub use cluster::{Cluster, Network, RULES as CLUSTER_RULES, SOURCE as CLUSTER_SOURCE, Trip, View};
pub use design::{Design, Desk, Knows, Setup};
pub use leased::Leased;
pub use live::{Fate, Live};
pub use local_sync::LocalSync;
pub use message::{Command, Message, Reply, Request};
pub use probe::{Both, Change, Heard, Probe, Who, gravity};
pub use registry::{DESIGNS, Entry, Order, find};
pub use sliding::Sliding;
pub use source::{Balance, Source, Traffic};
pub use split::Split;
pub use statistics::{Counts, Course, Statistics};
pub use tally::{Summary, Tally};
pub use windows::Windows;
