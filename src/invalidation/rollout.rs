//! # Rolling out a new form
//!
//! Servers change to a new program one after another, and for a while old and new ones run side by side
//! and share a cache. The new program writes values in form 2: with another field, another serializer,
//! another compression. What was asked of the old program is done by the old program: a server changes
//! when it has finished what it began.
//!
//! Kleppmann, "Designing Data-Intensive Applications", 2017, chapter 4: data outlive code, so that programs
//! must be compatible backward (new ones read what old ones wrote) and forward (the other way round).
//! Left out: the form of the database’s own tables.

use super::{CacheAside, Came, Check, Desk, Fill, Kind, Operation, Setup, Strategy};
use crate::catalogue::Rule;
use crate::kernel::{Span, Time};

/// Servers that change from form 1 to form 2, and otherwise read and write past the cache.
#[derive(Clone, Debug)]
pub struct Rollout {
    /// When the first change may come.
    pub from: Time,
    /// When the last server changes.
    pub until: Time,
    servers: u32,
    ttl: Span,
    aside: CacheAside,
}

impl Rollout {
    /// The form that everybody knows at first.
    pub const OLD: u8 = 1;
    /// The form that only the new program knows.
    pub const NEW: u8 = 2;

    /// As `setup` says.
    pub fn new(setup: &Setup) -> Self {
        let (from, until) = setup.rollout;
        let (servers, ttl) = (setup.servers, setup.parameters.seconds("ttl"));
        Rollout { from, until, servers, ttl, aside: CacheAside::new(setup) }
    }

    /// When `server`, counted from 0, changes: the last one at the end of the rollout.
    pub fn changes(&self, server: u32) -> Time {
        let share = f64::from(server + 1) / f64::from(self.servers);
        match self.until {
            Time::MAX => Time::MAX,
            until => self.from + Span::from_seconds(until.since(self.from).seconds() * share),
        }
    }

    /// The form of the program that does `operation`.
    pub fn form(&self, operation: &Operation) -> u8 {
        if operation.began < self.changes(operation.server) { Self::OLD } else { Self::NEW }
    }

    /// A read or a write goes on as in [`CacheAside`]; what a read fetches is filled in `form`.
    pub fn go_on(&mut self, operation: Operation, came: Came, form: u8, desk: &mut Desk) {
        match (operation.kind, came) {
            (Kind::Read, Came::Loaded(content, cost)) => {
                let fill = Fill { cost, form, ..Fill::lasting(content, self.ttl) };
                let rule = if form == Self::OLD { &IN_THE_OLD } else { &IN_THE_NEW };
                desk.fill(Operation { content, ..operation }, fill, Check::Always, rule);
            }
            (_, came) => self.aside.go_on(operation, came, desk),
        }
    }
}

const IN_THE_OLD: Rule =
    Rule { name: "IN_THE_OLD", place: "go_on", says: "the next to ask shall find it there, in the old form" };
const IN_THE_NEW: Rule =
    Rule { name: "IN_THE_NEW", place: "go_on", says: "the next to ask shall find it there, in the new form" };

/// This file.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[&IN_THE_OLD, &IN_THE_NEW];
