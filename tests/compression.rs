//! Codecs, the cache that keeps what they make, and the lab around them.

#![cfg(test)]

mod texts;

use proptest::prelude::*;
use sluice::compression::{
    CODECS, Change, CompressedCache, Costs, Happened, KINDS, Kind, RULES, SOURCE, Size, find, value,
};
use sluice::kernel::Span;
use sluice::lab::compression::{Compression, CompressionLab, CompressionRun};
use sluice::lab::{Lab, Query, Report, Run, Settings};
use std::collections::BTreeSet;
use std::rc::Rc;

fn kept(codec: &str, bytes: &[u8]) -> usize {
    (find(codec).unwrap().compress)(bytes).len()
}

#[test]
fn codecs_are_listed_once_and_found_by_name() {
    let ids: BTreeSet<&str> = CODECS.iter().map(|codec| codec.about.id).collect();
    assert_eq!(ids.len(), CODECS.len());
    assert!(ids.iter().all(|id| find(id).unwrap().about.id == *id));
    assert!(find("zip").is_none());
}

proptest! {
    #[test]
    fn what_is_compressed_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..3000), repeats in 1_usize..5) {
        let bytes = bytes.repeat(repeats);
        for codec in CODECS {
            let packed = (codec.compress)(&bytes);
            let back = (codec.decompress)(&packed, bytes.len());
            prop_assert_eq!(back.as_ref(), Ok(&bytes), "{}", codec.about.id);
        }
    }

    /// Nothing panics, and what has another length is refused.
    #[test]
    fn damaged_bytes_are_refused_or_harmless(bytes in prop::collection::vec(any::<u8>(), 0..300), length in 0_usize..500) {
        for codec in CODECS {
            if let Ok(value) = (codec.decompress)(&bytes, length) {
                prop_assert!(value.len() <= length, "{}", codec.about.id);
            }
        }
    }
}

#[test]
fn values_come_back_and_are_always_the_same() {
    for (name, _, kind) in KINDS {
        for key in 0..20 {
            let bytes = value(kind, key, 1_500, 9);
            assert_eq!(bytes, value(kind, key, 1_500, 9), "{name}");
            assert!((700..3_000).contains(&bytes.len()), "{name}: {}", bytes.len());
            for codec in CODECS {
                let packed = (codec.compress)(&bytes);
                assert_eq!((codec.decompress)(&packed, bytes.len()).as_ref(), Ok(&bytes), "{name}");
            }
        }
        assert_ne!(value(kind, 1, 1_500, 9), value(kind, 2, 1_500, 9), "{name}");
        assert_ne!(value(kind, 1, 1_500, 9), value(kind, 1, 1_500, 8), "{name}");
    }
}

/// RFC 1951: a match is at most 258 bytes long and takes at least two bits, one for its length and one for its
/// distance, so that no ratio is above 1032 : 1, and at most 13 bits in the fixed code of section 3.2.6; a stored
/// block has five bytes more than its value. LZ4’s block format: every 255 bytes of a match take one byte, and 255 literals one byte more.
#[test]
fn known_inputs_have_known_ratios() {
    let zeros = vec![0; 1_000_000];
    let noise = value(Kind::Random, 0, 60_000, 1);
    for level in ["deflate-1", "deflate-6", "deflate-9"] {
        let (least, most) = (zeros.len() / 1_032, zeros.len().div_ceil(258) * 13 / 8 + 100);
        assert!((least..most).contains(&kept(level, &zeros)), "{level} {}", kept(level, &zeros));
        // Five bytes a stored block, and no block is shorter than 5,000 bytes.
        let most = noise.len() + noise.len() / 1_000;
        assert!((noise.len()..=most).contains(&kept(level, &noise)), "{level}");
    }
    let least = zeros.len() / 255;
    assert!((least..least + 30).contains(&kept("lz4", &zeros)), "{}", kept("lz4", &zeros));
    let most = noise.len() + noise.len() / 255 + 16;
    assert!((noise.len()..=most).contains(&kept("lz4", &noise)));
    assert_eq!(kept("none", &zeros), zeros.len());
}

