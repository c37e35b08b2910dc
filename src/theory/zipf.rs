//! Zipf's law: the key of rank k is asked for in proportion to 1 / kˢ, where s is the skew.
//!
//! Zipf, "Human Behavior and the Principle of Least Effort", 1949; for web requests, Breslau, Cao,
//! Fan, Phillips and Shenker, "Web Caching and Zipf-like Distributions", INFOCOM 1999.

/// The generalised harmonic number: the sum of 1 / kˢ for k from 1 to `keys`. Summed from the
/// smallest term, so that none is lost.
pub fn harmonic(keys: usize, skew: f64) -> f64 {
    (1..=keys).rev().map(|rank| weight(rank, skew)).sum()
}

/// The probability of each key, the most popular first; they add up to 1.
pub fn probabilities(keys: usize, skew: f64) -> Vec<f64> {
    let all = harmonic(keys, skew);
    (1..=keys).map(|rank| weight(rank, skew) / all).collect()
}

fn weight(rank: usize, skew: f64) -> f64 {
    libm::pow(rank as f64, -skew)
}
