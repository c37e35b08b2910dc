//! The lab of compressed values: whether it is worth it.
//!
//! Up to four codecs meet the same requests, one request a step, each before a cache of the same number of
//! bytes. The values are really compressed; how long that takes is a figure of the scenario, so that a
//! run is the same on every machine.

mod fields;
mod lab;
mod presets;
mod run;
mod scenario;
mod summary;
mod weight;
pub(super) mod words;

pub use lab::CompressionLab;
pub use run::CompressionRun;
pub use scenario::{Compression, Sample};

use super::{About, Entry, Jump, Outcome, Settings, Sought, Tone};
use crate::compression::Served;

/// What can become of a request: [`outcome`] as a number.
const OUTCOMES: &[Outcome] = &[
    Outcome { name: "hit", sign: "✓", height: 30, tone: Tone::Good },
    Outcome { name: "miss", sign: "✕", height: 65, tone: Tone::Bad },
    Outcome { name: "miss", sign: "✕", height: 100, tone: Tone::Bad },
];

const JUMPS: &[Jump] = &[
    Jump { name: "difference", key: "d", sought: Sought::Some(0b110) },
    Jump { name: "miss", key: "m", sought: Sought::Any(0b110) },
    Jump { name: "eviction", key: "e", sought: Sought::Any(0b100) },
];

const ABOUT: &About = &About {
    chapter: "Caches",
    id: "compression",
    name: "Compression",
    question: "Is it worth compressing what a cache keeps?",
    intro: "Smaller values leave room for more of them, and every one has to be compressed and brought back.",
    presets: presets::PRESETS,
    step: ("request", "requests"),
    does: "asks for",
    subject: "",
    outcomes: OUTCOMES,
    jumps: JUMPS,
    timed: false,
    summary: summary::SUMMARY,
};

/// The lab in the list of labs.
pub const LAB: Entry = Entry {
    about: ABOUT,
    from_query: |query| {
        let (settings, refusals) = Compression::from_query(query);
        (Box::new(settings), refusals)
    },
    from_json: |map| Ok(Box::new(Compression::from_json(map)?) as Box<dyn Settings>),
};

/// How a request that was served so counts: a hit, a miss, a miss for which something had to leave.
fn outcome(served: Served) -> u8 {
    match served {
        Served { hit: true, .. } => 0,
        Served { evicted: false, .. } => 1,
        _ => 2,
    }
}
