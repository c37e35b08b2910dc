//! What can be set in the labs of queues, read from links and JSON and written back.

use super::fields::{FIELDS, GROUPS};
use super::{QueueLab, lives};
use crate::kernel::{Arrivals, Distribution, Pattern, Shape, Time};
use crate::lab::form::{Field, Form, Group, Pick, Source, Variants};
use crate::lab::in_step::Runs;
use crate::lab::reading::list_text;
use crate::lab::variant::{self, check_number};
use crate::lab::{About, Lab, Life, Query, Run, Settings, Workload, timing};
use crate::queue::{self, BROKERS, Hazards, Order, Poison, Traffic, common};
use crate::refusal::Refusal;
use crate::trace::Trace;
use serde_json::{Map, Value, json};

/// The same messages to one or more queueing systems.
#[derive(Clone, Debug, PartialEq)]
pub struct Queueing {
    /// What the page says about the lab.
    pub about: &'static About,
    /// The systems, at least one.
    pub variants: Vec<variant::Variant>,
    /// When messages are sent.
    pub arrivals: Pattern,
    /// How long their work takes.
    pub service: Shape,
    /// How many there are.
    pub messages: u32,
    /// How many independent runs there are.
    pub runs: u32,
    /// Fixes every random choice.
    pub seed: u64,
    /// When the run ends, in seconds; `None`: when nothing more happens.
    pub until: Option<f64>,
    /// How many messages are left out of the figures.
    pub warm_up: u32,
    /// In how many groups messages fall.
    pub groups: u32,
    /// Which share of them is urgent.
    pub urgent: f64,
    /// How long they wait before they give up.
    pub patience: Option<Shape>,
    /// The numbers of those that always go wrong, in rising order.
    pub poison: Vec<u32>,
    /// What those do.
    pub poison_does: Poison,
    /// The share of tries whose work fails.
    pub fail: f64,
    /// The share of tries in which the worker breaks down.
    pub crash: f64,
    /// Whether it does so when only the acknowledgement is missing.
    pub crash_late: bool,
    /// When which worker, counted from 1, breaks down; by rising time.
    pub crashes: Vec<(f64, u32)>,
    /// For how many seconds a worker is away then.
    pub restart: f64,
    /// Which workers, counted from 1, take how many times as long.
    pub slow: Vec<(u32, f64)>,
    /// From which second poison does no harm.
    pub mended: Option<f64>,
    /// From which second, and how many a second, dead letters are sent back.
    pub redrive: Option<(f64, f64)>,
}

/// The most variants in one scenario; the page shows [`SIDE_BY_SIDE`] of them.
pub const MOST_VARIANTS: usize = 64;
/// The most variants that stand side by side.
pub const SIDE_BY_SIDE: usize = 4;
/// So many events a message, and no more, are there in a run: a message that goes round for ever
/// must not make it last for ever.
const EVENTS_A_MESSAGE: u64 = 40;
/// And so many more.
const MORE_EVENTS: u64 = 10_000;

impl Queueing {
    /// The scenario of which a link says nothing.
    fn new(about: &'static About) -> Self {
        Queueing {
            about,
            variants: parse_variant("plain").into_iter().collect(),
            arrivals: Pattern::Poisson { rate: 1.6 },
            service: Shape::Exponential { mean: 1.0 },
            messages: 200,
            runs: 1,
            seed: 1,
            until: None,
            warm_up: 0,
            groups: 1,
            urgent: 0.0,
            patience: None,
            poison: Vec::new(),
            poison_does: Poison::Fail,
            fail: 0.0,
            crash: 0.0,
            crash_late: false,
            crashes: Vec::new(),
            restart: 5.0,
            slow: Vec::new(),
            mended: None,
            redrive: None,
        }
    }

    /// Reads a link. Of what is refused, the default holds; the rest still works.
    pub fn from_query(about: &'static About, query: &Query) -> (Self, Vec<Refusal>) {
        let mut scenario = Queueing::new(about);
        let set = query.iter().filter_map(|(name, value)| scenario.set(name, value).err());
        let refusals = set.collect();
        (scenario, refusals)
    }

