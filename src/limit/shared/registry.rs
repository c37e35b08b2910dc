//! The list of designs: a new one is a file and a line in [`DESIGNS`].

use super::cluster::Network;
use super::{
    CentralRace, CentralScript, Cluster, Design, Leased, LocalSync, Setup, Source, Split, Traffic,
    central_race, central_script, leased, local_sync, split,
};
use crate::catalogue::{About, Parameters};

/// Every design, in the order in which menus list them.
pub const DESIGNS: &[Entry] = &[
    Entry { about: &split::ABOUT, build: |setup| Box::new(Split::new(setup)) },
    Entry { about: &central_script::ABOUT, build: |setup| Box::new(CentralScript::new(setup)) },
    Entry { about: &central_race::ABOUT, build: |setup| Box::new(CentralRace::new(setup)) },
    Entry { about: &local_sync::ABOUT, build: |setup| Box::new(LocalSync::new(setup)) },
    Entry { about: &leased::ABOUT, build: |setup| Box::new(Leased::new(setup)) },
];

/// A design in the list.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it says about itself.
    pub about: &'static About,
    /// Makes one.
    pub build: fn(&Setup) -> Box<dyn Design>,
}

/// What a cluster is built from.
#[derive(Clone, Debug)]
pub struct Order {
    /// What comes.
    pub traffic: Traffic,
    /// How many may pass in a window.
    pub limit: u64,
    /// How messages travel; the distance is taken from the parameters, where a design has one.
    pub network: Network,
    /// The design's parameters, complete and within their ranges.
    pub parameters: Parameters,
}

impl Entry {
    /// Nodes and a store that share a limit as this design does.
    pub fn cluster(&self, order: Order) -> Cluster {
        let Order { traffic, limit, network, parameters } = order;
        let nodes = parameters.whole("nodes") as u32;
        let far = self.about.parameters.iter().any(|parameter| parameter.id == "distance");
        let distance = if far { parameters.number("distance") } else { 1.0 };
        let design = (self.build)(&Setup { limit, nodes, parameters });
        Cluster::new(design, Source::new(traffic, nodes), Network { distance, ..network }, limit, nodes)
    }
}

/// The design that a scenario calls `id`.
pub fn find(id: &str) -> Option<&'static Entry> {
    DESIGNS.iter().find(|entry| entry.about.id == id)
}
