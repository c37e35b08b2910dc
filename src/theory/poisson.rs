//! How many come at random: the Poisson distribution.
//!
//! Requests that know nothing of each other, m of them on average: k come with probability
//! mᵏ e⁻ᵐ / k!. Summed in logarithms, so that no term is too small or too large on the way.

/// The mean of what is above `level` of a Poisson variable with this `mean`: E[(N − level)⁺].
pub fn mean_above(mean: f64, level: u64) -> f64 {
    (mean - mean_up_to(mean, level)).max(0.0)
}

/// The mean of a Poisson variable with this `mean`, cut off at `level`: E[min(N, level)]. That is the
/// sum over k from 1 to `level` of the probability that at least k come.
pub fn mean_up_to(mean: f64, level: u64) -> f64 {
    let missing: f64 = (0..level).map(|k| (level - k) as f64 * probability(mean, k)).sum();
    level as f64 - missing
}

/// The probability that exactly `k` come.
fn probability(mean: f64, k: u64) -> f64 {
    if mean <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    let k = k as f64;
    libm::exp(k * libm::log(mean) - mean - libm::lgamma(k + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the definition, by hand: with mean 1, P(0) = 1/e and P(1) = 1/e.
    #[test]
    fn small_cases() {
        let e = std::f64::consts::E;
        let check = |mean: f64, level: u64, expected: f64| {
            let got = mean_up_to(mean, level);
            assert!((got - expected).abs() < 1e-12, "{mean} {level}: {got} {expected}");
            assert!((mean_above(mean, level) - (mean - expected)).abs() < 1e-12);
        };
        check(1.0, 0, 0.0);
        check(1.0, 1, 1.0 - 1.0 / e);
        check(1.0, 2, 2.0 - 3.0 / e);
        check(0.0, 5, 0.0);
        check(1e-9, 1, 1e-9 - 5e-19);
    }

    #[test]
    fn large_means_do_not_overflow() {
        assert!((mean_up_to(5_000.0, 100) - 100.0).abs() < 1e-9);
        assert!((mean_above(5_000.0, 100) - 4_900.0).abs() < 1e-9);
        assert!(mean_above(100.0, 5_000) < 1e-6);
    }
}
