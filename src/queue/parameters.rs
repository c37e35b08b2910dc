//! What can be set about every queue and its workers, whichever system it is.

use crate::catalogue::{Parameter, Range};

/// How many workers there are.
pub const WORKERS: Parameter = Parameter {
    id: "workers",
    means: "how many workers take messages",
    range: Range::Whole { least: 1, most: 10_000, default: 2 },
};

/// How fast the workers are.
pub const SPEED: Parameter = Parameter {
    id: "speed",
    means: "how fast each worker works; 2: twice as fast as the service times say",
    range: Range::Number { least: 0.001, most: 1_000.0, default: 1.0 },
};

/// When a worker acknowledges.
pub const ACK: Parameter = Parameter {
    id: "ack",
    means: "after: when the work is done, so at least once; first: before the work, so at most once; once: after, and a worker does not repeat what was done before",
    range: Range::Choice(&["after", "first", "once"]),
};

/// How long a message that failed is held back before it is tried again.
pub const RETRY_DELAY: Parameter = Parameter {
    id: "retry-delay",
    means: "seconds until a message that failed may be tried again",
    range: Range::Number { least: 0.0, most: 43_200.0, default: 0.0 },
};

/// How the delay grows with each try.
pub const BACKOFF: Parameter = Parameter {
    id: "backoff",
    means: "constant: the same delay each time; exponential: twice as long after each try",
    range: Range::Choice(&["constant", "exponential"]),
};

/// Whether workers ask for more time.
pub const EXTEND: Parameter = Parameter {
    id: "extend",
    means: "yes: while it works, a worker asks for more time whenever half of its lease is over",
    range: Range::Choice(&["no", "yes"]),
};
