//! What every listed policy owes to whoever watches it: reasons that exist in its source, are all
//! given at some time, and add up to exactly what the picture shows.

#![cfg(test)]

mod texts;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sluice::cache::{
    About, Anatomy, Badge, Because, Cache, Change, Departures, Entry, Mark, Outcome, POLICIES, Parameters,
    Range, Setup, Slot, find,
};
use sluice::kernel::Random;
use sluice::trace::Key;
use std::rc::Rc;
use texts::text_of;

const KEYS: u32 = 40;

/// Streams of different kinds, always the same: skewed, even, in a loop, and a change of taste.
fn streams() -> Vec<Rc<[Key]>> {
    let mut dice = Random::new(7);
    let mut skewed = |length| {
        let mut key = || dice.below(KEYS).min(dice.below(KEYS)).min(dice.below(KEYS));
        (0..length).map(|_| Key(key())).collect::<Vec<Key>>()
    };
    let (short, long, taste) = (skewed(60), skewed(800), skewed(600));
    let even = (0..600).map(|_| Key(dice.below(KEYS))).collect();
    let round = (0..300).map(|at| Key(at % 9)).collect();
    let changed = taste.iter().copied().chain(taste.iter().map(|key| Key(KEYS - 1 - key.0))).collect();
    [short, long, even, round, changed].into_iter().map(Rc::from).collect()
}

/// The defaults of `about`, then each parameter at its ends with the others at their defaults.
fn settings(about: &About) -> Vec<Parameters> {
    let ends = about.parameters.iter().flat_map(|parameter| match parameter.range {
        Range::Whole { least, most, .. } => {
            vec![(parameter.id, least.to_string()), (parameter.id, most.to_string())]
        }
        Range::Choice(words) => words.iter().map(|word| (parameter.id, (*word).to_owned())).collect(),
        other => vec![(parameter.id, other.default().to_string())],
    });
    let given = ends.map(|(id, value)| Parameters::new(about, [(id, value.as_str())]).unwrap());
    [Parameters::new(about, []).unwrap()].into_iter().chain(given).collect()
}

