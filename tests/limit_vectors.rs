//! What the tests of well-known limiters say is what the limiters of this page do.

#![cfg(test)]

use sluice::catalogue::Outcome;
use sluice::limit::vectors::{CHECKABLE, FILES, File, NOT_MODELLED, Step, Word, check};

/// What is true of every script: it asserts something, and each of its steps can be asserted.
#[test]
fn scripts_are_in_the_language() {
    for text in FILES {
        let file: File = serde_json::from_str(text).unwrap();
        assert!(!file.source.is_empty() && !file.what.is_empty() && !file.rows.is_empty());
        for row in &file.rows {
            let what = &row.what;
            assert!(!what.is_empty() && !row.from.is_empty() && !row.steps.is_empty(), "{what}");
            assert!(CHECKABLE.contains(&row.limiter.as_str()), "{what}: {}", row.limiter);
            for timed in &row.steps {
                assert!(timed.at.is_none() || timed.after.is_none(), "{what}: two times");
                if let Step::Ask { expect, wait, retry, .. } = &timed.step {
                    let other = if *expect == Word::Passes { retry } else { wait };
                    assert!(other.is_none(), "{what}: {timed:?}");
                }
            }
        }
    }
}

/// A row holds, or is on the list of what is left out; a row on the list would not hold.
#[test]
fn every_row_holds_or_is_left_out() {
    let (mut rows, mut left_out, mut failed) = (0, 0, Vec::new());
    for id in CHECKABLE {
        let checked = check(id);
        assert!(!checked.is_empty(), "{id}: nothing is known");
        for row in checked {
            rows += 1;
            match row.outcome {
                Outcome::Passed => {}
                Outcome::NotModelled { why } => {
                    assert!(!why.is_empty());
                    left_out += 1;
                }
                Outcome::Failed { step, expected, got } => {
                    failed.push(format!("{id}: {}: step {step}: expected {expected}, got {got}", row.what));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(left_out, NOT_MODELLED.len(), "a row that is said to be left out holds, or is not there");
    let files = FILES.iter().map(|text| serde_json::from_str::<File>(text).unwrap().rows.len());
    assert_eq!(rows, files.sum::<usize>(), "a row belongs to no limiter");
    assert!(check("plain").is_empty());
}
