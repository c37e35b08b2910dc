//! Every policy against a naive model of it, request by request: the models are written from the
//! papers with vectors that are searched from end to end, and share nothing with the policies.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proptest::prelude::*;
use sluice::cache::{Anatomy, Departures, Outcome, POLICIES, Parameters, Range, Setup, Slot, find};
use sluice::kernel::Random;
use sluice::trace::Key;

/// A cache as one would write it down first.
trait Model {
    /// Serves one request and says whether it hit.
    fn request(&mut self, key: u32) -> bool;
    /// Who is cached now, in any order.
    fn cached(&self) -> Vec<u32>;
}

type Build = fn(&Setup) -> Box<dyn Model>;

const MODELS: &[(&str, Build)] = &[
    ("fifo", |setup| Box::new(Queue { keep: Keep::Arrival, ..Queue::new(setup) })),
    ("lru", |setup| Box::new(Queue { keep: Keep::Recent, ..Queue::new(setup) })),
    ("mru", |setup| Box::new(Queue { keep: Keep::NotRecent, ..Queue::new(setup) })),
    ("random", |setup| {
        Box::new(Slots { capacity: setup.capacity, slots: vec![], dice: Random::new(setup.seed) })
    }),
    ("lfu", |setup| Box::new(Counted { capacity: setup.capacity, clock: 0, objects: vec![] })),
    ("clock", |setup| Box::new(Reinserting { capacity: setup.capacity, queue: vec![] })),
    ("sieve", |setup| Box::new(Sifted { capacity: setup.capacity, queue: vec![], hand: 0 })),
    ("slru", |setup| Box::new(Segmented::new(setup))),
    ("2q", |setup| Box::new(TwoQueues::new(setup))),
    ("arc", |setup| Box::new(Adaptive { c: setup.capacity, ..Adaptive::default() })),
    ("s3-fifo", |setup| Box::new(ThreeQueues::new(setup))),
    ("opt", |setup| Box::new(Clairvoyant { bypass: false, ..Clairvoyant::new(setup) })),
    ("opt-bypass", |setup| Box::new(Clairvoyant { bypass: true, ..Clairvoyant::new(setup) })),
];

/// Takes `key` out of `list` and says whether it was there.
fn take(list: &mut Vec<u32>, key: u32) -> bool {
    let before = list.len();
    list.retain(|other| *other != key);
    list.len() < before
}

enum Keep {
    Arrival,
    Recent,
    NotRecent,
}

/// FIFO, LRU and MRU: a queue whose front is the oldest.
struct Queue {
    capacity: usize,
    keep: Keep,
    queue: Vec<u32>,
}

impl Queue {
    fn new(setup: &Setup) -> Self {
        Queue { capacity: setup.capacity, keep: Keep::Arrival, queue: vec![] }
    }
}

impl Model for Queue {
    fn request(&mut self, key: u32) -> bool {
        if self.queue.contains(&key) {
            if !matches!(self.keep, Keep::Arrival) {
                take(&mut self.queue, key);
                self.queue.push(key);
            }
            return true;
        }
        if self.queue.len() == self.capacity {
            let last = self.queue.len() - 1;
            self.queue.remove(if matches!(self.keep, Keep::NotRecent) { last } else { 0 });
        }
        self.queue.push(key);
        false
    }

    fn cached(&self) -> Vec<u32> {
        self.queue.clone()
    }
}

/// Random: the same dice on a plain vector.
struct Slots {
    capacity: usize,
    slots: Vec<u32>,
    dice: Random,
}

impl Model for Slots {
    fn request(&mut self, key: u32) -> bool {
        if self.slots.contains(&key) {
            return true;
        }
        if self.slots.len() < self.capacity {
            self.slots.push(key);
        } else {
            let drawn = self.dice.below(self.capacity as u32);
            self.slots[drawn as usize] = key;
        }
        false
    }

    fn cached(&self) -> Vec<u32> {
        self.slots.clone()
    }
}

