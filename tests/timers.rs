//! The structures that keep delayed jobs, each against a naive model that knows only when a job must
//! fire; published answers; and that every reason is told, listed and in its place.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

mod texts;

use proptest::prelude::*;
use sluice::catalogue::{Parameters, Rule};
use sluice::kernel::{Span, Time};
use sluice::queue::delay::{
    Anatomy, Change, Clock, Costs, Desk, Heap, Heard, HierarchicalWheel, Job, Jump, Part, Place, RabbitMqTtl,
    SCHEDULER_RULES, SCHEDULER_SOURCE, Setup, SortedSet, SqsDelay, TIMERS, Timers, Wheel,
};
use texts::text_of;

fn ms(millis: u64) -> Time {
    Time::ZERO + Span::from_millis(millis)
}

/// What came of a script.
#[derive(Default)]
struct Course {
    /// Each job with the millisecond at which it fired, in order.
    fired: Vec<(u32, u64)>,
    rules: Vec<(u32, &'static str)>,
    heard: Vec<Heard>,
    costs: Costs,
}

/// Gives a structure jobs at milliseconds, each due so many later, and lets it look whenever it wants.
fn drive<T: Timers>(settings: &[(&str, &str)], script: &[(u64, u64)]) -> Course {
    let parameters = Parameters::new(&T::ABOUT, settings.iter().copied()).unwrap();
    let mut timers = T::new(&Setup { parameters, seed: 7 });
    let mut course = Course::default();
    let mut script = script.iter().zip(1..).peekable();
    let mut now = Time::ZERO;
    while script.peek().is_some() || !timers.is_empty() {
        let look = timers.next_look().filter(|_| T::LOOKS_WHEN_EMPTY || !timers.is_empty());
        let submit = script.peek().map(|((at, _), _)| ms(*at));
        let looks = look.is_some_and(|look| submit.is_none_or(|submit| look <= submit));
        now = now.max(if looks { look } else { submit }.unwrap());
        let mut fired = Vec::new();
        let mut desk =
            Desk { at: now, now, fired: &mut fired, costs: &mut course.costs, probe: &mut course.heard };
        if looks {
            timers.look(&mut desk);
        } else {
            let ((at, delay), number) = script.next().unwrap();
            timers.insert(Job::due(number, ms(at + delay)), &mut desk);
        }
        for (job, rule) in fired {
            course.fired.push((job.name.number, now.nanos() / 1_000_000));
            course.rules.push((job.name.number, rule.name));
        }
        let mut anatomy = Anatomy::default();
        timers.show(now, &mut anatomy);
        assert_eq!(shown(&anatomy), timers.len(), "at {now}");
        assert!(timers.room() >= timers.len());
    }
    course
}

/// How many jobs an anatomy speaks of, unless it leaves slots out.
fn shown(anatomy: &Anatomy) -> usize {
    let of = |part: &Part| match part {
        Part::Cells { cells, .. } => cells.iter().map(|cell| cell.jobs.len() + cell.more).sum(),
        Part::Line { length, .. } => *length,
        Part::Timed { jobs, .. } => jobs.len(),
        Part::More(more) => *more,
    };
    anatomy.parts.iter().map(of).sum()
}

/// The naive model: every job fires at the moment that `when` says, given when it came and when it is
/// due; of those that fire together, in the order that `order` says.
fn model<K: Ord>(
    script: &[(u64, u64)],
    when: impl Fn(u64, u64) -> u64,
    order: impl Fn(u64, u32) -> K,
) -> Vec<(u32, u64)> {
    let mut all: Vec<(u64, K, u32)> = script
        .iter()
        .zip(1..)
        .map(|((at, delay), number)| (when(*at, at + delay), order(at + delay, number), number))
        .collect();
    all.sort();
    all.into_iter().map(|(at, _, number)| (number, at)).collect()
}

/// Jobs by rising time of submission.
fn script() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let delay = prop_oneof![3 => 0..60_u64, 2 => 0..4_000_u64, 1 => 0..100_000_u64];
    prop::collection::vec((0..200_u64, delay), 0..60).prop_map(|gaps| {
        let mut at = 0;
        let submit = |(gap, delay)| {
            at += gap;
            (at, delay)
        };
        gaps.into_iter().map(submit).collect()
    })
}

