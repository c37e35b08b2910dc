//! What a broker shows of itself: lines of messages, messages under a clock, and dials. The lab
//! gives them their looks.

use super::message::Slot;
use crate::kernel::Time;

/// What there is to see in a broker.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anatomy {
    /// Its parts, in the order in which work flows.
    pub parts: Vec<Part>,
}

/// A part of a broker.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Messages in a line; the first is the next to go.
    Line {
        /// Its name, unique in the broker.
        name: String,
        /// How many messages it may hold, where that is fixed.
        room: Option<usize>,
        /// How many it holds.
        length: usize,
        /// The first of them, at most [`Anatomy::SHOWN`].
        messages: Vec<Slot>,
    },
    /// Messages under a clock; the first is the next whose time comes.
    Timed {
        /// Its name, unique in the broker.
        name: &'static str,
        /// What stands at the beginning and at the end of their way.
        ends: (&'static str, &'static str),
        /// Each message with the time from which and until which it is there.
        messages: Vec<(Slot, Time, Time)>,
    },
}

impl Anatomy {
    /// The most messages that a line lists.
    pub const SHOWN: usize = 2_000;

    /// Shows a line of messages, the next one first.
    pub fn line(
        &mut self,
        name: impl Into<String>,
        room: Option<usize>,
        length: usize,
        messages: impl Iterator<Item = Slot>,
    ) {
        let messages = messages.take(Self::SHOWN).collect();
        self.parts.push(Part::Line { name: name.into(), room, length, messages });
    }

    /// Shows messages under a clock.
    pub fn timed(
        &mut self,
        name: &'static str,
        ends: (&'static str, &'static str),
        mut messages: Vec<(Slot, Time, Time)>,
    ) {
        messages.sort_by_key(|(slot, _, until)| (*until, *slot));
        self.parts.push(Part::Timed { name, ends, messages });
    }
}
