//! What a stepping lab keeps of a run so far: what became of each request, and who was answered last.

use super::{Change, End, Name, Probe, Subject};
use crate::catalogue::Rule;
use crate::kernel::Time;
use crate::queue::Figure;
use std::collections::VecDeque;

/// The run so far.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// What became of the request with each number, the first at place 0.
    fates: Vec<Option<Fate>>,
    recent: VecDeque<Name>,
    /// How many tries were sent.
    pub attempts: u64,
    /// How many requests were answered.
    pub answered: u64,
    /// How many tries were done in vain.
    pub in_vain: u64,
    /// How many requests were given up.
    pub given_up: u64,
    /// How many tries came to nothing, by [`End`].
    pub ended: [u64; 6],
    /// How often a stage went down.
    pub downs: u64,
    /// The sum of the latencies of what was answered, in seconds.
    latency: f64,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its caller has the answer.
    Answered,
    /// Its caller does without.
    GivenUp,
}

impl Live {
    /// How many of those answered last are kept.
    const RECENT: usize = 6;

    /// What became of request `number`, if anything.
    pub fn fate(&self, number: u32) -> Option<Fate> {
        *self.fates.get((number as usize).checked_sub(1)?)?
    }

    /// The tries answered last, the latest first.
    pub fn recent(&self) -> impl Iterator<Item = Name> + '_ {
        self.recent.iter().copied()
    }

    /// The mean latency so far, in seconds.
    pub fn mean_latency(&self) -> Option<f64> {
        (self.answered > 0).then(|| self.latency / self.answered as f64)
    }

    /// How many tries came to nothing in this way.
    pub fn ended(&self, end: End) -> u64 {
        self.ended[end as usize]
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.fates.len() * size_of::<Option<Fate>>()
    }

    fn keep(&mut self, number: u32, fate: Fate) {
        let at = (number as usize).saturating_sub(1);
        if at >= self.fates.len() {
            self.fates.resize(at + 1, None);
        }
        self.fates[at] = Some(fate);
    }
}

impl Probe for Live {
    fn hear(&mut self, _: Time, subject: Subject, change: Change, _: &'static Rule, _: Option<Figure>) {
        let request = match subject {
            Subject::Request(request, _) => request,
            Subject::Stage(_) => {
                self.downs += u64::from(change == Change::Down);
                return;
            }
        };
        match change {
            Change::Sent => self.attempts += 1,
            Change::Answered { latency } => {
                self.answered += 1;
                self.latency += latency.seconds();
                self.recent.push_front(request.name);
                self.recent.truncate(Self::RECENT);
                self.keep(request.name.number, Fate::Answered);
            }
            Change::InVain => self.in_vain += 1,
            Change::GivenUp => {
                self.given_up += 1;
                self.keep(request.name.number, Fate::GivenUp);
            }
            Change::Ended(end) => self.ended[end as usize] += 1,
            _ => {}
        }
    }
}
