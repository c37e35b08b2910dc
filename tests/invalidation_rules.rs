//! What every listed strategy owes to whoever watches it: reasons that exist in its source, stand where
//! they say, and are all given at some time.

#![cfg(test)]

mod invalidation;
mod texts;

use invalidation::{heard, rough, settings, system};
use sluice::catalogue::{Figure, Rule};
use sluice::invalidation::{COMMON, Change, Heard, INVALIDATION, Listed, SYSTEM, Who, all, find};
use sluice::kernel::Random;
use std::collections::{BTreeMap, BTreeSet};
use texts::text_of;

/// The text between the braces of `fn name`, wherever it is defined with a body.
fn bodies<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    let heads = [format!("fn {name}("), format!("fn {name}<")];
    let starts = heads.iter().flat_map(|head| source.match_indices(head.as_str()).map(|(at, _)| at));
    starts.filter_map(|start| body(source, start)).collect()
}

fn body(source: &str, start: usize) -> Option<&str> {
    let open = start + source[start..].find('{')?;
    let mut depth = 0;
    for (at, letter) in source[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&source[open..=open + at]);
        }
    }
    None
}

/// Whether `text` contains `&name` as a whole word.
fn applies(text: &str, name: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let reference = format!("&{name}");
    text.match_indices(&reference).any(|(at, _)| !text[at + reference.len()..].starts_with(word))
}

/// Every strategy, once.
fn strategies() -> impl Iterator<Item = &'static Listed> {
    let mut seen = BTreeSet::new();
    all().filter(move |listed| seen.insert(listed.about.id))
}

/// Every file that has rules, once, and its rules.
fn files() -> BTreeMap<&'static str, &'static [&'static Rule]> {
    let own = strategies().map(|listed| (listed.about.file, listed.about.rules));
    own.chain(COMMON.iter().copied()).chain(SYSTEM).collect()
}

#[test]
fn strategies_are_found_by_name() {
    let names: BTreeSet<&str> = strategies().map(|listed| listed.about.name).collect();
    assert_eq!(names.len(), strategies().count());
    for listed in strategies() {
        assert_eq!(find(listed.about.id).map(|found| found.about.file), Some(listed.about.file));
        let why = listed.why;
        for says in [why.stale, why.read, why.write, why.lost] {
            assert!(!says.is_empty() && !says.ends_with('.'), "{}: {says}", listed.about.id);
        }
    }
    assert_eq!(INVALIDATION[0].about.id, "ttl");
    assert!(find("TTL").is_none() && find("").is_none());
}

#[test]
fn each_rule_stands_where_it_says() {
    for (file, rules) in files() {
        let (source, mut names) = (text_of(file), BTreeSet::new());
        for Rule { name, place, says } in rules {
            let places = bodies(source, place);
            assert!(!places.is_empty(), "{file} has no fn {place}");
            assert!(
                places.iter().any(|place| applies(place, name)),
                "{file}: {name} is not applied in {place}"
            );
            assert!(source.contains(&format!("const {name}: Rule")), "{file}: {name}");
            assert!(names.insert(name), "{file} lists {name} twice");
            assert!(!says.ends_with('.') && !says.is_empty(), "{file}: {says}");
        }
        assert_eq!(source.matches(": Rule =").count(), names.len(), "{file} has a rule that is not listed");
    }
}

/// Rules of a change of form that comes too early, which chance hardly ever brings about:
/// `invalidation_robust.rs` does.
const SPARE: [&str; 2] = ["TOO_NEW", "FAILS"];

#[test]
fn rules_told_are_the_rules_listed() {
    const WORLDS: u64 = 200;
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for seed in 0..WORLDS {
        let mut random = Random::new(seed);
        let world = rough(&mut random);
        for listed in strategies() {
            let about = listed.about;
            let files = [(about.file, about.rules)].into_iter().chain(COMMON.iter().copied()).chain(SYSTEM);
            let files: Vec<_> = files.collect();
            for heard in heard(&world, &settings(about, &mut random)).0 {
                let rule = heard.rule;
                let file = files.iter().find(|(_, rules)| rules.contains(&rule));
                let Some((file, _)) = file else { panic!("{} tells {} unlisted", about.id, rule.name) };
                let figure = heard.figure != Figure::None;
                assert!(!rule.says.contains("{}") || figure, "{file}: {} lacks its figure", rule.name);
                told.entry(file).or_default().insert(rule.name);
            }
        }
    }
    for (file, rules) in files() {
        let told = told.remove(file).unwrap_or_default();
        let missing = rules.iter().map(|rule| rule.name).filter(|name| !told.contains(name));
        let missing: Vec<&str> = missing.filter(|name| !SPARE.contains(name)).collect();
        assert!(missing.is_empty(), "{file}: never told: {missing:?}");
    }
}

/// Whoever draws a cache finds the key behind every name, whatever a strategy makes of names.
#[test]
fn the_key_behind_a_name_is_known() {
    const WORLDS: u64 = 20;
    for seed in 0..WORLDS {
        let mut random = Random::new(seed);
        let world = rough(&mut random);
        for listed in strategies() {
            let text = settings(listed.about, &mut random);
            let (mut system, mut heard) = (system(&world, &text), Vec::new());
            while system.next_time().is_some() {
                heard.clear();
                system.happen(&mut heard);
                for Heard { who, change, .. } in &heard {
                    if let (Who::Operation(operation), Change::Kept { .. }) = (who, change) {
                        let (name, key) = (operation.name, operation.key);
                        assert_eq!(system.strategy().key_of(name), key, "{text}: name {name}");
                    }
                }
            }
        }
    }
}
