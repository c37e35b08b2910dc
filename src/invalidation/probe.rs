//! How servers, cache and database tell what happens, and why.

use super::operation::{Content, Kind, Name, Operation, Place};
use crate::catalogue::{Figure, Rule};
use crate::kernel::{Span, Time};
use serde::Serialize;

/// To whom something happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Who {
    /// An operation.
    Operation(Operation),
    /// A place.
    Place(Place),
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It begins.
    Begins,
    /// The cache is asked for the value.
    Asks,
    /// The cache has the value.
    Hit {
        /// The value.
        content: Content,
        /// Whether it is past its time of being fresh.
        aged: bool,
    },
    /// The cache does not have it.
    Missed,
    /// It is on its way to the cache, to go on there.
    Passes,
    /// It is on its way from the cache to its server, to go on there.
    Returns,
    /// The value is on its way to the cache.
    Fills {
        /// The value.
        content: Content,
    },
    /// The cache keeps a value.
    Kept {
        /// The value.
        content: Content,
    },
    /// The cache refuses a value.
    NotKept {
        /// The value.
        content: Content,
    },
    /// An entry had to make room.
    Evicted {
        /// Its name.
        name: u32,
    },
    /// An entry is gone, its time being over.
    Expired,
    /// The cache is told to delete.
    Deletes,
    /// An entry is deleted, if there was one.
    Deleted {
        /// Whether there was.
        there: bool,
    },
    /// The cache hands out a lease.
    LeaseGiven,
    /// The lease is somebody else's.
    LeaseTaken,
    /// The time of a lease is over: somebody else may have it.
    LeaseOver,
    /// The database is asked for the value.
    Loads,
    /// The database is asked which value it has, not for the value itself.
    Checks,
    /// The database is told the new value.
    Stores,
    /// There is no connection to the database free, so it waits for one.
    Queues,
    /// A place begins to work on it.
    TakenUp {
        /// Which.
        place: Place,
    },
    /// The database has looked up the value.
    Read {
        /// The value.
        content: Content,
    },
    /// The database has looked up which value it has.
    Looked {
        /// The value.
        content: Content,
    },
    /// The database has a new value.
    Committed {
        /// The value.
        content: Content,
    },
    /// The cache has a new value, of which the database does not know yet.
    Recorded {
        /// The value.
        content: Content,
    },
    /// It waits: for a time, or for somebody else.
    Waits,
    /// Chance decides whether an entry that has not expired is fetched anew all the same.
    Weighed {
        /// How long the entry has left.
        #[serde(skip)]
        left: Span,
        /// How long it has from its filling to its expiry.
        #[serde(skip)]
        life: Span,
        /// How probable it was that it is fetched anew.
        #[serde(skip)]
        chance: f64,
        /// Whether it is.
        early: bool,
    },
    /// A filter says whether there can be something under the key.
    Sifted {
        /// Whether there can.
        passes: bool,
    },
    /// A server has the value itself.
    HadCopy {
        /// The value.
        content: Content,
    },
    /// Something in the background begins.
    Begun(Kind),
    /// Its client has the value.
    Answered {
        /// The value.
        content: Content,
        /// Whether the database was not asked for it.
        hit: bool,
        /// How much out of date the value is; `None`: it is not.
        #[serde(skip)]
        stale: Option<Span>,
        /// How long its client has waited.
        #[serde(skip)]
        latency: Span,
    },
    /// Its client knows that the value is written.
    Acknowledged {
        /// How long its client has waited.
        #[serde(skip)]
        latency: Span,
    },
    /// Its client gets an error.
    Failed {
        /// How long its client has waited.
        #[serde(skip)]
        latency: Span,
    },
    /// Something in the background is over.
    Ended,
    /// There was no answer in time.
    TimedOut,
    /// An answer is not looked at: nobody waits for it.
    TooLate,
    /// A message does not arrive.
    Lost,
    /// A write that was acknowledged will never be in the database.
    WriteLost {
        /// Which one.
        write: u32,
    },
    /// The database is told what a client wants because of a value.
    Acts,
    /// The database has done it, and the value was true.
    Acted,
    /// The database has done it, and the value was out of date.
    Mistaken,
    /// The database refuses to do it: the value is out of date.
    Conflict,
    /// A value cannot be read: it is in a form that the server does not know.
    Unreadable,
    /// A place forgets everything.
    Restarts,
    /// A place cannot be reached.
    Down,
    /// A place can be reached again.
    Back,
    /// A place will not get the next message that would delete.
    LosesNext,
    /// A place is slow.
    Slow,
    /// A place is as fast as ever.
    Fast,
    /// Cache and database cannot reach each other.
    Parted,
    /// They can again.
    Joined,
}

/// Somebody who listens.
pub trait Probe {
    /// At `at`, `change` happened to `who` by `rule`, which decided by `figure`.
    fn hear(&mut self, at: Time, who: Who, change: Change, rule: &'static Rule, figure: Figure);
}

/// Something that a probe heard, kept for later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When it happened.
    pub at: Time,
    /// To whom.
    pub who: Who,
    /// What happened.
    pub change: Change,
    /// The rule that made it happen.
    pub rule: &'static Rule,
    /// The figure that the rule decided by.
    pub figure: Figure,
}

/// The probe that keeps everything, in order.
impl Probe for Vec<Heard> {
    fn hear(&mut self, at: Time, who: Who, change: Change, rule: &'static Rule, figure: Figure) {
        self.push(Heard { at, who, change, rule, figure });
    }
}

/// Two probes that hear the same.
pub struct Both<'a>(pub &'a mut dyn Probe, pub &'a mut dyn Probe);

impl Probe for Both<'_> {
    fn hear(&mut self, at: Time, who: Who, change: Change, rule: &'static Rule, figure: Figure) {
        self.0.hear(at, who, change, rule, figure);
        self.1.hear(at, who, change, rule, figure);
    }
}

impl Who {
    /// What the operation to which it happens is called.
    pub fn name(self) -> Option<Name> {
        match self {
            Who::Operation(operation) => Some(operation.called()),
            Who::Place(_) => None,
        }
    }
}
