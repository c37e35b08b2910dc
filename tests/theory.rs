//! Closed forms against published values and against exact enumeration.

use sluice::kernel::Random;
use sluice::theory::{che, student_t, zipf};
use sluice::trace::zipf::ZipfSampler;
use std::f64::consts::PI;

#[test]
fn students_t_is_the_published_table() {
    // NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2, upper critical values.
    for (freedom, row) in [
        (1, [3.078, 6.314, 12.706, 31.821, 63.657]),
        (2, [1.886, 2.920, 4.303, 6.965, 9.925]),
        (5, [1.476, 2.015, 2.571, 3.365, 4.032]),
        (10, [1.372, 1.812, 2.228, 2.764, 3.169]),
        (19, [1.328, 1.729, 2.093, 2.539, 2.861]),
        (30, [1.310, 1.697, 2.042, 2.457, 2.750]),
        (100, [1.290, 1.660, 1.984, 2.364, 2.626]),
    ] {
        for (p, published) in [0.90, 0.95, 0.975, 0.99, 0.995].into_iter().zip(row) {
            let t = student_t::quantile(p, f64::from(freedom)).unwrap();
            assert!((t - published).abs() <= 0.000_501, "{freedom} {p}: {t}");
        }
    }
}

#[test]
fn students_t_is_the_closed_form_where_there_is_one() {
    // Shaw, "Sampling Student's T distribution", Journal of Computational Finance 9, 2006.
    for p in [1e-9, 1e-3, 0.025, 0.3, 0.499, 0.5, 0.500_001, 0.7, 0.9, 0.975, 0.999_999] {
        let one = (PI * (p - 0.5)).tan();
        let alpha = 4.0 * p * (1.0 - p);
        let two = (2.0 * p - 1.0) * (2.0 / alpha).sqrt();
        let q = libm::cos(libm::acos(alpha.sqrt()) / 3.0) / alpha.sqrt();
        let four = (p - 0.5).signum() * 2.0 * (q - 1.0).max(0.0).sqrt();
        for (freedom, exact) in [(1.0, one), (2.0, two), (4.0, four)] {
            let t = student_t::quantile(p, freedom).unwrap();
            assert!((t - exact).abs() <= 1e-7 * exact.abs().max(1.0), "{freedom} {p}: {t} {exact}");
        }
    }
}

#[test]
fn students_t_is_right_to_nine_digits() {
    // Computed with mpmath at 30 digits.
    for (p, freedom, t) in [
        (0.975, 9.0, 2.262_157_162_798_2),
        (0.975, 19.0, 2.093_024_054_408_3),
        (0.995, 39.0, 2.707_913_183_517_7),
        (0.95, 7.5, 1.875_747_479_211_3),
        (0.975, 1e6, 1.959_966_356_814_1),
    ] {
        assert!((student_t::quantile(p, freedom).unwrap() - t).abs() < 1e-9, "{p} {freedom}");
    }
    for (p, freedom) in [(0.0, 5.0), (1.0, 5.0), (f64::NAN, 5.0), (0.5, 0.0), (0.5, f64::INFINITY)] {
        assert_eq!(student_t::quantile(p, freedom), None);
    }
}

#[test]
fn zipf_is_normalised_and_harmonic_numbers_are_the_known_ones() {
    // OEIS A001008 / A002805: H(10) = 7381 / 2520. Basel problem: π² / 6 in the limit.
    assert!((zipf::harmonic(10, 1.0) - 7381.0 / 2520.0).abs() < 1e-15);
    assert!((zipf::harmonic(1_000_000, 2.0) + 1e-6 - PI * PI / 6.0).abs() < 1e-11);
    assert_eq!(zipf::harmonic(7, 0.0), 7.0);
    for skew in [0.0, 0.9, 2.0] {
        let probabilities = zipf::probabilities(1000, skew);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((probabilities[0] / probabilities[9] - libm::pow(10.0, skew)).abs() < 1e-9);
    }
}

#[test]
fn equally_popular_keys_hit_at_capacity_over_keys() {
    for (keys, capacity) in [(2, 1), (10, 3), (1000, 999), (1000, 10)] {
        let popularity = vec![1.0; keys];
        for predict in [che::lru, che::fifo] {
            let prediction = predict(&popularity, capacity).unwrap();
            assert!((prediction.hit_ratio - capacity as f64 / keys as f64).abs() < 1e-9);
        }
    }
}

