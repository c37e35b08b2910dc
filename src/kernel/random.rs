//! Chance from a seed: the same seed gives the same numbers on every machine.
//!
//! The generator is xoshiro256++ (Blackman and Vigna, "Scrambled Linear Pseudorandom Number
//! Generators", ACM Transactions on Mathematical Software 47, 2021), its state filled from the
//! seed by SplitMix64 as its authors advise. Not for secrets: who sees a few values knows the rest.
//!
//! Distributions other than the uniform are elsewhere.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

/// 2⁻⁵³, the distance between neighbours among the values of [`Random::unit`].
const UNIT_STEP: f64 = 1.0 / (1_u64 << 53) as f64;

/// A seeded source of chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The source that `seed` stands for.
    pub fn new(seed: u64) -> Self {
        Random(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// Stream number `n` of `seed`. Each part of a model draws from a stream of its own, so that
    /// one more draw in one part changes nothing in the others. Streams of one seed start at
    /// different places in a cycle of 2²⁵⁶ − 1 values, too far apart to meet within a run.
    pub fn stream(seed: u64, n: u64) -> Self {
        Random::new(mixed(mixed(seed) ^ n))
    }

    /// The next 64 random bits.
    #[expect(clippy::should_implement_trait, reason = "a source of chance never ends")]
    #[inline]
    pub fn next(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number from 0 to `n` − 1, each exactly as likely as the others; 0 when `n` is 0.
    ///
    /// Lemire, "Fast Random Integer Generation in an Interval", ACM Transactions on Modeling and
    /// Computer Simulation 29, 2019: the upper half of a product, drawn again when the lower half
    /// falls among the few values that would favour some results.
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        let mut product = self.half() * u64::from(n);
        if (product as u32) < n {
            let favoured = n.wrapping_neg() % n;
            while (product as u32) < favoured {
                product = self.half() * u64::from(n);
            }
        }
        (product >> 32) as u32
    }

    /// A number in [0, 1), one of the 2⁵³ multiples of 2⁻⁵³.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 * UNIT_STEP
    }

    /// A number in (0, 1], one of the 2⁵³ multiples of 2⁻⁵³: its logarithm is finite.
    #[inline]
    pub fn unit_open(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 * UNIT_STEP
    }

    /// The upper 32 of the next 64 bits, the better half of this generator.
    #[inline]
    fn half(&mut self) -> u64 {
        self.next() >> 32
    }
}

/// One step of SplitMix64: different numbers give different, unrelated numbers.
fn mixed(n: u64) -> u64 {
    SplitMix64::seed_from_u64(n).next_u64()
}