proptest! {
    #[test]
    fn a_heap_fires_in_exact_order(script in script()) {
        let course = drive::<Heap>(&[], &script);
        prop_assert_eq!(course.fired, model(&script, |_, due| due, |due, number| (due, number)));
        let deepest = u64::from(script.len().max(1).ilog2());
        prop_assert!(course.costs.most_to_keep <= deepest);
        prop_assert!(course.costs.most_to_take <= 2 * deepest);
        prop_assert_eq!(course.costs.empty, 0);
    }

    #[test]
    fn a_wheel_fires_at_the_end_of_the_tick(script in script(), tick in 1..300_u64, slots in 8..80_u32) {
        let seconds = (tick as f64 / 1e3).to_string();
        let settings = [("tick", seconds.as_str()), ("slots", &slots.to_string())];
        let course = drive::<Wheel>(&settings, &script);
        let when = |_, due| (due / tick + 1) * tick;
        prop_assert_eq!(&course.fired, &model(&script, when, |_, number| number));
        let last = course.fired.last().map_or(0, |(_, at)| at / tick);
        prop_assert_eq!(course.costs.looks, last, "every tick is looked at once");
        for (number, at) in course.fired {
            let due = script[number as usize - 1].0 + script[number as usize - 1].1;
            prop_assert!(at > due && at <= due + tick);
        }
    }

    #[test]
    fn hierarchical_wheels_fire_at_the_next_tick(script in script(), tick in 1..300_u64, slots in 2..40_u32) {
        let seconds = (tick as f64 / 1e3).to_string();
        for driver in ["queue", "tick"] {
            let settings = [("tick", seconds.as_str()), ("slots", &slots.to_string()), ("driver", driver)];
            let course = drive::<HierarchicalWheel>(&settings, &script);
            // What is due by the time it comes goes at once, and so before what waits for that tick.
            let when = |at: u64, due: u64| if due.div_ceil(tick) <= at / tick { at } else { due.div_ceil(tick) * tick };
            let mut fired = course.fired.clone();
            fired.sort_by_key(|(number, at)| (*at, *number));
            prop_assert_eq!(&fired, &model(&script, when, |_, number| number));
            prop_assert!(course.fired.is_sorted_by_key(|(_, at)| *at));
            if driver == "queue" {
                prop_assert!(course.costs.looks <= 1 + course.costs.moves);
            }
        }
    }

    /// Of jobs that are all kept, those of one tick fire in the order of their insertion.
    #[test]
    fn wheels_keep_the_order_of_insertion(delays in prop::collection::vec(1..400_u64, 0..60), gap in 0..3_u64) {
        let script: Vec<(u64, u64)> = delays.iter().zip(0..).map(|(delay, at)| (at * gap, delay + 1_000)).collect();
        let when = |_, due: u64| due.div_ceil(50) * 50;
        let course = drive::<HierarchicalWheel>(&[("tick", "0.05"), ("slots", "3")], &script);
        prop_assert_eq!(course.fired, model(&script, when, |_, number| number));
    }

    #[test]
    fn a_polled_set_fires_at_the_next_poll(script in script()) {
        let course = drive::<SortedSet>(&[("poll", "0.5"), ("jitter", "no")], &script);
        // A poll that falls on a submission comes before it.
        let when = |at: u64, due: u64| if due == at && due.is_multiple_of(500) { due + 500 } else { due.div_ceil(500) * 500 };
        let when = |at, due| when(at, due).max(500);
        prop_assert_eq!(course.fired, model(&script, when, |due, number| (due, number)));
    }

    #[test]
    fn a_delay_in_sqs_is_rounded_up_to_seconds(script in script()) {
        let course = drive::<SqsDelay>(&[("most", "7")], &script);
        let when = |at: u64, due: u64| at + (due - at).div_ceil(1_000) * 1_000;
        let mut fired = course.fired.clone();
        fired.sort_unstable_by_key(|(number, at)| (*at, *number));
        prop_assert_eq!(fired, model(&script, when, |_, number| number));
        let hops: u64 = script.iter().map(|(_, delay)| delay.div_ceil(1_000).div_ceil(7).max(1)).sum();
        prop_assert_eq!(course.costs.commands, 2 * hops, "a send and a receive each");
    }

    #[test]
    fn one_queue_with_times_to_live_never_overtakes(script in script()) {
        let course = drive::<RabbitMqTtl>(&[], &script);
        let numbers: Vec<u32> = (1..=script.len() as u32).collect();
        prop_assert_eq!(course.fired.iter().map(|(number, _)| *number).collect::<Vec<_>>(), numbers);
        let mut longest = 0;
        for ((_, at), (submitted, delay)) in course.fired.iter().zip(&script) {
            longest = longest.max(submitted + delay);
            prop_assert_eq!(*at, longest.max(*submitted));
        }
    }

    #[test]
    fn a_queue_for_each_delay_holds_nobody_up(script in script()) {
        let course = drive::<RabbitMqTtl>(&[("queues", "per-delay"), ("step", "0.05")], &script);
        let mut fired = course.fired.clone();
        fired.sort_unstable_by_key(|(number, at)| (*at, *number));
        let when = |at: u64, due: u64| at + (due - at).div_ceil(50) * 50;
        prop_assert_eq!(fired, model(&script, when, |_, number| number));
    }

    /// A clock says when it will show a reading: not before, and not later than it must.
    #[test]
    fn a_clock_knows_when_it_will_show_a_time(
        rate in 500_000..2_000_000_u64,
        jumps in prop::collection::vec((0..100_000_u64, 0..50_000_u64, any::<bool>()), 0..4),
        later in 0..100_000_u64,
        steady in any::<bool>(),
    ) {
        let mut jumps: Vec<Jump> = jumps.into_iter()
            .map(|(at, by, forward)| Jump { at: ms(at), by: Span::from_millis(by), forward }).collect();
        jumps.sort_by_key(|jump| jump.at);
        let mut clock = Clock::new(rate as f64 / 1e6, &jumps, steady);
        let mut now = Time::ZERO;
        while let Some(jump) = clock.jump() {
            now = jump.at;
        }
        let reading = clock.read(now) + Span::from_millis(later);
        let when = clock.when(reading).max(now);
        prop_assert!(clock.read(when) >= reading);
        prop_assert!(when == now || clock.read(when - Span::from_nanos(1)) < reading);
    }
}

