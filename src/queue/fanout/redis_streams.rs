//! # Redis Streams: one stream, a group for each subscriber
//!
//! An entry is added once (XADD) and every group reads all of them, each at its own pace
//! (XREADGROUP `>`). There are no bindings; a consumer passes over what it does not want. What was
//! handed out stays in the group's list of pending entries until it is acknowledged (XACK); a consumer
//! that comes back asks for its own pending entries first.
//!
//! Nothing is deleted unless XADD trims the stream (`maxlen`), and that takes no account of who has
//! read what: an entry goes from under groups that lag, which go on with the oldest that is left, and
//! a pending entry that was trimmed comes back empty. A group is created at the end of the stream
//! (`$`) or at its beginning (`0`), which is how a late joiner reads what was before it.
//!
//! Redis documentation: "Redis Streams", XADD, XGROUP CREATE, XREADGROUP. Left out: several consumers
//! in a group, claiming what others left, and the approximate trimming (`~`) that most people use, which
//! deletes whole nodes of about 100 entries. An ephemeral subscriber destroys its group when it goes.

use super::Letter;
use super::design::{Anatomy, Design, Desk, Setup};
use super::log::Log;
use super::probe::{Change, Figure, Probe};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::queue::routing::Exchange;

/// A stream and its groups.
#[derive(Clone, Debug)]
pub struct RedisStreams {
    stream: Log,
    /// The pending entry of each group whose consumer is away or not yet served again.
    pending: Vec<Option<Letter>>,
    from_beginning: bool,
    maxlen: Option<usize>,
}

impl Design for RedisStreams {
    const ABOUT: About = About {
        id: "redis-streams",
        name: "Redis Streams",
        idea: "One stream that every group reads at its own pace.",
        file: file!(),
        parameters: &[
            Parameter {
                id: "start",
                means: "where a new group begins: behind the last entry, or at the first",
                range: Range::Choice(&["$", "0"]),
            },
            Parameter {
                id: "maxlen",
                means: "how many entries the stream is trimmed to",
                range: Range::Limit { least: 1, most: 1_000_000 },
            },
        ],
        rules: &[&ADDED, &NO_GROUP_YET, &TRIMMED, &PENDING, &PENDING_TRIMMED, &DESTROYED],
    };

    fn filters(_: Exchange) -> bool {
        false
    }

    fn new(setup: &Setup) -> Self {
        let mut streams = RedisStreams {
            stream: Log::new(setup.subscribers),
            pending: vec![None; setup.subscribers],
            from_beginning: setup.parameters.choice("start") == "0",
            maxlen: setup.parameters.limit("maxlen"),
        };
        if streams.from_beginning {
            (0..setup.subscribers as u32).for_each(|subscriber| streams.stream.begin_at_oldest(subscriber));
        }
        streams
    }

    fn publish(&mut self, letter: Letter, desk: &mut Desk<impl Probe>) {
        self.stream.append(letter, &ADDED, &NO_GROUP_YET, desk);
        let Some(most) = self.maxlen.filter(|most| self.stream.len() > *most) else { return };
        let figure = Figure::Count(most as u64);
        let Some(trimmed) = self.stream.delete_oldest(&TRIMMED, figure, desk) else { return };
        for (subscriber, pending) in (0..).zip(&mut self.pending) {
            if *pending == Some(trimmed) {
                *pending = None;
                desk.drop(subscriber, trimmed, &PENDING_TRIMMED, None);
            }
        }
    }

    fn take(&mut self, subscriber: u32, _: &mut Desk<impl Probe>) -> Option<Letter> {
        self.pending[subscriber as usize].take().or_else(|| self.stream.read(subscriber))
    }

    fn arrive(&mut self, subscriber: u32, _: bool, _: &mut Desk<impl Probe>) {
        if !self.stream.reads(subscriber) {
            self.stream.begin_at_end(subscriber);
        }
    }

    fn leave(&mut self, subscriber: u32, held: Option<Letter>, desk: &mut Desk<impl Probe>) {
        let durable = desk.is_durable(subscriber);
        if let Some(letter) = held {
            if !durable {
                desk.drop_held(subscriber, letter, &DESTROYED, None);
            } else if self.stream.keeps(letter) {
                self.pending[subscriber as usize] = Some(letter);
                desk.put_back(subscriber, letter, Change::Returned, &PENDING, None);
            } else {
                desk.drop_held(subscriber, letter, &PENDING_TRIMMED, None);
            }
        }
        if !durable {
            self.stream.give_up(subscriber, &DESTROYED, desk);
        }
    }

    fn show(&self) -> Anatomy {
        let mut lines = self.stream.lines();
        for (line, pending) in lines.iter_mut().zip(&self.pending) {
            line.letters.splice(0..0, *pending);
            line.length += usize::from(pending.is_some());
        }
        Anatomy { lines, log: Some(self.stream.reading()), ..Anatomy::default() }
    }
}

const ADDED: Rule =
    Rule { name: "ADDED", place: "publish", says: "the stream keeps it for this group, which asks for {}" };
const NO_GROUP_YET: Rule = Rule {
    name: "NO_GROUP_YET",
    place: "publish",
    says: "this group does not exist now and will begin behind the last entry",
};
const TRIMMED: Rule = Rule {
    name: "TRIMMED",
    place: "publish",
    says: "the stream is trimmed to {} entries, whoever has read them",
};
const PENDING: Rule = Rule {
    name: "PENDING",
    place: "leave",
    says: "it was not acknowledged and is still among its consumer’s pending entries",
};
const PENDING_TRIMMED: Rule = Rule {
    name: "PENDING_TRIMMED",
    place: "publish",
    says: "it was pending, and the entry was trimmed: it comes back empty",
};
const DESTROYED: Rule = Rule {
    name: "DESTROYED",
    place: "leave",
    says: "its subscriber has destroyed the group, and with it its place in the stream",
};
