//! What every listed broker owes to whoever watches it: reasons that exist in its source, stand
//! where they say, and are all given at some time.

#![cfg(test)]

mod texts;

use sluice::catalogue::{About, Parameters, Range, Rule};
use sluice::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use sluice::queue::common::{BROKER_RULES, BROKER_SOURCE, POOL_RULES, POOL_SOURCE};
use sluice::queue::{BROKERS, Entry, Hazards, Heard, Live, Order, Poison, Traffic};
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

/// Every file that has rules: its name, its text, and the rules that are listed of it.
fn files() -> Vec<(&'static str, &'static str, Vec<&'static Rule>)> {
    let brokers =
        BROKERS.iter().map(|entry| (entry.about.file, text_of(entry.about.file), entry.about.rules.to_vec()));
    let common = [(BROKER_SOURCE, BROKER_RULES), (POOL_SOURCE, POOL_RULES)];
    brokers.chain(common.map(|(file, rules)| (file, text_of(file), rules.to_vec()))).collect()
}

#[test]
fn brokers_are_listed_once_and_found_by_name() {
    let ids: BTreeSet<&str> = BROKERS.iter().map(|entry| entry.about.id).collect();
    let names: BTreeSet<&str> = BROKERS.iter().map(|entry| entry.about.name).collect();
    assert_eq!((ids.len(), names.len()), (BROKERS.len(), BROKERS.len()));
    for id in ids {
        assert_eq!(sluice::queue::find(id).map(|entry| entry.about.id), Some(id));
    }
    assert!(sluice::queue::find("SQS").is_none() && sluice::queue::find("").is_none());
}