#[test]
fn more_effort_never_makes_much_worse_and_noise_no_smaller() {
    for (name, _, kind) in KINDS {
        let sum = |codec: &str| (0..50).map(|key| kept(codec, &value(kind, key, 4_000, 3))).sum::<usize>();
        let (plain, lz4, six, nine) = (sum("none"), sum("lz4"), sum("deflate-6"), sum("deflate-9"));
        assert!(nine <= six + six / 100, "{name}: {six} {nine}");
        match kind {
            Kind::Random => assert!(lz4 >= plain && six >= plain, "{name}"),
            Kind::Csv => assert!(six < plain, "{name}: digits alone take less than a byte"),
            _ => assert!(six < lz4 && lz4 * 3 < plain * 2, "{name}: {plain} {lz4} {six}"),
        }
    }
}

const COSTS: Costs = Costs { compress: 20.0, decompress: 3.0, backend: Span::from_millis(5) };

/// A list of the keys inside, the one that was asked for last first; everything is counted anew.
struct Model {
    sizes: Vec<Size>,
    room: u64,
    inside: Vec<u32>,
}

impl Model {
    fn used(&self) -> u64 {
        self.inside.iter().map(|key| u64::from(self.sizes[*key as usize].kept)).sum()
    }

    fn hit(&mut self, key: u32) -> bool {
        let hit = self.inside.contains(&key);
        self.inside.retain(|inside| *inside != key);
        let needs = u64::from(self.sizes[key as usize].kept);
        if needs <= self.room {
            while self.used() + needs > self.room {
                self.inside.pop();
            }
            self.inside.insert(0, key);
        }
        hit
    }
}

proptest! {
    #[test]
    fn the_cache_does_as_a_naive_model(
        sizes in prop::collection::vec((1_u32..100, 0.0..1.2), 1..20),
        room in 1_u64..400,
        keys in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
    ) {
        let sizes = sizes.iter().map(|(original, share)| {
            let kept = ((f64::from(*original) * share) as u32).clamp(1, *original);
            Size { original: *original, kept }
        });
        let sizes: Vec<Size> = sizes.collect();
        let mut model = Model { sizes: sizes.clone(), room, inside: Vec::new() };
        let mut cache = CompressedCache::new(Rc::from(sizes.clone()), room, COSTS);
        for key in keys {
            let key = key.index(sizes.len()) as u32;
            let before = model.inside.clone();
            let hit = model.hit(key);
            let mut left = Vec::new();
            let served = cache.serve(key, &mut |happened: Happened| {
                if happened.change == Change::Leaves {
                    left.push(happened.key);
                }
            });
            prop_assert_eq!(served.hit, hit);
            let inside: Vec<u32> = cache.entries().map(|(key, _)| key).collect();
            prop_assert_eq!(&inside, &model.inside);
            prop_assert!(cache.kept() <= room);
            prop_assert_eq!(cache.kept(), model.used());
            let gone = before.iter().filter(|key| !inside.contains(key)).count();
            prop_assert_eq!(gone, left.len());
            prop_assert_eq!(served.evicted, !left.is_empty());
            let size = sizes[key as usize];
            let packed = f64::from(u8::from(size.kept < size.original));
            let nanos = f64::from(size.original) * if hit { 3.0 * packed } else { 20.0 };
            prop_assert_eq!(served.codec.nanos(), nanos as u64);
            let backend = if hit { 0 } else { 5_000_000 };
            prop_assert_eq!(served.latency.nanos(), nanos as u64 + backend);
        }
    }
}

fn scenario(query: &str) -> Compression {
    let (scenario, refusals) = Compression::from_query(&Query::parse(query));
    assert!(refusals.is_empty(), "{refusals:?}");
    scenario
}

fn report(query: &str) -> Report {
    let mut run = CompressionRun::new(&scenario(query));
    run.advance(u64::MAX);
    run.finish().0
}

const LONG: &str = "codecs=none,lz4,deflate-6&values=json&size=1000&keys=1000&skew=0.8&requests=100000&capacity=100&backend=5&seed=4";

