//! Which queues a message enters: RabbitMQ's own answers, a naive model, and what is refused.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed it")]

use proptest::prelude::*;
use serde_json::Value;
use sluice::queue::routing::{Binding, Exchange, Headers, RoutingKey, destinations};

const TOPIC: &str = include_str!("../src/queue/vectors/rabbitmq-topic.json");
const HEADERS: &str = include_str!("../src/queue/vectors/rabbitmq-headers.json");

/// Every row of `vectors`: the queues, bound to an exchange of this `kind`, get the messages the row
/// says and no others. A message is written as `kind` reads it: a routing key, or headers.
fn check(kind: Exchange, vectors: &str) {
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    for row in vectors["rows"].as_array().unwrap() {
        let bindings: Vec<(Binding, &str)> = row["bindings"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(queue, texts)| texts.as_array().unwrap().iter().map(move |text| (queue, text)))
            .map(|(queue, text)| (kind.bind(text.as_str().unwrap()).unwrap(), queue.as_str()))
            .collect();
        for (message, expected) in row["routes"].as_object().unwrap() {
            let (key, headers) = match kind {
                Exchange::Headers => (RoutingKey::default(), Headers::parse(message).unwrap()),
                _ => (RoutingKey::parse(message).unwrap(), Headers::default()),
            };
            let mut found: Vec<&str> = destinations(&bindings, &key, &headers).into_iter().copied().collect();
            let mut expected: Vec<&str> =
                expected.as_array().unwrap().iter().map(|queue| queue.as_str().unwrap()).collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{}: {message:?}", row["what"]);
        }
    }
}

#[test]
fn topic_answers_as_rabbitmq() {
    check(Exchange::Topic, TOPIC);
}

#[test]
fn headers_answer_as_rabbitmq() {
    check(Exchange::Headers, HEADERS);
}

/// Whether a binding of this text, to an exchange of this kind, routes a message with this key.
fn routes(kind: Exchange, binding: &str, key: &str) -> bool {
    kind.bind(binding).unwrap().routes(&RoutingKey::parse(key).unwrap(), &Headers::default())
}

#[test]
fn direct_compares_the_whole_key() {
    assert!(routes(Exchange::Direct, "a.b", "a.b"));
    assert!(routes(Exchange::Direct, "", ""));
    for other in ["a", "a.b.c", "A.b", "a.b ", "", "#", "*.*"] {
        assert!(!routes(Exchange::Direct, "a.b", other), "{other:?}");
        assert!(!routes(Exchange::Direct, other, "a.b"), "{other:?}");
    }
}

#[test]
fn fanout_compares_nothing() {
    for key in ["", "a", "a.b"] {
        assert!(routes(Exchange::Fanout, "x", key), "{key:?}");
    }
}

#[test]
fn empty_words_are_words() {
    for (pattern, key, expected) in [
        ("*", "", false),
        ("#", "", true),
        ("", "", true),
        ("", "a", false),
        ("*.*", ".", true),
        ("*", ".", false),
        ("a.*.b", "a..b", true),
        ("a.#.b", "a..b", true),
        ("a..b", "a.b", false),
        ("#.a", ".a", true),
        ("#.*", "", false),
        ("*.#", "", false),
        ("#.#", "", true),
        ("#.*", "a", true),
        ("*.#.*", "a", false),
        ("*.#.*", "a.b", true),
    ] {
        assert_eq!(routes(Exchange::Topic, pattern, key), expected, "{pattern:?} {key:?}");
    }
}

/// The longest pattern there is, all hashes but its last word, against the longest key, which fits
/// but for its last word: every way to share the words out fails.
#[test]
fn many_hashes_take_no_time() {
    let key = vec!["a"; 128].join(".");
    assert_eq!(key.len(), RoutingKey::LONGEST);
    assert!(!routes(Exchange::Topic, &format!("{}.b", vec!["#"; 127].join(".")), &key));
    assert!(routes(Exchange::Topic, &vec!["#"; 128].join("."), &key));
}

#[test]
fn a_queue_bound_twice_gets_a_message_once() {
    let bound = |pattern, queue| (Exchange::Topic.bind(pattern).unwrap(), queue);
    let bindings = [bound("a.#", 2), bound("#", 1), bound("*.b", 2), bound("c", 3)];
    let key = RoutingKey::parse("a.b").unwrap();
    assert_eq!(destinations(&bindings, &key, &Headers::default()), [&2, &1]);
}

