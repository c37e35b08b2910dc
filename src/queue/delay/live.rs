//! What a stepping lab keeps of a run so far: what became of each job, and who was done last.

use super::{Change, Job, Name, Probe, Timing};
use crate::catalogue::Rule;
use crate::kernel::Time;
use crate::queue::Figure;
use std::collections::VecDeque;

/// The run so far.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// By series and number.
    fates: Vec<Vec<Option<Fate>>>,
    recent: VecDeque<Name>,
    /// How many were done.
    pub done: u64,
    /// How many fired.
    pub fired: u64,
    /// How many of them too early.
    pub early: u64,
    /// How many of them too late.
    pub late: u64,
    /// How many of them once more.
    pub again: u64,
    /// How many runs were left out.
    pub left_out: u64,
    /// The sum of all lateness, in seconds.
    lateness: f64,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It fired.
    Fired,
    /// Its work was done.
    Done,
    /// It was missed, and a later run stood for it.
    Coalesced,
    /// It was missed, and left out.
    Skipped,
}

impl Live {
    /// How many of those done last are kept.
    const RECENT: usize = 6;

    /// What became of the job called `name`, if anything.
    pub fn fate(&self, name: Name) -> Option<Fate> {
        *self.fates.get(name.series as usize)?.get(name.number as usize)?
    }

    /// The jobs done last, the latest first.
    pub fn recent(&self) -> impl Iterator<Item = Name> + '_ {
        self.recent.iter().copied()
    }

    /// The mean lateness so far, in seconds, what is early counted as 0.
    pub fn mean_lateness(&self) -> Option<f64> {
        (self.fired > 0).then(|| self.lateness / self.fired as f64)
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.fates.iter().map(|series| series.len() + size_of::<Vec<u8>>()).sum()
    }

    fn keep(&mut self, name: Name, fate: Fate) {
        let (series, at) = (name.series as usize, name.number as usize);
        if series >= self.fates.len() {
            self.fates.resize(series + 1, Vec::new());
        }
        if at >= self.fates[series].len() {
            self.fates[series].resize(at + 1, None);
        }
        self.fates[series][at] = Some(fate);
    }
}

impl Probe for Live {
    fn hear(&mut self, at: Time, job: Option<&Job>, change: Change, _: &'static Rule, _: Option<Figure>) {
        let Some(job) = job else { return };
        match change {
            Change::Fired { timing, .. } => {
                self.fired += 1;
                self.lateness += at.since(job.planned).seconds();
                match timing {
                    Timing::OnTime => {}
                    Timing::Early => self.early += 1,
                    Timing::Late => self.late += 1,
                    Timing::Again => self.again += 1,
                }
                self.keep(job.name, Fate::Fired);
            }
            Change::Done { .. } => {
                self.done += 1;
                self.recent.push_front(job.name);
                self.recent.truncate(Self::RECENT);
                self.keep(job.name, Fate::Done);
            }
            Change::Coalesced => {
                self.left_out += 1;
                self.keep(job.name, Fate::Coalesced);
            }
            Change::Skipped => {
                self.left_out += 1;
                self.keep(job.name, Fate::Skipped);
            }
            _ => {}
        }
    }
}
