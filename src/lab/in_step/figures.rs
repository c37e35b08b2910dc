//! The figures and the course of several runs, as a report shows them.

use crate::kernel::Time;
use crate::kernel::statistics::{Interval, MeanVariance, OverTime, Percentiles, Window};
use crate::lab::{Series, VariantReport};

/// How sure an interval is.
pub const LEVEL: f64 = 0.95;

/// A figure: its name, its unit, and how it is taken from one run of a scenario.
pub type Figure<S, R> = (&'static str, &'static str, fn(&S, &R) -> Option<f64>);

/// A line over the run: its name, its unit, and how it is taken from a window of so many seconds.
pub type Line<W> = (&'static str, &'static str, fn(&W, f64) -> Option<f64>);

/// Takes the figures of one run.
pub fn taken<S, R>(figures: &[Figure<S, R>], scenario: &S, run: &R) -> Vec<Option<f64>> {
    figures.iter().map(|(.., figure)| figure(scenario, run)).collect()
}

/// Adds the figures of several runs to a report, as [`add`] does each.
pub fn add_all<S, R>(
    report: &mut VariantReport,
    figures: &[Figure<S, R>],
    runs: &[&[Option<f64>]],
    within: impl Fn(&str) -> Option<Interval>,
) {
    for (column, (name, unit, _)) in figures.iter().enumerate() {
        add(report, name, unit, runs.iter().filter_map(|run| run[column]), || within(name));
    }
}

/// Adds a figure of several runs to a report, if it has a value in any: its mean, and, of several values,
/// where the true one probably lies. Of a single value `within` says it, where that is known.
pub fn add(
    report: &mut VariantReport,
    name: &str,
    unit: &str,
    values: impl Iterator<Item = f64>,
    within: impl FnOnce() -> Option<Interval>,
) {
    let mut over = MeanVariance::new();
    values.for_each(|value| over.push(value));
    let Some(value) = over.mean() else { return };
    match if over.count() > 1 { over.interval(LEVEL) } else { within() } {
        Some(interval) => report.add_sampled(name, unit, value, interval),
        None => report.add(name, unit, value),
    }
}

/// The windows of a run that ended at `last`, each with its end and its length in seconds; the last one
/// ends with the run.
pub fn windows<W: Window>(course: &OverTime<W>, last: Time) -> impl Iterator<Item = (f64, f64, &W)> {
    let width = course.width().seconds();
    course.iter().map(move |(end, window)| {
        let cut = end.since(last).seconds();
        (end.min(last).seconds(), (width - cut).max(width * 1e-9), window)
    })
}

/// The same, joined until enough has happened in each, as `events` counts, so that a line is not made of
/// chance.
pub fn joined_windows<W: Window>(
    course: &OverTime<W>,
    last: Time,
    events: fn(&W) -> u64,
) -> Vec<(f64, f64, W)> {
    const POINTS: u64 = 60;
    let enough = course.iter().map(|(_, window)| events(window)).sum::<u64>().div_ceil(POINTS).max(1);
    let mut joined: Vec<(f64, f64, W)> = Vec::new();
    let mut full = true;
    for (end, length, window) in windows(course, last) {
        match joined.last_mut().filter(|_| !full) {
            None => joined.push((end, length, window.clone())),
            Some(before) => {
                (before.0, before.1) = (end, before.1 + length);
                before.2.join(window.clone());
            }
        }
        full = joined.last().is_some_and(|(.., window)| events(window) >= enough);
    }
    joined
}

/// A line over the run, a point a window at its end; where `of` says nothing there is none.
pub fn line<'a, W: 'a>(
    name: &str,
    unit: &str,
    windows: impl Iterator<Item = (f64, f64, &'a W)>,
    of: impl Fn(&W, f64) -> Option<f64>,
) -> Series {
    Series {
        name: name.to_owned(),
        unit: unit.to_owned(),
        over: "s".to_owned(),
        points: windows.filter_map(|(end, length, window)| Some((end, of(window, length)?))).collect(),
    }
}

/// A part of a whole, unless there is none.
pub fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The value below which the share `q` of all lie, of nanoseconds, in seconds.
pub fn quantile(of: &Percentiles, q: f64) -> Option<f64> {
    of.quantile(q).map(|nanos| Time::from_nanos(nanos).seconds())
}
