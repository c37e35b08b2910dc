//! What one variant's runs come to: its figures, where the true values probably lie, its course, and
//! what theory expects.

use super::{Delayed, closed_form};
use crate::kernel::Time;
use crate::kernel::statistics::OverTime;
use crate::lab::in_step::figures::{self, LEVEL, quantile, ratio};
use crate::lab::table;
use crate::lab::{Series, VariantReport};
use crate::queue::delay::{Passage, Statistics};

/// A figure: its name, its unit, and how it is taken from one run.
type Figure = (&'static str, &'static str, fn(&Statistics) -> Option<f64>);

/// The figures in the order in which they are shown.
const FIGURES: &[Figure] = &[
    ("submitted", "jobs", |run| Some(run.counts.submitted as f64)),
    ("fired", "jobs", |run| Some(run.counts.fired as f64)),
    ("done", "jobs", |run| Some(run.counts.done as f64)),
    ("mean_lateness", "s", |run| ratio(run.sums.0, run.counts.fired as f64)),
    ("lateness_p50", "s", |run| quantile(&run.spread, 0.5)),
    ("lateness_p95", "s", |run| quantile(&run.spread, 0.95)),
    ("lateness_p99", "s", |run| quantile(&run.spread, 0.99)),
    ("lateness_max", "s", |run| quantile(&run.spread, 1.0)),
    ("mean_wait", "s", |run| ratio(run.waits, run.counts.started as f64)),
    ("early", "jobs", |run| Some(run.counts.early as f64)),
    ("earliness_max", "s", |run| Some(run.earliest)),
    ("late", "jobs", |run| Some(run.counts.late as f64)),
    ("duplicates", "jobs", |run| Some(run.counts.again as f64)),
    ("skipped", "jobs", |run| Some(run.counts.skipped as f64)),
    ("coalesced", "jobs", |run| Some(run.counts.coalesced as f64)),
    ("still_there", "jobs", |run| Some(run.still as f64)),
    ("operations", "operations/job", |run| each(run, run.costs.operations())),
    ("comparisons", "comparisons/job", |run| each(run, run.costs.comparisons)),
    ("moves", "moves/job", |run| each(run, run.costs.moves)),
    ("looks", "looks", |run| Some(run.costs.looks as f64)),
    ("empty_looks", "looks", |run| Some(run.costs.empty as f64)),
    ("commands", "commands/job", |run| each(run, run.costs.commands)),
    ("hops", "messages", |run| Some(run.counts.hops as f64)),
    ("cascades", "moves", |run| Some(run.counts.cascades as f64)),
    ("most_kept", "jobs", |run| Some(run.costs.most_kept as f64)),
    ("memory", "places", |run| Some(run.costs.most_room as f64)),
    ("most_to_keep", "comparisons", |run| Some(run.costs.most_to_keep as f64)),
    ("most_to_take", "comparisons", |run| Some(run.costs.most_to_take as f64)),
];

fn each(run: &Statistics, operations: u64) -> Option<f64> {
    ratio(operations as f64, run.counts.fired as f64)
}

/// What variant `at` came to in these runs, of which the first is the one with a course.
pub(super) fn of(scenario: &Delayed, at: usize, runs: &[Statistics]) -> VariantReport {
    let variant = &scenario.variants[at];
    let text = table::text(variant);
    let mut report = VariantReport::new(table::name(variant), text);
    for (name, unit, figure) in FIGURES {
        let within_run = || runs[0].lateness.interval(LEVEL).filter(|_| *name == "mean_lateness");
        figures::add(&mut report, name, unit, runs.iter().filter_map(figure), within_run);
    }
    let most_kept = runs.iter().map(|run| run.costs.most_kept).max().unwrap_or(0);
    report.theory = Some(closed_form::of(scenario, variant, most_kept));
    if let Some(course) = runs.first().and_then(|run| run.course()) {
        report.series = series(course, runs[0].now());
    }
    report
}

/// The course of a run, a point a window at the window's end.
fn series(course: &OverTime<Passage>, last: Time) -> Vec<Series> {
    let line = |name: &str, unit: &str, of: &dyn Fn(&Passage, f64) -> Option<f64>| {
        figures::line(name, unit, figures::windows(course, last), of)
    };
    vec![
        line("waiting", "jobs", &|window, length| Some(window.waiting / length)),
        line("fired_rate", "jobs/s", &|window, length| Some(window.fired as f64 / length)),
        line("lateness_p50", "s", &|window, _| quantile(&window.lateness, 0.5)),
        line("lateness_max", "s", &|window, _| quantile(&window.lateness, 1.0)),
        line("operations", "operations/s", &|window, length| Some(window.operations as f64 / length)),
        line("empty_looks", "looks/s", &|window, length| Some(window.empty as f64 / length)),
        line("done_rate", "jobs/s", &|window, length| Some(window.done as f64 / length)),
        line("work_in_progress", "workers", &|window, length| Some(window.busy / length)),
        line("wrong", "jobs", &|window, _| Some(window.wrong as f64)),
    ]
}