/// LFU: each object as its count, when it reached that count, and its key.
struct Counted {
    capacity: usize,
    clock: u32,
    objects: Vec<(u32, u32, u32)>,
}

impl Model for Counted {
    fn request(&mut self, key: u32) -> bool {
        self.clock += 1;
        if let Some(object) = self.objects.iter_mut().find(|(_, _, k)| *k == key) {
            *object = (object.0 + 1, self.clock, key);
            return true;
        }
        if self.objects.len() == self.capacity {
            self.objects.sort();
            self.objects.remove(0);
        }
        self.objects.push((1, self.clock, key));
        false
    }

    fn cached(&self) -> Vec<u32> {
        self.objects.iter().map(|object| object.2).collect()
    }
}

/// CLOCK without a ring: a FIFO queue that takes marked objects in again at its end.
struct Reinserting {
    capacity: usize,
    queue: Vec<(u32, bool)>,
}

impl Model for Reinserting {
    fn request(&mut self, key: u32) -> bool {
        if let Some(found) = self.queue.iter_mut().find(|(k, _)| *k == key) {
            found.1 = true;
            return true;
        }
        while self.queue.len() == self.capacity {
            let (oldest, marked) = self.queue.remove(0);
            if marked {
                self.queue.push((oldest, false));
            }
        }
        self.queue.push((key, false));
        false
    }

    fn cached(&self) -> Vec<u32> {
        self.queue.iter().map(|object| object.0).collect()
    }
}

/// SIEVE: the oldest first, and the hand as a place in the vector.
struct Sifted {
    capacity: usize,
    queue: Vec<(u32, bool)>,
    hand: usize,
}

impl Model for Sifted {
    fn request(&mut self, key: u32) -> bool {
        if let Some(found) = self.queue.iter_mut().find(|(k, _)| *k == key) {
            found.1 = true;
            return true;
        }
        if self.queue.len() == self.capacity {
            while self.queue[self.hand].1 {
                self.queue[self.hand].1 = false;
                self.hand = (self.hand + 1) % self.capacity;
            }
            self.queue.remove(self.hand);
            if self.hand == self.queue.len() {
                self.hand = 0;
            }
        }
        self.queue.push((key, false));
        false
    }

    fn cached(&self) -> Vec<u32> {
        self.queue.iter().map(|object| object.0).collect()
    }
}

/// SLRU: two lists, the oldest first.
struct Segmented {
    capacity: usize,
    protected_room: usize,
    probation: Vec<u32>,
    protected: Vec<u32>,
}

impl Segmented {
    fn new(setup: &Setup) -> Self {
        let share = (setup.capacity * setup.parameters.whole("protected") / 100).max(1);
        let protected_room = share.min(setup.capacity - 1);
        Segmented { capacity: setup.capacity, protected_room, probation: vec![], protected: vec![] }
    }
}

impl Model for Segmented {
    fn request(&mut self, key: u32) -> bool {
        if take(&mut self.protected, key) {
            self.protected.push(key);
            return true;
        }
        if take(&mut self.probation, key) {
            self.protected.push(key);
            while self.protected.len() > self.protected_room {
                self.probation.push(self.protected.remove(0));
            }
            return true;
        }
        if self.probation.len() + self.protected.len() == self.capacity {
            self.probation.remove(0);
        }
        self.probation.push(key);
        false
    }

    fn cached(&self) -> Vec<u32> {
        [&self.probation[..], &self.protected].concat()
    }
}

/// 2Q with the names of the paper, the oldest first.
struct TwoQueues {
    capacity: usize,
    kin: usize,
    kout: usize,
    am: Vec<u32>,
    a1in: Vec<u32>,
    a1out: Vec<u32>,
}

impl TwoQueues {
    fn new(setup: &Setup) -> Self {
        let share = |id| (setup.capacity * setup.parameters.whole(id) / 100).max(1);
        TwoQueues {
            capacity: setup.capacity,
            kin: share("recent").min(setup.capacity - 1),
            kout: share("remembered"),
            am: vec![],
            a1in: vec![],
            a1out: vec![],
        }
    }

