//! What can be set in the lab, read from links and JSON and written back.

use super::subscribers::{self, Subscriber};
use super::{ABOUT, FanOutLab, lives};
use crate::kernel::{Arrivals, Distribution, Pattern, Random, Shape, Time};
use crate::lab::form::{Field, Form, Group, Input, Pick, Source, Variants};
use crate::lab::in_step::Runs;
use crate::lab::reading::{number, optional, optional_seconds};
use crate::lab::table::{MOST_VARIANTS, SIDE_BY_SIDE};
use crate::lab::variant::{self, check_number, plain_text, whole};
use crate::lab::{About, Lab, Life, Query, Run, Settings, Written, timing};
use crate::queue::fanout::{DESIGNS, Routes, System, Traffic, common, find};
use crate::queue::routing::{Exchange, Headers, RoutingKey};
use crate::refusal::Refusal;
use crate::trace::Trace;
use serde_json::{Map, Value, json};

/// The same messages through one or more designs to the same subscribers.
#[derive(Clone, Debug, PartialEq)]
pub struct FanOut {
    /// The designs, at least one.
    pub variants: Vec<variant::Variant>,
    /// When messages are published.
    pub arrivals: Pattern,
    /// The keys that they may have, at least one.
    pub keys: Vec<Key>,
    /// What is compared.
    pub exchange: Exchange,
    /// Who wants what, at least one.
    pub subscribers: Vec<Subscriber>,
    /// How the times of their work are distributed.
    pub times: Times,
    /// How many messages there are.
    pub messages: u32,
    /// How many independent runs there are.
    pub runs: u32,
    /// Fixes every random choice.
    pub seed: u64,
    /// When the run ends, in seconds; `None`: when nothing more happens.
    pub until: Option<f64>,
}

/// A routing key and headers that messages have, and how often.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// How often, in proportion.
    pub weight: f64,
    /// The key.
    pub key: RoutingKey,
    /// The headers.
    pub headers: Headers,
}

/// How the times of work are distributed around their means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// Without memory.
    Exponential,
    /// Always the same.
    Constant,
    /// The sum of four stages.
    Erlang,
    /// Mostly short, sometimes long: four times the variance of the exponential.
    Hyperexponential,
}

const TIMES: [(&str, &str, Times); 4] = [
    ("exponential", "exponential", Times::Exponential),
    ("constant", "always the same", Times::Constant),
    ("erlang", "Erlang with four stages: steadier", Times::Erlang),
    ("hyperexponential", "hyperexponential: four times the variance", Times::Hyperexponential),
];

impl Times {
    fn name(self) -> &'static str {
        TIMES.iter().find(|known| known.2 == self).map_or("", |known| known.0)
    }

    /// Times of this kind with this mean.
    pub(super) fn around(self, mean: f64) -> Option<Distribution> {
        let shape = match self {
            _ if mean == 0.0 => Shape::Constant { value: 0.0 },
            Times::Exponential => Shape::Exponential { mean },
            Times::Constant => Shape::Constant { value: mean },
            Times::Erlang => Shape::Erlang { mean, stages: 4 },
            Times::Hyperexponential => Shape::Hyperexponential { mean, scv: 4.0 },
        };
        Distribution::new(shape).ok()
    }
}

/// The most messages in a run.
const MOST_MESSAGES: u32 = 1_000_000;
const MOST_RUNS: u32 = 1_000;
const MOST_KEYS: usize = 64;
/// So many events a message and subscriber, and no more, are there in a run.
const EVENTS_A_COPY: u64 = 6;
/// And so many more.
const MORE_EVENTS: u64 = 10_000;

const FIELDS: [&str; 9] =
    ["exchange", "keys", "headers", "subscribers", "times", "messages", "runs", "seed", "until"];

