//! What can be set in the labs of backpressure, and the systems that are built from it.

use super::fields::{FIELDS, GROUPS};
use super::{PIPELINES_ABOUT, lives, overload};
use crate::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use crate::lab::in_step::{Front, Runs};
use crate::lab::repeats::{Repeated, Repeats};
use crate::lab::table::{Kind, SourceOf, Table, Tabled, VariantsOf};
use crate::lab::variant::Variant;
use crate::lab::{About, Lab, Life, Run, Settings};
use crate::pressure::{
    self, ANSWERS, Answer, COMMON, MOST_STAGES, Order, Plan, Setup, System, Traffic, Trouble,
};
use crate::trace::Trace;

/// The same requests to stages with one or more answers to overload.
#[derive(Clone, Debug, PartialEq)]
pub struct Backpressure {
    /// What the page says about the lab.
    pub about: &'static About,
    /// The answers, at least one.
    pub variants: Vec<Variant>,
    /// When requests are sent.
    pub arrivals: Pattern,
    /// How long the work on one takes.
    pub service: Shape,
    /// How many there are.
    pub messages: u32,
    /// How many workers each stage has at the start; from one to three stages.
    pub workers: Vec<u32>,
    /// How often it is run, by which chance, and until when.
    pub repeats: Repeats,
    /// How many seconds a caller waits for the answer to a try.
    pub timeout: Option<f64>,
    /// How often it tries again.
    pub retries: u32,
    /// How many seconds it pauses before the first retry.
    pub pause: f64,
    /// How many times as long each further pause is.
    pub growth: f64,
    /// Whether a pause is a random share of that.
    pub jitter: bool,
    /// Whether stages know whose caller has gone.
    pub deadlines: Deadlines,
    /// The shares of the classes, the most important first.
    pub classes: Vec<f64>,
    /// The shares of the tenants.
    pub tenants: Vec<f64>,
    /// How many times as long the work takes at each stage; 1 where nothing is said.
    pub pace: Vec<f64>,
    /// How many requests a process can hold.
    pub memory: u32,
    /// How many seconds it is away when it was killed.
    pub restart: f64,
    /// How many bytes a request takes up.
    pub size: u32,
    /// When stages are slow.
    pub slow: Vec<Slow>,
    /// Which stage, counted from 1, is down from when until when.
    pub down: Vec<(u32, f64, f64)>,
}

/// Whether a request carries its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadlines {
    /// Nobody knows whose caller has gone.
    Ignored,
    /// Who has no caller any more is thrown away.
    Carried,
}

/// A stage is slow for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slow {
    /// Which stage, counted from 1.
    pub stage: u32,
    /// From which second.
    pub from: f64,
    /// Until which second.
    pub until: f64,
    /// How many times as long its work takes.
    pub times: f64,
}

/// So many events a try, and no more, are there in a run.
const EVENTS_A_TRY: u64 = 12;
/// And so many more, for what happens by itself.
const MORE_EVENTS: u64 = 200_000;

impl Backpressure {
    /// The scenario of the lab called `about` of which a link says nothing.
    pub fn usual_of(about: &'static About) -> Self {
        let chain = about.id == PIPELINES_ABOUT.id;
        Backpressure {
            about,
            variants: VARIANTS.parse("block").into_iter().collect(),
            arrivals: Pattern::Poisson { rate: 7.0 },
            service: Shape::Exponential { mean: 0.2 },
            messages: 400,
            workers: if chain { vec![2; MOST_STAGES] } else { vec![2] },
            repeats: Repeats::default(),
            timeout: None,
            retries: 0,
            pause: 0.5,
            growth: 2.0,
            jitter: false,
            deadlines: Deadlines::Ignored,
            classes: vec![1.0],
            tenants: vec![1.0],
            pace: Vec::new(),
            memory: 1_000,
            restart: 5.0,
            size: 16_384,
            slow: Vec::new(),
            down: Vec::new(),
        }
    }

    /// How many times as long as stated the work takes at stage `at`, counted from 0.
    pub(super) fn pace(&self, at: usize) -> f64 {
        self.pace.get(at).copied().unwrap_or(1.0)
    }

