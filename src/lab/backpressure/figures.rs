//! What one variant's runs come to: its figures, where the true values probably lie, its course, and the
//! closed form beside it.

use super::{Backpressure, closed_form};
use crate::kernel::Time;
use crate::kernel::statistics::OverTime;
use crate::lab::in_step::figures::{self, LEVEL, quantile, ratio};
use crate::lab::table;
use crate::lab::{Series, VariantReport};
use crate::pressure::{End, Passage, Statistics};

/// A figure: its name, its unit, and how it is taken from one run.
type Figure = (&'static str, &'static str, fn(&Backpressure, &Statistics) -> Option<f64>);

/// The figures in the order in which they are shown.
const FIGURES: &[Figure] = &[
    ("requests", "requests", |_, run| Some(run.counts.asked as f64)),
    ("attempts", "tries", |_, run| Some(run.counts.attempts as f64)),
    ("answered", "requests", |_, run| Some(run.counts.answered as f64)),
    ("given_up", "requests", |_, run| Some(run.counts.given_up as f64)),
    ("still_open", "requests", |_, run| Some(run.levels.open as f64)),
    ("goodput", "requests/s", |_, run| a_second(run, run.counts.answered)),
    ("throughput", "requests/s", |_, run| a_second(run, run.counts.answered + run.counts.in_vain)),
    ("offered", "requests/s", |_, run| a_second(run, run.counts.attempts)),
    ("goodput_ratio", "1", |_, run| ratio(run.counts.answered as f64, run.counts.asked as f64)),
    ("lost_ratio", "1", |_, run| ratio(run.counts.given_up as f64, run.counts.asked as f64)),
    ("mean_latency", "s", |_, run| ratio(run.latency_sum, run.counts.answered as f64)),
    ("latency_p50", "s", |_, run| quantile(&run.spread, 0.5)),
    ("latency_p95", "s", |_, run| quantile(&run.spread, 0.95)),
    ("latency_p99", "s", |_, run| quantile(&run.spread, 0.99)),
    ("latency_max", "s", |_, run| quantile(&run.spread, 1.0)),
    ("recovery_time", "s", |_, run| run.recovery().map(|(span, _)| span.seconds())),
    ("recovered", "1", |_, run| run.recovery().map(|(_, recovered)| f64::from(u8::from(recovered)))),
    ("retries", "tries", |_, run| Some((run.counts.attempts - run.counts.asked) as f64)),
    ("amplification", "tries/request", |_, run| ratio(run.counts.attempts as f64, run.counts.asked as f64)),
    ("timed_out", "tries", |_, run| Some(run.counts.timed_out as f64)),
    ("in_vain", "tries", |_, run| Some(run.counts.in_vain as f64)),
    ("wasted_ratio", "1", |_, run| ratio(run.work.1, run.work.0 + run.work.1)),
    ("refused", "tries", |_, run| Some(run.counts.ended(End::Refused) as f64)),
    ("dropped", "tries", |_, run| Some(run.counts.ended(End::Dropped) as f64)),
    ("shed", "tries", |_, run| Some(run.counts.ended(End::Shed) as f64)),
    ("expired", "tries", |_, run| Some(run.counts.ended(End::Expired) as f64)),
    ("lost", "tries", |_, run| Some(run.counts.ended(End::Lost) as f64)),
    ("left", "tries", |_, run| Some(run.counts.ended(End::Left) as f64)),
    ("still_there", "tries", |_, run| Some((run.levels.held + run.levels.outside) as f64)),
    ("kills", "times", |_, run| Some(run.counts.downs as f64)),
    ("mean_in_system", "tries", |_, run| over_time(run, run.sums.held + run.sums.outside)),
    ("mean_held", "tries", |_, run| over_time(run, run.sums.held)),
    ("most_held", "tries", |_, run| Some(run.most_held as f64)),
    ("most_memory", "bytes", |scenario, run| Some(run.most_held as f64 * f64::from(scenario.size))),
    ("mean_blocked", "tries", |_, run| over_time(run, run.sums.at_door)),
    ("blocked_time", "s", |_, run| ratio(run.sums.at_door, run.counts.attempts as f64)),
    ("utilisation", "1", |_, run| ratio(run.sums.working, run.sums.workers)),
    ("mean_workers", "workers", |_, run| over_time(run, run.sums.workers)),
    ("cost", "worker-seconds", |_, run| Some(run.sums.workers)),
    ("first_class", "1", |scenario, run| class(scenario, run, 0)),
    ("last_class", "1", |scenario, run| class(scenario, run, scenario.classes.len() - 1)),
    ("fairness", "1", fairness),
    ("smallest_tenant", "1", smallest_tenant),
];

fn a_second(run: &Statistics, number: u64) -> Option<f64> {
    ratio(number as f64, run.now().seconds())
}

fn over_time(run: &Statistics, sum: f64) -> Option<f64> {
    ratio(sum, run.now().seconds())
}

