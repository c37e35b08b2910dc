//! Reading a nested description without going deeper than allowed, whoever wrote it.
//!
//! A type for each depth: the innermost has no values, so that a reader stops there instead of
//! using up its stack.

use super::{Drift, HotSet, Loop, Part, Scan, Stream, Uniform, Words, Zipf};
use crate::refusal::Refusal;
use serde::de::{Deserialize, Deserializer, Error};

/// A description as it is read, before its numbers are checked: four deep at most.
pub(super) type Nested = Level<Level<Level<Level<TooDeep>>>>;

/// A description whose parts are of type `Of`.
#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Level<Of> {
    Zipf(Zipf),
    Uniform(Uniform),
    Scan(Scan),
    Loop(Loop),
    Drift(Drift),
    HotSet(HotSet),
    Keys(Words),
    Phases(Vec<Of>),
    Mix(Vec<Weighted<Of>>),
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weighted<Of> {
    weight: u32,
    of: Of,
}

/// What may not be there.
pub(super) enum TooDeep {}

impl<'de> Deserialize<'de> for TooDeep {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("phases and mixes may be nested three deep, and no deeper"))
    }
}

impl TryFrom<Nested> for Stream {
    type Error = Refusal;
    fn try_from(nested: Nested) -> Result<Self, Refusal> {
        let stream = nested.stream();
        stream.check()?;
        Ok(stream)
    }
}

/// What was read, at any depth.
trait Read {
    fn stream(self) -> Stream;
}

impl Read for TooDeep {
    fn stream(self) -> Stream {
        match self {}
    }
}

impl<Of: Read> Read for Level<Of> {
    fn stream(self) -> Stream {
        match self {
            Level::Zipf(zipf) => Stream::Zipf(zipf),
            Level::Uniform(uniform) => Stream::Uniform(uniform),
            Level::Scan(scan) => Stream::Scan(scan),
            Level::Loop(cycle) => Stream::Loop(cycle),
            Level::Drift(drift) => Stream::Drift(drift),
            Level::HotSet(hot_set) => Stream::HotSet(hot_set),
            Level::Keys(words) => Stream::Keys(words),
            Level::Phases(phases) => Stream::Phases(phases.into_iter().map(Read::stream).collect()),
            Level::Mix(parts) => {
                let part = |part: Weighted<Of>| Part { weight: part.weight, of: part.of.stream() };
                Stream::Mix(parts.into_iter().map(part).collect())
            }
        }
    }
}