    fn reclaim(&mut self) {
        if self.am.len() + self.a1in.len() < self.capacity {
            return;
        }
        if self.a1in.len() > self.kin {
            self.a1out.push(self.a1in.remove(0));
            if self.a1out.len() > self.kout {
                self.a1out.remove(0);
            }
        } else {
            self.am.remove(0);
        }
    }
}

impl Model for TwoQueues {
    fn request(&mut self, key: u32) -> bool {
        if take(&mut self.am, key) {
            self.am.push(key);
            true
        } else if take(&mut self.a1out, key) {
            self.reclaim();
            self.am.push(key);
            false
        } else if self.a1in.contains(&key) {
            true
        } else {
            self.reclaim();
            self.a1in.push(key);
            false
        }
    }

    fn cached(&self) -> Vec<u32> {
        [&self.am[..], &self.a1in].concat()
    }
}

/// ARC with the names and cases of the paper, the oldest first.
#[derive(Default)]
struct Adaptive {
    c: usize,
    p: f64,
    t1: Vec<u32>,
    t2: Vec<u32>,
    b1: Vec<u32>,
    b2: Vec<u32>,
}

impl Adaptive {
    fn replace(&mut self, in_b2: bool) {
        let t1 = self.t1.len() as f64;
        if t1 >= 1.0 && ((in_b2 && t1 == self.p) || t1 > self.p) {
            self.b1.push(self.t1.remove(0));
        } else {
            self.b2.push(self.t2.remove(0));
        }
    }
}

impl Model for Adaptive {
    fn request(&mut self, key: u32) -> bool {
        // Case I.
        if take(&mut self.t1, key) || take(&mut self.t2, key) {
            self.t2.push(key);
            return true;
        }
        let (b1, b2) = (self.b1.len() as f64, self.b2.len() as f64);
        if self.b1.contains(&key) {
            // Case II.
            self.p = (self.c as f64).min(self.p + if b1 >= b2 { 1.0 } else { b2 / b1 });
            self.replace(false);
            take(&mut self.b1, key);
            self.t2.push(key);
        } else if self.b2.contains(&key) {
            // Case III.
            self.p = 0_f64.max(self.p - if b2 >= b1 { 1.0 } else { b1 / b2 });
            self.replace(true);
            take(&mut self.b2, key);
            self.t2.push(key);
        } else {
            // Case IV.
            let l1 = self.t1.len() + self.b1.len();
            let total = l1 + self.t2.len() + self.b2.len();
            if l1 == self.c {
                if self.t1.len() < self.c {
                    self.b1.remove(0);
                    self.replace(false);
                } else {
                    self.t1.remove(0);
                }
            } else if total >= self.c {
                if total == 2 * self.c {
                    self.b2.remove(0);
                }
                self.replace(false);
            }
            self.t1.push(key);
        }
        false
    }

    fn cached(&self) -> Vec<u32> {
        [&self.t1[..], &self.t2].concat()
    }
}

/// S3-FIFO: each object as its key and its count, the oldest first.
struct ThreeQueues {
    capacity: usize,
    small_room: usize,
    ghost_room: usize,
    threshold: usize,
    fills_main: bool,
    small: Vec<(u32, usize)>,
    main: Vec<(u32, usize)>,
    ghost: Vec<u32>,
}

impl ThreeQueues {
    fn new(setup: &Setup) -> Self {
        let share = |id| (setup.capacity * setup.parameters.whole(id) / 100).max(1);
        ThreeQueues {
            capacity: setup.capacity,
            small_room: share("small"),
            ghost_room: share("ghost"),
            threshold: setup.parameters.whole("threshold"),
            fills_main: setup.parameters.choice("warm-up") == "main",
            small: vec![],
            main: vec![],
            ghost: vec![],
        }
    }

