//! # Redis Pub/Sub: sent to who is there, kept for nobody
//!
//! PUBLISH writes the message into the output buffer of every client that is connected and subscribed,
//! and forgets it. Who is away misses it; nothing is acknowledged, nothing is sent again. A subscriber
//! cannot be durable, whatever the scenario says.
//!
//! The output buffer is where a slow subscriber's backlog grows, in the server's memory. So it is
//! limited, `client-output-buffer-limit pubsub 32mb 8mb 60`: a client whose buffer passes the hard
//! limit is disconnected at once, and so is one that stays above the soft limit for 60 s. All that was
//! in the buffer is lost, and all that is published until it has connected again. The others notice
//! nothing.
//!
//! Redis documentation: "Redis Pub/Sub", "Output buffer limits" and redis.conf, for the defaults. How
//! long a client takes to connect again is its own affair (`reconnect`, 1 s). Channels are compared by
//! name (SUBSCRIBE: a direct exchange; one channel: fanout) or by pattern (PSUBSCRIBE); there are no
//! headers, so with those everything is sent and the subscriber passes over the rest. Left out: a
//! pattern of Redis is a glob over letters, in which `*` takes dots too; here words are compared as a
//! topic exchange does. What lies in the kernel's and the client's own buffers is not shown.

use super::Letter;
use super::design::{Anatomy, Design, Desk, Line, Setup};
use super::probe::{Change, Figure, Probe};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::routing::Exchange;
use std::collections::VecDeque;

/// A server and its clients' output buffers.
#[derive(Clone, Debug)]
pub struct RedisPubSub {
    clients: Vec<Client>,
    /// How many messages each limit is.
    hard: usize,
    soft: usize,
    soft_for: Span,
    reconnect: Span,
}

#[derive(Clone, Debug, Default)]
struct Client {
    connected: bool,
    buffer: VecDeque<Letter>,
    /// Since when its buffer has been above the soft limit.
    above_soft: Option<Time>,
    /// When it connects again after it was cut off.
    connects: Option<Time>,
}

impl Design for RedisPubSub {
    const ABOUT: About = About {
        id: "redis-pubsub",
        name: "Redis Pub/Sub",
        idea: "Sent to whoever is connected now, and kept for nobody.",
        file: file!(),
        parameters: &[
            Parameter {
                id: "size",
                means: "megabytes that a message takes in an output buffer",
                range: Range::Number { least: 0.000_1, most: 512.0, default: 0.01 },
            },
            Parameter {
                id: "hard",
                means: "megabytes above which a client is disconnected at once; 0: no limit",
                range: Range::Number { least: 0.0, most: 1e6, default: 32.0 },
            },
            Parameter {
                id: "soft",
                means: "megabytes above which a client may not stay for long; 0: no limit",
                range: Range::Number { least: 0.0, most: 1e6, default: 8.0 },
            },
            Parameter {
                id: "soft-seconds",
                means: "seconds that a client may stay above the soft limit",
                range: Range::Number { least: 0.0, most: 1e6, default: 60.0 },
            },
            Parameter {
                id: "reconnect",
                means: "seconds after which a client that was cut off is connected again",
                range: Range::Number { least: 0.0, most: 1e6, default: 1.0 },
            },
        ],
        rules: &[&SENT_NOW, &NOT_CONNECTED, &HARD, &SOFT, &BUFFER_GONE, &CONNECTS, &NOBODY_ASKS],
    };

    fn filters(kind: Exchange) -> bool {
        kind != Exchange::Headers
    }

    fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        let size = parameters.number("size");
        let messages = |id: &str| match parameters.number(id) {
            0.0 => usize::MAX,
            megabytes => (megabytes / size) as usize,
        };
        RedisPubSub {
            clients: vec![Client::default(); setup.subscribers],
            hard: messages("hard"),
            soft: messages("soft"),
            soft_for: parameters.span("soft-seconds"),
            reconnect: parameters.span("reconnect"),
        }
    }

    fn publish(&mut self, letter: Letter, desk: &mut Desk<impl Probe>) {
        for subscriber in desk.everybody() {
            if !desk.goes_to(subscriber, letter) {
                continue;
            }
            let client = &mut self.clients[subscriber as usize];
            if !client.connected {
                desk.miss(subscriber, letter, &NOT_CONNECTED);
                continue;
            }
            client.buffer.push_back(letter);
            desk.enter(subscriber, letter, &SENT_NOW);
            if client.buffer.len() > self.soft {
                client.above_soft.get_or_insert(desk.now);
            }
            if client.buffer.len() > self.hard {
                self.cut_off(subscriber, &HARD, Figure::Count(self.hard as u64), desk);
            }
        }
    }

    fn take(&mut self, subscriber: u32, _: &mut Desk<impl Probe>) -> Option<Letter> {
        let client = &mut self.clients[subscriber as usize];
        let letter = client.buffer.pop_front();
        if client.buffer.len() <= self.soft {
            client.above_soft = None;
        }
        letter
    }

    fn arrive(&mut self, subscriber: u32, _: bool, _: &mut Desk<impl Probe>) {
        self.clients[subscriber as usize] = Client { connected: true, ..Client::default() };
    }

    fn leave(&mut self, subscriber: u32, held: Option<Letter>, desk: &mut Desk<impl Probe>) {
        if let Some(letter) = held {
            desk.drop_held(subscriber, letter, &NOBODY_ASKS, None);
        }
        self.empty(subscriber, desk);
    }

    fn next_timer(&self) -> Option<Time> {
        let too_long = |client: &Client| client.above_soft.map(|since| since + self.soft_for);
        self.clients.iter().flat_map(|client| [too_long(client), client.connects]).flatten().min()
    }

    fn on_timer(&mut self, desk: &mut Desk<impl Probe>) {
        for subscriber in desk.everybody() {
            let client = &mut self.clients[subscriber as usize];
            if client.connects.is_some_and(|at| at <= desk.now) {
                *client = Client { connected: true, ..Client::default() };
                let figure = Some(Figure::Span(self.reconnect));
                return desk.tell_of(subscriber, Change::Reconnected, &CONNECTS, figure);
            }
            if client.above_soft.is_some_and(|since| since + self.soft_for <= desk.now) {
                return self.cut_off(subscriber, &SOFT, Figure::Span(self.soft_for), desk);
            }
        }
    }

    fn show(&self) -> Anatomy {
        let line = |client: &Client| {
            let line = Line::new("output buffer", client.buffer.len(), client.buffer.iter().copied());
            Line { room: Some(self.hard).filter(|hard| *hard < usize::MAX), ..line }
        };
        Anatomy { lines: self.clients.iter().map(line).collect(), ..Anatomy::default() }
    }
}

impl RedisPubSub {
    fn cut_off(&mut self, subscriber: u32, rule: &'static Rule, figure: Figure, desk: &mut Desk<impl Probe>) {
        desk.tell_of(subscriber, Change::CutOff, rule, Some(figure));
        self.empty(subscriber, desk);
        self.clients[subscriber as usize].connects = Some(desk.now + self.reconnect);
    }

    /// The connection is gone, and all that was in its buffer.
    fn empty(&mut self, subscriber: u32, desk: &mut Desk<impl Probe>) {
        for letter in std::mem::take(&mut self.clients[subscriber as usize]).buffer {
            desk.drop(subscriber, letter, &BUFFER_GONE, None);
        }
    }
}

const SENT_NOW: Rule =
    Rule { name: "SENT_NOW", place: "publish", says: "the client is connected and subscribed to {}" };
const NOT_CONNECTED: Rule = Rule {
    name: "NOT_CONNECTED",
    place: "publish",
    says: "the client is not connected, and nothing is kept",
};
const HARD: Rule = Rule {
    name: "HARD",
    place: "publish",
    says: "its output buffer has passed the hard limit, here {} messages",
};
const SOFT: Rule =
    Rule { name: "SOFT", place: "on_timer", says: "its output buffer has been above the soft limit for {}" };
const BUFFER_GONE: Rule =
    Rule { name: "BUFFER_GONE", place: "empty", says: "it was in the buffer of a connection that is gone" };
const CONNECTS: Rule =
    Rule { name: "CONNECTS", place: "on_timer", says: "its client tries again {} after it was cut off" };
const NOBODY_ASKS: Rule = Rule {
    name: "NOBODY_ASKS",
    place: "leave",
    says: "nothing is acknowledged, so nobody knows that its work was not done",
};
