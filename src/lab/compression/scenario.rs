//! What can be set in the lab of compressed values, and what it is made into.

use super::fields::FIELDS;
use super::{ABOUT, CompressionLab, CompressionRun, weight};
use crate::compression::{self, CODECS, Codec, CompressedCache, Costs, Kind, Size};
use crate::kernel::{Random, Span};
use crate::lab::table::{self, Table, Tabled, VariantsOf};
use crate::lab::variant::Variant;
use crate::lab::{self, About, Lab, Query, Run, Settings, Weighing};
use crate::refusal::Refusal;
use crate::trace::{Trace, ZipfSampler};
use serde_json::{Map, Value};
use std::rc::Rc;

/// The same requests to caches with one or more codecs.
#[derive(Clone, Debug, PartialEq)]
pub struct Compression {
    /// The codecs, at least one.
    pub variants: Vec<Variant>,
    /// What the values are.
    pub sample: Sample,
    /// The text of the person’s own; not empty while it is the values.
    pub text: String,
    /// How many bytes a value that is made has on average.
    pub size: u32,
    /// How many values there are.
    pub keys: u32,
    /// The exponent of Zipf’s law by which they are asked for.
    pub skew: f64,
    /// How many requests come.
    pub requests: u32,
    /// How many kilobytes, of 1,000 bytes, the cache has room for.
    pub capacity: u32,
    /// How many milliseconds a miss takes.
    pub backend: f64,
    /// Fixes every random choice.
    pub seed: u64,
}

/// What the values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// Made by rule.
    Made(Kind),
    /// The text of the person’s own: every value is that text as it stands, in UTF-8. It is neither cut nor
    /// repeated to a size, because either would change what a codec makes of it; and it is the same under
    /// every key, because each value is compressed by itself and cannot gain from another’s being like it.
    Own,
}

/// The text of which a link says nothing: a small record.
const RECORD: &str = r#"{"id":48213,"name":"Ada Lovelace","mail":"ada@example.org","city":"London","visits":17,"active":true}"#;

/// From which stream of chance requests are drawn.
const REQUESTS: u64 = 61;

impl Default for Compression {
    /// The scenario of which a link says nothing.
    fn default() -> Self {
        Compression {
            variants: ["none", "lz4"].into_iter().filter_map(|id| VARIANTS.parse(id).ok()).collect(),
            sample: Sample::Made(Kind::Json),
            text: RECORD.to_owned(),
            size: 2_000,
            keys: 60,
            skew: 0.9,
            requests: 300,
            capacity: 20,
            backend: 5.0,
            seed: 1,
        }
    }
}

impl Compression {
    /// Reads a link. Of what is refused, the default holds; the rest still works.
    pub fn from_query(query: &Query) -> (Self, Vec<Refusal>) {
        table::from_query(Compression::default(), query)
    }

    /// Reads the JSON form. Unlike a link, one wrong value refuses the whole.
    ///
    /// # Errors
    /// A field that is missing, unknown or out of its range.
    pub fn from_json(map: &Map<String, Value>) -> Result<Self, Refusal> {
        table::from_json(Compression::default(), map)
    }

    /// Which key each request asks for.
    pub fn asked_for(&self) -> Rc<[u32]> {
        let (law, mut random) = (ZipfSampler::new(self.keys, self.skew), Random::stream(self.seed, REQUESTS));
        (0..self.requests).map(|_| law.sample(&mut random)).collect()
    }

    /// How often each key is asked for, in proportion.
    pub(super) fn popularity(&self) -> Vec<f64> {
        (1..=self.keys).map(|rank| libm::pow(f64::from(rank), -self.skew)).collect()
    }

    /// The values that differ: one for each key if they are made, one for all keys if it is a text.
    pub fn values(&self) -> Vec<Vec<u8>> {
        match self.sample {
            Sample::Made(kind) => {
                (0..self.keys).map(|key| compression::value(kind, key, self.size, self.seed)).collect()
            }
            Sample::Own => vec![self.text.clone().into_bytes()],
        }
    }

    /// The codec of each variant.
    pub(super) fn codecs(&self) -> impl Iterator<Item = (&Variant, &'static Codec)> + '_ {
        self.variants.iter().map(|variant| {
            let codec = compression::find(variant.about.id).unwrap_or(&CODECS[0]);
            (variant, codec)
        })
    }

    /// An empty cache for each variant, all values having been compressed once.
    pub fn caches(&self) -> Vec<CompressedCache> {
        let values = self.values();
        let cache = |(variant, codec): (&Variant, &Codec)| {
            let sizes: Vec<Size> = values.iter().map(|value| compression::size(codec, value)).collect();
            let sizes: Rc<[Size]> = sizes.iter().copied().cycle().take(self.keys as usize).collect();
            let costs = Costs {
                compress: variant.parameters.number("compress"),
                decompress: variant.parameters.number("decompress"),
                backend: Span::from_seconds(self.backend / 1e3),
            };
            CompressedCache::new(sizes, u64::from(self.capacity) * 1_000, costs)
        };
        self.codecs().map(cache).collect()
    }
}

impl Tabled for Compression {
    const TABLE: Table<Self> = Table { variants: VARIANTS, sources: &[], fields: FIELDS, groups: &[] };

    fn usual(&self) -> Self {
        Compression::default()
    }

    /// A text has a size of its own. One that is empty is shown, as it must be filled before it can be used.
    fn shows(&self, id: &str) -> bool {
        match id {
            "size" => self.sample != Sample::Own,
            "text" => self.sample == Sample::Own || self.text.is_empty(),
            _ => true,
        }
    }
}

const VARIANTS: VariantsOf<Compression> = VariantsOf {
    id: "codecs",
    noun: "codec",
    unnamed: "",
    offered: None,
    catalogue: || CODECS.iter().map(|codec| codec.about).collect(),
    get: |scenario| &scenario.variants,
    get_mut: |scenario| &mut scenario.variants,
};

impl Settings for Compression {
    fn about(&self) -> &'static About {
        ABOUT
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let own = self.variants.get(at).map(|variant| variant.about.file);
        own.into_iter().chain([compression::SOURCE]).collect()
    }

    fn weighing(&self) -> Option<Weighing> {
        Some(Weighing {
            title: "The codecs on this machine",
            how: "How long each codec takes in this browser, with these values. The run goes by the times that are set.",
            at_once: false,
        })
    }

    fn weigh(&self, clock: &dyn Fn() -> f64) -> lab::Table {
        weight::of(self, clock)
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn work(&self) -> u64 {
        /// About as many bytes are compressed while one request is served.
        const BYTES: u64 = 10;
        let bytes = match self.sample {
            Sample::Made(_) => u64::from(self.keys) * u64::from(self.size),
            Sample::Own => self.text.len() as u64,
        };
        (u64::from(self.requests) + bytes / BYTES) * self.variants.len() as u64
    }

    fn lab(&self, _: &Trace, _: u64) -> Box<dyn Lab> {
        Box::new(CompressionLab::new(self))
    }

    fn run(&self, _: &Trace) -> Box<dyn Run> {
        Box::new(CompressionRun::new(self))
    }

    fn duplicate(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }
}
