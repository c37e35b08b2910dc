//! Student's t distribution, for confidence intervals from few values.
//!
//! The tail is a regularised incomplete beta function (Abramowitz and Stegun, "Handbook of
//! Mathematical Functions", 26.7.1 and 26.5.8), computed by its continued fraction in Lentz's way
//! (Press et al., "Numerical Recipes", section 6.4). The quantile is found by bisection, which
//! cannot fail to converge.

/// The value that a t variable with `freedom` degrees of freedom does not exceed with probability
/// `p`. `None` unless 0 < `p` < 1 and `freedom` > 0. The error is below 10⁻⁷, relative above 1.
pub fn quantile(p: f64, freedom: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && freedom > 0.0 && freedom.is_finite()) {
        return None;
    }
    Some(if p < 0.5 { -upper_quantile(p, freedom) } else { upper_quantile(1.0 - p, freedom) })
}

/// The value that is exceeded with probability `tail`, at most one half.
fn upper_quantile(tail: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while upper_tail(high, freedom) > tail && high < f64::MAX / 2.0 {
        (low, high) = (high, high * 2.0);
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if upper_tail(middle, freedom) > tail { low = middle } else { high = middle }
    }
}

/// The probability that a t variable exceeds `t`, which is not negative.
fn upper_tail(t: f64, freedom: f64) -> f64 {
    incomplete_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5) / 2.0
}

/// The regularised incomplete beta function of `x`. The continued fraction converges fast on one
/// side of the mean; on the other side the function's symmetry is used.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - log_beta);
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(x, a, b) / a
    } else {
        1.0 - front * continued_fraction(1.0 - x, b, a) / b
    }
}

fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    let away_from_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in (1..10_000).map(f64::from) {
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for numerator in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            fraction *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}
