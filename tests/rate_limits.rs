//! Rate limiters: published vectors, a naive model of each that keeps every request, the peer
//! governor, the bounds that they prove, and what they owe to whoever watches.

#![cfg(test)]

mod texts;

use governor::clock::{Clock, FakeRelativeClock};
use governor::{Quota, RateLimiter};
use proptest::prelude::*;
use sluice::catalogue::{Parameters, Rule};
use sluice::kernel::{Random, Span, Time};
use sluice::limit::worst_case::{self, Search};
use sluice::limit::{
    Decision, Empty, Figure, Gcra, LIMITERS, LeakyBucket, LeakyMeter, Limiter, Pace, Part, Refill,
    SlidingCounter, TokenBucket, Verdict, find,
};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

const MS: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MS;

/// The limiters of this file, which look at nothing but time.
const IN_TIME: [&str; 8] = [
    "fixed-window",
    "sliding-log",
    "sliding-counter",
    "token-bucket",
    "leaky-bucket",
    "leaky-meter",
    "gcra",
    "nginx",
];

fn at(nanos: u64) -> Time {
    Time::from_nanos(nanos)
}

/// The limiter that a scenario would call `text`: `fixed-window:limit=3:start=first`.
fn make(text: &str) -> Box<dyn Limiter> {
    let mut words = text.split(':');
    let entry = find(words.next().unwrap()).unwrap_or_else(|| panic!("{text}"));
    let given = words.map(|word| word.split_once('=').unwrap());
    (entry.build)(&Parameters::new(entry.about, given).unwrap_or_else(|refusal| panic!("{text}: {refusal}")))
}

/// What a table expects: passes and leaves so many, passes after so many nanoseconds, or is refused
/// and may retry after so many.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Answer {
    Passes(u32),
    Waits(u64),
    Refused(u64),
    Never,
}
use Answer::{Never, Passes, Refused, Waits};
use texts::text_of;

fn answer(decision: &Decision) -> Answer {
    match decision.verdict {
        Verdict::Admitted { wait: Span::ZERO } => Passes(decision.remaining),
        Verdict::Admitted { wait } => Waits(wait.nanos()),
        Verdict::Refused { retry: Some(retry) } => Refused(retry.nanos()),
        Verdict::Refused { retry: None } => Never,
    }
}

/// Asks at each time, in a unit of nanoseconds, for so many permits.
fn check(name: &str, limiter: &mut dyn Limiter, unit: u64, rows: &[(u64, u32, Answer)]) {
    for (row, (time, cost, expected)) in rows.iter().enumerate() {
        let decision = limiter.decide(0, *cost, at(time * unit));
        assert_eq!(answer(&decision), *expected, "{name}, row {row}: {decision:?}");
    }
}

#[test]
fn published_vectors() {
    // throttled, rate_test.go: one a second, burst 5.
    let rows = [
        (0, 1, Passes(4)),
        (0, 1, Passes(3)),
        (0, 1, Passes(2)),
        (0, 1, Passes(1)),
        (0, 1, Passes(0)),
        (0, 1, Refused(SECOND)),
        (3_000, 1, Passes(2)),
        (3_100, 1, Passes(1)),
        (4_000, 1, Passes(1)),
        (8_000, 1, Passes(4)),
        (9_500, 1, Passes(4)),
    ];
    check("throttled", &mut *make("gcra:rate=1:burst=5"), MS, &rows);
    // A token bucket and a meter say the same.
    check("throttled, bucket", &mut *make("token-bucket:rate=1:capacity=5"), MS, &rows);
    check("throttled, meter", &mut *make("leaky-meter:rate=1:capacity=5"), MS, &rows);

    // bucket4j: 100 tokens in 100 ns, an empty bucket; 52 after 50 ns leave -2 and a wait of 2.
    let pace = Pace::new(100, Span::from_nanos(100));
    let mut bucket = TokenBucket::of(pace, 100, Refill::Smooth, Empty::Wait(Span::MAX)).emptied();
    check("bucket4j", &mut bucket, 1, &[(50, 52, Waits(2))]);
    let Part::Vessel { level, .. } = bucket.show(0, at(50)).parts[0] else { panic!("no vessel") };
    assert_eq!(level, -2.0);
    check("bucket4j, then", &mut bucket, 1, &[(52, 1, Waits(1)), (53, 1, Waits(1)), (56, 1, Passes(1))]);

    // Cloudflare's example: 50 a minute; 42 in the minute before, 18 in the first quarter of this one.
    let mut counter = SlidingCounter::of(50, Span::from_nanos(60 * SECOND));
    check("Cloudflare", &mut counter, SECOND, &[(10, 42, Passes(8)), (75, 18, Passes(0))]);
    let refused = counter.decide(0, 1, at(75 * SECOND));
    assert_eq!(refused.figure.to_string(), "49.50 of 50");
    // 42 x overlap falls to 31 when 31/42 of a minute are left to overlap.
    assert_eq!(refused.retry(), Some(Span::from_nanos(45 * SECOND - 60 * SECOND * 31 / 42)));
}

