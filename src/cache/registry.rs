//! The list of policies: a new one is a file and a line in [`POLICIES`].

use super::{About, Anatomy, Because, Change, Departures, Outcome, Policy, Probe, Rule, Setup, Silent};
use super::{
    arc::Arc, belady::BeladyBypass, belady::BeladyForced, clock::Clock, fifo::Fifo, lfu::Lfu, lru::Lru,
    mru::Mru, random::Random, s3_fifo::S3Fifo, sieve::Sieve, slru::Slru, two_q::TwoQ,
};
use crate::trace::Key;

/// Every policy, in the order in which menus list them.
pub const POLICIES: &[Entry] = &[
    Entry::of::<Fifo>(),
    Entry::of::<Lru>(),
    Entry::of::<Mru>(),
    Entry::of::<Random>(),
    Entry::of::<Lfu>(),
    Entry::of::<Clock>(),
    Entry::of::<Sieve>(),
    Entry::of::<Slru>(),
    Entry::of::<TwoQ>(),
    Entry::of::<Arc>(),
    Entry::of::<S3Fifo>(),
    Entry::of::<BeladyForced>(),
    Entry::of::<BeladyBypass>(),
];

/// A policy in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it says about itself.
    pub about: &'static About,
    /// Makes an empty cache under this policy.
    pub build: fn(&Setup) -> Box<dyn Cache>,
}

/// Two entries are the same if they have the same name in scenarios.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.about.id == other.about.id
    }
}

impl Entry {
    const fn of<P: Policy>() -> Self {
        Entry { about: &P::ABOUT, build: |setup| Box::new(P::new(setup)) }
    }
}

/// The policy that a scenario calls `id`.
pub fn find(id: &str) -> Option<&'static Entry> {
    POLICIES.iter().find(|entry| entry.about.id == id)
}

/// A cache under some policy, called for a run of requests at a time.
pub trait Cache {
    /// Serves `requests` and counts the misses: the fastest way through.
    fn misses(&mut self, requests: &[Key]) -> u64;

    /// Serves `requests` and writes what became of each into `marks`, which is as long.
    fn mark(&mut self, requests: &[Key], marks: &mut [Mark]);

    /// Serves `requests` and notes who left when, but keeps no reasons.
    fn replay(&mut self, requests: &[Key], departures: &mut Departures);

    /// Serves one request, keeps the reasons, and notes who left.
    fn step(&mut self, key: Key, departures: &mut Departures, because: &mut Vec<Because>) -> Outcome;

    /// Shows what the cache holds.
    fn show(&self, anatomy: &mut Anatomy);

    /// The same cache once more.
    fn duplicate(&self) -> Box<dyn Cache>;
}

/// What became of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mark {
    /// It was answered from the cache.
    Hit,
    /// It was not, and nothing had to leave.
    Miss,
    /// It was not, and something left the cache for it.
    Evicted,
}

impl Mark {
    /// The mark of a request with this outcome, after which something `left` the cache or not.
    #[inline(always)]
    pub fn new(outcome: Outcome, left: bool) -> Self {
        match outcome {
            Outcome::Hit => Mark::Hit,
            Outcome::Miss if left => Mark::Evicted,
            Outcome::Miss => Mark::Miss,
        }
    }
}

impl<P: Policy> Cache for P {
    fn misses(&mut self, requests: &[Key]) -> u64 {
        requests.iter().map(|key| u64::from(self.request(*key, &mut Silent) == Outcome::Miss)).sum()
    }

    fn mark(&mut self, requests: &[Key], marks: &mut [Mark]) {
        for (key, mark) in requests.iter().zip(marks) {
            let mut left = AnyLeft(false);
            let outcome = self.request(*key, &mut left);
            *mark = Mark::new(outcome, left.0);
        }
    }

    fn replay(&mut self, requests: &[Key], departures: &mut Departures) {
        for key in requests {
            departures.next_request();
            self.request(*key, departures);
        }
    }

    fn step(&mut self, key: Key, departures: &mut Departures, because: &mut Vec<Because>) -> Outcome {
        departures.next_request();
        self.request(key, &mut (departures, because))
    }

    fn show(&self, anatomy: &mut Anatomy) {
        Policy::show(self, anatomy);
    }

    fn duplicate(&self) -> Box<dyn Cache> {
        Box::new(self.clone())
    }
}

/// Notices whether an object left the cache.
struct AnyLeft(bool);

impl Probe for AnyLeft {
    #[inline(always)]
    fn tell_number(&mut self, _: Key, change: Change, _: &'static Rule, _: Option<u32>) {
        self.0 |= matches!(change, Change::Leaves { .. });
    }
}
