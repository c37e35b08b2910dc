//! The lists of strategies, one for each question: a new strategy is a file and a line. The first of a
//! list does nothing about the matter, so that the others have something to be held against.

use super::{
    Bloom, CacheAside, ChangeLog, CompareAndSet, Conditional, DeleteFirst, DoubleDelete, Jitter, Lease,
    Limited, LocalCopies, Negative, Plain, ReadThrough, RefreshAhead, Replicas, SchemaInKey, Setup,
    SharedKey, SingleFlight, StaleIfError, StaleWhileRevalidate, Strategy, Tolerant, Tracking, Trust, Ttl,
    Update, Validate, VersionedKeys, WarmUp, WriteAround, WriteBehind, WriteThrough, XFetch, at_cache, hint,
    load_through, look_aside, refreshing, rollout, strategy, warming,
};
use crate::catalogue::{About, Rule};

/// Ways to keep cache and database together.
pub const INVALIDATION: &[Listed] = &[
    Ttl::LISTED,
    CacheAside::LISTED,
    ReadThrough::LISTED,
    WriteThrough::LISTED,
    WriteAround::LISTED,
    WriteBehind::LISTED,
    RefreshAhead::LISTED,
    StaleWhileRevalidate::LISTED,
    StaleIfError::LISTED,
    ChangeLog::LISTED,
    VersionedKeys::LISTED,
];

/// Ways to keep many readers from asking the database for the same value at once. Writes delete, so that
/// the first read after each has to miss, in all of them but those under a TTL and stale-while-revalidate.
pub const STAMPEDE: &[Listed] = &[
    CacheAside::LISTED,
    Ttl::LISTED,
    Jitter::LISTED,
    SingleFlight::LISTED,
    XFetch::LISTED,
    RefreshAhead::LISTED,
    StaleWhileRevalidate::LISTED,
    Lease::LISTED,
];

/// Ways to bear requests for keys that do not exist.
pub const ABSENT_KEYS: &[Listed] = &[Plain::LISTED, Negative::LISTED, Bloom::LISTED];

/// Ways to bear keys that everybody wants.
pub const HOT_KEYS: &[Listed] =
    &[CacheAside::LISTED, LocalCopies::LISTED, Tracking::LISTED, Replicas::LISTED];

/// Ways to begin with an empty cache.
pub const COLD_CACHE: &[Listed] = &[Ttl::LISTED, Limited::LISTED, WarmUp::LISTED, SingleFlight::LISTED];

/// Ways to change the form of values while old and new servers run.
pub const SCHEMA_CHANGE: &[Listed] = &[SharedKey::LISTED, SchemaInKey::LISTED, Tolerant::LISTED];

/// Ways to act on what a cache says.
pub const HINTS: &[Listed] = &[Trust::LISTED, Validate::LISTED, Conditional::LISTED];

/// Orders of the steps of a write, and what keeps them from leaving an old value behind. What stands here
/// keeps nothing of its own but the operations that it [remembers](Strategy::remembered), so that the state
/// of cache, database and operations is all there is: the explorer of schedules stands on that.
pub const RACES: &[Listed] = &[
    Ttl::LISTED,
    DeleteFirst::LISTED,
    Update::LISTED,
    CacheAside::LISTED,
    DoubleDelete::LISTED,
    ChangeLog::LISTED,
    Lease::LISTED,
    CompareAndSet::LISTED,
    ReadThrough::LISTED,
    WriteThrough::LISTED,
];

const LISTS: [&[Listed]; 8] =
    [INVALIDATION, STAMPEDE, ABSENT_KEYS, HOT_KEYS, COLD_CACHE, SCHEMA_CHANGE, HINTS, RACES];

/// A strategy in a list.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// What it says about itself.
    pub about: &'static About,
    /// Builds one.
    pub build: fn(&Setup) -> Box<dyn Strategy>,
    /// Why its figures are what they are.
    pub why: Why,
}

/// Why a strategy’s figures are what they are: each the second half of a sentence, after "because".
#[derive(Clone, Copy, Debug)]
pub struct Why {
    /// How many reads are stale, and how old what they get is.
    pub stale: &'static str,
    /// How long a read takes, and how often the database is asked.
    pub read: &'static str,
    /// How long a write takes.
    pub write: &'static str,
    /// Which writes can be lost.
    pub lost: &'static str,
}

/// Every strategy of every list; some stand in several.
pub fn all() -> impl Iterator<Item = &'static Listed> {
    LISTS.into_iter().flatten()
}

/// The strategy that a scenario calls `id`.
pub fn find(id: &str) -> Option<&'static Listed> {
    all().find(|listed| listed.about.id == id)
}

/// A file and its rules.
pub type Common = (&'static str, &'static [&'static Rule]);

/// What strategies stand on, beside the system in which they work.
/// The two simplest strategies are among it: others are one of them with a change.
pub const COMMON: &[Common] = &[
    (look_aside::SOURCE, look_aside::RULES),
    (load_through::SOURCE, load_through::RULES),
    (refreshing::SOURCE, refreshing::RULES),
    (hint::SOURCE, hint::RULES),
    (rollout::SOURCE, rollout::RULES),
    (warming::SOURCE, warming::RULES),
    (CacheAside::ABOUT.file, CacheAside::ABOUT.rules),
    (Ttl::ABOUT.file, Ttl::ABOUT.rules),
    (LocalCopies::ABOUT.file, LocalCopies::ABOUT.rules),
    (strategy::SOURCE, strategy::RULES),
    (at_cache::SOURCE, at_cache::RULES),
];
