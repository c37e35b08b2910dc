//! What can be set in the lab of the shared limit, and what it is made into.

use super::fields::{Chooses, FIELDS, GROUPS};
use super::{ABOUT, lab};
use crate::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use crate::lab::in_step::{Front, Runs, lives};
use crate::lab::repeats::{Repeated, Repeats};
use crate::lab::table::{self, Kind, SourceOf, Table, Tabled, VariantsOf};
use crate::lab::variant::Variant;
use crate::lab::{About, Lab, Life, Query, Run, Settings};
use crate::limit::shared::{self, Balance, CLUSTER_SOURCE, Cluster, DESIGNS, Network, Order, Traffic};
use crate::refusal::Refusal;
use crate::trace::Trace;
use serde_json::{Map, Value};

/// The same requests to one or more designs.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedLimit {
    /// The designs, at least one.
    pub variants: Vec<Variant>,
    /// When requests come.
    pub arrivals: Pattern,
    /// How long a message is under way between a node and the store, one way.
    pub latency: Shape,
    /// How many may pass in a window.
    pub limit: u64,
    /// How long a window is, in seconds.
    pub window: f64,
    /// How many requests come.
    pub requests: u32,
    /// How often it is run, by which chance, and until when.
    pub repeats: Repeats,
    /// How the load balancer chooses a node.
    pub balance: Chooses,
    /// The share of the first node, where it has one.
    pub share: f64,
    /// How many clients there are, where each has its node.
    pub clients: u32,
    /// How many seconds a node waits for an answer.
    pub timeout: f64,
    /// From when until when the store cannot be reached.
    pub outage: Vec<(f64, f64)>,
}

/// So many events a request, and no more, are there in a run.
const EVENTS_A_REQUEST: u64 = 12;
/// And so many more, for nodes that synchronise while nobody comes.
const MORE_EVENTS: u64 = 500_000;

impl Default for SharedLimit {
    /// The scenario of which a link says nothing.
    fn default() -> Self {
        SharedLimit {
            variants: VARIANTS.parse("central-script").into_iter().collect(),
            arrivals: Pattern::Poisson { rate: 20.0 },
            latency: Shape::Constant { value: 0.02 },
            limit: 10,
            window: 1.0,
            requests: 100,
            repeats: Repeats::default(),
            balance: Chooses::Random,
            share: 0.7,
            clients: 5,
            timeout: 1.0,
            outage: Vec::new(),
        }
    }
}

impl SharedLimit {
    /// Reads a link. Of what is refused, the default holds; the rest still works.
    pub fn from_query(query: &Query) -> (Self, Vec<Refusal>) {
        table::from_query(SharedLimit::default(), query)
    }

    /// Reads the JSON form. Unlike a link, one wrong value refuses the whole.
    ///
    /// # Errors
    /// A field that is missing, unknown or out of its range.
    pub fn from_json(map: &Map<String, Value>) -> Result<Self, Refusal> {
        table::from_json(SharedLimit::default(), map)
    }

    /// What comes in run number `run`, counted from 0.
    pub(super) fn traffic(&self, run: u32) -> Option<Traffic> {
        Some(Traffic {
            arrivals: Arrivals::new(&self.arrivals).ok()?,
            requests: self.requests,
            balance: match self.balance {
                Chooses::Random => Balance::Random,
                Chooses::RoundRobin => Balance::RoundRobin,
                Chooses::Skewed => Balance::Skewed(self.share),
                Chooses::Sticky => Balance::Sticky(self.clients),
            },
            window: self.window(),
            seed: self.seed_of(run),
        })
    }

    fn seed_of(&self, run: u32) -> u64 {
        self.repeats.seed_of(run)
    }

    fn network(&self, run: u32) -> Option<Network> {
        let at = |seconds: &f64| Time::from_seconds(*seconds);
        Some(Network {
            latency: Distribution::new(self.latency).ok()?,
            distance: 1.0,
            timeout: self.timeout(),
            down: self.outage.iter().map(|(from, to)| (at(from), at(to))).collect(),
            seed: self.seed_of(run),
        })
    }

    /// The nodes and the store of all variants at their start, in run number `run`.
    pub(super) fn build_all(&self, run: u32) -> Vec<Cluster> {
        let build = |variant: &Variant| {
            let (traffic, network) = (self.traffic(run)?, self.network(run)?);
            let order = Order { traffic, limit: self.limit, network, parameters: variant.parameters.clone() };
            Some(shared::find(variant.about.id)?.cluster(order))
        };
        self.variants.iter().filter_map(build).collect()
    }

    /// How long a window is.
    pub(super) fn window(&self) -> Span {
        Span::from_seconds(self.window)
    }

    /// How long a node waits for an answer.
    pub(super) fn timeout(&self) -> Span {
        Span::from_seconds(self.timeout)
    }

    /// When a run ends at the latest.
    pub(super) fn end(&self) -> Time {
        self.repeats.end()
    }

    /// How many steps a run has at the most.
    pub(super) fn most_events(&self) -> u64 {
        EVENTS_A_REQUEST * u64::from(self.requests) + MORE_EVENTS
    }
}

impl Repeated for SharedLimit {
    fn repeats(&self) -> &Repeats {
        &self.repeats
    }

    fn repeats_mut(&mut self) -> &mut Repeats {
        &mut self.repeats
    }
}

impl Tabled for SharedLimit {
    const TABLE: Table<Self> = Table {
        variants: VARIANTS,
        sources: &[
            SourceOf {
                id: "arrivals",
                label: "Requests come",
                kind: Kind::Arrivals(|s| &s.arrivals, |s| &mut s.arrivals),
            },
            SourceOf {
                id: "latency",
                label: "One way to the store takes",
                kind: Kind::Times(|s| &s.latency, |s| &mut s.latency),
            },
        ],
        fields: FIELDS,
        groups: &GROUPS,
    };

    fn usual(&self) -> Self {
        SharedLimit::default()
    }
}

const VARIANTS: VariantsOf<SharedLimit> = VariantsOf {
    id: "designs",
    noun: "design",
    unnamed: "",
    catalogue: || DESIGNS.iter().map(|entry| entry.about).collect(),
    offered: None,
    get: |scenario| &scenario.variants,
    get_mut: |scenario| &mut scenario.variants,
};

impl Settings for SharedLimit {
    fn about(&self) -> &'static About {
        ABOUT
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let own = self.variants.get(at).map(|variant| variant.about.file);
        own.into_iter().chain([CLUSTER_SOURCE]).collect()
    }

    fn seed(&self) -> u64 {
        self.repeats.seed
    }

    fn work(&self) -> u64 {
        const EVENTS: u64 = 3;
        u64::from(self.requests) * u64::from(self.repeats.runs) * self.variants.len() as u64 * EVENTS
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
        let known = (1..=u64::from(self.requests)).contains(&identity);
        if known { lives::of(self, identity, lab::turn) } else { Vec::new() }
    }

    fn duplicate(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }
}
