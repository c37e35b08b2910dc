//! What can be set in the labs of queues, read from links and JSON and written back.

use super::fields::{FIELDS, GROUPS};
use super::lives;
use crate::kernel::{Arrivals, Distribution, Pattern, Shape, Time};
use crate::lab::in_step::{Front, Runs};
use crate::lab::repeats::{Repeated, Repeats};
use crate::lab::table::{self, Kind, SourceOf, Table, Tabled, VariantsOf};
use crate::lab::variant::Variant;
use crate::lab::{About, Lab, Life, Query, Run, Settings};
use crate::queue::{self, BROKERS, Hazards, Order, Poison, Traffic, common};
use crate::refusal::Refusal;
use crate::trace::Trace;
use serde_json::{Map, Value};

/// The same messages to one or more queueing systems.
#[derive(Clone, Debug, PartialEq)]
pub struct Queueing {
    /// What the page says about the lab.
    pub about: &'static About,
    /// The systems, at least one.
    pub variants: Vec<Variant>,
    /// When messages are sent.
    pub arrivals: Pattern,
    /// How long their work takes.
    pub service: Shape,
    /// How many there are.
    pub messages: u32,
    /// How often it is run, by which chance, and until when.
    pub repeats: Repeats,
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
            variants: VARIANTS.parse("plain").into_iter().collect(),
            arrivals: Pattern::Poisson { rate: 1.6 },
            service: Shape::Exponential { mean: 1.0 },
            messages: 200,
            repeats: Repeats::default(),
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
        table::from_query(Queueing::new(about), query)
    }

    /// Reads the JSON form. Unlike a link, one wrong value refuses the whole.
    ///
    /// # Errors
    /// A field that is missing, unknown or out of its range.
    pub fn from_json(about: &'static About, map: &Map<String, Value>) -> Result<Self, Refusal> {
        table::from_json(Queueing::new(about), map)
    }

    /// What the system of variant `at` is built from in run number `run`, counted from 0.
    pub(super) fn order(&self, at: usize, run: u32) -> Option<Order> {
        let seed = self.repeats.seed_of(run);
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

    /// When a run ends at the latest.
    pub(super) fn end(&self) -> Time {
        self.repeats.end()
    }

    /// How many events a system has at the most.
    pub(super) fn most_events(&self) -> u64 {
        EVENTS_A_MESSAGE * u64::from(self.messages) + MORE_EVENTS
    }
}

impl Repeated for Queueing {
    fn repeats(&self) -> &Repeats {
        &self.repeats
    }

    fn repeats_mut(&mut self) -> &mut Repeats {
        &mut self.repeats
    }
}

impl Tabled for Queueing {
    const TABLE: Table<Self> = Table {
        variants: VARIANTS,
        sources: &[
            SourceOf {
                id: "arrivals",
                label: "Arrivals",
                kind: Kind::Arrivals(|s| &s.arrivals, |s| &mut s.arrivals),
            },
            SourceOf {
                id: "service",
                label: "Work takes",
                kind: Kind::Times(|s| &s.service, |s| &mut s.service),
            },
        ],
        fields: FIELDS,
        groups: &GROUPS,
    };

    fn usual(&self) -> Self {
        Queueing::new(self.about)
    }
}

const VARIANTS: VariantsOf<Queueing> = VariantsOf {
    id: "queues",
    noun: "queue",
    unnamed: "plain",
    catalogue: || BROKERS.iter().map(|entry| entry.about).collect(),
    offered: None,
    get: |scenario| &scenario.variants,
    get_mut: |scenario| &mut scenario.variants,
};

impl Settings for Queueing {
    fn about(&self) -> &'static About {
        self.about
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let own = self.variants.get(at).map(|variant| variant.about.file);
        own.into_iter().chain([common::POOL_SOURCE, common::BROKER_SOURCE]).collect()
    }

    fn checkable(&self, at: usize) -> Option<&'static str> {
        let id = self.variants.get(at)?.about.id;
        queue::vectors::CHECKABLE.contains(&id).then_some(id)
    }

    fn seed(&self) -> u64 {
        self.repeats.seed
    }

    fn work(&self) -> u64 {
        const EVENTS_A_MESSAGE: u64 = 3;
        u64::from(self.messages)
            * u64::from(self.repeats.runs)
            * self.variants.len() as u64
            * EVENTS_A_MESSAGE
    }

    fn lab(&self, _: &Trace, steps: u64) -> Box<dyn Lab> {
        Box::new(Front::new(self, steps))
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
