//! The source of chance against the published generators and against exact uniformity.

use sluice::kernel::Random;

/// `splitmix64.c` by Sebastiano Vigna, <https://prng.di.unimi.it/splitmix64.c>, in Rust.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// `xoshiro256plusplus.c` by David Blackman and Sebastiano Vigna,
/// <https://prng.di.unimi.it/xoshiro256plusplus.c>, in Rust.
struct Xoshiro([u64; 4]);

impl Xoshiro {
    fn seeded(seed: u64) -> Self {
        let mut words = SplitMix(seed);
        Xoshiro([words.next(), words.next(), words.next(), words.next()])
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }
}

#[test]
fn the_reference_generators_give_their_published_values() {
    // Produced with the authors' C code; also the reference test of the crate rand_xoshiro.
    let mut xoshiro = Xoshiro([1, 2, 3, 4]);
    for published in [
        41_943_041,
        58_720_359,
        3_588_806_011_781_223,
        3_591_011_842_654_386,
        9_228_616_714_210_784_205,
        9_973_669_472_204_895_162,
        14_011_001_112_246_962_877,
        12_406_186_145_184_390_807,
        15_849_039_046_786_891_736,
        10_450_023_813_501_588_000,
    ] {
        assert_eq!(xoshiro.next(), published);
    }
    // Rosetta Code, "Pseudo-random numbers/Splitmix64", seed 1234567.
    let mut splitmix = SplitMix(1_234_567);
    for published in [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821_u64,
    ] {
        assert_eq!(splitmix.next(), published);
    }
}

#[test]
fn a_seed_gives_what_the_reference_gives() {
    for seed in [0, 1, 7, 42, 1_234_567, u64::MAX] {
        let (mut ours, mut reference) = (Random::new(seed), Xoshiro::seeded(seed));
        for _ in 0..1000 {
            assert_eq!(ours.next(), reference.next());
        }
    }
}

#[test]
fn streams_are_fixed_and_differ() {
    let first: Vec<u64> = (0..1000).map(|n| Random::stream(7, n).next()).collect();
    let mut different = first.clone();
    different.push(Random::new(7).next());
    different.push(Random::stream(8, 0).next());
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), first.len() + 2);

    let mut mix = SplitMix(7);
    let mut mix = SplitMix(mix.next() ^ 3);
    assert_eq!(Random::stream(7, 3), Random::new(mix.next()));
}

#[test]
fn below_takes_the_upper_half_of_the_product_and_rejects() {
    // The rule of the paper, written out with its worst case: n just above 2³¹ rejects every
    // second draw or so.
    for n in [1, 2, 3, 10, 1000, 0x8000_0001, 0xc000_0000, u32::MAX] {
        let (mut ours, mut reference) = (Random::new(5), Xoshiro::seeded(5));
        let favoured = (1_u64 << 32) % u64::from(n);
        for _ in 0..2000 {
            let expected = loop {
                let product = (reference.next() >> 32) * u64::from(n);
                if product & 0xffff_ffff >= favoured {
                    break product >> 32;
                }
            };
            assert_eq!(u64::from(ours.below(n)), expected);
        }
    }
    assert_eq!(Random::new(1).below(0), 0);
}

#[test]
fn below_is_uniform() {
    let mut random = Random::new(11);
    let mut counts = [0_u32; 10];
    for _ in 0..100_000 {
        counts[random.below(10) as usize] += 1;
    }
    let chi_square: f64 = counts.iter().map(|c| f64::from(*c) - 1e4).map(|d| d * d / 1e4).sum();
    // The 0.999 quantile of chi-square with 9 degrees of freedom.
    assert!(chi_square < 27.88, "{chi_square}");
}

#[test]
fn the_unit_intervals_are_half_open_on_the_side_they_say() {
    let (mut a, mut b, mut bits) = (Random::new(3), Random::new(3), Random::new(3));
    let mut sum = 0.0;
    for _ in 0..100_000 {
        let top = bits.next() >> 11;
        assert_eq!(a.unit(), top as f64 / 9_007_199_254_740_992.0);
        let open = b.unit_open();
        assert_eq!(open, (top + 1) as f64 / 9_007_199_254_740_992.0);
        assert!(open > 0.0 && open <= 1.0);
        sum += open;
    }
    // The mean of 10⁵ values has a standard deviation of 0.00091.
    assert!((sum / 1e5 - 0.5).abs() < 0.003);
}