    /// Sets the field called `name`, as a link writes it.
    ///
    /// # Errors
    /// A field that does not exist or a value that is not allowed; the scenario stays as it was.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        match name {
            "queues" => {
                self.variants = variant::list("queues", "queues", value, SIDE_BY_SIDE, parse_variant)?
            }
            "arrivals" => self.arrivals = timing::parse_arrivals("arrivals", value)?,
            "service" => self.service = timing::parse_service("service", value)?,
            _ => {
                let field = FIELDS.iter().find(|field| field.id == name);
                let field = field.ok_or_else(|| Refusal::new(name, value, known()))?;
                (field.set)(self, value)?;
            }
        }
        Ok(())
    }

    /// Reads the JSON form. Unlike a link, one wrong value refuses the whole.
    ///
    /// # Errors
    /// A field that is missing, unknown or out of its range.
    pub fn from_json(about: &'static About, map: &Map<String, Value>) -> Result<Self, Refusal> {
        let mut scenario = Queueing::new(about);
        let given = map.get("variants").unwrap_or(&Value::Null);
        let example = "a list such as [{\"queue\":\"plain\",\"workers\":3}]";
        let list = given.as_array().ok_or_else(|| Refusal::new("variants", given, example))?;
        check_number("variants", "queues", list.len(), MOST_VARIANTS)?;
        let variants = list.iter().enumerate().map(|(at, value)| {
            variant_from_json(value).map_err(|refusal| refusal.within(&format!("variants[{at}]")))
        });
        scenario.variants = variants.collect::<Result<_, _>>()?;
        for (name, value) in map.iter().filter(|(name, _)| *name != "lab" && *name != "variants") {
            match name.as_str() {
                "arrivals" => scenario.arrivals = timing::arrivals_from_json("arrivals", value)?,
                "service" => scenario.service = timing::service_from_json("service", value)?,
                "patience" if value.is_object() => {
                    scenario.patience = Some(timing::service_from_json("patience", value)?);
                }
                _ => scenario.set(name, &list_text(value))?,
            }
        }
        Ok(scenario)
    }

    /// What the system of variant `at` is built from in run number `run`, counted from 0.
    pub(super) fn order(&self, at: usize, run: u32) -> Option<Order> {
        let seed = if run == 0 {
            self.seed
        } else {
            crate::kernel::Random::stream(self.seed, u64::from(run)).next()
        };
        let crashes = self.crashes.iter().map(|(at, worker)| (Time::from_seconds(*at), worker - 1));
        let slow = self.slow.iter().map(|(worker, times)| (worker - 1, *times));
        Some(Order {
            traffic: Traffic {
                arrivals: Arrivals::new(&self.arrivals).ok()?,
                work: Distribution::new(self.service).ok()?,
                messages: self.messages,
                groups: self.groups,
                urgent: self.urgent,
                patience: self.patience.map(Distribution::new).transpose().ok()?,
                seed,
            },
            hazards: Hazards {
                seed,
                fail: self.fail,
                crash: self.crash,
                crash_late: self.crash_late,
                poison: self.poison.as_slice().into(),
                poison_does: self.poison_does,
                mended: self.mended.map_or(Time::MAX, Time::from_seconds),
                restart: crate::kernel::Span::from_seconds(self.restart),
                crashes: crashes.collect(),
                slow: slow.collect(),
            },
            redrive: self.redrive.map(|(from, rate)| (Time::from_seconds(from), rate)),
            parameters: self.variants.get(at)?.parameters.clone(),
        })
    }

    /// The system of variant `at` at its start, in run number `run`.
    pub(super) fn build(&self, at: usize, run: u32) -> Option<Box<dyn queue::System>> {
        let entry = queue::find(self.variants.get(at)?.about.id)?;
        Some((entry.build)(&self.order(at, run)?))
    }

    /// The systems of all variants at their start, in run number `run`.
    pub(super) fn build_all(&self, run: u32) -> Vec<Box<dyn queue::System>> {
        (0..self.variants.len()).filter_map(|at| self.build(at, run)).collect()
    }

    /// What people call variant `at`: "SQS, workers 3".
    pub(super) fn name(variant: &variant::Variant) -> String {
        variant::name(variant.about, variant.not_default())
    }

    /// When a run ends at the latest.
    pub(super) fn end(&self) -> Time {
        self.until.map_or(Time::MAX, Time::from_seconds)
    }

    /// How many events a system has at the most.
    pub(super) fn most_events(&self) -> u64 {
        EVENTS_A_MESSAGE * u64::from(self.messages) + MORE_EVENTS
    }
}

