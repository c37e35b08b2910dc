//! Many readers and an entry that has just expired.
//!
//! Reads of a key come at rate λ (Poisson), and to load its value takes L. The first read after the expiry
//! begins a load, and so does each one that comes before it is over: by renewal at the first miss that is
//! 1 + λL loads for each expiry on average, of which all but one find out what is known already.
//!
//! The entry then lives for its TTL T after the **last** of those loads has filled it. That is
//! E = L − (1 − e^(−λL))/λ after the first on average: the time until the last arrival of those within L.
//! So there are 1 + λ(L + E + T) reads to an expiry.
//!
//! The times that messages are under way are left out, unless L contains them.

/// How many loads there are for each expiry, at `rate` reads a second that each take `load` seconds to
/// load the value.
pub fn loads_per_expiry(rate: f64, load: f64) -> f64 {
    1.0 + rate * load
}

/// How many of the reads load the value, as a ratio, where the entry expires after `ttl` seconds; `rate` is
/// above 0.
pub fn load_ratio(rate: f64, load: f64, ttl: f64) -> f64 {
    let last = load + libm::expm1(-rate * load) / rate;
    loads_per_expiry(rate, load) / (1.0 + rate * (load + last + ttl))
}

/// How many loads are under way on average while `keys` keys expire evenly over `window` seconds, each read
/// at `rate` a second and loaded within `load` seconds: expiries a second, times loads for each, times
/// their length (Little’s law).
pub fn loads_under_way(keys: f64, rate: f64, load: f64, window: f64) -> f64 {
    keys / window * loads_per_expiry(rate, load) * load
}

/// The probability that one read refreshes an entry that has `left` seconds left, where it took `cost`
/// seconds to load and the eagerness is `beta`: of −ln(U) > left / (beta · cost), with U even between 0
/// and 1.
///
/// Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", Proceedings
/// of the VLDB Endowment 8, 2015.
pub fn early_refresh(left: f64, cost: f64, beta: f64) -> f64 {
    if left <= 0.0 {
        return 1.0;
    }
    libm::exp(-left / (beta * cost))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cost of 0.4 s and an eagerness of 1: to the tenth of a percent, as the formula was worked out by
    /// hand.
    #[test]
    fn early_refreshes_by_hand() {
        for (left, percent) in [(2.0, 0.7), (0.4, 36.8), (0.1, 77.9), (0.0, 100.0), (-1.0, 100.0)] {
            let got = 100.0 * early_refresh(left, 0.4, 1.0);
            assert!((got - percent).abs() < 0.05, "{left} s left: {got}");
        }
        assert_eq!(early_refresh(1.0, 0.0, 1.0), 0.0);
    }

    #[test]
    fn loads_by_hand() {
        assert_eq!(loads_per_expiry(100.0, 0.5), 51.0);
        assert_eq!(load_ratio(10.0, 0.0, 0.9), 0.1);
        assert_eq!(loads_under_way(200.0, 5.0, 0.2, 5.0), 16.0);
    }
}
