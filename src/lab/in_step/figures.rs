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

/// Adds the figures of several runs to a report: their means, and, of several runs, where the true
/// value probably lies. Of a single run `within` says it, where that is known.
pub fn add<S, R>(
    report: &mut VariantReport,
    figures: &[Figure<S, R>],
    runs: &[&[Option<f64>]],
    within: impl Fn(&str) -> Option<Interval>,
) {
    for (column, (name, unit, _)) in figures.iter().enumerate() {
        let mut over = MeanVariance::new();
        runs.iter().filter_map(|run| run[column]).for_each(|value| over.push(value));
        let Some(value) = over.mean() else { continue };
        match if over.count() > 1 { over.interval(LEVEL) } else { within(name) } {
            Some(interval) => report.add_sampled(name, unit, value, interval),
            None => report.add(name, unit, value),
        }
    }
}

/// The course of a run that ended at `last`, a point a window at the window’s end. Windows are joined until
/// enough has happened in them, as `events` counts, so that a line is not made of chance.
pub fn series<W: Window>(
    lines: &[Line<W>],
    course: &OverTime<W>,
    last: Time,
    events: fn(&W) -> u64,
) -> Vec<Series> {
    const POINTS: u64 = 60;
    let enough = course.iter().map(|(_, window)| events(window)).sum::<u64>().div_ceil(POINTS).max(1);
    let mut windows: Vec<(f64, f64, W)> = Vec::new();
    let mut open: Option<W> = None;
    let mut from = Time::ZERO;
    for (end, window) in course.iter() {
        let joined = match open.take() {
            None => window.clone(),
            Some(mut before) => {
                before.join(window.clone());
                before
            }
        };
        let end = end.min(last);
        if events(&joined) < enough && end < last {
            open = Some(joined);
            continue;
        }
        windows.push((end.seconds(), end.since(from).seconds().max(1e-12), joined));
        from = end;
    }
    let line = |(name, unit, of): &Line<W>| Series {
        name: (*name).to_owned(),
        unit: (*unit).to_owned(),
        over: "s".to_owned(),
        points: windows
            .iter()
            .filter_map(|(end, length, window)| Some((*end, of(window, *length)?)))
            .collect(),
    };
    lines.iter().map(line).collect()
}

/// A part of a whole, unless there is none.
pub fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The value below which the share `q` of all lie, of nanoseconds, in seconds.
pub fn quantile(of: &Percentiles, q: f64) -> Option<f64> {
    of.quantile(q).map(|nanos| Time::from_nanos(nanos).seconds())
}