/// Which share of the requests of class `at` was answered; `None` with a single class.
fn class(scenario: &Backpressure, run: &Statistics, at: usize) -> Option<f64> {
    let (asked, answered) = run.classes[at];
    ratio(answered as f64, asked as f64).filter(|_| scenario.classes.len() > 1)
}

/// The index of Jain, Chiu and Hawe ("A Quantitative Measure of Fairness", DEC TR-301, 1984) over what
/// each tenant got, each divided by its max-min fair share of what all got together: 1 if nobody got
/// more than that at the expense of others. `None` with a single tenant.
fn fairness(scenario: &Backpressure, run: &Statistics) -> Option<f64> {
    let tenants = &run.tenants[..scenario.tenants.len()];
    let fair = fair_shares(tenants);
    let of_share = |((_, answered), fair): (&(u64, u64), f64)| ratio(*answered as f64, fair);
    let got: Vec<f64> = tenants.iter().zip(fair).filter_map(of_share).collect();
    let (sum, squares) = got.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    ratio(sum * sum, got.len() as f64 * squares).filter(|_| tenants.len() > 1)
}

/// What each tenant would get of what all got together, if none got more than it asked for and what one
/// leaves went to the others in equal parts.
fn fair_shares(tenants: &[(u64, u64)]) -> Vec<f64> {
    let mut left: f64 = tenants.iter().map(|(_, answered)| *answered as f64).sum();
    let mut order: Vec<usize> = (0..tenants.len()).collect();
    order.sort_by_key(|at| tenants[*at].0);
    let mut shares = vec![0.0; tenants.len()];
    for (served, at) in order.iter().enumerate() {
        let equal = left / (tenants.len() - served) as f64;
        shares[*at] = equal.min(tenants[*at].0 as f64);
        left -= shares[*at];
    }
    shares
}

/// Which share of the requests was answered of the tenant that asked for least; `None` with a single
/// tenant.
fn smallest_tenant(scenario: &Backpressure, run: &Statistics) -> Option<f64> {
    let tenants = &run.tenants[..scenario.tenants.len()];
    let (asked, answered) = tenants.iter().min_by_key(|(asked, _)| *asked)?;
    ratio(*answered as f64, *asked as f64).filter(|_| tenants.len() > 1)
}

/// What is kept of a run: its figures in the order of [`FIGURES`], and of the first run all of it.
pub(super) type Kept = (Vec<Option<f64>>, Option<Box<Statistics>>);

/// Takes the figures of run number `run`.
pub(super) fn keep(scenario: &Backpressure, run: u32, statistics: &Statistics) -> Kept {
    let figures = FIGURES.iter().map(|(.., figure)| figure(scenario, statistics)).collect();
    (figures, (run == 0).then(|| Box::new(statistics.clone())))
}

/// What variant `at` came to in these runs, of which the first is the one with a course.
pub(super) fn of(scenario: &Backpressure, at: usize, runs: &[Kept]) -> VariantReport {
    let variant = &scenario.variants[at];
    let mut report = VariantReport::new(table::name(variant), table::text(variant));
    let first = runs.first().and_then(|(_, first)| first.as_deref());
    for (column, (name, unit, _)) in FIGURES.iter().enumerate() {
        let within_run = || first?.latency.interval(LEVEL).filter(|_| *name == "mean_latency");
        let values = runs.iter().filter_map(|(values, _)| values[column]);
        figures::add(&mut report, name, unit, values, within_run);
    }
    report.theory = Some(closed_form::of(scenario, variant));
    if let Some((first, course)) = first.and_then(|first| Some((first, first.course()?))) {
        report.series = series(scenario, course, first.now());
    }
    report
}

/// The course of a run, a point a window at the window's end.
fn series(scenario: &Backpressure, course: &OverTime<Passage>, last: Time) -> Vec<Series> {
    let size = f64::from(scenario.size);
    let line = |name: &str, unit: &str, of: &dyn Fn(&Passage, f64) -> Option<f64>| {
        figures::line(name, unit, figures::windows(course, last), of)
    };
    vec![
        line("offered", "requests/s", &|window, length| Some(window.offered as f64 / length)),
        line("goodput", "requests/s", &|window, length| Some(window.answered as f64 / length)),
        line("throughput", "requests/s", &|window, length| Some(window.done as f64 / length)),
        line("backlog", "requests", &|window, length| {
            Some((window.sums.held + window.sums.outside) / length)
        }),
        line("latency_p50", "s", &|window, _| quantile(&window.latency, 0.5)),
        line("latency_p95", "s", &|window, _| quantile(&window.latency, 0.95)),
        line("loss_rate", "requests/s", &|window, length| Some(window.ended as f64 / length)),
        line("workers", "workers", &|window, length| Some(window.sums.workers / length)),
        line("memory", "bytes", &|window, length| Some(window.sums.held * size / length)),
        line("blocked", "requests", &|window, length| Some(window.sums.at_door / length)),
        line("open", "requests", &|window, length| Some(window.sums.open / length)),
    ]
}
