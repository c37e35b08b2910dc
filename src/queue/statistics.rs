//! How a run of a queueing system is measured: counts, waits and sojourns, levels over time.
//!
//! A **wait** lasts from the sending of a message to the moment at which a worker first begins with
//! it; a **sojourn** until its work is first done. Both are counted for the messages whose work was
//! done, in the order of their ends. Levels are weighed by time. The first messages may be left out
//! as a warm-up: then levels and the throughput are measured from the moment at which the first
//! counted message is sent to that at which the last one is, so that neither the start nor the
//! run-down of the queue is in them.

use super::message::{Exit, Message};
use super::probe::{Change, Figure, Probe, Subject};
use super::system::Levels;
use crate::catalogue::Rule;
use crate::kernel::Time;
use crate::kernel::statistics::{BatchMeans, OverTime, Percentiles, TimeWeighted, Window};

/// The measurements of one run.
#[derive(Clone, Debug)]
pub struct Statistics {
    warm_up: u32,
    /// How many messages are sent in all.
    messages: u32,
    /// What was counted.
    pub counts: Counts,
    /// Waits in seconds, in batches.
    pub waits: BatchMeans,
    /// Sojourns in seconds, in batches.
    pub sojourns: BatchMeans,
    /// The sum of all waits and of all sojourns, in seconds.
    pub sums: (f64, f64),
    /// Waits in nanoseconds.
    pub wait_spread: Percentiles,
    /// Sojourns in nanoseconds.
    pub sojourn_spread: Percentiles,
    levels: Option<LevelsOverTime>,
    /// Messages done while levels were weighed.
    passed: u64,
    /// When the weighing of levels ended, if it has.
    closed: Option<Time>,
    now: Time,
    course: Option<OverTime<Passage>>,
    before: (Time, Levels),
    gravest: u8,
}

/// What became of the messages of a run, the warm-up left out, and what happened on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sent by producers.
    pub sent: u64,
    /// Work done, once or more often.
    pub done: u64,
    /// Not let in.
    pub refused: u64,
    /// Thrown out to make room.
    pub dropped: u64,
    /// Waited too long.
    pub expired: u64,
    /// Now among the dead letters.
    pub dead: u64,
    /// Given up, with no place to keep the dead.
    pub discarded: u64,
    /// Failed, and the caller was told.
    pub failed: u64,
    /// Acknowledged, but never done.
    pub lost: u64,
    /// Hand-outs of messages that had been handed out before.
    pub redelivered: u64,
    /// Times that work was done which had been done before.
    pub repeated: u64,
    /// Workers that broke down.
    pub crashes: u64,
}

impl Counts {
    /// The count of those that left the queue in this way without their work being done.
    fn of(&mut self, exit: Exit) -> Option<&mut u64> {
        match exit {
            Exit::Acknowledged => None,
            Exit::Refused => Some(&mut self.refused),
            Exit::Dropped => Some(&mut self.dropped),
            Exit::Expired => Some(&mut self.expired),
            Exit::Dead => Some(&mut self.dead),
            Exit::Discarded => Some(&mut self.discarded),
            Exit::Failed => Some(&mut self.failed),
        }
    }

    /// Messages that ended without their work being done.
    pub fn not_done(&self) -> u64 {
        self.refused + self.dropped + self.expired + self.dead + self.discarded + self.failed + self.lost
    }
}

#[derive(Clone, Debug)]
struct LevelsOverTime {
    in_system: TimeWeighted,
    waiting: TimeWeighted,
    busy: TimeWeighted,
    from: Time,
}

/// What happened in one window of a run.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    /// Messages sent.
    pub sent: u64,
    /// Messages done.
    pub done: u64,
    /// Messages that ended without being done.
    pub not_done: u64,
    /// Hand-outs of messages that had been handed out before.
    pub redelivered: u64,
    /// The sum of the messages waiting, in messages times seconds.
    pub waiting: f64,
    /// The sum of the workers at work, in workers times seconds.
    pub busy: f64,
    /// The greatest age of a message that was to be handed out next, in seconds.
    pub oldest: f64,
    /// The sojourns of the messages done, in nanoseconds.
    pub sojourns: Percentiles,
}

