//! What limiters take for each key: the same however many keys there are, and, but for the sliding
//! log, whatever the limit.

#![cfg(test)]

use sluice::catalogue::Parameters;
use sluice::limit::footprint::{Footprint, Measurement, measure};
use sluice::limit::{Entry, LIMITERS, find};

/// The footprint with the parameter that sets the limit at `limit`.
fn footprint(entry: &Entry, limit: u32, keys: u32) -> Footprint {
    let sets = ["limit", "burst", "capacity", "initial", "max-burst"];
    let id = sets.iter().find(|id| entry.about.parameters.iter().any(|parameter| parameter.id == **id));
    let limit = limit.to_string();
    let given = id.map(|id| (*id, limit.as_str()));
    let parameters = Parameters::new(entry.about, given).unwrap();
    measure((entry.build)(&parameters), keys)
}

#[test]
fn a_key_takes_as_much_among_few_as_among_many() {
    for entry in LIMITERS {
        let [few, many] = [10, 20_000].map(|keys| footprint(entry, 10, keys));
        assert_eq!((few.keys, many.keys), (10, 20_000));
        assert_eq!(few.bytes, many.bytes, "{}", entry.about.id);
        assert!((few.words - many.words).abs() < 1e-9, "{}", entry.about.id);
        assert!(many.words > 0.0 && many.bytes > 0.0, "{}", entry.about.id);
    }
}

#[test]
fn only_the_log_grows_with_its_limit() {
    for entry in LIMITERS {
        let [small, large] = [10, 1_000].map(|limit| footprint(entry, limit, 10).bytes);
        if entry.about.id == "sliding-log" {
            // An entry is two words.
            assert_eq!(large - small, 990.0 * 16.0);
        } else {
            assert_eq!(small, large, "{}", entry.about.id);
        }
    }
}

/// A number of words that depends on nothing: the most that is read and written once each.
#[test]
fn a_decision_touches_few_words() {
    for entry in LIMITERS {
        let [small, large] = [10, 1_000].map(|limit| footprint(entry, limit, 10).words);
        assert!(small <= 8.0 && large <= 8.0, "{}: {small}, {large}", entry.about.id);
    }
}

#[test]
fn each_key_ends_at_its_limit() {
    for id in ["gcra", "concurrency", "fixed-window", "sliding-log"] {
        let Footprint { keys, decisions, refused, .. } = footprint(find(id).unwrap(), 7, 30);
        assert_eq!((keys, decisions, refused), (30, 30 * 8, 30), "{id}");
    }
}

#[test]
fn slices_come_to_the_same() {
    for entry in LIMITERS {
        let build = || (entry.build)(&Parameters::new(entry.about, []).unwrap());
        let mut sliced = Measurement::new(build(), 100);
        let mut slices = 1;
        while !sliced.advance(50) {
            slices += 1;
        }
        assert!(slices > 1, "{}", entry.about.id);
        assert_eq!(sliced.footprint(), measure(build(), 100), "{}", entry.about.id);
    }
}

/// A million keys with a limit of a million do not fit into the memory as logs, nor into the time as
/// anything else.
#[test]
fn a_measurement_ends_when_memory_or_time_is_used_up() {
    let log = footprint(find("sliding-log").unwrap(), 1_000_000, 1_000_000);
    let bytes = f64::from(log.keys) * log.bytes;
    assert!(log.keys < 100 && bytes < 1.2 * Measurement::MOST_BYTES as f64, "{log:?}");
    let window = footprint(find("fixed-window").unwrap(), 1_000_000, 1_000_000);
    assert_eq!((window.keys, window.decisions), (34, Measurement::MOST_DECISIONS));
}
