//! # The database
//!
//! The place of record. A query needs one of a number of **connections** for as long as its work takes;
//! who finds none free waits in line. A read sees what was committed when its work began, as a statement
//! does under read committed; a write is committed when its work ends. Writes to one key at the same time
//! are committed in the order in which they end. Left out: transactions of several statements, locks and
//! replicas.

use super::operation::{Content, Key, Operation, Version};
use std::collections::VecDeque;

/// What the database is asked or told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Query {
    Load,
    Check,
    Store,
    StoreBatch,
    Act { guarded: bool },
}

/// The database.
#[derive(Clone, Debug)]
pub struct Database {
    rows: Vec<Content>,
    connections: usize,
    busy: usize,
    pub(super) waiting: VecDeque<(Operation, Query)>,
    /// How often it has been down.
    pub(super) epoch: u32,
    /// Whether it is down.
    pub(super) down: bool,
    /// What it has done.
    pub done: Done,
}

/// How many queries a database has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Values read.
    pub reads: u64,
    /// Versions looked up.
    pub checks: u64,
    /// Statements that wrote, or were to do what somebody wants because of a value, those refused included.
    pub writes: u64,
    /// Values written by them.
    pub rows: u64,
}

impl Database {
    /// The first value of each of `keys` keys, and nothing at `missing` more; as many connections as
    /// anybody needs, if it is not said how many.
    pub fn new(keys: u32, missing: u32, connections: Option<u32>) -> Self {
        let there = (0..keys).map(|_| Some(Version::FIRST));
        Database {
            rows: there.chain((0..missing).map(|_| None)).collect(),
            connections: connections.map_or(usize::MAX, |connections| connections as usize),
            busy: 0,
            waiting: VecDeque::new(),
            epoch: 0,
            down: false,
            done: Done::default(),
        }
    }

    /// What stands at `key`.
    pub fn row(&self, key: Key) -> Content {
        self.rows.get(key as usize).copied().flatten()
    }

    /// How many connections there are, if that is limited.
    pub fn connections(&self) -> Option<usize> {
        (self.connections != usize::MAX).then_some(self.connections)
    }

    /// How many connections are in use.
    pub fn busy(&self) -> usize {
        self.busy
    }

    /// How many queries wait for a connection.
    pub fn queued(&self) -> usize {
        self.waiting.len()
    }

    /// Writes `version` to `key`, unless a newer one stands there.
    pub(super) fn write(&mut self, key: Key, version: Version) {
        if let Some(row) = self.rows.get_mut(key as usize) {
            let older = row.is_none_or(|there| there.number < version.number);
            *row = if older { Some(version) } else { *row };
        }
    }

    /// Takes a connection, if one is free.
    pub(super) fn connect(&mut self) -> bool {
        let free = self.busy < self.connections;
        self.busy += usize::from(free);
        free
    }

    /// Gives a connection back.
    pub(super) fn release(&mut self) {
        self.busy -= 1;
    }
}
