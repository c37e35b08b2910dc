//! # Topic exchange
//!
//! A routing key is words with dots between them: `order.eu.paid`. A queue is bound with a pattern
//! of words, in which `*` stands for exactly one word and `#` for any number of them, none
//! included. `order.*.paid` wants every region, `order.#` everything about orders and `order`
//! itself, `#` everything. A star or a hash inside a word is a letter like any other.
//!
//! Trying every length for every `#` takes exponential time. Instead, go through the pattern word
//! by word and keep, for each number of words of the key, whether the pattern so far matches just
//! those: what is reachable after one pattern word follows from what was reachable before it.
//!
//! AMQP 0-9-1, section 3.1.3.3, and RabbitMQ's topic exchange: an empty key has no words, so `#`
//! and the empty pattern match it and `*` does not; an empty word (`a..b`) is a word.
//!
//! Cost: words of the pattern times words of the key, at most 128 of each. Left out: RabbitMQ since
//! 4.3.5 refuses a pattern with more than two `#`, because each one multiplies the work of its trie.

use super::{RoutingKey, short, words};
use crate::refusal::Refusal;
use std::fmt;

/// The routing keys that are wanted, as a pattern of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// The binding that `text` is: words, `*` and `#`, with dots between them.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Ok(Pattern(short("binding", text)?))
    }

    /// Whether the pattern matches the whole key.
    pub fn routes(&self, key: &RoutingKey) -> bool {
        let key: Vec<&str> = key.words().collect();
        // reached[n]: the pattern so far matches the first n words of the key.
        let mut reached = vec![false; key.len() + 1];
        reached[0] = true;
        for word in words(&self.0) {
            if word == "#" {
                for n in 1..=key.len() {
                    reached[n] |= reached[n - 1];
                }
            } else {
                for n in (1..=key.len()).rev() {
                    reached[n] = reached[n - 1] && (word == "*" || word == key[n - 1]);
                }
                reached[0] = false;
            }
        }
        reached[key.len()]
    }
}

impl Pattern {
    /// What each word of the pattern stands for in the key, from left to right; `None` if it does not
    /// match. A hash takes as few words as it can.
    pub fn explained(&self, key: &RoutingKey) -> Option<Vec<(&str, String)>> {
        let (pattern, key): (Vec<&str>, Vec<&str>) = (words(&self.0).collect(), key.words().collect());
        // fits[p][n]: what follows word p of the pattern matches what follows word n of the key.
        let mut fits = vec![vec![false; key.len() + 1]; pattern.len() + 1];
        fits[pattern.len()][key.len()] = true;
        for p in (0..pattern.len()).rev() {
            for n in (0..=key.len()).rev() {
                fits[p][n] = match pattern[p] {
                    "#" => fits[p + 1][n] || (n < key.len() && fits[p][n + 1]),
                    word => n < key.len() && (word == "*" || word == key[n]) && fits[p + 1][n + 1],
                };
            }
        }
        if !fits[0][0] {
            return None;
        }
        let (mut n, mut parts) = (0, Vec::new());
        for (p, word) in pattern.into_iter().enumerate() {
            let until = match word {
                "#" => (n..=key.len()).find(|n| fits[p + 1][*n])?,
                _ => n + 1,
            };
            parts.push((word, key.get(n..until)?.join(".")));
            n = until;
        }
        Some(parts)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
