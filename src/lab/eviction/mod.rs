//! The eviction lab: a full cache must give something up before it can take something in.
//!
//! Up to four caches meet the same requests, one request a step. What a policy does is told by the
//! policy itself; this file keeps them in step, names the objects, and says why two of them part.

mod presets;
mod run;
mod scenario;
mod summary;
pub(super) mod words;

pub use presets::PRESETS;
pub use run::EvictionRun;
pub use scenario::{Eviction, MOST_CAPACITY, Variant};

use super::moment::{self, Because, Difference, Lost, Moment, Part};
use super::scene::{Badge, Gauge, Lane, Scene, Shape, Slot, State};
use super::{About, Entry, Jump, Lab, Outcome, Settings, Sought, Tone, words as lab_words};
use crate::cache::{self, Anatomy, Cache, Change, Departures};
use crate::trace::{Key, Trace};

/// The lab in the list of labs.
pub const LAB: Entry = Entry {
    about: &About {
        chapter: "Caches",
        id: "eviction",
        name: "Eviction",
        question: "Which one should leave?",
        intro: "A full cache must give something up before it can take something in.",
        presets: PRESETS,
        step: ("request", "requests"),
        does: "asks for",
        subject: "",
        outcomes: OUTCOMES,
        jumps: JUMPS,
        timed: false,
        summary: summary::SUMMARY,
    },
    from_query: |query| {
        let (scenario, refusals) = Eviction::from_query(query);
        (Box::new(scenario), refusals)
    },
    from_json: |map| Ok(Box::new(Eviction::from_json(map)?) as Box<dyn Settings>),
};

/// What can become of a request: `cache::Mark` as a number.
pub const OUTCOMES: &[Outcome] = &[
    Outcome { name: "hit", sign: "✓", height: 30, tone: Tone::Good },
    Outcome { name: "miss", sign: "✕", height: 65, tone: Tone::Bad },
    Outcome { name: "miss", sign: "✕", height: 100, tone: Tone::Bad },
];

/// What one can jump to.
pub const JUMPS: &[Jump] = &[
    Jump { name: "difference", key: "d", sought: Sought::Some(0b110) },
    Jump { name: "miss", key: "m", sought: Sought::Any(0b110) },
    Jump { name: "eviction", key: "e", sought: Sought::Any(0b100) },
];

/// The lab at one moment.
pub struct EvictionLab {
    trace: Trace,
    caches: Vec<Side>,
    position: usize,
}

/// One of the caches that stand side by side.
struct Side {
    name: String,
    cache: Box<dyn Cache>,
    departures: Departures,
    /// What the last step did; empty after a silent one.
    last: Vec<cache::Because>,
    last_outcome: cache::Outcome,
}

impl EvictionLab {
    /// Empty caches in front of `trace`.
    pub fn new(scenario: &Eviction, trace: &Trace) -> Self {
        let caches = scenario.variants.iter().map(|variant| Side {
            name: variant.name(),
            cache: scenario.build(variant, trace),
            departures: Departures::new(trace.keys()),
            last: Vec::new(),
            last_outcome: cache::Outcome::Miss,
        });
        EvictionLab { trace: trace.clone(), caches: caches.collect(), position: 0 }
    }

    fn name(&self, key: Key) -> String {
        self.trace.names.of(key).to_string()
    }

    fn part(&self, side: &Side) -> Part {
        let because = side.last.iter().map(|because| Because {
            subject: self.name(because.key),
            change: moment::Change::Cache(because.change),
            rule: because.rule,
            figure: because.number.map(figure),
        });
        let left = side.last.iter().any(|because| matches!(because.change, Change::Leaves { .. }));
        let mark = cache::Mark::new(side.last_outcome, left);
        Part { variant: side.name.clone(), outcome: mark as u8, because: because.collect() }
    }

    /// Why some caches had `key` and others had not, as of before this step.
    fn difference(&self, key: Key, before: &[Option<cache::Departure>]) -> Option<Difference> {
        let hit = |side: &&Side| side.last_outcome == cache::Outcome::Hit;
        let kept: Vec<String> = self.caches.iter().filter(hit).map(|side| side.name.clone()).collect();
        if kept.is_empty() || kept.len() == self.caches.len() {
            return None;
        }
        let lost =
            self.caches.iter().zip(before).filter(|(side, _)| !hit(side)).map(|(side, departure)| Lost {
                variant: side.name.clone(),
                departure: departure
                    .map(|d| (u64::from(d.request), moment::reason(d.rule, d.number.map(figure).as_deref()))),
            });
        Some(Difference::Kept { object: self.name(key), kept, lost: lost.collect() })
    }
}

impl Lab for EvictionLab {
    fn position(&self) -> u64 {
        self.position as u64
    }

