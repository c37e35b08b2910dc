//! A key as a dense number, tables indexed by it, and the names that keys are shown by.

use std::fmt;
use std::ops::{Index, IndexMut};

/// What a request asks for, as a dense number: the keys of a trace are 0, 1, 2, … in the order of
/// their first request, so that a table by key is an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Key(pub u32);

impl Key {
    /// The key as a place in an array.
    #[inline(always)]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One value for each key of a trace, indexed by [`Key`].
#[derive(Clone, Debug, PartialEq)]
pub struct PerKey<T>(Vec<T>);

impl<T: Clone> PerKey<T> {
    /// A table with the same `value` for each of `keys` keys.
    pub fn new(keys: usize, value: T) -> Self {
        PerKey(vec![value; keys])
    }
}

impl<T> Index<Key> for PerKey<T> {
    type Output = T;
    #[inline(always)]
    fn index(&self, key: Key) -> &T {
        &self.0[key.index()]
    }
}

impl<T> IndexMut<Key> for PerKey<T> {
    #[inline(always)]
    fn index_mut(&mut self, key: Key) -> &mut T {
        &mut self.0[key.index()]
    }
}

/// The names of a trace's keys. Held as one run of bytes, so that a million short names cost
/// little more than their letters.
#[derive(Clone, Debug, PartialEq)]
pub enum Names {
    /// Names as they were read: `ends[k]` is where the name of key `k` ends in `bytes`.
    Read {
        /// All names, one after another, in UTF-8 (what was not UTF-8 has been replaced).
        bytes: Vec<u8>,
        /// Where each name ends.
        ends: Vec<u32>,
    },
    /// Objects that a file knows by number: the key `k` is called by the number at `k`.
    Objects(Vec<u64>),
    /// Numbered keys of a generated stream: letters while 26 are enough, else 1, 2, 3, …
    Numbered(usize),
}

impl Names {
    /// How many keys have a name.
    pub fn len(&self) -> usize {
        match self {
            Names::Read { ends, .. } => ends.len(),
            Names::Objects(objects) => objects.len(),
            Names::Numbered(keys) => *keys,
        }
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What `key` is called, to be written into a sentence. A key that the trace does not have is
    /// shown by its number.
    pub fn of(&self, key: Key) -> Name<'_> {
        match self {
            Names::Read { bytes, ends } if key.index() < ends.len() => {
                let start = if key.0 == 0 { 0 } else { ends[key.index() - 1] as usize };
                let name = &bytes[start..ends[key.index()] as usize];
                Name::Text(std::str::from_utf8(name).unwrap_or("?"))
            }
            Names::Objects(objects) if key.index() < objects.len() => Name::Number(objects[key.index()]),
            Names::Numbered(keys) if *keys <= 26 && key.0 < 26 => {
                Name::Letter(char::from(b'A' + key.0 as u8))
            }
            _ => Name::Number(u64::from(key.0) + 1),
        }
    }
}

/// The name of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// As it was read or typed.
    Text(&'a str),
    /// One of few generated keys.
    Letter(char),
    /// One of many generated keys, counted from 1.
    Number(u64),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Text(text) => f.write_str(text),
            Name::Letter(letter) => write!(f, "{letter}"),
            Name::Number(number) => write!(f, "{number}"),
        }
    }
}