impl Window for Passage {
    fn join(&mut self, next: Self) {
        self.sent += next.sent;
        self.done += next.done;
        self.not_done += next.not_done;
        self.redelivered += next.redelivered;
        self.waiting += next.waiting;
        self.busy += next.busy;
        self.oldest = self.oldest.max(next.oldest);
        self.sojourns.join(&next.sojourns);
    }
}

/// How grave an event is, from 0 to 3: as the lab's outcomes.
const NOTHING: u8 = 0;
const PROGRESS: u8 = 1;
const TROUBLE: u8 = 2;
const LOSS: u8 = 3;

impl Statistics {
    /// Nothing measured yet of so many `messages`; the first `warm_up` of them will be left out, and
    /// the course of the run is kept if `course` is set.
    pub fn new(messages: u32, warm_up: u32, course: bool) -> Self {
        const FIRST_BATCH: u64 = 16;
        Statistics {
            warm_up,
            messages,
            counts: Counts::default(),
            waits: BatchMeans::new(FIRST_BATCH),
            sojourns: BatchMeans::new(FIRST_BATCH),
            sums: (0.0, 0.0),
            wait_spread: Percentiles::new(),
            sojourn_spread: Percentiles::new(),
            levels: None,
            passed: 0,
            closed: None,
            now: Time::ZERO,
            course: course.then(OverTime::new),
            before: (Time::ZERO, Levels::default()),
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

    /// Messages done a second while levels were weighed; `None` if that was no time at all.
    pub fn throughput(&self) -> Option<f64> {
        let seconds = self.end().since(self.levels.as_ref()?.from).seconds();
        (seconds > 0.0).then(|| self.passed as f64 / seconds)
    }

    /// Until when levels were weighed.
    fn end(&self) -> Time {
        self.closed.unwrap_or(self.now)
    }

    /// The mean number of messages that are neither over nor dead.
    pub fn mean_in_system(&self) -> f64 {
        self.mean(|levels| &levels.in_system)
    }

    /// The mean number of them that nobody works on.
    pub fn mean_queue_length(&self) -> f64 {
        self.mean(|levels| &levels.waiting)
    }

    /// The greatest number of them that nobody works on.
    pub fn longest_queue(&self) -> f64 {
        self.levels.as_ref().map_or(0.0, |levels| levels.waiting.greatest())
    }

    /// The mean number of workers at work.
    pub fn mean_busy(&self) -> f64 {
        self.mean(|levels| &levels.busy)
    }

    fn mean(&self, of: impl Fn(&LevelsOverTime) -> &TimeWeighted) -> f64 {
        self.levels.as_ref().and_then(|levels| of(levels).mean(self.end())).unwrap_or(0.0)
    }

    /// How grave the gravest event was since this was asked last: 0 nothing, 1 progress, 2 trouble,
    /// 3 loss.
    pub fn take_gravest(&mut self) -> u8 {
        std::mem::replace(&mut self.gravest, NOTHING)
    }

    /// After an event at `now` the levels are these.
    #[inline]
    pub fn read(&mut self, now: Time, levels: Levels) {
        self.now = now;
        if self.closed.is_none()
            && let Some(over_time) = &mut self.levels
        {
            let waiting = levels.in_system - levels.busy.min(levels.in_system);
            over_time.in_system.set(now, levels.in_system as f64);
            over_time.waiting.set(now, waiting as f64);
            over_time.busy.set(now, levels.busy as f64);
        }
        if self.course.is_some() {
            self.follow(now, levels);
        }
    }

    fn follow(&mut self, now: Time, levels: Levels) {
        let Some(course) = &mut self.course else { return };
        let (since, before) = std::mem::replace(&mut self.before, (now, levels));
        let waiting = before.in_system.saturating_sub(before.busy) as f64;
        course.spread(since, now, |window, span| {
            window.waiting += waiting * span.seconds();
            window.busy += before.busy as f64 * span.seconds();
        });
        let window = course.at(now);
        let age = before.oldest.map_or(0.0, |sent| now.since(sent).seconds());
        window.oldest = window.oldest.max(age);
    }

    #[inline(always)]
    fn passage(&mut self, now: Time, note: impl FnOnce(&mut Passage)) {
        if let Some(course) = &mut self.course {
            note(course.at(now));
        }
    }

    fn start_levels(&mut self, now: Time) {
        let from = |value: f64| TimeWeighted::new(now, value);
        let (_, levels) = self.before;
        let (in_system, busy) = (levels.in_system as f64, levels.busy as f64);
        self.levels = Some(LevelsOverTime {
            in_system: from(in_system),
            waiting: from((in_system - busy).max(0.0)),
            busy: from(busy),
            from: now,
        });
    }

    #[inline(always)]
    fn first_done(&mut self, now: Time, message: &Message) {
        let sojourn = now.since(message.sent);
        let wait = message.started.unwrap_or(now).since(message.sent);
        self.counts.done += 1;
        self.waits.push(wait.seconds());
        self.sojourns.push(sojourn.seconds());
        self.sums.0 += wait.seconds();
        self.sums.1 += sojourn.seconds();
        self.wait_spread.record(wait.nanos());
        self.sojourn_spread.record(sojourn.nanos());
    }
}

impl Probe for Statistics {
    #[inline(always)]
    fn hear(&mut self, now: Time, subject: Subject, change: Change, _: &'static Rule, _: Option<Figure>) {
        self.gravest = self.gravest.max(gravity(change));
        let Subject::Message(message) = subject else {
            self.counts.crashes += u64::from(matches!(change, Change::Crashed { .. }));
            return;
        };
        let counted = message.number > self.warm_up;
        match change {
            Change::Sent => {
                if counted {
                    self.counts.sent += 1;
                    if self.levels.is_none() {
                        self.start_levels(now);
                    }
                    if self.warm_up > 0 && message.number == self.messages {
                        self.closed = Some(now);
                    }
                }
                self.passage(now, |window| window.sent += 1);
            }
            Change::Done { .. } => {
                self.passed += u64::from(self.levels.is_some() && self.closed.is_none());
                if counted {
                    self.first_done(now, message);
                    // It may have been given up while a worker was still at it.
                    if let Some(count) = message.exit.and_then(|exit| self.counts.of(exit)) {
                        *count -= 1;
                    }
                }
                let sojourn = now.since(message.sent).nanos();
                self.passage(now, |window| {
                    window.done += 1;
                    window.sojourns.record(sojourn);
                });
            }
            Change::Handed { .. } if message.receives > 1 => {
                self.counts.redelivered += u64::from(counted);
                self.passage(now, |window| window.redelivered += 1);
            }
            Change::Repeated { .. } => self.counts.repeated += u64::from(counted),
            Change::Left(exit) if message.done == 0 && exit != Exit::Acknowledged => {
                if let Some(count) = self.counts.of(exit).filter(|_| counted) {
                    *count += 1;
                }
                self.passage(now, |window| window.not_done += 1);
            }
            Change::Lost => {
                self.counts.lost += u64::from(counted);
                self.passage(now, |window| window.not_done += 1);
            }
            Change::Redriven if message.done == 0 => self.counts.dead -= u64::from(counted),
            _ => {}
        }
    }
}

/// How grave a change is.
#[inline(always)]
pub fn gravity(change: Change) -> u8 {
    match change {
        Change::Lost
        | Change::Left(
            Exit::Refused | Exit::Dropped | Exit::Expired | Exit::Dead | Exit::Discarded | Exit::Failed,
        ) => LOSS,
        Change::Repeated { .. }
        | Change::Failed { .. }
        | Change::Crashed { .. }
        | Change::Ignored
        | Change::Blocked => TROUBLE,
        _ => PROGRESS,
    }
}
