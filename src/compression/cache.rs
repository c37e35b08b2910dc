//! # A cache that keeps compressed values
//!
//! The cache has room for so many **bytes**, and gives up what was not asked for longest (LRU) until a new
//! value fits. Values are compressed when they come in, so more of them fit and fewer requests miss; in
//! return every hit must be decompressed, and every miss compressed besides fetched. It pays if the
//! misses that it saves cost more than the time of the codec:
//!
//! saved misses × backend  >  hits × decompressing + misses × compressing
//!
//! A value that does not get smaller is kept as it is, and nothing is undone when it is read, as memcached’s
//! clients do with a flag. Redis leaves compression to its clients; zram and zswap do the same as here with
//! pages of memory. Left out: what an allocator rounds up, the entry’s own header, and the time that a
//! shorter value saves on the network.

use super::codec::Codec;
use crate::cache::Lists;
use crate::catalogue::{Figure, Rule};
use crate::kernel::Span;
use crate::trace::Key;
use serde::Serialize;
use std::rc::Rc;

/// How large a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// As it comes, in bytes.
    pub original: u32,
    /// As it is kept, in bytes.
    pub kept: u32,
}

/// How large `value` is under `codec`, which is tried on it.
pub fn size(codec: &Codec, value: &[u8]) -> Size {
    let original = value.len();
    let kept = (codec.compress)(value).len().min(original);
    Size { original: original as u32, kept: kept as u32 }
}

/// How long things take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Costs {
    /// To compress a byte of a value, in nanoseconds.
    pub compress: f64,
    /// To get a byte of a value back, in nanoseconds.
    pub decompress: f64,
    /// To fetch a value that the cache does not have.
    pub backend: Span,
}

/// What can happen to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is found.
    Found,
    /// It is fetched.
    Fetched,
    /// It is kept, in so many bytes instead of so many.
    Kept {
        /// As it is kept.
        bytes: u32,
        /// As it came.
        of: u32,
    },
    /// It has to make room.
    Leaves,
    /// It is not kept.
    Passes,
}

/// What happened, to the value of which key, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Happened {
    /// The key.
    pub key: u32,
    /// What.
    pub change: Change,
    /// By which rule.
    pub rule: &'static Rule,
    /// The figure that the rule decided by.
    pub figure: Figure,
}

/// How a request was served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Whether the cache had the value.
    pub hit: bool,
    /// Whether something had to leave for it.
    pub evicted: bool,
    /// How long the codec has worked.
    pub codec: Span,
    /// How long it took in all.
    pub latency: Span,
}

/// An LRU cache of so many bytes.
#[derive(Clone, Debug)]
pub struct CompressedCache {
    sizes: Rc<[Size]>,
    room: u64,
    costs: Costs,
    /// The keys inside, the one that was asked for last first.
    order: Lists<1>,
    kept: u64,
    original: u64,
}

impl CompressedCache {
    /// An empty cache with room for `room` bytes, and the size of each key’s value.
    pub fn new(sizes: Rc<[Size]>, room: u64, costs: Costs) -> Self {
        CompressedCache { order: Lists::new(sizes.len()), sizes, room, costs, kept: 0, original: 0 }
    }

    /// Serves a request for `key`, which is below the number of sizes.
    pub fn serve(&mut self, key: u32, tell: &mut dyn FnMut(Happened)) -> Served {
        let size = self.sizes[key as usize];
        if self.order.holds(0, Key(key)) {
            self.order.renew(0, Key(key));
            return self.hit(key, size, tell);
        }
        self.miss(key, size, tell)
    }

    fn hit(&self, key: u32, size: Size, tell: &mut dyn FnMut(Happened)) -> Served {
        let packed = size.kept < size.original;
        let codec = if packed { work(size, self.costs.decompress) } else { Span::ZERO };
        let rule = if packed { &UNPACKED } else { &AS_IT_IS };
        tell(Happened { key, change: Change::Found, rule, figure: Figure::Span(codec) });
        Served { hit: true, evicted: false, codec, latency: codec }
    }

