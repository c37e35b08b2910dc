//! What one variant's runs come to: its figures over all subscribers and for each, where the true
//! values probably lie, its course, and the closed form beside it.

use super::{FanOut, closed_form};
use crate::kernel::Time;
use crate::kernel::statistics::OverTime;
use crate::lab::in_step::figures::{self, LEVEL, quantile, ratio};
use crate::lab::variant;
use crate::lab::{Series, VariantReport};
use crate::queue::fanout::{Passage, Statistics, Tally};

/// A figure of one run: its name, its unit and its value, if it has one.
type Figure = (String, &'static str, Option<f64>);

/// What variant `at` came to in these runs, of which the first is the one with a course.
pub(super) fn of(scenario: &FanOut, at: usize, runs: &[Statistics]) -> VariantReport {
    let variant = &scenario.variants[at];
    let text = variant::text(variant.about, variant.not_default());
    let mut report = VariantReport::new(FanOut::name(variant), text);
    let of_runs: Vec<Vec<Figure>> = runs.iter().map(|run| figures(scenario, run)).collect();
    for (place, (name, unit, _)) in of_runs.first().into_iter().flatten().enumerate() {
        let values = of_runs.iter().filter_map(|figures| figures.get(place)?.2).collect::<Vec<_>>();
        add(&mut report, scenario, name, unit, &values, runs);
    }
    report.theory = Some(closed_form::of(scenario, variant));
    if let Some(course) = runs.first().and_then(|run| run.course()) {
        report.series = series(scenario, course, runs[0].now());
    }
    report
}

fn figures(scenario: &FanOut, run: &Statistics) -> Vec<Figure> {
    let sum = |of: fn(&Tally) -> u64| run.tallies.iter().map(of).sum::<u64>() as f64;
    let seconds = run.now().seconds();
    let busy = run.busy.iter().sum::<u64>() as f64;
    let quantile = |q| quantile(&run.all.latencies, q);
    let means = || run.each.iter().filter_map(|each| each.mean());
    let slowest = (0..run.each.len()).map(|at| run.length(at));
    let slowest = slowest.fold((0.0_f64, 0.0_f64), |all, one| (all.0.max(one.0), all.1.max(one.1)));
    let mut all: Vec<Figure> = vec![
        ("published".to_owned(), "messages", Some(run.published as f64)),
        ("done".to_owned(), "copies", Some(sum(|tally| tally.done))),
        ("unwanted".to_owned(), "copies", Some(sum(|tally| tally.unwanted))),
        ("missed".to_owned(), "copies", Some(sum(|tally| tally.missed))),
        ("dropped".to_owned(), "copies", Some(sum(|tally| tally.dropped))),
        ("refused".to_owned(), "copies", Some(sum(|tally| tally.refused))),
        ("still_there".to_owned(), "copies", Some(sum(|tally| tally.waiting) + busy)),
        ("mean_latency".to_owned(), "s", run.all.mean()),
        ("latency_p50".to_owned(), "s", quantile(0.5)),
        ("latency_p95".to_owned(), "s", quantile(0.95)),
        ("latency_p99".to_owned(), "s", quantile(0.99)),
        ("fastest_latency".to_owned(), "s", means().min_by(f64::total_cmp)),
        ("slowest_latency".to_owned(), "s", means().max_by(f64::total_cmp)),
        ("mean_queue_length".to_owned(), "copies", Some(run.total_length().0)),
        ("longest_queue".to_owned(), "copies", Some(run.total_length().1)),
        ("mean_slowest_lag".to_owned(), "copies", Some(slowest.0)),
        ("longest_lag".to_owned(), "copies", Some(slowest.1)),
        ("publisher_wait".to_owned(), "s", Some(ratio(run.held.0, run.held.1 as f64).unwrap_or(0.0))),
        ("throughput".to_owned(), "copies/s", ratio(run.all.count as f64, seconds)),
    ];
    for (at, subscriber) in scenario.subscribers.iter().enumerate() {
        let named = |what: &str| format!("{what}_{}", subscriber.name);
        let (tally, each) = (run.tallies[at], &run.each[at]);
        all.extend([
            (named("done"), "copies", Some(tally.done as f64)),
            (named("missed"), "copies", Some(tally.missed as f64)),
            (named("dropped"), "copies", Some((tally.dropped + tally.refused) as f64)),
            (named("still_there"), "copies", Some((tally.waiting + run.busy[at]) as f64)),
            (named("mean_latency"), "s", each.mean()),
            (named("mean_queue"), "copies", Some(run.length(at).0)),
            (named("longest_queue"), "copies", Some(run.length(at).1)),
        ]);
    }
    all
}

/// Adds the mean over the runs, with an interval where one can be given: over several runs, or from
/// the batches of a single one.
fn add(
    report: &mut VariantReport,
    scenario: &FanOut,
    name: &str,
    unit: &str,
    values: &[f64],
    runs: &[Statistics],
) {
    let of_subscriber = |name: &str| {
        let at = scenario.subscribers.iter().position(|subscriber| subscriber.name == name)?;
        runs[0].each[at].batches.interval(LEVEL)
    };
    let within_run = || match name.strip_prefix("mean_latency") {
        Some("") => runs[0].all.batches.interval(LEVEL),
        Some(subscriber) => of_subscriber(subscriber.strip_prefix('_')?),
        None => None,
    };
    figures::add(report, name, unit, values.iter().copied(), within_run);
}

fn mean((sum, count): (f64, u64)) -> Option<f64> {
    ratio(sum, count as f64)
}

/// The course of a run, a point a window at the window's end.
fn series(scenario: &FanOut, course: &OverTime<Passage>, last: Time) -> Vec<Series> {
    let line = |name: &str, unit: &str, of: &dyn Fn(&Passage, f64) -> Option<f64>| {
        figures::line(name, unit, figures::windows(course, last), of)
    };
    let waiting = |window: &Passage, at: usize| window.waiting.get(at).copied().unwrap_or(0.0);
    let latency = |window: &Passage, at: usize| mean(window.latencies.get(at).copied().unwrap_or_default());
    let by_mean =
        |a: &&usize, b: &&usize| scenario.subscribers[**a].mean.total_cmp(&scenario.subscribers[**b].mean);
    let places: Vec<usize> = (0..scenario.subscribers.len()).collect();
    let fastest = places.iter().min_by(by_mean).copied().unwrap_or(0);
    let mut all = vec![
        line("queue_length", "copies", &|window, length| Some(window.waiting.iter().sum::<f64>() / length)),
        line("slowest_lag", "copies", &|window, length| {
            Some(window.waiting.iter().copied().fold(0.0, f64::max) / length)
        }),
        line("fastest_latency", "s", &|window, _| latency(window, fastest)),
        line("latency_p50", "s", &|window, _| quantile(&window.spread, 0.5)),
        line("latency_p95", "s", &|window, _| quantile(&window.spread, 0.95)),
        line("publisher_wait", "s", &|window, _| match window.published {
            0 => mean(window.held),
            _ => Some(mean(window.held).unwrap_or(0.0)),
        }),
        line("gone", "copies", &|window, _| Some(window.gone as f64)),
        line("in_rate", "messages/s", &|window, length| Some(window.published as f64 / length)),
        line("out_rate", "copies/s", &|window, length| {
            Some(window.latencies.iter().map(|(_, count)| count).sum::<u64>() as f64 / length)
        }),
    ];
    for (at, subscriber) in scenario.subscribers.iter().enumerate() {
        let name = &subscriber.name;
        all.push(line(&format!("lag_{name}"), "copies", &|window, length| {
            Some(waiting(window, at) / length)
        }));
        all.push(line(&format!("latency_{name}"), "s", &|window, _| latency(window, at)));
    }
    all
}
