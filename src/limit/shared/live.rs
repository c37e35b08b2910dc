//! What a stepping lab keeps of a run so far: what became of each request, and who was answered last.

use super::{Change, Probe, Request, Who, Windows};
use crate::catalogue::Rule;
use crate::kernel::Time;
use crate::limit::Figure;
use std::collections::VecDeque;

/// The run so far.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// By number, from 1.
    fates: Vec<Option<Fate>>,
    recent: VecDeque<(Request, Fate)>,
    /// How many passed in the present window and in that before.
    windows: Windows<u64>,
    /// How many passed.
    pub admitted: u64,
    /// Of them, those over the limit.
    pub over: u64,
    /// How many were refused.
    pub refused: u64,
    /// Of them, those that need not have been.
    pub early: u64,
    /// How many requests came to each node.
    pub arrived: Vec<u64>,
}

impl Fate {
    /// Whether the request passed.
    pub fn passed(self) -> bool {
        matches!(self, Fate::Admitted | Fate::Over)
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It waits for its answer.
    Waits,
    /// It passed.
    Admitted,
    /// It passed over the limit.
    Over,
    /// It was refused.
    Refused,
    /// It was refused though it need not have been.
    Early,
}

impl Live {
    /// How many of those answered last are kept.
    const RECENT: usize = 240;

    /// What became of request `number`, if it has come.
    pub fn fate(&self, number: u32) -> Option<Fate> {
        *self.fates.get(number as usize)?
    }

    /// The requests that were answered last and what became of them, the latest first.
    pub fn recent(&self) -> impl Iterator<Item = (Request, Fate)> + '_ {
        self.recent.iter().copied()
    }

    /// How many passed in `window`, if it is not long over.
    pub fn passed_in(&self, window: u64) -> u64 {
        self.windows.get(window).copied().unwrap_or_default()
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.fates.len() + self.recent.len() * size_of::<Request>() + size_of::<Live>()
    }

    fn keep(&mut self, request: Request, fate: Fate) {
        let at = request.number as usize;
        if at >= self.fates.len() {
            self.fates.resize(at + 1, None);
        }
        self.fates[at] = Some(fate);
        if fate != Fate::Waits {
            self.recent.push_front((request, fate));
            self.recent.truncate(Self::RECENT);
        }
    }
}

impl Probe for Live {
    fn hear(&mut self, _: Time, who: Who, change: Change, _: &'static Rule, _: Figure) {
        let Who::Request(request) = who else { return };
        match change {
            Change::Arrives { node } => {
                let node = node as usize;
                if node >= self.arrived.len() {
                    self.arrived.resize(node + 1, 0);
                }
                self.arrived[node] += 1;
                self.windows.expire(request.window.saturating_sub(1));
                self.keep(request, Fate::Waits);
            }
            Change::Admitted { over, .. } => {
                self.admitted += 1;
                *self.windows.of(request.window) += 1;
                self.over += u64::from(over);
                self.keep(request, if over { Fate::Over } else { Fate::Admitted });
            }
            Change::Refused { early, .. } => {
                self.refused += 1;
                self.early += u64::from(early);
                self.keep(request, if early { Fate::Early } else { Fate::Refused });
            }
            _ => {}
        }
    }
}
