//! # Looking for a hint
//!
//! A client wants to do something because of a value: to sell at a price, to send to an address. Its server
//! looks aside for the value, as most do, and then has a **hint**: "it may be wrong", Lampson says, so
//! that "there must be a way to check its correctness before taking any unrecoverable action" ("Hints for
//! Computer System Design", SOSP 1983). What is done with the hint is the strategy’s affair; here is how it
//! is come by.
//!
//! What the client wants is done by the database, which takes as long for it as for a write. If another
//! value is in its row at that moment, the client has made a **mistake**, unless the database was told to
//! compare. A write tells the cache nothing.

use super::{Came, Check, Desk, Fill, Operation, Place};
use crate::catalogue::Rule;
use crate::kernel::Span;

/// Looking aside for a value on which somebody wants to act.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    /// How long an entry is kept.
    pub ttl: Span,
}

impl Hint {
    /// A read goes on until its value is there; it is given back then, with the value.
    pub fn seek(&self, operation: Operation, came: Came, desk: &mut Desk) -> Option<Operation> {
        match came {
            Came::Begins => desk.get(operation, &LOOKS),
            Came::Found(entry) => return Some(Operation { content: entry.content, ..operation }),
            Came::Missed => desk.load(operation, &MISS),
            Came::Loaded(content, cost) => {
                let fill = Fill { cost, ..Fill::lasting(content, self.ttl) };
                desk.fill(Operation { content, ..operation }, fill, Check::Always, &FILLS);
            }
            Came::Failed(Place::Cache) if !operation.missed => desk.load(operation, &WITHOUT),
            Came::Failed(Place::Database) => desk.fail(operation, &NOT_DONE),
            _ => return Some(operation),
        }
        None
    }
}

const LOOKS: Rule = Rule { name: "LOOKS", place: "seek", says: "the cache may have a hint" };
const MISS: Rule = Rule { name: "MISS", place: "seek", says: "the cache has no hint" };
const FILLS: Rule =
    Rule { name: "FILLS", place: "seek", says: "it is the best hint there is for the next to ask" };
const WITHOUT: Rule =
    Rule { name: "WITHOUT", place: "seek", says: "the cache does not answer, so it has to go without" };
const NOT_DONE: Rule = Rule { name: "NOT_DONE", place: "seek", says: "the database has not answered" };

/// This file.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[&LOOKS, &MISS, &FILLS, &WITHOUT, &NOT_DONE];
