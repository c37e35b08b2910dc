//! Textbook reference strings with the answers that were printed beside them.

#![cfg(test)]

use sluice::cache::{Parameters, Setup, find};
use sluice::trace::Key;
use std::rc::Rc;

/// Belady, Nelson, Shedler: "An Anomaly in Space-Time Characteristics of Certain Programs Running
/// in a Paging Machine", Communications of the ACM 12(6), 1969: FIFO with 3 frames has 9 faults,
/// with 4 frames 10. The figures for LRU and OPT are in Tanenbaum: "Modern Operating Systems", and
/// in most lecture notes on paging since.
const ANOMALY: &[u32] = &[1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];

/// Silberschatz, Galvin, Gagne: "Operating System Concepts", chapter "Virtual Memory", section
/// "Page Replacement", with 3 frames.
const SILBERSCHATZ: &[u32] = &[7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

/// Stallings: "Operating Systems: Internals and Design Principles", figure "Behavior of Four Page
/// Replacement Algorithms", with 3 frames. He counts faults after the frames are filled (FIFO 6,
/// LRU 4, OPT 3); here the 3 that fill them count too. His CLOCK sets the bit at entry, ours does
/// not, so it is not compared.
const STALLINGS: &[u32] = &[2, 3, 2, 1, 5, 2, 4, 5, 3, 2, 5, 2];

/// A loop one longer than the cache. LRU and FIFO always throw out what comes next; MRU is as good
/// as the optimum, which keeps all but one of the loop (Chou, DeWitt, VLDB 1985).
const LOOP: &[u32] = &[1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4];

/// One object is asked for again, then three newcomers come, then it is wanted once more. LRU and
/// CLOCK give it up for the third newcomer. SIEVE's hand spares it, moves on, and takes newcomers
/// from there; LFU prefers its count.
const NEWCOMERS: &[u32] = &[1, 2, 3, 1, 4, 5, 6, 1];

/// Replays `requests` and compares the misses with what was `published`.
fn check(id: &str, capacity: usize, requests: &[u32], published: u64) {
    let entry = find(id).unwrap();
    let future: Rc<[Key]> = requests.iter().map(|key| Key(*key)).collect();
    let parameters = Parameters::new(entry.about, []).unwrap();
    let setup = Setup { capacity, keys: 16, seed: 0, parameters, future: future.clone() };
    let misses = (entry.build)(&setup).misses(&future);
    assert_eq!(misses, published, "{id} with room for {capacity} on {requests:?}");
}

#[test]
fn misses_are_those_that_were_published() {
    for (requests, id, capacity, published) in [
        (ANOMALY, "fifo", 3, 9),
        (ANOMALY, "fifo", 4, 10),
        (ANOMALY, "lru", 3, 10),
        (ANOMALY, "lru", 4, 8),
        (ANOMALY, "opt", 3, 7),
        (ANOMALY, "opt", 4, 6),
        (SILBERSCHATZ, "fifo", 3, 15),
        (SILBERSCHATZ, "lru", 3, 12),
        (SILBERSCHATZ, "opt", 3, 9),
        (STALLINGS, "fifo", 3, 9),
        (STALLINGS, "lru", 3, 7),
        (STALLINGS, "opt", 3, 6),
    ] {
        check(id, capacity, requests, published);
    }
}

#[test]
fn misses_are_those_that_follow_from_the_rule() {
    for (requests, id, capacity, expected) in [
        (LOOP, "fifo", 3, 16),
        (LOOP, "lru", 3, 16),
        (LOOP, "mru", 3, 8),
        (LOOP, "opt", 3, 8),
        (NEWCOMERS, "fifo", 3, 7),
        (NEWCOMERS, "lru", 3, 7),
        (NEWCOMERS, "clock", 3, 7),
        (NEWCOMERS, "sieve", 3, 6),
        (NEWCOMERS, "lfu", 3, 6),
        (NEWCOMERS, "opt", 3, 6),
    ] {
        check(id, capacity, requests, expected);
    }
}
