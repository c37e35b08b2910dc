//! Arrival processes: the rates they are asked for, and their randomness.

#![expect(clippy::unwrap_used, reason = "what a test cannot read has failed it")]

use proptest::prelude::*;
use sluice::kernel::{Arrivals, Pattern, Random, Shape, Time};

fn arrivals(pattern: &Pattern, seed: u64, most: usize) -> Vec<Time> {
    let (mut arrivals, mut random) = (Arrivals::new(pattern).unwrap(), Random::new(seed));
    std::iter::from_fn(|| arrivals.next(&mut random)).take(most).collect()
}

/// The Kolmogorov-Smirnov test of gaps that should be exponential with mean 1; see
/// `kernel_distribution.rs`.
fn check_exponential(mut gaps: Vec<f64>) {
    gaps.sort_by(f64::total_cmp);
    let n = gaps.len() as f64;
    let distance = gaps.iter().enumerate().fold(0.0_f64, |most, (below, gap)| {
        let share = -libm::expm1(-gap);
        most.max(share - below as f64 / n).max((below + 1) as f64 / n - share)
    });
    assert!(distance * n.sqrt() < 1.95, "{}", distance * n.sqrt());
}

#[test]
fn poisson_gaps_are_exponential() {
    let times = arrivals(&Pattern::Poisson { rate: 2.0 }, 1, 50_000);
    check_exponential(times.windows(2).map(|pair| pair[1].since(pair[0]).seconds() * 2.0).collect());
}

#[test]
fn rounding_does_not_bias_the_rate() {
    // A third of a second has no whole number of nanoseconds; no arrival is more than one off.
    for (n, at) in arrivals(&Pattern::Constant { rate: 3.0 }, 1, 1_000_000).iter().enumerate() {
        let exact = (n as u64 + 1) * 1_000_000_000 / 3;
        assert!(at.nanos().abs_diff(exact) <= 1);
    }
    // Gaps of 3.3 ns in the mean: rounding each down would lose half a nanosecond of each.
    let last = *arrivals(&Pattern::Poisson { rate: 3e8 }, 2, 1_000_000).last().unwrap();
    let mean = last.nanos() as f64 / 1e6 * 0.3;
    assert!((mean - 1.0).abs() < 0.004, "{mean}");
}

#[test]
fn a_renewal_process_takes_any_gap() {
    let gap = Shape::Erlang { mean: 0.5, stages: 4 };
    let times = arrivals(&Pattern::Renewal(gap), 3, 100_000);
    // The mean gap has a relative standard deviation of 0.5 / √100,000.
    assert!((times[99_999].seconds() / 50_000.0 - 1.0).abs() < 0.0065);
}

#[test]
fn bursts_are_on_for_their_share_of_time() {
    let times = arrivals(&Pattern::OnOff { rate: 100.0, on: 1.0, off: 3.0 }, 4, 200_000);
    let rate = 200_000.0 / times[199_999].seconds();
    assert!((rate / 25.0 - 1.0).abs() < 0.06, "{rate}");
    // A gap within a burst is 10 ms in the mean; every hundredth or so spans an off period.
    let long = times.windows(2).filter(|pair| pair[1].since(pair[0]).seconds() > 0.2).count();
    assert!((1_600..2_200).contains(&long), "{long}");
    // Without off periods it is a Poisson process.
    let times = arrivals(&Pattern::OnOff { rate: 2.0, on: 0.1, off: 0.0 }, 5, 50_000);
    check_exponential(times.windows(2).map(|pair| pair[1].since(pair[0]).seconds() * 2.0).collect());
}

#[test]
fn a_curve_is_followed_exactly() {
    // Up from 0 to 1,000 a second in 20 s, down to 200 in 10 s, then level.
    let points = vec![(0.0, 0.0), (20.0, 1000.0), (30.0, 200.0)];
    let area = |t: f64| match t {
        t if t < 20.0 => 25.0 * t * t,
        t if t < 30.0 => 10_000.0 + 1000.0 * (t - 20.0) - 40.0 * (t - 20.0) * (t - 20.0),
        t => 16_000.0 + 200.0 * (t - 30.0),
    };
    let times = arrivals(&Pattern::Curve { points }, 6, 50_000);
    let areas: Vec<f64> = times.iter().map(|at| area(at.seconds())).collect();
    assert!(areas[49_999] > 48_000.0);
    check_exponential(areas.windows(2).map(|pair| pair[1] - pair[0]).collect());
}

