//! # The explorer of schedules
//!
//! Two or three clients, each with a few reads and writes of one key. What a strategy orders for them
//! becomes **pending**; a **step** lets one pending command be done, at once and by itself, and the
//! strategy goes on from there. A **schedule** is an order of steps until nobody has anything left to do.
//! The explorer takes every schedule there is, with the very code of the strategy that runs in model time,
//! and says which of them do harm, and how many.
//!
//! Time does not run here: whatever is pending can be next. So a wait is over at once, as what comes after
//! it is as late as one likes anyway; an entry that expires, and a lease that runs out, do so at any time,
//! as a step of their own. An answer of the database to a cache that asks for somebody comes in a step of its
//! own too. An operation that waits for somebody else’s takes no step, and goes on in one of theirs. A step
//! that leaves everything as it was, as to ask once more for a lease that
//! somebody else has, is none. An operation begins with its first command, and its client has the answer
//! with its last: that is the order in which a stale read is least excusable.
//!
//! Exploring all interleavings of a model is explicit-state model checking (Clarke, Emerson and Sistla,
//! ACM TOPLAS 8(2), 1986; Holzmann, "The Model Checker SPIN", 1997). Left out: messages that get lost,
//! restarts, and strategies that keep something else of their own than operations that wait, as the state
//! must be all there is.

mod bench;
mod choice;
mod counting;
mod interning;
mod program;
mod search;
mod states;
mod world;

pub use choice::Choice;
pub use program::Program;
pub use search::{Explorer, Found};
pub use world::{Answered, Client, Outcome, World};

pub use bench::{Next, Pending};

use super::operation::Key;
use super::registry::{Common, Listed};
use super::strategy::{Setup, Strategy};
use crate::catalogue::Parameters;
use crate::kernel::Time;

/// The files of this folder that tell reasons, and their rules.
pub const COMMON: [Common; 2] = [bench::COMMON, world::COMMON];

/// The one key.
const KEY: Key = 0;

/// The most clients.
pub const MOST_CLIENTS: usize = 3;

/// What a schedule can do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// When all is over, the cache holds a value that is older than the database’s.
    Left,
    /// A read gets a value although a newer one was acknowledged before it began.
    Read,
}

/// What is explored.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The strategy; one that keeps nothing of its own but the operations that it remembers.
    pub listed: &'static Listed,
    /// Its parameters.
    pub parameters: Parameters,
    /// What each client does, at most [`MOST_CLIENTS`] of them.
    pub clients: Vec<Program>,
    /// How often the cache may have to give up the entry for lack of room, while clients are at work.
    pub evictions: u8,
}

impl Plan {
    /// The strategy, with nothing done yet.
    pub(crate) fn strategy(&self) -> Box<dyn Strategy> {
        (self.listed.build)(&Setup {
            keys: 1,
            asked_for: 1,
            servers: MOST_CLIENTS as u32,
            rollout: (Time::MAX, Time::MAX),
            seed: 0,
            parameters: self.parameters.clone(),
        })
    }
}
