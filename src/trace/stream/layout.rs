//! Which dense number each key of a stream gets, and what it is called.
//!
//! Numbered keys keep their own numbers while these leave no large gaps; otherwise the gaps are
//! closed up and the names keep the numbers. Typed keys follow after the numbered ones. A typed
//! key that is called as a numbered one is that key, so that parts of a stream can share it.

use super::Stream;
use crate::trace::{Key, Names};
use std::collections::BTreeMap;

/// Numbers that no key has are put up with while there are not more of them than keys and these.
const SPARE: u64 = 1_000;

/// The keys that a stream may ask for.
pub(super) struct Layout {
    /// The numbers in use, ascending, with gaps between the runs.
    runs: Vec<Run>,
    words: BTreeMap<String, Key>,
    /// The typed keys that are not numbered ones, in the order in which they were typed.
    typed: Vec<String>,
}

/// Keys with consecutive numbers, from `first` up to but not including `end`. The dense number of
/// the first is `base`.
struct Run {
    first: u32,
    end: u32,
    base: u32,
}

impl Layout {
    pub(super) fn new(stream: &Stream) -> Self {
        let mut ranges = Vec::new();
        let mut words = Vec::new();
        collect(stream, &mut ranges, &mut words);
        let mut runs = joined(ranges);
        if words.is_empty() {
            close_small_gaps(&mut runs);
        }
        let mut layout = Layout { runs, words: BTreeMap::new(), typed: Vec::new() };
        words.into_iter().for_each(|word| layout.intern(word));
        layout
    }

    /// How many keys there are.
    pub(super) fn keys(&self) -> u64 {
        self.numbered() + self.typed.len() as u64
    }

    /// The dense number of the key that has the number `own`.
    pub(super) fn of_number(&self, own: u32) -> Key {
        let run = self.runs.iter().rev().find(|run| run.first <= own);
        Key(run.map_or(own, |run| run.base + (own - run.first)))
    }

    /// The dense number of a typed key.
    pub(super) fn of_word(&self, word: &str) -> Option<Key> {
        self.words.get(word).copied()
    }

    /// What the keys are called.
    pub(super) fn names(&self) -> Names {
        let closed_up = self.runs.iter().any(|run| run.first != run.base);
        if self.typed.is_empty() && self.words.is_empty() && !closed_up {
            return Names::Numbered(self.highest());
        }
        let numbers = self.runs.iter().flat_map(|run| run.first..run.end);
        let numbered = Names::Numbered(self.highest());
        let numbers = numbers.map(|own| numbered.of(Key(own)).to_string());
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for name in numbers.chain(self.typed.iter().cloned()) {
            bytes.extend_from_slice(name.as_bytes());
            ends.push(bytes.len() as u32);
        }
        Names::Read { bytes, ends }
    }

    fn numbered(&self) -> u64 {
        self.runs.iter().map(|run| u64::from(run.end - run.first)).sum()
    }

    /// One more than the highest number in use.
    fn highest(&self) -> usize {
        self.runs.last().map_or(0, |run| run.end as usize)
    }

    fn intern(&mut self, word: &str) {
        if self.words.contains_key(word) {
            return;
        }
        let key = self.numbered_as(word).unwrap_or_else(|| {
            self.typed.push(word.to_owned());
            Key(self.keys() as u32 - 1)
        });
        self.words.insert(word.to_owned(), key);
    }

    /// The numbered key that is called `word`.
    fn numbered_as(&self, word: &str) -> Option<Key> {
        let own = match (word.as_bytes(), word.parse::<u32>()) {
            ([letter @ b'A'..=b'Z'], _) => u32::from(letter - b'A'),
            (_, Ok(number)) => number.checked_sub(1)?,
            _ => return None,
        };
        let used = self.runs.iter().any(|run| (run.first..run.end).contains(&own));
        let called = Names::Numbered(self.highest()).of(Key(own)).to_string() == word;
        (used && called).then(|| self.of_number(own))
    }
}

/// The ranges of numbers (first, end) and the words that a stream uses, in order.
fn collect<'a>(stream: &'a Stream, ranges: &mut Vec<(u32, u32)>, words: &mut Vec<&'a str>) {
    let (first, keys) = match stream {
        Stream::Zipf(zipf) => (zipf.first, zipf.keys),
        Stream::Uniform(uniform) => (uniform.first, uniform.keys),
        Stream::Scan(scan) => (scan.first, scan.requests),
        Stream::Loop(cycle) => (cycle.first, cycle.keys),
        Stream::Drift(drift) => (drift.first, drift.keys),
        Stream::HotSet(hot_set) => (hot_set.first, hot_set.keys),
        Stream::Keys(typed) => return words.extend(typed.iter()),
        Stream::Phases(phases) => return phases.iter().for_each(|phase| collect(phase, ranges, words)),
        Stream::Mix(parts) => return parts.iter().for_each(|part| collect(&part.of, ranges, words)),
    };
    ranges.push((first, first.saturating_add(keys)));
}

/// The runs that the ranges make up together, with the gaps between them closed up.
fn joined(mut ranges: Vec<(u32, u32)>) -> Vec<Run> {
    ranges.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    for (first, end) in ranges {
        match runs.last_mut() {
            Some(run) if first <= run.end => run.end = run.end.max(end),
            last => {
                let base = last.map_or(0, |run| run.base + (run.end - run.first));
                runs.push(Run { first, end, base });
            }
        }
    }
    runs
}

/// Makes one run from 0 on of runs that leave few numbers out.
fn close_small_gaps(runs: &mut Vec<Run>) {
    let used: u64 = runs.iter().map(|run| u64::from(run.end - run.first)).sum();
    let end = runs.last().map_or(0, |run| run.end);
    if u64::from(end) <= 2 * used + SPARE {
        *runs = vec![Run { first: 0, end, base: 0 }];
    }
}