impl Default for FanOut {
    /// The scenario of which a link says nothing.
    fn default() -> Self {
        let keys = "3*order.created.eu,2*order.created.us,1*order.paid.eu,1*order.paid.us";
        let subscribers = "billing:order.paid.*:1;stock:order.created.*:0.6;eu-office:*.*.eu:0.8;audit:#:0.3";
        FanOut {
            variants: parse_variant("rabbitmq").into_iter().collect(),
            arrivals: Pattern::Poisson { rate: 1.0 },
            keys: parse_keys(keys).unwrap_or_default(),
            exchange: Exchange::Topic,
            subscribers: subscribers::parse(Exchange::Topic, subscribers).unwrap_or_default(),
            times: Times::Exponential,
            messages: 60,
            runs: 1,
            seed: 1,
            until: None,
        }
    }
}

impl FanOut {
    /// Reads a link. Of what is refused, the default holds; the rest still works.
    pub fn from_query(query: &Query) -> (Self, Vec<Refusal>) {
        let mut scenario = FanOut::default();
        let set = in_order(query.iter()).filter_map(|(name, value)| scenario.set(name, value).err());
        let refusals = set.collect();
        (scenario, refusals)
    }

    /// Sets the field called `name`, as a link writes it.
    ///
    /// # Errors
    /// A field that does not exist or a value that is not allowed; the scenario stays as it was.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        match name {
            "designs" => {
                self.variants = variant::list("designs", "designs", value, SIDE_BY_SIDE, parse_variant)?
            }
            "arrivals" => self.arrivals = timing::parse_arrivals("arrivals", value)?,
            "exchange" => self.set_exchange(Exchange::parse(value)?)?,
            "keys" => {
                let mut keys = parse_keys(value)?;
                keys.iter_mut().zip(&self.keys).for_each(|(new, old)| new.headers = old.headers.clone());
                self.keys = keys;
            }
            "headers" => self.set_headers(value)?,
            "subscribers" => self.subscribers = subscribers::parse(self.exchange, value)?,
            "times" => {
                let found = TIMES.iter().find(|known| known.0 == value);
                let allowed = format!("one of {}", TIMES.map(|known| known.0).join(", "));
                self.times = found.ok_or_else(|| Refusal::new("times", value, allowed))?.2;
            }
            "messages" => self.messages = whole("messages", value, 1, MOST_MESSAGES)?,
            "runs" => self.runs = whole("runs", value, 1, MOST_RUNS)?,
            "seed" => self.seed = whole("seed", value, 0, u64::MAX)?,
            "until" => self.until = optional_seconds("until", value)?,
            _ => {
                let allowed = format!("one of designs, arrivals, {}", FIELDS.join(", "));
                return Err(Refusal::new(name, value, allowed));
            }
        }
        Ok(())
    }

    /// Every binding is read anew.
    fn set_exchange(&mut self, kind: Exchange) -> Result<(), Refusal> {
        let rebound = self.subscribers.iter().map(|subscriber| subscriber.rebound(kind));
        let rebound = rebound.collect::<Result<_, Refusal>>().map_err(|refusal| {
            Refusal::new("exchange", kind, format!("a kind that the bindings fit: {refusal}"))
        })?;
        self.subscribers = rebound;
        self.exchange = kind;
        Ok(())
    }

    fn set_headers(&mut self, value: &str) -> Result<(), Refusal> {
        let texts: Vec<&str> = value.split(';').collect();
        if texts.len() > self.keys.len() {
            let allowed = format!("at most as many as there are keys, {}", self.keys.len());
            return Err(Refusal::new("headers", texts.len(), allowed));
        }
        let headers: Vec<Headers> =
            texts.into_iter().map(|text| Headers::parse(text.trim())).collect::<Result<_, _>>()?;
        let rest = std::iter::repeat(Headers::default());
        self.keys
            .iter_mut()
            .zip(headers.into_iter().chain(rest))
            .for_each(|(key, headers)| key.headers = headers);
        Ok(())
    }

    /// Reads the JSON form. Unlike a link, one wrong value refuses the whole.
    ///
    /// # Errors
    /// A field that is missing, unknown or out of its range.
    pub fn from_json(map: &Map<String, Value>) -> Result<Self, Refusal> {
        let mut scenario = FanOut::default();
        let given = map.get("variants").unwrap_or(&Value::Null);
        let example = "a list such as [{\"design\":\"rabbitmq\"}]";
        let list = given.as_array().ok_or_else(|| Refusal::new("variants", given, example))?;
        check_number("variants", "designs", list.len(), MOST_VARIANTS)?;
        let variants = list.iter().enumerate().map(|(at, value)| {
            let (id, given) = variant::from_json("design", value)?;
            new_variant(&id, &given).map_err(|refusal| refusal.within(&format!("variants[{at}]")))
        });
        scenario.variants = variants.collect::<Result<_, _>>()?;
        let others = map.iter().filter(|(name, _)| *name != "lab" && *name != "variants");
        for (name, value) in in_order(others.map(|(name, value)| (name.as_str(), value))) {
            match name {
                "arrivals" => scenario.arrivals = timing::arrivals_from_json("arrivals", value)?,
                "keys" => scenario.set(name, &joined(value, ","))?,
                _ => scenario.set(name, &joined(value, ";"))?,
            }
        }
        Ok(scenario)
    }

    /// The world of variant `at` at its start, in run number `run`, counted from 0.
    pub(super) fn build(&self, at: usize, run: u32) -> Option<Box<dyn System>> {
        let seed = match run {
            0 => self.seed,
            _ => Random::stream(self.seed, u64::from(run)).next(),
        };
        let members = self.subscribers.iter().map(|one| Some(one.member(self.times.around(one.mean)?)));
        let wanted = self.keys.iter().map(|key| {
            let wants = |one: &Subscriber| one.matching(&key.key, &key.headers).is_some();
            self.subscribers.iter().map(wants).collect()
        });
        let traffic = Traffic {
            arrivals: Arrivals::new(&self.arrivals).ok()?,
            messages: self.messages,
            weights: self.keys.iter().map(|key| key.weight).collect(),
            routes: Routes::new(wanted.collect()).into(),
            members: members.collect::<Option<_>>()?,
            seed,
        };
        let variant = self.variants.get(at)?;
        Some((find(variant.about.id)?.build)(self.exchange, traffic, variant.parameters.clone()))
    }

    /// The worlds of all variants at their start, in run number `run`.
    pub(super) fn build_all(&self, run: u32) -> Vec<Box<dyn System>> {
        (0..self.variants.len()).filter_map(|at| self.build(at, run)).collect()
    }

    /// What people call a variant: "Kafka, reset earliest".
    pub(super) fn name(variant: &variant::Variant) -> String {
        variant::name(variant.about, variant.not_default())
    }

    /// When a run ends at the latest.
    pub(super) fn end(&self) -> Time {
        self.until.map_or(Time::MAX, Time::from_seconds)
    }

    /// How many events a world has at the most.
    pub(super) fn most_events(&self) -> u64 {
        EVENTS_A_COPY * u64::from(self.messages) * (self.subscribers.len() as u64 + 1) + MORE_EVENTS
    }

    fn get(&self, name: &str) -> String {
        match name {
            "exchange" => self.exchange.to_string(),
            "keys" => self.key_texts().join(","),
            "headers" => {
                let texts: Vec<String> = self.keys.iter().map(|key| key.headers.to_string()).collect();
                let used = texts.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
                texts[..used].join(";")
            }
            "subscribers" => subscribers::text(&self.subscribers),
            "times" => self.times.name().to_owned(),
            "messages" => self.messages.to_string(),
            "runs" => self.runs.to_string(),
            "seed" => self.seed.to_string(),
            "until" => optional(self.until),
            _ => String::new(),
        }
    }

    fn key_texts(&self) -> Vec<String> {
        self.keys.iter().map(|key| format!("{}*{}", key.weight, key.key)).collect()
    }

    /// The fields that a link names: those that may be empty only if they are not.
    fn named(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let all = FIELDS.iter().map(|name| (*name, self.get(name)));
        all.filter(|(name, value)| !value.is_empty() || !matches!(*name, "headers" | "until"))
    }

    fn field(&self, id: &'static str) -> Field {
        let (label, means, input) = match id {
            "exchange" => (
                "Exchange",
                "what is compared: the whole key, nothing, the key’s words, or headers",
                Input::Words(Exchange::ALL.map(|kind| (kind.name(), kind.to_string())).into()),
            ),
            "keys" => (
                "Routing keys",
                "what messages are about and how often, in proportion: 3*order.created.eu,1*order.paid.us",
                Input::Text,
            ),
            "headers" => (
                "Headers",
                "those of the first key; of the second; and so on: region=eu,kind=paid;region=us",
                Input::Text,
            ),
            "subscribers" => (
                "Subscribers",
                "name:bindings:seconds of work, separated by semicolons; after that joins=5, away=10-20, slow=10-30@4, ephemeral; several bindings are separated by |",
                Input::Text,
            ),
            "times" => (
                "Times of work",
                "how they are distributed around each subscriber’s mean",
                Input::Words(TIMES.map(|(id, name, _)| (id, name.to_owned())).into()),
            ),
            "messages" => (
                "Messages",
                "how many are published",
                Input::Whole { least: 1, most: u64::from(MOST_MESSAGES) },
            ),
            "runs" => (
                "Runs",
                "how many independent runs the figures come from; the first is the one that is stepped through",
                Input::Whole { least: 1, most: u64::from(MOST_RUNS) },
            ),
            "seed" => (
                "Seed",
                "fixes every random choice: the same seed gives the same run",
                Input::Whole { least: 0, most: u64::MAX },
            ),
            _ => (
                "Stop at",
                "seconds after which the run ends, whatever is still under way; empty: when nothing more happens",
                Input::Text,
            ),
        };
        Field { id, label, means, input, value: self.get(id) }
    }
}

