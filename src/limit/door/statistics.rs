//! How a run of a door is measured.
//!
//! The **delay** of a request is the time from its first try until it passes the door: what the
//! limiter adds, by holding it back or by sending its client away to come again. An **ideal** limiter
//! that hears the same tries says which answers it would have given otherwise.

use super::passed::InWindow;
use super::{Change, Door, Ear, Heard, Request, gravity};
use crate::kernel::statistics::{BatchMeans, OverTime, Percentiles, Window};
use crate::kernel::{Span, Time};
use crate::limit::{Cost, Decision, Limiter};

/// The measurements of one run.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// What was counted.
    pub counts: Counts,
    /// Delays in seconds, in batches.
    pub delay: BatchMeans,
    /// The sum of all delays, and of the times that were spent held back, in seconds.
    pub sums: (f64, f64),
    /// Delays in nanoseconds.
    pub delays: Percentiles,
    /// Times from passing to the end of the work, in nanoseconds, of those that were done.
    pub sojourns: Percentiles,
    /// The permits that pass in any window.
    pub passed: InWindow,
    /// What the limiter has cost, when it was last asked: after so many tries by so many keys.
    pub cost: (Cost, u64, u64),
    /// The answers of the run, if they are kept, up to [`Statistics::MOST_ANSWERS`].
    pub answers: Vec<Answer>,
    /// How many tries and how many passed requests each client has had.
    clients: Vec<(u32, u32)>,
    ideal: Option<Ideal>,
    shared: bool,
    keep: usize,
    end: Time,
    now: Time,
    course: Option<OverTime<Passage>>,
    under_way: u64,
    limit: f64,
    gravest: u8,
}

/// What became of the requests of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests sent.
    pub requests: u64,
    /// Tries, of which each request has at least one.
    pub tries: u64,
    /// Tries that were admitted, those that were held back counted.
    pub admitted: u64,
    /// Tries that were held back.
    pub held_back: u64,
    /// Tries that were refused.
    pub refused: u64,
    /// Requests that passed.
    pub passed: u64,
    /// Requests that were given up.
    pub given_up: u64,
    /// Requests that a worker has done in time.
    pub done: u64,
    /// Requests whose clients did not wait for them.
    pub dropped: u64,
    /// Times that a worker was done with a request for which nobody waited.
    pub wasted: u64,
    /// Times that the limit adapted.
    pub adaptations: u64,
    /// Tries that were refused although the ideal limiter would have admitted them.
    pub wrongly_refused: u64,
    /// Tries that were admitted although the ideal limiter would have refused them.
    pub wrongly_admitted: u64,
}

/// An answer as a report gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The request and the try.
    pub request: Request,
    /// The limiter's answer.
    pub decision: Decision,
}

/// What happened in one window of a run.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    /// Tries.
    pub tries: u64,
    /// Tries admitted.
    pub admitted: u64,
    /// Tries refused.
    pub refused: u64,
    /// Requests passed.
    pub passed: u64,
    /// The sum of their delays, in seconds.
    pub delay: f64,
    /// The most permits that passed in the measured window before any moment in this one.
    pub burst: u64,
    /// The fewest permits that an answer said remain.
    pub remaining: Option<u32>,
    /// The sum of requests under way, in requests times seconds.
    pub under_way: f64,
    /// The sum of the limit, in permits times seconds.
    pub limit: f64,
}

impl Window for Passage {
    fn join(&mut self, next: Self) {
        self.tries += next.tries;
        self.admitted += next.admitted;
        self.refused += next.refused;
        self.passed += next.passed;
        self.delay += next.delay;
        self.burst = self.burst.max(next.burst);
        self.remaining = self.remaining.into_iter().chain(next.remaining).min();
        self.under_way += next.under_way;
        self.limit += next.limit;
    }
}

/// A limiter that hears the same tries, to be held against.
struct Ideal(Box<dyn Limiter>);

impl Clone for Ideal {
    fn clone(&self) -> Self {
        Ideal(self.0.duplicate())
    }
}

impl std::fmt::Debug for Ideal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ideal")
    }
}

impl Statistics {
    /// The most answers that are kept.
    pub const MOST_ANSWERS: usize = 10_000;

