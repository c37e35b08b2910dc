//! How often a Bloom filter says that there is something where there is nothing.
//!
//! A filter of m bits into which n keys were put by k hashes each: a bit is still 0 with probability
//! (1 − 1/m)^(kn), about e^(−kn/m). A key that was not put in finds all its k bits set with probability
//! (1 − e^(−kn/m))^k, which is least at k = (m/n) ln 2, where half the bits are set.
//!
//! Bloom, "Space/Time Trade-offs in Hash Coding with Allowable Errors", Communications of the ACM 13,
//! 1970; Broder and Mitzenmacher, "Network Applications of Bloom Filters: A Survey", Internet Mathematics
//! 1, 2004. Bose et al. (2008) show that the formula is a little too low where the filter is very small.

/// The share of keys that are not in the filter which it lets pass, where it has `bits` bits for each key
/// that is in it.
pub fn false_positives(bits: f64, hashes: u32) -> f64 {
    let set = -libm::expm1(-f64::from(hashes) / bits);
    libm::pow(set, f64::from(hashes))
}

/// The number of hashes that lets fewest pass.
pub fn best_hashes(bits: f64) -> u32 {
    let near = (bits * std::f64::consts::LN_2) as u32;
    let (fewer, more) = (near.max(1), near + 1);
    if false_positives(bits, more) < false_positives(bits, fewer) { more } else { fewer }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the table of Fan, Cao, Almeida and Broder, "Summary Cache", IEEE/ACM Transactions on
    /// Networking 8, 2000: bits for each key, hashes, false positives.
    #[test]
    fn published_rates() {
        for (bits, hashes, expected) in [
            (2.0, 1, 0.393),
            (4.0, 3, 0.147),
            (8.0, 5, 0.0217),
            (8.0, 6, 0.0216),
            (10.0, 7, 0.00819),
            (16.0, 11, 0.000459),
        ] {
            let got = false_positives(bits, hashes);
            assert!((got - expected).abs() < expected * 0.005, "{bits} bits, {hashes} hashes: {got}");
        }
    }

    #[test]
    fn the_best_number_of_hashes() {
        for (bits, best) in [(1.0, 1), (2.0, 1), (4.0, 3), (8.0, 6), (10.0, 7), (16.0, 11)] {
            assert_eq!(best_hashes(bits), best, "{bits} bits");
        }
    }
}