    fn miss(&mut self, key: u32, size: Size, tell: &mut dyn FnMut(Happened)) -> Served {
        let backend = Figure::Span(self.costs.backend);
        tell(Happened { key, change: Change::Fetched, rule: &NOT_THERE, figure: backend });
        let codec = work(size, self.costs.compress);
        let latency = Span::from_nanos(self.costs.backend.nanos().saturating_add(codec.nanos()));
        if u64::from(size.kept) > self.room {
            let figure = Figure::Count(u64::from(size.kept));
            tell(Happened { key, change: Change::Passes, rule: &TOO_LARGE, figure });
            return Served { hit: false, evicted: false, codec, latency };
        }
        let evicted = self.make_room(size, tell);
        self.order.push_newest(0, Key(key));
        self.kept += u64::from(size.kept);
        self.original += u64::from(size.original);
        let change = Change::Kept { bytes: size.kept, of: size.original };
        let rule = if size.kept < size.original { &SMALLER } else { &NO_SMALLER };
        tell(Happened { key, change, rule, figure: Figure::Span(codec) });
        Served { hit: false, evicted, codec, latency }
    }

    /// Lets go what was not asked for longest until a value fits; whether anything had to go.
    fn make_room(&mut self, size: Size, tell: &mut dyn FnMut(Happened)) -> bool {
        let mut evicted = false;
        while self.kept + u64::from(size.kept) > self.room {
            let Some(oldest) = self.order.pop_oldest(0) else { break };
            let gone = self.sizes[oldest.index()];
            self.kept -= u64::from(gone.kept);
            self.original -= u64::from(gone.original);
            let figure = Figure::Count(u64::from(size.kept));
            tell(Happened { key: oldest.0, change: Change::Leaves, rule: &OLDEST, figure });
            evicted = true;
        }
        evicted
    }

    /// How many bytes there is room for.
    pub fn room(&self) -> u64 {
        self.room
    }

    /// How many bytes are kept.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// How many bytes the values inside had when they came.
    pub fn original(&self) -> u64 {
        self.original
    }

    /// How many values are inside.
    pub fn len(&self) -> usize {
        self.order.len(0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How large the value of `key` is, inside or not.
    pub fn size(&self, key: u32) -> Size {
        self.sizes[key as usize]
    }

    /// How large each value is, inside or not.
    pub fn sizes(&self) -> impl Iterator<Item = Size> + '_ {
        self.sizes.iter().copied()
    }

    /// The keys inside and how large their values are, the one that was asked for last first.
    pub fn entries(&self) -> impl Iterator<Item = (u32, Size)> + '_ {
        self.order.iter(0).map(|key| (key.0, self.sizes[key.index()]))
    }
}

/// How long a codec works on a value that takes it so many nanoseconds a byte.
fn work(size: Size, nanos: f64) -> Span {
    Span::from_nanos((f64::from(size.original) * nanos).round() as u64)
}

const UNPACKED: Rule =
    Rule { name: "UNPACKED", place: "hit", says: "it is inside, and takes {} to decompress" };
const AS_IT_IS: Rule = Rule { name: "AS_IT_IS", place: "hit", says: "it is inside, and kept as it came" };
const NOT_THERE: Rule =
    Rule { name: "NOT_THERE", place: "miss", says: "it is not inside, and the backend takes {}" };
const TOO_LARGE: Rule = Rule {
    name: "TOO_LARGE",
    place: "miss",
    says: "its {} bytes are more than the whole cache has room for",
};
const SMALLER: Rule =
    Rule { name: "SMALLER", place: "miss", says: "the codec has made it smaller, which takes {}" };
const NO_SMALLER: Rule = Rule {
    name: "NO_SMALLER",
    place: "miss",
    says: "the codec cannot make it smaller, so it is kept as it came; trying takes {}",
};
const OLDEST: Rule = Rule {
    name: "OLDEST",
    place: "make_room",
    says: "{} bytes are needed, and it was not asked for longest",
};

/// This file.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[&UNPACKED, &AS_IT_IS, &NOT_THERE, &TOO_LARGE, &SMALLER, &NO_SMALLER, &OLDEST];