    fn length(&self) -> u64 {
        self.trace.requests.len() as u64
    }

    fn advance(&mut self, steps: u64) {
        let left = (self.trace.requests.len() - self.position) as u64;
        let end = self.position + steps.min(left) as usize;
        for side in &mut self.caches {
            side.cache.replay(&self.trace.requests[self.position..end], &mut side.departures);
            side.last.clear();
        }
        self.position = end;
    }

    fn step(&mut self) -> Option<Moment> {
        let key = *self.trace.requests.get(self.position)?;
        self.position += 1;
        let before: Vec<_> = self.caches.iter().map(|side| side.departures.of(key)).collect();
        for side in &mut self.caches {
            side.last.clear();
            side.last_outcome = side.cache.step(key, &mut side.departures, &mut side.last);
        }
        Some(Moment {
            step: self.position as u64,
            subject: self.name(key),
            parts: self.caches.iter().map(|side| self.part(side)).collect(),
            difference: self.difference(key, &before),
        })
    }

    fn scene(&self) -> Scene {
        Scene { actions: Vec::new(), panels: self.caches.iter().map(|side| self.panel(side)).collect() }
    }

    fn weight(&self) -> usize {
        const BYTES_A_KEY: usize = 48;
        self.caches.len() * self.trace.keys() * BYTES_A_KEY
    }

    fn duplicate(&self) -> Box<dyn Lab> {
        let caches = self.caches.iter().map(|side| Side {
            name: side.name.clone(),
            cache: side.cache.duplicate(),
            departures: side.departures.clone(),
            last: side.last.clone(),
            last_outcome: side.last_outcome,
        });
        Box::new(EvictionLab { trace: self.trace.clone(), caches: caches.collect(), position: self.position })
    }
}

fn figure(number: u32) -> String {
    lab_words::count(u64::from(number))
}

/// The picture of one cache.
impl EvictionLab {
    fn panel(&self, side: &Side) -> Vec<Shape> {
        let mut anatomy = Anatomy::new(side.last.iter().map(|because| because.key).collect());
        side.cache.show(&mut anatomy);
        let lanes = anatomy.segments.iter().map(|segment| Shape::Lane(self.lane(segment, side)));
        let gauges = anatomy.dials.iter().map(|dial| {
            Shape::Gauge(Gauge {
                name: dial.name.to_owned(),
                value: dial.value,
                most: dial.most,
                unit: "objects",
            })
        });
        lanes.chain(gauges).collect()
    }

    fn lane(&self, segment: &cache::Segment, side: &Side) -> Lane {
        let asked = self.position.checked_sub(1).map(|at| self.trace.requests[at]);
        let held = segment.slots.iter().map(|slot| match *slot {
            cache::Slot::Held { key, badge, hand } => {
                self.entry(key, badge, hand, state(key, asked == Some(key), side))
            }
            cache::Slot::Skipped(count) => Slot::Skipped(count as u64),
        });
        let gone = side.last.iter().filter(|because| went_out_of(because) == Some(segment.name));
        let gone = gone.map(|because| self.entry(because.key, cache::Badge::None, false, State::Gone));
        Lane {
            name: segment.name.to_owned(),
            ghost: segment.ghost,
            room: segment.room.map(|room| room as u64),
            length: segment.length as u64,
            ends: (segment.ends.0.to_owned(), segment.ends.1.to_owned()),
            slots: held.chain(gone).collect(),
            crowd: false,
            queue: false,
        }
    }

    fn entry(&self, key: Key, badge: cache::Badge, hand: bool, state: State) -> Slot {
        let badge = match badge {
            cache::Badge::None => Badge::None,
            cache::Badge::Marked => Badge::Mark,
            cache::Badge::Count(count) => Badge::Count(count),
            cache::Badge::Next(next) => Badge::Next(next.map(|request| u64::from(request) + 1)),
        };
        let (identity, label) = (u64::from(key.0), self.name(key));
        Slot::Entry { identity, label, badge, pointer: hand.then_some("hand"), state }
    }
}

/// What the last step did to `key`, which is `asked` for or not.
fn state(key: Key, asked: bool, side: &Side) -> State {
    if side.last.is_empty() {
        return State::Still;
    }
    if asked {
        return if side.last_outcome == cache::Outcome::Hit { State::Found } else { State::New };
    }
    let touched = side.last.iter().any(|because| because.key == key && went_out_of(because).is_none());
    if touched { State::Touched } else { State::Still }
}

/// The segment that `because` took its object out of for good.
fn went_out_of(because: &cache::Because) -> Option<&'static str> {
    match because.change {
        Change::Leaves { from, .. } | Change::Forgotten { from } => Some(from),
        _ => None,
    }
}
