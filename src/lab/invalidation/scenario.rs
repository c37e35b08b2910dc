//! What can be set in the labs of invalidation, and the systems that are built from it.

use super::fields::{FIELDS, GROUPS};
use super::{run, strategies, survey};
use crate::invalidation::{
    self, COMMON, Fault, Key, Kind as Operation, Layout, Plant, SYSTEM, Setup, System, Traffic, Trouble,
};
use crate::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use crate::lab::in_step::{Front, Runs, lives};
use crate::lab::repeats::{Repeated, Repeats};
use crate::lab::table::{Kind, SourceOf, Table, Tabled, VariantsOf};
use crate::lab::variant::Variant;
use crate::lab::{About, Lab, Life, Run, Settings, Weighing};
use crate::trace::Trace;

/// The same reads and writes under one or more strategies.
#[derive(Clone, Debug, PartialEq)]
pub struct Invalidation {
    /// What the page says about the lab.
    pub about: &'static About,
    /// The strategies, at least one.
    pub variants: Vec<Variant>,
    /// When operations come.
    pub arrivals: Pattern,
    /// How long a message is under way between a server and the cache, one way.
    pub near: Shape,
    /// How long the database works on a read.
    pub read: Shape,
    /// How long it works on a write.
    pub write: Shape,
    /// How many operations come.
    pub operations: u32,
    /// The share of writes.
    pub writes: f64,
    /// How many keys exist.
    pub keys: u32,
    /// How often it is run, by which chance, and until when.
    pub repeats: Repeats,
    /// How uneven keys are asked for.
    pub skew: f64,
    /// The share of the keys that are ever written.
    pub volatile: f64,
    /// The share of reads that ask for what does not exist.
    pub absent: f64,
    /// How many keys are asked for that do not exist.
    pub missing: u32,
    /// The share of writes that bring such a key into being.
    pub created: f64,
    /// How many servers there are.
    pub servers: u32,
    /// What the first operations are: what, and which key, counted from 0.
    pub script: Vec<(Operation, Key)>,
    /// How many entries the cache can hold.
    pub capacity: u32,
    /// How many nodes it has.
    pub nodes: u32,
    /// How many seconds a node works on a command.
    pub work: f64,
    /// How many seconds a message is under way to or from the database, one way.
    pub far: f64,
    /// Which part of a read’s work it is to look up a version.
    pub check: f64,
    /// How many connections the database has, if that is limited.
    pub connections: Option<u32>,
    /// How many seconds a server waits for an answer.
    pub timeout: f64,
    /// How many seconds the servers’ clocks are off.
    pub clocks: f64,
    /// The share of messages that delete which are lost.
    pub lost: f64,
    /// What goes wrong.
    pub troubles: Vec<Failure>,
    /// From when until when the servers change to a new form of values.
    pub rollout: Option<(f64, f64)>,
}

/// Something that goes wrong; times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// What.
    pub what: Fault,
    /// From when.
    pub from: f64,
    /// Until when, where it lasts.
    pub until: f64,
}

/// So many events an operation, and no more, are there in a run.
const EVENTS_AN_OPERATION: u64 = 60;
/// And so many more, for what happens by itself.
const MORE_EVENTS: u64 = 500_000;

impl Invalidation {
    /// The scenario of the lab called `about` of which a link says nothing.
    pub fn usual_of(about: &'static About) -> Self {
        let first = strategies(about.id).first().map_or("ttl", |listed| listed.about.id);
        Invalidation {
            about,
            variants: VARIANTS.parse(first).into_iter().collect(),
            arrivals: Pattern::Poisson { rate: 50.0 },
            near: Shape::Constant { value: 0.0005 },
            read: Shape::Exponential { mean: 0.01 },
            write: Shape::Exponential { mean: 0.015 },
            operations: 400,
            writes: 0.1,
            keys: 10,
            repeats: Repeats::default(),
            skew: 0.9,
            volatile: 1.0,
            absent: 0.0,
            missing: 100,
            created: 0.0,
            servers: 3,
            script: Vec::new(),
            capacity: 1_000,
            nodes: 1,
            work: 0.0,
            far: 0.001,
            check: 0.1,
            connections: None,
            timeout: 1.0,
            clocks: 0.0,
            lost: 0.0,
            troubles: Vec::new(),
            rollout: None,
        }
    }

    /// How many keys are asked for, those included that do not exist.
    pub(super) fn all_keys(&self) -> u32 {
        let some = self.absent > 0.0 || self.created > 0.0 || self.scripted() > self.keys;
        if some { self.asked_for() } else { self.keys }
    }

    /// How many keys can be asked for: those that exist, and those that do not, to which the keys of the
    /// script belong that are beyond all others.
    fn asked_for(&self) -> u32 {
        self.scripted().max(self.keys + self.missing)
    }

    /// So many keys hold all that the script asks for.
    fn scripted(&self) -> u32 {
        self.script.iter().map(|(_, key)| key + 1).max().unwrap_or_default()
    }

    fn traffic(&self, run: u32) -> Option<Traffic> {
        Some(Traffic {
            arrivals: Arrivals::new(&self.arrivals).ok()?,
            operations: self.operations,
            writes: self.writes,
            keys: self.keys,
            skew: self.skew,
            volatile: self.volatile,
            absent: self.absent,
            missing: self.asked_for() - self.keys,
            created: self.created,
            servers: self.servers,
            script: self.script.clone(),
            seed: self.repeats.seed_of(run),
        })
    }