/// Calls `check` for every policy, with every stream, several capacities and settings.
fn for_each_run(mut check: impl FnMut(&'static Entry, &Setup)) {
    let streams = streams();
    for entry in POLICIES {
        for (at, parameters) in settings(entry.about).into_iter().enumerate() {
            for future in &streams {
                let capacities: &[usize] = if at == 0 { &[1, 2, 3, 4, 7, 16, 50] } else { &[2, 16] };
                for &capacity in capacities {
                    let parameters = parameters.clone();
                    check(
                        entry,
                        &Setup {
                            capacity,
                            keys: KEYS as usize,
                            seed: 3,
                            parameters,
                            future: Rc::clone(future),
                        },
                    );
                }
            }
        }
    }
}

/// The reasons of each request, and the cache after it.
fn for_each_step(
    entry: &Entry,
    setup: &Setup,
    mut check: impl FnMut(usize, Outcome, &[Because], &dyn Cache),
) {
    let mut cache = (entry.build)(setup);
    let mut departures = Departures::new(setup.keys);
    let mut because = Vec::new();
    for (at, key) in setup.future.iter().enumerate() {
        because.clear();
        let outcome = cache.step(*key, &mut departures, &mut because);
        check(at, outcome, &because, &*cache);
    }
}

fn shown(cache: &dyn Cache) -> Anatomy {
    let mut anatomy = Anatomy::new(vec![]);
    cache.show(&mut anatomy);
    anatomy
}

/// The keys of a list of slots, with what is noted about each.
fn held(slots: &[Slot]) -> Vec<(u32, Badge)> {
    let key = |slot: &Slot| match slot {
        Slot::Held { key, badge, .. } => Some((key.0, *badge)),
        Slot::Skipped(_) => None,
    };
    slots.iter().filter_map(key).collect()
}

/// The text between the braces of `fn name`.
fn body<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let start = [format!("fn {name}("), format!("fn {name}<")].iter().find_map(|head| source.find(head))?;
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

#[test]
fn policies_are_listed_once_and_found_by_name() {
    let ids: Vec<&str> = POLICIES.iter().map(|entry| entry.about.id).collect();
    let expected = [
        "fifo",
        "lru",
        "mru",
        "random",
        "lfu",
        "clock",
        "sieve",
        "slru",
        "2q",
        "arc",
        "s3-fifo",
        "opt",
        "opt-bypass",
    ];
    assert_eq!(ids, expected);
    let names: BTreeSet<&str> = POLICIES.iter().map(|entry| entry.about.name).collect();
    assert_eq!(names.len(), POLICIES.len());
    for id in ids {
        assert_eq!(find(id).map(|entry| entry.about.id), Some(id));
    }
    assert!(find("LRU").is_none() && find("").is_none());
}

#[test]
fn each_rule_stands_where_it_says() {
    for entry in POLICIES {
        let About { file, rules, .. } = entry.about;
        let source = text_of(file);
        let mut names = BTreeSet::new();
        for rule in *rules {
            let place = body(source, rule.place).unwrap_or_else(|| panic!("{file} has no fn {}", rule.place));
            assert!(applies(place, rule.name), "{file}: {} is not applied in {}", rule.name, rule.place);
            assert!(source.contains(&format!("const {}: Rule", rule.name)), "{file}: {}", rule.name);
            assert!(names.insert(rule.name), "{file} lists {} twice", rule.name);
            assert!(!rule.says.ends_with('.') && !rule.says.is_empty(), "{file}: {}", rule.says);
        }
        let listed = POLICIES.iter().filter(|other| other.about.file == *file);
        let listed: BTreeSet<&str> = listed.flat_map(|other| other.about.rules).map(|r| r.name).collect();
        assert_eq!(source.matches(": Rule =").count(), listed.len(), "{file} has a rule that is not listed");
    }
}

#[test]
fn rules_told_are_the_rules_listed() {
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for_each_run(|entry, setup| {
        for_each_step(entry, setup, |at, _, because, _| {
            let id = entry.about.id;
            assert!(!because.is_empty(), "{id} gives no reason at request {at}");
            for reason in because {
                assert!(entry.about.rules.contains(&reason.rule), "{id} does not list {}", reason.rule.name);
                let filled = reason.rule.says.contains("{}");
                assert!(!filled || reason.number.is_some(), "{id}: {} lacks its number", reason.rule.name);
                told.entry(id).or_default().insert(reason.rule.name);
            }
        });
    });
    for entry in POLICIES {
        let listed: BTreeSet<&str> = entry.about.rules.iter().map(|rule| rule.name).collect();
        assert_eq!(told[entry.about.id], listed, "{}", entry.about.id);
    }
}

/// What somebody knows who heard every change and saw nothing.
#[derive(Default)]
struct Listener {
    /// Where each key is: a segment or a ghost list.
    place: HashMap<u32, &'static str>,
    cached: BTreeSet<u32>,
    /// The last mark or count that was told of each cached key.
    count: HashMap<u32, u32>,
    dial: HashMap<&'static str, f64>,
}

impl Listener {
    fn hear(&mut self, key: u32, change: Change) {
        let here = self.place.get(&key).copied();
        let cached = self.cached.contains(&key);
        match change {
            Change::Stays => assert!(cached),
            Change::Marks(_) | Change::Counts(_) => {
                assert!(cached);
                let count = if let Change::Counts(count) = change {
                    count
                } else {
                    u32::from(change == Change::Marks(true))
                };
                self.count.insert(key, count);
            }
            Change::Enters { into } => {
                assert!(self.cached.insert(key), "{key} enters twice");
                self.place.insert(key, into);
            }
            Change::Moves { from, to } => {
                assert!(cached && here == Some(from), "{key} moves from {from} but is in {here:?}");
                self.place.insert(key, to);
            }
            Change::Leaves { from, remembered } => {
                assert!(self.cached.remove(&key) && here == Some(from), "{key} leaves {from} from {here:?}");
                self.count.remove(&key);
                self.place.remove(&key);
                self.place.extend(remembered.map(|ghosts| (key, ghosts)));
            }
            Change::Forgotten { from } => {
                assert!(!cached && here == Some(from), "{key} is forgotten by {from} but is in {here:?}");
                self.place.remove(&key);
            }
            Change::Bypasses => assert!(!cached),
            Change::Adapts { dial, from, to } => {
                assert_eq!(self.dial.insert(dial, to).unwrap_or(0.0), from, "{dial}");
            }
        }
    }

    /// Compares with the picture, and takes over the count with which an object came in.
    fn compare(&mut self, anatomy: &Anatomy) {
        let mut place = HashMap::new();
        for segment in &anatomy.segments {
            for (key, badge) in held(&segment.slots) {
                assert_eq!(place.insert(key, segment.name), None, "{key} is shown twice");
                assert_eq!(self.cached.contains(&key), !segment.ghost, "{key} in {}", segment.name);
                let count = match badge {
                    _ if segment.ghost => continue,
                    Badge::None => 0,
                    Badge::Marked => 1,
                    Badge::Count(count) => count,
                    Badge::Next(_) => continue,
                };
                assert_eq!(*self.count.entry(key).or_insert(count), count, "the count of {key}");
            }
        }
        assert_eq!(place, self.place);
        for dial in &anatomy.dials {
            assert_eq!(self.dial.get(dial.name).copied().unwrap_or(0.0), dial.value, "{}", dial.name);
            assert!((0.0..=dial.most).contains(&dial.value));
        }
    }
}

#[test]
fn changes_told_add_up_to_what_is_shown() {
    for_each_run(|entry, setup| {
        let mut listener = Listener::default();
        for_each_step(entry, setup, |at, outcome, because, cache| {
            let key = setup.future[at].0;
            assert_eq!(outcome == Outcome::Hit, listener.cached.contains(&key), "{}", entry.about.id);
            because.iter().for_each(|reason| listener.hear(reason.key.0, reason.change));
            listener.compare(&shown(cache));
        });
    });
}

#[test]
fn segments_keep_their_bounds() {
    for_each_run(|entry, setup| {
        for_each_step(entry, setup, |_, _, _, cache| {
            let anatomy = shown(cache);
            let cached: usize = anatomy.segments.iter().filter(|s| !s.ghost).map(|s| s.length).sum();
            assert!(cached <= setup.capacity, "{} holds {cached}", entry.about.id);
            for segment in &anatomy.segments {
                let room = segment.room.unwrap_or(usize::MAX);
                assert!(segment.length <= room, "{}: {}", entry.about.id, segment.name);
                let hands = |slot: &&Slot| matches!(slot, Slot::Held { hand: true, .. });
                assert!(segment.slots.iter().filter(hands).count() <= 1);
            }
        });
    });
}

#[test]
fn every_way_of_serving_gives_the_same() {
    for_each_run(|entry, setup| {
        let mut marks = vec![Mark::Hit; setup.future.len()];
        (entry.build)(setup).mark(&setup.future, &mut marks);
        let (mut misses, mut replayed) = (0, (entry.build)(setup));
        let mut departures = Departures::new(setup.keys);
        for_each_step(entry, setup, |at, outcome, because, cache| {
            let left = because.iter().any(|reason| matches!(reason.change, Change::Leaves { .. }));
            let mark = match outcome {
                Outcome::Hit => Mark::Hit,
                Outcome::Miss if left => Mark::Evicted,
                Outcome::Miss => Mark::Miss,
            };
            assert_eq!(marks[at], mark, "{} at request {at}", entry.about.id);
            misses += u64::from(outcome == Outcome::Miss);
            replayed.replay(&setup.future[at..=at], &mut departures);
            if at == setup.future.len() / 2 {
                assert_eq!(shown(&*replayed.duplicate()), shown(cache));
            }
        });
        assert_eq!((entry.build)(setup).misses(&setup.future), misses, "{}", entry.about.id);
    });
}

#[test]
fn nobody_misses_less_than_the_optimum() {
    let misses = |id: &str, setup: &Setup| (find(id).unwrap().build)(setup).misses(&setup.future);
    for_each_run(|entry, setup| {
        let (forced, bypass) = (misses("opt", setup), misses("opt-bypass", setup));
        assert!(bypass <= forced);
        let limit = if entry.about.id == "opt-bypass" { bypass } else { forced };
        assert!((entry.build)(setup).misses(&setup.future) >= limit, "{}", entry.about.id);
    });
}

#[test]
fn parameters_are_read_or_refused_by_name() {
    let check = |id: &str, given: &[(&str, &str)], expected: Result<&str, (&str, &str)>| {
        let about = find(id).unwrap().about;
        match (Parameters::new(about, given.iter().copied()), expected) {
            (Ok(parameters), Ok(expected)) => {
                let written: Vec<String> =
                    parameters.iter().map(|(id, value)| format!("{id}={value}")).collect();
                assert_eq!(written.join(" "), expected, "{id} {given:?}");
            }
            (Err(refusal), Err((field, allowed))) => {
                assert_eq!((refusal.field.as_str(), refusal.allowed.as_str()), (field, allowed), "{given:?}");
            }
            (read, _) => panic!("{id} {given:?} gives {read:?}"),
        }
    };
    let percent = "a whole number from 1 to 99";
    for (id, given, expected) in [
        ("lru", &[][..], Ok("")),
        ("lru", &[("threshold", "2")], Err(("threshold", "none: LRU has no parameters"))),
        ("slru", &[], Ok("protected=80")),
        ("slru", &[("protected", "50")], Ok("protected=50")),
        ("slru", &[("protected", "0")], Err(("protected", percent))),
        ("slru", &[("protected", "100")], Err(("protected", percent))),
        ("slru", &[("protected", "-1")], Err(("protected", percent))),
        ("slru", &[("protected", "80 %")], Err(("protected", percent))),
        ("slru", &[("Protected", "80")], Err(("Protected", "one of protected"))),
        ("2q", &[], Ok("recent=25 remembered=50")),
        ("2q", &[("remembered", "200"), ("recent", "1")], Ok("recent=1 remembered=200")),
        ("2q", &[("remembered", "201")], Err(("remembered", "a whole number from 1 to 200"))),
        ("s3-fifo", &[], Ok("small=10 ghost=90 threshold=1 warm-up=main")),
        ("s3-fifo", &[("threshold", "2")], Ok("small=10 ghost=90 threshold=2 warm-up=main")),
        ("s3-fifo", &[("warm-up", "small")], Ok("small=10 ghost=90 threshold=1 warm-up=small")),
        ("s3-fifo", &[("warm-up", "Small")], Err(("warm-up", "one of main, small"))),
        ("s3-fifo", &[("threshold", "4")], Err(("threshold", "a whole number from 1 to 3"))),
        ("s3-fifo", &[("threshold", "")], Err(("threshold", "a whole number from 1 to 3"))),
        ("s3-fifo", &[("thresh", "2")], Err(("thresh", "one of small, ghost, threshold, warm-up"))),
    ] {
        check(id, given, expected);
    }
}
