//! What a run measures: how long copies take, how many wait, and what never arrives.

use super::Letter;
use super::probe::{Change, Figure, Probe, gravity};
use super::world::{Subscriber, Tally};
use crate::catalogue::Rule;
use crate::kernel::Time;
use crate::kernel::statistics::{BatchMeans, OverTime, Percentiles, TimeWeighted, Window};

/// The measurements of one run.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// Messages published so far.
    pub published: u64,
    /// How long the publisher was held by the messages that it is free of: sum in seconds, number.
    pub held: (f64, u64),
    /// All deliveries together.
    pub all: Delivery,
    /// Those of each subscriber.
    pub each: Vec<Delivery>,
    /// What became of the messages for each subscriber, when it was looked at last.
    pub tallies: Vec<Tally>,
    /// How many are under work for each subscriber.
    pub busy: Vec<u64>,
    /// How many wait for each, and in all.
    lengths: Vec<TimeWeighted>,
    total: TimeWeighted,
    now: Time,
    course: Option<OverTime<Passage>>,
    gravest: u8,
}

/// How long copies took that were done.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// From publishing to the end of the work, in nanoseconds.
    pub latencies: Percentiles,
    /// The same, in seconds, by batches.
    pub batches: BatchMeans,
    /// Their sum in seconds.
    pub sum: f64,
    /// How many.
    pub count: u64,
}

impl Default for Delivery {
    fn default() -> Self {
        const FIRST_BATCH: u64 = 16;
        let (latencies, batches) = (Percentiles::new(), BatchMeans::new(FIRST_BATCH));
        Delivery { latencies, batches, sum: 0.0, count: 0 }
    }
}

impl Delivery {
    fn add(&mut self, nanos: u64, seconds: f64) {
        self.latencies.record(nanos);
        self.batches.push(seconds);
        self.sum += seconds;
        self.count += 1;
    }

    /// The mean in seconds.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

/// What happened in a window of a run.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    /// Messages waiting for each subscriber, in messages times seconds.
    pub waiting: Vec<f64>,
    /// Latencies done in it, for each subscriber: sum in seconds and number.
    pub latencies: Vec<(f64, u64)>,
    /// All of them, in nanoseconds.
    pub spread: Percentiles,
    /// How long the publisher was held by the messages it was freed of: sum in seconds, number.
    pub held: (f64, u64),
    /// Messages published.
    pub published: u64,
    /// Copies missed, dropped or refused.
    pub gone: u64,
}

impl Window for Passage {
    fn join(&mut self, next: Self) {
        let (waiting, latencies) = (next.waiting, next.latencies);
        self.waiting.resize(self.waiting.len().max(waiting.len()), 0.0);
        self.waiting.iter_mut().zip(waiting).for_each(|(sum, more)| *sum += more);
        self.latencies.resize(self.latencies.len().max(latencies.len()), (0.0, 0));
        self.latencies.iter_mut().zip(latencies).for_each(|(sum, more)| add(sum, more));
        self.spread.join(&next.spread);
        add(&mut self.held, next.held);
        self.published += next.published;
        self.gone += next.gone;
    }
}

fn add(sum: &mut (f64, u64), more: (f64, u64)) {
    sum.0 += more.0;
    sum.1 += more.1;
}

fn at<T: Clone + Default>(all: &mut Vec<T>, place: usize) -> &mut T {
    if place >= all.len() {
        all.resize(place + 1, T::default());
    }
    &mut all[place]
}

impl Statistics {
    /// Nothing measured yet; the course of the run is kept if `course` is set.
    pub fn new(subscribers: usize, course: bool) -> Self {
        let empty = TimeWeighted::new(Time::ZERO, 0.0);
        Statistics {
            published: 0,
            held: (0.0, 0),
            all: Delivery::default(),
            each: vec![Delivery::default(); subscribers],
            tallies: vec![Tally::default(); subscribers],
            busy: vec![0; subscribers],
            lengths: vec![empty.clone(); subscribers],
            total: empty,
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
    pub fn course(&self) -> Option<&OverTime<Passage>> {
        self.course.as_ref()
    }

    /// The mean number of messages that wait for `subscriber`, and the greatest.
    pub fn length(&self, subscriber: usize) -> (f64, f64) {
        let length = self.lengths.get(subscriber);
        length.map_or((0.0, 0.0), |length| (length.mean(self.now).unwrap_or(0.0), length.greatest()))
    }

    /// The mean number of copies that wait, and the greatest.
    pub fn total_length(&self) -> (f64, f64) {
        (self.total.mean(self.now).unwrap_or(0.0), self.total.greatest())
    }

    /// How grave the gravest event was since this was asked last.
    pub fn take_gravest(&mut self) -> u8 {
        std::mem::take(&mut self.gravest)
    }

    /// After an event at `now` the subscribers are these.
    #[inline]
    pub fn read(&mut self, now: Time, subscribers: &[Subscriber]) {
        if let Some(course) = &mut self.course {
            for (place, tally) in self.tallies.iter().enumerate().filter(|(_, tally)| tally.waiting > 0) {
                course.spread(self.now, now, |window, span| {
                    *at(&mut window.waiting, place) += tally.waiting as f64 * span.seconds();
                });
            }
            course.at(now);
        }
        self.now = now;
        let mut total = 0;
        for (place, subscriber) in subscribers.iter().enumerate() {
            let waiting = subscriber.tally.waiting;
            total += waiting;
            if waiting != self.tallies[place].waiting {
                self.lengths[place].set(now, waiting as f64);
            }
            self.tallies[place] = subscriber.tally;
            self.busy[place] = u64::from(subscriber.job.is_some());
        }
        self.total.set(now, total as f64);
    }

    fn note(&mut self, now: Time, note: impl FnOnce(&mut Passage)) {
        if let Some(course) = &mut self.course {
            note(course.at(now));
        }
    }
}

impl Probe for Statistics {
    #[inline]
    fn hear(
        &mut self,
        now: Time,
        letter: Option<Letter>,
        subscriber: Option<u32>,
        change: Change,
        _: &'static Rule,
        _: Option<Figure>,
    ) {
        self.gravest = self.gravest.max(gravity(change));
        let Some(letter) = letter else { return };
        let since = now.since(letter.sent);
        match (change, subscriber) {
            (Change::Published, _) => {
                self.published += 1;
                self.note(now, |window| window.published += 1);
            }
            (Change::Freed, _) => {
                add(&mut self.held, (since.seconds(), 1));
                self.note(now, |window| add(&mut window.held, (since.seconds(), 1)));
            }
            (Change::Done, Some(subscriber)) => {
                let place = subscriber as usize;
                self.all.add(since.nanos(), since.seconds());
                self.each[place].add(since.nanos(), since.seconds());
                self.note(now, |window| {
                    window.spread.record(since.nanos());
                    add(at(&mut window.latencies, place), (since.seconds(), 1));
                });
            }
            (Change::Missed | Change::Dropped | Change::Refused, _) => {
                self.note(now, |window| window.gone += 1);
            }
            _ => {}
        }
    }
}
