//! A script replayed on a limiter, step by step, until an answer is not the one expected.

use super::script::{Row, Step, Timed, Word};
use crate::catalogue::{Miss, Parameters};
use crate::kernel::{Span, Time};
use crate::limit::{Decision, Finish, Limiter, find};
use std::fmt::Debug;

/// What was expected, and what came of it.
type Difference = (String, String);

/// Replays `row`.
///
/// # Errors
/// The first step whose answer is not the one expected.
pub fn replay(row: &Row) -> Result<(), Miss> {
    let miss = |step| move |(expected, got)| Miss { step, expected, got };
    let mut limiter = build(row).map_err(miss(0))?;
    let mut now = Time::ZERO;
    for (at, Timed { at: absolute, after, step }) in row.steps.iter().enumerate() {
        now = absolute.map_or(now, Time::from_seconds) + Span::from_seconds(after.unwrap_or(0.0));
        take(row, step, &mut *limiter, &mut now).map_err(miss(at + 1))?;
    }
    Ok(())
}

fn build(row: &Row) -> Result<Box<dyn Limiter>, Difference> {
    let entry = find(&row.limiter)
        .ok_or_else(|| ("a limiter".to_owned(), format!("none is called {}", row.limiter)))?;
    let given = row.parameters.iter().map(|(id, value)| (id.as_str(), value.as_str()));
    let parameters = Parameters::new(entry.about, given)
        .map_err(|refusal| (refusal.allowed, format!("{}={}", refusal.field, refusal.value)))?;
    Ok((entry.build)(&parameters))
}

/// Takes one step at `now`, which goes on by the waits where they block.
fn take(row: &Row, step: &Step, limiter: &mut dyn Limiter, now: &mut Time) -> Result<(), Difference> {
    match step {
        Step::Ask { key, cost, times, expect, wait, retry, remaining, reset } => {
            for _ in 0..times.unwrap_or(1) {
                let decision = limiter.decide(key.unwrap_or(0), cost.unwrap_or(1), *now);
                check("passes", Some(*expect), word(&decision))?;
                check_time("wait", *wait, Some(decision.wait()), row.to)?;
                check_time("retry", *retry, decision.retry(), row.to)?;
                check("remaining", *remaining, decision.remaining)?;
                check_time("reset", *reset, Some(decision.reset), row.to)?;
                if row.blocks {
                    *now += decision.wait();
                }
            }
            Ok(())
        }
        Step::Finish { key, took, in_flight, dropped, limit } => {
            let took = Span::from_seconds(*took);
            let finish = Finish { took, in_flight: *in_flight, dropped: *dropped };
            let adjustment = limiter.finish(key.unwrap_or(0), *now, finish);
            check("limit", limit.map(Some), adjustment.map(|adjustment| adjustment.to as u32))
        }
    }
}

fn word(decision: &Decision) -> Word {
    if decision.admitted() { Word::Passes } else { Word::Refused }
}

fn check<T: PartialEq + Debug>(what: &str, expected: Option<T>, got: T) -> Result<(), Difference> {
    match expected {
        Some(expected) if expected != got => Err((format!("{what} {expected:?}"), format!("{got:?}"))),
        _ => Ok(()),
    }
}

/// A time below zero stands for none.
fn check_time(what: &str, expected: Option<f64>, got: Option<Span>, to: f64) -> Result<(), Difference> {
    let Some(seconds) = expected else { return Ok(()) };
    let agrees = match got {
        None => seconds < 0.0,
        Some(got) if to > 0.0 => (got.seconds() - seconds).abs() <= to / 2.0 + 1e-9,
        Some(got) => got == Span::from_seconds(seconds) && seconds >= 0.0,
    };
    let got = got.map_or("none".to_owned(), |got| got.to_string());
    if agrees { Ok(()) } else { Err((format!("{what} {seconds} s"), got)) }
}
