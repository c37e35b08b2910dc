//! Everything that can be set about the values, the requests and the cache, one line a field.

use super::Compression;
use crate::compression::{KINDS, Kind};
use crate::lab::form::Input;
use crate::lab::reading::{number, put};
use crate::lab::table::{Field, Word, word, word_of, words};
use crate::lab::variant::whole;

/// The most values, and the most bytes of one: so many are compressed in a moment.
const MOST_KEYS: u32 = 2_000;
const MOST_BYTES: u32 = 8_192;
/// The most requests in a run.
const MOST_REQUESTS: u32 = 1_000_000;
/// The largest cache, in kilobytes.
const MOST_ROOM: u32 = 1_000_000;

const SAMPLES: [Word<Kind>; 5] = KINDS;

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<Compression>] = &[
    Field {
        id: "values",
        label: "Values",
        means: "what the values are; they are made by rule and really compressed",
        input: || words(&SAMPLES),
        get: |s| word_of(&SAMPLES, s.kind),
        set: |s, text| put(&mut s.kind, word("values", text, &SAMPLES)),
        group: "",
    },
    Field {
        id: "size",
        label: "Bytes each",
        means: "how many bytes a value has on average, before it is compressed",
        input: || Input::Whole { least: 16, most: u64::from(MOST_BYTES) },
        get: |s| s.size.to_string(),
        set: |s, text| put(&mut s.size, whole("size", text, 16, MOST_BYTES)),
        group: "",
    },
    Field {
        id: "keys",
        label: "Keys",
        means: "how many values there are",
        input: || Input::Whole { least: 1, most: u64::from(MOST_KEYS) },
        get: |s| s.keys.to_string(),
        set: |s, text| put(&mut s.keys, whole("keys", text, 1, MOST_KEYS)),
        group: "",
    },
    Field {
        id: "skew",
        label: "Skew",
        means: "how uneven they are asked for: the exponent of Zipf’s law; 0: all alike",
        input: || Input::Fraction { least: 0.0, most: 2.0 },
        get: |s| s.skew.to_string(),
        set: |s, text| put(&mut s.skew, number("skew", text, 0.0..=2.0)),
        group: "",
    },
    Field {
        id: "requests",
        label: "Requests",
        means: "how many requests come",
        input: || Input::Whole { least: 0, most: u64::from(MOST_REQUESTS) },
        get: |s| s.requests.to_string(),
        set: |s, text| put(&mut s.requests, whole("requests", text, 0, MOST_REQUESTS)),
        group: "",
    },
    Field {
        id: "capacity",
        label: "Room",
        means: "how many kilobytes, of 1,000 bytes, the cache has room for",
        input: || Input::Whole { least: 1, most: u64::from(MOST_ROOM) },
        get: |s| s.capacity.to_string(),
        set: |s, text| put(&mut s.capacity, whole("capacity", text, 1, MOST_ROOM)),
        group: "",
    },
    Field {
        id: "backend",
        label: "A miss takes",
        means: "how many milliseconds it takes to fetch a value that the cache does not have",
        input: || Input::Fraction { least: 0.0, most: 1e6 },
        get: |s| s.backend.to_string(),
        set: |s, text| put(&mut s.backend, number("backend", text, 0.0..=1e6)),
        group: "",
    },
    Field {
        id: "seed",
        label: "Seed",
        means: "fixes every random choice: the same seed gives the same run",
        input: || Input::Whole { least: 0, most: u64::MAX },
        get: |s| s.seed.to_string(),
        set: |s, text| put(&mut s.seed, whole("seed", text, 0, u64::MAX)),
        group: "",
    },
];
