//! Request streams: who asks for what, in which order.
//!
//! Keys are interned to dense numbers once, when a stream is made or read; everything above works
//! on the numbers and asks for a name only to show it. What a request costs or how long it takes
//! is not known here.

mod access_log;
mod columns;
mod intern;
mod key;
mod limits;
mod lines;
mod oracle_general;
mod read;
mod recorded;
pub mod stream;
mod text;
mod unpack;
pub mod zipf;
mod zstd;

pub use columns::{Column, Columns, Delimiter};
pub use key::{Key, Names, PerKey};
pub use limits::{Limits, Wants};
pub use read::{Body, Format, Note, Reading, TraceReader, read_all};
pub use recorded::{RECORDED, Recorded};
pub use stream::Stream;
pub use unpack::Packing;
pub use zipf::ZipfSampler;

use crate::kernel::Time;
use std::rc::Rc;

/// The most requests one trace may hold. A file with more is read up to here, and the page says so.
pub const MOST_REQUESTS: usize = 20_000_000;

/// A request stream in memory: four bytes a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The keys in the order in which they are asked for. Every key is below `names.len()`.
    pub requests: Rc<[Key]>,
    /// What each key is called; as many as there are different keys.
    pub names: Rc<Names>,
    /// When each request came, counted from the first, none before the one before it; `None` where
    /// only the order is known.
    pub times: Option<Rc<[Time]>>,
}

impl Trace {
    /// No requests at all, for labs that make their own.
    pub fn empty() -> Self {
        Trace { requests: [].into(), names: Rc::new(Names::Numbered(0)), times: None }
    }

    /// How many different keys the stream may ask for.
    pub fn keys(&self) -> usize {
        self.names.len()
    }
}
