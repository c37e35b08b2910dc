//! Scenarios as links, as JSON and as forms: what is written is read again, and what cannot be
//! taken is refused by name while the rest still works.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

mod scenarios;

use proptest::prelude::*;
use serde_json::{Value, json};
use sluice::cache::POLICIES;
use sluice::lab::{Field, Input, LABS, Line, Link, MENU, Query, Scenario, Workload, is_elsewhere};
use sluice::refusal::Refusal;
use sluice::trace::{Column, Columns, Delimiter};

const CAPACITY: &str = "a whole number from 1 to 10000000";
const SKEW: &str = "a number from 0 to 2";
const KNOWN: &str = "fifo, lru, mru, random, lfu, clock, sieve, slru, 2q, arc, s3-fifo, opt, opt-bypass";

/// Reads the link of the eviction lab.
fn read(query: &str) -> (Scenario, Vec<Refusal>) {
    Scenario::from_query("eviction", &Query::parse(query))
}

#[test]
fn links_take_what_is_right_and_refuse_the_rest_by_name() {
    let usual = |name: &str| match name {
        "policies" => "lru,sieve",
        "capacity" => "8",
        "workload" => "zipf:0.9:40:200",
        _ => "7",
    };
    // What is expected to be set, where it is not as usual, and what is refused.
    let check = |query: &str, set: &[(&str, &str)], refused: &[(&str, &str, &str)]| {
        let (scenario, refusals) = read(query);
        let refusals: Vec<_> =
            refusals.iter().map(|r| (r.field.as_str(), r.value.as_str(), r.allowed.as_str())).collect();
        assert_eq!(refusals, refused, "{query}");
        for name in ["policies", "capacity", "workload", "seed"] {
            let expected =
                set.iter().find(|(known, _)| *known == name).map_or(usual(name), |(_, value)| value);
            assert_eq!(scenario.query().get(name), Some(expected), "{name} of {query}");
        }
    };
    check("", &[], &[]);
    check("&&", &[], &[]);
    check(
        "policies=arc&capacity=9&workload=loop:3:9&seed=0",
        &[("policies", "arc"), ("capacity", "9"), ("workload", "loop:3:9"), ("seed", "0")],
        &[],
    );
    check("capacity=3&capacity=4", &[("capacity", "4")], &[]);
    check("seed=18446744073709551615", &[("seed", "18446744073709551615")], &[]);
    check("policies=lru,,lru,", &[("policies", "lru,lru")], &[]);
    check("policies=s3-fifo:threshold=2:small=20", &[("policies", "s3-fifo:small=20:threshold=2")], &[]);
    check("policies=s3-fifo:threshold=1", &[("policies", "s3-fifo")], &[]);
    check("%70olicies=l%72u%2Cfifo%3Acapacity%3D3", &[("policies", "lru,fifo:capacity=3")], &[]);
    check("workload=keys:a%2Cb%20%63", &[("workload", "keys:a,b,c")], &[]);
    check("workload=zipf:0.5:9;", &[("workload", "zipf:0.5:9:200;")], &[]);
    check("workload=2*scan:9|loop:3", &[("workload", "2*scan:9|1*loop:3:200")], &[]);
    check("workload=trace:sqlite-pages", &[("workload", "trace:sqlite-pages")], &[]);
    for (value, shown) in [
        ("0", "0"),
        ("10000001", "10000001"),
        ("-1", "-1"),
        ("8.5", "8.5"),
        ("", ""),
        ("ten", "ten"),
        ("99999999999999999999", "99999999999999999999"),
        ("%00", "\0"),
        ("%FF", "\u{fffd}"),
    ] {
        let query = format!("policies=arc&capacity={value}&seed=3");
        check(&query, &[("policies", "arc"), ("seed", "3")], &[("capacity", shown, CAPACITY)]);
    }
    let long = "9".repeat(1_000_000);
    let shown = format!("{}…", "9".repeat(60));
    check(&format!("capacity={long}&seed=3"), &[("seed", "3")], &[("capacity", &shown, CAPACITY)]);
    check("seed=-1", &[], &[("seed", "-1", "a whole number from 0 to 18446744073709551615")]);
    let many = format!("policies={}&seed=3", "lru,".repeat(1_000_000));
    check(&many, &[("seed", "3")], &[("policies", "1000000", "from 1 to 4 policies")]);
    check("policies=,", &[], &[("policies", "0", "from 1 to 4 policies")]);
    check("policies=&capacity=9", &[("capacity", "9")], &[("policies", "0", "from 1 to 4 policies")]);
    let known = format!("one of {KNOWN}");
    check("policies=lru,belady", &[], &[("policies", "belady", &known)]);
    check("policies=LRU", &[], &[("policies", "LRU", &known)]);
    check("policies=lru:capacity=0", &[], &[("policies (capacity)", "0", CAPACITY)]);
    check("policies=lru:capacity", &[], &[("policies (capacity)", "", CAPACITY)]);
    check(
        "policies=s3-fifo:threshold=9",
        &[],
        &[("policies (threshold)", "9", "a whole number from 1 to 3")],
    );
    check(
        "policies=s3-fifo:thresh=2&seed=3",
        &[("seed", "3")],
        &[("policies (thresh)", "2", "one of small, ghost, threshold, warm-up")],
    );
    check("polices=lru", &[], &[("polices", "lru", "one of policies, capacity, workload, seed")]);
    check("=lru", &[], &[("", "lru", "one of policies, capacity, workload, seed")]);
    check(
        "step=12&a=b",
        &[],
        &[
            ("step", "12", "one of policies, capacity, workload, seed"),
            ("a", "b", "one of policies, capacity, workload, seed"),
        ],
    );
    check("workload=zipf:NaN:40", &[], &[("workload (zipf.skew)", "NaN", SKEW)]);
    check("workload=zipf:inf:40", &[], &[("workload (zipf.skew)", "inf", SKEW)]);
    check("workload=zipf:-0.1:40", &[], &[("workload (zipf.skew)", "-0.1", SKEW)]);
    check("workload=zipf::40", &[], &[("workload (zipf.skew)", "", SKEW)]);
    check(
        "workload=uniform:0",
        &[],
        &[("workload (uniform.keys)", "0", "a whole number from 1 to 10,000,000")],
    );
    check(
        "workload=loop:9:60;scan:0",
        &[],
        &[("workload (phases[1].scan.requests)", "0", "a whole number from 1 to 10,000,000")],
    );
    check("workload=keys:", &[], &[("workload (keys)", "", "at least one key, for example A B C A D")]);
    let (_, refusals) = read("workload=zip:1:2");
    assert_eq!((refusals.len(), refusals[0].field.as_str()), (1, "workload (stream)"));
    for query in ["workload=", "workload=trace:", "workload=trace:../secret", "workload=file:a|colum=2"] {
        let (scenario, refusals) = read(query);
        assert_eq!(
            (refusals.len(), scenario.query().get("workload")),
            (1, Some(usual("workload"))),
            "{query}"
        );
        assert!(refusals[0].field.starts_with("workload"), "{query}: {refusals:?}");
    }
    check(
        "workload=file:a|column=0",
        &[],
        &[("workload (column)", "0", "a column's number, counted from 1, or its name in the header")],
    );
}

