//! What a limiter takes for each key and for each decision: measured on the limiter, not claimed.
//!
//! Each key comes as often as its limit allows, all at the same time, and once more. So each ends at
//! its limit, where a log is longest, and both kinds of answer are in the mean. Memory that is
//! reserved but not in use is not counted.

use super::{Key, Limiter};
use crate::kernel::Time;

/// The numbers of keys that are compared: few, and very many.
pub const KEYS: [u32; 2] = [10, 1_000_000];

/// A measurement under way, in slices, because a million keys may take longer than a page may stand still.
pub struct Measurement {
    limiter: Box<dyn Limiter>,
    keys: u32,
    decisions: u64,
    refused: u64,
    /// The key that comes next, and how often it has come.
    next: (Key, u64),
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Footprint {
    /// How many keys came; fewer than asked for if memory or time was used up.
    pub keys: u32,
    /// How many decisions were made about them.
    pub decisions: u64,
    /// How many of those were refusals.
    pub refused: u64,
    /// Bytes of state for each key.
    pub bytes: f64,
    /// Words of state read or written for each decision.
    pub words: f64,
}

impl Measurement {
    /// How many bytes of state may be used; then the measurement ends early.
    pub const MOST_BYTES: usize = 1 << 28;
    /// How many decisions may be made; then the measurement ends early.
    pub const MOST_DECISIONS: u64 = 1 << 25;

    /// Of `limiter`, which has seen nobody, with so many keys.
    pub fn new(limiter: Box<dyn Limiter>, keys: u32) -> Self {
        Measurement { limiter, keys, decisions: 0, refused: 0, next: (0, 0) }
    }

    /// Makes so many decisions more, and says whether all is done.
    pub fn advance(&mut self, decisions: u64) -> bool {
        let until = self.decisions.saturating_add(decisions).min(Self::MOST_DECISIONS);
        while self.next.0 < self.keys && self.decisions < until {
            self.ask();
        }
        self.next.0 == self.keys
            || self.decisions == Self::MOST_DECISIONS
            || self.limiter.cost().bytes > Self::MOST_BYTES
    }

    /// The next key comes, as often as its limit allows, and once more.
    fn ask(&mut self) {
        let (key, came) = self.next;
        let decision = self.limiter.decide(key, 1, Time::ZERO);
        self.decisions += 1;
        self.refused += u64::from(!decision.admitted());
        self.next = if came < u64::from(decision.limit) { (key, came + 1) } else { (key + 1, 0) };
    }

    /// What has been measured so far.
    pub fn footprint(&self) -> Footprint {
        let (cost, (key, came)) = (self.limiter.cost(), self.next);
        let keys = key + u32::from(came > 0);
        Footprint {
            keys,
            decisions: self.decisions,
            refused: self.refused,
            bytes: cost.bytes as f64 / f64::from(keys.max(1)),
            words: cost.touched as f64 / self.decisions.max(1) as f64,
        }
    }
}

/// Measures `limiter`, which has seen nobody, with so many keys.
pub fn measure(limiter: Box<dyn Limiter>, keys: u32) -> Footprint {
    const SLICE: u64 = 1 << 20;
    let mut measurement = Measurement::new(limiter, keys);
    while !measurement.advance(SLICE) {}
    measurement.footprint()
}
