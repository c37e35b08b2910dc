//! What a client does: reads and writes, one after another.

use crate::invalidation::operation::Kind;
use std::fmt;

/// Up to [`Program::MOST`] operations, written as `rw`: a read and then a write.
///
/// One bit an operation, the next one lowest, and a one above the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Program(u8);

impl Program {
    /// The most operations of a client.
    pub const MOST: usize = 4;
    /// Nothing to do.
    pub const DONE: Program = Program(1);

    /// Reads `rwr`; `None`: it is no such word, or too long.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > Self::MOST {
            return None;
        }
        text.chars().rev().try_fold(Self::DONE, |program, letter| match letter {
            'r' => Some(Program(program.0 << 1)),
            'w' => Some(Program(program.0 << 1 | 1)),
            _ => None,
        })
    }

    /// The next operation, and what comes after it; `None`: all is done.
    pub fn next(self) -> Option<(Kind, Program)> {
        let kind = if self.0 & 1 == 1 { Kind::Write } else { Kind::Read };
        (self != Self::DONE).then_some((kind, Program(self.0 >> 1)))
    }

    /// How many operations it has.
    pub fn len(self) -> u32 {
        self.0.ilog2()
    }

    /// How many of them are writes.
    pub fn writes(self) -> u32 {
        self.0.count_ones() - Self::DONE.0.count_ones()
    }

    /// Whether all is done.
    pub fn is_empty(self) -> bool {
        self == Self::DONE
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = *self;
        while let Some((kind, rest)) = left.next() {
            f.write_str(if kind == Kind::Write { "w" } else { "r" })?;
            left = rest;
        }
        Ok(())
    }
}
