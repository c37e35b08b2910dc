//! All strategies of a question in one table, under the scenario at hand: what each costs, and why.

use super::{Invalidation, strategies};
use crate::invalidation::{Listed, Statistics};
use crate::lab::columns::{count, seconds, share};
use crate::lab::in_step::figures::{quantile, ratio};
use crate::lab::table::name;
use crate::lab::variant::Variant;
use crate::lab::{Table, words};

/// The most operations of the run that is measured.
const MOST_OPERATIONS: u32 = 100_000;

const HEAD: [&str; 8] = [
    "strategy",
    "stale reads",
    "reads take",
    "writes take",
    "lost writes",
    "database reads",
    "database writes",
    "most entries",
];

/// Runs every strategy that answers the question of `scenario`: those that stand side by side as they are
/// set, the others as they are by default.
pub(super) fn of(scenario: &Invalidation) -> Table {
    let rows = strategies(scenario.about.id).iter().flat_map(|listed| {
        let set: Vec<&Variant> =
            scenario.variants.iter().filter(|variant| variant.about.id == listed.about.id).collect();
        let usual = Variant::new([listed.about].into_iter(), "strategy", listed.about.id, []).ok();
        let variants = if set.is_empty() { usual.iter().collect() } else { set };
        let rows: Vec<_> =
            variants.into_iter().filter_map(|variant| row(scenario, listed, variant)).collect();
        rows
    });
    Table { head: HEAD.map(str::to_owned).to_vec(), rows: rows.collect() }
}

fn row(scenario: &Invalidation, listed: &Listed, variant: &Variant) -> Option<(String, Vec<String>)> {
    let operations = scenario.operations.min(MOST_OPERATIONS);
    let scenario = Invalidation { operations, ..scenario.clone() };
    let (mut system, mut run) = (scenario.build(variant, 0)?, Statistics::new(false));
    system.run(scenario.most_events(), scenario.repeats.end(), &mut run);
    Some((name(variant), cells(listed, &run).to_vec()))
}

fn cells(listed: &Listed, run: &Statistics) -> [String; 7] {
    let counts = &run.counts;
    let because = |figure: String, why: &str| format!("{figure}\nbecause {why}");
    let stale = match ratio(run.age_sum, counts.stale as f64) {
        None => "none".to_owned(),
        Some(age) => {
            let part = share(ratio(counts.stale as f64, counts.reads as f64));
            format!("{part}, {} old", words::seconds(age))
        }
    };
    let latency = |at: usize, number: u64| {
        let mean = seconds(ratio(run.latency_sum[at], number as f64));
        let tail = seconds(quantile(&run.spread[at], 0.99));
        if number == 0 { "–".to_owned() } else { format!("{mean}, p99 {tail}") }
    };
    [
        because(stale, listed.why.stale),
        because(latency(0, counts.reads), listed.why.read),
        because(latency(1, counts.writes), listed.why.write),
        because(count(Some(counts.lost_writes as f64)), listed.why.lost),
        count(Some(run.levels.done.reads as f64)),
        count(Some(run.levels.done.writes as f64)),
        count(Some((run.most.entries + run.most.aside) as f64)),
    ]
}
