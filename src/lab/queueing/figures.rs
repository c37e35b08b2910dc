//! What one variant's runs come to: its figures, where the true values probably lie, its course, and
//! the closed form beside it.

use super::{Queueing, closed_form};
use crate::kernel::Time;
use crate::kernel::statistics::{Interval, OverTime};
use crate::lab::in_step::figures::{self, LEVEL, quantile, ratio};
use crate::lab::table;
use crate::lab::{Series, VariantReport};
use crate::queue::{Passage, Statistics};

/// A figure: its name, its unit, and how it is taken from one run.
type Figure = (&'static str, &'static str, fn(&Statistics) -> Option<f64>);

/// The figures in the order in which they are shown.
const FIGURES: &[Figure] = &[
    ("sent", "messages", |run| Some(run.counts.sent as f64)),
    ("done", "messages", |run| Some(run.counts.done as f64)),
    ("mean_wait", "s", |run| mean(run.sums.0, run)),
    ("mean_sojourn", "s", |run| mean(run.sums.1, run)),
    ("mean_queue_length", "messages", |run| Some(run.mean_queue_length())),
    ("mean_in_system", "messages", |run| Some(run.mean_in_system())),
    ("throughput", "messages/s", Statistics::throughput),
    ("lost_ratio", "1", |run| ratio(run.counts.not_done() as f64, run.counts.sent as f64)),
    ("wait_p50", "s", |run| quantile(&run.wait_spread, 0.5)),
    ("wait_p95", "s", |run| quantile(&run.wait_spread, 0.95)),
    ("wait_p99", "s", |run| quantile(&run.wait_spread, 0.99)),
    ("sojourn_p50", "s", |run| quantile(&run.sojourn_spread, 0.5)),
    ("sojourn_p95", "s", |run| quantile(&run.sojourn_spread, 0.95)),
    ("sojourn_p99", "s", |run| quantile(&run.sojourn_spread, 0.99)),
    ("longest_queue", "messages", |run| Some(run.longest_queue())),
    ("redeliveries", "messages", |run| Some(run.counts.redelivered as f64)),
    ("duplicates", "messages", |run| Some(run.counts.repeated as f64)),
    ("crashes", "workers", |run| Some(run.counts.crashes as f64)),
    ("refused", "messages", |run| Some(run.counts.refused as f64)),
    ("dropped", "messages", |run| Some(run.counts.dropped as f64)),
    ("expired", "messages", |run| Some(run.counts.expired as f64)),
    ("failed", "messages", |run| Some(run.counts.failed as f64)),
    ("lost", "messages", |run| Some(run.counts.lost as f64)),
    ("dead", "messages", |run| Some((run.counts.dead + run.counts.discarded) as f64)),
    ("still_there", "messages", |run| {
        Some((run.counts.sent - run.counts.done) as f64 - run.counts.not_done() as f64)
    }),
];

/// What one run of one variant came to, in the order of [`FIGURES`]; `None` where there is no value.
pub(super) type Values = Vec<Option<f64>>;

/// Takes the figures of a run of variant `at`.
pub(super) fn taken(scenario: &Queueing, at: usize, run: &Statistics) -> Values {
    let variant = &scenario.variants[at];
    let workers = variant.parameters.whole("workers") as f64;
    // Without a queue a caller is held up until its work is done, with one not at all.
    let held = if variant.about.id == "direct" { mean(run.sums.1, run) } else { Some(0.0) };
    let figures = FIGURES.iter().map(|(.., figure)| figure(run));
    figures.chain([Some(run.mean_busy() / workers), held]).collect()
}

/// What variant `at` came to in `runs`, of which the first is kept with its measurements.
pub(super) fn of(scenario: &Queueing, at: usize, runs: &[(Values, Option<Statistics>)]) -> VariantReport {
    let variant = &scenario.variants[at];
    let text = table::text(variant);
    let mut report = VariantReport::new(table::name(variant), text);
    let first = runs.first().and_then(|(_, statistics)| statistics.as_ref());
    let names = FIGURES.iter().map(|(name, unit, _)| (*name, *unit));
    for (column, (name, unit)) in names.chain([("utilisation", "1"), ("caller_wait", "s")]).enumerate() {
        let within = || first.filter(|_| runs.len() == 1).and_then(|first| within_run(name, first));
        let values = runs.iter().filter_map(|(values, _)| values[column]);
        figures::add(&mut report, name, unit, values, within);
    }
    report.theory = Some(closed_form::of(scenario, variant));
    if let Some((first, course)) = first.and_then(|first| Some((first, first.course()?))) {
        report.series = series(course, variant.parameters.whole("workers") as f64, first.now());
    }
    report
}

/// The interval that the batches of a single run give.
fn within_run(name: &str, run: &Statistics) -> Option<Interval> {
    match name {
        "mean_wait" => run.waits.interval(LEVEL),
        "mean_sojourn" => run.sojourns.interval(LEVEL),
        _ => None,
    }
}

fn mean(sum: f64, run: &Statistics) -> Option<f64> {
    ratio(sum, run.counts.done as f64)
}

/// The course of a run, a point a window at the window's end.
fn series(course: &OverTime<Passage>, workers: f64, last: Time) -> Vec<Series> {
    let line = |name: &str, unit: &str, of: &dyn Fn(&Passage, f64) -> Option<f64>| {
        figures::line(name, unit, figures::windows(course, last), of)
    };
    vec![
        line("queue_length", "messages", &|window, length| Some(window.waiting / length)),
        line("in_rate", "messages/s", &|window, length| Some(window.sent as f64 / length)),
        line("out_rate", "messages/s", &|window, length| Some(window.done as f64 / length)),
        line("utilisation", "1", &|window, length| Some((window.busy / length / workers).min(1.0))),
        line("work_in_progress", "workers", &|window, length| Some(window.busy / length)),
        line("sojourn_p50", "s", &|window, _| quantile(&window.sojourns, 0.5)),
        line("sojourn_p95", "s", &|window, _| quantile(&window.sojourns, 0.95)),
        line("sojourn_p99", "s", &|window, _| quantile(&window.sojourns, 0.99)),
        line("oldest_age", "s", &|window, _| Some(window.oldest)),
        line("redeliveries", "messages", &|window, _| Some(window.redelivered as f64)),
        line("not_done", "messages", &|window, _| Some(window.not_done as f64)),
    ]
}
