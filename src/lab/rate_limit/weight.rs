//! What the limiters of a scenario take in memory and work, few keys and very many: a table.

use super::RateLimit;
use crate::lab::{Table, table, words};
use crate::limit::footprint::{Footprint, KEYS, measure};

/// Measures every limiter of `scenario` with each number of keys.
pub(super) fn of(scenario: &RateLimit) -> Table {
    let heads = KEYS.map(|keys| {
        let keys = words::counted(u64::from(keys), "key", "keys");
        [format!("bytes a key, {keys}"), format!("words a decision, {keys}")]
    });
    let head = ["limiter".to_owned()].into_iter().chain(heads.into_iter().flatten());
    let rows = scenario.variants.iter().enumerate().map(|(at, variant)| {
        let cells = KEYS.into_iter().flat_map(|keys| match scenario.limiter(at) {
            Some(limiter) => cells(&measure(limiter, keys), keys),
            None => ["–".to_owned(), "–".to_owned()],
        });
        (table::name(variant), cells.collect())
    });
    Table { head: head.collect(), rows: rows.collect() }
}

/// The two figures; where memory or time ended the measurement early, so many keys came.
fn cells(footprint: &Footprint, asked: u32) -> [String; 2] {
    let early = match footprint.keys {
        keys if keys < asked => format!(" ({} keys)", words::count(u64::from(keys))),
        _ => String::new(),
    };
    [format!("{}{early}", words::number(footprint.bytes)), words::number(footprint.words)]
}
