//! # A Bloom filter
//!
//! A row of m bits and k hashes. To put a key in sets the k bits that its hashes name; a key can be in
//! only if all of its bits are set. So what was put in is always found, and what was not is found too
//! with a small probability, because others have set its bits. Nothing can be taken out.
//!
//! Bloom, "Space/Time Trade-offs in Hash Coding with Allowable Errors", Communications of the ACM 13, 1970.
//! The k hashes are made of two: hᵢ = h₁ + i·h₂ modulo m, which is as good as k of them (Kirsch and
//! Mitzenmacher, "Less Hashing, Same Performance: Building a Better Bloom Filter", Random Structures &
//! Algorithms 33, 2008). The two are the halves of an XXH64.

use super::Key;
use twox_hash::XxHash64;

/// A set of keys that may say yes too often, and never no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BloomFilter {
    words: Vec<u64>,
    bits: u64,
    hashes: u32,
    seed: u64,
}

const WORD: u64 = u64::BITS as u64;

impl BloomFilter {
    /// An empty filter of `bits` bits, at least one, and `hashes` hashes; which keys it takes for others
    /// depends on `seed`.
    pub fn new(bits: u32, hashes: u32, seed: u64) -> Self {
        let bits = u64::from(bits.max(1));
        BloomFilter { words: vec![0; bits.div_ceil(WORD) as usize], bits, hashes, seed }
    }

    /// Puts `key` in.
    pub fn insert(&mut self, key: Key) {
        for bit in self.bits_of(key) {
            self.words[(bit / WORD) as usize] |= 1 << (bit % WORD);
        }
    }

    /// Whether `key` can be in.
    pub fn may_contain(&self, key: Key) -> bool {
        self.bits_of(key).all(|bit| self.words[(bit / WORD) as usize] >> (bit % WORD) & 1 == 1)
    }

    /// The share of its bits that is set.
    pub fn fill(&self) -> f64 {
        let set: u32 = self.words.iter().map(|word| word.count_ones()).sum();
        f64::from(set) / self.bits as f64
    }

    /// How many bits there are.
    pub fn bits(&self) -> u64 {
        self.bits
    }

    /// How many hashes there are.
    pub fn hashes(&self) -> u32 {
        self.hashes
    }

    fn bits_of(&self, key: Key) -> impl Iterator<Item = u64> + use<> {
        let hash = XxHash64::oneshot(self.seed, &key.to_le_bytes());
        let (first, second, bits) = (hash >> 32, hash & u64::from(u32::MAX) | 1, self.bits);
        (0..u64::from(self.hashes)).map(move |i| (first + i * second) % bits)
    }
}