    /// Nothing measured yet. Permits are counted in windows of length `window`; clients have one key
    /// if it is `shared`; the run ends at `end` at the latest; its course and its answers are kept if
    /// it is the `first`.
    pub fn new(window: Span, shared: bool, ideal: Option<Box<dyn Limiter>>, end: Time, first: bool) -> Self {
        const FIRST_BATCH: u64 = 16;
        Statistics {
            counts: Counts::default(),
            delay: BatchMeans::new(FIRST_BATCH),
            sums: (0.0, 0.0),
            delays: Percentiles::new(),
            sojourns: Percentiles::new(),
            passed: InWindow::new(window),
            cost: (Cost::default(), 0, 0),
            end,
            answers: Vec::new(),
            clients: Vec::new(),
            ideal: ideal.map(Ideal),
            shared,
            keep: if first { Self::MOST_ANSWERS } else { 0 },
            now: Time::ZERO,
            course: first.then(OverTime::new),
            under_way: 0,
            limit: 0.0,
            gravest: 0,
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

    /// Whether there was an ideal limiter.
    pub fn has_ideal(&self) -> bool {
        self.ideal.is_some()
    }

    /// How grave the gravest event was since this was asked last; see [`gravity`].
    pub fn take_gravest(&mut self) -> u8 {
        std::mem::take(&mut self.gravest)
    }

    /// How many requests are under way: passed, and not over.
    pub fn under_way(&self) -> u64 {
        self.under_way
    }

    /// How many clients have come, and how many keys they have.
    pub fn clients(&self) -> (u64, u64) {
        let came = self.clients.iter().filter(|(tries, _)| *tries > 0).count() as u64;
        (came, if self.shared { came.min(1) } else { came })
    }

    /// Jain's index of how many requests of each client passed, over those that came: 1 if all are
    /// alike, 1 / n if one of n has everything (Jain, Chiu and Hawe, "A Quantitative Measure of
    /// Fairness and Discrimination for Resource Allocation in Shared Computer Systems", DEC
    /// TR-301, 1984). `None` if nobody passed.
    pub fn fairness(&self) -> Option<f64> {
        let came = self.clients.iter().filter(|(tries, _)| *tries > 0);
        let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for (_, passed) in came {
            let passed = f64::from(*passed);
            n += 1.0;
            sum += passed;
            squares += passed * passed;
        }
        (squares > 0.0).then(|| sum * sum / (n * squares))
    }

    /// Reads the levels at the door after an event at `now`.
    pub fn read(&mut self, now: Time, door: &Door) {
        if let Some(course) = &mut self.course {
            let (under_way, limit) = (self.under_way as f64, self.limit);
            course.spread(self.now, now, |window, span| {
                window.under_way += under_way * span.seconds();
                window.limit += limit * span.seconds();
            });
        }
        self.now = now;
        self.under_way = door.under_way();
        let (over, tries) = (door.next_time().is_none_or(|next| next > self.end), self.counts.tries);
        // To weigh the state of a million keys takes long, so it is done when the run has doubled.
        if over || tries.is_power_of_two() && tries != self.cost.1 {
            self.cost = (door.limiter().cost(), tries, self.clients().1);
        }
    }

    fn passage(&mut self, now: Time, note: impl FnOnce(&mut Passage)) {
        if let Some(course) = &mut self.course {
            note(course.at(now));
        }
    }

    fn client(&mut self, client: u32) -> &mut (u32, u32) {
        let at = client as usize;
        if at >= self.clients.len() {
            self.clients.resize(at + 1, (0, 0));
        }
        &mut self.clients[at]
    }

    fn pass(&mut self, at: Time, request: &Request) {
        let delay = at.since(request.came);
        self.counts.passed += 1;
        self.client(request.client).1 += 1;
        self.delay.push(delay.seconds());
        self.sums.0 += delay.seconds();
        self.sums.1 += at.since(request.asked).seconds();
        self.delays.record(delay.nanos());
        self.passed.pass(at, if self.shared { 0 } else { request.client }, request.cost);
        let burst = self.passed.count(at);
        self.passage(at, |window| {
            window.passed += 1;
            window.delay += delay.seconds();
            window.burst = window.burst.max(burst);
        });
    }
}

impl Ear for Statistics {
    fn answered(&mut self, at: Time, request: &Request, decision: &Decision) {
        let admitted = decision.admitted();
        self.counts.requests += u64::from(request.attempt == 1);
        self.counts.tries += 1;
        self.client(request.client).0 += 1;
        self.limit = f64::from(decision.limit);
        if self.answers.len() < self.keep {
            self.answers.push(Answer { request: *request, decision: *decision });
        }
        let key = if self.shared { 0 } else { request.client };
        if let Some(Ideal(ideal)) = &mut self.ideal {
            let ideally = ideal.decide(key, request.cost, at).admitted();
            self.counts.wrongly_refused += u64::from(ideally && !admitted);
            self.counts.wrongly_admitted += u64::from(admitted && !ideally);
        }
        let burst = self.passed.count(at);
        self.passage(at, |window| {
            window.tries += 1;
            window.admitted += u64::from(admitted);
            window.refused += u64::from(!admitted);
            window.burst = window.burst.max(burst);
            window.remaining = window.remaining.into_iter().chain([decision.remaining]).min();
        });
    }

    fn hear(&mut self, heard: &Heard) {
        self.gravest = self.gravest.max(gravity(heard.change));
        if let Change::Adapts { to, .. } = heard.change {
            self.counts.adaptations += 1;
            self.limit = to;
        }
        let (at, Some(request)) = (heard.at, &heard.request) else { return };
        match heard.change {
            Change::Admitted { .. } => {
                self.counts.admitted += 1;
                self.pass(at, request);
            }
            Change::HeldBack { .. } => {
                self.counts.admitted += 1;
                self.counts.held_back += 1;
            }
            Change::Passes => self.pass(at, request),
            Change::Refused { .. } => self.counts.refused += 1,
            Change::GivesUp => self.counts.given_up += 1,
            Change::Done { .. } => {
                self.counts.done += 1;
                self.sojourns.record(at.since(request.passed).nanos());
            }
            Change::Dropped => self.counts.dropped += 1,
            Change::Wasted { .. } => self.counts.wasted += 1,
            _ => {}
        }
    }
}
