//! What can be set about several answers.

use crate::catalogue::{Parameter, Range};

/// What the middle one of three stages does.
pub const MIDDLE: Parameter = Parameter {
    id: "middle",
    means: "the middle one of three stages: same: it answers like the others; unbounded: it takes in whatever comes",
    range: Range::Choice(&["same", "unbounded"]),
};

/// How many requests the buffer holds.
pub const BOUND: Parameter = bound(20);

/// How many requests the buffer holds, where another number is usual.
pub const fn bound(default: u32) -> Parameter {
    Parameter {
        id: "bound",
        means: "how many requests the buffer holds; those under work do not count",
        range: Range::Whole { least: 1, most: 100_000, default },
    }
}

/// How long a sign takes from the stage to the sender.
pub const DELAY: Parameter = Parameter {
    id: "delay",
    means: "seconds that it takes until the sender knows",
    range: Range::Number { least: 0.0, most: 60.0, default: 0.0 },
};
