//! What a stepping lab keeps of a run so far: how each message stands with each subscriber.

use super::Letter;
use super::probe::{Change, Figure, Probe};
use crate::catalogue::Rule;
use crate::kernel::Time;

/// The run so far.
#[derive(Clone, Debug)]
pub struct Live {
    subscribers: usize,
    stands: Vec<Stand>,
    last: Option<Letter>,
}

/// How a message stands with one subscriber.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stand {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// It does not want it.
    Unwanted,
    /// It waits.
    Waits,
    /// It is under work.
    Worked,
    /// It is done.
    Done,
    /// The subscriber was not there.
    Missed,
    /// It was thrown away.
    Dropped,
    /// It was not let in.
    Refused,
}

impl Live {
    /// Nothing yet, for so many subscribers.
    pub fn new(subscribers: usize) -> Self {
        Live { subscribers, stands: Vec::new(), last: None }
    }

    /// How message `number` stands with `subscriber`.
    pub fn stand(&self, number: u32, subscriber: u32) -> Stand {
        self.stands.get(self.place(number, subscriber)).copied().unwrap_or_default()
    }

    /// What was published last.
    pub fn last(&self) -> Option<Letter> {
        self.last
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.stands.len()
    }

    fn place(&self, number: u32, subscriber: u32) -> usize {
        number as usize * self.subscribers + subscriber as usize
    }
}

impl Probe for Live {
    fn hear(
        &mut self,
        _: Time,
        letter: Option<Letter>,
        subscriber: Option<u32>,
        change: Change,
        _: &'static Rule,
        _: Option<Figure>,
    ) {
        let Some(letter) = letter else { return };
        if change == Change::Published {
            self.last = Some(letter);
        }
        let Some(subscriber) = subscriber else { return };
        let stand = match change {
            Change::Unwanted | Change::Skipped => Stand::Unwanted,
            Change::Routed | Change::Returned | Change::Hidden => Stand::Waits,
            Change::Started => Stand::Worked,
            Change::Done => Stand::Done,
            Change::Missed => Stand::Missed,
            Change::Dropped => Stand::Dropped,
            Change::Refused => Stand::Refused,
            _ => return,
        };
        let place = self.place(letter.number, subscriber);
        if place >= self.stands.len() {
            self.stands.resize(place + self.subscribers, Stand::Unknown);
        }
        self.stands[place] = stand;
    }
}
