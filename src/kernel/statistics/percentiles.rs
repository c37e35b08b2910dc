//! Percentiles of a great many values in little memory, with a bounded relative error.
//!
//! A log-linear histogram in the manner of HdrHistogram (Gil Tene): values below 256 are counted
//! one by one; above, each doubling is cut into 128 equal buckets, and a bucket answers with its
//! middle. So an answer is at most 1/256 (0.4 %) from a value that was recorded. The least and the
//! greatest value are kept as they are.

/// Each doubling has 2⁷ = 128 buckets.
const BITS: u32 = 7;

/// A histogram of whole numbers: nanoseconds, bytes, attempts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Percentiles {
    /// Counts by bucket, as far as one was needed; 7,424 at most.
    counts: Vec<u64>,
    count: u64,
    least: Option<u64>,
    greatest: Option<u64>,
}

impl Percentiles {
    /// No values yet.
    pub fn new() -> Self {
        Percentiles::default()
    }

    /// Takes one more value.
    pub fn record(&mut self, value: u64) {
        let bucket = bucket_of(value);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += 1;
        self.count += 1;
        self.least = Some(self.least.map_or(value, |least| least.min(value)));
        self.greatest = self.greatest.max(Some(value));
    }

    /// Takes over all values of `other`.
    pub fn join(&mut self, other: &Percentiles) {
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        self.count += other.count;
        self.least = self.least.into_iter().chain(other.least).min();
        self.greatest = self.greatest.max(other.greatest);
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The least value, exact.
    pub fn least(&self) -> Option<u64> {
        self.least
    }

    /// The greatest value, exact.
    pub fn greatest(&self) -> Option<u64> {
        self.greatest
    }

    /// The smallest value that at least the share `q` of all values does not exceed, to within
    /// 1/256 of it (nearest rank). `q` is taken between 0, the least value, and 1, the greatest;
    /// `None` without a value.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        let (least, greatest) = (self.least?, self.greatest?);
        let rank = ((q * self.count as f64).ceil() as u64).clamp(1, self.count);
        if rank == self.count {
            return Some(greatest);
        }
        let mut seen = 0;
        let bucket = self.counts.iter().position(|count| {
            seen += count;
            seen >= rank
        })?;
        Some(middle_of(bucket).clamp(least, greatest))
    }
}

/// The leading eight bits of a value and how many follow them make its bucket.
fn bucket_of(value: u64) -> usize {
    let follow = (u64::BITS - value.leading_zeros()).saturating_sub(BITS + 1);
    ((u64::from(follow) << BITS) + (value >> follow)) as usize
}

fn middle_of(bucket: usize) -> u64 {
    let follow = (bucket >> BITS).saturating_sub(1);
    let leading = (bucket - (follow << BITS)) as u64;
    (leading << follow) + ((1 << follow) - 1) / 2
}
