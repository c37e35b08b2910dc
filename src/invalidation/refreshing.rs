//! # Refreshing in the background
//!
//! An entry has two ages: when it is no longer **fresh**, and when it expires. The first read in between
//! gets the old value at once and starts a refresh: the cache fetches the value, while others go on to get
//! the old one. There is one refresh of an entry at a time.
//!
//! What has been fetched replaces the entry for which it was fetched and no other: if a write has deleted
//! it meanwhile, if it has been evicted or has expired, the new value is discarded, for it may be older than
//! that write (so Caffeine since 3.0). If the fetch fails the old value stays, and the next read tries again.

use super::{Came, Content, Desk, Entry, Kind, LoadThrough, Operation, Place};
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};

/// Refreshes under way.
#[derive(Clone, Debug, Default)]
pub struct Refreshing {
    /// Since when the entry under each name is there that is being refreshed; [`Time::MAX`]: none is.
    under_way: Vec<Time>,
}

impl Refreshing {
    /// A read has found `entry`: refreshes it, if it is time.
    pub fn found(&mut self, operation: Operation, entry: Entry, desk: &mut Desk) {
        let name = operation.name as usize;
        if self.under_way.len() <= name {
            self.under_way.resize(name + 1, Time::MAX);
        }
        if desk.now() < entry.fresh || self.under_way[name] == entry.since {
            return;
        }
        self.under_way[name] = entry.since;
        let refresh = desk.begin(Kind::Refresh, operation.key, operation.server, Place::Cache, &AGED);
        let (content, note) = (entry.content, entry.since.nanos());
        desk.load(Operation { content, note, name: operation.name, ..refresh }, &FETCHES);
    }

    /// A refresh goes on.
    pub fn go_on(&mut self, operation: Operation, came: Came, reading: &LoadThrough, desk: &mut Desk) {
        let since = Time::from_nanos(operation.note);
        if let Some(under_way) = self.under_way.get_mut(operation.name as usize) {
            *under_way = if *under_way == since { Time::MAX } else { *under_way };
        }
        let entry = desk.entry(operation.name);
        let same = entry.is_some_and(|entry| entry.since == since && entry.content == operation.content);
        match came {
            Came::Loaded(content, cost) if same => keep(operation, reading, content, cost, desk),
            Came::Loaded(..) => desk.end(operation, &DISCARDED),
            _ => desk.end(operation, &FAILED),
        }
    }

    /// The cache has restarted.
    pub fn restarted(&mut self) {
        self.under_way.clear();
    }
}

/// The new value takes the place of the old one.
fn keep(operation: Operation, reading: &LoadThrough, content: Content, cost: Span, desk: &mut Desk) {
    let operation = Operation { content, ..operation };
    desk.put(operation, reading.fill(operation, cost), &RENEWED);
    desk.end(operation, &REFRESHED);
}

const AGED: Rule =
    Rule { name: "AGED", place: "found", says: "the entry is no longer fresh, and nobody refreshes it yet" };
const FETCHES: Rule =
    Rule { name: "FETCHES", place: "found", says: "a new value is wanted before the old one expires" };
const DISCARDED: Rule = Rule {
    name: "DISCARDED",
    place: "go_on",
    says: "the entry that was to be refreshed is gone, perhaps by a write that is newer than this value",
};
const FAILED: Rule =
    Rule { name: "FAILED", place: "go_on", says: "the database gave no value; the old one stays" };
const RENEWED: Rule = Rule { name: "RENEWED", place: "keep", says: "the entry is still the same" };
const REFRESHED: Rule = Rule { name: "REFRESHED", place: "keep", says: "the entry is fresh again" };

/// The file of refreshing.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[&AGED, &FETCHES, &DISCARDED, &FAILED, &RENEWED, &REFRESHED];