    fn plant(&self) -> Option<Plant> {
        Some(Plant {
            capacity: self.capacity as usize,
            nodes: self.nodes,
            work: Span::from_seconds(self.work),
            near: Distribution::new(self.near).ok()?,
            far: Span::from_seconds(self.far),
            read: Distribution::new(self.read).ok()?,
            write: Distribution::new(self.write).ok()?,
            check: self.check,
            connections: self.connections,
            timeout: Span::from_seconds(self.timeout),
            clocks: self.clocks,
            lost: self.lost,
        })
    }

    /// The system under `variant` at its start, in run number `run`, counted from 0.
    pub(super) fn build(&self, variant: &Variant, run: u32) -> Option<System> {
        let time = Time::from_seconds;
        let rollout = self.rollout.map_or((Time::MAX, Time::MAX), |(from, until)| (time(from), time(until)));
        let setup = Setup {
            keys: self.keys,
            asked_for: self.asked_for(),
            servers: self.servers,
            rollout,
            seed: self.repeats.seed_of(run),
            parameters: variant.parameters.clone(),
        };
        let trouble = |failure: &Failure| Trouble {
            what: failure.what,
            from: time(failure.from),
            until: time(failure.until),
        };
        let layout = Layout {
            traffic: self.traffic(run)?,
            plant: self.plant()?,
            troubles: self.troubles.iter().map(trouble).collect(),
        };
        let listed = invalidation::find(variant.about.id)?;
        Some(System::new((listed.build)(&setup), layout))
    }

    /// The systems of all variants at their start, in run number `run`.
    pub(super) fn build_all(&self, run: u32) -> Vec<System> {
        self.variants.iter().filter_map(|variant| self.build(variant, run)).collect()
    }

    /// How many steps a run has at the most.
    pub(super) fn most_events(&self) -> u64 {
        EVENTS_AN_OPERATION * u64::from(self.operations) + MORE_EVENTS
    }
}

impl Repeated for Invalidation {
    fn repeats(&self) -> &Repeats {
        &self.repeats
    }

    fn repeats_mut(&mut self) -> &mut Repeats {
        &mut self.repeats
    }
}

impl Tabled for Invalidation {
    const TABLE: Table<Self> = Table {
        variants: VARIANTS,
        sources: &[
            SourceOf {
                id: "arrivals",
                label: "Operations come",
                kind: Kind::Arrivals(|s| &s.arrivals, |s| &mut s.arrivals),
            },
            SourceOf {
                id: "near",
                label: "One way to the cache takes",
                kind: Kind::Times(|s| &s.near, |s| &mut s.near),
            },
            SourceOf {
                id: "read",
                label: "The database reads in",
                kind: Kind::Times(|s| &s.read, |s| &mut s.read),
            },
            SourceOf {
                id: "write",
                label: "The database writes in",
                kind: Kind::Times(|s| &s.write, |s| &mut s.write),
            },
        ],
        fields: FIELDS,
        groups: &GROUPS,
    };

    fn usual(&self) -> Self {
        Invalidation::usual_of(self.about)
    }
}

const VARIANTS: VariantsOf<Invalidation> = VariantsOf {
    id: "strategies",
    noun: "strategy",
    unnamed: "",
    catalogue: || {
        let mut all: Vec<_> = invalidation::all().map(|listed| listed.about).collect();
        all.sort_by_key(|about| about.id);
        all.dedup_by_key(|about| about.id);
        all
    },
    offered: Some(|scenario| strategies(scenario.about.id).iter().map(|listed| listed.about).collect()),
    get: |scenario| &scenario.variants,
    get_mut: |scenario| &mut scenario.variants,
};

impl Settings for Invalidation {
    fn about(&self) -> &'static About {
        self.about
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let own = self.variants.get(at).map(|variant| variant.about.file);
        let common = COMMON.iter().chain(&SYSTEM).map(|(source, _)| *source);
        own.into_iter().chain(common.filter(|source| Some(*source) != own)).collect()
    }

    fn weighing(&self) -> Option<Weighing> {
        Some(Weighing {
            title: "All strategies on this traffic",
            how: "Every strategy that answers the question of this lab meets the same operations and the same troubles: what it costs, and why.",
            at_once: self.operations <= SURVEYED_AT_ONCE,
        })
    }

    fn weigh(&self, _: &dyn Fn() -> f64) -> crate::lab::Table {
        survey::of(self)
    }

    fn seed(&self) -> u64 {
        self.repeats.seed
    }

    fn work(&self) -> u64 {
        const EVENTS: u64 = 6;
        u64::from(self.operations) * u64::from(self.repeats.runs) * self.variants.len() as u64 * EVENTS
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
        let known = (1..=u64::from(self.operations)).contains(&identity) || identity > u64::from(u32::MAX);
        if known { lives::of(self, identity, run::turn) } else { Vec::new() }
    }

    fn duplicate(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }
}

/// So many operations are so few that all strategies are run without being asked to.
const SURVEYED_AT_ONCE: u32 = 5_000;