#[test]
fn nginx_as_its_code_has_it() {
    // Worked out by hand from ngx_http_limit_req_lookup and _account, in milliseconds.
    let delayed: &[(u64, u32, Answer)] = &[
        (0, 1, Passes(5)),          // a new node: excess 0, and five more make 5000
        (0, 1, Waits(100 * MS)),    // 0 - 0 + 1000
        (0, 1, Waits(200 * MS)),    // 2000
        (0, 1, Waits(300 * MS)),    // 3000
        (0, 1, Waits(400 * MS)),    // 4000
        (0, 1, Waits(500 * MS)),    // 5000
        (0, 1, Refused(100 * MS)),  // 6000 > 5000
        (50, 1, Refused(50 * MS)),  // 5000 - 500 + 1000
        (100, 1, Waits(500 * MS)),  // 5000 - 1000 + 1000
        (333, 1, Waits(367 * MS)),  // 5000 - 2330 + 1000 = 3670
        (333, 2, Refused(67 * MS)), // 4670, 5670
        (10_000, 1, Passes(5)),     // below zero, so zero
    ];
    let undelayed: &[(u64, u32, Answer)] = &[
        (0, 1, Passes(5)),
        (0, 1, Passes(4)),
        (0, 1, Passes(3)),
        (99, 1, Passes(2)),         // 2000 - 990 + 1000 = 2010
        (99, 4, Refused(101 * MS)), // 3010, 4010, 5010, 6010: 1010 too many
        (200, 4, Passes(0)),        // 2010 - 1010 + 1000 = 2000, …, 5000
        (200, 7, Never),
    ];
    let two_stages: &[(u64, u32, Answer)] = &[
        (0, 1, Passes(5)),
        (0, 1, Passes(4)),
        (0, 1, Passes(3)),
        (0, 1, Waits(100 * MS)), // 3000 - 2000
        (0, 1, Waits(200 * MS)),
        (0, 1, Waits(300 * MS)),
        (0, 1, Refused(100 * MS)),
    ];
    // 15r/m are 250 thousandths a second: 3999 ms are worth 999.
    let slow: &[(u64, u32, Answer)] =
        &[(7, 1, Passes(0)), (8, 1, Refused(3_999 * MS)), (4_006, 1, Refused(MS)), (4_007, 1, Passes(0))];
    // 1.5 a second: one millisecond is worth 1 and not 1.5, and the half is lost.
    let lossy: &[(u64, u32, Answer)] = &[
        (0, 1, Passes(1)),
        (1, 1, Waits(666 * MS)),   // 0 - 1 + 1000 = 999
        (2, 1, Refused(665 * MS)), // needs 998 more than 1: floor(1.5 x 666) = 999
        (667, 1, Waits(666 * MS)), // 999 - 999 + 1000 = 1000
    ];
    let back: &[(u64, u32, Answer)] = &[
        (100_000, 1, Passes(5)),
        (99_999, 1, Passes(4)),  // 1000, and the later time is kept
        (100_010, 1, Passes(3)), // 1000 - 100 + 1000 = 1900
        (40_010, 1, Passes(2)),  // back by a minute: 2900
        (40_009, 1, Passes(1)),  // by more: 2900 - 10 + 1000 = 3890, and this time is kept
        (40_019, 1, Passes(0)),  // 3890 - 100 + 1000 = 4790
    ];
    let tables = [
        ("nginx:rate=10:burst=5", delayed),
        ("nginx:rate=10:burst=5:nodelay=yes", undelayed),
        ("nginx:rate=10:burst=5:delay=2", two_stages),
        ("nginx:rate=0.25:burst=0", slow),
        ("nginx:rate=1.5:burst=1", lossy),
        ("nginx:rate=10:burst=5:nodelay=yes", back),
    ];
    for (name, rows) in tables {
        check(name, &mut *make(name), MS, rows);
    }
}

/// A request that came, as a naive model remembers it.
#[derive(Clone, Copy)]
struct Past {
    at: u64,
    cost: u32,
    admitted: bool,
}

/// Answers from all that ever came: after how many nanoseconds a request passes, or that it does not.
type Model = Box<dyn Fn(&[Past], u32, u64) -> Option<u64>>;

fn admitted(past: &[Past]) -> impl DoubleEndedIterator<Item = Past> + Clone + '_ {
    past.iter().copied().filter(|past| past.admitted)
}

fn used(past: impl Iterator<Item = Past>) -> u32 {
    past.map(|past| past.cost).sum()
}

fn at_once(passes: bool) -> Option<u64> {
    passes.then_some(0)
}

fn fixed_window(limit: u32, window: u64) -> Model {
    Box::new(move |past, cost, now| {
        at_once(used(admitted(past).filter(|past| past.at / window == now / window)) + cost <= limit)
    })
}