/// What is built chapter by chapter, and from what the page's start-up script knows which program holds a lab.
#[test]
fn chapters_are_those_that_are_built() {
    let text = include_str!("../tools/chapters.json");
    let built: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap();
    let mut chapters: Vec<(String, Vec<&str>)> = Vec::new();
    for Line { id, chapter, .. } in MENU {
        match chapters.last_mut().filter(|(name, _)| *name == chapter.to_lowercase()) {
            Some((_, labs)) => labs.push(id),
            None => chapters.push((chapter.to_lowercase(), vec![id])),
        }
    }
    let mut chapters: Vec<_> = chapters.into_iter().map(|(name, labs)| (name, json!(labs))).collect();
    chapters.sort_by_key(|(name, _)| name.clone());
    assert_eq!(built.into_iter().collect::<Vec<_>>(), chapters);
    assert!(MENU.iter().map(|line| line.id).eq(LABS.iter().map(|entry| entry.about.id)));
    assert!(MENU.iter().all(|line| !is_elsewhere(line.id)) && !is_elsewhere("evictions"));
}

#[test]
fn labs_are_found_by_name() {
    let (front, refusals) = Scenario::from_query("", &Query::default());
    assert!(refusals.is_empty());
    let (opened, refusals) = Scenario::from_query("evictions", &Query::parse("capacity=3"));
    let labs: Vec<&str> = LABS.iter().map(|entry| entry.about.id).collect();
    assert_eq!(refusals, [Refusal::new("lab", "evictions", format!("one of {}", labs.join(", ")))]);
    assert_eq!(front, opened);
    assert_eq!(front.query().to_string(), read(LABS[0].about.presets[0].query).0.query().to_string());
    for (text, lab, query) in [
        ("#/eviction?capacity=3", "eviction", "capacity=3"),
        ("/eviction/?capacity=3", "eviction", "capacity=3"),
        ("eviction", "eviction", ""),
        ("#", "", ""),
        ("#/?", "", ""),
        ("#/%65viction?a?b=c?d", "eviction", "a?b=c?d"),
    ] {
        let link = Link::parse(text);
        assert_eq!((link.lab.as_str(), link.query.to_string().as_str()), (lab, query), "{text}");
    }
}

