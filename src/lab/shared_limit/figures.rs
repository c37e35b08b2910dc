//! What one variant's runs come to: its figures, where the true values probably lie, its course, and
//! what theory expects.

use super::{SharedLimit, closed_form};
use crate::kernel::Time;
use crate::kernel::statistics::OverTime;
use crate::lab::in_step::figures::{self, LEVEL, quantile, ratio};
use crate::lab::table;
use crate::lab::{Series, VariantReport};
use crate::limit::shared::{Course, Statistics};

/// A figure: its name, its unit, and how it is taken from one run with this limit.
type Figure = (&'static str, &'static str, fn(&Statistics, f64) -> Option<f64>);

/// The figures in the order in which they are shown.
const FIGURES: &[Figure] = &[
    ("offered", "requests", |run, _| Some(run.counts.offered as f64)),
    ("admitted", "requests", |run, _| Some(run.counts.admitted as f64)),
    ("refused", "requests", |run, _| Some(run.counts.refused as f64)),
    ("failed", "requests", |run, _| Some(run.counts.failed as f64)),
    ("fullest_window", "requests", |run, _| Some(run.windows.fullest as f64)),
    ("fullest_any", "requests", |run, _| Some(run.most_in_any() as f64)),
    ("over_limit", "1", |run, limit| Some((run.windows.fullest as f64 / limit - 1.0).max(0.0))),
    ("over_limit_any", "1", |run, limit| Some((run.most_in_any() as f64 / limit - 1.0).max(0.0))),
    ("over", "requests", |run, _| Some(run.counts.over as f64)),
    ("mean_over", "requests/window", |run, _| each(run, run.windows.over_in_complete)),
    ("mean_admitted", "requests/window", |run, _| each(run, run.windows.admitted)),
    ("refused_early", "requests", |run, _| Some(run.counts.early as f64)),
    ("unused", "requests", |run, _| Some(run.windows.unused as f64)),
    ("mean_delay", "s", |run, _| ratio(run.delays, (run.counts.admitted + run.counts.refused) as f64)),
    ("delay_p50", "s", |run, _| quantile(&run.spread, 0.5)),
    ("delay_p95", "s", |run, _| quantile(&run.spread, 0.95)),
    ("delay_p99", "s", |run, _| quantile(&run.spread, 0.99)),
    ("delay_max", "s", |run, _| quantile(&run.spread, 1.0)),
    ("messages", "messages/request", |run, _| ratio(run.messages as f64, run.counts.offered as f64)),
    ("busiest_node", "1", |run, _| run.busiest()),
    ("gave_up", "exchanges", |run, _| Some(run.counts.gave_up as f64)),
    ("lost", "messages", |run, _| Some(run.counts.lost as f64)),
    ("late", "answers", |run, _| Some(run.counts.late as f64)),
    ("still_there", "requests", |run, _| {
        Some((run.counts.offered - run.counts.admitted - run.counts.refused) as f64)
    }),
];

/// A number of all complete windows as a mean of them.
fn each(run: &Statistics, number: u64) -> Option<f64> {
    ratio(number as f64, run.windows.complete as f64)
}

/// What variant `at` came to in these runs, of which the first is the one with a course.
pub(super) fn of(scenario: &SharedLimit, at: usize, runs: &[Statistics]) -> VariantReport {
    let variant = &scenario.variants[at];
    let mut report = VariantReport::new(table::name(variant), table::text(variant));
    for (name, unit, figure) in FIGURES {
        let within_run = || runs[0].delay.interval(LEVEL).filter(|_| *name == "mean_delay");
        let values = runs.iter().filter_map(|run| figure(run, scenario.limit as f64));
        figures::add(&mut report, name, unit, values, within_run);
    }
    report.theory = Some(closed_form::of(scenario, variant, runs));
    if let Some(course) = runs.first().and_then(|run| run.course()) {
        report.series = series(course, runs[0].now());
    }
    report
}

/// The course of a run, a point a stretch at the stretch's end.
fn series(course: &OverTime<Course>, last: Time) -> Vec<Series> {
    let line = |name: &str, unit: &str, of: &dyn Fn(&Course, f64) -> Option<f64>| {
        figures::line(name, unit, figures::windows(course, last), of)
    };
    vec![
        line("in_window", "requests", &|stretch, _| Some(stretch.fullest as f64)),
        line("over", "requests/s", &|stretch, length| Some(stretch.over as f64 / length)),
        line("refused_early", "requests/s", &|stretch, length| Some(stretch.early as f64 / length)),
        line("offered_rate", "requests/s", &|stretch, length| Some(stretch.offered as f64 / length)),
        line("admitted_rate", "requests/s", &|stretch, length| Some(stretch.admitted as f64 / length)),
        line("refused_rate", "requests/s", &|stretch, length| Some(stretch.refused as f64 / length)),
        line("delay_p50", "s", &|stretch, _| quantile(&stretch.delay, 0.5)),
        line("delay_p95", "s", &|stretch, _| quantile(&stretch.delay, 0.95)),
        line("messages", "messages/s", &|stretch, length| Some(stretch.messages as f64 / length)),
        line("gave_up", "exchanges/s", &|stretch, length| Some(stretch.gave_up as f64 / length)),
        line("busiest_node", "requests/s", &|stretch, length| {
            Some(stretch.nodes.iter().max().copied().unwrap_or(0) as f64 / length)
        }),
    ]
}
