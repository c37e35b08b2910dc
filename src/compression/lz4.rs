//! # LZ4
//!
//! A value becomes a row of **literals**, bytes that stand for themselves, and **matches**: "copy so many bytes
//! from so far back". Where a match begins is found with a hash table of the last places of every four
//! bytes, and taken at once, without looking for a longer one. Nothing is packed into bits, so that
//! getting a value back is little more than copying: the fastest there is, at a worse ratio.
//!
//! Yann Collet, "LZ4 Block Format Description", github.com/lz4/lz4. After Ziv and Lempel, "A Universal Algorithm
//! for Sequential Data Compression", IEEE Transactions on Information Theory 23, 1977. The code at work is
//! the crate `lz4_flex`, in its safe form; the length is kept beside the block.

use super::codec::{Codec, Damaged, times};
use crate::catalogue::About;
use lz4_flex::block;

/// LZ4’s block format.
pub const LZ4: Codec = Codec { about: &ABOUT, compress: block::compress, decompress };

const ABOUT: About = About {
    id: "lz4",
    name: "LZ4",
    idea: "Repetitions are copied from further back: fast, at a modest ratio.",
    file: file!(),
    parameters: &times(2.0, 0.6),
    rules: &[],
};

fn decompress(kept: &[u8], length: usize) -> Result<Vec<u8>, Damaged> {
    block::decompress(kept, length).map_err(|_| Damaged)
}