#[test]
fn the_characteristic_time_fills_the_cache() {
    for skew in [0.0, 0.6, 0.9, 1.0, 1.5, 2.0] {
        for (keys, capacity) in [(10, 1), (1000, 100), (1000, 999), (100_000, 10), (100_000, 99_000)] {
            let popularity = zipf::probabilities(keys, skew);
            let time = che::lru(&popularity, capacity).unwrap().characteristic_time;
            let held: f64 = popularity.iter().map(|p| -libm::expm1(-p * time)).sum();
            assert!((held / capacity as f64 - 1.0).abs() < 1e-9, "{skew} {keys} {capacity}: {held}");
            let time = che::fifo(&popularity, capacity).unwrap().characteristic_time;
            let held: f64 = popularity.iter().map(|p| p * time / (1.0 + p * time)).sum();
            assert!((held / capacity as f64 - 1.0).abs() < 1e-9, "{skew} {keys} {capacity}: {held}");
        }
    }
}

#[test]
fn what_fits_hits_and_what_has_no_weight_is_refused() {
    let prediction = che::lru(&[3.0, 1.0, 0.0], 2).unwrap();
    assert_eq!((prediction.hit_ratio, prediction.characteristic_time), (1.0, f64::INFINITY));
    assert_eq!(che::lru(&[3.0, 1.0], 0).unwrap().hit_ratio, 0.0);
    for popularity in [&[][..], &[0.0], &[-1.0, 2.0], &[f64::NAN], &[f64::INFINITY]] {
        assert_eq!(che::lru(popularity, 1), None);
        assert_eq!(che::fifo(popularity, 1), None);
    }
}

/// King, "Analysis of Demand Paging Algorithms", IFIP 1971: the exact hit ratio of LRU is the sum
/// over all ordered contents of their stationary probability times that of a request for them.
fn exact_lru(popularity: &[f64], capacity: usize) -> f64 {
    fn sum(popularity: &[f64], inside: &mut Vec<usize>, room: usize, chance: f64, held: f64) -> f64 {
        if room == 0 {
            return chance * held;
        }
        let mut total = 0.0;
        for key in 0..popularity.len() {
            if !inside.contains(&key) {
                inside.push(key);
                let chance = chance * popularity[key] / (1.0 - held);
                total += sum(popularity, inside, room - 1, chance, held + popularity[key]);
                inside.pop();
            }
        }
        total
    }
    sum(popularity, &mut Vec::new(), capacity, 1.0, 0.0)
}

/// The same paper: contents of FIFO are as likely as the product of their popularities.
fn exact_fifo(popularity: &[f64], capacity: usize) -> f64 {
    let (mut all, mut hits) = (0.0, 0.0);
    for set in 0_u32..1 << popularity.len() {
        if set.count_ones() as usize == capacity {
            let inside =
                || (0..popularity.len()).filter(|key| set >> key & 1 == 1).map(|key| popularity[key]);
            let weight: f64 = inside().product();
            all += weight;
            hits += weight * inside().sum::<f64>();
        }
    }
    hits / all
}

#[test]
fn the_approximation_is_near_the_exact_ratio_even_for_ten_keys() {
    for skew in [0.3, 0.9, 1.2] {
        let popularity = zipf::probabilities(10, skew);
        for capacity in [2, 4, 6] {
            let lru = che::lru(&popularity, capacity).unwrap().hit_ratio;
            assert!((lru - exact_lru(&popularity, capacity)).abs() < 0.025, "{skew} {capacity}");
            let fifo = che::fifo(&popularity, capacity).unwrap().hit_ratio;
            assert!((fifo - exact_fifo(&popularity, capacity)).abs() < 0.025, "{skew} {capacity}");
            assert!(fifo < lru);
        }
    }
}

/// Hit ratio of a list of `capacity` keys in a plain simulation, the first 100,000 requests of
/// 400,000 left out. A hit renews its place or not.
fn simulated(keys: u32, skew: f64, capacity: usize, renew: bool) -> f64 {
    let (sampler, mut random) = (ZipfSampler::new(keys, skew), Random::new(42));
    let (mut list, mut hits) = (std::collections::VecDeque::new(), 0);
    for n in 0..400_000 {
        let key = sampler.sample(&mut random);
        let place = list.iter().position(|inside| *inside == key);
        hits += u32::from(place.is_some() && n >= 100_000);
        match place {
            Some(place) if renew => drop(list.remove(place)),
            Some(_) => continue,
            None if list.len() == capacity => drop(list.pop_back()),
            None => {}
        }
        list.push_front(key);
    }
    f64::from(hits) / 3e5
}

#[test]
fn the_approximation_is_what_a_simulation_measures() {
    let popularity = zipf::probabilities(1000, 0.9);
    let lru = che::lru(&popularity, 50).unwrap().hit_ratio;
    let fifo = che::fifo(&popularity, 50).unwrap().hit_ratio;
    assert!((lru - simulated(1000, 0.9, 50, true)).abs() < 0.004, "{lru}");
    assert!((fifo - simulated(1000, 0.9, 50, false)).abs() < 0.004, "{fifo}");
}
