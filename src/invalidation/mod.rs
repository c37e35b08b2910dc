//! Invalidation: ways to keep a cache and a database together, and to keep many readers from asking for
//! the same value at once.
//!
//! A [`Strategy`] says what servers and cache do for a read and for a write, one strategy a file; the
//! registry lists them. A [`Cache`] and a [`Database`] do what they are told; a [`System`] lets servers,
//! cache and database work in model time, with failures; a [`Ledger`] knows what is true. No lab and no
//! picture in here.

mod at_cache;
mod cache;
mod database;
pub mod explore;
mod ledger;
mod live;
mod operation;
pub mod parameters;
mod probe;
mod registry;
mod statistics;
mod strategy;
mod system;
mod traffic;
mod trouble;

mod bloom;
mod bloom_filter;
mod cache_aside;
mod change_log;
mod compare_and_set;
mod conditional;
mod delete_first;
mod double_delete;
mod hint;
mod jitter;
mod lease;
mod limited;
mod load_through;
mod local_copies;
mod look_aside;
mod negative;
mod plain;
mod read_through;
mod refresh_ahead;
mod refreshing;
mod replicas;
mod rollout;
mod schema_in_key;
mod shared_key;
mod single_flight;
mod stale_if_error;
mod stale_while_revalidate;
mod tolerant;
mod tracking;
mod trust;
mod ttl;
mod update;
mod validate;
mod versioned_keys;
mod warm_up;
mod warming;
mod write_around;
mod write_behind;
mod write_through;
mod xfetch;

pub use bloom::Bloom;
pub use bloom_filter::BloomFilter;
pub use cache::{Cache, Entry, Fill, Held, Leased};
pub use cache_aside::CacheAside;
pub use change_log::ChangeLog;
pub use compare_and_set::CompareAndSet;
pub use conditional::Conditional;
pub use database::{Database, Done};
pub use delete_first::DeleteFirst;
pub use double_delete::DoubleDelete;
pub use hint::Hint;
pub use jitter::Jitter;
pub use lease::Lease;
pub use ledger::Ledger;
pub use limited::Limited;
pub use live::{Fate, Live};
pub use load_through::LoadThrough;
pub use local_copies::LocalCopies;
pub use look_aside::LookAside;
pub use negative::Negative;
pub use operation::{Content, Key, Kind, Name, Operation, Place, Version};
pub use plain::Plain;
pub use probe::{Both, Change, Heard, Probe, Who};
pub use read_through::ReadThrough;
pub use refresh_ahead::RefreshAhead;
pub use refreshing::Refreshing;
pub use registry::{
    ABSENT_KEYS, COLD_CACHE, COMMON, HINTS, HOT_KEYS, INVALIDATION, Listed, RACES, SCHEMA_CHANGE, STAMPEDE,
    Why, all, find,
};
pub use replicas::Replicas;
pub use rollout::Rollout;
pub use schema_in_key::SchemaInKey;
pub use shared_key::SharedKey;
pub use single_flight::SingleFlight;
pub use stale_if_error::StaleIfError;
pub use stale_while_revalidate::StaleWhileRevalidate;
pub use statistics::{Counts, EarlyRefreshes, LevelSums, Passage, Statistics, Throws, gravity};
pub use strategy::{Came, Check, Command, Desk, Order, Setup, Shelf, Strategy};
pub use system::{COMMON as SYSTEM, Layout, Levels, Plant, State, System, Trip};
pub use tolerant::Tolerant;
pub use tracking::Tracking;
pub use traffic::{Source, Traffic};
pub use trouble::{Fault, Trouble};
pub use trust::Trust;
pub use ttl::Ttl;
pub use update::Update;
pub use validate::Validate;
pub use versioned_keys::VersionedKeys;
pub use warm_up::WarmUp;
pub use warming::Warming;
pub use write_around::WriteAround;
pub use write_behind::WriteBehind;
pub use write_through::WriteThrough;
pub use xfetch::XFetch;
