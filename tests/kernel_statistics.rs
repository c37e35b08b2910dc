//! Statistics against their definitions, computed the long way.

use proptest::prelude::*;
use sluice::kernel::statistics::{BatchMeans, Interval, MeanVariance, Percentiles, TimeWeighted};
use sluice::kernel::{Random, Time};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn mean_and_variance_lose_no_digits() {
    // NIST Statistical Reference Datasets, NumAcc3: mean 1000000.2, standard deviation 0.1.
    let mut statistic = MeanVariance::new();
    statistic.push(1_000_000.2);
    for _ in 0..500 {
        statistic.push(1_000_000.1);
        statistic.push(1_000_000.3);
    }
    assert_eq!(statistic.count(), 1001);
    assert!((statistic.mean().unwrap() - 1_000_000.2).abs() < 1e-8);
    assert!((statistic.standard_deviation().unwrap() - 0.1).abs() < 1e-8);
    assert_eq!(MeanVariance::new().mean(), None);
    assert_eq!(MeanVariance::new().variance(), None);
}

#[test]
fn a_value_weighs_as_long_as_it_held() {
    let at = Time::from_seconds;
    let mut length = TimeWeighted::new(at(1.0), 2.0);
    assert_eq!(length.mean(at(1.0)), None);
    length.set(at(2.0), 6.0);
    length.set(at(4.0), 0.0);
    assert_eq!((length.value(), length.greatest()), (0.0, 6.0));
    // 1 s at 2, 2 s at 6, 4 s at 0.
    assert_eq!(length.mean(at(8.0)), Some(2.0));
    length.set(at(3.0), 7.0);
    assert_eq!(length.mean(at(5.0)), Some(21.0 / 4.0));
}

#[test]
fn the_interval_is_the_textbook_one() {
    // Ten batches of one value: 1 to 10. Mean 5.5, variance 55 / 6, t(0.975, 9) = 2.262157.
    let mut batches = BatchMeans::new(1);
    for value in 1..=9 {
        batches.push(f64::from(value));
    }
    assert_eq!(batches.interval(0.95), None);
    batches.push(10.0);
    let Interval { low, high, level } = batches.interval(0.95).unwrap();
    let half = 2.262_157_163 * (55.0_f64 / 60.0).sqrt();
    assert!((low - (5.5 - half)).abs() < 1e-8 && (high - (5.5 + half)).abs() < 1e-8);
    assert_eq!(level, 0.95);
    assert!(batches.interval(0.95).unwrap().contains(5.5));
    assert!(close(batches.interval(0.95).unwrap().half_width(), half));
    assert_eq!(batches.interval(0.0), None);
    assert_eq!(batches.interval(1.0), None);
    assert_eq!(batches.interval(f64::NAN), None);
}

#[test]
fn intervals_hold_the_true_mean_as_often_as_they_say() {
    // Values that depend on the one before (autoregressive, 0.9), 20,000 a run, true mean 0. The
    // interval from single values would hold it in about a third of the runs.
    let mut held = 0;
    for seed in 0..400 {
        let (mut random, mut batches, mut value) = (Random::new(seed), BatchMeans::new(1), 0.0);
        for _ in 0..20_000 {
            value = 0.9 * value + random.unit() - 0.5;
            batches.push(value);
        }
        held += u32::from(batches.interval(0.95).unwrap().contains(0.0));
    }
    // Of 400, 380 are expected, with a standard deviation of 4.4.
    assert!((364..=394).contains(&held), "{held}");
}

#[test]
fn percentiles_are_exact_at_both_ends_and_for_small_values() {
    let mut percentiles = Percentiles::new();
    assert_eq!(percentiles.quantile(0.5), None);
    (1..=200).for_each(|value| percentiles.record(value));
    for (q, value) in [(0.0, 1), (0.005, 1), (0.5, 100), (0.501, 101), (0.99, 198), (1.0, 200), (7.0, 200)] {
        assert_eq!(percentiles.quantile(q), Some(value));
    }
    percentiles.record(u64::MAX);
    percentiles.record(0);
    assert_eq!((percentiles.least(), percentiles.greatest()), (Some(0), Some(u64::MAX)));
    assert_eq!((percentiles.quantile(0.0), percentiles.quantile(1.0)), (Some(0), Some(u64::MAX)));
    assert_eq!(percentiles.count(), 202);
}

proptest! {
    #[test]
    fn mean_and_variance_are_the_two_pass_ones(values in prop::collection::vec(-1e3..1e3_f64, 2..100)) {
        let mut statistic = MeanVariance::new();
        values.iter().for_each(|value| statistic.push(*value));
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
        prop_assert!(close(statistic.mean().unwrap(), mean));
        prop_assert!(close(statistic.variance().unwrap(), variance));
    }

    /// Batches joined on the way are the batches that the final size cuts.
    #[test]
    fn batches_are_equal_parts_of_the_run(values in prop::collection::vec(-1e3..1e3_f64, 0..700), size in 1_u64..4) {
        let mut batches = BatchMeans::new(size);
        values.iter().for_each(|value| batches.push(*value));
        let expected: Vec<f64> = values
            .chunks_exact(batches.size() as usize)
            .map(|batch| batch.iter().sum::<f64>() / batch.len() as f64)
            .collect();
        prop_assert_eq!(batches.means().len(), expected.len());
        prop_assert!(batches.means().len() < 40);
        prop_assert!(batches.means().iter().zip(&expected).all(|(a, b)| close(*a, *b)));
    }

    #[test]
    fn a_quantile_is_within_its_error(
        values in prop::collection::vec((any::<u64>(), 0_u32..64).prop_map(|(value, less)| value >> less), 1..200),
        q in 0.0..=1.0_f64,
    ) {
        let mut percentiles = Percentiles::new();
        values.iter().for_each(|value| percentiles.record(*value));
        let mut sorted = values;
        sorted.sort_unstable();
        let rank = ((q * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len());
        let (exact, answer) = (sorted[rank - 1], percentiles.quantile(q).unwrap());
        prop_assert!(answer.abs_diff(exact) as f64 <= exact as f64 / 256.0, "{} for {}", answer, exact);
    }
}
