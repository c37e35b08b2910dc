//! Whatever happens, no message disappears: each is done, out for a reason, dead, or still there.
//! Random traffic, failures and settings, for every broker.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may end it")]

use proptest::prelude::*;
use sluice::catalogue::{About, Parameters, Range};
use sluice::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use sluice::queue::{
    BROKERS, Change, Entry, Exit, Fate, Hazards, Heard, Live, Order, Poison, Statistics, Traffic,
};
use std::collections::BTreeMap;

const MESSAGES: u32 = 60;
const MOST_EVENTS: usize = 5_000;

/// A value of each parameter that is not at its default, from a number for each.
fn parameters(about: &About, choices: &[u8]) -> Vec<(&'static str, String)> {
    let chosen = about.parameters.iter().zip(choices.iter().cycle());
    let value = |range: &Range, choice: u8| match range {
        Range::Whole { least, most, .. } => (least + u32::from(choice % 4)).min(*most).to_string(),
        Range::Number { least, most, .. } => (least + f64::from(choice % 5)).min(*most).to_string(),
        Range::Limit { .. } if choice.is_multiple_of(3) => "none".to_owned(),
        Range::Limit { least, most } => (least + u32::from(choice % 4)).min(*most).to_string(),
        Range::Seconds { most, .. } => f64::from(choice % 5).min(*most).to_string(),
        Range::Choice(words) => words[usize::from(choice) % words.len()].to_owned(),
    };
    chosen.map(|(parameter, choice)| (parameter.id, value(&parameter.range, *choice))).collect()
}

#[derive(Clone, Debug)]
struct Case {
    broker: usize,
    choices: Vec<u8>,
    order: Order,
}

