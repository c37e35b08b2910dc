//! How a run is measured.
//!
//! The **delay** of a request is the time from when it came until its node has its answer. Whether a
//! request is over the limit or refused too early is judged by a [tally](super::Tally) of all nodes.

use super::sliding::Sliding;
use super::tally::Summary;
use super::{Change, Probe, Request, Who, gravity};
use crate::catalogue::Rule;
use crate::kernel::statistics::{BatchMeans, OverTime, Percentiles, Window};
use crate::kernel::{Span, Time};
use crate::limit::Figure;

/// The measurements of one run.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// What was counted.
    pub counts: Counts,
    /// What the windows came to.
    pub windows: Summary,
    /// Messages to the store.
    pub messages: u64,
    /// Requests of each node.
    pub nodes: Vec<u64>,
    /// Delays in seconds, in batches.
    pub delay: BatchMeans,
    /// The sum of all delays, in seconds.
    pub delays: f64,
    /// Delays in nanoseconds.
    pub spread: Percentiles,
    /// When those came that passed.
    passed: Sliding,
    /// How many of the latest window have passed.
    present: (u64, u64),
    now: Time,
    course: Option<OverTime<Course>>,
    gravest: u8,
}

/// What became of the requests of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that came.
    pub offered: u64,
    /// Requests that passed.
    pub admitted: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Of those that passed, those over the limit.
    pub over: u64,
    /// Of those that were refused, those that need not have been.
    pub early: u64,
    /// Requests that passed or were refused because the store did not answer.
    pub failed: u64,
    /// Times that a node gave up waiting.
    pub gave_up: u64,
    /// Messages that were lost.
    pub lost: u64,
    /// Answers that came too late.
    pub late: u64,
}

/// What happened in one stretch of a run.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// Requests that came.
    pub offered: u64,
    /// Requests that passed.
    pub admitted: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Requests that passed over the limit.
    pub over: u64,
    /// Requests that were refused too early.
    pub early: u64,
    /// The most that had passed in a window by then.
    pub fullest: u64,
    /// Times that a node gave up waiting.
    pub gave_up: u64,
    /// Messages to the store.
    pub messages: u64,
    /// Requests of each node.
    pub nodes: Vec<u64>,
    /// Delays, in nanoseconds.
    pub delay: Percentiles,
}

impl Window for Course {
    fn join(&mut self, next: Self) {
        self.offered += next.offered;
        self.admitted += next.admitted;
        self.refused += next.refused;
        self.over += next.over;
        self.early += next.early;
        self.fullest = self.fullest.max(next.fullest);
        self.gave_up += next.gave_up;
        self.messages += next.messages;
        for (node, count) in next.nodes.iter().enumerate() {
            *of_node(&mut self.nodes, node) += count;
        }
        self.delay.join(&next.delay);
    }
}

fn of_node(nodes: &mut Vec<u64>, node: usize) -> &mut u64 {
    if node >= nodes.len() {
        nodes.resize(node + 1, 0);
    }
    &mut nodes[node]
}

impl Statistics {
    /// Nothing measured yet, in windows of this length and with this time-out; the course of the run is
    /// kept if `course` is set.
    pub fn new(window: Span, timeout: Span, course: bool) -> Self {
        const FIRST_BATCH: u64 = 16;
        Statistics {
            counts: Counts::default(),
            windows: Summary::default(),
            messages: 0,
            nodes: Vec::new(),
            delay: BatchMeans::new(FIRST_BATCH),
            delays: 0.0,
            spread: Percentiles::new(),
            passed: Sliding::new(window, timeout),
            present: (0, 0),
            now: Time::ZERO,
            course: course.then(OverTime::new),
            gravest: 0,
        }
    }

    /// The time of the last event.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The course of the run, if it was kept.
    pub fn course(&self) -> Option<&OverTime<Course>> {
        self.course.as_ref()
    }

    /// The most that passed of those that came in any stretch as long as a window.
    pub fn most_in_any(&self) -> u64 {
        self.passed.most()
    }

    /// The share of the requests that came to the busiest node.
    pub fn busiest(&self) -> Option<f64> {
        let most = self.nodes.iter().max()?;
        Some(*most as f64 / self.counts.offered as f64)
    }

    /// How grave the gravest event was since this was asked last.
    pub fn take_gravest(&mut self) -> u8 {
        std::mem::replace(&mut self.gravest, 0)
    }

    /// At `now` the windows have come to this, and so many messages have been sent to the store.
    pub fn read(&mut self, now: Time, windows: Summary, messages: u64) {
        (self.now, self.windows, self.messages) = (now, windows, messages);
    }

    fn note(&mut self, at: Time, note: impl FnOnce(&mut Course)) {
        if let Some(course) = &mut self.course {
            note(course.at(at));
        }
    }

    fn arrived(&mut self, at: Time, node: usize) {
        self.counts.offered += 1;
        *of_node(&mut self.nodes, node) += 1;
        self.note(at, |course| {
            course.offered += 1;
            *of_node(&mut course.nodes, node) += 1;
        });
    }

    fn answered(&mut self, at: Time, request: Request) {
        let delay = at.since(request.at);
        self.delay.push(delay.seconds());
        self.delays += delay.seconds();
        self.spread.record(delay.nanos());
        self.note(at, |course| course.delay.record(delay.nanos()));
    }

    fn admitted(&mut self, at: Time, request: Request, over: bool) {
        self.answered(at, request);
        self.counts.admitted += 1;
        self.counts.over += u64::from(over);
        self.passed.push(request.at);
        let (window, count) = self.present;
        self.present = if window == request.window { (window, count + 1) } else { (request.window, 1) };
        let (_, present) = self.present;
        self.note(at, |course| {
            course.admitted += 1;
            course.over += u64::from(over);
            course.fullest = course.fullest.max(present);
        });
    }

    fn refused(&mut self, at: Time, request: Request, early: bool) {
        self.answered(at, request);
        self.counts.refused += 1;
        self.counts.early += u64::from(early);
        self.note(at, |course| {
            course.refused += 1;
            course.early += u64::from(early);
        });
    }
}

impl Probe for Statistics {
    fn hear(&mut self, at: Time, who: Who, change: Change, _: &'static Rule, _: Figure) {
        self.gravest = self.gravest.max(gravity(change));
        match (who, change) {
            (_, Change::Arrives { node }) => self.arrived(at, node as usize),
            (Who::Request(request), Change::Admitted { over, failed }) => {
                self.counts.failed += u64::from(failed);
                self.admitted(at, request, over);
            }
            (Who::Request(request), Change::Refused { early, failed }) => {
                self.counts.failed += u64::from(failed);
                self.refused(at, request, early);
            }
            (_, Change::Sent(_)) => self.note(at, |course| course.messages += 1),
            (_, Change::GivesUp) => {
                self.counts.gave_up += 1;
                self.note(at, |course| course.gave_up += 1);
            }
            (_, Change::Lost) => self.counts.lost += 1,
            (_, Change::TooLate) => self.counts.late += 1,
            _ => {}
        }
    }
}
