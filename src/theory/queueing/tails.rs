//! The distribution of wait and sojourn in M/M/1 and M/M/c.
//!
//! Who finds a free server does not wait; the others wait for an exponential time. The sojourn is
//! the wait and then an exponential service, independent of it (Gross et al., "Fundamentals of
//! Queueing Theory", section 2.3).

/// How likely wait and sojourn are to be longer than so many seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    /// The share of those arriving who wait.
    pub(super) delayed: f64,
    /// How many more could be served than arrive in a second while all servers are busy.
    pub(super) drain: f64,
    pub(super) mean_service: f64,
}

impl Tails {
    /// The probability that the wait is longer than `seconds`, which is not negative.
    pub fn wait(self, seconds: f64) -> f64 {
        self.delayed * libm::exp(-self.drain * seconds)
    }

    /// The probability that the sojourn is longer than `seconds`, which is not negative: service
    /// alone is longer, or it is shorter and the wait makes up for it.
    pub fn sojourn(self, seconds: f64) -> f64 {
        let service = 1.0 / self.mean_service;
        let (slow, gap) = (service.min(self.drain), (service - self.drain).abs());
        let waited = if gap > 0.0 { -libm::expm1(-gap * seconds) / gap } else { seconds };
        libm::exp(-service * seconds) + self.delayed * service * libm::exp(-slow * seconds) * waited
    }

    /// The wait in seconds that is not exceeded with probability `p`: 0 where so many do not wait
    /// at all. `None` unless 0 < `p` < 1.
    pub fn wait_quantile(self, p: f64) -> Option<f64> {
        let waiting = is_probability(p)?;
        Some((libm::log(self.delayed / waiting) / self.drain).max(0.0))
    }

    /// The sojourn in seconds that is not exceeded with probability `p`. `None` unless
    /// 0 < `p` < 1. Found by bisection, which cannot fail to converge.
    pub fn sojourn_quantile(self, p: f64) -> Option<f64> {
        let longer = is_probability(p)?;
        let (mut low, mut high) = (0.0, self.mean_service);
        while self.sojourn(high) > longer && high < f64::MAX / 2.0 {
            (low, high) = (high, high * 2.0);
        }
        loop {
            let middle = f64::midpoint(low, high);
            if middle <= low || middle >= high {
                return Some(middle);
            }
            if self.sojourn(middle) > longer { low = middle } else { high = middle }
        }
    }
}

/// The probability of the opposite, if `p` lies between 0 and 1.
fn is_probability(p: f64) -> Option<f64> {
    (p > 0.0 && p < 1.0).then_some(1.0 - p)
}
