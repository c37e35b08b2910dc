//! What can be set in the lab of delayed jobs, read from links and JSON and written back.

use super::fields::{FIELDS, GROUPS};
use super::{ABOUT, lab};
use crate::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use crate::lab::in_step::{Front, Runs, lives};
use crate::lab::repeats::{Repeated, Repeats};
use crate::lab::table::{self, Kind, SourceOf, Table, Tabled, VariantsOf};
use crate::lab::variant::Variant;
use crate::lab::{About, Lab, Life, Query, Run, Settings};
use crate::queue::delay::{
    self, CatchUp, ClockBack, Delays, Due, Habits, Jump, Name, Order, Recurring, SCHEDULER_SOURCE, System,
    TIMERS, Traffic,
};
use crate::refusal::Refusal;
use crate::trace::Trace;
use serde_json::{Map, Value};

/// The same jobs to one or more schedulers.
#[derive(Clone, Debug, PartialEq)]
pub struct Delayed {
    /// The schedulers, at least one.
    pub variants: Vec<Variant>,
    /// When jobs are submitted.
    pub arrivals: Pattern,
    /// How much later each is due.
    pub delay: Shape,
    /// How long their work takes.
    pub service: Shape,
    /// How many there are.
    pub messages: u32,
    /// How often it is run, by which chance, and until when.
    pub repeats: Repeats,
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
            variants: VARIANTS.parse("heap").into_iter().collect(),
            arrivals: Pattern::Poisson { rate: 1.0 },
            delay: Shape::Uniform { low: 2.0, high: 12.0 },
            service: Shape::Exponential { mean: 0.5 },
            messages: 40,
            repeats: Repeats::default(),
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
        table::from_query(Delayed::default(), query)
    }

    /// Reads the JSON form. Unlike a link, one wrong value refuses the whole.
    ///
    /// # Errors
    /// A field that is missing, unknown or out of its range.
    pub fn from_json(map: &Map<String, Value>) -> Result<Self, Refusal> {
        table::from_json(Delayed::default(), map)
    }

    /// What the scheduler of variant `at` is built from in run number `run`, counted from 0.
    fn order(&self, at: usize, run: u32) -> Option<Order> {
        let seed = self.repeats.seed_of(run);
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

    /// When a run ends at the latest.
    pub(super) fn end(&self) -> Time {
        self.repeats.end()
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
}

impl Repeated for Delayed {
    fn repeats(&self) -> &Repeats {
        &self.repeats
    }

    fn repeats_mut(&mut self) -> &mut Repeats {
        &mut self.repeats
    }
}

impl Tabled for Delayed {
    const TABLE: Table<Self> = Table {
        variants: VARIANTS,
        sources: &[
            SourceOf {
                id: "arrivals",
                label: "Submitted",
                kind: Kind::Arrivals(|s| &s.arrivals, |s| &mut s.arrivals),
            },
            SourceOf { id: "delay", label: "Due after", kind: Kind::Times(|s| &s.delay, |s| &mut s.delay) },
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
        Delayed::default()
    }
}

const VARIANTS: VariantsOf<Delayed> = VariantsOf {
    id: "schedulers",
    noun: "scheduler",
    unnamed: "",
    catalogue: || TIMERS.iter().map(|entry| entry.about).collect(),
    offered: None,
    get: |scenario| &scenario.variants,
    get_mut: |scenario| &mut scenario.variants,
};

impl Settings for Delayed {
    fn about(&self) -> &'static About {
        ABOUT
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let own = self.variants.get(at).map(|variant| variant.about.file);
        own.into_iter().chain([SCHEDULER_SOURCE]).collect()
    }

    fn seed(&self) -> u64 {
        self.repeats.seed
    }

    fn work(&self) -> u64 {
        const EVENTS: u64 = 4;
        self.all() * u64::from(self.repeats.runs) * self.variants.len() as u64 * EVENTS
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
        let name = Name::from_identity(identity);
        let most = match name.series {
            0 => self.once(),
            series => self.recurring.get(series as usize - 1).map_or(0, |(.., count)| *count),
        };
        let known = (1..=most).contains(&name.number);
        if known { lives::of(self, identity, lab::turn) } else { Vec::new() }
    }

    fn duplicate(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }
}