/// Checks when jobs fire: milliseconds of submission and delay, and job and millisecond of firing.
fn check<T: Timers>(what: &str, settings: &[(&str, &str)], script: &[(u64, u64)], fired: &[(u32, u64)]) {
    assert_eq!(drive::<T>(settings, script).fired, fired, "{what}");
}

#[test]
fn published_answers() {
    // HashedWheelTimer: tick = deadline / tickDuration, gone through when the tick is over.
    check::<Wheel>("250 ms fire after the third tick of 100 ms", &[], &[(0, 250)], &[(1, 300)]);
    check::<Wheel>("a timeout of 0 waits for its tick as well", &[], &[(10, 0)], &[(1, 100)]);
    check::<Wheel>("a whole tick is one tick late", &[], &[(0, 200)], &[(1, 300)]);
    check::<Wheel>(
        "a round of 512 slots takes 51.2 s",
        &[],
        &[(0, 51_250), (0, 50)],
        &[(2, 100), (1, 51_300)],
    );
    // SystemTimer: 20 slots of 1 ms, of 20 ms, of 400 ms; exact to the millisecond.
    let kafka = drive::<HierarchicalWheel>(&[], &[(0, 450)]);
    assert_eq!(kafka.fired, [(1, 450)]);
    let places: Vec<Change> = kafka.heard.iter().map(|heard| heard.change).collect();
    let wheel = |level, slot| Place::Wheel { level, slot };
    assert!(places.starts_with(&[Change::Placed(wheel(3, 1)), Change::Cascades(wheel(2, 2))]), "{places:?}");
    assert_eq!(places.last(), Some(&Change::Cascades(wheel(1, 10))));
    // Message timers: at most 900 s, so an hour is four sends.
    let sqs = drive::<SqsDelay>(&[], &[(0, 3_600_000)]);
    assert_eq!((sqs.fired, sqs.costs.commands), (vec![(1, 3_600_000)], 8));
    let hops = sqs.heard.iter().filter(|heard| matches!(heard.change, Change::Hops { .. })).count();
    assert_eq!(hops, 3, "three messages carry less than the whole delay");
    check::<SqsDelay>("fifteen minutes are allowed", &[], &[(0, 900_000)], &[(1, 900_000)]);
    // Per-message TTL: only the head expires.
    let trap = [(0, 60_000), (1_000, 5_000)];
    check::<RabbitMqTtl>("a long delay holds up a short one", &[], &trap, &[(1, 60_000), (2, 60_000)]);
    let per_delay = [("queues", "per-delay")];
    check::<RabbitMqTtl>("a queue for each delay does not", &per_delay, &trap, &[(2, 6_000), (1, 60_000)]);
    let course = drive::<RabbitMqTtl>(&[], &trap);
    assert_eq!(course.rules, [(1, "EXPIRED"), (2, "HELD_UP")]);
    check::<SortedSet>(
        "a poll every five seconds",
        &[("jitter", "no")],
        &[(100, 100), (100, 5_000)],
        &[(1, 5_000), (2, 10_000)],
    );
}

