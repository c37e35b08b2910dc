//! What can be set in the eviction lab, read from links and JSON and written back.

use crate::cache::{self, About, Entry, POLICIES, Parameters, Range, Setup};
use crate::lab::form::{Choice, Field, Form, Input, Pick, Variants};
use crate::lab::{Query, Workload};
use crate::refusal::Refusal;
use crate::trace::Trace;
use crate::trace::stream::{Stream, Zipf};
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
/// The most variants in one scenario; the page shows [`SIDE_BY_SIDE`] of them.
pub const MOST_VARIANTS: usize = 64;
/// The most variants that stand side by side.
pub const SIDE_BY_SIDE: usize = 4;

const FIELDS: &[&str] = &["policies", "capacity", "workload", "seed"];

impl Default for Eviction {
    fn default() -> Self {
        Eviction::from_query(&Query::parse(super::PRESETS[0].query)).0
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

    /// Sets the field called `name` as a person does in a form: with other requests comes a
    /// capacity at which something happens.
    ///
    /// # Errors
    /// As [`Eviction::set`].
    pub fn edit(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let before = self.workload.usual_capacity();
        self.set(name, value)?;
        if name == "workload" && self.workload.usual_capacity() != before {
            self.capacity = self.workload.usual_capacity().unwrap_or(self.capacity);
        }
        Ok(())
    }

    /// The link form, every field named.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        let variants: Vec<String> = self.variants.iter().map(Variant::to_string).collect();
        query.set("policies", variants.join(","));
        query.set("capacity", self.capacity);
        query.set("workload", &self.workload);
        query.set("seed", self.seed);
        query
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
        check_number("variants", list.len(), MOST_VARIANTS)?;
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

    /// The JSON form, as [`Eviction::from_json`] reads it.
    pub fn json(&self) -> Value {
        let variants: Vec<Value> = self.variants.iter().map(Variant::json).collect();
        json!({ "lab": "eviction", "variants": variants, "capacity": self.capacity, "workload": self.workload.json(), "seed": self.seed })
    }

    /// What can be set, with its present values.
    pub fn form(&self) -> Form {
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
        Form { variants, workload: self.workload.pick(), fields: vec![capacity, seed] }
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

impl Variant {
    /// Reads the link form: `lru`, `s3-fifo:threshold=2`, `fifo:capacity=4`.
    ///
    /// # Errors
    /// A policy that does not exist, or a parameter that it does not have or take.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut parts = text.split(':');
        let id = parts.next().unwrap_or_default();
        let given: Vec<(&str, &str)> = parts.map(|part| part.split_once('=').unwrap_or((part, ""))).collect();
        Variant::new(id, &given)
    }

    fn from_json(value: &Value) -> Result<Self, Refusal> {
        let map = value
            .as_object()
            .ok_or_else(|| Refusal::new("policy", value, "an object such as {\"policy\":\"lru\"}"))?;
        let id = map.get("policy").map(plain_text).unwrap_or_default();
        let given: Vec<(&str, String)> = map
            .iter()
            .filter(|(name, _)| *name != "policy")
            .map(|(name, value)| (name.as_str(), plain_text(value)))
            .collect();
        let given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Variant::new(&id, &given)
    }

    fn new(id: &str, given: &[(&str, &str)]) -> Result<Self, Refusal> {
        let known = || POLICIES.iter().map(|entry| entry.about.id).collect::<Vec<_>>().join(", ");
        let policy =
            cache::find(id).ok_or_else(|| Refusal::new("policy", id, format!("one of {}", known())))?;
        let capacity = given.iter().rfind(|(name, _)| *name == "capacity");
        let capacity = capacity.map(|(_, value)| whole("capacity", value, 1, MOST_CAPACITY)).transpose()?;
        let own = given.iter().filter(|(name, _)| *name != "capacity").copied();
        Ok(Variant { policy, parameters: Parameters::new(policy.about, own)?, capacity })
    }

    fn json(&self) -> Value {
        let mut map = Map::from_iter([("policy".to_owned(), json!(self.policy.about.id))]);
        for (id, value) in self.not_default() {
            let number = value.parse::<u64>();
            map.insert(id.to_owned(), number.map_or_else(|_| json!(value), |number| json!(number)));
        }
        Value::Object(map)
    }

    /// What people call it: "S3-FIFO, threshold 2".
    pub fn name(&self) -> String {
        let mut name = self.policy.about.name.to_owned();
        for (id, value) in self.not_default() {
            name.push_str(&format!(", {id} {value}"));
        }
        name
    }

    fn not_default(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let usual = self.policy.about.parameters.iter().map(|parameter| parameter.range.default());
        let own = self.parameters.iter().zip(usual).filter(|((_, value), usual)| value != usual);
        let capacity = self.capacity.map(|capacity| ("capacity", capacity.to_string()));
        own.map(|((id, value), _)| (id, value.to_string())).chain(capacity)
    }

    fn pick(&self) -> Pick {
        let about = self.policy.about;
        let own = about.parameters.iter().zip(self.parameters.iter()).map(|(parameter, (_, value))| Field {
            id: parameter.id,
            label: parameter.id,
            means: parameter.means,
            input: match parameter.range {
                Range::Whole { least, most, .. } => {
                    Input::Whole { least: u64::from(least), most: u64::from(most) }
                }
                Range::Choice(words) => {
                    Input::Words(words.iter().map(|word| (*word, word.to_string())).collect())
                }
            },
            value: value.to_string(),
        });
        let capacity = Field {
            id: "capacity",
            label: "own capacity",
            means: "objects that fit in this cache; empty: as the others",
            input: Input::Text,
            value: self.capacity.map(|capacity| capacity.to_string()).unwrap_or_default(),
        };
        let choice = |about: &'static About| Choice {
            id: about.id,
            name: about.name,
            idea: about.idea,
            text: about.id,
        };
        let options = POLICIES.iter().map(|entry| choice(entry.about)).collect();
        Pick { name: self.name(), choice: about.id, options, fields: own.chain([capacity]).collect() }
    }

    /// The link form with `field` set to `value`; it may turn out to be refused.
    pub fn with(&self, field: &str, value: &str) -> String {
        let mut fields: Vec<(&str, String)> = self.not_default().filter(|(id, _)| *id != field).collect();
        if !value.is_empty() {
            fields.push((field, value.to_owned()));
        }
        fields
            .iter()
            .fold(self.policy.about.id.to_owned(), |text, (id, value)| format!("{text}:{id}={value}"))
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.policy.about.id)?;
        self.not_default().try_for_each(|(id, value)| write!(f, ":{id}={value}"))
    }
}

fn variants(text: &str) -> Result<Vec<Variant>, Refusal> {
    let texts: Vec<&str> = text.split(',').filter(|part| !part.is_empty()).collect();
    check_number("policies", texts.len(), SIDE_BY_SIDE)?;
    let each = texts.iter().map(|text| Variant::parse(text));
    each.collect::<Result<_, _>>()
        .map_err(|refusal: Refusal| Refusal { field: named("policies", refusal.field), ..refusal })
}

/// The field of a link in which a refused part stands: "policies (threshold)".
fn named(field: &str, part: String) -> String {
    if part == "policy" || part == field { field.to_owned() } else { format!("{field} ({part})") }
}

fn check_number(field: &str, number: usize, most: usize) -> Result<(), Refusal> {
    match (1..=most).contains(&number) {
        true => Ok(()),
        false => Err(Refusal::new(field, number, format!("from 1 to {most} policies"))),
    }
}

fn whole<N>(field: &str, value: &str, least: N, most: N) -> Result<N, Refusal>
where
    N: std::str::FromStr + PartialOrd + fmt::Display + Copy,
{
    let number = value.trim().parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Refusal::new(field, value, format!("a whole number from {least} to {most}")))
}

/// A JSON value as a person would type it into a form.
fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