#[test]
fn a_curve_goes_on_level_before_and_after() {
    let before = arrivals(&Pattern::Curve { points: vec![(10.0, 100.0), (20.0, 0.0)] }, 7, 10_000);
    let early = before.iter().filter(|at| at.seconds() < 10.0).count();
    assert!((900..1_100).contains(&early), "{early}");
    // 1,000 under the level part, 500 under the slope, none after.
    assert!((1_380..1_620).contains(&before.len()), "{}", before.len());
    assert!(before.iter().all(|at| at.seconds() <= 20.0));
    assert_eq!(arrivals(&Pattern::Curve { points: vec![(0.0, 0.0)] }, 8, 10), []);
}

#[test]
fn listed_times_are_taken_as_they_are() {
    let times = arrivals(&Pattern::Times(vec![0.0, 0.5, 0.5, 2.0]), 9, 10);
    assert_eq!(times, [0.0, 0.5, 0.5, 2.0].map(Time::from_seconds));
}

#[test]
fn json_has_one_shape() {
    for json in [
        r#"{"poisson":{"rate":2.0}}"#,
        r#"{"constant":{"rate":2.0}}"#,
        r#"{"renewal":{"erlang":{"mean":0.5,"stages":4}}}"#,
        r#"{"on-off":{"rate":100.0,"on":1.0,"off":3.0}}"#,
        r#"{"curve":{"points":[[0.0,10.0],[60.0,100.0]]}}"#,
        r#"{"times":[0.0,0.5]}"#,
    ] {
        let pattern: Pattern = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&pattern).unwrap(), json);
        assert!(Arrivals::new(&pattern).is_ok());
    }
}

#[test]
fn the_ends_of_every_range_are_taken() {
    for rate in [1e-9, 1e9] {
        assert!(Arrivals::new(&Pattern::Poisson { rate }).is_ok());
        assert!(Arrivals::new(&Pattern::Constant { rate }).is_ok());
    }
}

#[test]
fn refusals_name_the_field_and_what_is_allowed() {
    fn check(json: &str, words: &str) {
        let pattern: Pattern = serde_json::from_str(json).unwrap();
        assert_eq!(Arrivals::new(&pattern).unwrap_err().to_string(), words);
    }
    let rates = "use requests a second from 0.000000001 to 1,000,000,000";
    check(r#"{"poisson":{"rate":0}}"#, &format!("poisson.rate: “0” is not allowed; {rates}"));
    check(r#"{"constant":{"rate":-2}}"#, &format!("constant.rate: “-2” is not allowed; {rates}"));
    check(
        r#"{"renewal":{"exponential":{"mean":0}}}"#,
        "renewal.exponential.mean: “0” is not allowed; use seconds from 0.000000001 to 1,000,000,000",
    );
    check(
        r#"{"renewal":{"constant":{"value":0}}}"#,
        "renewal.constant.value: “0” is not allowed; use a gap above 0",
    );
    check(
        r#"{"renewal":{"uniform":{"low":0,"high":0}}}"#,
        "renewal.uniform.high: “0” is not allowed; use a gap above 0",
    );
    check(r#"{"on-off":{"rate":0,"on":1,"off":1}}"#, &format!("on-off.rate: “0” is not allowed; {rates}"));
    check(
        r#"{"on-off":{"rate":1,"on":0,"off":1}}"#,
        "on-off.on: “0” is not allowed; use seconds enough for 0.001 requests, at most 1,000,000,000",
    );
    check(
        r#"{"on-off":{"rate":1,"on":1,"off":-1}}"#,
        "on-off.off: “-1” is not allowed; use seconds from 0 to 1,000,000,000",
    );
    check(r#"{"curve":{"points":[]}}"#, "curve.points: “0” is not allowed; use from 1 to 1,000 points");
    check(
        r#"{"curve":{"points":[[0,1],[0,2]]}}"#,
        "curve.points[1].time: “0” is not allowed; use a time above that of the point before",
    );
    check(
        r#"{"curve":{"points":[[0,-1]]}}"#,
        "curve.points[0].rate: “-1” is not allowed; use requests a second from 0 to 1,000,000,000",
    );
    check(r#"{"times":[1,0.5]}"#, "times[1]: “0.5” is not allowed; use a time not below the one before");
    check(r#"{"times":[-1]}"#, "times[0]: “-1” is not allowed; use seconds from 0 to 1,000,000,000");
}

proptest! {
    /// Whatever the curve, arrivals never go back in time and never panic.
    #[test]
    fn a_curve_never_goes_back(steps in prop::collection::vec((1e-6..1e3_f64, 0.0..1e4_f64), 1..20), seed: u64) {
        let mut end = 0.0;
        let points = steps.into_iter().map(|(step, rate)| { end += step; (end, rate.floor()) }).collect();
        let times = arrivals(&Pattern::Curve { points }, seed, 2_000);
        prop_assert!(times.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}