impl Written for FanOut {
    fn query(&self) -> Query {
        let mut query = Query::default();
        query.set("designs", self.variants().join(","));
        query.set("arrivals", timing::arrivals_text(&self.arrivals));
        self.named().for_each(|(name, value)| query.set(name, value));
        query
    }

    fn json(&self) -> Value {
        let variants = self.variants.iter().map(|v| variant::json("design", v.about, v.not_default()));
        let mut map = Map::from_iter([
            ("lab".to_owned(), json!(ABOUT.id)),
            ("variants".to_owned(), variants.collect()),
            ("arrivals".to_owned(), json!(self.arrivals)),
        ]);
        for (name, value) in self.named() {
            let value = match name {
                "keys" => json!(self.key_texts()),
                "headers" | "subscribers" => value.split(';').map(|part| json!(part)).collect(),
                _ => serde_json::from_str::<serde_json::Number>(&value)
                    .map_or_else(|_| json!(value), Value::from),
            };
            map.insert(name.to_owned(), value);
        }
        Value::Object(map)
    }

    fn edit(&mut self, field: &str, value: &str) -> Result<(), Refusal> {
        self.set(field, value)
    }

    fn form(&self) -> Form {
        let options: Vec<_> = DESIGNS.iter().map(|entry| variant::choice(entry.about)).collect();
        let each = self.variants.iter().map(|variant| Pick {
            name: FanOut::name(variant),
            choice: variant.about.id,
            options: options.clone(),
            fields: variant.fields().collect(),
        });
        let fields = |ids: &[&'static str]| ids.iter().map(|id| self.field(id)).collect();
        Form {
            variants: Variants { id: "designs", noun: "design", each: each.collect(), most: SIDE_BY_SIDE },
            sources: vec![Source {
                id: "arrivals",
                label: "Arrivals",
                pick: timing::arrivals_pick(&self.arrivals),
                file: false,
            }],
            fields: fields(&["exchange", "keys", "subscribers", "messages", "seed"]),
            groups: vec![
                Group { label: "Messages", fields: fields(&["headers", "times", "until"]) },
                Group { label: "Measurement", fields: fields(&["runs"]) },
            ],
        }
    }

    fn source_with(&self, _: &str, field: &str, value: &str) -> String {
        timing::with(&timing::arrivals_text(&self.arrivals), field, value)
    }

    fn variant_with(&self, at: usize, field: &str, value: &str) -> String {
        self.variants.get(at).map_or_else(String::new, |variant| {
            variant::text_with(variant.about, variant.not_default(), field, value)
        })
    }

    fn variants(&self) -> Vec<String> {
        self.variants.iter().map(|variant| variant::text(variant.about, variant.not_default())).collect()
    }
}

impl Settings for FanOut {
    fn about(&self) -> &'static About {
        ABOUT
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let Some(about) = self.variants.get(at).map(|variant| variant.about) else { return Vec::new() };
        let log = matches!(about.id, "kafka" | "redis-streams").then_some(common::LOG_SOURCE);
        [about.file].into_iter().chain(log).chain([common::WORLD_SOURCE]).collect()
    }