#[test]
fn stepping_and_running_are_the_same_and_repeat_themselves() {
    let query = "codecs=none,lz4,deflate-1,deflate-9&values=html&keys=80&requests=2000&capacity=30&seed=3";
    let scenario = scenario(query);
    let mut lab = CompressionLab::new(&scenario);
    let mut whole = CompressionRun::new(&scenario);
    whole.advance(u64::MAX);
    let (first, marks) = whole.finish();
    let mut pieces = CompressionRun::new(&scenario);
    while pieces.progress().0 > pieces.progress().1 {
        pieces.advance(77);
    }
    assert_eq!(pieces.finish().0, first);
    let mut silent = CompressionLab::new(&scenario);
    for step in 0..2000 {
        let moment = lab.step().unwrap();
        for (part, marks) in moment.parts.iter().zip(&marks) {
            assert_eq!(marks.get(step), Some(part.outcome));
        }
        silent.advance(1);
    }
    assert!(lab.step().is_none());
    lab.advance(1);
    silent.advance(1);
    assert_eq!(lab.scene(), silent.scene());
}

#[test]
fn hit_rates_are_near_the_closed_form() {
    for variant in report(LONG).variants {
        let (measured, expected) =
            (variant.figure("hit_ratio").unwrap(), variant.figure("expected_hit_ratio").unwrap());
        // The approximation takes all values for equally large; they are from a half to three halves.
        assert!((measured - expected).abs() < 0.02, "{}: {measured} {expected}", variant.name);
    }
}

#[test]
fn smaller_values_mean_more_hits_and_the_figures_agree() {
    let report = report(LONG);
    let figure = |at: usize, name: &str| report.variants[at].figure(name).unwrap();
    for (better, worse) in [(1, 0), (2, 1)] {
        assert!(figure(better, "ratio") > figure(worse, "ratio"));
        assert!(figure(better, "hit_ratio") > figure(worse, "hit_ratio"));
        assert!(figure(better, "values_kept") > figure(worse, "values_kept"));
    }
    assert_eq!((figure(0, "ratio"), figure(0, "codec_seconds"), figure(0, "bytes_saved")), (1.0, 0.0, 0.0));
    for at in 0..3 {
        let (requests, misses) = (figure(at, "requests"), figure(at, "misses"));
        let waiting = misses * 0.005 + figure(at, "codec_seconds");
        assert!((figure(at, "mean_latency") - waiting / requests).abs() < 1e-9);
        assert!(figure(at, "bytes_kept") <= 100_000.0);
        assert_eq!(figure(at, "hits") + misses, requests);
    }
}

#[test]
fn what_is_out_of_range_is_refused() {
    for (query, field) in [
        ("codecs=zip", "codecs"),
        ("codecs=lz4:compress=-1", "codecs (compress)"),
        ("values=video", "values"),
        ("size=9000", "size"),
        ("keys=0", "keys"),
        ("capacity=0", "capacity"),
        ("backend=never", "backend"),
        ("skew=3", "skew"),
        ("colour=red", "colour"),
    ] {
        let (scenario, refusals) = Compression::from_query(&Query::parse(query));
        let fields: Vec<&str> = refusals.iter().map(|refusal| refusal.field.as_str()).collect();
        assert_eq!(fields, [field], "{query}");
        assert_eq!(scenario, Compression::default());
    }
}

/// A clock that ticks each time one looks: the measurement ends, and says something of every codec.
#[test]
fn codecs_are_measured_by_the_clock_that_is_given() {
    let scenario = scenario("codecs=none,lz4,deflate-6&keys=5");
    let now = std::cell::Cell::new(0.0);
    let table = scenario.weigh(&|| {
        now.set(now.get() + 0.1);
        now.get()
    });
    assert_eq!(table.rows.len(), 3);
    assert!(table.rows.iter().all(|(_, cells)| cells.len() + 1 == table.head.len()));
}

#[test]
fn each_rule_stands_where_it_says_and_is_told() {
    let text = texts::text_of(SOURCE);
    let mut told = BTreeSet::new();
    for query in [
        "codecs=none,lz4&values=json&size=4000&keys=40&requests=500&capacity=10",
        "codecs=lz4&values=random&size=8000&keys=40&requests=500&capacity=9",
    ] {
        let scenario = scenario(query);
        for mut cache in scenario.caches() {
            for key in scenario.asked_for().iter() {
                cache.serve(*key, &mut |happened| {
                    told.insert(happened.rule.name);
                });
            }
        }
    }
    for rule in RULES {
        assert!(told.contains(rule.name), "{}", rule.name);
        assert!(text.contains(&format!("&{}", rule.name)) && text.contains(&format!("fn {}(", rule.place)));
    }
    assert_eq!(text.matches(": Rule =").count(), RULES.len());
}
