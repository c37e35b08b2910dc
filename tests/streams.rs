//! Request streams: what they ask for, how they are written, and what is refused.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed it")]

use proptest::prelude::*;
use sluice::kernel::Random;
use sluice::theory;
use sluice::trace::stream::{Drift, Generator, HotSet, Loop, Part, Scan, Uniform, Words, Zipf};
use sluice::trace::zipf::ZipfSampler;
use sluice::trace::{Key, MOST_REQUESTS, Names, Stream};

/// The names of all requests of a stream, in order, with spaces between them.
fn requests(link: &str, seed: u64) -> String {
    let trace = Stream::parse(link).unwrap().generate(seed);
    let names: Vec<String> = trace.requests.iter().map(|key| trace.names.of(*key).to_string()).collect();
    names.join(" ")
}

fn numbers(link: &str, seed: u64) -> Vec<u32> {
    Stream::parse(link).unwrap().generate(seed).requests.iter().map(|key| key.0).collect()
}

// What the streams ask for.

#[test]
fn zipf_frequencies_are_the_exact_probabilities() {
    for skew in [0.0, 0.5, 0.9, 1.0, 1.5, 2.0] {
        for keys in [1_u32, 2, 50, 1000] {
            let expected = theory::zipf::probabilities(keys as usize, skew);
            let (sampler, mut random) = (ZipfSampler::new(keys, skew), Random::new(7));
            let mut counts = vec![0_u32; keys as usize];
            (0..200_000).for_each(|_| counts[sampler.sample(&mut random) as usize] += 1);
            assert_chi_square(&counts, &expected, &format!("skew {skew}, {keys} keys"));
        }
    }
}

/// Pearson's test. Keys expected fewer than ten times are taken together. Chi-square exceeds its
/// mean by more than four standard deviations about once in ten thousand times.
fn assert_chi_square(counts: &[u32], expected: &[f64], what: &str) {
    let n = counts.iter().map(|count| f64::from(*count)).sum::<f64>();
    let (mut chi_square, mut freedom, mut rare) = (0.0_f64, -1.0_f64, (0.0, 0.0));
    for (count, probability) in counts.iter().zip(expected) {
        let (count, expected) = (f64::from(*count), probability * n);
        if expected < 10.0 {
            rare = (rare.0 + count, rare.1 + expected);
        } else {
            chi_square += (count - expected) * (count - expected) / expected;
            freedom += 1.0;
        }
    }
    if rare.1 > 0.0 {
        chi_square += (rare.0 - rare.1) * (rare.0 - rare.1) / rare.1;
        freedom += 1.0;
    }
    assert!(chi_square <= freedom + 4.0 * (2.0 * freedom.max(1.0)).sqrt(), "{what}: {chi_square} {freedom}");
}

#[test]
fn zipf_draws_few_points_twice_and_stays_in_range() {
    for skew in [0.0, 0.3, 0.9, 1.0, 1.000_000_001, 1.4, 2.0] {
        for keys in [1, 2, 3, 10, 1000, 10_000_000] {
            let (sampler, mut random) = (ZipfSampler::new(keys, skew), Random::new(3));
            let mut counted = random.clone();
            assert!((0..20_000).all(|_| sampler.sample(&mut random) < keys));
            let mut draws = 0;
            while counted != random {
                counted.next();
                draws += 1;
            }
            assert!(draws < 22_000, "skew {skew}, {keys} keys: {draws} draws for 20,000");
        }
    }
}

#[test]
fn requests_of_a_seed_never_change() {
    assert_eq!(requests("zipf:0.9:12:20", 7), "E E L E D D B J E H C E E A I D A F B C");
    assert_eq!(requests("uniform:40:12", 7), "13 13 1 13 16 17 25 4 12 6 19 14");
    assert_eq!(requests("1*loop:3:9|1*scan:4@20", 7), "A B C A B C U A B C V W X");
}

#[test]
fn plain_orders_are_what_they_say() {
    assert_eq!(requests("scan:5@2", 1), "C D E F G");
    assert_eq!(requests("loop:3:7", 1), "A B C A B C A");
    assert_eq!(requests("keys:b,a,b,x1", 1), "b a b x1");
    assert_eq!(requests("loop:2:3;scan:2@5;loop:2:2", 1), "A B A F G A B");
    assert_eq!(requests("loop:2:3;", 1), "A B A");
    assert_eq!(requests("scan:2@30", 1), "31 32");
}

