//! What can be set about several structures.

use crate::catalogue::{Parameter, Range};

/// Which clock it goes by, where the time of day is usual.
pub const WALL_CLOCK: Parameter = Parameter {
    id: "clock",
    means: "wall: it goes by the time of day, which can be put forward and back; steady: it goes by a clock that only counts",
    range: Range::Choice(&["wall", "steady"]),
};

/// Which clock it goes by, where one that only counts is usual.
pub const STEADY_CLOCK: Parameter =
    Parameter { id: "clock", means: WALL_CLOCK.means, range: Range::Choice(&["steady", "wall"]) };

/// How many workers there are.
pub const WORKERS: Parameter = Parameter {
    id: "workers",
    means: "how many workers do the jobs",
    range: Range::Whole { least: 1, most: 10_000, default: 4 },
};

/// Seconds a tick, a tenth where nothing is said.
pub const fn tick(default: f64) -> Parameter {
    Parameter {
        id: "tick",
        means: "seconds from one tick to the next",
        range: Range::Number { least: 0.001, most: 3_600.0, default },
    }
}

/// Slots on each wheel.
pub const fn slots(default: u32) -> Parameter {
    Parameter {
        id: "slots",
        means: "how many slots a wheel has",
        range: Range::Whole { least: 8, most: 4_096, default },
    }
}