#[test]
fn what_amqp_cannot_carry_is_refused() {
    let long = "é".repeat(128);
    let refusals = [
        RoutingKey::parse(&long).unwrap_err(),
        Exchange::Direct.bind(&long).unwrap_err(),
        Exchange::Topic.bind(&long).unwrap_err(),
        Exchange::Headers.bind(&long).unwrap_err(),
        Headers::parse(&format!("a={long}")).unwrap_err(),
    ];
    let fields = refusals.each_ref().map(|refusal| refusal.field.as_str());
    assert_eq!(fields, ["key", "binding", "binding", "binding", "headers"]);
    for refusal in refusals {
        assert_eq!(refusal.allowed, "at most 255 bytes");
    }
}

#[test]
fn refusals_say_what_is_allowed() {
    let many: Vec<String> = (0..33).map(|n| format!("h{n}=1")).collect();
    for (refusal, says) in [
        (
            Exchange::parse("Topic").unwrap_err(),
            "exchange: “Topic” is not allowed; use direct, fanout, topic or headers",
        ),
        (
            Exchange::Headers.bind("x-match=any-with-x").unwrap_err(),
            "x-match: “any-with-x” is not allowed; use all or any",
        ),
        (Exchange::Headers.bind("a=1, x-match").unwrap_err(), "x-match: “” is not allowed; use all or any"),
        (Exchange::Headers.bind("a=1, a=2").unwrap_err(), "binding: “a” is not allowed; use each name once"),
        (Headers::parse("a").unwrap_err(), "headers: “a” is not allowed; use a value for it: name=value"),
        (
            Headers::parse("a=1,,b=2").unwrap_err(),
            "headers: “a=1,,b=2” is not allowed; use a name for every header: name=value, name=value",
        ),
    ] {
        assert_eq!(refusal.to_string(), says);
    }
    assert_eq!(Headers::parse(&many.join(",")).unwrap_err().allowed, "at most 32 headers");
}

/// The meaning of a pattern, said as simply as it can be: a hash takes no word, or one and is still
/// there.
fn model(pattern: &[&str], key: &[&str]) -> bool {
    match (pattern.split_first(), key.split_first()) {
        (None, None) => true,
        (Some((&"#", pattern_rest)), None) => model(pattern_rest, key),
        (Some((&"#", pattern_rest)), Some((_, rest))) => model(pattern_rest, key) || model(pattern, rest),
        (Some((word, pattern_rest)), Some((first, rest))) => {
            (*word == "*" || word == first) && model(pattern_rest, rest)
        }
        _ => false,
    }
}

fn words(text: &str) -> Vec<&str> {
    if text.is_empty() { Vec::new() } else { text.split('.').collect() }
}

proptest! {
    #[test]
    fn topic_is_the_naive_model(
        pattern in prop::collection::vec(prop::sample::select(vec!["a", "b", "", "*", "#", "a#"]), 0..7),
        key in prop::collection::vec(prop::sample::select(vec!["a", "b", "", "#", "a#"]), 0..9),
    ) {
        let (pattern, key) = (pattern.join("."), key.join("."));
        prop_assert_eq!(
            routes(Exchange::Topic, &pattern, &key),
            model(&words(&pattern), &words(&key)),
            "{:?} {:?}", pattern, key
        );
    }

    /// No text is a panic, and what is taken is written as what makes it again.
    #[test]
    fn bindings_round_trip(text in "[a-c*#.=, xé-]{0,12}|(x-match=(all|any)(, [a-c](=[a-c]?)?){0,3})|.{0,300}") {
        for kind in Exchange::ALL {
            prop_assert_eq!(Exchange::parse(&kind.to_string()).unwrap(), kind);
            if let Ok(binding) = kind.bind(&text) {
                prop_assert_eq!(kind.bind(&binding.to_string()).unwrap(), binding);
            }
        }
        if let Ok(headers) = Headers::parse(&text) {
            prop_assert_eq!(Headers::parse(&headers.to_string()).unwrap(), headers);
        }
    }
}
