//! Limits on requests under way, and Guava's rate limiters: step tables worked out by hand, the
//! vendor's arithmetic written down again, and what must hold whatever comes.

#![cfg(test)]

use proptest::prelude::*;
use sluice::catalogue::Parameters;
use sluice::kernel::{Span, Time};
use sluice::limit::{Adjustment, Figure, Finish, Limiter, Part, find};

fn build(id: &str, given: &[(&str, &str)]) -> Box<dyn Limiter> {
    let entry = find(id).unwrap();
    (entry.build)(&Parameters::new(entry.about, given.iter().copied()).unwrap())
}

fn finish(millis: u64, in_flight: u32, dropped: bool) -> Finish {
    Finish { took: Span::from_millis(millis), in_flight, dropped }
}

/// A request that ended, after how many milliseconds and with how many under way and whether it
/// was dropped, the limit then and the rule.
type Ended = (u64, u32, bool, f64, &'static str);

fn check(id: &str, given: &[(&str, &str)], steps: &[Ended]) {
    let mut limiter = build(id, given);
    for (at, (millis, in_flight, dropped, limit, rule)) in steps.iter().enumerate() {
        let Adjustment { to, rule: because, .. } =
            limiter.finish(0, Time::ZERO, finish(*millis, *in_flight, *dropped)).unwrap();
        assert!((to - limit).abs() < 1e-9, "{id}, step {at}: {to} instead of {limit}");
        assert_eq!(because.name, *rule, "{id}, step {at}");
    }
}

#[test]
fn aimd_climbs_by_one_and_falls_by_a_tenth() {
    let steps = [
        (1, 20, false, 21.0, "IN_USE"),
        (1, 11, false, 22.0, "IN_USE"),
        (1, 11, false, 23.0, "IN_USE"),
        (1, 11, false, 23.0, "NOT_IN_USE"),
        (5_000, 12, false, 24.0, "IN_USE"),
        (5_001, 12, false, 21.0, "TOO_SLOW"),
        (1, 1, true, 20.0, "DROPPED"),
        (1, 0, true, 20.0, "DROPPED"),
    ];
    check("aimd", &[], &steps);
    check("aimd", &[("initial", "200")], &[(1, 200, false, 200.0, "IN_USE"), (1, 1, true, 180.0, "DROPPED")]);
}

/// At a limit of 10 alpha is 3 and beta 6, and the queue is ten times 1 - 10 ms / took, rounded up.
#[test]
fn vegas_keeps_the_queue_from_alpha_to_beta() {
    let ten = [("initial", "10"), ("most", "20")];
    let first = (10, 10, false, 10.0, "FASTEST");
    check("vegas", &ten, &[first, (11, 10, false, 16.0, "NO_QUEUE")]);
    check("vegas", &ten, &[first, (12, 10, false, 11.0, "SHORT_QUEUE")]);
    check("vegas", &ten, &[first, (14, 10, false, 10.0, "STEADY"), (25, 10, false, 10.0, "STEADY")]);
    check("vegas", &ten, &[first, (26, 10, false, 9.0, "LONG_QUEUE"), (9, 10, false, 9.0, "FASTEST")]);
    check("vegas", &ten, &[first, (11, 4, false, 10.0, "NOT_IN_USE"), (11, 0, true, 9.0, "DROPPED")]);
    check("vegas", &[("initial", "1")], &[(1, 1, false, 1.0, "FASTEST"), (1, 1, true, 1.0, "DROPPED")]);
    // Half of the way from 10 to 9, and then from 9.5 to 8.5.
    let half = [("initial", "10"), ("smoothing", "0.5")];
    check("vegas", &half, &[first, (50, 10, false, 9.5, "LONG_QUEUE"), (50, 10, false, 9.0, "LONG_QUEUE")]);
}

#[test]
fn vegas_says_by_how_much_the_queue_is_too_long() {
    let mut limiter = build("vegas", &[("initial", "10")]);
    limiter.finish(0, Time::ZERO, finish(10, 10, false));
    let Adjustment { figure, .. } = limiter.finish(0, Time::ZERO, finish(30, 10, false)).unwrap();
    assert_eq!(figure, Figure::Against(7, "above beta", 6));
    assert_eq!(figure.to_string(), "7, above beta 6");
}

/// Three quarters of 30 times 10 requests after the last time.
#[test]
fn vegas_measures_the_fastest_round_trip_anew() {
    let mut limiter = build("vegas", &[("initial", "10")]);
    let mut anew = Vec::new();
    for at in 1..=500 {
        let took = if at == 1 { 10 } else { 20 };
        // With no more than 4 under way the limit stays.
        let adjustment = limiter.finish(0, Time::ZERO, finish(took, 4, false)).unwrap();
        if adjustment.rule.name == "MEASURED_ANEW" {
            assert_eq!(adjustment.figure, Figure::Span(Span::from_millis(20)));
            anew.push(at);
        }
    }
    assert_eq!(anew, [225, 450]);
}

/// A tolerated trip moves the limit by a fifth of the queue of 4; one ten times too long moves it
/// a fifth of the way to its half and 4.
#[test]
fn gradient2_follows_the_long_run() {
    let mut steps: Vec<Ended> =
        (1..=10).map(|n| (10, 20, false, 20.0 + 0.8 * f64::from(n), "TOLERATED")).collect();
    steps.push((100, 28, false, 28.0 * 0.9 + 0.8, "TOO_SLOW"));
    steps.push((15, 12, false, 26.0, "NOT_IN_USE"));
    steps.push((15, 26, true, 26.8, "TOLERATED"));
    check("gradient2", &[], &steps);
    // Long run 10 + 10 / 601 × 2, and 1.5 of those over 20.
    let gradient = 1.5 * (10.0 + 20.0 / 601.0) / 20.0;
    steps.truncate(10);
    steps.push((20, 28, false, 28.0 * 0.8 + 0.2 * (28.0 * gradient + 4.0), "TOO_SLOW"));
    check("gradient2", &[], &steps);
}

/// The note in the picture of Gradient2 that tells the long run.
fn long_run(limiter: &dyn Limiter) -> String {
    match limiter.show(0, Time::ZERO).parts.remove(2) {
        Part::Note(says) => says.replace("a round trip takes ", "").replace(" in the long run", ""),
        other => panic!("{other:?}"),
    }
}

/// The long run falls by a twentieth when it is more than twice the last trip.
#[test]
fn gradient2_recovers() {
    let mut limiter = build("gradient2", &[]);
    limiter.finish(0, Time::ZERO, finish(100, 20, false));
    assert_eq!(long_run(&*limiter), "100 ms");
    limiter.finish(0, Time::ZERO, finish(20, 20, false));
    // The mean of 100 and 20 is 60, and that is more than 40.
    assert_eq!(long_run(&*limiter), "57 ms");
}

/// The figures of Netflix's ExpAvgMeasurementTest, `testWarmup`.
#[test]
fn gradient2_averages_the_first_ten_plainly() {
    let mut limiter = build("gradient2", &[("long-window", "100")]);
    let expected = ["10", "10.5", "11", "11.5", "12", "12.5", "13", "13.5", "14", "14.5"];
    for (millis, expected) in (10..).zip(expected) {
        limiter.finish(0, Time::ZERO, finish(millis, 20, false));
        assert_eq!(long_run(&*limiter), format!("{expected} ms"));
    }
    limiter.finish(0, Time::ZERO, finish(100, 20, false));
    assert_eq!(long_run(&*limiter), "16.2 ms");
}

#[test]
fn a_full_limiter_refuses_until_one_is_over() {
    for id in ["concurrency", "aimd", "vegas", "gradient2"] {
        let about = find(id).unwrap().about;
        let limit = if id == "concurrency" { "limit" } else { "initial" };
        let mut limiter = build(about.id, &[(limit, "3")]);
        let ask = |limiter: &mut Box<dyn Limiter>| limiter.decide(0, 1, Time::ZERO);
        let left: Vec<u32> = (0..3).map(|_| ask(&mut limiter).remaining).collect();
        assert_eq!(left, [2, 1, 0], "{id}");
        let refused = ask(&mut limiter);
        assert!(!refused.admitted() && refused.retry().is_none());
        assert_eq!((refused.rule.name, refused.figure), ("FULL", Figure::Of(3, 3)), "{id}");
        assert!(limiter.decide(1, 1, Time::ZERO).admitted(), "{id}: another key has places of its own");
        limiter.finish(0, Time::ZERO, finish(1, 1, false));
        assert!(ask(&mut limiter).admitted(), "{id}");
    }
}

/// Guava's own arithmetic: microseconds, permits in floating point, cut off where Java cuts off.
struct Java {
    next: i64,
    stored: f64,
    most: f64,
    stable: f64,
    cool_down: f64,
    /// Threshold and slope of the one that warms up.
    cold: Option<(f64, f64)>,
}

impl Java {
    fn bursty(rate: f64, seconds: f64) -> Self {
        let stable = 1e6 / rate;
        Java { next: 0, stored: 0.0, most: seconds * rate, stable, cool_down: stable, cold: None }
    }

    fn warming_up(rate: f64, seconds: f64, factor: f64) -> Self {
        let (stable, warm_up) = (1e6 / rate, seconds * 1e6);
        let threshold = 0.5 * warm_up / stable;
        let most = threshold + 2.0 * warm_up / (stable + stable * factor);
        let slope = (stable * factor - stable) / (most - threshold);
        Java {
            next: 0,
            stored: most,
            most,
            stable,
            cool_down: warm_up / most,
            cold: Some((threshold, slope)),
        }
    }

    /// The microseconds that `acquire(permits)` waits.
    fn acquire(&mut self, permits: u32, now: i64) -> i64 {
        if now > self.next {
            self.stored = self.most.min(self.stored + (now - self.next) as f64 / self.cool_down);
            self.next = now;
        }
        let wait = (self.next - now).max(0);
        let mut spend = self.stored.min(f64::from(permits));
        let fresh = ((f64::from(permits) - spend) * self.stable) as i64;
        let stored = self.stored;
        self.stored -= spend;
        self.next += fresh;
        if let Some((threshold, slope)) = self.cold {
            let above = stored - threshold;
            if above > 0.0 {
                let take = above.min(spend);
                let length = self.stable + above * slope + self.stable + (above - take) * slope;
                self.next += (take * length / 2.0) as i64;
                spend -= take;
            }
            self.next += (self.stable * spend) as i64;
        }
        wait
    }
}

/// Times of requests that go on, stand still, pause, and sometimes go back.
fn times() -> impl Strategy<Value = Vec<(i64, u32)>> {
    let gap = prop_oneof![Just(0), 0..2_000_000i64, -500_000..0i64, 5_000_000..50_000_000i64];
    prop::collection::vec((gap, 1..5u32), 1..60).prop_map(|gaps| {
        let mut now = 0;
        let add = |(gap, cost): (i64, u32)| {
            now = (now + gap).max(0);
            (now, cost)
        };
        gaps.into_iter().map(add).collect()
    })
}

fn micros(at: i64) -> Time {
    Time::from_nanos(at as u64 * 1_000)
}

proptest! {
    /// Apart from what Guava cuts off, at most two microseconds a request.
    #[test]
    fn guava_waits_as_guava_does(times in times(), rate in 1..2_000u32, seconds in 1..8u32, factor in 1..6u32) {
        let (rate_text, seconds_text) = (format!("{}", f64::from(rate) / 10.0), seconds.to_string());
        let (rate, seconds, factor_text) = (f64::from(rate) / 10.0, f64::from(seconds), factor.to_string());
        let bursty = build("guava", &[("rate", &rate_text), ("max-burst", &seconds_text)]);
        let given = [("rate", &*rate_text), ("warm-up", &*seconds_text), ("cold-factor", &*factor_text)];
        let warming_up = build("guava-warm-up", &given);
        let pairs = [
            (bursty, Java::bursty(rate, seconds)),
            (warming_up, Java::warming_up(rate, seconds, f64::from(factor))),
        ];
        for (mut ours, mut theirs) in pairs {
            for (at, (now, cost)) in times.iter().enumerate() {
                let decision = ours.decide(0, *cost, micros(*now));
                let wait = theirs.acquire(*cost, *now);
                let apart = (decision.wait().nanos() as f64 / 1e3 - wait as f64).abs();
                prop_assert!(apart <= 2.0 * (at as f64 + 1.0), "request {at}: {} or {wait} µs", decision.wait());
            }
        }
    }

    /// In each stretch that begins with one that passes, no more pass than the bound; and with the
    /// clock standing still as many as remain pass without a wait.
    #[test]
    fn guava_keeps_its_bound(times in times(), rate in 1..40_000u32, most in 0..86_400_000u32) {
        let rate = (f64::from(rate) / 1_000.0).to_string();
        // Half of them at most 3 s.
        let most = (f64::from(if most % 2 == 0 { most % 3_000 } else { most }) / 1_000.0).to_string();
        for id in ["guava", "guava-warm-up"] {
            let mut limiter = build(id, &[("rate", &rate), ("most-wait", &most)]);
            let mut passed = Vec::new();
            for (now, _) in &times {
                let now = micros(*now);
                let decision = limiter.decide(0, 1, now);
                let mut copy = limiter.duplicate();
                for _ in 0..decision.remaining.min(100) {
                    prop_assert_eq!(copy.decide(0, 1, now).wait(), Span::ZERO, "{}", id);
                }
                passed.push(match decision.retry() {
                    None => now + decision.wait(),
                    Some(retry) => {
                        let again = limiter.decide(0, 1, now + retry);
                        prop_assert!(again.admitted(), "{id}: what was promised");
                        now + retry + again.wait()
                    }
                });
            }
            prop_assert!(passed.is_sorted(), "{id}: nobody overtakes");
            for (first, from) in passed.iter().enumerate() {
                for (at, until) in passed.iter().enumerate().skip(first) {
                    let window = until.since(*from) + Span::from_nanos(1);
                    let bound = limiter.bound(window).unwrap();
                    let count = (at - first + 1) as u64;
                    prop_assert!(count <= bound, "{id}: {count} in {window}, not {bound}");
                }
            }
        }
    }

    /// Never more are admitted than the limit allows at that time, the limit stays in its range,
    /// and what is under way is what was admitted and is not over.
    #[test]
    fn limits_hold(
        events in prop::collection::vec((any::<bool>(), 0..4u64, 0..200u64, 0..300u32, any::<bool>()), 1..300),
        least in 1..30u32,
        room in 0..60u32,
    ) {
        let (least_text, most_text) = (least.to_string(), (least + room).to_string());
        for id in ["aimd", "vegas", "gradient2"] {
            let mut given = vec![("initial", &*least_text), ("most", &*most_text)];
            if id != "vegas" {
                given.push(("least", &least_text));
            }
            let floor = if id == "vegas" { 1.0 } else { f64::from(least) };
            let (mut limiter, mut under_way, mut limit) = (build(id, &given), 0, f64::from(least));
            for (asks, exponent, factor, in_flight, dropped) in &events {
                // Also at the same time, and back.
                let now = Time::from_nanos(*factor * 7 % 31);
                if *asks {
                    let decision = limiter.decide(0, 1, now);
                    prop_assert_eq!(decision.limit, limit as u32, "{}", id);
                    prop_assert_eq!(decision.admitted(), under_way < limit as u32, "{}", id);
                    under_way += u32::from(decision.admitted());
                    prop_assert_eq!(decision.remaining, (limit as u32).saturating_sub(under_way), "{}", id);
                } else if under_way > 0 {
                    let took = Span::from_nanos(factor * 1_000u64.pow(*exponent as u32));
                    let finish = Finish { took, in_flight: *in_flight, dropped: *dropped };
                    let adjustment = limiter.finish(0, now, finish).unwrap();
                    under_way -= 1;
                    prop_assert_eq!(adjustment.from, limit, "{}", id);
                    limit = adjustment.to;
                    prop_assert!((floor..=f64::from(least + room)).contains(&limit), "{id}: {limit}");
                }
            }
        }
    }
}

/// Whatever the weights, warming up takes the same time: `testTimeToWarmUpIsHonouredEvenWithWeights` in
/// Guava's RateLimiterTest.java, whose ten permits are those from cold to warm.
#[test]
fn warming_up_takes_its_time_whatever_the_weights() {
    for factor in [2.0, 3.0, 10.0] {
        for rate in [4.0, 2.0, 1.0, 0.5, 0.1] {
            let seconds = (1.0 + factor) * 10.0 / (2.0 * rate);
            let [rate, warm_up, factor] = [rate, seconds, factor].map(|number: f64| number.to_string());
            let given = [("rate", &*rate), ("warm-up", &*warm_up), ("cold-factor", &*factor)];
            for weights in [&[10][..], &[9, 1], &[5, 4, 1], &[1, 2, 3, 4], &[1; 10]] {
                let (mut limiter, mut now) = (build("guava-warm-up", &given), Time::ZERO);
                for weight in weights.iter().chain(&[1]) {
                    now += limiter.decide(0, *weight, now).wait();
                }
                let apart = (now.seconds() - seconds).abs();
                assert!(apart < 1e-8, "{given:?} {weights:?}: {now} instead of {seconds} s");
            }
        }
    }
}

/// A whole burst, and then one at each interval: the bound is reached.
#[test]
fn guavas_bound_is_tight() {
    for (id, window, most) in [
        ("guava", 0.001, 6),
        ("guava", 1.0, 10),
        ("guava", 1.1, 11),
        ("guava-warm-up", 0.001, 1),
        ("guava-warm-up", 1.0, 5),
    ] {
        let mut limiter = build(id, &[("rate", "5")]);
        let window = Span::from_seconds(window);
        assert_eq!(limiter.bound(window), Some(most), "{id}");
        // The one that warms up is warm after 30 permits.
        let begin = if id == "guava" { Time::from_seconds(10.0) } else { Time::ZERO };
        let passed: Vec<Time> = (0..60).map(|_| begin + limiter.decide(0, 1, begin).wait()).collect();
        let from = if id == "guava" { 0 } else { 40 };
        let within = passed[from..].iter().filter(|at| at.since(passed[from]) < window).count();
        assert_eq!(within as u64, most, "{id}");
    }
}

/// A million requests for a third of a second each take a third of a million seconds.
#[test]
fn guava_loses_no_part_of_a_nanosecond() {
    let (mut limiter, mut now) = (build("guava", &[("rate", "3")]), Time::ZERO);
    for _ in 0..=1_000_000 {
        now += limiter.decide(0, 1, now).wait();
    }
    assert_eq!(now, Time::from_nanos(333_333_333_333_334));
}

#[test]
fn no_permits_take_no_time() {
    for id in ["guava", "guava-warm-up"] {
        let mut limiter = build(id, &[]);
        for _ in 0..3 {
            assert_eq!(limiter.decide(0, 0, Time::ZERO).wait(), Span::ZERO, "{id}");
        }
        assert!(limiter.decide(0, u32::MAX, Time::ZERO).admitted(), "{id}");
        let retry = limiter.decide(0, u32::MAX, Time::ZERO).retry().unwrap();
        assert!(retry > Span::from_seconds(4e8), "{id}: {retry}");
        assert!(limiter.decide(0, u32::MAX, Time::MAX).admitted(), "{id}");
        limiter.show(0, Time::MAX);
    }
}