    /// Takes one object off a queue, and evicts it or not.
    fn evict(&mut self) {
        self.fills_main = false;
        if self.main.len() > self.capacity - self.small_room || self.small.is_empty() {
            loop {
                let (key, count) = self.main.remove(0);
                if count == 0 {
                    break;
                }
                self.main.push((key, count.min(3) - 1));
            }
        } else {
            while !self.small.is_empty() {
                let (key, count) = self.small.remove(0);
                if count < self.threshold {
                    self.ghost.push(key);
                    if self.ghost.len() > self.ghost_room {
                        self.ghost.remove(0);
                    }
                    break;
                }
                self.main.push((key, 0));
            }
        }
    }
}

impl Model for ThreeQueues {
    fn request(&mut self, key: u32) -> bool {
        if let Some(found) = self.small.iter_mut().chain(&mut self.main).find(|(k, _)| *k == key) {
            found.1 += 1;
            return true;
        }
        let remembered = take(&mut self.ghost, key);
        while self.small.len() + self.main.len() == self.capacity {
            self.evict();
        }
        if remembered || (self.fills_main && self.small.len() >= self.small_room) {
            self.main.push((key, 0));
        } else {
            self.small.push((key, 0));
        }
        false
    }

    fn cached(&self) -> Vec<u32> {
        self.small.iter().chain(&self.main).map(|object| object.0).collect()
    }
}

/// Both optima: looks through the rest of the stream for every object, at every miss. Among
/// objects that never come again the one with the largest key goes first.
struct Clairvoyant {
    capacity: usize,
    bypass: bool,
    rest: Vec<u32>,
    cached: Vec<u32>,
}

impl Clairvoyant {
    fn new(setup: &Setup) -> Self {
        let mut rest: Vec<u32> = setup.future.iter().map(|key| key.0).collect();
        rest.reverse();
        Clairvoyant { capacity: setup.capacity, bypass: false, rest, cached: vec![] }
    }

    fn distance(&self, key: u32) -> (usize, u32) {
        (self.rest.iter().rev().position(|other| *other == key).unwrap_or(usize::MAX), key)
    }
}

impl Model for Clairvoyant {
    fn request(&mut self, key: u32) -> bool {
        self.rest.pop();
        if self.cached.contains(&key) {
            return true;
        }
        if self.cached.len() == self.capacity {
            let mut candidates = self.cached.clone();
            candidates.extend(self.bypass.then_some(key));
            let Some(victim) = candidates.into_iter().max_by_key(|key| self.distance(*key)) else {
                return false;
            };
            take(&mut self.cached, victim);
            if victim == key {
                return false;
            }
        }
        self.cached.push(key);
        false
    }

    fn cached(&self) -> Vec<u32> {
        self.cached.clone()
    }
}

/// The fewest misses that any sequence of decisions can reach, found by trying them all.
fn fewest_misses(requests: &[u32], capacity: usize, bypass: bool) -> usize {
    let mut reached = BTreeMap::from([(BTreeSet::new(), 0)]);
    for key in requests {
        let mut next: BTreeMap<BTreeSet<u32>, usize> = BTreeMap::new();
        let mut reach = |cache: BTreeSet<u32>, misses: usize| {
            let best = next.entry(cache).or_insert(misses);
            *best = misses.min(*best);
        };
        for (cache, misses) in reached {
            if cache.contains(key) {
                reach(cache, misses);
                continue;
            }
            let with_key: BTreeSet<u32> = cache.iter().copied().chain([*key]).collect();
            if with_key.len() <= capacity {
                reach(with_key, misses + 1);
                continue;
            }
            for victim in with_key.iter().filter(|victim| bypass || *victim != key) {
                reach(with_key.iter().copied().filter(|k| k != victim).collect(), misses + 1);
            }
        }
        reached = next;
    }
    reached.values().copied().min().unwrap_or(0)
}