#[test]
fn a_sift_is_told_step_by_step() {
    let course = drive::<Heap>(&[], &[(0, 50), (0, 40), (0, 30), (0, 20), (0, 10)]);
    let told: Vec<&str> = course
        .heard
        .iter()
        .filter(|heard| heard.job.unwrap().number == 5)
        .map(|heard| heard.rule.name)
        .collect();
    assert_eq!(told, ["LAST", "SOONER", "SOONER", "NEXT"], "job 5 climbs to the root and leaves it first");
    let sinks = course.heard.iter().filter(|heard| matches!(heard.change, Change::Sinks { .. })).count();
    assert!(sinks > 0);
}

/// The function that stands around the line in which a constant is used.
fn function_of<'a>(source: &'a str, rule: &Rule) -> Vec<&'a str> {
    let used = format!("&{}", rule.name);
    let mut function = "";
    let mut found = Vec::new();
    for line in source.lines() {
        if let Some(rest) = line.trim_start().trim_start_matches("pub ").strip_prefix("fn ") {
            function = rest.split(['(', '<']).next().unwrap();
        }
        let ends = |rest: &str| !rest.starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric());
        if line.split(&used).skip(1).any(ends) && !line.contains("rules:") && !function.is_empty() {
            found.push(function);
        }
    }
    found
}

#[test]
fn rules_stand_where_they_say() {
    let own = TIMERS.iter().map(|entry| (entry.about.id, entry.about.file, entry.about.rules));
    for (id, file, rules) in own.chain([("scheduler", SCHEDULER_SOURCE, SCHEDULER_RULES)]) {
        let source = text_of(file);
        assert!(!rules.is_empty());
        for rule in rules {
            assert!(
                function_of(source, rule).contains(&rule.place),
                "{id}: {} is not in {}",
                rule.name,
                rule.place
            );
            assert!(!rule.says.ends_with('.'), "{id}: {}", rule.name);
        }
    }
}
