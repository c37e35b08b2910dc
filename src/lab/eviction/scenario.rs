//! What can be set in the eviction lab, read from links and JSON and written back.

use super::{EvictionLab, EvictionRun, LAB};
use crate::cache::{self, Entry, POLICIES, Parameters, Setup};
use crate::lab::form::{Field, Form, Input, Pick, Source, Variants};
use crate::lab::table::{MOST_VARIANTS, SIDE_BY_SIDE};
use crate::lab::variant::{self, check_number, plain_text, whole};
use crate::lab::{About, Lab, Query, Run, Settings, Workload, Written};
use crate::refusal::Refusal;
use crate::trace::stream::{Stream, Zipf};
use crate::trace::{Columns, Trace};
use serde_json::{Map, Value, json};
use std::fmt;

/// The same requests to one or more caches.
#[derive(Clone, Debug, PartialEq)]
pub struct Eviction {
    /// The caches, at least one.
    pub variants: Vec<Variant>,
    /// How many objects each holds, unless it says otherwise.
    pub capacity: u32,
    /// The requests.
    pub workload: Workload,
    /// Fixes every random choice.
    pub seed: u64,
}

/// One cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its policy.
    pub policy: &'static Entry,
    /// The policy's parameters.
    pub parameters: Parameters,
    /// Its capacity, if it differs from the scenario's.
    pub capacity: Option<u32>,
}

/// The largest capacity, in objects.
pub const MOST_CAPACITY: u32 = 10_000_000;

const FIELDS: &[&str] = &["policies", "capacity", "workload", "seed"];

impl Default for Eviction {
    fn default() -> Self {
        Eviction::from_query(&LAB.about.opening()).0
    }
}

impl Eviction {
    /// Reads a link. Of what is refused, the default holds; the rest still works.
    pub fn from_query(query: &Query) -> (Self, Vec<Refusal>) {
        let mut refusals = Vec::new();
        let mut scenario = Eviction {
            variants: ["lru", "sieve"].iter().filter_map(|id| Variant::parse(id).ok()).collect(),
            capacity: 8,
            workload: Workload::Stream(Stream::Zipf(Zipf { keys: 40, skew: 0.9, requests: 200, first: 0 })),
            seed: 7,
        };
        for (name, value) in query.iter() {
            if let Err(refusal) = scenario.set(name, value) {
                refusals.push(refusal);
            }
        }
        (scenario, refusals)
    }

    /// Sets the field called `name`, as a link writes it.
    ///
    /// # Errors
    /// A field that does not exist or a value that is not allowed; the scenario stays as it was.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        match name {
            "policies" => self.variants = variants(value)?,
            "capacity" => self.capacity = whole("capacity", value, 1, MOST_CAPACITY)?,
            "workload" => {
                self.workload =
                    Workload::parse(value).map_err(|r| Refusal { field: named("workload", r.field), ..r })?
            }
            "seed" => self.seed = whole("seed", value, 0, u64::MAX)?,
            _ => return Err(Refusal::new(name, value, format!("one of {}", FIELDS.join(", ")))),
        }
        Ok(())
    }

    /// Reads the JSON form. Unlike a link, one wrong value refuses the whole.
    ///
    /// # Errors
    /// A field that is missing, unknown or out of its range.
    pub fn from_json(map: &Map<String, Value>) -> Result<Self, Refusal> {
        const KNOWN: &[&str] = &["lab", "variants", "capacity", "workload", "seed"];
        if let Some((name, value)) = map.iter().find(|(name, _)| !KNOWN.contains(&name.as_str())) {
            return Err(Refusal::new(name, value, format!("one of {}", KNOWN.join(", "))));
        }
        let given = map.get("variants").unwrap_or(&Value::Null);
        let list = given
            .as_array()
            .ok_or_else(|| Refusal::new("variants", given, "a list such as [{\"policy\":\"lru\"}]"))?;
        check_number("variants", "policies", list.len(), MOST_VARIANTS)?;
        let variants = list.iter().enumerate().map(|(at, value)| {
            Variant::from_json(value).map_err(|refusal| refusal.within(&format!("variants[{at}]")))
        });
        let plain = |name: &str| map.get(name).map(plain_text);
        Ok(Eviction {
            variants: variants.collect::<Result<_, _>>()?,
            capacity: whole("capacity", &plain("capacity").unwrap_or_default(), 1, MOST_CAPACITY)?,
            workload: Workload::from_json(map.get("workload").unwrap_or(&Value::Null))?,
            seed: whole("seed", &plain("seed").unwrap_or_else(|| "1".to_owned()), 0, u64::MAX)?,
        })
    }

    /// An empty cache for `variant` in front of `trace`.
    pub(super) fn build(&self, variant: &Variant, trace: &Trace) -> Box<dyn cache::Cache> {
        (variant.policy.build)(&Setup {
            capacity: variant.capacity.unwrap_or(self.capacity) as usize,
            keys: trace.keys(),
            seed: self.seed,
            parameters: variant.parameters.clone(),
            future: trace.requests.clone(),
        })
    }
}

impl Written for Eviction {
    fn query(&self) -> Query {
        let mut query = Query::default();
        let variants: Vec<String> = self.variants.iter().map(Variant::to_string).collect();
        query.set("policies", variants.join(","));
        query.set("capacity", self.capacity);
        query.set("workload", &self.workload);
        query.set("seed", self.seed);
        query
    }

    fn json(&self) -> Value {
        let variants: Vec<Value> = self.variants.iter().map(Variant::json).collect();
        json!({ "lab": "eviction", "variants": variants, "capacity": self.capacity, "workload": self.workload.json(), "seed": self.seed })
    }

