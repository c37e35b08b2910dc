//! # DEFLATE
//!
//! First repetitions become matches, "copy so many bytes from so far back", of up to 258 bytes within the last
//! 32 kB (Ziv and Lempel, 1977). Then literals, lengths and distances are written in a Huffman code, in
//! which what is frequent has few bits (Huffman, 1952). The **level** says how long it looks for a better
//! match: it makes compressing slower and the result smaller, and getting the value back no slower.
//!
//! RFC 1951, 1996; gzip, PNG and HTTP’s `Content-Encoding: deflate` are made of it. The code at work is the crate
//! `flate2` over `miniz_oxide`. Small values compress badly: each brings its own code table and begins
//! without a past. Left out: a dictionary that all values share, which helps most against that.

use super::codec::{Codec, Damaged, times};
use crate::catalogue::{About, Parameter};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{Read, Write};

/// Level 1.
pub const FAST: Codec =
    codec(&about("deflate-1", "DEFLATE, level 1", &times(9.0, 3.0)), |value| at(1, value));
/// Level 6, which is usual.
pub const USUAL: Codec =
    codec(&about("deflate-6", "DEFLATE, level 6", &times(20.0, 2.5)), |value| at(6, value));
/// Level 9.
pub const BEST: Codec =
    codec(&about("deflate-9", "DEFLATE, level 9", &times(25.0, 2.5)), |value| at(9, value));

const fn codec(about: &'static About, compress: fn(&[u8]) -> Vec<u8>) -> Codec {
    Codec { about, compress, decompress }
}

const fn about(id: &'static str, name: &'static str, parameters: &'static [Parameter]) -> About {
    About {
        id,
        name,
        idea: "Repetitions are copied from further back, then frequent signs get short codes.",
        file: file!(),
        parameters,
        rules: &[],
    }
}

fn at(level: u32, value: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
    let written = encoder.write_all(value);
    // Writing to memory cannot go wrong; if it did, the value is kept as it is.
    written.and_then(|()| encoder.finish()).unwrap_or_else(|_| value.to_vec())
}

fn decompress(kept: &[u8], length: usize) -> Result<Vec<u8>, Damaged> {
    let mut value = Vec::with_capacity(length);
    // One byte more than there can be: whatever is longer is damaged.
    let read = DeflateDecoder::new(kept).take(length as u64 + 1).read_to_end(&mut value);
    if read.is_ok() && value.len() == length { Ok(value) } else { Err(Damaged) }
}
