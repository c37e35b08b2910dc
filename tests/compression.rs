//! Codecs, the cache that keeps what they make, and the lab around them.

#![cfg(test)]

mod texts;

use proptest::prelude::*;
use sluice::compression::{
    CODECS, Change, CompressedCache, Costs, Happened, KINDS, Kind, RULES, SOURCE, Size, find, value,
};
use sluice::kernel::Span;
use sluice::lab::compression::{Compression, CompressionLab, CompressionRun, Sample};
use sluice::lab::{Input, Lab, Link, Query, Report, Run, Scenario, Settings, Written};
use sluice::refusal::Refusal;
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

/// The scenario in which every value is `text`.
fn of_text(text: &str) -> Compression {
    let mut scenario = scenario("codecs=none,lz4,deflate-1,deflate-9&keys=7&requests=50&capacity=1");
    scenario.edit("text", text).unwrap();
    scenario.edit("values", "own").unwrap();
    scenario
}

/// A value that does not get smaller is kept as it is, so no ratio is below one.
#[test]
fn a_text_has_the_ratio_that_the_codec_gives_it() {
    let page = "<li class=\"row\"><a href=\"/stone\">stone</a></li>\n".repeat(60);
    for text in ["x", "{\"id\":1}", "  blank at both ends\t\n", "zwölf Boxkämpfer 🥊🥊🥊", page.as_str()]
    {
        let scenario = of_text(text);
        assert_eq!(scenario.values(), [text.as_bytes()]);
        let mut run = CompressionRun::new(&scenario);
        run.advance(u64::MAX);
        let report = run.finish().0;
        for ((variant, cache), told) in scenario.variants.iter().zip(scenario.caches()).zip(&report.variants)
        {
            let packed = kept(variant.about.id, text.as_bytes()).min(text.len());
            let size = Size { original: text.len() as u32, kept: packed as u32 };
            assert_eq!(cache.sizes().collect::<Vec<_>>(), [size; 7], "{} of {text}", variant.about.id);
            let ratio = text.len() as f64 / packed as f64;
            assert!((told.figure("ratio").unwrap() - ratio).abs() < 1e-12, "{} of {text}", told.name);
        }
        // What is measured beside the run is this text too.
        let now = std::cell::Cell::new(0.0);
        let table = scenario.weigh(&|| now.replace(now.get() + 0.1));
        assert_eq!(table.rows.len(), 4);
    }
}

/// What the preset of a small record says, and what it says of ten of them.
#[test]
fn a_small_record_hardly_gets_smaller_and_ten_in_a_row_do() {
    let record = Compression::default().text;
    assert_eq!((record.len(), kept("deflate-6", record.as_bytes())), (101, 93));
    assert!(kept("lz4", record.as_bytes()) >= record.len());
    let ten: String = (48_213..48_223).map(|id| record.replace("48213", &id.to_string()) + "\n").collect();
    for codec in ["lz4", "deflate-6"] {
        assert!(kept(codec, ten.as_bytes()) * 6 < ten.len(), "{codec}");
    }
    let report = report(
        "codecs=none,lz4,deflate-6&values=own&keys=500&skew=0.8&requests=5000&capacity=10&backend=5&seed=1",
    );
    let figure = |at: usize, name: &str| report.variants[at].figure(name).unwrap();
    assert_eq!([0, 1, 2].map(|at| figure(at, "values_kept")), [99.0, 99.0, 107.0]);
    assert_eq!([0, 1, 2].map(|at| figure(at, "hit_ratio")), [0.495, 0.495, 0.5118]);
}

fn round_trip(settings: &Compression) {
    let link = Link { lab: "compression".to_owned(), query: settings.query() }.to_string();
    assert!(link.bytes().all(|byte| byte.is_ascii_graphic()), "{link}");
    let (read, refusals) = Compression::from_query(&Link::parse(&link).query);
    assert_eq!((&read, refusals), (settings, vec![]), "{link}");
    let json = settings.json().to_string();
    let again = Scenario::from_json(&json).unwrap();
    assert_eq!(again.query(), settings.query(), "{json}");
    let map = settings.json();
    assert_eq!(Compression::from_json(map.as_object().unwrap()).as_ref(), Ok(settings), "{json}");
}

proptest! {
    #[test]
    fn a_text_survives_links_and_json(text in "[ -~äé🥊\u{0}-\u{1f}\u{7f}]{1,80}", used in any::<bool>()) {
        let mut settings = of_text(&text);
        if !used {
            settings.edit("values", "log").unwrap();
        }
        round_trip(&settings);
    }

    #[test]
    fn no_bytes_of_a_link_break_a_text(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let escaped: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        let (settings, _) = Compression::from_query(&Query::parse(&format!("values=own&text={escaped}")));
        prop_assert_eq!(settings.sample, Sample::Own);
        round_trip(&settings);
        CompressionRun::new(&settings).advance(u64::MAX);
    }
}

