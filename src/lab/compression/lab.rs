//! The lab at one moment: caches side by side, in step, and why two of them part.

use super::{Compression, outcome, words};
use crate::catalogue::{Figure, Rule};
use crate::compression::{Change, CompressedCache, Happened, Size};
use crate::lab::moment::{self, Because, Difference, Lost, Moment, Part};
use crate::lab::scene::{Badge, Gauge, Lane, Scene, Shape, Slot, State};
use crate::lab::{Lab, table, words as lab_words};
use std::rc::Rc;

/// Caches with codecs, in front of the same requests.
#[derive(Clone)]
pub struct CompressionLab {
    requests: Rc<[u32]>,
    sides: Vec<Side>,
    position: usize,
}

/// One of the caches that stand side by side.
#[derive(Clone)]
struct Side {
    name: String,
    cache: CompressedCache,
    /// At which request each value left, counted from 1, and why.
    left: Vec<Option<Departure>>,
    /// What the last step did; empty after a silent one.
    last: Vec<Happened>,
    outcome: u8,
}

type Departure = (u64, &'static Rule, Figure);

/// So many values are listed of a cache.
const LISTED: usize = 40;

impl CompressionLab {
    /// Empty caches.
    pub fn new(scenario: &Compression) -> Self {
        let side = |(variant, cache)| Side {
            name: table::name(variant),
            cache,
            left: vec![None; scenario.keys as usize],
            last: Vec::new(),
            outcome: 0,
        };
        let sides = scenario.variants.iter().zip(scenario.caches()).map(side).collect();
        CompressionLab { requests: scenario.asked_for(), sides, position: 0 }
    }

    /// Why some caches had the value of `key` and others had not, as of before this step.
    fn difference(&self, key: u32, before: &[Option<Departure>]) -> Option<Difference> {
        let hit = |side: &&Side| side.outcome == 0;
        let kept: Vec<String> = self.sides.iter().filter(hit).map(|side| side.name.clone()).collect();
        if kept.is_empty() || kept.len() == self.sides.len() {
            return None;
        }
        let lost = self.sides.iter().zip(before).filter(|(side, _)| !hit(side)).map(|(side, left)| Lost {
            variant: side.name.clone(),
            departure: left.map(|(at, rule, figure)| (at, moment::reason(rule, said(figure).as_deref()))),
        });
        Some(Difference::Kept { object: words::name(key), kept, lost: lost.collect() })
    }

    fn panel(&self, side: &Side) -> Vec<Shape> {
        let cache = &side.cache;
        let asked = self.position.checked_sub(1).map(|at| self.requests[at]);
        let listed = cache.entries().take(LISTED).map(|(key, size)| {
            let state = match (asked == Some(key) && !side.last.is_empty(), side.outcome) {
                (true, 0) => State::Found,
                (true, _) => State::New,
                _ => State::Still,
            };
            entry(key, size, state)
        });
        let skipped = cache.len().saturating_sub(LISTED) as u64;
        let skipped = (skipped > 0).then_some(Slot::Skipped(skipped));
        let gone = side.last.iter().filter(|happened| happened.change == Change::Leaves);
        let gone = gone.map(|happened| entry(happened.key, cache.size(happened.key), State::Gone));
        vec![
            Shape::Gauge(Gauge {
                name: "room".to_owned(),
                value: cache.kept() as f64 / 1e3,
                most: cache.room() as f64 / 1e3,
                unit: "kB",
            }),
            Shape::Lane(Lane {
                name: "values, with their bytes".to_owned(),
                ghost: false,
                room: None,
                length: cache.len() as u64,
                ends: ("asked for last".to_owned(), "leaves next".to_owned()),
                slots: listed.chain(skipped).chain(gone).collect(),
                crowd: false,
                queue: false,
            }),
            Shape::Note(format!(
                "{} bytes are kept in {}: {} are saved.",
                lab_words::count(cache.original()),
                lab_words::count(cache.kept()),
                lab_words::count(cache.original() - cache.kept())
            )),
        ]
    }
}

fn entry(key: u32, size: Size, state: State) -> Slot {
    let (identity, label) = (u64::from(key), (key + 1).to_string());
    Slot::Entry { identity, label, badge: Badge::Count(size.kept), pointer: None, state }
}

fn said(figure: Figure) -> Option<String> {
    (figure != Figure::None).then(|| figure.to_string())
}

impl Side {
    /// Serves the request number `at`, for `key`, and remembers what had to leave.
    fn serve(&mut self, key: u32, at: u64, mut listen: impl FnMut(Happened)) -> u8 {
        let left = &mut self.left;
        outcome(self.cache.serve(key, &mut |happened| {
            if happened.change == Change::Leaves {
                left[happened.key as usize] = Some((at, happened.rule, happened.figure));
            }
            listen(happened);
        }))
    }

    fn part(&self) -> Part {
        let because = self.last.iter().map(|happened| Because {
            subject: words::name(happened.key),
            change: moment::Change::Compression(happened.change),
            rule: happened.rule,
            figure: said(happened.figure),
        });
        Part { variant: self.name.clone(), outcome: self.outcome, because: because.collect() }
    }
}

impl Lab for CompressionLab {
    fn position(&self) -> u64 {
        self.position as u64
    }

    fn length(&self) -> u64 {
        self.requests.len() as u64
    }

    fn advance(&mut self, steps: u64) {
        let left = (self.requests.len() - self.position) as u64;
        let end = self.position + steps.min(left) as usize;
        for side in &mut self.sides {
            side.last.clear();
            for at in self.position..end {
                side.serve(self.requests[at], at as u64 + 1, |_| ());
            }
        }
        self.position = end;
    }

    fn step(&mut self) -> Option<Moment> {
        let key = *self.requests.get(self.position)?;
        self.position += 1;
        let before: Vec<_> = self.sides.iter().map(|side| side.left[key as usize]).collect();
        for side in &mut self.sides {
            let mut last = std::mem::take(&mut side.last);
            last.clear();
            side.outcome = side.serve(key, self.position as u64, |happened| last.push(happened));
            side.last = last;
        }
        Some(Moment {
            step: self.position as u64,
            subject: words::name(key),
            parts: self.sides.iter().map(Side::part).collect(),
            difference: self.difference(key, &before),
        })
    }

    fn scene(&self) -> Scene {
        Scene { actions: Vec::new(), panels: self.sides.iter().map(|side| self.panel(side)).collect() }
    }

    fn weight(&self) -> usize {
        const BYTES_A_KEY: usize = 64;
        self.sides.iter().map(|side| side.left.len() * BYTES_A_KEY).sum()
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        Box::new(self.clone())
    }
}
