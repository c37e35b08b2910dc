//! What is published, and who wants it.
//!
//! When messages come and which key each of them has is drawn from streams of chance of their own,
//! and how long a subscriber works on a message follows from the two of them alone. So every design
//! gets the very same messages and the very same work, whatever it makes of them.

use crate::kernel::{Arrivals, Distribution, Random, Span, Time};
use std::rc::Rc;

/// A message as it is published. A copy of it is the same value once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its name: the first message of a run is 1.
    pub number: u32,
    /// Its routing key and headers, as a place in the scenario's list.
    pub key: u16,
    /// When the publisher had it ready.
    pub sent: Time,
}

/// What is published in a run, and to whom.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// When messages come.
    pub arrivals: Arrivals,
    /// How many there are.
    pub messages: u32,
    /// How often each key comes, in proportion.
    pub weights: Rc<[f64]>,
    /// Who wants what.
    pub routes: Rc<Routes>,
    /// The subscribers.
    pub members: Rc<[Member]>,
    /// Fixes every random choice.
    pub seed: u64,
}

/// A subscriber as the scenario describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// How long it works on a copy.
    pub work: Distribution,
    /// When it first comes; [`Time::ZERO`]: it is there from the start.
    pub joins: Time,
    /// From when until when it is away; by rising time.
    pub away: Vec<(Time, Time)>,
    /// From when until when it takes how many times as long.
    pub slow: Vec<(Time, Time, f64)>,
    /// Whether what is for it is kept while it is away.
    pub durable: bool,
}

impl Member {
    /// How long it works on message `number` if it begins at `now`. The stream of chance is that of
    /// this message and this subscriber, counted from 0.
    pub fn time_for(&self, seed: u64, subscriber: u32, number: u32, now: Time) -> Span {
        const FIRST: u64 = 1 << 40;
        let stream = FIRST + (u64::from(subscriber) << 32) + u64::from(number);
        let work = self.work.sample(&mut Random::stream(seed, stream));
        let slow = self.slow.iter().find(|(from, until, _)| (*from..*until).contains(&now));
        slow.map_or(work, |(_, _, times)| Span::from_seconds(work.seconds() * times))
    }
}

/// Which subscribers want which keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Routes(Vec<Vec<bool>>);

impl Routes {
    /// For each key, whether each subscriber wants it.
    pub fn new(wanted: Vec<Vec<bool>>) -> Self {
        Routes(wanted)
    }

    /// Whether `subscriber` wants messages with `key`.
    #[inline]
    pub fn wants(&self, subscriber: u32, key: u16) -> bool {
        self.0.get(usize::from(key)).and_then(|key| key.get(subscriber as usize)).is_some_and(|wants| *wants)
    }
}

/// The publisher's messages, one after another.
#[derive(Clone, Debug)]
pub(super) struct Source {
    arrivals: Arrivals,
    messages: u32,
    weights: Rc<[f64]>,
    sent: u32,
    next: Option<Time>,
    when: Random,
    which: Random,
}

impl Source {
    pub(super) fn new(traffic: &Traffic) -> Self {
        let mut source = Source {
            arrivals: traffic.arrivals.clone(),
            messages: traffic.messages,
            weights: traffic.weights.clone(),
            sent: 0,
            next: None,
            when: Random::stream(traffic.seed, 11),
            which: Random::stream(traffic.seed, 16),
        };
        source.look_ahead();
        source
    }

    pub(super) fn next_time(&self) -> Option<Time> {
        self.next
    }

    pub(super) fn sent(&self) -> u32 {
        self.sent
    }

    pub(super) fn send(&mut self) -> Option<Letter> {
        let sent = self.next?;
        self.sent += 1;
        let letter = Letter { number: self.sent, key: self.draw_key(), sent };
        self.look_ahead();
        Some(letter)
    }

    fn draw_key(&mut self) -> u16 {
        let all: f64 = self.weights.iter().sum();
        let mut left = self.which.unit() * all;
        for (key, weight) in self.weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return key as u16;
            }
        }
        self.weights.len().saturating_sub(1) as u16
    }

    fn look_ahead(&mut self) {
        let more = self.sent < self.messages;
        self.next = if more { self.arrivals.next(&mut self.when) } else { None };
    }
}
