//! Which closed form covers a variant's settings, and what it expects; or why none does.
//!
//! Poisson traffic split by the draw of a key is as many independent Poisson streams, so a queue for
//! each subscriber is as many M/G/1 queues, whoever else there is. A reader of an unbounded log is one
//! too. A publisher that calls in turn is a single M/G/1 whose service is everybody's work in a row.

use super::{FanOut, Subscriber};
use crate::kernel::Pattern;
use crate::lab::variant::Variant;
use crate::lab::{Figures, Theory};
use crate::theory::queueing::{SteadyState, md1, mg1, mm1, mmck};

use super::Times;

/// The closed form for `variant` of `scenario`.
pub(super) fn of(scenario: &FanOut, variant: &Variant) -> Theory {
    match expected(scenario, variant) {
        Ok((name, expected)) => Theory::Model { name, expected: Figures(expected) },
        Err(why) => Theory::None { why: why.to_owned() },
    }
}

type Expected = (String, Vec<(String, f64)>);

const TOO_MUCH: &str = "The load of a subscriber is 1 or above: its queue has no steady state, it grows for as long as messages come.";

fn expected(scenario: &FanOut, variant: &Variant) -> Result<Expected, &'static str> {
    let Pattern::Poisson { rate } = scenario.arrivals else {
        return Err("No closed form for these arrivals: they are not Poisson.");
    };
    let steady = |one: &Subscriber| one.away.is_empty() && one.slow.is_empty() && one.joins == 0.0;
    if !scenario.subscribers.iter().all(steady) {
        return Err("No closed form while somebody is away, comes late or is slow for a while.");
    }
    match variant.about.id {
        "push" if variant.parameters.limit("timeout").is_none() => in_turn(scenario, rate),
        "push" => Err("No closed form is shown for a publisher that gives up."),
        "redis-pubsub" => Err("No closed form for connections that are cut off when their buffer is full."),
        "rabbitmq" if variant.parameters.limit("max-length").is_some() => bounded(scenario, variant, rate),
        "kafka" if variant.parameters.limit("keep").is_some() => Err(TRIMMED),
        "redis-streams" if variant.parameters.limit("maxlen").is_some() => Err(TRIMMED),
        _ => apart(scenario, rate),
    }
}

const TRIMMED: &str = "No closed form for a log that is cut from under its readers.";

/// Which share of the messages `subscriber` wants.
fn share(scenario: &FanOut, subscriber: &Subscriber) -> f64 {
    let all: f64 = scenario.keys.iter().map(|key| key.weight).sum();
    let wanted = scenario.keys.iter().filter(|key| subscriber.matching(&key.key, &key.headers).is_some());
    wanted.map(|key| key.weight).sum::<f64>() / all
}

/// Those who have anything to do, with the rate at which it comes.
fn at_work(scenario: &FanOut, rate: f64) -> impl Iterator<Item = (&Subscriber, f64)> {
    let each = scenario.subscribers.iter().map(move |one| (one, rate * share(scenario, one)));
    each.filter(|(one, rate)| *rate > 0.0 && one.mean > 0.0)
}

/// A queue for each.
fn apart(scenario: &FanOut, rate: f64) -> Result<Expected, &'static str> {
    let mut expected = Vec::new();
    for (one, rate) in at_work(scenario, rate) {
        let steady = match scenario.times {
            Times::Exponential => mm1(rate, one.mean),
            Times::Constant => md1(rate, one.mean),
            times => times.around(one.mean).and_then(|work| mg1(rate, one.mean, work.variance()?)),
        };
        add(&mut expected, one, &steady.ok_or(TOO_MUCH)?);
    }
    Ok((format!("{} × M/{}/1", expected.len() / 2, letter(scenario.times)), expected))
}

fn add(expected: &mut Vec<(String, f64)>, one: &Subscriber, steady: &SteadyState) {
    expected.push((format!("mean_latency_{}", one.name), steady.mean_sojourn));
    expected.push((format!("mean_queue_{}", one.name), steady.mean_queue_length));
}

/// A bounded queue for each that refuses what does not fit.
fn bounded(scenario: &FanOut, variant: &Variant, rate: f64) -> Result<Expected, &'static str> {
    let refuses = variant.parameters.choice("overflow") == "reject-publish";
    if !refuses || scenario.times != Times::Exponential {
        return Err(
            "No closed form is shown for queues that drop their head, or for other than exponential times.",
        );
    }
    let places = variant.parameters.limit("max-length").unwrap_or(0) as u32 + 1;
    let mut expected = Vec::new();
    for (one, rate) in at_work(scenario, rate) {
        add(&mut expected, one, &mmck(rate, one.mean, 1, places).ok_or(TOO_MUCH)?);
    }
    Ok((format!("{} × M/M/1/{places}", expected.len() / 2), expected))
}

/// Everybody's work in a row, as far as a key is wanted.
fn in_turn(scenario: &FanOut, rate: f64) -> Result<Expected, &'static str> {
    let all: f64 = scenario.keys.iter().map(|key| key.weight).sum();
    let (mut first, mut second) = (0.0, 0.0);
    for key in &scenario.keys {
        let wanting =
            scenario.subscribers.iter().filter(|one| one.matching(&key.key, &key.headers).is_some());
        let (mut mean, mut variance) = (0.0, 0.0);
        for work in wanting.filter_map(|one| scenario.times.around(one.mean)) {
            mean += work.mean();
            variance += work.variance().unwrap_or(0.0);
        }
        first += key.weight / all * mean;
        second += key.weight / all * (variance + mean * mean);
    }
    let steady = mg1(rate, first, (second - first * first).max(0.0)).ok_or(
        "The publisher cannot keep up: all calls in a row take longer than the time between two messages.",
    )?;
    Ok(("M/G/1 of all calls in a row".to_owned(), vec![("publisher_wait".to_owned(), steady.mean_sojourn)]))
}

fn letter(times: Times) -> &'static str {
    match times {
        Times::Exponential => "M",
        Times::Constant => "D",
        Times::Erlang | Times::Hyperexponential => "G",
    }
}
