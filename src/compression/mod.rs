//! Compression of what a cache keeps: codecs, one a file, values to try them on, and a cache that has room
//! for so many bytes. No lab and no picture in here.

mod cache;
mod codec;
mod deflate;
mod lz4;
mod plain;
mod samples;

pub use cache::{Change, RULES, SOURCE};
pub use cache::{CompressedCache, Costs, Happened, Served, Size, size};
pub use codec::{CODECS, Codec, Damaged, find};
pub use samples::{KINDS, Kind, value};