fn window_of_first(limit: u32, window: u64) -> Model {
    Box::new(move |past, cost, now| {
        let mut opened: Option<u64> = None;
        let mut held = 0;
        for past in admitted(past) {
            if opened.is_none_or(|opened| past.at - opened >= window) {
                (opened, held) = (Some(past.at), 0);
            }
            held += past.cost;
        }
        let open = opened.is_some_and(|opened| now - opened < window);
        at_once(if open { held } else { 0 } + cost <= limit)
    })
}

fn sliding_log(limit: u32, window: u64, all: bool) -> Model {
    Box::new(move |past, cost, now| {
        let noted = past.iter().copied().filter(|past| (all || past.admitted) && now - past.at < window);
        at_once(used(noted) + cost <= limit)
    })
}

fn sliding_counter(limit: u32, window: u64) -> Model {
    Box::new(move |past, cost, now| {
        let of = |number: u64| i128::from(used(admitted(past).filter(|past| past.at / window + 1 == number)));
        let (previous, current) = (of(now / window), of(now / window + 1) + i128::from(cost));
        let (overlap, window) = (i128::from(window - now % window), i128::from(window));
        at_once(previous * overlap + current * window <= i128::from(limit) * window)
    })
}

/// A bucket that gains `permits` in `period`: since any request that was admitted, no more has passed
/// than a whole bucket and what was gained.
fn bucket(permits: i128, period: i128, capacity: u32, most_wait: u64) -> Model {
    Box::new(move |past, cost, now| {
        let (mut since, mut passes) = (i128::from(cost), i128::from(now));
        for past in admitted(past).rev() {
            since += i128::from(past.cost);
            let missing = (since - i128::from(capacity)) * period;
            passes = passes.max(
                i128::from(past.at)
                    + missing.div_euclid(permits)
                    + i128::from(missing.rem_euclid(permits) > 0),
            );
        }
        let wait = (passes - i128::from(now)) as u64;
        (cost <= capacity && wait <= most_wait).then_some(wait)
    })
}

/// A bucket that gains `portion` thousandths of a token at every multiple of `interval`: goes through
/// all of them, one by one.
fn bucket_by_intervals(portion: i64, interval: u64, capacity: u32, most_wait: u64) -> Model {
    Box::new(move |past, cost, now| {
        let full = i64::from(capacity) * 1_000;
        let (mut level, mut next) = (full, interval);
        for past in admitted(past).chain([Past { at: now, cost: 0, admitted: true }]) {
            while next <= past.at {
                level = (level + portion).min(full);
                next += interval;
            }
            level -= i64::from(past.cost) * 1_000;
        }
        let mut passes = now;
        while level < i64::from(cost) * 1_000 && passes - now <= most_wait {
            (level, passes, next) = (level + portion, next, next + interval);
        }
        (cost <= capacity && passes - now <= most_wait).then_some(passes - now)
    })
}

/// A queue from which one permit leaves every `period / permits` nanoseconds.
fn leaky_queue(permits: i128, period: i128, queue: u32) -> Model {
    Box::new(move |past, cost, now| {
        let (mut since, mut ahead) = (0, 0);
        for past in admitted(past).rev() {
            since += i128::from(past.cost) * period;
            ahead = ahead.max((i128::from(past.at) - i128::from(now)) * permits + since);
        }
        let wait = ahead / permits + i128::from(ahead % permits > 0);
        (ahead + i128::from(cost) * period <= i128::from(queue + 1) * period).then_some(wait as u64)
    })
}

/// nginx's own lines, gone through from the first request on.
fn nginx(rate: u64, burst: u64, delay: u64) -> Model {
    Box::new(move |past, cost, now| {
        let mut node: Option<(u64, u64)> = None;
        let mut lookup = |now: u64| {
            let now = now / MS;
            let Some((last, before)) = node else {
                node = Some((now, 0));
                return Some(0);
            };
            let ms = (now - last) as i64;
            let excess =
                (before.wrapping_sub(rate.wrapping_mul(ms as u64) / 1000).wrapping_add(1000) as i64).max(0);
            if excess as u64 > burst * 1000 {
                return None;
            }
            node = Some((if ms != 0 { now } else { last }, excess as u64));
            Some(excess as u64)
        };
        for past in admitted(past) {
            (0..past.cost).for_each(|_| assert!(lookup(past.at).is_some()));
        }
        let excess = (0..cost).map(|_| lookup(now)).last().flatten()?;
        Some(if excess <= delay * 1000 { 0 } else { (excess - delay * 1000) * 1000 / rate * MS })
    })
}

