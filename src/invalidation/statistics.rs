//! How a run is measured.
//!
//! A read is a **hit** if the database was not asked for the value while its client waited; it is **stale**, and of an
//! **age**, as [`Ledger`](super::Ledger) says. A write is **lost** if it was acknowledged and will never
//! be in the database. The **latency** of an operation runs from when its client asks until it is
//! answered; those that end in an error are counted apart.

use super::probe::{Change, Probe, Who};
use super::system::Levels;
use crate::catalogue::{Figure, Rule};
use crate::kernel::statistics::{BatchMeans, OverTime, Percentiles, Window};
use crate::kernel::{Span, Time};

/// The measurements of one run.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// What was counted.
    pub counts: Counts,
    /// Latency of reads and of writes in seconds, in batches.
    pub latency: [BatchMeans; 2],
    /// The sum of the latencies of reads and of writes, in seconds.
    pub latency_sum: [f64; 2],
    /// Latency of reads and of writes in nanoseconds.
    pub spread: [Percentiles; 2],
    /// Ages of stale reads in nanoseconds.
    pub ages: Percentiles,
    /// The sum of those ages, in seconds.
    pub age_sum: f64,
    /// Who threw dice whether to refresh.
    pub early: EarlyRefreshes,
    /// The sums over time of the levels, in seconds.
    pub sums: LevelSums,
    /// The most of everything at any time.
    pub most: Levels,
    /// The levels after the last event.
    pub levels: Levels,
    now: Time,
    told: Time,
    course: Option<OverTime<Passage>>,
    gravest: u8,
}

/// What was counted in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Operations that clients asked for.
    pub asked: u64,
    /// Reads that were answered.
    pub reads: u64,
    /// Those of them that were hits.
    pub hits: u64,
    /// Those of them that were stale.
    pub stale: u64,
    /// Writes that were acknowledged.
    pub writes: u64,
    /// Writes that were acknowledged and are lost.
    pub lost_writes: u64,
    /// Reads that ended in an error.
    pub failed_reads: u64,
    /// Writes that ended in an error.
    pub failed_writes: u64,
    /// Entries that had to make room.
    pub evicted: u64,
    /// Fills that were refused.
    pub refused: u64,
    /// Operations in the background.
    pub background: u64,
    /// Messages that did not arrive.
    pub lost_messages: u64,
    /// Times that a client acted on a value that was out of date.
    pub mistakes: u64,
    /// Times that the database refused to do so.
    pub conflicts: u64,
    /// Values that could not be read.
    pub unreadable: u64,
    /// Reads that were answered with "nothing".
    pub nothing: u64,
    /// Those of them that were stale: the key existed.
    pub denied: u64,
    /// Queries that found nothing.
    pub empty_loads: u64,
    /// Reads that a filter kept from cache and database.
    pub barred: u64,
    /// Reads that found the value in their server.
    pub copies: u64,
}

/// Readers that threw dice whether to fetch an entry anew, by how much of its life it had left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EarlyRefreshes {
    /// From an entry that is about to expire to one that is new.
    pub bins: [Throws; Self::BINS],
}

/// Readers that threw dice.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Throws {
    /// How many.
    pub all: u64,
    /// How many of them fetched the entry anew.
    pub early: u64,
    /// How many of them would on average: the sum of their probabilities.
    pub expected: f64,
}

impl EarlyRefreshes {
    /// How many bins there are, each as wide as the others.
    pub const BINS: usize = 20;

    /// The share of its life left in the middle of bin `at`.
    pub fn left(at: usize) -> f64 {
        (at as f64 + 0.5) / Self::BINS as f64
    }

    fn record(&mut self, left: f64, chance: f64, early: bool) {
        let at = (left * Self::BINS as f64) as usize;
        let bin = &mut self.bins[at.min(Self::BINS - 1)];
        bin.all += 1;
        bin.early += u64::from(early);
        bin.expected += chance;
    }
}

/// The levels, each times how long it held, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LevelSums {
    /// Of entries in the cache.
    pub entries: f64,
    /// Of values beside it.
    pub aside: f64,
    /// Of connections in use.
    pub busy: f64,
    /// Of queries that wait.
    pub queued: f64,
}

