//! What a stepping lab keeps of a run so far: what became of each operation that a client asked for.

use super::operation::{Kind, Name};
use super::probe::{Change, Probe, Who};
use crate::catalogue::{Figure, Rule};
use crate::kernel::{Span, Time};
use std::collections::VecDeque;

/// The run so far.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// What became of the operation with each number, the first at place 0.
    fates: Vec<Option<Fate>>,
    recent: VecDeque<(Name, Fate)>,
    /// Reads answered so far.
    pub reads: u64,
    /// Hits among them.
    pub hits: u64,
    /// Stale ones among them.
    pub stale: u64,
    /// Writes acknowledged so far.
    pub writes: u64,
    /// Operations that ended in an error.
    pub failed: u64,
    /// The writes that are lost, in the order in which that was found out.
    pub lost: Vec<u32>,
    /// Times that a client acted on a value that was out of date.
    pub mistakes: u64,
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A read was answered, the database not having been asked for the value.
    Hit,
    /// A read was answered with the help of the database.
    Miss,
    /// A read was answered with a value that was out of date for so long.
    Stale(Span),
    /// A write was acknowledged.
    Acknowledged,
    /// A write was acknowledged, and is lost.
    Lost,
    /// It ended in an error.
    Failed,
}

impl Live {
    /// How many of those answered last are kept.
    const RECENT: usize = 6;

    /// What became of operation `number`, if anything.
    pub fn fate(&self, number: u32) -> Option<Fate> {
        *self.fates.get((number as usize).checked_sub(1)?)?
    }

    /// What was answered last, the latest first.
    pub fn recent(&self) -> impl Iterator<Item = (Name, Fate)> + '_ {
        self.recent.iter().copied()
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.fates.len() * size_of::<Option<Fate>>()
    }

    fn keep(&mut self, name: Name, fate: Fate) {
        let at = (name.number as usize).saturating_sub(1);
        if at >= self.fates.len() {
            self.fates.resize(at + 1, None);
        }
        self.fates[at] = Some(fate);
        if fate != Fate::Lost {
            self.recent.push_front((name, fate));
            self.recent.truncate(Self::RECENT);
        }
    }
}

impl Probe for Live {
    fn hear(&mut self, _: Time, who: Who, change: Change, _: &'static Rule, _: Figure) {
        let Some(name) = who.name() else { return };
        match change {
            Change::Answered { hit, stale, .. } => {
                self.reads += 1;
                self.hits += u64::from(hit);
                self.stale += u64::from(stale.is_some());
                let fresh = if hit { Fate::Hit } else { Fate::Miss };
                self.keep(name, stale.map_or(fresh, Fate::Stale));
            }
            Change::Acknowledged { .. } => {
                self.writes += 1;
                self.keep(name, Fate::Acknowledged);
            }
            Change::Failed { .. } => {
                self.failed += 1;
                self.keep(name, Fate::Failed);
            }
            Change::WriteLost { write } => {
                self.lost.push(write);
                self.keep(Name { kind: Kind::Write, number: write }, Fate::Lost);
            }
            Change::Mistaken => self.mistakes += 1,
            _ => {}
        }
    }
}
