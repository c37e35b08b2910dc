//! What can be set about several strategies.

use crate::catalogue::{Parameter, Range};

/// The longest time that anything can be kept, in seconds; "never" is longer.
const MOST: f64 = 1e9;

/// How long a value is fresh, in the words of HTTP.
pub const MAX_AGE: Parameter = seconds("max-age", "seconds for which an entry is fresh", Some(2.0));

/// How long an entry is kept, where a few seconds are usual.
pub const TTL: Parameter = ttl(Some(5.0));

/// How long an entry is kept, where another time is usual.
pub const fn ttl(default: Option<f64>) -> Parameter {
    let means = "seconds after which an entry expires; never: only a write or a lack of room takes it out";
    seconds("ttl", means, default)
}

/// A time in seconds, or never; `default` is `None` for never.
pub const fn seconds(id: &'static str, means: &'static str, default: Option<f64>) -> Parameter {
    Parameter { id, means, range: Range::Seconds { most: MOST, default } }
}
