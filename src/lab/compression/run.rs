//! A whole run of the lab of compressed values, and what it comes to.

use super::{Compression, outcome};
use crate::compression::CompressedCache;
use crate::lab::report::{Report, Series, VariantReport, digest};
use crate::lab::{Marks, Run, Written, table};
use crate::theory::che;
use std::rc::Rc;

/// About how many windows a run is cut into.
const WINDOWS: u64 = 120;
/// No window is shorter than this.
const SHORTEST: u64 = 10;
/// The outcome of a hit, one bit.
const HIT: u8 = 1;

/// A run under way. Its unit of work is one request to one cache.
pub struct CompressionRun {
    scenario: Compression,
    requests: Rc<[u32]>,
    sides: Vec<Side>,
    done: usize,
    /// How many requests a window has.
    window: u64,
}

/// One of the caches, and what was measured of it.
struct Side {
    cache: CompressedCache,
    marks: Marks,
    /// Nanoseconds of waiting, and among them of the codec.
    latency: u64,
    codec: u64,
    /// The waiting in nanoseconds by window.
    windows: Vec<u64>,
}

impl CompressionRun {
    /// A run at its start.
    pub fn new(scenario: &Compression) -> Self {
        let requests = scenario.asked_for();
        let length = requests.len() as u64;
        let side = |cache| Side {
            cache,
            marks: Marks::with_room(length),
            latency: 0,
            codec: 0,
            windows: Vec::new(),
        };
        CompressionRun {
            sides: scenario.caches().into_iter().map(side).collect(),
            scenario: scenario.clone(),
            requests,
            done: 0,
            window: length.div_ceil(WINDOWS).max(SHORTEST),
        }
    }

    fn series(&self, side: &Side) -> Vec<Series> {
        let over = |name: &str, unit: &str, points| Series {
            name: name.to_owned(),
            unit: unit.to_owned(),
            over: "requests".to_owned(),
            points,
        };
        let (mut hits, mut shares, mut means) = (0, Vec::new(), Vec::new());
        for (at, latency) in side.windows.iter().enumerate() {
            let from = at as u64 * self.window;
            let until = (from + self.window).min(self.done as u64);
            hits += side.marks.count(from..until, HIT);
            shares.push((until as f64, hits as f64 / until as f64));
            means.push((until as f64, *latency as f64 / 1e9 / (until - from) as f64));
        }
        vec![over("running_hit_ratio", "1", shares), over("windowed_latency", "s", means)]
    }

    fn variant(&self, at: usize, side: &Side) -> VariantReport {
        let variant = &self.scenario.variants[at];
        let mut report = VariantReport::new(table::name(variant), table::text(variant));
        let (requests, cache) = (self.done as f64, &side.cache);
        let hits = side.marks.count(0..self.done as u64, HIT) as f64;
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let (original, kept) = cache.sizes().fold((0.0, 0.0), |(original, kept), size| {
            (original + f64::from(size.original), kept + f64::from(size.kept))
        });
        report.add("requests", "requests", requests);
        report.add("hits", "requests", hits);
        report.add("misses", "requests", requests - hits);
        report.add("hit_ratio", "1", share(hits, requests));
        report.add("ratio", "1", share(original, kept));
        report.add("mean_latency", "s", share(side.latency as f64 / 1e9, requests));
        report.add("codec_seconds", "s", side.codec as f64 / 1e9);
        report.add("codec_share", "1", share(side.codec as f64, side.latency as f64));
        report.add("values_kept", "values", cache.len() as f64);
        report.add("bytes_kept", "bytes", cache.kept() as f64);
        report.add("bytes_saved", "bytes", (cache.original() - cache.kept()) as f64);
        let room = share(cache.room() as f64, kept / f64::from(self.scenario.keys));
        if let Some(expected) = che::lru(&self.scenario.popularity(), room as usize) {
            report.add("expected_hit_ratio", "1", expected.hit_ratio);
        }
        report.series = self.series(side);
        report
    }
}

impl Run for CompressionRun {
    fn progress(&self) -> (u64, u64) {
        let sides = self.sides.len() as u64;
        (self.requests.len() as u64 * sides, self.done as u64 * sides)
    }

    fn advance(&mut self, work: u64) {
        let each = (work / self.sides.len() as u64).max(1);
        let end = (self.done as u64).saturating_add(each).min(self.requests.len() as u64) as usize;
        for side in &mut self.sides {
            for at in self.done..end {
                let served = side.cache.serve(self.requests[at], &mut |_| ());
                side.marks.push(outcome(served));
                side.latency += served.latency.nanos();
                side.codec += served.codec.nanos();
                let window = (at as u64 / self.window) as usize;
                side.windows.resize(window + 1, 0);
                side.windows[window] += served.latency.nanos();
            }
        }
        self.done = end;
    }

    fn finish(&self) -> (Report, Vec<Marks>) {
        let marks: Vec<Marks> = self.sides.iter().map(|side| side.marks.clone()).collect();
        let variants = self.sides.iter().enumerate().map(|(at, side)| self.variant(at, side));
        let report = Report {
            lab: "compression".to_owned(),
            scenario: self.scenario.query().to_string(),
            steps: self.done as u64,
            seconds: None,
            runs: 1,
            variants: variants.collect(),
            digest: digest(&marks),
        };
        (report, marks)
    }
}