/// Texts that are something else in JSON, or in a link.
#[test]
fn a_text_stays_a_text() {
    for text in ["1e3", "007", "1.50", "null", "[1,2]", "a,b", " 5 ", "\r\n", "a=b&c=d#e?f+g%41", "\0", "💾"]
    {
        let settings = of_text(text);
        assert_eq!(settings.json()["text"], text);
        round_trip(&settings);
    }
    let longest = "💾".repeat(4_000);
    round_trip(&of_text(&longest));
    assert_eq!(of_text(&longest).values()[0].len(), 16_000);
}

#[test]
fn a_bad_text_is_refused_and_what_was_set_stays() {
    let usual = Compression::default();
    let (long, emoji) = ("x".repeat(4_001), "💾".repeat(4_001));
    let many = |sign: &str| format!("{}…", sign.repeat(Refusal::SHOWN));
    let unused = "0 to 4,000 characters";
    let used = "1 to 4,000 characters";
    let made = "one of json, html, log, csv, random, as long as the text is empty";
    // What a link says, what it refuses, and the text that then holds.
    let check = |query: &str, refused: Option<(&str, &str, &str)>, text: &str| {
        let (settings, refusals) = Compression::from_query(&Query::parse(query));
        let expected: Vec<Refusal> =
            refused.iter().map(|(f, value, allowed)| Refusal::new(*f, value, *allowed)).collect();
        assert_eq!(refusals, expected, "{query}");
        assert_eq!(settings.text, text, "{query}");
        round_trip(&settings);
    };
    check("values=own", None, &usual.text);
    check("values=own&text=a", None, "a");
    check("text=a&values=own", None, "a");
    check("text=", None, "");
    check("values=log&text=", None, "");
    check("text=&values=own", Some(("values", "own", made)), "");
    check("values=own&text=", Some(("text", "", used)), &usual.text);
    check("values=own&text", Some(("text", "", used)), &usual.text);
    check(&format!("text={long}"), Some(("text", &many("x"), unused)), &usual.text);
    check(&format!("values=own&text={long}"), Some(("text", &many("x"), used)), &usual.text);
    check(&format!("values=own&text={emoji}"), Some(("text", &many("💾"), used)), &usual.text);
    check("values=own&text=%00%07%1b[31m", None, "\0\u{7}\u{1b}[31m");
    // The first half of an emoji is no character, and one stands in its place.
    check("values=own&text=a%F0%9F", None, "a\u{fffd}");
    for (text, value, allowed) in [
        ("7", "7", "a string"),
        ("null", "null", "a string"),
        ("[\"a\",\"b\"]", "[\"a\",\"b\"]", "a string"),
        ("{\"constant\":{\"seconds\":1}}", "{\"constant\":{\"seconds\":1}}", "a string"),
        ("\"\"", "own", made),
    ] {
        let json = format!(
            "{{\"lab\":\"compression\",\"variants\":[{{\"codec\":\"lz4\"}}],\"values\":\"own\",\"text\":{text}}}"
        );
        let refusal = Scenario::from_json(&json).unwrap_err();
        assert_eq!((refusal.value.as_str(), refusal.allowed.as_str()), (value, allowed), "{text}");
    }
}

/// The text is in the form where it means something, and the size where it does.
#[test]
fn a_form_shows_the_text_where_it_is_used() {
    let shown = |settings: &Compression| {
        let fields = settings.form().fields;
        let text = fields.iter().find(|field| field.id == "text");
        text.iter().for_each(|field| assert_eq!(field.input, Input::Lines { most: 4_000 }));
        (text.map(|field| field.value.clone()), fields.iter().any(|field| field.id == "size"))
    };
    let mut settings = Compression::default();
    assert_eq!(shown(&settings), (None, true));
    assert_eq!(settings.query().get("text"), None);
    settings.edit("values", "own").unwrap();
    settings.edit("text", "two\nlines ").unwrap();
    assert_eq!(shown(&settings), (Some("two\nlines ".to_owned()), false));
    assert!(settings.edit("text", "").is_err());
    settings.edit("values", "json").unwrap();
    assert_eq!(shown(&settings), (None, true));
    assert_eq!(settings.query().get("text"), Some("two\nlines "));
    // An empty one can be filled, and only then be used.
    settings.edit("text", "").unwrap();
    assert_eq!(shown(&settings), (Some(String::new()), true));
    assert_eq!(settings.edit("values", "own").unwrap_err().field, "values");
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