fn scenario(change: impl FnOnce(&mut Value)) -> String {
    let mut value = json!({
        "lab": "eviction",
        "variants": [{ "policy": "lru" }, { "policy": "s3-fifo", "threshold": 2 }],
        "capacity": 8,
        "workload": { "zipf": { "keys": 40, "skew": 0.9, "requests": 200 } },
        "seed": 3,
    });
    change(&mut value);
    value.to_string()
}

/// The refusals of JSON, each with the field, the value as far as it is shown, and a part of what
/// is said to be allowed.
#[test]
fn json_is_refused_by_field() {
    let check = |text: &str, field: &str, value: &str, allowed: &str| {
        let refusal = Scenario::from_json(text).unwrap_err();
        assert_eq!((refusal.field.as_str(), refusal.value.as_str()), (field, value), "{text}: {refusal}");
        assert!(refusal.allowed.contains(allowed), "{text}: {refusal}");
    };
    Scenario::from_json(&scenario(|_| ())).unwrap();
    for text in ["", "{", "lru", "\u{0}", "{\"lab\":\"eviction\"} x", "NaN"] {
        assert_eq!(Scenario::from_json(text).unwrap_err().field, "scenario", "{text}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(Scenario::from_json(&deep).unwrap_err().field, "scenario");
    check("[]", "scenario", "[]", "a JSON object");
    check("{}", "lab", "null", "eviction");
    check("{\"lab\":\"queue\"}", "lab", "\"queue\"", "eviction");
    type Change = fn(&mut Value);
    let number = "a whole number from 1 to 10000000";
    let cases: &[(Change, &str, &str, &str)] = &[
        (|v| v["lab"] = json!(3), "lab", "3", "eviction"),
        (|v| v["capcity"] = json!(3), "capcity", "3", "one of lab, variants, capacity, workload, seed"),
        (|v| v["capacity"] = json!(0), "capacity", "0", number),
        (|v| v["capacity"] = json!(1.5), "capacity", "1.5", number),
        (|v| v["capacity"] = json!(-3), "capacity", "-3", number),
        (|v| v["capacity"] = json!([8]), "capacity", "[8]", number),
        (|v| v["capacity"] = json!(null), "capacity", "null", number),
        (|v| v["capacity"] = json!(1e30), "capacity", "1e+30", number),
        (|v| drop(v.as_object_mut().unwrap().remove("capacity")), "capacity", "", number),
        (|v| v["seed"] = json!(-1), "seed", "-1", "a whole number from 0"),
        (|v| v["seed"] = json!(true), "seed", "true", "a whole number from 0"),
        (|v| v["variants"] = json!([]), "variants", "0", "from 1 to 64 policies"),
        (|v| v["variants"] = json!(vec![0; 65]), "variants", "65", "from 1 to 64 policies"),
        (|v| v["variants"] = json!("lru"), "variants", "\"lru\"", "a list such as"),
        (|v| drop(v.as_object_mut().unwrap().remove("variants")), "variants", "null", "a list such as"),
        (|v| v["variants"][1] = json!("lru"), "variants[1].policy", "\"lru\"", "an object such as"),
        (|v| v["variants"][1] = json!({}), "variants[1].policy", "", KNOWN),
        (|v| v["variants"][0]["policy"] = json!("LRU"), "variants[0].policy", "LRU", KNOWN),
        (|v| v["variants"][0]["threshold"] = json!(2), "variants[0].threshold", "2", "no parameters"),
        (|v| v["variants"][1]["threshold"] = json!(7), "variants[1].threshold", "7", "from 1 to 3"),
        (|v| v["variants"][1]["threshold"] = json!({}), "variants[1].threshold", "{}", "from 1 to 3"),
        (|v| v["variants"][1]["capacity"] = json!(0), "variants[1].capacity", "0", number),
        (|v| drop(v.as_object_mut().unwrap().remove("workload")), "workload", "null", "an object such as"),
        (|v| v["workload"] = json!("zipf"), "workload", "\"zipf\"", "an object such as"),
        (|v| v["workload"] = json!({ "trace": "../x" }), "workload", "../x", "one of the recorded traces"),
        (|v| v["workload"] = json!({ "file": 3 }), "workload.file", "3", "the name of a file"),
        (
            |v| v["workload"] = json!({ "file": "a", "colum": 2 }),
            "workload.colum",
            "2",
            "one of file, column",
        ),
        (|v| v["workload"] = json!({ "file": "a", "header": 2 }), "workload.header", "2", "true or false"),
        (
            |v| v["workload"] = json!({ "file": "a", "column": [] }),
            "workload.column",
            "[]",
            "a column's number",
        ),
        (
            |v| v["workload"] = json!({ "file": "a", "column": 0 }),
            "workload.column",
            "0",
            "a column's number",
        ),
        (|v| v["workload"] = json!({ "file": "a", "delimiter": "x" }), "workload.delimiter", "x", "comma"),
        (|v| v["workload"]["zipf"]["skew"] = json!(9), "workload.zipf.skew", "9", SKEW),
        (|v| v["workload"]["zipf"]["keys"] = json!(0), "workload.zipf.keys", "0", "from 1 to 10,000,000"),
        (
            |v| v["workload"] = json!({ "phases": [{ "scan": { "requests": 9 } }, { "loop": { "keys": 3, "requests": 0 } }] }),
            "workload.phases[1].loop.requests",
            "0",
            "from 1 to 20,000,000",
        ),
        (|v| v["workload"] = json!({ "zip": {} }), "workload", "{\"zip\":{}}", "a stream such as"),
        (|v| v["workload"] = json!({ "scan": {} }), "workload", "{\"scan\":{}}", "missing field `requests`"),
        (|v| v["workload"] = json!({ "keys": "" }), "workload", "{\"keys\":\"\"}", "at least one key"),
        (|v| v["workload"] = json!({}), "workload", "{}", "a stream such as"),
    ];
    for (change, field, value, allowed) in cases {
        check(&scenario(change), field, value, allowed);
    }
    let mut nested = json!({ "scan": { "requests": 9 } });
    for _ in 0..40 {
        nested = json!({ "phases": [nested] });
    }
    let refusal = Scenario::from_json(&scenario(|v| v["workload"] = nested)).unwrap_err();
    assert!(refusal.field == "workload" && refusal.allowed.contains("three deep"), "{refusal}");
}

#[test]
fn what_json_leaves_out_has_its_usual_value() {
    let text = scenario(|value| drop(value.as_object_mut().unwrap().remove("seed")));
    assert_eq!(Scenario::from_json(&text).unwrap().seed(), 1);
    let text = scenario(|value| value["capacity"] = json!("12"));
    assert_eq!(Scenario::from_json(&text).unwrap().query().get("capacity"), Some("12"));
}

fn columns() -> impl Strategy<Value = Columns> {
    let name = prop_oneof!["[a-z]{1,6}", "[0-9]{1,3}", "[ -~ä]{1,6}", Just("true".to_owned())];
    let column = prop_oneof![(1..9_u32).prop_map(Column::Number), name.prop_map(Column::Name)];
    let delimiter = prop::option::of(prop::sample::select(&Delimiter::ALL[..]));
    (prop::option::of(column), prop::option::of(any::<bool>()), delimiter)
        .prop_map(|(column, header, delimiter)| Columns { column, header, delimiter })
        .prop_filter("a choice that some file satisfies", |columns| columns.check().is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scenarios_are_read_as_they_were_written(scenario in scenarios::scenario()) {
        let query = scenario.query();
        let fragment = Link { lab: "eviction".to_owned(), query: query.clone() }.to_string();
        prop_assert!(fragment.bytes().all(|b| b.is_ascii_graphic()), "{}", fragment);
        let link = Link::parse(&fragment);
        prop_assert_eq!((&link.lab, &link.query), (&"eviction".to_owned(), &query));
        let (read, refusals) = Scenario::from_query(&link.lab, &link.query);
        prop_assert_eq!((&read, refusals), (&scenario, vec![]), "{}", fragment);
        let read = Scenario::from_json(&scenario.json());
        prop_assert_eq!(read.as_ref(), Ok(&scenario));
        prop_assert_eq!(read.unwrap().origin(), scenario.origin());
    }

    #[test]
    fn files_are_read_as_they_were_written(name in "[ -~ä]{0,20}", columns in columns()) {
        let workload = Workload::File { name, columns };
        let text = workload.to_string();
        prop_assert_eq!(Workload::parse(&text), Ok(workload.clone()), "{}", text);
        prop_assert_eq!(Workload::from_json(&workload.json()), Ok(workload.clone()));
        let mut query = Query::default();
        query.set("workload", &workload);
        let query = Query::parse(&query.to_string());
        let (scenario, _) = Scenario::from_query("eviction", &query);
        prop_assert_eq!(scenario.workload(), Some(&workload));
    }

    #[test]
    fn queries_are_read_as_they_were_written(
        pairs in prop::collection::vec(("[ -~äé\n]{1,6}", "[ -~ä\n]{0,8}"), 0..6),
        lab in "[a-z0-9-]{0,8}",
    ) {
        let mut query = Query::default();
        pairs.iter().for_each(|(name, value)| query.set(name, value));
        let link = Link { lab, query };
        prop_assert_eq!(Link::parse(&link.to_string()), link);
    }

    #[test]
    fn no_text_breaks_a_reader(text in "\\PC{0,60}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        for text in [text, String::from_utf8_lossy(&bytes).into_owned()] {
            let link = Link::parse(&text);
            let (scenario, _) = Scenario::from_query(&link.lab, &link.query);
            prop_assert!(!scenario.variants().is_empty());
            let _ = Scenario::from_query("eviction", &Query::parse(&text));
            let _ = Scenario::from_json(&text);
            let _ = Workload::parse(&text);
        }
    }

    #[test]
    fn no_almost_right_text_breaks_a_reader(
        pieces in prop::collection::vec(
            prop::sample::select(&[
                "policies=", "workload=", "capacity=", "seed=", "lru", "s3-fifo", ":capacity=", ":threshold=", ",",
                ":", ";", "|", "*", "@", "=", "&", "~", "%", "%C3", "zipf", "scan", "hot", "keys:", "file:", "trace:",
                "0", "1", "9", "-1", "1e9", "0.5", "NaN", "4294967296", "column=", "header=", "delimiter=", "\"", "ä",
            ][..]),
            0..14,
        ),
    ) {
        let text = pieces.concat();
        let (scenario, _) = read(&text);
        prop_assert_eq!(read(&scenario.query().to_string()), (scenario, vec![]));
        if let Ok(workload) = Workload::parse(&text) {
            prop_assert_eq!(Workload::parse(&workload.to_string()), Ok(workload));
        }
    }

    #[test]
    fn no_almost_right_json_breaks_the_reader(at in any::<prop::sample::Index>(), put in "[\\[\\]{}\",:0-9a-z]{0,2}") {
        let text = scenario(|_| ());
        let at = at.index(text.len());
        let _ = Scenario::from_json(&format!("{}{put}{}", &text[..at], &text[at + 1..]));
    }
}

#[test]
fn presets_are_taken_whole() {
    for lab in LABS.iter().map(|entry| entry.about) {
        for preset in lab.presets {
            let (scenario, refusals) = Scenario::from_query(lab.id, &Query::parse(preset.query));
            assert!(refusals.is_empty(), "{}: {refusals:?}", preset.name);
            if lab.id == "eviction" {
                assert_eq!(
                    scenario.query().to_string(),
                    preset.query,
                    "{} is not written in full",
                    preset.name
                );
            }
            let again = Scenario::from_query(lab.id, &Query::parse(&scenario.query().to_string()));
            assert_eq!(again, (scenario.clone(), vec![]), "{}", preset.name);
            assert_eq!(Scenario::from_json(&scenario.json()), Ok(scenario.clone()), "{}", preset.name);
            assert_eq!(scenario.about(), lab);
            assert!(preset.point.ends_with('.') && !preset.name.ends_with('.'));
        }
    }
}

/// Values that `field` says it takes: its ends and its present one.
fn values(field: &Field) -> Vec<String> {
    match &field.input {
        Input::Whole { least, most } => vec![least.to_string(), field.value.clone(), most.to_string()],
        Input::Fraction { least, most } => vec![least.to_string(), field.value.clone(), most.to_string()],
        Input::Words(words) => words.iter().map(|(id, _)| id.to_string()).collect(),
        Input::Text | Input::Lines { .. } => vec![field.value.clone()],
    }
}

#[test]
fn forms_set_what_they_show() {
    let base = read("").0;
    let sources = base.form().sources;
    assert_eq!(sources.iter().map(|source| source.id).collect::<Vec<_>>(), ["workload"]);
    let kinds = sources.into_iter().flat_map(|source| source.pick.options).collect::<Vec<_>>();
    assert_eq!(kinds.len(), 10);
    for kind in kinds {
        let workload = Workload::parse(kind.text).unwrap_or_else(|refusal| panic!("{}: {refusal}", kind.id));
        let pick = workload.pick();
        assert_eq!(pick.choice, kind.id, "{}", kind.text);
        for field in &pick.fields {
            assert!(!field.value.is_empty(), "{} of {}", field.id, kind.id);
            assert_eq!(workload.with(field.id, &field.value), workload.to_string(), "{}", field.id);
            for value in values(field) {
                let text = workload.with(field.id, &value);
                // Fewer keys than are in use at a time, and the other way round, are no stream.
                let bound = matches!((kind.id, field.id), ("drift" | "hot", "keys" | "working-set" | "hot"));
                match Workload::parse(&text) {
                    Ok(changed) => {
                        let set = changed.pick().fields.into_iter().find(|set| set.id == field.id).unwrap();
                        assert_eq!(set.value, value, "{text}");
                    }
                    Err(refusal) => assert!(bound, "{text}: {refusal}"),
                }
            }
        }
    }
    let keys = Workload::parse("keys:A").unwrap();
    assert_eq!(keys.with("typed", "a b|c"), "keys:a,b~7Cc");
    let part = Workload::parse("scan:9@100").unwrap();
    assert_eq!(part.with("requests", "12"), "scan:12@100");
}

#[test]
fn forms_list_every_policy_and_set_its_parameters() {
    for entry in POLICIES {
        let about = entry.about;
        let (scenario, _) = read(&format!("policies={},{}:capacity=3", about.id, about.id));
        let form = scenario.form();
        let listed: Vec<&str> = form.variants.each[0].options.iter().map(|option| option.id).collect();
        assert_eq!(listed.join(", "), KNOWN);
        assert_eq!(scenario.sources(0), [about.file]);
        assert!(scenario.sources(2).is_empty());
        for (at, pick) in form.variants.each.iter().enumerate() {
            assert_eq!((pick.choice, pick.fields.len()), (about.id, about.parameters.len() + 1));
            for field in &pick.fields {
                for value in values(field) {
                    let text = scenario.variant_with(at, field.id, &value);
                    let changed = scenario.with("policies", &text).unwrap();
                    let pick = changed.form().variants.each.swap_remove(0);
                    let set = pick.fields.into_iter().find(|set| set.id == field.id).unwrap();
                    assert_eq!(set.value, value, "{text}");
                }
            }
            assert_eq!(scenario.variant_with(at, "capacity", ""), about.id);
        }
        assert_eq!(scenario.variant_with(9, "capacity", "3"), "");
    }
    for field in read("").0.form().fields {
        for value in values(&field) {
            let changed = read("").0.with(field.id, &value).unwrap();
            assert_eq!(changed.query().get(field.id), Some(value.as_str()));
        }
    }
}
