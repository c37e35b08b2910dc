//! How the nodes and the store tell what happens, and why.

use super::{Command, Request};
use crate::catalogue::Rule;
use crate::kernel::Time;
use crate::limit::Figure;
use serde::Serialize;

/// To whom something happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Who {
    /// A request.
    Request(Request),
    /// A node, counted from 0.
    Node(u32),
    /// The store.
    Store,
}

/// What can happen. Nodes are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// A request comes to a node.
    Arrives {
        /// Which.
        node: u32,
    },
    /// A node sends the store a message for it.
    Sent(Command),
    /// It waits for permits that its node has asked for.
    Waits,
    /// The store counts it.
    Counted,
    /// The store finds no room for it.
    NoRoom,
    /// The store says how many there are.
    Read,
    /// The store writes what it is told.
    Written,
    /// The store adds what a node has counted.
    Added(u64),
    /// The store hands out permits.
    Granted(u64),
    /// A node learns how many all of them have counted, or gets permits.
    Learns(u64),
    /// It passes.
    Admitted {
        /// Whether more than the limit have now passed in its window.
        over: bool,
        /// Whether it passes because the store has not answered.
        failed: bool,
    },
    /// It is refused.
    Refused {
        /// Whether the limit of its window was not used up, nor about to be.
        early: bool,
        /// Whether it is refused because the store has not answered.
        failed: bool,
    },
    /// The answer does not come in time.
    GivesUp,
    /// A node keeps what it has counted, to send it again.
    Keeps,
    /// A message is lost.
    Lost,
    /// An answer comes when nobody waits for it any more.
    TooLate,
    /// The store cannot be reached.
    Down,
    /// The store can be reached again.
    Back,
}

/// Somebody who listens.
pub trait Probe {
    /// At `at`, `change` happened to `who` by `rule`, which decided by `figure`.
    fn hear(&mut self, at: Time, who: Who, change: Change, rule: &'static Rule, figure: Figure);
}

/// Something that was heard, kept for later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// When it happened.
    pub at: Time,
    /// To whom.
    pub who: Who,
    /// What.
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

/// Two who listen to the same.
pub struct Both<'a>(pub &'a mut dyn Probe, pub &'a mut dyn Probe);

impl Probe for Both<'_> {
    fn hear(&mut self, at: Time, who: Who, change: Change, rule: &'static Rule, figure: Figure) {
        self.0.hear(at, who, change, rule, figure);
        self.1.hear(at, who, change, rule, figure);
    }
}

/// How grave a change is: 0 something is under way, 1 as an exact counter would have it, 2 somebody
/// is refused although the limit is not used up, 3 somebody passes over the limit.
pub fn gravity(change: Change) -> u8 {
    match change {
        Change::Admitted { over: true, .. } => 3,
        Change::Refused { early: true, .. } => 2,
        Change::Admitted { .. } | Change::Refused { .. } => 1,
        _ => 0,
    }
}