/// Who is cached according to the picture.
fn shown(cache: &dyn sluice::cache::Cache) -> BTreeSet<u32> {
    let mut anatomy = Anatomy::new(vec![]);
    cache.show(&mut anatomy);
    let cached = anatomy.segments.iter().filter(|segment| !segment.ghost);
    let held = cached.flat_map(|segment| &segment.slots).filter_map(|slot| match slot {
        Slot::Held { key, .. } => Some(key.0),
        Slot::Skipped(_) => None,
    });
    held.collect()
}

/// Compares the policy called `id` with its model after every request. The parameters are drawn
/// from their ranges by `choice`.
fn check(
    id: &str,
    build: Build,
    requests: &[u32],
    capacity: usize,
    choice: u32,
) -> Result<(), TestCaseError> {
    let entry = find(id).ok_or_else(|| TestCaseError::fail(format!("{id} is not listed")))?;
    let given: Vec<(&str, String)> = entry
        .about
        .parameters
        .iter()
        .map(|parameter| match parameter.range {
            _ if choice == 0 => (parameter.id, parameter.range.default().to_string()),
            Range::Whole { least, most, .. } => {
                (parameter.id, (least + choice % (most - least + 1)).to_string())
            }
            Range::Choice(words) => (parameter.id, words[choice as usize % words.len()].to_owned()),
            other => (parameter.id, other.default().to_string()),
        })
        .collect();
    let given = given.iter().map(|(name, value)| (*name, value.as_str()));
    let parameters =
        Parameters::new(entry.about, given).map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
    let future: Rc<[Key]> = requests.iter().map(|key| Key(*key)).collect();
    let keys = requests.iter().max().map_or(0, |key| *key as usize + 1);
    let setup = Setup { capacity, keys, seed: u64::from(choice), parameters, future: future.clone() };
    let (mut cache, mut model) = ((entry.build)(&setup), build(&setup));
    let (mut departures, mut because) = (Departures::new(keys), vec![]);
    for (at, key) in future.iter().enumerate() {
        let hit = cache.step(*key, &mut departures, &mut because) == Outcome::Hit;
        prop_assert_eq!(hit, model.request(key.0), "{} differs at request {}", id, at);
        let cached: BTreeSet<u32> = model.cached().into_iter().collect();
        prop_assert_eq!(shown(&*cache), cached, "{} holds others after request {}", id, at);
    }
    Ok(())
}

/// Streams in which some keys are more popular than others.
fn traffic(most_keys: u32, length: usize) -> impl Strategy<Value = Vec<u32>> {
    let key = (0..most_keys, 0..most_keys).prop_map(|(one, other)| one.min(other));
    (1..=most_keys).prop_flat_map(move |keys| {
        proptest::collection::vec(key.clone().prop_map(move |key| key % keys), 0..length)
    })
}

#[test]
fn every_policy_has_a_model() {
    let listed: Vec<&str> = POLICIES.iter().map(|entry| entry.about.id).collect();
    let modelled: Vec<&str> = MODELS.iter().map(|(id, _)| *id).collect();
    assert_eq!(listed, modelled);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn policies_do_as_their_models(
        requests in traffic(24, 300),
        capacity in prop_oneof![1..=3_usize, 4..=20_usize],
        choice in prop_oneof![Just(0), any::<u32>()],
    ) {
        for (id, build) in MODELS {
            check(id, *build, &requests, capacity, choice)?;
        }
    }

    #[test]
    fn no_decisions_miss_less_than_the_optimum(requests in traffic(6, 40), capacity in 1..=4_usize) {
        for (id, bypass) in [("opt", false), ("opt-bypass", true)] {
            let entry = find(id).ok_or_else(|| TestCaseError::fail("not listed"))?;
            let future: Rc<[Key]> = requests.iter().map(|key| Key(*key)).collect();
            let parameters = Parameters::new(entry.about, []).map_err(|r| TestCaseError::fail(r.to_string()))?;
            let setup = Setup { capacity, keys: 6, seed: 0, parameters, future: future.clone() };
            let misses = (entry.build)(&setup).misses(&future);
            prop_assert_eq!(misses as usize, fewest_misses(&requests, capacity, bypass), "{}", id);
        }
    }
}