#[test]
fn a_working_set_drifts_one_key_at_a_time() {
    let drifted = numbers("drift:20:4:100:3000", 5);
    for (n, keys) in drifted.chunks(100).enumerate() {
        let mut offsets: Vec<u32> = keys.iter().map(|key| (key + 20 - n as u32 % 20) % 20).collect();
        offsets.sort_unstable();
        offsets.dedup();
        assert_eq!(offsets, [0, 1, 2, 3]);
    }
}

#[test]
fn the_hot_set_takes_its_share_and_changes() {
    let all = numbers("hot:100:5:90:10000:100000", 5);
    let mut hits = 0;
    for (n, keys) in all.chunks(10_000).enumerate() {
        let start = n as u32 * 5;
        hits += keys.iter().filter(|key| (start..start + 5).contains(key)).count();
    }
    // 90,000 expected, standard deviation 95.
    assert!((89_700..90_300).contains(&hits), "{hits}");
    let mut counts = [0; 100];
    all[..10_000].iter().for_each(|key| counts[*key as usize] += 1);
    let expected: Vec<f64> = (0..100).map(|key| if key < 5 { 0.18 } else { 0.1 / 95.0 }).collect();
    assert_chi_square(&counts, &expected, "hot set");
    assert!(
        numbers("hot:7:3:0:2:1000", 5)
            .chunks(2)
            .enumerate()
            .all(|(n, keys)| { keys.iter().all(|key| (key + 7 * 1000 - 3 * n as u32) % 7 >= 3) })
    );
    assert_eq!(numbers("hot:3:3:0:1:300", 5).len(), 300);
}

#[test]
fn a_mix_keeps_each_order_and_the_weights() {
    let mixed = numbers("3*scan:6000|1*scan:2000@10000", 5);
    let (low, high): (Vec<u32>, Vec<u32>) = mixed.iter().partition(|key| **key < 10_000);
    assert_eq!(low, (0..6000).collect::<Vec<_>>());
    assert_eq!(high, (6000..8000).map(|key| key + 4000).collect::<Vec<_>>());
    // Of the first 4,000, a quarter: 1,000 with a standard deviation of 27.
    let early = mixed[..4000].iter().filter(|key| **key >= 10_000).count();
    assert!((890..1110).contains(&early), "{early}");
    // What has run out leaves the rest to the others.
    assert_eq!(numbers("1000*scan:3|1*loop:1:40@3", 5).len(), 43);
}

#[test]
fn a_part_changes_nothing_in_the_others() {
    let both = numbers("zipf:0.9:50:300;uniform:50:300", 5);
    assert_eq!(both[300..], numbers("zipf:0.2:50:300;uniform:50:300", 5)[300..]);
    assert_ne!(both, numbers("zipf:0.9:50:300;uniform:50:300", 6));
}

#[test]
fn slices_are_the_whole() {
    let stream = Stream::parse("zipf:0.9:40:500;2*scan:300@40|1*keys:A,1,zebra").unwrap();
    let whole = stream.generate(3);
    let (mut generator, mut sliced) = (Generator::new(&stream, 3), Vec::new());
    assert_eq!(generator.left(), 803);
    let mut slices = 1;
    while generator.fill(&mut sliced, 100) {
        assert_eq!((sliced.len(), generator.left()), (slices * 100, 803 - slices as u64 * 100));
        slices += 1;
    }
    assert_eq!(slices, 9);
    assert!(!generator.fill(&mut sliced, 100));
    assert_eq!(sliced[..], whole.requests[..]);
    assert_eq!(generator.names(), whole.names);
}

#[test]
fn only_independent_requests_have_a_popularity() {
    let popularity = |link: &str| Stream::parse(link).unwrap().popularity();
    assert_eq!(popularity("zipf:0.9:40"), Some(theory::zipf::probabilities(40, 0.9)));
    assert_eq!(popularity("uniform:4"), Some(vec![0.25; 4]));
    for link in ["scan:4", "loop:4", "drift:9:2:5", "hot:9:2:90:5", "keys:A", "zipf:1:4;", "1*zipf:1:4"] {
        assert_eq!(popularity(link), None);
    }
}

// What the keys are called.

#[test]
fn names_show_the_streams_own_numbers() {
    let names = |link: &str| Stream::parse(link).unwrap().generate(1).names;
    assert_eq!(*names("zipf:0.9:26"), Names::Numbered(26));
    assert_eq!(*names("zipf:0.9:1000;scan:30@100"), Names::Numbered(1000));
    assert_eq!(*names("scan:30@100"), Names::Numbered(130));
    // A large gap is closed up, and the names keep the numbers.
    let trace = Stream::parse("loop:2:2;loop:2:2@5000000;loop:2:2@1").unwrap().generate(1);
    assert_eq!(*trace.requests, [0, 1, 3, 4, 1, 2].map(Key));
    assert_eq!(requests("loop:2:2;loop:2:2@5000000;loop:2:2@1", 1), "1 2 5000001 5000002 2 3");
    assert_eq!(trace.keys(), 5);
}

