//! Everything that can be set about the values, the requests and the cache, one line a field.

use super::scenario::{Compression, Sample};
use crate::compression::KINDS;
use crate::lab::form::Input;
use crate::lab::reading::{number, put};
use crate::lab::table::{Field, Word, word, word_of, words};
use crate::lab::variant::whole;
use crate::lab::words::count;
use crate::refusal::Refusal;

/// The most values, and the most bytes of one: so many are compressed in a moment.
const MOST_KEYS: u32 = 2_000;
const MOST_BYTES: u32 = 8_192;
/// The most requests in a run.
const MOST_REQUESTS: u32 = 1_000_000;
/// The largest cache, in kilobytes.
const MOST_ROOM: u32 = 1_000_000;

/// The most characters of a text of the person’s own, so that a link to it can still be sent.
const MOST_CHARACTERS: usize = 4_000;
/// How a link says that the values are a text of the person’s own.
const OWN: &str = "own";

/// What the values can be.
fn samples() -> Vec<Word<Sample>> {
    let made = KINDS.iter().map(|(id, name, kind)| (*id, *name, Sample::Made(*kind)));
    made.chain([(OWN, "a text of your own", Sample::Own)]).collect()
}

/// Sets what the values are. A text that is empty is no value, so it cannot be chosen.
fn set_sample(scenario: &mut Compression, id: &str) -> Result<(), Refusal> {
    let sample = word("values", id, &samples())?;
    if sample == Sample::Own && scenario.text.is_empty() {
        let made: Vec<&str> = KINDS.iter().map(|(id, ..)| *id).collect();
        let allowed = format!("one of {}, as long as the text is empty", made.join(", "));
        return Err(Refusal::new("values", id, allowed));
    }
    scenario.sample = sample;
    Ok(())
}

/// Sets the text of the person’s own, which may be empty only while it is not used.
fn set_text(scenario: &mut Compression, text: &str) -> Result<(), Refusal> {
    let least = usize::from(scenario.sample == Sample::Own);
    if !(least..=MOST_CHARACTERS).contains(&text.chars().count()) {
        let allowed = format!("{least} to {} characters", count(MOST_CHARACTERS as u64));
        return Err(Refusal::new("text", text, allowed));
    }
    text.clone_into(&mut scenario.text);
    Ok(())
}

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<Compression>] = &[
    Field {
        id: "values",
        label: "Values",
        means: "what the values are, made by rule or a text of your own; they are really compressed",
        input: || words(&samples()),
        get: |s| word_of(&samples(), s.sample),
        set: set_sample,
        group: "",
    },
    Field {
        id: "text",
        label: "Text",
        means: "Every value is this text as it stands, and each is compressed by itself.",
        input: || Input::Lines { most: MOST_CHARACTERS },
        get: |s| s.text.clone(),
        set: set_text,
        group: "",
    },
    Field {
        id: "size",
        label: "Bytes each",
        means: "how many bytes a value that is made has on average, before it is compressed",
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
