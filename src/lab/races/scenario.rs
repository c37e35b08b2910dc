//! What can be set in the lab of races, and what it is made into.

use super::fields::{FIELDS, GROUPS};
use super::findings::Findings;
use super::run::RacesRun;
use super::summary::survey;
use super::{ABOUT, RacesLab};
use crate::invalidation::explore::{self, Choice, Harm, Plan, Program};
use crate::invalidation::{COMMON, Listed, RACES};
use crate::lab::table::{Table, Tabled, VariantsOf};
use crate::lab::variant::Variant;
use crate::lab::{About, Lab, Report, Run, Settings, Weighing};
use crate::trace::Trace;

/// The same clients under one or more strategies.
#[derive(Clone, Debug, PartialEq)]
pub struct Races {
    /// The strategies, at least one.
    pub variants: Vec<Variant>,
    /// What each client does.
    pub clients: Vec<Program>,
    /// What makes a schedule bad.
    pub harm: Harm,
    /// How often the entry may have to make room.
    pub evictions: u8,
    /// A person’s own schedule; empty: the shortest bad one.
    pub schedule: Vec<Choice>,
}

impl Default for Races {
    /// The scenario of which a link says nothing.
    fn default() -> Self {
        Races {
            variants: VARIANTS.parse("cache-aside:ttl=never").into_iter().collect(),
            clients: ["r", "w"].into_iter().filter_map(Program::parse).collect(),
            harm: Harm::Left,
            evictions: 0,
            schedule: Vec::new(),
        }
    }
}

impl Races {
    /// What is explored under `variant`.
    pub(super) fn plan(&self, variant: &Variant) -> Option<Plan> {
        Some(Plan {
            listed: listed(variant.about.id)?,
            parameters: variant.parameters.clone(),
            clients: self.clients.clone(),
            evictions: self.evictions,
        })
    }

    /// What is explored under each variant.
    pub(super) fn plans(&self) -> Vec<Plan> {
        self.variants.iter().filter_map(|variant| self.plan(variant)).collect()
    }
}

fn listed(id: &str) -> Option<&'static Listed> {
    RACES.iter().find(|listed| listed.about.id == id)
}

impl Tabled for Races {
    const TABLE: Table<Self> = Table { variants: VARIANTS, sources: &[], fields: FIELDS, groups: &GROUPS };

    fn usual(&self) -> Self {
        Races::default()
    }
}

const VARIANTS: VariantsOf<Races> = VariantsOf {
    id: "strategies",
    noun: "strategy",
    unnamed: "",
    catalogue: || RACES.iter().map(|listed| listed.about).collect(),
    offered: None,
    get: |scenario| &scenario.variants,
    get_mut: |scenario| &mut scenario.variants,
};

impl Settings for Races {
    fn about(&self) -> &'static About {
        ABOUT
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let own = self.variants.get(at).map(|variant| variant.about.file);
        let common = COMMON.iter().chain(&explore::COMMON).map(|(source, _)| *source);
        own.into_iter().chain(common.filter(|source| Some(*source) != own)).collect()
    }

    fn weighing(&self) -> Option<Weighing> {
        Some(Weighing {
            title: "All strategies for these clients",
            how: "Every schedule of these clients under every strategy: how many there are, and how many of them are bad.",
            at_once: self.work() / self.variants.len() as u64 * (RACES.len() as u64) < SURVEYED_AT_ONCE,
        })
    }

    fn weigh(&self, _: &dyn Fn() -> f64) -> crate::lab::Table {
        survey(self)
    }

    fn seed(&self) -> u64 {
        0
    }

    /// About the most states that there can be, each looked at and counted. Every client can stand after each
    /// of its steps, the cache hold the value of each write, the entry have been evicted so often, and
    /// something of each write be on its way in the background; and a read that is looked at may have begun
    /// before or after the last acknowledgement.
    fn work(&self) -> u64 {
        const STEPS: u64 = 4;
        const PASSES: u64 = 2;
        let places: u64 = self.clients.iter().map(|client| 1 + STEPS * u64::from(client.len())).product();
        let operations: u64 = self.clients.iter().map(|client| u64::from(client.len())).sum();
        let writes: u64 = self.clients.iter().map(|client| u64::from(client.writes())).sum();
        let begun = if self.harm == Harm::Read { 2 } else { 1 };
        let evicted = u64::from(1 + self.evictions);
        places * operations * (1 + writes) * begun * evicted * PASSES * self.variants.len() as u64
    }

    fn lab(&self, trace: &Trace, _: u64) -> Box<dyn Lab> {
        let mut run = self.run(trace);
        run.advance(u64::MAX);
        self.lab_after(trace, &run.finish().0)
    }

    fn lab_after(&self, _: &Trace, report: &Report) -> Box<dyn Lab> {
        Box::new(RacesLab::new(self, Findings::new(self, &report.variants)))
    }

    fn run(&self, _: &Trace) -> Box<dyn Run> {
        Box::new(RacesRun::new(self))
    }

    fn must_be_counted(&self) -> bool {
        true
    }

    fn duplicate(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }
}

/// So little work is so little that all strategies are explored without being asked to.
const SURVEYED_AT_ONCE: u64 = 600_000;
