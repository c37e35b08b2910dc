//! A whole run of the eviction lab, and what it comes to.
//!
//! The run keeps two bits a request and variant; every figure and every series is counted from
//! those afterwards.

use super::{Eviction, Variant};
use crate::cache::{Cache, Mark};
use crate::kernel::statistics::BatchMeans;
use crate::lab::report::{Report, Series, VariantReport, digest};
use crate::lab::{Marks, Run, Workload, Written};
use crate::theory::che;
use crate::trace::{Key, Trace};

/// How many requests go to one cache before it is the next one's turn.
const SLICE: usize = 4096;
/// The outcomes that are misses, one bit each.
const MISSES: u8 = 1 << Mark::Miss as u8 | 1 << Mark::Evicted as u8;
/// About how many points a series has.
const POINTS: u64 = 240;
/// No window of the windowed hit ratio is shorter than this.
const SHORTEST_WINDOW: u64 = 10;
/// Into how many batches the warm half of a run is cut for its confidence interval.
const BATCHES: u64 = 20;
/// Below so many requests a run is too short for a confidence interval.
const FEWEST_SAMPLED: u64 = 2_000;

/// A run under way. Its unit of work is one request to one cache.
pub struct EvictionRun {
    scenario: Eviction,
    requests: std::rc::Rc<[Key]>,
    caches: Vec<Box<dyn Cache>>,
    marks: Vec<Marks>,
    done: usize,
}

impl EvictionRun {
    /// A run at its start.
    pub fn new(scenario: &Eviction, trace: &Trace) -> Self {
        let requests = trace.requests.clone();
        let room = requests.len() as u64;
        EvictionRun {
            caches: scenario.variants.iter().map(|variant| scenario.build(variant, trace)).collect(),
            marks: scenario.variants.iter().map(|_| Marks::with_room(room)).collect(),
            scenario: scenario.clone(),
            requests,
            done: 0,
        }
    }

    /// Takes one slice, but not beyond the request at `end`.
    fn slice(&mut self, end: usize) {
        let end = end.min(self.done + SLICE);
        let mut outcomes = [Mark::Hit; SLICE];
        let outcomes = &mut outcomes[..end - self.done];
        for (cache, marks) in self.caches.iter_mut().zip(&mut self.marks) {
            cache.mark(&self.requests[self.done..end], outcomes);
            outcomes.iter().for_each(|mark| marks.push(*mark as u8));
        }
        self.done = end;
    }

    fn variant(&self, variant: &Variant, marks: &Marks) -> VariantReport {
        let requests = marks.len();
        let misses = marks.count(0..requests, MISSES);
        let mut report = VariantReport::new(variant.name(), variant.to_string());
        report.add("requests", "requests", requests as f64);
        report.add("hits", "requests", (requests - misses) as f64);
        report.add("misses", "requests", misses as f64);
        report.add("evictions", "requests", marks.count(0..requests, 1 << Mark::Evicted as u8) as f64);
        report.add("hit_ratio", "1", hit_ratio(marks, 0..requests));
        self.add_steady_state(&mut report, variant, marks);
        report.series = vec![running(marks), windowed(marks)];
        report
    }

    /// The hit ratio of the second half, when the cache is warm: with an interval where the
    /// requests are a random sample, and beside it the closed form where there is one.
    fn add_steady_state(&self, report: &mut VariantReport, variant: &Variant, marks: &Marks) {
        let requests = marks.len();
        if requests < FEWEST_SAMPLED || !matches!(self.scenario.workload, Workload::Stream(_)) {
            return;
        }
        let batch = requests / 2 / BATCHES;
        let start = requests - BATCHES * batch;
        let mut batches = BatchMeans::new(batch);
        for at in start..requests {
            batches.push(f64::from(u8::from(marks.get(at) == Some(Mark::Hit as u8))));
        }
        if let Some(interval) = batches.interval(0.95) {
            report.add_sampled("warm_hit_ratio", "1", hit_ratio(marks, start..requests), interval);
        }
        if let Some(expected) = self.expected(variant) {
            report.add("expected_hit_ratio", "1", expected);
        }
    }

    /// Che's approximation of the steady hit ratio, for the policies and streams that it covers.
    fn expected(&self, variant: &Variant) -> Option<f64> {
        let Workload::Stream(stream) = &self.scenario.workload else { return None };
        let capacity = variant.capacity.unwrap_or(self.scenario.capacity) as usize;
        match variant.policy.about.id {
            "lru" => Some(che::lru(&stream.popularity()?, capacity)?.hit_ratio),
            "fifo" | "random" => Some(che::fifo(&stream.popularity()?, capacity)?.hit_ratio),
            _ => None,
        }
    }
}

impl Run for EvictionRun {
    fn progress(&self) -> (u64, u64) {
        let caches = self.caches.len() as u64;
        (self.requests.len() as u64 * caches, self.done as u64 * caches)
    }

    fn advance(&mut self, work: u64) {
        let each = (work / self.caches.len() as u64).max(1);
        let end = (self.done as u64).saturating_add(each).min(self.requests.len() as u64) as usize;
        while self.done < end {
            self.slice(end);
        }
    }

    fn finish(&self) -> (Report, Vec<Marks>) {
        let variants = self
            .scenario
            .variants
            .iter()
            .zip(&self.marks)
            .map(|(variant, marks)| self.variant(variant, marks));
        let report = Report {
            lab: "eviction".to_owned(),
            scenario: self.scenario.query().to_string(),
            steps: self.done as u64,
            seconds: None,
            runs: 1,
            variants: variants.collect(),
            digest: digest(&self.marks),
        };
        (report, self.marks.clone())
    }
}

fn hit_ratio(marks: &Marks, range: std::ops::Range<u64>) -> f64 {
    let requests = range.end - range.start;
    if requests == 0 { 0.0 } else { 1.0 - marks.count(range, MISSES) as f64 / requests as f64 }
}

/// The hit ratio from the start up to each of about [`POINTS`] requests.
fn running(marks: &Marks) -> Series {
    let spacing = marks.len().div_ceil(POINTS).max(1);
    let mut misses = 0;
    let points = windows(marks.len(), spacing).map(|window| {
        let end = window.end;
        misses += marks.count(window, MISSES);
        (end as f64, 1.0 - misses as f64 / end as f64)
    });
    Series {
        name: "running_hit_ratio".to_owned(),
        unit: "1".to_owned(),
        over: "requests".to_owned(),
        points: points.collect(),
    }
}

/// The hit ratio of each window, at the window's end. A last window that is cut short is left out.
fn windowed(marks: &Marks) -> Series {
    let width = window(marks.len());
    let whole = windows(marks.len(), width).filter(|window| window.end - window.start == width);
    let points = whole.map(|window| (window.end as f64, hit_ratio(marks, window)));
    Series {
        name: "windowed_hit_ratio".to_owned(),
        unit: "1".to_owned(),
        over: "requests".to_owned(),
        points: points.collect(),
    }
}

/// How many requests a window of a run of so many requests has.
fn window(requests: u64) -> u64 {
    requests.div_ceil(POINTS / 2).max(SHORTEST_WINDOW)
}

fn windows(requests: u64, width: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..requests).step_by(width as usize).map(move |start| start..(start + width).min(requests))
}
