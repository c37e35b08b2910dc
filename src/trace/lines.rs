//! The lines of a text that comes in pieces.
//!
//! Lines end in LF or CR LF, and blank lines are passed over. What stands in a line is its
//! reader's affair.

use super::limits::{Limits, Wants, grouped};
use crate::refusal::Refusal;

/// A text being cut into lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The start of a line whose end has not come yet.
    held: Vec<u8>,
    number: u64,
}

/// What takes a line with its number.
type Take<'a> = dyn FnMut(u64, &[u8]) -> Result<Wants, Refusal> + 'a;

impl Lines {
    /// The number of the last line, counted from 1; 0 before the first.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Takes the next piece and hands on the lines that end in it.
    pub(super) fn push(
        &mut self,
        piece: &[u8],
        limits: &Limits,
        take: &mut Take<'_>,
    ) -> Result<Wants, Refusal> {
        let mut rest = piece;
        while let Some(end) = newline(rest) {
            let line = &rest[..end];
            rest = &rest[end + 1..];
            if self.whole(line, limits, take)? == Wants::NoMore {
                return Ok(Wants::NoMore);
            }
        }
        self.held.extend_from_slice(rest);
        bound(self.held.len(), self.number + 1, limits)?;
        Ok(Wants::More)
    }

    /// Hands on the last line, which needs no line break.
    pub(super) fn finish(&mut self, limits: &Limits, take: &mut Take<'_>) -> Result<(), Refusal> {
        if !self.held.is_empty() {
            self.whole(&[], limits, take)?;
        }
        Ok(())
    }

    /// A line whose end has come; its start may have come earlier.
    fn whole(&mut self, end: &[u8], limits: &Limits, take: &mut Take<'_>) -> Result<Wants, Refusal> {
        self.number += 1;
        if self.held.is_empty() {
            return one(end, self.number, limits, take);
        }
        let mut line = std::mem::take(&mut self.held);
        line.extend_from_slice(end);
        let wants = one(&line, self.number, limits, take);
        line.clear();
        self.held = line;
        wants
    }
}

fn one(line: &[u8], number: u64, limits: &Limits, take: &mut Take<'_>) -> Result<Wants, Refusal> {
    bound(line.len(), number, limits)?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if is_blank(line) { Ok(Wants::More) } else { take(number, line) }
}

/// Refuses a line before more of it is held than is allowed.
#[inline]
fn bound(length: usize, number: u64, limits: &Limits) -> Result<(), Refusal> {
    if length <= limits.line_bytes {
        return Ok(());
    }
    let most = grouped(limits.line_bytes);
    let key = grouped(limits.key_bytes);
    let value = format!("a line of more than {most} bytes");
    let allowed = format!("lines of at most {most} bytes, with a key of at most {key} bytes");
    Err(Refusal::new(at(number), value, allowed))
}

/// How a refusal names a line.
pub(super) fn at(number: u64) -> String {
    format!("line {}", grouped(number))
}

pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Where the next line break is. Eight bytes at a time: a byte of `differs` is zero where a line
/// break stands, and taking one from it borrows into its highest bit.
#[inline]
fn newline(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const BREAKS: u64 = u64::from_le_bytes([b'\n'; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let differs = u64::from_le_bytes(*word) ^ BREAKS;
        let found = differs.wrapping_sub(ONES) & !differs & (ONES << 7);
        if found != 0 {
            return Some(place * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let place = rest.iter().position(|byte| *byte == b'\n')?;
    Some(words.len() * 8 + place)
}