/// What happened in one window of a run.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    /// Reads answered.
    pub reads: u64,
    /// Hits among them.
    pub hits: u64,
    /// Stale ones among them.
    pub stale: u64,
    /// Operations that ended in an error.
    pub failed: u64,
    /// Values that the database read.
    pub loads: u64,
    /// Statements that wrote.
    pub stores: u64,
    /// Commands that came to the cache.
    pub commands: u64,
    /// Levels times seconds.
    pub sums: LevelSums,
    /// Latency of reads, in nanoseconds.
    pub read_latency: Percentiles,
    /// Latency of writes, in nanoseconds.
    pub write_latency: Percentiles,
}

impl LevelSums {
    fn add(&mut self, levels: &Levels, span: Span) {
        let seconds = span.seconds();
        self.entries += levels.entries as f64 * seconds;
        self.aside += levels.aside as f64 * seconds;
        self.busy += levels.busy as f64 * seconds;
        self.queued += levels.queued as f64 * seconds;
    }
}

impl Window for Passage {
    fn join(&mut self, next: Self) {
        self.reads += next.reads;
        self.hits += next.hits;
        self.stale += next.stale;
        self.failed += next.failed;
        self.loads += next.loads;
        self.stores += next.stores;
        self.commands += next.commands;
        self.sums.entries += next.sums.entries;
        self.sums.aside += next.sums.aside;
        self.sums.busy += next.sums.busy;
        self.sums.queued += next.sums.queued;
        self.read_latency.join(&next.read_latency);
        self.write_latency.join(&next.write_latency);
    }
}

/// How grave a change is: 0 nothing to tell, 1 well answered without a fetch, or acknowledged, 2 it cost a
/// fetch or went wrong for a while, 3 stale, an error or a loss.
pub fn gravity(change: Change) -> u8 {
    match change {
        Change::Answered { stale: Some(_), .. }
        | Change::Failed { .. }
        | Change::WriteLost { .. }
        | Change::Mistaken
        | Change::Unreadable => 3,
        Change::Answered { hit: false, .. }
        | Change::TimedOut
        | Change::Conflict
        | Change::Restarts
        | Change::Down
        | Change::Parted => 2,
        Change::Answered { .. } | Change::Acknowledged { .. } => 1,
        _ => 0,
    }
}

const READS: usize = 0;
const WRITES: usize = 1;

impl Statistics {
    /// Nothing measured yet; the course of the run is kept if `course` is set.
    pub fn new(course: bool) -> Self {
        const FIRST_BATCH: u64 = 16;
        Statistics {
            counts: Counts::default(),
            latency: [BatchMeans::new(FIRST_BATCH), BatchMeans::new(FIRST_BATCH)],
            latency_sum: [0.0; 2],
            spread: [Percentiles::new(), Percentiles::new()],
            ages: Percentiles::new(),
            age_sum: 0.0,
            early: EarlyRefreshes::default(),
            sums: LevelSums::default(),
            most: Levels::default(),
            levels: Levels::default(),
            now: Time::ZERO,
            told: Time::ZERO,
            course: course.then(OverTime::new),
            gravest: 0,
        }
    }

    /// The time of the last event.
    pub fn now(&self) -> Time {
        self.now
    }

    /// When the last client had its answer or its error; what goes on in the background may go on for longer.
    pub fn told(&self) -> Time {
        self.told
    }

    /// The course of the run, if it was kept.
    pub fn course(&self) -> Option<&OverTime<Passage>> {
        self.course.as_ref()
    }

    /// How grave the gravest event was since this was asked last, as [`gravity`] says.
    pub fn take_gravest(&mut self) -> u8 {
        std::mem::replace(&mut self.gravest, 0)
    }

    /// Which part of all commands came to the node of the cache to which most came; 0 before the first.
    pub fn fullest_share(&self) -> f64 {
        self.levels.fullest as f64 / self.levels.commands.max(1) as f64
    }