#[test]
fn what_is_called_the_same_is_the_same_key() {
    let trace = Stream::parse("loop:3:3;keys:B,zebra,b,4,B").unwrap().generate(1);
    assert_eq!(*trace.requests, [0, 1, 2, 1, 3, 4, 5, 1].map(Key));
    assert_eq!(requests("loop:3:3;keys:B,zebra,b,4,B", 1), "A B C B zebra b 4 B");
    // Past 26 keys they are called by number.
    let trace = Stream::parse("keys:B,27,28,027;scan:2@25").unwrap().generate(1);
    assert_eq!(*trace.requests, [2, 1, 3, 4, 0, 1].map(Key));
}

// How they are written.

#[test]
fn link_and_json_say_the_same() {
    fn check(link: &str, full: &str, json: &str) {
        let stream = Stream::parse(link).unwrap();
        assert_eq!(stream.link().unwrap(), full);
        assert_eq!(serde_json::to_string(&stream).unwrap(), json);
        assert_eq!(serde_json::from_str::<Stream>(json).unwrap(), stream);
        assert_eq!(Stream::parse(full).unwrap(), stream);
    }
    check("zipf:0.9:40", "zipf:0.9:40:200", r#"{"zipf":{"keys":40,"skew":0.9,"requests":200}}"#);
    check("uniform:40:9@7", "uniform:40:9@7", r#"{"uniform":{"keys":40,"requests":9,"first":7}}"#);
    check("scan", "scan:200", r#"{"scan":{"requests":200}}"#);
    check("scan:30@100", "scan:30@100", r#"{"scan":{"requests":30,"first":100}}"#);
    check("loop:9", "loop:9:200", r#"{"loop":{"keys":9,"requests":200}}"#);
    check(
        "drift:100:8:10",
        "drift:100:8:10:200",
        r#"{"drift":{"keys":100,"working-set":8,"shift-every":10,"requests":200}}"#,
    );
    check(
        "hot:100:5:90:50",
        "hot:100:5:90:50:200",
        r#"{"hot-set":{"keys":100,"hot":5,"hot-share":90,"change-every":50,"requests":200}}"#,
    );
    check("keys:A,B,,A", "keys:A,B,A", r#"{"keys":"A B A"}"#);
    check("keys:~C3~A4/x:1~2A", "keys:~C3~A4/x:1~2A", r#"{"keys":"ä/x:1*"}"#);
    check(
        "loop:2:2;scan:1|2*scan:1@1",
        "loop:2:2;1*scan:1|2*scan:1@1",
        concat!(
            r#"{"phases":[{"loop":{"keys":2,"requests":2}},{"mix":[{"weight":1,"of":{"scan":{"requests":1}}},"#,
            r#"{"weight":2,"of":{"scan":{"requests":1,"first":1}}}]}]}"#
        ),
    );
    check("scan:1;", "scan:1;", r#"{"phases":[{"scan":{"requests":1}}]}"#);
    check("1*scan:1", "1*scan:1", r#"{"mix":[{"weight":1,"of":{"scan":{"requests":1}}}]}"#);
}

#[test]
fn json_takes_keys_with_any_space_between_them() {
    let stream: Stream = serde_json::from_str(r#"{"keys":" A, B\n\tA "}"#).unwrap();
    assert_eq!(stream, Stream::Keys(Words::parse("A B A").unwrap()));
}

// What is refused.

#[test]
fn a_refused_link_says_which_part_and_what_is_allowed() {
    fn check(link: &str, words: &str) {
        assert_eq!(Stream::parse(link).unwrap_err().to_string(), words, "{link}");
    }
    let kinds = "is not allowed; use zipf, uniform, scan, loop, drift, hot or keys, and a colon";
    check("", &format!("stream: “” {kinds}"));
    check("zpif:1", &format!("stream: “zpif:1” {kinds}"));
    check("scan:1;;scan:1", &format!("phases[1].stream: “” {kinds}"));
    check("(scan:1;scan:1)|scan:1", &format!("phases[0].stream: “(scan:1” {kinds}"));
    let keys = "is not allowed; use a whole number from 1 to 10,000,000";
    check("zipf:0.9", &format!("zipf.keys: “” {keys}"));
    check("zipf:0.9:0", &format!("zipf.keys: “0” {keys}"));
    check("uniform:-3", &format!("uniform.keys: “-3” {keys}"));
    check("loop:10000001", &format!("loop.keys: “10000001” {keys}"));
    check("loop:99999999999", &format!("loop.keys: “99999999999” {keys}"));
    check("scan:20000000", &format!("scan.requests: “20000000” {keys}"));
    let skew = "is not allowed; use a number from 0 to 2";
    check("zipf:2.1:40", &format!("zipf.skew: “2.1” {skew}"));
    check("zipf:NaN:40", &format!("zipf.skew: “NaN” {skew}"));
    check("zipf:-inf:40", &format!("zipf.skew: “-inf” {skew}"));
    check("zipf:much:40", &format!("zipf.skew: “much” {skew}"));
    check("loop:3:0", "loop.requests: “0” is not allowed; use a whole number from 1 to 20,000,000");
    check("loop:3:9@-1", "loop.first: “-1” is not allowed; use a whole number from 0 to 1,000,000,000");
    check(
        "loop:3:9@1000000001",
        "loop.first: “1000000001” is not allowed; use a whole number from 0 to 1,000,000,000",
    );
    check("loop:3:9:1", "loop: “1” is not allowed; use loop:keys:requests and nothing behind it");
    check("drift:10:11:5", "drift.working-set: “11” is not allowed; use a whole number from 1 to 10");
    check("drift:10:2:0", "drift.shift-every: “0” is not allowed; use a whole number from 1 to 20,000,000");
    check("hot:10:0:90:5", "hot-set.hot: “0” is not allowed; use a whole number from 1 to 10");
    check("hot:10:2:101:5", "hot-set.hot-share: “101” is not allowed; use a whole number from 0 to 100");
    check(
        "hot:10:2:9:0",
        "hot-set.change-every: “0” is not allowed; use a whole number from 1 to 20,000,000",
    );
    check("keys:", "keys: “” is not allowed; use at least one key, for example A B C A D");
    check("keys:A~4", "keys: “~4” is not allowed; use two hexadecimal digits after each ~");
    check("keys:A~zz", "keys: “~zz” is not allowed; use two hexadecimal digits after each ~");
    check("keys:A~ff", "keys: “A~ff” is not allowed; use letters in UTF-8");
    let weight = "is not allowed; use a whole number from 1 to 1,000";
    check("0*scan:1|scan:1", &format!("mix[0].weight: “0” {weight}"));
    check("scan:1;scan:1|1001*scan:1", &format!("phases[1].mix[1].weight: “1001” {weight}"));
    check("x*scan:1", &format!("mix[0].weight: “x” {weight}"));
    check("scan:1|zipf:3:40", &format!("mix[1].of.zipf.skew: “3” {skew}"));
    check(&"scan:1;".repeat(16), &format!("phases[16].stream: “” {kinds}"));
    check(&["scan:1"; 17].join(";"), "phases: “17” is not allowed; use from 1 to 16 streams");
    check(
        "loop:1:20000000;scan:1",
        "requests: “20000001” is not allowed; use at most 20,000,000 requests in all",
    );
    check(
        "loop:6000000:1;loop:6000000:1@6000000",
        "keys: “12000000” is not allowed; use at most 10,000,000 different keys in all",
    );
    let many = format!("keys:{}", "A,".repeat(10_001));
    assert_eq!(Stream::parse(&many).unwrap_err().allowed, "at most 10,000 keys");
}

#[test]
fn refused_json_says_which_field() {
    fn check(json: &str, words: &str) {
        let error = serde_json::from_str::<Stream>(json).unwrap_err().to_string();
        assert!(error.contains(words), "{json}: {error}");
    }
    check(r#"{"zipf":{"keys":0,"skew":1,"requests":1}}"#, "zipf.keys: “0” is not allowed");
    check(r#"{"zipf":{"keys":1,"skew":1,"requests":1,"skwe":1}}"#, "unknown field `skwe`");
    check(r#"{"zipf":{"keys":1,"skew":1}}"#, "missing field `requests`");
    check(r#"{"zpif":{}}"#, "unknown variant `zpif`, expected one of `zipf`");
    check(r#"{"mix":[]}"#, "mix: “0” is not allowed; use from 1 to 16 streams");
    check(r#"{"mix":[{"weight":1,"of":{"scan":{"requests":0}}}]}"#, "mix[0].of.scan.requests: “0”");
    check(r#"{"phases":[{"keys":" , "}]}"#, "keys: “ , ” is not allowed; use at least one key");
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| {
        format!("{}{}{}", r#"{"phases":["#.repeat(depth), r#"{"scan":{"requests":1}}"#, "]}".repeat(depth))
    };
    let deepest: Stream = serde_json::from_str(&nested(3)).unwrap();
    assert_eq!(deepest.generate(1).requests.len(), 1);
    assert_eq!(
        deepest.link().unwrap_err().to_string(),
        "stream: “((scan:1;););” is not allowed; use a file: a link holds phases of mixes of simple streams, and no deeper"
    );
    for depth in [4, 5, 50, 100_000] {
        let error = serde_json::from_str::<Stream>(&nested(depth)).unwrap_err().to_string();
        assert!(error.contains("nested three deep"), "{error}");
    }
    let mut stream = deepest;
    stream = Stream::Phases(vec![stream]);
    assert_eq!(stream.check().unwrap_err().field, "phases[0].phases[0].phases[0].phases");
    assert_eq!(stream.generate(1).requests.len(), 0);
}

// Any stream.

fn any_simple() -> impl Strategy<Value = Stream> {
    let (keys, requests, first) = (1_u32..60, 1_u32..100, prop_oneof![0_u32..50, Just(5_000_000)]);
    (keys, requests, first, 0.0..=2.0_f64, 0_u32..=100, 1_u32..30, "[ -~äß☃]{0,8}x", 0..7).prop_map(
        |(keys, requests, first, skew, percent, every, text, kind)| match kind {
            0 => Stream::Zipf(Zipf { keys, skew, requests, first }),
            1 => Stream::Uniform(Uniform { keys, requests, first }),
            2 => Stream::Scan(Scan { requests, first }),
            3 => Stream::Loop(Loop { keys, requests, first }),
            4 => {
                let working_set = 1 + every % keys;
                Stream::Drift(Drift { keys, working_set, shift_every: every, requests, first })
            }
            5 => {
                let hot = 1 + every % keys;
                Stream::HotSet(HotSet { keys, hot, hot_share: percent, change_every: every, requests, first })
            }
            _ => Stream::Keys(Words::parse(&text).unwrap()),
        },
    )
}

fn any_mix(of: impl Strategy<Value = Stream>) -> impl Strategy<Value = Stream> {
    prop::collection::vec((1_u32..=1000, of), 1..4)
        .prop_map(|parts| Stream::Mix(parts.into_iter().map(|(weight, of)| Part { weight, of }).collect()))
}

fn any_linked() -> impl Strategy<Value = Stream> {
    let phase = || prop_oneof![3 => any_simple(), 1 => any_mix(any_simple())];
    prop_oneof![phase(), prop::collection::vec(phase(), 1..4).prop_map(Stream::Phases)]
}

proptest! {
    #[test]
    fn a_link_comes_back_as_it_was(stream in any_linked()) {
        let link = stream.link().unwrap();
        prop_assert!(link.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"#%&<>=`".contains(&byte)), "{}", link);
        prop_assert_eq!(Stream::parse(&link).unwrap(), stream);
    }

    #[test]
    fn json_comes_back_as_it_was(stream in any_mix(any_linked())) {
        let json = serde_json::to_string(&stream).unwrap();
        prop_assert_eq!(serde_json::from_str::<Stream>(&json).unwrap(), stream);
    }

    #[test]
    fn every_request_has_a_name(stream in any_mix(any_linked()), seed: u64) {
        let trace = stream.generate(seed);
        prop_assert_eq!(trace.requests.len() as u64, stream.requests());
        prop_assert!(trace.requests.iter().all(|key| key.index() < trace.keys()));
        let mut names: Vec<String> = (0..trace.keys()).map(|key| trace.names.of(Key(key as u32)).to_string()).collect();
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), trace.keys());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), like in "[a-z0-9:;|*@~,.-]{0,40}") {
        let _ = (Stream::parse(&text), Stream::parse(&like), Stream::parse(&format!("keys:{text}")));
        let _ = serde_json::from_str::<Stream>(&text);
    }

    #[test]
    fn no_numbers_make_the_reader_panic(
        kind in prop::sample::select(vec!["zipf", "uniform", "scan", "loop", "drift", "hot"]),
        numbers in prop::collection::vec(prop_oneof![0_u64..5, any::<u64>(), Just(u64::from(u32::MAX))], 0..7),
        first in any::<u32>(),
    ) {
        let fields: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let text = format!("{kind}:{}@{first}", fields.join(":"));
        if let Ok(stream) = Stream::parse(&text) {
            prop_assert!(stream.requests() <= MOST_REQUESTS as u64);
            prop_assert_eq!(Stream::parse(&stream.link().unwrap()), Ok(stream));
        }
    }
}