fn hazards() -> impl Strategy<Value = Hazards> {
    let rates = (0..3_u8, 0..3_u8, any::<bool>(), any::<u64>());
    let poison = (prop::collection::btree_set(1..MESSAGES, 0..4), 0..3_u8, 10.0..80.0);
    let crashes = prop::collection::vec((0.0..40.0, 0..4_u32), 0..4);
    (rates, poison, crashes, 0.0..8.0).prop_map(
        |((fail, crash, crash_late, seed), poison, mut crashes, away)| {
            let (numbers, does, mended) = poison;
            crashes.sort_by(|a: &(f64, u32), b| a.0.total_cmp(&b.0));
            Hazards {
                seed,
                fail: f64::from(fail) * 0.2,
                crash: f64::from(crash) * 0.1,
                crash_late,
                poison: numbers.into_iter().collect::<Vec<u32>>().into(),
                poison_does: [Poison::Fail, Poison::Crash, Poison::Hang][usize::from(does)],
                mended: Time::from_seconds(mended),
                restart: Span::from_seconds(away),
                crashes: crashes.into_iter().map(|(at, worker)| (Time::from_seconds(at), worker)).collect(),
                slow: [(0, 4.0)].into(),
            }
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let traffic = (0.5..6.0, 0.0..2.0, 1..5_u32, 0..3_u8, any::<bool>(), any::<u64>());
    let redrive = prop::option::of((0.0..60.0, 0.2..5.0));
    let parts = (0..BROKERS.len(), prop::collection::vec(any::<u8>(), 24), traffic, hazards(), redrive);
    parts.prop_map(|(broker, choices, traffic, hazards, redrive)| {
        let (rate, mean, groups, urgent, impatient, seed) = traffic;
        let about = BROKERS[broker].about;
        let given = parameters(about, &choices);
        let given = given.iter().map(|(id, value)| (*id, value.as_str()));
        let work = Shape::Uniform { low: 0.0, high: 2.0 * mean };
        let patience = impatient.then_some(Shape::Exponential { mean: 3.0 });
        let order = Order {
            traffic: Traffic {
                arrivals: Arrivals::new(&Pattern::Poisson { rate }).unwrap(),
                work: Distribution::new(work).unwrap(),
                messages: MESSAGES,
                groups,
                urgent: f64::from(urgent) * 0.3,
                patience: patience.map(|shape| Distribution::new(shape).unwrap()),
                seed,
            },
            hazards,
            redrive: redrive.map(|(from, rate)| (Time::from_seconds(from), rate)),
            parameters: Parameters::new(about, given).unwrap(),
        };
        Case { broker, choices, order }
    })
}

/// What was heard of each message, in order.
type Lives = BTreeMap<u32, Vec<Heard>>;

/// Runs the case to its end, or as far as a message that goes round for ever lets it.
fn run(entry: &Entry, order: &Order) -> (Lives, Live, Box<dyn sluice::queue::System>) {
    let mut system = (entry.build)(order);
    let (mut live, mut heard, mut lives, mut before) =
        (Live::default(), Vec::new(), Lives::new(), Time::ZERO);
    for _ in 0..MOST_EVENTS {
        let Some(now) = system.next_time() else { break };
        assert!(now >= before, "{}: time goes back", entry.about.id);
        before = now;
        heard.clear();
        system.step(&mut live, &mut heard);
        assert!(!heard.is_empty(), "{}: an event without a reason at {now}", entry.about.id);
        for told in &heard {
            assert_eq!(told.at, now);
            told.message.into_iter().for_each(|number| lives.entry(number).or_default().push(*told));
        }
    }
    (lives, live, system)
}

fn count(life: &[Heard], of: impl Fn(Change) -> bool) -> usize {
    life.iter().filter(|heard| of(heard.change)).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_message_disappears(case in case()) {
        let entry = &BROKERS[case.broker];
        let (lives, live, system) = run(entry, &case.order);
        let view = system.view();
        prop_assert_eq!(lives.len() as u32, view.sent);
        for (number, life) in &lives {
            let said = |what: &str| format!("{}: message {number} {what}: {life:#?}", entry.about.id);
            prop_assert_eq!(count(life, |change| change == Change::Sent), 1, "{}", said("is sent once"));
            let acknowledged = count(life, |change| change == Change::Left(Exit::Acknowledged));
            prop_assert!(acknowledged <= 1, "{}", said("is acknowledged twice"));
            let left = count(life, |change| matches!(change, Change::Left(_)));
            let redriven = count(life, |change| change == Change::Redriven);
            prop_assert!(left <= redriven + 1, "{}", said("leaves more often than it came"));
            let first = count(life, |change| matches!(change, Change::Done { .. }));
            prop_assert!(first <= 1, "{}", said("is done for the first time twice"));
            let there = view.messages.find(*number).is_some();
            let dead = live.fate(*number) == Some(Fate::Out(Exit::Dead));
            let over = live.fate(*number).is_some() && !(dead && there);
            prop_assert!(over != there, "{}", said("is neither over nor there, or both"));
            let done = first == 1;
            prop_assert!(!over || (live.fate(*number) == Some(Fate::Done)) == done, "{}", said("has the wrong end"));
        }
    }

    #[test]
    fn what_is_counted_adds_up(case in case()) {
        let entry = &BROKERS[case.broker];
        let mut system = (entry.build)(&case.order);
        let mut statistics = Statistics::new(MESSAGES, 0, true);
        system.run(MOST_EVENTS as u64, Time::MAX, &mut statistics);
        let counts = statistics.counts;
        let view = system.view();
        let still = (1..=MESSAGES).filter(|number| {
            let message = view.messages.find(*number);
            let given_up = |message: &sluice::queue::Message| {
                message.exit.is_some_and(|exit| exit != Exit::Acknowledged)
            };
            message.is_some_and(|message| message.done == 0 && !given_up(message))
        });
        prop_assert_eq!(counts.sent, u64::from(view.sent));
        prop_assert_eq!(counts.sent, counts.done + counts.not_done() + still.count() as u64, "{} {:?}", entry.about.id, counts);
        let course: Vec<_> = statistics.course().unwrap().iter().collect();
        prop_assert_eq!(course.iter().map(|(_, window)| window.sent).sum::<u64>(), counts.sent);
        prop_assert_eq!(course.iter().map(|(_, window)| window.done).sum::<u64>(), counts.done);
    }

    #[test]
    fn nothing_is_received_more_often_than_the_limit_allows(case in case()) {
        let entry = &BROKERS[case.broker];
        // A consumer timeout is no failed delivery, so here it is as long as it usually is, and the
        // workers are no slower.
        let given = parameters(entry.about, &case.choices);
        let given = given.iter().filter(|(id, _)| !["ack-timeout", "speed"].contains(id));
        let given = given.map(|(id, value)| (*id, value.as_str()));
        let order = Order { parameters: Parameters::new(entry.about, given).unwrap(), ..case.order.clone() };
        let parameters = &order.parameters;
        let hangs = order.hazards.poison_does == Poison::Hang;
        let limit = match entry.about.id {
            "plain" | "sqs" | "sqs-fifo" => parameters.limit("max-receives"),
            "kafka-share" => Some(parameters.whole("delivery-limit")),
            "redis-streams" => parameters.limit("max-deliveries"),
            "rabbitmq-quorum"
                if !hangs
                    && parameters.choice("on-failure") != "nack"
                    && parameters.choice("limited") == "yes"
                    && parameters.choice("dead-letter") != "back" =>
            {
                Some(parameters.whole("delivery-limit") + 1)
            }
            _ => None,
        };
        let Some(limit) = limit else { return Ok(()) };
        let (lives, ..) = run(entry, &order);
        for (number, life) in &lives {
            let rounds = life.split(|heard| heard.change == Change::Redriven);
            for round in rounds {
                let receives = count(round, |change| matches!(change, Change::Handed { .. }));
                // What the consumer timeout brings back does not count.
                let timeouts = round.iter().filter(|heard| heard.rule.name == "ACK_TIMEOUT").count();
                prop_assert!(receives <= limit + timeouts, "{}: message {number} is received {receives} times, {limit} are allowed: {round:#?}", entry.about.id);
            }
        }
    }

    #[test]
    fn a_group_keeps_its_order(case in case()) {
        let entry = sluice::queue::find("sqs-fifo").unwrap();
        let given = parameters(entry.about, &case.choices);
        let given = given.iter().filter(|(id, _)| *id != "batch").map(|(id, value)| (*id, value.as_str()));
        let parameters = Parameters::new(entry.about, given).unwrap();
        let order = Order { parameters, ..case.order.clone() };
        let mut system = (entry.build)(&order);
        let (mut live, mut heard) = (Live::default(), Vec::new());
        for _ in 0..MOST_EVENTS {
            if system.next_time().is_none() {
                break;
            }
            heard.clear();
            system.step(&mut live, &mut heard);
            let view = system.view();
            for told in heard.iter().filter(|told| matches!(told.change, Change::Handed { .. })) {
                let number = told.message.unwrap();
                let Some(message) = view.messages.find(number) else { continue };
                let group = message.group;
                let before = (1..number).filter_map(|other| view.messages.find(other));
                let still_queued = before.filter(|other| other.group == group && other.exit.is_none());
                let overtaken: Vec<u32> = still_queued.map(|other| other.number).collect();
                // A message that was sent back from the dead letters is the last of its group.
                prop_assert!(overtaken.is_empty() || order.redrive.is_some(), "message {number} before {overtaken:?}");
            }
        }
    }
}
