//! Service times against their distribution functions and moments.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed it")]

use sluice::kernel::statistics::MeanVariance;
use sluice::kernel::{Distribution, Random, Shape, Span};

const SAMPLES: usize = 50_000;

/// The Kolmogorov-Smirnov test: the greatest distance between the share of samples up to x and
/// the distribution function at x, times √n, exceeds 1.95 with probability 0.001.
fn check_distribution(shape: Shape, seed: u64, cdf: impl Fn(f64) -> f64) {
    let distribution = Distribution::new(shape).unwrap();
    let mut random = Random::new(seed);
    let mut samples: Vec<f64> = (0..SAMPLES).map(|_| distribution.sample_seconds(&mut random)).collect();
    samples.sort_by(f64::total_cmp);
    let n = SAMPLES as f64;
    let distance = samples.iter().enumerate().fold(0.0_f64, |most, (below, x)| {
        let share = cdf(*x);
        most.max(share - below as f64 / n).max((below + 1) as f64 / n - share)
    });
    assert!(distance * n.sqrt() < 1.95, "{shape:?}: {}", distance * n.sqrt());
}

fn exponential_cdf(mean: f64, x: f64) -> f64 {
    -libm::expm1(-x / mean)
}

#[test]
fn samples_follow_the_distribution_function() {
    check_distribution(Shape::Exponential { mean: 0.2 }, 1, |x| exponential_cdf(0.2, x));
    check_distribution(Shape::Uniform { low: 1.0, high: 3.0 }, 2, |x| (x - 1.0) / 2.0);
    check_distribution(Shape::Erlang { mean: 3.0, stages: 3 }, 3, |x| {
        1.0 - libm::exp(-x) * (1.0 + x + x * x / 2.0)
    });
    // Balanced means at a squared coefficient of variation of 4: p = (1 + √(3/5)) / 2.
    let p = (1.0 + 0.6_f64.sqrt()) / 2.0;
    check_distribution(Shape::Hyperexponential { mean: 1.0, scv: 4.0 }, 4, |x| {
        p * exponential_cdf(0.5 / p, x) + (1.0 - p) * exponential_cdf(0.5 / (1.0 - p), x)
    });
    for shape in [1.2, 1.5, 2.5] {
        let least = (shape - 1.0) / shape;
        let cdf = |x: f64| 1.0 - libm::pow(least / x, shape);
        check_distribution(Shape::Pareto { mean: 1.0, shape }, 5, cdf);
    }
}

#[test]
fn moments_are_the_closed_forms() {
    // Law, "Simulation Modeling and Analysis", section 6.2.2, and Whitt 1982 for the fifth.
    for (shape, mean, variance) in [
        (Shape::Constant { value: 0.5 }, 0.5, Some(0.0)),
        (Shape::Exponential { mean: 2.0 }, 2.0, Some(4.0)),
        (Shape::Uniform { low: 1.0, high: 4.0 }, 2.5, Some(0.75)),
        (Shape::Erlang { mean: 2.0, stages: 4 }, 2.0, Some(1.0)),
        (Shape::Hyperexponential { mean: 0.5, scv: 4.0 }, 0.5, Some(1.0)),
        (Shape::Pareto { mean: 1.0, shape: 5.0 }, 1.0, Some(1.0 / 15.0)),
        (Shape::Pareto { mean: 1.0, shape: 2.0 }, 1.0, None),
    ] {
        let distribution = Distribution::new(shape).unwrap();
        assert_eq!((distribution.mean(), distribution.variance()), (mean, variance));
        let (mut random, mut measured) = (Random::new(9), MeanVariance::new());
        (0..200_000).for_each(|_| measured.push(distribution.sample(&mut random).seconds()));
        let Some(variance) = variance else { continue };
        let error = (variance / 200_000.0).sqrt();
        assert!((measured.mean().unwrap() - mean).abs() <= 4.0 * error, "{shape:?}");
        assert!((measured.variance().unwrap() - variance).abs() <= 0.05 * variance, "{shape:?}");
    }
}

#[test]
fn a_sample_is_rounded_to_the_nanosecond() {
    let (mut a, mut b) = (Random::new(1), Random::new(1));
    let distribution = Distribution::new(Shape::Exponential { mean: 1e-8 }).unwrap();
    for _ in 0..1000 {
        let exact = distribution.sample_seconds(&mut a);
        assert_eq!(distribution.sample(&mut b), Span::from_seconds(exact));
    }
}

#[test]
fn json_has_one_shape() {
    for json in [
        r#"{"constant":{"value":0.0}}"#,
        r#"{"exponential":{"mean":1.0}}"#,
        r#"{"uniform":{"low":0.5,"high":1.5}}"#,
        r#"{"erlang":{"mean":1.0,"stages":4}}"#,
        r#"{"hyperexponential":{"mean":1.0,"scv":4.0}}"#,
        r#"{"pareto":{"mean":1.0,"shape":1.5}}"#,
    ] {
        let distribution: Distribution = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&distribution).unwrap(), json);
        assert_eq!(Distribution::new(distribution.shape()), Ok(distribution));
    }
}

#[test]
fn refusals_name_the_field_and_what_is_allowed() {
    fn check(shape: Shape, words: &str) {
        assert_eq!(Distribution::new(shape).unwrap_err().to_string(), words);
    }
    let seconds = "use seconds from 0.000000001 to 1,000,000,000";
    check(Shape::Exponential { mean: 0.0 }, &format!("exponential.mean: “0” is not allowed; {seconds}"));
    check(
        Shape::Erlang { mean: f64::NAN, stages: 1 },
        &format!("erlang.mean: “NaN” is not allowed; {seconds}"),
    );
    check(
        Shape::Pareto { mean: f64::INFINITY, shape: 2.0 },
        &format!("pareto.mean: “inf” is not allowed; {seconds}"),
    );
    check(
        Shape::Constant { value: -1.0 },
        "constant.value: “-1” is not allowed; use seconds from 0 to 1,000,000,000",
    );
    check(
        Shape::Uniform { low: 2.0, high: 1.0 },
        "uniform.high: “1” is not allowed; use a time not below uniform.low",
    );
    check(
        Shape::Erlang { mean: 1.0, stages: 0 },
        "erlang.stages: “0” is not allowed; use a whole number of stages from 1 to 100",
    );
    check(
        Shape::Hyperexponential { mean: 1.0, scv: 0.5 },
        "hyperexponential.scv: “0.5” is not allowed; use a number from 1 to 10,000",
    );
    check(
        Shape::Pareto { mean: 1.0, shape: 1.0 },
        "pareto.shape: “1” is not allowed; use a number from 1.01 to 100",
    );
    let error = serde_json::from_str::<Distribution>(r#"{"pareto":{"mean":1,"shape":1}}"#).unwrap_err();
    assert!(error.to_string().starts_with("pareto.shape: “1” is not allowed"));
    assert!(serde_json::from_str::<Distribution>(r#"{"pareto":{"mean":1,"shape":2,"x":1}}"#).is_err());
}
