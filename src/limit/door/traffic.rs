//! Who sends requests, and when.
//!
//! Each trait of a request is drawn from a stream of chance of its own, so that every variant of a
//! scenario gets the very same requests, whatever becomes of them.

use super::Request;
use crate::kernel::{Arrivals, Distribution, Random, Span, Time};
use crate::trace;
use std::rc::Rc;

/// What is sent.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// When requests are sent, and by whom.
    pub stream: Stream,
    /// How many permits the requests take, by turns; one each if empty.
    pub costs: Rc<[u32]>,
    /// How long a worker takes for one.
    pub work: Distribution,
    /// Fixes every random choice.
    pub seed: u64,
}

/// When requests are sent, and by whom.
#[derive(Clone, Debug)]
pub enum Stream {
    /// By chance.
    Drawn {
        /// When.
        arrivals: Arrivals,
        /// How many at the most.
        requests: u32,
        /// How many clients there are, at least one.
        clients: u32,
        /// Which share of the requests the last client sends, an abuser; the others, and without an
        /// abuser all, send equally many on average.
        abuse: f64,
    },
    /// As they were recorded.
    Recorded {
        /// When each was sent, by rising time.
        times: Rc<[Time]>,
        /// By whom.
        clients: Rc<[trace::Key]>,
    },
}

/// Those who send, at work.
#[derive(Clone, Debug)]
pub struct Source {
    traffic: Traffic,
    sent: u32,
    next: Option<Time>,
    when: Random,
    who: Random,
    work: Random,
}

impl Source {
    /// Nothing has been sent yet.
    pub fn new(traffic: Traffic) -> Self {
        let stream = |n| Random::stream(traffic.seed, n);
        let (when, who, work) = (stream(31), stream(32), stream(33));
        let mut source = Source { traffic, sent: 0, next: None, when, who, work };
        source.look_ahead();
        source
    }

    /// When a request is sent next; `None` when no more is.
    pub fn next_time(&self) -> Option<Time> {
        self.next
    }

    /// How many have been sent.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Sends the next request.
    pub fn send(&mut self) -> Option<Request> {
        let came = self.next?;
        let client = self.client();
        let work = self.traffic.work.sample(&mut self.work).min(LONGEST);
        let costs = &self.traffic.costs;
        let cost = if costs.is_empty() { 1 } else { costs[self.sent as usize % costs.len()] };
        self.sent += 1;
        self.look_ahead();
        let number = self.sent;
        let (asked, passed) = (came, Time::ZERO);
        Some(Request { number, client, cost, work, came, attempt: 1, asked, passed, in_flight: 0 })
    }

    fn client(&mut self) -> u32 {
        match &self.traffic.stream {
            Stream::Recorded { clients, .. } => clients.get(self.sent as usize).map_or(0, |client| client.0),
            Stream::Drawn { clients, abuse, .. } => {
                let (by_abuser, other) = (self.who.unit() < *abuse, self.who.next());
                let abuser = clients - 1;
                match *abuse {
                    0.0 => below(other, *clients),
                    _ if by_abuser || abuser == 0 => abuser,
                    _ => below(other, abuser),
                }
            }
        }
    }

    fn look_ahead(&mut self) {
        self.next = match &mut self.traffic.stream {
            Stream::Recorded { times, .. } => times.get(self.sent as usize).copied(),
            Stream::Drawn { requests, .. } if self.sent >= *requests => None,
            Stream::Drawn { arrivals, .. } => arrivals.next(&mut self.when),
        };
    }
}

/// The longest work that is drawn: 31 years.
const LONGEST: Span = Span::from_nanos(1_000_000_000_000_000_000);

/// The number below `n` that 64 random bits stand for; one draw whatever `n` is, so that who sends a
/// request does not depend on how many could.
fn below(bits: u64, n: u32) -> u32 {
    ((u128::from(bits) * u128::from(n)) >> 64) as u32
}
