//! How long the codecs of a scenario take on this machine: a table.

use super::Compression;
use crate::lab::{Table, table, words};

/// Each measurement lasts for at least so many seconds.
const LONG_ENOUGH: f64 = 0.15;
/// So many values are tried.
const VALUES: usize = 50;

/// Measures every codec of `scenario` with its values, by `clock`, which tells the time in seconds.
pub(super) fn of(scenario: &Compression, clock: &dyn Fn() -> f64) -> Table {
    let values = scenario.values();
    // So many of a single one too: one alone would be over before the clock has moved.
    let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).cycle().take(VALUES).collect();
    let bytes: usize = values.iter().map(|value| value.len()).sum();
    let nanos = |seconds: f64| words::number(seconds * 1e9 / bytes as f64);
    let rows = scenario.codecs().map(|(variant, codec)| {
        let kept: Vec<Vec<u8>> = values.iter().map(|value| (codec.compress)(value)).collect();
        let compress = seconds(clock, || values.iter().map(|value| (codec.compress)(value).len()).sum());
        let decompress = seconds(clock, || {
            let values = kept.iter().zip(&values);
            values.map(|(kept, value)| (codec.decompress)(kept, value.len()).map_or(0, |v| v.len())).sum()
        });
        let set = |id| words::number(variant.parameters.number(id));
        let cells = vec![nanos(compress), set("compress"), nanos(decompress), set("decompress")];
        (table::name(variant), cells)
    });
    let head = ["codec", "ns a byte, compressing", "as set", "ns a byte, bringing back", "as set"];
    Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// How long `work` takes once, in seconds. Its answer is looked at, so that it is really done.
fn seconds(clock: &dyn Fn() -> f64, work: impl Fn() -> usize) -> f64 {
    let (began, mut times, mut seen) = (clock(), 0_u32, 0_usize);
    loop {
        seen = seen.wrapping_add(std::hint::black_box(work()));
        times += 1;
        let lasted = clock() - began;
        if lasted >= LONG_ENOUGH || times == u32::MAX || seen == usize::MAX {
            return lasted / f64::from(times);
        }
    }
}
