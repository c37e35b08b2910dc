//! So many permits in so much time, without rounding.
//!
//! Three permits a second are one every 333,333,333⅓ ns. Rounded to nanoseconds the third of one is
//! lost each time, and after 10⁹ permits a third of a second. So time is counted in [`Ticks`] of
//! which one permit takes a whole number: of `permits` ticks in each nanosecond. The numbers are
//! wide; where they happen to fit into one word, that is used, because wide ones take long.

use crate::kernel::{Span, Time};

/// Time in parts of a nanosecond that suit a [`Pace`]. The whole of model time fits, times any pace.
pub type Ticks = u128;

/// A rate as a fraction: `permits` every `period` nanoseconds, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    permits: u64,
    period: u64,
}

impl Pace {
    /// `permits`, at least one, every `period`, at least a nanosecond.
    pub fn new(permits: u64, period: Span) -> Self {
        let (permits, period) = (permits.max(1), period.nanos().max(1));
        let common = greatest_common_divisor(permits, period);
        Pace { permits: permits / common, period: period / common }
    }

    /// `rate` permits a second, to the nearest thousandth, at least one thousandth.
    pub fn per_second(rate: f64) -> Self {
        const PARTS: f64 = 1_000.0;
        Pace::new((rate * PARTS).round() as u64, Span::from_seconds(PARTS))
    }

    /// What one permit takes.
    pub fn interval(self) -> Ticks {
        Ticks::from(self.period)
    }

    /// What so many permits take.
    #[inline]
    pub fn intervals(self, count: u32) -> Ticks {
        if self.period <= u64::from(u32::MAX) {
            return Ticks::from(self.period * u64::from(count));
        }
        self.interval() * Ticks::from(count)
    }

    /// A point in time in ticks.
    #[inline]
    pub fn at(self, time: Time) -> Ticks {
        self.ticks(time.since(Time::ZERO))
    }

    /// A stretch of time in ticks.
    #[inline]
    pub fn ticks(self, span: Span) -> Ticks {
        if self.permits == 1 {
            return Ticks::from(span.nanos());
        }
        Ticks::from(span.nanos()) * Ticks::from(self.permits)
    }

    /// The shortest stretch of whole nanoseconds that is not shorter than `ticks`.
    #[inline]
    pub fn span(self, ticks: Ticks) -> Span {
        Span::from_nanos(match u64::try_from(ticks) {
            Ok(ticks) if self.permits == 1 => ticks,
            Ok(ticks) => ticks.div_ceil(self.permits),
            Err(_) => u64::try_from(ticks.div_ceil(Ticks::from(self.permits))).unwrap_or(u64::MAX),
        })
    }

    /// The first whole nanosecond that is not before `ticks`.
    pub fn time(self, ticks: Ticks) -> Time {
        Time::ZERO + self.span(ticks)
    }

    /// How many whole permits `ticks` are worth.
    #[inline]
    pub fn permits(self, ticks: Ticks) -> u64 {
        match u64::try_from(ticks) {
            Ok(ticks) => ticks / self.period,
            Err(_) => u64::try_from(ticks / self.interval()).unwrap_or(u64::MAX),
        }
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_million_permits_take_no_time_too_much() {
        for (rate, seconds) in [(3.0, 1_000_000_000 / 3), (7.0, 1_000_000_000 / 7), (0.3, 10_000_000_000 / 3)]
        {
            let pace = Pace::per_second(rate);
            let taken = pace.span(pace.interval() * 1_000_000_000);
            assert_eq!(taken.nanos() / 1_000_000_000, seconds, "{rate} a second");
        }
    }

    #[test]
    fn the_whole_of_model_time_fits() {
        let pace = Pace::per_second(999_983.0);
        assert_eq!(pace.time(pace.at(Time::MAX)), Time::MAX);
    }
}
