//! Random scenarios of the eviction lab, as the query of a link would carry them.

use proptest::prelude::*;
use sluice::cache::{Entry, POLICIES};
use sluice::catalogue::Range;
use sluice::lab::{Query, Scenario};
use sluice::trace::stream::{Stream, Words};

/// Any scenario that a link can carry, with generated requests.
pub fn scenario() -> impl Strategy<Value = Scenario> {
    let variants = prop::collection::vec(variant(), 1..=4);
    (variants, 1..=12_u32, workload(), any::<u64>()).prop_map(|(variants, capacity, workload, seed)| {
        let mut query = Query::default();
        query.set("policies", variants.join(","));
        query.set("capacity", capacity);
        query.set("workload", &workload);
        query.set("seed", seed);
        let (scenario, refusals) = Scenario::from_query("eviction", &query);
        assert!(refusals.is_empty(), "{query}: {refusals:?}");
        scenario
    })
}

/// Any policy with any of its parameters set to anything that is allowed.
pub fn variant() -> impl Strategy<Value = String> {
    let chosen = prop::collection::vec(any::<Option<u32>>(), 4);
    let capacity = prop_oneof![3 => Just(None), 1 => (1..=12_u32).prop_map(Some)];
    (prop::sample::select(POLICIES), chosen, capacity).prop_map(|(entry, chosen, capacity)| {
        let mut text = with_parameters(&entry, &chosen);
        text.extend(capacity.map(|capacity| format!(":capacity={capacity}")));
        text
    })
}

fn with_parameters(entry: &Entry, chosen: &[Option<u32>]) -> String {
    let mut text = entry.about.id.to_owned();
    for (parameter, choice) in entry.about.parameters.iter().zip(chosen) {
        let Some(choice) = choice else { continue };
        let value = match parameter.range {
            Range::Whole { least, most, .. } => (least + choice % (most - least + 1)).to_string(),
            Range::Number { .. } | Range::Limit { .. } | Range::Seconds { .. } => continue,
            Range::Choice(words) => words[*choice as usize % words.len()].to_owned(),
        };
        text.push_str(&format!(":{}={value}", parameter.id));
    }
    text
}

/// The link form of a stream: simple, a mix, or phases of both.
pub fn workload() -> impl Strategy<Value = String> {
    let phases = prop::collection::vec(phase(), 2..=4).prop_map(|phases| phases.join(";"));
    prop_oneof![3 => simple(), 2 => phase(), 2 => phases]
}

fn phase() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec((1..=9_u32, simple()), 1..=3);
    let mix = parts.prop_map(|parts| {
        parts.iter().map(|(weight, part)| format!("{weight}*{part}")).collect::<Vec<_>>().join("|")
    });
    prop_oneof![simple(), mix]
}

fn simple() -> impl Strategy<Value = String> {
    let first = prop_oneof![Just(String::new()), (1..=60_u32).prop_map(|first| format!("@{first}"))];
    let numbered = (0..6_usize, 1..=40_u32, 1..=150_u32, any::<u32>(), 1..=60_u32, first).prop_map(
        |(kind, keys, requests, any, every, first)| {
            let (part, percent, skew) = (1 + any % keys, any % 101, f64::from(any % 21) / 10.0);
            match kind {
                0 => format!("zipf:{skew}:{keys}:{requests}{first}"),
                1 => format!("uniform:{keys}:{requests}{first}"),
                2 => format!("scan:{requests}{first}"),
                3 => format!("loop:{keys}:{requests}{first}"),
                4 => format!("drift:{keys}:{part}:{every}:{requests}{first}"),
                _ => format!("hot:{keys}:{part}:{percent}:{every}:{requests}{first}"),
            }
        },
    );
    let word = prop_oneof![4 => "[A-H]", 1 => "[a-c0-9;|*=@~%&#ä中-]{1,4}"];
    let typed = prop::collection::vec(word, 1..=60);
    let typed = typed.prop_map(|words| Stream::Keys(Words::parse(&words.join(" ")).unwrap()).to_string());
    prop_oneof![5 => numbered, 1 => typed]
}
