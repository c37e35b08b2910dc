//! Everything that can be set about the callers, the stages and their troubles, one line a field. Links,
//! JSON and forms are all made from this table.

use super::Backpressure;
use super::scenario::{Deadlines, Slow};
use crate::lab::form::Input;
use crate::lab::reading::{joined, listed, number, optional, pair, put};
use crate::lab::repeats;
use crate::lab::table::{Field, Word, word, word_of, words};
use crate::lab::variant::whole;
use crate::pressure::{MOST_SHARES, MOST_STAGES};
use crate::refusal::Refusal;
use std::ops::RangeInclusive;

/// The most requests in a run.
const MOST_REQUESTS: u32 = 1_000_000;
/// The most workers of a stage at the start.
const MOST_WORKERS: u32 = 1_000;
/// The most requests that a process can hold.
const MOST_MEMORY: u32 = 10_000_000;
/// The most bytes of a request.
const MOST_BYTES: u32 = 1_000_000_000;
/// The most further tries.
const MOST_RETRIES: u32 = 20;
/// The latest second at which something happens to a stage.
const FURTHEST: f64 = 100_000.0;
/// How many times as long work can take, and how uneven shares can be.
const TIMES: RangeInclusive<f64> = 0.001..=1_000.0;

const CALLERS: &str = "Callers";
const STAGES: &str = "Stages";
const TROUBLES: &str = "Troubles";

/// The groups of the form, in their order.
pub const GROUPS: [&str; 3] = [CALLERS, STAGES, TROUBLES];

fn text() -> Input {
    Input::Text
}

/// The fields, in the order in which links and forms list them.
pub const FIELDS: &[Field<Backpressure>] = &[
    Field {
        id: "messages",
        label: "Requests",
        means: "how many requests are sent",
        input: || Input::Whole { least: 1, most: u64::from(MOST_REQUESTS) },
        get: |s| s.messages.to_string(),
        set: |s, text| put(&mut s.messages, whole("messages", text, 1, MOST_REQUESTS)),
        group: "",
    },
    Field {
        id: "workers",
        label: "Workers",
        means: "how many workers each stage has at the start: 2 for one stage, 2,4,2 for three",
        input: text,
        get: |s| joined(&s.workers, u32::to_string),
        set: |s, text| put(&mut s.workers, workers(text)),
        group: "",
    },
    repeats::runs(),
    repeats::seed(),
    repeats::until(CALLERS),
    Field {
        id: "timeout",
        label: "Time-out",
        means: "seconds that a caller waits for the answer to a try; empty: for ever",
        input: text,
        get: |s| optional(s.timeout),
        set: |s, text| put(&mut s.timeout, timeout(text)),
        group: CALLERS,
    },
    Field {
        id: "retries",
        label: "Retries",
        means: "how many times a caller tries again",
        input: || Input::Whole { least: 0, most: u64::from(MOST_RETRIES) },
        get: |s| s.retries.to_string(),
        set: |s, text| put(&mut s.retries, whole("retries", text, 0, MOST_RETRIES)),
        group: CALLERS,
    },
    Field {
        id: "pause",
        label: "Pause",
        means: "seconds before the first retry",
        input: || Input::Fraction { least: 0.0, most: 60.0 },
        get: |s| s.pause.to_string(),
        set: |s, text| put(&mut s.pause, number("pause", text, 0.0..=60.0)),
        group: CALLERS,
    },
    Field {
        id: "growth",
        label: "Pauses grow",
        means: "how many times as long each further pause is: 1 always the same, 2 exponential backoff; a minute at most",
        input: || Input::Fraction { least: 1.0, most: 10.0 },
        get: |s| s.growth.to_string(),
        set: |s, text| put(&mut s.growth, number("growth", text, 1.0..=10.0)),
        group: CALLERS,
    },
    Field {
        id: "jitter",
        label: "Jitter",
        means: "full: a random share of the pause, so that callers do not come back together",
        input: || words(&JITTER),
        get: |s| word_of(&JITTER, s.jitter),
        set: |s, text| put(&mut s.jitter, word("jitter", text, &JITTER)),
        group: CALLERS,
    },
    Field {
        id: "deadlines",
        label: "Deadlines",
        means: "carried: a request whose caller has gone is thrown away unworked; ignored: the work is done in vain",
        input: || words(&DEADLINES),
        get: |s| word_of(&DEADLINES, s.deadlines),
        set: |s, text| put(&mut s.deadlines, word("deadlines", text, &DEADLINES)),
        group: CALLERS,
    },
    Field {
        id: "classes",
        label: "Classes",
        means: "which shares of the requests are of each class, the most important first: 1,4,5",
        input: text,
        get: |s| joined(&s.classes, f64::to_string),
        set: |s, text| put(&mut s.classes, shares("classes", text)),
        group: CALLERS,
    },
    Field {
        id: "tenants",
        label: "Tenants",
        means: "which shares of the requests come from each tenant: 8,1,1",
        input: text,
        get: |s| joined(&s.tenants, f64::to_string),
        set: |s, text| put(&mut s.tenants, shares("tenants", text)),
        group: CALLERS,
    },
    Field {
        id: "pace",
        label: "Work at each stage",
        means: "how many times as long as stated the work takes at each stage: 1,2,1; what is not named: 1",
        input: text,
        get: |s| joined(&s.pace, f64::to_string),
        set: |s, text| put(&mut s.pace, paces(text)),
        group: STAGES,
    },
    Field {
        id: "memory",
        label: "Memory",
        means: "how many requests a process can hold, waiting or under work; with more it is killed",
        input: || Input::Whole { least: 1, most: u64::from(MOST_MEMORY) },
        get: |s| s.memory.to_string(),
        set: |s, text| put(&mut s.memory, whole("memory", text, 1, MOST_MEMORY)),
        group: STAGES,
    },
    Field {
        id: "restart",
        label: "Restart",
        means: "seconds that a process is away when it was killed",
        input: || Input::Fraction { least: 0.001, most: 10_000.0 },
        get: |s| s.restart.to_string(),
        set: |s, text| put(&mut s.restart, number("restart", text, 0.001..=10_000.0)),
        group: STAGES,
    },
    Field {
        id: "size",
        label: "Size",
        means: "bytes that a request takes up",
        input: || Input::Whole { least: 1, most: u64::from(MOST_BYTES) },
        get: |s| s.size.to_string(),
        set: |s, text| put(&mut s.size, whole("size", text, 1, MOST_BYTES)),
        group: STAGES,
    },
    Field {
        id: "slow",
        label: "A stage is slow",
        means: "which stage, from which second to which, and how many times as long its work takes: 1:20-40:5",
        input: text,
        get: |s| {
            joined(&s.slow, |slow| format!("{}:{}-{}:{}", slow.stage, slow.from, slow.until, slow.times))
        },
        set: |s, text| put(&mut s.slow, slow(text)),
        group: TROUBLES,
    },
    Field {
        id: "down",
        label: "A stage is down",
        means: "which stage, and from which second to which; it loses all that it holds: 1:20-30",
        input: text,
        get: |s| joined(&s.down, |(stage, from, until)| format!("{stage}:{from}-{until}")),
        set: |s, text| put(&mut s.down, down(text)),
        group: TROUBLES,
    },
];

