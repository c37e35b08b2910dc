//! What can be set in the lab of delayed jobs, read from links and JSON and written back.

use super::fields::{FIELDS, GROUPS};
use super::{ABOUT, DelayedLab, lives};
use crate::kernel::{Arrivals, Distribution, Pattern, Random, Shape, Span, Time};
use crate::lab::form::{Field, Form, Group, Pick, Source, Variants};
use crate::lab::in_step::Runs;
use crate::lab::queueing::{MOST_VARIANTS, SIDE_BY_SIDE};
use crate::lab::reading::list_text;
use crate::lab::variant::{self, check_number};
use crate::lab::{About, Lab, Life, Query, Run, Settings, Workload, timing};
use crate::queue::delay::{
    self, CatchUp, ClockBack, Delays, Due, Habits, Jump, Order, Recurring, SCHEDULER_SOURCE, System, TIMERS,
    Traffic,
};
use crate::refusal::Refusal;
use crate::trace::Trace;
use serde_json::{Map, Value, json};

/// The same jobs to one or more schedulers.
#[derive(Clone, Debug, PartialEq)]
pub struct Delayed {
    /// The schedulers, at least one.
    pub variants: Vec<variant::Variant>,
    /// When jobs are submitted.
    pub arrivals: Pattern,
    /// How much later each is due.
    pub delay: Shape,
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
    /// Jobs one by one, instead of those by chance: when each is submitted, and its delay.
    pub jobs: Vec<(f64, f64)>,
    /// Recurring jobs: seconds from run to run, when the first is due, and how many there are.
    pub recurring: Vec<(f64, f64, u32)>,
    /// How the time is stated at which jobs are due.
    pub due: Due,
    /// By how many seconds a job may be early or late before it matters.
    pub tolerance: f64,
    /// At which second the clock is put forward or, if negative, back, and by how many.
    pub skew: Vec<(f64, f64)>,
    /// How many seconds the clock counts in a second.
    pub drift: f64,
    /// What happens to recurring jobs when it is put back.
    pub clock_back: ClockBack,
    /// From when until when the scheduler is down.
    pub down: Vec<(f64, f64)>,
    /// What it does about missed runs.
    pub catch_up: CatchUp,
}

/// So many events a job, and no more, are there in a run.
const EVENTS_A_JOB: u64 = 60;
/// And so many more, for looks that find nothing.
const MORE_EVENTS: u64 = 200_000;

impl Default for Delayed {
    /// The scenario of which a link says nothing.
    fn default() -> Self {
        Delayed {
            variants: parse_variant("heap").into_iter().collect(),
            arrivals: Pattern::Poisson { rate: 1.0 },
            delay: Shape::Uniform { low: 2.0, high: 12.0 },
            service: Shape::Exponential { mean: 0.5 },
            messages: 40,
            runs: 1,
            seed: 1,
            until: None,
            jobs: Vec::new(),
            recurring: Vec::new(),
            due: Due::Delay,
            tolerance: 1.0,
            skew: Vec::new(),
            drift: 1.0,
            clock_back: ClockBack::Wait,
            down: Vec::new(),
            catch_up: CatchUp::All,
        }
    }
}

