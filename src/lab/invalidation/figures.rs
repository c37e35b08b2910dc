//! What one variant’s runs come to: its figures, where the true values probably lie, its course, and
//! what theory expects.

use super::{Invalidation, closed_form};
use crate::invalidation::{EarlyRefreshes, Passage, Statistics};
use crate::kernel::Span;
use crate::lab::in_step::figures::{self, Figure, LEVEL, Line, quantile, ratio};
use crate::lab::{VariantReport, table};

const READS: usize = 0;
const WRITES: usize = 1;

/// The figures in the order in which they are shown.
const FIGURES: &[Figure<Invalidation, Statistics>] = &[
    ("operations", "operations", |_, run| Some(run.counts.asked as f64)),
    ("reads", "reads", |_, run| Some(run.counts.reads as f64)),
    ("writes", "writes", |_, run| Some(run.counts.writes as f64)),
    ("hit_ratio", "1", |_, run| ratio(run.counts.hits as f64, run.counts.reads as f64)),
    ("stale_reads", "reads", |_, run| Some(run.counts.stale as f64)),
    ("stale_ratio", "1", |_, run| ratio(run.counts.stale as f64, run.counts.reads as f64)),
    ("stale_age", "s", |_, run| ratio(run.age_sum, run.counts.stale as f64)),
    ("stale_age_max", "s", |_, run| quantile(&run.ages, 1.0)),
    ("read_latency", "s", |_, run| ratio(run.latency_sum[READS], run.counts.reads as f64)),
    ("read_p50", "s", |_, run| quantile(&run.spread[READS], 0.5)),
    ("read_p99", "s", |_, run| quantile(&run.spread[READS], 0.99)),
    ("write_latency", "s", |_, run| ratio(run.latency_sum[WRITES], run.counts.writes as f64)),
    ("write_p50", "s", |_, run| quantile(&run.spread[WRITES], 0.5)),
    ("write_p99", "s", |_, run| quantile(&run.spread[WRITES], 0.99)),
    ("lost_writes", "writes", |_, run| Some(run.counts.lost_writes as f64)),
    ("failed_reads", "reads", |_, run| Some(run.counts.failed_reads as f64)),
    ("failed_writes", "writes", |_, run| Some(run.counts.failed_writes as f64)),
    ("failed_ratio", "1", |_, run| {
        let failed = run.counts.failed_reads + run.counts.failed_writes;
        ratio(failed as f64, run.counts.asked as f64)
    }),
    ("goodput", "operations/s", |_, run| {
        ratio((run.counts.reads + run.counts.writes) as f64, run.told().seconds())
    }),
    ("database_reads", "queries", |_, run| Some(run.levels.done.reads as f64)),
    ("database_checks", "queries", |_, run| Some(run.levels.done.checks as f64)),
    ("database_writes", "statements", |_, run| Some(run.levels.done.writes as f64)),
    ("database_rows", "rows", |_, run| Some(run.levels.done.rows as f64)),
    ("database_read_rate", "queries/s", |_, run| ratio(run.levels.done.reads as f64, run.now().seconds())),
    ("mean_busy", "connections", |_, run| ratio(run.sums.busy, run.now().seconds())),
    ("most_busy", "connections", |_, run| Some(run.most.busy as f64)),
    ("mean_queued", "queries", |_, run| ratio(run.sums.queued, run.now().seconds())),
    ("most_queued", "queries", |_, run| Some(run.most.queued as f64)),
    ("mean_entries", "entries", |_, run| ratio(run.sums.entries, run.now().seconds())),
    ("most_entries", "entries", |_, run| Some(run.most.entries as f64)),
    ("kept_aside", "values", |_, run| Some(run.most.aside as f64)),
    ("evicted", "entries", |_, run| Some(run.counts.evicted as f64)),
    ("refused_fills", "fills", |_, run| Some(run.counts.refused as f64)),
    ("background", "operations", |_, run| Some(run.counts.background as f64)),
    ("lost_messages", "messages", |_, run| Some(run.counts.lost_messages as f64)),
    ("mistakes", "reads", |_, run| Some(run.counts.mistakes as f64)),
    ("conflicts", "reads", |_, run| Some(run.counts.conflicts as f64)),
    ("unreadable", "entries", |_, run| Some(run.counts.unreadable as f64)),
    ("denied", "reads", |_, run| Some(run.counts.denied as f64)),
    ("empty_loads", "queries", |_, run| Some(run.counts.empty_loads as f64)),
    ("barred", "reads", |_, run| Some(run.counts.barred as f64)),
    ("passed_filter", "1", |scenario, run| passed_filter(scenario, run)),
    ("copies", "reads", |_, run| Some(run.counts.copies as f64)),
    ("commands", "commands", |_, run| Some(run.levels.commands as f64)),
    ("fullest_share", "1", |scenario, run| (scenario.nodes > 1).then(|| run.fullest_share())),
    ("fullest_load", "1", |scenario, run| {
        (scenario.work > 0.0).then(|| run.fullest_load(Span::from_seconds(scenario.work)))
    }),
    ("still_open", "operations", |_, run| Some(run.levels.open as f64)),
];

