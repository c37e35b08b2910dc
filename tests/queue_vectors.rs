//! What real brokers do, as their own tests say, is what the brokers of this page do.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed it")]

use sluice::catalogue::Outcome;
use sluice::queue::vectors::{CHECKABLE, File, NOT_MODELLED, Step, Timed, check};
use std::collections::BTreeSet;

/// Every file of scripts, and the brokers it speaks of.
const FILES: [(&str, &[&str]); 4] = [
    (
        include_str!("../src/queue/vectors/rabbitmq-delivery-limit.json"),
        &["rabbitmq-classic", "rabbitmq-quorum"],
    ),
    (include_str!("../src/queue/vectors/sqs-redrive.json"), &["sqs-standard", "sqs-fifo"]),
    (include_str!("../src/queue/vectors/kafka-share.json"), &["kafka-share"]),
    (include_str!("../src/queue/vectors/redis-streams.json"), &["redis-streams"]),
];

/// Reads a file and holds each row against the little that is true of every broker.
fn make_sense(text: &str, brokers: &[&str]) {
    let file: File = serde_json::from_str(text).unwrap();
    assert!(!file.source.is_empty() && !file.what.is_empty() && !file.rows.is_empty());
    for row in &file.rows {
        let what = &row.what;
        assert!(!row.from.is_empty() && brokers.contains(&row.broker.as_str()), "{what}: {}", row.broker);
        let (mut now, mut published) = (0.0, BTreeSet::new());
        for Timed { at, step } in &row.steps {
            let at = at.unwrap_or(now);
            assert!(at >= now, "{what}: back to {at}");
            now = at;
            let (named, counts, most) = match step {
                Step::Publish { message, .. } => {
                    assert!(published.insert(message), "{what}: {message} twice");
                    continue;
                }
                Step::Receive { expect, count, most, redelivered, .. } => {
                    assert!(redelivered.as_ref().is_none_or(|flags| flags.len() == expect.len()), "{what}");
                    (expect, count, most.unwrap_or(1))
                }
                Step::History { expect, count, most, .. } => (expect, count, *most),
                Step::Claim { expect, count, most, messages, start, cursor, gone, .. } => {
                    let scan = [start.is_some(), most.is_some(), cursor.is_some(), gone.is_some()];
                    assert_eq!(scan, [messages.is_none(); 4], "{what}: messages, or a scan");
                    (expect, count, most.unwrap_or(usize::MAX))
                }
                Step::Ack { messages, .. }
                | Step::Nack { messages, .. }
                | Step::Reject { messages, .. }
                | Step::Delete { messages } => (messages, &None, usize::MAX),
                _ => continue,
            };
            assert!(named.len() <= most, "{what}: more than {most}");
            assert!(counts.as_ref().is_none_or(|counts| counts.len() == named.len()), "{what}: {counts:?}");
            assert!(named.iter().all(|message| published.contains(message)), "{what}: {named:?}");
        }
    }
}

#[test]
fn scripts_are_in_the_language() {
    FILES.iter().for_each(|(text, brokers)| make_sense(text, brokers));
}

/// A row holds, or is on the list of what is left out; a row on the list would not hold.
#[test]
fn every_row_holds_or_is_left_out() {
    let (mut rows, mut left_out, mut failed) = (0, 0, Vec::new());
    for id in CHECKABLE {
        let checked = check(id);
        assert!(!checked.is_empty(), "{id}: nothing is known");
        for row in checked {
            rows += usize::from(*id != "exchange");
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
    let files = FILES.iter().map(|(text, _)| serde_json::from_str::<File>(text).unwrap().rows.len());
    assert_eq!(rows, files.sum::<usize>(), "a row belongs to no broker");
    assert!(check("plain").is_empty());
}
