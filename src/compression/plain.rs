//! # No compression
//!
//! Values are kept as they are. That costs no time, and every byte of a value takes a byte of room.

use super::codec::{Codec, Damaged, times};
use crate::catalogue::About;

/// Values as they are.
pub const PLAIN: Codec = Codec { about: &ABOUT, compress: <[u8]>::to_vec, decompress };

const ABOUT: About = About {
    id: "none",
    name: "As it is",
    idea: "Values are kept as they are.",
    file: file!(),
    parameters: &times(0.0, 0.0),
    rules: &[],
};

fn decompress(kept: &[u8], length: usize) -> Result<Vec<u8>, Damaged> {
    if kept.len() == length { Ok(kept.to_vec()) } else { Err(Damaged) }
}
