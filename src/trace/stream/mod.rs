//! Request streams by description: a few words and numbers instead of a file.
//!
//! One description and one seed give the same requests everywhere. A description is written as
//! JSON ({"zipf":{"keys":40,"skew":0.9,"requests":200}}) or, to be read in a link, in short
//! ("zipf:0.9:40:200"). What is generated differs from a recorded trace in one way: no request
//! depends on what a cache did with those before it.

mod check;
mod generator;
mod layout;
mod link;
mod nested;
mod words;

pub use generator::Generator;
pub use words::Words;

use super::Trace;
use crate::refusal::Refusal;
use crate::theory;
use nested::Nested;
use serde::{Deserialize, Serialize};

/// A request stream by description. One that was read is known to be allowed; one that was put
/// together from its parts is asked by [`Stream::check`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", try_from = "Nested")]
pub enum Stream {
    /// Independent requests by Zipf's law: a few keys are popular, most are not.
    Zipf(Zipf),
    /// Independent requests, every key as likely.
    Uniform(Uniform),
    /// Each key once, in order, and never again.
    Scan(Scan),
    /// The keys in order, over and over.
    Loop(Loop),
    /// A working set that moves on slowly.
    Drift(Drift),
    /// A few keys take most requests, and from time to time they are others.
    HotSet(HotSet),
    /// Keys as somebody typed them.
    Keys(Words),
    /// From 1 to 16 streams, one after another.
    Phases(Vec<Stream>),
    /// From 1 to 16 streams, shuffled into one another.
    Mix(Vec<Part>),
}

/// Independent requests by Zipf's law: key k, counted from 1, in proportion to 1 / k to the skew.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Zipf {
    /// How many keys, from 1 to 10,000,000.
    pub keys: u32,
    /// The skew, from 0 (all alike) to 2. Web traffic is near 0.9.
    pub skew: f64,
    /// How many requests, from 1 to 20,000,000.
    pub requests: u32,
    /// The number of the first key, from 0 to 1,000,000,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first: u32,
}

/// Independent requests, every key as likely.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Uniform {
    /// How many keys, from 1 to 10,000,000.
    pub keys: u32,
    /// How many requests, from 1 to 20,000,000.
    pub requests: u32,
    /// The number of the first key, from 0 to 1,000,000,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first: u32,
}

/// Each key once, in order, and never again: as many keys as requests.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scan {
    /// How many requests, from 1 to 10,000,000.
    pub requests: u32,
    /// The number of the first key, from 0 to 1,000,000,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first: u32,
}

/// The keys in order, over and over.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Loop {
    /// How many keys, from 1 to 10,000,000.
    pub keys: u32,
    /// How many requests, from 1 to 20,000,000.
    pub requests: u32,
    /// The number of the first key, from 0 to 1,000,000,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first: u32,
}

/// A window over the keys in which each is as likely, and which moves on by one key at a time.
/// After the last key comes the first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Drift {
    /// How many keys, from 1 to 10,000,000.
    pub keys: u32,
    /// How many of them are in the window, from 1 to `keys`.
    pub working_set: u32,
    /// After how many requests it moves on, from 1 to 20,000,000.
    pub shift_every: u32,
    /// How many requests, from 1 to 20,000,000.
    pub requests: u32,
    /// The number of the first key, from 0 to 1,000,000,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first: u32,
}

/// Hot keys, all as likely, and cold ones, all as likely. At a change the next keys in order
/// become the hot ones; after the last key comes the first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HotSet {
    /// How many keys, from 1 to 10,000,000.
    pub keys: u32,
    /// How many of them are hot at a time, from 1 to `keys`.
    pub hot: u32,
    /// How many percent of the requests are for a hot key, from 0 to 100; all of them if there is
    /// no cold key.
    pub hot_share: u32,
    /// After how many requests others become hot, from 1 to 20,000,000.
    pub change_every: u32,
    /// How many requests, from 1 to 20,000,000.
    pub requests: u32,
    /// The number of the first key, from 0 to 1,000,000,000.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first: u32,
}

/// One of the streams of a mix. Each request of the mix is the next of some part, drawn by weight
/// among the parts that have requests left, so that each part keeps its own order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// How often this part is drawn against the others, from 1 to 1,000.
    pub weight: u32,
    /// The part's own stream.
    pub of: Stream,
}

impl Stream {
    /// Reads the JSON form and says by name what is refused: `phases[1].zipf.skew`.
    ///
    /// # Errors
    /// A stream that does not exist, or a part of it missing, unknown or out of its range.
    pub fn from_json(value: &serde_json::Value) -> Result<Stream, Refusal> {
        let nested = Nested::deserialize(value).map_err(|error| {
            let such = "a stream such as {\"zipf\":{\"keys\":40,\"skew\":0.9,\"requests\":200}}";
            Refusal::new("stream", value, format!("{such} ({error})"))
        })?;
        Stream::try_from(nested)
    }

    /// How many requests the stream has.
    pub fn requests(&self) -> u64 {
        match self {
            Stream::Zipf(zipf) => u64::from(zipf.requests),
            Stream::Uniform(uniform) => u64::from(uniform.requests),
            Stream::Scan(scan) => u64::from(scan.requests),
            Stream::Loop(cycle) => u64::from(cycle.requests),
            Stream::Drift(drift) => u64::from(drift.requests),
            Stream::HotSet(hot_set) => u64::from(hot_set.requests),
            Stream::Keys(words) => words.len() as u64,
            Stream::Phases(phases) => phases.iter().map(Stream::requests).sum(),
            Stream::Mix(parts) => parts.iter().map(|part| part.of.requests()).sum(),
        }
    }

    /// The whole stream for this seed. A stream that [`Stream::check`] refuses has no requests.
    pub fn generate(&self, seed: u64) -> Trace {
        let mut generator = Generator::new(self, seed);
        let mut requests = Vec::with_capacity(generator.left() as usize);
        while generator.fill(&mut requests, super::MOST_REQUESTS) {}
        Trace { requests: requests.into(), names: generator.names(), times: None }
    }

    /// The probability of each key, the first key first, if every request is drawn independently
    /// of those before it (the independent reference model); `None` for all other streams.
    pub fn popularity(&self) -> Option<Vec<f64>> {
        match self {
            Stream::Zipf(zipf) => Some(theory::zipf::probabilities(zipf.keys as usize, zipf.skew)),
            Stream::Uniform(uniform) => Some(theory::zipf::probabilities(uniform.keys as usize, 0.0)),
            _ => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}
