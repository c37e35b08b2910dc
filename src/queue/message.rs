//! Messages, and the table in which those that are still about have their places.
//!
//! Whoever has to do with a message holds it: the queue that keeps it, each worker that was handed
//! it. When nobody holds it any more, its place is given to another, so that a run of a million
//! messages needs room only for those that are under way at the same time.

use crate::kernel::{Span, Time};

/// The place of a message in [`Messages`]; given to another message when this one is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u32);

/// A message and what has become of it so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its name: the first message of a run is 1.
    pub number: u32,
    /// Messages of one group are to be worked on in order.
    pub group: u32,
    /// Whether it goes before those that are not.
    pub urgent: bool,
    /// How long its work takes a worker of usual speed.
    pub work: Span,
    /// How long it waits before it gives up; [`Span::MAX`]: for ever.
    pub patience: Span,
    /// When its producer sent it.
    pub sent: Time,
    /// When a worker first began to work on it.
    pub started: Option<Time>,
    /// Its place in the order in which messages wait, given by the queue.
    pub place: u64,
    /// How often it was handed to a worker since it was sent, or sent back from the dead letters.
    pub receives: u32,
    /// How often it was ever handed to a worker: the receipt of its latest hand-out.
    pub receipt: u32,
    /// The receipts up to this one are from before it was sent back from the dead letters.
    pub void: u32,
    /// How often its delivery failed, where a queue counts that apart.
    pub failures: u32,
    /// How often its work was done to the end; more than once: its effect was repeated.
    pub done: u32,
    /// From when and until when it is lent to a worker, if it is.
    pub lent: Option<(Time, Time)>,
    /// How it left the queue, when it has.
    pub exit: Option<Exit>,
    /// How many hold it: the queue that keeps it, the workers that were handed it.
    pub holders: u32,
}

/// How a message left the queue that kept it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// A worker acknowledged it.
    Acknowledged,
    /// It was not let in.
    Refused,
    /// It was thrown out to make room.
    Dropped,
    /// It waited longer than it was allowed to.
    Expired,
    /// It was given up after too many tries.
    Dead,
    /// It was given up, and there was no place to keep the dead.
    Discarded,
    /// Its caller was told that it failed.
    Failed,
}

/// What became of a message in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// Its work was done, once or more often.
    Done,
    /// It was acknowledged, but its work was never done.
    Lost,
    /// It never got that far, for the reason that it left the queue.
    Out(Exit),
}

impl Message {
    /// A message numbered `number` that was sent at `sent` and asks for `work`.
    pub fn new(number: u32, sent: Time, work: Span) -> Self {
        Message {
            number,
            group: 0,
            urgent: false,
            work,
            patience: Span::MAX,
            sent,
            started: None,
            place: 0,
            receives: 0,
            receipt: 0,
            void: 0,
            failures: 0,
            done: 0,
            lent: None,
            exit: None,
            holders: 0,
        }
    }

    /// What became of it, once it has left the queue.
    pub fn fate(&self) -> Option<Fate> {
        let exit = self.exit?;
        Some(match exit {
            _ if self.done > 0 => Fate::Done,
            Exit::Acknowledged => Fate::Lost,
            other => Fate::Out(other),
        })
    }
}

/// The messages that somebody still holds.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    table: Vec<Message>,
    free: Vec<Slot>,
}

impl Messages {
    /// Takes a message in; the caller holds it.
    pub fn take_in(&mut self, message: Message) -> Slot {
        let message = Message { holders: 1, ..message };
        match self.free.pop() {
            Some(slot) => {
                self.table[slot.0 as usize] = message;
                slot
            }
            None => {
                self.table.push(message);
                Slot((self.table.len() - 1) as u32)
            }
        }
    }

    /// One more holds it.
    pub fn hold(&mut self, slot: Slot) {
        self[slot].holders += 1;
    }

    /// One fewer holds it; says whether it was the last, in which case the place is free.
    pub fn release(&mut self, slot: Slot) -> bool {
        self[slot].holders -= 1;
        let over = self[slot].holders == 0;
        if over {
            self.free.push(slot);
        }
        over
    }

    /// The message called `number`, if somebody still holds it.
    pub fn find(&self, number: u32) -> Option<&Message> {
        self.table.iter().find(|message| message.number == number && message.holders > 0)
    }

    /// How many messages somebody holds.
    pub fn len(&self) -> usize {
        self.table.len() - self.free.len()
    }

    /// Whether nobody holds any.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl std::ops::Index<Slot> for Messages {
    type Output = Message;
    fn index(&self, slot: Slot) -> &Message {
        &self.table[slot.0 as usize]
    }
}

impl std::ops::IndexMut<Slot> for Messages {
    fn index_mut(&mut self, slot: Slot) -> &mut Message {
        &mut self.table[slot.0 as usize]
    }
}
