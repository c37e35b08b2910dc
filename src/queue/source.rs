//! Producers: when messages are sent, and what each of them asks for.
//!
//! Every trait of a message is drawn from a stream of chance of its own, in the order in which
//! messages are sent. So every variant of a scenario gets the very same messages, and a change of
//! one trait leaves the others as they were.

use super::message::Message;
use crate::kernel::{Arrivals, Distribution, Random, Span, Time};

/// What producers send.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// When they send.
    pub arrivals: Arrivals,
    /// How long the work of a message takes.
    pub work: Distribution,
    /// How many messages there are.
    pub messages: u32,
    /// In how many groups.
    pub groups: u32,
    /// Which share of them is urgent, from 0 to 1.
    pub urgent: f64,
    /// How long they wait before they give up; `None`: for ever.
    pub patience: Option<Distribution>,
    /// Fixes every random choice.
    pub seed: u64,
}

/// Producers at work.
#[derive(Clone, Debug)]
pub struct Source {
    traffic: Traffic,
    sent: u32,
    next: Option<Time>,
    when: Random,
    work: Random,
    group: Random,
    urgency: Random,
    patience: Random,
}

impl Source {
    /// Producers that have sent nothing yet.
    pub fn new(traffic: Traffic) -> Self {
        let stream = |n| Random::stream(traffic.seed, n);
        let (when, work, group) = (stream(11), stream(12), stream(13));
        let (urgency, patience) = (stream(14), stream(15));
        let mut source = Source { traffic, sent: 0, next: None, when, work, group, urgency, patience };
        source.look_ahead();
        source
    }

    /// When the next message is sent; `None` when there are no more.
    pub fn next_time(&self) -> Option<Time> {
        self.next
    }

    /// How many messages have been sent.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Sends the next message.
    pub fn send(&mut self) -> Option<Message> {
        let at = self.next?;
        self.sent += 1;
        let mut message = Message::new(self.sent, at, self.traffic.work.sample(&mut self.work));
        if self.traffic.groups > 1 {
            message.group = self.group.below(self.traffic.groups);
        }
        if self.traffic.urgent > 0.0 {
            message.urgent = self.urgency.unit() < self.traffic.urgent;
        }
        if let Some(patience) = self.traffic.patience {
            message.patience = patience.sample(&mut self.patience).min(Span::from_seconds(1e9));
        }
        self.look_ahead();
        Some(message)
    }

    fn look_ahead(&mut self) {
        let more = self.sent < self.traffic.messages;
        self.next = if more { self.traffic.arrivals.next(&mut self.when) } else { None };
    }
}
