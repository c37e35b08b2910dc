//! The whole run, summarised: the same value, and the same JSON, on the command line, in the page,
//! in the worker and through the JavaScript API.

use super::Marks;
use crate::kernel::statistics::Interval;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::hash::Hasher;

/// What a scenario came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The lab's name in scenarios: `eviction`.
    pub lab: String,
    /// What was run, as the lab's link without the step.
    pub scenario: String,
    /// How many steps were taken; fewer than the scenario has if the run was cancelled.
    pub steps: u64,
    /// How many seconds of model time they took, where model time runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// How many independent runs the figures come from.
    #[serde(default = "one_run")]
    pub runs: u64,
    /// Each variant, in the scenario's order.
    pub variants: Vec<VariantReport>,
    /// XXH64 of every step's outcome for every variant, as sixteen hexadecimal digits: two runs
    /// with the same digest went the same way at every step.
    pub digest: String,
}

/// What one variant came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantReport {
    /// What people call it: "S3-FIFO, threshold 2".
    pub name: String,
    /// How a link names it: `s3-fifo:threshold=2`.
    pub variant: String,
    /// Its figures by name.
    pub figures: Figures,
    /// The unit of each figure; "1" for a ratio.
    pub units: BTreeMap<String, String>,
    /// Where the true value probably lies, of those figures that are estimates from a random sample.
    pub intervals: BTreeMap<String, Interval>,
    /// The closed form that its figures are held against; `None` where the lab has none at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theory: Option<Theory>,
    /// Its figures over the run.
    pub series: Vec<Series>,
    /// Its shortest schedule that does harm, as a link writes schedules; `None`: none was found, or the lab
    /// looks for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// The answers that it gave in the first run, as far as they are kept; empty in a lab whose
    /// variants give none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
}

/// An answer of a limiter to one try of a request. Times are in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The request, from 1.
    pub number: u64,
    /// Which try of it this was, from 1.
    pub attempt: u64,
    /// When it was asked.
    pub at: f64,
    /// Who asked.
    pub client: String,
    /// Whether it may pass.
    pub admitted: bool,
    /// How long it is held back; 0 if it was refused.
    pub delay: f64,
    /// When the same request would be admitted if nobody else came; `None` if it was admitted, and
    /// where that cannot be known or will never be.
    pub retry_after: Option<f64>,
    /// How many more would be admitted right now.
    pub remaining: u64,
    /// How many there are at the most.
    pub limit: u64,
    /// How long until all of them are there again.
    pub reset: f64,
}

/// What a closed form says about a variant's steady state, or why none does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theory {
    /// A model that covers these settings, and what it expects of figures by name.
    Model {
        /// The model as the field names it: "M/M/3".
        name: String,
        /// The expected figures, in the units of the measured ones.
        expected: Figures,
    },
    /// What figures cannot exceed, whatever comes.
    Bound {
        /// What is proven, in a few words.
        name: String,
        /// The most that each figure can be, in the units of the measured ones.
        most: Figures,
    },
    /// No closed form for these settings.
    None {
        /// Why, as a sentence.
        why: String,
    },
}

fn one_run() -> u64 {
    1
}

impl VariantReport {
    /// A variant without figures.
    pub fn new(name: String, variant: String) -> Self {
        let (units, intervals) = (BTreeMap::new(), BTreeMap::new());
        VariantReport {
            name,
            variant,
            figures: Figures::default(),
            units,
            intervals,
            theory: None,
            series: Vec::new(),
            schedule: None,
            decisions: Vec::new(),
        }
    }

    /// Adds a figure in its unit.
    pub fn add(&mut self, name: &str, unit: &str, value: f64) {
        self.figures.0.push((name.to_owned(), value));
        self.units.insert(name.to_owned(), unit.to_owned());
    }

    /// Adds a figure that is an estimate from a random sample.
    pub fn add_sampled(&mut self, name: &str, unit: &str, value: f64, interval: Interval) {
        self.add(name, unit, value);
        self.intervals.insert(name.to_owned(), interval);
    }

    /// The figure called `name`.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.figures.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// The series called `name`.
    pub fn series(&self, name: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.name == name)
    }
}

/// Figures by name, in the order in which they are shown; in JSON a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures(pub Vec<(String, f64)>);

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            match whole(*value) {
                Some(count) => map.serialize_entry(name, &count)?,
                None => map.serialize_entry(name, value)?,
            }
        }
        map.end()
    }
}

/// A count as the whole number that it is, so that it is written without a decimal point.
fn whole(value: f64) -> Option<u64> {
    let exact = (0.0..9e15).contains(&value) && value == (value as u64) as f64;
    exact.then_some(value as u64)
}

impl<'de> Deserialize<'de> for Figures {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Figures;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map from name to number")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Figures, A::Error> {
                let mut figures = Figures::default();
                while let Some(figure) = map.next_entry()? {
                    figures.0.push(figure);
                }
                Ok(figures)
            }
        }
        from.deserialize_map(InOrder)
    }
}

/// A figure over the course of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Its name in JSON: `windowed_hit_ratio`.
    pub name: String,
    /// The unit of the second number of each point.
    pub unit: String,
    /// What the first number of each point counts: "requests", "s".
    pub over: String,
    /// Place and value, by rising place.
    pub points: Vec<(f64, f64)>,
}

/// XXH64 over the outcomes of all variants, one after another.
pub(super) fn digest(marks: &[Marks]) -> String {
    let mut hash = twox_hash::XxHash64::with_seed(0);
    for marks in marks {
        hash.write(&marks.len().to_le_bytes());
        marks.words().iter().for_each(|word| hash.write(&word.to_le_bytes()));
    }
    format!("{:016x}", hash.finish())
}
