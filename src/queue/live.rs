//! What a stepping lab keeps of a run so far: the fate of every message, who was done last, and the
//! three figures of Little's law.

use super::message::{Exit, Fate, Message};
use super::probe::{Change, Figure, Probe, Subject};
use crate::catalogue::Rule;
use crate::kernel::Time;
use std::collections::VecDeque;

/// The run so far.
#[derive(Clone, Debug, Default)]
pub struct Live {
    fates: Vec<Option<Fate>>,
    recent: VecDeque<u32>,
    done: u64,
    sojourns: f64,
    in_system: u64,
    area: f64,
    since: Time,
}

/// Little's law over a run so far: the mean number in the system is the rate at which messages come
/// times their mean sojourn, when what is still under way hardly counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Little {
    /// L: the mean number of messages in the system.
    pub in_system: f64,
    /// λ: messages done a second.
    pub rate: f64,
    /// W: the mean sojourn of the messages done, in seconds.
    pub sojourn: f64,
    /// How many messages are still in the system.
    pub under_way: u64,
}

impl Live {
    /// How many of those done last are kept.
    const RECENT: usize = 6;

    /// What became of message `number`, if its story is over.
    pub fn fate(&self, number: u32) -> Option<Fate> {
        self.fates.get(number as usize).copied().flatten()
    }

    /// The numbers of the messages done last, the latest first.
    pub fn recent(&self) -> impl Iterator<Item = u32> + '_ {
        self.recent.iter().copied()
    }

    /// How many messages were done.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Little's law at `now`; `None` until a message was done.
    pub fn little(&self, now: Time) -> Option<Little> {
        let seconds = now.seconds();
        (self.done > 0 && seconds > 0.0).then(|| Little {
            in_system: (self.area + self.in_system as f64 * now.since(self.since).seconds()) / seconds,
            rate: self.done as f64 / seconds,
            sojourn: self.sojourns / self.done as f64,
            under_way: self.in_system,
        })
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.fates.len() * size_of::<Option<Fate>>()
    }

    fn enter(&mut self, now: Time) {
        self.area += self.in_system as f64 * now.since(self.since).seconds();
        self.since = now;
        self.in_system += 1;
    }

    fn leave(&mut self, now: Time) {
        self.area += self.in_system as f64 * now.since(self.since).seconds();
        self.since = now;
        self.in_system = self.in_system.saturating_sub(1);
    }

    fn keep(&mut self, number: u32, fate: Fate) {
        let at = number as usize;
        if at >= self.fates.len() {
            self.fates.resize(at + 1, None);
        }
        self.fates[at] = Some(fate);
    }
}

impl Probe for Live {
    fn hear(&mut self, now: Time, subject: Subject, change: Change, _: &'static Rule, _: Option<Figure>) {
        let Subject::Message(message) = subject else { return };
        match change {
            Change::Sent | Change::Redriven => self.enter(now),
            Change::Left(Exit::Dead) => {
                self.leave(now);
                self.keep(message.number, Fate::Out(Exit::Dead));
            }
            Change::Done { .. } => {
                self.done += 1;
                self.sojourns += now.since(message.sent).seconds();
                self.recent.push_front(message.number);
                self.recent.truncate(Self::RECENT);
            }
            _ => {}
        }
    }

    fn over(&mut self, now: Time, message: &Message, fate: Fate) {
        if message.exit != Some(Exit::Dead) {
            self.leave(now);
        }
        self.keep(message.number, fate);
    }
}
