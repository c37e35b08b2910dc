//! What people read: numbers, lists, and a sentence for everything that a policy can do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

mod scenarios;

mod texts;

use proptest::prelude::*;
use sluice::cache::POLICIES;
use sluice::lab::{Difference, Lab, Moment, Part, Query, Scenario, Workload, words};
use std::collections::BTreeSet;
use texts::text_of;

#[test]
fn numbers_are_written_as_stated() {
    for (number, text) in [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1_000, "1,000"),
        (12_345, "12,345"),
        (1_108_195, "1,108,195"),
        (u64::MAX, "18,446,744,073,709,551,615"),
    ] {
        assert_eq!(words::count(number), text);
    }
    for (number, text) in [(0, "0 requests"), (1, "1 request"), (2, "2 requests"), (2_000, "2,000 requests")]
    {
        assert_eq!(words::counted(number, "request", "requests"), text);
    }
    for (ratio, text) in [(0.0, "0.0 %"), (1.0, "100.0 %"), (0.481, "48.1 %"), (0.0004, "0.0 %")] {
        assert_eq!(words::percent(ratio), text);
    }
    for (value, text) in [
        (0.0, "0"),
        (2.0, "2"),
        (0.5, "0.5"),
        (2.71, "2.71"),
        (6.2599, "6.26"),
        (100.0, "100"),
        (1_000.5, "1000.5"),
        (-1.25, "-1.25"),
        (0.999, "1"),
        (-0.001, "0"),
        (-0.0, "0"),
    ] {
        assert_eq!(words::number(value), text, "{value}");
    }
}

#[test]
fn seconds_are_written_as_stated() {
    for (value, text) in [
        (0.0, "0 s"),
        (0.34, "340 ms"),
        (0.0025, "2.50 ms"),
        (2.5, "2.50 s"),
        (59.96, "60.0 s"),
        (599.0, "599 s"),
        (600.0, "10.0 min"),
        (11_520.0, "192 min"),
        (36_000.0, "10.0 h"),
    ] {
        assert_eq!(words::seconds(value), text, "{value}");
    }
}