/// Which share of the reads that were answered with "nothing" a filter has let pass, where there is a filter.
fn passed_filter(scenario: &Invalidation, run: &Statistics) -> Option<f64> {
    let passed = run.counts.nothing.saturating_sub(run.counts.barred);
    ratio(passed as f64, run.counts.nothing as f64).filter(|_| run.counts.barred > 0 && scenario.absent > 0.0)
}

/// The course of a run.
const LINES: &[Line<Passage>] = &[
    ("hit_ratio", "1", |window, _| ratio(window.hits as f64, window.reads as f64)),
    ("stale_ratio", "1", |window, _| ratio(window.stale as f64, window.reads as f64)),
    ("database_reads", "queries/s", |window, length| Some(window.loads as f64 / length)),
    ("database_writes", "statements/s", |window, length| Some(window.stores as f64 / length)),
    ("read_p50", "s", |window, _| quantile(&window.read_latency, 0.5)),
    ("read_p99", "s", |window, _| quantile(&window.read_latency, 0.99)),
    ("write_p50", "s", |window, _| quantile(&window.write_latency, 0.5)),
    ("reads", "reads/s", |window, length| Some(window.reads as f64 / length)),
    ("failed", "operations/s", |window, length| Some(window.failed as f64 / length)),
    ("busy", "connections", |window, length| Some(window.sums.busy / length)),
    ("queued", "queries", |window, length| Some(window.sums.queued / length)),
    ("entries", "entries", |window, length| Some(window.sums.entries / length)),
    ("aside", "values", |window, length| Some(window.sums.aside / length)),
];

/// What is kept of a run: its figures in the order of [`FIGURES`], and of the first run all of it.
pub(super) type Kept = (Vec<Option<f64>>, Option<Box<Statistics>>);

/// Takes the figures of run number `run`.
pub(super) fn keep(scenario: &Invalidation, run: u32, statistics: &Statistics) -> Kept {
    (figures::taken(FIGURES, scenario, statistics), (run == 0).then(|| Box::new(statistics.clone())))
}

/// What variant `at` came to in these runs, of which the first is the one with a course.
pub(super) fn of(scenario: &Invalidation, at: usize, runs: &[Kept]) -> VariantReport {
    let variant = &scenario.variants[at];
    let mut report = VariantReport::new(table::name(variant), table::text(variant));
    let first = runs.first().and_then(|(_, first)| first.as_deref());
    let values: Vec<&[Option<f64>]> = runs.iter().map(|(values, _)| values.as_slice()).collect();
    figures::add_all(&mut report, FIGURES, &values, |name| match name {
        "read_latency" => first?.latency[READS].interval(LEVEL),
        "write_latency" => first?.latency[WRITES].interval(LEVEL),
        _ => None,
    });
    if let Some(first) = first {
        add_early_refreshes(&mut report, &first.early);
    }
    report.theory = Some(closed_form::of(scenario, variant));
    if let Some((first, course)) = first.and_then(|first| Some((first, first.course()?))) {
        let windows = figures::joined_windows(course, first.now(), |window| window.reads);
        let windows = || windows.iter().map(|(end, length, window)| (*end, *length, window));
        report.series =
            LINES.iter().map(|(name, unit, of)| figures::line(name, unit, windows(), of)).collect();
    }
    report
}

/// The figures of the throws of dice of one bin: what was measured, and what is expected.
pub(super) fn early_names(bin: usize) -> [String; 2] {
    ["measured", "expected"].map(|what| format!("early_{what}_{bin}"))
}

/// How often chance had an entry fetched before it expired, by how much of its life it had left.
fn add_early_refreshes(report: &mut VariantReport, early: &EarlyRefreshes) {
    for (at, bin) in early.bins.iter().enumerate().filter(|(_, bin)| bin.all > 0) {
        let [measured, expected] = early_names(at);
        report.add(&measured, "1", bin.early as f64 / bin.all as f64);
        report.add(&expected, "1", bin.expected / bin.all as f64);
    }
}
