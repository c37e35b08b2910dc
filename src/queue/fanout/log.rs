//! # A log that many read
//!
//! Records are appended and stay where they are; each reader has an offset, the record that it
//! reads next. To read takes nothing away, so a slow reader lags and nobody else notices. What
//! shortens the log is a bound on its length or age, and that takes records from under the readers
//! that lag most.
//!
//! Kafka's partition and Redis's stream are both this; their files say where they differ.

use super::Letter;
use super::design::{Desk, Line, Reading};
use super::probe::{Figure, Probe};
use crate::catalogue::Rule;
use std::collections::VecDeque;

/// A log and the places of its readers.
#[derive(Clone, Debug)]
pub(super) struct Log {
    /// The offset of the oldest record that is kept.
    first: u32,
    records: VecDeque<Letter>,
    readers: Vec<Reader>,
}

#[derive(Clone, Debug, Default)]
struct Reader {
    /// The offset that it reads next.
    next: u32,
    /// Whether it has a place in the log: what is appended is for it, now or later.
    reads: bool,
}

impl Log {
    /// An empty log.
    pub(super) fn new(readers: usize) -> Self {
        Log { first: 0, records: VecDeque::new(), readers: vec![Reader::default(); readers] }
    }

    /// How many records are kept.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The oldest record.
    pub(super) fn oldest(&self) -> Option<Letter> {
        self.records.front().copied()
    }

    /// Whether somebody has yet to read the oldest record.
    pub(super) fn oldest_is_unread(&self) -> bool {
        !self.records.is_empty()
            && self.readers.iter().any(|reader| reader.reads && reader.next <= self.first)
    }

    /// The offset behind the newest record.
    fn end(&self) -> u32 {
        self.first + self.records.len() as u32
    }

    /// Whether `reader` has a place.
    pub(super) fn reads(&self, reader: u32) -> bool {
        self.readers[reader as usize].reads
    }

    /// `reader` has its place at the oldest record.
    pub(super) fn begin_at_oldest(&mut self, reader: u32) {
        self.readers[reader as usize] = Reader { next: self.first, reads: true };
    }

    /// `reader` has its place behind the newest record.
    pub(super) fn begin_at_end(&mut self, reader: u32) {
        self.readers[reader as usize] = Reader { next: self.end(), reads: true };
    }

    /// `letter` becomes the newest record: one for everybody who has a place.
    pub(super) fn append<P: Probe>(
        &mut self,
        letter: Letter,
        wanted: &'static Rule,
        missed: &'static Rule,
        desk: &mut Desk<P>,
    ) {
        self.records.push_back(letter);
        for reader in desk.everybody() {
            match self.reads(reader) {
                true => desk.enter(reader, letter, wanted),
                false => desk.miss(reader, letter, missed),
            }
        }
    }

    /// The next record for `reader`, who moves on; those that are gone are passed over.
    pub(super) fn read(&mut self, reader: u32) -> Option<Letter> {
        let has = &mut self.readers[reader as usize];
        has.next = has.next.max(self.first);
        let letter = self.records.get((has.next - self.first) as usize)?;
        has.next += 1;
        Some(*letter)
    }

    /// Whether what `reader` would read next is gone.
    pub(super) fn is_out_of_range(&self, reader: u32) -> bool {
        let has = &self.readers[reader as usize];
        has.reads && has.next < self.first
    }

    /// Whether the record of `letter` is still kept.
    pub(super) fn keeps(&self, letter: Letter) -> bool {
        letter.number > self.first
    }

    /// `reader` has not done `letter` and reads it next.
    pub(super) fn go_back_to(&mut self, reader: u32, letter: Letter) {
        self.readers[reader as usize].next = letter.number - 1;
    }

    /// The oldest record is deleted, also from under those who have not read it.
    pub(super) fn delete_oldest<P: Probe>(
        &mut self,
        rule: &'static Rule,
        figure: Figure,
        desk: &mut Desk<P>,
    ) -> Option<Letter> {
        let letter = self.records.pop_front()?;
        for reader in desk.everybody() {
            let has = &self.readers[reader as usize];
            if has.reads && has.next <= self.first {
                desk.drop(reader, letter, rule, Some(figure));
            }
        }
        self.first += 1;
        Some(letter)
    }

    /// `reader` gives up its place, and with it all that it has not read.
    pub(super) fn give_up<P: Probe>(&mut self, reader: u32, rule: &'static Rule, desk: &mut Desk<P>) {
        self.skip_to_end(reader, rule, desk);
        self.readers[reader as usize].reads = false;
    }

    /// `reader` goes behind the newest record, past all that it has not read.
    pub(super) fn skip_to_end<P: Probe>(&mut self, reader: u32, rule: &'static Rule, desk: &mut Desk<P>) {
        while let Some(letter) = self.read(reader) {
            desk.drop(reader, letter, rule, None);
        }
    }

    /// What each reader has yet to read.
    pub(super) fn lines(&self) -> Vec<Line> {
        let line = |reader: &Reader| {
            let from = if reader.reads { reader.next.max(self.first) } else { self.end() };
            let behind = (from - self.first) as usize;
            Line::new("lag", self.records.len() - behind, self.records.iter().skip(behind).copied())
        };
        self.readers.iter().map(line).collect()
    }

    /// The log as a picture.
    pub(super) fn reading(&self) -> Reading {
        let hidden = self.records.len().saturating_sub(Line::SHOWN);
        Reading {
            first: self.first,
            length: self.records.len(),
            records: self.records.iter().skip(hidden).copied().collect(),
            next: self.readers.iter().map(|reader| reader.reads.then_some(reader.next)).collect(),
        }
    }
}

/// The name and the text of this file, for the source panel.
pub const SOURCE: &str = file!();
