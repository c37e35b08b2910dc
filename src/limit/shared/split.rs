//! # The limit, split
//!
//! Each of N nodes enforces an Nth of the limit by itself; what does not divide goes to the first
//! ones. Nobody asks anybody, so nothing is delayed and nothing can fail. All parts together are the
//! limit, so it is never exceeded. But a node refuses when its own part is used up, though others may
//! have room: the more uneven the load balancer, the more is refused too early. And somebody has to
//! know how many nodes there are.
//!
//! Envoy's local rate limit filter with `local_cluster_rate_limit`, which divides the limit by the
//! number of members of its own cluster; the `local` policy of Kong's rate-limiting plugin if it is
//! told an Nth of the limit.
//!
//! An addition and a comparison a request. Left out: nodes that come and go.

use super::parameters::NODES;
use super::{Design, Desk, Knows, Request, Setup};
use crate::catalogue::{About, Rule};
use crate::limit::Figure;

/// The design in the catalogue.
pub const ABOUT: About = About {
    id: "split",
    name: "Split",
    idea: "Each node enforces its part of the limit by itself.",
    file: file!(),
    parameters: &[NODES],
    rules: &[&PART_HAS_ROOM, &PART_USED_UP],
};

const PART_HAS_ROOM: Rule =
    Rule { name: "PART_HAS_ROOM", place: "arrives", says: "it is number {} that its node may admit" };
const PART_USED_UP: Rule = Rule {
    name: "PART_USED_UP",
    place: "arrives",
    says: "its node has admitted {}, its part of the limit, and does not know of the others’",
};

/// The nodes.
#[derive(Clone, Debug)]
pub struct Split {
    nodes: Vec<Node>,
}

/// What a node knows.
#[derive(Clone, Debug)]
struct Node {
    /// Its part of the limit.
    part: u64,
    /// The window in which it counts.
    window: u64,
    /// How many it has admitted in it.
    count: u64,
}

impl Split {
    /// Nodes that have admitted nobody yet.
    pub fn new(setup: &Setup) -> Self {
        let (nodes, limit) = (u64::from(setup.nodes), setup.limit);
        let part = |node| limit / nodes + u64::from(node < limit % nodes);
        Split { nodes: (0..nodes).map(|node| Node { part: part(node), window: 0, count: 0 }).collect() }
    }
}

impl Design for Split {
    fn arrives(&mut self, request: Request, desk: &mut Desk) {
        let node = &mut self.nodes[request.node as usize];
        if node.window != request.window {
            (node.window, node.count) = (request.window, 0);
        }
        if node.count < node.part {
            node.count += 1;
            desk.admit(request, &PART_HAS_ROOM, Figure::Of(node.count, node.part));
        } else {
            desk.refuse(request, &PART_USED_UP, Figure::Of(node.count, node.part));
        }
    }

    fn node(&self, node: u32, window: u64) -> Knows {
        let node = &self.nodes[node as usize];
        Knows::Counted(if node.window == window { node.count } else { 0 }, node.part)
    }

    fn store(&self, _: u64) -> Option<u64> {
        None
    }

    fn duplicate(&self) -> Box<dyn Design> {
        Box::new(self.clone())
    }
}