#[test]
fn lists_are_written_as_stated() {
    for (things, text) in [
        (&[][..], ""),
        (&["A"], "A"),
        (&["A", "B"], "A and B"),
        (&["A", "B", "C"], "A, B and C"),
        (&["A", "B", "C", "D"], "A, B, C and D"),
        (&["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
        (&["A"; 1_003], "A, A, A and 1,000 more"),
    ] {
        assert_eq!(words::list(things), text);
    }
}

fn read(query: &str) -> Scenario {
    let (scenario, refusals) = Scenario::from_query("eviction", &Query::parse(query));
    assert!(refusals.is_empty(), "{query}: {refusals:?}");
    scenario
}

fn lab(scenario: &Scenario) -> Box<dyn Lab> {
    let Some(Workload::Stream(stream)) = scenario.workload() else {
        panic!("the requests are not generated")
    };
    scenario.lab(&stream.generate(scenario.seed()), 0)
}

fn moments(scenario: &Scenario) -> Vec<Moment> {
    let mut lab = lab(scenario);
    std::iter::from_fn(|| lab.step()).collect()
}

/// What holds of every sentence that is shown.
fn check_sentence(sentence: &str, objects: &BTreeSet<String>) {
    let fine = sentence.starts_with(char::is_uppercase)
        || objects.iter().any(|object| sentence.starts_with(object.as_str()));
    assert!(fine, "it starts like no sentence: {sentence}");
    assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "it does not end: {sentence}");
    for wrong in ["{", "}", "  ", " .", " ,", " :", ":.", ",.", "NaN"] {
        assert!(!sentence.contains(wrong), "“{wrong}” in: {sentence}");
    }
}

/// Of several objects the headline tells in one sentence; the reason is the same.
fn same_beginning(one: &str, all: &str) -> bool {
    let first = |text: &str| text.split([' ', ',']).next().map(str::to_owned);
    first(one) == first(all)
}

fn check_part(part: &Part, objects: &BTreeSet<String>) {
    let sentences = part.sentences();
    assert!(!sentences.is_empty(), "{} gives no reason", part.variant);
    sentences.iter().for_each(|sentence| check_sentence(sentence, objects));
    let (headline, rest) = part.headline();
    let main = Part { because: part.main().cloned().into_iter().collect(), ..part.clone() };
    assert!(same_beginning(&main.sentences()[0], &headline), "{headline} does not tell of {:?}", part.main());
    let at = sentences.iter().position(|sentence| *sentence == headline).unwrap();
    let mut others = sentences.clone();
    others.remove(at);
    assert_eq!(others, rest, "the headline and the rest are not the whole");
    let leaves = |sentence: &str| sentence.contains(" leaves") || sentence.contains(" leave");
    if part.outcome == 2 {
        assert!(leaves(&headline), "something left, and the headline is: {headline}");
    }
}

/// Reads every sentence of a run, and gives back the rules that were told.
fn check_run(scenario: &Scenario) -> BTreeSet<(usize, &'static str)> {
    let moments = moments(scenario);
    let objects: BTreeSet<String> = moments.iter().map(|moment| moment.subject.clone()).collect();
    let mut told = BTreeSet::new();
    for moment in &moments {
        for (at, part) in moment.parts.iter().enumerate() {
            check_part(part, &objects);
            told.extend(part.because.iter().map(|because| (at, because.place().rule)));
        }
        if let Some(difference) = &moment.difference {
            let Difference::Kept { object, kept, lost } = difference else { panic!("{difference:?}") };
            assert_eq!(*object, moment.subject);
            let sentence = difference.sentence();
            for piece in sentence.split_inclusive(". ") {
                assert!(!piece.contains("{}") && !piece.contains("  "), "{sentence}");
            }
            assert!(sentence.ends_with('.'), "{sentence}");
            assert_eq!(kept.len() + lost.len(), moment.parts.len());
        }
        let hits = moment.parts.iter().filter(|part| part.outcome == 0).count();
        assert_eq!(moment.difference.is_some(), hits > 0 && hits < moment.parts.len());
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sentences_read_well_under_any_traffic(scenario in scenarios::scenario()) {
        check_run(&scenario);
    }
}

#[test]
fn every_rule_of_every_policy_reads_well_and_has_its_lines() {
    for entry in POLICIES {
        let about = entry.about;
        let mut told = BTreeSet::new();
        for capacity in [1, 2, 4, 10] {
            for workload in [
                "zipf:0.8:30:600;scan:40@30;zipf:0.8:30:300",
                "hot:40:6:90:60:900",
                "drift:30:6:5:300;zipf:1.2:30:300;loop:11:200",
                "uniform:12:600",
                "loop:5:100",
                "keys:A,A,B,C,D,E,A,B,F,A,A,G,H,B,A",
            ] {
                let mut variants = vec![about.id.to_owned()];
                for parameter in about.parameters {
                    let sluice::catalogue::Range::Whole { least, most, .. } = parameter.range else {
                        continue;
                    };
                    variants
                        .extend([least, most].map(|value| format!("{}:{}={value}", about.id, parameter.id)));
                }
                for variants in variants.chunks(4) {
                    let query =
                        format!("policies={}&capacity={capacity}&workload={workload}", variants.join(","));
                    told.extend(check_run(&read(&query)).into_iter().map(|(_, rule)| rule));
                }
            }
        }
        let lines: Vec<&str> = text_of(about.file).lines().collect();
        for rule in about.rules {
            assert!(told.contains(rule.name), "{}: {} was never told", about.id, rule.name);
            let place = sluice::lab::Place { function: rule.place, rule: rule.name };
            let function = place.function_lines(&lines).unwrap_or_else(|| panic!("{}: {place:?}", about.id));
            assert!(lines[function.start].contains(&format!("fn {}(", rule.place)));
            let (open, close) = lines[function.clone()].iter().fold((0, 0), |(open, close), line| {
                (open + line.matches('{').count(), close + line.matches('}').count())
            });
            assert!(open == close && open > 0, "{}: fn {} is cut off", about.id, rule.place);
            let deciding = place.deciding_lines(&lines);
            assert!(!deciding.is_empty(), "{}: {} decides in no line", about.id, rule.name);
            for line in deciding {
                assert!(function.contains(&line) && lines[line].contains(&format!("&{}", rule.name)));
            }
        }
    }
}

#[test]
fn what_one_rule_did_to_several_is_one_sentence() {
    let scenario = read("policies=clock&capacity=3&workload=keys:A,B,C,A,B,C,D");
    let last = moments(&scenario).pop().unwrap();
    let (headline, rest) = last.parts[0].headline();
    assert!(headline.starts_with("A leaves: "), "{headline}");
    assert_eq!(rest.len(), 2, "{rest:?}");
    assert!(rest[0].starts_with("A, B and C lose their marks: "), "{rest:?}");
    assert!(rest[1].starts_with("D enters "), "{rest:?}");
}

#[test]
fn nothing_told_is_an_empty_headline() {
    let part = Part { variant: "LRU".to_owned(), outcome: 0, because: Vec::new() };
    assert_eq!((part.headline(), part.sentences()), ((String::new(), Vec::new()), Vec::new()));
}

/// A is asked for twice, then four keys pass: LRU lets A go for the third of them, SIEVE keeps it.
#[test]
fn a_difference_names_the_request_and_the_rule() {
    let scenario = read("policies=lru,sieve&capacity=3&workload=keys:A,A,B,C,D,E,A");
    let moments = moments(&scenario);
    assert!(moments[..6].iter().all(|moment| moment.difference.is_none()));
    let difference = moments[6].difference.as_ref().unwrap();
    let Difference::Kept { object, kept, .. } = difference else { panic!("{difference:?}") };
    assert_eq!((object.as_str(), &kept[..]), ("A", &["SIEVE".to_owned()][..]));
    let rule = POLICIES[1].about.rules.iter().find(|rule| rule.place == "evict").unwrap();
    assert_eq!(
        difference.sentence(),
        format!("LRU let A go at request 5: {}. SIEVE still has it.", rule.says)
    );
}

/// X is not worth its place to the optimum, because A is asked for again before it.
#[test]
fn a_difference_tells_who_never_let_it_in() {
    let scenario = read("policies=opt-bypass:capacity=1,lru:capacity=3&workload=keys:A,X,A,X");
    let last = moments(&scenario).pop().unwrap().difference.unwrap();
    let expected = "OPT (bypass allowed), capacity 1 did not let X in. LRU, capacity 3 still has it.";
    assert_eq!(last.sentence(), expected);
}