impl Settings for Queueing {
    fn about(&self) -> &'static About {
        self.about
    }

    fn query(&self) -> Query {
        let mut query = Query::default();
        query.set("queues", self.variants().join(","));
        query.set("arrivals", timing::arrivals_text(&self.arrivals));
        query.set("service", timing::service_text(&self.service));
        let usual = Queueing::new(self.about);
        for field in FIELDS {
            let value = (field.get)(self);
            if field.group.is_empty() || value != (field.get)(&usual) {
                query.set(field.id, value);
            }
        }
        query
    }

    fn json(&self) -> Value {
        let variants = self.variants.iter().map(|v| variant::json("queue", v.about, v.not_default()));
        let mut map = Map::from_iter([
            ("lab".to_owned(), json!(self.about.id)),
            ("variants".to_owned(), variants.collect()),
            ("arrivals".to_owned(), json!(self.arrivals)),
            ("service".to_owned(), json!(self.service)),
        ]);
        let usual = Queueing::new(self.about);
        for field in FIELDS {
            let value = (field.get)(self);
            if field.group.is_empty() || value != (field.get)(&usual) {
                let number = serde_json::from_str::<serde_json::Number>(&value);
                map.insert(field.id.to_owned(), number.map_or_else(|_| json!(value), |number| json!(number)));
            }
        }
        Value::Object(map)
    }

    fn edit(&mut self, field: &str, value: &str) -> Result<(), Refusal> {
        self.set(field, value)
    }

    fn form(&self) -> Form {
        let options: Vec<_> = BROKERS.iter().map(|entry| variant::choice(entry.about)).collect();
        let each = self.variants.iter().map(|variant| Pick {
            name: Queueing::name(variant),
            choice: variant.about.id,
            options: options.clone(),
            fields: variant.fields().collect(),
        });
        let variants = Variants { id: "queues", noun: "queue", each: each.collect(), most: SIDE_BY_SIDE };
        let sources = vec![
            Source { id: "arrivals", label: "Arrivals", pick: timing::arrivals_pick(&self.arrivals) },
            Source { id: "service", label: "Work takes", pick: timing::service_pick(&self.service) },
        ];
        let groups = GROUPS.iter().map(|label| Group { label, fields: self.fields_of(label) });
        Form { variants, sources, fields: self.fields_of(""), groups: groups.collect() }
    }

    fn source_with(&self, id: &str, field: &str, value: &str) -> String {
        let text = match id {
            "arrivals" => timing::arrivals_text(&self.arrivals),
            _ => timing::service_text(&self.service),
        };
        timing::with(&text, field, value)
    }

    fn variant_with(&self, at: usize, field: &str, value: &str) -> String {
        self.variants.get(at).map_or_else(String::new, |variant| {
            variant::text_with(variant.about, variant.not_default(), field, value)
        })
    }

    fn variants(&self) -> Vec<String> {
        self.variants.iter().map(|variant| variant::text(variant.about, variant.not_default())).collect()
    }

    fn sources(&self, at: usize) -> Vec<(&'static str, &'static str)> {
        let own = self.variants.get(at).map(|variant| (variant.about.file, variant.about.source));
        own.into_iter().chain([common::POOL_SOURCE, common::BROKER_SOURCE]).collect()
    }

    fn checkable(&self, at: usize) -> Option<&'static str> {
        let id = self.variants.get(at)?.about.id;
        queue::vectors::CHECKABLE.contains(&id).then_some(id)
    }

    fn workload(&self) -> Option<&Workload> {
        None
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn work(&self) -> u64 {
        const EVENTS_A_MESSAGE: u64 = 3;
        u64::from(self.messages) * u64::from(self.runs) * self.variants.len() as u64 * EVENTS_A_MESSAGE
    }

    fn lab(&self, _: &Trace, steps: u64) -> Box<dyn Lab> {
        Box::new(QueueLab::new(self, steps))
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

impl Queueing {
    fn fields_of(&self, group: &str) -> Vec<Field> {
        let own = FIELDS.iter().filter(|field| field.group == group);
        own.map(|field| Field {
            id: field.id,
            label: field.label,
            means: field.means,
            input: (field.input)(),
            value: (field.get)(self),
        })
        .collect()
    }
}

fn known() -> String {
    let fields = FIELDS.iter().map(|field| field.id);
    let all: Vec<&str> = ["queues", "arrivals", "service"].into_iter().chain(fields).collect();
    format!("one of {}", all.join(", "))
}

/// Reads the link form of a variant: `sqs:workers=3:visibility=10`.
fn parse_variant(text: &str) -> Result<variant::Variant, Refusal> {
    let (id, given) = variant::from_text(text);
    new_variant(&id, &given).map_err(|refusal| match refusal.field.as_str() {
        "queue" => Refusal { field: "queues".to_owned(), ..refusal },
        part => Refusal { field: format!("queues ({part})"), ..refusal },
    })
}

/// Reads the JSON form of a variant, in which the plain queue need not be named.
fn variant_from_json(value: &Value) -> Result<variant::Variant, Refusal> {
    let (id, given) = variant::from_json("queue", value)?;
    new_variant(if id.is_empty() { "plain" } else { &id }, &given)
}

fn new_variant(id: &str, given: &variant::Given) -> Result<variant::Variant, Refusal> {
    let given = given.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    variant::Variant::new(BROKERS.iter().map(|entry| entry.about), "queue", id, given)
}