#[test]
fn each_rule_stands_where_it_says() {
    for (file, source, rules) in files() {
        let mut names = BTreeSet::new();
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

/// Short leases, small bounds and low limits: what a lab sets when something is to be seen.
const TIGHT: &[(&str, &str)] = &[
    ("workers", "2"),
    ("visibility", "3"),
    ("lock", "3"),
    ("min-idle", "3"),
    ("ack-timeout", "3"),
    ("max-receives", "2"),
    ("max-tries", "3"),
    ("max-deliveries", "2"),
    ("delivery-limit", "2"),
    ("max-length", "4"),
    ("bound", "3"),
    ("prefetch", "1"),
    ("batch", "2"),
    ("ttl", "20"),
    ("retention", "60"),
    ("lines", "3"),
];

/// What else a setting may be, beside [`TIGHT`].
const VARIED: &[(&str, &str)] = &[
    ("workers", "1"),
    ("visibility", "0"),
    ("visibility", "600"),
    ("max-receives", "none"),
    ("max-tries", "none"),
    ("max-deliveries", "none"),
    ("max-deliveries", "30"),
    ("max-length", "none"),
    ("max-length", "1"),
    ("bound", "none"),
    ("ttl", "4"),
    ("lines", "none"),
    ("retry-delay", "1"),
    ("retry-delay", "90"),
    ("delay", "2"),
];

/// What must be set together for a rule to be told at all.
const TOGETHER: &[&[(&str, &str)]] =
    &[&[("on-failure", "reject"), ("dead-letter", "back"), ("retry-delay", "1"), ("max-tries", "none")]];

/// The settings of `about`: with little room, then each word of a choice in its turn, all of these
/// and [`VARIED`] in pairs, and [`TOGETHER`].
fn settings(about: &About) -> Vec<Parameters> {
    let has = |id: &str, value: &str| {
        let found = about.parameters.iter().find(|parameter| parameter.id == id);
        found.is_some_and(|parameter| parameter.range.parse(value).is_some())
    };
    let varied = VARIED.iter().copied();
    let words = about.parameters.iter().flat_map(|parameter| match parameter.range {
        Range::Choice(words) => words.iter().map(|word| (parameter.id, *word)).collect(),
        _ => Vec::new(),
    });
    let one_at_a_time: Vec<(&str, &str)> = varied.chain(words).filter(|(id, value)| has(id, value)).collect();
    let tight = || TIGHT.iter().filter(|(id, value)| has(id, value));
    let mut all = vec![Parameters::new(about, []).unwrap()];
    let together = TOGETHER.iter().filter(|given| given.iter().all(|(id, value)| has(id, value)));
    all.extend(together.map(|given| Parameters::new(about, tight().chain(*given).copied()).unwrap()));
    for (at, first) in one_at_a_time.iter().enumerate() {
        for second in &one_at_a_time[at..] {
            let given = tight().chain([first, second]).copied();
            all.push(Parameters::new(about, given).unwrap());
        }
    }
    all
}

/// What goes wrong, by name: each time something else.
fn hazards() -> Vec<Hazards> {
    let usual = Hazards { seed: 5, restart: Span::from_seconds(4.0), ..Hazards::default() };
    let poison = |does| Hazards { poison: [3, 7, 8].into(), poison_does: does, ..usual.clone() };
    let struck = [(Time::from_seconds(2.5), 0), (Time::from_seconds(9.2), 1), (Time::from_seconds(30.0), 0)];
    vec![
        usual.clone(),
        Hazards { fail: 0.4, ..usual.clone() },
        Hazards { crash: 0.3, ..usual.clone() },
        Hazards { crash: 0.3, crash_late: true, ..usual.clone() },
        Hazards { crashes: struck.into(), slow: [(1, 8.0)].into(), ..usual.clone() },
        Hazards { slow: [(0, 8.0), (1, 8.0)].into(), fail: 0.5, ..usual.clone() },
        poison(Poison::Fail),
        poison(Poison::Crash),
        poison(Poison::Hang),
    ]
}

/// What is heard in a run, with the numbers of the rules' figures.
fn run(entry: &Entry, parameters: &Parameters, hazards: &Hazards) -> Vec<Heard> {
    let order = Order {
        traffic: Traffic {
            arrivals: Arrivals::new(&Pattern::OnOff { rate: 3.0, on: 6.0, off: 4.0 }).unwrap(),
            work: Distribution::new(Shape::Exponential { mean: 0.8 }).unwrap(),
            messages: 40,
            groups: 3,
            urgent: 0.2,
            patience: Some(Distribution::new(Shape::Exponential { mean: 25.0 }).unwrap()),
            seed: 2,
        },
        hazards: hazards.clone(),
        redrive: Some((Time::from_seconds(40.0), 1.0)),
        parameters: parameters.clone(),
    };
    let (mut system, mut live, mut heard) = ((entry.build)(&order), Live::default(), Vec::new());
    for _ in 0..1_000 {
        if system.next_time().is_none() {
            break;
        }
        system.step(&mut live, &mut heard);
    }
    heard
}

/// A rule as the test knows it: two files may have one of the same name.
type Told = BTreeMap<&'static str, BTreeSet<&'static str>>;

#[test]
fn rules_told_are_the_rules_listed() {
    let mut told = Told::new();
    for entry in BROKERS {
        let id = entry.about.id;
        for parameters in settings(entry.about) {
            for hazards in hazards() {
                for Heard { rule, figure, .. } in run(entry, &parameters, &hazards) {
                    let lists = [(id, entry.about.rules), ("broker", BROKER_RULES), ("pool", POOL_RULES)];
                    let list = lists.iter().find(|(_, rules)| rules.contains(&rule));
                    let Some((list, _)) = list else { panic!("{id} tells {} without listing it", rule.name) };
                    assert!(
                        !rule.says.contains("{}") || figure.is_some(),
                        "{id}: {} lacks its figure",
                        rule.name
                    );
                    told.entry(*list).or_default().insert(rule.name);
                }
            }
        }
    }
    let brokers = BROKERS.iter().map(|entry| (entry.about.id, entry.about.rules));
    for (list, rules) in brokers.chain([("broker", BROKER_RULES), ("pool", POOL_RULES)]) {
        let listed: BTreeSet<&str> = rules.iter().map(|rule| rule.name).collect();
        assert_eq!(told[list], listed, "{list}");
    }
}