const JITTER: [Word<bool>; 2] = [("none", "none", false), ("full", "full", true)];
const DEADLINES: [Word<Deadlines>; 2] = [
    ("ignored", "are not carried along", Deadlines::Ignored),
    ("carried", "are carried along", Deadlines::Carried),
];

/// `2,4,2`: from one to three stages.
fn workers(text: &str) -> Result<Vec<u32>, Refusal> {
    let workers = listed("workers", text, |part| whole("workers", part, 1, MOST_WORKERS))?;
    if workers.is_empty() || workers.len() > MOST_STAGES {
        let allowed = format!("a number of workers for each of 1 to {MOST_STAGES} stages");
        return Err(Refusal::new("workers", text, allowed));
    }
    Ok(workers)
}

fn timeout(text: &str) -> Result<Option<f64>, Refusal> {
    if text.is_empty() { Ok(None) } else { number("timeout", text, 0.001..=10_000.0).map(Some) }
}

/// `8,1,1`: at least one share, all above 0.
fn shares(field: &str, text: &str) -> Result<Vec<f64>, Refusal> {
    let shares = listed(field, text, |part| number(field, part, TIMES))?;
    if shares.is_empty() || shares.len() > MOST_SHARES {
        return Err(Refusal::new(field, text, format!("from 1 to {MOST_SHARES} shares, as in 8,1,1")));
    }
    Ok(shares)
}

fn paces(text: &str) -> Result<Vec<f64>, Refusal> {
    let paces = listed("pace", text, |part| number("pace", part, TIMES))?;
    if paces.len() > MOST_STAGES {
        return Err(Refusal::new("pace", text, format!("at most {MOST_STAGES} numbers, as in 1,2,1")));
    }
    Ok(paces)
}

/// `1:20-40:5`: the first stage, from 20 to 40, five times as long.
fn slow(text: &str) -> Result<Vec<Slow>, Refusal> {
    let read = |part: &str| {
        let refused = || Refusal::new("slow", part, "a stage, times and a factor, as in 1:20-40:5");
        let (rest, times) = part.rsplit_once(':').ok_or_else(refused)?;
        let (stage, from, until) = stretch("slow", rest, "a stage, times and a factor, as in 1:20-40:5")?;
        Ok(Slow { stage, from, until, times: number("slow", times, 1.0..=1_000.0)? })
    };
    let mut slow = listed("slow", text, read)?;
    slow.sort_by(|a, b| a.from.total_cmp(&b.from));
    apart("slow", slow.iter().map(|slow| (slow.stage, slow.from, slow.until)))?;
    Ok(slow)
}

/// `1:20-30`: the first stage, from 20 to 30.
fn down(text: &str) -> Result<Vec<(u32, f64, f64)>, Refusal> {
    let mut down = listed("down", text, |part| stretch("down", part, "a stage and times, as in 1:20-30"))?;
    down.sort_by(|a, b| a.1.total_cmp(&b.1));
    apart("down", down.iter().copied())?;
    Ok(down)
}

fn stretch(field: &str, text: &str, allowed: &str) -> Result<(u32, f64, f64), Refusal> {
    let refused = || Refusal::new(field, text, allowed);
    let (stage, times) = text.split_once(':').ok_or_else(refused)?;
    let stage = whole(field, stage, 1, MOST_STAGES as u32)?;
    let (from, until) = pair(field, times, '-', allowed)?;
    if from >= until || until > FURTHEST {
        return Err(Refusal::new(field, times, format!("an end after the beginning, at most {FURTHEST}")));
    }
    Ok((stage, from, until))
}

/// Refuses times of the same stage that overlap; they come by rising beginning.
fn apart(field: &str, all: impl Iterator<Item = (u32, f64, f64)>) -> Result<(), Refusal> {
    let mut ends = [0.0_f64; MOST_STAGES];
    for (stage, from, until) in all {
        let end = &mut ends[stage as usize - 1];
        if from < *end {
            let given = format!("{stage}:{from}-{until}");
            return Err(Refusal::new(field, given, "times of a stage that do not overlap"));
        }
        *end = until;
    }
    Ok(())
}