    /// Which part of the run that node would have worked, at `work` a command: above 1, more came to it
    /// than it could do.
    pub fn fullest_load(&self, work: Span) -> f64 {
        self.levels.fullest as f64 * work.seconds() / self.now.seconds().max(f64::MIN_POSITIVE)
    }

    /// Reads the levels after an event at `now`.
    pub fn read(&mut self, now: Time, levels: Levels) {
        let (before, since) = (self.levels, self.now);
        self.sums.add(&before, now.since(since));
        if let Some(course) = &mut self.course {
            course.spread(since, now, |passage, span| passage.sums.add(&before, span));
            let passage = course.at(now);
            passage.loads += levels.done.reads - before.done.reads;
            passage.stores += levels.done.writes - before.done.writes;
            passage.commands += levels.commands - before.commands;
        }
        self.most.entries = self.most.entries.max(levels.entries);
        self.most.aside = self.most.aside.max(levels.aside);
        self.most.busy = self.most.busy.max(levels.busy);
        self.most.queued = self.most.queued.max(levels.queued);
        self.most.open = self.most.open.max(levels.open);
        self.levels = levels;
        self.now = now;
    }

    fn answered(&mut self, what: usize, latency: Span) {
        self.latency[what].push(latency.seconds());
        self.latency_sum[what] += latency.seconds();
        self.spread[what].record(latency.nanos());
    }

    fn read_answered(&mut self, at: Time, hit: bool, stale: Option<Span>, latency: Span) {
        self.told = at;
        self.answered(READS, latency);
        self.counts.reads += 1;
        self.counts.hits += u64::from(hit);
        self.counts.stale += u64::from(stale.is_some());
        if let Some(age) = stale {
            self.ages.record(age.nanos());
            self.age_sum += age.seconds();
        }
        if let Some(course) = &mut self.course {
            let passage = course.at(at);
            passage.reads += 1;
            passage.hits += u64::from(hit);
            passage.stale += u64::from(stale.is_some());
            passage.read_latency.record(latency.nanos());
        }
    }

    fn write_acknowledged(&mut self, at: Time, latency: Span) {
        self.told = at;
        self.answered(WRITES, latency);
        self.counts.writes += 1;
        if let Some(course) = &mut self.course {
            course.at(at).write_latency.record(latency.nanos());
        }
    }

    fn failed(&mut self, at: Time, who: Who) {
        self.told = at;
        let write = matches!(who, Who::Operation(operation) if operation.kind == super::Kind::Write);
        let count = if write { &mut self.counts.failed_writes } else { &mut self.counts.failed_reads };
        *count += 1;
        if let Some(course) = &mut self.course {
            course.at(at).failed += 1;
        }
    }
}

impl Probe for Statistics {
    fn hear(&mut self, at: Time, who: Who, change: Change, _: &'static Rule, _: Figure) {
        self.gravest = self.gravest.max(gravity(change));
        match change {
            Change::Begins => self.counts.asked += 1,
            Change::Answered { content, hit, stale, latency } => {
                self.counts.nothing += u64::from(content.is_none());
                self.counts.denied += u64::from(content.is_none() && stale.is_some());
                self.read_answered(at, hit, stale, latency);
            }
            Change::Acknowledged { latency } => self.write_acknowledged(at, latency),
            Change::Failed { .. } => self.failed(at, who),
            Change::WriteLost { .. } => self.counts.lost_writes += 1,
            Change::Evicted { .. } => self.counts.evicted += 1,
            Change::NotKept { .. } => self.counts.refused += 1,
            Change::Begun(_) => self.counts.background += 1,
            Change::Lost => self.counts.lost_messages += 1,
            Change::Mistaken => self.counts.mistakes += 1,
            Change::Conflict => self.counts.conflicts += 1,
            Change::Unreadable => self.counts.unreadable += 1,
            Change::Read { content: None } => self.counts.empty_loads += 1,
            Change::Sifted { passes: false } => self.counts.barred += 1,
            Change::HadCopy { .. } => self.counts.copies += 1,
            Change::Weighed { left, life, chance, early } => {
                self.early.record(left.seconds() / life.seconds().max(f64::MIN_POSITIVE), chance, early);
            }
            _ => {}
        }
    }
}
