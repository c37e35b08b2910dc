//! A drawn rate curve: requests at random, at a rate that changes along straight lines.
//!
//! A nonhomogeneous Poisson process by inversion (Cinlar, "Introduction to Stochastic Processes",
//! 1975; Law, "Simulation Modeling and Analysis", section 8.6): between two arrivals the area under
//! the curve grows by an exponential of mean 1. Exact: nothing is thinned out and no step is taken
//! in time. Before its first point and after its last the curve goes on level.

use crate::kernel::distribution::exponential;
use crate::kernel::{Random, Time};

/// A curve and how far along it the last arrival was.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curve {
    lines: Vec<Line>,
    /// The line that the last arrival was on.
    at: usize,
    /// The area, in requests, under that line up to the last arrival.
    used: f64,
    last: Time,
}

/// One straight line; times in seconds, rates in requests a second.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    start: f64,
    rate: f64,
    slope: f64,
    /// The area under the line, in requests; infinite under the last.
    area: f64,
}

impl Curve {
    /// The curve through `points` of (seconds, requests a second), at its start.
    pub(super) fn new(points: &[(f64, f64)]) -> Self {
        let before = points.first().map(|(start, rate)| Line::between((0.0, *rate), (*start, *rate)));
        let between = points.windows(2).map(|pair| Line::between(pair[0], pair[1]));
        let after = points.last().map(|(end, rate)| Line::level(*end, *rate));
        Curve {
            lines: before.into_iter().chain(between).chain(after).collect(),
            at: 0,
            used: 0.0,
            last: Time::ZERO,
        }
    }

    /// The next arrival; `None` once the curve has gone down to zero for good.
    pub(super) fn next(&mut self, random: &mut Random) -> Option<Time> {
        self.used += exponential(1.0, random);
        while self.used >= self.lines.get(self.at)?.area {
            self.used -= self.lines[self.at].area;
            self.at += 1;
        }
        let line = self.lines.get(self.at)?;
        let at = Time::from_seconds(line.start + line.seconds_to(self.used));
        // Rounding may carry an arrival past the end of its line, and the next must not go back.
        self.last = self.last.max(at);
        Some(self.last)
    }
}

impl Line {
    fn between(from: (f64, f64), to: (f64, f64)) -> Self {
        let seconds = to.0 - from.0;
        let slope = if seconds > 0.0 { (to.1 - from.1) / seconds } else { 0.0 };
        Line { start: from.0, rate: from.1, slope, area: f64::midpoint(from.1, to.1) * seconds }
    }

    /// A line without end. Under a rate of zero it has no area.
    fn level(start: f64, rate: f64) -> Self {
        Line { start, rate, slope: 0.0, area: if rate > 0.0 { f64::INFINITY } else { 0.0 } }
    }

    /// How long it takes until the area under the line is `area`: the root of
    /// rate · x + slope · x² / 2 = area, in the form that loses no digits when the slope is small.
    fn seconds_to(&self, area: f64) -> f64 {
        let root = (self.rate * self.rate + 2.0 * self.slope * area).max(0.0).sqrt();
        if area > 0.0 { 2.0 * area / (self.rate + root) } else { 0.0 }
    }
}
