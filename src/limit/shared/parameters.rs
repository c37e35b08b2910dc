//! What can be set about several designs.

use crate::catalogue::{Parameter, Range};

/// How many nodes there are.
pub const NODES: Parameter = Parameter {
    id: "nodes",
    means: "how many nodes stand behind the load balancer",
    range: Range::Whole { least: 1, most: 32, default: 4 },
};

/// How far away the store is.
pub const DISTANCE: Parameter = Parameter {
    id: "distance",
    means: "how many times as long as set above a message is under way; 0: the store is next to the node",
    range: Range::Number { least: 0.0, most: 1_000.0, default: 1.0 },
};

/// What a node does when the store does not answer.
pub const ON_FAILURE: Parameter = Parameter {
    id: "on-failure",
    means: "when the store does not answer in time: open lets requests pass, closed refuses them",
    range: Range::Choice(&["open", "closed"]),
};