    fn checkable(&self, at: usize) -> Option<&'static str> {
        const EXCHANGE: &str = "exchange";
        (self.variants.get(at)?.about.id == "rabbitmq").then_some(EXCHANGE)
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn work(&self) -> u64 {
        let copies = u64::from(self.messages) * (self.subscribers.len() as u64 + 1);
        copies * u64::from(self.runs) * self.variants.len() as u64
    }

    fn lab(&self, _: &Trace, steps: u64) -> Box<dyn Lab> {
        Box::new(FanOutLab::new(self, steps))
    }

    fn run(&self, _: &Trace) -> Box<dyn Run> {
        Box::new(Runs::new(self))
    }

    fn must_be_counted(&self) -> bool {
        true
    }

    fn lives(&self, identity: u64) -> Vec<Life> {
        lives::of(self, identity)
    }

    fn duplicate(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }
}

/// Names and values with those first that others are read by.
fn in_order<'a, V>(all: impl Iterator<Item = (&'a str, V)>) -> impl Iterator<Item = (&'a str, V)> {
    let mut all: Vec<(&str, V)> = all.collect();
    all.sort_by_key(|(name, _)| match *name {
        // The bindings that a link does not name must not stand in the way of its exchange.
        "exchange" => 0,
        "keys" => 1,
        _ => 2,
    });
    all.into_iter()
}

