//! A stream under way: requests in slices, so that a page can show how far it is.

use super::layout::Layout;
use super::{Drift, HotSet, Part, Stream};
use crate::kernel::Random;
use crate::trace::zipf::ZipfSampler;
use crate::trace::{Key, Names};
use std::rc::Rc;

/// A stream of which some requests are made and the others are to come.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    source: Source,
    left: u64,
    names: Rc<Names>,
}

impl Generator {
    /// `stream` at its start. A stream that [`Stream::check`] refuses has no requests.
    pub fn new(stream: &Stream, seed: u64) -> Self {
        if stream.check().is_err() {
            let source = Source::Phases { phases: Vec::new(), at: 0 };
            return Generator { source, left: 0, names: Rc::new(Names::Numbered(0)) };
        }
        let layout = Layout::new(stream);
        let source = Maker { layout: &layout, seed, parts: 0 }.source(stream);
        Generator { source, left: stream.requests(), names: Rc::new(layout.names()) }
    }

    /// Adds the next requests to `out`, at most so many, and says whether more are to come.
    pub fn fill(&mut self, out: &mut Vec<Key>, at_most: usize) -> bool {
        let before = out.len();
        out.extend(std::iter::from_fn(|| self.source.next()).take(at_most));
        self.left = self.left.saturating_sub((out.len() - before) as u64);
        self.left > 0
    }

    /// How many requests are to come.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// What the keys are called; every key is below their number.
    pub fn names(&self) -> Rc<Names> {
        Rc::clone(&self.names)
    }
}

/// A stream or a part of one, under way.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    Simple(Simple),
    Phases { phases: Vec<Source>, at: usize },
    Mix(Mix),
}

impl Source {
    fn next(&mut self) -> Option<Key> {
        match self {
            Source::Simple(simple) => simple.next(),
            Source::Mix(mix) => mix.next(),
            Source::Phases { phases, at } => loop {
                match phases.get_mut(*at)?.next() {
                    Some(key) => return Some(key),
                    None => *at += 1,
                }
            },
        }
    }
}

/// A stream without parts.
#[derive(Clone, Debug, PartialEq)]
struct Simple {
    rule: Rule,
    /// The dense number of the first key.
    base: u32,
    made: u32,
    requests: u32,
    random: Random,
}

/// How the next key is found, counted from the first.
#[derive(Clone, Debug, PartialEq)]
enum Rule {
    Zipf(ZipfSampler),
    Uniform { keys: u32 },
    Scan,
    Loop { keys: u32 },
    Drift(Drift),
    HotSet(HotSet),
    Typed(Vec<Key>),
}

impl Simple {
    fn next(&mut self) -> Option<Key> {
        if self.made == self.requests {
            return None;
        }
        let (made, random) = (self.made, &mut self.random);
        self.made += 1;
        let key = match &self.rule {
            Rule::Zipf(sampler) => sampler.sample(random),
            Rule::Uniform { keys } => random.below(*keys),
            Rule::Scan => made,
            Rule::Loop { keys } => made % keys,
            Rule::Drift(drift) => drifting(drift, made, random),
            Rule::HotSet(hot_set) => hot_or_cold(hot_set, made, random),
            Rule::Typed(keys) => return keys.get(made as usize).copied(),
        };
        Some(Key(self.base + key))
    }
}

/// A key of the window, which has moved on once in every `shift_every` requests.
fn drifting(drift: &Drift, made: u32, random: &mut Random) -> u32 {
    let start = made / drift.shift_every % drift.keys;
    (start + random.below(drift.working_set)) % drift.keys
}

/// A hot key, or one of the cold keys that follow the hot ones in order.
fn hot_or_cold(hot_set: &HotSet, made: u32, random: &mut Random) -> u32 {
    let changes = u64::from(made / hot_set.change_every);
    let start = (changes * u64::from(hot_set.hot) % u64::from(hot_set.keys)) as u32;
    let cold = hot_set.keys - hot_set.hot;
    let offset = if random.below(100) < hot_set.hot_share || cold == 0 {
        random.below(hot_set.hot)
    } else {
        hot_set.hot + random.below(cold)
    };
    (start + offset) % hot_set.keys
}

/// Streams shuffled into one another.
#[derive(Clone, Debug, PartialEq)]
struct Mix {
    /// The parts that have requests left.
    parts: Vec<Share>,
    random: Random,
}

#[derive(Clone, Debug, PartialEq)]
struct Share {
    weight: u32,
    left: u64,
    source: Source,
}

impl Mix {
    fn next(&mut self) -> Option<Key> {
        let all = self.parts.iter().map(|part| part.weight).sum();
        let mut drawn = self.random.below(all);
        let at = self.parts.iter().position(|part| {
            let here = drawn < part.weight;
            drawn = drawn.saturating_sub(part.weight);
            here
        })?;
        let part = &mut self.parts[at];
        let key = part.source.next();
        part.left -= 1;
        if part.left == 0 {
            self.parts.remove(at);
        }
        key
    }
}

/// Makes the sources of a stream and of its parts. Each has a random stream of its own, by its
/// place in the description, so that a change to one part leaves the requests of the others alone.
struct Maker<'a> {
    layout: &'a Layout,
    seed: u64,
    parts: u64,
}

impl Maker<'_> {
    fn random(&mut self) -> Random {
        self.parts += 1;
        Random::stream(self.seed, self.parts - 1)
    }

    fn source(&mut self, stream: &Stream) -> Source {
        match stream {
            Stream::Zipf(zipf) => {
                let sampler = ZipfSampler::new(zipf.keys, zipf.skew);
                self.simple(Rule::Zipf(sampler), zipf.requests, zipf.first)
            }
            Stream::Uniform(uniform) => {
                self.simple(Rule::Uniform { keys: uniform.keys }, uniform.requests, uniform.first)
            }
            Stream::Scan(scan) => self.simple(Rule::Scan, scan.requests, scan.first),
            Stream::Loop(cycle) => self.simple(Rule::Loop { keys: cycle.keys }, cycle.requests, cycle.first),
            Stream::Drift(drift) => self.simple(Rule::Drift(*drift), drift.requests, drift.first),
            Stream::HotSet(hot_set) => self.simple(Rule::HotSet(*hot_set), hot_set.requests, hot_set.first),
            Stream::Keys(words) => {
                let keys: Vec<Key> = words.iter().filter_map(|word| self.layout.of_word(word)).collect();
                let requests = keys.len() as u32;
                self.simple(Rule::Typed(keys), requests, 0)
            }
            Stream::Phases(phases) => {
                Source::Phases { phases: phases.iter().map(|phase| self.source(phase)).collect(), at: 0 }
            }
            Stream::Mix(parts) => {
                let random = self.random();
                Source::Mix(Mix { parts: parts.iter().map(|part| self.share(part)).collect(), random })
            }
        }
    }

    fn simple(&mut self, rule: Rule, requests: u32, first: u32) -> Source {
        let base = self.layout.of_number(first).0;
        Source::Simple(Simple { rule, base, made: 0, requests, random: self.random() })
    }

    fn share(&mut self, part: &Part) -> Share {
        Share { weight: part.weight, left: part.of.requests(), source: self.source(&part.of) }
    }
}