/// Every limiter, with a model of it.
fn models() -> Vec<(&'static str, Model)> {
    const W: u64 = SECOND;
    const NEVER: u64 = 0;
    let third = i128::from(SECOND);
    vec![
        ("fixed-window:limit=6", fixed_window(6, W)),
        ("fixed-window:limit=5:window=0.7:start=first", window_of_first(5, 7 * W / 10)),
        ("sliding-log:limit=6", sliding_log(6, W, false)),
        ("sliding-log:limit=6:log=all", sliding_log(6, W, true)),
        ("sliding-counter:limit=6", sliding_counter(6, W)),
        ("sliding-counter:limit=1:window=0.3", sliding_counter(1, 3 * W / 10)),
        ("token-bucket:rate=3:capacity=4", bucket(3, third, 4, NEVER)),
        ("token-bucket:rate=3:capacity=2:empty=wait:most-wait=1.5", bucket(3, third, 2, 3 * W / 2)),
        (
            "token-bucket:rate=7:capacity=4:refill=interval:interval=0.4",
            bucket_by_intervals(2_800, 4 * W / 10, 4, NEVER),
        ),
        (
            "token-bucket:rate=7:capacity=4:refill=interval:interval=0.4:empty=wait:most-wait=0.9",
            bucket_by_intervals(2_800, 4 * W / 10, 4, 9 * W / 10),
        ),
        ("leaky-bucket:rate=3:queue=4", leaky_queue(3, third, 4)),
        ("leaky-bucket:rate=7:queue=0", leaky_queue(7, third, 0)),
        ("leaky-meter:rate=3:capacity=4", bucket(3, third, 4, NEVER)),
        ("gcra:rate=3:burst=4", bucket(3, third, 4, NEVER)),
        ("gcra:rate=0.7:burst=1", bucket(7, 10 * third, 1, NEVER)),
        ("nginx:rate=3:burst=4", nginx(3_000, 4, 0)),
        ("nginx:rate=2.7:burst=4:delay=2", nginx(2_700, 4, 2)),
        ("nginx:rate=0.3:burst=2:nodelay=yes", nginx(300, 2, 2)),
    ]
}

/// A pause of one of several kinds, in nanoseconds.
fn pause() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => Just(0),
        1 => Just(1),
        2 => 0..20 * MS,
        4 => 0..SECOND / 2,
        1 => Just(SECOND - 1),
        1 => Just(SECOND),
        1 => 0..5 * SECOND,
    ]
}

/// Asks a copy at one moment, and says whether the request would pass or be taken in.
fn would_admit(limiter: &dyn Limiter, cost: u32, now: u64) -> bool {
    limiter.duplicate().decide(0, cost, at(now)).admitted()
}

