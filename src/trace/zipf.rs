//! Keys by Zipf's law, exactly and without a table: rejection-inversion.
//!
//! Hörmann and Derflinger, "Rejection-Inversion to Generate Variates from Monotone Discrete
//! Distributions", ACM Transactions on Modeling and Computer Simulation 6, 1996. The bar of rank k
//! is 1 / kˢ high and reaches from k − ½ to k + ½; the area under the curve 1 / xˢ there is a
//! little larger. A point is drawn under the curve by inverting its integral, and rounded to a
//! rank; if it falls into what is larger, it is drawn again. That happens to fewer than one in ten,
//! whatever the skew and the number of keys.
//!
//! The helpers for skews at and near 1 follow the sampler of Apache Commons RNG.

use crate::kernel::Random;

/// Zipf's law over a number of keys.
#[derive(Clone, Debug, PartialEq)]
pub struct ZipfSampler {
    keys: f64,
    skew: f64,
    /// The integral from where the first bar's own area begins; its bar has just its area.
    start: f64,
    /// The integral at the end of the last bar.
    end: f64,
    /// Closer than this to the right end of its bar, a point needs no further test.
    surely: f64,
}

impl ZipfSampler {
    /// The law over `keys` keys, at least one, with `skew` from 0 (all alike) to 2.
    pub fn new(keys: u32, skew: f64) -> Self {
        let keys = f64::from(keys.max(1));
        let curve = Curve(skew);
        ZipfSampler {
            keys,
            skew,
            start: curve.integral(1.5) - 1.0,
            end: curve.integral(keys + 0.5),
            surely: 2.0 - curve.inverse(curve.integral(2.5) - curve.height(2.0)),
        }
    }

    /// Draws a key by its popularity: 0 is asked for most.
    pub fn sample(&self, random: &mut Random) -> u32 {
        let curve = Curve(self.skew);
        loop {
            let under = self.end + random.unit() * (self.start - self.end);
            let x = curve.inverse(under);
            let rank = (x + 0.5).floor().clamp(1.0, self.keys);
            if rank - x <= self.surely || under >= curve.integral(rank + 0.5) - curve.height(rank) {
                return rank as u32 - 1;
            }
        }
    }
}

/// The curve 1 / xˢ for some skew s.
struct Curve(f64);

impl Curve {
    fn height(&self, x: f64) -> f64 {
        libm::exp(-self.0 * libm::log(x))
    }

    /// The area under the curve from 1 to `x`: (x¹⁻ˢ − 1) / (1 − s), which is ln x at s = 1.
    fn integral(&self, x: f64) -> f64 {
        let log = libm::log(x);
        log * expm1_over(log * (1.0 - self.0))
    }

    /// Where the area from 1 reaches `area`.
    fn inverse(&self, area: f64) -> f64 {
        libm::exp(area * log1p_over((area * (1.0 - self.0)).max(-1.0)))
    }
}

/// (eᵗ − 1) / t, also where t is 0 or almost.
fn expm1_over(t: f64) -> f64 {
    if t.abs() > 1e-8 { libm::expm1(t) / t } else { 1.0 + t / 2.0 }
}

/// ln(1 + t) / t, also where t is 0 or almost.
fn log1p_over(t: f64) -> f64 {
    if t.abs() > 1e-8 { libm::log1p(t) / t } else { 1.0 - t / 2.0 }
}