fn parse_keys(text: &str) -> Result<Vec<Key>, Refusal> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() || parts.len() > MOST_KEYS {
        return Err(Refusal::new(
            "keys",
            parts.len(),
            format!("from 1 to {MOST_KEYS} keys: 3*order.paid,1*order.sent"),
        ));
    }
    parts
        .into_iter()
        .map(|part| {
            let weighted = part.split_once('*').filter(|(weight, _)| weight.trim().parse::<f64>().is_ok());
            let (weight, key) = weighted.unwrap_or(("1", part));
            let weight = number("keys", weight, 1e-6..=1e6)?;
            let key =
                RoutingKey::parse(key).map_err(|refusal| Refusal { field: "keys".to_owned(), ..refusal })?;
            Ok(Key { weight, key, headers: Headers::default() })
        })
        .collect()
}

/// Reads the link form of a variant: `kafka:reset=earliest`.
fn parse_variant(text: &str) -> Result<variant::Variant, Refusal> {
    let (id, given) = variant::from_text(text);
    new_variant(&id, &given).map_err(|refusal| match refusal.field.as_str() {
        "design" => Refusal { field: "designs".to_owned(), ..refusal },
        part => Refusal { field: format!("designs ({part})"), ..refusal },
    })
}

fn new_variant(id: &str, given: &variant::Given) -> Result<variant::Variant, Refusal> {
    let given = given.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    variant::Variant::new(DESIGNS.iter().map(|entry| entry.about), "design", id, given)
}

/// A JSON value as a link writes it.
fn joined(value: &Value, separator: &str) -> String {
    match value.as_array() {
        Some(parts) => parts.iter().map(plain_text).collect::<Vec<_>>().join(separator),
        None if value.is_null() => String::new(),
        None => plain_text(value),
    }
}
