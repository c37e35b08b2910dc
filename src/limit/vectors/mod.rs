//! What the tests of well-known limiters say, replayed on the limiters of this page.
//!
//! The facts are JSON files beside this one, and the README says how they are written. The tests
//! replay them all; so does the page, when somebody asks how far a limiter can be trusted. Only the
//! worker's program calls [`check`]; what is called from elsewhere is [`CHECKABLE`].

mod replay;
mod script;

pub use script::{File, Row, Step, Timed, Word};

use crate::catalogue::{Checked, NotModelled, Outcome};
use replay::replay;

/// What [`check`] knows: limiters as scenarios name them.
pub const CHECKABLE: &[&str] = &[
    "fixed-window",
    "token-bucket",
    "gcra",
    "nginx",
    "concurrency",
    "aimd",
    "vegas",
    "guava",
    "guava-warm-up",
];

/// The rows that no limiter of this page can follow: the limiter, what the row shows, and why.
pub const NOT_MODELLED: NotModelled = &[
    (
        "token-bucket",
        "151 after 120: more than a bucket is owed",
        "here a request for more than a whole bucket is refused",
    ),
    ("guava", "a wait allowed of 0, 200, 100 and 100 ms", "here all requests may wait as long as each other"),
    (
        "vegas",
        "a decrease to the half, smoothed",
        "here the limit decreases by log10, as it does if nothing else is said",
    ),
    (
        "vegas",
        "a decrease to the half",
        "here the limit decreases by log10, as it does if nothing else is said",
    ),
];

/// Every file of scripts.
pub const FILES: &[&str] = &[
    include_str!("throttled.json"),
    include_str!("governor.json"),
    include_str!("guava.json"),
    include_str!("concurrency-limits.json"),
    include_str!("bucket4j.json"),
    include_str!("nginx.json"),
    include_str!("lua-resty-limit-traffic.json"),
];

/// Holds the limiter that is called `id`, one of [`CHECKABLE`], against every fact about it.
pub fn check(id: &str) -> Vec<Checked> {
    FILES.iter().flat_map(|text| check_file(text, id)).collect()
}

fn check_file(text: &str, id: &str) -> Vec<Checked> {
    let File { source, rows, .. } = match serde_json::from_str(text) {
        Ok(file) => file,
        Err(error) => return vec![Checked::unreadable(&error)],
    };
    let rows = rows.into_iter().filter(|row| row.limiter == id);
    rows.map(|row| Checked {
        outcome: Outcome::of(replay(&row), id, &row.what, NOT_MODELLED),
        what: row.what,
        from: row.from,
        source: source.clone(),
    })
    .collect()
}