    /// What the system of variant `at` is built from in run number `run`, counted from 0.
    fn order(&self, at: usize, run: u32) -> Option<Order> {
        let seed = self.repeats.seed_of(run);
        let variant = self.variants.get(at)?;
        let plan = |workers: &u32| Plan {
            workers: *workers as usize,
            memory: self.memory as usize,
            restart: Span::from_seconds(self.restart),
            deadlines: self.deadlines == Deadlines::Carried,
        };
        let mut stages = Vec::new();
        for (stage, workers) in self.workers.iter().enumerate() {
            stages.push((self.answer(variant, stage, seed)?, plan(workers)));
        }
        let time = Time::from_seconds;
        let slow = self.slow.iter().map(|slow| Trouble {
            from: time(slow.from),
            until: time(slow.until),
            stage: slow.stage as usize - 1,
            slow: Some(slow.times),
        });
        let down = self.down.iter().map(|(stage, from, until)| Trouble {
            from: time(*from),
            until: time(*until),
            stage: *stage as usize - 1,
            slow: None,
        });
        Some(Order {
            traffic: Traffic {
                arrivals: Arrivals::new(&self.arrivals).ok()?,
                work: Distribution::new(self.service).ok()?,
                pace: (0..self.workers.len()).map(|stage| self.pace(stage)).collect(),
                requests: self.messages,
                tenants: self.tenants.clone(),
                classes: self.classes.clone(),
                patience: self.timeout.map(Span::from_seconds),
                retries: self.retries,
                pause: Span::from_seconds(self.pause),
                growth: self.growth,
                jitter: self.jitter,
                seed,
            },
            stages,
            trouble: slow.chain(down).collect(),
        })
    }

    /// What the stage at place `stage` does.
    fn answer(&self, variant: &Variant, stage: usize, seed: u64) -> Option<Box<dyn Answer>> {
        const MIDDLE: usize = 1;
        let unbounded = stage == MIDDLE
            && self.workers.len() == MOST_STAGES
            && variant.parameters.choice("middle") == "unbounded";
        let entry = if unbounded { ANSWERS.first()? } else { pressure::find(variant.about.id)? };
        let setup = Setup {
            seed: seed ^ stage as u64,
            classes: self.classes.len() as u8,
            tenants: self.tenants.len() as u8,
            parameters: variant.parameters.clone(),
        };
        Some((entry.build)(&setup))
    }

    /// The systems of all variants at their start, in run number `run`.
    pub(super) fn build_all(&self, run: u32) -> Vec<System> {
        let all = 0..self.variants.len();
        all.filter_map(|at| self.order(at, run).map(System::new)).collect()
    }

    /// From when until when more comes than can be served.
    pub(super) fn overload(&self) -> Option<(Time, Time)> {
        let (from, until) = overload::of(self)?;
        Some((Time::from_seconds(from), Time::from_seconds(until)))
    }

    /// When a run ends at the latest.
    pub(super) fn end(&self) -> Time {
        self.repeats.end()
    }

    /// How many steps a run has at the most.
    pub(super) fn most_events(&self) -> u64 {
        EVENTS_A_TRY * u64::from(self.messages) * u64::from(self.retries + 1) + MORE_EVENTS
    }
}

impl Repeated for Backpressure {
    fn repeats(&self) -> &Repeats {
        &self.repeats
    }

    fn repeats_mut(&mut self) -> &mut Repeats {
        &mut self.repeats
    }
}

impl Tabled for Backpressure {
    const TABLE: Table<Self> = Table {
        variants: VARIANTS,
        sources: &[
            SourceOf {
                id: "arrivals",
                label: "Sent",
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
        Backpressure::usual_of(self.about)
    }
}

const VARIANTS: VariantsOf<Backpressure> = VariantsOf {
    id: "answers",
    noun: "answer",
    unnamed: "",
    catalogue: || ANSWERS.iter().map(|entry| entry.about).collect(),
    offered: None,
    get: |scenario| &scenario.variants,
    get_mut: |scenario| &mut scenario.variants,
};

impl Settings for Backpressure {
    fn about(&self) -> &'static About {
        self.about
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let own = self.variants.get(at).map(|variant| variant.about.file);
        own.into_iter().chain(COMMON.iter().map(|(source, _)| *source)).collect()
    }

    fn seed(&self) -> u64 {
        self.repeats.seed
    }

    fn work(&self) -> u64 {
        const EVENTS: u64 = 6;
        u64::from(self.messages) * u64::from(self.repeats.runs) * self.variants.len() as u64 * EVENTS
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
