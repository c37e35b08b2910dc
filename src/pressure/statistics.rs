//! How a run of a chain of stages is measured.
//!
//! **Throughput** is what the stages finish, **goodput** what of it somebody still wanted. The
//! **latency** of a request runs from when its caller first asked until it has the answer, pauses and
//! further tries included. A stage's **memory** is what it holds in its buffer and with its workers; what
//! waits at a door is held by whoever brought it. The **recovery time** runs from the end of an overload
//! until there are no more open requests and no more tries under way than there were on average before
//! it began; by Little's law latency then is what it was, too.

use super::{Change, End, Probe, Subject};
use crate::catalogue::Rule;
use crate::kernel::statistics::{BatchMeans, OverTime, Percentiles, Window};
use crate::kernel::{Span, Time};
use crate::queue::Figure;

/// The most tenants and the most classes.
pub const MOST_SHARES: usize = 8;

/// The measurements of one run.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// What was counted.
    pub counts: Counts,
    /// Latency in seconds, in batches.
    pub latency: BatchMeans,
    /// The sum of all latencies, in seconds.
    pub latency_sum: f64,
    /// Latency in nanoseconds.
    pub spread: Percentiles,
    /// Requests asked for and answered, by tenant.
    pub tenants: [(u64, u64); MOST_SHARES],
    /// Requests asked for and answered, by class.
    pub classes: [(u64, u64); MOST_SHARES],
    /// Time that workers spent on tries that were answered, and on others, in seconds.
    pub work: (f64, f64),
    /// The sums over time of the levels, in seconds.
    pub sums: LevelSums,
    /// The most requests that the stages held together.
    pub most_held: usize,
    /// The levels after the last event.
    pub levels: Levels,
    overload: Option<Overload>,
    now: Time,
    course: Option<OverTime<Passage>>,
    gravest: u8,
}

/// What was counted in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests.
    pub asked: u64,
    /// Tries of them.
    pub attempts: u64,
    /// Requests that were answered.
    pub answered: u64,
    /// Requests that were given up.
    pub given_up: u64,
    /// Tries that were done when nobody wanted them any more.
    pub in_vain: u64,
    /// Tries that came to nothing, by [`End`].
    pub ended: [u64; 6],
    /// Tries that their callers gave up.
    pub timed_out: u64,
    /// Times that a stage was killed or broke down.
    pub downs: u64,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Tries that the stages hold, in buffers and with workers.
    pub held: usize,
    /// Tries that wait at doors, those held by the workers of the stage before included.
    pub at_door: usize,
    /// Those of them that no stage holds: they stand before the first one.
    pub outside: usize,
    /// Workers that hold a request, whether they can work or not.
    pub working: usize,
    /// Workers that there are.
    pub workers: usize,
    /// Requests that have neither an answer nor been given up.
    pub open: usize,
}

/// The levels, each times how long it held, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LevelSums {
    /// Of tries held.
    pub held: f64,
    /// Of tries at doors.
    pub at_door: f64,
    /// Of tries before the first stage.
    pub outside: f64,
    /// Of workers at work.
    pub working: f64,
    /// Of workers.
    pub workers: f64,
    /// Of open requests.
    pub open: f64,
}

/// An overload, and what comes after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overload {
    from: Time,
    until: Time,
    /// The levels of before, added up.
    calm: LevelSums,
    recovered: Option<Time>,
}

/// What happened in one window of a run.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    /// Tries sent.
    pub offered: u64,
    /// Requests answered.
    pub answered: u64,
    /// Tries done.
    pub done: u64,
    /// Tries that came to nothing.
    pub ended: u64,
    /// Levels times seconds.
    pub sums: LevelSums,
    /// Latency of what was answered, in nanoseconds.
    pub latency: Percentiles,
}

impl LevelSums {
    fn add(&mut self, levels: &Levels, span: Span) {
        let seconds = span.seconds();
        self.held += levels.held as f64 * seconds;
        self.at_door += levels.at_door as f64 * seconds;
        self.outside += levels.outside as f64 * seconds;
        self.working += levels.working as f64 * seconds;
        self.workers += levels.workers as f64 * seconds;
        self.open += levels.open as f64 * seconds;
    }
}

impl Window for Passage {
    fn join(&mut self, next: Self) {
        self.offered += next.offered;
        self.answered += next.answered;
        self.done += next.done;
        self.ended += next.ended;
        self.sums.held += next.sums.held;
        self.sums.at_door += next.sums.at_door;
        self.sums.outside += next.sums.outside;
        self.sums.working += next.sums.working;
        self.sums.workers += next.sums.workers;
        self.sums.open += next.sums.open;
        self.latency.join(&next.latency);
    }
}

const NOTHING: u8 = 0;
const PROGRESS: u8 = 1;
const TROUBLE: u8 = 2;
const LOSS: u8 = 3;

