//! How much a trace file may hold, and the counter that keeps to it.
//!
//! The limits bound the memory and the time that a file may take, whatever it claims to be. What
//! is in the file is not known here.

use super::{Key, MOST_REQUESTS};
use std::rc::Rc;

/// What a reader takes at most. The default is what the page allows; a test or a small device may
/// ask for less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most requests. Past it reading stops, and a note says so.
    pub requests: usize,
    /// The most bytes of one key.
    pub key_bytes: usize,
    /// The most bytes of one line, where the key is one column of it.
    pub line_bytes: usize,
    /// The most bytes of all names together.
    pub name_bytes: usize,
    /// The most bytes after decompression.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            requests: MOST_REQUESTS,
            key_bytes: 1 << 10,
            line_bytes: 1 << 16,
            name_bytes: 256 << 20,
            bytes: 8 << 30,
        }
    }
}

/// Whether a reader still wants bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// There is room: push the next piece.
    More,
    /// As many requests as are allowed have been taken: stop, and finish.
    NoMore,
}

/// The requests read so far. They are held in pieces, so that nothing is copied as they grow and
/// each piece is given back as the trace is put together.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    full: Vec<Vec<Key>>,
    last: Vec<Key>,
    most: usize,
    stopped: bool,
}

/// How many requests a piece holds.
const PIECE: usize = 1 << 16;

impl Requests {
    pub(super) fn new(most: usize) -> Self {
        Requests { full: Vec::new(), last: Vec::with_capacity(PIECE.min(most)), most, stopped: false }
    }

    pub(super) fn len(&self) -> usize {
        self.full.len() * PIECE + self.last.len()
    }

    /// Whether a request was turned away because there were as many as are allowed.
    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }

    /// Asked before each request: at the limit it is turned away, and remembered to have been.
    #[inline]
    pub(super) fn have_room(&mut self) -> bool {
        if self.last.len() == PIECE {
            let next = Vec::with_capacity(PIECE);
            self.full.push(std::mem::replace(&mut self.last, next));
        }
        self.stopped = self.len() >= self.most;
        !self.stopped
    }

    #[inline]
    pub(super) fn push(&mut self, key: Key) {
        self.last.push(key);
    }

    /// All requests in one run of exactly their length.
    pub(super) fn into_run(self) -> Rc<[Key]> {
        let len = self.len();
        let mut keys = self.full.into_iter().chain([self.last]).flatten();
        // A range knows its length, so the run is allocated once; it is as long as the pieces are.
        (0..len).map(|_| keys.next().unwrap_or(Key(0))).collect()
    }
}

/// A number for a sentence, with a comma between each three digits.
pub(super) fn grouped(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three_digits() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (20_000_000, "20,000,000")] {
            assert_eq!(grouped(number as u64), text);
        }
    }

    #[test]
    fn pieces_become_one_run() {
        let mut requests = Requests::new(3 * PIECE);
        let mut taken = 0;
        while requests.have_room() {
            requests.push(Key(taken));
            taken += 1;
        }
        assert!(requests.stopped());
        let run = requests.into_run();
        assert_eq!(run.len(), 3 * PIECE);
        assert!(run.iter().enumerate().all(|(place, key)| key.index() == place));
    }
}