    /// With other requests comes a capacity at which something happens.
    fn edit(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let before = self.workload.usual_capacity();
        self.set(name, value)?;
        if name == "workload" && self.workload.usual_capacity() != before {
            self.capacity = self.workload.usual_capacity().unwrap_or(self.capacity);
        }
        Ok(())
    }

    fn form(&self) -> Form {
        let capacity = Field {
            id: "capacity",
            label: "Capacity",
            means: "objects that fit in the cache",
            input: Input::Whole { least: 1, most: u64::from(MOST_CAPACITY) },
            value: self.capacity.to_string(),
        };
        let seed = Field {
            id: "seed",
            label: "Seed",
            means: "fixes every random choice: the same seed gives the same run",
            input: Input::Whole { least: 0, most: u64::MAX },
            value: self.seed.to_string(),
        };
        let each = self.variants.iter().map(Variant::pick).collect();
        let variants = Variants { id: "policies", noun: "policy", each, most: SIDE_BY_SIDE };
        let file = self.workload.wanted().is_some();
        let requests = Source { id: "workload", label: "Requests", pick: self.workload.pick(), file };
        Form { variants, sources: vec![requests], fields: vec![capacity, seed], groups: Vec::new() }
    }

    fn source_with(&self, _: &str, field: &str, value: &str) -> String {
        self.workload.with(field, value)
    }

    fn variant_with(&self, at: usize, field: &str, value: &str) -> String {
        self.variants.get(at).map_or_else(String::new, |variant| variant.with(field, value))
    }

    fn variants(&self) -> Vec<String> {
        self.variants.iter().map(ToString::to_string).collect()
    }
}

impl Settings for Eviction {
    fn about(&self) -> &'static About {
        LAB.about
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let about = self.variants.get(at).map(|variant| variant.policy.about);
        about.map(|about| about.file).into_iter().collect()
    }

    fn workload(&self) -> Option<&Workload> {
        Some(&self.workload)
    }

    fn file_field(&self, name: &str) -> Option<(&'static str, String)> {
        let columns = match &self.workload {
            Workload::File { columns, .. } => columns.clone(),
            _ => Columns::default(),
        };
        Some(("workload", Workload::File { name: name.to_owned(), columns }.to_string()))
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn work(&self) -> u64 {
        let requests = match &self.workload {
            Workload::Stream(stream) => stream.requests(),
            _ => u64::MAX,
        };
        requests.saturating_mul(self.variants.len() as u64)
    }

    fn lab(&self, trace: &Trace, _: u64) -> Box<dyn Lab> {
        Box::new(EvictionLab::new(self, trace))
    }

    fn run(&self, trace: &Trace) -> Box<dyn Run> {
        Box::new(EvictionRun::new(self, trace))
    }

    fn duplicate(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }
}

impl Variant {
    /// Reads the link form: `lru`, `s3-fifo:threshold=2`, `fifo:capacity=4`.
    ///
    /// # Errors
    /// A policy that does not exist, or a parameter that it does not have or take.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let (id, given) = variant::from_text(text);
        Variant::new(&id, &given)
    }

    fn from_json(value: &Value) -> Result<Self, Refusal> {
        let (id, given) = variant::from_json("policy", value)?;
        Variant::new(&id, &given)
    }

    fn new(id: &str, given: &variant::Given) -> Result<Self, Refusal> {
        let policy = cache::find(id);
        let capacity = given.iter().rfind(|(name, _)| name == "capacity");
        let capacity = capacity.map(|(_, value)| whole("capacity", value, 1, MOST_CAPACITY)).transpose()?;
        let own = given.iter().filter(|(name, _)| name != "capacity");
        let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
        let chosen = variant::Variant::new(POLICIES.iter().map(|entry| entry.about), "policy", id, own)?;
        let policy = policy.unwrap_or(&POLICIES[0]);
        Ok(Variant { policy, parameters: chosen.parameters, capacity })
    }

    fn json(&self) -> Value {
        variant::json("policy", self.policy.about, self.not_default())
    }

    /// What people call it: "S3-FIFO, threshold 2".
    pub fn name(&self) -> String {
        variant::name(self.policy.about, self.not_default())
    }

    fn chosen(&self) -> variant::Variant {
        variant::Variant { about: self.policy.about, parameters: self.parameters.clone() }
    }

    fn not_default(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let own: Vec<_> = self.chosen().not_default().collect();
        let capacity = self.capacity.map(|capacity| ("capacity", capacity.to_string()));
        own.into_iter().chain(capacity)
    }

    fn pick(&self) -> Pick {
        let about = self.policy.about;
        let capacity = Field {
            id: "capacity",
            label: "own capacity",
            means: "objects that fit in this cache; empty: as the others",
            input: Input::Text,
            value: self.capacity.map(|capacity| capacity.to_string()).unwrap_or_default(),
        };
        let options = POLICIES.iter().map(|entry| variant::choice(entry.about)).collect();
        let fields = self.chosen().fields().chain([capacity]).collect();
        Pick { name: self.name(), choice: about.id, options, fields }
    }

    /// The link form with `field` set to `value`; it may turn out to be refused.
    pub fn with(&self, field: &str, value: &str) -> String {
        variant::text_with(self.policy.about, self.not_default(), field, value)
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&variant::text(self.policy.about, self.not_default()))
    }
}

fn variants(text: &str) -> Result<Vec<Variant>, Refusal> {
    variant::list("policies", "policies", text, SIDE_BY_SIDE, Variant::parse)
        .map_err(|refusal| Refusal { field: named("policies", refusal.field), ..refusal })
}

/// The field of a link in which a refused part stands: "policies (threshold)".
fn named(field: &str, part: String) -> String {
    if part == "policy" || part == field { field.to_owned() } else { format!("{field} ({part})") }
}