impl Statistics {
    /// Nothing measured yet; the course of the run is kept if `course` is set. If it is known from
    /// when until when more comes than can be served, `overload` says so.
    pub fn new(course: bool, overload: Option<(Time, Time)>) -> Self {
        const FIRST_BATCH: u64 = 16;
        let calm = LevelSums::default();
        Statistics {
            counts: Counts::default(),
            latency: BatchMeans::new(FIRST_BATCH),
            latency_sum: 0.0,
            spread: Percentiles::new(),
            tenants: [(0, 0); MOST_SHARES],
            classes: [(0, 0); MOST_SHARES],
            work: (0.0, 0.0),
            sums: LevelSums::default(),
            most_held: 0,
            levels: Levels::default(),
            overload: overload.map(|(from, until)| Overload { from, until, calm, recovered: None }),
            now: Time::ZERO,
            course: course.then(OverTime::new),
            gravest: NOTHING,
        }
    }

    /// The time of the last event.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The course of the run, if it was kept.
    pub fn course(&self) -> Option<&OverTime<Passage>> {
        self.course.as_ref()
    }

    /// How grave the gravest event was since this was asked last: 0 nothing, 1 progress, 2 trouble,
    /// 3 loss.
    pub fn take_gravest(&mut self) -> u8 {
        std::mem::replace(&mut self.gravest, NOTHING)
    }

    /// From the end of the overload until things were again as before, and whether they ever were:
    /// if not, the time until the last event. `None` where there was no overload, or the run did not
    /// come to its end.
    pub fn recovery(&self) -> Option<(Span, bool)> {
        let overload = self.overload.as_ref().filter(|overload| self.now >= overload.until)?;
        let end = overload.recovered.unwrap_or(self.now);
        Some((end.since(overload.until), overload.recovered.is_some()))
    }

    /// After an event at `now` the levels are these.
    pub fn read(&mut self, now: Time, levels: Levels) {
        let before = self.levels;
        self.sums.add(&before, now.since(self.now));
        if let Some(overload) = &mut self.overload {
            overload.read(self.now, now, &before, &levels);
        }
        if let Some(course) = &mut self.course {
            course.spread(self.now, now, |window, span| window.sums.add(&before, span));
        }
        self.now = now;
        self.levels = levels;
        self.most_held = self.most_held.max(levels.held);
    }

    fn passage(&mut self, now: Time, note: impl FnOnce(&mut Passage)) {
        if let Some(course) = &mut self.course {
            note(course.at(now));
        }
    }
}

impl Overload {
    fn read(&mut self, from: Time, now: Time, before: &Levels, levels: &Levels) {
        self.calm.add(before, now.min(self.from).since(from));
        let length = self.from.since(Time::ZERO).seconds();
        if self.recovered.is_some() || now < self.until || length == 0.0 {
            return;
        }
        let usual = |sum: f64| (sum / length).ceil().max(1.0) as usize;
        let tries = levels.held + levels.outside;
        if levels.open <= usual(self.calm.open) && tries <= usual(self.calm.held + self.calm.outside) {
            self.recovered = Some(now);
        }
    }
}

impl Probe for Statistics {
    fn hear(&mut self, now: Time, subject: Subject, change: Change, _: &'static Rule, _: Option<Figure>) {
        self.gravest = self.gravest.max(gravity(change));
        let Subject::Request(request, _) = subject else {
            self.counts.downs += u64::from(change == Change::Down);
            return;
        };
        let (tenant, class) = (usize::from(request.tenant), usize::from(request.class));
        match change {
            Change::Sent => {
                self.counts.attempts += 1;
                if request.name.attempt == 1 {
                    self.counts.asked += 1;
                    self.tenants[tenant].0 += 1;
                    self.classes[class].0 += 1;
                }
                self.passage(now, |window| window.offered += 1);
            }
            Change::Answered { latency } => {
                self.counts.answered += 1;
                self.tenants[tenant].1 += 1;
                self.classes[class].1 += 1;
                self.latency.push(latency.seconds());
                self.latency_sum += latency.seconds();
                self.spread.record(latency.nanos());
                self.work.0 += request.spent.seconds();
                self.passage(now, |window| {
                    window.answered += 1;
                    window.done += 1;
                    window.latency.record(latency.nanos());
                });
            }
            Change::InVain => {
                self.counts.in_vain += 1;
                self.work.1 += request.spent.seconds();
                self.passage(now, |window| window.done += 1);
            }
            Change::Ended(end) => {
                self.counts.ended[end as usize] += 1;
                self.work.1 += request.spent.seconds();
                self.passage(now, |window| window.ended += 1);
            }
            Change::GivenUp => self.counts.given_up += 1,
            Change::TimedOut => self.counts.timed_out += 1,
            _ => {}
        }
    }
}

impl Counts {
    /// How many tries came to nothing in this way.
    pub fn ended(&self, end: End) -> u64 {
        self.ended[end as usize]
    }

    /// How many tries came to nothing at all.
    pub fn all_ended(&self) -> u64 {
        self.ended.iter().sum()
    }
}

/// How grave a change is.
pub fn gravity(change: Change) -> u8 {
    match change {
        Change::Ended(_) | Change::GivenUp | Change::InVain | Change::Down => LOSS,
        Change::TimedOut | Change::Retries { .. } | Change::Stuck { .. } => TROUBLE,
        Change::Paused | Change::Slow | Change::Dropping | Change::Turned => TROUBLE,
        _ => PROGRESS,
    }
}
