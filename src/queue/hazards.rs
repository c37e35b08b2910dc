//! What goes wrong: work that fails, workers that break down or get stuck, and slow workers.
//!
//! Whether a try goes wrong depends on the seed, the message and the number of the try alone. So
//! every variant of a scenario meets the same failures, whatever it has done before.

use super::message::Message;
use crate::kernel::{Random, Span, Time};
use std::rc::Rc;

/// Everything that can go wrong in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Hazards {
    /// Fixes what chance decides.
    pub seed: u64,
    /// The share of tries whose work fails, from 0 to 1.
    pub fail: f64,
    /// The share of tries in which the worker breaks down, from 0 to 1.
    pub crash: f64,
    /// Whether it breaks down when the work is done and only the acknowledgement is missing;
    /// otherwise in the middle of the work.
    pub crash_late: bool,
    /// The numbers of the messages that always go wrong, in rising order.
    pub poison: Rc<[u32]>,
    /// What they do.
    pub poison_does: Poison,
    /// From this time on they do no harm, because somebody has found the cause.
    pub mended: Time,
    /// How long a worker that broke down is away.
    pub restart: Span,
    /// When which worker, counted from 0, breaks down whatever it does; by rising time.
    pub crashes: Rc<[(Time, u32)]>,
    /// Which workers, counted from 0, take so many times as long.
    pub slow: Rc<[(u32, f64)]>,
}

/// What a poison message does to who works on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poison {
    /// Its work fails.
    Fail,
    /// Its worker breaks down.
    Crash,
    /// Its worker never gets to an end.
    Hang,
}

/// How one try ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try {
    /// Well.
    Done,
    /// In an error.
    Fails,
    /// With the worker broken down in the middle of the work.
    CrashesMidway,
    /// With the worker broken down when the work is done and not yet acknowledged.
    CrashesLate,
    /// Never.
    Hangs,
}

impl Default for Hazards {
    /// Nothing goes wrong.
    fn default() -> Self {
        Hazards {
            seed: 0,
            fail: 0.0,
            crash: 0.0,
            crash_late: false,
            poison: Rc::new([]),
            poison_does: Poison::Fail,
            mended: Time::MAX,
            restart: Span::from_millis(5_000),
            crashes: Rc::new([]),
            slow: Rc::new([]),
        }
    }
}

impl Hazards {
    /// How the present try of `message` ends that begins at `now`.
    pub fn outcome(&self, message: &Message, now: Time) -> Try {
        if now < self.mended && self.poison.binary_search(&message.number).is_ok() {
            return match self.poison_does {
                Poison::Fail => Try::Fails,
                Poison::Crash => Try::CrashesMidway,
                Poison::Hang => Try::Hangs,
            };
        }
        if self.fail + self.crash == 0.0 {
            return Try::Done;
        }
        let one_of_all = u64::from(message.number) << 32 | u64::from(message.receives);
        let chance = Random::stream(self.seed, one_of_all).unit();
        match chance {
            chance if chance < self.fail => Try::Fails,
            chance if chance >= self.fail + self.crash => Try::Done,
            _ if self.crash_late => Try::CrashesLate,
            _ => Try::CrashesMidway,
        }
    }

    /// How many times as long `worker` takes.
    pub fn slowness(&self, worker: u32) -> f64 {
        self.slow.iter().find(|(slow, _)| *slow == worker).map_or(1.0, |(_, times)| *times)
    }
}
