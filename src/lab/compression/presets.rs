//! Scenarios of the lab of compressed values that each make one point.

use crate::lab::Preset;

/// The presets, the lab's first picture first.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "More fits into the same room",
        point: "Answers of an API in JSON, and room for ten of them as they are. LZ4 leaves room for twenty, DEFLATE for thirty; what their work costs is lost beside a miss of 5 ms.",
        query: "codecs=none,lz4,deflate-6&values=json&size=2000&keys=60&skew=0.9&requests=300&capacity=20&backend=5&seed=1",
    },
    Preset {
        name: "A page’s fragments",
        point: "Markup repeats itself: HTML shrinks to a sixth, and the hit rate goes from 42 % to 94 %. The harder the codec works, the better, because a miss takes 10 ms and its work microseconds.",
        query: "codecs=none,lz4,deflate-1,deflate-9&values=html&size=4000&keys=500&skew=0.8&requests=20000&capacity=300&backend=10&seed=1",
    },
    Preset {
        name: "Everything fits anyway",
        point: "The room is enough for all values as they are. There is no miss to be saved, and every hit must be brought back: compression only costs.",
        query: "codecs=none,lz4,deflate-6&values=json&size=2000&keys=60&skew=0.9&requests=5000&capacity=200&backend=5&seed=1",
    },
    Preset {
        name: "A backend as fast as the codec",
        point: "A miss takes only 50 µs. DEFLATE misses a quarter as often as no compression and is no faster; LZ4 misses more often than DEFLATE and is the fastest of all.",
        query: "codecs=none,lz4,deflate-6,deflate-9&values=log&size=4000&keys=500&skew=0.8&requests=20000&capacity=400&backend=0.05&seed=1",
    },
    Preset {
        name: "Compressed already",
        point: "Pictures and archives have no repetitions left. No codec makes them smaller; what remains is the time for trying.",
        query: "codecs=none,lz4,deflate-9&values=random&size=4000&keys=200&skew=0.8&requests=5000&capacity=200&backend=1&seed=1",
    },
    Preset {
        name: "Digits without repetitions",
        point: "Random numbers hardly repeat, so LZ4 saves 6 %. DEFLATE saves half: its short codes use that ten digits do not need a byte each.",
        query: "codecs=none,lz4,deflate-1,deflate-6&values=csv&size=4000&keys=200&skew=0.8&requests=5000&capacity=200&backend=5&seed=1",
    },
    Preset {
        name: "Small values",
        point: "Each value is compressed by itself and begins without a past. At 200 bytes JSON shrinks by a third, at 8,000 bytes to less than a quarter: set the bytes each and see.",
        query: "codecs=none,lz4,deflate-6&values=json&size=200&keys=500&skew=0.8&requests=5000&capacity=20&backend=5&seed=1",
    },
    Preset {
        name: "A small record as a text",
        point: "Every value is a record of 101 bytes, for which a text of your own can stand. LZ4 finds nothing to repeat, DEFLATE saves 8 bytes, and the hit rate goes from 49.5 % to 51.2 %. Ten such records that differ only in their number, as one value, shrink to less than a sixth.",
        query: "codecs=none,lz4,deflate-6&values=own&keys=500&skew=0.8&requests=5000&capacity=10&backend=5&seed=1",
    },
];