/// When to come back, what is left and when all is there again are exact.
fn promises_hold(name: &str, limiter: &dyn Limiter, decision: &Decision, cost: u32, now: u64) {
    if let Some(retry) = decision.retry() {
        let then = now + retry.nanos();
        assert!(retry > Span::ZERO, "{name}: {decision:?}");
        assert!(would_admit(limiter, cost, then), "{name}: retry is too early: {decision:?}");
        assert!(!would_admit(limiter, cost, then - 1), "{name}: retry is too late: {decision:?}");
    }
    if name.contains("wait") {
        return;
    }
    let mut copy = limiter.duplicate();
    let left = (0..1_000).take_while(|_| copy.decide(0, 1, at(now)).admitted()).count();
    assert_eq!(decision.remaining as usize, left, "{name}: {decision:?}");
    let then = now + decision.reset.nanos();
    assert!(would_admit(limiter, decision.limit, then), "{name}: reset is too early: {decision:?}");
    assert!(
        then == now || !would_admit(limiter, decision.limit, then - 1),
        "{name}: reset is too late: {decision:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_decides_like_its_model(
        begin in 0..2 * SECOND,
        requests in prop::collection::vec((pause(), prop_oneof![3 => Just(1_u32), 1 => 1_u32..8]), 1..50),
    ) {
        for (name, model) in models() {
            let (mut limiter, mut past, mut now) = (make(name), Vec::new(), begin);
            for (gap, cost) in &requests {
                now += gap;
                let expected = model(&past, *cost, now);
                let decision = limiter.decide(0, *cost, at(now));
                let wait = decision.admitted().then(|| decision.wait().nanos());
                prop_assert_eq!(wait, expected, "{} at {}: {:?}", name, now, decision);
                let never = *cost > decision.limit;
                prop_assert_eq!(never, matches!(decision.verdict, Verdict::Refused { retry: None }), "{}", name);
                promises_hold(name, &*limiter, &decision, *cost, now);
                past.push(Past { at: now, cost: *cost, admitted: expected.is_some() });
            }
        }
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing(
        requests in prop::collection::vec((pause(), 0..3_u64, 0..2 * SECOND), 1..60),
    ) {
        for (name, _) in models() {
            let (mut limiter, mut standing) = (make(name), make(name));
            let (mut latest, mut passed, mut passed_standing) = (0_u64, 0, 0);
            for (gap, back, by) in &requests {
                let now = if *back == 0 { latest.saturating_sub(*by) } else { latest + gap };
                latest = latest.max(now);
                let there = would_admit(&*limiter, 1, latest);
                let here = limiter.decide(0, 1, at(now)).admitted();
                prop_assert!(there || !here, "{}: passes at {} and not at {}", name, now, latest);
                passed += u32::from(here);
                passed_standing += u32::from(standing.decide(0, 1, at(latest)).admitted());
            }
            prop_assert!(passed <= passed_standing, "{}: {} and {}", name, passed, passed_standing);
        }
    }

    #[test]
    fn bucket_and_gcra_decide_like_governor(
        period in prop_oneof![1..1_000_000_000_u64, Just(1), Just(100 * MS)],
        burst in 1..20_u32,
        requests in prop::collection::vec((0..3_000_u64, prop_oneof![3 => Just(1_u32), 1 => 1_u32..22]), 1..80),
    ) {
        let clock = FakeRelativeClock::default();
        let quota = Quota::with_period(Duration::from_nanos(period)).unwrap();
        let quota = quota.allow_burst(NonZeroU32::new(burst).unwrap());
        let peer = RateLimiter::direct_with_clock(quota, clock.clone());
        let pace = Pace::new(1, Span::from_nanos(period));
        let mut ours: [Box<dyn Limiter>; 2] = [
            Box::new(Gcra::at(pace, burst)),
            Box::new(TokenBucket::of(pace, burst, Refill::Smooth, Empty::Refuse)),
        ];
        let mut now = 0;
        for (gap, cost) in requests {
            let gap = gap * period / 1_000;
            clock.advance(Duration::from_nanos(gap));
            now += gap;
            let expected = match peer.check_n(NonZeroU32::new(cost).unwrap()) {
                Err(_) => Verdict::Refused { retry: None },
                Ok(Ok(())) => Verdict::Admitted { wait: Span::ZERO },
                Ok(Err(refused)) => {
                    let retry = refused.wait_time_from(clock.now());
                    Verdict::Refused { retry: Some(Span::from_nanos(retry.as_nanos() as u64)) }
                }
            };
            for limiter in &mut ours {
                prop_assert_eq!(limiter.decide(0, cost, at(now)).verdict, expected);
            }
        }
    }
}

/// Settings with small limits, whose bounds are met.
const TIGHT: [&str; 24] = [
    "fixed-window:limit=3",
    "fixed-window:limit=10",
    "fixed-window:limit=3:window=0.4",
    "fixed-window:limit=3:start=first",
    "fixed-window:limit=1:start=first:window=0.4",
    "sliding-log:limit=3",
    "sliding-log:limit=3:log=all:window=0.3",
    "sliding-counter:limit=1",
    "sliding-counter:limit=4",
    "sliding-counter:limit=10",
    "token-bucket:rate=10:capacity=10",
    "token-bucket:rate=3:capacity=1",
    "token-bucket:rate=3:capacity=1:empty=wait:most-wait=2",
    "token-bucket:rate=6:capacity=4:refill=interval:interval=0.5",
    "token-bucket:rate=7:capacity=2:refill=interval:interval=0.4:empty=wait:most-wait=1",
    "leaky-bucket:rate=10:queue=10",
    "leaky-bucket:rate=3:queue=0",
    "leaky-meter:rate=3:capacity=2",
    "gcra:rate=10:burst=5",
    "gcra:rate=2.7:burst=1",
    "nginx:rate=10:burst=5",
    "nginx:rate=10:burst=5:nodelay=yes",
    "nginx:rate=3:burst=3:delay=1",
    "nginx:rate=2.7:burst=3",
];

/// The most that pass in a stretch of the length of `window`.
fn most(passed: &mut [u64], window: u64) -> u64 {
    passed.sort_unstable();
    let within = |from: usize| passed[from..].iter().take_while(|at| **at - passed[from] < window).count();
    (0..passed.len()).map(within).max().unwrap_or(0) as u64
}

#[test]
fn none_exceeds_its_bound_in_a_million_arrival_lists() {
    let settings: Vec<&str> = models().iter().map(|(name, _)| *name).chain(TIGHT).collect();
    let lists = 1_000_000 / settings.len() + 1;
    let mut dice = Random::new(1);
    for name in settings {
        let fresh = make(name);
        let windows = [1, 3 * MS, SECOND / 3 + 1, SECOND, 5 * SECOND / 2];
        let bounds = windows.map(|window| fresh.bound(Span::from_nanos(window)).unwrap());
        assert_eq!(fresh.bound(Span::ZERO), Some(0), "{name}");
        for _ in 0..lists {
            let (mut limiter, mut passed) = (fresh.duplicate(), Vec::with_capacity(16));
            let mut now = u64::from(dice.below(SECOND as u32));
            for _ in 0..4 + dice.below(12) {
                now += match dice.below(8) {
                    0..4 => 0,
                    4 => 1 + u64::from(dice.below(2)) * MS,
                    5 => SECOND / 3 + u64::from(dice.below(3)),
                    6 => SECOND - u64::from(dice.below(3)),
                    _ => u64::from(dice.below(SECOND as u32 / 2)),
                };
                let decision = limiter.decide(0, 1, at(now));
                if decision.admitted() {
                    passed.push(now + decision.wait().nanos());
                }
            }
            let which = dice.below(windows.len() as u32) as usize;
            let most = most(&mut passed, windows[which]);
            assert!(
                most <= bounds[which],
                "{name}: {most} of {} in {}: {passed:?}",
                bounds[which],
                windows[which]
            );
        }
    }
}

#[test]
fn what_leaves_a_leaky_bucket_is_spaced() {
    // One every third of a second, to the nanosecond after it.
    let mut limiter = make("leaky-bucket:rate=3:queue=1000");
    let mut dice = Random::new(2);
    let (mut now, mut passed): (u64, Vec<u64>) = (0, Vec::new());
    for _ in 0..20_000 {
        now += u64::from(dice.below(700)) * MS;
        let decision = limiter.decide(0, 1, at(now));
        passed.extend(decision.admitted().then(|| now + decision.wait().nanos()));
    }
    assert!(passed.len() > 15_000);
    assert!(passed.windows(2).all(|pair| pair[1] - pair[0] >= SECOND / 3));
    assert!(passed.windows(4).all(|four| four[3] - four[0] >= SECOND - 1));
}

#[test]
fn a_thousand_million_permits_leave_no_drift() {
    const MANY: u32 = 1_000_000_000;
    let pace = Pace::per_second(3.0);
    let exact = (u64::from(MANY) * SECOND).div_ceil(3);
    let buckets: [Box<dyn Limiter>; 4] = [
        Box::new(Gcra::at(pace, 2 * MANY)),
        Box::new(TokenBucket::of(pace, 2 * MANY, Refill::Smooth, Empty::Refuse)),
        Box::new(LeakyMeter::of(pace, 2 * MANY)),
        Box::new(LeakyBucket::of(pace, 2 * MANY)),
    ];
    for mut bucket in buckets {
        // So many at once, and the time until they are paid back.
        let decision = bucket.decide(0, MANY, Time::ZERO);
        assert_eq!((decision.admitted(), decision.reset.nanos()), (true, exact));
        assert_eq!(bucket.decide(0, MANY, at(exact)).reset.nanos(), exact);
    }
    for name in [
        "gcra:rate=7:burst=2",
        "token-bucket:rate=7:capacity=2",
        "leaky-meter:rate=7:capacity=2",
        "leaky-bucket:rate=7:queue=1",
    ] {
        // One ahead, and then one at each interval, ten million times.
        let mut limiter = make(name);
        assert!(limiter.decide(0, 1, Time::ZERO).admitted());
        for n in 0..10_000_000_u64 {
            let now = at((n * SECOND).div_ceil(7));
            assert!(limiter.decide(0, 1, now).admitted(), "{name}: {n}");
        }
        let last = 9_999_999 * SECOND / 7 + 1;
        assert_eq!(
            limiter.decide(0, 1, at(last)).retry().unwrap().nanos(),
            (SECOND * 10_000_000).div_ceil(7) - last
        );
    }
    // A window, a log and a counter know only the time itself.
    let far = Time::MAX.nanos() - 10 * SECOND;
    for name in ["fixed-window:limit=2", "sliding-log:limit=2", "sliding-counter:limit=2", "nginx:burst=1"] {
        let mut limiter = make(name);
        for time in [0, far, far, far, far + 3 * SECOND] {
            let decision = limiter.decide(0, 1, at(time));
            promises_hold(name, &*limiter, &decision, 1, time);
        }
    }
}

#[test]
fn a_million_keys_do_not_meet() {
    const KEYS: u32 = 1_000_000;
    for id in IN_TIME {
        let mut limiter = make(id);
        let first = limiter.decide(KEYS - 1, 1, at(SECOND));
        let bytes = limiter.cost().bytes;
        assert!(bytes >= 8 * KEYS as usize, "{id}: {bytes}");
        for key in 0..KEYS - 1 {
            let decision = limiter.decide(key, 1, at(SECOND));
            assert_eq!(decision, first, "{id}: key {key}");
        }
        assert!(limiter.cost().touched >= u64::from(KEYS), "{id}");
        let grown = limiter.cost().bytes - bytes;
        let log = if id == "sliding-log" { 16 * (KEYS as usize - 1) } else { 0 };
        assert_eq!(grown, log, "{id}");
    }
}

#[test]
fn the_ends_of_time_do_no_harm() {
    for name in models().iter().map(|(name, _)| *name).chain(TIGHT) {
        for begin in [0, 1, Time::MAX.nanos()] {
            let mut limiter = make(name);
            let first = limiter.decide(0, 1, at(begin));
            assert_eq!(first.wait(), Span::ZERO, "{name} at {begin}: {first:?}");
            assert!(first.admitted(), "{name} at {begin}: {first:?}");
            // Equal times: what is left passes, or is taken in, and no more.
            let more = (0..1_000).take_while(|_| limiter.decide(0, 1, at(begin)).admitted()).count();
            assert!(more < 20, "{name}: {more}");
            // A gap as long as time, and the same once more.
            let last = limiter.decide(0, 1, Time::MAX);
            assert!(begin == Time::MAX.nanos() || last.admitted(), "{name}: {last:?}");
            let back = limiter.decide(0, 1, Time::ZERO);
            assert!(back.remaining <= back.limit && limiter.show(0, Time::ZERO).parts.len() < 9, "{name}");
            assert_eq!(answer(&limiter.decide(0, u32::MAX, Time::MAX)), Never, "{name}");
            let _ = limiter.bound(Span::MAX);
        }
    }
}

#[test]
fn limits_of_nothing_are_refused() {
    let table = [
        ("fixed-window", "limit", "0"),
        ("fixed-window", "window", "0"),
        ("fixed-window", "window", "-1"),
        ("fixed-window", "window", "NaN"),
        ("fixed-window", "start", "midnight"),
        ("sliding-log", "limit", "0"),
        ("sliding-log", "window", "0"),
        ("sliding-counter", "limit", "0"),
        ("sliding-counter", "window", "0"),
        ("token-bucket", "rate", "0"),
        ("token-bucket", "capacity", "0"),
        ("token-bucket", "interval", "0"),
        ("token-bucket", "most-wait", "-1"),
        ("leaky-bucket", "rate", "0"),
        ("leaky-bucket", "queue", "-1"),
        ("leaky-meter", "capacity", "0"),
        ("gcra", "burst", "0"),
        ("gcra", "rate", "inf"),
        ("nginx", "rate", "0"),
        ("nginx", "burst", "1.5"),
    ];
    for (id, name, value) in table {
        let refusal = Parameters::new(find(id).unwrap().about, [(name, value)]).unwrap_err().to_string();
        assert!(refusal.contains(name) && refusal.contains(value), "{refusal}");
    }
}

#[test]
fn the_search_finds_what_is_proven() {
    for name in TIGHT {
        let limiter = make(name);
        let worst = worst_case::search(&*limiter, Span::from_nanos(SECOND), 1, worst_case::EFFORT);
        assert_eq!(Some(worst.most), worst.bound, "{name}: {worst:?}");
        // The pattern shows it, and none of its arrivals can be left out.
        let passed = |without: Option<usize>| {
            let (mut limiter, mut passed) = (make(name), Vec::new());
            for (_, now) in worst.arrivals.iter().enumerate().filter(|(at, _)| Some(*at) != without) {
                let decision = limiter.decide(0, 1, *now);
                passed.extend(decision.admitted().then(|| (*now + decision.wait()).nanos()));
            }
            passed
        };
        let all: Vec<u64> = worst.passed_at.iter().map(|at| at.nanos()).collect();
        assert_eq!(all, passed(None), "{name}");
        assert_eq!(most(&mut passed(None), SECOND), worst.most, "{name}");
        for at in 0..worst.arrivals.len() {
            assert!(most(&mut passed(Some(at)), SECOND) < worst.most, "{name}: {at} of {worst:?}");
        }
        assert!(worst.arrivals.len() as u64 <= worst.most + 1, "{name}: {worst:?}");
    }
}

#[test]
fn the_famous_bursts_fall_out_of_the_search() {
    // Twice the limit across the boundary of two windows, a nanosecond apart.
    let worst = worst_case::search(&*make("fixed-window"), Span::from_nanos(SECOND), 1, worst_case::EFFORT);
    let (before, after) = worst.arrivals.split_at(10);
    assert!(before.iter().all(|time| *time == before[0]) && after.iter().all(|time| *time == after[0]));
    assert_eq!((after.len(), after[0].since(before[0]).nanos()), (10, 1), "{worst:?}");
    assert_eq!(after[0].nanos() % SECOND, 0);
    // A whole window's worth at the end of one, and all but one towards the end of the next.
    let worst =
        worst_case::search(&*make("sliding-counter"), Span::from_nanos(SECOND), 1, worst_case::EFFORT);
    assert_eq!((worst.most, worst.bound), (19, Some(19)));
    let (before, after) = worst.arrivals.split_at(10);
    assert!(before.iter().all(|time| *time == before[0]), "{worst:?}");
    assert!(after.iter().all(|time| time.nanos() / SECOND == before[0].nanos() / SECOND + 1), "{worst:?}");
}

#[test]
fn a_search_can_be_taken_in_slices() {
    for name in ["sliding-counter", "token-bucket", "nginx:rate=3"] {
        let (limiter, window) = (make(name), Span::from_nanos(SECOND));
        let whole = worst_case::search(&*limiter, window, 7, 50_000);
        let mut search = Search::new(&*limiter, window, 7, 50_000);
        let (mut slices, mut before) = (0, 0.0);
        while !search.advance(500) {
            let progress = search.progress();
            assert!((before..=1.0).contains(&progress), "{name}: {progress} after {before}");
            (slices, before) = (slices + 1, progress);
        }
        assert_eq!((search.worst(), search.progress()), (whole, 1.0), "{name}");
        assert!(slices > 10);
    }
}

/// The text between the braces of `fn name`.
fn body<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let start = [format!("fn {name}("), format!("fn {name}<")].iter().find_map(|head| source.find(head))?;
    let open = start + source[start..].find('{')?;
    let mut depth = 0;
    for (at, letter) in source[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&source[open..=open + at]);
        }
    }
    None
}

