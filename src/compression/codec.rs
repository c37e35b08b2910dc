//! What a codec is, and which there are.

use super::{deflate, lz4, plain};
use crate::catalogue::{About, Parameter, Range};

/// A way to make values smaller and to get them back.
#[derive(Clone, Copy, Debug)]
pub struct Codec {
    /// What it says about itself; its parameters are its times, see [`times`].
    pub about: &'static About,
    /// Makes a value smaller, if it can.
    pub compress: fn(&[u8]) -> Vec<u8>,
    /// Gets the value back, which had so many bytes.
    pub decompress: fn(&[u8], usize) -> Result<Vec<u8>, Damaged>,
}

/// Bytes that no codec can have made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

/// The codecs, the one that does nothing first.
pub const CODECS: &[Codec] = &[plain::PLAIN, lz4::LZ4, deflate::FAST, deflate::USUAL, deflate::BEST];

/// The codec that a scenario calls `id`.
pub fn find(id: &str) -> Option<&'static Codec> {
    CODECS.iter().find(|codec| codec.about.id == id)
}

/// How long a codec takes for a byte of the value, in nanoseconds, where the scenario says nothing else.
///
/// Model time must not depend on the machine, so these are constants. They were measured once, natively and
/// optimized, on one server core, over values of 16 kB of the kinds JSON, HTML and log, and rounded. Small
/// values and values without any rule take longer by the byte.
pub const fn times(compress: f64, decompress: f64) -> [Parameter; 2] {
    [
        Parameter {
            id: "compress",
            means: "nanoseconds that it takes to compress a byte of a value",
            range: Range::Number { least: 0.0, most: 1e6, default: compress },
        },
        Parameter {
            id: "decompress",
            means: "nanoseconds that it takes to get a byte of a value back",
            range: Range::Number { least: 0.0, most: 1e6, default: decompress },
        },
    ]
}
