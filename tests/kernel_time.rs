//! Model time and the order of events.

use proptest::prelude::*;
use sluice::kernel::{Events, Span, Time};

#[test]
fn a_span_is_shown_in_a_sensible_unit() {
    for (nanos, shown) in [
        (0, "0 s"),
        (1, "1 ns"),
        (999, "999 ns"),
        (1_000, "1 µs"),
        (1_254, "1.25 µs"),
        (850_000, "850 µs"),
        (999_499, "999 µs"),
        (999_500, "1 ms"),
        (34_450_000, "34.5 ms"),
        (340_000_000, "340 ms"),
        (999_600_000, "1.000 s"),
        (2_000_000_000, "2.000 s"),
        (75_340_400_000, "75.340 s"),
        (599_999_600_000, "10 min"),
        (725_000_000_000, "12 min 5 s"),
        (5_400_000_000_000, "1 h 30 min"),
        (604_800_000_000_000, "7 d"),
        (93_600_000_000_000, "1 d 2 h"),
        (u64::MAX, "213503 d 23 h"),
    ] {
        assert_eq!(Span::from_nanos(nanos).to_string(), shown);
        assert_eq!(Time::from_nanos(nanos).to_string(), shown);
    }
}

#[test]
fn seconds_become_the_nearest_nanosecond() {
    for (seconds, nanos) in [
        (0.0, 0),
        (1.0, 1_000_000_000),
        (0.1, 100_000_000),
        (1.4e-9, 1),
        (1.5e-9, 2),
        (-1.0, 0),
        (f64::NAN, 0),
        (f64::INFINITY, u64::MAX),
        (1e12, u64::MAX),
    ] {
        assert_eq!(Span::from_seconds(seconds).nanos(), nanos);
        assert_eq!(Time::from_seconds(seconds).nanos(), nanos);
    }
    assert_eq!(Span::from_millis(340).seconds(), 0.34);
}

#[test]
fn arithmetic_stops_at_both_ends() {
    let second = Span::from_seconds(1.0);
    assert_eq!(Time::MAX + second, Time::MAX);
    assert_eq!(Time::ZERO - second, Time::ZERO);
    assert_eq!(Time::MAX.checked_add(second), None);
    assert_eq!(Span::MAX.checked_add(second), None);
    assert_eq!(Span::MAX.times(2), Span::MAX);
    assert_eq!(second - Span::MAX, Span::ZERO);
    assert_eq!(Time::ZERO.since(Time::MAX), Span::ZERO);
    assert_eq!((Time::ZERO + second + second).since(Time::ZERO), second.times(2));
    assert_eq!([second, second, second].into_iter().sum::<Span>(), second.times(3));
}

#[test]
fn the_past_happens_now_after_what_is_already_due() {
    let at = Time::from_nanos;
    let mut events = Events::new();
    events.schedule(at(5), "first");
    events.schedule(at(5), "second");
    assert_eq!(events.next_time(), Some(at(5)));
    assert_eq!(events.next(), Some((at(5), "first")));
    events.schedule(at(2), "late");
    assert_eq!((events.now(), events.len(), events.is_empty()), (at(5), 2, false));
    assert_eq!(events.next(), Some((at(5), "second")));
    assert_eq!(events.next(), Some((at(5), "late")));
    assert_eq!(events.next(), None);
    assert_eq!(events.now(), at(5));
}

#[test]
fn what_is_forgotten_moves_no_time() {
    let mut events = Events::new();
    events.schedule(Time::from_nanos(9), "called off");
    events.forget();
    assert_eq!(events.now(), Time::ZERO);
    events.schedule(Time::from_nanos(4), "on time");
    assert_eq!(events.next(), Some((Time::from_nanos(4), "on time")));
}

proptest! {
    /// Some(time) schedules, None takes the next: against a list sorted by time and order.
    #[test]
    fn events_come_in_the_order_of_a_sorted_list(acts in prop::collection::vec(prop::option::of(0_u64..20), 0..200)) {
        let mut events = Events::new();
        let mut naive: Vec<(u64, usize)> = Vec::new();
        let mut now = 0;
        for (n, act) in acts.into_iter().enumerate() {
            if let Some(at) = act {
                events.schedule(Time::from_nanos(at), n);
                naive.push((at.max(now), n));
                naive.sort_unstable();
            } else {
                let expected = (!naive.is_empty()).then(|| naive.remove(0));
                now = expected.map_or(now, |(at, _)| at);
                prop_assert_eq!(events.next(), expected.map(|(at, n)| (Time::from_nanos(at), n)));
            }
            prop_assert_eq!(events.len(), naive.len());
        }
    }
}
