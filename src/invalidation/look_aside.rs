//! # Look-aside reading
//!
//! How most strategies read: the server looks into the cache; if the value is not there, it asks the
//! database, puts the value into the cache and answers. Between the query and the filling others may
//! write, so what is filled can be old already: that is the race of every look-aside cache (Nishtala et
//! al., "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1, "stale sets").
//!
//! The database may say that there is **nothing** under a key. To keep that like a value is negative
//! caching; who does not keep it asks again each time.
//!
//! If the cache does not answer, the database is asked after the time-out. The read then waits once more for
//! the fill, which mostly is not answered either, before it is over.

use super::{Came, Check, Desk, Fill, Operation, Place};
use crate::catalogue::{Figure, Rule};
use crate::kernel::Span;

/// Reading past the cache.
#[derive(Clone, Copy, Debug)]
pub struct LookAside {
    /// How long a value is kept.
    pub ttl: Span,
    /// How long it is kept that there is nothing; not at all, if that is 0.
    pub nothing: Span,
    /// On what condition the cache takes a value.
    pub check: Check,
}

impl LookAside {
    /// Entries that are kept for `ttl`, whatever the database said, and put into the cache whatever
    /// is there.
    pub const fn new(ttl: Span) -> Self {
        LookAside { ttl, nothing: ttl, check: Check::Always }
    }

    /// A read goes on.
    pub fn read(&self, operation: Operation, came: Came, desk: &mut Desk) {
        match came {
            Came::Begins => desk.get(operation, &LOOKS),
            Came::Found(entry) => desk.answer(operation, entry.content, &HIT, Figure::None),
            Came::Missed => desk.load(operation, &MISS),
            Came::Loaded(None, _) if self.nothing == Span::ZERO => {
                desk.answer(operation, None, &NOTHING, Figure::None);
            }
            Came::Loaded(content, cost) => {
                let life = if content.is_some() { self.ttl } else { self.nothing };
                let fill = Fill { cost, ..Fill::lasting(content, life) };
                desk.fill(Operation { content, ..operation }, fill, self.check, &FILLS);
            }
            Came::Failed(Place::Cache) if !operation.missed => desk.load(operation, &WITHOUT),
            Came::Failed(Place::Database) => desk.fail(operation, &NO_VALUE),
            _ => desk.answer(operation, operation.content, &LOADED, Figure::None),
        }
    }
}

const LOOKS: Rule = Rule { name: "LOOKS", place: "read", says: "the cache is asked first" };
const HIT: Rule = Rule { name: "HIT", place: "read", says: "the cache had the value" };
const MISS: Rule = Rule { name: "MISS", place: "read", says: "the cache did not have the value" };
const NOTHING: Rule =
    Rule { name: "NOTHING", place: "read", says: "there is nothing under this key, and that is not kept" };
const FILLS: Rule = Rule { name: "FILLS", place: "read", says: "the next to ask shall find it there" };
const WITHOUT: Rule =
    Rule { name: "WITHOUT", place: "read", says: "the cache does not answer, so it has to go without" };
const NO_VALUE: Rule =
    Rule { name: "NO_VALUE", place: "read", says: "neither cache nor database has given a value" };
const LOADED: Rule = Rule { name: "LOADED", place: "read", says: "the database gave the value" };

/// The file of look-aside reading.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[&LOOKS, &HIT, &MISS, &NOTHING, &FILLS, &WITHOUT, &NO_VALUE, &LOADED];
