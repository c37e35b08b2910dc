//! Messages that wait in order, and go back to their own place.
//!
//! A message gets its place when it first joins; one that comes back finds it again. Most leave from
//! the front and most of those that come back belong near it, where a ring buffer makes room by
//! moving few; the place itself is found by halving.

use super::message::{Messages, Slot};
use std::collections::VecDeque;

/// A line of messages by rising place.
#[derive(Clone, Debug, Default)]
pub struct InOrder {
    line: VecDeque<Slot>,
    next_place: u64,
}

impl InOrder {
    /// Gives `message` the place behind all that were given before, without putting it there.
    pub fn give_place(&mut self, message: Slot, messages: &mut Messages) {
        messages[message].place = self.next_place;
        self.next_place += 1;
    }

    /// Puts `message` behind all others.
    pub fn append(&mut self, message: Slot, messages: &mut Messages) {
        self.give_place(message, messages);
        self.line.push_back(message);
    }

    /// Puts `message` back at its own place.
    pub fn insert(&mut self, message: Slot, messages: &Messages) {
        self.line.insert(self.find(message, messages), message);
    }

    /// Takes `message` out, if it is there.
    pub fn remove(&mut self, message: Slot, messages: &Messages) -> bool {
        let at = self.find(message, messages);
        let found = self.line.get(at) == Some(&message);
        if found {
            self.line.remove(at);
        }
        found
    }

    fn find(&self, message: Slot, messages: &Messages) -> usize {
        self.find_place(messages[message].place, messages)
    }

    fn find_place(&self, place: u64, messages: &Messages) -> usize {
        self.line.partition_point(|other| messages[*other].place < place)
    }

    /// The message that has this place, if it is there.
    pub fn at(&self, place: u64, messages: &Messages) -> Option<Slot> {
        let found = self.line.get(self.find_place(place, messages)).copied();
        found.filter(|message| messages[*message].place == place)
    }

    /// Takes the first one out.
    pub fn pop(&mut self) -> Option<Slot> {
        self.line.pop_front()
    }

    /// The first one.
    pub fn first(&self) -> Option<Slot> {
        self.line.front().copied()
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        self.line.iter().copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.line.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }
}