/// Whether `text` contains `&name` as a whole word.
fn applies(text: &str, name: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let reference = format!("&{name}");
    text.match_indices(&reference).any(|(at, _)| !text[at + reference.len()..].starts_with(word))
}

#[test]
fn each_rule_stands_where_it_says() {
    let ids: BTreeSet<&str> = LIMITERS.iter().map(|entry| entry.about.id).collect();
    assert_eq!(ids.len(), LIMITERS.len());
    assert!(LIMITERS.iter().map(|entry| entry.about.id).take(8).eq(IN_TIME));
    for entry in LIMITERS {
        let (file, source) = (entry.about.file, text_of(entry.about.file));
        let mut names = BTreeSet::new();
        for Rule { name, place, says } in entry.about.rules {
            let text = body(source, place).unwrap_or_else(|| panic!("{file} has no fn {place}"));
            assert!(applies(text, name), "{file}: {name} is not applied in {place}");
            assert!(names.insert(name), "{file} lists {name} twice");
            assert!(!says.ends_with('.') && !says.is_empty(), "{file}: {says}");
        }
        assert_eq!(source.matches(": Rule =").count(), names.len(), "{file} has a rule that is not listed");
    }
}

#[test]
fn every_rule_is_told_with_its_figure() {
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in models().iter().map(|(name, _)| *name).chain(TIGHT) {
        let entry = find(name.split(':').next().unwrap()).unwrap();
        let (mut limiter, mut dice, mut now) = (make(name), Random::new(3), 0);
        for _ in 0..2_000 {
            now += u64::from(dice.below(3)) * u64::from(dice.below(SECOND as u32 / 2));
            let cost = if dice.below(5) == 0 { 1 + dice.below(30) } else { 1 };
            let decision = limiter.decide(0, cost, at(now));
            let (rule, figure) = (decision.rule, decision.figure.to_string());
            assert!(entry.about.rules.contains(&rule), "{name}: {}", rule.name);
            assert_eq!(rule.says.contains("{}"), !figure.is_empty(), "{name}: {} {figure}", rule.name);
            told.entry(entry.about.id).or_default().insert(rule.name);
            shows_what_it_is(name, &*limiter, now);
        }
    }
    for id in IN_TIME {
        let listed: BTreeSet<&str> = find(id).unwrap().about.rules.iter().map(|rule| rule.name).collect();
        assert_eq!(told[id], listed, "{id}");
    }
    let full = make("fixed-window:limit=1");
    let mut full = full.duplicate();
    full.decide(0, 1, at(SECOND));
    let refused = full.decide(0, 1, at(3 * SECOND / 2));
    assert_eq!(
        refused.rule.says.replace("{}", &refused.figure.to_string()),
        "the window holds 1 of 1 until 2.000 s"
    );
    assert_eq!(refused.figure, Figure::Until(1, 1, at(2 * SECOND)));
}

/// A picture whose parts lie within their frames.
fn shows_what_it_is(name: &str, limiter: &dyn Limiter, now: u64) {
    let anatomy = limiter.show(0, at(now));
    assert!(!anatomy.parts.is_empty(), "{name}");
    for part in &anatomy.parts {
        match part {
            Part::Vessel { level, most, .. } => {
                let debt = if name.contains("wait") { -*most * 10.0 } else { 0.0 };
                assert!((debt..=*most).contains(level), "{name}: {level} of {most}");
            }
            Part::TimeLine { from, until, stretches, marks, .. } => {
                let line = *from..=*until;
                assert!(from < until, "{name}");
                assert!(
                    stretches.iter().all(|part| part.from <= part.until && line.contains(&part.until)),
                    "{name}: {part:?}"
                );
                assert!(stretches.iter().all(|part| (0.0..=1.0).contains(&part.full)), "{name}: {part:?}");
                assert!(marks.iter().all(|mark| line.contains(&mark.at)), "{name}: {part:?}");
            }
            Part::Level { .. } | Part::Note(_) => {}
        }
    }
}