impl Delayed {
    /// Reads a link. Of what is refused, the default holds; the rest still works.
    pub fn from_query(query: &Query) -> (Self, Vec<Refusal>) {
        let mut scenario = Delayed::default();
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
            "schedulers" => {
                self.variants =
                    variant::list("schedulers", "schedulers", value, SIDE_BY_SIDE, parse_variant)?;
            }
            "arrivals" => self.arrivals = timing::parse_arrivals("arrivals", value)?,
            "delay" => self.delay = timing::parse_service("delay", value)?,
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
    pub fn from_json(map: &Map<String, Value>) -> Result<Self, Refusal> {
        let mut scenario = Delayed::default();
        let given = map.get("variants").unwrap_or(&Value::Null);
        let example = "a list such as [{\"scheduler\":\"wheel\",\"tick\":0.1}]";
        let list = given.as_array().ok_or_else(|| Refusal::new("variants", given, example))?;
        check_number("variants", "schedulers", list.len(), MOST_VARIANTS)?;
        let variants = list.iter().enumerate().map(|(at, value)| {
            variant_from_json(value).map_err(|refusal| refusal.within(&format!("variants[{at}]")))
        });
        scenario.variants = variants.collect::<Result<_, _>>()?;
        for (name, value) in map.iter().filter(|(name, _)| *name != "lab" && *name != "variants") {
            match name.as_str() {
                "arrivals" => scenario.arrivals = timing::arrivals_from_json("arrivals", value)?,
                "delay" => scenario.delay = timing::service_from_json("delay", value)?,
                "service" => scenario.service = timing::service_from_json("service", value)?,
                _ => scenario.set(name, &list_text(value))?,
            }
        }
        Ok(scenario)
    }

    /// What the scheduler of variant `at` is built from in run number `run`, counted from 0.
    fn order(&self, at: usize, run: u32) -> Option<Order> {
        let seed = if run == 0 { self.seed } else { Random::stream(self.seed, u64::from(run)).next() };
        let recurring = self.recurring.iter().map(|(every, first, count)| Recurring {
            every: Span::from_seconds(*every),
            first: Time::from_seconds(*first),
            count: *count,
        });
        let jumps = self.skew.iter().map(|(at, by)| Jump {
            at: Time::from_seconds(*at),
            by: Span::from_seconds(by.abs()),
            forward: *by > 0.0,
        });
        let listed = |(at, delay): &(f64, f64)| (Time::from_seconds(*at), Span::from_seconds(*delay));
        let delays = match self.jobs[..] {
            [] => Delays::Drawn {
                arrivals: Arrivals::new(&self.arrivals).ok()?,
                delay: Distribution::new(self.delay).ok()?,
                jobs: self.messages,
            },
            _ => Delays::Listed(self.jobs.iter().map(listed).collect()),
        };
        let down = self.down.iter().map(|(from, to)| (Time::from_seconds(*from), Time::from_seconds(*to)));
        Some(Order {
            traffic: Traffic {
                delays,
                due: self.due,
                work: Distribution::new(self.service).ok()?,
                recurring: recurring.collect(),
                seed,
            },
            rate: self.drift,
            jumps: jumps.collect(),
            habits: Habits {
                catch_up: self.catch_up,
                clock_back: self.clock_back,
                tolerance: Span::from_seconds(self.tolerance),
                down: down.collect(),
                workers: 0,
            },
            parameters: self.variants.get(at)?.parameters.clone(),
        })
    }

    /// The schedulers of all variants at their start, in run number `run`.
    pub(super) fn build_all(&self, run: u32) -> Vec<Box<dyn System>> {
        let build = |at: usize| {
            let entry = delay::find(self.variants[at].about.id)?;
            Some((entry.build)(self.order(at, run)?))
        };
        (0..self.variants.len()).filter_map(build).collect()
    }

    /// What people call a variant: "Timing wheel, slots 8".
    pub(super) fn name(variant: &variant::Variant) -> String {
        variant::name(variant.about, variant.not_default())
    }

    /// When a run ends at the latest.
    pub(super) fn end(&self) -> Time {
        self.until.map_or(Time::MAX, Time::from_seconds)
    }

    /// How many jobs that run once there are.
    pub(super) fn once(&self) -> u32 {
        if self.jobs.is_empty() { self.messages } else { self.jobs.len() as u32 }
    }

    /// How many times something is to run in all.
    pub(super) fn all(&self) -> u64 {
        let recurring: u64 = self.recurring.iter().map(|(.., count)| u64::from(*count)).sum();
        u64::from(self.once()) + recurring
    }

    /// How many steps a run has at the most.
    pub(super) fn most_events(&self) -> u64 {
        EVENTS_A_JOB * self.all() + MORE_EVENTS
    }

    fn sources(&self) -> [(&'static str, String); 3] {
        [
            ("arrivals", timing::arrivals_text(&self.arrivals)),
            ("delay", timing::service_text(&self.delay)),
            ("service", timing::service_text(&self.service)),
        ]
    }

    /// The fields that a link and JSON name: those always in view, and those not as usual.
    fn named(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let usual = Delayed::default();
        let fields = FIELDS.iter().map(move |field| (field, (field.get)(self), (field.get)(&usual)));
        let named = fields.filter(|(field, value, usual)| field.group.is_empty() || value != usual);
        named.map(|(field, value, _)| (field.id, value))
    }

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

impl Settings for Delayed {
    fn about(&self) -> &'static About {
        ABOUT
    }

    fn query(&self) -> Query {
        let mut query = Query::default();
        query.set("schedulers", self.variants().join(","));
        self.sources().into_iter().for_each(|(id, text)| query.set(id, text));
        self.named().for_each(|(id, text)| query.set(id, text));
        query
    }

    fn json(&self) -> Value {
        let variants = self.variants.iter().map(|v| variant::json("scheduler", v.about, v.not_default()));
        let mut map = Map::from_iter([
            ("lab".to_owned(), json!(ABOUT.id)),
            ("variants".to_owned(), variants.collect()),
            ("arrivals".to_owned(), json!(self.arrivals)),
            ("delay".to_owned(), json!(self.delay)),
            ("service".to_owned(), json!(self.service)),
        ]);
        for (id, value) in self.named() {
            let number = serde_json::from_str::<serde_json::Number>(&value);
            map.insert(id.to_owned(), number.map_or_else(|_| json!(value), |number| json!(number)));
        }
        Value::Object(map)
    }

    fn edit(&mut self, field: &str, value: &str) -> Result<(), Refusal> {
        self.set(field, value)
    }

    fn form(&self) -> Form {
        let options: Vec<_> = TIMERS.iter().map(|entry| variant::choice(entry.about)).collect();
        let each = self.variants.iter().map(|variant| Pick {
            name: Delayed::name(variant),
            choice: variant.about.id,
            options: options.clone(),
            fields: variant.fields().collect(),
        });
        let variants =
            Variants { id: "schedulers", noun: "scheduler", each: each.collect(), most: SIDE_BY_SIDE };
        let sources = vec![
            Source { id: "arrivals", label: "Submitted", pick: timing::arrivals_pick(&self.arrivals) },
            Source { id: "delay", label: "Due after", pick: timing::service_pick(&self.delay) },
            Source { id: "service", label: "Work takes", pick: timing::service_pick(&self.service) },
        ];
        let groups = GROUPS.iter().map(|label| Group { label, fields: self.fields_of(label) });
        Form { variants, sources, fields: self.fields_of(""), groups: groups.collect() }
    }

    fn source_with(&self, id: &str, field: &str, value: &str) -> String {
        let source = self.sources().into_iter().find(|(known, _)| *known == id);
        source.map_or_else(String::new, |(_, text)| timing::with(&text, field, value))
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
        own.into_iter().chain([SCHEDULER_SOURCE]).collect()
    }

    fn workload(&self) -> Option<&Workload> {
        None
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn work(&self) -> u64 {
        const EVENTS: u64 = 4;
        self.all() * u64::from(self.runs) * self.variants.len() as u64 * EVENTS
    }

    fn lab(&self, _: &Trace, steps: u64) -> Box<dyn Lab> {
        Box::new(DelayedLab::new(self, steps))
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

fn known() -> String {
    let fields = FIELDS.iter().map(|field| field.id);
    let all: Vec<&str> = ["schedulers", "arrivals", "delay", "service"].into_iter().chain(fields).collect();
    format!("one of {}", all.join(", "))
}

/// Reads the link form of a variant: `wheel:tick=0.1:slots=512`.
fn parse_variant(text: &str) -> Result<variant::Variant, Refusal> {
    let (id, given) = variant::from_text(text);
    new_variant(&id, &given).map_err(|refusal| match refusal.field.as_str() {
        "scheduler" => Refusal { field: "schedulers".to_owned(), ..refusal },
        part => Refusal { field: format!("schedulers ({part})"), ..refusal },
    })
}

fn variant_from_json(value: &Value) -> Result<variant::Variant, Refusal> {
    let (id, given) = variant::from_json("scheduler", value)?;
    new_variant(&id, &given)
}

fn new_variant(id: &str, given: &variant::Given) -> Result<variant::Variant, Refusal> {
    let given = given.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    variant::Variant::new(TIMERS.iter().map(|entry| entry.about), "scheduler", id, given)
}
